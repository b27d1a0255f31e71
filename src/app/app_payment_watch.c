/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 待确认: payments whose outcome is unknown are asked about in the background, one at a time. */
#include "app_private.h"

#include <string.h>

#include "shebao/mem.h"
#include "shebao/states.h"
#include "shebao/wire.h"

/* The service holds a question so long; only while a single payment is open. */
#define WAIT_MS 20000
#define DELAY_MIN_MS 1000
#define DELAY_MAX_MS 60000

static void ask(void *user);

static void
ask_later(struct app *app)
{
	struct app_payment_watch *w = &app->payment_watch;

	w->timer = loop_timer(app->loop, w->delay_ms, ask, app);
}

static int
is_final(const struct payment *payment)
{
	return payment->state == PAYMENT_SUCCEEDED || payment->state == PAYMENT_REFUSED ||
	    payment->state == PAYMENT_REVERSED;
}

static void
on_done(struct sync_call *call, struct sync_reply *reply, void *user)
{
	struct app *app = user;
	struct app_payment_watch *w = &app->payment_watch;
	struct payment answer = { 0 };
	int good = sync_check(reply, NULL) == 0 && reply->outcome == SYNC_ANSWERED &&
	    wire_decode(&payment_type, buf_text(&reply->body), reply->body.len, WIRE_LENIENT,
		&answer, NULL) == 0 &&
	    mirror_put(app->db, MIRROR_PAYMENT, &answer, NULL) == 0;

	sync_call_free(call);
	w->call = NULL;
	w->delay_ms = good ? DELAY_MIN_MS : 2 * w->delay_ms;
	w->delay_ms = w->delay_ms > DELAY_MAX_MS ? DELAY_MAX_MS : w->delay_ms;
	ask_later(app);
	if (good && is_final(&answer) && w->on_final != NULL) {
		w->on_final(&answer, w->user);
	}
	record_release(&payment_type, &answer);
}

struct choosing {
	const char *after; /* the one asked about last */
	char first[RECORD_ID_SIZE], next[RECORD_ID_SIZE];
	int count;
};

/* The smallest number, and the smallest behind the last one. */
static int
consider(const void *record, void *user, struct err *err)
{
	const char *no = ((const struct payment *)record)->payment_no;
	struct choosing *c = user;

	(void)err;
	c->count++;
	if (c->first[0] == '\0' || strcmp(no, c->first) < 0) {
		mem_copy_text(c->first, sizeof(c->first), no);
	}
	if (strcmp(no, c->after) > 0 && (c->next[0] == '\0' || strcmp(no, c->next) < 0)) {
		mem_copy_text(c->next, sizeof(c->next), no);
	}
	return 0;
}

static void
ask(void *user)
{
	struct app *app = user;
	struct app_payment_watch *w = &app->payment_watch;
	struct choosing c = { .after = w->last };
	struct mirror_query q = { .noun = MIRROR_PAYMENT };
	struct payment_query request = { 0 };
	struct buf bytes = { 0 };

	w->timer = 0;
	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(app));
	mirror_where(&q, "state", MIRROR_IN, "created,sent,unknown");
	if (mirror_each(app->db, &q, consider, &c, NULL) != 0 || c.first[0] == '\0') {
		return; /* app_payment_watch_now begins again */
	}
	mem_copy_text(w->last, sizeof(w->last), c.next[0] != '\0' ? c.next : c.first);
	mem_copy_text(request.payment_no, sizeof(request.payment_no), w->last);
	request.wait_ms = c.count == 1 ? WAIT_MS : 0;
	wire_encode(&request_payment_query, &request, &bytes);
	w->call =
	    sync_start(app->sync, OPERATION_PAYMENT_QUERY, bytes.data, bytes.len, on_done, app);
	buf_release(&bytes);
}

void
app_payment_watch(struct app *app, app_paid_fn *on_final, void *user)
{
	struct app_payment_watch *w = &app->payment_watch;

	sync_call_free(w->call);
	if (w->timer != 0) {
		loop_timer_cancel(app->loop, w->timer);
	}
	*w = (struct app_payment_watch){ .on_final = on_final, .user = user };
	app_payment_watch_now(app);
}

void
app_payment_watch_now(struct app *app)
{
	struct app_payment_watch *w = &app->payment_watch;

	if (w->on_final != NULL && w->call == NULL && w->timer == 0) {
		w->delay_ms = DELAY_MIN_MS;
		ask_later(app);
	}
}
