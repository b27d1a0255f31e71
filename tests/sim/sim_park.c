/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening a database means reading its schema and preparing statements: half the time of a short
 * world. So the connection of a program that died is not freed but parked, and the next program
 * that opens the same file gets it, as empty as a new one: no lock, no page, no index of the log
 * (its shared memory was zeroed, so it recovers from the file like any other). What a program
 * closes itself is closed in one world of sixteen. One world in 64 parks nothing.
 */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "shebao/mem.h"
#include "sim.h"
#include "sim_disk.h"
#include "store/db_driver.h"

enum {
	PARKED_MAX = 64,
	PARKED_PER_FILE = 6,
	/* Of so many worlds one parks nothing, and one parks nobody who leaves by himself. */
	PARKS_NOTHING = 64,
	CLOSES = 16
};

static struct {
	char *url;
	struct db *db;
} parked[PARKED_MAX];

static struct {
	char *url;
	struct db *db;
} opened[PARKED_MAX]; /* which file a connection in use is of */

int __real_db_open(const char *url, struct db **out, struct err *err);
void __real_db_close(struct db *db);
int __wrap_db_open(const char *url, struct db **out, struct err *err);
void __wrap_db_close(struct db *db);

static void
remember(const char *url, struct db *db)
{
	size_t i;

	for (i = 0; i < PARKED_MAX && opened[i].db != NULL; i++) {
	}
	if (i == PARKED_MAX) {
		sim_fail("too many connections");
	}
	opened[i].db = db;
	opened[i].url = mem_dup(url);
}

/* The file of a connection that is in use no longer; the caller frees it. */
static char *
forget(struct db *db)
{
	size_t i;

	for (i = 0; i < PARKED_MAX; i++) {
		if (opened[i].db == db) {
			opened[i].db = NULL;
			return opened[i].url;
		}
	}
	return NULL;
}

static int
is_reading(const struct db *db)
{
	const struct db_statement *s;
	size_t i;

	for (i = 0; i < DB_STATEMENT_BUCKETS; i++) {
		for (s = db->buckets[i]; s != NULL; s = s->next) {
			if (s->busy) {
				return 1;
			}
		}
	}
	return 0;
}

typedef void file_fn(sqlite3_file *file);

static void
each_file(struct db *db, file_fn *fn)
{
	static const int which[] = { SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER };
	size_t i;

	for (i = 0; i < ARRAY_LEN(which); i++) {
		sqlite3_file *file = NULL;

		if (sqlite3_file_control(db->native, "main", which[i], &file) == SQLITE_OK &&
		    file != NULL && file->pMethods != NULL) {
			fn(file);
		}
	}
}

/* Whoever dies is parked, and most of those who leave: they might as well have been killed after
 * their last commit. */
static int
may_park(void)
{
	return sim.seed % PARKS_NOTHING != 0 && (sim_is_dead() || sim.seed % CLOSES != 0);
}

static int
park(char *url, struct db *db)
{
	size_t i, of_file = 0, at = PARKED_MAX;

	for (i = 0; i < PARKED_MAX; i++) {
		if (parked[i].db == NULL) {
			at = i;
		} else {
			of_file += strcmp(parked[i].url, url) == 0;
		}
	}
	if (at == PARKED_MAX || of_file >= PARKED_PER_FILE || !may_park() || is_reading(db)) {
		return 0;
	}
	db_rollback(db);
	db->failed = 0;
	if (!sqlite3_get_autocommit(db->native)) {
		sqlite3_exec(db->native, "ROLLBACK", NULL, NULL, NULL);
	}
	sqlite3_db_release_memory(db->native);
	each_file(db, sim_disk_abandon);
	parked[at].url = url;
	parked[at].db = db;
	return 1;
}

void
__wrap_db_close(struct db *db)
{
	char *url = db == NULL ? NULL : forget(db);

	if (db != NULL) {
		db_rollback(db);
	}
	if (url == NULL || !park(url, db)) {
		__real_db_close(db);
		free(url);
	}
}

static struct db *
take(const char *url)
{
	struct db *db;
	size_t i;

	for (i = 0; i < PARKED_MAX; i++) {
		if (parked[i].db != NULL && strcmp(parked[i].url, url) == 0) {
			db = parked[i].db;
			parked[i].db = NULL;
			free(parked[i].url);
			return db;
		}
	}
	return NULL;
}

/* What the program that died had set for a while. */
static void
set_as_opened(struct db *db)
{
	if (db->forget_plans != NULL) {
		db->forget_plans(db);
		db->forget_plans = NULL;
		db->plans = NULL;
	}
	sqlite3_busy_timeout(db->native, 5000);
	sqlite3_exec(db->native, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
	sqlite3_exec(db->native, "PRAGMA cache_size = -2000", NULL, NULL, NULL);
}

int
__wrap_db_open(const char *url, struct db **out, struct err *err)
{
	struct db *db = sim_is_dead() ? NULL : take(url);

	while (db != NULL && sim.seed % PARKS_NOTHING == 0) {
		__real_db_close(db);
		db = take(url);
	}
	if (db != NULL) {
		*out = db;
		each_file(db, sim_disk_adopt);
		set_as_opened(db);
	} else if (__real_db_open(url, out, err) != 0) {
		return -1;
	}
	remember(url, *out);
	return 0;
}
