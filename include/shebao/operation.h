/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_WIRE_OPERATION_H
#define SHEBAO_WIRE_OPERATION_H

#include "shebao/record.h"

/* The operations table: routes of the daemon, calls of the client, openapi and the manual page
 * are made from it. The request of a GET is its query string, else a JSON body. */
enum operation {
	OPERATION_LOGIN,
	OPERATION_LOGOUT,
	OPERATION_PASSWORD_CHANGE,
	OPERATION_EMPLOYER_SHOW,
	OPERATION_UNIT_LIST,
	OPERATION_LEVY_LIST,
	OPERATION_AGREEMENT_LIST,
	OPERATION_ACCOUNT_LIST,
	OPERATION_DECLARATION_LIST,
	OPERATION_DECLARATION_SUBMIT,
	OPERATION_DECLARATION_VOID,
	OPERATION_FEEDBACK,
	OPERATION_PROOF,
	OPERATION_PAYMENT_LIST,
	OPERATION_PAYMENT_SUBMIT,
	OPERATION_PAYMENT_QUERY,
	OPERATION_VOUCHER_LIST,
	OPERATION_VOUCHER_ISSUE,
	OPERATION_VOUCHER_DOCUMENT,
	OPERATION_VOUCHER_VOID,
	OPERATION_CERTIFICATE_LIST,
	OPERATION_CERTIFICATE_ISSUE,
	OPERATION_CERTIFICATE_CONFIRM,
	OPERATION_CERTIFICATE_REPRINT,
	OPERATION_CONSULTATION_LIST,
	OPERATION_CONSULTATION_ASK,
	OPERATION_VERIFY,
	OPERATION_SEAL_CERTIFICATE, /* the office's certificate chain, PEM in byte_string */
	OPERATION_ADMIN_EMPLOYER_IMPORT,
	OPERATION_ADMIN_LEVY_IMPORT,
	OPERATION_ADMIN_AGREEMENT_IMPORT,
	OPERATION_ADMIN_ACCOUNT_IMPORT,
	OPERATION_ADMIN_LEVY_WITHDRAW,
	OPERATION_ADMIN_PASSWORD_RESET,
	OPERATION_ADMIN_BATCH_LIST_CREATE,
	OPERATION_ADMIN_BATCH_LIST_LIST,
	OPERATION_ADMIN_VOUCHER_SETTLE,
	OPERATION_ADMIN_PAYMENT_REVERSE,
	OPERATION_ADMIN_BANK_BALANCE,
	OPERATION_ADMIN_BANK_FAULT,
	OPERATION_ADMIN_BANK_LEDGER,
	OPERATION_ADMIN_AUDIT,
	OPERATION_ADMIN_BACKUP,
	OPERATION_ADMIN_TOKEN_CREATE,
	OPERATION_ADMIN_TOKEN_LIST,
	OPERATION_ADMIN_TOKEN_REVOKE,
	OPERATION_ADMIN_CONSULTATION_LIST,
	OPERATION_ADMIN_CONSULTATION_ANSWER,
	OPERATION_COUNT
};

enum operation_flags {
	OPERATION_MUTATES = 1,     /* carries op_id, is journalled and idempotent */
	OPERATION_LISTS = 2,       /* answers NDJSON, one record a line */
	OPERATION_ROWS = 4,        /* the request body is CSV rows of the request type, one file */
	OPERATION_SECRET = 8,      /* request or answer holds a secret: never journalled or logged */
	OPERATION_INITIAL_OK = 16, /* allowed while the initial password stands */
	OPERATION_WAITS = 32,      /* may be held open up to 20 s */
	OPERATION_FILE = 64        /* the answer is a file, no record */
};

/* Content type of the answer of OPERATION_FILE. */
#define OPERATION_FILE_TYPE "application/vnd.sqlite3"

struct operation_row {
	const char *name; /* "declaration_submit": also the operationId of openapi */
	const char *method;
	const char *path; /* {code} stands for the request's member of that name */
	unsigned role;    /* ROLE_ of shebao/state_table.h; 0: nobody need be logged in */
	unsigned flags;
	const struct record_type *request; /* NULL: none */
	const struct record_type *answer;  /* of the whole answer, or of one line of a list; NULL: none */
	int status;                        /* of success */
	const char *summary;               /* English, for openapi and the manual page */
};

/* Never NULL. */
const struct operation_row *operation_row(enum operation op);

/* Finds the row for method and path; members of the path go into *tail (NULL when none, a
 * pointer into path otherwise). -1: no such path, -2: path known, other method. */
int operation_find(const char *method, const char *path, const char **tail);

/* The OpenAPI 3.1 document of all operations, from the tables. */
struct buf;
void operation_openapi(struct buf *out);

#endif
