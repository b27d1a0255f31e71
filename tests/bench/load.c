/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Load for an HTTP service on a unix socket.
 *
 *	load SOCKET CONNECTIONS RATE SECONDS TOKEN METHOD PATH [BODY]
 *
 * RATE 0: each connection asks again as soon as it is answered; prints requests a second. RATE
 * n: an open loop, n requests a second on a clock of their own: a request is late from the time
 * when it should have been sent, so that a service which stalls cannot hide it. In BODY, %d is
 * the number of the request (its op_id, for instance %032d).
 *
 * Prints "load METRIC VALUE": per_s, p50_ms, p99_ms, max_ms, refused (not 2xx).
 */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024
#define ANSWER_SIZE 65536
#define REQUEST_SIZE 8192
/* The histogram: 64 steps for each doubling of microseconds. */
#define STEPS 64
#define BUCKETS (32 * STEPS)

struct connection {
	int fd;
	int is_busy;
	int64_t due; /* ns: when it should have been sent */
	char answer[ANSWER_SIZE];
	size_t got;
};

static struct {
	const char *path, *method, *url, *token, *body;
	long number; /* of the next request */
	long done, refused;
	long histogram[BUCKETS];
	int64_t longest;
} load;

static struct connection connections[CONNECTIONS_MAX];

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- histogram */

static size_t
bucket_of(int64_t us)
{
	size_t doubling = 0;
	int64_t x = us < 1 ? 1 : us;
	int64_t base;

	while (x >> (doubling + 1) != 0) {
		doubling++;
	}
	base = (int64_t)1 << doubling;
	return doubling * STEPS + (size_t)((x - base) * STEPS / base);
}

static double
ms_of_bucket(size_t bucket)
{
	int64_t base = (int64_t)1 << (bucket / STEPS);

	return ((double)base + (double)base * (double)(bucket % STEPS) / STEPS) / 1000;
}

static double
percentile(int p)
{
	long seen = 0;
	size_t i;

	for (i = 0; i < BUCKETS; i++) {
		seen += load.histogram[i];
		if (seen * 100 >= load.done * p && seen > 0) {
			return ms_of_bucket(i);
		}
	}
	return 0;
}

/* ---- connections */

static void
open_connection(struct connection *c)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (strlen(load.path) >= sizeof(to.sun_path)) {
		errno = ENAMETOOLONG;
		die(load.path);
	}
	strcpy(to.sun_path, load.path);
	c->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		die(load.path);
	}
	c->is_busy = 0;
	c->got = 0;
}

/* The body with the request's number in place of its %d. */
static int
make_body(char *out, size_t size, long number)
{
	const char *at = strchr(load.body, '%');
	int width = 0;
	char *end;

	if (at == NULL) {
		return snprintf(out, size, "%s", load.body);
	}
	width = (int)strtol(at + 1, &end, 10);
	return snprintf(out, size, "%.*s%0*ld%s", (int)(at - load.body), load.body, width, number,
	    *end == '\0' ? "" : end + 1);
}

static void
ask(struct connection *c, int64_t due)
{
	char request[REQUEST_SIZE], body[REQUEST_SIZE / 2];
	int length = make_body(body, sizeof(body), load.number++);
	int n = snprintf(request, sizeof(request),
	    "%s %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
	    "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
	    load.method, load.url, load.token, length, body);

	c->due = due;
	c->got = 0;
	c->is_busy = 1;
	if (n >= (int)sizeof(request) || write(c->fd, request, (size_t)n) != n) {
		die("write");
	}
}

/* True when head and body are there. */
static int
is_whole(struct connection *c)
{
	const char *head_end, *length;

	c->answer[c->got] = '\0';
	head_end = strstr(c->answer, "\r\n\r\n");
	if (head_end == NULL) {
		return 0;
	}
	length = strstr(c->answer, "Content-Length: ");
	if (length == NULL || length > head_end) {
		return strstr(head_end, "\r\n0\r\n\r\n") != NULL; /* chunked */
	}
	return c->got >= (size_t)(head_end + 4 - c->answer) + strtoul(length + 16, NULL, 10);
}

static void
account_for(const struct connection *c)
{
	int64_t took = now_ns() - c->due;
	size_t bucket = bucket_of(took / 1000);

	load.done++;
	load.refused += strncmp(c->answer, "HTTP/1.1 2", 10) != 0;
	load.histogram[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
	load.longest = took > load.longest ? took : load.longest;
}

static void
hear(struct connection *c)
{
	ssize_t n = read(c->fd, c->answer + c->got, ANSWER_SIZE - 1 - c->got);

	if (n <= 0) {
		close(c->fd);
		if (c->is_busy) {
			load.done++;
			load.refused++;
		}
		open_connection(c);
		return;
	}
	c->got += (size_t)n;
	if (is_whole(c)) {
		c->is_busy = 0;
		account_for(c);
	}
}

/* Sends what is due; *next: when the open loop's next request is. */
static void
send_due(int count, int64_t interval, int64_t until, int64_t *next)
{
	int i;

	for (i = 0; i < count; i++) {
		int64_t now = now_ns();

		if (connections[i].is_busy || now >= until) {
			continue;
		}
		if (interval == 0) {
			ask(&connections[i], now);
		} else if (*next <= now) {
			ask(&connections[i], *next);
			*next += interval;
		}
	}
}

static int
busy(int count)
{
	int i, n = 0;

	for (i = 0; i < count; i++) {
		n += connections[i].is_busy;
	}
	return n;
}

static void
run(int count, int64_t interval, int64_t until)
{
	static struct pollfd fds[CONNECTIONS_MAX];
	int64_t next = now_ns();
	int i;

	do {
		int64_t wait;

		send_due(count, interval, until, &next);
		for (i = 0; i < count; i++) {
			fds[i] = (struct pollfd){ connections[i].fd, POLLIN, 0 };
		}
		wait = interval == 0 ? 100 : (next - now_ns()) / 1000000;
		if (poll(fds, (nfds_t)count, wait < 0 || busy(count) == count ? 100 : (int)wait) < 0) {
			die("poll");
		}
		for (i = 0; i < count; i++) {
			if (fds[i].revents != 0) {
				hear(&connections[i]);
			}
		}
	} while (now_ns() < until || (busy(count) > 0 && now_ns() < until + 5000000000));
}

int
main(int argc, char **argv)
{
	int64_t from, interval;
	int count, i;

	if (argc < 8) {
		fputs("usage: load SOCKET CONNECTIONS RATE SECONDS TOKEN METHOD PATH [BODY]\n", stderr);
		return 2;
	}
	load.path = argv[1];
	count = atoi(argv[2]);
	count = count < 1 ? 1 : count > CONNECTIONS_MAX ? CONNECTIONS_MAX : count;
	interval = atol(argv[3]) == 0 ? 0 : 1000000000 / atol(argv[3]);
	load.token = argv[5];
	load.method = argv[6];
	load.url = argv[7];
	load.body = argc > 8 ? argv[8] : "";
	load.number = (long)time(NULL) * 1000000;
	for (i = 0; i < count; i++) {
		open_connection(&connections[i]);
	}
	from = now_ns();
	run(count, interval, from + (int64_t)atoi(argv[4]) * 1000000000);
	printf("load per_s %.4g\n", (double)load.done * 1e9 / (double)(now_ns() - from));
	printf("load p50_ms %.4g\nload p99_ms %.4g\n", percentile(50), percentile(99));
	printf("load max_ms %.4g\nload refused %ld\n", (double)load.longest / 1e6, load.refused);
	return load.refused == load.done;
}
