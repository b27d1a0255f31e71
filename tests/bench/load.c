/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Load for an HTTP service on a unix socket.
 *
 *	load SOCKET CONNECTIONS RATE SECONDS EMPLOYERS METHOD PATH [BODY]
 *	load SOCKET CONNECTIONS RATE SECONDS EMPLOYERS declare | pay
 *
 * EMPLOYERS: a file with a line for each, "TOKEN PASSWORD AGREEMENT LEVY:AMOUNT ..."; the connections
 * take turns with them. Or a token. declare: a levy from its declaration to the feedback; pay: on
 * to the proof and the bank's answer.
 *
 * RATE 0: each connection begins again as soon as it is through; prints how many a second. RATE
 * n: an open loop, n a second on a clock of their own: each is late from the time when it should
 * have been begun, so that a service which stalls cannot hide it. In BODY, %d is the number of the
 * request, %o a new op_id, random as those of clients, and %n the third word of the employer's line.
 *
 * Prints "load METRIC VALUE": per_s, p50_ms, p99_ms, max_ms of all that was begun, refused (not
 * 2xx), and of each step STEP_p50_ms and STEP_p99_ms.
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
/* A histogram: 64 steps for each doubling of microseconds. */
#define STEPS 64
#define BUCKETS (32 * STEPS)
#define EMPLOYERS_MAX 1024

struct histogram {
	long count;
	long buckets[BUCKETS];
	int64_t longest; /* ns */
};

struct levy {
	char no[33];
	long amount;
};

struct employer {
	char token[80], password[64], agreement[33];
	struct levy *levies;
	size_t levy_count, next; /* the next to declare */
};

struct connection {
	int fd;
	int is_busy;
	int step;
	int64_t due;  /* ns: when it should have been begun */
	int64_t sent; /* ns: the step's request */
	struct employer *employer;
	const struct levy *levy;
	char known[80]; /* what the answer before said: number, proof */
	char answer[ANSWER_SIZE];
	size_t got;
};

struct step {
	const char *name, *method, *path;
	int (*body)(const struct connection *c, char *out, size_t size);
	int (*next)(struct connection *c); /* the step after this answer; END or BROKEN */
};
enum {
	END = -1,
	BROKEN = -2
};

static struct {
	const char *path, *body;
	struct step plain[1];
	const struct step *steps;
	int last; /* the step that it is through with */
	long number; /* of the next request */
	long refused;
	struct histogram all, of_step[8];
	struct employer employers[EMPLOYERS_MAX];
	size_t employer_count;
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

static void
count_in(struct histogram *h, int64_t ns)
{
	size_t bucket = bucket_of(ns / 1000);

	h->count++;
	h->buckets[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
	h->longest = ns > h->longest ? ns : h->longest;
}

static double
percentile(const struct histogram *h, int p)
{
	long seen = 0;
	size_t i;

	for (i = 0; i < BUCKETS; i++) {
		seen += h->buckets[i];
		if (seen * 100 >= h->count * p && seen > 0) {
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

/* ---- what is asked */

/* No two are alike, and none is near the one before: indices of the service see them come anywhere. */
static void
new_op_id(char out[33])
{
	uint64_t half[2];
	size_t i;

	for (i = 0; i < 2; i++) {
		uint64_t x = (uint64_t)load.number++ * 0x9E3779B97F4A7C15u;

		x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
		x = (x ^ x >> 27) * 0x94D049BB133111EBu;
		half[i] = x ^ x >> 31;
	}
	snprintf(out, 33, "%016llx%016llx", (unsigned long long)half[0], (unsigned long long)half[1]);
}

/* The body with what stands for its %d, %o or %n. */
static int
plain_body(const struct connection *c, char *out, size_t size)
{
	const char *at = strchr(load.body, '%');
	char op_id[33], *end;
	int width;

	if (at == NULL) {
		return snprintf(out, size, "%s", load.body);
	}
	if (at[1] == 'o' || at[1] == 'n') {
		new_op_id(op_id);
		return snprintf(out, size, "%.*s%s%s", (int)(at - load.body), load.body,
		    at[1] == 'o' ? op_id : c->employer->agreement, at + 2);
	}
	width = (int)strtol(at + 1, &end, 10);
	return snprintf(out, size, "%.*s%0*ld%s", (int)(at - load.body), load.body, width,
	    load.number++, *end == '\0' ? "" : end + 1);
}

static int
plain_next(struct connection *c)
{
	(void)c;
	return END;
}

enum {
	DECLARE,
	FEEDBACK,
	PROOF,
	PAY,
	QUERY
};

/* The text member of the answer; 0 when it is not there. */
static int
find_text(const char *answer, const char *name, char out[80])
{
	char start[48];
	const char *at;
	size_t n;

	snprintf(start, sizeof(start), "\"%s\":\"", name);
	at = strstr(answer, start);
	n = at == NULL ? 0 : strcspn(at + strlen(start), "\"");
	if (n == 0 || n >= 80) {
		return 0;
	}
	memcpy(out, at + strlen(start), n);
	out[n] = '\0';
	return 1;
}

static int
declare_body(const struct connection *c, char *out, size_t size)
{
	char op_id[33];

	new_op_id(op_id);
	return snprintf(out, size,
	    "{\"op_id\":\"%s\",\"kind\":\"normal\",\"levy_nos\":[\"%s\"],\"amount\":%ld}",
	    op_id, c->levy->no, c->levy->amount);
}

static int
declare_next(struct connection *c)
{
	return find_text(c->answer, "declaration_id", c->known) ? FEEDBACK : BROKEN;
}

static int
feedback_body(const struct connection *c, char *out, size_t size)
{
	return snprintf(out, size, "{\"declaration_ids\":[\"%s\"],\"wait_ms\":20000}", c->known);
}

static int
feedback_next(struct connection *c)
{
	char state[80];

	if (!find_text(c->answer, "state", state)) {
		return BROKEN;
	}
	return strcmp(state, "pending") == 0 ? FEEDBACK : strcmp(state, "accepted") == 0 ? PROOF : BROKEN;
}

static int
proof_body(const struct connection *c, char *out, size_t size)
{
	return snprintf(out, size,
	    "{\"password\":\"%s\",\"action\":\"pay\",\"levy_nos\":[\"%s\"],\"amount\":%ld}",
	    c->employer->password, c->levy->no, c->levy->amount);
}

static int
proof_next(struct connection *c)
{
	return find_text(c->answer, "proof", c->known) ? PAY : BROKEN;
}

static int
pay_body(const struct connection *c, char *out, size_t size)
{
	char op_id[33];

	new_op_id(op_id);
	return snprintf(out, size,
	    "{\"op_id\":\"%s\",\"proof\":\"%s\",\"agreement_no\":\"%s\",\"levy_nos\":[\"%s\"],"
	    "\"amount\":%ld}",
	    op_id, c->known, c->employer->agreement, c->levy->no, c->levy->amount);
}

static int
pay_next(struct connection *c)
{
	char state[80];

	if (!find_text(c->answer, "state", state) || !find_text(c->answer, "payment_no", c->known)) {
		return BROKEN;
	}
	return strcmp(state, "succeeded") == 0 ? END : QUERY;
}

static int
query_body(const struct connection *c, char *out, size_t size)
{
	return snprintf(out, size, "{\"payment_no\":\"%s\",\"wait_ms\":20000}", c->known);
}

static const struct step cycle[] = {
	[DECLARE] = { "declare", "POST", "/v1/declarations", declare_body, declare_next },
	[FEEDBACK] = { "feedback", "POST", "/v1/feedback", feedback_body, feedback_next },
	[PROOF] = { "proof", "POST", "/v1/proofs", proof_body, proof_next },
	[PAY] = { "pay", "POST", "/v1/payments", pay_body, pay_next },
	[QUERY] = { "query", "POST", "/v1/payments/query", query_body, pay_next },
};

static void
send_step(struct connection *c)
{
	const struct step *step = &load.steps[c->step];
	char request[REQUEST_SIZE], body[REQUEST_SIZE / 2];
	int length = step->body(c, body, sizeof(body));
	int n = snprintf(request, sizeof(request),
	    "%s %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
	    "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
	    step->method, step->path, c->employer->token, length, body);

	c->got = 0;
	c->is_busy = 1;
	c->sent = now_ns();
	if (n >= (int)sizeof(request) || write(c->fd, request, (size_t)n) != n) {
		die("write");
	}
}

static void
begin(struct connection *c, int64_t due)
{
	if (load.steps == cycle) {
		if (c->employer->next == c->employer->levy_count) {
			errno = ENOENT;
			die("no levy is left");
		}
		c->levy = &c->employer->levies[c->employer->next++];
	}
	c->step = 0;
	c->due = due;
	send_step(c);
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
account_for(struct connection *c)
{
	const int step = c->step;
	int is_good = strncmp(c->answer, "HTTP/1.1 2", 10) == 0, next = BROKEN;

	count_in(&load.of_step[step], now_ns() - c->sent);
	if (is_good) {
		next = load.steps[step].next(c);
	}
	if (next >= 0 && step != load.last) {
		c->step = next;
		send_step(c);
		return;
	}
	if (next == step && step == load.last) {
		send_step(c); /* nothing final yet */
		return;
	}
	c->is_busy = 0;
	load.refused += next == BROKEN;
	count_in(&load.all, now_ns() - c->due);
}

static void
hear(struct connection *c)
{
	ssize_t n = read(c->fd, c->answer + c->got, ANSWER_SIZE - 1 - c->got);

	if (n <= 0) {
		close(c->fd);
		if (c->is_busy) {
			load.refused++;
			count_in(&load.all, now_ns() - c->due);
		}
		open_connection(c);
		return;
	}
	c->got += (size_t)n;
	if (is_whole(c)) {
		account_for(c);
	}
}

/* Sends what is due; *next: when the open loop's next request is. All connections have their turn. */
static void
send_due(int count, int64_t interval, int64_t until, int64_t *next)
{
	static int turn;
	int i;

	for (i = 0, turn++; i < count; i++) {
		struct connection *c = &connections[(turn + i) % count];
		int64_t now = now_ns();

		if (c->is_busy || now >= until) {
			continue;
		}
		if (interval == 0) {
			begin(c, now);
		} else if (*next <= now) {
			begin(c, *next);
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

/* ---- employers */

static void
read_levy(struct employer *e, const char *word)
{
	const char *colon = strchr(word, ':');
	struct levy *levy;

	if (colon == NULL || (size_t)(colon - word) >= sizeof(levy->no)) {
		return;
	}
	e->levies = realloc(e->levies, (e->levy_count + 1) * sizeof(*e->levies));
	if (e->levies == NULL) {
		die("levies");
	}
	levy = &e->levies[e->levy_count++];
	memcpy(levy->no, word, (size_t)(colon - word));
	levy->no[colon - word] = '\0';
	levy->amount = atol(colon + 1);
}

static void
read_employers(const char *path)
{
	char *line = NULL, *word, *save = NULL;
	size_t size = 0;
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		snprintf(load.employers[0].token, sizeof(load.employers[0].token), "%s", path);
		load.employer_count = 1;
		return;
	}
	while (getline(&line, &size, f) > 0 && load.employer_count < EMPLOYERS_MAX) {
		struct employer *e = &load.employers[load.employer_count];

		if (sscanf(line, "%79s %63s %32s", e->token, e->password, e->agreement) < 1) {
			continue;
		}
		load.employer_count++;
		for (word = strtok_r(line, " \n", &save); word != NULL; word = strtok_r(NULL, " \n", &save)) {
			read_levy(e, word);
		}
	}
	free(line);
	fclose(f);
}

static void
set_steps(int argc, char **argv)
{
	load.steps = cycle;
	if (strcmp(argv[6], "declare") == 0) {
		load.last = FEEDBACK;
	} else if (strcmp(argv[6], "pay") == 0) {
		load.last = QUERY;
	} else {
		load.body = argc > 8 ? argv[8] : "";
		load.plain[0] = (struct step){ "request", argv[6], argv[7], plain_body, plain_next };
		load.steps = load.plain;
	}
}

static void
print_figures(double seconds)
{
	size_t i;

	printf("load per_s %.4g\n", (double)load.all.count / seconds);
	printf("load p50_ms %.4g\nload p99_ms %.4g\n", percentile(&load.all, 50), percentile(&load.all, 99));
	printf("load max_ms %.4g\nload refused %ld\n", (double)load.all.longest / 1e6, load.refused);
	for (i = 0; load.steps == cycle && i < sizeof(cycle) / sizeof(cycle[0]); i++) {
		if (load.of_step[i].count > 0) {
			printf("load %s_p50_ms %.4g\nload %s_p99_ms %.4g\n", cycle[i].name,
			    percentile(&load.of_step[i], 50), cycle[i].name,
			    percentile(&load.of_step[i], 99));
		}
	}
}

int
main(int argc, char **argv)
{
	int64_t from, interval;
	int count, i;

	if (argc < 7 || (argc < 8 && strcmp(argv[6], "declare") != 0 && strcmp(argv[6], "pay") != 0)) {
		fputs("usage: load SOCKET CONNECTIONS RATE SECONDS EMPLOYERS METHOD PATH [BODY] | declare | pay\n",
		    stderr);
		return 2;
	}
	load.path = argv[1];
	count = atoi(argv[2]);
	count = count < 1 ? 1 : count > CONNECTIONS_MAX ? CONNECTIONS_MAX : count;
	interval = atol(argv[3]) == 0 ? 0 : 1000000000 / atol(argv[3]);
	read_employers(argv[5]);
	set_steps(argc, argv);
	load.number = (long)time(NULL) * 1000000;
	for (i = 0; i < count; i++) {
		open_connection(&connections[i]);
		connections[i].employer = &load.employers[(size_t)i % load.employer_count];
	}
	from = now_ns();
	run(count, interval, from + (int64_t)atoi(argv[4]) * 1000000000);
	print_figures((double)(now_ns() - from) / 1e9);
	return load.all.count == 0 || load.refused == load.all.count;
}
