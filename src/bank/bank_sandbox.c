/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sandbox bank: what a bank behind TIPS does, and on request what it does wrong. */
#include "bank_sandbox.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define VISIBILITY_MS 2000

enum fault {
	FAULT_NONE,
	FAULT_INSUFFICIENT_FUNDS,
	FAULT_AGREEMENT_INVALID,
	FAULT_NAME_MISMATCH,
	FAULT_NO_ANSWER,
	FAULT_NOT_EXECUTED,
	FAULT_LATE,
	FAULT_UNKNOWN_STATE,
	FAULT_TWICE,
	FAULT_FORGET,
	FAULT_MAINTENANCE,
	FAULT_COUNT
};

// clang-format off
static const char *const fault_names[] = {
	[FAULT_NONE]               = "none",
	[FAULT_INSUFFICIENT_FUNDS] = "insufficient_funds",
	[FAULT_AGREEMENT_INVALID]  = "agreement_invalid",
	[FAULT_NAME_MISMATCH]      = "name_mismatch",
	[FAULT_NO_ANSWER]          = "no_answer",
	[FAULT_NOT_EXECUTED]       = "not_executed",
	[FAULT_LATE]               = "late",
	[FAULT_UNKNOWN_STATE]      = "unknown_state",
	[FAULT_TWICE]              = "twice",
	[FAULT_FORGET]             = "forget",
	[FAULT_MAINTENANCE]        = "maintenance",
};
_Static_assert(ARRAY_LEN(fault_names) == FAULT_COUNT, "a name for every fault");

static const struct {
	const char *code;
	const char *words;
} results[] = {
	{ "90000", N_("交易成功") },
	{ "24001", N_("付款人账号不存在") },
	{ "24002", N_("账号户名不符") },
	{ "24003", N_("账户余额不足支付") },
	{ "99090", N_("协议无效") },
	{ "94032", N_("不能冲正") },
	{ "94054", N_("无此扣税记录") },
};
// clang-format on

static const char *
words_of(const char *code)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(results); i++) {
		if (strcmp(results[i].code, code) == 0) {
			return results[i].words;
		}
	}
	return "";
}

static void
say(struct bank_answer *out, enum bank_outcome outcome, const char *code, const char *words)
{
	*out = (struct bank_answer){ .outcome = outcome };
	mem_copy_text(out->result_code, sizeof(out->result_code), code);
	mem_copy_text(out->words, sizeof(out->words), words);
}

static void
say_entry(struct bank_answer *out, const struct bank_entry_line *line)
{
	const char *code = line->movement.result_code;

	say(out, bank_classify(code, words_of(code)), code, words_of(code));
	if (out->outcome == BANK_DONE) {
		date_from_ms(line->movement.at, out->settled_on);
	}
}

static void
debit_key(const struct bank_debit *d, char out[65])
{
	snprintf(out, 65, "%s/%s/%s", d->tax_authority_code, d->entrust_date, d->serial);
}

/* Maintenance with a duration: from the first call on, whoever calls. */
static int
is_closed(struct bank_sandbox *s, int64_t now)
{
	if (s->fault_until == 0) {
		s->fault_until = now + s->fault_delay_ms;
	}
	if (now < s->fault_until) {
		return 1;
	}
	s->fault_count = 0;
	return 0;
}

static enum fault
take_fault(struct bank_sandbox *s, int64_t now)
{
	if (s->fault == FAULT_MAINTENANCE && s->fault_count > 0 && s->fault_delay_ms > 0) {
		return is_closed(s, now) ? FAULT_MAINTENANCE : FAULT_NONE;
	}
	if (s->fault_count <= 0) {
		return FAULT_NONE;
	}
	s->fault_count--;
	return (enum fault)s->fault;
}

static const char *
judge(struct bank_sandbox *s, const struct bank_entry_line *line)
{
	const struct bank_account *a = bank_ledger_account(s, line->movement.account_no);

	if (a == NULL) {
		return "24001";
	}
	if (strcmp(a->account_name, line->account_name) != 0) {
		return "24002";
	}
	return a->balance < line->movement.amount ? "24003" : "90000";
}

static int
add_entry(struct bank_sandbox *s, struct bank_entry_line *line, const char *kind, const char *code)
{
	struct err err = { 0 };

	mem_copy_text(line->movement.kind, sizeof(line->movement.kind), kind);
	mem_copy_text(line->movement.result_code, sizeof(line->movement.result_code), code);
	return bank_ledger_add(s, line, &err);
}

/* Debits that were accepted to be executed later, and whose time has come. */
static void
execute_due(struct bank_sandbox *s, int64_t now)
{
	size_t i, count = s->entry_count;

	for (i = 0; i < count; i++) {
		struct bank_entry_line line = s->entries[i];

		if (strcmp(line.movement.kind, "late") != 0 || line.execute_at > now ||
		    bank_ledger_find(s, "debit", line.movement.key) != NULL) {
			continue;
		}
		line.movement.at = line.execute_at;
		if (add_entry(s, &line, "debit", judge(s, &line)) < 0) {
			return;
		}
	}
}

static struct bank_entry_line
line_of(const struct bank_debit *d, int64_t now)
{
	struct bank_entry_line line = { .movement = { .amount = d->amount, .at = now } };
	struct bank_movement *m = &line.movement;

	debit_key(d, m->key);
	mem_copy_text(m->op_id, sizeof(m->op_id), d->op_id);
	mem_copy_text(m->account_no, sizeof(m->account_no), d->account_no);
	mem_copy_text(m->tax_ticket_no, sizeof(m->tax_ticket_no), d->tax_ticket_no);
	mem_copy_text(line.account_name, sizeof(line.account_name), d->account_name);
	return line;
}

static int
same_content(const struct bank_entry_line *a, const struct bank_entry_line *b)
{
	return a->movement.amount == b->movement.amount &&
	       strcmp(a->movement.op_id, b->movement.op_id) == 0 &&
	       strcmp(a->movement.account_no, b->movement.account_no) == 0 &&
	       strcmp(a->movement.tax_ticket_no, b->movement.tax_ticket_no) == 0;
}

/* What is known about a key: the debit itself, else that it waits. */
static int
answer_known(struct bank_sandbox *s, const char *key, int64_t now, struct bank_answer *out)
{
	const struct bank_entry_line *done = bank_ledger_find(s, "debit", key);

	if (done != NULL) {
		if (done->execute_at > now) {
			say(out, BANK_UNKNOWN, "", N_("原交易状态不明"));
		} else {
			say_entry(out, done);
		}
		return 1;
	}
	if (bank_ledger_find(s, "late", key) != NULL) {
		say(out, BANK_UNKNOWN, "", N_("正在处理"));
		return 1;
	}
	return 0;
}

static const char *
fault_refusal(enum fault fault)
{
	switch (fault) {
	case FAULT_INSUFFICIENT_FUNDS:
		return "24003";
	case FAULT_AGREEMENT_INVALID:
		return "99090";
	case FAULT_NAME_MISMATCH:
		return "24002";
	case FAULT_NONE:
	case FAULT_NO_ANSWER:
	case FAULT_NOT_EXECUTED:
	case FAULT_LATE:
	case FAULT_UNKNOWN_STATE:
	case FAULT_TWICE:
	case FAULT_FORGET:
	case FAULT_MAINTENANCE:
	case FAULT_COUNT:
	default:
		return NULL;
	}
}

/* Executes a debit whose key is new (or forgotten). */
static void
execute(struct bank_sandbox *s, struct bank_entry_line *line, enum fault fault, struct bank_answer *out)
{
	const char *refusal = fault_refusal(fault);
	int64_t now = line->movement.at;

	if (fault == FAULT_LATE) {
		line->execute_at = now + s->fault_delay_ms;
		/* What could not be written was not accepted; either way there is no answer. */
		(void)!add_entry(s, line, "late", "");
		say(out, BANK_NO_ANSWER, "", N_("与国库通讯超时"));
		return;
	}
	if (fault == FAULT_UNKNOWN_STATE) {
		line->execute_at = now + s->fault_delay_ms;
	}
	if (add_entry(s, line, "debit", refusal != NULL ? refusal : judge(s, line)) < 0) {
		say(out, BANK_NO_ANSWER, "", N_("通信异常"));
		return;
	}
	if (fault == FAULT_NO_ANSWER) {
		say(out, BANK_NO_ANSWER, "", N_("与国库通讯超时"));
	} else if (fault == FAULT_UNKNOWN_STATE) {
		say(out, BANK_UNKNOWN, "", N_("原交易状态不明"));
	} else {
		say_entry(out, line);
	}
}

static void
debit_locked(struct bank_sandbox *s, const struct bank_debit *d, int64_t now,
    struct bank_answer *out)
{
	struct bank_entry_line line = line_of(d, now);
	const struct bank_entry_line *known;
	enum fault fault;

	execute_due(s, now);
	fault = take_fault(s, now);
	if (fault == FAULT_MAINTENANCE) {
		say(out, BANK_NOT_SENT, "", N_("系统当前非工作状态"));
		return;
	}
	if (fault == FAULT_NOT_EXECUTED) {
		say(out, BANK_NO_ANSWER, "", N_("与国库通讯超时"));
		return;
	}
	known = bank_ledger_find(s, NULL, line.movement.key);
	if (known != NULL && fault != FAULT_FORGET) {
		if (!same_content(known, &line)) {
			say(out, BANK_REFUSED, "92001", N_("无法识别的报文"));
			return;
		}
		answer_known(s, line.movement.key, now, out);
		return;
	}
	execute(s, &line, fault, out);
	if (fault == FAULT_TWICE) {
		answer_known(s, line.movement.key, now, out);
	}
}

static void
sandbox_debit(void *self, const struct bank_debit *d, int64_t now, struct bank_answer *out)
{
	struct bank_sandbox *s = self;

	bank_ledger_enter(s);
	debit_locked(s, d, now, out);
	bank_ledger_leave(s);
}

static void
sandbox_query(void *self, const struct bank_debit *d, int64_t now, struct bank_answer *out)
{
	struct bank_sandbox *s = self;
	char key[65];

	debit_key(d, key);
	bank_ledger_enter(s);
	execute_due(s, now);
	if (s->fault == FAULT_MAINTENANCE && take_fault(s, now) == FAULT_MAINTENANCE) {
		say(out, BANK_NO_ANSWER, "", N_("系统当前非工作状态"));
	} else if (!answer_known(s, key, now, out)) {
		say(out, BANK_NEVER_SEEN, "94054", words_of("94054"));
	}
	bank_ledger_leave(s);
}

/* Only on the day of the debit: afterwards the treasury has reconciled (TIPS 1021). */
static void
sandbox_reverse(void *self, const struct bank_debit *d, int64_t now, struct bank_answer *out)
{
	struct bank_sandbox *s = self;
	struct bank_entry_line line = line_of(d, now);
	const struct bank_entry_line *done;
	char today[DATE_SIZE], then[DATE_SIZE];

	bank_ledger_enter(s);
	execute_due(s, now);
	done = bank_ledger_find(s, "debit", line.movement.key);
	date_from_ms(now, today);
	date_from_ms(done == NULL ? 0 : done->movement.at, then);
	if (done == NULL || strcmp(done->movement.result_code, "90000") != 0) {
		say(out, BANK_REFUSED, "94054", words_of("94054"));
	} else if (bank_ledger_find(s, "reverse", line.movement.key) != NULL ||
		   strcmp(today, then) != 0) {
		say(out, BANK_REFUSED, "94032", words_of("94032"));
	} else if (add_entry(s, &line, "reverse", "90000") < 0) {
		say(out, BANK_NO_ANSWER, "", N_("通信异常"));
	} else {
		say_entry(out, &line);
	}
	bank_ledger_leave(s);
}

static void
sandbox_counter(
    void *self, const char *voucher_no, int64_t amount, int64_t now, struct bank_answer *out)
{
	struct bank_sandbox *s = self;
	struct bank_entry_line line = { .movement = { .amount = amount, .at = now } };
	const struct bank_entry_line *done;

	mem_copy_text(line.movement.key, sizeof(line.movement.key), voucher_no);
	mem_copy_text(line.movement.tax_ticket_no, sizeof(line.movement.tax_ticket_no), voucher_no);
	bank_ledger_enter(s);
	done = bank_ledger_find(s, "counter", voucher_no);
	if (done != NULL) {
		say_entry(out, done);
	} else if (add_entry(s, &line, "counter", "90000") < 0) {
		say(out, BANK_NO_ANSWER, "", N_("通信异常"));
	} else {
		say_entry(out, &line);
	}
	bank_ledger_leave(s);
}

static void
sandbox_history(void *self, bank_movement_fn *fn, void *user)
{
	struct bank_sandbox *s = self;
	size_t i;

	bank_ledger_enter(s);
	for (i = 0; i < s->entry_count; i++) {
		if (strcmp(s->entries[i].movement.kind, "late") != 0) {
			fn(&s->entries[i].movement, user);
		}
	}
	bank_ledger_leave(s);
}

int
bank_sandbox_open(
    const char *accounts_csv, const char *ledger, struct bank **out, struct err *err)
{
	struct bank_sandbox *s = mem_alloc(sizeof(*s));

	s->ledger_fd = -1;
	pthread_mutex_init(&s->lock, NULL);
	s->gateway = (struct bank){ .debit = sandbox_debit,
		.query = sandbox_query,
		.reverse = sandbox_reverse,
		.counter = sandbox_counter,
		.history = sandbox_history,
		.visibility_ms = VISIBILITY_MS,
		.self = s };
	if ((accounts_csv != NULL && bank_accounts_load(s, accounts_csv, err) < 0) ||
	    (ledger != NULL && bank_ledger_open(s, ledger, err) < 0)) {
		bank_sandbox_close(&s->gateway);
		return -1;
	}
	*out = &s->gateway;
	return 0;
}

void
bank_sandbox_close(struct bank *bank)
{
	struct bank_sandbox *s;

	if (bank == NULL) {
		return;
	}
	s = bank->self;
	bank_ledger_close(s);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static struct bank_sandbox *
sandbox_of(struct bank *bank, struct err *err)
{
	if (bank == NULL || bank->debit != sandbox_debit) {
		err_set(err, ERR_STATE, _("当前不是模拟银行，不能这样做"));
		return NULL;
	}
	return bank->self;
}

int
bank_sandbox_set_balance(struct bank *bank, const char *account_no, const char *account_name,
    int64_t balance, int64_t now, struct err *err)
{
	struct bank_sandbox *s = sandbox_of(bank, err);
	struct bank_entry_line line = { .movement = { .amount = balance, .at = now } };
	const struct bank_account *known;
	int failed;

	if (s == NULL) {
		return -1;
	}
	bank_ledger_enter(s);
	known = bank_ledger_account(s, account_no);
	if (account_name[0] == '\0' && known != NULL) {
		account_name = known->account_name;
	}
	mem_copy_text(line.account_name, sizeof(line.account_name), account_name);
	mem_copy_text(line.movement.account_no, sizeof(line.movement.account_no), account_no);
	mem_copy_text(line.movement.kind, sizeof(line.movement.kind), "balance");
	failed = bank_ledger_add(s, &line, err);
	bank_ledger_leave(s);
	return failed;
}

int
bank_sandbox_fault(struct bank *bank, const char *fault, int64_t count, int64_t delay_ms,
    struct err *err)
{
	struct bank_sandbox *s = sandbox_of(bank, err);
	int i;

	if (s == NULL) {
		return -1;
	}
	for (i = 0; i < FAULT_COUNT; i++) {
		if (strcmp(fault_names[i], fault) == 0) {
			bank_ledger_enter(s);
			s->fault = i;
			s->fault_count = count;
			s->fault_delay_ms = delay_ms;
			s->fault_until = 0;
			bank_ledger_leave(s);
			return 0;
		}
	}
	return err_set(err, ERR_DATA, _("没有这种故障：%s"), fault);
}
