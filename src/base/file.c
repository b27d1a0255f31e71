/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are either whole or not there. */
#include "shebao/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

void
file_begin(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0) {
		close(fd);
	}
	signal(SIGXFSZ, SIG_IGN);
}

static int
write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, bytes, n);

		if (put < 0 && errno == EINTR) {
			continue;
		}
		if (put < 0) {
			return -1;
		}
		bytes += put;
		n -= (size_t)put;
	}
	return 0;
}

/* The folder of path, opened; *name is what comes behind it. */
static int
open_folder(const char *path, const char **name, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? mem_dup(".")
	    : slash == path          ? mem_dup("/")
				     : mem_dup(path);
	int fd;

	if (slash != NULL && slash != path) {
		folder[slash - path] = '\0';
	}
	*name = slash == NULL ? path : slash + 1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		err_set(
		    err, ERR_LOCAL, _("无法打开文件夹 %s：%s"), folder, strerror(errno));
	}
	free(folder);
	return fd;
}

/* ---- temporary files. Who writes one holds its lock; one without a lock was left behind by a
 * process that died. */

int
file_hold_temporary(int fd)
{
	struct stat st;

	/* Where there are no locks nothing is removed either. A file that was made and not yet
	 * locked may have been taken for one left behind. */
	(void)flock(fd, LOCK_EX | LOCK_NB);
	return fstat(fd, &st) == 0 && st.st_nlink > 0 ? 0 : -1;
}

static void
remove_if_left(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0) {
		return;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0) {
		unlinkat(folder, name, 0);
	}
	close(fd);
}

/* Before another one is made beside them. */
static void
remove_left(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, FILE_TEMPORARY, strlen(FILE_TEMPORARY)) == 0) {
			remove_if_left(folder, entry->d_name);
		}
	}
	if (dir != NULL) {
		closedir(dir);
	} else if (fd >= 0) {
		close(fd);
	}
}

void
file_remove_left(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		remove_left(fd);
		close(fd);
	}
}

/* Nobody can lay something there beforehand; O_EXCL and O_NOFOLLOW would refuse it anyway. */
static int
open_temporary(int folder, char *name, size_t size)
{
	uint64_t chance = 0;
	int i, fd = -1;

	remove_left(folder);
	for (i = 0; i < 100 && fd < 0; i++) {
		if (getrandom(&chance, sizeof(chance), 0) < 0) {
			break;
		}
		snprintf(name, size, FILE_TEMPORARY "%016" PRIx64, chance);
		fd = openat(folder, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST) {
			break;
		}
		if (fd >= 0 && file_hold_temporary(fd) != 0) {
			close(fd);
			fd = -1;
		}
	}
	return fd;
}

/* Only plain files are replaced, never a link, a device or a pipe of that name: root would
 * otherwise put a file in the place of /dev/null. */
static int
replace(int folder, const char *temporary, const char *name)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR
		    : S_ISLNK(st.st_mode)   ? ELOOP
					    : EINVAL;
		return -1;
	}
	return renameat(folder, temporary, folder, name);
}

/* link(2) refuses an existing name, which rename(2) does not. Where a file system has no hard
 * links, an empty file takes the name first. */
static int
keep(int folder, const char *temporary, const char *name)
{
	int fd, saved;

	if (linkat(folder, temporary, folder, name, 0) == 0) {
		return unlinkat(folder, temporary, 0);
	}
	if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS && errno != EMLINK) {
		return -1;
	}
	fd = openat(
	    folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		return -1;
	}
	close(fd);
	if (renameat(folder, temporary, folder, name) == 0) {
		return 0;
	}
	saved = errno;
	unlinkat(folder, name, 0);
	errno = saved;
	return -1;
}

static int
put_in_place(
    int folder, const char *temporary, const char *name, enum file_overwrite overwrite)
{
	return overwrite == FILE_REPLACE ? replace(folder, temporary, name)
					 : keep(folder, temporary, name);
}

/* Some network file systems cannot sync a folder: the file itself is safe by then. */
static int
sync_folder(int folder)
{
	return fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : -1;
}

int
file_is_vacant(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0) {
		return errno == ENOENT;
	}
	return S_ISREG(st.st_mode) && st.st_size == 0;
}

static int
fail_exists(const char *path, struct err *err)
{
	return err_set(err, ERR_LOCAL, _("文件 %s 已存在，未覆盖"), path);
}

/* Nothing is saved under the name of a folder, whatever may be overwritten, or under none. */
static int
is_name_of_file(int folder, const char *name)
{
	struct stat st;

	return name[0] != '\0' &&
	    (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode));
}

int
file_check(const char *path, enum file_overwrite overwrite, struct err *err)
{
	const char *name;
	int folder = open_folder(path, &name, err), rc = -1;

	if (folder < 0) {
		return -1;
	}
	if (!is_name_of_file(folder, name)) {
		err_set(err, ERR_LOCAL, _("“%s”不是文件名，请给出要保存的文件"), path);
	} else if (faccessat(folder, ".", W_OK, AT_EACCESS) != 0) {
		err_set(err, ERR_LOCAL, _("无法保存文件 %s：%s"), path, strerror(errno));
	} else if (overwrite == FILE_KEEP && !file_is_vacant(path)) {
		fail_exists(path, err);
	} else {
		rc = 0;
	}
	close(folder);
	return rc;
}

int
file_save(const char *path, const void *bytes, size_t n, enum file_overwrite overwrite,
    struct err *err)
{
	char temporary[64] = "";
	const char *name;
	int folder, fd = -1, rc = -1;

	folder = open_folder(path, &name, err);
	if (folder < 0) {
		return -1;
	}
	/* An empty file is replaced, a missing one is not: another may come meanwhile. */
	if (faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 && file_is_vacant(path)) {
		overwrite = FILE_REPLACE;
	}
	fd = open_temporary(folder, temporary, sizeof(temporary));
	if (fd < 0) {
		temporary[0] = '\0';
		goto out;
	}
	if (write_all(fd, bytes, n) != 0 || fsync(fd) != 0 ||
	    put_in_place(folder, temporary, name, overwrite) != 0) {
		goto out;
	}
	temporary[0] = '\0';
	rc = sync_folder(folder);
out:
	if (rc != 0) {
		if (errno == EEXIST) {
			fail_exists(path, err);
		} else {
			err_set(err, ERR_LOCAL, _("无法保存文件 %s：%s"), path,
			    strerror(errno));
		}
	}
	if (temporary[0] != '\0') {
		unlinkat(folder, temporary, 0);
	}
	if (fd >= 0) {
		close(fd);
	}
	close(folder);
	return rc;
}

int
file_load(const char *path, size_t limit, struct buf *out, struct err *err)
{
	char chunk[16384];
	int is_input = strcmp(path, "-") == 0;
	int fd = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int rc = -1;
	ssize_t got;

	if (fd < 0) {
		return err_set(
		    err, ERR_LOCAL, _("无法读取文件 %s：%s"), path, strerror(errno));
	}
	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			err_set(err, ERR_LOCAL, _("无法读取文件 %s：%s"), path,
			    strerror(errno));
			goto out;
		}
		if (out->len + (size_t)got > limit) {
			err_set(err, ERR_LIMIT, _("文件 %s 超过 %zu 字节"), path, limit);
			goto out;
		}
		buf_put(out, chunk, (size_t)got);
	}
	rc = 0;
out:
	if (!is_input) {
		close(fd);
	}
	return rc;
}

static int
make_one(const char *path, struct err *err)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST) {
		return 0;
	}
	return err_set(err, ERR_LOCAL, _("无法建立文件夹 %s：%s"), path, strerror(errno));
}

int
file_make_folder(const char *path, struct err *err)
{
	char *copy = mem_dup(path), *at;
	struct stat st;
	size_t n = strlen(copy);
	int rc = 0;

	/* A slash at the end would follow a link. */
	while (n > 1 && copy[n - 1] == '/') {
		copy[--n] = '\0';
	}
	for (at = copy + (n > 0); rc == 0 && *at != '\0'; at++) {
		if (*at == '/') {
			*at = '\0';
			rc = make_one(copy, err);
			*at = '/';
		}
	}
	if (rc == 0) {
		rc = make_one(copy, err);
	}
	if (rc == 0 &&
	    (lstat(copy, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid())) {
		rc = err_set(err, ERR_LOCAL, _("%s 不是当前用户的文件夹（或是符号链接），请改用属于当前用户的文件夹"), path);
	}
	free(copy);
	return rc;
}
