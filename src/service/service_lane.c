/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group commit: one connection, one writer at a time, one sync for many. */
#include "service_lane.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define MEMBERS_MAX 128
#define RESCUE_MS 20

/* What is committed at once; freed by its last member. */
struct batch {
	int members; /* under lane->lock from here on */
	int is_over;
	int result;
	struct err err;
};

struct service_lane {
	struct db *db;
	pthread_mutex_t turn; /* held while a writer's statements run, and while committing */
	struct batch *open;   /* under turn: whose transaction is open; NULL: none */
	int count;            /* of writers in it */
	atomic_int waiting;   /* for their turn */
	pthread_mutex_t lock;
	pthread_cond_t over;
};

struct service_lane *
service_lane_new(struct db *db)
{
	struct service_lane *lane = mem_alloc(sizeof(*lane));

	lane->db = db;
	pthread_mutex_init(&lane->turn, NULL);
	pthread_mutex_init(&lane->lock, NULL);
	pthread_cond_init(&lane->over, NULL);
	return lane;
}

void
service_lane_free(struct service_lane *lane)
{
	if (lane == NULL) {
		return;
	}
	pthread_cond_destroy(&lane->over);
	pthread_mutex_destroy(&lane->lock);
	pthread_mutex_destroy(&lane->turn);
	free(lane);
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

/* With the turn. Everybody in the open batch learns how it ended. */
static void
end_batch(struct service_lane *lane, int result, const struct err *err)
{
	struct batch *batch = lane->open;

	lane->open = NULL;
	lane->count = 0;
	pthread_mutex_lock(&lane->lock);
	batch->result = result;
	batch->err = *err;
	batch->is_over = 1;
	pthread_cond_broadcast(&lane->over);
	pthread_mutex_unlock(&lane->lock);
}

static void
commit(struct service_lane *lane)
{
	struct err err = { 0 };
	int result = db_commit(lane->db, &err);

	end_batch(lane, result, &err);
}

/* With the turn: the batch to go with. NULL: a transaction cannot begin. */
static struct batch *
join(struct service_lane *lane, struct err *err)
{
	if (lane->open == NULL) {
		if (db_begin(lane->db, err) < 0) {
			return NULL;
		}
		lane->open = mem_alloc(sizeof(*lane->open));
	}
	lane->count++;
	pthread_mutex_lock(&lane->lock);
	lane->open->members++;
	pthread_mutex_unlock(&lane->lock);
	return lane->open;
}

/* With the turn. A disk that is full takes all of the transaction with it, not only what failed. */
static int
write_one(struct service_lane *lane, service_lane_fn *fn, void *user, struct err *err)
{
	static const struct err others = { .code = ERR_BUSY, .text = "group undone" };
	int result = db_savepoint(lane->db, err);

	if (result == 0) {
		result = fn(lane->db, user, err);
	}
	if (result == 0) {
		result = db_savepoint_keep(lane->db, err);
	}
	if (result < 0 && db_savepoint_undo(lane->db) < 0) {
		end_batch(lane, -1, &others);
	}
	return result;
}

/* A writer that waited behind may have given up, so that nobody commits: whoever waits looks now and
 * then, too. */
static void
rescue(struct service_lane *lane, const struct batch *batch)
{
	if (pthread_mutex_trylock(&lane->turn) == 0) {
		if (lane->open == batch && atomic_load(&lane->waiting) == 0) {
			commit(lane);
		}
		pthread_mutex_unlock(&lane->turn);
	}
}

/* Until the batch is over; what became of it. */
static int
await(struct service_lane *lane, struct batch *batch, struct err *err)
{
	struct timespec until;
	int result, left;

	pthread_mutex_lock(&lane->lock);
	while (!batch->is_over) {
		in_ms(RESCUE_MS, &until);
		if (pthread_cond_timedwait(&lane->over, &lane->lock, &until) != 0 && !batch->is_over) {
			pthread_mutex_unlock(&lane->lock);
			rescue(lane, batch);
			pthread_mutex_lock(&lane->lock);
		}
	}
	result = batch->result;
	if (result < 0) {
		err_set(err, batch->err.code, "%s", batch->err.text);
	}
	left = --batch->members;
	pthread_mutex_unlock(&lane->lock);
	if (left == 0) {
		free(batch);
	}
	return result;
}

int
service_lane_run(struct service_lane *lane, int64_t wait_ms, service_lane_fn *fn, void *user,
    struct err *err)
{
	struct err saving = { 0 };
	struct timespec until;
	struct batch *batch;
	int result, missed;

	in_ms(wait_ms, &until);
	atomic_fetch_add(&lane->waiting, 1);
	missed = pthread_mutex_timedlock(&lane->turn, &until);
	atomic_fetch_sub(&lane->waiting, 1);
	if (missed != 0) {
		err_set(err, ERR_BUSY, "%s", _("数据库正被其他操作占用"));
		return -2;
	}
	batch = join(lane, err);
	if (batch == NULL) {
		pthread_mutex_unlock(&lane->turn);
		return -2;
	}
	result = write_one(lane, fn, user, err);
	if (lane->open == batch &&
	    (lane->count >= MEMBERS_MAX || atomic_load(&lane->waiting) == 0)) {
		commit(lane);
	}
	pthread_mutex_unlock(&lane->turn);
	if (await(lane, batch, &saving) < 0 && (result == 0 || saving.code != ERR_BUSY)) {
		err_clear(err);
		return err_set(err, saving.code, "%s", saving.text);
	}
	return result;
}
