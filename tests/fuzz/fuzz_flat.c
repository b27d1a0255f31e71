/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign bytes as rows of a long list: what the short way takes the complete parser takes too, and
 * reads the same out of it. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "shebao/text.h"
#include "shebao/wire.h"
#include "unit/wire/types.h"
#include "wire/wire_flat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
compare(const struct record_type *type, const char *json, size_t n)
{
	void *quick = mem_alloc(type->size), *slow = mem_alloc(type->size);
	struct buf first = { 0 }, second = { 0 };
	struct err err = { 0 };

	if (wire_flat_decode(type, json, n, quick) == 1) {
		int taken = wire_decode(type, json, n, WIRE_LENIENT, slow, &err);

		assert(taken == 0);
		wire_encode(type, quick, &first);
		wire_encode(type, slow, &second);
		assert(strcmp(buf_text(&first), buf_text(&second)) == 0);
	}
	record_release(type, quick);
	record_release(type, slow);
	buf_release(&first);
	buf_release(&second);
	free(quick);
	free(slow);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 1) {
		compare(types[data[0] % ARRAY_LEN(types)], (const char *)data + 1, size - 1);
	}
	return 0;
}
