/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group commit: each writer gets what is its own, however the others end. */
#include "unit/unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../../src/service/service_lane.h"
#include "shebao/mem.h"

#define WRITERS 24
#define ROUNDS 40

static char folder[64];
static struct db *db;
static struct service_lane *lane;

static void
open_lane(void)
{
	char url[128];
	struct err err = { 0 };

	snprintf(folder, sizeof(folder), "/tmp/shebao-lane-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(url, sizeof(url), "sqlite:%s/l.db", folder);
	ck_assert_msg(db_open(url, &db, &err) == 0, "%s", err.text);
	ck_assert_int_eq(db_run(db, "CREATE TABLE t (n BIGINT PRIMARY KEY, seen BIGINT NOT NULL)", DB_NONE, NULL, &err), 0);
	lane = service_lane_new(db);
}

static void
close_lane(void)
{
	static const char *const names[] = { "l.db", "l.db-wal", "l.db-shm" };
	char path[128];
	size_t i;

	service_lane_free(lane);
	db_close(db);
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	ck_assert_int_eq(rmdir(folder), 0);
}

static int64_t
number(const char *sql)
{
	int64_t n = -1;

	ck_assert_int_eq(db_find_int(db, sql, DB_NONE, &n, NULL), 1);
	return n;
}

enum act {
	ACT_KEEP,
	ACT_REFUSE, /* by a rule, after it has written */
	ACT_TWICE,  /* a statement fails */
	ACT_COUNT
};

struct writer {
	int id;
	int64_t key;
	enum act act;
	int kept; /* acknowledged */
};

static int
put(struct db *in, void *user, struct err *err)
{
	const struct writer *w = user;

	if (db_run(in, "INSERT INTO t SELECT $1, count(*) FROM t",
		DB_ARGS(db_int(w->key)), NULL, err) < 0) {
		return -1;
	}
	if (w->act == ACT_TWICE) {
		return db_run(in, "INSERT INTO t VALUES ($1, 0)", DB_ARGS(db_int(w->key)), NULL, err);
	}
	return w->act == ACT_REFUSE ? err_set(err, ERR_STATE, "refused") : 0;
}

static void *
run(void *user)
{
	struct writer *w = user;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		struct err err = { 0 };
		int rc;

		w->key = (int64_t)w->id * ROUNDS + round;
		w->act = (enum act)((w->id + round) % ACT_COUNT);
		rc = service_lane_run(lane, 60000, put, w, &err);
		ck_assert_int_eq(rc, w->act == ACT_KEEP ? 0 : -1);
		ck_assert_int_eq(err.code, w->act == ACT_KEEP ? ERR_NONE :
			w->act == ACT_REFUSE		      ? ERR_STATE :
								ERR_TAKEN);
		w->kept += rc == 0;
	}
	return NULL;
}

START_TEST(a_failure_undoes_its_own_part_and_no_other)
{
	static struct writer writers[WRITERS];
	pthread_t threads[WRITERS];
	int64_t kept = 0;
	int i;

	open_lane();
	for (i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ .id = i };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run, &writers[i]), 0);
	}
	for (i = 0; i < WRITERS; i++) {
		pthread_join(threads[i], NULL);
		kept += writers[i].kept;
	}
	ck_assert_int_eq(number("SELECT count(*) FROM t"), kept);
	/* Each saw all that were before it and none of those that were undone. */
	ck_assert_int_eq(number("SELECT count(DISTINCT seen) FROM t"), kept);
	ck_assert_int_eq(number("SELECT max(seen) FROM t"), kept - 1);
	close_lane();
}
END_TEST

static void
rest(long ms)
{
	const struct timespec t = { .tv_nsec = ms * 1000000 };

	nanosleep(&t, NULL);
}

static int
sleep_on_it(struct db *in, void *user, struct err *err)
{
	(void)in;
	(void)err;
	rest(*(const long *)user);
	return 0;
}

static void *
occupy(void *user)
{
	struct err err = { 0 };

	ck_assert_int_eq(service_lane_run(lane, 60000, sleep_on_it, user, &err), 0);
	return NULL;
}

START_TEST(who_gives_up_waiting_has_done_nothing_and_holds_nobody_up)
{
	long ms = 400;
	struct writer w = { .key = 1 };
	struct err err = { 0 };
	pthread_t thread;

	open_lane();
	ck_assert_int_eq(pthread_create(&thread, NULL, occupy, &ms), 0);
	rest(100);
	ck_assert_int_eq(service_lane_run(lane, 1, put, &w, &err), -2);
	ck_assert_int_eq(err.code, ERR_BUSY);
	pthread_join(thread, NULL);
	ck_assert_int_eq(number("SELECT count(*) FROM t"), 0);
	err_clear(&err);
	ck_assert_int_eq(service_lane_run(lane, 1000, put, &w, &err), 0);
	ck_assert_int_eq(number("SELECT count(*) FROM t"), 1);
	close_lane();
}
END_TEST

/* What takes all of the transaction down: nobody of the group may be told that it is saved. */
static int
ruin(struct db *in, void *user, struct err *err)
{
	(void)user;
	(void)!db_run(in, "ROLLBACK", DB_NONE, NULL, NULL);
	return err_set(err, ERR_LOCAL, "ruined");
}

START_TEST(when_all_is_undone_nobody_is_told_that_it_is_saved)
{
	struct writer w = { .key = 1 };
	struct err err = { 0 };

	open_lane();
	ck_assert_int_eq(service_lane_run(lane, 1000, ruin, NULL, &err), -1);
	ck_assert_int_eq(err.code, ERR_LOCAL);
	err_clear(&err);
	ck_assert_int_eq(service_lane_run(lane, 1000, put, &w, &err), 0);
	ck_assert_int_eq(number("SELECT count(*) FROM t"), 1);
	close_lane();
}
END_TEST

UNIT_MAIN("service_lane", a_failure_undoes_its_own_part_and_no_other,
    who_gives_up_waiting_has_done_nothing_and_holds_nobody_up,
    when_all_is_undone_nobody_is_told_that_it_is_saved)
