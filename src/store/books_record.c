/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Declarations, payments, vouchers, certificates and consultations as whole records: found by
 * number, listed by change, written when nobody else was faster. */
#include "shebao/books.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"
#include "shebao/state_table.h"

struct shelf {
	const struct record_type *type;
	const char *find;     /* $1 number */
	const char *find_own; /* $1 number, $2 taxpayer_id */
	const char *remove;   /* $1 number, $2 taxpayer_id, $3 state */
	const char *claim;    /* kind of its claims; NULL: of the certificate's kind, "": none */
	const char *changes;
};

#define CHANGES(table)                                                                     \
	"SELECT * FROM " table " WHERE taxpayer_id = $1 AND version > $2 AND version <="   \
	" COALESCE((SELECT version FROM " table " WHERE taxpayer_id = $1 AND version > $2" \
	" ORDER BY version LIMIT 1 OFFSET $3), 9223372036854775807) ORDER BY version"
#define SHELF(table, key)                                                                  \
	"SELECT * FROM " table " WHERE " key " = $1",                                      \
	    "SELECT * FROM " table " WHERE " key " = $1 AND taxpayer_id = $2",             \
	    "DELETE FROM " table " WHERE " key " = $1 AND taxpayer_id = $2 AND state = $3"

// clang-format off
static const struct shelf shelves[] = {
	{ &declaration_type,  SHELF("declaration", "declaration_id"), "declaration", CHANGES("declaration") },
	{ &payment_type,      SHELF("payment", "payment_no"),         "payment",     CHANGES("payment") },
	{ &voucher_type,      SHELF("voucher", "voucher_no"),         "voucher",     CHANGES("voucher") },
	{ &certificate_type,  SHELF("certificate", "certificate_no"), NULL,          CHANGES("certificate") },
	{ &consultation_type, "SELECT * FROM consultation WHERE consultation_id = $1", NULL, NULL, "", CHANGES("consultation") },
	{ &levy_type,         NULL, NULL, NULL,                       "",            CHANGES("levy") },
	{ &unit_type,         NULL, NULL, NULL,                       "",            CHANGES("unit") },
	{ &agreement_type,    NULL, NULL, NULL,                       "",            CHANGES("agreement") },
	{ &account_type,      NULL, NULL, NULL,                       "",            CHANGES("account") },
};
// clang-format on

static const struct shelf *
shelf_of(const struct record_type *type)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(shelves); i++) {
		if (shelves[i].type == type) {
			return &shelves[i];
		}
	}
	/* Every type that is asked for has a row above. */
	abort();
}

static int
load_events(struct db *db, struct payment *payment, struct err *err)
{
	struct rows *rows = NULL;
	int more;

	if (db_query(db, "SELECT * FROM payment_event WHERE taxpayer_id = $1 AND payment_no = $2 ORDER BY seq",
		DB_ARGS(db_text(payment->taxpayer_id), db_text(payment->payment_no)), &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		void *event = record_list_add(&payment->events, &payment_event_type);

		if (db_rows_record(rows, &payment_event_type, event, err) < 0) {
			more = -1;
			break;
		}
	}
	db_rows_close(rows);
	return more;
}

int
books_record_lists(struct db *db, const struct record_type *type, void *record, struct err *err)
{
	const struct field *levy_nos = record_field(type, "levy_nos");
	const char *kind;

	if (type == &payment_type && load_events(db, record, err) < 0) {
		return -1;
	}
	if (levy_nos == NULL) {
		return 0;
	}
	kind = shelf_of(type)->claim;
	if (kind == NULL) {
		kind = certificate_kinds.rows[((struct certificate *)record)->kind].name;
	}
	return books_claim_levy_nos(db, record_text(record_field(type, "taxpayer_id"), record),
	    kind, record_text(&type->fields[0], record),
	    (struct text_list *)(void *)((char *)record + levy_nos->offset), err);
}

int
books_record_find_bare(struct db *db, const struct record_type *type, const char *taxpayer_id,
    const char *number, void *out, struct err *err)
{
	const struct shelf *shelf = shelf_of(type);
	struct db_value args[2] = { db_text(number), db_text(taxpayer_id == NULL ? "" : taxpayer_id) };

	memset(out, 0, type->size);
	return taxpayer_id == NULL ? db_find(db, shelf->find, args, 1, type, out, err)
				   : db_find(db, shelf->find_own, args, 2, type, out, err);
}

int
books_record_find(struct db *db, const struct record_type *type, const char *taxpayer_id,
    const char *number, void *out, struct err *err)
{
	int found = books_record_find_bare(db, type, taxpayer_id, number, out, err);

	if (found == 1 && books_record_lists(db, type, out, err) < 0) {
		return -1;
	}
	return found;
}

int
books_record_changes(struct db *db, const struct record_type *type,
    const struct books_page *page, struct rows **out, struct err *err)
{
	const struct shelf *shelf = shelf_of(type);

	return db_query(db, shelf->changes,
	    DB_ARGS(db_text(page->taxpayer_id), db_int(page->after), db_int(page->limit - 1)), out,
	    err);
}

int
books_record_columns(struct db *db, const struct record_type *type,
    const struct books_page *page, struct rows **out, struct err *err)
{
	const char *changes = shelf_of(type)->changes;
	struct buf sql = { 0 };
	size_t i;
	int rc;

	for (i = 0; i < type->count; i++) {
		buf_puts(&sql, i == 0 ? "SELECT " : ", ");
		buf_puts(&sql, type->fields[i].name);
	}
	buf_puts(&sql, changes + strlen("SELECT *"));
	rc = db_query(db, buf_text(&sql),
	    DB_ARGS(db_text(page->taxpayer_id), db_int(page->after), db_int(page->limit - 1)), out,
	    err);
	buf_release(&sql);
	return rc;
}

int
books_record_consultations(struct db *db, struct rows **out, struct err *err)
{
	return db_query(db, "SELECT * FROM consultation ORDER BY asked_at, consultation_id", DB_NONE,
	    out, err);
}

int
books_record_batch_lists(struct db *db, struct rows **out, struct err *err)
{
	return db_query(
	    db, "SELECT * FROM batch_list ORDER BY created_at, batch_list_no", DB_NONE, out, err);
}

int
books_record_add(struct db *db, const struct record_type *type, const void *record, struct err *err)
{
	return db_post_insert(db, type->name, type, record, err);
}

int
books_record_answer(struct db *db, const struct consultation *c, struct err *err)
{
	return db_run_one(db,
	    "UPDATE consultation SET answer = $1, answered_at = $2, version = $3"
	    " WHERE consultation_id = $4 AND taxpayer_id = $5 AND answered_at = 0",
	    DB_ARGS(db_text(c->answer), db_int(c->answered_at), db_int(c->version),
		db_text(c->consultation_id), db_text(c->taxpayer_id)),
	    ERR_STATE, err);
}

int
books_record_update(struct db *db, const struct record_type *type, const void *record,
    const char *from, struct err *err)
{
	/* The row goes and comes back whole: whoever was faster has changed its state. */
	if (db_post(db, shelf_of(type)->remove,
		DB_ARGS(db_text(record_text(&type->fields[0], record)),
		    db_text(record_text(record_field(type, "taxpayer_id"), record)),
		    db_text(from)),
		1, ERR_STATE, err) < 0) {
		return -1;
	}
	return books_record_add(db, type, record, err);
}
