/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_SET_H
#define SHEBAO_STORE_MIRROR_SET_H

#include "mirror_block.h"

/*
 * Sets of rows by their rowid, a bit for each of the 4,096 rows of a block: those that are marked,
 * and those to which a list is narrowed. A million of them are 245 small blobs, in the tables
 * mark_block and narrow_block (this one temporary) with the columns taxpayer_id, list, block, bits.
 */
#define MIRROR_SET_BYTES (BLOCK_ROW_COUNT / 8)

struct mirror_bits {
	int64_t block;
	unsigned char bits[MIRROR_SET_BYTES];
};

struct mirror_set {
	struct mirror_bits *blocks; /* owned; ascending */
	size_t count, size;
};

static inline int
mirror_bits_has(const unsigned char *bits, int64_t rowid)
{
	int64_t n = rowid & (BLOCK_ROW_COUNT - 1);

	return bits[n / 8] >> (n % 8) & 1;
}

void mirror_bits_add(struct mirror_bits *b, int64_t rowid);

/* The bits of this block, made when there are none; valid until the next one is made. */
struct mirror_bits *mirror_set_block(struct mirror_set *set, int64_t block);
/* NULL when there are none. */
const struct mirror_bits *mirror_set_find(const struct mirror_set *set, int64_t block);
void mirror_set_add(struct mirror_set *set, int64_t rowid);
void mirror_set_release(struct mirror_set *set);

/* A set as it is stored. */
struct mirror_set_name {
	const char *table, *taxpayer_id, *list;
};

/* The set to which q is limited; table is NULL: to none. */
struct mirror_set_name mirror_set_of(const struct mirror_query *q);

int mirror_set_read(
    struct db *db, const struct mirror_set_name *name, struct mirror_set *out, struct err *err);
/* One block of it, all 0 when there is none. */
int mirror_set_read_block(struct db *db, const struct mirror_set_name *name, struct mirror_bits *b,
    struct err *err);
int mirror_set_write_block(struct db *db, const struct mirror_set_name *name,
    const struct mirror_bits *b, struct err *err);

#endif
