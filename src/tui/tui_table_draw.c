/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a table looks. */
#include "tui_table_typing.h"

#include <stdio.h>

#include "tui_session.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

static void
draw_head(const struct tui_table *t, struct tui_canvas *c,
    const struct tui_table_layout *layout)
{
	struct tui_span line = { 0, 0, tui_canvas_columns(c) };
	int i;

	tui_canvas_put(c, line, TUI_STYLE_LABEL, TUI_ALIGN_LEFT, text_literal(""));
	for (i = 0; i < layout->count; i++) {
		const struct tui_table_place *p = &layout->places[i];
		const struct tui_column *column = &t->options.columns[p->column];
		struct tui_span span = { 0, p->at, p->width };
		char label[128];

		snprintf(label, sizeof(label), "%s%s", _(column->label),
		    p->column != t->sort_column ? ""
			: t->is_descending      ? " v"
						: " ^");
		tui_canvas_put(c, span, TUI_STYLE_LABEL,
		    (column->flags & TUI_COLUMN_RIGHT) != 0 ? TUI_ALIGN_RIGHT
							    : TUI_ALIGN_LEFT,
		    text_cleaned(label));
	}
	if (layout->has_left) {
		tui_canvas_text(c, 0, 1, TUI_STYLE_LABEL, text_literal("<"));
	}
	if (layout->has_right) {
		tui_canvas_text(
		    c, 0, line.columns - 1, TUI_STYLE_LABEL, text_literal(">"));
	}
}

static int
is_in_range(const struct tui_table *t, int64_t row)
{
	int64_t first = t->anchor < t->row ? t->anchor : t->row;
	int64_t last = t->anchor < t->row ? t->row : t->anchor;

	return t->anchor >= 0 && row >= first && row <= last;
}

static enum tui_style
cell_style(const struct tui_table *t, int64_t row, int column, int is_marked)
{
	const struct tui_table_source *source = t->options.source;
	enum tui_style style = TUI_STYLE_NORMAL;

	if (row == t->row && tui_marker(t->tui) == TUI_MARKER_BAR) {
		return TUI_STYLE_FOCUS;
	}
	if (source->style != NULL) {
		style = source->style(t->options.user, row, column);
	}
	return style == TUI_STYLE_NORMAL && is_marked ? TUI_STYLE_MARKED : style;
}

/* What a text keeps when the number behind it needs more room. */
#define TEXT_LEAST 4

static int
is_number(const struct tui_table *t, const struct tui_table_place *p)
{
	return (t->options.columns[p->column].flags & TUI_COLUMN_RIGHT) != 0;
}

/* How many columns a number that does not fit takes from the cell before it: all but one of the
 * blanks between them, then of the cell itself, which if it is a number takes them back in its
 * turn. A number that is cut off is another number. */
static int
borrowed(const struct tui_table *t, const struct tui_table_layout *layout, int i, int width,
    struct text number)
{
	const struct tui_table_place *before = i > 0 ? &layout->places[i - 1] : NULL;
	int lacking = text_width(number.s) - width, most;

	if (before == NULL || lacking <= 0) {
		return 0;
	}
	most = before->width - (is_number(t, before) ? 1 : TEXT_LEAST) + TUI_TABLE_GAP - 1;
	return most <= 0 ? 0 : lacking < most ? lacking : most;
}

/* From the right: a number may need some of the cell before it. */
static void
draw_cells(const struct tui_table *t, struct tui_canvas *c, const struct tui_table_layout *layout,
    int64_t row, int is_marked)
{
	int i, taken = 0;

	for (i = layout->count - 1; i >= 0; i--) {
		const struct tui_table_place *p = &layout->places[i];
		int is_right = is_number(t, p);
		struct text cell = t->options.source->cell(t->options.user, row, p->column);
		int width = p->width - (taken < TUI_TABLE_GAP ? 0 : taken - TUI_TABLE_GAP + 1);
		struct tui_span span;

		taken = is_right ? borrowed(t, layout, i, width, cell) : 0;
		span = (struct tui_span){ (int)(row - t->top) + 1, p->at - taken, width + taken };
		tui_canvas_put(c, span, cell_style(t, row, p->column, is_marked),
		    is_right ? TUI_ALIGN_RIGHT : TUI_ALIGN_LEFT, cell);
	}
}

static void
draw_row(const struct tui_table *t, struct tui_canvas *c,
    const struct tui_table_layout *layout, int64_t row)
{
	const struct tui_table_source *source = t->options.source;
	int line = (int)(row - t->top) + 1;
	int has_focus = row == t->row;
	int is_marked =
	    source->is_marked != NULL && source->is_marked(t->options.user, row);
	struct tui_span all = { line, 0, tui_canvas_columns(c) };
	const char *mark = is_in_range(t, row) ? "+" : is_marked ? "*" : " ";

	if (has_focus && tui_marker(t->tui) == TUI_MARKER_BAR) {
		tui_canvas_put(c, all, TUI_STYLE_FOCUS, TUI_ALIGN_LEFT, text_literal(""));
	}
	draw_cells(t, c, layout, row, is_marked);
	if (*mark != ' ') {
		tui_canvas_text(c, line, 1,
		    has_focus && tui_marker(t->tui) == TUI_MARKER_BAR ? TUI_STYLE_FOCUS
								      : TUI_STYLE_MARKED,
		    text_literal(mark));
	}
	if (has_focus) {
		if (tui_marker(t->tui) == TUI_MARKER_GUTTER) {
			tui_canvas_text(c, line, 0, TUI_STYLE_NORMAL, text_literal(">"));
		}
		tui_canvas_cursor(c, line, 0);
	}
}

static void
draw_empty(const struct tui_table *t, struct tui_canvas *c)
{
	const char *text = tui_table_is_narrowed(t)
	    ? _("没有符合的行。按 & 改写要筛出的内容，按 Esc 恢复全部。")
	    : t->options.source->empty != NULL
	    ? t->options.source->empty(t->options.user)
	    : _("没有数据");
	int columns = tui_canvas_columns(c) - 8;
	int width = tui_canvas_wrap_width(text, columns);
	struct tui_box box = { 3, (tui_canvas_columns(c) - width) / 2,
		tui_canvas_lines(c) - 3, width };

	tui_canvas_wrap(c, box, TUI_STYLE_NORMAL, text);
	tui_canvas_cursor(c, 3, box.column);
}

/* Marker and mark of a row; with the row itself all that a line shows. */
static char
look_of(const struct tui_table *t, int64_t row)
{
	const struct tui_table_source *source = t->options.source;
	int is_marked = source->is_marked != NULL && source->is_marked(t->options.user, row);

	return (char)((row == t->row ? 1 : 0) | (is_in_range(t, row) ? 2 : 0) | (is_marked ? 4 : 0));
}

static int
is_kept(const struct tui_table *t, const struct tui_canvas *c, int lines)
{
	const struct tui_table_kept *k = &t->kept;

	return k->changes != 0 && k->changes + t->moves == t->tui->changes && k->top == t->top &&
	    k->fetches == t->fetches && k->lines == lines && k->columns == tui_canvas_columns(c) &&
	    k->scroll == t->scroll;
}

static void
make_room(struct tui_table_kept *k, int lines, int columns)
{
	if (lines != k->lines || columns != k->columns) {
		k->cells = mem_resize(
		    k->cells, (size_t)(lines + 1) * (size_t)columns, sizeof(*k->cells));
		k->looks = mem_resize(k->looks, (size_t)lines + 1, sizeof(*k->looks));
	}
}

static void
draw_rows(struct tui_table *t, struct tui_canvas *c, const struct tui_table_layout *layout)
{
	int lines = t->count - t->top < t->page ? (int)(t->count - t->top) : t->page;
	int can_copy = is_kept(t, c, lines), columns = tui_canvas_columns(c);
	struct tui_table_kept *k = &t->kept;
	int i;

	make_room(k, lines, columns);
	for (i = 0; i < lines; i++) {
		struct tui_cell *cells = &k->cells[(size_t)i * (size_t)columns];
		char look = look_of(t, t->top + i);

		if (can_copy && k->looks[i] == look && (look & 1) == 0) {
			tui_grid_put_line(c, i + 1, cells);
			continue;
		}
		draw_row(t, c, layout, t->top + i);
		tui_grid_keep_line(c, i + 1, cells);
		k->looks[i] = look;
	}
	*k = (struct tui_table_kept){ k->cells, k->looks, lines, columns, t->scroll, t->top, t->fetches,
		t->tui->changes };
	t->moves = 0;
}

void
tui_table_draw(void *self, struct tui_canvas *c)
{
	struct tui_table *t = self;
	struct tui_table_layout layout;

	t->page = tui_canvas_lines(c) - 1 - tui_table_typing_lines(t);
	tui_table_layout_make(&layout, t->options.columns, t->options.column_count,
	    tui_canvas_columns(c) - 2, &t->scroll);
	t->has_right = layout.has_right;
	tui_table_fetch(t);
	draw_head(t, c, &layout);
	if (t->count == 0) {
		draw_empty(t, c);
	}
	draw_rows(t, c, &layout);
	if (tui_table_typing_lines(t) > 0) {
		tui_table_typing_draw(t, c);
	}
}
