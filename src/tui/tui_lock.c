/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen is locked when nobody has typed for a while, and on demand. */
#include "tui_lock.h"

#include "shebao/loop.h"

#define WARNING_MS 30000

void
tui_lock_now(struct tui *tui)
{
	if (tui->is_locking || tui->is_suspended || tui->options.on_lock == NULL) {
		return;
	}
	tui->is_locking = 1;
	tui->notice[0] = '\0';
	tui->options.on_lock(tui->options.user);
	tui->is_locking = 0;
	tui->needs_repaint = 1;
	tui_session_change(tui);
}

/* How long before the lock it is announced. */
static int64_t
warning_of(const struct tui *tui)
{
	int64_t half = tui->options.lock_ms / 2;

	return half < WARNING_MS ? half : WARNING_MS;
}

static void on_time(void *user);

/* Until the warning, and then until the lock. */
static void
start_timer(struct tui *tui, int64_t left)
{
	int64_t warning = warning_of(tui);

	tui->lock_timer = loop_timer(
	    tui->options.loop, left > warning ? left - warning : left, on_time, tui);
}

/* One timer for the whole of the pause: it looks how long ago the last key was. */
static void
on_time(void *user)
{
	struct tui *tui = user;
	int64_t left = tui->last_key_ms + tui->options.lock_ms - loop_now_ms();

	tui->lock_timer = 0;
	if (left <= 0) {
		tui_lock_now(tui);
		tui->last_key_ms = loop_now_ms();
		left = tui->options.lock_ms;
	} else if (left <= warning_of(tui) && !tui->is_locking && tui->options.on_lock_soon != NULL) {
		tui->options.on_lock_soon(tui->options.user, (int)((left + 999) / 1000));
	}
	if (!tui->is_hung_up) {
		start_timer(tui, left);
	}
}

void
tui_lock_start(struct tui *tui)
{
	start_timer(tui, tui->options.lock_ms);
}
