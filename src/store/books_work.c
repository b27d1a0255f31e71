/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the worker has to do besides talking to the bank. */
#include "shebao/books.h"

int
books_work_add(struct db *db, const char *taxpayer_id, const char *kind, const char *holder,
    int64_t due_at, struct err *err)
{
	return db_post(db,
	    "INSERT INTO work (kind, holder, taxpayer_id, due_at) VALUES ($1, $2, $3, $4)",
	    DB_ARGS(db_text(kind), db_text(holder), db_text(taxpayer_id), db_int(due_at)), DB_ANY,
	    ERR_NONE, err);
}

int
books_work_done(struct db *db, const char *taxpayer_id, const char *kind, const char *holder,
    struct err *err)
{
	if (taxpayer_id == NULL) {
		return db_run_one(db, "DELETE FROM work WHERE kind = $1 AND holder = $2",
		    DB_ARGS(db_text(kind), db_text(holder)), ERR_STATE, err);
	}
	return db_post(db, "DELETE FROM work WHERE taxpayer_id = $1 AND kind = $2 AND holder = $3",
	    DB_ARGS(db_text(taxpayer_id), db_text(kind), db_text(holder)), 1, ERR_STATE, err);
}

/* The rows that another daemon is taking at this moment are passed by. */
static int
take_due(struct db *db, int64_t now, int64_t limit, struct text_list *out, struct err *err)
{
	return db_texts(db,
	    "UPDATE work SET due_at = $1 WHERE (taxpayer_id, kind, holder) IN"
	    " (SELECT taxpayer_id, kind, holder FROM work WHERE due_at <= $2"
	    " ORDER BY due_at, holder LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING holder",
	    DB_ARGS(db_int(now + BOOKS_LEASE_MS), db_int(now), db_int(limit)), out, err);
}

int
books_work_due(struct db *db, int64_t now, int64_t limit, struct text_list *out, int64_t *next,
    struct err *err)
{
	int failed = db_is_sqlite(db)
	    ? db_texts(db,
		  "SELECT holder FROM work WHERE due_at <= $1 ORDER BY due_at, holder LIMIT $2",
		  DB_ARGS(db_int(now), db_int(limit)), out, err)
	    : take_due(db, now, limit, out, err);

	if (failed < 0) {
		return -1;
	}
	return db_find_int(db, "SELECT due_at FROM work WHERE due_at > $1 ORDER BY due_at LIMIT 1",
		   DB_ARGS(db_int(now)), next, err) < 0
	    ? -1
	    : 0;
}

int
books_work_expired(
    struct db *db, const char *today, int64_t limit, struct text_list *out, struct err *err)
{
	return db_texts(db,
	    "SELECT voucher_no FROM voucher WHERE state = 'issued' AND due_date < $1"
	    " ORDER BY due_date, voucher_no LIMIT $2",
	    DB_ARGS(db_text(today), db_int(limit)), out, err);
}
