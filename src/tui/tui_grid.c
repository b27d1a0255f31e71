/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of the picture, and the canvases that look at parts of it. */
#include "tui_grid.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"

void
tui_grid_resize(struct tui_grid *grid, int lines, int columns)
{
	size_t count = (size_t)lines * (size_t)columns;

	grid->cells =
	    mem_resize(grid->cells, count > 0 ? count : 1, sizeof(*grid->cells));
	grid->lines = lines;
	grid->columns = columns;
	tui_grid_clear(grid);
}

void
tui_grid_release(struct tui_grid *grid)
{
	size_t i;

	for (i = 0; i < grid->part_size; i++) {
		free(grid->parts[i]);
	}
	free(grid->parts);
	free(grid->cells);
	*grid = (struct tui_grid){ 0 };
}

void
tui_grid_clear(struct tui_grid *grid)
{
	size_t count = (size_t)grid->lines * (size_t)grid->columns;
	size_t i, n;

	/* Copied in ever longer stretches: this is done before every paint. */
	for (i = 0; i < count && i < 64; i++) {
		grid->cells[i] = (struct tui_cell){ .ch = ' ', .width = 1 };
	}
	for (; i < count; i += n) {
		n = i < count - i ? i : count - i;
		memcpy(&grid->cells[i], grid->cells, n * sizeof(*grid->cells));
	}
	grid->cursor_line = 0;
	grid->cursor_column = 0;
	grid->part_count = 0;
}

struct tui_canvas *
tui_grid_canvas(struct tui_grid *grid, struct tui_box box)
{
	struct tui_canvas *c;

	if (grid->part_count == grid->part_size) {
		grid->parts =
		    mem_resize(grid->parts, grid->part_size + 1,
			sizeof(*grid->parts)); /* NOLINT(bugprone-sizeof-expression) */
		grid->parts[grid->part_size] = mem_alloc(sizeof(*c));
		grid->part_size++;
	}
	c = grid->parts[grid->part_count];
	grid->part_count++;
	*c = (struct tui_canvas){ grid, box.line, box.column, box.lines, box.columns };
	return c;
}

void
tui_grid_keep_line(const struct tui_canvas *canvas, int line, struct tui_cell *cells)
{
	memcpy(cells, tui_grid_cell(canvas->grid, canvas->line + line, canvas->column),
	    (size_t)canvas->columns * sizeof(*cells));
}

void
tui_grid_put_line(const struct tui_canvas *canvas, int line, const struct tui_cell *cells)
{
	memcpy(tui_grid_cell(canvas->grid, canvas->line + line, canvas->column), cells,
	    (size_t)canvas->columns * sizeof(*cells));
}

size_t
tui_grid_line_text(const struct tui_grid *grid, int line, char *out, size_t size)
{
	size_t len = 0;
	int column, k;

	for (column = 0; column < grid->columns; column++) {
		const struct tui_cell *cell = tui_grid_cell(grid, line, column);

		if (cell->width == 0 || len + 13 > size) {
			continue;
		}
		len += text_put(out + len, cell->ch);
		for (k = 0; k < 2 && cell->mark[k] != 0; k++) {
			len += text_put(out + len, cell->mark[k]);
		}
	}
	while (len > 0 && out[len - 1] == ' ') {
		len--;
	}
	out[len] = '\0';
	return len;
}
