/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_DIALOG_H
#define SHEBAO_TUI_DIALOG_H

#include "shebao/tui.h"

/* Boxes that ask or tell. Titles and texts are translated already; a text may have several
 * lines and is wrapped; pieces from outside in it must be clean (struct err texts are). */

enum tui_dialog_kind {
	TUI_DIALOG_NOTE,    /* 提示 */
	TUI_DIALOG_SUCCESS, /* 成功 */
	TUI_DIALOG_WARNING, /* 注意 */
	TUI_DIALOG_ERROR    /* 错误 */
};

/* 【确定】 only. Enter, Space or Esc closes. title NULL: the kind's name. Warnings and
 * errors forget what was typed ahead. */
void tui_dialog_message(
    struct tui *tui, enum tui_dialog_kind kind, const char *title, const char *text);

/* 【确定】 【取消】, 确定 first. 1, or 0 for 取消 and Esc. */
int tui_dialog_confirm(struct tui *tui, const char *title, const char *text);

/* The same for what cannot be taken back and costs no money (delete, void): 取消 is the default,
 * keys typed ahead are thrown away, deaf for 400 ms. */
int tui_dialog_danger(struct tui *tui, const char *title, const char *text);

struct tui_dialog_line {
	const char *label; /* translated; "" for none */
	struct text value;
	int strong; /* the amount in figures, the amount in words */
};

struct tui_dialog {
	const char *title;
	const char *text; /* wrapped, above the lines; NULL: none */
	enum tui_dialog_kind kind;
	const struct tui_dialog_line *lines; /* labels and values */
	size_t line_count;
	const struct tui_dialog_line *scroll; /* further lines that scroll if need be */
	size_t scroll_count;
	const char *const *buttons; /* translated; the last one is what Esc presses */
	size_t button_count;
	const struct tui_action *shortcuts; /* one a button: its key presses it; NULL: none */
	int initial;        /* button that has the focus first */
	const char *expect; /* typing this enables button 0; NULL: nothing to type */
	const char *expect_prompt; /* translated: what to type */
	unsigned view_flags;       /* TUI_VIEW_DEAF for money */
};

/* Returns the button's index; Esc gives the last one's; TUI_CANCELLED on hang-up only. */
int tui_dialog_run(struct tui *tui, const struct tui_dialog *dialog);

/* A panel that waits: "反馈提示" with seconds running down. */
struct tui_countdown {
	const char *title;
	const char *text;
	int seconds;
	const char *const
	    *buttons; /* translated; the first has the focus, Esc presses the last */
	size_t button_count;
	/* Called once a second with what is left; returning not 0 ends the panel with DONE. */
	int (*on_second)(void *user, int left);
	/* A button was pressed: true keeps the panel open (立即获取 that asks again). NULL: closes. */
	int (*on_button)(void *user, int button);
	const int *done; /* the panel ends as soon as this is not 0; may be NULL */
	void *user;
};

enum tui_countdown_end {
	TUI_COUNTDOWN_DONE = 100, /* done, or on_second said so */
	TUI_COUNTDOWN_OVER = 101  /* time is up */
};

/* Returns a button's index (Esc: the last one's), one of tui_countdown_end, or TUI_CANCELLED. */
int tui_dialog_countdown(struct tui *tui, const struct tui_countdown *countdown);

#endif
