/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_LIST_ROWS_H
#define SHEBAO_SCREEN_SCREEN_LIST_ROWS_H

#include "screen_filter.h"

/* The inside of a list screen, for its two files: rows and marks here, actions and opening in
 * screen_list.c. */
#define SCREEN_LIST_WINDOW 128

struct screen_list {
	struct screen_ui *ui;
	struct screen_list *below; /* the list that this one was opened from */
	const struct screen_list_opts *opts;
	struct app_filter_values values;
	struct tui_table *table;
	struct tui_column *columns;
	struct tui_action *actions; /* the list's own, then F3 F5 F6 */
	size_t action_count;

	struct mirror_query query;
	int64_t count, sum;
	int64_t marked, marked_sum;
	int is_filled; /* must_filter: 查询 was pressed */

	char narrowed_to[64];         /* "": all rows are shown */
	struct mirror_narrow *narrow; /* rows are still looked through; NULL */
	int narrow_timer;
	int64_t narrow_shown_ms;

	struct mirror_window window; /* of fetched rows */
	int *marks;
	int64_t *keys;
	char cell[VIEW_CELL_SIZE];
	char summary[160];
	struct screen_head head;
};

/* Counts the rows and marks as the filter stands; what was fetched is forgotten. */
void screen_list_rows_load(struct screen_list *list);

/* Ends what goes on behind the list. */
void screen_list_rows_end(struct screen_list *list);

/* What the table asks for rows. */
const struct tui_table_source *screen_list_rows_source(const struct screen_list *list);

/* Not NULL while the row is fetched. */
const void *screen_list_rows_at(const struct screen_list *list, int64_t row);

#endif
