/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one path of every mutation, on a way to the service that does as it is told. */
#include "app/app_private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shebao/mem.h"
#include "shebao/states.h"
#include "shebao/wire.h"
#include "unit/unit.h"

#define EMPLOYER "91520100770598600Y"
#define LEVY "10015220000000000001"
#define SENT_MAX 4

/* Stands in for src/sync: what it is told to answer, and what it was given to send. */
static struct {
	enum sync_outcome outcome;
	enum err_code refusal; /* ERR_NONE: 200 with the declaration, or with broken */
	const char *broken;
	int count;
	struct buf sent[SENT_MAX];
	struct journal_entry seen[SENT_MAX]; /* as a second reader of the disk sees it */
	char home[64];
} service;

static void
remember(const void *bytes, size_t n)
{
	struct journal_entry *entry = &service.seen[service.count];
	struct buf kept = { 0 };
	struct db *db = NULL;
	const char *id;
	char *url = mem_printf("sqlite:%s/shebao.db", service.home);

	ck_assert_int_lt(service.count, SENT_MAX);
	buf_put(&service.sent[service.count], bytes, n);
	id = strstr(buf_text(&service.sent[service.count]), "\"op_id\":\"");
	ck_assert_ptr_nonnull(id);
	id += strlen("\"op_id\":\"");
	mem_copy_text(entry->op_id, sizeof(entry->op_id), id);
	entry->op_id[OP_ID_SIZE - 1] = '\0';
	ck_assert_int_eq(mirror_open(url, &db, NULL), 0);
	ck_assert_int_eq(journal_find(db, entry->op_id, entry, &kept, NULL, NULL), 1);
	ck_assert_uint_eq(kept.len, n);
	ck_assert_int_eq(memcmp(kept.data, bytes, n), 0);
	db_close(db);
	buf_release(&kept);
	free(url);
	service.count++;
}

void
sync_run(struct sync *sync, enum operation op, const void *bytes, size_t n, const int *cancel,
    struct sync_reply *reply)
{
	struct declaration answer = { .declaration_id = "10015226000000000001",
		.taxpayer_id = EMPLOYER,
		.state = DECLARATION_PENDING,
		.period_from = "2020-06",
		.period_to = "2020-06",
		.levy_count = 1,
		.amount = 838448,
		.version = 7 };

	(void)sync;
	(void)cancel;
	ck_assert_int_eq(op, OPERATION_DECLARATION_SUBMIT);
	remember(bytes, n);
	mem_copy_text(answer.op_id, sizeof(answer.op_id), service.seen[service.count - 1].op_id);
	*reply = (struct sync_reply){ .outcome = service.outcome };
	if (service.outcome != SYNC_ANSWERED) {
		return;
	}
	reply->status = err_info(service.refusal)->http_status;
	if (service.refusal == ERR_NONE) {
		reply->status = 202;
		wire_encode(operation_row(op)->answer, &answer, &reply->body);
	}
	if (service.broken != NULL) {
		buf_release(&reply->body);
		buf_puts(&reply->body, service.broken);
	}
}

int
sync_check(const struct sync_reply *reply, struct err *err)
{
	if (reply->outcome == SYNC_SURELY_NOT) {
		return err_set(err, ERR_UNREACHABLE, "not sent");
	}
	if (reply->outcome != SYNC_ANSWERED) {
		return err_set(err, ERR_OUTCOME_UNKNOWN, "no answer");
	}
	return service.refusal == ERR_NONE ? 0 : err_set(err, service.refusal, "refused");
}

int
sync_open(struct loop *loop, const struct sync_opts *opts, struct sync **out, struct err *err)
{
	(void)loop;
	(void)opts;
	(void)err;
	*out = NULL;
	return 0;
}

void
sync_close(struct sync *sync)
{
	(void)sync;
}

void
sync_set_token(struct sync *sync, const char *token)
{
	(void)sync;
	(void)token;
}

/* Nothing but mutations is asked here. */
int
sync_ask_reply(struct sync *sync, enum operation op, const void *request, void *answer,
    const int *cancel, struct sync_reply *reply, struct err *err)
{
	(void)sync;
	(void)op;
	(void)request;
	(void)answer;
	(void)cancel;
	(void)reply;
	return err_set(err, ERR_UNREACHABLE, "not asked");
}

int
sync_ask(struct sync *sync, enum operation op, const void *request, void *answer,
    const int *cancel, struct err *err)
{
	struct sync_reply reply = { 0 };

	return sync_ask_reply(sync, op, request, answer, cancel, &reply, err);
}

int
sync_list(struct sync *sync, enum operation op, int64_t after, sync_row_fn *fn, void *user,
    const int *cancel, struct err *err)
{
	(void)after;
	(void)fn;
	return sync_ask(sync, op, NULL, user, cancel, err);
}

int
sync_wait(struct sync *sync, int *done, const int *cancel)
{
	(void)sync;
	(void)done;
	(void)cancel;
	ck_abort_msg("nothing takes long here");
	return 1;
}

struct sync_call *
sync_start(struct sync *sync, enum operation op, const void *bytes, size_t n,
    sync_done_fn *done, void *user)
{
	(void)sync;
	(void)op;
	(void)bytes;
	(void)n;
	(void)done;
	(void)user;
	ck_abort_msg("nothing watches for feedback here");
	return NULL;
}

void
sync_call_free(struct sync_call *call)
{
	(void)call;
}

/* ---- a clerk with one levy, in a home of her own */

static struct loop *loop;
static struct app *app;

static void
start_client(void)
{
	struct app_settings settings = { .server = "http://127.0.0.1:1" };

	ck_assert_int_eq(app_open(loop, &settings, service.home, &app, NULL), 0);
	mem_copy_text(app->employer.taxpayer_id, TAXPAYER_ID_SIZE, EMPLOYER);
	app->is_logged_in = 1;
}

static void
set_up(void)
{
	memset(&service, 0, sizeof(service));
	mem_copy_text(service.home, sizeof(service.home), "/tmp/test_app.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(service.home));
	loop = loop_new();
	start_client();
}

static void
tear_down(void)
{
	static const char *const files[] = { "shebao.db", "shebao.db-wal", "shebao.db-shm" };
	size_t i;

	app_close(app);
	loop_free(loop);
	for (i = 0; i < SENT_MAX; i++) {
		buf_release(&service.sent[i]);
	}
	for (i = 0; i < ARRAY_LEN(files); i++) {
		char *path = mem_printf("%s/%s", service.home, files[i]);

		unlink(path);
		free(path);
	}
	rmdir(service.home);
}

/* Declares the levy; what came back. */
static enum err_code
declare(void)
{
	struct text_list levy_nos = { 0 };
	struct declaration declaration = { 0 };
	struct err err = { 0 };
	int rc;

	text_list_add(&levy_nos, LEVY);
	rc = app_declare(app, LEVY_NORMAL, &levy_nos, 838448, &declaration, &err);
	ck_assert_int_eq(rc, err.code == ERR_NONE ? 0 : -1);
	if (rc == 0) {
		ck_assert_str_eq(declaration.declaration_id, "10015226000000000001");
	}
	text_list_release(&levy_nos);
	record_release(&declaration_type, &declaration);
	return err.code;
}

static int
state_of(int attempt)
{
	struct journal_entry entry = { 0 };

	ck_assert_int_eq(journal_find(app_db(app), service.seen[attempt].op_id, &entry, NULL,
			     NULL, NULL),
	    1);
	return entry.state;
}

static void
assert_same_bytes(int one, int other)
{
	ck_assert_str_eq(service.seen[one].op_id, service.seen[other].op_id);
	ck_assert_str_eq(buf_text(&service.sent[one]), buf_text(&service.sent[other]));
}

START_TEST(the_intent_is_on_disk_before_the_first_byte_leaves)
{
	set_up();
	ck_assert_int_eq(declare(), ERR_NONE);
	ck_assert_int_eq(service.count, 1);
	/* What remember() read through a connection of its own, while the call was under way. */
	ck_assert_int_eq(service.seen[0].state, OP_SENT);
	ck_assert_int_eq(service.seen[0].attempts, 1);
	ck_assert_str_eq(service.seen[0].taxpayer_id, EMPLOYER);
	ck_assert_int_eq(state_of(0), OP_DONE);
	tear_down();
}
END_TEST

START_TEST(an_unknown_outcome_is_left_by_the_same_bytes)
{
	set_up();
	service.outcome = SYNC_UNKNOWN;
	ck_assert_int_eq(declare(), ERR_OUTCOME_UNKNOWN);
	ck_assert_int_eq(state_of(0), OP_UNKNOWN);
	ck_assert_int_eq(app_open_operations(app), 1);
	service.outcome = SYNC_ANSWERED;
	ck_assert_int_eq(app_resume(app, NULL, NULL), 0);
	ck_assert_int_eq(service.count, 2);
	assert_same_bytes(0, 1);
	ck_assert_int_eq(service.seen[1].attempts, 2);
	ck_assert_int_eq(state_of(0), OP_DONE);
	/* A final one is never sent again. */
	ck_assert_int_eq(app_resume(app, NULL, NULL), 0);
	ck_assert_int_eq(service.count, 2);
	tear_down();
}
END_TEST

START_TEST(a_client_that_starts_again_sends_the_same_bytes)
{
	set_up();
	service.outcome = SYNC_UNKNOWN;
	ck_assert_int_eq(declare(), ERR_OUTCOME_UNKNOWN);
	app_close(app);
	start_client();
	service.outcome = SYNC_ANSWERED;
	ck_assert_int_eq(app_resume(app, NULL, NULL), 0);
	ck_assert_int_eq(service.count, 2);
	assert_same_bytes(0, 1);
	ck_assert_int_eq(state_of(0), OP_DONE);
	tear_down();
}
END_TEST

START_TEST(an_answer_that_cannot_be_read_is_asked_for_again)
{
	set_up();
	service.broken = "{\"declaration_id\":";
	ck_assert_int_eq(declare(), ERR_OUTCOME_UNKNOWN);
	ck_assert_int_eq(state_of(0), OP_UNKNOWN);
	service.broken = NULL;
	ck_assert_int_eq(app_resume(app, NULL, NULL), 0);
	assert_same_bytes(0, 1);
	ck_assert_int_eq(state_of(0), OP_DONE);
	tear_down();
}
END_TEST

START_TEST(a_service_that_failed_leaves_the_outcome_unknown)
{
	set_up();
	service.refusal = ERR_SERVICE;
	ck_assert_int_eq(declare(), ERR_OUTCOME_UNKNOWN);
	ck_assert_int_eq(state_of(0), OP_UNKNOWN);
	tear_down();
}
END_TEST

START_TEST(a_refusal_is_final)
{
	set_up();
	service.refusal = ERR_BATCH_LISTED;
	ck_assert_int_eq(declare(), ERR_BATCH_LISTED);
	ck_assert_int_eq(state_of(0), OP_REFUSED);
	ck_assert_int_eq(app_open_operations(app), 0);
	ck_assert_int_eq(app_resume(app, NULL, NULL), 0);
	ck_assert_int_eq(service.count, 1);
	tear_down();
}
END_TEST

START_TEST(what_never_left_is_taken_back_and_not_sent_later)
{
	set_up();
	service.outcome = SYNC_SURELY_NOT;
	ck_assert_int_eq(declare(), ERR_UNREACHABLE);
	ck_assert_int_eq(state_of(0), OP_REFUSED);
	service.outcome = SYNC_ANSWERED;
	ck_assert_int_eq(app_resume(app, NULL, NULL), 0);
	ck_assert_int_eq(service.count, 1);
	/* Done anew it is another operation. */
	ck_assert_int_eq(declare(), ERR_NONE);
	ck_assert_str_ne(service.seen[0].op_id, service.seen[1].op_id);
	tear_down();
}
END_TEST

/* Another copy of the bytes may have come while the session still held. */
START_TEST(what_meets_the_end_of_the_session_is_asked_for_after_the_login)
{
	set_up();
	service.refusal = ERR_SESSION;
	ck_assert_int_eq(declare(), ERR_SESSION);
	ck_assert_int_eq(state_of(0), OP_READY);
	ck_assert_int_eq(app_open_operations(app), 1);
	service.refusal = ERR_NONE;
	ck_assert_int_eq(app_resume(app, NULL, NULL), 0);
	assert_same_bytes(0, 1);
	ck_assert_int_eq(state_of(0), OP_DONE);
	tear_down();
}
END_TEST

START_TEST(a_levy_under_way_cannot_be_taken_again)
{
	struct levy levy = { .levy_no = LEVY,
		.taxpayer_id = EMPLOYER,
		.unit_no = "00048857",
		.period_from = "2020-06",
		.period_to = "2020-06",
		.amount = 838448,
		.version = 1 };

	set_up();
	ck_assert_int_eq(mirror_put(app_db(app), MIRROR_LEVY, &levy, NULL), 0);
	service.outcome = SYNC_UNKNOWN;
	ck_assert_int_eq(declare(), ERR_OUTCOME_UNKNOWN);
	service.outcome = SYNC_ANSWERED;
	ck_assert_int_eq(declare(), ERR_TAKEN);
	ck_assert_int_eq(service.count, 1);
	ck_assert_int_eq(app_resume(app, NULL, NULL), 0);
	ck_assert_int_eq(
	    mirror_find(app_db(app), MIRROR_LEVY, EMPLOYER, LEVY, &levy, NULL), 1);
	ck_assert_int_eq(levy.state, LEVY_DECLARING);
	ck_assert_str_eq(levy.declaration_id, "10015226000000000001");
	tear_down();
}
END_TEST

START_TEST(without_a_login_nothing_is_journalled_or_sent)
{
	set_up();
	app->is_logged_in = 0;
	ck_assert_int_eq(declare(), ERR_SESSION);
	ck_assert_int_eq(service.count, 0);
	ck_assert_int_eq(app_open_operations(app), 0);
	tear_down();
}
END_TEST

UNIT_MAIN("app_outbox", the_intent_is_on_disk_before_the_first_byte_leaves,
    an_unknown_outcome_is_left_by_the_same_bytes,
    a_client_that_starts_again_sends_the_same_bytes,
    an_answer_that_cannot_be_read_is_asked_for_again,
    a_service_that_failed_leaves_the_outcome_unknown, a_refusal_is_final,
    what_never_left_is_taken_back_and_not_sent_later,
    what_meets_the_end_of_the_session_is_asked_for_after_the_login, a_levy_under_way_cannot_be_taken_again,
    without_a_login_nothing_is_journalled_or_sent)
