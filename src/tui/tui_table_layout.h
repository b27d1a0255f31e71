/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_TABLE_LAYOUT_H
#define SHEBAO_TUI_TABLE_LAYOUT_H

#include "shebao/tui_table.h"

/* Which columns of a table are seen, where and how wide. Pure. */
#define TUI_TABLE_COLUMNS_MAX 64
#define TUI_TABLE_GUTTER 3 /* marker, mark, blank */
#define TUI_TABLE_GAP 2    /* between columns */

struct tui_table_place {
	int column; /* index in the table's columns */
	int at;     /* canvas column */
	int width;
};

struct tui_table_layout {
	struct tui_table_place places[TUI_TABLE_COLUMNS_MAX];
	int count;
	int has_left; /* columns are hidden to the left, to the right */
	int has_right;
};

/* scroll: how many of the columns that are not frozen are scrolled out; cut down to what
 * makes sense. */
void tui_table_layout_make(struct tui_table_layout *layout,
    const struct tui_column *columns, size_t count, int width, int *scroll);

#endif
