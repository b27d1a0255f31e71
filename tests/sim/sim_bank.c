/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bank, with a ledger of its own that shares nothing with the programs: the truth about
 * money. A debit is on its way, then known to the bank, then executed or refused; the answer
 * comes, is lost, or says nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/mem.h"
#include "sim.h"

enum {
	DEBITS_MAX = 2048,
	MOVES_MAX = 2048
};
#define VISIBILITY_MS (10 * 60 * 1000LL)
#define ANSWER_MS 20000 /* the link's time-out */

enum stage { ON_ITS_WAY, PROCESSING, EXECUTED, REFUSED, LOST, GIVEN_BACK };

struct entry {
	struct bank_debit debit;
	enum stage stage;
	int event;
	sim_fn *fn;  /* of the event */
	int64_t due;
	int refuse; /* instead of executing */
	int64_t unclear_until; /* 原交易状态不明 until then */
	int64_t at;
	int is_returning;  /* the reversal is under way */
	int is_reconciled; /* no reversal any more */
};

static struct entry debits[DEBITS_MAX];
static size_t debit_count;
static struct bank_movement moves[MOVES_MAX];
static size_t move_count;
static int64_t closed_until;

void
sim_bank_reset(void)
{
	debit_count = move_count = 0;
	closed_until = 0;
}

static void
later(struct entry *e, int64_t ms, sim_fn *fn)
{
	e->due = sim.now + ms;
	e->fn = fn;
	e->event = sim_after(ms, fn, e);
}

/* ---- the ledger */

static void
move(const char *key, const char *op_id, const char *kind, const char *account, int64_t amount,
    const char *ticket)
{
	struct bank_movement *m = &moves[move_count++];

	if (move_count == MOVES_MAX) {
		sim_fail("the bank's ledger is full");
	}
	*m = (struct bank_movement){ .amount = amount, .at = sim.now };
	mem_copy_text(m->key, sizeof(m->key), key);
	mem_copy_text(m->op_id, sizeof(m->op_id), op_id);
	mem_copy_text(m->kind, sizeof(m->kind), kind);
	mem_copy_text(m->account_no, sizeof(m->account_no), account);
	mem_copy_text(m->result_code, sizeof(m->result_code), "90000");
	mem_copy_text(m->tax_ticket_no, sizeof(m->tax_ticket_no), ticket);
	sim_trace("bank %s %s", kind, key);
}

int
sim_bank_count(const char *op_id, int64_t *amount)
{
	size_t i;
	int n = 0;

	*amount = 0;
	for (i = 0; i < move_count; i++) {
		if (strcmp(moves[i].kind, "reverse") != 0 &&
		    (strcmp(moves[i].op_id, op_id) == 0 || strcmp(moves[i].key, op_id) == 0)) {
			n++;
			*amount += moves[i].amount;
		}
	}
	return n;
}

int
sim_bank_reversals(const char *op_id)
{
	size_t i;
	int n = 0;

	for (i = 0; i < move_count; i++) {
		n += strcmp(moves[i].kind, "reverse") == 0 && strcmp(moves[i].op_id, op_id) == 0;
	}
	return n;
}

static int
is_executed(const struct entry *e)
{
	return e->stage == EXECUTED || e->stage == GIVEN_BACK;
}

static void
key_of(const struct bank_debit *d, char out[65])
{
	snprintf(out, 65, "%s/%s/%s", d->tax_authority_code, d->entrust_date, d->serial);
}

/* The bank's own memory of this key; the one that counts if it forgot and has several. */
static struct entry *
find(const struct bank_debit *d)
{
	struct entry *found = NULL;
	size_t i;

	for (i = 0; i < debit_count; i++) {
		struct entry *e = &debits[i];

		if (strcmp(e->debit.serial, d->serial) == 0 &&
		    strcmp(e->debit.entrust_date, d->entrust_date) == 0 && e->stage != LOST &&
		    e->stage != ON_ITS_WAY &&
		    (found == NULL || is_executed(e) || !is_executed(found))) {
			found = e;
		}
	}
	return found;
}

static void
execute(void *user)
{
	struct entry *e = user;
	char key[65];

	e->event = 0;
	e->at = sim.now;
	if (e->refuse) {
		e->stage = REFUSED;
		sim_trace("bank refuses %s", e->debit.serial);
		return;
	}
	sim_check_debit(&e->debit);
	e->stage = EXECUTED;
	key_of(&e->debit, key);
	move(key, e->debit.op_id, "debit", e->debit.account_no, e->debit.amount,
	    e->debit.tax_ticket_no);
}

static void
reach(void *user)
{
	struct entry *e = user;
	struct entry *known = find(&e->debit);

	e->event = 0;
	if (sim.is_on[SIM_BANK_FORGETS]) {
		/* Whatever comes is executed: nobody may send twice. */
		sim_hit(SIM_BANK_FORGETS);
	} else if (known != NULL) {
		if (memcmp(&known->debit, &e->debit, sizeof(e->debit)) != 0) {
			sim_fail("the same key with other content: %s", e->debit.serial);
		}
		e->stage = LOST;
		return;
	}
	e->stage = PROCESSING;
	if (SIM_YES(SIM_BANK_LATE, 25)) {
		later(e,
		    sim_chance(10) ? sim_between(0, 26 * 3600 * 1000LL) : sim_delay(60000), execute);
	} else {
		execute(e);
	}
}

static struct entry *
add(const struct bank_debit *debit)
{
	struct entry *e = &debits[debit_count++];

	if (debit_count == DEBITS_MAX) {
		sim_fail("the bank's memory is full");
	}
	*e = (struct entry){ .debit = *debit, .stage = ON_ITS_WAY };
	e->refuse = SIM_YES(SIM_BANK_REFUSES, 20);
	return e;
}

/* ---- answers */

static void
say(struct bank_answer *out, const char *code, const char *words)
{
	mem_copy_text(out->result_code, sizeof(out->result_code), code);
	mem_copy_text(out->words, sizeof(out->words), words);
	out->outcome = bank_classify(code, words);
}

static const char *const unclear[][2] = {
	{ "99090", "原交易状态不明" },
	{ "", "与国库通讯超时" },
	{ "24003", "余额查询超时" },
	{ "90000", "通信异常" },
	{ "12345", "" },
	{ "", "银行系统内部错误" },
	{ "99004", "" },
};

static const char *const refusals[][2] = {
	{ "24003", "账户余额不足支付" },
	{ "24002", "账号户名不符" },
	{ "", "协议无效" },
	{ "24001", "" },
};

static void
say_unclear(struct bank_answer *out)
{
	int64_t i = sim_between(0, (int64_t)ARRAY_LEN(unclear) - 1);

	say(out, unclear[i][0], unclear[i][1]);
}

static void
tell(const struct entry *e, struct bank_answer *out)
{
	if (e->unclear_until > sim.now && !sim.is_healed) {
		say_unclear(out);
	} else if (is_executed(e)) {
		say(out, "90000", "");
		date_from_ms(e->at, out->settled_on);
	} else if (e->stage == REFUSED) {
		size_t i = (size_t)(e - debits) % ARRAY_LEN(refusals);

		say(out, refusals[i][0], refusals[i][1]);
	} else {
		say(out, "", "正在处理");
	}
}

static int
is_silent(struct bank_answer *out)
{
	if (sim_is_dead() || SIM_YES(SIM_BANK_SILENT, 30)) {
		sim_sleep(ANSWER_MS);
		*out = (struct bank_answer){ .outcome = BANK_NO_ANSWER };
		return 1;
	}
	return 0;
}

static int
is_closed(void)
{
	if (closed_until <= sim.now && SIM_YES(SIM_BANK_CLOSED, 6)) {
		closed_until = sim.now + sim_delay(120000);
	}
	return closed_until > sim.now && !sim.is_healed && sim_hit(SIM_BANK_CLOSED);
}

static void
send_twice(const struct bank_debit *debit)
{
	struct entry *e = add(debit);

	later(e, sim_delay(3000), reach);
}

/* I-13: nothing is sent for a levy while another debit of it may still move money. */
static void
check_others(const struct bank_debit *debit)
{
	const struct sim_intent *one = sim_intent_find(debit->op_id), *other;
	size_t i;

	for (i = 0; one != NULL && i < debit_count; i++) {
		const struct entry *e = &debits[i];

		if (strcmp(e->debit.op_id, debit->op_id) == 0 || e->stage == REFUSED ||
		    e->stage == LOST || e->stage == GIVEN_BACK || (e->stage == ON_ITS_WAY && find(&e->debit) != NULL)) {
			continue;
		}
		other = sim_intent_find(e->debit.op_id);
		if (other != NULL && sim_intents_overlap(one, other)) {
			sim_fail("I-13: %s was sent while %s may still be executed", debit->op_id,
			    e->debit.op_id);
		}
	}
}

static void
bank_debit(void *self, const struct bank_debit *debit, int64_t now, struct bank_answer *out)
{
	struct entry *e;

	(void)self;
	(void)now;
	*out = (struct bank_answer){ .outcome = BANK_NO_ANSWER };
	if (sim_is_dead() || sim_sleep(sim_between(1, 300)) < 0) {
		return;
	}
	if (is_closed()) {
		say(out, "", sim_chance(50) ? "系统当前非工作状态" : "税库银系统无法访问");
		return;
	}
	check_others(debit);
	e = add(debit);
	if (SIM_YES(SIM_BANK_LOST, 15)) {
		e->stage = LOST;
		sim_sleep(ANSWER_MS);
		return;
	}
	if (SIM_YES(SIM_BANK_LATE, 10)) {
		later(e, sim_between(0, VISIBILITY_MS - ANSWER_MS), reach);
		sim_sleep(ANSWER_MS);
		return;
	}
	if (!sim.is_on[SIM_BANK_FORGETS] && SIM_YES(SIM_BANK_TWICE, 60)) {
		send_twice(debit);
	}
	reach(e);
	if (SIM_YES(SIM_BANK_TEXTS, 30)) {
		e->unclear_until = sim.now + sim_delay(60000);
	}
	e = find(debit);
	if (!is_silent(out) && sim_sleep(sim_between(1, 300)) == 0) {
		tell(e, out);
	}
}

static void
bank_query(void *self, const struct bank_debit *debit, int64_t now, struct bank_answer *out)
{
	const struct entry *e;

	(void)self;
	(void)now;
	*out = (struct bank_answer){ .outcome = BANK_NO_ANSWER };
	if (is_silent(out) || sim_sleep(sim_between(1, 300)) < 0) {
		return;
	}
	if (is_closed()) {
		say(out, "", "系统当前非工作状态");
		return;
	}
	e = find(debit);
	if (e == NULL) {
		say(out, "94054", "无此扣税记录");
	} else {
		tell(e, out);
	}
}

static void
give_back(void *user)
{
	struct entry *e = user;
	char key[65];

	e->event = 0;
	e->is_returning = 0;
	e->stage = GIVEN_BACK;
	sim_check_reversal(&e->debit);
	key_of(&e->debit, key);
	move(key, e->debit.op_id, "reverse", e->debit.account_no, e->debit.amount,
	    e->debit.tax_ticket_no);
}

static int
may_give_back(struct entry *e)
{
	char today[DATE_SIZE], then[DATE_SIZE];

	date_from_ms(sim.now, today);
	date_from_ms(e->at, then);
	e->is_reconciled |= strcmp(today, then) != 0 || SIM_YES(SIM_BANK_REFUSES, 15);
	return e->stage == EXECUTED && !e->is_reconciled;
}

/* Whether the answer is said by now. */
static int
refuse_reversal(struct entry *e, struct bank_answer *out)
{
	if (e == NULL || !is_executed(e)) {
		say(out, "94054", "无此扣税记录");
	} else if (e->is_returning) {
		say(out, "", "正在处理");
	} else if (!may_give_back(e)) {
		say(out, "94032", "不能冲正");
	} else {
		return 0;
	}
	return 1;
}

static void
bank_reverse(void *self, const struct bank_debit *debit, int64_t now, struct bank_answer *out)
{
	struct entry *e = find(debit);

	(void)self;
	(void)now;
	*out = (struct bank_answer){ .outcome = BANK_NO_ANSWER };
	if (sim_is_dead() || SIM_YES(SIM_BANK_LOST, 15)) {
		sim_sleep(ANSWER_MS);
		return;
	}
	if (sim_sleep(sim_between(1, 300)) < 0) {
		return;
	}
	if (is_closed()) {
		say(out, "", "系统当前非工作状态");
		return;
	}
	if (refuse_reversal(e, out)) {
		return;
	}
	if (SIM_YES(SIM_BANK_LATE, 20)) {
		e->is_returning = 1;
		later(e, sim_between(0, VISIBILITY_MS), give_back);
		sim_sleep(ANSWER_MS);
		return;
	}
	give_back(e);
	if (!is_silent(out) && sim_sleep(sim_between(1, 300)) == 0) {
		say(out, "90000", "");
		date_from_ms(e->at, out->settled_on);
	}
}

static void
bank_counter(void *self, const char *voucher_no, int64_t amount, int64_t now,
    struct bank_answer *out)
{
	int64_t sum;

	(void)self;
	(void)now;
	*out = (struct bank_answer){ .outcome = BANK_NO_ANSWER };
	if (sim_is_dead() || SIM_YES(SIM_BANK_LOST, 15)) {
		sim_sleep(ANSWER_MS);
		return;
	}
	if (sim_sleep(sim_between(1, 300)) < 0) {
		return;
	}
	if (sim_bank_count(voucher_no, &sum) == 0) {
		if (SIM_YES(SIM_BANK_REFUSES, 15)) {
			say(out, "24003", "账户余额不足支付");
			return;
		}
		move(voucher_no, "", "counter", "", amount, voucher_no);
	}
	if (!is_silent(out)) {
		say(out, "90000", "");
		date_from_ms(sim.now, out->settled_on);
	}
}

static void
bank_history(void *self, bank_movement_fn *fn, void *user)
{
	size_t i;

	(void)self;
	for (i = 0; i < move_count; i++) {
		fn(&moves[i], user);
	}
}

struct bank sim_bank = {
	.debit = bank_debit,
	.query = bank_query,
	.reverse = bank_reverse,
	.counter = bank_counter,
	.history = bank_history,
	.visibility_ms = VISIBILITY_MS,
};

/* ---- the end */

void
sim_bank_heal(void)
{
	size_t i;

	for (i = 0; i < debit_count; i++) {
		struct entry *e = &debits[i];

		if (e->event != 0 && e->due > sim.now + 60000) {
			sim_cancel(e->event);
			later(e, sim_between(0, 60000), e->fn);
		}
	}
}

int
sim_bank_busy(void)
{
	size_t i;

	for (i = 0; i < debit_count && debits[i].event == 0; i++) {
	}
	return i < debit_count;
}
