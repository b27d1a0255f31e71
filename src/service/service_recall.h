/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_RECALL_H
#define SHEBAO_SERVICE_SERVICE_RECALL_H

#include "service_call.h"

/*
 * What has changed, by employer, and answers to polls that are true until then.
 *
 * Each committed change moves the counter of its employers, or of all (imports and whatever else
 * an officer does). Employers share 1,024 counters: a poll is answered anew once too often rather
 * than once too seldom. An answer is kept under a tag of token and body with the counter as it
 * stood before the books were read, so it is given again only while nothing has been changed since,
 * to the same session, and no longer than the session may go without its use being noted. What
 * other processes change is not counted: on PostgreSQL, where there may be some, nothing is kept.
 */
struct service_recall; /* opaque */

/* keeps: answers, too; otherwise it only counts. */
struct service_recall *service_recall_new(int keeps);
void service_recall_free(struct service_recall *recall);

/* A change was committed. */
void service_recall_changed(struct service_recall *recall, const struct service_call *call);

/* Which counter is the employer's, and where it stands. */
unsigned service_recall_watch(const char *taxpayer_id);
uint64_t service_recall_count(struct service_recall *recall, unsigned watch);

/* Keeps the answer of a call for its like, until a time (wall clock ms) at the latest. */
void service_recall_keep(
    struct service_recall *recall, const struct service_call *call, int64_t until);

#endif
