/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign bytes as a CSV file: rows come out as UTF-8, or the refusal names a line in clean text. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "shebao/buf.h"
#include "shebao/csv.h"
#include "shebao/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is valid UTF-8 has no character that reading replaces, unless it says so itself. */
static void
check_field(const char *field)
{
	const char *at = field;

	while (*at != '\0') {
		const char *from = at;

		assert(text_next(&at) != 0xfffd || at - from == 3);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	struct csv_reader *reader;
	const char *const *fields;
	struct err err = { 0 };
	struct buf out = { 0 };
	size_t count, i;
	int got;

	if (file == NULL) {
		return 0;
	}
	reader = csv_reader_new(file, "fuzz.csv");
	while ((got = csv_reader_next(reader, &fields, &count, &err)) == 1) {
		assert(count > 0 && count <= CSV_FIELDS_MAX);
		for (i = 0; i < count; i++) {
			check_field(fields[i]);
			csv_put(&out, fields[i], i == 0);
		}
		csv_row_end(&out);
	}
	if (got < 0) {
		assert(err.code == ERR_DATA && strncmp(err.text, "fuzz.csv:", 9) == 0);
		assert(text_is_clean(err.text, strlen(err.text)));
	}
	csv_reader_free(reader);
	fclose(file);
	buf_release(&out);
	return 0;
}
