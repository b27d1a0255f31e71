/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The disk is full after so many bytes, for client and service alike: now/ is a small tmpfs. */
#define _GNU_SOURCE
#include "torture.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DISK_SIZE "size=16m"
#define STEP_KIB 16

static int
write_line(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int rc = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;

	if (fd >= 0) {
		close(fd);
	}
	return rc;
}

/* A mount that nobody else sees and that ends with this process. */
static int
mount_small(void)
{
	char map[64];
	unsigned uid = geteuid(), gid = getegid();

	if (uid == 0) {
		if (unshare(CLONE_NEWNS) != 0) {
			return -1;
		}
	} else {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
			return -1;
		}
		snprintf(map, sizeof(map), "%u %u 1", uid, uid);
		(void)!write_line("/proc/self/setgroups", "deny");
		if (write_line("/proc/self/uid_map", map) != 0) {
			return -1;
		}
		snprintf(map, sizeof(map), "%u %u 1", gid, gid);
		if (write_line("/proc/self/gid_map", map) != 0) {
			return -1;
		}
	}
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
		return -1;
	}
	return mount("torture", torture.now, "tmpfs", 0, DISK_SIZE);
}

static void
filler(char out[PATH_MAX + 16])
{
	snprintf(out, PATH_MAX + 16, "%s/filler", torture.now);
}

/* Leaves kib free. */
static void
fill(long kib)
{
	static char zeros[65536];
	char path[PATH_MAX + 16];
	struct statvfs st;
	int64_t left;
	int fd;

	filler(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || statvfs(torture.now, &st) != 0) {
		failed("the small disk cannot be filled");
		return;
	}
	left = (int64_t)(st.f_bavail * st.f_bsize) - kib * 1024;
	while (left > 0) {
		ssize_t n = write(fd, zeros, left > (int64_t)sizeof(zeros) ? sizeof(zeros) : (size_t)left);

		if (n <= 0) {
			break;
		}
		left -= n;
	}
	close(fd);
}

static void
sweep_step(const struct step *step)
{
	static struct said said;
	char truth[TRUTH_MAX], what[160], path[PATH_MAX + 16];
	long kib, step_kib = torture.stride > 0 ? torture.stride : STEP_KIB;
	int was_full = 1;

	filler(path);
	if (check_truth(step, truth) != 0) {
		return;
	}
	for (kib = 0; was_full && kib < 8192; kib += step_kib) {
		snprintf(what, sizeof(what), "%s with %ld KiB left on the disk", step->name, kib);
		world_back_to(step->from);
		torture.cycles++;
		if (daemon_start((struct harm){ 0 }) != 0) {
			failed("%s: no service", what);
			return;
		}
		fill(kib);
		process_run(step->command, (struct harm){ 0 }, &said);
		was_full = said.status != 0;
		torture.errors += was_full;
		if (was_full && said.status != 3 && said.status != 4 && said.status != 5) {
			failed("%s: ends with %d: %s", what, said.status, said.err);
		}
		unlink(path);
		check_world(step, truth, what);
	}
	if (was_full) {
		failed("%s: never enough", step->name);
	}
	if (torture.say_all) {
		printf("disk %s: enough with %ld KiB\n", step->name, kib - step_kib);
	}
}

void
sweep_disk(void)
{
	static const char *const names[] = { "login", "download", "declare", "pay", "voucher", "print", "export" };
	size_t i;

	daemon_stop(SIGKILL);
	if (mount_small() != 0) {
		failed("a small disk cannot be mounted: %s", strerror(errno));
		return;
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		sweep_step(story_step(names[i]));
	}
	daemon_stop(SIGKILL);
	umount2(torture.now, MNT_DETACH);
}
