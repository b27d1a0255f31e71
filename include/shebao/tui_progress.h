/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_PROGRESS_H
#define SHEBAO_TUI_PROGRESS_H

#include "shebao/tui.h"

#include <stdint.h>

/*
 * A box that shows how far something has come: count, rate, time left. What works is started
 * by start (called when the box is open) and goes on in callbacks of the loop, which report
 * here; the box itself never blocks them.
 */
struct tui_progress; /* opaque */

struct tui_progress_options {
	const char *title; /* translated */
	const char *text;  /* translated */
	const char *unit;  /* translated: 条 */
	/* Starts the work with the box to report to. */
	void (*start)(void *user, struct tui_progress *progress);
	/* Esc: stop. The box stays until tui_progress_end is called. NULL: cannot be cancelled. */
	void (*cancel)(void *user);
	void *user;
};

/* Returns what tui_progress_end gave, or TUI_CANCELLED on hang-up. */
int tui_progress_run(struct tui *tui, const struct tui_progress_options *options);

/* done of total; total 0 is not known yet. Cheap: painted ten times a second at most. */
void tui_progress_set(struct tui_progress *progress, int64_t done, int64_t total);
void tui_progress_set_text(struct tui_progress *progress, struct text text);
void tui_progress_end(struct tui_progress *progress, int result);

#endif
