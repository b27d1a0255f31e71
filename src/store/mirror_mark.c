/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks: kept by row across filters, sorting and sessions, as bits, so that a million of them are
 * 245 small blobs and one transaction.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mirror_scan.h"
#include "mirror_sql.h"
#include "shebao/mem.h"
#include "shebao/mirror.h"

/* ---- the rows of a query */

/* The list's rows in the scan's loaded block. */
static void
take_block(const struct mirror_scan *s, struct mirror_bits *b)
{
	size_t i;

	for (i = 0; i < BLOCK_ROW_COUNT; i++) {
		if (mirror_scan_has(s, i)) {
			mirror_bits_add(b, (int64_t)i);
		}
	}
}

static int
collect_scan(struct mirror_scan *s, int64_t first, int64_t n, struct mirror_set *set, struct err *err)
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
		take_block(s, mirror_set_block(set, s->blocks[at]));
	}
	while (n > 0) {
		if (mirror_scan_select(s, first, n < 256 ? (size_t)n : 256, rowids, &got, err) < 0) {
			return -1;
		}
		if (got == 0) {
			break;
		}
		for (i = 0; i < got; i++) {
			mirror_set_add(set, rowids[i]);
		}
		first += (int64_t)got;
		n -= (int64_t)got;
	}
	return 0;
}

static int
collect_sql(struct db *db, const struct mirror_query *q, int64_t first, int64_t n,
    struct mirror_set *set, struct err *err)
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
		mirror_set_add(set, db_rows_int(rows, 0));
		rc = 0;
	}
	db_rows_close(rows);
	buf_release(&s.text);
	return rc;
}

/* n < 0: all. */
static int
collect(struct db *db, const struct mirror_query *q, int64_t first, int64_t n,
    struct mirror_set *set, struct err *err)
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

static struct mirror_set_name
marks_of(const struct mirror_query *q)
{
	return (struct mirror_set_name){ "mark_block", q->taxpayer_id, q->marks };
}

/* ---- marking */

/* Rows of the set are marked, unmarked or the other way round; all others stay as they are. */
static int
apply(struct db *db, const struct mirror_query *q, const struct mirror_set *set,
    enum mirror_mark how, struct err *err)
{
	const struct mirror_set_name marks = marks_of(q);
	size_t i, k;

	for (i = 0; i < set->count; i++) {
		const struct mirror_bits *b = &set->blocks[i];
		struct mirror_bits now = { .block = b->block };

		if (mirror_set_read_block(db, &marks, &now, err) < 0) {
			return -1;
		}
		for (k = 0; k < MIRROR_SET_BYTES; k++) {
			unsigned before = now.bits[k], rows = b->bits[k];

			now.bits[k] = (unsigned char)(how == MIRROR_MARK_ON ? before | rows :
				how == MIRROR_MARK_OFF                      ? before & ~rows :
										      before ^ rows);
		}
		if (mirror_set_write_block(db, &marks, &now, err) < 0) {
			return -1;
		}
	}
	return 0;
}

typedef int steps_fn(struct db *db, const struct mirror_query *q, struct mirror_set *set, void *user,
    struct err *err);

/* The steps in one transaction, over blocks that are true. */
static int
in_transaction(struct db *db, const struct mirror_query *q, steps_fn *steps, void *user, struct err *err)
{
	struct mirror_set set = { 0 };
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
	mirror_set_release(&set);
	return rc;
}

struct wish {
	int64_t first, n;
	enum mirror_mark how;
};

static int
mark_steps(struct db *db, const struct mirror_query *q, struct mirror_set *set, void *user, struct err *err)
{
	const struct wish *wish = user;

	if (collect(db, q, wish->first, wish->n, set, err) < 0) {
		return -1;
	}
	return apply(db, q, set, wish->how, err);
}

static int
mark_key_steps(
    struct db *db, const struct mirror_query *q, struct mirror_set *set, void *user, struct err *err)
{
	const struct wish *wish = user;

	mirror_set_add(set, wish->first);
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
keep_scan(struct mirror_scan *s, struct mirror_set *marks, struct err *err)
{
	size_t i, at = 0, k;

	for (i = 0; i < marks->count; i++) {
		struct mirror_bits *b = &marks->blocks[i], there = { 0 };

		while (at < s->block_count && s->blocks[at] < b->block) {
			at++;
		}
		if (at < s->block_count && s->blocks[at] == b->block && s->counts[at] > 0) {
			if (mirror_scan_groups(s, at, err) < 0 || mirror_scan_rows(s, err) < 0) {
				return -1;
			}
			take_block(s, &there);
		}
		for (k = 0; k < MIRROR_SET_BYTES; k++) {
			b->bits[k] &= there.bits[k];
		}
	}
	return 0;
}

static int
keep_sql(struct db *db, const struct mirror_query *q, struct mirror_set *marks, struct err *err)
{
	struct mirror_query marked = *q;
	struct mirror_set kept = { 0 };
	size_t i;
	int rc;

	marked.marked_only = 1;
	rc = collect_sql(db, &marked, 0, -1, &kept, err);
	for (i = 0; rc == 0 && i < marks->count; i++) {
		struct mirror_bits *b = &marks->blocks[i];

		memcpy(b->bits, mirror_set_block(&kept, b->block)->bits, sizeof(b->bits));
	}
	mirror_set_release(&kept);
	return rc;
}

static int
keep(struct db *db, const struct mirror_query *q, struct mirror_set *marks, struct err *err)
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
    struct db *db, const struct mirror_query *q, struct mirror_set *set, void *user, struct err *err)
{
	const struct mirror_set_name marks = marks_of(q);
	struct mirror_set kept = { 0 };
	size_t i;
	int rc;

	(void)user;
	if (mirror_set_read(db, &marks, set, err) < 0) {
		return -1;
	}
	kept.count = kept.size = set->count;
	kept.blocks = mem_resize(NULL, set->count + 1, sizeof(*kept.blocks));
	if (set->count > 0) {
		memcpy(kept.blocks, set->blocks, set->count * sizeof(*kept.blocks));
	}
	rc = keep(db, q, &kept, err);
	for (i = 0; rc == 0 && i < set->count; i++) {
		if (memcmp(kept.blocks[i].bits, set->blocks[i].bits, MIRROR_SET_BYTES) != 0) {
			rc = mirror_set_write_block(db, &marks, &kept.blocks[i], err);
		}
	}
	mirror_set_release(&kept);
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
