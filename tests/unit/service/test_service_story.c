/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main job through the service, from the initial password to both certificates. */
#include "unit/service/world_steps.h"

START_TEST(a_clerk_declares_pays_both_ways_and_prints)
{
	struct world w;
	char payment_no[33], voucher_no[19];
	struct certificate_answer paper, again;

	world_new(&w);
	world_must(&w, world_call(&w, OPERATION_LEVY_LIST, "after=0"));
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "\"A2\""));
	ck_assert_ptr_null(strstr(buf_text(&w.answer.body), "\"B1\""));
	world_declare(&w, "\"A1\",\"A2\",\"A3\",\"A4\"", 4990 + 100000 + 0 + 738586);
	world_is(&w, "SELECT state FROM declaration", "accepted");
	world_is(&w, "SELECT state FROM levy WHERE levy_no = 'A4'", "declared");
	ck_assert_int_eq(world_pay(&w, "\"A1\",\"A2\",\"A3\"", 104990, payment_no), PAYMENT_SUCCEEDED);
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A3'", "settled");
	world_is(&w, "SELECT settled_on FROM levy WHERE levy_no = 'A1'", "2020-06-15");
	world_is(&w, "SELECT paid_state FROM declaration", "partly_paid");
	ck_assert_int_eq(world_moved(&w), 104990);
	world_voucher(&w, "\"A4\"", 738586, voucher_no);
	ck_assert_int_eq(strncmp(voucher_no, "4520162006", 10), 0);
	world_must(&w, world_settle(&w, voucher_no));
	world_is(&w, "SELECT paid_state FROM declaration", "paid");
	world_is(&w, "SELECT state FROM voucher", "paid");
	ck_assert_int_eq(world_moved(&w), 104990 + 738586);
	world_must(&w, world_certificate(&w, "tax_paid", &paper));
	ck_assert_int_eq(paper.amount, 104990 + 738586);
	ck_assert_int_eq(paper.levy_count, 4);
	world_must(&w, world_certificate(&w, "tax_paid", &again));
	ck_assert_str_eq(paper.certificate_no, again.certificate_no);
	ck_assert_str_eq(paper.sha256, again.sha256);
	world_must(&w, world_call(&w, OPERATION_CERTIFICATE_CONFIRM,
	    "{\"op_id\":\"%s\",\"certificate_no\":\"%s\",\"sha256\":\"%s\"}", world_op(&w),
	    paper.certificate_no, paper.sha256));
	record_release(&request_certificate_answer, &again);
	world_refused(&w, world_certificate(&w, "tax_paid", &again), "printed");
	world_must(&w, world_certificate(&w, "payment_proof", &again));
	ck_assert_str_ne(paper.certificate_no, again.certificate_no);
	record_release(&request_certificate_answer, &again);
	world_must(&w, world_call(&w, OPERATION_CERTIFICATE_REPRINT,
	    "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(&w), paper.certificate_no));
	world_is(&w, "SELECT reprints FROM certificate WHERE kind = 'tax_paid'", "1");
	record_release(&request_certificate_answer, &paper);
	world_free(&w);
}
END_TEST

UNIT_MAIN("the story", a_clerk_declares_pays_both_ways_and_prints)
