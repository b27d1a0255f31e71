/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search of lists that are not in blocks goes once through the rows, in order. */
#include "mirror_search_block.h"
#include "mirror_search_rows.h"

#define ASK_STOP_ROWS 1024
#define NONE (-1)
#define STOPPED (-2)

static int
must_stop(const struct mirror_stop *stop, int64_t rows)
{
	return stop != NULL && rows % ASK_STOP_ROWS == ASK_STOP_ROWS - 1 && stop->is_wanted(stop->user);
}

/* The columns of the rows of a span. Rows that come in the table's own order are read as they
 * come; otherwise keys are sorted first. */
static void
put_select(struct mirror_sql *sql, const struct mirror_query *q, const struct row_search *s,
    const struct mirror_span *span)
{
	mirror_search_rows_columns(s, &sql->text);
	if (q->order != NULL || mirror_set_of(q).table != NULL) {
		mirror_sql_span(sql, q, span);
		return;
	}
	mirror_sql_from(sql, q, 1);
	mirror_sql_order(sql, q, span->is_backward);
	buf_puts(&sql->text, " LIMIT ");
	mirror_sql_bind(sql, db_int(span->n));
	buf_puts(&sql->text, " OFFSET ");
	mirror_sql_bind(sql, db_int(span->skip));
}

/* How many rows after the span's first one stands the first that fits. */
static int64_t
search_rows(struct db *db, const struct mirror_query *q, const struct row_search *s,
    const struct mirror_span *span, const struct mirror_stop *stop)
{
	struct mirror_sql sql = { 0 };
	struct mirror_query bare = *q; /* borrowed by what is bound */
	struct rows *rows = NULL;
	int64_t i = 0, found = NONE;

	if (!q->marked_only) {
		bare.marks = NULL;
	}
	put_select(&sql, &bare, s, span);
	if (mirror_sql_query(db, &sql, &rows, NULL) == 0) {
		for (; found == NONE && db_rows_next(rows, NULL) == 1; i++) {
			int fits = mirror_search_rows_fits(s, rows, NULL);

			if (fits < 0) {
				break;
			}
			found = fits ? i : must_stop(stop, i) ? STOPPED : NONE;
		}
	}
	db_rows_close(rows);
	buf_release(&sql.text);
	return found;
}

int64_t
mirror_search(struct db *db, const struct mirror_query *q, const char *typed, int64_t from,
    int step, const struct mirror_stop *stop)
{
	struct row_search *s;
	int64_t count = 0, found = NONE, skip;

	if (mirror_search_block(db, q, typed, from, step, stop, &found)) {
		return found;
	}
	if (mirror_count(db, q, NULL, &count, NULL, NULL) != 0 || count == 0) {
		return NONE;
	}
	s = mirror_search_rows_new(mirror_type(q->noun), NULL, 0, typed);
	from = from < 0 ? 0 : from >= count ? count - 1 : from;
	skip = step > 0 ? from : count - 1 - from;
	found = search_rows(db, q, s, &(struct mirror_span){ skip, -1, count, -1, step < 0 }, stop);
	if (found >= 0) {
		found += skip;
	} else if (found == NONE && skip > 0) {
		/* Around the end. */
		found = search_rows(db, q, s, &(struct mirror_span){ 0, skip, count, -1, step < 0 }, stop);
	}
	mirror_search_rows_free(s);
	return found < 0 || step > 0 ? found : count - 1 - found;
}
