/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What payments do to declarations, and their timeline. */
#include "shebao/books.h"

/* The index has only levies that are declared. */
#define LEVY_OF_DECLARATION                                                                   \
	"SELECT 1 FROM levy WHERE levy.taxpayer_id = declaration.taxpayer_id"                 \
	" AND levy.declaration_id = declaration.declaration_id AND levy.declaration_id <> ''" \
	" AND levy.pay_state "

int
books_payment_declarations(struct db *db, const struct books_change *change, struct err *err)
{
	return db_post(db,
	    "UPDATE declaration SET version = $1, paid_state = CASE"
	    " WHEN EXISTS (" LEVY_OF_DECLARATION "<> 'settled') THEN CASE"
	    " WHEN EXISTS (" LEVY_OF_DECLARATION "= 'settled') THEN 'partly_paid'"
	    " ELSE 'unpaid' END ELSE 'paid' END"
	    " WHERE taxpayer_id = $2 AND declaration_id IN (SELECT levy.declaration_id"
	    " FROM claim JOIN levy ON levy.levy_no = claim.levy_no"
	    " AND levy.taxpayer_id = claim.taxpayer_id"
	    " WHERE claim.taxpayer_id = $2 AND claim.kind = $3 AND claim.holder = $4)",
	    DB_ARGS(db_int(change->version), db_text(change->taxpayer_id),
		db_text(change->kind), db_text(change->holder)),
	    DB_ANY, ERR_NONE, err);
}

int
books_payment_refused(struct db *db, int64_t since, struct text_list *out, struct err *err)
{
	return db_texts(db,
	    "SELECT payment_no FROM payment WHERE state = 'refused' AND finished_at >= $1"
	    " ORDER BY payment_no",
	    DB_ARGS(db_int(since)), out, err);
}

#define ADD_EVENT                                                                                  \
	"INSERT INTO payment_event (payment_no, at, event, detail, taxpayer_id, seq)"              \
	" SELECT $1, CAST($2 AS BIGINT), $3, $4, $5,"                                              \
	" (SELECT COALESCE(MAX(seq), 0) + 1 FROM payment_event WHERE taxpayer_id = $5 AND payment_no = $1)"
#define UNLESS_NOTED                                                                               \
	" WHERE NOT EXISTS (SELECT 1 FROM payment_event WHERE taxpayer_id = $5 AND payment_no = $1"  \
	" AND event = $3 AND detail = $4)"

int
books_payment_event(struct db *db, const char *taxpayer_id, const struct payment_event *event,
    int is_once, struct err *err)
{
	return db_post(db, is_once ? ADD_EVENT UNLESS_NOTED : ADD_EVENT,
	    DB_ARGS(db_text(event->payment_no), db_int(event->at), db_text(event->event),
		db_text(event->detail), db_text(taxpayer_id)),
	    DB_ANY, ERR_NONE, err);
}
