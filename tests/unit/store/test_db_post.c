/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes that are posted: nobody waits for them, and nothing of them is lost or half done. */
#include "db_fixture.h"

#define INSERT_CLAIM "INSERT INTO claim (levy_no, live) VALUES ($1, 1)"
#define COUNT_CLAIMS "SELECT COUNT(*) FROM claim"

static int
post_claim(struct db *db, const char *levy_no, struct err *err)
{
	return db_post(db, INSERT_CLAIM, DB_ARGS(db_text(levy_no)), 1, ERR_STATE, err);
}

static int64_t
claims(struct db *db)
{
	struct err err = { 0 };
	int64_t count = -1;

	OK(db_find_int(db, COUNT_CLAIMS, DB_NONE, &count, &err));
	return count;
}

/* Its failure is told by the commit at the latest. */
static enum err_code
commit_code(struct db *db, int failed, struct err *err)
{
	if (failed == 0) {
		failed = db_commit(db, err);
	}
	db_rollback(db);
	return failed < 0 ? err->code : ERR_NONE;
}

static void
seen(const char *url)
{
	struct err err = { 0 };
	struct db *db = open_migrated(url);

	OK(post_claim(db, "L0", &err)); /* outside a transaction: at once */
	ck_assert_int_eq(claims(db), 1);
	OK(db_begin(db, &err));
	OK(post_claim(db, "L1", &err));
	OK(db_post_insert(db, "sample", &sample_type, &full, &err));
	OK(post_claim(db, "L2", &err));
	ck_assert_int_eq(claims(db), 3);
	OK(post_claim(db, "L3", &err));
	OK(db_commit(db, &err));
	ck_assert_int_eq(claims(db), 4);
	OK(db_begin(db, &err));
	OK(post_claim(db, "L4", &err));
	db_rollback(db);
	ck_assert_int_eq(claims(db), 4);
	/* Of nothing there is nothing to commit, or to undo. */
	OK(db_begin(db, &err));
	OK(db_commit(db, &err));
	OK(db_begin(db, &err));
	db_rollback(db);
	ck_assert_int_eq(claims(db), 4);
	db_close(db);
}

START_TEST(what_is_posted_is_seen_and_committed)
{
	each_engine(seen);
}
END_TEST

static void
refused(const char *url)
{
	static const char nothing[] = "UPDATE claim SET live = 0 WHERE levy_no = 'nobody'";
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	int64_t count;

	OK(post_claim(db, "L1", &err));
	/* By the commit, that must not happen behind it, */
	OK(db_begin(db, &err));
	ck_assert_int_eq(commit_code(db, post_claim(db, "L2", &err) < 0 ||
			     post_claim(db, "L1", &err) < 0 || post_claim(db, "L3", &err) < 0
		    ? -1
		    : 0,
			     &err),
	    ERR_TAKEN);
	err_clear(&err);
	ck_assert_int_eq(claims(db), 1);
	/* by what is asked next, */
	OK(db_begin(db, &err));
	if (post_claim(db, "L1", &err) == 0) {
		FAILS(ERR_TAKEN, db_find_int(db, COUNT_CLAIMS, DB_NONE, &count, &err));
	}
	err_clear(&err);
	FAILS(ERR_LOCAL, post_claim(db, "L4", &err));
	db_rollback(db);
	/* and when it touched other rows than it had to. */
	OK(db_begin(db, &err));
	OK(post_claim(db, "L5", &err));
	ck_assert_int_eq(
	    commit_code(db, db_post(db, nothing, DB_NONE, 1, ERR_STATE, &err), &err), ERR_STATE);
	err_clear(&err);
	OK(db_begin(db, &err));
	ck_assert_int_eq(
	    commit_code(db, db_post(db, nothing, DB_NONE, 0, ERR_STATE, &err), &err), ERR_NONE);
	OK(db_begin(db, &err));
	ck_assert_int_eq(
	    commit_code(db, db_post(db, nothing, DB_NONE, DB_ANY, ERR_STATE, &err), &err), ERR_NONE);
	ck_assert_int_eq(claims(db), 1);
	db_close(db);
}

START_TEST(what_is_refused_is_told_by_whatever_comes_next)
{
	each_engine(refused);
}
END_TEST

static void
parts(const char *url)
{
	struct err err = { 0 };
	struct db *db = open_migrated(url);

	OK(db_begin(db, &err));
	OK(post_claim(db, "L1", &err));
	OK(db_savepoint(db, &err));
	if (post_claim(db, "L1", &err) == 0) {
		FAILS(ERR_TAKEN, db_savepoint_keep(db, &err));
	}
	err_clear(&err);
	ck_assert_int_eq(db_savepoint_undo(db), 0);
	OK(db_savepoint(db, &err));
	OK(post_claim(db, "L2", &err));
	ck_assert_int_eq(db_savepoint_undo(db), 0);
	OK(db_savepoint(db, &err));
	OK(post_claim(db, "L3", &err));
	OK(db_savepoint_keep(db, &err));
	OK(db_commit(db, &err));
	ck_assert_int_eq(claims(db), 2);
	db_close(db);
}

START_TEST(a_part_is_undone_with_what_was_posted_in_it)
{
	each_engine(parts);
}
END_TEST

static void
many(const char *url)
{
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	char levy_no[400];
	int i;

	OK(db_begin(db, &err));
	for (i = 0; i < 5000; i++) {
		snprintf(levy_no, sizeof(levy_no), "%0399d", i);
		OK(post_claim(db, levy_no, &err));
	}
	OK(db_commit(db, &err));
	ck_assert_int_eq(claims(db), 5000);
	/* Statements that come for the first time, and push others out of the cache, in between. */
	OK(db_begin(db, &err));
	for (i = 0; i < 500; i++) {
		snprintf(levy_no, sizeof(levy_no), "UPDATE claim SET live = %d WHERE 1 = 0", i);
		OK(post_claim(db, levy_no, &err));
		OK(db_post(db, levy_no, DB_NONE, 0, ERR_STATE, &err));
	}
	OK(db_commit(db, &err));
	ck_assert_int_eq(claims(db), 5500);
	db_close(db);
}

START_TEST(thousands_may_be_posted)
{
	each_engine(many);
}
END_TEST

START_TEST(round_trips_are_those_that_were_waited_for)
{
	struct err err = { 0 };
	char url[URL_MAX];
	struct db *db;
	uint64_t before = 0;
	int round;

	fresh_url(POSTGRESQL, url);
	db = open_migrated(url);
	for (round = 0; round < 2; round++) {
		before = db_round_trips();
		OK(db_begin(db, &err));
		ck_assert_int_eq(claims(db), 2 * round);
		OK(post_claim(db, round == 0 ? "L1" : "L3", &err));
		OK(db_post(db, INSERT_CLAIM, DB_ARGS(db_text(round == 0 ? "L2" : "L4")), DB_ANY,
		    ERR_NONE, &err));
		OK(db_commit(db, &err));
	}
	/* BEGIN with the question; the counted change; what is left with COMMIT. */
	ck_assert_uint_eq(db_round_trips() - before, 3);
	before = db_round_trips();
	OK(db_begin(db, &err));
	OK(db_post(db, INSERT_CLAIM, DB_ARGS(db_text("L5")), DB_ANY, ERR_NONE, &err));
	OK(db_commit(db, &err));
	ck_assert_uint_eq(db_round_trips() - before, 1);
	ck_assert_int_eq(claims(db), 5);
	db_close(db);
}
END_TEST

/* The server ends the connection under a transaction, and restarts before the next one. */
START_TEST(what_is_posted_over_a_lost_connection_is_not_taken_for_done)
{
	char name[] = "pg", verb[] = "restart", line[URL_MAX], url[URL_MAX];
	char *const argv[] = { name, verb, pg_folder, NULL };
	struct err err = { 0 };
	struct db *db;
	int64_t count;

	fresh_url(POSTGRESQL, url);
	db = open_migrated(url);
	OK(post_claim(db, "L1", &err));
	OK(db_begin(db, &err));
	ck_assert_int_eq(claims(db), 1);
	OK(post_claim(db, "L2", &err));
	run_pg(argv, line);
	FAILS(ERR_BUSY, db_find_int(db, COUNT_CLAIMS, DB_NONE, &count, &err));
	db_rollback(db);
	OK(db_begin(db, &err));
	ck_assert_int_eq(claims(db), 1);
	OK(db_post(db, INSERT_CLAIM, DB_ARGS(db_text("L3")), DB_ANY, ERR_NONE, &err));
	run_pg(argv, line);
	/* It left with the COMMIT: nobody knows. */
	FAILS(ERR_OUTCOME_UNKNOWN, db_commit(db, &err));
	/* The first question of a transaction is asked again of the new server. */
	OK(db_begin(db, &err));
	ck_assert_int_eq(claims(db), 1);
	run_pg(argv, line);
	db_rollback(db);
	OK(db_begin(db, &err));
	ck_assert_int_eq(claims(db), 1);
	OK(db_commit(db, &err));
	db_close(db);
}
END_TEST

UNIT_MAIN("db_post", what_is_posted_is_seen_and_committed,
    what_is_refused_is_told_by_whatever_comes_next,
    a_part_is_undone_with_what_was_posted_in_it, thousands_may_be_posted,
    round_trips_are_those_that_were_waited_for,
    what_is_posted_over_a_lost_connection_is_not_taken_for_done)
