/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong: processes that die, connections that race or are lost, full and damaged
 * disks, files that are not ours. */
#include "db_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>

static const char count_samples[] = "SELECT COUNT(*) FROM sample";

/* A process that dies within its transaction. */
static void
die_in_transaction(const char *url)
{
	struct err err = { 0 };
	struct db *db;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		db = open_migrated(url);
		if (db_begin(db, &err) == 0 &&
		    db_insert(db, "sample", &sample_type, &full, &err) == 0) {
			kill(getpid(), SIGKILL);
		}
		_exit(1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
}

static void
rolled_back(const char *url)
{
	struct err err = { 0 };
	struct db *db = open_migrated(url);

	OK(db_begin(db, &err));
	OK(db_insert(db, "sample", &sample_type, &full, &err));
	ck_assert(db_in_transaction(db));
	db_rollback(db);
	db_rollback(db);
	ck_assert_int_eq(number_of(db, count_samples), 0);

	/* A failed step takes the others with it, also when the caller goes on. */
	OK(db_begin(db, &err));
	OK(db_insert(db, "sample", &sample_type, &full, &err));
	FAILS(ERR_TAKEN, db_insert(db, "sample", &sample_type, &full, &err));
	FAILS(ERR_LOCAL, db_run(db, "DELETE FROM claim", DB_NONE, NULL, &err));
	FAILS(ERR_LOCAL, db_commit(db, &err));
	ck_assert(!db_in_transaction(db));
	ck_assert_int_eq(number_of(db, count_samples), 0);

	die_in_transaction(url);
	ck_assert_int_eq(number_of(db, count_samples), 0);
	OK(db_begin(db, &err));
	OK(db_insert(db, "sample", &sample_type, &full, &err));
	OK(db_commit(db, &err));
	ck_assert_int_eq(number_of(db, count_samples), 1);
	db_close(db);
}

START_TEST(a_transaction_is_whole_or_not_at_all)
{
	each_engine(rolled_back);
}
END_TEST

#define RACERS 4
#define LAPS 25

/* Writes what it read plus one: without isolation, laps would be lost. */
static int
lap(struct db *db, struct err *err)
{
	int64_t count = 0;

	if (db_begin(db, err) < 0) {
		return -1;
	}
	if (db_find_int(db, "SELECT count FROM sample WHERE key = 'race'", DB_NONE,
		&count, err) < 0 ||
	    db_run_one(db, "UPDATE sample SET count = $1 WHERE key = 'race'",
		DB_ARGS(db_int(count + 1)), ERR_STATE, err) < 0 ||
	    db_commit(db, err) < 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

/* NULL when all laps were run; a busy database is tried again, as the contract says. */
static void *
race(void *pool)
{
	struct err err = { 0 };
	struct db *db;
	int done = 0;

	while (done < LAPS) {
		if (db_pool_take(pool, &db, &err) < 0) {
			return pool;
		}
		if (lap(db, &err) == 0) {
			done++;
		} else if (err.code != ERR_BUSY) {
			fprintf(stderr, "racer: %s\n", err.text);
			done = LAPS + 1;
		}
		err_clear(&err);
		db_pool_give(pool, db);
	}
	return done == LAPS ? NULL : pool;
}

static void
racing(const char *url)
{
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	struct sample s = { .key = "race" };
	pthread_t threads[RACERS];
	struct db_pool *pool;
	void *failed;
	int i;

	OK(db_insert(db, "sample", &sample_type, &s, &err));
	/* Fewer connections than threads: some wait in the pool, the others race. */
	OK(db_pool_open(url, 2, &pool, &err));
	for (i = 0; i < RACERS; i++) {
		ck_assert_int_eq(pthread_create(&threads[i], NULL, race, pool), 0);
	}
	for (i = 0; i < RACERS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
		ck_assert_ptr_null(failed);
	}
	ck_assert_int_eq(number_of(db, "SELECT count FROM sample"), RACERS * LAPS);
	db_pool_close(pool);
	db_close(db);
}

START_TEST(connections_that_race_lose_no_update)
{
	each_engine(racing);
}
END_TEST

START_TEST(an_exhausted_pool_is_busy_and_lends_again)
{
	struct err err = { 0 };
	struct db *a, *b, *c;
	struct db_pool *pool;
	char url[URL_MAX];

	fresh_url(SQLITE, url);
	OK(db_pool_open(url, 2, &pool, &err));
	OK(db_pool_take(pool, &a, &err));
	OK(db_pool_take(pool, &b, &err));
	ck_assert_ptr_ne(a, b);
	FAILS(ERR_BUSY, db_pool_take(pool, &c, &err));
	/* What comes back within a transaction is rolled back first. */
	OK(db_begin(a, &err));
	db_pool_give(pool, a);
	OK(db_pool_take(pool, &c, &err));
	ck_assert_ptr_eq(a, c);
	ck_assert(!db_in_transaction(c));
	db_pool_give(pool, c);
	db_pool_give(pool, b);
	db_pool_close(pool);
	FAILS(ERR_LOCAL, db_pool_open("sqlite:/dev/null/shebao.db", 2, &pool, &err));
}
END_TEST

// clang-format off
static const struct db_migration slow_steps[] = {
	{ 1, "first",
	    "CREATE TABLE first (i BIGINT);\n"
	    "INSERT INTO first WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
	    " WHERE i < 5000) SELECT i FROM n;\n" },
	{ 2, "second",
	    "CREATE TABLE second (i BIGINT);\n"
	    "INSERT INTO second SELECT i FROM first;\n" },
};
// clang-format on

/* Migrates in a process that is ended after so many microseconds. */
static void
migrate_and_die(const char *url, long microseconds)
{
	struct itimerval timer = { .it_value = { .tv_usec = microseconds } };
	struct err err = { 0 };
	struct db *db;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGALRM, SIG_DFL);
		if (db_open(url, &db, &err) == 0) {
			setitimer(ITIMER_REAL, &timer, NULL);
			_exit(db_migrate(db, slow_steps, ARRAY_LEN(slow_steps), NULL, 0,
				  &err) < 0);
		}
		_exit(2);
	}
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* -1 when there is no such table. */
static int64_t
count_or_none(struct db *db, const char *sql)
{
	int64_t count = -1;

	return db_find_int(db, sql, DB_NONE, &count, NULL) > 0 ? count : -1;
}

static void
killed(const char *url)
{
	struct err err = { 0 };
	struct db *db;
	int64_t done, first, second;
	long us;

	for (us = 300; us < 30000; us += us / 2) {
		migrate_and_die(url, us);
		OK(db_open(url, &db, &err));
		/* A server may still be at work on what the dead one had sent, so the later table
		 * is looked at first. */
		second = count_or_none(db, "SELECT COUNT(*) FROM second");
		first = count_or_none(db, "SELECT COUNT(*) FROM first");
		done = count_or_none(db, "SELECT MAX(number) FROM schema_migration");
		ck_assert(second == -1 || (second == 5000 && done == 2));
		ck_assert(first == -1 || (first == 5000 && done >= 1));
		ck_assert(second == -1 || first == 5000);
		db_close(db);
	}
	OK(db_open(url, &db, &err));
	OK(db_migrate(db, slow_steps, ARRAY_LEN(slow_steps), NULL, 0, &err));
	ck_assert_int_eq(number_of(db, "SELECT COUNT(*) FROM second"), 5000);
	ck_assert_int_eq(number_of(db, "SELECT COUNT(*) FROM schema_migration"), 2);
	db_close(db);
}

START_TEST(a_migration_that_is_killed_leaves_old_or_new)
{
	each_engine(killed);
}
END_TEST

/* ---- PostgreSQL alone */

/* Ends the server's process of a connection, and waits until it is gone. */
static void
cut(struct db *killer, struct db *db)
{
	struct err err = { 0 };
	int64_t gone = 0, pid = number_of(db, "SELECT pg_backend_pid()");

	OK(db_find_int(killer, "SELECT pg_terminate_backend(CAST($1 AS INTEGER), 5000)",
	    DB_ARGS(db_int(pid)), &gone, &err));
	ck_assert_int_eq(gone, 1);
}

START_TEST(a_lost_connection_comes_back_with_the_next_transaction)
{
	char name[] = "pg", verb[] = "restart", line[URL_MAX], url[URL_MAX];
	char *const argv[] = { name, verb, pg_folder, NULL };
	struct err err = { 0 };
	struct db *db, *killer;

	fresh_url(POSTGRESQL, url);
	db = open_migrated(url);
	killer = open_migrated(url);

	/* Within a transaction: nothing is saved, all of it may be tried again. */
	OK(db_begin(db, &err));
	OK(db_insert(db, "sample", &sample_type, &full, &err));
	cut(killer, db);
	FAILS(ERR_BUSY, db_run(db, "DELETE FROM sample", DB_NONE, NULL, &err));
	db_rollback(db);
	OK(db_begin(db, &err));
	OK(db_insert(db, "sample", &sample_type, &full, &err));

	/* At the commit nobody knows. */
	cut(killer, db);
	FAILS(ERR_OUTCOME_UNKNOWN, db_commit(db, &err));

	/* While idle: reading and beginning go on as if nothing had been, writing does not. */
	ck_assert_int_eq(number_of(db, count_samples), 0);
	cut(killer, db);
	ck_assert_int_eq(number_of(db, count_samples), 0);
	OK(db_run(db, "DELETE FROM claim", DB_NONE, NULL, &err));
	cut(killer, db);
	FAILS(ERR_OUTCOME_UNKNOWN, db_run(db, "DELETE FROM claim", DB_NONE, NULL, &err));
	run_pg(argv, line);
	OK(db_begin(db, &err));
	OK(db_insert(db, "sample", &sample_type, &full, &err));
	OK(db_commit(db, &err));
	ck_assert_int_eq(number_of(killer, count_samples), 1);
	OK(db_check(db, &err));
	FAILS(ERR_LOCAL, db_backup(db, "/tmp/never", &err));
	db_close(killer);
	db_close(db);
}
END_TEST

START_TEST(crossing_transactions_are_busy_not_wrong)
{
	static const char count[] = "SELECT COUNT(*) FROM claim";
	static const char claim[] = "INSERT INTO claim (levy_no, live) VALUES ($1, 0)";
	char url[URL_MAX];
	struct err err = { 0 };
	struct db *a, *b;

	/* Each counts the rows and adds one: after both, one of them has counted wrong. */
	fresh_url(POSTGRESQL, url);
	a = open_migrated(url);
	b = open_migrated(url);
	OK(db_begin(a, &err));
	OK(db_begin(b, &err));
	ck_assert_int_eq(number_of(a, count), 0);
	ck_assert_int_eq(number_of(b, count), 0);
	OK(db_run(a, claim, DB_ARGS(db_text("a")), NULL, &err));
	OK(db_run(b, claim, DB_ARGS(db_text("b")), NULL, &err));
	OK(db_commit(a, &err));
	FAILS(ERR_BUSY, db_commit(b, &err));
	ck_assert_int_eq(number_of(b, count), 1);
	db_close(a);
	db_close(b);
}
END_TEST

/* ---- SQLite alone */

static void
check_mode(const char *path, mode_t mode)
{
	struct stat st;

	ck_assert_msg(stat(path, &st) == 0, "%s is missing", path);
	ck_assert_int_eq(st.st_mode & 0777, mode);
}

START_TEST(a_database_file_is_its_users_alone)
{
	char url[URL_MAX], other[2 * URL_MAX];
	const char *path = url + strlen("sqlite:");
	struct err err = { 0 };
	struct db *db;

	fresh_url(SQLITE, url);
	db = open_migrated(url);
	check_mode(path, 0600);
	snprintf(other, sizeof(other), "%s-wal", path);
	check_mode(other, 0600);
	db_close(db);
	ck_assert_int_eq(chmod(path, 0644), 0);
	db = open_migrated(url);
	check_mode(path, 0600);
	db_close(db);
	snprintf(other, sizeof(other), "sqlite:%s.link", path);
	ck_assert_int_eq(symlink(path, other + strlen("sqlite:")), 0);
	FAILS(ERR_LOCAL, db_open(other, &db, &err));
	*strrchr(url, '/') = '\0';
	check_mode(path, 0700);
}
END_TEST

START_TEST(a_locked_database_is_busy)
{
	char url[URL_MAX];
	struct err err = { 0 };
	struct db *a, *b;

	fresh_url(SQLITE, url);
	a = open_migrated(url);
	b = open_migrated(url);
	OK(db_begin(a, &err));
	OK(db_run(b, "PRAGMA busy_timeout = 20", DB_NONE, NULL, &err));
	FAILS(ERR_BUSY, db_begin(b, &err));
	ck_assert(!db_in_transaction(b));
	ck_assert_int_eq(number_of(b, count_samples), 0);
	OK(db_commit(a, &err));
	OK(db_begin(b, &err));
	db_close(b);
	db_close(a);
}
END_TEST

START_TEST(a_full_disk_says_what_to_do)
{
	static char word[2000];
	char url[URL_MAX];
	struct err err = { 0 };
	struct db *db;
	int64_t i;

	fresh_url(SQLITE, url);
	db = open_migrated(url);
	OK(db_run(db, "PRAGMA max_page_count = 20", DB_NONE, NULL, &err));
	memset(word, 'x', sizeof(word) - 1);
	OK(db_begin(db, &err));
	for (i = 0; i < 100; i++) {
		if (db_run(db, INSERT_BLOB,
			DB_ARGS(db_int(i), db_bytes("", 0), db_text(word)), NULL,
			&err) < 0) {
			break;
		}
	}
	ck_assert_int_lt(i, 100);
	ck_assert_int_eq(err.code, ERR_LOCAL);
	ck_assert_ptr_nonnull(strstr(err.text, "磁盘空间不足"));
	err_clear(&err);
	FAILS(ERR_LOCAL, db_commit(db, &err));
	ck_assert_int_eq(number_of(db, "SELECT COUNT(*) FROM blob"), 0);
	db_close(db);
}
END_TEST

START_TEST(a_backup_is_whole_and_never_overwrites)
{
	char url[URL_MAX], copy[2 * URL_MAX];
	const char *path = copy + strlen("sqlite:");
	struct err err = { 0 };
	struct db *db, *other;

	fresh_url(SQLITE, url);
	db = open_migrated(url);
	OK(db_insert(db, "sample", &sample_type, &full, &err));
	snprintf(copy, sizeof(copy), "%s.backup", url);
	OK(db_backup(db, path, &err));
	check_mode(path, 0600);
	FAILS(ERR_LOCAL, db_backup(db, path, &err));
	other = open_migrated(copy);
	ck_assert_int_eq(number_of(other, count_samples), 1);
	OK(db_check(other, &err));
	db_close(other);
	db_close(db);
}
END_TEST

START_TEST(a_damaged_file_is_found_by_the_check)
{
	static char page[4096];
	char url[URL_MAX];
	struct err err = { 0 };
	struct db *db;
	int64_t i;
	int fd;

	fresh_url(SQLITE, url);
	db = open_migrated(url);
	OK(db_begin(db, &err));
	for (i = 0; i < 2000; i++) {
		OK(db_run(db, INSERT_BLOB,
		    DB_ARGS(db_int(i), db_bytes("", 0), db_text("words")), NULL, &err));
	}
	OK(db_commit(db, &err));
	OK(db_check(db, &err));
	db_close(db);
	fd = open(url + strlen("sqlite:"), O_RDWR);
	ck_assert_int_ge(fd, 0);
	memset(page, 0x5a, sizeof(page));
	ck_assert_int_eq(
	    pwrite(fd, page, sizeof(page), 10 * (off_t)sizeof(page)), sizeof(page));
	close(fd);
	OK(db_open(url, &db, &err));
	FAILS(ERR_LOCAL, db_check(db, &err));
	db_close(db);
}
END_TEST

UNIT_MAIN("db_crash", a_transaction_is_whole_or_not_at_all,
    connections_that_race_lose_no_update, an_exhausted_pool_is_busy_and_lends_again,
    a_migration_that_is_killed_leaves_old_or_new,
    a_lost_connection_comes_back_with_the_next_transaction,
    crossing_transactions_are_busy_not_wrong, a_database_file_is_its_users_alone,
    a_locked_database_is_busy, a_full_disk_says_what_to_do,
    a_backup_is_whole_and_never_overwrites, a_damaged_file_is_found_by_the_check)
