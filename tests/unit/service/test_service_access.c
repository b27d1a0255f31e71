/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords, sessions, roles, and that nobody reaches another employer's rows. */
#include "shebao/operation.h"
#include "shebao/token.h"
#include "unit/service/world_steps.h"

static int
login(struct world *w, const char *taxpayer_id, const char *password)
{
	return world_call_as(w, NULL, OPERATION_LOGIN,
	    "{\"taxpayer_id\":\"%s\",\"password\":\"%s\"}", taxpayer_id, password);
}

static int
change(struct world *w, const char *token, const char *old, const char *new)
{
	return world_call_as(w, token, OPERATION_PASSWORD_CHANGE,
	    "{\"op_id\":\"%s\",\"old_password\":\"%s\",\"new_password\":\"%s\"}", world_op(w), old, new);
}

START_TEST(the_initial_password_of_any_unit_only_changes_the_password)
{
	struct world w;
	struct login_answer a;

	world_new(&w);
	world_must(&w, world_office(&w, OPERATION_ADMIN_PASSWORD_RESET,
	    "{\"op_id\":\"%s\",\"taxpayer_id\":\"" ONE "\"}", world_op(&w)));
	/* The reset ended what was open. */
	world_refused(&w, world_call(&w, OPERATION_LEVY_LIST, "after=0"), "session");
	world_refused(&w, login(&w, ONE, PASSWORD), "wrong_password");
	world_must(&w, login(&w, ONE, "048857"));
	world_must(&w, login(&w, ONE, "123400"));
	world_read(&w, &request_login_answer, &a);
	world_refused(&w, world_call_as(&w, a.token, OPERATION_LEVY_LIST, "after=0"), "password_initial");
	world_refused(&w, change(&w, a.token, "123400", "048857"), "password_rule");
	world_refused(&w, change(&w, a.token, "123400", "short1"), "password_rule");
	world_refused(&w, change(&w, a.token, "123400", "onlyletters"), "password_rule");
	world_refused(&w, change(&w, a.token, "123400", ONE), "password_rule");
	world_refused(&w, change(&w, a.token, "123456", "Guiyang2021"), "wrong_password");
	world_must(&w, change(&w, a.token, "123400", "Guiyang2021"));
	world_must(&w, world_call_as(&w, a.token, OPERATION_LEVY_LIST, "after=0"));
	world_refused(&w, login(&w, ONE, "123400"), "wrong_password");
	world_must(&w, login(&w, ONE, "Guiyang2021"));
	world_free(&w);
}
END_TEST

/* A service that is killed before it has written the token's file makes another one. */
START_TEST(a_second_token_is_another_one)
{
	struct world w;
	char second[65];
	struct err err = { 0 };

	world_new(&w);
	ck_assert_msg(service_token_new(w.service, ROLE_OFFICER, w.now, second, &err) == 0, "%s", err.text);
	ck_assert_str_ne(second, w.officer);
	world_free(&w);
}
END_TEST

START_TEST(five_failures_lock_and_the_lock_doubles)
{
	struct world w;
	int i;

	world_new(&w);
	for (i = 0; i < 5; i++) {
		world_refused(&w, login(&w, ONE, "wrong"), "wrong_password");
	}
	world_refused(&w, login(&w, ONE, PASSWORD), "password_locked");
	ck_assert_int_eq(w.answer.retry_after, 900);
	world_restart(&w);
	w.now += 15 * 60000 - 1;
	world_refused(&w, login(&w, ONE, PASSWORD), "password_locked");
	w.now += 1;
	for (i = 0; i < 5; i++) {
		world_refused(&w, login(&w, ONE, "wrong"), "wrong_password");
	}
	world_refused(&w, login(&w, ONE, PASSWORD), "password_locked");
	ck_assert_int_eq(w.answer.retry_after, 1800);
	w.now += 30 * 60000;
	world_must(&w, login(&w, ONE, PASSWORD));
	world_is(&w, "SELECT failures + locks FROM credential WHERE taxpayer_id = '" ONE "'", "0");
	world_free(&w);
}
END_TEST

START_TEST(the_password_of_a_payment_counts_in_the_same_counter)
{
	struct world w;
	int i;

	world_new(&w);
	for (i = 0; i < 5; i++) {
		world_refused(&w, world_call(&w, OPERATION_PROOF,
		    "{\"password\":\"wrong\",\"action\":\"pay\",\"levy_nos\":[\"A1\"],\"amount\":4990}"), "wrong_password");
	}
	world_refused(&w, login(&w, ONE, PASSWORD), "password_locked");
	world_free(&w);
}
END_TEST

START_TEST(an_unknown_employer_gets_the_same_words)
{
	struct world w;
	char *words;

	world_new(&w);
	world_refused(&w, login(&w, ONE, "wrong"), "wrong_password");
	words = mem_dup(buf_text(&w.answer.body));
	world_refused(&w, login(&w, "91520181MA6DJ9Q03L", "wrong"), "wrong_password");
	ck_assert_str_eq(buf_text(&w.answer.body), words);
	free(words);
	world_free(&w);
}
END_TEST

START_TEST(sessions_end_when_idle_and_after_eight_hours)
{
	struct world w;
	int i;

	world_new(&w);
	for (i = 0; i < 16; i++) {
		world_must(&w, world_call(&w, OPERATION_EMPLOYER_SHOW, ""));
		w.now += 29 * 60000;
	}
	w.now += 16 * 60000;
	world_refused(&w, world_call(&w, OPERATION_EMPLOYER_SHOW, ""), "session");
	world_login(&w, ONE, NULL, w.token);
	w.now += 30 * 60000;
	world_refused(&w, world_call(&w, OPERATION_EMPLOYER_SHOW, ""), "session");
	world_login(&w, ONE, NULL, w.token);
	world_must(&w, world_call(&w, OPERATION_LOGOUT, ""));
	world_refused(&w, world_call(&w, OPERATION_EMPLOYER_SHOW, ""), "session");
	world_free(&w);
}
END_TEST

START_TEST(every_operation_wants_its_role)
{
	struct world w;
	int op;

	world_new(&w);
	for (op = 0; op < OPERATION_COUNT; op++) {
		const struct operation_row *row = operation_row((enum operation)op);
		int is_get = strcmp(row->method, "GET") == 0;

		if (row->role == 0) {
			continue;
		}
		world_refused(&w, world_call_as(&w, NULL, (enum operation)op, "%s", is_get ? "" : "{}"), "session");
		world_refused(&w, world_call_as(&w, "00ff", (enum operation)op, "%s", is_get ? "" : "{}"), "session");
		world_call_as(&w, row->role & ROLE_CLERK ? w.officer : w.token, (enum operation)op, "%s", is_get ? "" : "{}");
		ck_assert_msg(strcmp(w.code, "forbidden") == 0, "%s: %s", row->name, w.code);
	}
	world_free(&w);
}
END_TEST

/* Everything that ONE has, asked for with TWO's session. */
START_TEST(another_employer_s_numbers_do_not_exist)
{
	struct world w;
	char two[65], id[129], payment_no[33], voucher_no[19], proof[65];
	struct certificate_answer paper;
	static const enum operation lists[] = { OPERATION_UNIT_LIST, OPERATION_LEVY_LIST,
		OPERATION_AGREEMENT_LIST, OPERATION_ACCOUNT_LIST, OPERATION_DECLARATION_LIST,
		OPERATION_PAYMENT_LIST, OPERATION_VOUCHER_LIST, OPERATION_CERTIFICATE_LIST,
		OPERATION_CONSULTATION_LIST };
	size_t i;

	world_new(&w);
	world_declare(&w, "\"A1\",\"A2\",\"A4\"", 843576);
	world_value(&w, "SELECT declaration_id FROM declaration", id);
	ck_assert_int_eq(world_pay(&w, "\"A1\"", 4990, payment_no), PAYMENT_SUCCEEDED);
	world_voucher(&w, "\"A2\"", 100000, voucher_no);
	world_must(&w, world_certificate(&w, "tax_paid", &paper));
	world_login(&w, TWO, "052217", two);
	world_refused(&w, world_call_as(&w, two, OPERATION_DECLARATION_SUBMIT,
	    "{\"op_id\":\"%s\",\"kind\":\"special\",\"levy_nos\":[\"S1\"],\"amount\":1234}", world_op(&w)), "not_found");
	world_refused(&w, world_call_as(&w, two, OPERATION_DECLARATION_VOID,
	    "{\"op_id\":\"%s\",\"declaration_id\":\"%s\"}", world_op(&w), id), "not_found");
	world_refused(&w, world_call_as(&w, two, OPERATION_FEEDBACK, "{\"declaration_ids\":[\"%s\"]}", id), "not_found");
	world_refused(&w, world_call_as(&w, two, OPERATION_PAYMENT_QUERY, "{\"payment_no\":\"%s\"}", payment_no), "not_found");
	world_proof_as(&w, two, "pay", "\"A4\"", 738586, "", proof);
	world_refused(&w, world_call_as(&w, two, OPERATION_PAYMENT_SUBMIT,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"agreement_no\":\"H-1\",\"levy_nos\":[\"A4\"],\"amount\":738586}", world_op(&w), proof), "not_found");
	world_proof_as(&w, two, "issue_voucher", "\"A4\"", 738586, "", proof);
	world_refused(&w, world_call_as(&w, two, OPERATION_VOUCHER_ISSUE,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"levy_nos\":[\"A4\"],\"amount\":738586}", world_op(&w), proof), "not_found");
	world_proof_as(&w, two, "void_voucher", "", 0, voucher_no, proof);
	world_refused(&w, world_call_as(&w, two, OPERATION_VOUCHER_VOID,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"voucher_no\":\"%s\"}", world_op(&w), proof, voucher_no), "not_found");
	world_refused(&w, world_call_as(&w, two, OPERATION_VOUCHER_DOCUMENT, "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(&w), voucher_no), "not_found");
	world_refused(&w, world_call_as(&w, two, OPERATION_CERTIFICATE_CONFIRM,
	    "{\"op_id\":\"%s\",\"certificate_no\":\"%s\",\"sha256\":\"%s\"}", world_op(&w), paper.certificate_no, paper.sha256), "not_found");
	world_refused(&w, world_call_as(&w, two, OPERATION_CERTIFICATE_REPRINT, "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(&w), paper.certificate_no), "not_found");
	for (i = 0; i < ARRAY_LEN(lists); i++) {
		world_must(&w, world_call_as(&w, two, lists[i], "after=0"));
		ck_assert_ptr_null(strstr(buf_text(&w.answer.body), ONE));
	}
	/* Its operations are its own, too: the same op_id and bytes from another employer. */
	world_refused(&w, world_call_as(&w, two, OPERATION_CONSULTATION_ASK, "{\"op_id\":\"%032x\",\"question\":\"?\"}", 1), "op_conflict");
	record_release(&request_certificate_answer, &paper);
	world_free(&w);
}
END_TEST

static int
login_from(struct world *w, const char *source, int is_shared, const char *taxpayer_id, const char *password)
{
	char body[256];
	struct service_request request = { .operation = OPERATION_LOGIN, .source = source,
		.is_shared = is_shared, .body = body, .now = w->now };

	request.body_len = (size_t)snprintf(body, sizeof(body), "{\"taxpayer_id\":\"%s\",\"password\":\"%s\"}",
	    taxpayer_id, password);
	buf_release(&w->answer.body);
	service_handle(w->service, &request, &w->answer);
	return w->answer.status;
}

START_TEST(a_source_that_tries_one_employer_after_the_other_is_locked)
{
	struct world w;
	char nobody[32];
	int i;

	world_new(&w);
	for (i = 0; i < 5; i++) {
		snprintf(nobody, sizeof(nobody), "91520100770598%03dX", i);
		ck_assert_int_eq(login_from(&w, "10.0.0.9", 0, nobody, "wrong"), 401);
	}
	ck_assert_int_eq(login_from(&w, "10.0.0.9", 0, ONE, PASSWORD), 429);
	ck_assert_int_eq(w.answer.retry_after, 900);
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "15"));
	ck_assert_int_eq(login_from(&w, "10.0.0.8", 0, ONE, PASSWORD), 200);
	/* It is on the disk, and doubles. */
	world_restart(&w);
	ck_assert_int_eq(login_from(&w, "10.0.0.9", 0, ONE, PASSWORD), 429);
	w.now += 15 * 60000;
	ck_assert_int_eq(login_from(&w, "10.0.0.9", 0, ONE, PASSWORD), 200);
	for (i = 0; i < 5; i++) {
		snprintf(nobody, sizeof(nobody), "91520100770598%03dX", i);
		ck_assert_int_eq(login_from(&w, "10.0.0.9", 0, nobody, "wrong"), 401);
	}
	ck_assert_int_eq(login_from(&w, "10.0.0.9", 0, ONE, PASSWORD), 429);
	ck_assert_int_eq(w.answer.retry_after, 1800);
	/* Failures long ago count no more, and what many share is not locked. */
	for (i = 0; i < 8; i++) {
		snprintf(nobody, sizeof(nobody), "91520100770598%03dX", i);
		ck_assert_int_eq(login_from(&w, "127.0.0.1", 1, nobody, "wrong"), 401);
		ck_assert_int_eq(login_from(&w, "10.0.0.7", 0, nobody, "wrong"), 401);
		w.now += 5 * 60000;
	}
	ck_assert_int_eq(login_from(&w, "127.0.0.1", 1, ONE, PASSWORD), 200);
	ck_assert_int_eq(login_from(&w, "10.0.0.7", 0, ONE, PASSWORD), 200);
	world_free(&w);
}
END_TEST

START_TEST(profiles_say_what_a_password_is_like)
{
	struct world w;
	struct login_answer a;
	char token[65];
	int i;

	world_new(&w);
	w.opts.profile = SERVICE_PROFILE_MLPS3;
	world_restart(&w);
	world_refused(&w, change(&w, w.token, PASSWORD, "guiyang2021"), "password_rule");
	world_must(&w, change(&w, w.token, PASSWORD, "Guiyang-0"));
	memcpy(token, w.token, sizeof(token));
	for (i = 0; i < 4; i++) {
		char old[24], new[24];

		w.now += 1000;
		snprintf(old, sizeof(old), "Guiyang-%d", i);
		snprintf(new, sizeof(new), "Guiyang-%d", i + 1);
		world_must(&w, change(&w, token, old, new));
	}
	world_refused(&w, change(&w, token, "Guiyang-4", "Guiyang-0"), "password_rule");
	w.now += 1000;
	world_must(&w, change(&w, token, "Guiyang-4", "Guiyang-5"));
	world_must(&w, change(&w, token, "Guiyang-5", "Guiyang-0"));
	w.now += 90 * 86400000LL;
	world_must(&w, login(&w, ONE, "Guiyang-0"));
	world_read(&w, &request_login_answer, &a);
	ck_assert_int_eq(a.must_change, 1);
	world_refused(&w, world_call_as(&w, a.token, OPERATION_LEVY_LIST, "after=0"), "password_initial");
	w.opts.profile = SERVICE_PROFILE_ASVS;
	world_restart(&w);
	world_refused(&w, change(&w, a.token, "Guiyang-0", "Short-2020"), "password_rule");
	world_refused(&w, change(&w, a.token, "Guiyang-0", "Password1234"), "password_rule");
	world_refused(&w, change(&w, a.token, "Guiyang-0", "aaaaaaaaaaaaaa"), "password_rule");
	world_must(&w, change(&w, a.token, "Guiyang-0", "four words of mine"));
	ck_assert_int_eq(service_profile_find("mlps3"), SERVICE_PROFILE_MLPS3);
	ck_assert_int_eq(service_profile_find("none"), -1);
	world_free(&w);
}
END_TEST

START_TEST(tokens_are_made_listed_and_revoked)
{
	struct world w;
	struct token_answer made;
	char own[129];

	world_new(&w);
	world_must(&w, world_office(&w, OPERATION_ADMIN_TOKEN_CREATE, "{\"role\":\"bureau\",\"name\":\"医保\",\"days\":1}"));
	world_read(&w, &request_token_answer, &made);
	world_refused(&w, world_call_as(&w, made.token, OPERATION_ADMIN_TOKEN_LIST, ""), "forbidden");
	world_refused(&w, world_call_as(&w, made.token, OPERATION_ADMIN_LEVY_WITHDRAW,
	    "{\"op_id\":\"%s\",\"numbers\":[\"none\"]}", world_op(&w)), "not_found");
	world_must(&w, world_office(&w, OPERATION_ADMIN_TOKEN_LIST, ""));
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "医保"));
	ck_assert_ptr_null(strstr(buf_text(&w.answer.body), made.token));
	w.now += 86400000LL;
	world_refused(&w, world_call_as(&w, made.token, OPERATION_ADMIN_TOKEN_LIST, ""), "session");
	w.now -= 86400000LL;
	world_must(&w, world_office(&w, OPERATION_ADMIN_TOKEN_REVOKE, "{\"op_id\":\"%s\",\"token_id\":\"%s\"}", world_op(&w), made.token_id));
	world_refused(&w, world_call_as(&w, made.token, OPERATION_ADMIN_TOKEN_LIST, ""), "session");
	world_refused(&w, world_office(&w, OPERATION_ADMIN_TOKEN_REVOKE, "{\"op_id\":\"%s\",\"token_id\":\"%s\"}", world_op(&w), made.token_id), "not_found");
	/* Nobody saws off the branch that he sits on. */
	world_value(&w, "SELECT token_id FROM token", own);
	world_refused(&w, world_office(&w, OPERATION_ADMIN_TOKEN_REVOKE, "{\"op_id\":\"%s\",\"token_id\":\"%s\"}", world_op(&w), own), "state");
	world_must(&w, world_office(&w, OPERATION_ADMIN_TOKEN_LIST, ""));
	world_free(&w);
}
END_TEST

START_TEST(a_question_is_answered_once)
{
	struct world w;
	struct consultation c;

	world_new(&w);
	world_must(&w, world_call(&w, OPERATION_CONSULTATION_ASK, "{\"op_id\":\"%s\",\"question\":\"怎样减员？\"}", world_op(&w)));
	world_read(&w, &consultation_type, &c);
	world_must(&w, world_office(&w, OPERATION_ADMIN_CONSULTATION_ANSWER,
	    "{\"op_id\":\"%s\",\"consultation_id\":\"%s\",\"answer\":\"请到社保经办机构办理。\"}", world_op(&w), c.consultation_id));
	world_refused(&w, world_office(&w, OPERATION_ADMIN_CONSULTATION_ANSWER,
	    "{\"op_id\":\"%s\",\"consultation_id\":\"%s\",\"answer\":\"再答\"}", world_op(&w), c.consultation_id), "state");
	world_must(&w, world_call(&w, OPERATION_CONSULTATION_LIST, "after=0"));
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "请到社保经办机构办理。"));
	world_must(&w, world_office(&w, OPERATION_ADMIN_CONSULTATION_LIST, ""));
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), "怎样减员？"));
	world_free(&w);
}
END_TEST

START_TEST(a_printed_code_can_be_verified_by_anybody)
{
	struct world w;
	char voucher_no[19], code[129];

	world_new(&w);
	world_declare(&w, "\"A1\"", 4990);
	world_voucher(&w, "\"A1\"", 4990, voucher_no);
	world_must(&w, world_call(&w, OPERATION_VOUCHER_DOCUMENT, "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(&w), voucher_no));
	world_is(&w, "SELECT print_count FROM voucher", "1");
	world_value(&w, "SELECT verify_code FROM voucher", code);
	world_must(&w, world_call_as(&w, NULL, OPERATION_VERIFY, "code=%s", code));
	ck_assert_ptr_nonnull(strstr(buf_text(&w.answer.body), voucher_no));
	world_refused(&w, world_call_as(&w, NULL, OPERATION_VERIFY, "code=0123"), "not_found");
	world_free(&w);
}
END_TEST

UNIT_MAIN("access", the_initial_password_of_any_unit_only_changes_the_password,
    a_second_token_is_another_one, five_failures_lock_and_the_lock_doubles,
    the_password_of_a_payment_counts_in_the_same_counter, an_unknown_employer_gets_the_same_words,
    sessions_end_when_idle_and_after_eight_hours, every_operation_wants_its_role,
    another_employer_s_numbers_do_not_exist, a_question_is_answered_once,
    a_source_that_tries_one_employer_after_the_other_is_locked,
    profiles_say_what_a_password_is_like, tokens_are_made_listed_and_revoked,
    a_printed_code_can_be_verified_by_anybody)
