/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_TUI_TABLE_TYPING_H
#define SHEBAO_TUI_TUI_TABLE_TYPING_H

#include "tui_table_private.h"

/*
 * The line below a table: what to look for (/) moves the marker to the next row that it fits, what to
 * narrow to (&) leaves only rows that it fits, with each key. A narrowed table keeps its line.
 */
void tui_table_typing_init(struct tui_table *t);
enum tui_code tui_table_typing_open(struct tui_table *t, enum tui_table_typing what);
enum tui_code tui_table_typing_key(struct tui_table *t, int key);

/* The next row from `from` on that the last search fits. */
enum tui_code tui_table_find(struct tui_table *t, int64_t from, int step);

int tui_table_is_narrowed(const struct tui_table *t);
/* All rows again, the focus stays on its record. */
enum tui_code tui_table_widen(struct tui_table *t);

/* What the function bar shows meanwhile. */
size_t tui_table_typing_bar(void *self, const struct tui_action **rows, size_t max);

/* Lines that it takes at the bottom, and drawing it there. */
int tui_table_typing_lines(const struct tui_table *t);
void tui_table_typing_draw(const struct tui_table *t, struct tui_canvas *canvas);

#endif
