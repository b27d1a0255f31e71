/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records as text on a stream: tables and lists of label and value. */
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"
#include "shebao/view.h"

#define GAP 2

static void
put_spaces(FILE *out, int n)
{
	if (n > 0) {
		fprintf(out, "%*s", n, "");
	}
}

/* One cell; the last one of a line is not padded on its right. */
static void
put_cell(FILE *out, const char *text, int width, int is_right, int is_last)
{
	int room = width - text_width(text);

	if (is_right) {
		put_spaces(out, room);
	}
	fputs(text, out);
	if (!is_right && !is_last) {
		put_spaces(out, room);
	}
	if (!is_last) {
		put_spaces(out, GAP);
	}
}

static int
is_right(const struct view *view, size_t column)
{
	const struct field *field = view_field(view, column);

	if (view->columns != NULL) {
		return (view->columns[column].flags & VIEW_RIGHT) != 0;
	}
	return field->type == FIELD_NUMBER || field->type == FIELD_FEN || field->type == FIELD_RATE;
}

static const char *
at(const struct view *view, const void *records, size_t row)
{
	return (const char *)records + row * view->type->size;
}

static void
measure(const struct view *view, const void *records, size_t count, int *widths)
{
	char cell[VIEW_CELL_SIZE];
	size_t n = view_count(view);
	size_t row;
	size_t i;

	for (i = 0; i < n; i++) {
		widths[i] = text_width(view_title(view, i));
	}
	for (row = 0; row < count; row++) {
		for (i = 0; i < n; i++) {
			int width;

			view_cell(view, i, at(view, records, row), cell, sizeof(cell));
			width = text_width(cell);
			if (width > widths[i]) {
				widths[i] = width;
			}
		}
	}
}

void
view_print_table(FILE *out, const struct view *view, const void *records, size_t count)
{
	size_t n = view_count(view);
	int *widths;
	char cell[VIEW_CELL_SIZE];
	size_t row;
	size_t i;

	if (count == 0) {
		fprintf(out, "%s\n", _("（无记录）"));
		return;
	}
	widths = mem_alloc(n * sizeof(*widths));
	measure(view, records, count, widths);
	for (i = 0; i < n; i++) {
		put_cell(out, view_title(view, i), widths[i], is_right(view, i), i + 1 == n);
	}
	fputc('\n', out);
	for (row = 0; row < count; row++) {
		for (i = 0; i < n; i++) {
			view_cell(view, i, at(view, records, row), cell, sizeof(cell));
			put_cell(out, cell, widths[i], is_right(view, i), i + 1 == n);
		}
		fputc('\n', out);
	}
	free(widths);
}

void
view_print_record(FILE *out, const struct view *view, const void *record)
{
	char cell[VIEW_CELL_SIZE];
	size_t n = view_count(view);
	int width = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		int w = text_width(view_title(view, i));

		width = w > width ? w : width;
	}
	for (i = 0; i < n; i++) {
		view_cell(view, i, record, cell, sizeof(cell));
		if (cell[0] != '\0') {
			put_cell(out, view_title(view, i), width, 0, 0);
			fprintf(out, "%s\n", cell);
		}
	}
}
