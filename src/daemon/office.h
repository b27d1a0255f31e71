/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_OFFICE_H
#define SHEBAO_DAEMON_OFFICE_H

#include "daemon_settings.h"
#include "shebao/bank.h"
#include "shebao/db.h"
#include "shebao/service.h"

/*
 * What stands in the state folder, opened:
 *   lock         held while a daemon runs; a second one on the folder is refused
 *   books.db     the books, unless --database names others
 *   seal/        key and certificates of the sandbox office, made at the first start
 *   admin.token  token of an officer and bureau, made at the first start
 *   bank.ledger  of the sandbox bank
 */
struct office {
	int lock; /* -1: not held */
	struct db_pool *pool;
	struct seal *seal;
	struct bank *bank; /* NULL: none */
	struct service *service;
	struct db_pool *moved_pool; /* of office_move */
	int is_shared; /* other daemons may use the same database */
};

/* office is zero-filled with lock -1; also after a failure it is closed by office_close. */
int office_open(const struct daemon_settings *settings, struct office *office,
    struct err *err) __attribute__((warn_unused_result));
/* Moves the books to the database at settings->move_to and opens them there; *out is closed by the
 * caller before the office. */
int office_move(const struct daemon_settings *settings, struct office *office, int64_t *rows,
    struct service **out, struct err *err) __attribute__((warn_unused_result));
void office_close(struct office *office);

#endif
