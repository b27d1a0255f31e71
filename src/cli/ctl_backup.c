/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebaoctl backup: the books as they are at one moment, while the service works on. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_command.h"
#include "report.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

/* What every SQLite file begins with, its zero byte included. */
static const char magic[] = "SQLite format 3";

static int
fetch(struct ctl *ctl, FILE *file, struct err *err)
{
	struct sync_reply reply = { 0 };
	char head[sizeof(magic)] = "";
	int result;

	sync_download(ctl->sync, OPERATION_ADMIN_BACKUP, file, NULL, &reply);
	if (reply.outcome == SYNC_UNKNOWN) {
		reply.outcome = SYNC_SURELY_NOT; /* nothing was to be changed */
	}
	result = sync_check(&reply, err);
	buf_release(&reply.body);
	if (result != 0) {
		return -1;
	}
	if (fflush(file) != 0 || ferror(file) || fsync(fileno(file)) != 0) {
		return err_set(err, ERR_LOCAL, _("无法写备份文件：%s"), strerror(errno));
	}
	rewind(file);
	if (fread(head, 1, sizeof(head), file) != sizeof(head) ||
	    memcmp(head, magic, sizeof(head)) != 0) {
		return err_set(err, ERR_SERVICE, "%s", _("缴费服务给出的不是账簿的备份"));
	}
	return 0;
}

static void
sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder =
	    slash == NULL ? mem_dup(".") : mem_printf("%.*s/", (int)(slash - path), path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		(void)!fsync(fd);
		close(fd);
	}
	free(folder);
}

/* Whole or not there: under another name until all of it is on the disk. */
static int
save(struct ctl *ctl, const char *path, int64_t *bytes, struct err *err)
{
	char *part = mem_printf("%s.XXXXXX", path);
	int fd = mkstemp(part), result = -1;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w+b");

	if (file == NULL) {
		err_set(err, ERR_LOCAL, _("无法写备份文件：%s"), strerror(errno));
	} else {
		result = fetch(ctl, file, err);
		*bytes = fseeko(file, 0, SEEK_END) == 0 ? (int64_t)ftello(file) : 0;
		fclose(file);
	}
	if (result == 0 && rename(part, path) != 0) {
		result = err_set(err, ERR_LOCAL, _("无法写备份文件：%s"), strerror(errno));
	}
	if (result != 0 && fd >= 0) {
		unlink(part);
	}
	sync_folder(path);
	free(part);
	return result;
}

int
ctl_backup_save(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	const char *path = arguments[0];
	int64_t bytes = 0;

	(void)count;
	if (file_check(path, FILE_KEEP, err) != 0 || save(ctl, path, &bytes, err) != 0) {
		return -1;
	}
	if (ctl->json) {
		printf("{\"bytes\":%lld}\n", (long long)bytes);
	} else {
		printf(_("已备份到%s，%lld字节\n"), path, (long long)bytes);
	}
	return 0;
}
