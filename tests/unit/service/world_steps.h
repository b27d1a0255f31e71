/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_WORLD_STEPS_H
#define SHEBAO_TESTS_WORLD_STEPS_H

/* What people and the bank do in the world, and what is looked at afterwards. */
#include "unit/service/world.h"

static inline void
world_print(const struct audit_finding *f, void *user)
{
	(void)user;
	fprintf(stderr, "%s %s %s: %s\n", f->invariant, f->table_name, f->row_id, f->detail);
}

static inline void
world_audit_clean(struct world *w)
{
	struct err err = { 0 };
	int64_t checked;
	int found = service_audit(w->service, w->now, world_print, NULL, &checked, &err);

	ck_assert_msg(found == 0, "%d findings %s", found, err.text);
	ck_assert_int_gt(checked, 10);
}

/* Takes the world away as it is. */
static inline void
world_remove(struct world *w)
{
	char path[160];
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	size_t i;

	buf_release(&w->answer.body);
	world_stop(w);
	for (i = 0; i < ARRAY_LEN(suffixes); i++) {
		snprintf(path, sizeof(path), "%s%s", w->books, suffixes[i]);
		unlink(path);
	}
	unlink(w->ledger);
	rmdir(w->folder);
}

static inline void
world_free(struct world *w)
{
	world_audit_clean(w);
	world_remove(w);
}

static inline void
world_count_debit(const struct bank_movement *m, void *user)
{
	if (strcmp(m->result_code, "90000") == 0 && strcmp(m->kind, "balance") != 0) {
		*(int64_t *)user += strcmp(m->kind, "reverse") == 0 ? -m->amount : m->amount;
	}
}

/* Fen that the bank moved in all. */
static inline int64_t
world_moved(struct world *w)
{
	int64_t sum = 0;

	w->bank->history(w->bank->self, world_count_debit, &sum);
	return sum;
}

static inline void
world_tick(struct world *w, int64_t ms)
{
	int64_t next = 0;

	w->now += ms;
	service_work(w->service, w->now, &next);
	ck_assert_int_gt(next, 0);
}

/* Member of a row of the books. */
static inline void
world_value(struct world *w, const char *sql, char out[129])
{
	struct db *db = NULL;
	struct rows *rows = NULL;
	struct err err = { 0 };

	ck_assert_int_eq(db_pool_take(w->pool, &db, &err), 0);
	ck_assert_msg(db_query(db, sql, DB_NONE, &rows, &err) == 0, "%s", err.text);
	ck_assert_msg(db_rows_next(rows, &err) == 1, "%s: no row %s", sql, err.text);
	snprintf(out, 129, "%s", db_rows_text(rows, 0));
	db_rows_close(rows);
	db_pool_give(w->pool, db);
}

/* Hash of the bytes of the one message in the outbox. */
static inline void
world_message(struct world *w, char out[65])
{
	struct db *db = NULL;
	struct buf bytes = { 0 };
	struct books_message m;
	struct err err = { 0 };
	char key[129];

	world_value(w, "SELECT message_key FROM outbox", key);
	ck_assert_int_eq(db_pool_take(w->pool, &db, &err), 0);
	ck_assert_int_eq(books_message_find(db, key, &m, &bytes, &err), 1);
	crypto_sha256(bytes.data, bytes.len, out);
	buf_release(&bytes);
	db_pool_give(w->pool, db);
}

#define world_is(w, sql, expected)                                                         \
	do {                                                                               \
		char world_is_value[129];                                                  \
		world_value(w, sql, world_is_value);                                       \
		ck_assert_str_eq(world_is_value, expected);                                \
	} while (0)

static inline void
world_declare(struct world *w, const char *levies, int64_t amount)
{
	struct declaration d;

	world_must(w, world_call(w, OPERATION_DECLARATION_SUBMIT,
	    "{\"op_id\":\"%s\",\"kind\":\"normal\",\"levy_nos\":[%s],\"amount\":%lld}", world_op(w),
	    levies, (long long)amount));
	world_read(w, &declaration_type, &d);
	ck_assert_int_eq(d.state, DECLARATION_PENDING);
	record_release(&declaration_type, &d);
	world_tick(w, 3000);
}

static inline void
world_proof_as(struct world *w, const char *token, const char *action, const char *levies,
    int64_t amount, const char *voucher_no, char proof[65])
{
	struct proof_answer answer;

	world_must(w, world_call_as(w, token, OPERATION_PROOF,
	    "{\"password\":\"" PASSWORD "\",\"action\":\"%s\",\"levy_nos\":[%s],\"amount\":%lld,\"voucher_no\":\"%s\"}",
	    action, levies, (long long)amount, voucher_no));
	world_read(w, &request_proof_answer, &answer);
	memcpy(proof, answer.proof, sizeof(answer.proof));
}

#define world_proof(w, ...) world_proof_as(w, (w)->token, __VA_ARGS__)

/* Pays and answers with the payment's state; the number in payment_no. */
static inline int
world_pay(struct world *w, const char *levies, int64_t amount, char payment_no[33])
{
	char proof[65];
	struct payment p;
	int state;

	world_proof(w, "pay", levies, amount, "", proof);
	world_must(w, world_call(w, OPERATION_PAYMENT_SUBMIT,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"agreement_no\":\"G-1\",\"levy_nos\":[%s],\"amount\":%lld}",
	    world_op(w), proof, levies, (long long)amount));
	world_read(w, &payment_type, &p);
	memcpy(payment_no, p.payment_no, sizeof(p.payment_no));
	state = p.state;
	record_release(&payment_type, &p);
	return state;
}

static inline void
world_voucher(struct world *w, const char *levies, int64_t amount, char voucher_no[19])
{
	char proof[65];
	struct voucher v;

	world_proof(w, "issue_voucher", levies, amount, "", proof);
	world_must(w, world_call(w, OPERATION_VOUCHER_ISSUE,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"levy_nos\":[%s],\"amount\":%lld}", world_op(w),
	    proof, levies, (long long)amount));
	world_read(w, &voucher_type, &v);
	memcpy(voucher_no, v.voucher_no, sizeof(v.voucher_no));
	record_release(&voucher_type, &v);
}

static inline int
world_void_voucher(struct world *w, const char *voucher_no)
{
	char proof[65];

	world_proof(w, "void_voucher", "", 0, voucher_no, proof);
	return world_call(w, OPERATION_VOUCHER_VOID,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"voucher_no\":\"%s\"}", world_op(w), proof, voucher_no);
}

static inline int
world_settle(struct world *w, const char *voucher_no)
{
	return world_office(w, OPERATION_ADMIN_VOUCHER_SETTLE,
	    "{\"op_id\":\"%s\",\"voucher_no\":\"%s\",\"amount\":0}", world_op(w), voucher_no);
}

static inline int
world_certificate(struct world *w, const char *kind, struct certificate_answer *out)
{
	int status = world_call(w, OPERATION_CERTIFICATE_ISSUE,
	    "{\"op_id\":\"%s\",\"kind\":\"%s\",\"period_from\":\"2020-06\",\"period_to\":\"2020-06\"}",
	    world_op(w), kind);

	memset(out, 0, sizeof(*out));
	if (status < 300) {
		world_read(w, &request_certificate_answer, out);
	}
	return status;
}

static inline void
world_fault(struct world *w, const char *fault, int count, int64_t delay_ms)
{
	world_must(w, world_office(w, OPERATION_ADMIN_BANK_FAULT,
	    "{\"fault\":\"%s\",\"count\":%d,\"delay_ms\":%lld}", fault, count, (long long)delay_ms));
}

#endif
