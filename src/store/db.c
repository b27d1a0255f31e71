/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What both engines share: choosing the driver, the state of the transaction, statements with
 * and without rows.
 *
 * PostgreSQL gives up a transaction at its first failed statement, SQLite goes on. Here both
 * give up, so that code which was only tried on one of them cannot behave otherwise on the other.
 */
#include "db_driver.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/mem.h"

// clang-format off
static const struct {
	const char *prefix;
	const struct db_driver *driver;
	size_t skip; /* bytes of the prefix that the driver does not want */
} schemes[] = {
	{ "sqlite:", &db_sqlite_driver, sizeof("sqlite:") - 1 },
	{ "postgresql://", &db_pg_driver, 0 },
	{ "postgres://", &db_pg_driver, 0 },
};
// clang-format on

struct db_value
db_int(int64_t v)
{
	return (struct db_value){ .type = DB_INT, .number = v };
}

struct db_value
db_text(const char *s)
{
	return (struct db_value){ .type = DB_TEXT, .bytes = s, .len = strlen(s) };
}

struct db_value
db_bytes(const void *bytes, size_t n)
{
	return (struct db_value){ .type = DB_BYTES, .bytes = bytes, .len = n };
}

static int
open_as(const char *url, int has_large_pages, struct db **out, struct err *err)
{
	struct db *db;
	size_t i;

	*out = NULL;
	for (i = 0; i < ARRAY_LEN(schemes); i++) {
		if (strncmp(url, schemes[i].prefix, strlen(schemes[i].prefix)) == 0) {
			break;
		}
	}
	if (i == ARRAY_LEN(schemes) || schemes[i].driver == NULL) {
		return err_set(err, ERR_USAGE,
		    _("数据库地址应为 sqlite:文件 或 postgresql://主机/数据库"));
	}
	db = mem_alloc(sizeof(*db));
	db->driver = schemes[i].driver;
	db->url = mem_dup(url);
	db->has_large_pages = has_large_pages;
	if (db->driver->open(db, url + schemes[i].skip, err) < 0) {
		db_close(db);
		return -1;
	}
	*out = db;
	return 0;
}

int
db_open(const char *url, struct db **out, struct err *err)
{
	return open_as(url, 0, out, err);
}

int
db_open_bulk(const char *url, struct db **out, struct err *err)
{
	return open_as(url, 1, out, err);
}

void
db_close(struct db *db)
{
	if (db == NULL) {
		return;
	}
	db_rollback(db);
	if (db->forget_plans != NULL) {
		db->forget_plans(db);
	}
	db_record_forget(db);
	db_statement_free_all(db);
	db->driver->close(db);
	free(db->url);
	free(db);
}

void
db_interrupt(struct db *db)
{
	if (db->driver->interrupt != NULL) {
		db->driver->interrupt(db);
	}
}

int
db_is_sqlite(const struct db *db)
{
	return db->driver->kind == DB_SQLITE;
}

static atomic_uint_fast64_t round_trips;

void
db_count_round_trip(void)
{
	atomic_fetch_add_explicit(&round_trips, 1, memory_order_relaxed);
}

uint64_t
db_round_trips(void)
{
	return atomic_load_explicit(&round_trips, memory_order_relaxed);
}

int
db_defer_log(struct db *db, struct err *err)
{
	return db_is_sqlite(db)
	    ? db_run(db, "PRAGMA wal_autocheckpoint = 4000", DB_NONE, NULL, err)
	    : 0;
}

/* ---- transactions */

int
db_begin_as(struct db *db, enum db_begin_kind kind, struct err *err)
{
	assert(!db->in_transaction);
	if (db->driver->begin(db, kind, err) < 0) {
		return -1;
	}
	db->in_transaction = 1;
	db->failed = 0;
	return 0;
}

int
db_begin(struct db *db, struct err *err)
{
	return db_begin_as(db, DB_BEGIN_WRITE, err);
}

int
db_begin_read(struct db *db, struct err *err)
{
	return db_begin_as(db, DB_BEGIN_READ, err);
}

/* The failure of a statement ends the transaction it stands in. */
static int
fail(struct db *db)
{
	db->failed = db->in_transaction;
	return -1;
}

static int
refuse_failed(struct err *err)
{
	return err_set(err, ERR_LOCAL, _("本次数据库操作中已有一步失败，全部未保存"));
}

int
db_commit(struct db *db, struct err *err)
{
	assert(db->in_transaction);
	if (db->failed) {
		db_rollback(db);
		return refuse_failed(err);
	}
	if (db->driver->commit(db, err) < 0) {
		db_rollback(db);
		return -1;
	}
	db->in_transaction = 0;
	return 0;
}

void
db_rollback(struct db *db)
{
	if (db->in_transaction) {
		db->driver->rollback(db);
	}
	db->in_transaction = 0;
	db->failed = 0;
}

int
db_in_transaction(const struct db *db)
{
	return db->in_transaction;
}

/* Whatever was posted, and failed, failed before this. */
static int
settle(struct db *db, struct err *err)
{
	if (db->failed) {
		return refuse_failed(err);
	}
	return db->driver->settle != NULL && db->driver->settle(db, err) < 0 ? fail(db) : 0;
}

int
db_savepoint(struct db *db, struct err *err)
{
	assert(db->in_transaction);
	return settle(db, err) < 0 ? -1 : db_run(db, "SAVEPOINT part", DB_NONE, NULL, err);
}

int
db_savepoint_keep(struct db *db, struct err *err)
{
	return settle(db, err) < 0 ? -1 : db_run(db, "RELEASE part", DB_NONE, NULL, err);
}

int
db_savepoint_undo(struct db *db)
{
	/* What was posted goes with the part, however it ends. */
	(void)settle(db, NULL);
	db->failed = 0;
	if (db->driver->execute(db, "ROLLBACK TO part", NULL) < 0 ||
	    db->driver->execute(db, "RELEASE part", NULL) < 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

/* ---- statements */

static int
start(struct rows *rows, const struct db_value *args, size_t count, int keep,
    struct err *err)
{
	struct db *db = rows->db;

	if (db->failed) {
		return refuse_failed(err);
	}
	if (db->driver->start(rows, args, count, keep, err) < 0) {
		return fail(db);
	}
	return 0;
}

int
db_run_statement(struct db *db, struct db_statement *statement,
    const struct db_value *args, size_t count, int64_t *changed, struct err *err)
{
	struct rows rows = { .db = db, .statement = statement };
	int status = start(&rows, args, count, 0, err);

	if (status == 0) {
		do {
			status = db->driver->next(&rows, err);
		} while (status > 0);
		if (status < 0) {
			fail(db);
		} else if (changed != NULL) {
			*changed = db->driver->changed(&rows);
		}
	}
	db->driver->end(&rows);
	return status;
}

int
db_run(struct db *db, const char *sql, const struct db_value *args, size_t count,
    int64_t *changed, struct err *err)
{
	struct db_statement *statement = db_statement_take(db, sql);
	int status = db_run_statement(db, statement, args, count, changed, err);

	db_statement_give(db, statement);
	return status;
}

int
db_run_one(struct db *db, const char *sql, const struct db_value *args, size_t count,
    enum err_code code, struct err *err)
{
	int64_t changed = 0;

	if (db_run(db, sql, args, count, &changed, err) < 0) {
		return -1;
	}
	return changed == 1 ? 0 : db_refuse_rows(1, changed, code, err);
}

int
db_refuse_rows(int64_t wanted, int64_t touched, enum err_code code, struct err *err)
{
	return wanted == 1
	    ? err_set(err, code, _("数据已被其他操作更改，本次操作未保存"))
	    : err_set(err, code, _("数据已被其他操作更改：应有%lld笔，实有%lld笔，本次操作未保存"),
		  (long long)wanted, (long long)touched);
}

/* The statement, its arguments and how it must end belong together. */
int
// NOLINTNEXTLINE(readability-function-size)
db_post_statement(struct db *db, struct db_statement *statement, const struct db_value *args,
    size_t count, int64_t wanted, enum err_code code, struct err *err)
{
	int64_t touched = 0;

	if (db->in_transaction && db->driver->post != NULL) {
		if (db->failed) {
			return refuse_failed(err);
		}
		return db->driver->post(db, statement, args, count, wanted, code, err) < 0 ? fail(db)
											    : 0;
	}
	if (db_run_statement(db, statement, args, count, &touched, err) < 0) {
		return -1;
	}
	return wanted == DB_ANY || touched == wanted ? 0
						     : db_refuse_rows(wanted, touched, code, err);
}

int
// NOLINTNEXTLINE(readability-function-size)
db_post(struct db *db, const char *sql, const struct db_value *args, size_t count,
    int64_t wanted, enum err_code code, struct err *err)
{
	struct db_statement *statement = db_statement_take(db, sql);
	int status = db_post_statement(db, statement, args, count, wanted, code, err);

	db_statement_give(db, statement);
	return status;
}

int
db_query(struct db *db, const char *sql, const struct db_value *args, size_t count,
    struct rows **out, struct err *err)
{
	struct rows *rows = mem_alloc(sizeof(*rows));

	*out = NULL;
	rows->db = db;
	rows->statement = db_statement_take(db, sql);
	/* Not cleared: its fields are filled when the first record is read. */
	rows->map = mem_resize(NULL, 1, sizeof(*rows->map));
	rows->map->type = NULL;
	if (start(rows, args, count, 1, err) < 0) {
		db_rows_close(rows);
		return -1;
	}
	*out = rows;
	return 0;
}

int
db_rows_next(struct rows *rows, struct err *err)
{
	int status = rows->db->driver->next(rows, err);

	return status < 0 ? fail(rows->db) : status;
}

int64_t
db_rows_int(const struct rows *rows, int column)
{
	return rows->db->driver->number(rows, column);
}

const char *
db_rows_text(const struct rows *rows, int column)
{
	size_t len;

	return rows->db->driver->text(rows, column, &len);
}

const void *
db_rows_bytes(const struct rows *rows, int column, size_t *len)
{
	return rows->db->driver->bytes(rows, column, len);
}

int
db_rows_count(const struct rows *rows)
{
	return rows->db->driver->columns(rows);
}

const char *
db_rows_name(const struct rows *rows, int column)
{
	return rows->db->driver->column_name(rows, column);
}

struct db_value
db_rows_value(const struct rows *rows, int column)
{
	const struct db_driver *driver = rows->db->driver;
	struct db_value value = { .type = DB_NULL };

	if (driver->is_null(rows, column)) {
		return value;
	}
	switch (driver->column_type(rows, column)) {
	case DB_INT:
		return db_int(driver->number(rows, column));
	case DB_BYTES:
		value.type = DB_BYTES;
		value.bytes = driver->bytes(rows, column, &value.len);
		return value;
	default:
		value.type = DB_TEXT;
		value.bytes = driver->text(rows, column, &value.len);
		return value;
	}
}

void
db_rows_close(struct rows *rows)
{
	if (rows == NULL) {
		return;
	}
	rows->db->driver->end(rows);
	db_statement_give(rows->db, rows->statement);
	free(rows->map);
	free(rows);
}

/* ---- records */

int
db_rows_record(const struct rows *rows, const struct record_type *type, void *record,
    struct err *err)
{
	return db_record_read(rows, type, record, err);
}

/* args and count are one argument to callers: DB_ARGS. */
int
// NOLINTNEXTLINE(readability-function-size)
db_find(struct db *db, const char *sql, const struct db_value *args, size_t count,
    const struct record_type *type, void *record, struct err *err)
{
	struct rows *rows;
	int status;

	if (db_query(db, sql, args, count, &rows, err) < 0) {
		return -1;
	}
	status = db_rows_next(rows, err);
	if (status > 0 && db_rows_record(rows, type, record, err) < 0) {
		status = -1;
	}
	db_rows_close(rows);
	return status;
}

int
db_find_int(struct db *db, const char *sql, const struct db_value *args, size_t count,
    int64_t *value, struct err *err)
{
	struct rows *rows;
	int status;

	if (db_query(db, sql, args, count, &rows, err) < 0) {
		return -1;
	}
	status = db_rows_next(rows, err);
	if (status > 0) {
		*value = db_rows_int(rows, 0);
	}
	db_rows_close(rows);
	return status;
}

int
db_texts(struct db *db, const char *sql, const struct db_value *args, size_t count,
    struct text_list *out, struct err *err)
{
	struct rows *rows;
	int more;

	if (db_query(db, sql, args, count, &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		text_list_add(out, db_rows_text(rows, 0));
	}
	db_rows_close(rows);
	return more;
}

int
db_insert(struct db *db, const char *table, const struct record_type *type,
    const void *record, struct err *err)
{
	return db_record_write(db, table, type, DB_WRITE_INSERT, record, err);
}

int
db_post_insert(struct db *db, const char *table, const struct record_type *type,
    const void *record, struct err *err)
{
	return db_record_write(db, table, type, DB_WRITE_POST, record, err);
}

int
db_put(struct db *db, const char *table, const struct record_type *type,
    const void *record, struct err *err)
{
	return db_record_write(db, table, type, DB_WRITE_PUT, record, err);
}

void
db_columns(const struct record_type *type, struct buf *out)
{
	db_record_columns(type, out);
}

/* ---- care */

int
db_backup(struct db *db, const char *path, struct err *err)
{
	return db->driver->backup(db, path, err);
}

int
db_check(struct db *db, struct err *err)
{
	return db->driver->check(db, err);
}
