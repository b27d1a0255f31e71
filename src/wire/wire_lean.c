/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long lists as CSV: written from the columns of the database, read by a small tokenizer. */
#include "shebao/wire_lean.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "wire_value.h"

#define NUMBER_MAX 24
#define NAME_SIZE 64 /* of a state or choice */

static int
is_scalar(const struct field *f)
{
	return f->type != FIELD_TEXTS && f->type != FIELD_RECORDS && f->type != FIELD_BYTES &&
	    (f->flags & FIELD_SECRET) == 0;
}

int
wire_lean_fits(const struct record_type *type)
{
	size_t room = 0, i;

	for (i = 0; i < type->count; i++) {
		if (!is_scalar(&type->fields[i])) {
			return 0;
		}
		room += 2 * type->fields[i].size + NUMBER_MAX;
	}
	return room < WIRE_LEAN_ROW_MAX;
}

/* ---- writing */

void
wire_lean_header(const struct record_type *type, struct buf *out)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		buf_puts(out, i == 0 ? "" : ",");
		buf_puts(out, type->fields[i].name);
	}
	buf_puts(out, "\n");
}

static void
put_comma(struct wire_lean_row *row)
{
	if (row->n > 0) {
		row->bytes[row->n++] = ',';
	}
}

static void
put_quoted(struct wire_lean_row *row, const char *s)
{
	row->bytes[row->n++] = '"';
	for (; *s != '\0' && row->n < WIRE_LEAN_ROW_MAX - NUMBER_MAX; s++) {
		if (*s == '"') {
			row->bytes[row->n++] = '"';
		}
		row->bytes[row->n++] = *s;
	}
	row->bytes[row->n++] = '"';
}

void
wire_lean_text(struct wire_lean_row *row, const char *s)
{
	const char *p = s;
	size_t from;

	put_comma(row);
	from = row->n;
	for (; *p != '\0' && row->n < WIRE_LEAN_ROW_MAX - NUMBER_MAX; p++) {
		if (*p == ',' || *p == '"') {
			row->n = from;
			put_quoted(row, s);
			return;
		}
		row->bytes[row->n++] = *p;
	}
	/* wire_lean_fits has said that there is room. */
	assert(*p == '\0');
}

void
wire_lean_number(struct wire_lean_row *row, int64_t value)
{
	char digits[NUMBER_MAX];
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	size_t n = 0;

	put_comma(row);
	assert(row->n < WIRE_LEAN_ROW_MAX - NUMBER_MAX);
	do {
		digits[n++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0) {
		row->bytes[row->n++] = '-';
	}
	while (n > 0) {
		row->bytes[row->n++] = digits[--n];
	}
}

void
wire_lean_end(struct wire_lean_row *row, struct buf *out)
{
	row->bytes[row->n++] = '\n';
	buf_put(out, row->bytes, row->n);
	row->n = 0;
}

/* ---- reading */

static int
refuse(const char *name, const char *why, struct err *err)
{
	return err_set(err, ERR_SERVICE, "%s: %s", name, why);
}

/* The cell at *line, which it passes; quotes are taken away in place->cell. -1: a quote is not
 * closed. More cells follow if a comma does. */
static int
take_cell(const struct wire_lean *lean, const char **line, const char *end, const char **cell,
    size_t *n)
{
	const char *p = *line;
	size_t out = 0;

	if (p < end && *p != '"') {
		while (p < end && *p != ',') {
			p++;
		}
		*cell = *line;
		*n = (size_t)(p - *line);
		*line = p;
		return 0;
	}
	*cell = lean->cell;
	*n = 0;
	if (p == end) {
		return 0;
	}
	for (p++; p < end && out < WIRE_LEAN_ROW_MAX; p++) {
		if (*p == '"' && (p + 1 == end || p[1] != '"')) {
			*n = out;
			*line = p + 1;
			return p + 1 == end || p[1] == ',' ? 0 : -1;
		}
		p += *p == '"';
		lean->cell[out++] = *p;
	}
	return -1;
}

static int
has(const struct wire_lean *lean, const struct field *f)
{
	size_t i;

	for (i = 0; i < lean->count; i++) {
		if (lean->columns[i] == f) {
			return 1;
		}
	}
	return 0;
}

static int
check_required(const struct wire_lean *lean, struct err *err)
{
	size_t i;

	for (i = 0; i < lean->type->count; i++) {
		const struct field *f = &lean->type->fields[i];

		if ((f->flags & (FIELD_REQUIRED | FIELD_KEY)) != 0 && !has(lean, f)) {
			return refuse(f->name, _("缺少这一项"), err);
		}
	}
	return 0;
}

int
wire_lean_open(struct wire_lean *lean, const struct record_type *type, const char *line,
    size_t n, struct err *err)
{
	const char *end = line + n, *cell;
	char name[NAME_SIZE];
	const struct field *f;
	size_t size;

	assert(wire_lean_fits(type));
	lean->type = type;
	lean->cell = mem_alloc(WIRE_LEAN_ROW_MAX);
	/* There are no more cells than commas and one. */
	lean->columns = mem_resize(NULL, n + 1, sizeof(const struct field *));
	for (;; line++) {
		if (take_cell(lean, &line, end, &cell, &size) < 0 || size >= sizeof(name)) {
			return refuse(type->name, _("表头无法读取"), err);
		}
		memcpy(name, cell, size);
		name[size] = '\0';
		f = record_field(type, name);
		if (f != NULL && has(lean, f)) {
			return refuse(f->name, _("这一列出现了两次，应只有一次"), err);
		}
		lean->columns[lean->count++] = f;
		if (line == end) {
			return check_required(lean, err);
		}
	}
}

static int
set_number(const struct field *f, void *record, const char *s, size_t n, struct err *err)
{
	int negative = n > 0 && *s == '-';
	size_t i = negative ? 1 : 0;
	uint64_t value = 0;

	if (i == n || n - i > 19) {
		return refuse(f->name, _("应为整数"), err);
	}
	for (; i < n; i++) {
		if (s[i] < '0' || s[i] > '9') {
			return refuse(f->name, _("应为整数"), err);
		}
		value = value * 10 + (uint64_t)(s[i] - '0');
	}
	if (value > (uint64_t)INT64_MAX || (f->type == FIELD_BOOL && value > 1)) {
		return refuse(f->name, _("应为整数"), err);
	}
	record_set_number(f, record, negative ? -(int64_t)value : (int64_t)value);
	return 0;
}

static int
set_name(const struct field *f, void *record, const char *s, size_t n, struct err *err)
{
	const char *now = wire_value_name(f, record_number(f, record));
	char name[NAME_SIZE];
	int index;

	if (now != NULL && strncmp(now, s, n) == 0 && now[n] == '\0') {
		return 0;
	}
	if (n >= sizeof(name) || memchr(s, '\0', n) != NULL) {
		return refuse(f->name, _("没有这样的值"), err);
	}
	memcpy(name, s, n);
	name[n] = '\0';
	index = wire_value_by_name(f, name);
	if (index < 0) {
		return refuse(f->name, _("没有这样的值"), err);
	}
	record_set_number(f, record, index);
	return 0;
}

static int
set_cell(const struct field *f, void *record, const char *s, size_t n, struct err *err)
{
	char why[ERR_TEXT_MAX];

	if (wire_value_is_text(f)) {
		return wire_value_set_text(f, record, s, n, why, sizeof(why)) == 0
		    ? 0
		    : refuse(f->name, why, err);
	}
	return f->type == FIELD_STATE || f->type == FIELD_CHOICE
	    ? set_name(f, record, s, n, err)
	    : set_number(f, record, s, n, err);
}

/* Passes a text that is the one of the row before, as most are: it has been checked. */
static int
pass_repeated(const struct field *f, const void *record, const char **line, const char *end)
{
	const char *now = (const char *)record + f->offset;
	size_t n = strlen(now);

	if (n >= (size_t)(end - *line) || (*line)[n] != ',' || **line == '"' ||
	    memcmp(*line, now, n) != 0 || (n == 0 && (f->flags & FIELD_REQUIRED) != 0)) {
		return 0;
	}
	*line += n;
	return 1;
}

int
wire_lean_next(
    const struct wire_lean *lean, const char *line, size_t n, void *record, struct err *err)
{
	const char *end = line + n, *cell;
	size_t i, size;

	for (i = 0; i < lean->count; i++, line++) {
		const struct field *f = lean->columns[i];

		if (f == NULL || !wire_value_is_text(f) || !pass_repeated(f, record, &line, end)) {
			if (take_cell(lean, &line, end, &cell, &size) < 0) {
				return refuse(f == NULL ? "?" : f->name, _("引号没有成对"), err);
			}
			if (f != NULL && set_cell(f, record, cell, size, err) < 0) {
				return -1;
			}
		}
		if ((line == end) != (i + 1 == lean->count)) {
			return refuse(lean->type->name, _("列数与表头不同"), err);
		}
	}
	return 0;
}

void
wire_lean_close(struct wire_lean *lean)
{
	free(lean->columns);
	free(lean->cell);
	*lean = (struct wire_lean){ 0 };
}
