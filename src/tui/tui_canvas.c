/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing text, boxes and lines into the cells of a grid. */
#include "shebao/tui_canvas.h"

#include "tui_grid.h"

#include <string.h>

#include "shebao/mem.h"

#define CLEAN_SIZE 4096

enum glyph {
	GLYPH_ACROSS,
	GLYPH_UPRIGHT,
	GLYPH_TOP_LEFT,
	GLYPH_TOP_RIGHT,
	GLYPH_BOTTOM_LEFT,
	GLYPH_BOTTOM_RIGHT,
	GLYPH_CUT,
	GLYPH_COUNT
};

static const struct {
	uint32_t drawn;
	uint32_t ascii;
} glyphs[] = {
	[GLYPH_ACROSS] = { 0x2500, '-' },
	[GLYPH_UPRIGHT] = { 0x2502, '|' },
	[GLYPH_TOP_LEFT] = { 0x250c, '+' },
	[GLYPH_TOP_RIGHT] = { 0x2510, '+' },
	[GLYPH_BOTTOM_LEFT] = { 0x2514, '+' },
	[GLYPH_BOTTOM_RIGHT] = { 0x2518, '+' },
	[GLYPH_CUT] = { 0x2026, '~' },
};
_Static_assert(ARRAY_LEN(glyphs) == GLYPH_COUNT, "a glyph is missing");

static uint32_t
glyph(const struct tui_canvas *c, enum glyph which)
{
	return c->grid->ascii ? glyphs[which].ascii : glyphs[which].drawn;
}

/* What stays of a double-width character that is covered by half is a blank. */
static void
blank(struct tui_cell *cell)
{
	cell->ch = ' ';
	cell->mark[0] = 0;
	cell->mark[1] = 0;
	cell->width = 1;
}

static void
free_cell(struct tui_grid *grid, int line, int column)
{
	struct tui_cell *cell = tui_grid_cell(grid, line, column);

	if (cell->width == 0 && column > 0) {
		blank(cell - 1);
	}
	if (cell->width == 2 && column + 1 < grid->columns) {
		blank(cell + 1);
	}
	blank(cell);
}

/* Position within the canvas; true if it is visible in canvas and grid. */
static int
is_inside(const struct tui_canvas *c, int line, int column)
{
	return line >= 0 && line < c->lines && column >= 0 && column < c->columns &&
	    c->line + line >= 0 && c->line + line < c->grid->lines &&
	    c->column + column >= 0 && c->column + column < c->grid->columns;
}

static void
set_char(struct tui_canvas *c, int line, int column, uint32_t ch, int width,
    enum tui_style style)
{
	struct tui_cell *cell;

	if (!is_inside(c, line, column) ||
	    (width == 2 && !is_inside(c, line, column + 1))) {
		return;
	}
	free_cell(c->grid, c->line + line, c->column + column);
	cell = tui_grid_cell(c->grid, c->line + line, c->column + column);
	cell->style = (uint8_t)style;
	if (width == 2) {
		free_cell(c->grid, c->line + line, c->column + column + 1);
		cell[1].width = 0;
		cell[1].ch = 0;
		cell[1].style = (uint8_t)style;
	}
	cell->ch = ch;
	cell->width = (uint8_t)width;
}

/* Set n times, of which only the first and the last can cover half of a character. */
static void
set_blanks(struct tui_canvas *c, int line, int column, int n, enum tui_style style)
{
	const struct tui_cell one = { .ch = ' ', .width = 1, .style = (uint8_t)style };
	int end = column + n;
	struct tui_cell *cell;

	while (column < end && !is_inside(c, line, column)) {
		column++;
	}
	while (column < end && !is_inside(c, line, end - 1)) {
		end--;
	}
	if (column == end) {
		return;
	}
	free_cell(c->grid, c->line + line, c->column + column);
	free_cell(c->grid, c->line + line, c->column + end - 1);
	cell = tui_grid_cell(c->grid, c->line + line, c->column + column);
	for (; column < end; column++) {
		*cell++ = one;
	}
}

static void
add_mark(struct tui_canvas *c, int line, int column, uint32_t mark)
{
	struct tui_cell *cell;

	if (!is_inside(c, line, column)) {
		return;
	}
	cell = tui_grid_cell(c->grid, c->line + line, c->column + column);
	if (cell->width == 0) {
		cell--;
	}
	if (cell->mark[0] == 0) {
		cell->mark[0] = mark;
	} else if (cell->mark[1] == 0) {
		cell->mark[1] = mark;
	}
}

/* Draws n bytes of s from column on; returns the column behind. */
static int
put_bytes(struct tui_canvas *c, int line, int column, enum tui_style style, const char *s,
    size_t n)
{
	const char *end = s + n;
	int first = column;

	while (s < end) {
		uint32_t ch = text_next(&s);
		int width = ch < 0x20 ? 1 : text_char_width(ch);

		if (width == 0) {
			/* A mark at the beginning has nothing of its own to stand on. */
			if (column > first) {
				add_mark(c, line, column - 1, ch);
			}
			continue;
		}
		set_char(c, line, column, ch < 0x20 ? ' ' : ch, width, style);
		column += width;
	}
	return column;
}

int
tui_canvas_lines(const struct tui_canvas *c)
{
	return c->lines;
}

int
tui_canvas_columns(const struct tui_canvas *c)
{
	return c->columns;
}

/* The second door: what somebody called clean and is not becomes so here, before a byte of it can
 * reach the terminal. Of a very long text, the part that could be seen. */
static int
put_unclean(struct tui_canvas *c, struct tui_span where, enum tui_style style,
    enum tui_align align, struct text text)
{
	char clean[CLEAN_SIZE];

	text_clean_copy(clean, sizeof(clean), text.s, strlen(text.s));
	return tui_canvas_put(c, where, style, align, text_cleaned(clean));
}

int
tui_canvas_put(struct tui_canvas *c, struct tui_span where, enum tui_style style,
    enum tui_align align, struct text text)
{
	size_t length = strlen(text.s);
	int width = text_width(text.s);
	int room = where.columns > 0 ? where.columns : width;
	int column = where.column;
	int taken = width;

	if (!text_is_clean(text.s, length)) {
		return put_unclean(c, where, style, align, text);
	}
	if (room > c->columns - where.column) {
		room = c->columns - where.column;
	}
	if (room <= 0) {
		return 0;
	}
	set_blanks(c, where.line, where.column, room, style);
	if (width <= room) {
		if (align != TUI_ALIGN_LEFT) {
			column +=
			    align == TUI_ALIGN_RIGHT ? room - width : (room - width) / 2;
		}
		put_bytes(c, where.line, column, style, text.s, length);
		return taken;
	}
	put_bytes(c, where.line, column, style, text.s,
	    text_prefix(text.s, room - 1, &taken));
	set_char(c, where.line, column + taken, glyph(c, GLYPH_CUT), 1, style);
	return taken + 1;
}

int
tui_canvas_text(
    struct tui_canvas *c, int line, int column, enum tui_style style, struct text text)
{
	struct tui_span where = { line, column, 0 };

	return tui_canvas_put(c, where, style, TUI_ALIGN_LEFT, text);
}

void
tui_canvas_fill(struct tui_canvas *c, struct tui_box box, enum tui_style style)
{
	int line;

	for (line = box.line; line < box.line + box.lines; line++) {
		set_blanks(c, line, box.column, box.columns, style);
	}
}

void
tui_canvas_restyle(struct tui_canvas *c, struct tui_span where, enum tui_style style)
{
	int x;

	for (x = where.column; x < where.column + where.columns; x++) {
		if (is_inside(c, where.line, x)) {
			tui_grid_cell(c->grid, c->line + where.line, c->column + x)
			    ->style = (uint8_t)style;
		}
	}
}

void
tui_canvas_rule(struct tui_canvas *c, struct tui_span where, enum tui_style style)
{
	int x;

	for (x = 0; x < where.columns; x++) {
		set_char(
		    c, where.line, where.column + x, glyph(c, GLYPH_ACROSS), 1, style);
	}
}

void
tui_canvas_upright(struct tui_canvas *c, struct tui_box box, enum tui_style style)
{
	int y;

	for (y = 0; y < box.lines; y++) {
		set_char(c, box.line + y, box.column, glyph(c, GLYPH_UPRIGHT), 1, style);
	}
}

void
tui_canvas_frame(struct tui_canvas *c, struct tui_box box, struct text title)
{
	const enum tui_style style = TUI_STYLE_BORDER;
	int right = box.column + box.columns - 1;
	int bottom = box.line + box.lines - 1;
	struct tui_span edge = { box.line, box.column + 1, box.columns - 2 };
	struct tui_box side = { box.line + 1, box.column, box.lines - 2, 1 };
	int width = text_width(title.s);

	tui_canvas_fill(c, box, TUI_STYLE_NORMAL);
	tui_canvas_rule(c, edge, style);
	edge.line = bottom;
	tui_canvas_rule(c, edge, style);
	tui_canvas_upright(c, side, style);
	side.column = right;
	tui_canvas_upright(c, side, style);
	set_char(c, box.line, box.column, glyph(c, GLYPH_TOP_LEFT), 1, style);
	set_char(c, box.line, right, glyph(c, GLYPH_TOP_RIGHT), 1, style);
	set_char(c, bottom, box.column, glyph(c, GLYPH_BOTTOM_LEFT), 1, style);
	set_char(c, bottom, right, glyph(c, GLYPH_BOTTOM_RIGHT), 1, style);
	if (width > 0 && box.columns > 8) {
		struct tui_span head = { box.line, box.column + 2, width + 2 };

		if (head.columns > box.columns - 4) {
			head.columns = box.columns - 4;
		}
		tui_canvas_put(c, head, TUI_STYLE_STRONG, TUI_ALIGN_CENTER, title);
	}
}

/* Characters that must not begin a line, and those that must not end one. */
static int
is_closing(uint32_t c)
{
	return strchr(",.;:!?)]}%", (int)(c < 0x80 ? c : 'a')) != NULL || c == 0x3001 ||
	    c == 0x3002 || c == 0xff0c || c == 0xff1a || c == 0xff1b || c == 0xff01 ||
	    c == 0xff1f || c == 0xff09 || c == 0x3011 || c == 0x300b || c == 0x300d ||
	    c == 0x300f || c == 0x201d || c == 0x2019;
}

static int
is_opening(uint32_t c)
{
	return c == '(' || c == '[' || c == 0xff08 || c == 0x3010 || c == 0x300a ||
	    c == 0x300c || c == 0x300e || c == 0x201c || c == 0x2018;
}

/* One line of wrapped text: *start gets its first byte, the result is its length; *s moves to
 * where the next one begins, NULL at the end. */
static size_t
wrap_next(const char **s, int columns, const char **start)
{
	const char *p = *s;
	const char *cut = NULL;
	uint32_t before = 0;
	int width = 0;

	*start = p;
	while (*p != '\0' && *p != '\n') {
		const char *here = p;
		uint32_t c = text_next(&p);
		int w = text_char_width(c);

		if (here > *start && !is_closing(c) && !is_opening(before) && c != ' ' &&
		    (before == ' ' || text_char_width(before) == 2 || w == 2)) {
			cut = here;
		}
		if (width + w > columns && here > *start && c != ' ') {
			*s = cut != NULL ? cut : here;
			return (size_t)(*s - *start);
		}
		width += w;
		before = c;
	}
	*s = *p == '\n' ? p + 1 : NULL;
	return (size_t)(p - *start);
}

static void
put_line(struct tui_canvas *c, int line, enum tui_style style, const char *s, size_t n)
{
	char clean[CLEAN_SIZE];

	if (text_is_clean(s, n)) {
		put_bytes(c, line, 0, style, s, n);
	} else {
		text_clean_copy(clean, sizeof(clean), s, n);
		put_bytes(c, line, 0, style, clean, strlen(clean));
	}
}

int
tui_canvas_wrap(
    struct tui_canvas *c, struct tui_box box, enum tui_style style, const char *text)
{
	const char *s = text;
	const char *start;
	int line = 0;

	while (s != NULL && box.columns > 0) {
		size_t n = wrap_next(&s, box.columns, &start);

		if (line < box.lines) {
			struct tui_canvas *part = tui_canvas_part(c, box);

			put_line(part, line, style, start, n);
		}
		line++;
	}
	return line;
}

int
tui_canvas_wrap_lines(const char *text, int columns)
{
	struct tui_box none = { 0, 0, 0, columns };

	return tui_canvas_wrap(NULL, none, TUI_STYLE_NORMAL, text);
}

int
tui_canvas_wrap_width(const char *text, int limit)
{
	const char *s = text;
	const char *start;
	int widest = 0;

	while (s != NULL && limit > 0) {
		size_t n = wrap_next(&s, limit, &start);
		int width = 0;

		while (n > 0) {
			const char *p = start;

			width += text_char_width(text_next(&p));
			n -= (size_t)(p - start);
			start = p;
		}
		widest = width > widest ? width : widest;
	}
	return widest < limit ? widest : limit;
}

void
tui_canvas_cursor(struct tui_canvas *c, int line, int column)
{
	if (is_inside(c, line, column)) {
		c->grid->cursor_line = c->line + line;
		c->grid->cursor_column = c->column + column;
	}
}

struct tui_canvas *
tui_canvas_part(struct tui_canvas *c, struct tui_box box)
{
	/* A part never reaches beyond what it is a part of. */
	if (box.lines > c->lines - box.line) {
		box.lines = c->lines - box.line;
	}
	if (box.columns > c->columns - box.column) {
		box.columns = c->columns - box.column;
	}
	box.line += c->line;
	box.column += c->column;
	return tui_grid_canvas(c->grid, box);
}

int
tui_canvas_is_ascii(const struct tui_canvas *c)
{
	return c->grid->ascii;
}
