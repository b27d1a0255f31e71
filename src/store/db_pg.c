/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PostgreSQL driver, on libpq. Statements are prepared once a connection; all rows of a
 * query are fetched at once, so queries may be nested and a long list should be read in pages.
 * A transaction begins on the server with its first statement. A connection that was lost comes
 * back with the next transaction.
 */
#include "db_pg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/mem.h"

#define STATEMENT_NAME_SIZE 32
/* One number for all programs of this project: the lock of those who change the schema. */
#define SCHEMA_LOCK "7301946118"

// clang-format off
/* SQLSTATE (five characters) or its class (two); the first that fits counts. */
static const struct failure {
	const char *state;
	enum err_code err;
	const char *text;
} failures[] = {
	{ "23505", ERR_TAKEN, N_("已有相同的记录") },
	{ "40001", ERR_BUSY,  N_("数据库正被其他操作占用") },
	{ "40P01", ERR_BUSY,  N_("数据库正被其他操作占用") },
	{ "55P03", ERR_BUSY,  N_("数据库正被其他操作占用") },
	{ "57014", ERR_BUSY,  N_("数据库操作超时") },
	{ "25006", ERR_BUSY,  N_("数据库正在切换") },
	{ "53100", ERR_LOCAL, N_("数据库服务器磁盘空间不足，本次操作未保存。请清理磁盘空间后重试") },
	{ "53",    ERR_BUSY,  N_("数据库服务器资源不足") },
	{ "57P",   ERR_BUSY,  N_("数据库服务器正在停止或启动") },
	{ "58",    ERR_LOCAL, N_("数据库服务器读写文件失败，本次操作未保存。请检查磁盘") },
	{ "28",    ERR_LOCAL, N_("数据库拒绝登录。请检查用户名、密码和 pg_hba.conf") },
	{ "42501", ERR_LOCAL, N_("数据库用户没有所需的权限") },
	{ "XX001", ERR_LOCAL, N_("数据库已损坏。请停止使用并从备份恢复") },
	{ "XX002", ERR_LOCAL, N_("数据库已损坏。请停止使用并从备份恢复") },
};
// clang-format on

static struct pg *
pg_of(const struct db *db)
{
	return db->native;
}

/* ---- failures */

static int
fail_state(struct db *db, const PGresult *result, struct err *err)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	size_t i;

	if (strcmp(state, "25006") == 0) {
		pg_of(db)->is_stale = 1;
	}
	for (i = 0; i < ARRAY_LEN(failures); i++) {
		if (strncmp(state, failures[i].state, strlen(failures[i].state)) == 0) {
			return err_set(err, failures[i].err, "%s（%s）",
			    _(failures[i].text), detail != NULL ? detail : state);
		}
	}
	return err_set(
	    err, ERR_LOCAL, _("数据库出错：%s"), detail != NULL ? detail : state);
}

int
db_pg_is_lost(const struct db *db, const PGresult *result)
{
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	/* After "FATAL" the server closes; in a pipeline libpq has not seen that yet. */
	return PQstatus(pg_of(db)->conn) != CONNECTION_OK || severity == NULL ||
	    strcmp(severity, "ERROR") != 0;
}

int
db_pg_fail(struct db *db, const PGresult *result, int writes, struct err *err)
{
	if (!db_pg_is_lost(db, result)) {
		return fail_state(db, result, err);
	}
	pg_of(db)->is_stale = 1;
	if (writes) {
		return err_set(err, ERR_OUTCOME_UNKNOWN,
		    _("保存时与数据库的连接中断，无法确认是否已保存"));
	}
	return err_set(err, ERR_BUSY, _("与数据库的连接中断，本次操作未保存"));
}

int
db_pg_is_done(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* A statement of ours without parameters; its answer is waited for. */
static PGresult *
exec(struct db *db, const char *sql)
{
	db_count_round_trip();
	return PQexec(pg_of(db)->conn, sql);
}

static int
execute_as(struct db *db, const char *sql, int writes, struct err *err)
{
	PGresult *result = exec(db, sql);
	int status = db_pg_is_done(result) ? 0 : db_pg_fail(db, result, writes, err);

	PQclear(result);
	return status;
}

static int
pg_execute(struct db *db, const char *sql, struct err *err)
{
	return execute_as(db, sql, !db->in_transaction, err);
}

/* ---- opening */

static void
on_notice(void *user, const char *message)
{
	(void)user;
	log_line(LOG_DEBUG, "postgresql: %s", message);
}

/* What the rest relies on, whatever the server's configuration says. */
static int
set_session(struct db *db, struct err *err)
{
	return execute_as(db,
	    "SET lock_timeout = '5s'; SET statement_timeout = '30s';"
	    "SET idle_in_transaction_session_timeout = '60s'; SET timezone = 'UTC';"
	    "SET standard_conforming_strings = on; SET client_min_messages = warning;"
	    "SET default_transaction_isolation = 'read committed';"
	    /* Whoever reads a table from end to end locks all of it against the others' changes, also a
	     * table so small that an index seems to cost more. */
	    "SET enable_seqscan = off;"
	    /* A table that must be read all the same then seems to cost so much that its query would be
	     * compiled first, which takes longer than reading it. */
	    "SET jit = off;"
	    "SELECT set_config('synchronous_commit', 'on', false)"
	    " WHERE current_setting('synchronous_commit') = 'off'",
	    0, err);
}

static int
pg_open(struct db *db, const char *url, struct err *err)
{
	/* The URL may say otherwise, but for the encoding behind it. */
	const char *const names[] = { "connect_timeout", "target_session_attrs",
		"keepalives_idle", "keepalives_interval", "keepalives_count",
		"tcp_user_timeout", "fallback_application_name", "dbname",
		"client_encoding", NULL };
	const char *const values[] = { "5", "read-write", "30", "10", "3", "30000",
		"shebao", url, "UTF8", NULL };
	struct pg *pg = mem_alloc(sizeof(*pg));

	_Static_assert(ARRAY_LEN(names) == ARRAY_LEN(values), "a value for every name");
	db->native = pg;
	pg->conn = PQconnectdbParams(names, values, 1);
	if (PQstatus(pg->conn) != CONNECTION_OK) {
		return err_set(err, ERR_LOCAL,
		    _("无法连接数据库：%s请检查数据库地址和服务器"),
		    PQerrorMessage(pg->conn));
	}
	PQsetNoticeProcessor(pg->conn, on_notice, NULL);
	return set_session(db, err);
}

static void
pg_close(struct db *db)
{
	PQfinish(pg_of(db)->conn);
	free(db->native);
}

int
db_pg_is_usable(const struct db *db)
{
	return !pg_of(db)->is_stale && PQstatus(pg_of(db)->conn) == CONNECTION_OK;
}

int
db_pg_reconnect(struct db *db, struct err *err)
{
	struct pg *pg = pg_of(db);

	pg->is_stale = 1; /* so that finalize does not ask the server */
	db_statement_forget(db);
	db_record_unprepare(db);
	PQreset(pg->conn);
	if (PQstatus(pg->conn) != CONNECTION_OK) {
		return err_set(
		    err, ERR_BUSY, _("无法连接数据库：%s"), PQerrorMessage(pg->conn));
	}
	pg->is_stale = 0;
	return set_session(db, err);
}

/* ---- transactions */

static const char *
begin_sql(enum db_begin_kind kind)
{
	if (kind == DB_BEGIN_READ) {
		return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
		       "SET LOCAL enable_seqscan = on;"
		       "SET LOCAL statement_timeout = 0;"
		       "SET LOCAL idle_in_transaction_session_timeout = 0";
	}
	/* A change of schema waits for its turn first, and must then see what the others did. */
	return "BEGIN ISOLATION LEVEL READ COMMITTED;"
	       "SET LOCAL statement_timeout = 0;"
	       "SET LOCAL idle_in_transaction_session_timeout = 0;"
	       "SET LOCAL lock_timeout = '60s';"
	       "SELECT pg_advisory_xact_lock(" SCHEMA_LOCK ")";
}

/* A refused start leaves no transaction behind on the server. */
static int
begin_once(struct db *db, enum db_begin_kind kind, struct err *err)
{
	if (execute_as(db, begin_sql(kind), 0, err) == 0) {
		return 0;
	}
	if (db_pg_is_usable(db)) {
		PQclear(exec(db, "ROLLBACK"));
	}
	return -1;
}

static int
pg_begin(struct db *db, enum db_begin_kind kind, struct err *err)
{
	struct err first = { 0 };

	if (kind == DB_BEGIN_WRITE) {
		pg_of(db)->is_unbegun = 1;
		return db_pg_is_usable(db) ? 0 : db_pg_reconnect(db, err);
	}

	if (db_pg_is_usable(db)) {
		if (begin_once(db, kind, &first) == 0) {
			return 0;
		}
		if (db_pg_is_usable(db)) {
			return err_set(err, first.code, "%s", first.text);
		}
	}
	/* The server may have been restarted since; nothing was sent yet that could be lost. */
	return db_pg_reconnect(db, err) < 0 ? -1 : begin_once(db, kind, err);
}

static void
pg_rollback(struct db *db)
{
	if (pg_of(db)->is_unbegun) {
		pg_of(db)->is_unbegun = 0;
		return;
	}
	db_pg_pipe_drop(db);
	if (db_pg_is_usable(db)) {
		PQclear(exec(db, "ROLLBACK"));
	} else {
		pg_of(db)->is_stale = 1;
	}
}

/* ---- statements */

static void
pg_finalize(struct db *db, struct db_statement *statement)
{
	char sql[STATEMENT_NAME_SIZE + sizeof("DEALLOCATE ")];

	/* In a failed transaction the server refuses; the name is then merely not used again. */
	snprintf(sql, sizeof(sql), "DEALLOCATE %s", (const char *)statement->native);
	if (pg_of(db)->pending_count > 0) {
		db_pg_pipe_forget(db, sql);
	} else if (db_pg_is_usable(db)) {
		PQclear(exec(db, sql));
	}
	free(statement->native);
	statement->native = NULL;
}

/* ---- care */

static int
pg_backup(struct db *db, const char *path, struct err *err)
{
	(void)db;
	return err_set(err, ERR_LOCAL,
	    _("PostgreSQL 请使用 pg_dump 备份：pg_dump -Fc -f %s 数据库"), path);
}

static int
pg_check(struct db *db, struct err *err)
{
	int64_t broken = 0;

	/* The server checks pages as it reads them; an index left half built is what it keeps to
	 * itself. */
	if (db_find_int(db, "SELECT COUNT(*) FROM pg_index WHERE NOT indisvalid", DB_NONE,
		&broken, err) < 0) {
		return -1;
	}
	return broken == 0
	    ? 0
	    : err_set(err, ERR_LOCAL,
		  _("数据库有%d个无效索引，请运行 REINDEX DATABASE 后重试"), (int)broken);
}

const struct db_driver db_pg_driver = {
	.kind = DB_POSTGRESQL,
	.bytes_type = "BYTEA",
	/* The order of bytes, as SQLite has it; and no index depends on the version of a locale. */
	.text_type = "TEXT COLLATE \"C\"",
	.open = pg_open,
	.close = pg_close,
	.begin = pg_begin,
	.commit = db_pg_pipe_commit,
	.rollback = pg_rollback,
	.execute = pg_execute,
	.finalize = pg_finalize,
	.start = db_pg_rows_start,
	.post = db_pg_rows_post,
	.settle = db_pg_pipe_settle,
	.next = db_pg_rows_next,
	.end = db_pg_rows_end,
	.changed = db_pg_rows_changed,
	.columns = db_pg_rows_columns,
	.column_name = db_pg_rows_column_name,
	.column_type = db_pg_rows_column_type,
	.is_null = db_pg_rows_is_null,
	.number = db_pg_rows_number,
	.text = db_pg_rows_text,
	.bytes = db_pg_rows_bytes,
	.backup = pg_backup,
	.check = pg_check,
};
