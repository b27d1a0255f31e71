/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQL functions over sets of small numbers: a blob of bits, the lowest first. */
#include <stdint.h>
#include <string.h>

#include "db_sqlite.h"

#define BITS_BYTES 512 /* numbers below 4,096 */

/* bit_at(bits, n): 1, 0; NULL where there are no bits. */
static void
bit_at(sqlite3_context *context, int count, sqlite3_value **values)
{
	const unsigned char *bits = sqlite3_value_blob(values[0]);
	int bytes = sqlite3_value_bytes(values[0]);
	int64_t n = sqlite3_value_int64(values[1]);

	(void)count;
	if (bits == NULL || n < 0) {
		sqlite3_result_null(context);
		return;
	}
	sqlite3_result_int(context, n / 8 < bytes ? bits[n / 8] >> (n % 8) & 1 : 0);
}

/* bits_of(n): the set of the numbers of a group of rows. */
static void
add_bit(sqlite3_context *context, int count, sqlite3_value **values)
{
	unsigned char *bits = sqlite3_aggregate_context(context, BITS_BYTES);
	int64_t n = sqlite3_value_int64(values[0]);

	(void)count;
	if (bits == NULL) {
		sqlite3_result_error_nomem(context);
	} else if (n < 0 || n >= BITS_BYTES * 8) {
		sqlite3_result_error(context, "bits_of: not below 4096", -1);
	} else {
		bits[n / 8] = (unsigned char)(bits[n / 8] | 1u << (n % 8));
	}
}

static void
give_bits(sqlite3_context *context)
{
	const unsigned char *bits = sqlite3_aggregate_context(context, 0);

	if (bits == NULL) {
		sqlite3_result_zeroblob(context, BITS_BYTES);
	} else {
		sqlite3_result_blob(context, bits, BITS_BYTES, SQLITE_TRANSIENT);
	}
}

int
db_sqlite_bits_define(sqlite3 *handle)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
	int rc = sqlite3_create_function_v2(handle, "bit_at", 2, flags, NULL, bit_at, NULL, NULL, NULL);

	return rc != SQLITE_OK ? rc :
				 sqlite3_create_function_v2(
				     handle, "bits_of", 1, flags, NULL, NULL, add_bit, give_bits, NULL);
}
