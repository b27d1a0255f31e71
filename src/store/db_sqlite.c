/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The SQLite driver: one file of this user's own, write-ahead logged, synced at every commit. */
#include "db_driver.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "db_sqlite.h"
#include "shebao/fatal.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define PRIMARY_CODE(rc) ((rc)&0xff)

/* A prepared statement. SQLite numbers $n by first appearance; number holds n of each. */
struct prepared {
	sqlite3_stmt *stmt;
	size_t count;
	size_t *number; /* owned */
};

// clang-format off
static const struct failure {
	int code; /* primary or extended */
	enum err_code err;
	const char *text;
} failures[] = {
	{ SQLITE_CONSTRAINT_UNIQUE,     ERR_TAKEN, N_("已有相同的记录") },
	{ SQLITE_CONSTRAINT_PRIMARYKEY, ERR_TAKEN, N_("已有相同的记录") },
	{ SQLITE_CONSTRAINT_ROWID,      ERR_TAKEN, N_("已有相同的记录") },
	{ SQLITE_BUSY,     ERR_BUSY,  N_("数据库正被其他操作占用") },
	{ SQLITE_LOCKED,   ERR_BUSY,  N_("数据库正被其他操作占用") },
	{ SQLITE_INTERRUPT, ERR_CANCELLED, N_("已取消") },
	{ SQLITE_FULL,     ERR_LOCAL, N_("磁盘空间不足，本次操作未保存。请清理磁盘空间后重试") },
	{ SQLITE_IOERR,    ERR_LOCAL, N_("读写数据库文件失败，本次操作未保存。请检查磁盘后重试") },
	{ SQLITE_READONLY, ERR_LOCAL, N_("数据库文件不可写。请检查文件权限和磁盘是否只读") },
	{ SQLITE_CANTOPEN, ERR_LOCAL, N_("无法打开数据库文件。请检查文件夹是否存在、权限是否正确") },
	{ SQLITE_PERM,     ERR_LOCAL, N_("没有访问数据库文件的权限。请检查文件权限") },
	{ SQLITE_CORRUPT,  ERR_LOCAL, N_("数据库文件已损坏。请停止使用，保留该文件并从备份恢复") },
	{ SQLITE_NOTADB,   ERR_LOCAL, N_("该文件不是本程序的数据库。请核对路径，或从备份恢复") },
};
// clang-format on

int
db_sqlite_fail(sqlite3 *handle, int rc, struct err *err)
{
	const char *detail = handle != NULL ? sqlite3_errmsg(handle) : sqlite3_errstr(rc);
	size_t i;

	for (i = 0; i < ARRAY_LEN(failures); i++) {
		if (failures[i].code == rc || failures[i].code == PRIMARY_CODE(rc)) {
			return err_set(err, failures[i].err, "%s（%s）",
			    _(failures[i].text), detail);
		}
	}
	return err_set(err, ERR_LOCAL, _("数据库出错：%s"), detail);
}

static int
execute(struct db *db, const char *sql, struct err *err)
{
	int rc = sqlite3_exec(db->native, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : db_sqlite_fail(db->native, rc, err);
}

/* ---- opening */

/*
 * The file itself: this user's alone, no symbolic link that somebody laid here. An existing
 * file is looked at without opening it: closing any descriptor of a database that this process
 * has open elsewhere would drop the locks of that connection (POSIX).
 */
static int
make_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat st;

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	if (errno != EEXIST || lstat(path, &st) < 0) {
		return err_set(
		    err, ERR_LOCAL, _("无法建立数据库文件%s：%s"), path, strerror(errno));
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid()) {
		return err_set(err, ERR_LOCAL,
		    _("%s不是本用户的普通文件（或是符号链接），已拒绝作为数据库使用"),
		    path);
	}
	if ((st.st_mode & 077) != 0 && chmod(path, 0600) < 0) {
		return err_set(
		    err, ERR_LOCAL, _("无法将数据库文件%s设为仅本人可读写"), path);
	}
	return 0;
}

/* The folder's true path and the file's name in it: SQLITE_OPEN_NOFOLLOW refuses links in any
 * part of a path, and a home folder may well be reached through one. NULL when it failed. */
static char *
true_path(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	char *folder = slash == NULL ? mem_dup(".")
	    : slash == path          ? mem_dup("/")
				     : mem_printf("%.*s", (int)(slash - path), path);
	char *real = NULL, *whole = NULL;
	int status = file_make_folder(folder, err);

	if (status == 0 && name[0] == '\0') {
		status =
		    err_set(err, ERR_USAGE, _("数据库地址缺少文件名：sqlite:%s"), path);
	}
	if (status == 0 && (real = realpath(folder, NULL)) == NULL) {
		status = err_set(err, ERR_LOCAL, _("无法打开数据库文件夹%s：%s"), folder,
		    strerror(errno));
	}
	if (status == 0 && real != NULL) {
		whole = mem_printf("%s/%s", strcmp(real, "/") == 0 ? "" : real, name);
	}
	free(real);
	free(folder);
	return whole;
}

static int
set_wal(sqlite3 *handle, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(handle, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
	int is_wal = 0;

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(stmt);
	}
	if (rc == SQLITE_ROW) {
		const char *mode = (const char *)sqlite3_column_text(stmt, 0);

		is_wal = mode != NULL &&
		    (strcmp(mode, "wal") == 0 || strcmp(mode, "memory") == 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	if (rc != SQLITE_OK) {
		return db_sqlite_fail(handle, rc, err);
	}
	return is_wal ? 0
		      : err_set(err, ERR_LOCAL,
			    _("数据库所在文件系统不支持预写日志，请放在本机磁盘上"));
}

/* Nobody but this program writes the schema, so nothing in a file may run code on its own, and
 * the file's structure cannot be written as data. */
static int
harden(struct db *db, struct err *err)
{
	sqlite3 *handle = db->native;

	sqlite3_extended_result_codes(handle, 1);
	sqlite3_busy_timeout(handle, DB_BUSY_MS);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	if (db_sqlite_bits_define(handle) != SQLITE_OK) {
		return db_sqlite_fail(handle, SQLITE_NOMEM, err);
	}
	/* Before the first page is written. */
	if ((db->has_large_pages && execute(db, "PRAGMA page_size = 16384", err) < 0) || set_wal(handle, err) < 0) {
		return -1;
	}
	return execute(db,
	    "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
	    "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY",
	    err);
}

static int
sqlite_open(struct db *db, const char *url, struct err *err)
{
	const int flags =
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
	const int in_memory = strcmp(url, ":memory:") == 0;
	sqlite3 *handle = NULL;
	char *path = NULL;
	int rc;

	path = in_memory ? mem_dup(url) : true_path(url, err);
	if (path == NULL) {
		return -1;
	}
	if (!in_memory && make_file(path, err) < 0) {
		free(path);
		return -1;
	}
	rc = sqlite3_open_v2(
	    path, &handle, flags | (in_memory ? SQLITE_OPEN_MEMORY : 0), NULL);
	free(path);
	db->native = handle;
	if (rc != SQLITE_OK) {
		return db_sqlite_fail(handle, rc, err);
	}
	return harden(db, err);
}

static void
sqlite_close(struct db *db)
{
	int rc = sqlite3_close(db->native);

	/* Rows that were not closed: a programmer's error. */
	assert(rc == SQLITE_OK);
	(void)rc;
}

static void
sqlite_interrupt(struct db *db)
{
	sqlite3_interrupt(db->native);
}

/* ---- transactions */

static struct prepared *prepare(struct db *db, struct db_statement *statement, struct err *err);

/* A statement without rows that every transaction needs: prepared once. SQLite's code, or -1 when
 * it could not be prepared. */
static int
step_kept(struct db *db, const char *sql, struct err *err)
{
	struct db_statement *statement = db_statement_take(db, sql);
	struct prepared *p = statement->native;
	int rc = -1;

	if (p == NULL) {
		p = prepare(db, statement, err);
	}
	if (p != NULL) {
		sqlite3_step(p->stmt);
		rc = sqlite3_reset(p->stmt);
	}
	db_statement_give(db, statement);
	return rc;
}

static int
sqlite_begin(struct db *db, enum db_begin_kind kind, struct err *err)
{
	int rc;

	/* A view begins with its first statement. */
	if (kind == DB_BEGIN_READ) {
		return execute(db, "BEGIN; SELECT 1 FROM sqlite_master LIMIT 1", err);
	}
	/* There is one write lock, so a change of schema needs nothing more. */
	rc = step_kept(db, "BEGIN IMMEDIATE", err);
	return rc <= SQLITE_OK ? rc : db_sqlite_fail(db->native, rc, err);
}

/* What was to be saved may be in the log although syncing it failed: after a crash it can
 * come back. And the system says so once: a sync tried again would succeed without having
 * saved anything. */
static int
fail_saving(sqlite3 *handle, int rc, struct err *err)
{
	int failure = sqlite3_extended_errcode(handle);

	if (PRIMARY_CODE(rc) != SQLITE_IOERR ||
	    (failure != SQLITE_IOERR_FSYNC && failure != SQLITE_IOERR_DIR_FSYNC)) {
		return db_sqlite_fail(handle, rc, err);
	}
	fatal_sync_failed();
	return err_set(err, ERR_OUTCOME_UNKNOWN,
	    _("保存时磁盘出错，无法确认是否已保存。请检查磁盘后重新启动并核对（%s）"),
	    sqlite3_errmsg(handle));
}

static int
sqlite_commit(struct db *db, struct err *err)
{
	int rc = step_kept(db, "COMMIT", err);

	return rc <= SQLITE_OK ? rc : fail_saving(db->native, rc, err);
}

static void
sqlite_rollback(struct db *db)
{
	/* A full disk or a failed read has already rolled back by itself. */
	if (!sqlite3_get_autocommit(db->native)) {
		sqlite3_exec(db->native, "ROLLBACK", NULL, NULL, NULL);
	}
}

/* ---- statements */

static void
sqlite_finalize(struct db *db, struct db_statement *statement)
{
	struct prepared *p = statement->native;

	(void)db;
	sqlite3_finalize(p->stmt);
	free(p->number);
	free(p);
	statement->native = NULL;
}

/* The n of each parameter $n, in SQLite's own order. */
static void
number_parameters(struct prepared *p)
{
	size_t i;

	p->count = (size_t)sqlite3_bind_parameter_count(p->stmt);
	p->number = mem_resize(NULL, p->count + 1, sizeof(size_t));
	for (i = 0; i < p->count; i++) {
		const char *name = sqlite3_bind_parameter_name(p->stmt, (int)i + 1);

		assert(name != NULL && name[0] == '$');
		p->number[i] = strtoul(name + 1, NULL, 10) - 1;
	}
}

/* NULL when it failed. */
static struct prepared *
prepare(struct db *db, struct db_statement *statement, struct err *err)
{
	struct prepared *p = mem_alloc(sizeof(*p));
	int rc = sqlite3_prepare_v3(
	    db->native, statement->sql, -1, SQLITE_PREPARE_PERSISTENT, &p->stmt, NULL);

	if (rc != SQLITE_OK) {
		free(p);
		db_sqlite_fail(db->native, rc, err);
		return NULL;
	}
	number_parameters(p);
	statement->native = p;
	return p;
}

static int
bind(sqlite3_stmt *stmt, int index, const struct db_value *value, int keep)
{
	sqlite3_destructor_type life = keep ? SQLITE_TRANSIENT : SQLITE_STATIC;

	switch (value->type) {
	case DB_NULL:
		return sqlite3_bind_null(stmt, index);
	case DB_INT:
		return sqlite3_bind_int64(stmt, index, value->number);
	case DB_TEXT:
		return sqlite3_bind_text64(stmt, index,
		    value->bytes != NULL ? value->bytes : "", value->len, life,
		    SQLITE_UTF8);
	case DB_BYTES:
		if (value->len == 0) {
			return sqlite3_bind_zeroblob(stmt, index, 0);
		}
		return sqlite3_bind_blob64(stmt, index, value->bytes, value->len, life);
	}
	return SQLITE_MISUSE;
}

static int
sqlite_start(struct rows *rows, const struct db_value *args, size_t count, int keep,
    struct err *err)
{
	struct prepared *p = rows->statement->native;
	size_t i;
	int rc;

	if (p == NULL) {
		p = prepare(rows->db, rows->statement, err);
	}
	if (p == NULL) {
		return -1;
	}
	rows->native = p->stmt;
	for (i = 0; i < p->count; i++) {
		assert(p->number[i] < count);
		rc = bind(p->stmt, (int)i + 1, &args[p->number[i]], keep);
		if (rc != SQLITE_OK) {
			return db_sqlite_fail(rows->db->native, rc, err);
		}
	}
	return 0;
}

static int
sqlite_next(struct rows *rows, struct err *err)
{
	int rc = sqlite3_step(rows->native);

	if (rc == SQLITE_ROW) {
		return 1;
	}
	if (rc == SQLITE_DONE) {
		return 0;
	}
	if (!rows->db->in_transaction && !sqlite3_stmt_readonly(rows->native)) {
		return fail_saving(rows->db->native, rc, err);
	}
	return db_sqlite_fail(rows->db->native, rc, err);
}

static void
sqlite_end(struct rows *rows)
{
	if (rows->native != NULL) {
		/* The failure, if any, was reported by next. */
		sqlite3_reset(rows->native);
		/* What was bound may be gone before the next use, or be a secret. */
		sqlite3_clear_bindings(rows->native);
		rows->native = NULL;
	}
}

static int64_t
sqlite_changed(const struct rows *rows)
{
	/* Statements that read leave the count of the one before. */
	return sqlite3_stmt_readonly(rows->native) ? 0
						   : sqlite3_changes64(rows->db->native);
}

static int
sqlite_columns(const struct rows *rows)
{
	return sqlite3_column_count(rows->native);
}

static const char *
sqlite_column_name(const struct rows *rows, int column)
{
	return sqlite3_column_name(rows->native, column);
}

static int64_t
sqlite_number(const struct rows *rows, int column)
{
	return sqlite3_column_int64(rows->native, column);
}

static const char *
sqlite_text(const struct rows *rows, int column, size_t *len)
{
	const char *text = (const char *)sqlite3_column_text(rows->native, column);

	*len = (size_t)sqlite3_column_bytes(rows->native, column);
	return text != NULL ? text : "";
}

static int
sqlite_column_type(const struct rows *rows, int column)
{
	const char *declared = sqlite3_column_decltype(rows->native, column);

	if (declared != NULL && strcmp(declared, "BLOB") == 0) {
		return DB_BYTES;
	}
	return declared != NULL && strcmp(declared, "TEXT") == 0 ? DB_TEXT : DB_INT;
}

static int
sqlite_is_null(const struct rows *rows, int column)
{
	return sqlite3_column_type(rows->native, column) == SQLITE_NULL;
}

static const void *
sqlite_bytes(const struct rows *rows, int column, size_t *len)
{
	const void *bytes = sqlite3_column_blob(rows->native, column);

	*len = (size_t)sqlite3_column_bytes(rows->native, column);
	return bytes != NULL ? bytes : "";
}

const struct db_driver db_sqlite_driver = {
	.kind = DB_SQLITE,
	.bytes_type = "BLOB",
	.text_type = "TEXT",
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.execute = execute,
	.finalize = sqlite_finalize,
	.start = sqlite_start,
	.next = sqlite_next,
	.end = sqlite_end,
	.changed = sqlite_changed,
	.columns = sqlite_columns,
	.column_type = sqlite_column_type,
	.is_null = sqlite_is_null,
	.column_name = sqlite_column_name,
	.number = sqlite_number,
	.text = sqlite_text,
	.bytes = sqlite_bytes,
	.interrupt = sqlite_interrupt,
	.backup = db_sqlite_care_backup,
	.check = db_sqlite_care_check,
};
