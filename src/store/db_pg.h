/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_DB_PG_H
#define SHEBAO_STORE_DB_PG_H

#include <libpq-fe.h>

#include "db_driver.h"

/* What db_pg.c (connection, transactions, failures) and db_pg_rows.c (statements, rows) share. */
struct pg {
	PGconn *conn;
	uint64_t statements; /* names given out */
	int stale;           /* the server is no longer one that can be written to */
};

int db_pg_is_done(const PGresult *result);
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

#endif
