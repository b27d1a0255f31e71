/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LD_PRELOAD: counts the calls by which a program leaves a trace (write, fsync, rename, connect,
 * send ...) or learns something (recv), and harms the one whose number is TORTURE_AT, in the way
 * TORTURE_HOW: kill (SIGKILL before it), after (SIGKILL after it), both (kill, and so dies at its
 * next call who runs with watch), stop (SIGSTOP before it, of the program's own process only: who
 * wakes it again knows of no other), enospc, eio, eintr, short. With
 * statement it is SQL given to SQLite that is counted, and SIGKILL comes before it; with nomem and
 * nomore it is allocations: that one fails, or that one and all that follow. The number of the last
 * call is kept in the file TORTURE_COUNT, also beyond a kill; behind it that both shall die, and the
 * process that was harmed, which may be a child of the program.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum harm {
	NONE,
	KILL,
	AFTER,
	BOTH,
	WATCH,
	STATEMENT,
	STOP,
	NO_SPACE,
	BROKEN,
	INTERRUPTED,
	SHORT,
	NO_MEMORY,
	NO_MORE_MEMORY
};

static struct {
	long at;
	enum harm how;
	pid_t program;
	long own[3], *count; /* calls; whether both shall die; whose turn it was */
} plan = { .count = plan.own };

static void __attribute__((constructor)) read_plan(void)
{
	static const char *const names[] = { "none", "kill", "after", "both", "watch", "statement",
		"stop", "enospc", "eio", "eintr", "short", "nomem", "nomore" };
	const char *at = getenv("TORTURE_AT"), *how = getenv("TORTURE_HOW");
	const char *path = getenv("TORTURE_COUNT");
	size_t i;
	int fd;

	if (path != NULL && (fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) >= 0) {
		void *p = MAP_FAILED;

		if (ftruncate(fd, 4096) == 0) {
			p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		}
		if (p != MAP_FAILED) {
			plan.count = p;
		}
		close(fd);
	}
	plan.program = getpid();
	plan.at = at == NULL ? 0 : atol(at);
	for (i = 0; how != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(how, names[i]) == 0) {
			plan.how = (enum harm)i;
		}
	}
}

static int
counts_memory(void)
{
	return plan.how == NO_MEMORY || plan.how == NO_MORE_MEMORY;
}

/* By tgkill, which the programs' filter of system calls lets through; kill it refuses. */
static void
die(void)
{
	raise(SIGKILL);
}

static int
is_turn(void)
{
	if (plan.how == STOP && getpid() != plan.program) {
		return 0;
	}
	if (__atomic_add_fetch(&plan.count[0], 1, __ATOMIC_SEQ_CST) != plan.at) {
		return 0;
	}
	plan.count[2] = getpid();
	return 1;
}

/* Counts; what is to happen to this call. Never comes back from a kill. */
static enum harm
next_harm(void)
{
	if (plan.how == WATCH && __atomic_load_n(&plan.count[1], __ATOMIC_SEQ_CST)) {
		die();
	}
	if (plan.how == WATCH || plan.how == STATEMENT || counts_memory() || !is_turn()) {
		return NONE;
	}
	if (plan.how == BOTH) {
		__atomic_store_n(&plan.count[1], 1, __ATOMIC_SEQ_CST);
	}
	if (plan.how == KILL || plan.how == BOTH) {
		die();
	} else if (plan.how == STOP) {
		raise(SIGSTOP);
	}
	return plan.how;
}

/* Disks and lines fail; what a program writes to itself (a pipe, an eventfd) does not. */
static int
can_fail(int fd)
{
	struct stat st;

	return fd < 0 || (fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISSOCK(st.st_mode) || S_ISDIR(st.st_mode)));
}

static int
is_error(enum harm how, int fd)
{
	if (how != NONE && !can_fail(fd)) {
		return 0;
	}
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
	case BOTH:
	case WATCH:
	case STATEMENT:
	case STOP:
	case SHORT:
	case NO_MEMORY:
	case NO_MORE_MEMORY:
	default:
		return 0;
	}
}

/* ---- memory */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t size);

static int
has_memory(void)
{
	long n;

	if (!counts_memory()) {
		return 1;
	}
	n = __atomic_add_fetch(&plan.count[0], 1, __ATOMIC_SEQ_CST);
	if (plan.at > 0 && (n == plan.at || (n > plan.at && plan.how == NO_MORE_MEMORY))) {
		errno = ENOMEM;
		return 0;
	}
	return 1;
}

void *
malloc(size_t size)
{
	return has_memory() ? __libc_malloc(size) : NULL;
}

void *
calloc(size_t count, size_t size)
{
	return has_memory() ? __libc_calloc(count, size) : NULL;
}

void *
realloc(void *p, size_t size)
{
	return has_memory() ? __libc_realloc(p, size) : NULL;
}

/* ---- traces */

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
			die();                                                           \
		}                                                                        \
	} while (0)

#define BYTES(name, fd, params, call_short, call)                                           \
	ssize_t name params                                                              \
	{                                                                                \
		REAL(name)                                                               \
		enum harm how = next_harm();                                             \
		ssize_t result;                                                          \
                                                                                         \
		if (is_error(how, fd)) {                                                   \
			return -1;                                                       \
		}                                                                        \
		result = how == SHORT && can_fail(fd) ? real_##name.f call_short : real_##name.f call;   \
		AFTERWARDS(how);                                                         \
		return result;                                                           \
	}

#define PLAIN(name, fd, params, call)                                                     \
	int name params                                                                  \
	{                                                                                \
		REAL(name)                                                               \
		enum harm how = next_harm();                                             \
		int rc;                                                                  \
                                                                                         \
		if (is_error(how, fd)) {                                                   \
			return -1;                                                       \
		}                                                                        \
		rc = real_##name.f call;                                                 \
		AFTERWARDS(how);                                                         \
		return rc;                                                               \
	}

// clang-format off
BYTES(write, fd, (int fd, const void *p, size_t n), (fd, p, n > 1 ? n / 2 : n), (fd, p, n))
BYTES(pwrite, fd, (int fd, const void *p, size_t n, off_t at), (fd, p, n > 1 ? n / 2 : n, at), (fd, p, n, at))
BYTES(pwrite64, fd, (int fd, const void *p, size_t n, off64_t at), (fd, p, n > 1 ? n / 2 : n, at), (fd, p, n, at))
BYTES(writev, fd, (int fd, const struct iovec *v, int n), (fd, v, n > 1 ? 1 : n), (fd, v, n))
BYTES(send, fd, (int fd, const void *p, size_t n, int flags), (fd, p, n > 1 ? n / 2 : n, flags), (fd, p, n, flags))
BYTES(sendmsg, fd, (int fd, const struct msghdr *m, int flags), (fd, m, flags), (fd, m, flags))
PLAIN(fsync, fd, (int fd), (fd))
PLAIN(fdatasync, fd, (int fd), (fd))
PLAIN(ftruncate, fd, (int fd, off_t size), (fd, size))
PLAIN(ftruncate64, fd, (int fd, off64_t size), (fd, size))
PLAIN(rename, -1, (const char *a, const char *b), (a, b))
PLAIN(renameat, -1, (int d, const char *a, int e, const char *b), (d, a, e, b))
PLAIN(link, -1, (const char *a, const char *b), (a, b))
PLAIN(linkat, -1, (int d, const char *a, int e, const char *b, int flags), (d, a, e, b, flags))
PLAIN(unlink, -1, (const char *path), (path))
PLAIN(unlinkat, -1, (int d, const char *path, int flags), (d, path, flags))
PLAIN(connect, fd, (int fd, const struct sockaddr *address, socklen_t n), (fd, address, n))
// clang-format on

/* What was received counts; that there was nothing yet does not. Killed, it dies with it unread. */
ssize_t
recv(int fd, void *p, size_t n, int flags)
{
	REAL(recv)
	ssize_t result = real_recv.f(fd, p, n, flags);
	enum harm how = result > 0 ? next_harm() : NONE;

	if (is_error(how, fd)) {
		return -1;
	}
	AFTERWARDS(how);
	return result;
}

/* Steps of a migration are given to SQLite one by one. */
struct sqlite3;
int sqlite3_exec(struct sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
    void *user, char **words);

int
sqlite3_exec(struct sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **),
    void *user, char **words)
{
	REAL(sqlite3_exec)

	if (plan.how == STATEMENT && is_turn()) {
		die();
	}
	return real_sqlite3_exec.f(db, sql, row, user, words);
}
