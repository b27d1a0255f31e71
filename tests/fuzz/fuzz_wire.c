/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Foreign bytes into every decoder of the wire. The first byte picks the record type, the
 * second the decoder. What is accepted must come out of the encoder as bytes that are accepted
 * again and make the same bytes; what is refused must say so in clean text.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "shebao/text.h"
#include "shebao/wire.h"
#include "unit/wire/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_refusal(const struct err *err)
{
	assert(err->code != ERR_NONE);
	assert(err->text[0] != '\0' && text_is_clean(err->text, strlen(err->text)));
}

static void
fuzz_json(const struct record_type *type, const char *json, size_t n, enum wire_mode mode)
{
	void *record = mem_alloc(type->size), *again = mem_alloc(type->size);
	struct buf first = { 0 }, second = { 0 };
	struct err err = { 0 };

	if (wire_decode(type, json, n, mode, record, &err) < 0) {
		check_refusal(&err);
	} else {
		int result;

		wire_encode(type, record, &first);
		result =
		    wire_decode(type, first.data, first.len, WIRE_STRICT, again, &err);
		assert(result == 0);
		wire_encode(type, again, &second);
		assert(strcmp(first.data, second.data) == 0);
	}
	record_release(type, record);
	record_release(type, again);
	buf_release(&first);
	buf_release(&second);
	free(record);
	free(again);
}

static void
fuzz_query(const struct record_type *type, const char *text, size_t n)
{
	char *query = mem_alloc(n + 1);
	void *record = mem_alloc(type->size), *again = mem_alloc(type->size);
	struct buf first = { 0 }, second = { 0 };
	struct err err = { 0 };

	memcpy(query, text, n);
	if (wire_decode_query(type, query, record, &err) < 0) {
		check_refusal(&err);
	} else {
		wire_encode_query(type, record, &first);
		/* Percent-encoding may make a long query longer than is accepted. */
		if (wire_decode_query(type, buf_text(&first), again, &err) == 0) {
			wire_encode_query(type, again, &second);
			assert(strcmp(buf_text(&first), buf_text(&second)) == 0);
		} else {
			assert(err.code == ERR_LIMIT);
		}
	}
	record_release(type, record);
	record_release(type, again);
	buf_release(&first);
	buf_release(&second);
	free(query);
	free(record);
	free(again);
}

/* Reads all rows into out as they are written; -1 when the file was refused. */
static int
read_rows(const struct record_type *type, char *text, size_t n, struct buf *out)
{
	void *record = mem_alloc(type->size);
	FILE *file = fmemopen(text, n, "r");
	struct wire_rows *rows = NULL;
	struct err err = { 0 };
	int got = -1;

	assert(file != NULL);
	wire_rows_header(type, out);
	if (wire_rows_open(type, file, "fuzz.csv", &rows, &err) == 0) {
		while ((got = wire_rows_next(rows, record, &err)) == 1) {
			wire_rows_put(type, record, out);
		}
	}
	if (got < 0) {
		check_refusal(&err);
		assert(strncmp(err.text, "fuzz.csv:", 9) == 0);
	}
	wire_rows_close(rows);
	fclose(file);
	free(record);
	return got;
}

static void
fuzz_rows(const struct record_type *type, const char *text, size_t n)
{
	char *copy = mem_alloc(n + 1);
	struct buf first = { 0 }, second = { 0 };

	memcpy(copy, text, n);
	if (n > 0 && read_rows(type, copy, n, &first) == 0) {
		int result = read_rows(type, first.data, first.len, &second);

		assert(result == 0);
		assert(strcmp(first.data, second.data) == 0);
	}
	buf_release(&first);
	buf_release(&second);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 2;

	if (size < 2) {
		return -1;
	}
	size -= 2;
	switch (data[1] % 4) {
	case 0:
		fuzz_json(types[data[0] % ARRAY_LEN(types)], text, size, WIRE_STRICT);
		break;
	case 1:
		fuzz_json(types[data[0] % ARRAY_LEN(types)], text, size, WIRE_LENIENT);
		break;
	case 2:
		fuzz_query(types[data[0] % ARRAY_LEN(types)], text, size);
		break;
	default:
		fuzz_rows(types[data[0] % ARRAY_LEN(types)], text, size);
		break;
	}
	return 0;
}
