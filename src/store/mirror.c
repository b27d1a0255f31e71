/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's copy of the service's lists: rows, staged downloads, settings. */
#include "shebao/mirror.h"

#include <stdio.h>
#include <string.h>

#include "shebao/journal.h"
#include "shebao/mem.h"
#include "shebao/payment.h"

#include "mirror_schema.h"

int
mirror_open(const char *url, struct db **out, struct err *err)
{
	if (db_open(url, out, err) != 0) {
		return -1;
	}
	if (mirror_schema_migrate(*out, err) != 0) {
		db_close(*out);
		*out = NULL;
		return -1;
	}
	return 0;
}

const struct record_type *
mirror_type(enum mirror_noun noun)
{
	return mirror_schema_table(noun)->type;
}

static int
put(struct db *db, enum mirror_noun noun, const char *table, const void *record,
    struct err *err)
{
	const struct payment *payment = record;
	size_t i;

	if (db_put(db, table, mirror_type(noun), record, err) != 0) {
		return -1;
	}
	for (i = 0; noun == MIRROR_PAYMENT && i < payment->events.count; i++) {
		struct payment_event *event =
		    record_list_at(&payment->events, &payment_event_type, i);

		mem_copy_text(event->payment_no, sizeof(event->payment_no), payment->payment_no);
		if (db_put(db, "payment_event", &payment_event_type, event, err) != 0) {
			return -1;
		}
	}
	return 0;
}

int
mirror_put(struct db *db, enum mirror_noun noun, const void *record, struct err *err)
{
	return put(db, noun, mirror_schema_table(noun)->name, record, err);
}

/* ---- staged downloads */

int
mirror_stage_begin(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t *after, int64_t *staged, struct err *err)
{
	const char *name = mirror_schema_table(noun)->name;
	char sql[256];
	int64_t in_stage = 0;

	*after = 0;
	*staged = 0;
	if (db_find_int(db,
		"SELECT version FROM download WHERE taxpayer_id = $1 AND noun = $2",
		DB_ARGS(db_text(taxpayer_id), db_text(name)), after, err) < 0) {
		return -1;
	}
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s_stage WHERE taxpayer_id = $1",
	    name);
	if (db_find_int(db, sql, DB_ARGS(db_text(taxpayer_id)), staged, err) < 0) {
		return -1;
	}
	snprintf(sql, sizeof(sql),
	    "SELECT coalesce(max(version), 0) FROM %s_stage WHERE taxpayer_id = $1", name);
	if (db_find_int(db, sql, DB_ARGS(db_text(taxpayer_id)), &in_stage, err) < 0) {
		return -1;
	}
	/* One change may have touched many rows, and not all of them may have arrived. */
	*after = in_stage - 1 > *after ? in_stage - 1 : *after;
	return 0;
}

int
mirror_stage_put(struct db *db, enum mirror_noun noun, const void *record, struct err *err)
{
	char stage[64];

	/* A payment's timeline only grows, so its events need not be staged. */
	snprintf(stage, sizeof(stage), "%s_stage", mirror_schema_table(noun)->name);
	return put(db, noun, stage, record, err);
}

static int
is_column(const struct field *f)
{
	return f->type != FIELD_TEXTS && f->type != FIELD_RECORDS && f->type != FIELD_BYTES;
}

static void
swap_sql(const struct mirror_table *table, struct buf *sql)
{
	const char *comma = "";
	size_t i;

	buf_printf(sql,
	    "INSERT INTO %s SELECT * FROM %s_stage WHERE taxpayer_id = $1"
	    " ON CONFLICT (taxpayer_id, %s) DO UPDATE SET ",
	    table->name, table->name, table->key);
	for (i = 0; i < table->type->count; i++) {
		const struct field *f = &table->type->fields[i];

		if (is_column(f) && (f->flags & FIELD_KEY) == 0) {
			buf_printf(sql, "%s%s = excluded.%s", comma, f->name, f->name);
			comma = ", ";
		}
	}
	if (record_field(table->type, "version") != NULL) {
		buf_printf(sql, " WHERE %s.version <= excluded.version", table->name);
	}
}

static int
swap(struct db *db, enum mirror_noun noun, const char *taxpayer_id, int64_t now,
    const char *upsert, struct err *err)
{
	const char *name = mirror_schema_table(noun)->name;
	char sql[480];

	if (db_run(db, upsert, DB_ARGS(db_text(taxpayer_id)), NULL, err) != 0) {
		return -1;
	}
	/* The cursor is what was downloaded: the list may hold later rows that came as answers,
	 * with changes between that are still to be fetched. */
	snprintf(sql, sizeof(sql),
	    "INSERT INTO download (taxpayer_id, noun, version, downloaded_at)"
	    " SELECT $1, $2, coalesce(max(version), 0), $3 FROM %s_stage WHERE taxpayer_id = $1"
	    " ON CONFLICT (taxpayer_id, noun) DO UPDATE SET version = CASE"
	    " WHEN excluded.version > download.version THEN excluded.version"
	    " ELSE download.version END, downloaded_at = excluded.downloaded_at",
	    name);
	if (db_run(db, sql, DB_ARGS(db_text(taxpayer_id), db_text(name), db_int(now)), NULL,
		err) != 0) {
		return -1;
	}
	if (noun == MIRROR_LEVY && journal_overlay(db, taxpayer_id, err) != 0) {
		return -1;
	}
	snprintf(sql, sizeof(sql), "DELETE FROM %s_stage WHERE taxpayer_id = $1", name);
	return db_run(db, sql, DB_ARGS(db_text(taxpayer_id)), NULL, err);
}

int
mirror_stage_swap(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t now, struct err *err)
{
	struct buf upsert = { 0 };
	int rc = -1;

	swap_sql(mirror_schema_table(noun), &upsert);
	/* Indices are not in the order of arrival: with SQLite's usual 2 MB a million rows write
	 * every page of them again and again. */
	if (db_run(db, "PRAGMA cache_size = -65536", DB_NONE, NULL, err) == 0 &&
	    db_begin(db, err) == 0) {
		rc = swap(db, noun, taxpayer_id, now, buf_text(&upsert), err);
		if (rc == 0) {
			rc = db_commit(db, err);
		}
		if (rc != 0) {
			db_rollback(db);
		}
	}
	(void)!db_run(db, "PRAGMA cache_size = -2000", DB_NONE, NULL, NULL);
	(void)!db_run(db, "PRAGMA shrink_memory", DB_NONE, NULL, NULL);
	buf_release(&upsert);
	return rc;
}

int64_t
mirror_downloaded_at(struct db *db, enum mirror_noun noun, const char *taxpayer_id)
{
	int64_t at = 0;

	if (db_find_int(db,
		"SELECT downloaded_at FROM download WHERE taxpayer_id = $1 AND noun = $2",
		DB_ARGS(db_text(taxpayer_id), db_text(mirror_schema_table(noun)->name)), &at,
		NULL) < 0) {
		return 0;
	}
	return at;
}

int
mirror_find(struct db *db, enum mirror_noun noun, const char *taxpayer_id, const char *key,
    void *record, struct err *err)
{
	const struct mirror_table *table = mirror_schema_table(noun);
	char sql[192];

	snprintf(sql, sizeof(sql), "SELECT * FROM %s WHERE %s = $1 AND taxpayer_id = $2",
	    table->name, table->key);
	return db_find(db, sql, DB_ARGS(db_text(key), db_text(taxpayer_id)), table->type,
	    record, err);
}

/* ---- settings */

int
mirror_setting(
    struct db *db, const char *taxpayer_id, const char *name, char *out, size_t size)
{
	struct rows *rows = NULL;
	int found = 0;

	out[0] = '\0';
	if (db_query(db, "SELECT value FROM setting WHERE taxpayer_id = $1 AND name = $2",
		DB_ARGS(db_text(taxpayer_id), db_text(name)), &rows, NULL) != 0) {
		return 0;
	}
	if (db_rows_next(rows, NULL) == 1) {
		found = mem_copy_text(out, size, db_rows_text(rows, 0));
	}
	db_rows_close(rows);
	return found;
}

int
mirror_set(struct db *db, const char *taxpayer_id, const char *name, const char *value,
    struct err *err)
{
	return db_run(db,
	    "INSERT INTO setting (taxpayer_id, name, value) VALUES ($1, $2, $3)"
	    " ON CONFLICT (taxpayer_id, name) DO UPDATE SET value = excluded.value",
	    DB_ARGS(db_text(taxpayer_id), db_text(name), db_text(value)), NULL, err);
}

static int
forget(struct db *db, const char *taxpayer_id, struct err *err)
{
	static const char *const more[] = { "download", "mark", "setting" };
	char sql[128];
	size_t i;

	if (db_run(db,
		"DELETE FROM payment_event WHERE payment_no IN"
		" (SELECT payment_no FROM payment WHERE taxpayer_id = $1)",
		DB_ARGS(db_text(taxpayer_id)), NULL, err) != 0) {
		return -1;
	}
	for (i = 0; i < MIRROR_NOUN_COUNT + ARRAY_LEN(more); i++) {
		const char *name = i < MIRROR_NOUN_COUNT ?
		    mirror_schema_table((enum mirror_noun)i)->name :
		    more[i - MIRROR_NOUN_COUNT];

		if (i == MIRROR_PAYMENT_EVENT) {
			continue;
		}
		snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE taxpayer_id = $1", name);
		if (db_run(db, sql, DB_ARGS(db_text(taxpayer_id)), NULL, err) != 0) {
			return -1;
		}
	}
	return 0;
}

int
mirror_forget(struct db *db, const char *taxpayer_id, struct err *err)
{
	if (db_begin(db, err) != 0) {
		return -1;
	}
	if (forget(db, taxpayer_id, err) != 0 || db_commit(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}
