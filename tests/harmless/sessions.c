/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sessions COUNT TEXT SECONDS COMMAND...: COUNT terminals of 80 by 24, in each of them COMMAND, in
 * whose words @@ stands for the terminal's number from 1 on. At most BEGINNING of them are on their way
 * to their first screen, which has TEXT, at a time, and the last one begins when all others have
 * theirs. Prints "shown N", how many have it after SECONDS, "median MS" and "last MS", from its start
 * to its screen, and "all MS"; then the terminals stay as they are until standard input ends.
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
#include <time.h>
#include <unistd.h>

#define COUNT_MAX 1000
#define BEGINNING 8
/* Where is the cursor? The client asks after one character of ambiguous width; here it is narrow. */
#define ASKED "\033[6n"
#define ANSWER "\033[1;2R"

struct terminal {
	long began, took; /* ms; took is -1 before the first screen */
	size_t kept;
	char text[256]; /* the end of what was written */
};

static struct terminal terminals[COUNT_MAX];
static struct pollfd fds[COUNT_MAX + 1]; /* the last is standard input */
static long started, shown;

static long
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* word with number for every @@, to be freed by nobody: exec follows. */
static char *
numbered(const char *word, long number)
{
	char *out = NULL, *at;
	size_t size;
	FILE *file = open_memstream(&out, &size);

	for (; file != NULL && (at = strchr(word, '@')) != NULL && at[1] == '@'; word = at + 2) {
		fprintf(file, "%.*s%ld", (int)(at - word), word, number);
	}
	if (file == NULL || fputs(word, file) < 0 || fclose(file) != 0) {
		_exit(126);
	}
	return out;
}

static void
begin(long index, char **words)
{
	struct winsize size = { 24, 80, 0, 0 };
	pid_t pid = forkpty(&fds[index].fd, NULL, NULL, &size);
	int i;

	if (pid == 0) {
		for (i = 0; words[i] != NULL; i++) {
			words[i] = numbered(words[i], index + 1);
		}
		setenv("TERM", "xterm", 1);
		execvp(words[0], words);
		_exit(127);
	}
	if (pid < 0) {
		perror("sessions: forkpty");
		exit(2);
	}
	fcntl(fds[index].fd, F_SETFD, FD_CLOEXEC);
	fds[index].events = POLLIN;
	terminals[index] = (struct terminal){ .began = now(), .took = -1 };
	started++;
}

/* What is kept is long enough for both texts that are looked for. */
static void
look(long index, const char *text)
{
	struct terminal *t = &terminals[index];
	char *asked = memmem(t->text, t->kept, ASKED, strlen(ASKED));

	if (asked != NULL) {
		*asked = ' ';
		(void)!write(fds[index].fd, ANSWER, strlen(ANSWER));
	}
	if (t->took < 0 && memmem(t->text, t->kept, text, strlen(text)) != NULL) {
		t->took = now() - t->began;
		shown++;
	}
}

static void
take(long index, const char *text)
{
	struct terminal *t = &terminals[index];
	ssize_t n;

	if (t->kept > sizeof(t->text) / 2) {
		size_t half = sizeof(t->text) / 2;

		memmove(t->text, t->text + t->kept - half, half);
		t->kept = half;
	}
	n = read(fds[index].fd, t->text + t->kept, sizeof(t->text) - t->kept);
	if (n > 0) {
		t->kept += (size_t)n;
		look(index, text);
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		if (t->took < 0) {
			printf("terminal %ld ended: %.*s\n", index + 1, (int)t->kept, t->text);
		}
		close(fds[index].fd);
		fds[index].fd = -1;
	}
}

/* Everything that is written is taken; 0: standard input has ended. */
static int
wait_some(long count, const char *text)
{
	long i;

	fds[count] = (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
	if (poll(fds, (nfds_t)count + 1, 200) <= 0) {
		return 1;
	}
	for (i = 0; i < count; i++) {
		if (fds[i].fd >= 0 && fds[i].revents != 0) {
			take(i, text);
		}
	}
	return fds[count].revents == 0;
}

static int
by_time(const void *a, const void *b)
{
	const struct terminal *x = a, *y = b;

	return (x->took > y->took) - (x->took < y->took);
}

static void
tell(long count, long began)
{
	long last = terminals[count - 1].took;

	qsort(terminals, (size_t)count, sizeof(terminals[0]), by_time);
	printf("shown %ld\nmedian %ld\nlast %ld\nall %ld\n", shown, terminals[count / 2].took, last,
	    now() - began);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	long count = argc > 4 ? strtol(argv[1], NULL, 10) : 0, began = now(), i;
	long until = began + 1000 * (argc > 4 ? strtol(argv[3], NULL, 10) : 0);

	if (count < 1 || count > COUNT_MAX) {
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < count; i++) {
		fds[i].fd = -1;
	}
	while (shown < count && now() < until) {
		if (started < count - 1 ? started - shown < BEGINNING : started < count && shown == started) {
			begin(started, argv + 4);
		} else if (!wait_some(count, argv[2])) {
			return 1;
		}
	}
	tell(count, began);
	while (wait_some(count, argv[2])) {
	}
	return 0;
}
