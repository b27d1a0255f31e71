/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_JOURNAL_H
#define SHEBAO_STORE_JOURNAL_H

#include "shebao/buf.h"
#include "shebao/db.h"
#include "shebao/levy.h"

/*
 * The client's journal: the intent before it is sent. An entry holds the exact bytes of one
 * mutation; it is durable before the first byte leaves, and a retry sends the same bytes with
 * the same op_id. Entries are never deleted.
 *
 * An entry may hold levies: until it is final no other operation of this client can take them,
 * and their rows in the mirror show what is under way, whatever list the service sends
 * meanwhile.
 */
enum journal_hold {
	JOURNAL_HOLD_NONE,
	JOURNAL_HOLD_DECLARE, /* shown as 申报中 */
	JOURNAL_HOLD_PAY,     /* shown as 缴费中 */
	JOURNAL_HOLD_VOUCHER, /* shown as 凭证已开 */
	JOURNAL_HOLD_COUNT
};

struct journal_entry {
	char op_id[OP_ID_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char operation[49];   /* name in the operations table */
	int state;            /* of states_op */
	int64_t attempts;
	int64_t http_status;
	char code[33];        /* of the problem, "" */
	char reason[513];     /* in words, why it is not done */
	int64_t amount;       /* fen, 0 where there is none */
	int64_t levy_count;
	char fingerprint[65]; /* SHA-256 of the request's bytes */
	int64_t created_at;
	int64_t updated_at;
};

extern const struct record_type journal_entry_type;

/* Journals an intent in a transaction of its own, fsynced when it returns. ERR_TAKEN when one
 * of the levies is held by another entry that is not final. */
int journal_put(struct db *db, const struct journal_entry *entry, const struct buf *request,
    enum journal_hold hold, const struct text_list *levy_nos, struct err *err)
    __attribute__((warn_unused_result));

/* 1 found, 0 not, -1. request and answer may be NULL. */
int journal_find(struct db *db, const char *op_id, struct journal_entry *entry,
    struct buf *request, struct buf *answer, struct err *err) __attribute__((warn_unused_result));

/* Notes that an attempt begins (durable), and returns the bytes to send: nothing else is ever
 * sent. ERR_STATE when the entry is final. */
int journal_attempt(struct db *db, const char *op_id, int64_t now, struct buf *request,
    struct err *err) __attribute__((warn_unused_result));

/* How an attempt ended, within the caller's transaction: event of states_op. Lets the levies
 * go when the entry becomes final. */
struct journal_result {
	int event;
	int64_t http_status;
	const char *code;
	const char *reason;
	const void *answer;
	size_t answer_len;
};
int journal_result(struct db *db, const char *op_id, const struct journal_result *result,
    int64_t now, struct err *err) __attribute__((warn_unused_result));

/* Shows the rows that an entry holds as the service has them again, within a transaction: before
 * what its answer means is put there. */
int journal_uncover(struct db *db, const char *op_id, struct err *err)
    __attribute__((warn_unused_result));

/* Entries of the employer that are not final, oldest first; list of journal_entry_type. */
int journal_open(struct db *db, const char *taxpayer_id, struct record_list *out,
    struct err *err) __attribute__((warn_unused_result));
int journal_open_count(struct db *db, const char *taxpayer_id, int64_t *count, struct err *err)
    __attribute__((warn_unused_result));

/* Puts what the open entries hold over freshly downloaded rows; within the transaction that made
 * them the list, while they are still staged. */
int journal_overlay(struct db *db, const char *taxpayer_id, struct err *err)
    __attribute__((warn_unused_result));

#endif
