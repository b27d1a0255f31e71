/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_HELP_H
#define SHEBAO_TUI_HELP_H

#include "tui_session.h"

/* A list of actions that can be searched and executed: help (with the manual's words below)
 * and palette. */
struct tui_help_item {
	const struct tui_actions *set; /* NULL: cannot be executed from here */
	const struct tui_action *row;
};

struct tui_help {
	const char *title;
	const struct tui_help_item *items;
	size_t count;
	const char *manual; /* translated; NULL: none */
	int hides_refused;
};

/* Returns the index of the item to execute, or TUI_CANCELLED. */
int tui_help_run(struct tui *tui, const struct tui_help *help);

#endif
