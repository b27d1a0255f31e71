/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_WORKERS_H
#define SHEBAO_DAEMON_WORKERS_H

#include <stdint.h>

#include "shebao/service.h"

/*
 * Threads that call the service. Requests that check a password cost 64 MiB and much time each
 * (Argon2id), so few run at once and they have a queue of their own: a thousand logins neither
 * exhaust memory nor keep others waiting. A request whose answer is pending holds no thread: it
 * is put aside until something changed or its time is over. One thread more does the service's
 * background work, and is woken by every change.
 */
#define WORKERS_QUEUE_MAX 2048
#define WORKERS_PASSWORD_QUEUE_MAX 64
#define WORKERS_PASSWORD_RUNNING 3
/* Who waited so long for a check is sent away: clients give up after half a minute, and a check that
 * nobody waits for would be in vain. */
#define WORKERS_PASSWORD_WAIT_MS 20000
#define WORKERS_HELD_MAX_MS 20000

struct exchange;
struct workers; /* opaque */

/* Called when an exchange has its answer; the exchange may be gone right after. */
typedef void workers_done_fn(struct exchange *exchange);

struct workers_opts {
	struct service *service;
	int64_t threads;
	/* Ask again so often for held requests, because other daemons change the same database
	 * without our knowing; 0: there is none. */
	int64_t poll_ms;
	workers_done_fn *done;
};

struct workers *workers_start(const struct workers_opts *opts);

/* 0: accepted, done will be called; else the queue is full, and it is worth trying again after so
 * many seconds. */
int64_t workers_submit(struct workers *workers, struct exchange *exchange)
    __attribute__((warn_unused_result));

/* Answers held requests at once from now on. */
void workers_drain(struct workers *workers);

/* Looks after held requests; called some times a second. now: monotonic ms. */
void workers_tick(struct workers *workers, int64_t now);

void workers_count(
    struct workers *workers, int64_t *queued, int64_t *held, int64_t *working);

/* Everything that was accepted has been answered when it returns; later requests are refused
 * until workers_free. */
void workers_stop(struct workers *workers);
void workers_free(struct workers *workers);

#endif
