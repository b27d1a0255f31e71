/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Claims: which declaration, payment, voucher, batch list or certificate holds a levy. */
#include "shebao/books.h"

#include "shebao/mem.h"

#define IS_CHANNEL "(kind = 'payment' OR kind = 'voucher' OR kind = 'batch')"

int
books_claim_add(struct db *db, const struct books_claim *claim, struct err *err)
{
	return db_post_insert(db, "claim", &books_claim_type, claim, err);
}

int
books_claim_release(struct db *db, const char *taxpayer_id, const char *kind,
    const char *holder, int64_t count, struct err *err)
{
	return db_post(db,
	    "UPDATE claim SET live = 0 WHERE taxpayer_id = $1 AND kind = $2 AND holder = $3"
	    " AND live = 1",
	    DB_ARGS(db_text(taxpayer_id), db_text(kind), db_text(holder)), count, ERR_STATE, err);
}

int
books_claim_revive(struct db *db, const char *taxpayer_id, const char *kind, const char *holder,
    int64_t count, struct err *err)
{
	return db_post(db,
	    "UPDATE claim SET live = 1 WHERE taxpayer_id = $1 AND kind = $2 AND holder = $3"
	    " AND live = 0",
	    DB_ARGS(db_text(taxpayer_id), db_text(kind), db_text(holder)), count, ERR_STATE, err);
}

int
books_claim_find(struct db *db, const char *taxpayer_id, const char *levy_no,
    int is_channel, struct books_claim *out, struct err *err)
{
	*out = (struct books_claim){ 0 };
	return db_find(db,
	    is_channel ? "SELECT * FROM claim WHERE taxpayer_id = $1 AND levy_no = $2 AND live = 1"
			 " AND " IS_CHANNEL
		       : "SELECT * FROM claim WHERE taxpayer_id = $1 AND levy_no = $2 AND live = 1"
			 " AND kind = 'declaration'",
	    DB_ARGS(db_text(taxpayer_id), db_text(levy_no)), &books_claim_type, out, err);
}

int
books_claim_levy_nos(struct db *db, const char *taxpayer_id, const char *kind,
    const char *holder, struct text_list *out, struct err *err)
{
	return db_texts(db,
	    "SELECT levy_no FROM claim WHERE kind = $1 AND holder = $2 AND taxpayer_id = $3"
	    " ORDER BY levy_no",
	    DB_ARGS(db_text(kind), db_text(holder), db_text(taxpayer_id)), out, err);
}

int
books_claim_channels(struct db *db, const char *taxpayer_id, const char *declaration_id,
    int64_t *count, char kind[17], struct err *err)
{
	struct rows *rows = NULL;
	int more;

	*count = 0;
	if (db_query(db,
		"SELECT kind FROM claim WHERE taxpayer_id = $1 AND live = 1 AND " IS_CHANNEL
		" AND levy_no IN (SELECT levy_no FROM claim WHERE kind = 'declaration'"
		" AND taxpayer_id = $1 AND holder = $2)",
		DB_ARGS(db_text(taxpayer_id), db_text(declaration_id)), &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		mem_copy_text(kind, 17, db_rows_text(rows, 0));
		++*count;
	}
	db_rows_close(rows);
	return more;
}
