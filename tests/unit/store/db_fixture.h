/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_DB_FIXTURE_H
#define SHEBAO_TESTS_DB_FIXTURE_H

/*
 * Databases for tests: SQLite in a temporary folder, PostgreSQL on a server of the test's own
 * (tests/pg), which ends with the test. Without PostgreSQL a case fails: it is never skipped.
 */
#include "shebao/db.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shebao/levy.h"
#include "shebao/mem.h"
#include "unit/unit.h"

#define URL_MAX 512
#define OK(call) ck_assert_msg((call) >= 0, "%s: %s", #call, err.text)
#define FAILS(expected, call)                                                            \
	do {                                                                             \
		ck_assert_msg((call) < 0, "%s did not fail", #call);                     \
		ck_assert_msg(err.code == (expected), "%s: %s", #call, err.text);        \
		err_clear(&err);                                                         \
	} while (0)

enum engine {
	SQLITE,
	POSTGRESQL,
	ENGINE_COUNT
};

struct sample {
	char key[33];
	char name[65];
	int64_t count;
	int64_t fen;
	int64_t rate;
	int64_t at;
	char day[DATE_SIZE];
	char month[PERIOD_SIZE];
	int yes;
	int state;
	int kind;
	struct text_list words; /* not stored */
};

// clang-format off
static const struct field sample_fields[] = {
	RECORD_TEXT(sample, key, "key", FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(sample, name, "name", 0),
	RECORD_NUMBER(sample, count, "count", 0),
	RECORD_FEN(sample, fen, "fen", 0),
	RECORD_RATE(sample, rate, "rate", 0),
	RECORD_TIME(sample, at, "at", 0),
	RECORD_DATE(sample, day, "day", 0),
	RECORD_PERIOD(sample, month, "month", 0),
	RECORD_BOOL(sample, yes, "yes", 0),
	RECORD_STATE(sample, state, "state", 0, &states_levy),
	RECORD_CHOICE(sample, kind, "kind", 0, &levy_kinds),
	RECORD_TEXTS(sample, words, "words", 0),
};
// clang-format on

static const struct record_type sample_type = { .name = "sample",
	.size = sizeof(struct sample),
	.fields = sample_fields,
	.count = ARRAY_LEN(sample_fields) };
static const struct record_type *const sample_types[] = { &sample_type };

static const struct sample full = { .key = "0012",
	.name = "贵州省贵阳市 “O'Neil”",
	.count = 42,
	.fen = 123456789,
	.rate = 160000,
	.at = 1763856000123,
	.day = "2026-11-23",
	.month = "2026-11",
	.yes = 1,
	.state = 1,
	.kind = LEVY_SPECIAL };

static const struct db_migration steps[] = {
	{ 1, "samples",
	    "CREATE TABLE sample ({sample}, PRIMARY KEY (key));\n"
	    "CREATE TABLE blob (id BIGINT PRIMARY KEY, content BYTES, word TEXT);\n" },
	{ 2, "claims",
	    "CREATE TABLE claim (levy_no TEXT NOT NULL, live BIGINT NOT NULL);\n"
	    "CREATE UNIQUE INDEX claim_live ON claim (levy_no) WHERE live = 1" },
};

#define INSERT_BLOB "INSERT INTO blob (id, content, word) VALUES ($1, $2, $3)"

static char pg_folder[URL_MAX / 2], pg_url[URL_MAX / 2];

/* Runs tests/pg and keeps the line it prints. */
static inline void
run_pg(char *const argv[], char line[URL_MAX])
{
	int fds[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	ck_assert_int_eq(pipe(fds), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		execv("tests/pg", argv);
		_exit(127);
	}
	close(fds[1]);
	while (memchr(line, '\n', len) == NULL && len + 1 < URL_MAX &&
	    (n = read(fds[0], line + len, URL_MAX - len - 1)) > 0) {
		len += (size_t)n;
	}
	line[len] = '\0';
	close(fds[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(status == 0, "tests/pg failed: is PostgreSQL installed?");
}

static inline void
start_pg(void)
{
	char name[] = "pg", verb[] = "start", option[] = "--watch", pid[32];
	char *const argv[] = { name, verb, option, pid, NULL };
	char line[URL_MAX];

	if (pg_url[0] == '\0') {
		snprintf(pid, sizeof(pid), "%ld", (long)getpid());
		run_pg(argv, line);
		ck_assert_int_eq(sscanf(line, "%255s %255s", pg_folder, pg_url), 2);
	}
}

static char sqlite_folder[] = "/tmp/shebao-db.XXXXXX";

static inline int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void
remove_folder(void)
{
	nftw(sqlite_folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* A database that nobody has used: a file in a folder of its own, or a schema. */
static inline void
fresh_url(enum engine engine, char url[URL_MAX])
{
	static int number;
	struct err err = { 0 };
	struct db *db;
	char sql[64];

	if (number++ == 0) {
		ck_assert_ptr_nonnull(mkdtemp(sqlite_folder));
		atexit(remove_folder);
	}
	if (engine == SQLITE) {
		snprintf(url, URL_MAX, "sqlite:%s/%d/shebao.db", sqlite_folder, number);
		return;
	}
	start_pg();
	OK(db_open(pg_url, &db, &err));
	snprintf(sql, sizeof(sql), "CREATE SCHEMA t%d", number);
	OK(db_run(db, sql, DB_NONE, NULL, &err));
	db_close(db);
	snprintf(url, URL_MAX, "%s&options=-csearch_path%%3Dt%d", pg_url, number);
}

static inline struct db *
open_migrated(const char *url)
{
	struct err err = { 0 };
	struct db *db;

	OK(db_open(url, &db, &err));
	OK(db_migrate(
	    db, steps, ARRAY_LEN(steps), sample_types, ARRAY_LEN(sample_types), &err));
	return db;
}

static inline void
each_engine(void (*test)(const char *url))
{
	char url[URL_MAX];
	int engine;

	for (engine = 0; engine < ENGINE_COUNT; engine++) {
		fresh_url((enum engine)engine, url);
		test(url);
	}
}

static inline int64_t
number_of(struct db *db, const char *sql)
{
	struct err err = { 0 };
	int64_t value = -1;

	OK(db_find_int(db, sql, DB_NONE, &value, &err));
	return value;
}

#endif
