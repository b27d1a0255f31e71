/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two clients of one employer at the same levies; signals at random moments. */
#include "torture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- two clients */

/* Both say what they want at the same time. One does it; the other is refused, or, when it is of
 * the same state folder, may find nothing left to do. */
static void
race(const struct step *step, const char *truth, int same_home, int round)
{
	static struct said said[2];
	struct launch launches[2] = { { .argv = step->command }, { .argv = step->command } };
	char other[PATH_MAX + 16], home[PATH_MAX + 16], what[96];
	int done = 0, i;

	snprintf(what, sizeof(what), "two clients %s, %s, round %d", step->name, same_home ? "one folder" : "two folders", round);
	world_back_to(step->from);
	torture.cycles++;
	snprintf(home, sizeof(home), "%s/home", torture.now);
	snprintf(other, sizeof(other), "%s/other", torture.now);
	folder_remove(other);
	folder_copy(home, other);
	if (daemon_start((struct harm){ 0 }) != 0) {
		failed("%s: no service", what);
		return;
	}
	launches[1].home = same_home ? NULL : other;
	for (i = 0; i < 2; i++) {
		(void)process_start(&launches[i]);
	}
	for (i = 0; i < 2; i++) {
		process_end(&launches[i], &said[i]);
		done += said[i].status == 0;
		if (said[i].status != 0 && (said[i].status != 1 || said[i].err[0] == '\0')) {
			failed("%s: ends with %d: %s", what, said[i].status, said[i].err);
		}
	}
	/* A certificate is given again, the same one, until it is confirmed. */
	if (done != 1 && !(done == 2 && strcmp(step->name, "print") == 0)) {
		failed("%s: %d of 2 succeed\n%s%s", what, done, said[0].err, said[1].err);
	}
	check_world(step, truth, what);
	folder_remove(other);
}

void
sweep_race(void)
{
	static const char *const names[] = { "declare", "pay", "voucher", "void", "voucher_void", "print" };
	char truth[TRUTH_MAX];
	int rounds = torture.stride > 0 ? (int)torture.stride : 25, round;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct step *step = story_step(names[i]);

		if (check_truth(step, truth) != 0) {
			return;
		}
		for (round = 0; round < rounds; round++) {
			race(step, truth, 0, round);
			race(step, truth, 1, round);
		}
	}
	if (torture.say_all) {
		printf("race: %d rounds of 2 clients\n", (int)(rounds * 2 * (int)(sizeof(names) / sizeof(names[0]))));
	}
}

/* ---- any moment */

/* The service is killed, frozen for a while or asked to end; the client killed. */
static void
disturb(const struct step *step, const char *truth, unsigned *seed, int round)
{
	static struct said said;
	struct launch launch = { .argv = step->command };
	char what[96];
	long delay = rand_r(seed) % 60;
	int kind = rand_r(seed) % 4;
	static const char *const kinds[] = { "service killed", "service frozen", "service ended", "client killed" };

	snprintf(what, sizeof(what), "random %d: %s, %s after %ld ms", round, step->name, kinds[kind], delay);
	world_back_to(step->from);
	torture.cycles++;
	if (daemon_start((struct harm){ 0 }) != 0) {
		failed("%s: no service", what);
		return;
	}
	(void)process_start(&launch);
	pause_ms(delay);
	switch (kind) {
	case 0:
		torture.kills += daemon_is_up();
		daemon_stop(SIGKILL);
		break;
	case 1:
		kill(daemon_pid(), SIGSTOP);
		pause_ms(rand_r(seed) % 300);
		kill(daemon_pid(), SIGCONT);
		break;
	case 2:
		daemon_stop(SIGTERM);
		break;
	default:
		kill(launch.pid, SIGKILL);
	}
	process_end(&launch, &said);
	torture.kills += kind == 3 && said.status == 128 + SIGKILL;
	check_world(step, truth, what);
}

void
sweep_random(void)
{
	static const char *const names[] = { "login", "declare", "void", "pay", "voucher", "voucher_void", "print" };
	enum {
		COUNT = sizeof(names) / sizeof(names[0])
	};
	static char truths[COUNT][TRUTH_MAX];
	unsigned seed = 20200615;
	int rounds = torture.stride > 0 ? (int)torture.stride : 700, round;

	for (round = 0; round < COUNT; round++) {
		if (check_truth(story_step(names[round]), truths[round]) != 0) {
			return;
		}
	}
	for (round = 0; round < rounds; round++) {
		disturb(story_step(names[round % COUNT]), truths[round % COUNT], &seed, round);
	}
	if (torture.say_all) {
		printf("random: %d rounds\n", rounds);
	}
}
