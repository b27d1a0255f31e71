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

	a->count = (int)count;
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

/* Preparing changes nothing, and needs no transaction. */
static int
prepare(struct db *db, struct db_statement *statement, const struct pg_args *a,
    PGresult **result)
{
	struct pg *pg = pg_of(db);
	char *name = mem_printf("s%" PRIu64, ++pg->statements);

	db_count_round_trip();
	*result = PQprepare(pg->conn, name, statement->sql, a->count, a->types);
	if (!db_pg_is_done(*result)) {
		free(name);
		return -1;
	}
	PQclear(*result);
	*result = NULL;
	statement->native = name;
	return 0;
}

/* ---- outside a transaction */

/* Sends it once; the result may be a failure. */
static PGresult *
send_once(struct db *db, struct db_statement *statement, const struct pg_args *a, int *sent)
{
	PGresult *result = NULL;

	*sent = 0;
	if (statement->native == NULL && prepare(db, statement, a, &result) < 0) {
		return result;
	}
	*sent = 1;
	db_count_round_trip();
	return PQexecPrepared(pg_of(db)->conn, statement->native, a->count, a->values,
	    a->lengths, a->formats, 0);
}

static PGresult *
send(struct db *db, struct db_statement *statement, const struct pg_args *a, struct err *err)
{
	const int reads = strncmp(statement->sql, "SELECT", strlen("SELECT")) == 0;
	PGresult *result;
	int sent;

	if (!db_pg_is_usable(db) && db_pg_reconnect(db, err) < 0) {
		return NULL;
	}
	result = send_once(db, statement, a, &sent);
	if (!db_pg_is_done(result) && db_pg_is_lost(db, result) && (reads || !sent)) {
		/* Lost while it was idle, and nothing can have been changed: once more. */
		PQclear(result);
		if (db_pg_reconnect(db, err) < 0) {
			return NULL;
		}
		result = send_once(db, statement, a, &sent);
	}
	if (!db_pg_is_done(result)) {
		db_pg_fail(db, result, sent && !reads, err);
		PQclear(result);
		return NULL;
	}
	return result;
}

/* ---- in a transaction */

static int
ready(struct db *db, struct db_statement *statement, const struct pg_args *a, struct err *err)
{
	PGresult *result = NULL;

	if (statement->native != NULL) {
		return 0;
	}
	if (pg_of(db)->pending_count > 0 && db_pg_pipe_settle(db, err) < 0) {
		return -1;
	}
	if (prepare(db, statement, a, &result) < 0) {
		db_pg_fail(db, result, 0, err);
		PQclear(result);
		return -1;
	}
	return 0;
}

static PGresult *
ask(struct db *db, struct db_statement *statement, const struct pg_args *a, struct err *err)
{
	static const struct pg_pending anyhow = { DB_ANY, ERR_NONE };

	return ready(db, statement, a, err) < 0 ||
		db_pg_pipe_post(db, statement, a, &anyhow, err) < 0
	    ? NULL
	    : db_pg_pipe_wait(db, 0, err);
}

/* The server may have been restarted since the connection was used last: of a transaction that has
 * only begun nothing can be lost, and the first statement is sent once more. */
static PGresult *
ask_again(struct db *db, struct db_statement *statement, const struct pg_args *a, struct err *err)
{
	struct pg *pg = pg_of(db);
	const int is_first = pg->is_unbegun;
	struct err first = { 0 };
	PGresult *result = ask(db, statement, a, &first);

	if (result == NULL && is_first && !db_pg_is_usable(db)) {
		db_pg_pipe_drop(db);
		pg->is_unbegun = 1;
		return db_pg_reconnect(db, err) < 0 ? NULL : ask(db, statement, a, err);
	}
	if (result == NULL) {
		err_set(err, first.code, "%s", first.text);
	}
	return result;
}

int
db_pg_rows_post(struct db *db, struct db_statement *statement, const struct db_value *args,
    size_t count, int64_t wanted, enum err_code code, struct err *err)
{
	const struct pg_pending end = { wanted, code };
	struct pg_args a = { 0 };
	int failed;

	fill_args(&a, args, count);
	failed = ready(db, statement, &a, err) < 0 ||
	    db_pg_pipe_post(db, statement, &a, &end, err) < 0;
	release_args(&a);
	return failed ? -1 : 0;
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
	result = rows->db->in_transaction ? ask_again(rows->db, rows->statement, &a, err)
					  : send(rows->db, rows->statement, &a, err);
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
db_pg_touched(const PGresult *result)
{
	/* libpq does not change what it is asked about. */
	PGresult *asked = (PGresult *)(uintptr_t)result;

	return strncmp(PQcmdStatus(asked), "SELECT", strlen("SELECT")) == 0
	    ? 0
	    : strtoll(PQcmdTuples(asked), NULL, 10);
}

int64_t
db_pg_rows_changed(const struct rows *rows)
{
	return db_pg_touched(((struct pg_rows *)rows->native)->result);
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
