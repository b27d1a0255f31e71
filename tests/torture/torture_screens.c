/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal goes away after every key of a clerk's way through the screens. */
#include "torture.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define QUIET_MS 150
#define DIALOG_MS 700
#define SETTLE_MAX_MS 4000
#define END_MAX_MS 3000
#define TRIES_MAX 4

#define F1 "\033OP"
#define F2 "\033OQ"
#define F3 "\033OR"
#define F4 "\033OS"
#define F5 "\033[15~"
#define F6 "\033[17~"
#define F7 "\033[18~"
#define F8 "\033[19~"
#define F9 "\033[20~"
#define F10 "\033[21~"
#define CTRL(letter) ((const char[]){ (letter) & 31, '\0' })
#define ENTER "\r"
#define ESC "\033"
#define TAB "\t"
#define DOWN "\033[B"
#define LEFT "\033[D"
#define PASSWORD "Qianhu-2020"
#define START "", ENTER, ENTER, ENTER, PASSWORD, ENTER

enum {
	KEYS_MAX = 48
};

/* The terminal is taken away once after each of the keys; rest takes up what was begun. */
struct way {
	const char *name, *from, *rest;
	const char *sql, *wanted; /* after the last key */
	const char *keys[KEYS_MAX];
};

// clang-format off
static const struct way ways[] = {
	{ "to a debit", "declared", "pay_rest", "SELECT count(*) FROM payment", "1",
		{ START, "31", "+", F2, LEFT, ENTER, PASSWORD, ENTER, ENTER, ENTER, LEFT, ENTER, ENTER, NULL } },
	{ "to a declaration", "added", "declare", "SELECT count(*) FROM declaration", "1",
		{ START, "21", F3, TAB, TAB, F4, "2020-06", ENTER, F2, "+", F2, ENTER, ENTER, ENTER, ENTER, ENTER, NULL } },
	{ "to a voided declaration", "declared", "void", "SELECT count(*) FROM declaration WHERE state = 'voided'", "1",
		{ START, "23", ESC, ENTER, ESC, F8, LEFT, ENTER, PASSWORD, ENTER, ENTER, ENTER, ENTER, ESC, NULL } },
	{ "to a voucher", "declared", "voucher", "SELECT count(*) FROM voucher", "1",
		{ START, "31", "+", F2, LEFT, ENTER, PASSWORD, ENTER, DOWN, ENTER, ENTER, LEFT, ENTER, F2, ENTER, ESC, NULL } },
	{ "to a voided voucher", "vouchered", "voucher_void", "SELECT count(*) FROM voucher WHERE state = 'voided'", "1",
		{ START, "32", ENTER, ESC, F7, F2, ESC, F8, LEFT, ENTER, PASSWORD, ENTER, ENTER, NULL } },
	{ "to a certificate", "paid", "print", "SELECT count(*) FROM certificate", "1",
		{ START, "41", F2, F7, F2, ENTER, F10 "42", F7, ESC, F10 "43", F2, ESC, F10 "33", ENTER, ESC, NULL } },
	{ "every menu item", "declared", "pay_rest", "SELECT count(*) FROM payment", "0",
		{ START, F10, "11", F10 "12", F10 "21", F10 "22", F10 "23", F10 "31", F10 "32", F10 "33", F10 "41", F10 "42",
		F10 "43", F10 "51", F10 "52", F10 "61", F10 "62", F10 "63", F10 "71", F10 "72", NULL } },
	{ "dialogs of a list", "declared", "pay_rest", "SELECT count(*) FROM payment", "0",
		{ START, "21", F1, ESC, F3, F4, ESC, ESC, "/", "2020" ENTER, "&", "2020", ESC, F9, ESC, F6, ESC, CTRL('P'), ESC,
		CTRL('G'), "/", ESC, ESC, ENTER, "/", ESC, ESC, " ", F5, F10, ESC, "w", ESC, CTRL('L'), ESC, NULL } },
	{ "forms and settings", "declared", "pay_rest", "SELECT count(*) FROM payment", "0",
		{ START, F10 "12", F4, "9", ESC, ENTER, F8, ESC, "r", ESC, F10 "61", "a", ESC, ENTER, F10 "62", "a", ESC, ENTER,
		F10 "63", F5, F10 "71", F2, "a", ESC, ENTER, F8, ESC, F10 "22", "+", F2, ESC, ESC, ESC, NULL } },
};
// clang-format on

/* Reads until the screen stands still. -1: the client has ended. */
static int
settle(int master, int quiet_ms)
{
	char bytes[65536];
	int64_t until = now_ms() + SETTLE_MAX_MS;

	while (now_ms() < until) {
		struct pollfd p = { .fd = master, .events = POLLIN };

		if (poll(&p, 1, quiet_ms) == 0) {
			return 0;
		}
		if (read(master, bytes, sizeof(bytes)) <= 0) {
			return -1;
		}
	}
	return 0;
}

/* A dialogue about money takes no key that was typed before it stood there. */
static void
type(int master, const char *keys)
{
	if (strcmp(keys, LEFT) == 0) {
		pause_ms(DIALOG_MS);
	}
	if (keys[0] != '\0' && write(master, keys, strlen(keys)) < 0 && errno != EIO) {
		failed("cannot type");
	}
}

/* The client ends by itself, soon and without a crash. */
static void
check_end(pid_t pid, const char *what)
{
	int status = 0;

	if (!process_wait(pid, END_MAX_MS, &status)) {
		failed("%s: still there after %d ms, having used %d ms of processor", what, END_MAX_MS, (int)process_cpu_ms(pid));
		kill(pid, SIGKILL);
		process_wait(pid, 1000, &status);
	} else if (status > 128 && status != 128 + SIGHUP) {
		failed("%s: ends with %d", what, status);
	}
}

/* 0; -1: it was not taken away, there is a failure. */
static int
walk(const struct way *way, size_t count, int quiet_ms, const char *what)
{
	static const char *const client[] = { "shebao", NULL };
	pid_t pid;
	int master;
	size_t i;

	world_back_to(way->from);
	torture.cycles++;
	if (daemon_start((struct harm){ 0 }) != 0 || (master = process_terminal(client, &pid)) < 0) {
		failed("%s: does not start", what);
		return -1;
	}
	for (i = 0; i < count && settle(master, quiet_ms) == 0; i++) {
		type(master, way->keys[i]);
	}
	settle(master, quiet_ms);
	close(master);
	check_end(pid, what);
	torture.errors++;
	return 0;
}

/* Whatever was on its way is now taken to its end. */
static void
hang_up_after(const struct way *way, size_t count, const struct step *rest, const char *truth)
{
	char what[80], is[32] = "";
	int tries, quiet_ms = QUIET_MS, is_last = way->keys[count] == NULL;

	snprintf(what, sizeof(what), "way %s, terminal closed after key %zu", way->name, count);
	/* Where the machine is busy a key may come too early: then slower. */
	for (tries = 0; tries < TRIES_MAX; tries++) {
		if (walk(way, count, quiet_ms, what) != 0) {
			return;
		}
		books_value("state/books.db", way->sql, is, sizeof(is));
		if (!is_last || strcmp(is, way->wanted) == 0) {
			break;
		}
		quiet_ms *= 2;
	}
	if (tries == TRIES_MAX) {
		failed("%s: %s gives %s, the keys do not lead there any more", what, way->sql, is);
	}
	check_world(rest, truth, what);
}

void
sweep_screens(void)
{
	char truth[TRUTH_MAX];
	size_t i, count, stride = torture.stride > 0 ? (size_t)torture.stride : 1;
	int64_t before = torture.errors;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const struct step *rest = story_step(ways[i].rest);
		size_t length = 0;

		while (ways[i].keys[length] != NULL) {
			length++;
		}
		if (check_truth(rest, truth) != 0) {
			return;
		}
		for (count = length % stride; count <= length; count += stride) {
			hang_up_after(&ways[i], count, rest, truth);
		}
	}
	if (torture.say_all) {
		printf("screens: the terminal closed %d times\n", (int)(torture.errors - before));
	}
}
