/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders: copied, removed, looked through. */
#define _GNU_SOURCE
#include "torture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
die(const char *what, const char *path)
{
	fprintf(stderr, "torture: %s %s: %s\n", what, path, strerror(errno));
	exit(2);
}

typedef void entry_fn(const char *path, const char *name, const struct stat *st, void *user);

static void
each(const char *folder, entry_fn *fn, void *user)
{
	DIR *dir = opendir(folder);
	char path[PATH_MAX];
	struct dirent *e;
	struct stat st;

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) {
			continue;
		}
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (lstat(path, &st) == 0) {
			fn(path, e->d_name, &st, user);
		}
	}
	if (dir != NULL) {
		closedir(dir);
	}
}

static void
remove_entry(const char *path, const char *name, const struct stat *st, void *user)
{
	(void)name;
	(void)user;
	if (S_ISDIR(st->st_mode)) {
		folder_remove(path);
	} else {
		unlink(path);
	}
}

void
folder_remove(const char *path)
{
	each(path, remove_entry, NULL);
	rmdir(path);
}

static void
copy_file(const char *from, const char *to, const struct stat *st)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, st->st_mode & 07777);
	char chunk[65536];
	ssize_t n = -1;

	while (in >= 0 && out >= 0 && (n = read(in, chunk, sizeof(chunk))) > 0) {
		if (write(out, chunk, (size_t)n) != n) {
			break;
		}
	}
	if (n != 0) {
		die("copy", to);
	}
	close(in);
	close(out);
}

static void
copy_entry(const char *path, const char *name, const struct stat *st, void *user)
{
	char to[PATH_MAX];

	snprintf(to, sizeof(to), "%s/%s", (const char *)user, name);
	if (S_ISDIR(st->st_mode)) {
		folder_copy(path, to);
	} else if (S_ISREG(st->st_mode)) {
		copy_file(path, to, st);
	}
}

void
folder_copy(const char *from, const char *to)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", to);
	if (mkdir(to, 0700) != 0 && errno != EEXIST) {
		die("mkdir", to);
	}
	each(from, copy_entry, copy);
}

/* ---- orphans */

struct orphan {
	char *out;
	size_t size;
	int found;
};

/* A PDF ends with its mark, a workbook with the end of its directory. */
static int
is_half(const char *path, const char *name, const struct stat *st)
{
	const char *dot = strrchr(name, '.');
	char tail[64] = "";
	int fd;

	if (dot == NULL || (strcmp(dot, ".pdf") != 0 && strcmp(dot, ".xlsx") != 0)) {
		return 0;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		off_t at = st->st_size > 60 ? st->st_size - 60 : 0;
		ssize_t n = pread(fd, tail, 60, at);

		close(fd);
		return n < 20 || memmem(tail, (size_t)n, strcmp(dot, ".pdf") == 0 ? "%%EOF" : "PK\5\6",
				     strcmp(dot, ".pdf") == 0 ? 5 : 4) == NULL;
	}
	return 1;
}

static void
look(const char *path, const char *name, const struct stat *st, void *user)
{
	struct orphan *o = user;

	if (S_ISDIR(st->st_mode)) {
		each(path, look, user);
	} else if (!o->found && (name[0] == '.' || is_half(path, name, st))) {
		snprintf(o->out, o->size, "%s", path);
		o->found = 1;
	}
}

int
folder_orphan(const char *path, char *out, size_t size)
{
	struct orphan o = { out, size, 0 };

	each(path, look, &o);
	return o.found;
}

/* ---- the world */

static const char *const parts[] = { "state", "home", "out" };

static void
copy_parts(const char *from, const char *to)
{
	char a[2 * PATH_MAX], b[2 * PATH_MAX];
	size_t i;

	mkdir(to, 0700);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(a, sizeof(a), "%s/%s", from, parts[i]);
		snprintf(b, sizeof(b), "%s/%s", to, parts[i]);
		folder_remove(b);
		folder_copy(a, b);
	}
}

void
world_keep(const char *name)
{
	char path[2 * PATH_MAX];

	daemon_stop(SIGTERM);
	snprintf(path, sizeof(path), "%s/%s", torture.work, name);
	copy_parts(torture.now, path);
	if (torture.cluster[0] != '\0') {
		cluster_keep(name);
	}
}

void
world_back_to(const char *name)
{
	char path[2 * PATH_MAX], socket[PATH_MAX + 8];

	daemon_stop(SIGKILL);
	if (torture.is_stopping) {
		torture_finish();
	}
	snprintf(socket, sizeof(socket), "%s/socket", torture.now);
	unlink(socket);
	snprintf(path, sizeof(path), "%s/%s", torture.work, name);
	copy_parts(path, torture.now);
	if (torture.cluster[0] != '\0') {
		cluster_back_to(name);
	}
}
