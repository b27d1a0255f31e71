/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two clients of one employer at the same levies; signals at random moments. */
#include "torture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* ---- two users of the system */

/* Numbers that no account of the machine has. */
static const struct clerk clerks[2] = { { "clerk_a", 64901 }, { "clerk_b", 64902 } };

static void
path_in_world(const char *name, char out[PATH_MAX + 16])
{
	snprintf(out, PATH_MAX + 16, "%s/%s", torture.now, name);
}

/* As the machine of an office is: programs and socket for everybody, a folder for each. */
static void
open_to_all(void)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/..", torture.work);
	chmod(path, 0711);
	chmod(torture.work, 0711);
	chmod(torture.now, 0711);
	path_in_world("../password", path);
	chmod(path, 0644);
	path_in_world("out", path);
	chmod(path, 0777);
	path_in_world("socket", path);
	chmod(path, 0666);
}

/* Logs in with a new folder, and has the lists. */
static int
arrive(const struct clerk *clerk, const char *home, const char *what)
{
	static const char *const commands[][WORDS_MAX] = { { "shebao", "unit", "add", EMPLOYER },
		{ "shebao", "levies", "--refresh" }, { "shebao", "feedback" } };
	static struct said said;
	size_t i;

	folder_remove(home);
	if (mkdir(home, 0700) != 0 || (clerk->uid != 0 && chown(home, clerk->uid, clerk->uid) != 0)) {
		failed("%s: no folder %s", what, home);
		return -1;
	}
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct launch launch = { .argv = commands[i], .home = home, .clerk = clerk };

		said.status = -1;
		if (process_start(&launch) == 0) {
			process_end(&launch, &said);
		}
		if (said.status != 0) {
			failed("%s: %s %s: %d %s", what, clerk->name, commands[i][1], said.status, said.err);
			return -1;
		}
	}
	return 0;
}

/* One who is late has seen the new list by then, and finds nothing to do. */
static int
tells_who(const struct said *said, const char *who)
{
	return strstr(said->err, "[20210]") != NULL || (strstr(said->err, who) != NULL && strstr(said->err, "于20") != NULL);
}

/* Both begin with the same list. The second is told who was first, and when. */
static void
race_users(const struct step *step, const char *truth, int is_named, int round)
{
	static struct said said[2];
	struct launch launches[2] = { { .argv = step->command }, { .argv = step->command } };
	char homes[2][PATH_MAX + 16], what[96], who[32];
	struct clerk people[2];
	int i, first;

	snprintf(what, sizeof(what), "two users %s, round %d", step->name, round);
	world_back_to(step->from);
	torture.cycles++;
	if (daemon_start((struct harm){ 0 }) != 0) {
		failed("%s: no service", what);
		return;
	}
	open_to_all();
	for (i = 0; i < 2; i++) {
		people[i] = clerks[i];
		people[i].uid = geteuid() == 0 ? clerks[i].uid : 0;
		path_in_world(clerks[i].name, homes[i]);
		if (arrive(&people[i], homes[i], what) != 0) {
			return;
		}
		launches[i].home = homes[i];
		launches[i].clerk = &people[i];
	}
	for (i = 0; i < 2; i++) {
		(void)process_start(&launches[(round + i) % 2]);
	}
	for (i = 0; i < 2; i++) {
		process_end(&launches[i], &said[i]);
	}
	first = said[0].status == 0 ? 0 : 1;
	snprintf(who, sizeof(who), "%s@", clerks[first].name);
	if (said[first].status != 0 || said[1 - first].status != 1 ||
	    (is_named && !tells_who(&said[1 - first], who))) {
		failed("%s: %d %s\n%d %s", what, said[0].status, said[0].err, said[1].status, said[1].err);
	}
	check_world(step, truth, what);
	for (i = 0; i < 2; i++) {
		folder_remove(homes[i]);
	}
}

void
sweep_race(void)
{
	static const char *const names[] = { "declare", "pay", "voucher", "void", "voucher_void", "print" };
	char truth[TRUTH_MAX];
	int rounds = torture.stride > 0 ? (int)torture.stride : 25, round;
	int64_t before = torture.cycles;
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
		/* A debit or a voiding that is through by then is refused as such. */
		for (round = 0; i < 3 && round < rounds; round++) {
			race_users(step, truth, strcmp(names[i], "pay") != 0, round);
		}
	}
	if (torture.say_all) {
		printf("race: %d rounds of 2 clients\n", (int)(torture.cycles - before));
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
