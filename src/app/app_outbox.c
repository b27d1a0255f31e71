/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one path of every mutation: intent journalled with its exact bytes, sent, and the answer
 * committed together with what it means for the mirror. Sending again means the same bytes
 * with the same op_id, to which the service gives its first answer again; so asking and
 * sending are the same thing between client and service.
 */
#include "app_private.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"
#include "shebao/states.h"
#include "shebao/wire.h"

void
app_outbox_id(char out[OP_ID_SIZE])
{
	crypto_random_hex(out, (OP_ID_SIZE - 1) / 2);
}

/* Failures of the service that leave open whether the operation was done. */
static int
is_open(enum err_code code)
{
	return code == ERR_OUTCOME_UNKNOWN || code == ERR_OP_PROGRESS || code == ERR_SERVICE ||
	    code == ERR_BUSY || code == ERR_LOCAL;
}

/* Nothing was done and the same bytes may still go out later. */
static int
is_undelivered(enum err_code code)
{
	return code == ERR_UNREACHABLE || code == ERR_CANCELLED || code == ERR_SESSION ||
	    code == ERR_PASSWORD_INITIAL;
}

static int
find_operation(const char *name, enum operation *out)
{
	int i;

	for (i = 0; i < OPERATION_COUNT; i++) {
		if (strcmp(operation_row((enum operation)i)->name, name) == 0) {
			*out = (enum operation)i;
			return 0;
		}
	}
	return -1;
}

struct attempt {
	struct app *app;
	struct journal_entry entry;
	enum operation operation;
	struct sync_reply reply;
	int is_final; /* another client of this home has booked the answer meanwhile */
};

static int
is_final(const struct journal_entry *entry)
{
	return entry->state == OP_DONE || entry->state == OP_REFUSED;
}

static int
put_result(struct attempt *a, const struct journal_result *result, const void *answer,
    struct err *err)
{
	struct db *db = a->app->db;

	if (journal_find(db, a->entry.op_id, &a->entry, NULL, NULL, err) != 1) {
		return -1;
	}
	a->is_final = is_final(&a->entry);
	if (a->is_final) {
		return 0;
	}
	if (result->event == OP_SUCCEED &&
	    (journal_uncover(db, a->entry.op_id, err) != 0 ||
		app_apply(a->app, a->operation, &a->entry, answer, err) != 0)) {
		return -1;
	}
	return journal_result(db, a->entry.op_id, result, loop_wall_ms(), err);
}

/* Books how the attempt ended: entry, holds and mirror in one transaction. */
static int
book(struct attempt *a, const struct err *failed, void *answer, struct err *err)
{
	struct journal_result result = {
		.event = failed->code == ERR_NONE ? OP_SUCCEED :
		    is_undelivered(failed->code)  ? OP_RETURN :
		    is_open(failed->code)	  ? OP_LOSE :
						    OP_REFUSE,
		.http_status = a->reply.status,
		.code = failed->code == ERR_NONE ? "" : err_info(failed->code)->name,
		.reason = failed->text,
		.answer = buf_text(&a->reply.body),
		.answer_len = a->reply.body.len,
	};
	struct db *db = a->app->db;

	if (db_begin(db, err) != 0) {
		return -1;
	}
	if (put_result(a, &result, answer, err) != 0 || db_commit(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

static int
decode(struct attempt *a, void *answer, struct err *err)
{
	const struct operation_row *row = operation_row(a->operation);

	if (sync_check(&a->reply, err) != 0) {
		return -1;
	}
	if (row->answer == NULL) {
		return 0;
	}
	if (wire_decode(row->answer, buf_text(&a->reply.body), a->reply.body.len, WIRE_LENIENT,
		answer, err) != 0) {
		/* It was done, but what it gave cannot be read: ask again. */
		err->code = ERR_OUTCOME_UNKNOWN;
		return err_wrap(err, _("缴费服务的应答无法读取"));
	}
	return 0;
}

/* What was booked for an operation that is final. */
static int
give_kept(struct attempt *a, void *answer, struct err *err)
{
	const struct operation_row *row = operation_row(a->operation);
	struct buf kept = { 0 };
	int rc = 0;

	if (journal_find(a->app->db, a->entry.op_id, &a->entry, NULL, &kept, err) != 1) {
		rc = -1;
	} else if (a->entry.state == OP_REFUSED) {
		rc = err_set(err, err_code_by_name(a->entry.code), "%s", a->entry.reason);
	} else if (row->answer != NULL && answer != NULL) {
		record_release(row->answer, answer);
		memset(answer, 0, row->answer->size);
		rc = wire_decode(
		    row->answer, buf_text(&kept), kept.len, WIRE_LENIENT, answer, err);
	}
	buf_release(&kept);
	return rc;
}

static int
send_bytes(struct attempt *a, const struct buf *bytes, void *answer, const int *cancel,
    struct err *err)
{
	const struct operation_row *row = operation_row(a->operation);
	void *own = row->answer == NULL ? NULL : mem_alloc(row->answer->size);
	void *into = answer != NULL ? answer : own;
	struct err failed = { 0 };
	int rc;

	sync_run(a->app->sync, a->operation, bytes->data, bytes->len, cancel, &a->reply);
	(void)!decode(a, into, &failed);
	rc = book(a, &failed, into, err);
	if (rc == 0 && a->is_final) {
		rc = give_kept(a, into, err);
	} else if (rc == 0 && failed.code != ERR_NONE) {
		*err = failed;
		if (is_open(failed.code)) {
			err->code = ERR_OUTCOME_UNKNOWN;
		}
		rc = -1;
	}
	if (own != NULL) {
		record_release(row->answer, own);
		free(own);
	}
	buf_release(&a->reply.body);
	return rc;
}

int
app_outbox_send(struct app *app, const char *op_id, void *answer, const int *cancel,
    struct err *err)
{
	struct attempt a = { .app = app };
	struct buf bytes = { 0 };
	struct err ours = { 0 }, failed = { 0 };
	int found, rc = -1;

	err = err == NULL ? &ours : err;
	found = journal_find(app->db, op_id, &a.entry, NULL, NULL, err);
	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("没有操作 %s"), op_id);
	}
	if (find_operation(a.entry.operation, &a.operation) != 0) {
		return err_set(err, ERR_LOCAL, _("日志中的操作 %s 无法识别"), a.entry.operation);
	}
	/* Durable before the first byte leaves: from here on the outcome may be unknown. */
	if (journal_attempt(app->db, op_id, loop_wall_ms(), &bytes, &failed) == 0) {
		rc = send_bytes(&a, &bytes, answer, cancel, err);
	} else if (failed.code == ERR_STATE) {
		rc = give_kept(&a, answer, err);
	} else {
		rc = err_set(err, failed.code, "%s", failed.text);
	}
	buf_release(&bytes);
	return rc;
}

/* An operation of which no byte left this machine is taken back, while the user is there to be
 * told: sent by itself at the next start it would be a surprise. Not so when the service answered that
 * the session is over: another copy of the same bytes may have come before its end, and the first
 * answer to them is asked for at the next login. Returns -1. */
static int
take_back(struct app *app, const char *op_id, struct err *err)
{
	struct journal_result result = { .event = OP_CANCEL,
		.code = err_info(ERR_CANCELLED)->name };
	struct journal_entry entry = { 0 };

	if (journal_find(app->db, op_id, &entry, NULL, NULL, NULL) != 1 || entry.state != OP_READY) {
		return -1;
	}
	if (err->code != ERR_UNREACHABLE && err->code != ERR_CANCELLED) {
		return err_wrap(err, "%s", _("已记下，登录后自动继续"));
	}
	if (db_begin(app->db, NULL) != 0) {
		return -1;
	}
	if (journal_result(app->db, op_id, &result, loop_wall_ms(), NULL) != 0 ||
	    db_commit(app->db, NULL) != 0) {
		db_rollback(app->db);
		return -1;
	}
	return err_wrap(err, "%s", _("没有提交"));
}

int
app_outbox_do(struct app *app, const struct app_intent *intent, void *answer,
    const int *cancel, struct err *err)
{
	const struct operation_row *row = operation_row(intent->operation);
	struct journal_entry entry = { .amount = intent->amount };
	struct buf bytes = { 0 };
	int rc;

	if (!app->is_logged_in) {
		return err_set(err, ERR_SESSION, "%s", _("尚未登录，或登录已过期。"));
	}
	mem_copy_text(entry.op_id, sizeof(entry.op_id), intent->op_id);
	mem_copy_text(entry.taxpayer_id, sizeof(entry.taxpayer_id), app_unit(app));
	mem_copy_text(entry.operation, sizeof(entry.operation), row->name);
	entry.state = OP_READY;
	entry.levy_count = intent->levy_nos == NULL ? 0 : (int64_t)intent->levy_nos->count;
	entry.created_at = entry.updated_at = loop_wall_ms();
	wire_encode(row->request, intent->request, &bytes);
	crypto_sha256(bytes.data, bytes.len, entry.fingerprint);
	rc = journal_put(app->db, &entry, &bytes, intent->hold, intent->levy_nos, err);
	buf_release(&bytes);
	if (rc != 0) {
		return -1;
	}
	rc = app_outbox_send(app, intent->op_id, answer, cancel, err);
	return rc == 0 ? 0 : take_back(app, intent->op_id, err);
}

/* ---- after a restart, a login, before a download */

static int
resume_entries(struct app *app, const int *cancel, struct err *err)
{
	struct record_list entries = { 0 };
	int rc = journal_open(app->db, app_unit(app), &entries, err);
	size_t i;

	for (i = 0; rc == 0 && i < entries.count; i++) {
		struct journal_entry *entry = record_list_at(&entries, &journal_entry_type, i);
		struct err failed = { 0 };

		if (app_outbox_send(app, entry->op_id, NULL, cancel, &failed) == 0) {
			continue;
		}
		if (failed.code == ERR_SESSION || failed.code == ERR_CANCELLED) {
			rc = err_set(err, failed.code, "%s", failed.text);
		}
		if (failed.code == ERR_UNREACHABLE) {
			break;
		}
	}
	record_list_release(&entries, &journal_entry_type);
	return rc;
}

static int
ask_payment(const void *record, void *user, struct err *err)
{
	const struct payment *payment = record;

	(void)err;
	text_list_add(user, payment->payment_no);
	return 0;
}

int
app_resume(struct app *app, const int *cancel, struct err *err)
{
	struct mirror_query q = { .noun = MIRROR_PAYMENT };
	struct text_list unknown = { 0 };
	size_t i;
	int rc;

	rc = resume_entries(app, cancel, err);
	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(app));
	mirror_where(&q, "state", MIRROR_IN, "created,sent,unknown");
	if (rc == 0) {
		rc = mirror_each(app->db, &q, ask_payment, &unknown, err);
	}
	for (i = 0; rc == 0 && i < unknown.count; i++) {
		struct err failed = { 0 };

		if (app_payment_query(app, unknown.items[i], NULL, &failed) != 0 &&
		    failed.code == ERR_SESSION) {
			rc = err_set(err, failed.code, "%s", failed.text);
		}
	}
	text_list_release(&unknown);
	return rc;
}

int64_t
app_open_operations(struct app *app)
{
	int64_t count = 0;

	if (db_find_int(app->db,
		"SELECT (SELECT count(*) FROM journal WHERE taxpayer_id = $1"
		" AND state IN ('ready', 'sent', 'unknown'))"
		" + (SELECT count(*) FROM declaration WHERE taxpayer_id = $1"
		" AND state IN ('queued', 'pending', 'voiding'))"
		" + (SELECT count(*) FROM payment WHERE taxpayer_id = $1"
		" AND state IN ('created', 'sent', 'unknown'))",
		DB_ARGS(db_text(app_unit(app))), &count, NULL) < 0) {
		return 0;
	}
	return count;
}
