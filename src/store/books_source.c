/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where failed logins came from. */
#include "shebao/books_access.h"

int
books_source_locked(
    struct db *db, const char *source, int64_t now, int64_t *until, struct err *err)
{
	*until = 0;
	return db_find_int(db,
	    "SELECT locked_until FROM source_lock WHERE source = $1 AND locked_until > $2",
	    DB_ARGS(db_text(source), db_int(now)), until, err);
}

static int64_t
lock_ms(const struct books_source_rule *rule, int64_t locks)
{
	int64_t ms = rule->first_ms;

	while (locks-- > 0 && ms < rule->last_ms) {
		ms *= 2;
	}
	return ms < rule->last_ms ? ms : rule->last_ms;
}

static int
lock(struct db *db, const char *source, int64_t now, const struct books_source_rule *rule,
    struct err *err)
{
	int64_t locks = 0;

	if (db_find_int(db, "SELECT locks FROM source_lock WHERE source = $1",
		DB_ARGS(db_text(source)), &locks, err) < 0) {
		return -1;
	}
	if (db_run(db,
		"INSERT INTO source_lock (source, locks, locked_until) VALUES ($1, $2, $3)"
		" ON CONFLICT (source) DO UPDATE SET locks = excluded.locks,"
		" locked_until = excluded.locked_until",
		DB_ARGS(db_text(source), db_int(locks + 1),
		    db_int(now + lock_ms(rule, locks))),
		NULL, err) < 0) {
		return -1;
	}
	return db_run(db, "DELETE FROM source_failure WHERE source = $1",
	    DB_ARGS(db_text(source)), NULL, err);
}

int
/* NOLINTNEXTLINE(readability-function-size): five things and the rule */
books_source_fail(struct db *db, const char *source, const char *taxpayer_id, int64_t now,
    const struct books_source_rule *rule, struct err *err)
{
	int64_t count = 0;

	if (db_run(db,
		"INSERT INTO source_failure (source, taxpayer_id, at) VALUES ($1, $2, $3)"
		" ON CONFLICT (source, taxpayer_id) DO UPDATE SET at = excluded.at",
		DB_ARGS(db_text(source), db_text(taxpayer_id), db_int(now)), NULL, err) < 0 ||
	    db_find_int(db,
		"SELECT COUNT(*) FROM source_failure WHERE source = $1 AND at > $2",
		DB_ARGS(db_text(source), db_int(rule->since)), &count, err) < 0) {
		return -1;
	}
	return count < rule->limit ? 0 : lock(db, source, now, rule, err);
}

int
books_source_sweep(struct db *db, int64_t before, struct err *err)
{
	if (db_run(db, "DELETE FROM source_failure WHERE at < $1", DB_ARGS(db_int(before)), NULL,
		err) < 0) {
		return -1;
	}
	return db_run(db, "DELETE FROM source_lock WHERE locked_until < $1",
	    DB_ARGS(db_int(before)), NULL, err);
}
