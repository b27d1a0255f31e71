/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows as they are shown, a window at a time. A page is found from the nearest place that is
 * known (either end of the list, or the window shown before) by its key, because OFFSET costs as
 * much as all rows before it.
 */
#include <stdlib.h>
#include <string.h>

#include "mirror_scan.h"
#include "mirror_sql.h"
#include "shebao/mem.h"
#include "shebao/mirror.h"

static void
consider(struct mirror_span *best, int64_t skip, int64_t key, int is_backward)
{
	if (skip >= 0 && skip < best->skip) {
		best->skip = skip;
		best->key = key;
		best->is_backward = is_backward;
	}
}

static struct mirror_span
choose_span(const struct mirror_window *w, int64_t first, int64_t last)
{
	struct mirror_span best = { first, last - first + 1, w->count, -1, 0 };

	if (w->count > 0) {
		consider(&best, w->count - 1 - last, -1, 1);
	}
	if (w->got > 0 && w->keys != NULL) {
		consider(&best, first - w->first, w->keys[0], 0);
		consider(&best, w->first + (int64_t)w->got - 1 - last, w->keys[w->got - 1], 1);
	}
	return best;
}

static int
query_page(struct db *db, const struct mirror_query *q, const struct mirror_span *span,
    struct rows **rows, struct err *err)
{
	struct mirror_sql s = { 0 };
	int rc;

	buf_printf(&s.text, "SELECT t.rowid, %s, t.*",
	    q->marks == NULL ? "0" : MIRROR_SQL_IS_MARKED);
	mirror_sql_span(&s, q, span);
	if (span->is_backward) {
		mirror_sql_order(&s, q, 0);
	}
	rc = mirror_sql_query(db, &s, rows, err);
	buf_release(&s.text);
	return rc;
}

static int
read_rows(struct rows *rows, const struct record_type *type, size_t n,
    struct mirror_window *window, struct err *err)
{
	int rc = 0;

	while (rc == 0 && window->got < n && (rc = db_rows_next(rows, err)) == 1) {
		size_t i = window->got++;

		if (window->keys != NULL) {
			window->keys[i] = db_rows_int(rows, 0);
		}
		if (window->marked != NULL) {
			window->marked[i] = (int)db_rows_int(rows, 1);
		}
		rc = db_rows_record(rows, type, (char *)window->records + i * type->size, err);
	}
	return rc < 0 ? -1 : 0;
}

/* One row of the window by its key, and whether it is marked. */
static int
read_row(struct db *db, const struct mirror_query *q, int64_t rowid, size_t i,
    struct mirror_window *window, struct err *err)
{
	const struct record_type *type = mirror_type(q->noun);
	struct rows *rows = NULL;
	int rc = db_query(
	    db, "SELECT t.* FROM levy t WHERE t.rowid = $1", DB_ARGS(db_int(rowid)), &rows, err);

	if (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		rc = db_rows_record(rows, type, (char *)window->records + i * type->size, err);
		window->got++;
	}
	db_rows_close(rows);
	if (window->keys != NULL) {
		window->keys[i] = rowid;
	}
	return rc;
}

static int
read_marks(struct db *db, const struct mirror_query *q, const int64_t *rowids,
    struct mirror_window *window, struct err *err)
{
	const struct mirror_set_name marks = { "mark_block", q->taxpayer_id, q->marks };
	struct mirror_bits b = { .block = -1 };
	size_t i;

	for (i = 0; window->marked != NULL && i < window->got; i++) {
		if (q->marks != NULL && rowids[i] >> BLOCK_SHIFT != b.block) {
			b.block = rowids[i] >> BLOCK_SHIFT;
			if (mirror_set_read_block(db, &marks, &b, err) < 0) {
				return -1;
			}
		}
		window->marked[i] = q->marks != NULL && mirror_bits_has(b.bits, rowids[i]);
	}
	return 0;
}

/* From the blocks: 1; 0: it is for SQL. */
static int
fetch_blocks(struct db *db, const struct mirror_query *q, int64_t first, size_t n,
    struct mirror_window *window, struct err *err)
{
	struct mirror_scan *s = NULL;
	int64_t *rowids;
	size_t got = 0, i;
	int rc = mirror_scan_open(db, q, &s, err);

	if (rc <= 0) {
		return rc;
	}
	window->got = 0;
	window->first = first;
	rowids = mem_resize(NULL, n + 1, sizeof(*rowids));
	rc = mirror_scan_select(s, first, n, rowids, &got, err);
	for (i = 0; rc == 0 && i < got; i++) {
		rc = read_row(db, q, rowids[i], i, window, err);
	}
	if (rc == 0) {
		rc = read_marks(db, q, rowids, window, err);
	}
	mirror_scan_close(s);
	free(rowids);
	return rc < 0 ? -1 : 1;
}

int
mirror_fetch(struct db *db, const struct mirror_query *q, int64_t first, size_t n,
    struct mirror_window *window, struct err *err)
{
	struct rows *rows = NULL;
	int64_t last = first + (int64_t)n - 1;
	struct mirror_span span;
	int rc = fetch_blocks(db, q, first, n, window, err);

	if (rc != 0) {
		return rc < 0 ? -1 : 0;
	}
	if (window->count > 0 && last >= window->count) {
		last = window->count - 1;
	}
	span = choose_span(window, first, last);
	window->got = 0;
	window->first = first;
	rc = query_page(db, q, &span, &rows, err);
	if (rc == 0) {
		rc = read_rows(rows, mirror_type(q->noun), n, window, err);
	}
	db_rows_close(rows);
	return rc;
}

int
mirror_each(struct db *db, const struct mirror_query *q, mirror_row_fn *fn, void *user,
    struct err *err)
{
	const struct record_type *type = mirror_type(q->noun);
	const struct mirror_span all = { .n = -1, .key = -1 };
	void *record = mem_alloc(type->size);
	struct rows *rows = NULL;
	int rc;

	rc = query_page(db, q, &all, &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		memset(record, 0, type->size);
		rc = db_rows_record(rows, type, record, err);
		if (rc == 0) {
			rc = fn(record, user, err);
		}
	}
	db_rows_close(rows);
	free(record);
	return rc < 0 ? -1 : 0;
}

int64_t
mirror_row_of(struct db *db, const struct mirror_query *q, int64_t key)
{
	const struct mirror_span before = { .key = key, .is_backward = 1 };
	struct mirror_sql s = { 0 };
	int64_t row = -1, is_there = 0;
	struct mirror_scan *scan = NULL;

	if (mirror_scan_open(db, q, &scan, NULL) == 1) {
		row = mirror_scan_position(scan, key);
		mirror_scan_close(scan);
		return row < 0 ? -1 : row;
	}
	/* It and those before it, counted; if it is one of them at all. */
	buf_puts(&s.text, "SELECT count(*), max(t.rowid = ");
	mirror_sql_bind(&s, db_int(key));
	buf_puts(&s.text, ")");
	mirror_sql_from(&s, q, 0);
	mirror_sql_start(&s, q, &before);
	(void)!mirror_sql_pair(db, &s, &row, &is_there, NULL);
	buf_release(&s.text);
	return is_there ? row - 1 : -1;
}
