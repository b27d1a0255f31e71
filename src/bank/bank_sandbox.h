/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BANK_BANK_SANDBOX_H
#define SHEBAO_BANK_BANK_SANDBOX_H

#include <pthread.h>
#include <sys/types.h>

#include "shebao/bank.h"

struct bank_account {
	char account_no[33];
	char account_name[NAME_SIZE];
	int64_t balance; /* fen */
};

/* One line of the ledger. kind "late" is a debit accepted and not yet executed. */
struct bank_entry_line {
	struct bank_movement movement;
	char account_name[NAME_SIZE];
	int64_t execute_at; /* when it is executed, or answers the truth */
};

struct bank_sandbox {
	struct bank gateway;
	pthread_mutex_t lock;
	int ledger_fd; /* -1: in memory */
	off_t known;   /* bytes of the file that are in memory */
	struct bank_account *accounts;
	size_t account_count;
	struct bank_entry_line *entries;
	size_t entry_count, entry_room;
	size_t *buckets; /* index + 1 of the newest entry of a hash */
	size_t *older;   /* per entry: index + 1 of the next older one of its bucket */
	size_t bucket_count;
	int fault;
	int64_t fault_count, fault_delay_ms;
	int64_t fault_until; /* maintenance with a duration; 0: not begun */
};

/* ---- bank_ledger.c: what has happened, in memory and on disk */

/* Reads what the file holds and leaves it open for appending. */
int bank_ledger_open(struct bank_sandbox *s, const char *path, struct err *err)
    __attribute__((warn_unused_result));
void bank_ledger_close(struct bank_sandbox *s);

/* Between them nobody else looks at or changes the ledger, in this process or in another one that
 * has the same file; what others have added meanwhile is in memory then. */
void bank_ledger_enter(struct bank_sandbox *s);
void bank_ledger_leave(struct bank_sandbox *s);

/* Writes the line, syncs, and only then applies it to the accounts. */
int bank_ledger_add(struct bank_sandbox *s, const struct bank_entry_line *line, struct err *err)
    __attribute__((warn_unused_result));

/* Newest entry of kind (NULL: any) and key; borrowed until the next add. */
const struct bank_entry_line *bank_ledger_find(
    const struct bank_sandbox *s, const char *kind, const char *key);

/* NULL when there is none. */
struct bank_account *bank_ledger_account(struct bank_sandbox *s, const char *account_no);
void bank_ledger_set_account(
    struct bank_sandbox *s, const char *account_no, const char *account_name, int64_t balance);

/* ---- bank_accounts.c: what it begins with */

/* Columns account_no, account_name and balance in any order, others ignored. ERR_DATA "path:line: column: ..." */
int bank_accounts_load(struct bank_sandbox *s, const char *path, struct err *err)
    __attribute__((warn_unused_result));

#endif
