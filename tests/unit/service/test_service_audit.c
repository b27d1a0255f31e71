/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit is tested by tampering: one row is changed, and exactly that row must be named. */
#include "shebao/file.h"
#include "unit/service/world_steps.h"

/* A world in which every kind of row stands in several states. */
static void
build(struct world *w)
{
	char payment_no[33], voucher_no[19];
	struct certificate_answer paper;

	world_new(w);
	world_must(w, world_import(w, OPERATION_ADMIN_LEVY_IMPORT, LEVIES_HEAD
	    LEVY("C1", ONE, "1234", "normal", "11.00", "2020-12-31")
	    LEVY("C2", ONE, "1234", "normal", "22.00", "2020-12-31")
	    LEVY("C3", ONE, "1234", "normal", "33.00", "2020-12-31")
	    LEVY("C4", ONE, "1234", "normal", "44.00", "2020-12-31")
	    LEVY("C5", ONE, "1234", "normal", "55.00", "2020-12-31")));
	world_declare(w, "\"A1\",\"A2\",\"A3\",\"A4\"", 843576);
	ck_assert_int_eq(world_pay(w, "\"A1\",\"A3\"", 4990, payment_no), PAYMENT_SUCCEEDED);
	world_voucher(w, "\"A4\"", 738586, voucher_no);
	world_must(w, world_settle(w, voucher_no));
	world_must(w, world_certificate(w, "tax_paid", &paper));
	world_must(w, world_call(w, OPERATION_CERTIFICATE_CONFIRM,
	    "{\"op_id\":\"%s\",\"certificate_no\":\"%s\",\"sha256\":\"%s\"}", world_op(w),
	    paper.certificate_no, paper.sha256));
	world_must(w, world_call(w, OPERATION_CERTIFICATE_REPRINT,
	    "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(w), paper.certificate_no));
	record_release(&request_certificate_answer, &paper);
	world_voucher(w, "\"A2\"", 100000, voucher_no);
	world_must(w, world_void_voucher(w, voucher_no));
	world_voucher(w, "\"A2\"", 100000, voucher_no);
	world_must(w, world_call(w, OPERATION_VOUCHER_DOCUMENT,
	    "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(w), voucher_no));
	world_declare(w, "\"C5\"", 5500);
	ck_assert_int_eq(world_pay(w, "\"C5\"", 5500, payment_no), PAYMENT_SUCCEEDED);
	world_must(w, world_office(w, OPERATION_ADMIN_PAYMENT_REVERSE,
	    "{\"op_id\":\"%s\",\"payment_no\":\"%s\",\"reason\":\"误扣\"}", world_op(w), payment_no));
	world_declare(w, "\"C2\",\"C3\"", 5500);
	world_fault(w, "insufficient_funds", 1, 0);
	ck_assert_int_eq(world_pay(w, "\"C2\"", 2200, payment_no), PAYMENT_REFUSED);
	world_fault(w, "no_answer", 1, 0);
	ck_assert_int_eq(world_pay(w, "\"C3\"", 3300, payment_no), PAYMENT_UNKNOWN);
	world_must(w, world_call(w, OPERATION_DECLARATION_SUBMIT,
	    "{\"op_id\":\"%s\",\"kind\":\"normal\",\"levy_nos\":[\"C1\"],\"amount\":1100}", world_op(w)));
	world_must(w, world_office(w, OPERATION_ADMIN_LEVY_WITHDRAW,
	    "{\"op_id\":\"%s\",\"numbers\":[\"X1\"],\"reason\":\"\"}", world_op(w)));
	world_must(w, world_office(w, OPERATION_ADMIN_BATCH_LIST_CREATE,
	    "{\"op_id\":\"%s\",\"taxpayer_id\":\"" TWO "\",\"period_from\":\"2020-06\",\"period_to\":\"2020-06\"}",
	    world_op(w)));
	world_audit_clean(w);
}

struct tamper {
	const char *sql;
	const char *invariant; /* one of the findings has it */
	const char *table_name;
	const char *row; /* query of the row that must be named */
};

#define LEVY_ROW(no) "SELECT '" no "'"
#define PAID "(SELECT payment_no FROM payment WHERE amount = 4990)"
#define LOST "(SELECT payment_no FROM payment WHERE amount = 3300)"
#define REFUSED "(SELECT payment_no FROM payment WHERE amount = 2200)"
#define GIVEN_BACK "(SELECT payment_no FROM payment WHERE amount = 5500)"
#define FIRST "(SELECT declaration_id FROM declaration WHERE amount = 843576)"
#define PENDING "(SELECT declaration_id FROM declaration WHERE amount = 1100)"
#define VOUCHER_PAID_NO "(SELECT voucher_no FROM voucher WHERE amount = 738586)"
#define VOUCHER_OPEN_NO "(SELECT voucher_no FROM voucher WHERE amount = 100000 AND state = 'issued')"
#define PAPER "(SELECT certificate_no FROM certificate WHERE kind = 'tax_paid')"

// clang-format off
static const struct tamper tampers[] = {
	/* ---- levies */
	{ "UPDATE levy SET amount = amount + 1 WHERE levy_no = 'A1'", "I-08", "levy", LEVY_ROW("A1") },
	{ "UPDATE levy SET amount = amount - 1 WHERE levy_no = 'C1'", "I-08", "levy", LEVY_ROW("C1") },
	{ "UPDATE levy SET state = 'initial', declaration_id = '' WHERE levy_no = 'C2'", "I-01", "levy", LEVY_ROW("C2") },
	{ "UPDATE levy SET state = 'initial' WHERE levy_no = 'C1'", "I-01", "levy", LEVY_ROW("C1") },
	{ "UPDATE levy SET state = 'declared' WHERE levy_no = 'S1'", "I-01", "levy", LEVY_ROW("S1") },
	{ "UPDATE levy SET state = 'initial' WHERE levy_no = 'B1'", "I-03", "levy", LEVY_ROW("B1") },
	{ "UPDATE levy SET state = 'batch_listed' WHERE levy_no = 'X1'", "I-03", "levy", LEVY_ROW("X1") },
	{ "UPDATE levy SET pay_state = 'unpaid' WHERE levy_no = 'A2'", "I-02", "levy", LEVY_ROW("A2") },
	{ "UPDATE levy SET pay_state = 'unpaid' WHERE levy_no = 'C3'", "I-02", "levy", LEVY_ROW("C3") },
	{ "UPDATE levy SET pay_state = 'paying' WHERE levy_no = 'C4'", "I-02", "levy", LEVY_ROW("C4") },
	{ "UPDATE levy SET payment_no = '' WHERE levy_no = 'A3'", "I-02", "levy", LEVY_ROW("A3") },
	{ "UPDATE levy SET voucher_no = " VOUCHER_PAID_NO " WHERE levy_no = 'A2'", "I-02", "levy", LEVY_ROW("A2") },
	{ "UPDATE levy SET tax_ticket_no = '452016200600000099' WHERE levy_no = 'A1'", "I-09", "levy", LEVY_ROW("A1") },
	{ "UPDATE levy SET settled_on = '2020-06-14' WHERE levy_no = 'A1'", "I-09", "levy", LEVY_ROW("A1") },
	{ "UPDATE levy SET settled_on = '2020-06-15' WHERE levy_no = 'C4'", "I-09", "levy", LEVY_ROW("C4") },
	{ "UPDATE levy SET certificate_no = '' WHERE levy_no = 'A4'", "I-22", "levy", LEVY_ROW("A4") },
	{ "UPDATE levy SET unit_no = '00052217' WHERE levy_no = 'C4'", "I-06", "levy", LEVY_ROW("C4") },
	{ "UPDATE levy SET version = version + 1000 WHERE levy_no = 'C4'", "I-28", "levy", LEVY_ROW("C4") },
	/* ---- claims */
	{ "UPDATE claim SET live = 0 WHERE kind = 'declaration' AND levy_no = 'C2'", "I-01", "claim", LEVY_ROW("C2") },
	{ "UPDATE claim SET taxpayer_id = '" TWO "' WHERE kind = 'declaration' AND levy_no = 'C1'", "I-06", "claim", LEVY_ROW("C1") },
	/* ---- declarations */
	{ "UPDATE declaration SET amount = amount + 1 WHERE declaration_id = " FIRST, "I-08", "declaration", "SELECT declaration_id FROM declaration WHERE amount = 843577" },
	{ "UPDATE declaration SET levy_count = 5 WHERE declaration_id = " FIRST, "I-08", "declaration", "SELECT " FIRST },
	{ "UPDATE declaration SET state = 'accepted' WHERE declaration_id = " PENDING, "I-30", "declaration", "SELECT " PENDING },
	{ "UPDATE declaration SET decided_at = 1 WHERE declaration_id = " PENDING, "I-30", "declaration", "SELECT " PENDING },
	{ "UPDATE declaration SET state = 'voided' WHERE declaration_id = " FIRST, "I-01", "declaration", "SELECT " FIRST },
	{ "UPDATE declaration SET state = 'voiding' WHERE declaration_id = " FIRST, "I-05", "declaration", "SELECT " FIRST },
	{ "UPDATE declaration SET paid_state = 'paid' WHERE declaration_id = " FIRST, "I-09", "declaration", "SELECT " FIRST },
	{ "UPDATE declaration SET op_id = '00' WHERE declaration_id = " FIRST, "I-04", "declaration", "SELECT " FIRST },
	{ "DELETE FROM work", "I-30", "declaration", "SELECT " PENDING },
	/* ---- payments */
	{ "UPDATE payment SET amount = amount + 1 WHERE payment_no = " PAID, "I-08", "payment", "SELECT payment_no FROM payment WHERE amount = 4991" },
	{ "UPDATE payment SET account_no = '6222000002' WHERE payment_no = " PAID, "I-08", "payment", "SELECT " PAID },
	{ "UPDATE payment SET tax_ticket_no = '452016200600000099' WHERE payment_no = " LOST, "I-08", "payment", "SELECT " LOST },
	{ "UPDATE payment SET agreement_no = 'H-1' WHERE payment_no = " PAID, "I-12", "payment", "SELECT " PAID },
	{ "UPDATE payment SET state = 'succeeded' WHERE payment_no = " REFUSED, "I-09", "payment", "SELECT " REFUSED },
	{ "UPDATE payment SET state = 'refused' WHERE payment_no = " PAID, "I-16", "payment", "SELECT " PAID },
	{ "UPDATE payment SET settled_on = '' WHERE payment_no = " PAID, "I-16", "payment", "SELECT " PAID },
	{ "UPDATE payment SET levy_count = 3 WHERE payment_no = " PAID, "I-08", "payment", "SELECT " PAID },
	{ "DELETE FROM outbox WHERE message_key = " REFUSED, "I-14", "payment", "SELECT " REFUSED },
	{ "UPDATE outbox SET state = 'done' WHERE message_key = " LOST, "I-14", "payment", "SELECT " LOST },
	{ "UPDATE outbox SET bytes = X'7b7d20' WHERE message_key = " PAID, "I-08", "payment", "SELECT " PAID },
	{ "UPDATE payment SET amount = 0 WHERE payment_no = " PAID, "I-10", "payment", "SELECT payment_no FROM payment WHERE amount = 0" },
	{ "UPDATE payment SET state = 'succeeded' WHERE payment_no = " GIVEN_BACK, "I-11", "payment", "SELECT " GIVEN_BACK },
	{ "UPDATE payment SET state = 'refused' WHERE payment_no = " GIVEN_BACK, "I-11", "payment", "SELECT " GIVEN_BACK },
	{ "UPDATE outbox SET state = 'sent' WHERE kind = 'reverse'", "I-11", "payment", "SELECT " GIVEN_BACK },
	{ "DELETE FROM outbox WHERE kind = 'reverse'", "I-11", "payment", "SELECT " GIVEN_BACK },
	{ "UPDATE outbox SET bytes = X'7b7d20' WHERE kind = 'reverse'", "I-08", "payment", "SELECT " GIVEN_BACK },
	/* ---- vouchers */
	{ "UPDATE voucher SET amount = 738585 WHERE voucher_no = " VOUCHER_PAID_NO, "I-08", "voucher", "SELECT voucher_no FROM voucher WHERE amount = 738585" },
	{ "UPDATE voucher SET state = 'voided' WHERE voucher_no = " VOUCHER_PAID_NO, "I-18", "voucher", "SELECT " VOUCHER_PAID_NO },
	{ "UPDATE voucher SET state = 'paid' WHERE amount = 100000 AND state = 'voided'", "I-09", "voucher", "SELECT voucher_no FROM voucher WHERE amount = 100000 AND state = 'paid'" },
	{ "UPDATE voucher SET sha256 = '00' WHERE voucher_no = " VOUCHER_OPEN_NO, "I-20", "voucher", "SELECT " VOUCHER_OPEN_NO },
	/* ---- certificates and files */
	{ "UPDATE certificate SET amount = amount - 1", "I-24", "certificate", "SELECT " PAPER },
	{ "UPDATE certificate SET delivered_at = 0", "I-23", "certificate", "SELECT " PAPER },
	{ "UPDATE certificate SET state = 'invalidated'", "I-24", "certificate", "SELECT " PAPER },
	{ "UPDATE certificate SET sha256 = '00'", "I-24", "certificate", "SELECT " PAPER },
	{ "UPDATE certificate SET reprints = 0", "I-23", "document", "SELECT " PAPER },
	{ "UPDATE document SET content = X'00' WHERE number = " PAPER " AND reprint = 0", "I-24", "document", "SELECT " PAPER },
	/* ---- batch lists, passwords */
	{ "UPDATE batch_list SET amount = 1", "I-08", "batch_list", "SELECT batch_list_no FROM batch_list" },
	{ "UPDATE proof SET used_at = expires_at WHERE proof_hash = (SELECT MIN(proof_hash) FROM proof)", "I-36", "proof", "SELECT MIN(proof_hash) FROM proof" },
	{ "UPDATE credential SET failures = -3 WHERE taxpayer_id = '" ONE "'", "I-37", "credential", "SELECT '" ONE "'" },
	/* ---- operations and the audit rows */
	{ "DELETE FROM op WHERE operation = 'certificate_confirm'", "I-35", "audit", "SELECT taxpayer_id || ' ' || seq FROM audit WHERE operation = 'certificate_confirm'" },
	{ "UPDATE audit SET detail = 'nothing' WHERE operation = 'payment_submit' AND seq = (SELECT MIN(seq) FROM audit WHERE operation = 'payment_submit')", "I-35", "audit",
	  "SELECT taxpayer_id || ' ' || MIN(seq) FROM audit WHERE operation = 'payment_submit'" },
	{ "DELETE FROM audit WHERE taxpayer_id = '" ONE "' AND seq = 5", "I-35", "audit", "SELECT '" ONE " 5'" },
	{ "DELETE FROM audit WHERE taxpayer_id = '' AND seq = (SELECT MAX(seq) FROM audit WHERE taxpayer_id = '')", "I-35", "audit", "SELECT ' ' || audit_seq FROM head WHERE taxpayer_id = ''" },
	{ "UPDATE audit SET actor = 'somebody' WHERE taxpayer_id = '' AND seq = 2", "I-35", "audit", "SELECT ' 2'" },
};
// clang-format on

struct seen {
	const struct tamper *tamper;
	char row[129];
	int right, wrong;
	char others[1024];
};

static void
see(const struct audit_finding *f, void *user)
{
	struct seen *s = user;
	int same = strcmp(f->table_name, s->tamper->table_name) == 0 && strcmp(f->row_id, s->row) == 0;
	size_t n = strlen(s->others);

	if (same && strcmp(f->invariant, s->tamper->invariant) == 0) {
		s->right++;
	} else if (!same) {
		s->wrong++;
	}
	snprintf(s->others + n, sizeof(s->others) - n, "  %s %s %s: %s\n", f->invariant, f->table_name,
	    f->row_id, f->detail);
}

/* 1 when the audit said something else. */
static int
tamper_with(struct world *w, const struct tamper *t)
{
	struct db *db = NULL;
	struct err err = { 0 };
	struct seen seen = { .tamper = t };
	int64_t changed = 0, checked;
	int found;

	ck_assert_int_eq(db_pool_take(w->pool, &db, &err), 0);
	ck_assert_msg(db_run(db, t->sql, DB_NONE, &changed, &err) == 0, "%s: %s", t->sql, err.text);
	db_pool_give(w->pool, db);
	ck_assert_msg(changed == 1, "%s: %d rows", t->sql, (int)changed);
	world_value(w, t->row, seen.row);
	found = service_audit(w->service, w->now, see, &seen, &checked, &err);
	if (found > 0 && seen.right > 0 && seen.wrong == 0) {
		return 0;
	}
	fprintf(stderr, "%s\n expected %s %s %s, got %d:\n%s%s", t->sql, t->invariant, t->table_name,
	    seen.row, found, seen.others, err.text);
	return 1;
}

/* Books on PostgreSQL are tampered with in their backup, which the audit must know as well. */
static void
bring_home(struct world *w)
{
	struct db *db = NULL;
	struct err err = { 0 };

	if (strncmp(w->url, "sqlite:", 7) == 0) {
		return;
	}
	ck_assert_int_eq(db_pool_take(w->pool, &db, &err), 0);
	ck_assert_msg(books_copy_backup(db, w->books, &err) == 0, "%s", err.text);
	db_pool_give(w->pool, db);
	snprintf(w->url, sizeof(w->url), "sqlite:%s", w->books);
}

START_TEST(every_changed_row_is_named_and_no_other)
{
	struct world w;
	struct buf books = { 0 };
	struct err err = { 0 };
	size_t i;
	int missed = 0;

	build(&w);
	bring_home(&w);
	world_stop(&w);
	ck_assert_msg(file_load(w.books, 1 << 26, &books, &err) == 0, "%s", err.text);
	for (i = 0; i < ARRAY_LEN(tampers); i++) {
		ck_assert_int_eq(file_save(w.books, books.data, books.len, FILE_REPLACE, &err), 0);
		world_start(&w);
		missed += tamper_with(&w, &tampers[i]);
		world_stop(&w);
	}
	ck_assert_int_eq(missed, 0);
	ck_assert_int_eq(file_save(w.books, books.data, books.len, FILE_REPLACE, &err), 0);
	buf_release(&books);
	world_start(&w);
	world_free(&w);
}
END_TEST

START_TEST(the_bank_s_ledger_is_the_other_witness)
{
	struct world w;
	struct bank_debit d = { .tax_authority_code = "1", .entrust_date = "2020-06-15", .serial = "99999999",
		.tax_ticket_no = "452016200699999999", .account_no = "6222000001", .account_name = "贵阳甲公司", .amount = 7 };
	struct bank_answer answer;
	struct tamper t = { .invariant = "I-09", .table_name = "bank" };
	struct seen seen = { .tamper = &t, .row = "1/2020-06-15/99999999" };
	struct err err = { 0 };
	int64_t checked;

	world_new(&w);
	w.bank->debit(w.bank->self, &d, w.now, &answer);
	ck_assert_int_eq(answer.outcome, BANK_DONE);
	ck_assert_int_eq(service_audit(w.service, w.now, see, &seen, &checked, &err), 1);
	ck_assert_int_eq(seen.right, 1);
	w.bank->reverse(w.bank->self, &d, w.now, &answer);
	world_stop(&w);
	unlink(w.ledger);
	world_start(&w);
	world_free(&w);
}
END_TEST

START_TEST(a_debit_made_twice_is_found)
{
	struct world w;
	char payment_no[33];
	struct tamper t = { .invariant = "I-07", .table_name = "payment" };
	struct seen seen = { .tamper = &t };
	struct err err = { 0 };
	int64_t checked;
	struct bank_debit d = { .entrust_date = "2020-06-15", .account_no = "6222000001",
		.account_name = "贵阳甲公司", .amount = 4990, .tax_authority_code = "15201020000", .serial = "00000001" };
	struct bank_answer answer;
	char ticket[129], op_id[129];

	world_new(&w);
	world_declare(&w, "\"A1\"", 4990);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_SUCCEEDED);
	world_value(&w, "SELECT tax_ticket_no FROM payment", ticket);
	world_value(&w, "SELECT op_id FROM payment", op_id);
	mem_copy_text(d.tax_ticket_no, sizeof(d.tax_ticket_no), ticket);
	mem_copy_text(d.op_id, sizeof(d.op_id), op_id);
	mem_copy_text(seen.row, sizeof(seen.row), payment_no);
	world_fault(&w, "forget", 1, 0);
	w.bank->debit(w.bank->self, &d, w.now, &answer);
	ck_assert_int_eq(answer.outcome, BANK_DONE);
	ck_assert_int_eq(service_audit(w.service, w.now, see, &seen, &checked, &err), 1);
	ck_assert_int_eq(seen.right, 1);
	world_remove(&w);
}
END_TEST

UNIT_MAIN("audit", every_changed_row_is_named_and_no_other,
    the_bank_s_ledger_is_the_other_witness, a_debit_made_twice_is_found)
