/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Group commit: one connection, one sync for many. Writers queue up; the first that finds nobody
 * at work does the work of all who stand there, in its own thread, and wakes them when it is
 * durable. So a writer is woken once, however many there are, and no lock changes hands between.
 */
#include "service_lane.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define GROUP_MAX 128

enum stage {
	STAGE_QUEUED,
	STAGE_TAKEN,
	STAGE_OVER
};

struct writer {
	service_lane_fn *fn;
	void *user;
	struct writer *next;
	pthread_cond_t woken;
	enum stage stage; /* under lane->lock */
	int result;
	struct err err;
};

struct service_lane {
	struct db *db;
	pthread_mutex_t lock;
	struct writer *first, **last; /* queued */
	int is_busy;                  /* somebody does the work */
};

struct service_lane *
service_lane_new(struct db *db)
{
	struct service_lane *lane = mem_alloc(sizeof(*lane));

	lane->db = db;
	lane->last = &lane->first;
	pthread_mutex_init(&lane->lock, NULL);
	return lane;
}

void
service_lane_free(struct service_lane *lane)
{
	if (lane == NULL) {
		return;
	}
	pthread_mutex_destroy(&lane->lock);
	free(lane);
}

/* ---- the work, outside the lock */

/* The refused learn of it too: they may have been refused for what is not saved now. A group that
 * was only undone is tried again by those who had succeeded. */
static void
fail_group(struct writer *from, const struct writer *until, const struct err *why)
{
	for (; from != until; from = from->next) {
		if (from->result == 0 || why->code != ERR_BUSY) {
			from->result = -1;
			from->err = *why;
		}
	}
}

/* 0, or -1: all of the transaction is gone. A disk that is full takes everything with it, not only
 * the statement that failed. */
static int
write_one(struct db *db, struct writer *w)
{
	w->result = db_savepoint(db, &w->err);
	if (w->result == 0) {
		w->result = w->fn(db, w->user, &w->err);
	}
	if (w->result == 0) {
		w->result = db_savepoint_keep(db, &w->err);
	}
	return w->result < 0 ? db_savepoint_undo(db) : 0;
}

static void
write_group(struct db *db, struct writer *group)
{
	static const struct err undone = { .code = ERR_BUSY, .text = "group undone" };
	struct writer *begun = group, *w = group;
	struct err why = { 0 };

	while (w != NULL) {
		if (!db_in_transaction(db)) {
			begun = w;
			if (db_begin(db, &why) < 0) {
				for (; w != NULL; w = w->next) {
					w->result = -2;
					w->err = why;
				}
				return;
			}
		}
		if (write_one(db, w) < 0) {
			fail_group(begun, w, &undone);
		}
		w = w->next;
	}
	if (db_in_transaction(db) && db_commit(db, &why) < 0) {
		fail_group(begun, NULL, &why);
	}
}

/* ---- the queue, with the lock held */

static struct writer *
take_group(struct service_lane *lane)
{
	struct writer *group = lane->first, *w = group;
	int n = 1;

	for (; w->next != NULL && n < GROUP_MAX; w = w->next, n++) {
		w->stage = STAGE_TAKEN;
	}
	w->stage = STAGE_TAKEN;
	lane->first = w->next;
	w->next = NULL;
	if (lane->first == NULL) {
		lane->last = &lane->first;
	}
	return group;
}

static void
lead(struct service_lane *lane)
{
	struct writer *group = take_group(lane), *next;

	lane->is_busy = 1;
	pthread_mutex_unlock(&lane->lock);
	write_group(lane->db, group);
	pthread_mutex_lock(&lane->lock);
	lane->is_busy = 0;
	for (; group != NULL; group = next) {
		/* It may be gone as soon as the lock is. */
		next = group->next;
		group->stage = STAGE_OVER;
		pthread_cond_signal(&group->woken);
	}
	if (lane->first != NULL) {
		pthread_cond_signal(&lane->first->woken);
	}
}

static void
leave_queue(struct service_lane *lane, const struct writer *writer)
{
	struct writer **p = &lane->first;

	while (*p != writer) {
		p = &(*p)->next;
	}
	*p = writer->next;
	if (*p == NULL) {
		lane->last = p;
	}
	/* It may have been the one that was to lead. */
	if (!lane->is_busy && lane->first != NULL) {
		pthread_cond_signal(&lane->first->woken);
	}
}

static void
in_ms(int64_t ms, struct timespec *until)
{
	clock_gettime(CLOCK_REALTIME, until);
	until->tv_sec += (time_t)(ms / 1000);
	until->tv_nsec += (long)(ms % 1000) * 1000000;
	if (until->tv_nsec >= 1000000000) {
		until->tv_sec++;
		until->tv_nsec -= 1000000000;
	}
}

int
service_lane_run(struct service_lane *lane, int64_t wait_ms, service_lane_fn *fn, void *user,
    struct err *err)
{
	struct writer me = { .fn = fn, .user = user };
	struct timespec until;

	pthread_cond_init(&me.woken, NULL);
	in_ms(wait_ms, &until);
	pthread_mutex_lock(&lane->lock);
	*lane->last = &me;
	lane->last = &me.next;
	while (me.stage != STAGE_OVER) {
		if (!lane->is_busy && me.stage == STAGE_QUEUED) {
			lead(lane);
		} else if (pthread_cond_timedwait(&me.woken, &lane->lock, &until) == ETIMEDOUT &&
		    me.stage == STAGE_QUEUED && lane->is_busy) {
			leave_queue(lane, &me);
			me.stage = STAGE_OVER;
			me.result = -2;
			err_set(&me.err, ERR_BUSY, "%s", _("数据库正被其他操作占用"));
		} else if (me.stage == STAGE_TAKEN) {
			/* Its work is under way: there is no end but its own. */
			in_ms(wait_ms, &until);
		}
	}
	pthread_mutex_unlock(&lane->lock);
	pthread_cond_destroy(&me.woken);
	if (me.result < 0) {
		err_set(err, me.err.code, "%s", me.err.text);
	}
	return me.result;
}
