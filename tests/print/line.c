/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * line [-k KEYS] RECEIVER FOLDER -- PROGRAM ARGUMENT...: a clerk's terminal that knows ZMODEM. Runs
 * PROGRAM on a pseudo terminal, types KEYS, and when the invitation to receive comes down the
 * line lets RECEIVER (rz, by its path; "-" takes nothing) have it, in FOLDER. What PROGRAM shows
 * besides goes to standard output. In KEYS \r is Enter, ~ waits 0.4 s. Ends with PROGRAM's status.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_S 60
static const char invitation[] = "**\030B00000000000000";

/* The receiver's last header; "OO" from the other side is all that follows for it. */
static const char farewell[] = "**\030B08";

static int terminal, last_bytes = -1, to_receiver = -1, from_receiver = -1;
static pid_t receiver;

static void
put(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done <= 0) {
			return;
		}
		bytes += done;
		n -= (size_t)done;
	}
}

static void
start_receiver(const char *program, const char *folder)
{
	int in[2], out[2];

	if (pipe(in) != 0 || pipe(out) != 0) {
		exit(98);
	}
	receiver = fork();
	if (receiver == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		close(terminal);
		if (chdir(folder) == 0) {
			execl(program, "rz", "-b", "-q", (char *)NULL);
		}
		_exit(99);
	}
	close(in[0]);
	close(out[1]);
	to_receiver = in[1];
	from_receiver = out[0];
}

static void
stop_receiver(void)
{
	int status = 0;

	close(to_receiver);
	close(from_receiver);
	to_receiver = from_receiver = -1;
	waitpid(receiver, &status, 0);
	fprintf(stderr, "receiver %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void
type(const char *keys)
{
	const struct timespec pause = { .tv_nsec = 400000000 };

	for (; *keys != '\0'; keys++) {
		if (*keys == '~') {
			nanosleep(&pause, NULL);
		} else {
			put(terminal, *keys == '\\' && keys[1] == 'r' ? (keys++, "\r") : keys, 1);
		}
	}
}

/* True when the line's other end is closed. */
static int
carry(const char *program, const char *folder)
{
	static char seen[4096];
	static size_t kept;
	char bytes[4096];
	ssize_t n = read(terminal, bytes, sizeof(bytes));

	if (n <= 0) {
		return 1;
	}
	if (to_receiver >= 0) {
		ssize_t theirs = last_bytes >= 0 && n > last_bytes ? last_bytes : n;

		put(to_receiver, bytes, (size_t)theirs);
		put(1, bytes + theirs, (size_t)(n - theirs));
		last_bytes -= last_bytes >= 0 ? (int)theirs : 0;
		return 0;
	}
	put(1, bytes, (size_t)n);
	if (strcmp(program, "-") == 0 || receiver > 0) {
		return 0;
	}
	/* The invitation may come in pieces. */
	if (kept + (size_t)n >= sizeof(seen)) {
		kept = 0;
	}
	memcpy(seen + kept, bytes, (size_t)n < sizeof(seen) - kept ? (size_t)n : sizeof(seen) - kept - 1);
	kept += (size_t)n < sizeof(seen) - kept ? (size_t)n : sizeof(seen) - kept - 1;
	for (size_t i = 0; i + sizeof(invitation) - 1 <= kept; i++) {
		if (memcmp(seen + i, invitation, sizeof(invitation) - 1) == 0) {
			start_receiver(program, folder);
			put(to_receiver, seen + i, kept - i);
			break;
		}
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	const char *keys = "";
	time_t until = time(NULL) + LIMIT_S;
	int at = 1, status = 0, is_over = 0;
	pid_t program;

	if (argc > 3 && strcmp(argv[1], "-k") == 0) {
		keys = argv[2];
		at = 3;
	}
	if (argc < at + 4 || strcmp(argv[at + 2], "--") != 0) {
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	program = forkpty(&terminal, NULL, NULL, &size);
	if (program == 0) {
		execv(argv[at + 3], argv + at + 3);
		_exit(97);
	}
	type(keys);
	while (!is_over && time(NULL) < until) {
		struct pollfd fds[] = { { terminal, POLLIN, 0 }, { from_receiver, POLLIN, 0 } };
		char bytes[4096];
		ssize_t n;

		poll(fds, from_receiver >= 0 ? 2 : 1, 1000);
		if (fds[0].revents != 0) {
			is_over = carry(argv[at], argv[at + 1]);
		}
		if (from_receiver >= 0 && fds[1].revents != 0) {
			n = read(from_receiver, bytes, sizeof(bytes));
			if (n > 0) {
				put(terminal, bytes, (size_t)n);
				bytes[n < (ssize_t)sizeof(bytes) ? n : n - 1] = '\0';
				if (last_bytes < 0 && strstr(bytes, farewell) != NULL) {
					last_bytes = 2;
				}
			} else {
				stop_receiver();
			}
		}
	}
	if (!is_over) {
		kill(program, SIGKILL);
		fprintf(stderr, "not over after %d s\n", LIMIT_S);
	}
	if (from_receiver >= 0) {
		stop_receiver();
	}
	waitpid(program, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 96;
}
