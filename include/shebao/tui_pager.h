/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_PAGER_H
#define SHEBAO_TUI_PAGER_H

#include "shebao/tui.h"

/*
 * Labels and values, or running text, to read and search: a record, a payment's timeline, a
 * printed voucher on the screen, help. Values are wrapped. / n N search.
 */
struct tui_pager_line {
	const char *label; /* translated; "" for none: value takes the whole width */
	struct text value; /* may have several lines if it is a text_literal */
	enum tui_style style;
};

struct tui_pager_options {
	/* Lines are asked for again after every paint request: borrowed until the next call. */
	size_t (*count)(void *user);
	struct tui_pager_line (*line)(void *user, size_t index);
	void *user;
};

struct tui_pager; /* opaque */

/* As the body of a screen. */
struct tui_pager *tui_pager_new(struct tui *tui, const struct tui_pager_options *options);
void tui_pager_free(struct tui_pager *pager);
struct tui_view tui_pager_view(struct tui_pager *pager);

/* Draws itself as a box with this title (borrowed), for tui_run; closes at Esc and Enter. */
void tui_pager_set_title(struct tui_pager *pager, const char *title);

/* The focused line; -1 if none. */
int tui_pager_row(const struct tui_pager *pager);

/* In a box over the screen, until Esc or Enter. */
void tui_pager_show(
    struct tui *tui, const char *title, const struct tui_pager_line *lines, size_t count);

const struct tui_action *tui_pager_keys(size_t *count);

#endif
