/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several clerks, officers and workers at once, over threads. */
#include <pthread.h>

#include "unit/service/world_steps.h"

enum {
	CLERKS = 4
};

struct clerk {
	struct world *world;
	struct world own; /* its own answer buffer; service and pool are shared */
	const char *body;
	enum operation operation;
	const char *token;
	int status;
};

static void *
act(void *user)
{
	struct clerk *c = user;

	c->status = world_call_as(&c->own, c->token, c->operation, "%s", c->body);
	return NULL;
}

static void
run_all(struct world *w, struct clerk *clerks, size_t count)
{
	pthread_t threads[CLERKS];
	size_t i;

	for (i = 0; i < count; i++) {
		clerks[i].own = *w;
		clerks[i].own.answer = (struct service_answer){ 0 };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, act, &clerks[i]), 0);
	}
	for (i = 0; i < count; i++) {
		pthread_join(threads[i], NULL);
		buf_release(&clerks[i].own.answer.body);
	}
}

START_TEST(of_clerks_that_declare_the_same_levy_one_succeeds)
{
	struct world w;
	struct clerk clerks[CLERKS];
	char bodies[CLERKS][256];
	int round, won;
	size_t i;

	world_new(&w);
	for (round = 0; round < 3; round++) {
		static const char *const sets[] = { "[\"A1\",\"A2\"]", "[\"A4\",\"A3\"]", "[\"S1\"]" };
		static const int64_t amounts[] = { 104990, 738586, 1234 };

		for (i = 0; i < CLERKS; i++) {
			snprintf(bodies[i], sizeof(bodies[i]),
			    "{\"op_id\":\"%s\",\"kind\":\"%s\",\"levy_nos\":%s,\"amount\":%lld}", world_op(&w),
			    round == 2 ? "special" : "normal", sets[round], (long long)amounts[round]);
			clerks[i] = (struct clerk){ .body = bodies[i], .operation = OPERATION_DECLARATION_SUBMIT, .token = w.token };
		}
		run_all(&w, clerks, CLERKS);
		for (won = 0, i = 0; i < CLERKS; i++) {
			won += clerks[i].status == 202;
			ck_assert_msg(clerks[i].status == 202 || clerks[i].status == 409, "%d", clerks[i].status);
		}
		ck_assert_int_eq(won, 1);
	}
	world_free(&w);
}
END_TEST

START_TEST(the_same_operation_at_the_same_time_is_one)
{
	struct world w;
	struct clerk clerks[CLERKS];
	char body[256], proof[65];
	size_t i;

	world_new(&w);
	world_declare(&w, "\"A1\"", 4990);
	world_proof(&w, "pay", "\"A1\"", 4990, "", proof);
	snprintf(body, sizeof(body),
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"agreement_no\":\"G-1\",\"levy_nos\":[\"A1\"],\"amount\":4990}", world_op(&w), proof);
	for (i = 0; i < CLERKS; i++) {
		clerks[i] = (struct clerk){ .body = body, .operation = OPERATION_PAYMENT_SUBMIT, .token = w.token };
	}
	run_all(&w, clerks, CLERKS);
	for (i = 0; i < CLERKS; i++) {
		ck_assert_int_eq(clerks[i].status, 202);
	}
	ck_assert_int_eq(world_moved(&w), 4990);
	world_is(&w, "SELECT COUNT(*) FROM payment", "1");
	world_free(&w);
}
END_TEST

START_TEST(of_voiding_and_paying_a_voucher_exactly_one_wins)
{
	struct world w;
	struct clerk both[2];
	char voucher_no[19], proof[65], bodies[2][256], state[129];
	int round;

	world_new(&w);
	world_declare(&w, "\"A1\",\"A2\",\"A4\"", 843576);
	for (round = 0; round < 3; round++) {
		static const char *const levies[] = { "\"A1\"", "\"A2\"", "\"A4\"" };
		static const int64_t amounts[] = { 4990, 100000, 738586 };
		char sql[128];
		int64_t before = world_moved(&w);

		world_voucher(&w, levies[round], amounts[round], voucher_no);
		world_proof(&w, "void_voucher", "", 0, voucher_no, proof);
		snprintf(bodies[0], sizeof(bodies[0]), "{\"op_id\":\"%s\",\"proof\":\"%s\",\"voucher_no\":\"%s\"}", world_op(&w), proof, voucher_no);
		snprintf(bodies[1], sizeof(bodies[1]), "{\"op_id\":\"%s\",\"voucher_no\":\"%s\",\"amount\":0}", world_op(&w), voucher_no);
		both[round % 2] = (struct clerk){ .body = bodies[0], .operation = OPERATION_VOUCHER_VOID, .token = w.token };
		both[1 - round % 2] = (struct clerk){ .body = bodies[1], .operation = OPERATION_ADMIN_VOUCHER_SETTLE, .token = w.officer };
		run_all(&w, both, 2);
		snprintf(sql, sizeof(sql), "SELECT state FROM voucher WHERE voucher_no = '%s'", voucher_no);
		world_value(&w, sql, state);
		ck_assert_int_eq((both[0].status < 300) + (both[1].status < 300), 1);
		ck_assert_int_eq(world_moved(&w) - before, strcmp(state, "paid") == 0 ? amounts[round] : 0);
	}
	world_free(&w);
}
END_TEST

UNIT_MAIN("races", of_clerks_that_declare_the_same_levy_one_succeeds,
    the_same_operation_at_the_same_time_is_one, of_voiding_and_paying_a_voucher_exactly_one_wins)
