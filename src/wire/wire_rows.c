/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV files as records. The reader of these errors mends the file with a spreadsheet, so each
 * names line and column, what stands there and what should; nothing is mended silently.
 */
#include "shebao/wire.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/employer.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/taxpayer_id.h"
#include "shebao/text.h"
#include "row_keys.h"
#include "wire_value.h"

#define FILE_NAME_SIZE 129
#define CELL_MAX 4096

struct wire_rows {
	const struct record_type *type;
	struct csv_reader *reader;
	char name[FILE_NAME_SIZE];
	const struct field *columns[CSV_FIELDS_MAX]; /* in the file's order */
	size_t count;
	struct row_keys keys;
	char cell[CELL_MAX]; /* the one being read, where it had to be changed */
};

/* Lists have no place in a row; hidden and secret members none in a file. */
static int
is_column(const struct field *f)
{
	return f->type != FIELD_TEXTS && f->type != FIELD_RECORDS &&
	    f->type != FIELD_BYTES && (f->flags & (FIELD_HIDDEN | FIELD_SECRET)) == 0;
}

static int
refuse(const struct wire_rows *rows, const char *column, const char *why, struct err *err)
{
	long line = csv_reader_line(rows->reader);

	return err_set(err, ERR_DATA, "%s:%ld: %s: %s", rows->name, line > 0 ? line : 1,
	    column, why);
}

/* ---- the header */

/* Edits (insert, delete, replace) between two short names; INT_MAX when one is long. */
static int
edit_distance(const char *a, const char *b)
{
	int row[WIRE_VALUE_SHOWN + 1];
	size_t n = strlen(b), i, j;

	if (n > WIRE_VALUE_SHOWN || strlen(a) > WIRE_VALUE_SHOWN) {
		return INT_MAX;
	}
	for (j = 0; j <= n; j++) {
		row[j] = (int)j;
	}
	for (i = 0; a[i] != '\0'; i++) {
		int diagonal = row[0];

		row[0] = (int)i + 1;
		for (j = 1; j <= n; j++) {
			int best = diagonal + (a[i] != b[j - 1]);

			diagonal = row[j];
			best = best < row[j] + 1 ? best : row[j] + 1;
			row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
		}
	}
	return row[n];
}

/* The column that is probably meant: by its Chinese label, or a few edits away. */
static const struct field *
nearest_column(const struct record_type *type, const char *cell)
{
	const struct field *nearest = NULL;
	int least = 4;
	size_t i;

	/* Half of a short name is another word. */
	if (strlen(cell) < 2 * (size_t)least) {
		least = (int)(strlen(cell) / 2);
	}

	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];
		int distance;

		if (!is_column(f)) {
			continue;
		}
		if (strcmp(cell, f->label) == 0 || strcmp(cell, _(f->label)) == 0) {
			return f;
		}
		distance = edit_distance(cell, f->name);
		if (distance < least && (size_t)distance < strlen(f->name)) {
			least = distance;
			nearest = f;
		}
	}
	return nearest;
}

static void
print_columns(const struct record_type *type, char *out, size_t size)
{
	size_t i, used = 0;

	out[0] = '\0';
	for (i = 0; i < type->count && used + 1 < size; i++) {
		if (is_column(&type->fields[i])) {
			snprintf(out + used, size - used, "%s%s", used == 0 ? "" : ",",
			    type->fields[i].name);
			used += strlen(out + used);
		}
	}
}

static int
refuse_column(
    const struct wire_rows *rows, const char *cell, size_t number, struct err *err)
{
	char shown[WIRE_VALUE_SHOWN], expected[400], why[ERR_TEXT_MAX];
	const struct field *near = nearest_column(rows->type, cell);

	wire_value_show(NULL, cell, strlen(cell), shown, sizeof(shown));
	if (shown[0] == '\0') {
		snprintf(shown, sizeof(shown), "%zu", number);
	}
	if (near != NULL) {
		snprintf(why, sizeof(why), _("没有这样的列，应为 %s？"), near->name);
	} else {
		print_columns(rows->type, expected, sizeof(expected));
		snprintf(why, sizeof(why), _("没有这样的列，应为 %s"), expected);
	}
	return refuse(rows, shown, why, err);
}

static int
has_column(const struct wire_rows *rows, const struct field *f)
{
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (rows->columns[i] == f) {
			return 1;
		}
	}
	return 0;
}

static int
check_missing(const struct wire_rows *rows, struct err *err)
{
	char why[ERR_TEXT_MAX];
	size_t i;

	for (i = 0; i < rows->type->count; i++) {
		const struct field *f = &rows->type->fields[i];

		if ((f->flags & FIELD_REQUIRED) != 0 && is_column(f) &&
		    !has_column(rows, f)) {
			snprintf(why, sizeof(why), _("表头缺少这一列，应有 %s（%s）"),
			    f->name, _(f->label));
			return refuse(rows, f->name, why, err);
		}
	}
	return 0;
}

static int
read_header(struct wire_rows *rows, struct err *err)
{
	char expected[400], why[ERR_TEXT_MAX];
	const char *const *cells;
	size_t count, i;
	int got;

	got = csv_reader_next(rows->reader, &cells, &count, err);
	if (got < 0) {
		return -1;
	}
	if (got == 0) {
		print_columns(rows->type, expected, sizeof(expected));
		snprintf(why, sizeof(why), _("文件是空的，第一行应为表头 %s"), expected);
		return refuse(rows, _("表头"), why, err);
	}
	for (i = 0; i < count; i++) {
		const struct field *f = record_field(rows->type, cells[i]);

		if (f == NULL || !is_column(f)) {
			return refuse_column(rows, cells[i], i + 1, err);
		}
		if (has_column(rows, f)) {
			return refuse(
			    rows, f->name, _("这一列出现了两次，应只有一次"), err);
		}
		rows->columns[rows->count++] = f;
	}
	return check_missing(rows, err);
}

int
wire_rows_open(const struct record_type *type, FILE *file, const char *name,
    struct wire_rows **out, struct err *err)
{
	struct wire_rows *rows = mem_alloc(sizeof(*rows));

	text_clean_copy(rows->name, sizeof(rows->name), name, strlen(name));
	rows->type = type;
	rows->reader = csv_reader_new(file, rows->name);
	if (read_header(rows, err) < 0) {
		wire_rows_close(rows);
		return -1;
	}
	*out = rows;
	return 0;
}

/* ---- rows */

static int
has_blank_ends(const char *s)
{
	size_t n = strlen(s);
	const char *const wide = "\xe3\x80\x80"; /* U+3000 */

	return n > 0 &&
	    (strchr(" \t", s[0]) != NULL || strchr(" \t", s[n - 1]) != NULL ||
		strncmp(s, wide, 3) == 0 || (n >= 3 && strcmp(s + n - 3, wide) == 0));
}

/* The identifier of an employer is checked wherever a file has one; what was probably meant is
 * told, never taken. */
static int
check_taxpayer_id(const struct field *f, const char *cell, struct err *err)
{
	char meant[1][TAXPAYER_ID_MAX + 1];

	if (strcmp(f->name, "taxpayer_id") != 0) {
		return 0;
	}
	if (taxpayer_id_check(cell, err) == 0) {
		return 0;
	}
	if (taxpayer_id_suggest(cell, meant, 1) > 0) {
		size_t used = strlen(err->text);

		snprintf(err->text + used, sizeof(err->text) - used, _("；是否应为 %s？"),
		    meant[0]);
	}
	return -1;
}

/* Two decimals and nothing else: a column in fen, or one with another separator, is noticed. */
static int
is_yuan(const char *cell)
{
	size_t n = strspn(cell, "0123456789");

	return n > 0 && cell[n] == '.' && strspn(cell + n + 1, "0123456789") == 2 &&
	    cell[n + 3] == '\0';
}

/* Free text may have lines (an address in a spreadsheet): the service keeps it on one. */
static const char *
on_one_line(struct wire_rows *rows, const struct field *f, const char *cell)
{
	size_t n = strlen(cell), from = 0, to = 0;

	if (f->type != FIELD_TEXT || (f->flags & FIELD_KEY) != 0 ||
	    cell[strcspn(cell, "\r\n")] == '\0' || n >= sizeof(rows->cell)) {
		return cell;
	}
	while (from < n) {
		size_t ends = strspn(cell + from, "\r\n");

		rows->cell[to++] = ends > 0 ? ' ' : cell[from];
		from += ends > 0 ? ends : 1;
	}
	rows->cell[to] = '\0';
	return rows->cell;
}

static int
parse_cell(const struct wire_rows *rows, const struct field *f, const char *cell,
    void *record, struct err *err)
{
	char shown[WIRE_VALUE_SHOWN], why[ERR_TEXT_MAX];
	struct err found = { 0 };

	if (cell[0] == '\0' && (f->flags & FIELD_REQUIRED) != 0) {
		snprintf(why, sizeof(why), _("为空，应填写%s"), _(f->label));
		return refuse(rows, f->name, why, err);
	}
	wire_value_show(f, cell, strlen(cell), shown, sizeof(shown));
	if (has_blank_ends(cell)) {
		snprintf(why, sizeof(why), _("“%s”首尾有空格，应去掉"), shown);
		return refuse(rows, f->name, why, err);
	}
	if (!text_is_clean(cell, strlen(cell))) {
		snprintf(why, sizeof(why),
		    _("“%s”含有不可见或不允许的字符，应为普通文字"), shown);
		return refuse(rows, f->name, why, err);
	}
	if (cell[0] == '\0') {
		return 0;
	}
	if (f->type == FIELD_FEN && !is_yuan(cell)) {
		snprintf(why, sizeof(why),
		    _("“%s”的写法不对，应为元、两位小数、没有分隔符，如 1234.56"), shown);
		return refuse(rows, f->name, why, err);
	}
	if (record_parse(f, record, cell, &found) < 0 ||
	    check_taxpayer_id(f, cell, &found) < 0) {
		return refuse(rows, f->name, found.text, err);
	}
	return 0;
}

static int
check_periods(const struct wire_rows *rows, const void *record, struct err *err)
{
	const struct field *from = record_field(rows->type, "period_from");
	const struct field *to = record_field(rows->type, "period_to");
	char why[ERR_TEXT_MAX];

	if (from == NULL || to == NULL ||
	    strcmp(record_text(from, record), record_text(to, record)) <= 0) {
		return 0;
	}
	snprintf(why, sizeof(why), _("“%s”早于起期 %s，应不早于它"),
	    record_text(to, record), record_text(from, record));
	return refuse(rows, to->name, why, err);
}

static int
check_count(const struct wire_rows *rows, size_t count, struct err *err)
{
	char column[24], why[ERR_TEXT_MAX];

	if (count == rows->count) {
		return 0;
	}
	snprintf(why, sizeof(why), _("这一行有 %zu 列，应与表头一样有 %zu 列"), count,
	    rows->count);
	if (count < rows->count) {
		return refuse(rows, rows->columns[count]->name, why, err);
	}
	snprintf(column, sizeof(column), "%zu", rows->count + 1);
	return refuse(rows, column, why, err);
}

/* Of two rows with one key the last would win, and nobody knows whether it should. */
static int
check_first(struct wire_rows *rows, const void *record, struct err *err)
{
	const struct field *f = row_keys_field(rows->type);
	long line = row_keys_put(&rows->keys, rows->type, record, csv_reader_line(rows->reader));
	char why[ERR_TEXT_MAX];

	if (line == 0) {
		return 0;
	}
	snprintf(why, sizeof(why), _("“%s”在第 %ld 行已有，同一文件中应只出现一次"),
	    record_text(f, record), line);
	return refuse(rows, f->name, why, err);
}

int
wire_rows_next(struct wire_rows *rows, void *record, struct err *err)
{
	const char *const *cells;
	size_t count, i;
	int got = csv_reader_next(rows->reader, &cells, &count, err);

	if (got <= 0) {
		return got;
	}
	if (check_count(rows, count, err) < 0) {
		return -1;
	}
	memset(record, 0, rows->type->size);
	for (i = 0; i < count; i++) {
		const struct field *f = rows->columns[i];

		if (parse_cell(rows, f, on_one_line(rows, f, cells[i]), record, err) < 0) {
			return -1;
		}
	}
	if (check_periods(rows, record, err) < 0 || check_first(rows, record, err) < 0) {
		return -1;
	}
	return 1;
}

long
wire_rows_line(const struct wire_rows *rows)
{
	return csv_reader_line(rows->reader);
}

void
wire_rows_close(struct wire_rows *rows)
{
	if (rows != NULL) {
		csv_reader_free(rows->reader);
		row_keys_release(&rows->keys);
		free(rows);
	}
}

/* ---- writing */

void
wire_rows_header(const struct record_type *type, struct buf *out)
{
	int first = 1;
	size_t i;

	for (i = 0; i < type->count; i++) {
		if (is_column(&type->fields[i])) {
			csv_put(out, type->fields[i].name, first);
			first = 0;
		}
	}
	csv_row_end(out);
}

void
wire_rows_put(const struct record_type *type, const void *record, struct buf *out)
{
	char cell[4096];
	int first = 1;
	size_t i;

	for (i = 0; i < type->count; i++) {
		if (is_column(&type->fields[i])) {
			record_print(&type->fields[i], record, cell, sizeof(cell));
			csv_put(out, cell, first);
			first = 0;
		}
	}
	csv_row_end(out);
}
