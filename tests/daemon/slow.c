/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many slow senders and, beside them, one who is not: what does it notice?
 *
 *	slow SOCKET COUNT ROUNDS
 *
 * In each round the quick one's answers are timed for a second alone, and for a second while COUNT
 * connections send a byte of a header every 200 ms. Prints "slow p99_us ALONE BESIDE" for each
 * round, and at last "slow refused N dropped N": answers that were not 200, and slow connections
 * that the service had closed at the end, which waits for that 15 s at most.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define COUNT_MAX 8000
#define TIMES_MAX 20000
#define STEP_MS 200
#define ROUND_MS 1000
#define LAST_MS 15000

static const char *path;
static int slow[COUNT_MAX], count;
static int64_t times[TIMES_MAX];
static long refused;

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
die(const char *what)
{
	fprintf(stderr, "slow: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int
open_one(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (strlen(path) >= sizeof(to.sun_path)) {
		errno = ENAMETOOLONG;
		die(path);
	}
	strcpy(to.sun_path, path);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0) {
		die("connect");
	}
	return fd;
}

static void
ask(int fd)
{
	static const char request[] = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
	char answer[4096];
	ssize_t n;

	if (write(fd, request, sizeof(request) - 1) != (ssize_t)sizeof(request) - 1) {
		die("write");
	}
	n = read(fd, answer, sizeof(answer) - 1);
	if (n <= 0) {
		die("read");
	}
	answer[n] = '\0';
	refused += strncmp(answer, "HTTP/1.1 200", 12) != 0;
}

/* A byte of its header; what the service has closed stays closed. */
static void
drip(void)
{
	int i;

	for (i = 0; i < count; i++) {
		if (slow[i] >= 0 && send(slow[i], "a", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 &&
		    errno != EAGAIN) {
			close(slow[i]);
			slow[i] = -1;
		}
	}
}

static void
begin_slow(void)
{
	static const char header[] = "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ";
	int i;

	for (i = 0; i < count; i++) {
		slow[i] = open_one();
		if (write(slow[i], header, sizeof(header) - 1) < 0) {
			die("write");
		}
	}
}

static void
end_slow(void)
{
	int i;

	for (i = 0; i < count; i++) {
		if (slow[i] >= 0) {
			close(slow[i]);
		}
	}
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The 99th percentile of a second of questions, one after the other with a rest between. */
static int64_t
measure(int drips)
{
	int64_t until = now_us() + ROUND_MS * 1000, next = now_us();
	const struct timespec rest = { .tv_nsec = 500000 };
	int fd = open_one();
	size_t n = 0;

	while (now_us() < until && n < TIMES_MAX) {
		int64_t from = now_us();

		ask(fd);
		times[n++] = now_us() - from;
		if (drips && now_us() >= next) {
			drip();
			next += STEP_MS * 1000;
		}
		nanosleep(&rest, NULL);
	}
	close(fd);
	qsort(times, n, sizeof(times[0]), by_size);
	return times[n * 99 / 100];
}

static int
count_dropped(void)
{
	int64_t until = now_us() + LAST_MS * 1000;
	const struct timespec rest = { .tv_nsec = STEP_MS * 1000000 };
	int i, dropped;

	do {
		drip();
		dropped = 0;
		for (i = 0; i < count; i++) {
			dropped += slow[i] < 0;
		}
		nanosleep(&rest, NULL);
	} while (dropped < count && now_us() < until);
	return dropped;
}

int
main(int argc, char **argv)
{
	struct rlimit limit = { COUNT_MAX + 64, COUNT_MAX + 64 };
	int rounds, dropped = 0;

	if (argc != 4) {
		fputs("usage: slow SOCKET COUNT ROUNDS\n", stderr);
		return 2;
	}
	path = argv[1];
	count = atoi(argv[2]);
	count = count < 1 ? 1 : count > COUNT_MAX ? COUNT_MAX : count;
	(void)!setrlimit(RLIMIT_NOFILE, &limit);
	for (rounds = atoi(argv[3]); rounds > 0; rounds--) {
		int64_t alone = measure(0);

		begin_slow();
		printf("slow p99_us %lld %lld\n", (long long)alone, (long long)measure(1));
		fflush(stdout);
		if (rounds == 1) {
			dropped = count_dropped();
		}
		end_slow();
	}
	printf("slow refused %ld dropped %d\n", refused, dropped);
	return 0;
}
