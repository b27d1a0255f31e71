/* SPDX-License-Identifier: GPL-3.0-or-later */
/* malloc fails at the n-th call: once, or from then on. Not for the export: libxlsxwriter does not
 * look whether it got memory. */
#include "torture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* An operation that left the client, or one that is still to leave. */
static void
traces(char out[64])
{
	char ops[24], entries[24];

	books_value("state/books.db", "SELECT count(*) FROM op", ops, sizeof(ops));
	books_value("home/shebao.db", "SELECT count(*) || ' ' || coalesce(sum(attempts), 0) FROM journal", entries, sizeof(entries));
	snprintf(out, 64, "%s %s", ops, entries);
}

/* 0: it went on and did its work. 4: the operation left, what came of it could not be kept.
 * 5: it said that there was no memory. */
static int
is_decent(const struct said *said)
{
	return said->status == 0 || ((said->status == 4 || said->status == 5) && said->err[0] != '\0');
}

static void
harm_client(const struct step *step, struct harm harm, const char *what)
{
	static struct said said;

	if (!daemon_is_up() && daemon_start((struct harm){ 0 }) != 0) {
		failed("%s: no service", what);
		return;
	}
	process_run(step->command, harm, &said);
	if (*torture.count >= harm.at && !is_decent(&said)) {
		failed("%s: ends with %d: %.200s", what, said.status, said.err);
	}
}

static void
harm_service(const struct step *step, struct harm harm, const char *what)
{
	static struct said said;

	(void)daemon_start(harm);
	process_run(step->command, (struct harm){ 0 }, &said);
	if (!daemon_is_up() && daemon_status() != 0 && daemon_status() != 5 && !step->draws) {
		failed("%s: the service ends with %d", what, daemon_status());
	}
	if (said.status == -1) {
		failed("%s: hangs", what);
	}
	daemon_stop(SIGTERM);
}

void
sweep_memory(const struct step *step, enum target target, const char *how)
{
	char truth[TRUTH_MAX], what[160], before[64], after[64] = "";
	long stride = torture.stride > 0 ? torture.stride : 1, n;
	long first = 1 + (long)(strlen(step->name) * 11) % stride;
	int64_t began = now_ms();
	int touched = 1;

	if (strcmp(step->name, "export") == 0 || check_truth(step, truth) != 0) {
		return;
	}
	world_back_to(step->from);
	traces(before);
	for (n = torture.at > 0 ? torture.at : first; touched && torture.failures < 20; n += stride) {
		struct harm harm = { how, n };

		snprintf(what, sizeof(what), "%s %s %s at %ld", target == TARGET_CLIENT ? "client" : "daemon", step->name, how, n);
		torture.cycles++;
		if (target == TARGET_CLIENT) {
			harm_client(step, harm, what);
		} else {
			harm_service(step, harm, what);
		}
		touched = *torture.count >= n;
		torture.errors += touched;
		/* What left nothing behind needs no new world. */
		traces(after);
		if (!touched || strcmp(before, after) != 0) {
			check_world(step, truth, what);
			world_back_to(step->from);
		}
		touched = touched && torture.at == 0;
	}
	if (torture.say_all) {
		printf("%s %s %s: %ld calls, %d ms\n", target == TARGET_CLIENT ? "client" : "daemon", step->name, how, n - stride,
		    (int)(now_ms() - began));
		fflush(stdout);
	}
}
