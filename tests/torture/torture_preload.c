/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LD_PRELOAD: counts the calls by which a program leaves a trace (write, fsync, rename, connect,
 * send ...) and harms the one whose number is TORTURE_AT, in the way TORTURE_HOW: kill (SIGKILL
 * before it), after (SIGKILL after it), enospc, eio, eintr, short. The number of the last call is
 * kept in the file TORTURE_COUNT, also beyond a kill.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum harm {
	NONE,
	KILL,
	AFTER,
	NO_SPACE,
	BROKEN,
	INTERRUPTED,
	SHORT
};

static struct {
	pthread_mutex_t lock;
	long at;
	enum harm how;
	volatile long own, *count;
} plan = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void __attribute__((constructor)) read_plan(void)
{
	static const char *const names[] = { "none", "kill", "after", "enospc", "eio",
		"eintr", "short" };
	const char *at = getenv("TORTURE_AT"), *how = getenv("TORTURE_HOW");
	const char *path = getenv("TORTURE_COUNT");
	size_t i;
	int fd;

	plan.count = &plan.own;
	plan.at = at == NULL ? 0 : atol(at);
	for (i = 0; how != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(how, names[i]) == 0) {
			plan.how = (enum harm)i;
		}
	}
	if (path != NULL && (fd = open(path, O_RDWR | O_CREAT, 0600)) >= 0) {
		void *p = MAP_FAILED;

		if (ftruncate(fd, 4096) == 0) {
			p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		}
		if (p != MAP_FAILED) {
			plan.count = p;
			*plan.count = 0;
		}
		close(fd);
	}
}

/* Counts; what is to happen to this call. Never comes back from a kill. */
static enum harm
next_harm(void)
{
	enum harm how = NONE;

	pthread_mutex_lock(&plan.lock);
	if (++*plan.count == plan.at) {
		how = plan.how;
	}
	pthread_mutex_unlock(&plan.lock);
	if (how == KILL) {
		kill(getpid(), SIGKILL);
	}
	return how;
}

static int
is_error(enum harm how)
{
	switch (how) {
	case NO_SPACE:
		errno = ENOSPC;
		return 1;
	case BROKEN:
		errno = EIO;
		return 1;
	case INTERRUPTED:
		errno = EINTR;
		return 1;
	case NONE:
	case KILL:
	case AFTER:
	case SHORT:
	default:
		return 0;
	}
}

static void *
real(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (f == NULL) {
		abort();
	}
	return f;
}

/* The real function of this name, looked up once. */
#define REAL(name)                                                                       \
	static union {                                                                   \
		void *p;                                                                 \
		__typeof__(&(name)) f;                                                   \
	} real_##name;                                                                   \
	if (real_##name.p == NULL) {                                                     \
		real_##name.p = real(#name);                                             \
	}

#define AFTERWARDS(how)                                                                  \
	do {                                                                             \
		if ((how) == AFTER) {                                                    \
			kill(getpid(), SIGKILL);                                         \
		}                                                                        \
	} while (0)

#define BYTES(name, params, call_short, call)                                            \
	ssize_t name params                                                              \
	{                                                                                \
		REAL(name)                                                               \
		enum harm how = next_harm();                                             \
		ssize_t result;                                                          \
                                                                                         \
		if (is_error(how)) {                                                     \
			return -1;                                                       \
		}                                                                        \
		result = how == SHORT ? real_##name.f call_short : real_##name.f call;   \
		AFTERWARDS(how);                                                         \
		return result;                                                           \
	}

#define PLAIN(name, params, call)                                                        \
	int name params                                                                  \
	{                                                                                \
		REAL(name)                                                               \
		enum harm how = next_harm();                                             \
		int rc;                                                                  \
                                                                                         \
		if (is_error(how)) {                                                     \
			return -1;                                                       \
		}                                                                        \
		rc = real_##name.f call;                                                 \
		AFTERWARDS(how);                                                         \
		return rc;                                                               \
	}

// clang-format off
BYTES(write, (int fd, const void *p, size_t n), (fd, p, n > 1 ? n / 2 : n), (fd, p, n))
BYTES(pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n > 1 ? n / 2 : n, at), (fd, p, n, at))
BYTES(pwrite64, (int fd, const void *p, size_t n, off64_t at), (fd, p, n > 1 ? n / 2 : n, at), (fd, p, n, at))
BYTES(writev, (int fd, const struct iovec *v, int n), (fd, v, n > 1 ? 1 : n), (fd, v, n))
BYTES(send, (int fd, const void *p, size_t n, int flags), (fd, p, n > 1 ? n / 2 : n, flags), (fd, p, n, flags))
BYTES(sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags), (fd, m, flags))
PLAIN(fsync, (int fd), (fd))
PLAIN(fdatasync, (int fd), (fd))
PLAIN(ftruncate64, (int fd, off64_t size), (fd, size))
PLAIN(rename, (const char *a, const char *b), (a, b))
PLAIN(renameat, (int d, const char *a, int e, const char *b), (d, a, e, b))
PLAIN(linkat, (int d, const char *a, int e, const char *b, int flags), (d, a, e, b, flags))
PLAIN(unlink, (const char *path), (path))
PLAIN(connect, (int fd, const struct sockaddr *address, socklen_t n), (fd, address, n))
// clang-format on
