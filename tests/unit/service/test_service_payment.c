/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Payments and vouchers: refusals, unknown outcomes, late answers, races, restarts. */
#include <inttypes.h>

#include "unit/service/world_steps.h"

static int
pay(struct world *w, const char *op_id, const char *proof, const char *agreement,
    const char *levies, int64_t amount)
{
	return world_call(w, OPERATION_PAYMENT_SUBMIT,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"agreement_no\":\"%s\",\"levy_nos\":[%s],\"amount\":%lld}",
	    op_id, proof, agreement, levies, (long long)amount);
}

static int
query(struct world *w, const char *payment_no)
{
	struct payment p;
	int state;

	world_must(w, world_call(w, OPERATION_PAYMENT_QUERY, "{\"payment_no\":\"%s\"}", payment_no));
	world_read(w, &payment_type, &p);
	state = p.state;
	record_release(&payment_type, &p);
	return state;
}

static void
declared(struct world *w)
{
	world_new(w);
	world_declare(w, "\"A1\",\"A2\",\"A3\",\"A4\"", 843576);
}

START_TEST(a_refusal_of_the_bank_frees_the_levies)
{
	struct world w;
	char payment_no[33];

	declared(&w);
	world_must(&w, world_office(&w, OPERATION_ADMIN_BANK_BALANCE,
	    "{\"account_no\":\"6222000001\",\"account_name\":\"贵阳甲公司\",\"balance\":4989}"));
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_REFUSED);
	world_is(&w, "SELECT result_code || reason FROM payment", "24003账户余额不足支付");
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A1'", "unpaid");
	world_fault(&w, "name_mismatch", 1, 0);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_REFUSED);
	world_fault(&w, "agreement_invalid", 1, 0);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_REFUSED);
	world_fault(&w, "maintenance", 1, 0);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_REFUSED);
	world_must(&w, world_office(&w, OPERATION_ADMIN_BANK_BALANCE,
	    "{\"account_no\":\"6222000001\",\"account_name\":\"贵阳甲公司\",\"balance\":4990}"));
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_SUCCEEDED);
	ck_assert_int_eq(world_moved(&w), 4990);
	world_free(&w);
}
END_TEST

/* A1 is declared and paid, and the bank's answer is none. */
static void
pay_unheard(struct world *w, const char *fault, int64_t delay_ms, char payment_no[33])
{
	declared(w);
	world_fault(w, fault, 1, delay_ms);
	ck_assert_int_eq(world_pay(w, "\"A1\"", 4990, payment_no), PAYMENT_UNKNOWN);
}

START_TEST(no_answer_is_unknown_until_the_bank_is_asked)
{
	struct world w;
	char payment_no[33], proof[65];

	pay_unheard(&w, "no_answer", 0, payment_no);
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A1'", "unconfirmed");
	/* The manual says to start the debit again; here that is refused. */
	world_proof(&w, "pay", "\"A1\"", 4990, "", proof);
	world_refused(&w, pay(&w, world_op(&w), proof, "G-1", "\"A1\"", 4990), "taken");
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "（wang@pc1于2020-06-15 12:00:"));
	world_proof(&w, "issue_voucher", "\"A1\"", 4990, "", proof);
	world_refused(&w, world_call(&w, OPERATION_VOUCHER_ISSUE,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"levy_nos\":[\"A1\"],\"amount\":4990}", world_op(&w), proof), "channel");
	world_tick(&w, 1000);
	world_is(&w, "SELECT state FROM payment", "succeeded");
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A1'", "settled");
	ck_assert_int_eq(world_moved(&w), 4990);
	world_free(&w);
}
END_TEST

START_TEST(a_late_success_is_not_lost)
{
	struct world w;
	char payment_no[33];
	int i;

	pay_unheard(&w, "late", 3600000, payment_no);
	for (i = 0; i < 180; i++) {
		world_tick(&w, 20000);
		if (i < 178) {
			ck_assert_int_eq(world_moved(&w), 0);
			world_is(&w, "SELECT state FROM payment", "unknown");
		}
	}
	/* Idle for an hour: the clerk logs in again. */
	world_login(&w, ONE, NULL, w.token);
	ck_assert_int_eq(query(&w, payment_no), PAYMENT_SUCCEEDED);
	ck_assert_int_eq(world_moved(&w), 4990);
	world_is(&w, "SELECT attempts FROM outbox", "1");
	world_free(&w);
}
END_TEST

START_TEST(what_the_bank_says_again_is_noted_once)
{
	struct world w;
	char payment_no[33];
	int i;

	pay_unheard(&w, "late", 3600000, payment_no);
	for (i = 0; i < 20; i++) {
		world_fault(&w, "maintenance", 1, 0);
		world_tick(&w, 20000);
		world_is(&w, "SELECT reason FROM payment", "系统当前非工作状态");
		world_tick(&w, 20000);
		world_is(&w, "SELECT reason FROM payment", "正在处理");
	}
	/* Created, sent, no answer, and the two. */
	world_is(&w, "SELECT COUNT(*) FROM payment_event", "5");
	world_is(&w, "SELECT queries FROM outbox", "40");
	world_free(&w);
}
END_TEST

START_TEST(what_the_bank_never_saw_is_sent_again_byte_for_byte)
{
	struct world w;
	char payment_no[33], before[65], after[65];

	pay_unheard(&w, "not_executed", 0, payment_no);
	world_message(&w, before);
	/* Within the visibility window "never seen" means nothing. */
	world_tick(&w, 1000);
	world_is(&w, "SELECT state FROM payment", "unknown");
	world_is(&w, "SELECT attempts FROM outbox", "1");
	world_tick(&w, 2000);
	world_is(&w, "SELECT state FROM payment", "succeeded");
	world_is(&w, "SELECT attempts FROM outbox", "2");
	world_message(&w, after);
	ck_assert_str_eq(before, after);
	ck_assert_int_eq(world_moved(&w), 4990);
	world_free(&w);
}
END_TEST

START_TEST(a_bank_in_maintenance_on_the_second_attempt_proves_nothing)
{
	struct world w;
	char payment_no[33];

	declared(&w);
	world_fault(&w, "not_executed", 2, 0);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_UNKNOWN);
	world_tick(&w, 3000);
	world_is(&w, "SELECT state FROM payment", "unknown");
	world_fault(&w, "maintenance", 1, 0);
	world_tick(&w, 20000);
	world_is(&w, "SELECT state FROM payment", "unknown");
	world_tick(&w, 20000);
	world_is(&w, "SELECT state FROM payment", "succeeded");
	ck_assert_int_eq(world_moved(&w), 4990);
	world_free(&w);
}
END_TEST

/* The machine sleeps between the note that a debit is sent and its sending. The bank has never seen it
 * and says so; and it forgets, so that a second copy would be executed beside the first. */
static struct world *sleeper;
static struct bank sleeping;
static int naps;

/* From now on the service speaks to sleeping, which is the world's bank until the test changes it. */
static void
nap_in_bank(struct world *w)
{
	sleeper = w;
	sleeping = *w->bank;
	naps = 1;
	service_close(w->service);
	w->opts.bank = &sleeping;
	ck_assert_int_eq(service_open(&w->opts, w->now, &w->service, NULL), 0);
}

static void
sleep_and_debit(void *self, const struct bank_debit *d, int64_t now, struct bank_answer *out)
{
	if (naps-- > 0) {
		world_tick(sleeper, 11 * 60 * 1000);
		world_tick(sleeper, 11 * 60 * 1000);
	}
	sleeper->bank->debit(self, d, now, out);
}

START_TEST(a_thread_that_slept_pays_once)
{
	struct world w;
	char payment_no[33];

	world_new(&w);
	nap_in_bank(&w);
	sleeping.debit = sleep_and_debit;
	world_declare(&w, "\"A1\"", 4990);
	ck_assert_int_eq(bank_sandbox_fault(w.bank, "forget", 5, 0, NULL), 0);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_SUCCEEDED);
	ck_assert_int_eq(world_moved(&w), 4990);
	world_free(&w);
}
END_TEST

static int64_t wall;

static int64_t
wall_now(void)
{
	return wall;
}

static void
debit_for_40_s(void *self, const struct bank_debit *d, int64_t now, struct bank_answer *out)
{
	(void)self;
	(void)d;
	(void)now;
	wall += 40000;
	*out = (struct bank_answer){ .outcome = BANK_NO_ANSWER };
}

START_TEST(the_next_question_is_counted_from_the_end_of_the_call)
{
	struct world w;
	char payment_no[33], next_at[32];

	world_new(&w);
	w.opts.clock = wall_now;
	wall = w.now;
	nap_in_bank(&w);
	sleeping.debit = debit_for_40_s;
	world_declare(&w, "\"A1\"", 4990);
	wall = w.now;
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_UNKNOWN);
	snprintf(next_at, sizeof(next_at), "%" PRId64, wall + 1000);
	world_is(&w, "SELECT next_at FROM outbox", next_at);
	world_free(&w);
}
END_TEST

START_TEST(the_same_payment_twice_is_debited_once)
{
	struct world w;
	char proof[65], op_id[33], *first;

	declared(&w);
	snprintf(op_id, sizeof(op_id), "%s", world_op(&w));
	world_proof(&w, "pay", "\"A1\"", 4990, "", proof);
	world_must(&w, pay(&w, op_id, proof, "G-1", "\"A1\"", 4990));
	first = mem_dup(buf_text(&w.answer.body));
	world_must(&w, pay(&w, op_id, proof, "G-1", "\"A1\"", 4990));
	ck_assert_str_eq(buf_text(&w.answer.body), first);
	world_refused(&w, pay(&w, op_id, proof, "G-1", "\"A1\"", 4991), "op_conflict");
	world_refused(&w, pay(&w, world_op(&w), proof, "G-1", "\"A1\"", 4990), "proof");
	ck_assert_int_eq(world_moved(&w), 4990);
	free(first);
	world_free(&w);
}
END_TEST

START_TEST(a_proof_is_for_one_thing_and_five_minutes)
{
	struct world w;
	char proof[65];

	declared(&w);
	world_refused(&w, world_call(&w, OPERATION_PROOF,
	    "{\"password\":\"wrong\",\"action\":\"pay\",\"levy_nos\":[\"A1\"],\"amount\":4990}"), "wrong_password");
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "您输入的申报密码有误，请重新输入。"));
	world_proof(&w, "pay", "\"A1\"", 4990, "", proof);
	world_refused(&w, pay(&w, world_op(&w), proof, "G-1", "\"A2\"", 100000), "proof");
	world_refused(&w, pay(&w, world_op(&w), "", "G-1", "\"A1\"", 4990), "request");
	w.now += 5 * 60 * 1000;
	world_refused(&w, pay(&w, world_op(&w), proof, "G-1", "\"A1\"", 4990), "proof");
	world_proof(&w, "pay", "\"A1\"", 4990, "", proof);
	world_refused(&w, pay(&w, world_op(&w), proof, "G-2", "\"A1\"", 4990), "agreement");
	world_refused(&w, pay(&w, world_op(&w), proof, "H-1", "\"A1\"", 4990), "agreement");
	ck_assert_int_eq(world_moved(&w), 0);
	world_free(&w);
}
END_TEST

START_TEST(levies_of_nothing_are_settled_without_the_bank)
{
	struct world w;
	char payment_no[33];

	declared(&w);
	ck_assert_int_eq(world_pay(&w, "\"A3\"", 0, payment_no), PAYMENT_SUCCEEDED);
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A3'", "settled");
	world_is(&w, "SELECT COUNT(*) FROM outbox", "0");
	ck_assert_int_eq(world_moved(&w), 0);
	world_free(&w);
}
END_TEST

START_TEST(a_payment_survives_a_crash_between_any_two_steps)
{
	struct world w;
	char payment_no[33];
	struct db *db;
	struct err err = { 0 };

	pay_unheard(&w, "no_answer", 0, payment_no);
	/* As if it had been killed right after the debit left: the message says sent, and the
	 * lease runs. */
	ck_assert_int_eq(db_pool_take(w.pool, &db, &err), 0);
	ck_assert_int_eq(db_run(db, "UPDATE payment SET state = 'sent', reason = ''", DB_NONE, NULL, &err), 0);
	ck_assert_int_eq(db_run(db, "UPDATE levy SET pay_state = 'paying' WHERE pay_state = 'unconfirmed'", DB_NONE, NULL, &err), 0);
	ck_assert_int_eq(db_run(db, "UPDATE outbox SET next_at = sent_at + 30000", DB_NONE, NULL, &err), 0);
	db_pool_give(w.pool, db);
	world_restart(&w);
	world_tick(&w, 31000);
	world_is(&w, "SELECT state FROM payment", "succeeded");
	ck_assert_int_eq(world_moved(&w), 4990);
	world_free(&w);
}
END_TEST

START_TEST(a_voucher_and_a_debit_exclude_each_other)
{
	struct world w;
	char voucher_no[19], proof[65], payment_no[33];

	declared(&w);
	world_voucher(&w, "\"A4\"", 738586, voucher_no);
	world_proof(&w, "pay", "\"A4\"", 738586, "", proof);
	world_refused(&w, pay(&w, world_op(&w), proof, "G-1", "\"A4\"", 738586), "channel");
	world_proof(&w, "issue_voucher", "\"A4\"", 738586, "", proof);
	world_refused(&w, world_call(&w, OPERATION_VOUCHER_ISSUE,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"levy_nos\":[\"A4\"],\"amount\":738586}", world_op(&w), proof), "taken");
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "（wang@pc1于2020-06-15 12:00:"));
	world_must(&w, world_void_voucher(&w, voucher_no));
	world_refused(&w, world_settle(&w, voucher_no), "state");
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "凭证已作废"));
	ck_assert_int_eq(world_pay(&w, "\"A4\"", 738586, payment_no), PAYMENT_SUCCEEDED);
	ck_assert_int_eq(world_moved(&w), 738586);
	world_free(&w);
}
END_TEST

START_TEST(a_paid_voucher_is_not_voided_and_says_so_in_the_manual_s_words)
{
	struct world w;
	char voucher_no[19], words[129];

	declared(&w);
	world_voucher(&w, "\"A4\"", 738586, voucher_no);
	world_must(&w, world_settle(&w, voucher_no));
	world_refused(&w, world_void_voucher(&w, voucher_no), "voucher_paid");
	snprintf(words, sizeof(words), "作废失败，税票号码%s已经入库，不能进行此操作", voucher_no);
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), words));
	world_refused(&w, world_settle(&w, voucher_no), "state");
	ck_assert_int_eq(world_moved(&w), 738586);
	world_free(&w);
}
END_TEST

START_TEST(a_voucher_expires_the_day_after_its_last)
{
	struct world w;
	char voucher_no[19];

	declared(&w);
	world_voucher(&w, "\"A4\"", 738586, voucher_no);
	world_is(&w, "SELECT due_date FROM voucher", "2020-06-25");
	world_tick(&w, 10 * 86400000LL);
	world_is(&w, "SELECT state FROM voucher", "issued");
	world_tick(&w, 86400000LL);
	world_is(&w, "SELECT state FROM voucher", "expired");
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A4'", "unpaid");
	world_refused(&w, world_settle(&w, voucher_no), "state");
	world_free(&w);
}
END_TEST

/* The call to the counter outlasts its lease; another service tells the counter again and is refused, and
 * then the first one's money moves. */
static struct service *beside;

static void
settle_slowly(void *self, const char *voucher_no, int64_t amount, int64_t now, struct bank_answer *out)
{
	int64_t next;

	if (naps-- > 0) {
		service_work(beside, now + BOOKS_LEASE_MS + 1, &next);
		sleeper->bank->counter(self, voucher_no, amount, now, out);
	} else {
		*out = (struct bank_answer){ .outcome = BANK_REFUSED, .result_code = "24003" };
	}
}

START_TEST(a_counter_that_was_slow_counts_after_a_refusal)
{
	struct world w;
	struct err err = { 0 };
	char voucher_no[19];
	int64_t checked;

	declared(&w);
	world_voucher(&w, "\"A4\"", 738586, voucher_no);
	nap_in_bank(&w);
	sleeping.counter = settle_slowly;
	ck_assert_int_eq(service_open(&w.opts, w.now, &beside, &err), 0);
	world_must(&w, world_settle(&w, voucher_no));
	world_is(&w, "SELECT state FROM voucher", "paid");
	world_is(&w, "SELECT state FROM outbox", "done");
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A4'", "settled");
	ck_assert_int_eq(service_audit(w.service, w.now, NULL, NULL, &checked, &err), 0);
	service_close(beside);
	world_free(&w);
}
END_TEST

START_TEST(a_voucher_without_money_is_refused)
{
	struct world w;
	char proof[65];

	declared(&w);
	world_proof(&w, "issue_voucher", "\"A3\"", 0, "", proof);
	world_refused(&w, world_call(&w, OPERATION_VOUCHER_ISSUE,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"levy_nos\":[\"A3\"],\"amount\":0}", world_op(&w), proof), "data");
	world_free(&w);
}
END_TEST

/* The bank said it was not working, and debited all the same. */
static void
debit_behind_our_back(struct world *w)
{
	struct bank_debit d = { .tax_authority_code = "15201020000", .entrust_date = "2020-06-15",
		.serial = "00000001", .account_no = "6222000001", .account_name = "贵阳甲公司", .amount = 4990 };
	struct bank_answer answer;
	char text[129];

	world_value(w, "SELECT tax_ticket_no FROM payment WHERE serial = '00000001'", text);
	mem_copy_text(d.tax_ticket_no, sizeof(d.tax_ticket_no), text);
	world_value(w, "SELECT op_id FROM payment WHERE serial = '00000001'", text);
	mem_copy_text(d.op_id, sizeof(d.op_id), text);
	w->bank->debit(w->bank->self, &d, w->now, &answer);
	ck_assert_int_eq(answer.outcome, BANK_DONE);
}

START_TEST(a_success_after_a_refusal_is_found_in_the_bank_s_ledger)
{
	struct world w;
	char payment_no[33];

	declared(&w);
	world_fault(&w, "maintenance", 1, 0);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_REFUSED);
	debit_behind_our_back(&w);
	world_tick(&w, 10 * 60 * 1000);
	world_is(&w, "SELECT state FROM payment", "unknown");
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A1'", "unconfirmed");
	world_tick(&w, 1000);
	world_is(&w, "SELECT state FROM payment", "succeeded");
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A1'", "settled");
	ck_assert_int_eq(world_moved(&w), 4990);
	world_free(&w);
}
END_TEST

static void
keep(const struct audit_finding *f, void *user)
{
	*(struct audit_finding *)user = *f;
}

START_TEST(a_success_after_the_levy_was_paid_otherwise_is_for_people)
{
	struct world w;
	char first[33], second[33];
	struct audit_finding finding;
	struct err err = { 0 };
	int64_t checked;

	declared(&w);
	world_fault(&w, "maintenance", 1, 0);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, first), PAYMENT_REFUSED);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, second), PAYMENT_SUCCEEDED);
	debit_behind_our_back(&w);
	world_tick(&w, 10 * 60 * 1000);
	ck_assert_int_eq(service_audit(w.service, w.now, keep, &finding, &checked, &err), 1);
	ck_assert_str_eq(finding.invariant, "I-16");
	ck_assert_str_eq(finding.row_id, first);
	world_remove(&w);
}
END_TEST

UNIT_MAIN("payments", a_refusal_of_the_bank_frees_the_levies,
    no_answer_is_unknown_until_the_bank_is_asked, a_late_success_is_not_lost, what_the_bank_says_again_is_noted_once,
    what_the_bank_never_saw_is_sent_again_byte_for_byte,
    a_bank_in_maintenance_on_the_second_attempt_proves_nothing,
    a_thread_that_slept_pays_once, the_next_question_is_counted_from_the_end_of_the_call, the_same_payment_twice_is_debited_once,
    a_proof_is_for_one_thing_and_five_minutes,
    levies_of_nothing_are_settled_without_the_bank,
    a_payment_survives_a_crash_between_any_two_steps,
    a_voucher_and_a_debit_exclude_each_other,
    a_paid_voucher_is_not_voided_and_says_so_in_the_manual_s_words,
    a_voucher_expires_the_day_after_its_last, a_voucher_without_money_is_refused, a_counter_that_was_slow_counts_after_a_refusal,
    a_success_after_a_refusal_is_found_in_the_bank_s_ledger,
    a_success_after_the_levy_was_paid_otherwise_is_for_people)
