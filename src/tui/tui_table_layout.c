/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fitting columns into a width. */
#include "tui_table_layout.h"

static int
least(const struct tui_column *column)
{
	return column->min > 0 ? column->min : column->want;
}

static int
is_frozen(const struct tui_column *column)
{
	return (column->flags & TUI_COLUMN_FROZEN) != 0;
}

/* Puts the columns that fit at their least width, skipping `scroll` of the loose ones. Returns
 * the index of the first one that found no room, or count. */
static size_t
place(struct tui_table_layout *layout, const struct tui_column *columns, size_t count,
    int width, int scroll)
{
	int at = TUI_TABLE_GUTTER;
	size_t i;

	layout->count = 0;
	for (i = 0; i < count && layout->count < TUI_TABLE_COLUMNS_MAX; i++) {
		const struct tui_column *column = &columns[i];

		if (column->from > width) {
			continue;
		}
		if (!is_frozen(column) && scroll > 0) {
			scroll--;
			continue;
		}
		if (at + least(column) > width) {
			return i;
		}
		layout->places[layout->count++] =
		    (struct tui_table_place){ (int)i, at, least(column) };
		at += least(column) + TUI_TABLE_GAP;
	}
	return count;
}

/* Gives what is left over to the columns that want more, from the left. */
static void
widen(struct tui_table_layout *layout, const struct tui_column *columns, int width)
{
	const struct tui_table_place *last = &layout->places[layout->count - 1];
	int left = width - (last->at + last->width);
	int shift = 0;
	int i;

	for (i = 0; i < layout->count; i++) {
		struct tui_table_place *p = &layout->places[i];
		int more = columns[p->column].want - p->width;

		p->at += shift;
		if (more > 0 && left > 0) {
			more = more < left ? more : left;
			p->width += more;
			left -= more;
			shift += more;
		}
	}
}

void
tui_table_layout_make(struct tui_table_layout *layout, const struct tui_column *columns,
    size_t count, int width, int *scroll)
{
	size_t end;

	*scroll = *scroll > 0 ? *scroll : 0;
	end = place(layout, columns, count, width, *scroll);
	/* Not further than needed to see the last column. */
	while (*scroll > 0 && end == count) {
		if (place(layout, columns, count, width, *scroll - 1) != count) {
			end = place(layout, columns, count, width, *scroll);
			break;
		}
		(*scroll)--;
		end = place(layout, columns, count, width, *scroll);
	}
	layout->has_left = *scroll > 0;
	layout->has_right = end != count;
	if (layout->count > 0) {
		widen(layout, columns, width);
	}
}
