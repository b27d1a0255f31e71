/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records to query strings and back: the scalars as JSON spells them, percent-encoded. */
#include "shebao/wire.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/hex.h"
#include "shebao/i18n.h"
#include "wire_value.h"

#define QUERY_MAX 8192
#define VALUE_SIZE 2049

static void
put_percent(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
		    strchr("-._~", c) != NULL) {
			buf_put(out, s, 1);
		} else {
			buf_printf(out, "%%%02X", c);
		}
	}
}

/* What decoding would leave zero-filled is left out. */
static int
is_worth_sending(const struct field *f, const void *record)
{
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_DATE:
	case FIELD_PERIOD:
		return record_text(f, record)[0] != '\0';
	case FIELD_NUMBER:
	case FIELD_FEN:
	case FIELD_RATE:
	case FIELD_TIME:
	case FIELD_BOOL:
	case FIELD_STATE:
	case FIELD_CHOICE:
		return (f->flags & FIELD_REQUIRED) != 0 || record_number(f, record) != 0;
	case FIELD_TEXTS:
	case FIELD_RECORDS:
	case FIELD_BYTES:
	case FIELD_TYPE_COUNT:
		break;
	}
	return 0;
}

void
wire_encode_query(const struct record_type *type, const void *record, struct buf *out)
{
	const char *before = "";
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];

		if (!is_worth_sending(f, record)) {
			continue;
		}
		buf_printf(out, "%s%s=", before, f->name);
		before = "&";
		if (wire_value_is_text(f)) {
			put_percent(out, record_text(f, record));
		} else if (f->type == FIELD_STATE || f->type == FIELD_CHOICE) {
			put_percent(out, wire_value_name(f, record_number(f, record)));
		} else if (f->type == FIELD_BOOL) {
			buf_puts(out, record_number(f, record) != 0 ? "true" : "false");
		} else {
			buf_printf(out, "%" PRId64, record_number(f, record));
		}
	}
}

/* "%41+b" → "A b". -1: a % without two digits, or NUL; -2: longer than out. */
static int
decode_percent(const char *s, size_t n, char *out, size_t size)
{
	size_t i, used = 0;

	for (i = 0; i < n; i++) {
		char c = s[i] == '+' ? ' ' : s[i];

		if (s[i] == '%') {
			char digits[3] = { 0 };

			if (n - i < 3) {
				return -1;
			}
			memcpy(digits, s + i + 1, 2);
			if (hex_decode(&c, 1, digits) < 0 || c == '\0') {
				return -1;
			}
			i += 2;
		}
		if (used + 1 >= size) {
			return -2;
		}
		out[used++] = c;
	}
	out[used] = '\0';
	return 0;
}

static int
parse_integer(const char *s, int64_t *out)
{
	const char *digits = s[0] == '-' ? s + 1 : s;
	long long value;

	if (digits[0] == '\0' || strspn(digits, "0123456789") != strlen(digits)) {
		return -1;
	}
	errno = 0;
	value = strtoll(s, NULL, 10);
	if (errno != 0) {
		return -1;
	}
	*out = value;
	return 0;
}

static int
set_scalar(const struct field *f, void *record, const char *s, char *why, size_t why_size)
{
	char shown[WIRE_VALUE_SHOWN];
	int64_t number;

	if (wire_value_is_text(f)) {
		return wire_value_set_text(f, record, s, strlen(s), why, why_size);
	}
	if (f->type == FIELD_STATE || f->type == FIELD_CHOICE) {
		number = wire_value_by_name(f, s);
		if (number < 0) {
			wire_value_expect_name(f, s, strlen(s), why, why_size);
			return -1;
		}
	} else if (f->type == FIELD_BOOL) {
		number = strcmp(s, "true") == 0;
		if (number == 0 && strcmp(s, "false") != 0) {
			snprintf(why, why_size, "%s", _("应为 true 或 false"));
			return -1;
		}
	} else if (parse_integer(s, &number) < 0) {
		wire_value_show(f, s, strlen(s), shown, sizeof(shown));
		snprintf(why, why_size, _("“%s”不是整数，应为 64 位整数"), shown);
		return -1;
	}
	record_set_number(f, record, number);
	return 0;
}

static const struct field *
find_scalar(const struct record_type *type, const char *name)
{
	const struct field *f = record_field(type, name);

	if (f == NULL || f->type == FIELD_TEXTS || f->type == FIELD_RECORDS ||
	    f->type == FIELD_BYTES) {
		return NULL;
	}
	return f;
}

/* One "name=value" of n bytes; a bit of *seen for every field met. */
static int
decode_pair(const struct record_type *type, const char *pair, size_t n, void *record,
    uint64_t *seen, struct err *err)
{
	const char *equals = memchr(pair, '=', n);
	size_t name_len = equals == NULL ? n : (size_t)(equals - pair);
	char name[WIRE_VALUE_SHOWN], shown[WIRE_VALUE_SHOWN], value[VALUE_SIZE],
	    why[ERR_TEXT_MAX];
	const struct field *f;
	uint64_t bit;

	if (decode_percent(pair, name_len, name, sizeof(name)) < 0 || equals == NULL) {
		wire_value_show(NULL, pair, n, shown, sizeof(shown));
		return err_set(
		    err, ERR_REQUEST, _("查询参数“%s”写法不对，应为 名称=值"), shown);
	}
	f = find_scalar(type, name);
	if (f == NULL) {
		wire_value_show(NULL, name, strlen(name), shown, sizeof(shown));
		return err_set(err, ERR_REQUEST, _("没有名为“%s”的查询参数"), shown);
	}
	bit = (uint64_t)1 << (f - type->fields);
	if ((*seen & bit) != 0) {
		return err_set(err, ERR_REQUEST, _("%s: 出现了两次"), f->name);
	}
	*seen |= bit;
	if (decode_percent(equals + 1, n - name_len - 1, value, sizeof(value)) < 0) {
		return err_set(err, ERR_REQUEST, _("%s: 百分号编码不对，或超过 %d 字节"),
		    f->name, VALUE_SIZE - 1);
	}
	if (set_scalar(f, record, value, why, sizeof(why)) < 0) {
		return err_set(err, ERR_REQUEST, "%s: %s", f->name, why);
	}
	return 0;
}

int
wire_decode_query(
    const struct record_type *type, const char *query, void *record, struct err *err)
{
	uint64_t seen = 0;
	size_t i;

	assert(type->count <= 64);
	if (strlen(query) > QUERY_MAX) {
		return err_set(err, ERR_LIMIT, _("查询参数超过 %d 字节"), QUERY_MAX);
	}
	while (*query != '\0') {
		size_t n = strcspn(query, "&");

		if (n > 0 && decode_pair(type, query, n, record, &seen, err) < 0) {
			return -1;
		}
		query += n + (query[n] == '&');
	}
	for (i = 0; i < type->count; i++) {
		if ((type->fields[i].flags & FIELD_REQUIRED) != 0 &&
		    (seen >> i & 1) == 0) {
			return err_set(err, ERR_REQUEST, _("%s: 缺少这个查询参数"),
			    type->fields[i].name);
		}
	}
	return 0;
}
