/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brings a database to the schema of this program. Each step and the note that it was done are
 * one transaction, so a program that dies in the middle leaves the state before or after a step.
 */
#include "db_driver.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

static const char notes_sql[] = "CREATE TABLE IF NOT EXISTS schema_migration ("
				"number BIGINT NOT NULL PRIMARY KEY, what TEXT NOT NULL)";

static int
put_type(const char *name, size_t n, const struct record_type *const *types,
    size_t type_count, struct buf *out, struct err *err)
{
	size_t i;

	for (i = 0; i < type_count; i++) {
		if (strlen(types[i]->name) == n && memcmp(types[i]->name, name, n) == 0) {
			db_columns(types[i], out);
			return 0;
		}
	}
	return err_set(
	    err, ERR_LOCAL, _("数据库升级步骤中的记录类型{%.*s}不存在"), (int)n, name);
}

/* Puts the columns for each {type}; quoted text stays. */
static int
expand_types(const char *sql, const struct record_type *const *types, size_t type_count,
    struct buf *out, struct err *err)
{
	const char *s = sql;
	int quoted = 0;

	while (*s != '\0') {
		size_t name =
		    *s == '{' ? strspn(s + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;

		quoted ^= *s == '\'';
		if (quoted || name == 0 || s[1 + name] != '}') {
			buf_put(out, s++, 1);
			continue;
		}
		if (put_type(s + 1, name, types, type_count, out, err) < 0) {
			return -1;
		}
		s += name + 2;
	}
	return 0;
}

static size_t
word_length(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_') {
		n++;
	}
	return n;
}

/* The engine's own words for BYTES and TEXT; quoted text and CAST (... AS TEXT) stay. */
static void
expand_words(const struct db_driver *driver, const char *sql, struct buf *out)
{
	const char *s = sql;
	int quoted = 0, after_as = 0;

	while (*s != '\0') {
		size_t n = quoted ? 0 : word_length(s);

		if (n == 0) {
			quoted ^= *s == '\'';
			buf_put(out, s++, 1);
			continue;
		}
		if (n == strlen("BYTES") && memcmp(s, "BYTES", n) == 0) {
			buf_puts(out, driver->bytes_type);
		} else if (!after_as && n == strlen("TEXT") &&
		    memcmp(s, "TEXT", n) == 0) {
			buf_puts(out, driver->text_type);
		} else {
			buf_put(out, s, n);
		}
		after_as = n == strlen("AS") && memcmp(s, "AS", n) == 0;
		s += n;
	}
}

/* COPY ROWS old new: every column that the old table has, which is not what the new one has when
 * a record type has grown since. */
static int
copy_rows(struct db *db, const char *statement, struct err *err)
{
	char from[64], to[64], *sql;
	struct rows *rows = NULL;
	struct buf columns = { 0 };
	int i, status;

	if (sscanf(statement, "COPY ROWS %63s %63s", from, to) != 2) {
		return err_set(err, ERR_LOCAL, "%s", statement);
	}
	sql = mem_printf("SELECT * FROM %s LIMIT 0", from);
	status = db_query(db, sql, DB_NONE, &rows, err);
	free(sql);
	if (status < 0) {
		return -1;
	}
	for (i = 0; i < db_rows_count(rows); i++) {
		buf_printf(&columns, "%s%s", i > 0 ? ", " : "",
		    db->driver->column_name(rows, i));
	}
	db_rows_close(rows);
	sql = mem_printf("INSERT INTO %s (%s) SELECT %s FROM %s", to, buf_text(&columns),
	    buf_text(&columns), from);
	status = db->driver->execute(db, sql, err);
	free(sql);
	buf_release(&columns);
	return status;
}

static int
run_statement(struct db *db, const char *sql, struct err *err)
{
	return strncmp(sql, "COPY ROWS ", strlen("COPY ROWS ")) == 0
	    ? copy_rows(db, sql, err)
	    : db->driver->execute(db, sql, err);
}

/* Runs the statements of a step one by one; they are separated by ";\n". */
static int
run_script(struct db *db, char *sql, struct err *err)
{
	char *s = sql, *end;

	while (s != NULL && *s != '\0') {
		end = strstr(s, ";\n");
		if (end != NULL) {
			*end = '\0';
		}
		if (s[strspn(s, " \t\n;")] != '\0' &&
		    run_statement(db, s, err) < 0) {
			return -1;
		}
		s = end != NULL ? end + 2 : NULL;
	}
	return 0;
}

static int
apply(struct db *db, const struct db_migration *step,
    const struct record_type *const *types, size_t type_count, struct err *err)
{
	struct buf typed = { 0 }, sql = { 0 };
	char *script;
	int status = expand_types(step->sql, types, type_count, &typed, err);

	expand_words(db->driver, buf_text(&typed), &sql);
	script = buf_detach(&sql);
	buf_release(&typed);
	if (status == 0) {
		status = run_script(db, script, err);
	}
	if (status == 0) {
		status = db_run(db,
		    "INSERT INTO schema_migration (number, what) VALUES ($1, $2)",
		    DB_ARGS(db_int(step->number), db_text(step->what)), NULL, err);
	}
	if (status < 0) {
		err_wrap(err, _("数据库升级第%d步（%s）"), step->number, step->what);
	}
	free(script);
	return status;
}

/* In the transaction: the next step after what the database has. 1 applied, 0 nothing left. */
static int
apply_next(struct db *db, const struct db_migration *steps, size_t count,
    const struct record_type *const *types, size_t type_count, struct err *err)
{
	int64_t done = 0;
	size_t i;

	if (db->driver->execute(db, notes_sql, err) < 0 ||
	    db_find_int(db, "SELECT COALESCE(MAX(number), 0) FROM schema_migration",
		DB_NONE, &done, err) < 0) {
		return -1;
	}
	if (done > (count > 0 ? steps[count - 1].number : 0)) {
		return err_set(err, ERR_LOCAL,
		    _("数据库是较新版本的程序建立的（第%d步），请升级本程序后再使用"),
		    (int)done);
	}
	for (i = 0; i < count; i++) {
		if (steps[i].number > done) {
			return apply(db, &steps[i], types, type_count, err) < 0 ? -1 : 1;
		}
	}
	return 0;
}

int
db_migrate(struct db *db, const struct db_migration *steps, size_t count,
    const struct record_type *const *types, size_t type_count, struct err *err)
{
	size_t i;
	int status;

	for (i = 1; i < count; i++) {
		assert(steps[i - 1].number < steps[i].number);
	}
	do {
		if (db_begin_as(db, DB_BEGIN_SCHEMA, err) < 0) {
			return -1;
		}
		status = apply_next(db, steps, count, types, type_count, err);
		if (status < 0) {
			db_rollback(db);
		} else if (db_commit(db, err) < 0) {
			status = -1;
		}
	} while (status > 0);
	return status;
}
