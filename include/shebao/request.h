/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_WIRE_REQUEST_H
#define SHEBAO_WIRE_REQUEST_H

#include "shebao/certificate.h"
#include "shebao/payment.h"
#include "shebao/record.h"

/* What goes over the wire besides the nouns themselves. Every struct X here has X_type; a
 * mutation carries op_id, made where the user confirms. Secrets are wiped by record_release. */

#define PASSWORD_SIZE 129 /* at most 128 bytes */
#define PASSWORD_LEAST 8  /* characters of a new declaration password; an office may ask for more */
#define TOKEN_SIZE 65

struct login_request {
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char password[PASSWORD_SIZE]; /* secret */
	char client[65];              /* "shebao 0.1.0 host user", for the audit */
};

struct login_answer {
	char token[TOKEN_SIZE]; /* secret */
	int must_change;        /* the initial password: only password_change is allowed */
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char name[NAME_SIZE];
	int64_t expires_at;
	int64_t server_time;
};

struct password_request {
	char op_id[OP_ID_SIZE];
	char old_password[PASSWORD_SIZE]; /* secret */
	char new_password[PASSWORD_SIZE]; /* secret */
};

/* Lists: what changed after the cursor (a version), oldest change first, at most limit rows
 * (0: the service's page), and further ones that changed together with the last: so the next
 * cursor is the last row's version. */
struct list_request {
	int64_t after;
	int64_t limit;
};

struct declare_request {
	char op_id[OP_ID_SIZE];
	int kind;
	struct text_list levy_nos;
	int64_t amount; /* as shown on the confirm page */
};

struct declaration_void_request {
	char op_id[OP_ID_SIZE];
	char declaration_id[RECORD_ID_SIZE];
};

/* Answers when one of the ids is final, or after wait_ms (at most 20,000). */
struct feedback_request {
	struct text_list declaration_ids;
	int64_t wait_ms;
};

struct feedback_answer {
	struct record_list declarations; /* struct declaration */
};

enum proof_action {
	PROOF_PAY,
	PROOF_ISSUE_VOUCHER,
	PROOF_VOID_VOUCHER,
	PROOF_ACTION_COUNT
};

/* 安全认证. The proof is bound to session, action, exact levies (or voucher) and amount, is
 * good for five minutes and one use. */
struct proof_request {
	char password[PASSWORD_SIZE]; /* secret */
	int action;
	struct text_list levy_nos;
	int64_t amount;
	char voucher_no[TICKET_NO_SIZE];
};

struct proof_answer {
	char proof[TOKEN_SIZE]; /* secret */
	int64_t expires_at;
};

struct pay_request {
	char op_id[OP_ID_SIZE];
	char proof[TOKEN_SIZE];
	char agreement_no[61];
	struct text_list levy_nos;
	int64_t amount;
};

/* Asks the service where a payment stands; it asks the bank if it does not know. wait_ms as in
 * feedback_request. */
struct payment_query {
	char payment_no[RECORD_ID_SIZE];
	int64_t wait_ms;
};

struct voucher_request {
	char op_id[OP_ID_SIZE];
	char proof[TOKEN_SIZE];
	struct text_list levy_nos;
	int64_t amount;
	char bank_name[129]; /* the payer's account is optional */
	char account_no[33];
	char account_name[NAME_SIZE];
};

struct voucher_void_request {
	char op_id[OP_ID_SIZE];
	char proof[TOKEN_SIZE];
	char voucher_no[TICKET_NO_SIZE];
};

/* The sealed PDF of a voucher or certificate; a reprint counts. */
struct document_request {
	char op_id[OP_ID_SIZE];
	char number[TICKET_NO_SIZE];
};

struct document {
	char number[TICKET_NO_SIZE];
	char file_name[129]; /* a sensible name to save it under */
	char sha256[65];
	struct byte_string content;
};

/* First print: issues the certificate over all settled levies of the period that have none, or
 * answers an issued and undelivered one again, with the same number and bytes. */
struct certificate_request {
	char op_id[OP_ID_SIZE];
	int kind;
	char period_from[PERIOD_SIZE];
	char period_to[PERIOD_SIZE];
};

struct certificate_answer {
	char certificate_no[TICKET_NO_SIZE];
	int64_t amount;
	int64_t levy_count;
	char file_name[129];
	char sha256[65];
	struct byte_string content;
};

/* The client has saved the bytes with this hash: delivered. */
struct certificate_confirm {
	char op_id[OP_ID_SIZE];
	char certificate_no[TICKET_NO_SIZE];
	char sha256[65];
};

struct consultation_request {
	char op_id[OP_ID_SIZE];
	char question[1025];
	char diagnostics[2049];
};

/* What the paper shows, for GET /v1/verify/CODE. */
struct verify_request {
	char code[25];
};

struct verify_answer {
	char kind[33]; /* voucher, tax_paid, payment_proof */
	char number[TICKET_NO_SIZE];
	char name[NAME_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	int64_t amount;
	int64_t levy_count;
	char issued_on[DATE_SIZE];
	char state[33];
};

/* ---- officers, bureaus, the bank counter */

struct import_answer {
	int64_t rows;
	int64_t created;
	int64_t updated;
};

struct numbers_request {
	char op_id[OP_ID_SIZE];
	struct text_list numbers; /* levies to withdraw, ... */
	char reason[257];
};

struct numbers_answer {
	int64_t count;
};

struct password_reset_request {
	char op_id[OP_ID_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
};

/* 批扣清册: takes every initial levy of the employer and period. */
struct batch_list_request {
	char op_id[OP_ID_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char period_from[PERIOD_SIZE];
	char period_to[PERIOD_SIZE];
};

struct batch_list {
	char batch_list_no[RECORD_ID_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char period_from[PERIOD_SIZE];
	char period_to[PERIOD_SIZE];
	int64_t levy_count;
	int64_t amount;
	int64_t created_at;
	int64_t version;
};

struct settle_request {
	char op_id[OP_ID_SIZE];
	char voucher_no[TICKET_NO_SIZE];
	int64_t amount; /* 0: the voucher's own */
};

struct reverse_request {
	char op_id[OP_ID_SIZE];
	char payment_no[RECORD_ID_SIZE];
	char reason[193];
};

struct bank_balance_request {
	char account_no[33];
	char account_name[NAME_SIZE];
	int64_t balance;
};

/* Sandbox only: the next count debits fail in this way. */
struct bank_fault_request {
	char fault[33];
	int64_t count;
	int64_t delay_ms;
};

struct bank_entry {
	char op_id[OP_ID_SIZE];
	char kind[17]; /* debit, reverse, counter, balance */
	char account_no[33];
	int64_t amount;
	char result_code[9];
	char tax_ticket_no[TICKET_NO_SIZE];
	int64_t at;
};

struct audit_finding {
	char invariant[9]; /* I-07 */
	char table_name[33];
	char row_id[65];
	char detail[257];
};

struct audit_answer {
	int64_t checked;
	struct record_list findings; /* struct audit_finding */
};

struct consultation_answer_request {
	char op_id[OP_ID_SIZE];
	char consultation_id[33];
	char answer[1025];
};

struct problem {
	char type[65];
	char title[65];
	int64_t status;
	char code[33];
	int64_t number;
	char detail[ERR_TEXT_MAX];
	int64_t retry_after; /* seconds; 0: none */
};

extern const struct record_type request_login, request_login_answer, request_password,
    request_list, request_declare, request_declaration_void, request_feedback,
    request_feedback_answer, request_proof, request_proof_answer, request_pay,
    request_payment_query, request_voucher, request_voucher_void, request_document,
    request_document_answer, request_certificate, request_certificate_answer,
    request_certificate_confirm, request_consultation, request_verify, request_verify_answer,
    request_import_answer, request_numbers, request_numbers_answer, request_password_reset,
    request_batch_list, request_batch_list_answer, request_settle, request_reverse,
    request_bank_balance,
    request_bank_fault, request_bank_entry, request_audit_finding, request_audit_answer,
    request_consultation_answer, request_problem;

extern const struct choice_set request_proof_actions;

#endif
