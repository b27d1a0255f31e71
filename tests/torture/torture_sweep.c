/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One harm a cycle: at the n-th call, for n = 1, 2, ... until the step ends untouched. */
#include "torture.h"

#include <assert.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define SLOW_MS 10000
#define SAY_EVERY 50 /* cycles */

/* What a program may end with when a call of the system failed. */
static int
is_decent(const struct said *said)
{
	switch (said->status) {
	case 0:
		return 1;
	case 3:
	case 4:
	case 5:
		return said->err[0] != '\0';
	default:
		return 0;
	}
}

static int
is_kill(const char *how)
{
	static const char *const kills[] = { "kill", "after", "both", "statement" };
	size_t i;

	for (i = 0; i < sizeof(kills) / sizeof(kills[0]); i++) {
		if (strcmp(how, kills[i]) == 0) {
			return 1;
		}
	}
	return 0;
}

/* The restart is killed, too, at a point that depends on n: a crash while what the first crash
 * left is being mended. */
static void
kill_the_restart(long n)
{
	struct harm harm = { "kill", 1 + n * 7 % 40, NULL };

	if (daemon_start(harm) == 0) {
		daemon_stop(SIGKILL);
		return;
	}
	if (daemon_status() == 128 + SIGKILL) {
		torture.kills++;
	}
}

static int
is_both(struct harm harm)
{
	return strcmp(harm.how, "both") == 0;
}

/* Its last breath takes a moment. */
static void
await_death(void)
{
	int i;

	for (i = 0; i < 1000 && daemon_is_up(); i++) {
		pause_ms(1);
	}
}

/* A kill that kills nobody would prove nothing. A child may be killed in the program's place. */
static void
check_killed(pid_t pid, int status, const char *what)
{
	if (torture.count[2] == pid && status != 128 + SIGKILL) {
		failed("%s: lives on after its kill (%d)", what, status);
	}
}

static int
run_harmed(const struct step *step, enum target target, struct harm harm, const char *what)
{
	struct harm service = target == TARGET_DAEMON ? harm : (struct harm){ is_both(harm) ? "watch" : NULL, 0, NULL };
	static struct said said;
	pid_t pid;
	int touched, is_up;

	is_up = daemon_start(service) == 0;
	pid = daemon_pid();
	if (!is_up && target != TARGET_DAEMON) {
		failed("%s: the service does not start", what);
		return 0;
	}
	if (step->before[0] != NULL) {
		process_run(step->before, (struct harm){ 0 }, &said);
	}
	process_run(step->command, target == TARGET_CLIENT ? harm : (struct harm){ 0 }, &said);
	touched = *torture.count >= harm.at;
	if (said.status == -1) {
		failed("%s: hangs", what);
	} else if (target == TARGET_CLIENT && !is_kill(harm.how) && touched && !is_decent(&said)) {
		failed("%s: ends with %d: %s", what, said.status, said.err);
	} else if (target == TARGET_CLIENT && is_kill(harm.how) && touched) {
		check_killed(said.pid, said.status, what);
	}
	if (target == TARGET_DAEMON && !touched) {
		/* Else it would be harmed while the world is looked at. */
		daemon_stop(SIGTERM);
	} else if (target == TARGET_DAEMON && is_kill(harm.how)) {
		await_death();
		check_killed(pid, daemon_status(), what);
	} else if (touched && is_both(harm)) {
		/* One that does nothing more must be killed. */
		daemon_stop(SIGKILL);
		torture.kills++;
	}
	return touched;
}

/* ---- where the points are */

/* Of a run without harm: the calls until the service was ready, and all. */
struct reach {
	long ready, all;
};

static void
run_unharmed(const struct step *step, enum target target, const char *how, struct reach *reach)
{
	static struct said said;
	const struct harm counted = { strcmp(how, "statement") == 0 ? how : "none", 0, NULL };
	const struct harm none = { 0 };

	world_back_to(step->from);
	(void)daemon_start(target == TARGET_DAEMON ? counted : none);
	/* A service that makes no database is harmed from when it is ready: its start is that of
	 * all the others, and is killed after every kill. */
	reach->ready = target == TARGET_DAEMON && !(step->migrates & 1U << TARGET_DAEMON) ? torture.count[0] : 0;
	if (step->before[0] != NULL) {
		process_run(step->before, none, &said);
	}
	process_run(step->command, target == TARGET_CLIENT ? counted : none, &said);
	reach->all = torture.count[0];
	if (step->calls_max > 0 && step->calls_max < reach->all) {
		reach->all = step->calls_max;
	}
}

/* Known from the last time it was asked. */
static struct reach
find_reach(const struct step *step, enum target target, const char *how)
{
	static struct reach known[STEPS_MAX][2];
	struct reach fresh, *reach = strcmp(how, "statement") == 0 ? &fresh : &known[step - story_steps][target];

	assert(story_count <= STEPS_MAX);
	if (reach == &fresh || reach->all == 0) {
		run_unharmed(step, target, how, reach);
	}
	return *reach;
}

/* Of the points of a short run the first: other steps and harms look at other places, and each looks
 * at one at least. */
static long
first_point(const struct step *step, enum target target, const char *how, struct reach reach)
{
	long span = reach.all - reach.ready, stride = torture.stride;
	long mixed = (long)strlen(step->name) * 5 + how[0] * 3 + how[1] + target * 7L;

	if (stride > span) {
		stride = span > 0 ? span : 1;
	}
	return reach.ready + 1 + mixed % stride;
}

void
sweep_calls(const struct step *step, enum target target, const char *how)
{
	char truth[TRUTH_MAX], what[160];
	long stride = torture.stride > 0 ? torture.stride : 1, n, last;
	int64_t began = now_ms(), harms = torture.kills + torture.errors;
	struct reach reach;

	if (check_truth(step, truth) != 0) {
		return;
	}
	reach = find_reach(step, target, how);
	n = torture.at > 0 ? torture.at : stride > 1 ? first_point(step, target, how, reach) : reach.ready + 1;
	/* The long form ends when a run was not touched. */
	last = stride > 1 || step->calls_max > 0 ? reach.all : LONG_MAX;
	for (; n <= last || torture.at > 0; n += stride) {
		struct harm harm = is_server_harm(how) ? (struct harm){ "stop", n, how } : (struct harm){ how, n, NULL };
		int64_t since = now_ms();
		int touched;

		snprintf(what, sizeof(what), "%s %s %s at %ld", target == TARGET_CLIENT ? "client" : "daemon", step->name, how, n);
		world_back_to(step->from);
		torture.cycles++;
		touched = run_harmed(step, target, harm, what);
		torture.kills += touched && is_kill(how);
		torture.errors += touched && !is_kill(how);
		if (touched && target == TARGET_DAEMON && is_kill(how)) {
			kill_the_restart(n);
		}
		check_world(step, truth, what);
		if (torture.say_all && now_ms() - since > SLOW_MS) {
			printf("slow: %s: %d ms\n", what, (int)(now_ms() - since));
		}
		if (torture.cycles % SAY_EVERY == 0) {
			torture_say();
		}
		if (!touched || torture.at > 0) {
			break;
		}
	}
	if (torture.say_all) {
		printf("%s %s %s: %ld calls, %d harms, %d ms\n", target == TARGET_CLIENT ? "client" : "daemon", step->name,
		    how, reach.all, (int)(torture.kills + torture.errors - harms), (int)(now_ms() - began));
		torture_say();
	}
}
