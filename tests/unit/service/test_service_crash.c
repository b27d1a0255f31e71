/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kill -9 of the service while it talks to the bank, then a restart: never twice, never lost. */
#include <signal.h>
#include <sys/wait.h>

#include "unit/service/world_steps.h"

enum moment {
	BEFORE_DEBIT,
	AFTER_DEBIT,
	BEFORE_COUNTER,
	AFTER_COUNTER,
	MOMENT_COUNT
};

/* A bank that takes the process with it. */
struct killer {
	struct bank gateway;
	struct bank *real;
	enum moment moment;
};

static void
kill_debit(void *self, const struct bank_debit *debit, int64_t now, struct bank_answer *out)
{
	struct killer *k = self;

	if (k->moment == AFTER_DEBIT) {
		k->real->debit(k->real->self, debit, now, out);
	}
	raise(SIGKILL);
}

static void
kill_counter(void *self, const char *voucher_no, int64_t amount, int64_t now, struct bank_answer *out)
{
	struct killer *k = self;

	if (k->moment == AFTER_COUNTER) {
		k->real->counter(k->real->self, voucher_no, amount, now, out);
	}
	raise(SIGKILL);
}

/* The child opens everything itself: a connection does not survive a fork. */
static void
act_and_die(struct world *w, enum moment moment, const char *body)
{
	struct killer killer = { .moment = moment };
	struct err err = { 0 };
	int is_debit = moment == BEFORE_DEBIT || moment == AFTER_DEBIT;

	world_start(w);
	service_close(w->service);
	killer.real = w->bank;
	killer.gateway = *w->bank;
	killer.gateway.debit = kill_debit;
	killer.gateway.counter = kill_counter;
	killer.gateway.self = &killer;
	w->opts.bank = &killer.gateway;
	if (service_open(&w->opts, w->now, &w->service, &err) == 0) {
		world_call_as(w, is_debit ? w->token : w->officer,
		    is_debit ? OPERATION_PAYMENT_SUBMIT : OPERATION_ADMIN_VOUCHER_SETTLE, "%s", body);
	}
	_exit(1);
}

static void
crash_at(enum moment moment)
{
	struct world w;
	char body[512], secret[65], voucher_no[19];
	int status, i;
	pid_t child;

	world_new(&w);
	world_declare(&w, "\"A1\"", 4990);
	if (moment == BEFORE_DEBIT || moment == AFTER_DEBIT) {
		world_proof(&w, "pay", "\"A1\"", 4990, "", secret);
		snprintf(body, sizeof(body),
		    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"agreement_no\":\"G-1\",\"levy_nos\":[\"A1\"],\"amount\":4990}",
		    world_op(&w), secret);
	} else {
		world_voucher(&w, "\"A1\"", 4990, voucher_no);
		snprintf(body, sizeof(body), "{\"op_id\":\"%s\",\"voucher_no\":\"%s\",\"amount\":0}", world_op(&w), voucher_no);
	}
	world_stop(&w);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		act_and_die(&w, moment, body);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, 1);
	world_start(&w);
	world_audit_clean(&w);
	world_is(&w, "SELECT state FROM outbox", "sent");
	/* What died in the bank's arms is asked about at once; what the bank has never seen is
	 * sent again when its visibility window is over. */
	if (strncmp(w.url, "sqlite:", 7) != 0) {
		/* Another daemon may be at it: not before its lease is over. */
		world_tick(&w, BOOKS_LEASE_MS);
	}
	for (i = 0; i < 4; i++) {
		world_tick(&w, 1000);
	}
	world_is(&w, "SELECT pay_state FROM levy WHERE levy_no = 'A1'", "settled");
	ck_assert_int_eq(world_moved(&w), 4990);
	/* The clerk's program sends its journalled bytes again and gets the answer. */
	world_must(&w, world_call_as(&w, moment <= AFTER_DEBIT ? w.token : w.officer,
	    moment <= AFTER_DEBIT ? OPERATION_PAYMENT_SUBMIT : OPERATION_ADMIN_VOUCHER_SETTLE, "%s", body));
	ck_assert_int_eq(world_moved(&w), 4990);
	world_free(&w);
}

START_TEST(killed_before_or_after_the_debit_it_is_debited_once)
{
	crash_at(BEFORE_DEBIT);
	crash_at(AFTER_DEBIT);
}
END_TEST

START_TEST(killed_before_or_after_the_counter_it_is_settled_once)
{
	crash_at(BEFORE_COUNTER);
	crash_at(AFTER_COUNTER);
}
END_TEST

UNIT_MAIN("crashes", killed_before_or_after_the_debit_it_is_debited_once,
    killed_before_or_after_the_counter_it_is_settled_once)
