/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bounded number of connections, shared between threads; opened when first needed. */
#include "db_driver.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/mem.h"

#define TAKE_SECONDS 5

struct db_pool {
	char *url;
	pthread_mutex_t lock;
	pthread_cond_t given;
	struct db **idle; /* a stack: the connection used last has the warmest cache */
	int idle_count;
	int open_count; /* idle, taken and being opened */
	int limit;
};

static void
must(int error)
{
	/* These fail only when the program itself is wrong. */
	assert(error == 0);
	(void)error;
}

static void
init_lock(struct db_pool *pool)
{
	pthread_condattr_t attr;

	must(pthread_mutex_init(&pool->lock, NULL));
	must(pthread_condattr_init(&attr));
	must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC));
	must(pthread_cond_init(&pool->given, &attr));
	must(pthread_condattr_destroy(&attr));
}

int
db_pool_open(const char *url, int connections, struct db_pool **out, struct err *err)
{
	struct db_pool *pool = mem_alloc(sizeof(*pool));
	struct db *db;

	assert(connections > 0);
	*out = NULL;
	pool->url = mem_dup(url);
	pool->limit = connections;
	pool->idle = mem_resize(NULL, (size_t)connections, sizeof(struct db *));
	init_lock(pool);
	/* The first is opened now, so that a wrong address is found at the start. */
	if (db_pool_take(pool, &db, err) < 0) {
		db_pool_close(pool);
		return -1;
	}
	db_pool_give(pool, db);
	*out = pool;
	return 0;
}

/* With the lock held: 1 an idle one in *out, 0 the caller may open one, -1 none in time. */
static int
wait_for_one(struct db_pool *pool, struct db **out)
{
	struct timespec until;
	int error = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += TAKE_SECONDS;
	while (pool->idle_count == 0 && pool->open_count == pool->limit && error == 0) {
		error = pthread_cond_timedwait(&pool->given, &pool->lock, &until);
		assert(error == 0 || error == ETIMEDOUT);
	}
	if (pool->idle_count > 0) {
		*out = pool->idle[--pool->idle_count];
		return 1;
	}
	if (pool->open_count < pool->limit) {
		pool->open_count++;
		return 0;
	}
	return -1;
}

int
db_pool_take(struct db_pool *pool, struct db **out, struct err *err)
{
	int found;

	*out = NULL;
	must(pthread_mutex_lock(&pool->lock));
	found = wait_for_one(pool, out);
	must(pthread_mutex_unlock(&pool->lock));
	if (found < 0) {
		return err_set(err, ERR_BUSY, _("数据库连接全部在使用中，请稍后重试"));
	}
	if (found > 0) {
		return 0;
	}
	if (db_open(pool->url, out, err) < 0) {
		must(pthread_mutex_lock(&pool->lock));
		pool->open_count--;
		must(pthread_cond_signal(&pool->given));
		must(pthread_mutex_unlock(&pool->lock));
		return -1;
	}
	return 0;
}

void
db_pool_give(struct db_pool *pool, struct db *db)
{
	if (db == NULL) {
		return;
	}
	if (db_in_transaction(db)) {
		log_line(LOG_ERROR,
		    "a connection came back within a transaction: rolled back");
		db_rollback(db);
	}
	must(pthread_mutex_lock(&pool->lock));
	assert(pool->idle_count < pool->open_count);
	pool->idle[pool->idle_count++] = db;
	must(pthread_cond_signal(&pool->given));
	must(pthread_mutex_unlock(&pool->lock));
}

void
db_pool_close(struct db_pool *pool)
{
	if (pool == NULL) {
		return;
	}
	assert(pool->idle_count == pool->open_count);
	while (pool->idle_count > 0) {
		db_close(pool->idle[--pool->idle_count]);
	}
	pthread_cond_destroy(&pool->given);
	pthread_mutex_destroy(&pool->lock);
	free(pool->idle);
	free(pool->url);
	free(pool);
}
