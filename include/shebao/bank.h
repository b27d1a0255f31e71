/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BANK_BANK_H
#define SHEBAO_BANK_BANK_H

#include "shebao/employer.h"
#include "shebao/levy.h"

/*
 * The bank gateway, modelled on TIPS (treasury information processing system): 1001/2001
 * debit, 9003/9004 query, 1021/2021 reversal. The key of a debit is tax office, entrust date
 * and serial; the same key with the same content gives the first answer again, with other
 * content a refusal. Every call may come back BANK_NO_ANSWER: then nothing is known.
 */
enum bank_outcome {
	BANK_DONE,       /* money moved */
	BANK_REFUSED,    /* final: no money moved and none will */
	BANK_UNKNOWN,    /* the bank itself cannot say yet */
	BANK_NEVER_SEEN, /* query only: no such debit */
	BANK_NOT_SENT,   /* debit only: the link did not take it; this attempt moved nothing */
	BANK_NO_ANSWER,  /* time-out, broken link, unlisted code: ask later */
	BANK_OUTCOME_COUNT
};

struct bank_debit {
	char tax_authority_code[17];
	char entrust_date[DATE_SIZE];
	char serial[9];
	char op_id[33];
	char tax_ticket_no[TICKET_NO_SIZE];
	char agreement_no[61];
	char account_no[33];
	char account_name[NAME_SIZE];
	int64_t amount; /* fen, > 0 */
};

struct bank_answer {
	enum bank_outcome outcome;
	char result_code[9]; /* 90000, 24003 ...; "" without an answer */
	char words[257];     /* the bank's own */
	char settled_on[DATE_SIZE];
};

struct bank_movement {
	char key[65];  /* office/date/serial, or the voucher number for the counter */
	char op_id[33];
	char kind[17]; /* debit, reverse, counter, balance */
	char account_no[33];
	int64_t amount;
	char result_code[9];
	char tax_ticket_no[TICKET_NO_SIZE];
	int64_t at;
};

typedef void bank_movement_fn(const struct bank_movement *movement, void *user);

/* One gateway; two implementations: the sandbox, and the one of the simulator. Calls may be
 * made from several threads. now is wall clock ms. */
struct bank {
	void (*debit)(void *self, const struct bank_debit *debit, int64_t now, struct bank_answer *out);
	void (*query)(void *self, const struct bank_debit *debit, int64_t now, struct bank_answer *out);
	void (*reverse)(void *self, const struct bank_debit *debit, int64_t now, struct bank_answer *out);
	/* Money over the counter for a voucher; asked before the books settle it, same key twice
	 * counts once. */
	void (*counter)(void *self, const char *voucher_no, int64_t amount, int64_t now, struct bank_answer *out);
	/* All movements in the order they happened. */
	void (*history)(void *self, bank_movement_fn *fn, void *user);
	int64_t visibility_ms; /* BANK_NEVER_SEEN counts only when the debit was sent longer ago */
	void *self;
};

/* The one classification of result codes and texts (the guidance of the State Taxation
 * Administration on failed debits); what is not in it is BANK_UNKNOWN. A text that leaves the
 * outcome open wins over a code of refusal. */
enum bank_outcome bank_classify(const char *result_code, const char *words);

/*
 * The sandbox bank: accounts from bank.csv (account_no, account_name, balance), a durable
 * append-only ledger (one line a movement, fsynced), faults on request. accounts_csv NULL: no
 * accounts yet; ledger NULL: everything in memory. A last line that a crash tore is cut off.
 * Money moves only when the account exists, its name agrees and the balance suffices.
 *
 * Faults: insufficient_funds, agreement_invalid, name_mismatch (refused); no_answer (executed,
 * not answered); not_executed (neither); late (not answered, executed after delay_ms, 正在处理
 * until then); unknown_state (executed, but 原交易状态不明 until delay_ms have passed); twice (the
 * debit arrives twice); forget (a key seen before is executed again); maintenance
 * (系统当前非工作状态: queries count, too, and are not answered; with delay_ms for so long from
 * the first call on, however many there are). ERR_DATA for another name,
 * ERR_STATE when bank is not a sandbox.
 */
int bank_sandbox_open(const char *accounts_csv, const char *ledger, struct bank **out,
    struct err *err) __attribute__((warn_unused_result));
void bank_sandbox_close(struct bank *bank);
int bank_sandbox_set_balance(struct bank *bank, const char *account_no, const char *account_name,
    int64_t balance, int64_t now, struct err *err) __attribute__((warn_unused_result));
int bank_sandbox_fault(struct bank *bank, const char *fault, int64_t count, int64_t delay_ms,
    struct err *err) __attribute__((warn_unused_result));

#endif
