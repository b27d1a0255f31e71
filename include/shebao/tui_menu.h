/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_MENU_H
#define SHEBAO_TUI_MENU_H

#include "shebao/tui.h"

/*
 * A menu of one or two levels by number. Items with a code of one digit are groups; an item of
 * two digits belongs to the group of its first one. Digits jump (2 1), arrows walk, letters
 * filter nothing: numbers never change, so fingers learn them.
 */
struct tui_menu_item {
	int code;          /* 2, or 21 */
	const char *label; /* N_( ) */
	const char *help;  /* N_( ), one sentence shown while it is focused; NULL: none */
};

struct tui_menu_options {
	const char *title; /* translated */
	const struct tui_menu_item *items;
	size_t count;
	int initial; /* code under the cursor at first; 0: the first */
	/* As in tui_actions: NULL, or why the item cannot be chosen now. NULL function: all can. */
	const char *(*refuse)(void *user, const struct tui_menu_item *item);
	void *user;
};

/* A box over the screen. Returns the code chosen or TUI_CANCELLED. */
int tui_menu_run(struct tui *tui, const struct tui_menu_options *options);

/* The same as the body of a screen (tui_screen): on_choose is called with the code. */
struct tui_menu; /* opaque */
struct tui_menu *tui_menu_new(struct tui *tui, const struct tui_menu_options *options,
    enum tui_code (*on_choose)(void *user, int code));
void tui_menu_free(struct tui_menu *menu);
struct tui_view tui_menu_view(struct tui_menu *menu);

const struct tui_action *tui_menu_keys(size_t *count);

#endif
