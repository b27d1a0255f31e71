/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_SCREEN_H
#define SHEBAO_TUI_SCREEN_H

#include "shebao/tui.h"

/*
 * A screen: line 1, a heading, one widget, and actions. Data, mostly:
 *
 *	struct tui_screen screen = {
 *		.title = N_("21 日常申报"),
 *		.body = tui_table_view(table),
 *		.actions = { rows, ARRAY_LEN(rows), refuse, run, &self },
 *		.heading = filters_in_words,
 *		.user = &self,
 *	};
 *	tui_screen_run(tui, &screen);
 *
 * A key goes to the widget first while it takes text; otherwise to the screen's actions, the
 * common actions (tui_set_actions), the widget, and the keys all screens have: F1 or ? help,
 * : or Ctrl-P palette, Esc, F12 or q close. Ctrl-L locks from everywhere.
 */
struct tui_screen {
	const char *title; /* N_( ) */
	struct tui_view body;
	struct tui_actions actions;
	/* One line above the body, such as the filters in words; "" for an empty line, NULL
	 * function for none. Borrowed until the next call. */
	struct text (*heading)(void *user);
	/* Called when Esc, F12 or q is pressed: true if the screen may close. NULL: always. */
	int (*may_close)(void *user);
	/* Chapter of the manual shown below the keys in the help, translated; NULL: none. */
	const char *help;
	/* Called once, right after the first paint: for a download that opens with the screen. */
	void (*on_open)(void *user);
	void *user;
};

/* Until the screen closes. Returns what tui_set_result gave (an action that returns TUI_CLOSE
 * may set it), or TUI_CANCELLED. */
int tui_screen_run(struct tui *tui, const struct tui_screen *screen);

/* Help and palette for any set of rows; both can execute what they list. */
enum tui_code tui_screen_help(struct tui *tui, const struct tui_screen *screen);
enum tui_code tui_screen_palette(struct tui *tui, const struct tui_screen *screen);

/* Rows of the keys that every screen has, for the manual page. */
const struct tui_action *tui_screen_keys(size_t *count);

#endif
