/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list as CSV for spreadsheets: UTF-8 with BOM, heads in Chinese, plain numbers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet_private.h"
#include "shebao/csv.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

struct csv_state {
	FILE *file;
	struct buf row;
};

static int
fail(const struct sheet *sheet, struct err *err)
{
	return err_set(err, ERR_LOCAL, _("无法写入文件 %s：%s"), sheet->path, strerror(errno));
}

static int
flush_row(struct sheet *sheet, struct csv_state *state, struct err *err)
{
	csv_row_end(&state->row);
	if (fwrite(state->row.data, 1, state->row.len, state->file) != state->row.len) {
		return fail(sheet, err);
	}
	buf_clear(&state->row);
	return 0;
}

static int
csv_open(struct sheet *sheet, struct err *err)
{
	struct csv_state *state = mem_alloc(sizeof(*state));
	size_t i;

	sheet->state = state;
	state->file = fopen(sheet->temporary, "w");
	if (state->file == NULL || fputs("\xef\xbb\xbf", state->file) == EOF) {
		return fail(sheet, err);
	}
	for (i = 0; i < sheet->column_count; i++) {
		csv_put(&state->row, view_title(sheet->options.view, i), i == 0);
	}
	return flush_row(sheet, state, err);
}

/* Whether a spreadsheet would take it for a formula: = + - @, also full-width, also behind
 * spaces (OWASP, CSV injection). */
static int
is_formula(const char *text)
{
	uint32_t c;

	do {
		c = text_next(&text);
	} while (c == ' ' || c == 0x3000 || c == 0xa0 || c == 0xfeff);
	return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' ||
	       c == '\n' || c == 0xff1d || c == 0xff0b || c == 0xff0d || c == 0xff20;
}

/* Numbers are ours and may begin with a minus; a text may not. */
static int
is_number(const struct field *field)
{
	return field != NULL && (field->type == FIELD_NUMBER || field->type == FIELD_FEN ||
				    field->type == FIELD_RATE);
}

static int
csv_add(struct sheet *sheet, const void *record, struct err *err)
{
	struct csv_state *state = sheet->state;
	char cell[VIEW_CELL_SIZE + 1];
	size_t i;

	for (i = 0; i < sheet->column_count; i++) {
		const struct field *field = sheet->fields[i];
		char *text = cell + 1;

		if (is_number(field) && field->type != FIELD_RATE) {
			record_print(field, record, text, VIEW_CELL_SIZE);
		} else {
			view_cell(sheet->options.view, i, record, text, VIEW_CELL_SIZE);
		}
		if (!is_number(field) && is_formula(text)) {
			cell[0] = '\'';
			text = cell;
		}
		csv_put(&state->row, text, i == 0);
	}
	return flush_row(sheet, state, err);
}

static int
csv_finish(struct sheet *sheet, struct err *err)
{
	struct csv_state *state = sheet->state;
	int failed = fclose(state->file) != 0;

	state->file = NULL;
	return failed ? fail(sheet, err) : 0;
}

static void
csv_release(struct sheet *sheet)
{
	struct csv_state *state = sheet->state;

	if (state == NULL) {
		return;
	}
	if (state->file != NULL) {
		fclose(state->file);
	}
	buf_release(&state->row);
	free(state);
}

const struct sheet_format sheet_csv_format = {
	.ending = ".csv",
	.open = csv_open,
	.add = csv_add,
	.finish = csv_finish,
	.release = csv_release,
};
