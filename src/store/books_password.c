/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords of before, hashed, for profiles that do not let them come again. */
#include "shebao/books_access.h"

int
books_password_keep(struct db *db, const char *taxpayer_id, int64_t at, const char *hash,
    struct err *err)
{
	return db_run(db,
	    "INSERT INTO password_past (taxpayer_id, at, hash) VALUES ($1, $2, $3)"
	    " ON CONFLICT (taxpayer_id, at) DO UPDATE SET hash = excluded.hash",
	    DB_ARGS(db_text(taxpayer_id), db_int(at), db_text(hash)), NULL, err);
}

int
books_password_past(struct db *db, const char *taxpayer_id, int64_t limit, struct rows **out,
    struct err *err)
{
	return db_query(db,
	    "SELECT hash FROM password_past WHERE taxpayer_id = $1 ORDER BY at DESC LIMIT $2",
	    DB_ARGS(db_text(taxpayer_id), db_int(limit)), out, err);
}
