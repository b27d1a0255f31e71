/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_DB_SQLITE_H
#define SHEBAO_STORE_DB_SQLITE_H

#include <sqlite3.h>

#include "db_driver.h"

/* Turns SQLite's code into ours, with what the user can do; returns -1. */
int db_sqlite_fail(sqlite3 *handle, int rc, struct err *err);

/* db_sqlite_bits.c: bit_at(bits, n) and the aggregate bits_of(n), for our own SQL only. */
int db_sqlite_bits_define(sqlite3 *handle);

/* db_sqlite_care.c: copies and checks. */
int db_sqlite_care_backup(struct db *db, const char *path, struct err *err);
int db_sqlite_care_check(struct db *db, struct err *err);

#endif
