/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PostgreSQL in pipeline mode: what nobody waits for (BEGIN, posted changes) stays with libpq until
 * something is waited for, and leaves together with it. The server answers in order and passes
 * over what follows a failed statement, so that a COMMIT behind it is not executed.
 *
 * libpq is in pipeline mode only while something is on its way; all else may use its ordinary calls.
 */
#include "db_pg.h"

#include <string.h>

#include "shebao/i18n.h"

static struct pg *
pg_of(const struct db *db)
{
	return db->native;
}

static int
refuse_lost(struct db *db, struct err *err)
{
	return db_pg_fail(db, NULL, 0, err);
}

/* A line in the list of what is under way, for what the caller sends next. The list is short, so
 * that the server's answers never fill what is between us while we write. */
static int
expect(struct db *db, int64_t rows, enum err_code code, struct err *err)
{
	struct pg *pg = pg_of(db);

	if (pg->pending_count == PG_PENDING_MAX && db_pg_pipe_settle(db, err) < 0) {
		return -1;
	}
	if (PQpipelineStatus(pg->conn) == PQ_PIPELINE_OFF && !PQenterPipelineMode(pg->conn)) {
		return refuse_lost(db, err);
	}
	pg->pending[pg->pending_count++] = (struct pg_pending){ rows, code };
	pg->is_counted |= rows != DB_ANY;
	return 0;
}

static int
post_sql(struct db *db, const char *sql, struct err *err)
{
	if (expect(db, DB_ANY, ERR_NONE, err) < 0) {
		return -1;
	}
	return PQsendQueryParams(pg_of(db)->conn, sql, 0, NULL, NULL, NULL, NULL, 0)
	    ? 0
	    : refuse_lost(db, err);
}

int
db_pg_pipe_open(struct db *db, struct err *err)
{
	struct pg *pg = pg_of(db);

	if (!pg->is_unbegun) {
		return 0;
	}
	pg->is_unbegun = 0;
	return post_sql(db, "BEGIN ISOLATION LEVEL SERIALIZABLE", err);
}

int
db_pg_pipe_post(struct db *db, const struct db_statement *statement, const struct pg_args *a,
    const struct pg_pending *end, struct err *err)
{
	struct pg *pg = pg_of(db);

	if (db_pg_pipe_open(db, err) < 0 || expect(db, end->rows, end->code, err) < 0) {
		return -1;
	}
	return PQsendQueryPrepared(pg->conn, statement->native, a->count, a->values, a->lengths,
		   a->formats, 0)
	    ? 0
	    : refuse_lost(db, err);
}

void
db_pg_pipe_forget(struct db *db, const char *sql)
{
	struct pg *pg = pg_of(db);

	/* Rather leave a name behind than wait for an answer that nobody here could be told. */
	if (pg->pending_count < PG_PENDING_MAX) {
		(void)!post_sql(db, sql, NULL);
	}
}

/* ---- answers */

/* Of one statement; NULL: the connection is lost. */
static PGresult *
next_answer(PGconn *conn)
{
	PGresult *result = PQgetResult(conn);

	if (result != NULL) {
		/* What follows a statement's answer is its end. */
		PQclear(PQgetResult(conn));
	}
	return result;
}

static int
check_answer(struct db *db, const PGresult *result, const struct pg_pending *expected,
    int writes, struct err *err)
{
	int64_t rows;

	if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED) {
		return err_set(err, ERR_LOCAL, _("数据库已撤销本次操作，全部未保存"));
	}
	if (!db_pg_is_done(result)) {
		return db_pg_fail(db, result, writes, err);
	}
	rows = expected->rows == DB_ANY ? DB_ANY : db_pg_touched(result);
	return rows == expected->rows ? 0 : db_refuse_rows(expected->rows, rows, expected->code, err);
}

PGresult *
db_pg_pipe_wait(struct db *db, int writes, struct err *err)
{
	struct pg *pg = pg_of(db);
	PGresult *result = NULL;
	struct err why = { 0 };
	int i, failed = 0;

	db_count_round_trip();
	if (!PQpipelineSync(pg->conn)) {
		failed = db_pg_fail(db, NULL, 0, &why);
	}
	/* The first failure is the reason; what comes after it was passed over. */
	for (i = 0; i < pg->pending_count; i++) {
		PQclear(result);
		result = next_answer(pg->conn);
		if (failed == 0) {
			failed = check_answer(db, result, &pg->pending[i], writes, &why);
		}
	}
	PQclear(PQgetResult(pg->conn)); /* the end of the pipeline */
	pg->pending_count = 0;
	pg->is_counted = 0;
	if (PQstatus(pg->conn) == CONNECTION_OK && !PQexitPipelineMode(pg->conn)) {
		pg->is_stale = 1;
	}
	if (failed < 0) {
		PQclear(result);
		err_set(err, why.code, "%s", why.text);
		return NULL;
	}
	return result;
}

int
db_pg_pipe_settle(struct db *db, struct err *err)
{
	PGresult *result;

	if (db_pg_pipe_open(db, err) < 0) {
		return -1;
	}
	if (pg_of(db)->pending_count == 0) {
		return 0;
	}
	result = db_pg_pipe_wait(db, 0, err);
	PQclear(result);
	return result != NULL ? 0 : -1;
}

int
db_pg_pipe_commit(struct db *db, struct err *err)
{
	struct pg *pg = pg_of(db);
	PGresult *result;
	int failed;

	if (pg->is_unbegun) {
		/* Nothing was asked. */
		pg->is_unbegun = 0;
		return 0;
	}
	/* How many rows were touched has to be known before it is too late. */
	if ((pg->is_counted && db_pg_pipe_settle(db, err) < 0) || post_sql(db, "COMMIT", err) < 0) {
		return -1;
	}
	result = db_pg_pipe_wait(db, 1, err);
	if (result == NULL) {
		return -1;
	}
	/* The server answers a failed transaction's COMMIT with a rollback, and success. */
	failed = strcmp(PQcmdStatus(result), "COMMIT") != 0;
	PQclear(result);
	return failed ? err_set(err, ERR_LOCAL, _("数据库已撤销本次操作，全部未保存")) : 0;
}

void
db_pg_pipe_drop(struct db *db)
{
	struct pg *pg = pg_of(db);

	pg->is_unbegun = 0;
	if (pg->pending_count > 0) {
		PQclear(db_pg_pipe_wait(db, 0, NULL));
	}
}
