/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_DB_DRIVER_H
#define SHEBAO_STORE_DB_DRIVER_H

#include "shebao/db.h"

/*
 * The seam between db.c and an engine. db.c keeps what is common (cache of statements, state of
 * the transaction, records); a driver keeps its handles in the native members and turns the
 * engine's codes into ours.
 *
 * db.c promises: next and the readers only between start and end; commit and rollback only in a
 * transaction; no statement in a transaction after one of it failed.
 */
/* SQLite: how long a statement waits for another connection, ms. */
#define DB_BUSY_MS 5000
#define DB_BUSY_PRAGMA "PRAGMA busy_timeout = 5000"

#define DB_STATEMENT_BUCKETS 64
#define DB_STATEMENTS_MAX                                                                \
	200               /* kept a connection; the one not used for longest goes first */
#define DB_FIELDS_MAX 128 /* members of a record, columns of its table */

struct db_statement {
	char *sql; /* owned */
	uint64_t hash;
	struct db_statement *next; /* in its bucket */
	uint64_t used;             /* when last: a count of uses of the connection */
	int cached;
	int busy;     /* rows are being read from it */
	void *native; /* the driver's; NULL: not prepared (yet, or no longer) */
};

/* SQL made from a record type, kept so that a row costs no formatting. */
struct db_record_sql {
	const struct record_type *type;
	char *table; /* owned */
	int put;
	struct db_statement statement; /* not in the cache: never pushed out */
	struct db_record_sql *next;
};

struct db {
	const struct db_driver *driver;
	char *url; /* owned */
	void *native;
	int has_large_pages; /* asked for when it is made */
	int in_transaction;
	int failed; /* a statement of this transaction failed: only rollback is left */
	struct db_statement *buckets[DB_STATEMENT_BUCKETS];
	size_t statement_count;
	uint64_t uses;
	struct db_record_sql *record_sql;
	void *plans; /* of lists, mirror_scan.c */
	void (*forget_plans)(struct db *db);
};

/* Which member a column fills. */
struct db_row_map {
	const struct record_type *type;
	const struct field *fields[DB_FIELDS_MAX];
};

struct rows {
	struct db *db;
	struct db_statement *statement;
	void *native;
	int row;                /* drivers that hold all rows: the current one */
	struct db_row_map *map; /* owned; NULL while no statement runs for a caller */
};

enum db_begin_kind {
	DB_BEGIN_WRITE,
	DB_BEGIN_READ,
	DB_BEGIN_SCHEMA /* the only one of its kind in all processes; waits for its turn */
};

enum db_driver_kind {
	DB_SQLITE,
	DB_POSTGRESQL
};

struct db_driver {
	enum db_driver_kind kind;
	const char *bytes_type; /* what BYTES and TEXT are called in CREATE TABLE */
	const char *text_type;
	int (*open)(struct db *db, const char *url, struct err *err);
	void (*close)(struct db *db);

	int (*begin)(struct db *db, enum db_begin_kind kind, struct err *err);
	int (*commit)(struct db *db, struct err *err);
	void (*rollback)(struct db *db);

	/* One statement without parameters and rows, not kept. */
	int (*execute)(struct db *db, const char *sql, struct err *err);

	void (*finalize)(struct db *db, struct db_statement *statement);
	/* Prepares when needed, binds and starts. keep: the arguments may go before the rows. */
	int (*start)(struct rows *rows, const struct db_value *args, size_t count,
	    int keep, struct err *err);
	/* 1 a row, 0 no more, -1 failed. */
	int (*next)(struct rows *rows, struct err *err);
	void (*end)(struct rows *rows);
	/* A change in a transaction whose end is not waited for; NULL: there is no such thing. */
	int (*post)(struct db *db, struct db_statement *statement, const struct db_value *args,
	    size_t count, int64_t wanted, enum err_code code, struct err *err);
	/* Waits for all that was posted; NULL as above. */
	int (*settle)(struct db *db, struct err *err);
	/* Rows touched; asked when next has answered 0. */
	int64_t (*changed)(const struct rows *rows);

	int (*columns)(const struct rows *rows);
	const char *(*column_name)(const struct rows *rows, int column);
	/* DB_INT, DB_TEXT or DB_BYTES as the column was declared. */
	int (*column_type)(const struct rows *rows, int column);
	int (*is_null)(const struct rows *rows, int column);
	int64_t (*number)(const struct rows *rows, int column);
	const char *(*text)(const struct rows *rows, int column, size_t *len);
	const void *(*bytes)(const struct rows *rows, int column, size_t *len);

	void (*interrupt)(struct db *db); /* NULL: cannot */
	int (*backup)(struct db *db, const char *path, struct err *err);
	int (*check)(struct db *db, struct err *err);
};

extern const struct db_driver db_sqlite_driver;
/* There in programs that are linked with -u db_pg_driver: the client needs no libpq, which brings
 * twenty libraries. Otherwise its address is NULL. */
extern const struct db_driver db_pg_driver __attribute__((weak));

/* ---- db_statement.c: the cache */

/* The statement of this text, not busy: from the cache, or made. Never NULL. */
struct db_statement *db_statement_take(struct db *db, const char *sql);
void db_statement_give(struct db *db, struct db_statement *statement);
/* Unprepares all (the connection is new) or frees all. */
void db_statement_forget(struct db *db);
void db_statement_free_all(struct db *db);

/* ---- db_record.c: records as rows */

int db_record_read(const struct rows *rows, const struct record_type *type, void *record,
    struct err *err);
enum db_write {
	DB_WRITE_INSERT,
	DB_WRITE_POST, /* an insert that is not waited for */
	DB_WRITE_PUT
};
int db_record_write(struct db *db, const char *table, const struct record_type *type,
    enum db_write how, const void *record, struct err *err);
/* What the member's column holds; texts are borrowed from the record. */
struct db_value db_record_value(const struct field *f, const void *record);
void db_record_columns(const struct record_type *type, struct buf *out);
void db_record_unprepare(struct db *db);
void db_record_forget(struct db *db);

/* ---- db.c */

int db_begin_as(struct db *db, enum db_begin_kind kind, struct err *err);

/* The failure of a change that touched another number of rows than it had to. */
int db_refuse_rows(int64_t wanted, int64_t touched, enum err_code code, struct err *err);

/* A taken statement, as db_post does; the caller gives it back. */
int db_post_statement(struct db *db, struct db_statement *statement,
    const struct db_value *args, size_t count, int64_t wanted, enum err_code code, struct err *err);

/* For drivers: something was sent, and its answer is waited for. */
void db_count_round_trip(void);

/* Runs a taken statement to its end; the caller gives it back. */
int db_run_statement(struct db *db, struct db_statement *statement,
    const struct db_value *args, size_t count, int64_t *changed, struct err *err);

#endif
