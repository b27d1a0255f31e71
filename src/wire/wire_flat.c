/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows as this program writes them, without a tree of the parser's in between. */
#include "wire_flat.h"

#include <string.h>

#include "shebao/err.h"
#include "wire_value.h"

#define DIGITS_MAX 18 /* of a number that surely fits */
#define NAME_SIZE 64  /* of a state or choice */

struct scan {
	const char *at, *end;
};

/* True and past it, if text comes next. */
static int
skip(struct scan *s, const char *text, size_t n)
{
	if ((size_t)(s->end - s->at) < n || memcmp(s->at, text, n) != 0) {
		return 0;
	}
	s->at += n;
	return 1;
}

/* A string without escapes. NULL: there is none. */
static const char *
take_string(struct scan *s, size_t *n)
{
	const char *from = s->at + 1, *quote;

	if (s->at >= s->end || *s->at != '"') {
		return NULL;
	}
	quote = memchr(from, '"', (size_t)(s->end - from));
	if (quote == NULL || memchr(from, '\\', (size_t)(quote - from)) != NULL) {
		return NULL;
	}
	*n = (size_t)(quote - from);
	s->at = quote + 1;
	return from;
}

static int
take_number(struct scan *s, int64_t *value)
{
	int negative = skip(s, "-", 1);
	const char *from = s->at;

	*value = 0;
	while (s->at < s->end && *s->at >= '0' && *s->at <= '9' && s->at - from < DIGITS_MAX) {
		*value = *value * 10 + (*s->at++ - '0');
	}
	/* No digits, or a zero before others. */
	if (s->at == from || (*from == '0' && s->at - from > 1)) {
		return 0;
	}
	*value = negative ? -*value : *value;
	return 1;
}

static int
take_name(struct scan *s, const struct field *f, void *record)
{
	char name[NAME_SIZE];
	const char *text;
	size_t n;
	int index;

	text = take_string(s, &n);
	if (text == NULL || n >= sizeof(name) || memchr(text, '\0', n) != NULL) {
		return 0;
	}
	memcpy(name, text, n);
	name[n] = '\0';
	index = wire_value_by_name(f, name);
	if (index < 0) {
		return 0;
	}
	record_set_number(f, record, index);
	return 1;
}

static int
take_text(struct scan *s, const struct field *f, void *record)
{
	char why[ERR_TEXT_MAX];
	size_t n;
	const char *text = take_string(s, &n);

	return text != NULL && wire_value_set_text(f, record, text, n, why, sizeof(why)) == 0;
}

static int
take_value(struct scan *s, const struct field *f, void *record)
{
	int64_t number;

	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_DATE:
	case FIELD_PERIOD:
		return take_text(s, f, record);
	case FIELD_NUMBER:
	case FIELD_FEN:
	case FIELD_RATE:
	case FIELD_TIME:
		if (!take_number(s, &number)) {
			return 0;
		}
		record_set_number(f, record, number);
		return 1;
	case FIELD_STATE:
	case FIELD_CHOICE:
		return take_name(s, f, record);
	case FIELD_BOOL:
	case FIELD_TEXTS:
	case FIELD_RECORDS:
	case FIELD_BYTES:
	case FIELD_TYPE_COUNT:
		break;
	}
	return 0;
}

static int
take_record(struct scan *s, const struct record_type *type, void *record)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];

		if (!skip(s, i == 0 ? "{\"" : ",\"", 2) || !skip(s, f->name, strlen(f->name)) ||
		    !skip(s, "\":", 2) || !take_value(s, f, record)) {
			return 0;
		}
	}
	return skip(s, "}", 1) && s->at == s->end;
}

int
wire_flat_decode(const struct record_type *type, const char *json, size_t n, void *record)
{
	struct scan s = { json, json + n };

	if (type->count > 0 && take_record(&s, type, record)) {
		return 1;
	}
	/* Scalars own nothing. */
	memset(record, 0, type->size);
	return 0;
}
