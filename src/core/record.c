/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records by their field tables: access to members, what must be filled in, lists of records,
 * and the texts of members for files and for people. record_parse is in record_parse.c.
 */
#include "shebao/record.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/rate.h"
#include "shebao/said.h"
#include "shebao/state_table.h"
#include "shebao/text.h"

#define MS_PER_SECOND 1000

enum storage {
	AS_CHARS,
	AS_INT64,
	AS_INT,
	AS_LIST
};

// clang-format off
static const enum storage storages[] = {
	[FIELD_TEXT]    = AS_CHARS,
	[FIELD_NUMBER]  = AS_INT64,
	[FIELD_FEN]     = AS_INT64,
	[FIELD_RATE]    = AS_INT64,
	[FIELD_TIME]    = AS_INT64,
	[FIELD_DATE]    = AS_CHARS,
	[FIELD_PERIOD]  = AS_CHARS,
	[FIELD_BOOL]    = AS_INT,
	[FIELD_STATE]   = AS_INT,
	[FIELD_CHOICE]  = AS_INT,
	[FIELD_TEXTS]   = AS_LIST,
	[FIELD_RECORDS] = AS_LIST,
	[FIELD_BYTES]   = AS_LIST,
};
// clang-format on
_Static_assert(ARRAY_LEN(storages) == FIELD_TYPE_COUNT, "a row for every field type");

static enum storage
storage_of(const struct field *f)
{
	assert((unsigned)f->type < FIELD_TYPE_COUNT);
	return storages[f->type];
}

static const void *
member(const struct field *f, const void *record)
{
	return (const char *)record + f->offset;
}

static void *
member_to_set(const struct field *f, void *record)
{
	return (char *)record + f->offset;
}

/* Memory that is about to be freed or reused: the compiler may not leave this out. */
static void
wipe(void *p, size_t n)
{
	volatile unsigned char *byte = p;

	while (n-- > 0) {
		*byte++ = 0;
	}
}

const struct field *
record_field(const struct record_type *type, const char *name)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		const char *known = type->fields[i].name;

		/* Asked for each cell of a page: most names differ at once. */
		if (known[0] == name[0] && strcmp(known, name) == 0) {
			return &type->fields[i];
		}
	}
	return NULL;
}

const char *
record_text(const struct field *f, const void *record)
{
	assert(storage_of(f) == AS_CHARS);
	return member(f, record);
}

int64_t
record_number(const struct field *f, const void *record)
{
	if (storage_of(f) == AS_INT) {
		return *(const int *)member(f, record);
	}
	assert(storage_of(f) == AS_INT64);
	return *(const int64_t *)member(f, record);
}

void
record_set_number(const struct field *f, void *record, int64_t value)
{
	if (storage_of(f) == AS_INT) {
		assert(value >= INT32_MIN && value <= INT32_MAX);
		*(int *)member_to_set(f, record) = (int)value;
		return;
	}
	assert(storage_of(f) == AS_INT64);
	*(int64_t *)member_to_set(f, record) = value;
}

int
record_set_text(const struct field *f, void *record, const char *s, struct err *err)
{
	char *dst = member_to_set(f, record);
	size_t n = strlen(s);

	assert(storage_of(f) == AS_CHARS);
	/* A cut text would look whole, so it is never left in the member. */
	if (n >= f->size) {
		return err_set(err, ERR_DATA, _("内容过长：最多%zu字节，实际%zu字节"),
		    f->size - 1, n);
	}
	if (text_clean_copy(dst, f->size, s, n) == 2) {
		dst[0] = '\0';
		return err_set(err, ERR_DATA, _("内容过长：最多%zu字节"), f->size - 1);
	}
	return 0;
}

/* "2026-11-23 08:00:00" in China, with the milliseconds where there are some, so that
 * record_parse gives back the same instant. */
static void
print_time(int64_t ms, char *out, size_t size)
{
	char seconds[20];
	int rest = (int)(((ms % MS_PER_SECOND) + MS_PER_SECOND) % MS_PER_SECOND);

	if (ms == 0) {
		out[0] = '\0';
		return;
	}
	date_time_format(ms, seconds);
	if (rest == 0) {
		mem_copy_text(out, size, seconds);
	} else {
		snprintf(out, size, "%s.%03d", seconds, rest);
	}
}

static const struct choice *
choice_of(const struct field *f, int64_t index)
{
	static const struct choice unknown = { "", "", NULL };

	if (index < 0 || (size_t)index >= f->choices->count) {
		return &unknown;
	}
	return &f->choices->rows[index];
}

void
record_print(const struct field *f, const void *record, char *out, size_t size)
{
	int64_t number = storage_of(f) == AS_CHARS ? 0 : record_number(f, record);
	char plain[MONEY_TEXT_MAX];

	assert(size > 0);
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_DATE:
	case FIELD_PERIOD:
		mem_copy_text(out, size, record_text(f, record));
		break;
	case FIELD_NUMBER:
		snprintf(out, size, "%" PRId64, number);
		break;
	case FIELD_FEN:
		money_format_plain(number, plain);
		mem_copy_text(out, size, plain);
		break;
	case FIELD_RATE:
		rate_format(number, plain);
		mem_copy_text(out, size, plain);
		break;
	case FIELD_TIME:
		print_time(number, out, size);
		break;
	case FIELD_BOOL:
		mem_copy_text(out, size, number != 0 ? "true" : "false");
		break;
	case FIELD_STATE:
		mem_copy_text(out, size, state_table_name(f->states, (int)number));
		break;
	case FIELD_CHOICE:
		mem_copy_text(out, size, choice_of(f, number)->name);
		break;
	case FIELD_TEXTS:
	case FIELD_RECORDS:
	case FIELD_BYTES:
	case FIELD_TYPE_COUNT:
		assert(0 && "a scalar member");
	}
}

static void
show_said(const struct field *f, char *out, size_t size)
{
	char *said;

	if ((f->flags & FIELD_SAID) != 0) {
		said = mem_dup(out);
		said_text(said, out, size);
		free(said);
	}
}

void
record_show(const struct field *f, const void *record, char *out, size_t size)
{
	int64_t number = storage_of(f) == AS_CHARS ? 0 : record_number(f, record);
	char shown[MONEY_TEXT_MAX];

	assert(size > 0);
	switch (f->type) {
	case FIELD_FEN:
		money_format(number, shown);
		mem_copy_text(out, size, shown);
		break;
	case FIELD_RATE:
		rate_format(number, shown);
		snprintf(out, size, "%s%%", shown);
		break;
	case FIELD_TIME:
		out[0] = '\0';
		if (number != 0) {
			date_time_format(number, shown);
			mem_copy_text(out, size, shown);
		}
		break;
	case FIELD_BOOL:
		mem_copy_text(out, size, number != 0 ? _("是") : _("否"));
		break;
	case FIELD_STATE:
		mem_copy_text(
		    out, size, i18n_text(state_table_label(f->states, (int)number)));
		break;
	case FIELD_CHOICE:
		mem_copy_text(out, size, i18n_text(choice_of(f, number)->label));
		break;
	case FIELD_TEXT:
	case FIELD_NUMBER:
	case FIELD_DATE:
	case FIELD_PERIOD:
	case FIELD_TEXTS:
	case FIELD_RECORDS:
	case FIELD_BYTES:
	case FIELD_TYPE_COUNT:
		record_print(f, record, out, size);
		show_said(f, out, size);
		break;
	}
}

/* A zero is a value for counts, money (a levy of 0.00 is declared), states and choices; only
 * what can be told from "not given" counts as empty. */
static int
is_empty(const struct field *f, const void *record)
{
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_DATE:
	case FIELD_PERIOD:
		return record_text(f, record)[0] == '\0';
	case FIELD_TIME:
		return record_number(f, record) == 0;
	case FIELD_TEXTS:
		return ((const struct text_list *)member(f, record))->count == 0;
	case FIELD_RECORDS:
		return ((const struct record_list *)member(f, record))->count == 0;
	case FIELD_BYTES:
		return ((const struct byte_string *)member(f, record))->len == 0;
	case FIELD_NUMBER:
	case FIELD_FEN:
	case FIELD_RATE:
	case FIELD_BOOL:
	case FIELD_STATE:
	case FIELD_CHOICE:
	case FIELD_TYPE_COUNT:
		break;
	}
	return 0;
}

int
record_check(const struct record_type *type, const void *record, struct err *err)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];

		if ((f->flags & FIELD_REQUIRED) && is_empty(f, record)) {
			return err_set(err, ERR_DATA, _("%s（%s）不能为空"),
			    i18n_text(f->label), f->name);
		}
	}
	return 0;
}

static void
release_list(const struct field *f, void *record)
{
	struct byte_string *string;

	if (f->type == FIELD_TEXTS) {
		text_list_release(member_to_set(f, record));
	} else if (f->type == FIELD_RECORDS) {
		record_list_release(member_to_set(f, record), f->item);
	} else {
		string = member_to_set(f, record);
		if ((f->flags & FIELD_SECRET) && string->bytes != NULL) {
			wipe(string->bytes, string->len);
		}
		free(string->bytes);
		*string = (struct byte_string){ 0 };
	}
}

void
record_release(const struct record_type *type, void *record)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];

		if (storage_of(f) == AS_LIST) {
			release_list(f, record);
		} else if ((f->flags & FIELD_SECRET) && storage_of(f) == AS_CHARS) {
			wipe(member_to_set(f, record), f->size);
		} else if (f->flags & FIELD_SECRET) {
			record_set_number(f, record, 0);
		}
	}
}

void *
record_list_add(struct record_list *list, const struct record_type *type)
{
	char *item;

	/* Room doubles at each power of two, so that no capacity has to be kept. */
	if ((list->count & (list->count - 1)) == 0) {
		size_t room = list->count == 0 ? 1 : 2 * list->count;

		list->items = mem_resize(list->items, room, type->size);
	}
	item = (char *)list->items + list->count * type->size;
	memset(item, 0, type->size);
	list->count++;
	return item;
}

void *
record_list_at(const struct record_list *list, const struct record_type *type, size_t i)
{
	assert(i < list->count);
	return (char *)list->items + i * type->size;
}

void
record_list_release(struct record_list *list, const struct record_type *type)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		record_release(type, record_list_at(list, type, i));
	}
	free(list->items);
	*list = (struct record_list){ 0 };
}
