/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying a database that is in use, and checking one. */
#include "db_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define BACKUP_PAGES 1024 /* a step; between steps others may write */
#define BACKUP_WAIT_MS 50
#define BACKUP_WAITS_MAX 200 /* 10 s of a locked source */

static int
copy_pages(sqlite3 *from, sqlite3 *to, struct err *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int rc, waits = 0;

	if (backup == NULL) {
		return db_sqlite_fail(to, sqlite3_errcode(to), err);
	}
	do {
		rc = sqlite3_backup_step(backup, BACKUP_PAGES);
		if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED) {
			sqlite3_sleep(BACKUP_WAIT_MS);
			waits++;
		}
	} while (rc == SQLITE_OK ||
	    ((rc == SQLITE_BUSY || rc == SQLITE_LOCKED) && waits < BACKUP_WAITS_MAX));
	sqlite3_backup_finish(backup);
	return rc == SQLITE_DONE ? 0 : db_sqlite_fail(to, rc, err);
}

/* A statement that answers nothing, or "ok", when all is well; otherwise what is wrong. */
static int
must_be_quiet(sqlite3 *handle, const char *sql, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
	int status = 0;

	if (rc == SQLITE_OK) {
		rc = sqlite3_step(stmt);
	}
	if (rc == SQLITE_ROW) {
		const char *found = (const char *)sqlite3_column_text(stmt, 0);

		if (found == NULL || strcmp(found, "ok") != 0) {
			status = err_set(err, ERR_LOCAL,
			    _("数据库检查未通过：%s。请停止使用，保留该文件并从备份恢复"),
			    found != NULL ? found : "");
		}
	} else if (rc != SQLITE_DONE) {
		status = db_sqlite_fail(handle, rc, err);
	}
	sqlite3_finalize(stmt);
	return status;
}

static int
check_handle(sqlite3 *handle, struct err *err)
{
	if (must_be_quiet(handle, "PRAGMA integrity_check(1)", err) < 0) {
		return -1;
	}
	return must_be_quiet(handle, "PRAGMA foreign_key_check", err);
}

int
db_sqlite_care_check(struct db *db, struct err *err)
{
	return check_handle(db->native, err);
}

static int
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder =
	    slash == NULL ? mem_dup(".") : mem_printf("%.*s/", (int)(slash - path), path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = fd >= 0 && fsync(fd) == 0 ? 0 : -1;

	if (fd >= 0) {
		close(fd);
	}
	free(folder);
	return status;
}

/* Writes and checks the copy under its temporary name. Left in rollback-journal mode, the copy
 * is one file; whoever opens it as a database puts the write-ahead log back. */
static int
write_copy(sqlite3 *from, const char *path, struct err *err)
{
	sqlite3 *to = NULL;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int rc, status;

	if (fd < 0) {
		return err_set(
		    err, ERR_LOCAL, _("无法建立备份文件%s：%s"), path, strerror(errno));
	}
	close(fd);
	rc =
	    sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	status =
	    rc == SQLITE_OK ? copy_pages(from, to, err) : db_sqlite_fail(to, rc, err);
	if (status == 0) {
		rc = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
		status =
		    rc == SQLITE_OK ? check_handle(to, err) : db_sqlite_fail(to, rc, err);
	}
	sqlite3_close(to);
	return status;
}

int
db_sqlite_care_backup(struct db *db, const char *path, struct err *err)
{
	char *temporary = mem_printf("%s.%ld.part", path, (long)getpid());
	int status = write_copy(db->native, temporary, err);

	/* A link, not a rename: an older backup of that name is never replaced. */
	if (status == 0 && link(temporary, path) < 0) {
		status = err_set(err, ERR_LOCAL,
		    errno == EEXIST ? _("备份文件%s已存在，未覆盖；请换一个文件名（%s）")
				    : _("无法建立备份文件%s：%s"),
		    path, strerror(errno));
	}
	if (status == 0 && sync_folder(path) < 0) {
		status = err_set(err, ERR_LOCAL, _("备份文件%s未能写入磁盘：%s"), path,
		    strerror(errno));
	}
	unlink(temporary);
	free(temporary);
	return status;
}
