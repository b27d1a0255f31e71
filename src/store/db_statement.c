/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statements prepared on a connection, found by their text: callers build some of their SQL, so
 * the same address may hold another text the next time.
 */
#include "db_driver.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"

#define FNV_OFFSET 14695981039346656037U
#define FNV_PRIME 1099511628211U

static uint64_t
hash_of(const char *sql)
{
	uint64_t hash = FNV_OFFSET;

	for (; *sql != '\0'; sql++) {
		hash = (hash ^ (unsigned char)*sql) * FNV_PRIME;
	}
	return hash;
}

static struct db_statement **
bucket_of(struct db *db, uint64_t hash)
{
	return &db->buckets[hash % DB_STATEMENT_BUCKETS];
}

static void
free_statement(struct db *db, struct db_statement *statement)
{
	if (statement->native != NULL) {
		db->driver->finalize(db, statement);
	}
	free(statement->sql);
	free(statement);
}

static struct db_statement *
new_statement(const char *sql, uint64_t hash)
{
	struct db_statement *statement = mem_alloc(sizeof(*statement));

	statement->sql = mem_dup(sql);
	statement->hash = hash;
	statement->busy = 1;
	return statement;
}

static void
drop_oldest(struct db *db)
{
	struct db_statement **link, **oldest = NULL, *gone;
	size_t i;

	for (i = 0; i < DB_STATEMENT_BUCKETS; i++) {
		for (link = &db->buckets[i]; *link != NULL; link = &(*link)->next) {
			if (!(*link)->busy &&
			    (oldest == NULL || (*link)->used < (*oldest)->used)) {
				oldest = link;
			}
		}
	}
	if (oldest != NULL) {
		gone = *oldest;
		*oldest = gone->next;
		db->statement_count--;
		free_statement(db, gone);
	}
}

struct db_statement *
db_statement_take(struct db *db, const char *sql)
{
	uint64_t hash = hash_of(sql);
	struct db_statement **bucket = bucket_of(db, hash), *s;

	for (s = *bucket; s != NULL; s = s->next) {
		if (s->hash == hash && strcmp(s->sql, sql) == 0) {
			break;
		}
	}
	if (s != NULL && s->busy) {
		/* The rows of the same query are being read one level up. */
		return new_statement(sql, hash);
	}
	if (s == NULL) {
		if (db->statement_count >= DB_STATEMENTS_MAX) {
			drop_oldest(db);
		}
		s = new_statement(sql, hash);
		s->cached = 1;
		s->next = *bucket;
		*bucket = s;
		db->statement_count++;
	}
	s->busy = 1;
	s->used = ++db->uses;
	return s;
}

void
db_statement_give(struct db *db, struct db_statement *statement)
{
	statement->busy = 0;
	if (!statement->cached) {
		free_statement(db, statement);
	}
}

void
db_statement_forget(struct db *db)
{
	struct db_statement *s;
	size_t i;

	for (i = 0; i < DB_STATEMENT_BUCKETS; i++) {
		for (s = db->buckets[i]; s != NULL; s = s->next) {
			if (s->native != NULL) {
				db->driver->finalize(db, s);
			}
		}
	}
}

void
db_statement_free_all(struct db *db)
{
	struct db_statement *s, *next;
	size_t i;

	for (i = 0; i < DB_STATEMENT_BUCKETS; i++) {
		for (s = db->buckets[i]; s != NULL; s = next) {
			next = s->next;
			free_statement(db, s);
		}
		db->buckets[i] = NULL;
	}
	db->statement_count = 0;
}
