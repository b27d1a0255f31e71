/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waiting one's turn. Checking a password is made to be slow, and at half past eight everybody logs
 * in: the service lets some wait and tells the others when to come back.
 */
#include "app_private.h"

#include "shebao/crypto.h"
#include "shebao/i18n.h"

#define PATIENCE_MS 300000
#define TOLD_EVERY_MS 1000
#define PAUSE_MIN_S 1
#define PAUSE_MAX_S 60
/* So often a request that broke off is made again: each may count as a wrong password, and five of
 * those lock. */
#define BROKEN_MAX 1

struct waiting {
	struct app *app;
	int64_t since;
	int timer;
	int broken; /* requests that may have been worked on without an answer */
};

void
app_on_wait(struct app *app, const struct app_patience *patience)
{
	app->patience = patience != NULL ? *patience : (struct app_patience){ 0 };
}

static void
tell(void *user)
{
	struct waiting *w = user;
	const struct app_patience *patience = &w->app->patience;

	w->timer = loop_timer(w->app->loop, TOLD_EVERY_MS, tell, w);
	patience->waits((loop_now_ms() - w->since) / 1000, patience->user);
}

static void
pass(void *user)
{
	*(int *)user = 1;
}

/* At least the seconds that the service says, and for each its own share more: those who were sent
 * away together must not come back together. 1: given up. */
static int
pause_for(struct waiting *w, int64_t seconds)
{
	int64_t least_ms;
	uint32_t chance;
	int is_over = 0, timer, is_given_up;

	seconds = seconds < PAUSE_MIN_S ? PAUSE_MIN_S : seconds > PAUSE_MAX_S ? PAUSE_MAX_S : seconds;
	least_ms = seconds * 1000;
	crypto_random(&chance, sizeof(chance));
	timer = loop_timer(w->app->loop, least_ms + chance % least_ms, pass, &is_over);
	is_given_up = sync_wait(w->app->sync, &is_over, w->app->patience.cancel);
	loop_timer_cancel(w->app->loop, timer);
	return is_given_up;
}

/* A service that does not run, or that answers, is not asked again: the clerk is told. */
static int
may_ask_again(struct waiting *w, enum operation operation, const struct sync_reply *reply,
    const struct err *err)
{
	int is_repeatable = (operation_row(operation)->flags & OPERATION_MUTATES) == 0;

	switch (reply->outcome) {
	case SYNC_ANSWERED:
		return err->code == ERR_BUSY;
	case SYNC_SURELY_NOT:
		return reply->is_late;
	case SYNC_UNKNOWN:
		return is_repeatable && w->broken++ < BROKEN_MAX;
	case SYNC_CANCELLED:
		break;
	}
	return 0;
}

int
app_ask_patiently(struct app *app, enum operation operation, const void *request, void *answer,
    struct err *err)
{
	struct waiting w = { .app = app, .since = loop_now_ms() };
	const int *cancel = app->patience.cancel;
	struct sync_reply reply = { 0 };
	struct err own = { 0 };
	int rc;

	if (app->patience.waits != NULL) {
		w.timer = loop_timer(app->loop, TOLD_EVERY_MS, tell, &w);
	}
	while ((rc = sync_ask_reply(app->sync, operation, request, answer, cancel, &reply, &own)) != 0 &&
	    may_ask_again(&w, operation, &reply, &own) &&
	    loop_now_ms() - w.since < PATIENCE_MS) {
		err_clear(&own);
		if (pause_for(&w, reply.retry_after)) {
			err_set(&own, ERR_CANCELLED, "%s", _("已取消"));
			break;
		}
	}
	if (w.timer != 0) {
		loop_timer_cancel(app->loop, w.timer);
	}
	return rc == 0 ? 0 : err_set(err, own.code, "%s", own.text);
}
