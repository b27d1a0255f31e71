/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_LIST_H
#define SHEBAO_TUI_LIST_H

#include "shebao/tui.h"

/* Things to choose from, counted from 0. */
struct tui_choices {
	size_t (*count)(void *user);
	/* Borrowed until the next call. */
	struct text (*label)(void *user, size_t index);
	/* A second, dimmed text such as a code; NULL: none. It can be searched for, too. */
	struct text (*note)(void *user, size_t index);
	void *user;
};

/* Choices out of an array of msgids that ends in NULL: TUI_LIST_OF(array). */
size_t tui_list_array_count(void *array);
struct text tui_list_array_label(void *array, size_t index);

/* How typing finds where the application says nothing else (tui_options.match): a substring, without
 * regard to case. */
int tui_list_match(const char *text, const char *typed);

/* A box with the choices: arrows, digits 1-9 while nothing is typed and the list is short,
 * type to filter (tui_options.match), Enter takes. Returns the index or TUI_CANCELLED.
 * initial: where the cursor stands at first. */
int tui_list_choose(
    struct tui *tui, const char *title, const struct tui_choices *choices, int initial);

#endif
