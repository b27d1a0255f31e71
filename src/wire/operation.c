/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operations table: what the service can be asked, by whom, where. */
#include "shebao/operation.h"

#include <assert.h>
#include <string.h>

#include "shebao/account.h"
#include "shebao/agreement.h"
#include "shebao/certificate.h"
#include "shebao/consultation.h"
#include "shebao/levy.h"
#include "shebao/mem.h"
#include "shebao/payment.h"
#include "shebao/registration.h"
#include "shebao/request.h"
#include "shebao/state_table.h"
#include "shebao/token.h"
#include "shebao/unit.h"
#include "shebao/voucher.h"

#define ANYBODY 0
#define OFFICES (ROLE_OFFICER | ROLE_BUREAU)

// clang-format off
static const struct operation_row rows[] = {
	/* ---- session */
	[OPERATION_LOGIN] = { "login", "POST", "/v1/login", ANYBODY, OPERATION_SECRET | OPERATION_INITIAL_OK,
		&request_login, &request_login_answer, 200, "Log in with the declaration password; the answer says whether it must be changed first" },
	[OPERATION_LOGOUT] = { "logout", "POST", "/v1/logout", ROLE_CLERK, OPERATION_INITIAL_OK,
		NULL, NULL, 200, "End the session" },
	[OPERATION_PASSWORD_CHANGE] = { "password_change", "POST", "/v1/password", ROLE_CLERK, OPERATION_MUTATES | OPERATION_SECRET | OPERATION_INITIAL_OK,
		&request_password, NULL, 200, "Change the declaration password" },

	/* ---- what the employer has */
	[OPERATION_EMPLOYER_SHOW] = { "employer_show", "GET", "/v1/employer", ROLE_CLERK, 0,
		NULL, &employer_type, 200, "The employer's registration" },
	[OPERATION_UNIT_LIST] = { "unit_list", "GET", "/v1/units", ROLE_CLERK, OPERATION_LISTS,
		&request_list, &unit_type, 200, "The employer's unit numbers" },
	[OPERATION_LEVY_LIST] = { "levy_list", "GET", "/v1/levies", ROLE_CLERK, OPERATION_LISTS,
		&request_list, &levy_type, 200, "Levies that changed after a cursor" },
	[OPERATION_AGREEMENT_LIST] = { "agreement_list", "GET", "/v1/agreements", ROLE_CLERK, OPERATION_LISTS,
		&request_list, &agreement_type, 200, "Three-party agreements" },
	[OPERATION_ACCOUNT_LIST] = { "account_list", "GET", "/v1/accounts", ROLE_CLERK, OPERATION_LISTS,
		&request_list, &account_type, 200, "Deposit accounts known to the tax office" },

	/* ---- declarations */
	[OPERATION_DECLARATION_LIST] = { "declaration_list", "GET", "/v1/declarations", ROLE_CLERK, OPERATION_LISTS,
		&request_list, &declaration_type, 200, "Declarations that changed after a cursor" },
	[OPERATION_DECLARATION_SUBMIT] = { "declaration_submit", "POST", "/v1/declarations", ROLE_CLERK, OPERATION_MUTATES,
		&request_declare, &declaration_type, 202, "Declare a set of levies; decided later, see feedback" },
	[OPERATION_DECLARATION_VOID] = { "declaration_void", "POST", "/v1/declarations/void", ROLE_CLERK, OPERATION_MUTATES,
		&request_declaration_void, &declaration_type, 202, "Void an accepted declaration; decided later, see feedback" },
	[OPERATION_FEEDBACK] = { "feedback", "POST", "/v1/feedback", ROLE_CLERK, OPERATION_WAITS,
		&request_feedback, &request_feedback_answer, 200, "Where declarations stand; held until one of them is final" },

	/* ---- payments and vouchers */
	[OPERATION_PROOF] = { "proof", "POST", "/v1/proofs", ROLE_CLERK, OPERATION_SECRET,
		&request_proof, &request_proof_answer, 200, "Prove the declaration password for one payment, voucher or voiding" },
	[OPERATION_PAYMENT_LIST] = { "payment_list", "GET", "/v1/payments", ROLE_CLERK, OPERATION_LISTS,
		&request_list, &payment_type, 200, "Payments that changed after a cursor" },
	[OPERATION_PAYMENT_SUBMIT] = { "payment_submit", "POST", "/v1/payments", ROLE_CLERK, OPERATION_MUTATES,
		&request_pay, &payment_type, 202, "Debit a set of levies under an agreement; see payment_query for the outcome" },
	[OPERATION_PAYMENT_QUERY] = { "payment_query", "POST", "/v1/payments/query", ROLE_CLERK, OPERATION_WAITS,
		&request_payment_query, &payment_type, 200, "Where a payment stands; held until it is final" },
	[OPERATION_VOUCHER_LIST] = { "voucher_list", "GET", "/v1/vouchers", ROLE_CLERK, OPERATION_LISTS,
		&request_list, &voucher_type, 200, "Vouchers that changed after a cursor" },
	[OPERATION_VOUCHER_ISSUE] = { "voucher_issue", "POST", "/v1/vouchers", ROLE_CLERK, OPERATION_MUTATES,
		&request_voucher, &voucher_type, 201, "Issue a voucher to pay at a bank counter" },
	[OPERATION_VOUCHER_DOCUMENT] = { "voucher_document", "POST", "/v1/vouchers/document", ROLE_CLERK, OPERATION_MUTATES,
		&request_document, &request_document_answer, 200, "The sealed PDF of a voucher" },
	[OPERATION_VOUCHER_VOID] = { "voucher_void", "POST", "/v1/vouchers/void", ROLE_CLERK, OPERATION_MUTATES,
		&request_voucher_void, &voucher_type, 200, "Void a voucher that the bank has not debited" },

	/* ---- certificates */
	[OPERATION_CERTIFICATE_LIST] = { "certificate_list", "GET", "/v1/certificates", ROLE_CLERK, OPERATION_LISTS,
		&request_list, &certificate_type, 200, "Certificates that changed after a cursor" },
	[OPERATION_CERTIFICATE_ISSUE] = { "certificate_issue", "POST", "/v1/certificates", ROLE_CLERK, OPERATION_MUTATES,
		&request_certificate, &request_certificate_answer, 201, "First print of a certificate over the settled levies of a period" },
	[OPERATION_CERTIFICATE_CONFIRM] = { "certificate_confirm", "POST", "/v1/certificates/confirm", ROLE_CLERK, OPERATION_MUTATES,
		&request_certificate_confirm, &certificate_type, 200, "Say that the bytes with this hash are saved" },
	[OPERATION_CERTIFICATE_REPRINT] = { "certificate_reprint", "POST", "/v1/certificates/reprint", ROLE_CLERK, OPERATION_MUTATES,
		&request_document, &request_document_answer, 200, "The PDF of a certificate again, marked and counted as a reprint" },

	/* ---- questions, and what anybody may check */
	[OPERATION_CONSULTATION_LIST] = { "consultation_list", "GET", "/v1/consultations", ROLE_CLERK, OPERATION_LISTS,
		&request_list, &consultation_type, 200, "The employer's questions and their answers" },
	[OPERATION_CONSULTATION_ASK] = { "consultation_ask", "POST", "/v1/consultations", ROLE_CLERK, OPERATION_MUTATES,
		&request_consultation, &consultation_type, 201, "Ask the tax office a question" },
	[OPERATION_VERIFY] = { "verify", "GET", "/v1/verify/{code}", ANYBODY, 0,
		&request_verify, &request_verify_answer, 200, "What a printed document certifies, by the code on it" },
	[OPERATION_SEAL_CERTIFICATE] = { "seal_certificate", "GET", "/v1/seal", ANYBODY, 0,
		NULL, &request_document_answer, 200, "The certificate chain of the office's seal, PEM" },

	/* ---- officers, bureaus, the bank counter */
	[OPERATION_ADMIN_EMPLOYER_IMPORT] = { "admin_employer_import", "POST", "/admin/v1/employers", OFFICES, OPERATION_ROWS,
		&registration_type, &request_import_answer, 200, "Import employers and their unit numbers, all rows or none" },
	[OPERATION_ADMIN_LEVY_IMPORT] = { "admin_levy_import", "POST", "/admin/v1/levies", OFFICES, OPERATION_ROWS,
		&levy_push_type, &request_import_answer, 200, "Push levies, all rows or none" },
	[OPERATION_ADMIN_AGREEMENT_IMPORT] = { "admin_agreement_import", "POST", "/admin/v1/agreements", ROLE_OFFICER, OPERATION_ROWS,
		&agreement_type, &request_import_answer, 200, "Import three-party agreements, all rows or none" },
	[OPERATION_ADMIN_ACCOUNT_IMPORT] = { "admin_account_import", "POST", "/admin/v1/accounts", ROLE_OFFICER, OPERATION_ROWS,
		&account_type, &request_import_answer, 200, "Import deposit accounts, all rows or none" },
	[OPERATION_ADMIN_LEVY_WITHDRAW] = { "admin_levy_withdraw", "POST", "/admin/v1/levies/withdraw", OFFICES, OPERATION_MUTATES,
		&request_numbers, &request_numbers_answer, 200, "Withdraw levies that are not declared" },
	[OPERATION_ADMIN_PASSWORD_RESET] = { "admin_password_reset", "POST", "/admin/v1/passwords/reset", ROLE_OFFICER, OPERATION_MUTATES,
		&request_password_reset, NULL, 200, "Give an employer the initial password again" },
	[OPERATION_ADMIN_BATCH_LIST_CREATE] = { "admin_batch_list_create", "POST", "/admin/v1/batch-lists", ROLE_OFFICER, OPERATION_MUTATES,
		&request_batch_list, &request_batch_list_answer, 201, "Make a batch-debit list of every initial levy of an employer and period" },
	[OPERATION_ADMIN_BATCH_LIST_LIST] = { "admin_batch_list_list", "GET", "/admin/v1/batch-lists", ROLE_OFFICER, OPERATION_LISTS,
		NULL, &request_batch_list_answer, 200, "Batch-debit lists" },
	[OPERATION_ADMIN_VOUCHER_SETTLE] = { "admin_voucher_settle", "POST", "/admin/v1/vouchers/settle", ROLE_OFFICER, OPERATION_MUTATES,
		&request_settle, &voucher_type, 200, "Take money for a voucher at the bank counter" },
	[OPERATION_ADMIN_PAYMENT_REVERSE] = { "admin_payment_reverse", "POST", "/admin/v1/payments/reverse", ROLE_OFFICER, OPERATION_MUTATES,
		&request_reverse, &payment_type, 200, "Have the bank give a debit back, on its own day and before the treasury has reconciled" },
	[OPERATION_ADMIN_BANK_BALANCE] = { "admin_bank_balance", "POST", "/admin/v1/bank/balance", ROLE_OFFICER, 0,
		&request_bank_balance, NULL, 200, "Sandbox bank: set the balance of an account" },
	[OPERATION_ADMIN_BANK_FAULT] = { "admin_bank_fault", "POST", "/admin/v1/bank/fault", ROLE_OFFICER, 0,
		&request_bank_fault, NULL, 200, "Sandbox bank: let the next debits fail" },
	[OPERATION_ADMIN_BANK_LEDGER] = { "admin_bank_ledger", "GET", "/admin/v1/bank/ledger", ROLE_OFFICER, OPERATION_LISTS,
		NULL, &request_bank_entry, 200, "Sandbox bank: all movements of money" },
	[OPERATION_ADMIN_AUDIT] = { "admin_audit", "GET", "/admin/v1/audit", ROLE_OFFICER, 0,
		NULL, &request_audit_answer, 200, "Check all invariants, and the bank's ledger against the books" },
	[OPERATION_ADMIN_BACKUP] = { "admin_backup", "GET", "/admin/v1/backup", ROLE_OFFICER, OPERATION_FILE,
		NULL, NULL, 200, "The books as they are at one moment, as a SQLite file" },
	[OPERATION_ADMIN_TOKEN_CREATE] = { "admin_token_create", "POST", "/admin/v1/tokens", ROLE_OFFICER, OPERATION_SECRET,
		&request_token, &request_token_answer, 201, "A new token of an officer or a bureau; only this answer tells it" },
	[OPERATION_ADMIN_TOKEN_LIST] = { "admin_token_list", "GET", "/admin/v1/tokens", ROLE_OFFICER, OPERATION_LISTS,
		NULL, &request_token_row, 200, "Tokens of officers and bureaus, without their secrets" },
	[OPERATION_ADMIN_TOKEN_REVOKE] = { "admin_token_revoke", "POST", "/admin/v1/tokens/revoke", ROLE_OFFICER, OPERATION_MUTATES,
		&request_token_revoke, NULL, 200, "Let a token end at once" },
	[OPERATION_ADMIN_CONSULTATION_LIST] = { "admin_consultation_list", "GET", "/admin/v1/consultations", ROLE_OFFICER, OPERATION_LISTS,
		NULL, &consultation_type, 200, "Questions of all employers" },
	[OPERATION_ADMIN_CONSULTATION_ANSWER] = { "admin_consultation_answer", "POST", "/admin/v1/consultations/answer", ROLE_OFFICER, OPERATION_MUTATES,
		&request_consultation_answer, &consultation_type, 200, "Answer a question" },
};
// clang-format on
_Static_assert(ARRAY_LEN(rows) == OPERATION_COUNT, "a row for every operation");

const struct operation_row *
operation_row(enum operation op)
{
	assert((unsigned)op < OPERATION_COUNT);
	return &rows[op];
}

/* The path matches the row's; a {member} at the end takes what is left, one segment. */
static int
matches(const struct operation_row *row, const char *path, const char **tail)
{
	const char *brace = strchr(row->path, '{');
	size_t n;

	*tail = NULL;
	if (brace == NULL) {
		return strcmp(row->path, path) == 0;
	}
	n = (size_t)(brace - row->path);
	if (strncmp(row->path, path, n) != 0 || path[n] == '\0' ||
	    strchr(path + n, '/') != NULL) {
		return 0;
	}
	*tail = path + n;
	return 1;
}

int
operation_find(const char *method, const char *path, const char **tail)
{
	int known = 0;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		const char *found;

		if (!matches(&rows[i], path, &found)) {
			continue;
		}
		if (strcmp(rows[i].method, method) == 0) {
			*tail = found;
			return (int)i;
		}
		known = 1;
	}
	*tail = NULL;
	return known ? -2 : -1;
}
