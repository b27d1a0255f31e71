/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit rows, and the operations they stand for. */
#include "shebao/books_access.h"

#include "shebao/mem.h"

int
books_audit_add(struct db *db, const struct books_audit *row, struct err *err)
{
	if (db_post_insert(db, "audit", &books_audit_type, row, err) < 0) {
		return -1;
	}
	/* The head is there: whoever changes something took a version first, and the office's
	 * own row is made by the first of its changes. */
	return db_post(db,
	    "INSERT INTO head (taxpayer_id, audit_seq, audit_hash) VALUES ($1, $2, $3)"
	    " ON CONFLICT (taxpayer_id) DO UPDATE SET audit_seq = excluded.audit_seq,"
	    " audit_hash = excluded.audit_hash WHERE head.audit_hash = $4",
	    DB_ARGS(db_text(row->taxpayer_id), db_int(row->seq), db_text(row->hash),
		db_text(row->prev)),
	    1, ERR_BUSY, err);
}

int
books_audit_actor(struct db *db, const char *taxpayer_id, const char *op_id, char out[65],
    struct err *err)
{
	struct rows *rows = NULL;
	int found;

	out[0] = '\0';
	if (db_query(db, "SELECT actor FROM audit WHERE taxpayer_id = $1 AND op_id = $2",
		DB_ARGS(db_text(taxpayer_id), db_text(op_id)), &rows, err) < 0) {
		return -1;
	}
	found = db_rows_next(rows, err);
	if (found == 1) {
		mem_copy_text(out, 65, db_rows_text(rows, 0));
	}
	db_rows_close(rows);
	return found < 0 ? -1 : 0;
}

int
books_audit_op_find(struct db *db, const char *op_id, struct books_op *out, struct buf *answer,
    struct err *err)
{
	struct rows *rows = NULL;
	int found;

	*out = (struct books_op){ 0 };
	if (db_query(db,
		"SELECT answer, op_id, fingerprint, taxpayer_id, operation, status, at, result"
		" FROM op WHERE op_id = $1",
		DB_ARGS(db_text(op_id)), &rows, err) < 0) {
		return -1;
	}
	found = db_rows_next(rows, err);
	if (found == 1) {
		if (db_rows_record(rows, &books_op_type, out, err) < 0) {
			found = -1;
		}
		buf_puts(answer, db_rows_text(rows, 0));
	}
	db_rows_close(rows);
	return found;
}

int
books_audit_op_add(struct db *db, const struct books_op *op, const char *answer, struct err *err)
{
	return db_post(db,
	    "INSERT INTO op (op_id, fingerprint, taxpayer_id, operation, status, at, result, answer)"
	    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
	    DB_ARGS(db_text(op->op_id), db_text(op->fingerprint), db_text(op->taxpayer_id),
		db_text(op->operation), db_int(op->status), db_int(op->at), db_text(op->result),
		db_text(answer)),
	    DB_ANY, ERR_NONE, err);
}

int
books_audit_rows(struct db *db, const char *taxpayer_id, struct rows **out, struct err *err)
{
	return db_query(db, "SELECT * FROM audit WHERE taxpayer_id = $1 ORDER BY seq",
	    DB_ARGS(db_text(taxpayer_id)), out, err);
}

int
books_audit_chains(struct db *db, struct text_list *out, struct err *err)
{
	return db_texts(db,
	    "SELECT taxpayer_id FROM audit UNION SELECT taxpayer_id FROM head ORDER BY taxpayer_id",
	    DB_NONE, out, err);
}

int
books_audit_reversals(struct db *db, struct text_list *out, struct err *err)
{
	return db_texts(db,
	    "SELECT payment_no FROM payment JOIN outbox ON outbox.message_key = payment_no || '/reverse'"
	    " AND outbox.taxpayer_id = payment.taxpayer_id"
	    " WHERE outbox.kind = 'reverse' AND outbox.state <> 'done'",
	    DB_NONE, out, err);
}

int
books_audit_payments(struct db *db, struct rows **out, struct err *err)
{
	return db_query(db, "SELECT * FROM payment ORDER BY payment_no", DB_NONE, out, err);
}

int
books_audit_vouchers(struct db *db, struct rows **out, struct err *err)
{
	return db_query(db, "SELECT * FROM voucher ORDER BY voucher_no", DB_NONE, out, err);
}

int
books_audit_files(struct db *db, struct rows **out, struct err *err)
{
	return db_query(
	    db, "SELECT number, sha256, content FROM document ORDER BY number", DB_NONE, out, err);
}

int
books_audit_debits(struct db *db, struct rows **out, struct err *err)
{
	return db_query(db,
	    "SELECT outbox.bytes, payment.* FROM outbox JOIN payment"
	    " ON payment.payment_no = outbox.message_key AND payment.taxpayer_id = outbox.taxpayer_id"
	    " UNION ALL SELECT outbox.bytes, payment.* FROM outbox JOIN payment"
	    " ON payment.payment_no || '/reverse' = outbox.message_key"
	    " AND payment.taxpayer_id = outbox.taxpayer_id WHERE outbox.kind = 'reverse'"
	    " ORDER BY payment_no",
	    DB_NONE, out, err);
}

int
books_audit_movement_known(
    struct db *db, const char *tax_ticket_no, const char *op_id, struct err *err)
{
	int64_t count = 0;
	int found = db_find_int(db,
	    "SELECT COUNT(*) FROM (SELECT payment_no AS n FROM payment WHERE tax_ticket_no = $1"
	    " UNION ALL SELECT voucher_no AS n FROM voucher WHERE voucher_no = $1"
	    " UNION ALL SELECT payment_no AS n FROM payment WHERE op_id = $2) t",
	    DB_ARGS(db_text(tax_ticket_no), db_text(op_id)), &count, err);

	return found < 0 ? -1 : count > 0;
}
