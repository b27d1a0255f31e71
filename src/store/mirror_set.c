/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of rows as bits, and how they are stored. */
#include "mirror_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"

void
mirror_bits_add(struct mirror_bits *b, int64_t rowid)
{
	int64_t n = rowid & (BLOCK_ROW_COUNT - 1);

	b->bits[n / 8] = (unsigned char)(b->bits[n / 8] | 1u << (n % 8));
}

/* Where the block is or would be. */
static size_t
place_of(const struct mirror_set *set, int64_t block)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->blocks[middle].block < block) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

const struct mirror_bits *
mirror_set_find(const struct mirror_set *set, int64_t block)
{
	size_t at = place_of(set, block);

	return at < set->count && set->blocks[at].block == block ? &set->blocks[at] : NULL;
}

struct mirror_bits *
mirror_set_block(struct mirror_set *set, int64_t block)
{
	size_t at = place_of(set, block);

	if (at < set->count && set->blocks[at].block == block) {
		return &set->blocks[at];
	}
	if (set->count == set->size) {
		set->size = set->size == 0 ? 16 : 2 * set->size;
		set->blocks = mem_resize(set->blocks, set->size, sizeof(*set->blocks));
	}
	memmove(&set->blocks[at + 1], &set->blocks[at], (set->count - at) * sizeof(*set->blocks));
	set->count++;
	set->blocks[at] = (struct mirror_bits){ .block = block };
	return &set->blocks[at];
}

void
mirror_set_add(struct mirror_set *set, int64_t rowid)
{
	mirror_bits_add(mirror_set_block(set, rowid >> BLOCK_SHIFT), rowid);
}

void
mirror_set_release(struct mirror_set *set)
{
	free(set->blocks);
	*set = (struct mirror_set){ 0 };
}

/* ---- what is stored */

struct mirror_set_name
mirror_set_of(const struct mirror_query *q)
{
	struct mirror_set_name name = { NULL, q->taxpayer_id, NULL };

	if (q->marked_only && q->marks != NULL) {
		name.table = "mark_block";
		name.list = q->marks;
	} else if (q->narrowed != NULL) {
		name.table = "narrow_block";
		name.list = q->narrowed;
	}
	return name;
}

static void
take_bits(const struct rows *rows, int column, struct mirror_bits *b)
{
	size_t n;
	const void *bytes = db_rows_bytes(rows, column, &n);

	memcpy(b->bits, bytes, n < MIRROR_SET_BYTES ? n : MIRROR_SET_BYTES);
}

int
mirror_set_read(
    struct db *db, const struct mirror_set_name *name, struct mirror_set *out, struct err *err)
{
	struct rows *rows = NULL;
	char sql[160];
	int rc;

	snprintf(sql, sizeof(sql),
	    "SELECT block, bits FROM %s WHERE taxpayer_id = $1 AND list = $2 ORDER BY block", name->table);
	rc = db_query(db, sql, DB_ARGS(db_text(name->taxpayer_id), db_text(name->list)), &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		take_bits(rows, 1, mirror_set_block(out, db_rows_int(rows, 0)));
		rc = 0;
	}
	db_rows_close(rows);
	return rc;
}

int
mirror_set_read_block(struct db *db, const struct mirror_set_name *name, struct mirror_bits *b,
    struct err *err)
{
	struct rows *rows = NULL;
	char sql[160];
	int rc;

	memset(b->bits, 0, sizeof(b->bits));
	snprintf(sql, sizeof(sql),
	    "SELECT bits FROM %s WHERE taxpayer_id = $1 AND list = $2 AND block = $3", name->table);
	rc = db_query(db, sql,
	    DB_ARGS(db_text(name->taxpayer_id), db_text(name->list), db_int(b->block)), &rows, err);
	if (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		take_bits(rows, 0, b);
		rc = 0;
	}
	db_rows_close(rows);
	return rc;
}

int
mirror_set_write_block(struct db *db, const struct mirror_set_name *name,
    const struct mirror_bits *b, struct err *err)
{
	static const unsigned char none[MIRROR_SET_BYTES];
	char sql[224];

	if (memcmp(b->bits, none, sizeof(none)) == 0) {
		snprintf(sql, sizeof(sql),
		    "DELETE FROM %s WHERE taxpayer_id = $1 AND list = $2 AND block = $3", name->table);
		return db_run(db, sql,
		    DB_ARGS(db_text(name->taxpayer_id), db_text(name->list), db_int(b->block)), NULL, err);
	}
	snprintf(sql, sizeof(sql),
	    "INSERT INTO %s (taxpayer_id, list, block, bits) VALUES ($1, $2, $3, $4)"
	    " ON CONFLICT (taxpayer_id, list, block) DO UPDATE SET bits = excluded.bits",
	    name->table);
	return db_run(db, sql,
	    DB_ARGS(db_text(name->taxpayer_id), db_text(name->list), db_int(b->block),
		db_bytes(b->bits, sizeof(b->bits))),
	    NULL, err);
}
