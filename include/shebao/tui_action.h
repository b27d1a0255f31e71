/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_ACTION_H
#define SHEBAO_TUI_ACTION_H

#include "shebao/tui_key.h"

#include <stddef.h>

/* What a key did: it goes down the stack, this comes up. */
enum tui_code {
	TUI_IGNORED, /* not mine: the next one may have it */
	TUI_HANDLED, /* done, nothing to paint */
	TUI_REDRAW,  /* done, paint */
	TUI_CLOSE    /* done, and this view is finished */
};

/*
 * Actions are rows. The function bar, F1 help, the command palette, the dispatcher and the
 * manual pages all read the same rows, so a key that is shown works and a key that works is
 * shown.
 */
struct tui_action {
	int key;  /* TUI_KEY_F2 ..., TUI_KEY_ENTER; 0: palette only */
	int also; /* a second key: TUI_KEY_CTRL('S'), TUI_KEY_INSERT; 0: none */
	const char
	    *letters; /* each character is a shortcut on top, outside text; NULL: none */
	const char *label; /* N_( ), for the function bar: four hanzi at most */
	const char *help;  /* N_( ), one sentence */
	unsigned needs;    /* bits of the application's; its refuse function reads them */
	unsigned flags;
	const void *id; /* what the application tells its rows apart by */
};

enum tui_action_flags {
	TUI_ACTION_MAIN = 1, /* the screen's main action: emphasised */
	TUI_ACTION_QUIET = 2, /* works, and stands in help and palette, but not in the bar */
	TUI_ACTION_SHOWN = 4  /* a key of a widget that stands in its screen's bar */
};

/* A set of rows and what brings them to life. */
struct tui_actions {
	const struct tui_action *rows;
	size_t count;
	/* NULL: the action can be done now. Otherwise why not, in words (translated): shown in
	 * the help, and in the status line when its key is pressed. NULL function: always. */
	const char *(*refuse)(void *user, const struct tui_action *row);
	/* Does it. May run dialogs and whole flows. */
	enum tui_code (*run)(void *user, const struct tui_action *row);
	void *user;
};

/* Puts the first rows of a table, at most max, into a function bar; returns how many. */
size_t tui_action_put(const struct tui_action *table, size_t count,
    const struct tui_action **rows, size_t max);

/* The row that key asks for, or NULL. letters: characters count as shortcuts. */
const struct tui_action *tui_action_find(
    const struct tui_actions *set, int key, int letters);

/* NULL or the reason, as refuse says. */
const char *tui_action_refused(
    const struct tui_actions *set, const struct tui_action *row);

/* How its keys read, for help and manual pages: "F2, Ctrl-S, s". Returns buffer. */
const char *tui_action_keys(const struct tui_action *row, char *buffer, size_t size);

#endif
