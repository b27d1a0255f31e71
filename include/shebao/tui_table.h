/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_TABLE_H
#define SHEBAO_TUI_TABLE_H

#include "shebao/tui.h"

#include <stdint.h>

/*
 * A list of rows and columns. The rows belong to a source and are fetched as they are shown,
 * a page at a time: ten rows and a million behave the same.
 *
 * Keys: arrows, PgUp PgDn Home End, k j h l, Ctrl-B Ctrl-F; Space marks and steps down, Insert
 * or v starts and ends a range, * inverts, + all, - none (i a u); / n N search, & narrows to the
 * rows that what is typed fits; F9 sort; Enter shows the record unless the screen has an action for
 * Enter.
 */
enum tui_column_flags {
	TUI_COLUMN_RIGHT = 1, /* numbers */
	TUI_COLUMN_FROZEN =
	    2, /* stays when the others scroll; only the first ones may be */
	TUI_COLUMN_FIXED = 4 /* cannot be sorted by */
};

struct tui_column {
	const char *label; /* N_( ) */
	int min;           /* columns it needs at least; 0: want */
	int want;          /* columns it takes when there is room */
	int from; /* shown from this terminal width on; 0: always (←→ reach it) */
	unsigned flags;
};

enum tui_mark {
	TUI_MARK_ALL, /* every row of the list as it is filtered now */
	TUI_MARK_NONE,
	TUI_MARK_INVERT
};

/* Functions of the rows' owner. count, fetch and cell are needed, the others may be NULL: what
 * is not there cannot be done and is not offered. Rows count from 0 in the order shown. */
struct tui_table_source {
	int64_t (*count)(void *user);
	/* Makes rows first ... first + n - 1 ready for cell, key, style and is_marked; they are
	 * all asked for within this window. Called again only when the window moves, or after
	 * tui_table_reload and marking. */
	void (*fetch)(void *user, int64_t first, int n);
	/* Borrowed until the next call. */
	struct text (*cell)(void *user, int64_t row, int column);
	/* TUI_STYLE_NORMAL, _DIM, _GOOD, _WARNING, _BAD or _STRONG. */
	enum tui_style (*style)(void *user, int64_t row, int column);

	/* What names a row, whatever the order, and where it stands now (-1: no longer shown):
	 * so the cursor stays on its record when the list is sorted, filtered or refreshed. */
	int64_t (*key)(void *user, int64_t row);
	int64_t (*row_of)(void *user, int64_t key);

	int (*is_marked)(void *user, int64_t row);
	/* Rows first ... last, which need not be fetched. */
	void (*mark)(void *user, int64_t first, int64_t last, int on);
	void (*mark_all)(void *user, enum tui_mark what);

	void (*sort)(void *user, int column, int descending);
	/* Next row from `from` on (itself included) in direction step (1 or -1) that typed fits;
	 * goes around the end. -1: none, -2: given up because of tui_is_key_waiting. */
	int64_t (*find)(void *user, const char *typed, int64_t from, int step);

	/* From now on the rows are those that typed fits; "": all. More of them may come later, with
	 * tui_table_reload, so that the next key need not wait. */
	void (*narrow)(void *user, const char *typed);

	/* Selection and totals for the status line. */
	struct text (*summary)(void *user);
	/* Shown instead of rows when there are none: several lines, translated. */
	const char *(*empty)(void *user);
};

struct tui_table_options {
	const struct tui_column *columns;
	size_t column_count;
	const struct tui_table_source *source;
	void *user;
	int sort_column; /* how the source is sorted at first; -1: not by a column */
	int sort_descending;
	const char *record; /* title of the record view, N_( ) */
};

struct tui_table; /* opaque */

/* columns and source are kept, not copied. */
struct tui_table *tui_table_new(struct tui *tui, const struct tui_table_options *options);
void tui_table_free(struct tui_table *table);
struct tui_view tui_table_view(struct tui_table *table);

/* The rows changed: fetch again, stay on the same record if the source can tell. */
void tui_table_reload(struct tui_table *table);

/* The focused row; -1 while the list is empty. */
int64_t tui_table_row(const struct tui_table *table);
void tui_table_set_row(struct tui_table *table, int64_t row);

/* True while what to look for, or to narrow to, is being typed. */
int tui_table_is_typing(const struct tui_table *table);

int tui_table_sort_column(const struct tui_table *table);
int tui_table_is_descending(const struct tui_table *table);

/* Shows the focused row as labels and values, all columns, ← → for its neighbours. */
void tui_table_show_record(struct tui_table *table);

/* Rows of the table's keys, for the manual page. */
const struct tui_action *tui_table_keys(size_t *count);

#endif
