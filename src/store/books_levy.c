/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levies, and the claims of declarations, payments, vouchers, batch lists and certificates. */
#include "shebao/books.h"

#include <assert.h>
#include <string.h>

#include "shebao/mem.h"

/* The same statement for any number of them: the last number fills the places that are left. */
static int
ask_for(struct db *db, const char *taxpayer_id, char *const *levy_nos, size_t count,
    struct rows **out, struct err *err)
{
	struct db_value args[BOOKS_LEVIES + 1] = { db_text(taxpayer_id) };
	size_t i;

	for (i = 0; i < BOOKS_LEVIES; i++) {
		args[i + 1] = db_text(levy_nos[i < count ? i : count - 1]);
	}
	return count == 1
	    ? db_query(db, "SELECT * FROM levy WHERE taxpayer_id = $1 AND levy_no = $2", args, 2,
		  out, err)
	    : db_query(db,
		  "SELECT * FROM levy WHERE taxpayer_id = $1 AND levy_no IN ($2, $3, $4, $5, $6,"
		  " $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,"
		  " $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)",
		  args, ARRAY_LEN(args), out, err);
}

static size_t
place_of(const char *levy_no, char *const *levy_nos, size_t count)
{
	size_t i = 0;

	while (i < count && strcmp(levy_nos[i], levy_no) != 0) {
		i++;
	}
	return i;
}

int
books_levy_find(struct db *db, const char *taxpayer_id, char *const *levy_nos, size_t count,
    struct levy *out, struct err *err)
{
	struct rows *rows = NULL;
	struct levy levy;
	int more;

	assert(count > 0 && count <= BOOKS_LEVIES);
	memset(out, 0, count * sizeof(*out));
	if (ask_for(db, taxpayer_id, levy_nos, count, &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		size_t at;

		levy = (struct levy){ 0 };
		if (db_rows_record(rows, &levy_type, &levy, err) < 0) {
			more = -1;
			break;
		}
		at = place_of(levy.levy_no, levy_nos, count);
		if (at < count) {
			out[at] = levy;
		}
	}
	db_rows_close(rows);
	return more;
}

int
books_levy_find_any(struct db *db, const char *levy_no, struct levy *out, struct err *err)
{
	*out = (struct levy){ 0 };
	return db_find(db, "SELECT * FROM levy WHERE levy_no = $1", DB_ARGS(db_text(levy_no)),
	    &levy_type, out, err);
}

int
books_levy_insert(struct db *db, const struct levy *levy, struct err *err)
{
	return db_post_insert(db, "levy", &levy_type, levy, err);
}

int
books_levy_replace(struct db *db, const struct levy *levy, struct err *err)
{
	if (db_post(db,
		"DELETE FROM levy WHERE levy_no = $1 AND taxpayer_id = $2 AND state = 'initial'"
		" AND pay_state = 'unpaid'",
		DB_ARGS(db_text(levy->levy_no), db_text(levy->taxpayer_id)), 1, ERR_STATE, err) < 0) {
		return -1;
	}
	return books_levy_insert(db, levy, err);
}

int
books_levy_held(struct db *db, const char *taxpayer_id, const char *kind, const char *holder,
    struct rows **out, struct err *err)
{
	return db_query(db,
	    "SELECT levy.* FROM claim JOIN levy ON levy.levy_no = claim.levy_no"
	    " WHERE claim.kind = $1 AND claim.holder = $2 AND claim.taxpayer_id = $3"
	    " AND levy.taxpayer_id = claim.taxpayer_id"
	    " ORDER BY levy.period_from, levy.unit_no, levy.levy_no",
	    DB_ARGS(db_text(kind), db_text(holder), db_text(taxpayer_id)), out, err);
}

int
books_levy_period(struct db *db, const char *taxpayer_id, const char *period_from,
    const char *period_to, struct rows **out, struct err *err)
{
	return db_query(db,
	    "SELECT * FROM levy WHERE taxpayer_id = $1 AND period_from >= $2 AND period_to <= $3"
	    " ORDER BY period_from, unit_no, levy_no",
	    DB_ARGS(db_text(taxpayer_id), db_text(period_from), db_text(period_to)), out, err);
}

/* ---- changes of all levies of a holder */

/* The employer is a parameter here, too: correlated, SQLite would look at all of its levies. */
#define HELD(taxpayer_id) " AND levy_no IN (SELECT levy_no FROM claim WHERE claim.taxpayer_id = " taxpayer_id " AND kind = "

static int
change_all(struct db *db, const char *sql, const struct db_value *args, size_t count,
    const struct books_change *change, struct err *err)
{
	return db_post(db, sql, args, count, change->count, ERR_STATE, err);
}

int
books_levy_declaring(struct db *db, const struct books_change *change,
    const char *declaration_id, struct err *err)
{
	return change_all(db,
	    "UPDATE levy SET state = $1, declaration_id = $2, version = $3"
	    " WHERE taxpayer_id = $4 AND state = $5" HELD("$4") "$6 AND holder = $7)",
	    DB_ARGS(db_text(change->to), db_text(declaration_id), db_int(change->version),
		db_text(change->taxpayer_id), db_text(change->from), db_text(change->kind),
		db_text(change->holder)),
	    change, err);
}

int
books_levy_one(struct db *db, const struct books_change *change, const char *declaration_id,
    struct err *err)
{
	return db_post(db,
	    "UPDATE levy SET state = $1, declaration_id = $2, version = $3"
	    " WHERE taxpayer_id = $4 AND state = $5 AND levy_no = $6",
	    DB_ARGS(db_text(change->to), db_text(declaration_id), db_int(change->version),
		db_text(change->taxpayer_id), db_text(change->from), db_text(change->holder)),
	    1, ERR_STATE, err);
}

int
books_levy_paying(struct db *db, const struct books_change *change, const char *payment_no,
    const char *voucher_no, struct err *err)
{
	return change_all(db,
	    "UPDATE levy SET pay_state = $1, payment_no = $2, voucher_no = $3, version = $4"
	    " WHERE taxpayer_id = $5 AND pay_state = $6 AND state = 'declared'" HELD("$5")
	    "$7 AND holder = $8)",
	    DB_ARGS(db_text(change->to), db_text(payment_no), db_text(voucher_no),
		db_int(change->version), db_text(change->taxpayer_id), db_text(change->from),
		db_text(change->kind), db_text(change->holder)),
	    change, err);
}

int
books_levy_settled(struct db *db, const struct books_change *change, const char *tax_ticket_no,
    const char *settled_on, struct err *err)
{
	return change_all(db,
	    "UPDATE levy SET pay_state = $1, tax_ticket_no = $2, settled_on = $3, version = $4"
	    " WHERE taxpayer_id = $5 AND pay_state = $6" HELD("$5") "$7 AND holder = $8)",
	    DB_ARGS(db_text(change->to), db_text(tax_ticket_no), db_text(settled_on),
		db_int(change->version), db_text(change->taxpayer_id), db_text(change->from),
		db_text(change->kind), db_text(change->holder)),
	    change, err);
}

int
books_levy_uncertified(struct db *db, const struct books_change *change, struct err *err)
{
	return change_all(db,
	    "UPDATE levy SET certificate_no = '', version = $1 WHERE taxpayer_id = $2"
	    " AND certificate_no = $3",
	    DB_ARGS(db_int(change->version), db_text(change->taxpayer_id), db_text(change->holder)),
	    change, err);
}

int
books_levy_certified(struct db *db, const struct books_change *change,
    const char *certificate_no, struct err *err)
{
	return change_all(db,
	    "UPDATE levy SET certificate_no = $1, version = $2 WHERE taxpayer_id = $3"
	    " AND pay_state = $4 AND certificate_no = ''" HELD("$3") "$5 AND holder = $6)",
	    DB_ARGS(db_text(certificate_no), db_int(change->version), db_text(change->taxpayer_id),
		db_text(change->from), db_text(change->kind), db_text(change->holder)),
	    change, err);
}

