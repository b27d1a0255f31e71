/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Group commit: one connection, one sync for many. Writers queue up; the first that finds nobody
 * at work does the work of all who stand there, in its own thread, and wakes them when it is
 * durable, and the first of those who came meanwhile to do the same. So a writer is woken once,
 * however many there are, and no lock changes hands between.
 */
#include "service_lane.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define GROUP_MAX 128

enum stage {
	STAGE_QUEUED,
	STAGE_LEADS, /* the first of the queue, told to do the work */
	STAGE_TAKEN
};

/* Who does not lead at once is woken exactly once: to lead, or when its work is over. */
struct writer {
	service_lane_fn *fn;
	void *user;
	struct writer *next;
	sem_t woken;
	enum stage stage; /* under lane->lock; not changed any more when it is woken */
	int result;
	struct err err;
};

struct service_lane {
	struct db *db;
	pthread_mutex_t lock;
	struct writer *first, **last; /* queued */
	int is_busy;                  /* somebody leads, or was told to */
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

	for (; w->next != NULL && n < GROUP_MAX; n++) {
		w = w->next;
		w->stage = STAGE_TAKEN;
	}
	lane->first = w->next;
	w->next = NULL;
	if (lane->first == NULL) {
		lane->last = &lane->first;
	}
	return group;
}

/* NULL: nobody waits, the lane is free. */
static struct writer *
name_next(struct service_lane *lane)
{
	lane->is_busy = lane->first != NULL;
	if (lane->is_busy) {
		lane->first->stage = STAGE_LEADS;
	}
	return lane->first;
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
}

/* True: it leads. */
static int
enter_queue(struct service_lane *lane, struct writer *writer)
{
	*lane->last = writer;
	lane->last = &writer->next;
	return !lane->is_busy && name_next(lane) == writer;
}

/* ---- writers */

/* The group of the first of the queue. Nobody is woken with the lock held: all would queue up for
 * it. */
static void
lead(struct service_lane *lane)
{
	struct writer *group, *w, *next;

	pthread_mutex_lock(&lane->lock);
	group = take_group(lane);
	pthread_mutex_unlock(&lane->lock);
	write_group(lane->db, group);
	pthread_mutex_lock(&lane->lock);
	next = name_next(lane);
	pthread_mutex_unlock(&lane->lock);
	if (next != NULL) {
		sem_post(&next->woken);
	}
	for (w = group->next; w != NULL; w = next) {
		/* It may be gone as soon as it is woken. */
		next = w->next;
		sem_post(&w->woken);
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

/* False: its time was over before its turn came. */
static int
wait_for_turn(struct service_lane *lane, struct writer *writer, int64_t wait_ms)
{
	struct timespec until;
	int is_late, is_queued = 0;

	in_ms(wait_ms, &until);
	do {
		is_late = sem_timedwait(&writer->woken, &until) != 0;
	} while (is_late && errno == EINTR);
	if (!is_late) {
		return 1;
	}
	pthread_mutex_lock(&lane->lock);
	is_queued = writer->stage == STAGE_QUEUED;
	if (is_queued) {
		leave_queue(lane, writer);
	}
	pthread_mutex_unlock(&lane->lock);
	/* Its work is under way: there is no end but its own. */
	while (!is_queued && sem_wait(&writer->woken) != 0) {
	}
	return !is_queued;
}

int
service_lane_run(struct service_lane *lane, int64_t wait_ms, service_lane_fn *fn, void *user,
    struct err *err)
{
	struct writer me = { .fn = fn, .user = user };
	int leads;

	sem_init(&me.woken, 0, 0);
	pthread_mutex_lock(&lane->lock);
	leads = enter_queue(lane, &me);
	pthread_mutex_unlock(&lane->lock);
	if (!leads && !wait_for_turn(lane, &me, wait_ms)) {
		me.result = -2;
		err_set(&me.err, ERR_BUSY, "%s", _("数据库正被其他操作占用"));
	} else if (me.stage == STAGE_LEADS) {
		lead(lane);
	}
	sem_destroy(&me.woken);
	if (me.result < 0) {
		err_set(err, me.err.code, "%s", me.err.text);
	}
	return me.result;
}
