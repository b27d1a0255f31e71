/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 4180, a row at a time, from UTF-8 or GB18030. */
#include "shebao/csv.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/fatal.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define ROW_MAX 65536

enum encoding {
	ENCODING_OPEN, /* only ASCII so far */
	ENCODING_UTF8,
	ENCODING_GB18030
};

struct csv_reader {
	FILE *file;
	char *name;
	long line, row_line;
	enum encoding encoding;
	iconv_t utf8, gb18030; /* opened when first needed */
	struct buf raw, row;
	const char *fields[CSV_FIELDS_MAX];
	size_t column; /* being read in this row, from 0 */
	char *header[CSV_FIELDS_MAX]; /* the first row: names for errors */
	size_t header_count;
};

struct csv_reader *
csv_reader_new(FILE *file, const char *name)
{
	struct csv_reader *r = mem_alloc(sizeof(*r));

	r->file = file;
	r->name = mem_dup(name);
	r->utf8 = r->gb18030 = (iconv_t)-1;
	return r;
}

void
csv_reader_free(struct csv_reader *r)
{
	if (r == NULL) {
		return;
	}
	if (r->utf8 != (iconv_t)-1) {
		iconv_close(r->utf8);
	}
	if (r->gb18030 != (iconv_t)-1) {
		iconv_close(r->gb18030);
	}
	buf_release(&r->raw);
	buf_release(&r->row);
	while (r->header_count > 0) {
		free(r->header[--r->header_count]);
	}
	free(r->name);
	free(r);
}

long
csv_reader_line(const struct csv_reader *r)
{
	return r->row_line;
}

static int
fail(const struct csv_reader *r, const char *what, struct err *err)
{
	char number[32];

	if (r->column < r->header_count) {
		return err_set(err, ERR_DATA, "%s:%ld: %s: %s", r->name, r->row_line,
		    r->header[r->column], what);
	}
	snprintf(number, sizeof(number), _("第 %zu 列"), r->column + 1);
	return err_set(err, ERR_DATA, "%s:%ld: %s: %s", r->name, r->row_line, number, what);
}

/* Reads the bytes of one row, which ends at a line end outside quotes. In both encodings the
 * byte of a quote never is part of another character. */
static int
read_raw(struct csv_reader *r, struct err *err)
{
	int c, quoted = 0;

	buf_clear(&r->raw);
	r->row_line = r->line + 1;
	r->column = 0;
	while ((c = getc_unlocked(r->file)) != EOF) {
		char byte = (char)c;

		if (c == '\n') {
			r->line++;
			if (!quoted) {
				return 1;
			}
		}
		quoted ^= c == '"';
		r->column += c == ',' && !quoted;
		if (c == 0) {
			return fail(r, _("含有 NUL 字节，应为 UTF-8 或 GB18030 的文本"), err);
		}
		if (r->raw.len >= ROW_MAX) {
			return fail(r, _("一行超过 64 KiB，可能缺少引号"), err);
		}
		buf_put(&r->raw, &byte, 1);
	}
	if (ferror(r->file)) {
		return err_set(err, ERR_LOCAL, _("无法读取%s：%s"), r->name, strerror(errno));
	}
	if (quoted) {
		return fail(r, _("引号没有结束，应以引号结束"), err);
	}
	return r->raw.len > 0;
}

static int
is_ascii(const struct buf *b)
{
	size_t i;

	for (i = 0; i < b->len; i++) {
		if (((unsigned char)b->data[i] & 0x80) != 0) {
			return 0;
		}
	}
	return 1;
}

/* iconv takes the five and six bytes of old UTF-8, and what lies behind U+10FFFF: cuts the row
 * there. */
static int
is_unicode(struct buf *row)
{
	size_t i;

	for (i = 0; i < row->len; i++) {
		unsigned char byte = (unsigned char)row->data[i];

		if (byte > 0xf4 || (byte == 0xf4 && (unsigned char)row->data[i + 1] > 0x8f)) {
			row->len = i;
			return 0;
		}
	}
	return 1;
}

/* Converts all of raw from charset to UTF-8 into row; also how UTF-8 is checked. */
static int
convert(struct csv_reader *r, iconv_t from)
{
	char *in = r->raw.data;
	size_t left = r->raw.len;

	buf_clear(&r->row);
	while (left > 0) {
		char out[4096], *to = out;
		size_t room = sizeof(out);
		size_t got = iconv(from, &in, &left, &to, &room);

		buf_put(&r->row, out, sizeof(out) - room);
		if (got == (size_t)-1 && errno != E2BIG) {
			iconv(from, NULL, NULL, NULL, NULL);
			return -1;
		}
	}
	return is_unicode(&r->row) ? 0 : -1;
}

/* Both encodings are always there: without memory a row must not be taken for the other one. */
static iconv_t
opened(iconv_t *kept, const char *charset)
{
	if (*kept == (iconv_t)-1) {
		*kept = iconv_open("UTF-8", charset);
	}
	if (*kept == (iconv_t)-1) {
		fatal_stop(FATAL_MEMORY);
	}
	return *kept;
}

/* Where convert stopped: the column of the bytes that are no text. */
static size_t
converted_columns(const struct csv_reader *r)
{
	size_t i, column = 0;
	int quoted = 0;

	for (i = 0; i < r->row.len; i++) {
		quoted ^= r->row.data[i] == '"';
		column += r->row.data[i] == ',' && !quoted;
	}
	return column;
}

static int
decode(struct csv_reader *r, struct err *err)
{
	if (r->row_line == 1 && r->raw.len >= 3 && memcmp(r->raw.data, "\xEF\xBB\xBF", 3) == 0) {
		r->encoding = ENCODING_UTF8;
		r->raw.len -= 3;
		memmove(r->raw.data, r->raw.data + 3, r->raw.len + 1);
	}
	if (is_ascii(&r->raw)) {
		buf_clear(&r->row);
		buf_put(&r->row, r->raw.data, r->raw.len);
		return 0;
	}
	if (r->encoding == ENCODING_GB18030) {
		if (convert(r, r->gb18030) != 0) {
			r->column = converted_columns(r);
			return fail(r, _("不是有效的 GB18030"), err);
		}
		return 0;
	}
	if (convert(r, opened(&r->utf8, "UTF-8")) == 0) {
		r->encoding = ENCODING_UTF8;
		return 0;
	}
	r->column = converted_columns(r);
	if (r->encoding == ENCODING_UTF8) {
		return fail(r, _("不是有效的 UTF-8"), err);
	}
	r->encoding = ENCODING_GB18030;
	return convert(r, opened(&r->gb18030, "GB18030")) == 0 ?
	    0 :
	    fail(r, _("既不是有效的 UTF-8，也不是有效的 GB18030，应为其中之一"), err);
}

/* Ends the field that begins at *at, in place; *at moves behind its comma. */
static int
split_field(const struct csv_reader *r, char **at, int *last, struct err *err)
{
	char *in = *at, *out = *at;

	if (*in == '"') {
		for (in++; *in != '\0' && !(*in == '"' && in[1] != '"'); in++) {
			in += *in == '"';
			*out++ = *in;
		}
		if (*in != '"') {
			return fail(r, _("引号没有结束，应以引号结束"), err);
		}
		in++;
		if (*in != ',' && *in != '\0') {
			return fail(r, _("引号后应为逗号或行尾"), err);
		}
	} else {
		for (; *in != ',' && *in != '\0'; in++) {
			if (*in == '"') {
				return fail(r, _("含引号的内容应整个放在引号内"), err);
			}
		}
		out = in;
	}
	*last = *in == '\0';
	*at = in + (*last ? 0 : 1);
	*out = '\0';
	return 0;
}

static int
split(struct csv_reader *r, size_t *count, struct err *err)
{
	char *at = r->row.data;
	int last = 0;

	*count = 0;
	if (r->row.len > 0 && at[r->row.len - 1] == '\r') {
		at[r->row.len - 1] = '\0';
	}
	while (!last) {
		r->column = *count;
		if (*count == CSV_FIELDS_MAX) {
			return fail(r, _("一行超过 64 列"), err);
		}
		r->fields[(*count)++] = at;
		if (split_field(r, &at, &last, err) != 0) {
			return -1;
		}
	}
	return 0;
}

int
csv_reader_next(
    struct csv_reader *r, const char *const **fields, size_t *count, struct err *err)
{
	int rc;

	do {
		rc = read_raw(r, err);
		if (rc <= 0) {
			return rc;
		}
	} while (r->raw.len == 0 || strcmp(r->raw.data, "\r") == 0);
	if (decode(r, err) != 0 || split(r, count, err) != 0) {
		return -1;
	}
	if (r->header_count == 0) {
		for (; r->header_count < *count; r->header_count++) {
			r->header[r->header_count] = mem_dup(r->fields[r->header_count]);
		}
	}
	*fields = r->fields;
	return 1;
}

void
csv_put(struct buf *out, const char *field, int first)
{
	if (!first) {
		buf_puts(out, ",");
	}
	if (field[strcspn(field, ",\"\r\n")] == '\0') {
		buf_puts(out, field);
		return;
	}
	buf_puts(out, "\"");
	for (; *field != '\0'; field++) {
		buf_put(out, field, 1);
		if (*field == '"') {
			buf_puts(out, "\"");
		}
	}
	buf_puts(out, "\"");
}

void
csv_row_end(struct buf *out)
{
	buf_puts(out, "\r\n");
}
