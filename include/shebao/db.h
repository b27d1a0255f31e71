/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_DB_H
#define SHEBAO_STORE_DB_H

#include "shebao/buf.h"
#include "shebao/record.h"

/*
 * One connection to a database; two thin drivers (SQLite, PostgreSQL) and one SQL text for
 * both: parameters are $1, $2, ... in the order of their first appearance, types BIGINT, TEXT
 * and BLOB (written BYTES in our text, made BYTEA for PostgreSQL), ON CONFLICT and RETURNING.
 * Text is ordered by its bytes. Statements are prepared once a connection and kept.
 *
 * SQLite: WAL, synchronous=FULL, foreign_keys, trusted_schema off, busy time-out 5 s, file
 * 0600 in a folder 0700, O_NOFOLLOW. A connection belongs to one thread at a time.
 *
 * PostgreSQL: sessions are set up by the driver (time-outs, encoding, UTC); a lost connection comes
 * back with the next transaction. All rows of a query are fetched at once: read long lists in
 * pages.
 *
 * Failures: ERR_LOCAL (disk, schema, constraint where the caller did not expect one), ERR_BUSY
 * (locked out, serialization failure: the whole transaction may be tried again), ERR_TAKEN (a
 * uniqueness rule refused the row), ERR_OUTCOME_UNKNOWN (disk or connection failed while
 * committing). The engine's own code never leaves this folder. After a failed statement a
 * transaction can only be rolled back, on both engines: ask first, or use ON CONFLICT.
 */
struct db;   /* opaque */
struct rows; /* opaque: a running query */

struct db_value {
	enum { DB_NULL, DB_INT, DB_TEXT, DB_BYTES } type;
	int64_t number;
	const void *bytes;
	size_t len;
};

struct db_value db_int(int64_t v);
struct db_value db_text(const char *s);
struct db_value db_bytes(const void *bytes, size_t n);

/* "sqlite:FILE" or "postgresql://...". */
int db_open(const char *url, struct db **out, struct err *err) __attribute__((warn_unused_result));
/* A SQLite database that is new gets larger pages: for lists that come in by the hundred thousand, which
 * are written page by page; who changes a row at a time writes more. */
int db_open_bulk(const char *url, struct db **out, struct err *err) __attribute__((warn_unused_result));
void db_close(struct db *db);
int db_is_sqlite(const struct db *db);

/* From another thread: a statement that runs ends with ERR_CANCELLED (SQLite; PostgreSQL goes on). */
void db_interrupt(struct db *db);

/* Of the connection that does most of the writing (SQLite): what it commits stays in the log for
 * longer, 16 MB of it, so that a page that changes often is put into its place less often. */
int db_defer_log(struct db *db, struct err *err) __attribute__((warn_unused_result));

/* Write transactions take the write lock at once (SQLite: BEGIN IMMEDIATE; PostgreSQL:
 * SERIALIZABLE). db_rollback never fails and may be called without a transaction. */
int db_begin(struct db *db, struct err *err) __attribute__((warn_unused_result));
/* One consistent view of everything, however long it takes; nothing can be changed. Ended by
 * db_rollback. */
int db_begin_read(struct db *db, struct err *err) __attribute__((warn_unused_result));
int db_commit(struct db *db, struct err *err) __attribute__((warn_unused_result));
void db_rollback(struct db *db);
int db_in_transaction(const struct db *db);

/* A part of a transaction that can be undone alone, also after one of its statements failed; one at
 * a time. undo: -1 when all of the transaction is gone, and rolled back. */
int db_savepoint(struct db *db, struct err *err) __attribute__((warn_unused_result));
int db_savepoint_keep(struct db *db, struct err *err) __attribute__((warn_unused_result));
int db_savepoint_undo(struct db *db) __attribute__((warn_unused_result));

/* Runs one statement; *changed (may be NULL) is the number of rows it touched. */
int db_run(struct db *db, const char *sql, const struct db_value *args, size_t count,
    int64_t *changed, struct err *err) __attribute__((warn_unused_result));
#define DB_ARGS(...)                                                                       \
	(const struct db_value[]){ __VA_ARGS__ },                                          \
	    sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value)
#define DB_NONE NULL, 0

/* As db_run, and exactly one row must have been touched: otherwise code and text are set. The
 * guard of every state change. */
int db_run_one(struct db *db, const char *sql, const struct db_value *args, size_t count,
    enum err_code code, struct err *err) __attribute__((warn_unused_result));

/* A change whose end nobody has to know before that of the transaction: on PostgreSQL it leaves with
 * the next statement that is waited for, or with the commit, which then fails in its place; on
 * SQLite, and outside a transaction, it is run at once. wanted: how many rows it has to touch, with
 * the code of a failure otherwise; or DB_ANY. */
#define DB_ANY (-1)
int db_post(struct db *db, const char *sql, const struct db_value *args, size_t count,
    int64_t wanted, enum err_code code, struct err *err) __attribute__((warn_unused_result));

/* A query; texts and bytes stay valid until the next db_rows_next or db_rows_close. */
int db_query(struct db *db, const char *sql, const struct db_value *args, size_t count,
    struct rows **out, struct err *err) __attribute__((warn_unused_result));
int db_rows_next(struct rows *rows, struct err *err) __attribute__((warn_unused_result));
int64_t db_rows_int(const struct rows *rows, int column);
const char *db_rows_text(const struct rows *rows, int column); /* "" for NULL */
const void *db_rows_bytes(const struct rows *rows, int column, size_t *len);
int db_rows_count(const struct rows *rows); /* columns */
const char *db_rows_name(const struct rows *rows, int column);
/* A column of a table with its declared type; texts and bytes are borrowed as above. */
struct db_value db_rows_value(const struct rows *rows, int column);
void db_rows_close(struct rows *rows);      /* NULL allowed */

/* Fills the members whose names are columns of the query (text members are cleaned again;
 * states and choices are stored by name). TEXTS, RECORDS and BYTES are left alone. */
int db_rows_record(const struct rows *rows, const struct record_type *type, void *record,
    struct err *err) __attribute__((warn_unused_result));

/* First row into a record: 1 found, 0 not, -1 failed. */
int db_find(struct db *db, const char *sql, const struct db_value *args, size_t count,
    const struct record_type *type, void *record, struct err *err)
    __attribute__((warn_unused_result));

/* First column of the first row; *value stays when there is none. 1, 0, -1. */
int db_find_int(struct db *db, const char *sql, const struct db_value *args, size_t count,
    int64_t *value, struct err *err) __attribute__((warn_unused_result));

/* The first column of every row, as text. 0, -1. */
int db_texts(struct db *db, const char *sql, const struct db_value *args, size_t count,
    struct text_list *out, struct err *err) __attribute__((warn_unused_result));

/* Inserts all scalar members into the table (columns = member names). ON CONFLICT on the key
 * members: fails, or with db_put updates the other members. A row that has a
 * version is not replaced by an older one. db_post_insert: as db_post does it. */
int db_insert(struct db *db, const char *table, const struct record_type *type,
    const void *record, struct err *err) __attribute__((warn_unused_result));
int db_post_insert(struct db *db, const char *table, const struct record_type *type,
    const void *record, struct err *err) __attribute__((warn_unused_result));
int db_put(struct db *db, const char *table, const struct record_type *type, const void *record,
    struct err *err) __attribute__((warn_unused_result));

/* The column definitions of a type's scalar members, for CREATE TABLE: "levy_no TEXT NOT NULL
 * DEFAULT '', amount BIGINT NOT NULL DEFAULT 0, ...". */
void db_columns(const struct record_type *type, struct buf *out);

/* Migrations: each step is applied once, in one transaction with the note that it was, in the
 * order of the table. A step is SQL statements separated by ";\n" in which {TYPE} stands for
 * db_columns of a record type of the list. A database newer than the table is ERR_LOCAL. */
struct db_migration {
	int number;
	const char *what;
	const char *sql;
};
int db_migrate(struct db *db, const struct db_migration *steps, size_t count,
    const struct record_type *const *types, size_t type_count, struct err *err)
    __attribute__((warn_unused_result));

/* Copies a SQLite database that may be in use into a new file (0600), checks the copy and makes
 * it durable; an existing file stays (ERR_LOCAL). PostgreSQL is ERR_LOCAL: pg_dump does it. */
int db_backup(struct db *db, const char *path, struct err *err)
    __attribute__((warn_unused_result));

/* ERR_LOCAL when the engine finds the database damaged. Reads all of it. */
int db_check(struct db *db, struct err *err) __attribute__((warn_unused_result));

/* How often this process has waited for an answer of a database server; for SQLite never. */
uint64_t db_round_trips(void);

/* Bounded pool, safe between threads. db_pool_take waits at most 5 s (ERR_BUSY). */
struct db_pool; /* opaque */
int db_pool_open(const char *url, int connections, struct db_pool **out, struct err *err)
    __attribute__((warn_unused_result));
int db_pool_take(struct db_pool *pool, struct db **out, struct err *err)
    __attribute__((warn_unused_result));
void db_pool_give(struct db_pool *pool, struct db *db);
void db_pool_close(struct db_pool *pool);

#endif
