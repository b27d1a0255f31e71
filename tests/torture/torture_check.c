/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After a harm: the work is taken up again until it is done, then everything is looked at. */
#define _GNU_SOURCE
#include "torture.h"

#include <assert.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define AGAIN_MAX_MS 90000
#define READY_GOAL_MS 1000
#define READY_CPU_MS 500 /* more than that is not the fault of a busy machine */
#define CPU_MAX_MS 5000
#define IDLE_EVERY 64 /* cycles between two looks at an idle service */
#define IDLE_MS 300

void
failed(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("FAILED: ");
	vprintf(format, args);
	printf("\n");
	va_end(args);
	fflush(stdout);
	torture.failures++;
}

void
pause_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

/* Ready within a second. Where the machine is busy with other things the clock says nothing: then
 * it must need little of the processor. */
static int
start_service(const char *what)
{
	int64_t began = now_ms(), took;
	int i;

	if (torture.cluster[0] != '\0') {
		cluster_await();
	}
	for (i = 0; i < 3; i++) {
		began = now_ms();
		if (daemon_start((struct harm){ 0 }) != 0) {
			failed("%s: the service does not start again (%d)", what, daemon_status());
			return -1;
		}
		took = now_ms() - began;
		if (took <= READY_GOAL_MS || process_cpu_ms(daemon_pid()) <= READY_CPU_MS) {
			return 0;
		}
	}
	failed("%s: the service is ready only after %d ms", what, (int)took);
	return 0;
}

/* 1 is a refusal: it was done already. */
static int
is_done(const struct step *step, struct said *said)
{
	process_run(step->command, (struct harm){ 0 }, said);
	if (said->status == 1 && step->otherwise[0] != NULL) {
		process_run(step->otherwise, (struct harm){ 0 }, said);
		return said->status == 0;
	}
	return said->status == 0 || said->status == 1;
}

int
check_rest(struct said *said)
{
	static const char *const refresh[] = { "shebao", "levies", "--refresh", NULL };
	static const char *const pending[] = { "shebao", "pending", NULL };
	char words[512];

	if (!books_has_client()) {
		return 1;
	}
	process_run(pending, (struct harm){ 0 }, said);
	if (said->status != 0 || books_is_pending()) {
		return 0;
	}
	if (!books_lists_differ(words, sizeof(words))) {
		return 1;
	}
	process_run(refresh, (struct harm){ 0 }, said);
	return said->status == 0 && !books_is_pending();
}

/* 0 when it was done at last. */
static int
again(const struct step *step, const char *what)
{
	static struct said said;
	int64_t until = now_ms() + AGAIN_MAX_MS;
	int tries;

	for (tries = 0; now_ms() < until; tries++) {
		if (!daemon_is_up() && start_service(what) != 0) {
			return -1;
		}
		if (is_done(step, &said) && check_rest(&said)) {
			return 0;
		}
		pause_ms(tries < 5 ? 20 : 200);
	}
	failed("%s: the work cannot be taken up again: %d %s", what, said.status, said.err);
	return -1;
}

static void
check_audit(const char *what)
{
	static const char *const audit[] = { "shebaoctl", "audit", NULL };
	static struct said said;

	process_run(audit, (struct harm){ 0 }, &said);
	if (said.status != 0) {
		failed("%s: audit: %d\n%s%s", what, said.status, said.out, said.err);
	}
}

/* Nobody asks anything of it: then it must not be busy. */
static void
check_idle(const char *what)
{
	int64_t before = process_cpu_ms(daemon_pid());

	if (before > CPU_MAX_MS) {
		failed("%s: the service has used %d ms of processor", what, (int)before);
	}
	if (torture.cycles % IDLE_EVERY != 0) {
		return;
	}
	pause_ms(IDLE_MS);
	if (process_cpu_ms(daemon_pid()) - before > IDLE_MS / 3) {
		failed("%s: the idle service is busy", what);
	}
}

/* What a killed client left where it was saving goes when one saves there the next time. */
static int
is_left(const char *part, char orphan[PATH_MAX])
{
	static const char *const save[] = { "shebao", "export", "next.csv", "--force", NULL };
	static struct said said;
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/%s", torture.now, part);
	if (folder_orphan(path, orphan, PATH_MAX) && strcmp(part, "out") == 0 && books_has_client()) {
		process_run(save, (struct harm){ 0 }, &said);
	}
	return folder_orphan(path, orphan, PATH_MAX);
}

static void
check_folders(const char *what)
{
	static const char *const parts[] = { "state", "home", "out" };
	char orphan[PATH_MAX];
	size_t i;

	for (i = 0; i < 3; i++) {
		if (is_left(parts[i], orphan)) {
			failed("%s: %s was left behind", what, orphan);
		}
	}
}

void
check_world(const struct step *step, const char *truth, const char *what)
{
	char is[TRUTH_MAX], words[512];

	if (again(step, what) != 0) {
		return;
	}
	check_audit(what);
	books_truth(is);
	if (strcmp(is, truth) != 0) {
		failed("%s:\n  is     %s\n  wanted %s", what, is, truth);
	}
	if (books_wrong(words, sizeof(words))) {
		failed("%s: %s", what, words);
	}
	check_folders(what);
	check_idle(what);
}

static int
find_truth(const struct step *step, char truth[TRUTH_MAX])
{
	static struct said said;

	world_back_to(step->from);
	if (daemon_start((struct harm){ 0 }) != 0) {
		failed("%s: no service", step->name);
		return -1;
	}
	if (step->before[0] != NULL) {
		process_run(step->before, (struct harm){ 0 }, &said);
	}
	if (again(step, step->name) != 0) {
		return -1;
	}
	books_truth(truth);
	return 0;
}

int
check_truth(const struct step *step, char truth[TRUTH_MAX])
{
	static char known[STEPS_MAX][TRUTH_MAX];
	char *its = known[step - story_steps];

	assert(story_count <= STEPS_MAX);
	if (its[0] == '\0' && find_truth(step, its) != 0) {
		its[0] = '\0';
		return -1;
	}
	memcpy(truth, its, TRUTH_MAX);
	return 0;
}
