/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_ERR_H
#define SHEBAO_BASE_ERR_H

#include <stdio.h>

/*
 * Errors. A function that can fail returns 0 or -1 and takes a struct err last; the caller
 * owns it, zero-filled. The first failure wins: err_set on an err that already carries one
 * changes nothing, so that cleaning up never hides the cause. err may be NULL.
 *
 * One table (err_info) gives each code its number, its name on the wire, the HTTP status of
 * the service, the exit status of the programs and what the user can do about it. [20101] is
 * the number of the official client; the other numbers are ours.
 */

#define ERR_TEXT_MAX 640

enum err_code {
	ERR_NONE,
	ERR_USAGE,             /* command line */
	ERR_REQUEST,           /* a request that cannot be read */
	ERR_DATA,              /* data that breaks a rule: a file's row, an identifier, a date */
	ERR_LIMIT,             /* too large, too many, too long */
	ERR_WRONG_PASSWORD,    /* [20101], the manual's words */
	ERR_PASSWORD_LOCKED,   /* too many failures */
	ERR_PASSWORD_RULE,     /* the new password is not acceptable */
	ERR_PASSWORD_INITIAL,  /* the initial password must be changed first */
	ERR_SESSION,           /* not logged in, or no longer */
	ERR_FORBIDDEN,         /* the role may not do this */
	ERR_PROOF,             /* the password proof is missing, stale, used or for something else */
	ERR_NOT_FOUND,
	ERR_STATE,             /* the state table does not list this event */
	ERR_TAKEN,             /* somebody else's operation holds the levy */
	ERR_AMOUNT,            /* the amount is not the one that was confirmed */
	ERR_CHANNEL,           /* the other way of paying holds the levy */
	ERR_BATCH_LISTED,      /* 批扣清册生成 */
	ERR_VOUCHER_PAID,      /* the bank has debited: it cannot be voided */
	ERR_AGREEMENT,         /* no valid three-party agreement */
	ERR_PRINTED,           /* first print was made: use reprint */
	ERR_NOTHING,           /* the selection is empty */
	ERR_NOT_SETTLED,       /* 费款尚未入库 */
	ERR_BANK,              /* the bank refused, finally */
	ERR_SEAL,              /* the document's seal is missing or broken */
	ERR_OP_CONFLICT,       /* same op_id, other content */
	ERR_OP_PROGRESS,       /* same op_id, still being worked on */
	ERR_OUTCOME_UNKNOWN,   /* sent, not answered: ask, never send anew */
	ERR_BUSY,              /* the service asks to come back later */
	ERR_UNREACHABLE,       /* the service cannot be reached */
	ERR_SERVICE,           /* the service failed */
	ERR_LOCAL,             /* disk, database, terminal of this machine */
	ERR_CANCELLED,         /* the user said so */
	ERR_CODE_COUNT
};

struct err {
	enum err_code code;
	char text[ERR_TEXT_MAX];
};

struct err_info {
	const char *name;   /* on the wire and in --json: "wrong_password" */
	int number;         /* in brackets before the text: 20101; 0: none */
	int http_status;
	int exit_status;    /* 1 rule, 2 usage, 3 service, 4 unknown outcome, 5 local */
	const char *advice; /* what to do, one sentence in Chinese (msgid); "" if the text says it */
};

/* Sets code and formatted text, cleaned (text.h), unless err already carries a failure; always
 * returns -1. */
int err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts formatted text and ": " before the text of a failure that crosses a folder; returns -1. */
int err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Forgets a failure, so that err can be used again. */
void err_clear(struct err *err);

/* Never NULL. */
const struct err_info *err_info(enum err_code code);

/* Prints the table as aligned text: number, name, exit status, HTTP status, what to do. */
void err_print_table(FILE *out);

/* What a user reads: "[20101]text", and on the next line what to do. */
struct buf;
void err_describe(const struct err *err, struct buf *out);

/* ERR_SERVICE when the name is not in the table. */
enum err_code err_code_by_name(const char *name);

#endif
