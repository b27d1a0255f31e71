/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From picture to picture in few bytes. */
#include "tui_paint.h"

#include <limits.h>
#include <string.h>
#include <wchar.h>

#include "shebao/mem.h"

#define SKIP_LEAST 6   /* equal cells that cost as much as moving over them */
#define ERASE_LEAST 4  /* blanks that erasing the line is cheaper than */
#define SCROLL_LEAST 4 /* lines that scrolling must save */

/* What all terminals give the same width, whatever their tables: after anything else the cursor is put
 * where the next character belongs. Lines of boxes are among them; where they are doubtful, borders
 * are ASCII. */
static const struct {
	uint32_t first, last;
} certain[] = {
	{ 0x4e00, 0x9fff }, /* hanzi */
	{ 0xff01, 0xff5e }, /* full-width ASCII */
	{ 0x3000, 0x3029 }, /* punctuation */
	{ 0x2500, 0x257f }, /* boxes */
	{ 0x3041, 0x3096 }, /* kana */
	{ 0x30a1, 0x30fa },
	{ 0xac00, 0xd7a3 }, /* hangul */
};

/* What no terminal takes for a mark that belongs on the cell before, of what has a doubtful width.
 * Tables of other years disagree about much else. */
static const struct {
	uint32_t first, last;
} standing[] = {
	{ 0x00a1, 0x02ff },
	{ 0x0370, 0x0482 },
	{ 0x048a, 0x052f },
	{ 0x2010, 0x2027 },
	{ 0x2030, 0x205e },
	{ 0x2070, 0x20cf },
	{ 0x2100, 0x2bff },
	{ 0xfffd, 0xfffd },
};

static int
is_doubtful(const struct tui_cell *cell)
{
	size_t i;

	if (cell->ch < 0x80 && cell->mark[0] == 0) {
		return 0;
	}
	if (cell->mark[0] != 0 || wcwidth((wchar_t)cell->ch) != cell->width) {
		return 1;
	}
	for (i = 0; i < ARRAY_LEN(certain); i++) {
		if (cell->ch >= certain[i].first && cell->ch <= certain[i].last) {
			return 0;
		}
	}
	return 1;
}

void
tui_paint_release(struct tui_paint *paint)
{
	tui_caps_unload(&paint->caps);
	tui_grid_release(&paint->shown);
	buf_release(&paint->out);
}

static int
is_same(const struct tui_cell *a, const struct tui_cell *b)
{
	return a->ch == b->ch && a->style == b->style && a->width == b->width &&
	    a->mark[0] == b->mark[0] && a->mark[1] == b->mark[1];
}

static int
is_blank(const struct tui_cell *cell)
{
	return cell->ch == ' ' && cell->style == TUI_STYLE_NORMAL;
}

static void
set_style(struct tui_paint *p, int style)
{
	if (p->caps.styles[style][0] == '\0') {
		style = TUI_STYLE_NORMAL; /* this terminal shows no difference */
	}
	if (p->style == style) {
		return;
	}
	if (p->style != TUI_STYLE_NORMAL) {
		buf_puts(&p->out, p->caps.plain);
	}
	buf_puts(&p->out, p->caps.styles[style]);
	p->style = style;
}

/* Underline and reverse video must not smear over what the cursor jumps across, so it may
 * move with any style on; only the bytes count. */
static void
move_to(struct tui_paint *p, int line, int column)
{
	if (p->line == line && p->column == column) {
		return;
	}
	if (p->line == line && column == 0) {
		buf_puts(&p->out, "\r");
	} else if (p->line == line && column < p->column && p->column - column <= 4) {
		buf_put(&p->out, "\b\b\b\b", (size_t)(p->column - column));
	} else if (p->line >= 0 && p->line + 1 == line && column == 0) {
		buf_puts(&p->out, "\r\n");
	} else {
		tui_caps_move(&p->out, line, column);
	}
	p->line = line;
	p->column = column;
}

static void
put_wide(struct tui_paint *p, uint32_t c, int width)
{
	char bytes[MB_LEN_MAX];
	mbstate_t state = { 0 };
	size_t n = c < 0x80 ? 0 : wcrtomb(bytes, (wchar_t)c, &state);

	if (c < 0x80) {
		bytes[0] = (char)c;
		n = 1;
	} else if (n == (size_t)-1) { /* the terminal's encoding has no such character */
		bytes[0] = '?';
		bytes[1] = ' ';
		n = width == 2 ? 2 : 1;
	}
	buf_put(&p->out, bytes, n);
}

static int
stands_alone(uint32_t c)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(standing); i++) {
		if (c >= standing[i].first && c <= standing[i].last) {
			return 1;
		}
	}
	return c < 0x80;
}

/* Marks that every terminal puts on the cell before; another could take cells of its own, so it is
 * left out. */
static void
put_mark(struct tui_paint *p, uint32_t mark)
{
	static const struct {
		uint32_t first, last;
	} agreed[] = {
		{ 0x0300, 0x036f },
		{ 0x0483, 0x0486 },
		{ 0x0591, 0x05bd },
		{ 0x064b, 0x0655 },
		{ 0x0e34, 0x0e3a },
		{ 0x0e47, 0x0e4e },
		{ 0x20d0, 0x20dc },
		{ 0x3099, 0x309a },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(agreed); i++) {
		if (mark >= agreed[i].first && mark <= agreed[i].last) {
			put_wide(p, mark, 0);
		}
	}
}

/* Blanks where a doubtful character will stand: it may fill one column of two, and then what was there
 * must not stay; or the terminal takes it for a mark of what was written last, which then is a
 * blank of its own. */
static void
put_ground(struct tui_paint *p, const struct tui_cell *cell, int line, int column)
{
	buf_put(&p->out, "  ", cell->width);
	p->column += cell->width;
	p->line = p->column >= p->shown.columns ? -1 : line;
	move_to(p, line, column);
}

/* What the C library gives no width the terminal may take for a mark of the cell before. */
static uint32_t
shown_char(const struct tui_cell *cell)
{
	return cell->ch < 0x80 || wcwidth((wchar_t)cell->ch) > 0 ? cell->ch : 0xfffd;
}

static void
put_cell(struct tui_paint *p, const struct tui_cell *cell, int line, int column)
{
	int doubt = is_doubtful(cell);

	set_style(p, cell->style);
	move_to(p, line, column);
	if (doubt && (cell->width == 2 || !stands_alone(cell->ch))) {
		put_ground(p, cell, line, column);
	}
	put_wide(p, shown_char(cell), cell->width);
	put_mark(p, cell->mark[0]);
	put_mark(p, cell->mark[1]);
	p->column += cell->width;
	/* In the last column terminals differ about where the cursor is, too. */
	if (doubt || p->column >= p->shown.columns) {
		p->line = -1;
	}
}

/* Column from which on the line is blank. */
static int
blank_from(const struct tui_cell *cells, int columns)
{
	while (columns > 0 && is_blank(&cells[columns - 1])) {
		columns--;
	}
	return columns;
}

static int
next_difference(const struct tui_cell *now, const struct tui_cell *old, int x, int end)
{
	while (x < end && is_same(&now[x], &old[x])) {
		x++;
	}
	return x;
}

/* Changed cells from x on to where a long equal stretch begins. Behind a character of doubtful width,
 * new or old, the next cell is written again: it may have been covered. */
static int
put_stretch(struct tui_paint *p, const struct tui_cell *now, const struct tui_cell *old,
    int line, int x, int end)
{
	while (x < end) {
		int next = x == p->again ? x : next_difference(now, old, x, end);

		if (next == end || next - x >= SKIP_LEAST) {
			return next;
		}
		if (now[x].width != 0) {
			if (is_doubtful(&now[x]) || is_doubtful(&old[x])) {
				p->again = x + now[x].width;
			}
			put_cell(p, &now[x], line, x);
		}
		x++;
	}
	return x;
}

static void
put_line(struct tui_paint *p, const struct tui_grid *grid, int line)
{
	const struct tui_cell *now = tui_grid_cell(grid, line, 0);
	struct tui_cell *old = tui_grid_cell(&p->shown, line, 0);
	int columns = grid->columns;
	int end = columns;
	int blank;
	int x;

	if (memcmp(now, old, (size_t)columns * sizeof(*now)) == 0) {
		return;
	}
	/* Writing the last cell of the last line may scroll the screen. */
	if (line == grid->lines - 1) {
		end--;
		old[end] = now[end];
	}
	blank = blank_from(now, columns);
	if (p->caps.erase_line[0] != '\0' &&
	    blank_from(old, columns) - blank >= ERASE_LEAST) {
		end = blank;
	}
	p->again = -1;
	x = next_difference(now, old, 0, end);
	while (x < end) {
		x = put_stretch(p, now, old, line, x, end);
	}
	if (end == blank && end < columns &&
	    (p->again == end || next_difference(now, old, blank, columns) < columns)) {
		set_style(p, TUI_STYLE_NORMAL);
		move_to(p, line, blank);
		buf_puts(&p->out, p->caps.erase_line);
	}
	memcpy(old, now, (size_t)columns * sizeof(*now));
}

static int
is_same_line(const struct tui_grid *a, int line_a, const struct tui_grid *b, int line_b)
{
	const struct tui_cell *x = tui_grid_cell(a, line_a, 0);
	const struct tui_cell *y = tui_grid_cell(b, line_b, 0);

	return memcmp(x, y, (size_t)a->columns * sizeof(*x)) == 0 ||
	    next_difference(x, y, 0, a->columns) == a->columns;
}

/* True if the line is more like the one it would be scrolled from than like itself: rows of
 * which only the marker moved on. */
static int
gains(const struct tui_paint *p, const struct tui_grid *grid, int line, int step)
{
	const struct tui_cell *now = tui_grid_cell(grid, line, 0);
	const struct tui_cell *same = tui_grid_cell(&p->shown, line, 0);
	const struct tui_cell *from = tui_grid_cell(&p->shown, line + step, 0);
	int gain = 0;
	int x;

	for (x = 0; x < grid->columns; x++) {
		gain += is_same(&now[x], &from[x]) - is_same(&now[x], &same[x]);
	}
	return gain > 0;
}

static void
shift_shown(struct tui_paint *p, int first, int last, int is_up)
{
	size_t line = (size_t)p->shown.columns * sizeof(struct tui_cell);
	size_t moved = (size_t)(last - first) * line;
	int bare = is_up ? last : first;
	int x;

	if (is_up) {
		memmove(tui_grid_cell(&p->shown, first, 0),
		    tui_grid_cell(&p->shown, first + 1, 0), moved);
	} else {
		memmove(tui_grid_cell(&p->shown, first + 1, 0),
		    tui_grid_cell(&p->shown, first, 0), moved);
	}
	for (x = 0; x < p->shown.columns; x++) {
		*tui_grid_cell(&p->shown, bare, x) =
		    (struct tui_cell){ .ch = ' ', .width = 1 };
	}
}

/* Lets the terminal move lines when most of a block of them moved by one. */
static void
scroll(struct tui_paint *p, const struct tui_grid *grid, int step)
{
	int saved = 0;
	int first = -1;
	int last = -1;
	int i;

	for (i = step > 0 ? 0 : 1; i < grid->lines - (step > 0 ? 1 : 0); i++) {
		int moved = is_same_line(grid, i, &p->shown, i + step);
		int stayed = is_same_line(grid, i, &p->shown, i);

		if (moved && !stayed) {
			first = first < 0 ? i : first;
			last = i;
			saved++;
		} else if (stayed && !moved && saved >= SCROLL_LEAST) {
			break; /* below the block */
		} else if (stayed && !moved) {
			first = -1;
			saved = 0;
		}
	}
	if (first < 0 || saved < SCROLL_LEAST) {
		return;
	}
	while (
	    first - 1 + (step < 0 ? step : 0) >= 0 && gains(p, grid, first - 1, step)) {
		first--;
	}
	while (last + 1 + (step > 0 ? step : 0) < grid->lines &&
	    gains(p, grid, last + 1, step)) {
		last++;
	}
	first = step > 0 ? first : first - 1;
	last = step > 0 ? last + 1 : last;
	set_style(p, TUI_STYLE_NORMAL);
	tui_caps_scroll(&p->out, first, last, step > 0, grid->lines);
	p->line = -1;
	shift_shown(p, first, last, step > 0);
}

/* The first lines that differ, no more than scrolling must save. */
static int
find_changes(const struct tui_paint *p, const struct tui_grid *grid, int lines[SCROLL_LEAST])
{
	int count = 0;
	int line;

	for (line = 0; line < grid->lines && count < SCROLL_LEAST; line++) {
		if (!is_same_line(grid, line, &p->shown, line)) {
			lines[count++] = line;
		}
	}
	return count;
}

/* Lines of which only a few may differ, as when the marker moves. */
static void
put_changes(struct tui_paint *p, const struct tui_grid *grid)
{
	int lines[SCROLL_LEAST];
	int count = find_changes(p, grid, lines);
	int line;

	if (count < SCROLL_LEAST) {
		for (line = 0; line < count; line++) {
			put_line(p, grid, lines[line]);
		}
		return;
	}
	if (p->caps.can_scroll) {
		scroll(p, grid, 1);
		scroll(p, grid, -1);
	}
	for (line = 0; line < grid->lines; line++) {
		put_line(p, grid, line);
	}
}

void
tui_paint_make(struct tui_paint *paint, const struct tui_grid *grid, int all)
{
	int line;

	buf_clear(&paint->out);
	if (all || grid->lines != paint->shown.lines ||
	    grid->columns != paint->shown.columns) {
		tui_grid_resize(&paint->shown, grid->lines, grid->columns);
		buf_puts(&paint->out, paint->caps.plain);
		buf_puts(&paint->out, paint->caps.clear);
		paint->style = TUI_STYLE_NORMAL;
		paint->line = -1;
		for (line = 0; line < grid->lines; line++) {
			put_line(paint, grid, line);
		}
	} else {
		put_changes(paint, grid);
	}
	set_style(paint, TUI_STYLE_NORMAL);
	move_to(paint, grid->cursor_line, grid->cursor_column);
}
