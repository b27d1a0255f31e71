/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The officer, at a machine inside the office's network. */
#include <stdarg.h>
#include <stdio.h>

#include "shebao/crypto.h"
#include "shebao/mem.h"
#include "sim_service.h"

int sim_office_done;

static int office(enum operation op, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Sends an op_id and these members. */
static int
office(enum operation op, const char *format, ...)
{
	struct service_answer answer = { 0 };
	struct buf body = { 0 };
	char op_id[33], members[400];
	struct service_request request = { .operation = op,
		.token = sim_service_officer(),
		.source = "office",
		.now = sim.now };
	va_list args;

	if (sim_service() == NULL) {
		return -1;
	}
	va_start(args, format);
	vsnprintf(members, sizeof(members), format, args);
	va_end(args);
	crypto_random_hex(op_id, 16);
	buf_printf(&body, "{\"op_id\":\"%s\",%s}", op_id, members);
	request.body = buf_text(&body);
	request.body_len = body.len;
	service_handle(sim_service(), &request, &answer);
	sim_service_changed();
	sim_trace("officer %s %s: %d", operation_row(op)->name, members, answer.status);
	buf_release(&answer.body);
	buf_release(&body);
	return answer.status < 300 && !sim_is_dead() ? 0 : -1;
}

/* One of what the query lists: each is passed over with the same chance. 0: there is none. */
static int
pick(const char *sql, char out[33])
{
	struct db_pool *pool;
	struct db *db;
	struct rows *rows = NULL;

	out[0] = '\0';
	if (sim_service() == NULL) {
		return 0;
	}
	db = sim_service_db(&pool);
	if (db_query(db, sql, DB_NONE, &rows, NULL) == 0) {
		while (db_rows_next(rows, NULL) == 1 && (out[0] == '\0' || sim_chance(60))) {
			snprintf(out, 33, "%s", db_rows_text(rows, 0));
		}
		db_rows_close(rows);
	}
	db_pool_give(pool, db);
	return out[0] != '\0';
}

/* Waits for a levy that is just being declared; 0: there was none. */
static int
catch_declaring(char out[33])
{
	int times;

	for (times = 0; times < 40 && !sim_is_dead(); times++) {
		if (pick("SELECT levy_no FROM levy WHERE state = 'declaring' ORDER BY levy_no", out)) {
			return 1;
		}
		sim_sleep(500);
	}
	return 0;
}

/* Any levy, or one that is in a declaration which then ends rejected. */
static void
withdraw(void)
{
	char no[33];
	int64_t i = sim_between(0, 15);

	if (sim_chance(30) || !catch_declaring(no)) {
		snprintf(no, sizeof(no), "%c%02d", i >= 12 ? 'B' : 'A', (int)i);
	}
	office(OPERATION_ADMIN_LEVY_WITHDRAW,
	    "\"numbers\":[\"%s\"],\"reason\":\"撤单\"", no);
}

static void
make_batch_list(void)
{
	office(OPERATION_ADMIN_BATCH_LIST_CREATE,
	    "\"taxpayer_id\":\"%s\",\"period_from\":\"2020-05\",\"period_to\":\"2020-05\"",
	    sim_employers[sim_between(0, 1)]);
}

static void
reset_password(void)
{
	int64_t i = sim_between(0, SIM_EMPLOYERS - 1);

	if (office(OPERATION_ADMIN_PASSWORD_RESET,
		"\"taxpayer_id\":\"%s\"", sim_employers[i]) == 0) {
		snprintf(sim_passwords[i], sizeof(sim_passwords[i]), "%s",
		    sim_service_initial((int)i));
	}
}

static void
settle(void)
{
	char no[33];

	if (pick("SELECT voucher_no FROM voucher WHERE state <> 'paid' ORDER BY voucher_no", no)) {
		office(OPERATION_ADMIN_VOUCHER_SETTLE,
		    "\"voucher_no\":\"%s\",\"amount\":0", no);
	}
}

/* Any debit that the books know to have succeeded: also those whose day is over. */
static void
give_back(void)
{
	char op_id[33], no[33], sql[128];
	struct sim_intent *intent;

	if (!pick("SELECT op_id FROM payment WHERE state = 'succeeded' AND amount > 0 ORDER BY payment_no",
		op_id)) {
		return;
	}
	intent = sim_intent_find(op_id);
	if (intent != NULL) {
		intent->is_asked_back = 1;
	}
	snprintf(sql, sizeof(sql), "SELECT payment_no FROM payment WHERE op_id = '%s'", op_id);
	if (pick(sql, no)) {
		office(OPERATION_ADMIN_PAYMENT_REVERSE,
		    "\"payment_no\":\"%s\",\"reason\":\"误扣\"", no);
	}
}

/* An agreement ends, or holds again: payments on their way keep the account they were made for. */
static void
end_agreement(void)
{
	struct service_answer answer = { 0 };
	struct buf body = { 0 };

	sim_service_put_agreement(&body, sim_chance(25) ? "ended" : "verified");
	sim_service_import(OPERATION_ADMIN_AGREEMENT_IMPORT, buf_text(&body), &answer);
	buf_release(&answer.body);
	buf_release(&body);
}

/* A levy that nobody has touched yet is pushed again with another amount. */
static void
push_again(void)
{
	struct service_answer answer = { 0 };
	struct buf body = { 0 };
	int i = (int)sim_between(0, SIM_LEVIES - 1);

	sim_service_put_levies(&body, i, 1, (int)sim_between(1, 3));
	sim_service_import(OPERATION_ADMIN_LEVY_IMPORT, buf_text(&body), &answer);
	buf_release(&answer.body);
	buf_release(&body);
}

static const struct {
	enum sim_fault fault;
	int percent;
	void (*act)(void);
} office_acts[] = {
	{ SIM_WITHDRAW, 60, withdraw },
	{ SIM_BATCH, 40, make_batch_list },
	{ SIM_RESET, 25, reset_password },
	{ SIM_AGREEMENT, 40, end_agreement },
	{ SIM_PUSH, 50, push_again },
	{ SIM_COUNTER, 80, settle },
	{ SIM_COUNTER, 80, settle },
	{ SIM_COUNTER, 80, settle },
	{ SIM_REVERSE, 60, give_back },
	{ SIM_REVERSE, 60, give_back },
};

static void
one_thing(void *user)
{
	size_t i = (size_t)sim_between(0, (int64_t)ARRAY_LEN(office_acts) - 1);

	(void)user;
	if (!sim_is_dead() && sim_act() &&
	    SIM_YES(office_acts[i].fault, office_acts[i].percent)) {
		office_acts[i].act();
	}
}

static void
settle_now(void *user)
{
	(void)user;
	if (!sim_is_dead()) {
		settle();
	}
}

static void
give_back_now(void *user)
{
	(void)user;
	if (!sim_is_dead()) {
		give_back();
	}
}

static void
go(sim_fn *errand)
{
	int side = sim_service_side();

	if (side >= 0) {
		sim_fiber_start(side, errand, NULL);
	}
}

void
sim_office_settle(void)
{
	go(settle_now);
}

void
sim_office_reverse(void)
{
	go(give_back_now);
}

static void
office_hours(void *user)
{
	(void)user;
	if (sim.is_healed) {
		sim_office_done = 1;
		return;
	}
	go(one_thing);
	sim_after(sim_delay(12000), office_hours, NULL);
}

void
sim_office_start(void)
{
	sim_office_done = 0;
	sim_after(sim_delay(12000), office_hours, NULL);
}
