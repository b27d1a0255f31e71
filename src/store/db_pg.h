/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_DB_PG_H
#define SHEBAO_STORE_DB_PG_H

#include <libpq-fe.h>

#include "db_driver.h"

/* What db_pg.c (connection, transactions, failures), db_pg_rows.c (statements, rows) and
 * db_pg_pipe.c (what is sent together) share. */

#define PG_PENDING_MAX 256

/* How something that was sent has to end. */
struct pg_pending {
	int64_t rows; /* touched; or DB_ANY */
	enum err_code code;
};

struct pg {
	PGconn *conn;
	uint64_t statements; /* names given out */
	int is_stale;        /* the server is no longer one that can be written to */
	int is_unbegun;      /* the transaction's BEGIN leaves with its first statement */
	struct pg_pending pending[PG_PENDING_MAX];
	int pending_count; /* sent, in this order, and not answered */
	int is_counted;    /* the rows of one of them */
};

/* Arguments in libpq's shape. */
struct pg_args {
	int count;
	Oid *types;
	const char **values;
	int *lengths;
	int *formats;
	char (*numbers)[24];
};

int db_pg_is_done(const PGresult *result);
int64_t db_pg_touched(const PGresult *result);
/* Whether the answer was lost with its connection, so that nobody told how it ended. */
int db_pg_is_lost(const struct db *db, const PGresult *result);
int db_pg_is_usable(const struct db *db);

/* A new connection in the old one's place; what was prepared there is gone. */
int db_pg_reconnect(struct db *db, struct err *err);

/* Turns a result that is not done into our failure; returns -1. writes: what was sent may have
 * been saved. */
int db_pg_fail(struct db *db, const PGresult *result, int writes, struct err *err);

/* The driver's functions of the same names. */
int db_pg_rows_start(struct rows *rows, const struct db_value *args, size_t count,
    int keep, struct err *err);
int db_pg_rows_next(struct rows *rows, struct err *err);
void db_pg_rows_end(struct rows *rows);
int64_t db_pg_rows_changed(const struct rows *rows);
int db_pg_rows_columns(const struct rows *rows);
const char *db_pg_rows_column_name(const struct rows *rows, int column);
int db_pg_rows_column_type(const struct rows *rows, int column);
int db_pg_rows_is_null(const struct rows *rows, int column);
int64_t db_pg_rows_number(const struct rows *rows, int column);
const char *db_pg_rows_text(const struct rows *rows, int column, size_t *len);
const void *db_pg_rows_bytes(const struct rows *rows, int column, size_t *len);

int db_pg_rows_post(struct db *db, struct db_statement *statement, const struct db_value *args,
    size_t count, int64_t wanted, enum err_code code, struct err *err);

/* Sends the BEGIN that is still to be sent. */
int db_pg_pipe_open(struct db *db, struct err *err);
/* A prepared statement whose answer is waited for later. */
int db_pg_pipe_post(struct db *db, const struct db_statement *statement, const struct pg_args *a,
    const struct pg_pending *end, struct err *err);
/* DEALLOCATE while something is under way. */
void db_pg_pipe_forget(struct db *db, const char *sql);
/* The answers to all that was sent; that to the last one is returned, and the caller's. NULL: the
 * first failure is in err. writes: it ends with a COMMIT. */
PGresult *db_pg_pipe_wait(struct db *db, int writes, struct err *err);
/* The same, when only the failure counts; nothing is under way afterwards. */
int db_pg_pipe_settle(struct db *db, struct err *err);
int db_pg_pipe_commit(struct db *db, struct err *err);
/* Before a rollback. */
void db_pg_pipe_drop(struct db *db);

#endif
