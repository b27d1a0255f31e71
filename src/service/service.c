/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of a request: authenticate, role, decode, replay of a known op_id, the use case in
 * one transaction with its audit row, encode.
 */
#include "shebao/service.h"

#include <stdlib.h>
#include <string.h>

#include "service_recall.h"
#include "service_uses.h"
#include "shebao/date.h"
#include "shebao/hex.h"
#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"
#include "shebao/wire.h"

#define SESSION_IDLE_MS (30 * 60 * 1000LL)
#define SESSION_MAX_MS (8 * 60 * 60 * 1000LL)
#define TOUCH_MS (60 * 1000LL)

enum use_flags {
	USE_WRITES = 1 /* run is one transaction with one audit row */
};

struct use {
	service_step_fn *prepare, *run, *finish;
	unsigned flags;
};

// clang-format off
static const struct use uses[] = {
	[OPERATION_LOGIN]               = { service_session_login_prepare, service_session_login, NULL, USE_WRITES },
	[OPERATION_LOGOUT]              = { NULL, service_session_logout, NULL, USE_WRITES },
	[OPERATION_PASSWORD_CHANGE]     = { service_password_prepare, service_password_change, NULL, USE_WRITES },
	[OPERATION_EMPLOYER_SHOW]       = { NULL, service_list_employer, NULL, 0 },
	[OPERATION_UNIT_LIST]           = { NULL, service_list_run, NULL, 0 },
	[OPERATION_LEVY_LIST]           = { NULL, service_list_run, NULL, 0 },
	[OPERATION_AGREEMENT_LIST]      = { NULL, service_list_run, NULL, 0 },
	[OPERATION_ACCOUNT_LIST]        = { NULL, service_list_run, NULL, 0 },
	[OPERATION_DECLARATION_LIST]    = { NULL, service_list_run, NULL, 0 },
	[OPERATION_DECLARATION_SUBMIT]  = { NULL, service_declaration_submit, NULL, USE_WRITES },
	[OPERATION_DECLARATION_VOID]    = { NULL, service_declaration_void, NULL, USE_WRITES },
	[OPERATION_FEEDBACK]            = { NULL, service_declaration_feedback, NULL, 0 },
	[OPERATION_PROOF]               = { service_proof_prepare, service_proof_make, NULL, USE_WRITES },
	[OPERATION_PAYMENT_LIST]        = { NULL, service_list_run, NULL, 0 },
	[OPERATION_PAYMENT_SUBMIT]      = { NULL, service_payment_submit, service_payment_finish, USE_WRITES },
	[OPERATION_PAYMENT_QUERY]       = { NULL, NULL, service_payment_query, 0 },
	[OPERATION_VOUCHER_LIST]        = { NULL, service_list_run, NULL, 0 },
	[OPERATION_VOUCHER_ISSUE]       = { NULL, service_voucher_issue, NULL, USE_WRITES },
	[OPERATION_VOUCHER_DOCUMENT]    = { NULL, service_voucher_print, service_voucher_document, USE_WRITES },
	[OPERATION_VOUCHER_VOID]        = { NULL, service_voucher_void, NULL, USE_WRITES },
	[OPERATION_CERTIFICATE_LIST]    = { NULL, service_list_run, NULL, 0 },
	[OPERATION_CERTIFICATE_ISSUE]   = { NULL, service_certificate_issue, service_certificate_issued, USE_WRITES },
	[OPERATION_CERTIFICATE_CONFIRM] = { NULL, service_certificate_confirm, NULL, USE_WRITES },
	[OPERATION_CERTIFICATE_REPRINT] = { NULL, service_certificate_reprint, service_certificate_reprinted, USE_WRITES },
	[OPERATION_CONSULTATION_LIST]   = { NULL, service_list_run, NULL, 0 },
	[OPERATION_CONSULTATION_ASK]    = { NULL, service_consultation_ask, NULL, USE_WRITES },
	[OPERATION_VERIFY]              = { NULL, service_document_verify, NULL, 0 },
	[OPERATION_SEAL_CERTIFICATE]    = { NULL, service_document_seal_certificate, NULL, 0 },
	[OPERATION_ADMIN_EMPLOYER_IMPORT]     = { NULL, service_import_employers, NULL, USE_WRITES },
	[OPERATION_ADMIN_LEVY_IMPORT]         = { NULL, service_import_levies, NULL, USE_WRITES },
	[OPERATION_ADMIN_AGREEMENT_IMPORT]    = { NULL, service_import_agreements, NULL, USE_WRITES },
	[OPERATION_ADMIN_ACCOUNT_IMPORT]      = { NULL, service_import_accounts, NULL, USE_WRITES },
	[OPERATION_ADMIN_LEVY_WITHDRAW]       = { NULL, service_levy_withdraw, NULL, USE_WRITES },
	[OPERATION_ADMIN_PASSWORD_RESET]      = { NULL, service_password_reset, NULL, USE_WRITES },
	[OPERATION_ADMIN_BATCH_LIST_CREATE]   = { NULL, service_levy_batch_create, NULL, USE_WRITES },
	[OPERATION_ADMIN_BATCH_LIST_LIST]     = { NULL, service_levy_batch_lists, NULL, 0 },
	[OPERATION_ADMIN_VOUCHER_SETTLE]      = { NULL, service_voucher_settle, service_voucher_settled, USE_WRITES },
	[OPERATION_ADMIN_PAYMENT_REVERSE]     = { NULL, service_reversal_ask, service_reversal_finish, USE_WRITES },
	[OPERATION_ADMIN_BANK_BALANCE]        = { service_office_balance, service_office_nothing, NULL, USE_WRITES },
	[OPERATION_ADMIN_BANK_FAULT]          = { service_office_fault, service_office_nothing, NULL, USE_WRITES },
	[OPERATION_ADMIN_BANK_LEDGER]         = { NULL, service_office_ledger, NULL, 0 },
	[OPERATION_ADMIN_AUDIT]               = { NULL, service_office_audit, NULL, 0 },
	[OPERATION_ADMIN_BACKUP]              = { NULL, NULL, service_office_backup, 0 },
	[OPERATION_ADMIN_TOKEN_CREATE]        = { NULL, service_token_create, NULL, USE_WRITES },
	[OPERATION_ADMIN_TOKEN_LIST]          = { NULL, service_token_list, NULL, 0 },
	[OPERATION_ADMIN_TOKEN_REVOKE]        = { NULL, service_token_revoke, NULL, USE_WRITES },
	[OPERATION_ADMIN_CONSULTATION_LIST]   = { NULL, service_consultation_list, NULL, 0 },
	[OPERATION_ADMIN_CONSULTATION_ANSWER] = { NULL, service_consultation_answer, NULL, USE_WRITES },
};
// clang-format on
_Static_assert(ARRAY_LEN(uses) == OPERATION_COUNT, "steps for every operation");

/* ---- answers */

static void
put_problem(struct service_answer *out, const struct err *err, int64_t retry_after)
{
	const struct err_info *info = err_info(err->code);
	struct problem problem = {
		.status = info->http_status, .number = info->number, .retry_after = retry_after
	};

	snprintf(problem.type, sizeof(problem.type), "about:blank");
	mem_copy_text(problem.title, sizeof(problem.title), info->name);
	mem_copy_text(problem.code, sizeof(problem.code), info->name);
	mem_copy_text(problem.detail, sizeof(problem.detail), err->text);
	buf_clear(&out->body);
	wire_encode(&request_problem, &problem, &out->body);
	out->status = info->http_status;
	out->content_type = "application/problem+json";
	out->retry_after = retry_after;
	out->pending = 0;
}

static void
put_answer(struct service_call *call)
{
	struct service_answer *out = call->out;

	if (call->row->flags & (OPERATION_LISTS | OPERATION_FILE)) {
		return;
	}
	buf_clear(&out->body);
	if (call->row->answer == NULL) {
		buf_puts(&out->body, "{}");
	} else {
		wire_encode(call->row->answer, call->answer, &out->body);
	}
}

void
service_put_line(struct service_call *call, const void *record)
{
	wire_encode(call->row->answer, record, &call->out->body);
	buf_puts(&call->out->body, "\n");
}

/* ---- who asks */

static int
touch(struct db *db, void *user, struct err *err)
{
	const struct service_call *call = user;

	return books_session_touch(db, call->token_hash, call->now, err);
}

static int
authenticate_clerk(struct service_call *call, int *found, struct err *err)
{
	struct books_session *s = &call->session;
	struct err busy = { 0 };

	*found = books_session_find(call->db, call->token_hash, s, err);
	if (*found <= 0) {
		return *found;
	}
	if (s->expires_at <= call->now || s->used_at + atomic_load(&call->service->session_idle_ms) <= call->now) {
		return err_set(err, ERR_SESSION, _("登录已失效"));
	}
	call->role = ROLE_CLERK;
	call->taxpayer_id = s->taxpayer_id;
	mem_copy_text(call->subject, sizeof(call->subject), s->taxpayer_id);
	if (s->must_change && (call->row->flags & OPERATION_INITIAL_OK) == 0) {
		return err_set(err, ERR_PASSWORD_INITIAL, _("初始申报密码只能用于修改申报密码"));
	}
	/* A reader does not fail because a long import holds the write lock: next time then. */
	if (call->now - s->used_at >= TOUCH_MS &&
	    service_write(call->service, call->db, touch, call, &busy) < 0 &&
	    busy.code != ERR_BUSY) {
		return err_set(err, busy.code, "%s", busy.text);
	}
	if (call->now - s->used_at >= TOUCH_MS && busy.code == ERR_NONE) {
		s->used_at = call->now;
	}
	return 0;
}

static int
authenticate(struct service_call *call, struct err *err)
{
	const char *token = call->asked->token;
	int64_t role = 0;
	int found = 0;

	if (token != NULL && token[0] != '\0') {
		crypto_sha256(token, strlen(token), call->token_hash);
		if (authenticate_clerk(call, &found, err) < 0) {
			/* Who is not logged in may still do what anybody may. */
			if (call->row->role != 0) {
				return -1;
			}
			err_clear(err);
		}
		if (!found && books_session_token_find(
				  call->db, call->token_hash, call->now, &role, err) < 0) {
			return -1;
		}
		if (role != 0) {
			call->role = (unsigned)role;
		}
	}
	if (call->row->role == 0) {
		return 0;
	}
	if (call->role == 0) {
		return err_set(err, ERR_SESSION, _("尚未登录"));
	}
	if ((call->role & call->row->role) == 0) {
		return err_set(err, ERR_FORBIDDEN, _("没有权限办理该业务"));
	}
	return 0;
}

/* ---- operations that carry an op_id */

/* Over the exact bytes; of a request with a password only over what is not one, because a
 * hash of a password kept for ever would give it away. */
static void
fingerprint(const struct service_call *call, char out[65])
{
	struct buf b = { 0 };

	buf_printf(&b, "%s\n%s\n", call->row->name, call->taxpayer_id);
	if (call->row->flags & OPERATION_SECRET) {
		buf_puts(&b, service_op_id(call));
	} else {
		buf_put(&b, call->asked->body, call->asked->body_len);
	}
	crypto_sha256(b.data, b.len, out);
	buf_release(&b);
}

static int
replay(struct service_call *call, int *known, struct err *err)
{
	struct books_op op;
	struct buf answer = { 0 };
	char now_print[65];
	int found = books_audit_op_find(call->db, service_op_id(call), &op, &answer, err);

	*known = found == 1;
	if (found != 1) {
		buf_release(&answer);
		return found;
	}
	fingerprint(call, now_print);
	if (strcmp(op.fingerprint, now_print) != 0) {
		buf_release(&answer);
		return err_set(err, ERR_OP_CONFLICT, _("操作编号%s已用于其他内容"), op.op_id);
	}
	call->replayed = 1;
	call->out->status = (int)op.status;
	if (op.status >= 400) {
		call->out->content_type = "application/problem+json";
	}
	mem_copy_text(call->result, sizeof(call->result), op.result);
	buf_release(&call->out->body);
	call->out->body = answer;
	return 0;
}

static int
keep_answer(struct service_call *call, const char *answer, int status, struct err *err)
{
	struct books_op op = { .status = status, .at = call->now };

	mem_copy_text(op.op_id, sizeof(op.op_id), service_op_id(call));
	fingerprint(call, op.fingerprint);
	mem_copy_text(op.taxpayer_id, sizeof(op.taxpayer_id), call->taxpayer_id);
	mem_copy_text(op.operation, sizeof(op.operation), call->row->name);
	mem_copy_text(op.result, sizeof(op.result), call->result);
	call->kept = 1;
	return books_audit_op_add(call->db, &op, answer, err);
}

static int
run_use(struct service_call *call, struct err *err)
{
	const struct use *use = &uses[call->operation];
	int known = 0;

	if (service_op_id(call)[0] != '\0' && (replay(call, &known, err) < 0 || known)) {
		return known && err->code == ERR_NONE ? 0 : -1;
	}
	if (use->run(call, err) < 0) {
		return -1;
	}
	if (use->finish == NULL && call->refusal.code == ERR_NONE) {
		put_answer(call);
	}
	if (service_op_id(call)[0] == '\0' || call->refusal.code != ERR_NONE) {
		return 0;
	}
	return keep_answer(
	    call, use->finish == NULL ? buf_text(&call->out->body) : "", call->row->status, err);
}

/* The failure of the transaction that was rolled back is an answer, too: a copy of the message
 * that arrives later must not succeed after its sender was told that it was refused. */
static int
run_refusal(struct service_call *call, struct err *err)
{
	int known = 0;

	if (replay(call, &known, err) < 0 || known) {
		return known && err->code == ERR_NONE ? 0 : -1;
	}
	put_problem(call->out, &call->refusal, 0);
	return keep_answer(call, buf_text(&call->out->body), call->out->status, err);
}

static int
is_final_refusal(enum err_code code)
{
	return err_info(code)->exit_status == 1 && code != ERR_SESSION &&
	       code != ERR_WRONG_PASSWORD && code != ERR_PASSWORD_LOCKED &&
	       code != ERR_PASSWORD_RULE && code != ERR_OP_CONFLICT && code != ERR_REQUEST;
}

/* ---- the way of a request */

static int
decode(struct service_call *call, struct err *err)
{
	const struct service_request *asked = call->asked;
	const struct record_type *type = call->row->request;
	unsigned char raw[16];
	const char *op_id;

	if (call->row->flags & OPERATION_ROWS || type == NULL) {
		return 0;
	}
	if (strcmp(call->row->method, "GET") == 0) {
		return wire_decode_query(type, asked->body == NULL ? "" : asked->body,
		    call->request, err);
	}
	if (wire_decode(type, asked->body == NULL ? "" : asked->body, asked->body_len,
		WIRE_STRICT, call->request, err) < 0) {
		return -1;
	}
	op_id = service_op_id(call);
	if (op_id[0] != '\0' && hex_decode(raw, sizeof(raw), op_id) < 0) {
		return err_set(err, ERR_REQUEST, _("op_id: 应为32位十六进制数"));
	}
	return 0;
}

static int
write_use(struct service_call *call, struct err *err)
{
	struct err why;

	if (service_transaction(call, run_use, err) == 0) {
		return 0;
	}
	if (service_op_id(call)[0] == '\0' || !is_final_refusal(err->code)) {
		return -1;
	}
	why = *err;
	call->refusal = why;
	call->result[0] = '\0';
	err_clear(err);
	if (service_transaction(call, run_refusal, err) < 0) {
		return -1;
	}
	if (call->replayed) {
		return 0;
	}
	*err = why;
	return -1;
}

static int
go(struct service_call *call, struct err *err)
{
	const struct use *use = &uses[call->operation];
	uint64_t before = service_changes(call->service);

	if (use->run == NULL && use->finish == NULL) {
		return err_set(err, ERR_FORBIDDEN, _("该业务尚未开通"));
	}
	if (authenticate(call, err) < 0) {
		return -1;
	}
	if (call->row->flags & OPERATION_WAITS) {
		call->out->watch = service_recall_watch(call->taxpayer_id);
		call->out->seen = service_recall_count(call->service->recall, call->out->watch);
		/* A session that ended between the two lines above would live on in what is kept. */
		call->may_keep = service_changes(call->service) == before;
	}
	if (decode(call, err) < 0 ||
	    (use->prepare != NULL && use->prepare(call, err) < 0)) {
		return -1;
	}
	if (use->flags & USE_WRITES) {
		if (write_use(call, err) < 0) {
			return -1;
		}
	} else if (use->run != NULL && use->run(call, err) < 0) {
		return -1;
	}
	if (call->refusal.code != ERR_NONE && !call->replayed) {
		*err = call->refusal;
		return -1;
	}
	if (call->out->status >= 400) {
		return 0; /* a refusal from before, again */
	}
	if (use->finish != NULL && use->finish(call, err) < 0) {
		return -1;
	}
	if (use->finish != NULL || !(use->flags & USE_WRITES)) {
		put_answer(call);
	}
	return 0;
}

void
service_handle(struct service *service, const struct service_request *request,
    struct service_answer *answer)
{
	struct err err = { 0 };
	struct service_call call = {
		.service = service,
		.operation = request->operation,
		.row = operation_row(request->operation),
		.asked = request,
		.now = request->now,
		.taxpayer_id = "",
		.out = answer,
	};
	int64_t retry_after;

	*answer = (struct service_answer){ .status = call.row->status,
		.content_type = call.row->flags & OPERATION_LISTS ? "application/x-ndjson"
		    : call.row->flags & OPERATION_FILE		   ? OPERATION_FILE_TYPE
								   : "application/json" };
	mem_copy_text(call.operation_name, sizeof(call.operation_name), call.row->name);
	date_from_ms(call.now, call.today);
	if (call.row->request != NULL) {
		call.request = mem_alloc(call.row->request->size);
	}
	if (call.row->answer != NULL) {
		call.answer = mem_alloc(call.row->answer->size);
	}
	if (db_pool_take(service->opts.pool, &call.db, &err) < 0 || go(&call, &err) < 0) {
		retry_after = answer->retry_after != 0 ? answer->retry_after
		    : err.code == ERR_BUSY	       ? 1
						       : 0;
		if (err_info(err.code)->http_status >= 500) {
			log_line(LOG_ERROR, "%s: %s", call.row->name, err.text);
		}
		put_problem(answer, &err, retry_after);
	} else if (service->opts.recalls && call.may_keep) {
		/* As long as noting the session's use may wait. */
		service_recall_keep(service->recall, &call,
		    call.session.expires_at < call.session.used_at + TOUCH_MS
			? call.session.expires_at
			: call.session.used_at + TOUCH_MS);
	}
	if (call.db != NULL) {
		db_rollback(call.db);
		db_pool_give(service->opts.pool, call.db);
	}
	if (call.request != NULL) {
		record_release(call.row->request, call.request);
		free(call.request);
	}
	if (call.answer != NULL) {
		record_release(call.row->answer, call.answer);
		free(call.answer);
	}
	crypto_wipe(call.new_hash, sizeof(call.new_hash));
}

int
service_admits(
    struct service *service, const struct service_request *request, struct err *err)
{
	struct service_call call = {
		.service = service,
		.operation = request->operation,
		.row = operation_row(request->operation),
		.asked = request,
		.now = request->now,
		.taxpayer_id = "",
	};
	int failed = db_pool_take(service->opts.pool, &call.db, err) < 0 ||
		authenticate(&call, err) < 0;

	if (call.db != NULL) {
		db_pool_give(service->opts.pool, call.db);
	}
	return failed ? -1 : 0;
}

/* ---- opening */

static int
refuse_moved(struct db *db, struct err *err)
{
	int moved = books_copy_moved(db, err);

	return moved > 0 ? err_set(err, ERR_STATE, _("这些账簿已迁移到另一个数据库，不能再使用"))
			 : moved;
}

void
service_limit_sessions(struct service *service, int64_t idle_ms, int64_t max_ms)
{
	atomic_store(&service->session_idle_ms, idle_ms);
	atomic_store(&service->session_max_ms, max_ms);
}

int
service_open(
    const struct service_opts *opts, int64_t now, struct service **out, struct err *err)
{
	struct service *service = mem_alloc(sizeof(*service));
	struct db *db = NULL;
	int failed;

	service->opts = *opts;
	service_limit_sessions(service,
	    opts->session_idle_ms != 0 ? opts->session_idle_ms : SESSION_IDLE_MS,
	    opts->session_max_ms != 0 ? opts->session_max_ms : SESSION_MAX_MS);
	pthread_mutex_init(&service->lock, NULL);
	service->recall = service_recall_new(opts->recalls);
	/* One process has a SQLite file; of several on PostgreSQL another may be at it. */
	failed = db_pool_take(opts->pool, &db, err) < 0 || books_schema_migrate(db, err) < 0 ||
		 refuse_moved(db, err) < 0 ||
		 (db_is_sqlite(db) && books_message_wake(db, now, err) < 0);
	if (db != NULL) {
		db_pool_give(opts->pool, db);
	}
	if (!failed && opts->groups_commits) {
		failed = db_pool_take(opts->pool, &service->lane_db, err) < 0 ||
			 db_defer_log(service->lane_db, err) < 0;
	}
	if (failed) {
		service_close(service);
		return -1;
	}
	if (service->lane_db != NULL) {
		service->lane = service_lane_new(service->lane_db);
	}
	*out = service;
	return 0;
}

void
service_close(struct service *service)
{
	if (service == NULL) {
		return;
	}
	service_lane_free(service->lane);
	service_recall_free(service->recall);
	if (service->lane_db != NULL) {
		db_pool_give(service->opts.pool, service->lane_db);
	}
	pthread_mutex_destroy(&service->lock);
	free(service);
}

uint64_t
service_changes(const struct service *service)
{
	return atomic_load(&((struct service *)(uintptr_t)service)->changes);
}

uint64_t
service_works(const struct service *service)
{
	return atomic_load(&((struct service *)(uintptr_t)service)->works);
}

uint64_t
service_round_trips(void)
{
	return db_round_trips();
}
