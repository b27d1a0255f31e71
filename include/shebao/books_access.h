/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_BOOKS_ACCESS_H
#define SHEBAO_STORE_BOOKS_ACCESS_H

#include "shebao/books.h"

/* The books' memory of who did what, and who may: audit rows, operations, credentials,
 * sessions, proofs, tokens. All secrets are hashed. Rules as in shebao/books.h. */

/* ---- audit rows */

struct books_audit {
	char taxpayer_id[TAXPAYER_ID_SIZE]; /* whose chain */
	int64_t seq;
	int64_t at;
	char actor[65];
	char operation[49];
	char op_id[OP_ID_SIZE];
	char outcome[33]; /* done, or the name of the refusal */
	char detail[257];
	char prev[65];
	char hash[65];
};
extern const struct record_type books_audit_type;

/* Appends the row and moves the head, which must still be the row's prev. */
int books_audit_add(struct db *db, const struct books_audit *row, struct err *err)
    __attribute__((warn_unused_result));

/* Who did an operation; "" when nobody did. */
int books_audit_actor(struct db *db, const char *taxpayer_id, const char *op_id, char out[65],
    struct err *err) __attribute__((warn_unused_result));

/* For the audit: all rows of a chain; whose chains there are; every payment; every voucher;
 * number, sha256, content of every file; bytes and payment of every debit. */
int books_audit_rows(struct db *db, const char *taxpayer_id, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));
int books_audit_chains(struct db *db, struct text_list *out, struct err *err)
    __attribute__((warn_unused_result));
/* Payments with a reversal that the bank has not answered finally. */
int books_audit_reversals(struct db *db, struct text_list *out, struct err *err)
    __attribute__((warn_unused_result));
int books_audit_payments(struct db *db, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));
int books_audit_vouchers(struct db *db, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));
int books_audit_files(struct db *db, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));
int books_audit_debits(struct db *db, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));
/* Whether a payment or voucher has the ticket or the operation. */
int books_audit_movement_known(struct db *db, const char *tax_ticket_no, const char *op_id,
    struct err *err) __attribute__((warn_unused_result));

/* ---- operations done: op_id -> fingerprint -> answer, for ever */

struct books_op {
	char op_id[OP_ID_SIZE];
	char fingerprint[65];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char operation[49];
	int64_t status; /* HTTP */
	int64_t at;
	char result[65]; /* number the answer is made from, or "" */
};
extern const struct record_type books_op_type;

/* answer is appended to. */
int books_audit_op_find(struct db *db, const char *op_id, struct books_op *out, struct buf *answer,
    struct err *err) __attribute__((warn_unused_result));
int books_audit_op_add(struct db *db, const struct books_op *op, const char *answer, struct err *err)
    __attribute__((warn_unused_result));

/* ---- who may: credentials, sessions, proofs, tokens (all secrets hashed) */

struct books_credential {
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char hash[129]; /* Argon2id; "": the initial password stands */
	int64_t failures;
	int64_t locks;
	int64_t locked_until;
	int64_t changed_at;
};
extern const struct record_type books_credential_type;

int books_session_credential_find(struct db *db, const char *taxpayer_id, struct books_credential *out,
    struct err *err) __attribute__((warn_unused_result));
int books_session_credential_put(struct db *db, const struct books_credential *credential,
    struct err *err) __attribute__((warn_unused_result));

struct books_session {
	char token_hash[65];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	int must_change;
	int64_t created_at;
	int64_t used_at;
	int64_t expires_at;
	char client[65];
	char source[65];
};
extern const struct record_type books_session_type;

int books_session_find(struct db *db, const char *token_hash, struct books_session *out,
    struct err *err) __attribute__((warn_unused_result));
int books_session_add(struct db *db, const struct books_session *session, struct err *err)
    __attribute__((warn_unused_result));
int books_session_touch(struct db *db, const char *token_hash, int64_t now, struct err *err)
    __attribute__((warn_unused_result));
int books_session_end(struct db *db, const char *token_hash, struct err *err)
    __attribute__((warn_unused_result));
/* All of the employer's but keep (may be ""), whose must_change is cleared. */
int books_session_end_others(struct db *db, const char *taxpayer_id, const char *keep,
    struct err *err) __attribute__((warn_unused_result));
/* Sessions over and proofs stale at now. */
int books_session_sweep(struct db *db, int64_t now, int64_t idle_ms, int64_t *count,
    struct err *err) __attribute__((warn_unused_result));

/* subject is the hash of action, levies, voucher and amount. */
int books_session_proof_add(struct db *db, const char *proof_hash, const struct books_session *session,
    const char *subject, int64_t expires_at, struct err *err) __attribute__((warn_unused_result));
/* Uses it up; ERR_PROOF unless exactly this proof is good now. */
int books_session_proof_use(struct db *db, const char *proof_hash,
    const struct books_session *session, const char *subject, int64_t now, struct err *err) __attribute__((warn_unused_result));

/* Of an officer or a bureau. */
struct books_token {
	char token_hash[65];
	char token_id[13]; /* how people call it */
	char name[65];
	int64_t role;
	int64_t created_at;
	int64_t expires_at; /* 0: never */
};
int books_session_token_add(struct db *db, const struct books_token *token, struct err *err)
    __attribute__((warn_unused_result));
/* Its roles, if it is good at now. */
int books_session_token_find(struct db *db, const char *token_hash, int64_t now, int64_t *role,
    struct err *err) __attribute__((warn_unused_result));
/* As token_row of shebao/request.h, oldest first. */
int books_session_token_list(struct db *db, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));
/* ERR_NOT_FOUND. */
int books_session_token_remove(struct db *db, const char *token_id, struct err *err)
    __attribute__((warn_unused_result));

/* ---- logins that failed, by where they came from */

/* 1 while the source may not log in, until *until. */
int books_source_locked(struct db *db, const char *source, int64_t now, int64_t *until,
    struct err *err) __attribute__((warn_unused_result));
/* Notes a failure, in no transaction. When it was the limit'th employer since then, the source is
 * locked for twice as long as the last time, from first_ms to last_ms. */
struct books_source_rule {
	int64_t since, limit, first_ms, last_ms;
};
int books_source_fail(struct db *db, const char *source, const char *taxpayer_id, int64_t now,
    const struct books_source_rule *rule, struct err *err) __attribute__((warn_unused_result));
/* Forgets failures of before and locks that have been over for longer. */
int books_source_sweep(struct db *db, int64_t before, struct err *err)
    __attribute__((warn_unused_result));

/* ---- passwords of before */

int books_password_keep(struct db *db, const char *taxpayer_id, int64_t at, const char *hash,
    struct err *err) __attribute__((warn_unused_result));
/* The last hashes, newest first; read before db_rows_close. */
int books_password_past(struct db *db, const char *taxpayer_id, int64_t limit, struct rows **out,
    struct err *err) __attribute__((warn_unused_result));

/* ---- checks of the books alone: each row of the table is an invariant and a query that
 * gives table, row and detail of what breaks it */
struct books_check {
	const char *invariant;
	const char *table_name;
	const char *sql; /* columns: row, detail */
};
extern const struct books_check books_checks[];
extern const size_t books_check_count;

#endif
