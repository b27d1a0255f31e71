/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Staged downloads. Rows are put down in the order of arrival beside the list, in a table without
 * an index, and become the list in one transaction: who reads sees the old list or the new one.
 *
 * Few rows change the list row by row. Many rows (a first download) take its indices away, come in
 * at once and have the indices built anew, each by one sort: a fifth of what keeping them up costs.
 * That takes seconds, so a thread does it on a connection of its own, and the list can be read, and
 * keys are answered, all the while.
 */
#include "shebao/mirror.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db_driver.h"
#include "mirror_block.h"
#include "mirror_schema.h"
#include "shebao/i18n.h"
#include "shebao/journal.h"
#include "shebao/mem.h"
#include "shebao/payment.h"

/* From so many rows on a thread takes over, and indices are built anew if the list was shorter. */
#define MANY_ROWS 20000

struct mirror_stage {
	enum mirror_noun noun;
	char taxpayer_id[TAXPAYER_ID_SIZE];
	int64_t now;
	struct db *db;
	pthread_t thread;
	int fds[2]; /* the thread writes a byte at its end */
	int result;
	struct err err;
};

/* ---- rows as they arrive */

int
mirror_stage_begin(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t *after, int64_t *staged, struct err *err)
{
	const char *name = mirror_schema_table(noun)->name;
	char sql[256];
	int64_t last = 0;
	int found;

	*after = 0;
	*staged = 0;
	if (db_find_int(db,
		"SELECT version FROM download WHERE taxpayer_id = $1 AND noun = $2",
		DB_ARGS(db_text(taxpayer_id), db_text(name)), after, err) < 0) {
		return -1;
	}
	snprintf(sql, sizeof(sql),
	    "SELECT version FROM %s_stage WHERE taxpayer_id = $1 ORDER BY rowid DESC LIMIT 1", name);
	found = db_find_int(db, sql, DB_ARGS(db_text(taxpayer_id)), &last, err);
	if (found <= 0) {
		return found;
	}
	/* One change may have touched many rows, and not all of them may have arrived. */
	snprintf(sql, sizeof(sql), "DELETE FROM %s_stage WHERE taxpayer_id = $1 AND version >= $2",
	    name);
	if (db_run(db, sql, DB_ARGS(db_text(taxpayer_id), db_int(last)), NULL, err) < 0) {
		return -1;
	}
	*after = last - 1 > *after ? last - 1 : *after;
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s_stage WHERE taxpayer_id = $1", name);
	return db_find_int(db, sql, DB_ARGS(db_text(taxpayer_id)), staged, err) < 0 ? -1 : 0;
}

int
mirror_stage_put(struct db *db, enum mirror_noun noun, const void *record, struct err *err)
{
	char stage[64];

	snprintf(stage, sizeof(stage), "%s_stage", mirror_schema_table(noun)->name);
	if (db_insert(db, stage, mirror_type(noun), record, err) != 0) {
		return -1;
	}
	/* A payment's timeline only grows, so its events need not be staged. */
	return noun == MIRROR_PAYMENT ? mirror_put_events(db, record, err) : 0;
}

/* ---- from the stage to the list */

static int
is_column(const struct field *f)
{
	return f->type != FIELD_TEXTS && f->type != FIELD_RECORDS && f->type != FIELD_BYTES;
}

static void
put_columns(struct buf *sql, const struct record_type *type)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < type->count; i++) {
		if (is_column(&type->fields[i])) {
			buf_printf(sql, "%s%s", comma, type->fields[i].name);
			comma = ", ";
		}
	}
}

/* A row that changed while the download went on is staged twice; the newer one stays. */
static void
put_upsert(struct buf *sql, const struct mirror_table *table)
{
	const char *comma = "";
	size_t i;

	buf_printf(sql, "INSERT INTO %s (", table->name);
	put_columns(sql, table->type);
	buf_puts(sql, ") SELECT ");
	put_columns(sql, table->type);
	buf_printf(sql, " FROM %s_stage WHERE taxpayer_id = $1 ORDER BY rowid"
			" ON CONFLICT (taxpayer_id, %s) DO UPDATE SET ",
	    table->name, table->key);
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

/* Names and statements of the list's indices, but for the one that says what a row is. */
static int
read_indices(struct db *db, const char *table, struct text_list *names, struct text_list *made,
    struct err *err)
{
	struct rows *rows = NULL;
	int more;

	if (db_query(db,
		"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = $1"
		" AND sql LIKE 'CREATE INDEX %'",
		DB_ARGS(db_text(table)), &rows, err) != 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		text_list_add(names, db_rows_text(rows, 0));
		text_list_add(made, db_rows_text(rows, 1));
	}
	db_rows_close(rows);
	return more;
}

static int
upsert_without_indices(struct db *db, const struct mirror_table *table, const char *upsert,
    const char *taxpayer_id, struct err *err)
{
	struct text_list names = { 0 }, made = { 0 };
	char sql[160];
	int rc = read_indices(db, table->name, &names, &made, err);
	size_t i;

	for (i = 0; rc == 0 && i < names.count; i++) {
		snprintf(sql, sizeof(sql), "DROP INDEX %s", names.items[i]);
		rc = db_run(db, sql, DB_NONE, NULL, err);
	}
	if (rc == 0) {
		rc = db_run(db, upsert, DB_ARGS(db_text(taxpayer_id)), NULL, err);
	}
	for (i = 0; rc == 0 && i < made.count; i++) {
		rc = db_run(db, made.items[i], DB_NONE, NULL, err);
	}
	text_list_release(&names);
	text_list_release(&made);
	return rc;
}

/* Whether the list, of all employers, is shorter than what comes; counted no further than that. */
static int
is_shorter(struct db *db, const struct mirror_table *table, int64_t rows)
{
	int64_t listed = rows;
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT $1)", table->name);
	return db_find_int(db, sql, DB_ARGS(db_int(rows)), &listed, NULL) == 1 && listed < rows;
}

static int
upsert(struct db *db, const struct mirror_table *table, const char *taxpayer_id, int64_t staged,
    struct err *err)
{
	struct buf sql = { 0 };
	int rc;

	put_upsert(&sql, table);
	rc = staged >= MANY_ROWS && is_shorter(db, table, staged)
	    ? upsert_without_indices(db, table, buf_text(&sql), taxpayer_id, err)
	    : db_run(db, buf_text(&sql), DB_ARGS(db_text(taxpayer_id)), NULL, err);
	buf_release(&sql);
	return rc;
}

static int
swap(struct db *db, enum mirror_noun noun, const char *taxpayer_id, int64_t now,
    struct err *err)
{
	const struct mirror_table *table = mirror_schema_table(noun);
	char sql[480];
	int64_t staged = 0;

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s_stage WHERE taxpayer_id = $1",
	    table->name);
	if (db_find_int(db, sql, DB_ARGS(db_text(taxpayer_id)), &staged, err) < 0 ||
	    (staged > 0 && upsert(db, table, taxpayer_id, staged, err) != 0)) {
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
	    table->name);
	if (db_run(db, sql,
		DB_ARGS(db_text(taxpayer_id), db_text(table->name), db_int(now)), NULL,
		err) != 0) {
		return -1;
	}
	if (noun == MIRROR_LEVY && journal_overlay(db, taxpayer_id, err) != 0) {
		return -1;
	}
	/* Who reads the new list is not to wait for its blocks. */
	if (noun == MIRROR_LEVY && mirror_block_pack(db, err) != 0) {
		return -1;
	}
	snprintf(sql, sizeof(sql), "DELETE FROM %s_stage WHERE taxpayer_id = $1", table->name);
	return db_run(db, sql, DB_ARGS(db_text(taxpayer_id)), NULL, err);
}

int
mirror_stage_swap(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t now, struct err *err)
{
	if (db_begin(db, err) != 0) {
		return -1;
	}
	if (swap(db, noun, taxpayer_id, now, err) != 0 || db_commit(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

/* ---- the same in a thread */

static void *
run_swap(void *user)
{
	struct mirror_stage *stage = user;
	struct db *db = stage->db;

	/* Sorting a million keys is done on disk: the client's memory stays small. */
	if (db_run(db, "PRAGMA temp_store = FILE", DB_NONE, NULL, &stage->err) == 0 &&
	    db_run(db, "PRAGMA cache_size = -16384", DB_NONE, NULL, &stage->err) == 0) {
		stage->result =
		    mirror_stage_swap(db, stage->noun, stage->taxpayer_id, stage->now, &stage->err);
	} else {
		stage->result = -1;
	}
	while (write(stage->fds[1], "", 1) < 0) {
		/* Interrupted: the reader waits for it. */
	}
	return NULL;
}

int
mirror_stage_is_long(const struct db *db, enum mirror_noun noun, int64_t staged)
{
	return noun == MIRROR_LEVY && staged >= MANY_ROWS && strstr(db->url, ":memory:") == NULL;
}

int
mirror_stage_start(struct db *db, enum mirror_noun noun, const char *taxpayer_id, int64_t now,
    struct mirror_stage **out, struct err *err)
{
	struct mirror_stage *stage = mem_alloc(sizeof(*stage));

	*out = NULL;
	stage->noun = noun;
	stage->now = now;
	mem_copy_text(stage->taxpayer_id, sizeof(stage->taxpayer_id), taxpayer_id);
	if (db_open(db->url, &stage->db, err) != 0) {
		free(stage);
		return -1;
	}
	if (pipe(stage->fds) != 0) {
		db_close(stage->db);
		free(stage);
		return err_set(err, ERR_LOCAL, "%s", _("无法建立线程"));
	}
	if (pthread_create(&stage->thread, NULL, run_swap, stage) != 0) {
		close(stage->fds[0]);
		close(stage->fds[1]);
		db_close(stage->db);
		free(stage);
		return err_set(err, ERR_LOCAL, "%s", _("无法建立线程"));
	}
	*out = stage;
	return 0;
}

int
mirror_stage_fd(const struct mirror_stage *stage)
{
	return stage->fds[0];
}

void
mirror_stage_stop(struct mirror_stage *stage)
{
	db_interrupt(stage->db);
}

int
mirror_stage_end(struct mirror_stage *stage, struct err *err)
{
	int result;

	pthread_join(stage->thread, NULL);
	result = stage->result;
	if (result != 0) {
		err_set(err, stage->err.code, "%s", stage->err.text);
	}
	close(stage->fds[0]);
	close(stage->fds[1]);
	db_close(stage->db);
	free(stage);
	return result;
}
