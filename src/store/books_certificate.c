/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates that were not delivered, and what a printed code stands for. */
#include "shebao/books.h"

#include <stdio.h>

static int
find_number(struct db *db, const char *sql, const struct db_value *args, size_t count,
    char number[TICKET_NO_SIZE], struct err *err)
{
	struct rows *rows = NULL;
	int found;

	if (db_query(db, sql, args, count, &rows, err) < 0) {
		return -1;
	}
	found = db_rows_next(rows, err);
	if (found == 1) {
		snprintf(number, TICKET_NO_SIZE, "%s", db_rows_text(rows, 0));
	}
	db_rows_close(rows);
	return found;
}

int
books_certificate_open(struct db *db, const struct certificate *like, char number[TICKET_NO_SIZE],
    struct err *err)
{
	return find_number(db,
	    "SELECT certificate_no FROM certificate WHERE taxpayer_id = $1 AND kind = $2"
	    " AND period_from = $3 AND period_to = $4 AND state = 'issued'",
	    DB_ARGS(db_text(like->taxpayer_id), db_text(certificate_kinds.rows[like->kind].name),
		db_text(like->period_from), db_text(like->period_to)),
	    number, err);
}

int
books_certificate_over(struct db *db, const char *taxpayer_id, const char *payment_no,
    struct text_list *out, struct err *err)
{
	return db_texts(db,
	    "SELECT DISTINCT t.certificate_no FROM claim p JOIN claim c ON c.levy_no = p.levy_no"
	    " AND c.taxpayer_id = p.taxpayer_id AND c.live = 1 JOIN certificate t"
	    " ON t.certificate_no = c.holder AND t.taxpayer_id = c.taxpayer_id AND t.kind = c.kind"
	    " WHERE p.taxpayer_id = $1 AND p.kind = 'payment' AND p.holder = $2"
	    " AND t.state <> 'invalidated' ORDER BY t.certificate_no",
	    DB_ARGS(db_text(taxpayer_id), db_text(payment_no)), out, err);
}

int
books_certificate_by_code(struct db *db, const char *verify_code,
    const struct record_type **type, char number[TICKET_NO_SIZE], struct err *err)
{
	int found = find_number(db, "SELECT voucher_no FROM voucher WHERE verify_code = $1",
	    DB_ARGS(db_text(verify_code)), number, err);

	*type = &voucher_type;
	if (found != 0) {
		return found;
	}
	*type = &certificate_type;
	return find_number(db, "SELECT certificate_no FROM certificate WHERE verify_code = $1",
	    DB_ARGS(db_text(verify_code)), number, err);
}
