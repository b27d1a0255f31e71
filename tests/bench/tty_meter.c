/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Measures a program in a pseudo-terminal of 120 columns and 40 lines.
 *
 *	tty_meter STEP... -- PROGRAM [ARGUMENT...]
 *
 * Steps, words separated by blanks, are done in turn; each prints lines "NAME METRIC VALUE":
 *	start TEXT          ms from exec until TEXT is on the terminal and silence follows (to the
 *	                    last byte before it); bytes, CPU ms
 *	send KEYS           types KEYS, waits for silence, prints nothing
 *	wait TEXT KEYS      the same, until TEXT has come
 *	until NAME TEXT KEYS  ms from the key to TEXT, CPU ms to the silence behind it
 *	keys NAME N KEYS    N times: bytes, writes, ms (p50, p99) and CPU us of one press
 *	burst NAME N KEYS   N presses in one write: ms, bytes a press
 *	rest MS             waits until nothing has come for MS
 *	idle SECONDS        bytes, voluntary context switches and CPU ms without a key
 *	memory              PSS and RSS in MB
 *	limit SECONDS       for all that follows: then the program is killed, and what was printed stays
 *	show                what has come since the last key, without escape sequences, on stderr
 * In KEYS, \e \r \t \s (blank) \xHH are escapes; in TEXT \s is a blank.
 *
 * A press is answered when QUIET_MS have passed without a byte; its latency is that to the last
 * byte, so the silence is not in it. TEXT is looked for in what was sent since the last key,
 * escape sequences left out. Writes are system calls (/proc/PID/io), CPU is that of the first thread.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define QUIET_MS 25
#define FIRST_MS 400   /* a press that is not answered */
#define LONGEST_MS 60000
#define SAMPLES_MAX 2000
#define PLAIN_SIZE (1 << 20)

static struct {
	pid_t pid;
	int fd;
	int64_t started; /* ns, as all times */
	int64_t sent, last;
	long bytes; /* since the last key */
	char plain[PLAIN_SIZE];
	size_t plain_count;
	int escape; /* 0: text; 1: after ESC; 2: in a sequence; 3: one more byte */
	int has_ended;
} m;

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
	fprintf(stderr, "tty_meter: %s\n", what);
	if (m.pid > 0) {
		kill(m.pid, SIGKILL);
	}
	exit(1);
}

/* Some programs never come to rest, or read no more keys. */
static void
on_limit(int number)
{
	static const char said[] = "tty_meter: took too long\n";

	(void)number;
	kill(-m.pid, SIGKILL);
	_exit(write(STDERR_FILENO, said, sizeof(said) - 1) < 0 ? 2 : 1);
}

/* ---- /proc */

static int
read_proc(const char *name, char *out, size_t size)
{
	char path[64];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)m.pid, name);
	file = fopen(path, "r");
	if (file == NULL) {
		out[0] = '\0';
		return -1;
	}
	n = fread(out, 1, size - 1, file);
	out[n] = '\0';
	fclose(file);
	return 0;
}

static long
proc_number(const char *name, const char *key)
{
	char text[8192];
	const char *at;

	if (read_proc(name, text, sizeof(text)) < 0) {
		return 0;
	}
	at = strstr(text, key);
	return at == NULL ? 0 : strtol(at + strlen(key), NULL, 10);
}

static long
writes(void)
{
	return proc_number("io", "syscw: ");
}

static long
cpu_us(void)
{
	return proc_number("schedstat", "") / 1000;
}

static long
switches(void)
{
	return proc_number("status", "\nvoluntary_ctxt_switches:");
}

/* ---- the terminal */

static void
take(const char *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == 0x1b) {
			m.escape = 1;
		} else if (m.escape == 1) {
			m.escape = c == '[' || c == ']' ? 2 : strchr("()*+ #%", c) != NULL ? 3 : 0;
		} else if (m.escape == 2) {
			m.escape = (c >= '@' && c <= '~') || c == 7 ? 0 : 2;
		} else if (m.escape == 3) {
			m.escape = 0;
		} else if (m.plain_count < PLAIN_SIZE - 1) {
			m.plain[m.plain_count++] = (char)c;
		}
	}
	m.plain[m.plain_count] = '\0';
}

/* Reads what comes within ms; 0: silence. */
static int
listen_ms(int ms)
{
	struct pollfd p = { m.fd, POLLIN, 0 };
	char bytes[65536];
	ssize_t n;

	if (poll(&p, 1, ms) <= 0) {
		return 0;
	}
	n = read(m.fd, bytes, sizeof(bytes));
	if (n <= 0) {
		m.has_ended = 1;
		return 0;
	}
	m.last = now_ns();
	m.bytes += n;
	take(bytes, (size_t)n);
	return 1;
}

static void
begin(void)
{
	m.bytes = 0;
	m.plain_count = 0;
	m.plain[0] = '\0';
	m.sent = m.last = now_ns();
}

static void
settle(int first_ms)
{
	int ms = first_ms;

	while (listen_ms(ms)) {
		ms = QUIET_MS;
	}
}

static void
press(const char *keys, size_t n)
{
	begin();
	if (write(m.fd, keys, n) != (ssize_t)n) {
		die("the program does not read its keys");
	}
}

/* Until text has come; then for silence. Returns the ns to the read that brought it. */
static int64_t
wait_text(const char *text)
{
	int64_t found;

	while (strstr(m.plain, text) == NULL) {
		if (m.has_ended || now_ns() - m.sent > (int64_t)LONGEST_MS * 1000000) {
			fprintf(stderr, "tty_meter: waited in vain for %s; there is:\n%s\n", text, m.plain);
			die("no such text");
		}
		listen_ms(100);
	}
	found = m.last;
	settle(QUIET_MS);
	return found - m.sent;
}

static void
start(char **argv)
{
	struct winsize size = { .ws_row = 40, .ws_col = 120 };
	int gate[2];
	char go = 'g';

	if (pipe(gate) != 0) {
		die(strerror(errno));
	}
	m.pid = forkpty(&m.fd, NULL, NULL, &size);
	if (m.pid == 0) {
		close(gate[1]);
		setenv("TERM", "xterm-256color", 1);
		if (read(gate[0], &go, 1) == 1) {
			close(gate[0]);
			execvp(argv[0], argv);
		}
		_exit(127);
	}
	close(gate[0]);
	usleep(20000);
	begin();
	m.started = m.sent;
	if (m.pid < 0 || write(gate[1], &go, 1) != 1) {
		die("cannot start");
	}
	close(gate[1]);
}

/* ---- steps */

static int
by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double
percentile(double *samples, int n, int p)
{
	qsort(samples, (size_t)n, sizeof(*samples), by_value);
	return samples[(n - 1) * p / 100];
}

static void
print(const char *name, const char *metric, double value)
{
	printf("%s %s %.4g\n", name, metric, value);
}

static double
ms_of(int64_t ns)
{
	return (double)ns / 1e6;
}

static size_t
unescape(char *text)
{
	char *out = text, *in = text;

	for (; *in != '\0'; in++) {
		if (*in != '\\' || in[1] == '\0') {
			*out++ = *in;
			continue;
		}
		in++;
		if (*in == 'x' && in[1] != '\0' && in[2] != '\0') {
			char hex[3] = { in[1], in[2], '\0' };

			*out++ = (char)strtol(hex, NULL, 16);
			in += 2;
		} else {
			*out++ = *in == 'e' ? '\x1b' : *in == 'r' ? '\r' : *in == 't' ? '\t' : *in == 's' ? ' ' : *in;
		}
	}
	*out = '\0';
	return (size_t)(out - text);
}

static void
step_keys(const char *name, int n, const char *keys, size_t length)
{
	static double bytes[SAMPLES_MAX], calls[SAMPLES_MAX], ms[SAMPLES_MAX], cpu[SAMPLES_MAX];
	int i;

	if (n < 1 || n > SAMPLES_MAX) {
		die("keys: too many presses");
	}
	for (i = 0; i < n; i++) {
		long w = writes(), c = cpu_us();

		press(keys, length);
		settle(FIRST_MS);
		bytes[i] = (double)m.bytes;
		calls[i] = (double)(writes() - w);
		cpu[i] = (double)(cpu_us() - c);
		ms[i] = ms_of(m.last - m.sent);
	}
	print(name, "bytes", percentile(bytes, n, 50));
	print(name, "writes", percentile(calls, n, 50));
	print(name, "p50_ms", percentile(ms, n, 50));
	print(name, "p99_ms", percentile(ms, n, 99));
	print(name, "cpu_us", percentile(cpu, n, 50));
}

static void
step_burst(const char *name, int n, const char *keys, size_t length)
{
	char *all = malloc((size_t)n * length);
	int i;

	if (all == NULL) {
		die("no memory");
	}
	for (i = 0; i < n; i++) {
		memcpy(all + (size_t)i * length, keys, length);
	}
	press(all, (size_t)n * length);
	settle(FIRST_MS);
	print(name, "ms", ms_of(m.last - m.sent));
	print(name, "bytes_a_key", (double)m.bytes / n);
	free(all);
}

static void
step_idle(int seconds)
{
	long s = switches(), c = cpu_us();
	int64_t until = now_ns() + (int64_t)seconds * 1000000000;

	begin();
	while (now_ns() < until) {
		listen_ms((int)((until - now_ns()) / 1000000) + 1);
	}
	print("idle", "bytes", (double)m.bytes);
	print("idle", "wakeups", (double)(switches() - s));
	print("idle", "cpu_ms", (double)(cpu_us() - c) / 1000);
}

static void
step_start(const char *text)
{
	wait_text(text);
	print("start", "ms", ms_of(m.last - m.sent));
	print("start", "bytes", (double)m.bytes);
	print("start", "cpu_ms", (double)cpu_us() / 1000);
}

static void
step_until(const char *name, const char *text, const char *keys, size_t length)
{
	long c = cpu_us();

	press(keys, length);
	print(name, "ms", ms_of(wait_text(text)));
	print(name, "cpu_ms", (double)(cpu_us() - c) / 1000);
}

static void
run_step(char *step)
{
	char *words[4] = { NULL };
	size_t n = 0, length;
	char *word, *rest = NULL;

	for (word = strtok_r(step, " ", &rest); word != NULL && n < 4; word = strtok_r(NULL, " ", &rest)) {
		words[n++] = word;
	}
	if (n == 0) {
		die("an empty step");
	}
	length = n > 1 ? unescape(words[n - 1]) : 0;
	if (strcmp(words[0], "start") == 0 && n == 2) {
		step_start(words[1]);
	} else if (strcmp(words[0], "send") == 0 && n == 2) {
		press(words[1], length);
		settle(FIRST_MS);
	} else if (strcmp(words[0], "wait") == 0 && n == 3) {
		unescape(words[1]);
		press(words[2], length);
		wait_text(words[1]);
	} else if (strcmp(words[0], "until") == 0 && n == 4) {
		unescape(words[2]);
		step_until(words[1], words[2], words[3], length);
	} else if (strcmp(words[0], "keys") == 0 && n == 4) {
		step_keys(words[1], atoi(words[2]), words[3], length);
	} else if (strcmp(words[0], "burst") == 0 && n == 4) {
		step_burst(words[1], atoi(words[2]), words[3], length);
	} else if (strcmp(words[0], "idle") == 0 && n == 2) {
		step_idle(atoi(words[1]));
	} else if (strcmp(words[0], "rest") == 0 && n == 2) {
		while (listen_ms(atoi(words[1]))) {
		}
	} else if (strcmp(words[0], "memory") == 0) {
		print("memory", "pss_mb", (double)proc_number("smaps_rollup", "\nPss:") / 1024);
		print("memory", "rss_mb", (double)proc_number("smaps_rollup", "\nRss:") / 1024);
	} else if (strcmp(words[0], "limit") == 0 && n == 2) {
		signal(SIGALRM, on_limit);
		alarm((unsigned)atoi(words[1]));
	} else if (strcmp(words[0], "show") == 0) {
		fprintf(stderr, "%s\n", m.plain);
	} else {
		fprintf(stderr, "tty_meter: %s\n", words[0]);
		die("not a step");
	}
}

int
main(int argc, char **argv)
{
	int i, split = 1;

	while (split < argc && strcmp(argv[split], "--") != 0) {
		split++;
	}
	if (split + 1 >= argc || split == 1) {
		die("usage: tty_meter STEP... -- PROGRAM [ARGUMENT...]");
	}
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	start(argv + split + 1);
	for (i = 1; i < split; i++) {
		run_step(argv[i]);
	}
	kill(m.pid, SIGHUP);
	usleep(20000);
	kill(m.pid, SIGKILL);
	waitpid(m.pid, NULL, 0);
	return 0;
}
