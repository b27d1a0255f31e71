/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_FORM_H
#define SHEBAO_TUI_FORM_H

#include "shebao/buf.h"
#include "shebao/tui.h"
#include "shebao/tui_list.h"

/*
 * Forms: labels and fields in a box, buttons below. Up, Down, Tab and Shift-Tab move; Enter goes
 * to the next field and from the last one presses the default button; F2 and Ctrl-S press it
 * from anywhere; F4, Space or typing opens a field's choices; Esc cancels, asking first if
 * something was typed. A field is checked when it is left, and the mend is said below it.
 */
enum tui_field_kind {
	TUI_FIELD_TEXT,   /* anything, Chinese too */
	TUI_FIELD_CODE,   /* folded to ASCII, letters become capitals, no spaces */
	TUI_FIELD_AMOUNT, /* folded; digits, one point, commas */
	TUI_FIELD_DATE, /* folded; YYYY-MM-DD, separators may be left out while typing */
	TUI_FIELD_PERIOD,   /* folded; YYYY-MM */
	TUI_FIELD_PASSWORD, /* folded, with a warning; never drawn, one * a character */
	TUI_FIELD_CHOICE,   /* one of choices */
	TUI_FIELD_CHECK,    /* yes or no, Space */
	TUI_FIELD_NOTE,     /* cannot be entered: value is shown */
	TUI_FIELD_KIND_COUNT
};

enum tui_field_flags {
	TUI_FIELD_REQUIRED = 1,
	TUI_FIELD_READ_ONLY = 2,
	TUI_FIELD_STRONG = 4 /* a note in bold: an amount, a warning */
};

struct tui_field {
	const char *label; /* N_( ); "" for none */
	enum tui_field_kind kind;
	unsigned flags;
	int columns; /* of the input; 0: by kind */
	/* UTF-8, of the caller's, edited in place; size with the NUL. A password's should be
	 * locked memory: it is never copied elsewhere, and wiped when the form is cancelled. */
	char *value;
	size_t size;
	int *chosen; /* CHOICE: index, -1 none; CHECK: 0 or 1 */
	const struct tui_choices *choices;
	const char *
	    none; /* CHOICE: N_( ), what -1 is called and can be chosen as; NULL: it cannot */
	const char
	    *hint; /* N_( ), said below the field while it has the focus; NULL: none */
	/* TEXT: Tab completes value in place before it moves on. 1: it did something, or note says
	 * what could be meant (shown below the field); 0: nothing to complete. NULL: Tab moves. */
	int (*complete)(void *user, struct buf *note);
};

struct tui_form {
	const char *title; /* translated */
	const char *text;  /* translated, above the fields, wrapped; NULL: none */
	struct tui_field *fields;
	size_t field_count;
	const char *const *buttons; /* N_( ), first is the default; NULL: 确定 */
	size_t button_count;        /* 取消 is always there besides */
	/* Called when a field is left, and for every field before a button closes the form. 0:
	 * good (value may have been put into its usual form); -1: not, mend says in words what
	 * to do; 1: good, but mend is worth reading. NULL: nothing to check. */
	int (*check)(void *user, size_t field, struct buf *mend);
	/* True: the field does not matter just now; dimmed, skipped, not checked. NULL: never. */
	int (*skip)(void *user, size_t field);
	/* A button was pressed and all fields are good. 0 closes the form; -1 keeps it open, mend
	 * is shown. May run dialogs. NULL: close. */
	int (*submit)(void *user, int button, struct buf *mend);
	void *user;
	unsigned view_flags; /* enum tui_view_flags */
};

/* Returns the index of the button, values in place; or TUI_CANCELLED, values as they were. */
int tui_form_run(struct tui *tui, const struct tui_form *form);

const struct tui_action *tui_form_keys(size_t *count);

#endif
