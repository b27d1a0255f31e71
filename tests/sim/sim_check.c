/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold: as money moves, and when all is at rest. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/wire.h"
#include "sim_clerk.h"

enum {
	LEVIES = 16
};

static char covered[LEVIES][33]; /* by which op_id the bank has debited a levy */

void
sim_check_reset(void)
{
	memset(covered, 0, sizeof(covered));
	sim_history_reset();
}

static size_t
number_of(const char *levy_no)
{
	return (size_t)strtoul(levy_no + 1, NULL, 10) % LEVIES;
}

void
sim_check_debit(const struct bank_debit *d)
{
	const struct sim_intent *intent = sim_intent_find(d->op_id);
	size_t i;

	if (intent == NULL) {
		sim_fail("I-07: a debit that nobody asked for: %s", d->op_id);
	}
	if (d->amount != intent->amount ||
	    strcmp(d->account_no, intent->employer == 0 ? "6222000001" : "6222000002") != 0) {
		sim_fail("I-08: the debit %s is not what was confirmed", d->op_id);
	}
	for (i = 0; i < intent->levies.count; i++) {
		char *by = covered[number_of(intent->levies.items[i])];

		if (by[0] != '\0') {
			sim_fail("I-07: levy %s is debited twice: %s, %s",
			    intent->levies.items[i], by, d->op_id);
		}
		mem_copy_text(by, 33, d->op_id);
	}
}

void
sim_check_reversal(const struct bank_debit *d)
{
	const struct sim_intent *intent = sim_intent_find(d->op_id);
	size_t i;

	if (intent == NULL || !intent->is_asked_back) {
		sim_fail("I-11: a reversal that nobody asked for: %s", d->op_id);
	}
	for (i = 0; i < intent->levies.count; i++) {
		char *by = covered[number_of(intent->levies.items[i])];

		if (strcmp(by, d->op_id) != 0) {
			sim_fail("I-11: %s is given back, levy %s was paid by '%s'", d->op_id,
			    intent->levies.items[i], by);
		}
		by[0] = '\0';
	}
}

/* ---- the books against the bank */

static void
on_finding(const struct audit_finding *f, void *user)
{
	(void)user;
	sim_trace("audit: %s %s %s: %s", f->invariant, f->table_name, f->row_id, f->detail);
	fprintf(stderr, "audit: %s %s %s: %s\n", f->invariant, f->table_name, f->row_id,
	    f->detail);
}

static void
check_audit(void)
{
	struct err err = { 0 };
	int64_t checked = 0;
	int found =
	    service_audit(sim_service(), sim.now, on_finding, NULL, &checked, &err);

	if (found != 0) {
		sim_fail("the audit has %d findings %s", found, err.text);
	}
}

static struct rows *
ask(struct db *db, const char *sql)
{
	struct rows *rows = NULL;
	struct err err = { 0 };

	if (db_query(db, sql, DB_NONE, &rows, &err) != 0) {
		sim_fail("%s: %s", sql, err.text);
	}
	return rows;
}

static int
next(struct rows *rows)
{
	struct err err = { 0 };
	int more = db_rows_next(rows, &err);

	if (more < 0) {
		sim_fail("a row cannot be read: %s", err.text);
	}
	if (more == 0) {
		db_rows_close(rows);
	}
	return more;
}

static void
check_payments(struct db *db)
{
	struct rows *rows = ask(db, "SELECT op_id, state, amount FROM payment");
	int64_t sum;

	while (next(rows)) {
		const char *op_id = db_rows_text(rows, 0), *state = db_rows_text(rows, 1);
		int64_t amount = db_rows_int(rows, 2);
		int n = sim_bank_count(op_id, &sum), back = sim_bank_reversals(op_id), good;

		good = strcmp(state, "reversed") == 0 ? n == 1 && sum == amount && back == 1
		    : strcmp(state, "succeeded") == 0
		    ? back == 0 && (amount == 0 || (n == 1 && sum == amount))
		    : strcmp(state, "refused") == 0 && n == 0 && back == 0;
		if (!good) {
			sim_fail("I-09: payment %s is %s, the bank debited %d times and gave back %d",
			    op_id, state, n, back);
		}
	}
}

static void
check_vouchers(struct db *db)
{
	struct rows *rows = ask(db, "SELECT voucher_no, state, amount FROM voucher");
	int64_t sum;

	while (next(rows)) {
		const char *state = db_rows_text(rows, 1);
		int n = sim_bank_count(db_rows_text(rows, 0), &sum);
		int is_paid = strcmp(state, "paid") == 0;

		if (n != is_paid || (is_paid && sum != db_rows_int(rows, 2))) {
			sim_fail("I-18: voucher %s is %s, the counter took %d times",
			    db_rows_text(rows, 0), state, n);
		}
	}
}

/* Each levy: money once if it is settled, never otherwise, over both channels. */
static void
check_levies(struct db *db)
{
	struct rows *rows = ask(db,
	    "SELECT l.levy_no, l.pay_state, l.amount, (SELECT count(*) FROM claim c"
	    " JOIN voucher v ON v.voucher_no = c.holder AND v.state = 'paid'"
	    " WHERE c.kind = 'voucher' AND c.levy_no = l.levy_no) FROM levy l");

	while (next(rows)) {
		const char *no = db_rows_text(rows, 0), *state = db_rows_text(rows, 1);
		int64_t times = db_rows_int(rows, 3) + (covered[number_of(no)][0] != '\0');
		int is_settled = strcmp(state, "settled") == 0;

		if (times > 1 || (db_rows_int(rows, 2) > 0 && times != is_settled) ||
		    (!is_settled && strcmp(state, "unpaid") != 0 &&
			strcmp(state, "vouchered") != 0)) {
			sim_fail("I-07: levy %s is %s and was paid %" PRId64 " times", no, state,
			    times);
		}
	}
}

static void
check_at_rest(struct db *db)
{
	static const char *const none[] = {
		"SELECT declaration_id FROM declaration WHERE state IN ('queued', 'pending', 'voiding')",
		"SELECT message_key FROM outbox WHERE state <> 'done'",
		"SELECT holder FROM work",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(none); i++) {
		struct rows *rows = ask(db, none[i]);

		if (next(rows)) {
			sim_fail("L-2: not final: %s %s", none[i], db_rows_text(rows, 0));
		}
	}
}

/* ---- what clerks were told */

static void
check_told(void)
{
	const struct sim_intent *intent;
	int64_t sum;
	size_t i;

	for (i = 0; (intent = sim_intent_at(i)) != NULL; i++) {
		int n = sim_bank_count(intent->op_id, &sum);

		if (intent->told == SIM_TOLD_REFUSED && n > 0) {
			sim_fail("I-16: %s was called refused, and was debited", intent->op_id);
		}
	}
}

/* ---- the clients against the service */

static const struct {
	const char *operation, *table;
} kept[] = {
	{ "declaration_submit", "declaration" },
	{ "payment_submit", "payment" },
	{ "voucher_issue", "voucher" },
};

static int64_t
count_of(struct db *db, const char *table, const char *op_id)
{
	char sql[128];
	int64_t n = 0;

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s WHERE op_id = $1", table);
	(void)!db_find_int(db, sql, DB_ARGS(db_text(op_id)), &n, NULL);
	return n;
}

static void
check_journal(struct db *client, struct db *books, const char *who)
{
	struct rows *rows = ask(client, "SELECT op_id, operation, state FROM journal");
	size_t i;

	while (next(rows)) {
		const char *state = db_rows_text(rows, 2);
		int is_done = strcmp(state, "done") == 0;

		for (i = 0; i < ARRAY_LEN(kept); i++) {
			if (strcmp(kept[i].operation, db_rows_text(rows, 1)) != 0) {
				continue;
			}
			if ((!is_done && strcmp(state, "refused") != 0) ||
			    count_of(books, kept[i].table, db_rows_text(rows, 0)) != is_done) {
				sim_fail("I-28: %s has %s %s as %s; the service does not", who,
				    kept[i].operation, db_rows_text(rows, 0), state);
			}
		}
	}
	rows = ask(client, "SELECT levy_no, op_id FROM hold");
	if (next(rows)) {
		sim_fail("I-28: %s still holds levy %s for %s", who, db_rows_text(rows, 0),
		    db_rows_text(rows, 1));
	}
}

static void
canonical(struct db *db, enum mirror_noun noun, const char *employer, struct buf *out)
{
	const struct record_type *type = mirror_type(noun);
	void *record = mem_alloc(type->size);
	struct rows *rows = NULL;
	struct err err = { 0 };
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT * FROM %s WHERE taxpayer_id = $1 ORDER BY %s",
	    type->name, type->fields[0].name);
	if (db_query(db, sql, DB_ARGS(db_text(employer)), &rows, &err) != 0) {
		sim_fail("%s: %s", sql, err.text);
	}
	while (next(rows)) {
		memset(record, 0, type->size);
		if (db_rows_record(rows, type, record, &err) != 0) {
			sim_fail("%s: %s", type->name, err.text);
		}
		wire_encode(type, record, out);
		buf_puts(out, "\n");
		record_release(type, record);
	}
	free(record);
}

static void
show_difference(const char *a, const char *b)
{
	while (*a != '\0' || *b != '\0') {
		size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");

		if (n != m || strncmp(a, b, n) != 0) {
			fprintf(stderr, "client:  %.*s\nservice: %.*s\n", (int)n, a, (int)m, b);
			return;
		}
		a += n + (a[n] != '\0');
		b += m + (b[m] != '\0');
	}
}

static void
check_mirror(struct db *client, struct db *books, const struct sim_clerk *c)
{
	static const enum mirror_noun nouns[] = { MIRROR_LEVY, MIRROR_DECLARATION, MIRROR_PAYMENT,
		MIRROR_VOUCHER, MIRROR_CERTIFICATE };
	size_t i;

	for (i = 0; i < ARRAY_LEN(nouns); i++) {
		struct buf a = { 0 }, b = { 0 };

		canonical(client, nouns[i], sim_employers[c->employer], &a);
		canonical(books, nouns[i], sim_employers[c->employer], &b);
		if (strcmp(buf_text(&a), buf_text(&b)) != 0) {
			show_difference(buf_text(&a), buf_text(&b));
			sim_fail("I-28: %s of %s are not the service's",
			    mirror_type(nouns[i])->name, sim.sides[c->side].name);
		}
		buf_release(&a);
		buf_release(&b);
	}
}

void
sim_check_rest(void)
{
	struct db_pool *pool;
	struct db *db = sim_service_db(&pool);
	int i;

	check_at_rest(db);
	check_payments(db);
	check_vouchers(db);
	check_levies(db);
	check_told();
	sim_history_check(db);
	for (i = 0; i < sim.clerks; i++) {
		struct sim_clerk *c = &sim_clerks[i];

		sim.side = c->side;
		check_journal(app_db(c->app), db, sim.sides[c->side].name);
		check_mirror(app_db(c->app), db, c);
	}
	sim.side = SIM_SERVICE;
	db_pool_give(pool, db);
	check_audit();
}
