/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CLI_CTL_COMMAND_H
#define SHEBAO_CLI_CTL_COMMAND_H

#include "options.h"
#include "shebao/operation.h"
#include "shebao/sync.h"

/* Settings of shebaoctl, and what its commands work with. */
struct ctl {
	const char *server, *token_file, *ca_file, *client_cert, *client_key, *lang;
	int json;
	const char *reason;                             /* levy withdraw, payment reverse */
	const char *employer, *period_from, *period_to; /* batch-list create */
	const char *amount;                             /* voucher settle */
	const char *account_name;                       /* bank set-balance */
	int64_t count, delay_ms;                        /* bank fault */
	const char *role, *token_name;                  /* token create */
	int64_t days;

	struct loop *loop;
	struct sync *sync;
};

command_fn ctl_import_employers, ctl_import_levies, ctl_import_agreements,
    ctl_import_accounts;
command_fn ctl_office_withdraw, ctl_office_reset, ctl_office_batch_create,
    ctl_office_batch_show, ctl_office_settle, ctl_office_reverse, ctl_office_questions,
    ctl_office_answer, ctl_office_audit;
command_fn ctl_bank_balance, ctl_bank_fault, ctl_bank_ledger;
command_fn ctl_backup_save;
command_fn ctl_token_create, ctl_token_list, ctl_token_revoke;
command_fn ctl_completion;

/* Asks the service. A change whose answer was lost is sent again with the same op_id and bytes,
 * which the service answers as the first time. */
int ctl_ask(struct ctl *ctl, enum operation op, const void *request, void *answer,
    struct err *err) __attribute__((warn_unused_result));

/* A whole list, released by record_list_release with the type of the operation's answer. */
int ctl_list(struct ctl *ctl, enum operation op, struct record_list *out, struct err *err)
    __attribute__((warn_unused_result));

/* Sets a text member of a request from an argument; ERR_USAGE names what. */
int ctl_set(const struct record_type *type, void *request, const char *member,
    const char *value, struct err *err) __attribute__((warn_unused_result));

#endif
