/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Declaring, voiding, withdrawing: what is refused, and what happens twice. */
#include "unit/service/world_steps.h"

static int
declare(struct world *w, const char *op_id, const char *kind, const char *levies, int64_t amount)
{
	return world_call(w, OPERATION_DECLARATION_SUBMIT,
	    "{\"op_id\":\"%s\",\"kind\":\"%s\",\"levy_nos\":[%s],\"amount\":%lld}", op_id, kind,
	    levies, (long long)amount);
}

static int
void_declaration(struct world *w, const char *declaration_id)
{
	return world_call(w, OPERATION_DECLARATION_VOID,
	    "{\"op_id\":\"%s\",\"declaration_id\":\"%s\"}", world_op(w), declaration_id);
}

static int
withdraw(struct world *w, const char *levy_no)
{
	return world_office(w, OPERATION_ADMIN_LEVY_WITHDRAW,
	    "{\"op_id\":\"%s\",\"numbers\":[\"%s\"],\"reason\":\"重复征集\"}", world_op(w), levy_no);
}

START_TEST(what_cannot_be_declared_is_refused_with_its_code)
{
	struct world w;

	world_new(&w);
	world_refused(&w, declare(&w, world_op(&w), "normal", "", 0), "request");
	world_refused(&w, declare(&w, world_op(&w), "normal", "\"A1\"", 4991), "amount");
	world_refused(&w, declare(&w, world_op(&w), "normal", "\"A1\",\"A1\"", 9980), "data");
	world_refused(&w, declare(&w, world_op(&w), "normal", "\"S1\"", 1234), "data");
	world_refused(&w, declare(&w, world_op(&w), "normal", "\"X1\"", 500), "state");
	world_refused(&w, declare(&w, world_op(&w), "normal", "\"NONE\"", 1), "not_found");
	world_refused(&w, declare(&w, "abc", "normal", "\"A1\"", 4990), "request");
	world_is(&w, "SELECT COUNT(*) FROM declaration", "0");
	world_is(&w, "SELECT COUNT(*) FROM claim", "0");
	world_declare(&w, "\"A1\"", 4990);
	world_refused(&w, declare(&w, world_op(&w), "normal", "\"A1\",\"A2\"", 104990), "taken");
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "已由wang@pc1于2020-06-15 12:00:00提交申报"));
	world_free(&w);
}
END_TEST

START_TEST(the_same_operation_twice_is_one_declaration_and_one_answer)
{
	struct world w;
	char op_id[33], *first;

	world_new(&w);
	snprintf(op_id, sizeof(op_id), "%s", world_op(&w));
	world_must(&w, declare(&w, op_id, "normal", "\"A1\"", 4990));
	first = mem_dup(buf_text(&w.answer.body));
	world_tick(&w, 3000);
	ck_assert_int_eq(declare(&w, op_id, "normal", "\"A1\"", 4990), 202);
	ck_assert_str_eq(buf_text(&w.answer.body), first);
	world_refused(&w, declare(&w, op_id, "normal", "\"A2\"", 100000), "op_conflict");
	world_is(&w, "SELECT COUNT(*) FROM declaration", "1");
	free(first);
	world_free(&w);
}
END_TEST

START_TEST(a_refusal_stays_a_refusal_when_a_copy_arrives_later)
{
	struct world w;
	char op_id[33];

	world_new(&w);
	snprintf(op_id, sizeof(op_id), "%s", world_op(&w));
	world_refused(&w, declare(&w, op_id, "normal", "\"A1\"", 1), "amount");
	/* The bureau corrects the amount to what was asked for. */
	world_must(&w, world_import(&w, OPERATION_ADMIN_LEVY_IMPORT,
	    LEVIES_HEAD LEVY("A1", ONE, "00048857", "normal", "0.01", "2020-12-31")));
	world_refused(&w, declare(&w, op_id, "normal", "\"A1\"", 1), "amount");
	world_is(&w, "SELECT state FROM levy WHERE levy_no = 'A1'", "initial");
	world_free(&w);
}
END_TEST

START_TEST(the_feedback_waits_until_the_worker_has_decided)
{
	struct world w;
	struct declaration d;
	struct feedback_answer a;

	world_new(&w);
	world_must(&w, declare(&w, world_op(&w), "normal", "\"A1\"", 4990));
	world_read(&w, &declaration_type, &d);
	world_tick(&w, 2999);
	world_must(&w, world_call(&w, OPERATION_FEEDBACK,
	    "{\"declaration_ids\":[\"%s\"],\"wait_ms\":90000}", d.declaration_id));
	ck_assert_int_eq(w.answer.pending, 1);
	ck_assert_int_eq(w.answer.wait_ms, 20000);
	world_tick(&w, 1);
	world_must(&w, world_call(&w, OPERATION_FEEDBACK, "{\"declaration_ids\":[\"%s\"]}", d.declaration_id));
	ck_assert_int_eq(w.answer.pending, 0);
	world_read(&w, &request_feedback_answer, &a);
	ck_assert_int_eq(((struct declaration *)a.declarations.items)->state, DECLARATION_ACCEPTED);
	record_release(&request_feedback_answer, &a);
	record_release(&declaration_type, &d);
	world_free(&w);
}
END_TEST

START_TEST(voiding_frees_the_levies_unless_something_is_paid_or_vouchered)
{
	struct world w;
	char id[129], voucher_no[19], payment_no[33];

	world_new(&w);
	world_declare(&w, "\"A1\",\"A2\"", 104990);
	world_value(&w, "SELECT declaration_id FROM declaration", id);
	world_voucher(&w, "\"A1\"", 4990, voucher_no);
	world_refused(&w, void_declaration(&w, id), "channel");
	world_must(&w, world_void_voucher(&w, voucher_no));
	world_must(&w, void_declaration(&w, id));
	world_is(&w, "SELECT state FROM declaration", "voiding");
	world_refused(&w, void_declaration(&w, id), "state");
	world_tick(&w, 3000);
	world_is(&w, "SELECT state FROM declaration", "voided");
	world_is(&w, "SELECT state FROM levy WHERE levy_no = 'A1'", "initial");
	world_declare(&w, "\"A1\"", 4990);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_SUCCEEDED);
	world_value(&w, "SELECT declaration_id FROM declaration WHERE state = 'accepted'", id);
	world_refused(&w, void_declaration(&w, id), "channel");
	world_free(&w);
}
END_TEST

START_TEST(a_levy_cannot_be_paid_while_its_declaration_is_being_voided)
{
	struct world w;
	char id[129], proof[65];

	world_new(&w);
	world_declare(&w, "\"A1\"", 4990);
	world_value(&w, "SELECT declaration_id FROM declaration", id);
	world_proof(&w, "pay", "\"A1\"", 4990, "", proof);
	world_must(&w, void_declaration(&w, id));
	world_refused(&w, world_call(&w, OPERATION_PAYMENT_SUBMIT,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"agreement_no\":\"G-1\",\"levy_nos\":[\"A1\"],\"amount\":4990}",
	    world_op(&w), proof), "state");
	ck_assert_int_eq(world_moved(&w), 0);
	world_free(&w);
}
END_TEST

START_TEST(a_withdrawal_ends_a_pending_declaration_with_the_reason)
{
	struct world w;

	world_new(&w);
	world_must(&w, declare(&w, world_op(&w), "normal", "\"A1\",\"A2\"", 104990));
	world_must(&w, withdraw(&w, "A2"));
	world_is(&w, "SELECT state FROM declaration", "rejected");
	world_is(&w, "SELECT reason FROM declaration", "征集单A2已由税务机关撤单（核销）");
	world_is(&w, "SELECT state FROM levy WHERE levy_no = 'A1'", "initial");
	world_is(&w, "SELECT state FROM levy WHERE levy_no = 'A2'", "written_off");
	world_tick(&w, 10000);
	world_refused(&w, declare(&w, world_op(&w), "normal", "\"A2\"", 100000), "state");
	world_declare(&w, "\"A1\"", 4990);
	world_refused(&w, withdraw(&w, "A1"), "state");
	world_free(&w);
}
END_TEST

START_TEST(a_batch_list_takes_what_is_initial_and_what_is_pending)
{
	struct world w;

	world_new(&w);
	world_declare(&w, "\"A1\"", 4990);
	world_must(&w, declare(&w, world_op(&w), "normal", "\"A2\"", 100000));
	world_must(&w, world_office(&w, OPERATION_ADMIN_BATCH_LIST_CREATE,
	    "{\"op_id\":\"%s\",\"taxpayer_id\":\"" ONE "\",\"period_from\":\"2020-06\",\"period_to\":\"2020-06\"}",
	    world_op(&w)));
	world_is(&w, "SELECT state FROM levy WHERE levy_no = 'A1'", "declared");
	world_is(&w, "SELECT state FROM levy WHERE levy_no = 'A2'", "batch_listed");
	world_is(&w, "SELECT state FROM levy WHERE levy_no = 'A4'", "batch_listed");
	world_is(&w, "SELECT state FROM levy WHERE levy_no = 'B1'", "initial");
	/* Past its date. */
	world_is(&w, "SELECT state FROM levy WHERE levy_no = 'X1'", "initial");
	world_refused(&w, declare(&w, world_op(&w), "normal", "\"A4\"", 738586), "batch_listed");
	world_must(&w, world_office(&w, OPERATION_ADMIN_BATCH_LIST_LIST, ""));
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "\"levy_count\":4"));
	world_free(&w);
}
END_TEST

START_TEST(a_push_again_changes_only_what_is_still_open)
{
	struct world w;

	world_new(&w);
	world_must(&w, world_import(&w, OPERATION_ADMIN_LEVY_IMPORT,
	    LEVIES_HEAD LEVY("A1", ONE, "00048857", "normal", "49.90", "2020-12-31")
	    LEVY("A2", ONE, "00048857", "normal", "1000.01", "2020-12-31")));
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "\"rows\":2,\"created\":0,\"updated\":1"));
	world_declare(&w, "\"A2\"", 100001);
	world_must(&w, world_import(&w, OPERATION_ADMIN_LEVY_IMPORT,
	    LEVIES_HEAD LEVY("A2", ONE, "00048857", "normal", "1000.01", "2020-12-31")));
	world_refused(&w, world_import(&w, OPERATION_ADMIN_LEVY_IMPORT,
	    LEVIES_HEAD LEVY("A9", ONE, "00048857", "normal", "1.00", "2020-12-31")
	    LEVY("A2", ONE, "00048857", "normal", "1000.02", "2020-12-31")), "state");
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "levies.csv:3"));
	world_is(&w, "SELECT COUNT(*) FROM levy WHERE levy_no = 'A9'", "0");
	world_refused(&w, world_import(&w, OPERATION_ADMIN_LEVY_IMPORT,
	    LEVIES_HEAD LEVY("A1", TWO, "00052217", "normal", "49.90", "2020-12-31")), "data");
	world_refused(&w, world_import(&w, OPERATION_ADMIN_LEVY_IMPORT,
	    LEVIES_HEAD LEVY("A8", ONE, "9999", "normal", "1.00", "2020-12-31")), "data");
	world_free(&w);
}
END_TEST

START_TEST(a_list_gives_only_what_changed_and_every_change_once)
{
	struct world w;
	char version[129];

	world_new(&w);
	world_value(&w, "SELECT MAX(version) FROM levy WHERE taxpayer_id = '" ONE "'", version);
	world_must(&w, world_call(&w, OPERATION_LEVY_LIST, "after=%s", version));
	ck_assert_str_eq(buf_text(&w.answer.body), "");
	world_declare(&w, "\"A1\",\"A2\"", 104990);
	world_must(&w, world_call(&w, OPERATION_LEVY_LIST, "after=%s&limit=1", version));
	/* Both changed at once: a page never cuts a change in two. */
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "\"A1\""));
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "\"A2\""));
	ck_assert_ptr_null(strstr(buf_text(&w.answer.body), "\"A4\""));
	world_free(&w);
}
END_TEST

UNIT_MAIN("declarations", what_cannot_be_declared_is_refused_with_its_code,
    the_same_operation_twice_is_one_declaration_and_one_answer,
    a_refusal_stays_a_refusal_when_a_copy_arrives_later,
    the_feedback_waits_until_the_worker_has_decided,
    voiding_frees_the_levies_unless_something_is_paid_or_vouchered,
    a_levy_cannot_be_paid_while_its_declaration_is_being_voided,
    a_withdrawal_ends_a_pending_declaration_with_the_reason,
    a_batch_list_takes_what_is_initial_and_what_is_pending,
    a_push_again_changes_only_what_is_still_open,
    a_list_gives_only_what_changed_and_every_change_once)
