/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PostgreSQL: arguments, prepared statements, rows. All rows of a query are fetched at once. */
#include "db_pg.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"

/* Of pg_type, fixed in PostgreSQL: bool, bytea, int8, text. */
#define OID_BOOL 16
#define OID_BYTEA 17
#define OID_INT8 20
#define OID_TEXT 25

#define INT64_TEXT_SIZE 24

/* Arguments in libpq's shape. */
struct pg_args {
	Oid *types;
	const char **values;
	int *lengths;
	int *formats;
	char (*numbers)[INT64_TEXT_SIZE];
};

struct pg_rows {
	PGresult *result;
	int columns;
	/* A column's BYTEA of the current row, once asked for; libpq's memory. */
	unsigned char **bytes;
	size_t *lengths;
};

static struct pg *
pg_of(const struct db *db)
{
	return db->native;
}

static void
release_args(struct pg_args *a)
{
	free(a->types);
	free(a->values);
	free(a->lengths);
	free(a->formats);
	free(a->numbers);
}

static void
fill_args(struct pg_args *a, const struct db_value *args, size_t count)
{
	static const Oid types[] = { [DB_NULL] = 0,
		[DB_INT] = OID_INT8,
		[DB_TEXT] = OID_TEXT,
		[DB_BYTES] = OID_BYTEA };
	size_t i;

	a->types = mem_resize(NULL, count + 1, sizeof(*a->types));
	a->values = mem_resize(NULL, count + 1, sizeof(*a->values));
	a->lengths = mem_resize(NULL, count + 1, sizeof(*a->lengths));
	a->formats = mem_resize(NULL, count + 1, sizeof(*a->formats));
	a->numbers = mem_resize(NULL, count + 1, sizeof(*a->numbers));
	for (i = 0; i < count; i++) {
		a->types[i] = types[args[i].type];
		a->values[i] = args[i].bytes;
		a->lengths[i] = (int)args[i].len;
		a->formats[i] = args[i].type == DB_BYTES;
		if (args[i].type == DB_INT) {
			snprintf(a->numbers[i], sizeof(a->numbers[i]), "%" PRId64,
			    args[i].number);
			a->values[i] = a->numbers[i];
		} else if (args[i].type == DB_NULL) {
			a->values[i] = NULL;
		} else if (args[i].bytes == NULL) {
			a->values[i] = "";
		}
	}
}

static int
prepare(struct db *db, struct db_statement *statement, const struct pg_args *a,
    size_t count, PGresult **result)
{
	struct pg *pg = pg_of(db);
	char *name = mem_printf("s%" PRIu64, ++pg->statements);

	*result = PQprepare(pg->conn, name, statement->sql, (int)count, a->types);
	if (!db_pg_is_done(*result)) {
		free(name);
		return -1;
	}
	PQclear(*result);
	*result = NULL;
	statement->native = name;
	return 0;
}

/* Sends it once; the result may be a failure. Preparing changes nothing. */
static PGresult *
send_once(struct db *db, struct db_statement *statement, const struct pg_args *a,
    size_t count, int *sent)
{
	PGresult *result = NULL;

	*sent = 0;
	if (statement->native == NULL && prepare(db, statement, a, count, &result) < 0) {
		return result;
	}
	*sent = 1;
	return PQexecPrepared(pg_of(db)->conn, statement->native, (int)count, a->values,
	    a->lengths, a->formats, 0);
}

static PGresult *
send(struct db *db, struct db_statement *statement, const struct pg_args *a, size_t count,
    struct err *err)
{
	const int reads = strncmp(statement->sql, "SELECT", strlen("SELECT")) == 0;
	PGresult *result;
	int sent;

	if (!db->in_transaction && !db_pg_is_usable(db) && db_pg_reconnect(db, err) < 0) {
		return NULL;
	}
	result = send_once(db, statement, a, count, &sent);
	if (!db_pg_is_done(result) && !db->in_transaction && db_pg_is_lost(db, result) &&
	    (reads || !sent)) {
		/* Lost while it was idle, and nothing can have been changed: once more. */
		PQclear(result);
		if (db_pg_reconnect(db, err) < 0) {
			return NULL;
		}
		result = send_once(db, statement, a, count, &sent);
	}
	if (!db_pg_is_done(result)) {
		db_pg_fail(db, result, sent && !reads && !db->in_transaction, err);
		PQclear(result);
		return NULL;
	}
	return result;
}

int
db_pg_rows_start(struct rows *rows, const struct db_value *args, size_t count, int keep,
    struct err *err)
{
	struct pg_args a = { 0 };
	struct pg_rows *r;
	PGresult *result;

	/* Everything is sent and answered here. */
	(void)keep;
	fill_args(&a, args, count);
	result = send(rows->db, rows->statement, &a, count, err);
	release_args(&a);
	if (result == NULL) {
		return -1;
	}
	r = mem_alloc(sizeof(*r));
	r->result = result;
	r->columns = PQnfields(result);
	r->bytes = mem_alloc(((size_t)r->columns + 1) * sizeof(*r->bytes));
	r->lengths = mem_alloc(((size_t)r->columns + 1) * sizeof(*r->lengths));
	rows->native = r;
	rows->row = -1;
	return 0;
}

static void
forget_bytes(struct pg_rows *r)
{
	int i;

	for (i = 0; i < r->columns; i++) {
		PQfreemem(r->bytes[i]);
		r->bytes[i] = NULL;
	}
}

int
db_pg_rows_next(struct rows *rows, struct err *err)
{
	struct pg_rows *r = rows->native;

	(void)err;
	forget_bytes(r);
	if (rows->row + 1 >= PQntuples(r->result)) {
		return 0;
	}
	rows->row++;
	return 1;
}

void
db_pg_rows_end(struct rows *rows)
{
	struct pg_rows *r = rows->native;

	if (r == NULL) {
		return;
	}
	forget_bytes(r);
	free(r->bytes);
	free(r->lengths);
	PQclear(r->result);
	free(r);
	rows->native = NULL;
}

int64_t
db_pg_rows_changed(const struct rows *rows)
{
	PGresult *result = ((struct pg_rows *)rows->native)->result;

	return strncmp(PQcmdStatus(result), "SELECT", strlen("SELECT")) == 0
	    ? 0
	    : strtoll(PQcmdTuples(result), NULL, 10);
}

int
db_pg_rows_columns(const struct rows *rows)
{
	return ((const struct pg_rows *)rows->native)->columns;
}

const char *
db_pg_rows_column_name(const struct rows *rows, int column)
{
	return PQfname(((const struct pg_rows *)rows->native)->result, column);
}

int
db_pg_rows_column_type(const struct rows *rows, int column)
{
	Oid type = PQftype(((const struct pg_rows *)rows->native)->result, column);

	return type == OID_BYTEA ? DB_BYTES : type == OID_TEXT ? DB_TEXT : DB_INT;
}

int
db_pg_rows_is_null(const struct rows *rows, int column)
{
	return PQgetisnull(
	    ((const struct pg_rows *)rows->native)->result, rows->row, column);
}

const char *
db_pg_rows_text(const struct rows *rows, int column, size_t *len)
{
	const PGresult *result = ((const struct pg_rows *)rows->native)->result;
	const char *text = PQgetvalue(result, rows->row, column);

	*len = (size_t)PQgetlength(result, rows->row, column);
	if (PQftype(result, column) == OID_BOOL && *len == 1) {
		return text[0] == 't' ? "1" : "0";
	}
	return text;
}

int64_t
db_pg_rows_number(const struct rows *rows, int column)
{
	size_t len;

	return strtoll(db_pg_rows_text(rows, column, &len), NULL, 10);
}

const void *
db_pg_rows_bytes(const struct rows *rows, int column, size_t *len)
{
	struct pg_rows *r = rows->native;
	const char *text = db_pg_rows_text(rows, column, len);

	if (PQftype(r->result, column) != OID_BYTEA || *len == 0) {
		return text;
	}
	if (r->bytes[column] == NULL) {
		r->bytes[column] =
		    PQunescapeBytea((const unsigned char *)text, &r->lengths[column]);
		assert(r->bytes[column] != NULL);
	}
	*len = r->lengths[column];
	return r->bytes[column];
}
