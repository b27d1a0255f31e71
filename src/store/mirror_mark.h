/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_MARK_H
#define SHEBAO_STORE_MIRROR_MARK_H

#include "mirror_sql.h"

/* Marks of a list, a bit for each of the 4,096 rows of a block. */
#define MIRROR_MARK_BYTES (MIRROR_MARK_ROWS / 8)

/* The bits of a block of q's marks, all 0 when there are none. */
int mirror_mark_read(struct db *db, const struct mirror_query *q, int64_t block,
    unsigned char bits[MIRROR_MARK_BYTES], struct err *err);

static inline int
mirror_mark_bit(const unsigned char *bits, int64_t rowid)
{
	int64_t n = rowid & (MIRROR_MARK_ROWS - 1);

	return bits[n / 8] >> (n % 8) & 1;
}

/* Number and sum of the marked rows of a list of levies: 1; 0: it is for SQL. */
int mirror_mark_count(struct db *db, const struct mirror_query *q, const char *sum_field,
    int64_t *count, int64_t *sum, struct err *err);

#endif
