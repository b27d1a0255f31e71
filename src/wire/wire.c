/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records to JSON and to query strings. The writer is ours: members in the order of the table
 * and no choice of spelling, so that equal records make equal bytes, which op_id fingerprints
 * and the hash chain of the audit rest on.
 */
#include "shebao/wire.h"

#include <inttypes.h>
#include <string.h>

#include "shebao/hex.h"
#include "shebao/mem.h"
#include "wire_value.h"

static void
put_texts(struct buf *out, const struct text_list *list)
{
	size_t i;

	buf_puts(out, "[");
	for (i = 0; i < list->count; i++) {
		buf_puts(out, i == 0 ? "" : ",");
		wire_value_put_string(out, list->items[i]);
	}
	buf_puts(out, "]");
}

static void
put_records(struct buf *out, const struct field *f, const struct record_list *list)
{
	size_t i;

	buf_puts(out, "[");
	for (i = 0; i < list->count; i++) {
		buf_puts(out, i == 0 ? "" : ",");
		wire_encode(f->item, record_list_at(list, f->item, i), out);
	}
	buf_puts(out, "]");
}

static void
put_value(struct buf *out, const struct field *f, const void *record)
{
	const void *member = (const char *)record + f->offset;
	const struct byte_string *bytes;

	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_DATE:
	case FIELD_PERIOD:
		wire_value_put_string(out, record_text(f, record));
		break;
	case FIELD_NUMBER:
	case FIELD_FEN:
	case FIELD_RATE:
	case FIELD_TIME:
		buf_printf(out, "%" PRId64, record_number(f, record));
		break;
	case FIELD_BOOL:
		buf_puts(out, record_number(f, record) != 0 ? "true" : "false");
		break;
	case FIELD_STATE:
	case FIELD_CHOICE:
		wire_value_put_string(out, wire_value_name(f, record_number(f, record)));
		break;
	case FIELD_TEXTS:
		put_texts(out, member);
		break;
	case FIELD_RECORDS:
		put_records(out, f, member);
		break;
	case FIELD_BYTES:
		bytes = member;
		buf_puts(out, "\"");
		hex_base64_encode(out, bytes->bytes, bytes->len);
		buf_puts(out, "\"");
		break;
	case FIELD_TYPE_COUNT:
		break;
	}
}

void
wire_encode(const struct record_type *type, const void *record, struct buf *out)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		buf_puts(out, i == 0 ? "{\"" : ",\"");
		buf_puts(out, type->fields[i].name);
		buf_puts(out, "\":");
		put_value(out, &type->fields[i], record);
	}
	buf_puts(out, type->count == 0 ? "{}" : "}");
}

void
wire_encode_list(
    const struct record_type *type, const void *records, size_t count, struct buf *out)
{
	size_t i;

	buf_puts(out, "[");
	for (i = 0; i < count; i++) {
		buf_puts(out, i == 0 ? "\n" : ",\n");
		wire_encode(type, (const char *)records + i * type->size, out);
	}
	buf_puts(out, count == 0 ? "]\n" : "\n]\n");
}
