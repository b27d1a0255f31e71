/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Staged downloads. Rows are put down in the order of arrival beside the list, in a table without
 * an index (mirror_staging.c), and become the list in one transaction: who reads sees the old list or the
 * new one.
 *
 * Few rows change the list row by row. Many rows take its indices away, come in at once and have
 * the indices built anew, each by one sort: a fifth of what keeping them up costs. When the list is
 * empty (a first download), the table of the stage becomes that of the list, and nothing is written
 * twice. That takes seconds, so a thread does it (mirror_stage_thread.c), and the list can be
 * read, and keys are answered, all the while.
 */
#include "shebao/mirror.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_driver.h"
#include "mirror_block.h"
#include "mirror_schema.h"
#include "shebao/i18n.h"
#include "shebao/journal.h"
#include "shebao/mem.h"
#include "shebao/payment.h"

/* From so many rows on a thread takes over. */
#define MANY_ROWS 20000

struct swap {
	enum mirror_noun noun;
	char taxpayer_id[TAXPAYER_ID_SIZE];
	int64_t now;
};

/* ---- from where on */

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
	/* One change may have touched many rows, and not all of them may have arrived: its rows are asked for
	 * again, and staged twice. None is taken away, because another client of this home may be
	 * downloading, and goes on behind them. */
	*after = last - 1 > *after ? last - 1 : *after;
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s_stage WHERE taxpayer_id = $1", name);
	return db_find_int(db, sql, DB_ARGS(db_text(taxpayer_id)), staged, err) < 0 ? -1 : 0;
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
			buf_puts(sql, comma);
			buf_puts(sql, type->fields[i].name);
			comma = ", ";
		}
	}
}

/* A row that changed while the download went on, or with which one went on, is staged twice; the newer
 * one stays. */
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
			buf_puts(sql, comma);
			buf_puts(sql, f->name);
			buf_puts(sql, " = excluded.");
			buf_puts(sql, f->name);
			comma = ", ";
		}
	}
	if (record_field(table->type, "version") != NULL) {
		buf_printf(sql, " WHERE %s.version <= excluded.version", table->name);
	}
}

/* What was made on a table: triggers, and indices that have a name. */
struct made {
	struct text_list kinds, names, sql;
};

static int
read_made(struct db *db, const char *table, struct made *out, struct err *err)
{
	struct rows *rows = NULL;
	int more;

	if (db_query(db,
		"SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')"
		" AND tbl_name = $1 AND sql <> '' ORDER BY type DESC, rowid",
		DB_ARGS(db_text(table)), &rows, err) != 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		text_list_add(&out->kinds, db_rows_text(rows, 0));
		text_list_add(&out->names, db_rows_text(rows, 1));
		text_list_add(&out->sql, db_rows_text(rows, 2));
	}
	db_rows_close(rows);
	return more;
}

static int
make_again(struct db *db, const struct made *made, struct err *err)
{
	size_t i;

	for (i = 0; i < made->sql.count; i++) {
		if (db_run(db, made->sql.items[i], DB_NONE, NULL, err) != 0) {
			return -1;
		}
	}
	return 0;
}

static void
release_made(struct made *made)
{
	text_list_release(&made->kinds);
	text_list_release(&made->names);
	text_list_release(&made->sql);
}

static int
is_key(const char *sql)
{
	return strncmp(sql, "CREATE UNIQUE", strlen("CREATE UNIQUE")) == 0;
}

static int
upsert_bare(struct db *db, const struct mirror_table *table, const char *upsert,
    const char *taxpayer_id, struct err *err)
{
	struct made made = { 0 }, loose = { 0 };
	char sql[160];
	int rc = read_made(db, table->name, &made, err);
	size_t i;

	for (i = 0; rc == 0 && i < made.names.count; i++) {
		if (is_key(made.sql.items[i])) {
			continue;
		}
		text_list_add(&loose.sql, made.sql.items[i]);
		snprintf(sql, sizeof(sql), "DROP %s %s", made.kinds.items[i], made.names.items[i]);
		rc = db_run(db, sql, DB_NONE, NULL, err);
	}
	if (rc == 0) {
		rc = db_run(db, upsert, DB_ARGS(db_text(taxpayer_id)), NULL, err);
	}
	if (rc == 0) {
		rc = make_again(db, &loose, err);
	}
	if (rc == 0) {
		rc = mirror_block_forget(db, err);
	}
	release_made(&made);
	release_made(&loose);
	return rc;
}

/* ---- the stage as the list */

/* Of rows that are staged twice. */
static int
drop_older(struct db *db, const struct mirror_table *table, struct err *err)
{
	char sql[320];

	snprintf(sql, sizeof(sql),
	    "DELETE FROM %s WHERE rowid IN (SELECT rowid FROM (SELECT rowid, row_number() OVER"
	    " (PARTITION BY taxpayer_id, %s ORDER BY version DESC, rowid DESC) AS nth FROM %s) WHERE nth > 1)",
	    table->name, table->key, table->name);
	return db_run(db, sql, DB_NONE, NULL, err);
}

static int
make_key(struct db *db, const struct mirror_table *table, const char *sql, struct err *err)
{
	struct err taken = { 0 };

	if (db_savepoint(db, err) != 0) {
		return -1;
	}
	if (db_run(db, sql, DB_NONE, NULL, &taken) == 0) {
		return db_savepoint_keep(db, err);
	}
	if (db_savepoint_undo(db) != 0 || taken.code != ERR_TAKEN) {
		return err_set(err, taken.code, "%s", taken.text);
	}
	return drop_older(db, table, err) == 0 ? db_run(db, sql, DB_NONE, NULL, err) : -1;
}

/* Triggers come first: they note which blocks are no longer true when rows go. */
static int
make_on_stage(struct db *db, const struct mirror_table *table, const struct made *made, struct err *err)
{
	size_t i;

	for (i = 0; i < made->sql.count; i++) {
		const char *sql = made->sql.items[i];

		if ((is_key(sql) ? make_key(db, table, sql, err) : db_run(db, sql, DB_NONE, NULL, err)) != 0) {
			return -1;
		}
	}
	return 0;
}

/* An empty list without anything under way, and a stage of many rows with the same columns. */
static int
may_rename(struct db *db, const struct mirror_table *table)
{
	int64_t differ = 1, listed = 1, held = 1;
	char sql[256];

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM (SELECT cid, name, type FROM pragma_table_info('%s') EXCEPT"
	    " SELECT cid, name, type FROM pragma_table_info('%s_stage'))",
	    table->name, table->name);
	if (db_find_int(db, sql, DB_NONE, &differ, NULL) != 1) {
		return 0;
	}
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM (SELECT 1 FROM %s LIMIT 1)", table->name);
	return db_find_int(db, sql, DB_NONE, &listed, NULL) == 1 &&
	    db_find_int(db, "SELECT count(*) FROM hold", DB_NONE, &held, NULL) == 1 &&
	    differ == 0 && listed == 0 && held == 0;
}

static int
has_key(const struct made *made)
{
	size_t i;

	for (i = 0; i < made->sql.count; i++) {
		if (is_key(made->sql.items[i])) {
			return 1;
		}
	}
	return 0;
}

static int
rename_stage(struct db *db, const struct mirror_table *table, struct made *made,
    const char *stage_sql, struct err *err)
{
	char sql[192];

	snprintf(sql, sizeof(sql), "DROP TABLE %s", table->name);
	if (db_run(db, sql, DB_NONE, NULL, err) != 0) {
		return -1;
	}
	snprintf(sql, sizeof(sql), "ALTER TABLE %s_stage RENAME TO %s", table->name, table->name);
	if (db_run(db, sql, DB_NONE, NULL, err) != 0 || mirror_block_take_staged(db, err) != 0) {
		return -1;
	}
	if (!has_key(made)) {
		snprintf(sql, sizeof(sql), "CREATE UNIQUE INDEX %s_key ON %s (taxpayer_id, %s)",
		    table->name, table->name, table->key);
		text_list_add(&made->sql, sql);
	}
	return make_on_stage(db, table, made, err) == 0 ? db_run(db, stage_sql, DB_NONE, NULL, err) : -1;
}

/* No row is written twice. ERR_TAKEN: the stage has rows of another employer, too, and all has to go the
 * other way in another transaction. */
static int
make_list_of_stage(struct db *db, const struct mirror_table *table, struct err *err)
{
	struct made made = { 0 };
	struct text_list stage = { 0 };
	struct rows *rows = NULL;
	char sql[192];
	int64_t others = 0;
	int rc = read_made(db, table->name, &made, err);

	snprintf(sql, sizeof(sql), "SELECT sql FROM sqlite_master WHERE name = '%s_stage'", table->name);
	if (rc == 0) {
		rc = db_query(db, sql, DB_NONE, &rows, err);
	}
	if (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		text_list_add(&stage, db_rows_text(rows, 0));
		rc = 0;
	}
	db_rows_close(rows);
	if (rc == 0) {
		rc = rename_stage(db, table, &made, stage.items[0], err);
	}
	/* One after the other, each is the end of an index; at once they would be a scan. */
	snprintf(sql, sizeof(sql),
	    "SELECT (SELECT min(taxpayer_id) FROM %s) <> (SELECT max(taxpayer_id) FROM %s)", table->name,
	    table->name);
	if (rc == 0 && db_find_int(db, sql, DB_NONE, &others, err) != 1) {
		rc = -1;
	}
	if (rc == 0 && others != 0) {
		rc = err_set(err, ERR_TAKEN, "%s", table->name);
	}
	text_list_release(&stage);
	release_made(&made);
	return rc;
}

/* ---- which way */

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
	const int is_levy = strcmp(table->name, "levy") == 0;
	struct buf sql = { 0 };
	int rc;

	put_upsert(&sql, table);
	rc = staged >= MANY_ROWS && is_shorter(db, table, staged)
	    ? upsert_bare(db, table, buf_text(&sql), taxpayer_id, err)
	    : db_run(db, buf_text(&sql), DB_ARGS(db_text(taxpayer_id)), NULL, err);
	buf_release(&sql);
	if (rc != 0 || (is_levy && journal_overlay(db, taxpayer_id, err) != 0)) {
		return -1;
	}
	buf_printf(&sql, "DELETE FROM %s_stage WHERE taxpayer_id = $1", table->name);
	rc = db_run(db, buf_text(&sql), DB_ARGS(db_text(taxpayer_id)), NULL, err);
	buf_release(&sql);
	return rc == 0 && is_levy ? mirror_block_drop_staged(db, err) : rc;
}

/* The cursor is what was downloaded: the list may hold later rows that came as answers, with
 * changes between that are still to be fetched. Rows are staged in the order of their versions. */
static int
keep_cursor(struct db *db, const struct mirror_table *table, const char *taxpayer_id,
    int64_t now, struct err *err)
{
	char sql[480];

	snprintf(sql, sizeof(sql),
	    "INSERT INTO download (taxpayer_id, noun, version, downloaded_at)"
	    " SELECT $1, $2, coalesce((SELECT version FROM %s_stage WHERE taxpayer_id = $1"
	    " ORDER BY rowid DESC LIMIT 1), 0), $3 WHERE 1"
	    " ON CONFLICT (taxpayer_id, noun) DO UPDATE SET version = CASE"
	    " WHEN excluded.version > download.version THEN excluded.version"
	    " ELSE download.version END, downloaded_at = excluded.downloaded_at",
	    table->name);
	return db_run(db, sql,
	    DB_ARGS(db_text(taxpayer_id), db_text(table->name), db_int(now)), NULL, err);
}

/* *as_list: the stage itself may become the list; 0 when it did not. */
static int
swap(struct db *db, const struct swap *wanted, int *as_list, struct err *err)
{
	const struct mirror_table *table = mirror_schema_table(wanted->noun);
	char sql[192];
	int64_t staged = 0;

	/* About how many: they stand one after the other. */
	snprintf(sql, sizeof(sql),
	    "SELECT coalesce((SELECT max(rowid) FROM %s_stage) - (SELECT min(rowid) FROM %s_stage) + 1, 0)",
	    table->name, table->name);
	if (db_find_int(db, sql, DB_NONE, &staged, err) < 0 ||
	    keep_cursor(db, table, wanted->taxpayer_id, wanted->now, err) != 0) {
		return -1;
	}
	*as_list = *as_list && staged >= MANY_ROWS && may_rename(db, table);
	if (staged == 0) {
		return 0;
	}
	if ((*as_list ? make_list_of_stage(db, table, err)
		      : upsert(db, table, wanted->taxpayer_id, staged, err)) != 0) {
		return -1;
	}
	/* Who reads the new list is not to wait for its blocks. */
	return wanted->noun == MIRROR_LEVY ? mirror_block_pack(db, err) : 0;
}

static int
swap_once(struct db *db, const struct swap *wanted, int *as_list, struct err *err)
{
	if (db_begin(db, err) != 0) {
		return -1;
	}
	if (swap(db, wanted, as_list, err) != 0 || db_commit(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

static int
swap_stage(struct db *db, const struct swap *wanted, struct err *err)
{
	struct err taken = { 0 };
	int as_list = wanted->noun == MIRROR_LEVY;

	if (swap_once(db, wanted, &as_list, &taken) == 0) {
		return 0;
	}
	if (!as_list || taken.code != ERR_TAKEN) {
		return err_set(err, taken.code, "%s", taken.text);
	}
	as_list = 0;
	return swap_once(db, wanted, &as_list, err);
}

int
mirror_stage_swap(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t now, struct err *err)
{
	struct swap wanted = { .noun = noun, .now = now };

	mem_copy_text(wanted.taxpayer_id, sizeof(wanted.taxpayer_id), taxpayer_id);
	return swap_stage(db, &wanted, err);
}

int
mirror_stage_is_long(const struct db *db, enum mirror_noun noun, int64_t staged)
{
	return noun == MIRROR_LEVY && staged >= MANY_ROWS && strstr(db->url, ":memory:") == NULL;
}
