/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list as XLSX, rows written through in constant memory. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xlsxwriter.h>

#include "sheet_private.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

#define SHEET_NAME_MAX 31 /* characters, Excel's limit */
#define WIDTH_MAX 60

struct xlsx_state {
	lxw_workbook *book;
	lxw_worksheet *list;
	lxw_format *head, *text, *number, *money, *rate, *total, *total_money, *heading;
	lxw_row_t row;
	lxw_row_t head_row;
};

static int
fail(const struct sheet *sheet, const char *why, struct err *err)
{
	return err_set(err, ERR_LOCAL, _("无法写入文件 %s：%s"), sheet->path, why);
}

static lxw_format *
add_format(lxw_workbook *book, const char *number, int is_bold)
{
	lxw_format *format = workbook_add_format(book);

	if (number != NULL) {
		format_set_num_format(format, number);
	}
	if (is_bold) {
		format_set_bold(format);
	}
	return format;
}

static void
add_formats(struct xlsx_state *x)
{
	x->head = add_format(x->book, NULL, 1);
	format_set_align(x->head, LXW_ALIGN_CENTER);
	format_set_border(x->head, LXW_BORDER_THIN);
	format_set_bg_color(x->head, 0xE7EEF7);
	x->heading = add_format(x->book, NULL, 1);
	/* Text, so that a spreadsheet keeps 00048857 as it is when the cell is edited. */
	x->text = add_format(x->book, "@", 0);
	x->number = add_format(x->book, "#,##0", 0);
	x->money = add_format(x->book, "#,##0.00", 0);
	x->rate = add_format(x->book, "0.00%", 0);
	x->total = add_format(x->book, "#,##0", 1);
	format_set_top(x->total, LXW_BORDER_THIN);
	x->total_money = add_format(x->book, "#,##0.00", 1);
	format_set_top(x->total_money, LXW_BORDER_THIN);
}

/* A name Excel accepts: no []:*?/\, at most 31 characters. */
static void
sheet_name(const char *title, char out[SHEET_NAME_MAX * 4 + 1])
{
	size_t n = 0;
	int i;

	for (i = 0; i < SHEET_NAME_MAX; i++) {
		uint32_t c = text_next(&title);

		if (c == 0) {
			break;
		}
		n += text_put(out + n, c < 128 && strchr("[]:*?/\\'", (int)c) != NULL ? '_' : c);
	}
	out[n] = '\0';
}

static lxw_worksheet *
add_sheet(lxw_workbook *book, const char *title)
{
	char name[SHEET_NAME_MAX * 4 + 1];

	sheet_name(title, name);
	return workbook_add_worksheet(book, name);
}

/* The time of the list, not of the clock: same list, same bytes. */
static void
set_properties(const struct sheet *sheet, lxw_workbook *book)
{
	char title[128];
	char author[] = "shebao " SHEBAO_VERSION;
	lxw_doc_properties properties = { .title = title,
		.author = author,
		.created = (time_t)(sheet->options.created_at / 1000) };

	mem_copy_text(title, sizeof(title), i18n_text(sheet->options.view->title));
	workbook_set_properties(book, &properties);
}

static double
column_width(const struct sheet *sheet, size_t column)
{
	const struct view *view = sheet->options.view;
	int width = view->columns == NULL ? 20 : view->columns[column].width;
	int head = text_width(view_title(view, column));

	width = head > width ? head : width;
	return (width > WIDTH_MAX ? WIDTH_MAX : width) + 2;
}

static lxw_format *
column_format(const struct xlsx_state *x, const struct field *field)
{
	if (field == NULL) {
		return x->text;
	}
	return field->type == FIELD_FEN	     ? x->money
	       : field->type == FIELD_NUMBER ? x->number
	       : field->type == FIELD_RATE   ? x->rate
					     : x->text;
}

static void
put_head(struct sheet *sheet, struct xlsx_state *x)
{
	const struct view *view = sheet->options.view;
	lxw_col_t frozen = 0;
	size_t i;

	if (sheet->heading != NULL) {
		worksheet_write_string(x->list, x->row++, 0, sheet->heading, x->heading);
	}
	x->head_row = x->row++;
	for (i = 0; i < sheet->column_count; i++) {
		lxw_col_t at = (lxw_col_t)i;

		worksheet_set_column(x->list, at, at, column_width(sheet, i), NULL);
		worksheet_write_string(x->list, x->head_row, at, view_title(view, i), x->head);
		if (frozen == at && (sheet_flags(sheet, i) & VIEW_FROZEN) != 0) {
			frozen++;
		}
	}
	worksheet_freeze_panes(x->list, x->row, frozen);
	worksheet_repeat_rows(x->list, x->head_row, x->head_row);
	worksheet_set_landscape(x->list);
	worksheet_set_paper(x->list, 9); /* A4 */
	worksheet_fit_to_pages(x->list, 1, 0);
}

static int
xlsx_open(struct sheet *sheet, struct err *err)
{
	struct xlsx_state *x = mem_alloc(sizeof(*x));
	/* Rows wait beside the target, not in a /tmp that may be memory. */
	lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = sheet->folder };

	sheet->state = x;
	x->book = workbook_new_opt(sheet->temporary, &options);
	if (x->book == NULL) {
		return fail(sheet, strerror(errno), err);
	}
	set_properties(sheet, x->book);
	add_formats(x);
	x->list = add_sheet(x->book, i18n_text(sheet->options.view->title));
	if (x->list == NULL) {
		return fail(sheet, strerror(errno), err);
	}
	put_head(sheet, x);
	return 0;
}

static lxw_error
put_cell(struct sheet *sheet, struct xlsx_state *x, lxw_col_t column, const void *record)
{
	const struct field *field = sheet->fields[column];
	lxw_format *format = column_format(x, field);
	char cell[VIEW_CELL_SIZE];

	if (format == x->text) {
		view_cell(sheet->options.view, column, record, cell, sizeof(cell));
		/* A string cell is never a formula, whatever it begins with. */
		return worksheet_write_string(x->list, x->row, column, cell, format);
	}
	/* XLSX knows no other number than double: exact to the fen below 9 * 10^13 yuan. */
	return worksheet_write_number(x->list, x->row, column,
	    (double)record_number(field, record) /
		(field->type == FIELD_FEN ? 100.0 : field->type == FIELD_RATE ? 1e6 : 1.0),
	    format);
}

static int
xlsx_add(struct sheet *sheet, const void *record, struct err *err)
{
	struct xlsx_state *x = sheet->state;
	size_t i;

	if (sheet->count >= SHEET_XLSX_ROWS_MAX) {
		return err_set(err, ERR_LIMIT, _("超过 %d 行，一张 .xlsx 工作表放不下，请改用 .csv"),
		    SHEET_XLSX_ROWS_MAX);
	}
	for (i = 0; i < sheet->column_count; i++) {
		lxw_error failed = put_cell(sheet, x, (lxw_col_t)i, record);

		if (failed != LXW_NO_ERROR) {
			return fail(sheet, lxw_strerror(failed), err);
		}
	}
	x->row++;
	return 0;
}

static void
put_totals(struct sheet *sheet, struct xlsx_state *x)
{
	size_t i;

	for (i = 0; i < sheet->column_count; i++) {
		const struct field *field = sheet->fields[i];
		lxw_col_t at = (lxw_col_t)i;

		if ((sheet_flags(sheet, i) & VIEW_TOTAL) == 0) {
			worksheet_write_string(
			    x->list, x->row, at, i == 0 ? _("合计") : "", x->total);
		} else if (field->type == FIELD_FEN) {
			worksheet_write_number(x->list, x->row, at,
			    (double)sheet->totals[i] / 100.0, x->total_money);
		} else {
			worksheet_write_number(
			    x->list, x->row, at, (double)sheet->totals[i], x->total);
		}
	}
	x->row++;
}

static lxw_col_t
put_group_heads(
    struct sheet *sheet, struct xlsx_state *x, lxw_worksheet *to, const char *const *keys)
{
	const struct view *view = sheet->options.view;
	lxw_col_t at = 0;
	size_t i;

	for (i = 0; i < 4 && keys[i] != NULL; i++) {
		size_t column = (size_t)view_find(view, keys[i]);

		worksheet_set_column(to, at, at, column_width(sheet, column), NULL);
		worksheet_write_string(to, 0, at++, view_title(view, column), x->head);
	}
	worksheet_set_column(to, at, at, 10, NULL);
	worksheet_write_string(to, 0, at++, _("笔数"), x->head);
	for (i = 0; i < sheet->column_count; i++) {
		if ((sheet_flags(sheet, i) & VIEW_TOTAL) != 0) {
			worksheet_set_column(to, at, at, column_width(sheet, i) + 4, NULL);
			worksheet_write_string(to, 0, at++, view_title(view, i), x->head);
		}
	}
	worksheet_freeze_panes(to, 1, 0);
	return at;
}

/* A line of sums on a summary sheet, from this cell on. */
struct sums {
	lxw_worksheet *to;
	lxw_row_t row;
	lxw_col_t at;
	const int64_t *totals;
	int64_t count;
	int is_total;
};

static void
put_sums(const struct sheet *sheet, const struct xlsx_state *x, const struct sums *sums)
{
	lxw_col_t at = sums->at;
	size_t i;

	worksheet_write_number(sums->to, sums->row, at++, (double)sums->count,
	    sums->is_total ? x->total : x->number);
	for (i = 0; i < sheet->column_count; i++) {
		int is_money;

		if ((sheet_flags(sheet, i) & VIEW_TOTAL) == 0) {
			continue;
		}
		is_money = sheet->fields[i]->type == FIELD_FEN;
		worksheet_write_number(sums->to, sums->row, at++,
		    (double)sums->totals[i] / (is_money ? 100.0 : 1.0),
		    is_money ? (sums->is_total ? x->total_money : x->money)
			     : (sums->is_total ? x->total : x->number));
	}
}

static int
put_summary(struct sheet *sheet, struct xlsx_state *x, size_t index, struct err *err)
{
	const struct sheet_summary *what = &sheet->options.summaries[index];
	lxw_worksheet *to = add_sheet(x->book, i18n_text(what->title));
	const struct sheet_group *groups;
	size_t count;
	size_t i;
	lxw_col_t keys = 0;

	if (to == NULL) {
		return fail(sheet, i18n_text(what->title), err);
	}
	put_group_heads(sheet, x, to, what->keys);
	while (keys < 4 && what->keys[keys] != NULL) {
		keys++;
	}
	groups = sheet_groups_sorted(sheet->groups[index], &count);
	for (i = 0; i < count; i++) {
		lxw_col_t k;

		for (k = 0; k < keys; k++) {
			worksheet_write_string(to, (lxw_row_t)i + 1, k, groups[i].keys[k], x->text);
		}
		put_sums(sheet, x,
		    &(struct sums){ .to = to,
			.row = (lxw_row_t)i + 1,
			.at = keys,
			.totals = groups[i].totals,
			.count = groups[i].count });
	}
	for (i = 0; i < keys; i++) {
		worksheet_write_string(
		    to, (lxw_row_t)count + 1, (lxw_col_t)i, i == 0 ? _("合计") : "", x->total);
	}
	put_sums(sheet, x,
	    &(struct sums){ .to = to,
		.row = (lxw_row_t)count + 1,
		.at = keys,
		.totals = sheet->totals,
		.count = sheet->count,
		.is_total = 1 });
	return 0;
}

/* The library writes its temporary files without looking: a full disk would make a file that
 * lacks rows. The directory of the archive must say at least as much as we gave it. */
static int
check_size(const struct sheet *sheet, long written, struct err *err)
{
	static const char name[] = "xl/worksheets/sheet1.xml";
	unsigned char tail[16384];
	FILE *file = fopen(sheet->temporary, "r");
	size_t n;
	size_t i;

	if (file == NULL) {
		return fail(sheet, strerror(errno), err);
	}
	if (fseek(file, -(long)sizeof(tail), SEEK_END) != 0) {
		rewind(file);
	}
	n = fread(tail, 1, sizeof(tail), file);
	fclose(file);
	for (i = 0; i + 46 + sizeof(name) < n; i++) {
		/* PKWARE APPNOTE 4.3.12: signature, ..., uncompressed size at 24, name at 46 */
		if (memcmp(tail + i, "PK\1\2", 4) == 0 &&
		    memcmp(tail + i + 46, name, sizeof(name) - 1) == 0) {
			const unsigned char *p = tail + i + 24;
			unsigned long size = (unsigned long)p[0] | (unsigned long)p[1] << 8 |
					     (unsigned long)p[2] << 16 | (unsigned long)p[3] << 24;

			return size > (unsigned long)written
				   ? 0
				   : fail(sheet, _("文件不完整，磁盘可能已满"), err);
		}
	}
	return fail(sheet, _("文件不完整，磁盘可能已满"), err);
}

static int
xlsx_finish(struct sheet *sheet, struct err *err)
{
	struct xlsx_state *x = sheet->state;
	lxw_error failed;
	long written = 0;
	size_t i;

	if (sheet->count > 0) {
		worksheet_autofilter(
		    x->list, x->head_row, 0, x->row - 1, (lxw_col_t)(sheet->column_count - 1));
	}
	put_totals(sheet, x);
	for (i = 0; i < sheet->options.summary_count; i++) {
		if (put_summary(sheet, x, i, err) != 0) {
			return -1;
		}
	}
	if (x->list->optimize_tmpfile != NULL) {
		if (fflush(x->list->optimize_tmpfile) != 0 || ferror(x->list->optimize_tmpfile)) {
			return fail(sheet, strerror(errno), err);
		}
		written = ftell(x->list->optimize_tmpfile);
	}
	failed = workbook_close(x->book);
	x->book = NULL;
	if (failed != LXW_NO_ERROR) {
		return fail(sheet, lxw_strerror(failed), err);
	}
	return check_size(sheet, written, err);
}

static void
xlsx_release(struct sheet *sheet)
{
	struct xlsx_state *x = sheet->state;

	if (x != NULL) {
		lxw_workbook_free(x->book);
		free(x);
	}
}

const struct sheet_format sheet_xlsx_format = {
	.ending = ".xlsx",
	.open = xlsx_open,
	.add = xlsx_add,
	.finish = xlsx_finish,
	.release = xlsx_release,
};
