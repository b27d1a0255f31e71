/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_GRID_H
#define SHEBAO_TUI_GRID_H

#include "shebao/tui_canvas.h"

#include <stddef.h>
#include <stdint.h>

/*
 * The picture that is being painted, as cells in memory: pure, so that it is tested without a
 * terminal. tui_term carries it to the terminal.
 *
 * Invariant: a cell of width 2 is followed by one of width 0, and only by such a one; the two
 * never stand apart.
 */
struct tui_cell {
	uint32_t ch;
	uint32_t mark[2]; /* combining marks, 0: none */
	uint8_t width;    /* 1, 2, or 0: right half of the one before */
	uint8_t style;    /* enum tui_style */
};

struct tui_grid {
	struct tui_cell *cells;
	int lines, columns;
	int cursor_line, cursor_column;
	int ascii;
	struct tui_canvas **parts; /* handed out during this paint, kept for the next */
	size_t part_count, part_size;
};

struct tui_canvas {
	struct tui_grid *grid;
	int line, column, lines, columns;
};

/* { 0 } is an empty grid; sizing clears it. */
void tui_grid_resize(struct tui_grid *grid, int lines, int columns);
void tui_grid_release(struct tui_grid *grid);

/* All blank, cursor home, parts free again. */
void tui_grid_clear(struct tui_grid *grid);

/* A canvas of the grid; valid until the grid is cleared. */
struct tui_canvas *tui_grid_canvas(struct tui_grid *grid, struct tui_box box);

/* A line of a canvas as its columns are now, into or from so many cells of the caller's. */
void tui_grid_keep_line(const struct tui_canvas *canvas, int line, struct tui_cell *cells);
void tui_grid_put_line(const struct tui_canvas *canvas, int line, const struct tui_cell *cells);

/* Asked for each cell of each paint. */
static inline struct tui_cell *
tui_grid_cell(const struct tui_grid *grid, int line, int column)
{
	return &grid->cells[(size_t)line * (size_t)grid->columns + (size_t)column];
}

/* One line as UTF-8 without trailing blanks, for tests. */
size_t tui_grid_line_text(const struct tui_grid *grid, int line, char *out, size_t size);

#endif
