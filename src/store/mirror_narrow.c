/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Narrowing a list while the clerk types: block after block is looked through, and the rows that fit
 * are put down as bits in a temporary table, so that every list over this connection can be limited
 * to them as it is to marks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mirror_schema.h"
#include "mirror_search_block.h"
#include "mirror_search_rows.h"
#include "shebao/mem.h"

struct mirror_narrow {
	struct db *db;
	struct mirror_query query;
	struct mirror_set_name set;
	char *name, *typed;  /* owned */
	int64_t block, last; /* the next one; the last there is */
	int64_t count;
	struct block_search *in_blocks; /* either of them is made when it is needed */
	struct row_search *in_rows;
};

static int
begin_set(struct mirror_narrow *n, struct err *err)
{
	if (db_run(n->db,
		"CREATE TEMP TABLE IF NOT EXISTS narrow_block ("
		" taxpayer_id TEXT NOT NULL, list TEXT NOT NULL, block BIGINT NOT NULL, bits BLOB NOT NULL,"
		" PRIMARY KEY (taxpayer_id, list, block)) WITHOUT ROWID",
		DB_NONE, NULL, err) < 0) {
		return -1;
	}
	mirror_scan_narrowed(n->db);
	return db_run(n->db, "DELETE FROM narrow_block WHERE list = $1", DB_ARGS(db_text(n->name)), NULL, err);
}

static int
find_last(struct mirror_narrow *n, struct err *err)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT coalesce(max(rowid), -1) >> %d FROM %s", BLOCK_SHIFT,
	    mirror_schema_table(n->query.noun)->name);
	return db_find_int(n->db, sql, DB_NONE, &n->last, err) < 0 ? -1 : 0;
}

int
mirror_narrow_new(struct db *db, const struct mirror_query *q, const char *name,
    const char *typed, struct mirror_narrow **out, struct err *err)
{
	struct mirror_narrow *n = mem_alloc(sizeof(*n));

	n->db = db;
	n->query = *q;
	n->query.order = n->query.marks = n->query.narrowed = NULL;
	n->query.descending = n->query.marked_only = 0;
	n->name = mem_dup(name);
	n->typed = mem_dup(typed);
	n->set = (struct mirror_set_name){ "narrow_block", n->query.taxpayer_id, n->name };
	if (begin_set(n, err) < 0 || find_last(n, err) < 0) {
		mirror_narrow_free(n);
		return -1;
	}
	*out = n;
	return 0;
}

void
mirror_narrow_free(struct mirror_narrow *n)
{
	if (n != NULL) {
		mirror_search_block_free(n->in_blocks);
		mirror_search_rows_free(n->in_rows);
		free(n->name);
		free(n->typed);
		free(n);
	}
}

/* 1; 0: this list is not in blocks. */
static int
look_in_block(struct mirror_narrow *n, struct mirror_bits *b, struct err *err)
{
	const unsigned char *hits;
	struct mirror_scan *s = NULL;
	size_t at, i;
	int count, rc = mirror_scan_open(n->db, &n->query, &s, err);

	if (rc <= 0) {
		return rc;
	}
	if (n->in_blocks == NULL) {
		n->in_blocks = mirror_search_block_new(n->typed);
	}
	if (mirror_scan_find_block(s, n->block, &at) && s->counts[at] > 0) {
		count = mirror_search_block_hits(n->in_blocks, s, at, &hits, err);
		for (i = 0; count > 0 && i < BLOCK_ROW_COUNT; i++) {
			if (hits[i]) {
				mirror_bits_add(b, (int64_t)i);
			}
		}
		n->count += count > 0 ? count : 0;
		rc = count < 0 ? -1 : 1;
	}
	mirror_scan_close(s);
	return rc;
}

static int
look_in_rows(struct mirror_narrow *n, struct mirror_bits *b, struct err *err)
{
	struct mirror_sql sql = { 0 };
	struct rows *rows = NULL;
	int rc;

	if (n->in_rows == NULL) {
		n->in_rows = mirror_search_rows_new(mirror_type(n->query.noun), NULL, 0, n->typed);
	}
	mirror_search_rows_columns(n->in_rows, &sql.text);
	buf_puts(&sql.text, ", t.rowid");
	mirror_sql_from(&sql, &n->query, 0);
	buf_puts(&sql.text, " AND t.rowid >= ");
	mirror_sql_bind(&sql, db_int(n->block << BLOCK_SHIFT));
	buf_puts(&sql.text, " AND t.rowid < ");
	mirror_sql_bind(&sql, db_int((n->block + 1) << BLOCK_SHIFT));
	rc = mirror_sql_query(n->db, &sql, &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		int fits = mirror_search_rows_fits(n->in_rows, rows, err);

		if (fits > 0) {
			mirror_bits_add(b, db_rows_int(rows, db_rows_count(rows) - 1));
			n->count++;
		}
		rc = fits < 0 ? -1 : 0;
	}
	db_rows_close(rows);
	buf_release(&sql.text);
	return rc;
}

int
mirror_narrow_step(struct mirror_narrow *n, struct err *err)
{
	struct mirror_bits b = { .block = n->block };
	int64_t before = n->count;
	int rc;

	if (n->block > n->last) {
		return 0;
	}
	rc = look_in_block(n, &b, err);
	if (rc == 0) {
		rc = look_in_rows(n, &b, err);
	}
	if (rc >= 0 && n->count > before) {
		mirror_scan_narrowed(n->db);
		rc = mirror_set_write_block(n->db, &n->set, &b, err);
	}
	n->block++;
	return rc < 0 ? -1 : n->block <= n->last;
}

int64_t
mirror_narrow_count(const struct mirror_narrow *n)
{
	return n->count;
}
