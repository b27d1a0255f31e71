/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * relay [--encoding NAME] [--wide] COMMAND...: a terminal of another kind in front of this one, which
 * speaks UTF-8. What COMMAND writes is decoded from the encoding, what is typed is encoded. --wide:
 * characters of ambiguous width take two columns, and the terminal says so when it is asked where
 * its cursor is. Ends with COMMAND's exit status.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <iconv.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define ASKED "\033[6n"
#define ANSWER "\033[2;3R"

struct way {
	iconv_t convert;
	char pending[16]; /* the beginning of a character */
	size_t pending_count;
};

static int terminal; /* the command's, its master side */
static int is_wide;
static size_t asked; /* bytes of ASKED seen */
static volatile sig_atomic_t resized;

static void
on_resize(int number)
{
	(void)number;
	resized = 1;
}

static void
put(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno != EINTR && errno != EAGAIN) {
			return;
		}
		bytes += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
}

/* UTF-8 of three bytes: what the client may draw of East Asian ambiguous width, and the middle dot. */
static int
is_ambiguous(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned first, last;
	} ranges[] = { { 0x2014, 0x2015 }, { 0x2018, 0x201d }, { 0x2026, 0x2026 },
		{ 0x2190, 0x2193 }, { 0x2460, 0x24ff }, { 0x2500, 0x257f }, { 0x25a0, 0x25ff },
		{ 0x2605, 0x2606 } };
	unsigned c;
	size_t i;

	if (n == 2) {
		return s[0] == 0xc2 && s[1] == 0xb7;
	}
	c = n == 3 ? ((s[0] & 0xfu) << 12) | ((s[1] & 0x3fu) << 6) | (s[2] & 0x3fu) : 0;
	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (c >= ranges[i].first && c <= ranges[i].last) {
			return 1;
		}
	}
	return 0;
}

/* A whole character on its way to the screen. */
static void
show(const char *s, size_t n)
{
	put(STDOUT_FILENO, s, n);
	if (is_wide && is_ambiguous((const unsigned char *)s, n)) {
		put(STDOUT_FILENO, " ", 1);
	}
}

static void
show_decoded(const char *s, size_t n)
{
	while (n > 0) {
		unsigned char first = (unsigned char)*s;
		size_t len = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

		asked = is_wide && *s == ASKED[asked] ? asked + 1 : *s == ASKED[0];
		len = len < n ? len : n;
		if (asked == strlen(ASKED)) {
			/* Our own terminal must not answer, too: the last byte stays here. */
			put(STDOUT_FILENO, "x", 1);
			put(terminal, ANSWER, strlen(ANSWER));
			asked = 0;
		} else {
			show(s, len);
		}
		s += len;
		n -= len;
	}
}

/* Converts what is complete and hands it on. */
static void
pass(struct way *way, char *bytes, size_t n, void (*hand)(const char *, size_t))
{
	char in[8192 + sizeof(way->pending)], out[8 * 8192];
	char *from = in, *to = out;
	size_t left, room = sizeof(out);

	memcpy(in, way->pending, way->pending_count);
	memcpy(in + way->pending_count, bytes, n);
	left = way->pending_count + n;
	way->pending_count = 0;
	while (left > 0 && iconv(way->convert, &from, &left, &to, &room) == (size_t)-1) {
		if (errno == EINVAL && left < sizeof(way->pending)) {
			memcpy(way->pending, from, left);
			way->pending_count = left;
			break;
		}
		*to++ = '?';
		room--;
		from++;
		left--;
	}
	hand(out, (size_t)(to - out));
}

static void
type(const char *s, size_t n)
{
	put(terminal, s, n);
}

static void
serve(struct way *out, struct way *in)
{
	struct pollfd fds[] = { { terminal, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
	char bytes[8192];
	struct winsize size;
	ssize_t n;

	for (;;) {
		if (resized) {
			resized = 0;
			ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
			ioctl(terminal, TIOCSWINSZ, &size);
		}
		if (poll(fds, 2, -1) < 0) {
			continue; /* a signal */
		}
		if (fds[0].revents != 0) {
			n = read(terminal, bytes, sizeof(bytes));
			if (n <= 0) {
				return;
			}
			pass(out, bytes, (size_t)n, show_decoded);
		}
		if (fds[1].revents != 0) {
			n = read(STDIN_FILENO, bytes, sizeof(bytes));
			if (n <= 0) {
				return;
			}
			pass(in, bytes, (size_t)n, type);
		}
	}
}

int
main(int argc, char **argv)
{
	const char *encoding = "UTF-8";
	struct termios saved, raw;
	struct winsize size;
	struct way out = { 0 }, in = { 0 };
	int i = 1, status = 0;
	pid_t pid;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--wide") == 0) {
			is_wide = 1;
		} else if (strcmp(argv[i], "--encoding") == 0 && i + 1 < argc) {
			encoding = argv[++i];
		}
	}
	out.convert = iconv_open("UTF-8", encoding);
	in.convert = iconv_open(encoding, "UTF-8");
	if (i >= argc || out.convert == (iconv_t)-1 || tcgetattr(STDIN_FILENO, &saved) != 0) {
		fprintf(stderr, "usage: relay [--encoding NAME] [--wide] COMMAND...\n");
		return 2;
	}
	ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	pid = forkpty(&terminal, NULL, &saved, &size);
	if (pid == 0) {
		execvp(argv[i], argv + i);
		_exit(127);
	}
	signal(SIGWINCH, on_resize);
	raw = saved;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	serve(&out, &in);
	close(terminal);
	waitpid(pid, &status, 0);
	tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
