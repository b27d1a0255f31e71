/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks: kept by row across filters, sorting and sessions, as bits, so that a million of them are
 * 245 small blobs and one transaction.
 */
#include "mirror_mark.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mirror_scan.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/mirror.h"

_Static_assert(MIRROR_MARK_SHIFT == BLOCK_SHIFT, "marks stand in the blocks of the rows");

/* Rows, by block. */
struct bits {
	int64_t block;
	unsigned char bits[MIRROR_MARK_BYTES];
};

struct row_set {
	struct bits *blocks; /* ascending */
	size_t count, size;
};

static struct bits *
block_of(struct row_set *set, int64_t block)
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
	if (low < set->count && set->blocks[low].block == block) {
		return &set->blocks[low];
	}
	if (set->count == set->size) {
		set->size = set->size == 0 ? 16 : 2 * set->size;
		set->blocks = mem_resize(set->blocks, set->size, sizeof(*set->blocks));
	}
	memmove(&set->blocks[low + 1], &set->blocks[low], (set->count - low) * sizeof(*set->blocks));
	set->count++;
	set->blocks[low] = (struct bits){ .block = block };
	return &set->blocks[low];
}

static void
set_bit(struct bits *b, int64_t rowid)
{
	int64_t n = rowid & (MIRROR_MARK_ROWS - 1);

	b->bits[n / 8] = (unsigned char)(b->bits[n / 8] | 1u << (n % 8));
}

/* ---- the rows of a query */

/* The list's rows in the scan's loaded block. */
static void
take_block(const struct mirror_scan *s, struct bits *b)
{
	size_t i;

	for (i = 0; i < BLOCK_ROW_COUNT; i++) {
		if (mirror_scan_has(s, i)) {
			set_bit(b, (int64_t)i);
		}
	}
}

static int
collect_scan(struct mirror_scan *s, int64_t first, int64_t n, struct row_set *set, struct err *err)
{
	int64_t rowids[256];
	size_t at, got, i;

	for (at = 0; n < 0 && at < s->block_count; at++) {
		if (s->counts[at] == 0) {
			continue;
		}
		if (mirror_scan_groups(s, at, err) < 0 || mirror_scan_rows(s, err) < 0) {
			return -1;
		}
		take_block(s, block_of(set, s->blocks[at]));
	}
	while (n > 0) {
		if (mirror_scan_select(s, first, n < 256 ? (size_t)n : 256, rowids, &got, err) < 0) {
			return -1;
		}
		if (got == 0) {
			break;
		}
		for (i = 0; i < got; i++) {
			set_bit(block_of(set, rowids[i] >> MIRROR_MARK_SHIFT), rowids[i]);
		}
		first += (int64_t)got;
		n -= (int64_t)got;
	}
	return 0;
}

static int
collect_sql(struct db *db, const struct mirror_query *q, int64_t first, int64_t n,
    struct row_set *set, struct err *err)
{
	struct mirror_sql s = { 0 };
	struct rows *rows = NULL;
	int rc;

	buf_puts(&s.text, "SELECT t.rowid");
	mirror_sql_from(&s, q, n < 0 && !q->marked_only);
	if (n >= 0) {
		mirror_sql_order(&s, q, 0);
		buf_puts(&s.text, " LIMIT ");
		mirror_sql_bind(&s, db_int(n));
		buf_puts(&s.text, " OFFSET ");
		mirror_sql_bind(&s, db_int(first));
	}
	rc = mirror_sql_query(db, &s, &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		int64_t rowid = db_rows_int(rows, 0);

		set_bit(block_of(set, rowid >> MIRROR_MARK_SHIFT), rowid);
		rc = 0;
	}
	db_rows_close(rows);
	buf_release(&s.text);
	return rc;
}

/* n < 0: all. */
static int
collect(struct db *db, const struct mirror_query *q, int64_t first, int64_t n,
    struct row_set *set, struct err *err)
{
	/* A long stretch in an order is sorted once by SQL rather than page by page. */
	int is_long = q->order != NULL && n > 1024;
	struct mirror_query rows = *q;
	struct mirror_scan *s = NULL;
	int rc;

	rows.marks = q->marked_only ? q->marks : NULL;
	if (n < 0) {
		rows.order = NULL;
		rows.descending = 0;
	}
	rc = is_long ? 0 : mirror_scan_open(db, &rows, &s, err);
	if (rc == 1) {
		rc = collect_scan(s, first, n, set, err);
		mirror_scan_close(s);
		return rc;
	}
	return rc < 0 ? -1 : collect_sql(db, &rows, first, n, set, err);
}

/* ---- what is stored */

int
mirror_mark_read(struct db *db, const struct mirror_query *q, int64_t block,
    unsigned char bits[MIRROR_MARK_BYTES], struct err *err)
{
	struct rows *rows = NULL;
	int rc;

	memset(bits, 0, MIRROR_MARK_BYTES);
	rc = db_query(db,
	    "SELECT bits FROM mark_block WHERE taxpayer_id = $1 AND list = $2 AND block = $3",
	    DB_ARGS(db_text(q->taxpayer_id), db_text(q->marks), db_int(block)), &rows, err);
	if (rc == 0) {
		rc = db_rows_next(rows, err);
	}
	if (rc == 1) {
		size_t n;
		const void *bytes = db_rows_bytes(rows, 0, &n);

		memcpy(bits, bytes, n < MIRROR_MARK_BYTES ? n : MIRROR_MARK_BYTES);
		rc = 0;
	}
	db_rows_close(rows);
	return rc;
}

static int
write_bits(struct db *db, const struct mirror_query *q, const struct bits *b, struct err *err)
{
	static const unsigned char none[MIRROR_MARK_BYTES];

	if (memcmp(b->bits, none, sizeof(none)) == 0) {
		return db_run(db,
		    "DELETE FROM mark_block WHERE taxpayer_id = $1 AND list = $2 AND block = $3",
		    DB_ARGS(db_text(q->taxpayer_id), db_text(q->marks), db_int(b->block)), NULL, err);
	}
	return db_run(db,
	    "INSERT INTO mark_block (taxpayer_id, list, block, bits) VALUES ($1, $2, $3, $4)"
	    " ON CONFLICT (taxpayer_id, list, block) DO UPDATE SET bits = excluded.bits",
	    DB_ARGS(db_text(q->taxpayer_id), db_text(q->marks), db_int(b->block),
		db_bytes(b->bits, sizeof(b->bits))),
	    NULL, err);
}

/* All marks of the list, as they are stored. */
static int
read_all(struct db *db, const struct mirror_query *q, struct row_set *set, struct err *err)
{
	struct rows *rows = NULL;
	int rc = db_query(db,
	    "SELECT block, bits FROM mark_block WHERE taxpayer_id = $1 AND list = $2 ORDER BY block",
	    DB_ARGS(db_text(q->taxpayer_id), db_text(q->marks)), &rows, err);

	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		struct bits *b = block_of(set, db_rows_int(rows, 0));
		size_t n;
		const void *bytes = db_rows_bytes(rows, 1, &n);

		memcpy(b->bits, bytes, n < MIRROR_MARK_BYTES ? n : MIRROR_MARK_BYTES);
		rc = 0;
	}
	db_rows_close(rows);
	return rc;
}

/* ---- marking */

/* Rows of the set are marked, unmarked or the other way round; all others stay as they are. */
static int
apply(struct db *db, const struct mirror_query *q, const struct row_set *set,
    enum mirror_mark how, struct err *err)
{
	size_t i, k;

	for (i = 0; i < set->count; i++) {
		const struct bits *b = &set->blocks[i];
		struct bits now = { .block = b->block };

		if (mirror_mark_read(db, q, b->block, now.bits, err) < 0) {
			return -1;
		}
		for (k = 0; k < MIRROR_MARK_BYTES; k++) {
			unsigned before = now.bits[k], rows = b->bits[k];

			now.bits[k] = (unsigned char)(how == MIRROR_MARK_ON ? before | rows :
				how == MIRROR_MARK_OFF                      ? before & ~rows :
										      before ^ rows);
		}
		if (write_bits(db, q, &now, err) < 0) {
			return -1;
		}
	}
	return 0;
}

typedef int steps_fn(struct db *db, const struct mirror_query *q, struct row_set *set, void *user,
    struct err *err);

/* The steps in one transaction, over blocks that are true. */
static int
in_transaction(struct db *db, const struct mirror_query *q, steps_fn *steps, void *user, struct err *err)
{
	struct row_set set = { 0 };
	int rc;

	assert(q->marks != NULL);
	(void)mirror_block_refresh(db);
	if (db_begin(db, err) != 0) {
		return -1;
	}
	rc = steps(db, q, &set, user, err);
	if (rc == 0) {
		rc = db_commit(db, err);
	}
	if (rc != 0) {
		db_rollback(db);
	}
	free(set.blocks);
	return rc;
}

struct wish {
	int64_t first, n;
	enum mirror_mark how;
};

static int
mark_steps(struct db *db, const struct mirror_query *q, struct row_set *set, void *user, struct err *err)
{
	const struct wish *wish = user;

	if (collect(db, q, wish->first, wish->n, set, err) < 0) {
		return -1;
	}
	return apply(db, q, set, wish->how, err);
}

static int
mark_key_steps(
    struct db *db, const struct mirror_query *q, struct row_set *set, void *user, struct err *err)
{
	const struct wish *wish = user;

	set_bit(block_of(set, wish->first >> MIRROR_MARK_SHIFT), wish->first);
	return apply(db, q, set, wish->how, err);
}

int
mirror_mark_key(struct db *db, const struct mirror_query *q, int64_t key,
    enum mirror_mark how, struct err *err)
{
	return in_transaction(db, q, mark_key_steps, &(struct wish){ key, 1, how }, err);
}

int
mirror_mark_rows(struct db *db, const struct mirror_query *q, int64_t first, int64_t last,
    enum mirror_mark how, struct err *err)
{
	return in_transaction(db, q, mark_steps, &(struct wish){ first, last - first + 1, how }, err);
}

int
mirror_mark_all(
    struct db *db, const struct mirror_query *q, enum mirror_mark how, struct err *err)
{
	return in_transaction(db, q, mark_steps, &(struct wish){ 0, -1, how }, err);
}

/* ---- marks of rows that are gone */

/* Of the marks those whose rows are in the list. */
static int
keep_scan(struct mirror_scan *s, struct row_set *marks, struct err *err)
{
	size_t i, at = 0, k;

	for (i = 0; i < marks->count; i++) {
		struct bits *b = &marks->blocks[i], there = { 0 };

		while (at < s->block_count && s->blocks[at] < b->block) {
			at++;
		}
		if (at < s->block_count && s->blocks[at] == b->block && s->counts[at] > 0) {
			if (mirror_scan_groups(s, at, err) < 0 || mirror_scan_rows(s, err) < 0) {
				return -1;
			}
			take_block(s, &there);
		}
		for (k = 0; k < MIRROR_MARK_BYTES; k++) {
			b->bits[k] &= there.bits[k];
		}
	}
	return 0;
}

static int
keep_sql(struct db *db, const struct mirror_query *q, struct row_set *marks, struct err *err)
{
	struct mirror_query marked = *q;
	struct row_set kept = { 0 };
	size_t i;
	int rc;

	marked.marked_only = 1;
	rc = collect_sql(db, &marked, 0, -1, &kept, err);
	for (i = 0; rc == 0 && i < marks->count; i++) {
		struct bits *b = &marks->blocks[i];

		memcpy(b->bits, block_of(&kept, b->block)->bits, sizeof(b->bits));
	}
	free(kept.blocks);
	return rc;
}

static int
keep(struct db *db, const struct mirror_query *q, struct row_set *marks, struct err *err)
{
	struct mirror_query rows = *q;
	struct mirror_scan *s = NULL;
	int rc;

	rows.marks = NULL;
	rows.order = NULL;
	rows.descending = 0;
	rc = mirror_scan_open(db, &rows, &s, err);
	if (rc == 1) {
		rc = keep_scan(s, marks, err);
		mirror_scan_close(s);
		return rc;
	}
	return rc < 0 ? -1 : keep_sql(db, q, marks, err);
}

static int
trim_steps(
    struct db *db, const struct mirror_query *q, struct row_set *set, void *user, struct err *err)
{
	struct row_set kept = { 0 };
	size_t i;
	int rc;

	(void)user;
	if (read_all(db, q, set, err) < 0) {
		return -1;
	}
	kept.count = kept.size = set->count;
	kept.blocks = mem_resize(NULL, set->count + 1, sizeof(*kept.blocks));
	if (set->count > 0) {
		memcpy(kept.blocks, set->blocks, set->count * sizeof(*kept.blocks));
	}
	rc = keep(db, q, &kept, err);
	for (i = 0; rc == 0 && i < set->count; i++) {
		if (memcmp(kept.blocks[i].bits, set->blocks[i].bits, MIRROR_MARK_BYTES) != 0) {
			rc = write_bits(db, q, &kept.blocks[i], err);
		}
	}
	free(kept.blocks);
	return rc;
}

int
mirror_mark_trim(struct db *db, const struct mirror_query *q, struct err *err)
{
	int64_t any = 0;

	if (db_find_int(db, "SELECT 1 FROM mark_block WHERE taxpayer_id = $1 AND list = $2 LIMIT 1",
		DB_ARGS(db_text(q->taxpayer_id), db_text(q->marks)), &any, err) < 0) {
		return -1;
	}
	return any ? in_transaction(db, q, trim_steps, NULL, err) : 0;
}

/* ---- their number and sum */

static int
add_block(struct mirror_scan *s, const struct bits *b, enum block_part part, int64_t *count,
    int64_t *sum, struct err *err)
{
	size_t i;

	if (mirror_scan_rows(s, err) < 0 ||
	    (part != BLOCK_NONE && mirror_scan_numbers(s, part, err) < 0)) {
		return -1;
	}
	for (i = 0; i < BLOCK_ROW_COUNT; i++) {
		if (!mirror_mark_bit(b->bits, (int64_t)i) || !mirror_scan_has(s, i)) {
			continue;
		}
		(*count)++;
		if (part != BLOCK_NONE && money_add(*sum, s->block->numbers[i], sum, err) < 0) {
			return -1;
		}
	}
	return 0;
}

int
mirror_mark_count(struct db *db, const struct mirror_query *q, const char *sum_field,
    int64_t *count, int64_t *sum, struct err *err)
{
	enum block_part part = sum_field == NULL ? BLOCK_NONE : mirror_block_number_part(sum_field);
	struct mirror_query rows = *q;
	struct row_set marks = { 0 };
	struct mirror_scan *s = NULL;
	size_t i, at = 0;
	int rc;

	if (sum_field != NULL && part == BLOCK_NONE) {
		return 0;
	}
	rows.marks = NULL;
	rows.marked_only = rows.descending = 0;
	rows.order = NULL;
	rc = mirror_scan_open(db, &rows, &s, err);
	if (rc <= 0) {
		return rc;
	}
	rc = read_all(db, q, &marks, err);
	for (i = 0; rc == 0 && i < marks.count; i++) {
		while (at < s->block_count && s->blocks[at] < marks.blocks[i].block) {
			at++;
		}
		if (at < s->block_count && s->blocks[at] == marks.blocks[i].block && s->counts[at] > 0) {
			rc = mirror_scan_groups(s, at, err);
			if (rc == 0) {
				rc = add_block(s, &marks.blocks[i], part, count, sum, err);
			}
		}
	}
	free(marks.blocks);
	mirror_scan_close(s);
	return rc < 0 ? -1 : 1;
}
