/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_TABLE_PRIVATE_H
#define SHEBAO_TUI_TABLE_PRIVATE_H

#include "tui_edit.h"
#include "tui_grid.h"
#include "tui_table_layout.h"

/* Rows as they were drawn last. While nothing but the marker has moved since, all but two of them
 * are drawn by copying: to make the text of a page anew costs more than everything else of a key. */
struct tui_table_kept {
	struct tui_cell *cells; /* of lines x columns */
	char *looks;            /* of each line: what was drawn besides the row itself */
	int lines, columns, scroll;
	int64_t top;
	uint64_t fetches;
	uint64_t changes; /* of the session; 0: nothing is kept */
};

/* What can be typed below a table (tui_table_typing.h). */
enum tui_table_typing {
	TUI_TABLE_NO_LINE,
	TUI_TABLE_SEARCH,
	TUI_TABLE_NARROW,
	TUI_TABLE_LINE_COUNT
};

struct tui_table_line {
	struct tui_edit edit; /* of typed */
	char typed[64];
};

struct tui_table {
	struct tui *tui;
	struct tui_table_options options;
	int64_t row;    /* focused */
	int64_t top;    /* first shown */
	int page;       /* rows shown, as last drawn */
	int scroll;     /* loose columns scrolled out to the left */
	int has_right;  /* some are hidden to the right */
	int64_t anchor; /* of a range being marked; -1: none */
	int sort_column, is_descending;

	int64_t fetched_first; /* window that the source has ready; -1: none */
	int fetched_count;
	int64_t count;
	uint64_t fetches;
	uint64_t moves; /* keys since the last drawing that did nothing but move the marker */
	struct tui_table_kept kept;
	int64_t focus_key; /* names the focused record since it was last fetched */
	int has_focus_key;

	enum tui_table_typing typing; /* whose line takes the keys */
	struct tui_table_line lines[TUI_TABLE_LINE_COUNT];
	int64_t from_row;   /* focused before the line was opened */
	int64_t from_key;   /* names the record focused before the list was narrowed */
	char summary[320];
};

/* Asks the source for the window around the focused row, if it is not there already. */
void tui_table_fetch(struct tui_table *t);

void tui_table_draw(void *self, struct tui_canvas *canvas);

#endif
