/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 申报, 作废, 反馈. */
#include "app_private.h"

#include <string.h>

#include "shebao/date.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"
#include "shebao/states.h"
#include "shebao/wire.h"

#define WATCH_WAIT_MS 20000
#define WATCH_DELAY_MIN_MS 1000
#define WATCH_DELAY_MAX_MS 20000

static void
borrow(struct text_list *to, const struct text_list *from)
{
	*to = *from;
}

void
app_query_levies(struct app *app, int kind, int is_open, struct mirror_query *out)
{
	char today[DATE_SIZE];

	*out = (struct mirror_query){ .noun = MIRROR_LEVY };
	mem_copy_text(out->taxpayer_id, sizeof(out->taxpayer_id), app_unit(app));
	mirror_where(out, "kind", MIRROR_IS, levy_kinds.rows[kind].name);
	mirror_where(out, "state", MIRROR_IN, is_open ? "initial" : "initial,batch_listed");
	if (is_open) {
		date_from_ms(loop_wall_ms(), today);
		mirror_where(out, "valid_until", MIRROR_AT_LEAST_OR_EMPTY, today);
	}
}

void
app_query_payable(struct app *app, int is_open, struct mirror_query *out)
{
	*out = (struct mirror_query){ .noun = MIRROR_LEVY };
	mem_copy_text(out->taxpayer_id, sizeof(out->taxpayer_id), app_unit(app));
	mirror_where(out, "state", MIRROR_IS, "declared");
	mirror_where(out, "pay_state", MIRROR_IN,
	    is_open ? "unpaid" : "unpaid,paying,unconfirmed,vouchered");
}

int
app_declare(struct app *app, int kind, const struct text_list *levy_nos, int64_t amount,
    struct declaration *out, struct err *err)
{
	struct declare_request request = { .kind = kind, .amount = amount };
	struct app_intent intent = {
		.operation = OPERATION_DECLARATION_SUBMIT,
		.request = &request,
		.op_id = request.op_id,
		.hold = JOURNAL_HOLD_DECLARE,
		.levy_nos = levy_nos,
		.amount = amount,
	};

	app_outbox_id(request.op_id);
	borrow(&request.levy_nos, levy_nos);
	return app_outbox_do(app, &intent, out, NULL, err);
}

int
app_declaration_void(
    struct app *app, const char *declaration_id, struct declaration *out, struct err *err)
{
	struct declaration_void_request request = { 0 };
	struct app_intent intent = {
		.operation = OPERATION_DECLARATION_VOID,
		.request = &request,
		.op_id = request.op_id,
	};

	app_outbox_id(request.op_id);
	mem_copy_text(request.declaration_id, sizeof(request.declaration_id), declaration_id);
	return app_outbox_do(app, &intent, out, NULL, err);
}

/* ---- feedback */

static int
is_final(const struct declaration *d)
{
	return d->state != DECLARATION_QUEUED && d->state != DECLARATION_PENDING &&
	    d->state != DECLARATION_VOIDING;
}

static int
add_id(const void *record, void *user, struct err *err)
{
	const struct declaration *declaration = record;

	(void)err;
	text_list_add(user, declaration->declaration_id);
	return 0;
}

static int
open_declarations(struct app *app, struct text_list *ids, struct err *err)
{
	struct mirror_query q = { .noun = MIRROR_DECLARATION };

	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(app));
	mirror_where(&q, "state", MIRROR_IN, "queued,pending,voiding");
	return mirror_each(app->db, &q, add_id, ids, err);
}

/* Puts an answer's declarations and, when one became final, its levies into the mirror. */
static int
put_feedback(struct app *app, const struct feedback_answer *answer, struct text_list *open,
    struct err *err)
{
	size_t i;

	for (i = 0; i < answer->declarations.count; i++) {
		struct declaration *d =
		    record_list_at(&answer->declarations, &declaration_type, i);

		if (mirror_put(app->db, MIRROR_DECLARATION, d, err) != 0) {
			return -1;
		}
		if (!is_final(d)) {
			text_list_add(open, d->declaration_id);
		}
	}
	return 0;
}

static int
ask_feedback(struct app *app, const struct text_list *ids, int64_t wait_ms,
    struct text_list *open, const int *cancel, struct err *err)
{
	struct feedback_request request = { .wait_ms = wait_ms };
	struct feedback_answer answer = { 0 };
	int rc;

	borrow(&request.declaration_ids, ids);
	rc = sync_ask(app->sync, OPERATION_FEEDBACK, &request, &answer, cancel, err);
	if (rc == 0) {
		rc = put_feedback(app, &answer, open, err);
	}
	record_release(&request_feedback_answer, &answer);
	return rc;
}

int
app_feedback(struct app *app, const struct text_list *ids, int64_t wait_ms, int64_t *open,
    const int *cancel, struct err *err)
{
	int64_t until = loop_now_ms() + wait_ms, left = wait_ms;
	struct text_list waiting = { 0 };
	size_t i;
	int rc = 0;

	for (i = 0; ids != NULL && i < ids->count; i++) {
		text_list_add(&waiting, ids->items[i]);
	}
	if (waiting.count == 0) {
		rc = open_declarations(app, &waiting, err);
	}
	while (rc == 0 && waiting.count > 0) {
		struct text_list still = { 0 };

		rc = ask_feedback(app, &waiting,
		    left < 0		   ? 0 :
			left > WATCH_WAIT_MS ? WATCH_WAIT_MS :
					       left,
		    &still, cancel, err);
		text_list_release(&waiting);
		waiting = still;
		left = until - loop_now_ms();
		if (left <= 0) {
			break;
		}
	}
	*open = (int64_t)waiting.count;
	text_list_release(&waiting);
	return rc == 0 ? app_download(app, APP_DOWNLOAD_LEVIES, NULL, NULL, cancel, err) : -1;
}

/* ---- in the background */

static void watch_ask(void *user);

static void
watch_later(struct app *app, int64_t delay_ms)
{
	app->watch.timer = loop_timer(app->loop, delay_ms, watch_ask, app);
}

static void
watch_take(struct app *app, const struct feedback_answer *answer)
{
	size_t i;

	for (i = 0; i < answer->declarations.count; i++) {
		struct declaration *d =
		    record_list_at(&answer->declarations, &declaration_type, i);

		if (mirror_put(app->db, MIRROR_DECLARATION, d, NULL) == 0 && is_final(d) &&
		    app->watch.on_final != NULL) {
			app->watch.on_final(d, app->watch.user);
		}
	}
}

static void
on_watch_done(struct sync_call *call, struct sync_reply *reply, void *user)
{
	struct app *app = user;
	struct app_watch *watch = &app->watch;
	struct feedback_answer answer = { 0 };
	int good = sync_check(reply, NULL) == 0 && reply->outcome == SYNC_ANSWERED &&
	    wire_decode(&request_feedback_answer, buf_text(&reply->body), reply->body.len,
		WIRE_LENIENT, &answer, NULL) == 0;

	sync_call_free(call);
	watch->call = NULL;
	if (good) {
		watch->delay_ms = 0;
	} else {
		watch->delay_ms = watch->delay_ms == 0 ? WATCH_DELAY_MIN_MS : 2 * watch->delay_ms;
		watch->delay_ms =
		    watch->delay_ms > WATCH_DELAY_MAX_MS ? WATCH_DELAY_MAX_MS : watch->delay_ms;
	}
	/* A held call comes back at once when something is final; the pause is for a service
	 * that does not hold calls. */
	watch_later(app, watch->delay_ms == 0 ? 100 : watch->delay_ms);
	if (good) {
		watch_take(app, &answer);
	}
	record_release(&request_feedback_answer, &answer);
}

static void
watch_ask(void *user)
{
	struct app *app = user;
	struct feedback_request request = { .wait_ms = WATCH_WAIT_MS };
	struct buf bytes = { 0 };

	app->watch.timer = 0;
	if (open_declarations(app, &request.declaration_ids, NULL) == 0 &&
	    request.declaration_ids.count > 0) {
		wire_encode(&request_feedback, &request, &bytes);
		app->watch.call = sync_start(
		    app->sync, OPERATION_FEEDBACK, bytes.data, bytes.len, on_watch_done, app);
		buf_release(&bytes);
	}
	text_list_release(&request.declaration_ids);
}

static void
watch_stop(struct app *app)
{
	sync_call_free(app->watch.call);
	app->watch.call = NULL;
	if (app->watch.timer != 0) {
		loop_timer_cancel(app->loop, app->watch.timer);
		app->watch.timer = 0;
	}
}

void
app_feedback_watch(struct app *app, app_final_fn *on_final, void *user)
{
	watch_stop(app);
	app->watch.on_final = on_final;
	app->watch.user = user;
	app->watch.delay_ms = 0;
	if (on_final != NULL) {
		watch_ask(app);
	}
}

void
app_feedback_now(struct app *app)
{
	if (app->watch.on_final != NULL) {
		watch_stop(app);
		watch_ask(app);
	}
}
