/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 冲正: money goes back once, on its day, and what was certified of it no longer holds. */
#include "unit/service/world_steps.h"

#define SECONDS 1000
#define DAY INT64_C(86400000)

static int
reverse_as(struct world *w, const char *token, const char *payment_no)
{
	return world_call_as(w, token, OPERATION_ADMIN_PAYMENT_REVERSE,
	    "{\"op_id\":\"%s\",\"payment_no\":\"%s\",\"reason\":\"重复缴费\"}", world_op(w), payment_no);
}

#define give_back(w, payment_no) reverse_as(w, (w)->officer, payment_no)

static int
reprint(struct world *w, const char *number)
{
	return world_call(w, OPERATION_CERTIFICATE_REPRINT, "{\"op_id\":\"%s\",\"number\":\"%s\"}",
	    world_op(w), number);
}

/* Two payments of the month, and certificates of both kinds over all of it. */
struct month {
	char first[33], second[33];
	struct certificate_answer paper, proof;
};

static void
pay_month(struct world *w, struct month *m)
{
	world_declare(w, "\"A1\",\"A2\"", 104990);
	ck_assert_int_eq(world_pay(w, "\"A1\"", 4990, m->first), PAYMENT_SUCCEEDED);
	ck_assert_int_eq(world_pay(w, "\"A2\"", 100000, m->second), PAYMENT_SUCCEEDED);
	world_must(w, world_certificate(w, "tax_paid", &m->paper));
	world_must(w, world_call(w, OPERATION_CERTIFICATE_CONFIRM,
	    "{\"op_id\":\"%s\",\"certificate_no\":\"%s\",\"sha256\":\"%s\"}", world_op(w),
	    m->paper.certificate_no, m->paper.sha256));
	world_must(w, world_certificate(w, "payment_proof", &m->proof));
}

static void
release_month(struct month *m)
{
	record_release(&request_certificate_answer, &m->paper);
	record_release(&request_certificate_answer, &m->proof);
}

START_TEST(a_reversal_undoes_the_payment_and_what_was_certified_of_it)
{
	struct world w;
	struct month m;
	struct payment p;
	struct certificate_answer again;

	world_new(&w);
	pay_month(&w, &m);
	world_must(&w, reprint(&w, m.paper.certificate_no));
	world_must(&w, give_back(&w, m.first));
	world_read(&w, &payment_type, &p);
	ck_assert_int_eq(p.state, PAYMENT_REVERSED);
	ck_assert_str_eq(p.reason, "重复缴费");
	record_release(&payment_type, &p);
	ck_assert_int_eq(world_moved(&w), 100000);
	world_is(&w, "SELECT pay_state || payment_no || tax_ticket_no || settled_on || certificate_no FROM levy WHERE levy_no = 'A1'", "unpaid");
	world_is(&w, "SELECT pay_state || certificate_no FROM levy WHERE levy_no = 'A2'", "settled");
	world_is(&w, "SELECT paid_state FROM declaration", "partly_paid");
	world_is(&w, "SELECT COUNT(*) || '' FROM certificate WHERE state = 'invalidated'", "2");
	world_audit_clean(&w);

	/* Neither printed again nor delivered once more, in whatever way it is asked. */
	world_refused(&w, reprint(&w, m.paper.certificate_no), "state");
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "已失效"));
	world_refused(&w, world_call(&w, OPERATION_CERTIFICATE_CONFIRM,
	    "{\"op_id\":\"%s\",\"certificate_no\":\"%s\",\"sha256\":\"%s\"}", world_op(&w),
	    m.proof.certificate_no, m.proof.sha256), "state");

	/* What is still paid may be certified anew; what is free may be paid anew. */
	world_must(&w, world_certificate(&w, "tax_paid", &again));
	ck_assert_int_eq(again.amount, 100000);
	ck_assert_str_ne(again.certificate_no, m.paper.certificate_no);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, m.first), PAYMENT_SUCCEEDED);
	ck_assert_int_eq(world_moved(&w), 104990);
	record_release(&request_certificate_answer, &again);
	release_month(&m);
	world_free(&w);
}
END_TEST

START_TEST(only_on_its_day_only_once_only_by_an_officer)
{
	struct world w;
	char paid[33], refused[33];

	world_new(&w);
	world_declare(&w, "\"A1\",\"A2\",\"A3\"", 104990);
	ck_assert_int_eq(world_pay(&w, "\"A1\",\"A3\"", 4990, paid), PAYMENT_SUCCEEDED);
	world_fault(&w, "insufficient_funds", 1, 0);
	ck_assert_int_eq(world_pay(&w, "\"A2\"", 100000, refused), PAYMENT_REFUSED);
	world_refused(&w, reverse_as(&w, w.token, paid), "forbidden");
	world_refused(&w, give_back(&w, "2020061599999999"), "not_found");
	world_refused(&w, give_back(&w, refused), "state");
	w.now += DAY;
	world_refused(&w, give_back(&w, paid), "state");
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "退库"));
	w.now -= DAY;
	world_must(&w, give_back(&w, paid));
	world_refused(&w, give_back(&w, paid), "state");
	ck_assert_int_eq(world_moved(&w), 0);
	world_free(&w);
}
END_TEST

/* The bank's answers, made up: the gateway in between says what the test wants. */
static struct bank between;
static struct bank *real;
static int silent, refuse;

static void
between_reverse(void *self, const struct bank_debit *d, int64_t now, struct bank_answer *out)
{
	(void)self;
	if (refuse) {
		*out = (struct bank_answer){ .outcome = BANK_REFUSED, .result_code = "94032" };
		mem_copy_text(out->words, sizeof(out->words), "不能冲正");
		return;
	}
	real->reverse(real->self, d, now, out);
	if (silent) {
		*out = (struct bank_answer){ .outcome = BANK_NO_ANSWER };
	}
}

static void
stand_between(struct world *w)
{
	real = w->bank;
	between = *real;
	between.reverse = between_reverse;
	silent = refuse = 0;
	service_close(w->service);
	w->opts.bank = &between;
	ck_assert_int_eq(service_open(&w->opts, w->now, &w->service, NULL), 0);
}

START_TEST(a_lost_answer_is_found_in_the_bank_s_ledger)
{
	struct world w;
	struct month m;
	struct certificate_answer paper;
	char op[33];

	world_new(&w);
	pay_month(&w, &m);
	stand_between(&w);
	silent = 1;
	mem_copy_text(op, sizeof(op), world_op(&w));
	world_refused(&w, world_office(&w, OPERATION_ADMIN_PAYMENT_REVERSE,
	    "{\"op_id\":\"%s\",\"payment_no\":\"%s\",\"reason\":\"误扣\"}", op, m.first), "op_progress");
	/* Under way: the bank has it, the books not yet; that is no finding, and nothing is certified. */
	world_is(&w, "SELECT state FROM payment WHERE amount = 4990", "succeeded");
	world_audit_clean(&w);
	world_refused(&w, give_back(&w, m.first), "op_progress");
	world_must(&w, world_certificate(&w, "payment_proof", &paper));
	ck_assert_int_eq(paper.amount, 100000);
	ck_assert_str_ne(paper.certificate_no, m.proof.certificate_no);
	record_release(&request_certificate_answer, &paper);
	/* Told again, the bank says that it cannot: its ledger says that it has. */
	silent = 0;
	world_tick(&w, 30 * SECONDS);
	world_is(&w, "SELECT state FROM payment WHERE amount = 4990", "reversed");
	world_must(&w, world_office(&w, OPERATION_ADMIN_PAYMENT_REVERSE,
	    "{\"op_id\":\"%s\",\"payment_no\":\"%s\",\"reason\":\"误扣\"}", op, m.first));
	ck_assert_int_eq(world_moved(&w), 100000);
	release_month(&m);
	world_free(&w);
}
END_TEST

START_TEST(what_the_bank_refuses_stays_paid_and_may_be_asked_again)
{
	struct world w;
	char payment_no[33];

	world_new(&w);
	world_declare(&w, "\"A1\"", 4990);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_SUCCEEDED);
	stand_between(&w);
	refuse = 1;
	world_refused(&w, give_back(&w, payment_no), "bank");
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "94032 不能冲正"));
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A1'", "settled");
	world_audit_clean(&w);
	refuse = 0;
	world_must(&w, give_back(&w, payment_no));
	ck_assert_int_eq(world_moved(&w), 0);
	world_free(&w);
}
END_TEST

UNIT_MAIN("reversal", a_reversal_undoes_the_payment_and_what_was_certified_of_it,
    only_on_its_day_only_once_only_by_an_officer,
    a_lost_answer_is_found_in_the_bank_s_ledger,
    what_the_bank_refuses_stays_paid_and_may_be_asked_again)
