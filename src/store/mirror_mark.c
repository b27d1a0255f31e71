/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks: kept by row across filters, sorting and sessions. */
#include <assert.h>

#include "mirror_sql.h"
#include "shebao/mirror.h"

static int
mark(struct db *db, const struct mirror_query *q, int64_t first, int64_t n,
    enum mirror_mark how, struct err *err)
{
	struct mirror_sql s = { 0 };
	struct mirror_query rows = *q;
	int rc;

	assert(q->marks != NULL);
	rows.marks = NULL;
	if (how == MIRROR_MARK_ON) {
		buf_puts(&s.text, "INSERT INTO mark (taxpayer_id, list, row) SELECT t.taxpayer_id, ");
		mirror_sql_bind(&s, db_text(q->marks));
		buf_puts(&s.text, ", t.rowid");
	} else {
		buf_puts(&s.text, "DELETE FROM mark WHERE list = ");
		mirror_sql_bind(&s, db_text(q->marks));
		buf_puts(&s.text, " AND taxpayer_id = ");
		mirror_sql_bind(&s, db_text(q->taxpayer_id));
		buf_puts(&s.text, " AND row IN (SELECT t.rowid");
	}
	/* In the order of arrival, which is that of the marks: one after the other, not all over the
	 * table. */
	mirror_sql_from(&s, &rows, n < 0);
	if (n >= 0) {
		mirror_sql_order(&s, &rows, 0);
		buf_puts(&s.text, " LIMIT ");
		mirror_sql_bind(&s, db_int(n));
		buf_puts(&s.text, " OFFSET ");
		mirror_sql_bind(&s, db_int(first));
	}
	buf_puts(&s.text, how == MIRROR_MARK_ON ? " ON CONFLICT DO NOTHING" : ")");
	rc = mirror_sql_run(db, &s, err);
	buf_release(&s.text);
	return rc;
}

int
mirror_mark_key(struct db *db, const struct mirror_query *q, int64_t key,
    enum mirror_mark how, struct err *err)
{
	return db_run(db,
	    how == MIRROR_MARK_ON ?
		"INSERT INTO mark (taxpayer_id, list, row) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING" :
		"DELETE FROM mark WHERE taxpayer_id = $1 AND list = $2 AND row = $3",
	    DB_ARGS(db_text(q->taxpayer_id), db_text(q->marks), db_int(key)), NULL, err);
}

int
mirror_mark_rows(struct db *db, const struct mirror_query *q, int64_t first, int64_t last,
    enum mirror_mark how, struct err *err)
{
	return mark(db, q, first, last - first + 1, how, err);
}

/* Marks of q's rows go to another set, everything in q is marked, the noted ones are taken
 * back: marks outside the filter stay as they are. */
static int
invert_steps(struct db *db, const struct mirror_query *q, struct err *err)
{
	static const char list[] = "before inverting";
	struct mirror_query marked = *q;
	struct mirror_sql s = { 0 };
	int rc;

	marked.marked_only = 1;
	buf_puts(&s.text, "INSERT INTO mark (taxpayer_id, list, row) SELECT t.taxpayer_id, ");
	mirror_sql_bind(&s, db_text(list));
	buf_puts(&s.text, ", t.rowid");
	mirror_sql_from(&s, &marked, 0);
	rc = mirror_sql_run(db, &s, err);
	buf_release(&s.text);
	if (rc != 0 || mark(db, q, 0, -1, MIRROR_MARK_ON, err) != 0 ||
	    db_run(db,
		"DELETE FROM mark WHERE taxpayer_id = $1 AND list = $2 AND row IN"
		" (SELECT row FROM mark WHERE taxpayer_id = $1 AND list = $3)",
		DB_ARGS(db_text(q->taxpayer_id), db_text(q->marks), db_text(list)), NULL,
		err) != 0) {
		return -1;
	}
	return db_run(db, "DELETE FROM mark WHERE taxpayer_id = $1 AND list = $2",
	    DB_ARGS(db_text(q->taxpayer_id), db_text(list)), NULL, err);
}

static int
invert(struct db *db, const struct mirror_query *q, struct err *err)
{
	if (db_begin(db, err) != 0) {
		return -1;
	}
	if (invert_steps(db, q, err) != 0 || db_commit(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

int
mirror_mark_all(
    struct db *db, const struct mirror_query *q, enum mirror_mark how, struct err *err)
{
	return how == MIRROR_MARK_INVERT ? invert(db, q, err) : mark(db, q, 0, -1, how, err);
}

int
mirror_mark_trim(struct db *db, const struct mirror_query *q, struct err *err)
{
	struct mirror_sql s = { 0 };
	struct mirror_query rows = *q;
	int rc;

	rows.marks = NULL;
	buf_puts(&s.text, "DELETE FROM mark WHERE list = ");
	mirror_sql_bind(&s, db_text(q->marks));
	buf_puts(&s.text, " AND taxpayer_id = ");
	mirror_sql_bind(&s, db_text(q->taxpayer_id));
	buf_puts(&s.text, " AND NOT EXISTS (SELECT 1");
	mirror_sql_from(&s, &rows, 1);
	buf_puts(&s.text, " AND t.rowid = mark.row)");
	rc = mirror_sql_run(db, &s, err);
	buf_release(&s.text);
	return rc;
}
