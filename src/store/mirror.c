/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's copy of the service's lists: rows, staged downloads, settings. */
#include "shebao/mirror.h"

#include <stdio.h>
#include <string.h>

#include "shebao/journal.h"
#include "shebao/mem.h"
#include "shebao/payment.h"

#include "mirror_block.h"
#include "mirror_schema.h"

int
mirror_open(const char *url, struct db **out, struct err *err)
{
	if (db_open_bulk(url, out, err) != 0) {
		return -1;
	}
	/* A download makes the log long, and it is to be short again after it. */
	if (mirror_schema_migrate(*out, err) != 0 ||
	    db_run(*out, "PRAGMA journal_size_limit = 16777216", DB_NONE, NULL, err) != 0) {
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

int
mirror_put_events(struct db *db, const struct payment *payment, struct err *err)
{
	size_t i;

	for (i = 0; i < payment->events.count; i++) {
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
	if (db_put(db, mirror_schema_table(noun)->name, mirror_type(noun), record, err) != 0) {
		return -1;
	}
	return noun == MIRROR_PAYMENT ? mirror_put_events(db, record, err) : 0;
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
mirror_setting(struct db *db, const char *taxpayer_id, const char *name, char *out, size_t size,
    struct err *err)
{
	struct rows *rows = NULL;
	int found;

	out[0] = '\0';
	if (db_query(db, "SELECT value FROM setting WHERE taxpayer_id = $1 AND name = $2",
		DB_ARGS(db_text(taxpayer_id), db_text(name)), &rows, err) != 0) {
		return -1;
	}
	found = db_rows_next(rows, err);
	if (found == 1) {
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
	static const char *const more[] = { "download", "mark_block", "setting", "levy_group" };
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
	return mirror_block_drop_staged(db, err) == 0 ? mirror_block_changed(db, err) : -1;
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
