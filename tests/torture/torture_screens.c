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

#define F(n) "\033O" n
#define F2 F("Q")
#define F10 "\033[21~"
#define ENTER "\r"
#define ESC "\033"
#define LEFT "\033[D"

/* Keys after each of which the terminal is taken away once. */
static const char *const ways[][28] = {
	/* From the region to a debit. */
	{ "", ENTER, ENTER, ENTER, "Qianhu-2020", ENTER, "31", "+", F2, LEFT, ENTER, "Qianhu-2020", ENTER, ENTER,
	    ENTER, LEFT, ENTER, ENTER, NULL },
	/* Every menu item. */
	{ "Qianhu-2020" ENTER, F10 "11", F10 "12", F10 "21", F10 "22", F10 "23", F10 "31", F10 "32", F10 "33", F10 "41",
	    F10 "42", F10 "43", F10 "51", F10 "52", F10 "61", F10 "62", F10 "63", F10 "71", NULL },
};

/* Reads until the screen stands still. -1: the client has ended. */
static int
settle(int master)
{
	char bytes[65536];
	int64_t until = now_ms() + SETTLE_MAX_MS;

	while (now_ms() < until) {
		struct pollfd p = { .fd = master, .events = POLLIN };

		if (poll(&p, 1, QUIET_MS) == 0) {
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

/* The region, the employer. */
static void
skip_start(int master)
{
	static const char *const keys[] = { ENTER, ENTER, ENTER };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		type(master, keys[i]);
		settle(master);
	}
}

/* The last key of the way to a debit has made one: else the keys are not those of the screens. */
static void
check_debit(const char *what)
{
	char payments[32];

	books_value("state/books.db", "SELECT count(*) FROM payment", payments, sizeof(payments));
	if (strcmp(payments, "1") != 0) {
		failed("%s: %s payments, the keys do not lead to a debit any more", what, payments);
	}
}

static void
hang_up_after(size_t way, size_t count, const struct step *step, const char *truth)
{
	static const char *const client[] = { "shebao", NULL };
	char what[80];
	pid_t pid;
	int master, status = 0;
	size_t i;

	snprintf(what, sizeof(what), "way %zu, terminal closed after key %zu", way, count);
	world_back_to("declared");
	torture.cycles++;
	if (daemon_start((struct harm){ 0 }) != 0 || (master = process_terminal(client, &pid)) < 0) {
		failed("%s: does not start", what);
		return;
	}
	settle(master);
	if (way == 1) {
		skip_start(master);
	}
	for (i = 0; i < count; i++) {
		type(master, ways[way][i]);
		if (settle(master) != 0) {
			break;
		}
	}
	close(master);
	if (!process_wait(pid, END_MAX_MS, &status)) {
		failed("%s: still there after %d ms, having used %d ms of processor", what, END_MAX_MS, (int)process_cpu_ms(pid));
		kill(pid, SIGKILL);
		process_wait(pid, 1000, &status);
	} else if (status > 128 && status != 128 + SIGHUP) {
		failed("%s: ends with %d", what, status);
	}
	torture.errors++;
	if (way == 0 && ways[way][count] == NULL) {
		check_debit(what);
	}
	/* Whatever was on its way is now taken to its end: the debit, made or not, is made once. */
	check_world(step, truth, what);
}

void
sweep_screens(void)
{
	const struct step *pay = story_step("pay_rest");
	char truth[TRUTH_MAX];
	size_t way, count, stride = torture.stride > 0 ? (size_t)torture.stride : 1;

	if (check_truth(pay, truth) != 0) {
		return;
	}
	for (way = 0; way < sizeof(ways) / sizeof(ways[0]); way++) {
		size_t length = 0;

		while (ways[way][length] != NULL) {
			length++;
		}
		for (count = length % stride; count <= length; count += stride) {
			hang_up_after(way, count, pay, truth);
		}
	}
	if (torture.say_all) {
		printf("screens: the terminal closed %d times\n", (int)torture.errors);
	}
}
