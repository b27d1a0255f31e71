/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Change counters, numbering, and the end of each audit chain. */
#include "shebao/books.h"

static int
read_head(struct db *db, const char *sql, const char *taxpayer_id, struct books_head *out,
    struct err *err)
{
	struct rows *rows = NULL;
	int found;

	*out = (struct books_head){ 0 };
	if (db_query(db, sql, DB_ARGS(db_text(taxpayer_id)), &rows, err) < 0) {
		return -1;
	}
	found = db_rows_next(rows, err);
	if (found == 1) {
		out->version = db_rows_int(rows, 0);
		out->audit_seq = db_rows_int(rows, 1);
		snprintf(out->audit_hash, sizeof(out->audit_hash), "%s", db_rows_text(rows, 2));
	}
	db_rows_close(rows);
	return found;
}

int
books_head_next(struct db *db, const char *taxpayer_id, struct books_head *out, struct err *err)
{
	int found = read_head(db,
	    "INSERT INTO head (taxpayer_id, version) VALUES ($1, 1)"
	    " ON CONFLICT (taxpayer_id) DO UPDATE SET version = head.version + 1"
	    " RETURNING version, audit_seq, audit_hash",
	    taxpayer_id, out, err);

	return found == 1 ? 0 : -1;
}

int
books_head_set(struct db *db, const char *taxpayer_id, int64_t version, struct err *err)
{
	return db_run_one(db, "UPDATE head SET version = $1 WHERE taxpayer_id = $2",
	    DB_ARGS(db_int(version), db_text(taxpayer_id)), ERR_LOCAL, err);
}

int
books_head_find(struct db *db, const char *taxpayer_id, struct books_head *out, struct err *err)
{
	return read_head(db,
	    "SELECT version, audit_seq, audit_hash FROM head WHERE taxpayer_id = $1", taxpayer_id,
	    out, err);
}

int
books_head_count(struct db *db, const char *name, int64_t n, int64_t *last, struct err *err)
{
	int found = db_find_int(db,
	    "INSERT INTO counter (name, value) VALUES ($1, $2)"
	    " ON CONFLICT (name) DO UPDATE SET value = counter.value + $2 RETURNING value",
	    DB_ARGS(db_text(name), db_int(n)), last, err);

	return found == 1 ? 0 : -1;
}
