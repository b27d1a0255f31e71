/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_LANE_H
#define SHEBAO_SERVICE_SERVICE_LANE_H

#include "shebao/db.h"

/*
 * Group commit. SQLite has one writer at a time and a sync for each commit; so the writers of one
 * process go, one after the other, through one connection, each in a savepoint of its own, and those
 * who came while a commit was under way share the next one. Nobody goes on before the commit is
 * durable, whoever was refused neither: the refusal may be for what one before did. What one undoes
 * is undone alone. With a single writer each commit is its own, and nobody waits.
 */
struct service_lane; /* opaque */

/* db is borrowed; nobody else uses it until service_lane_free. */
struct service_lane *service_lane_new(struct db *db);
void service_lane_free(struct service_lane *lane);

/* What one writer does, on db, inside its savepoint, in any of the threads; -1 undoes it. */
typedef int service_lane_fn(struct db *db, void *user, struct err *err);

/* 0: done, and durable. -1: fn failed (err is its), or saving did (ERR_OUTCOME_UNKNOWN, ERR_LOCAL;
 * ERR_BUSY: another member took the whole group down, and it may be tried again). -2: the lane was
 * not free within wait_ms (ERR_BUSY), nothing was done. Safe between threads; fn must not call it. */
int service_lane_run(struct service_lane *lane, int64_t wait_ms, service_lane_fn *fn, void *user,
    struct err *err) __attribute__((warn_unused_result));

#endif
