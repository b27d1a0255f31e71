/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim [--from N] [--seeds N] [--seconds N] [--jobs N]   runs seeds
 *     [--stop]      at the first that fails
 *     [--keep DIR]  writes the shrunk plan of each that fails to a file there
 *     [--total FILE] adds what ran to the counts in FILE, and goes on behind what they have
 *     [--matrix]    prints which states and faults met; fails when a pair that can be never was
 *     [--hashes]    prints each seed's trace hash
 * sim --seed N [--off FAULT]... [--acts N] [--skip A-B]... [--trace] [--until EVENTS]
 * sim --shrink N       the least of a seed that still fails
 * sim --replay FILE... plans that once failed
 * sim --sweep [--pairs N]
 * sim --faults         the names of the classes of faults
 *
 * Exit status 0: nothing was found.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim_many.h"
#include "sim_sweep.h"

static struct {
	struct sim_many many;
	struct sim_plan plan;
	int is_single, is_shrunk, is_sweep, is_faults, has_matrix;
	uint64_t pairs;
	const char *keep, *total;
} asked;

static void
keep_failure(const struct sim_plan *plan)
{
	struct sim_plan least = *plan;
	struct sim_outcome out;
	char path[256];
	FILE *file = stdout;

	sim_shrink(&least);
	(void)!sim_many_one(&least, 1, &out);
	if (asked.keep != NULL) {
		snprintf(path, sizeof(path), "%s/%" PRIu64 ".seed", asked.keep, plan->seed);
		file = fopen(path, "w");
		if (file == NULL) {
			perror(path);
			exit(2);
		}
		printf("kept as %s\n", path);
	}
	fprintf(file, "# %s\n", out.text);
	sim_plan_write(&least, file);
	if (file != stdout) {
		fclose(file);
	}
	fflush(stdout);
}

static int
run_seeds(void)
{
	struct timespec began, ended;
	struct sim_counts counts;
	uint64_t failed;
	double seconds;
	int f, missing;

	clock_gettime(CLOCK_MONOTONIC, &began);
	asked.many.failed = asked.many.stop ? NULL : keep_failure;
	failed = asked.total == NULL ? sim_many_run(&asked.many, &counts)
				     : sim_total_run(&asked.many, asked.total, &counts);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	seconds = (double)(ended.tv_sec - began.tv_sec) +
	    (double)(ended.tv_nsec - began.tv_nsec) / 1e9;
	printf("sim: %" PRIu64 " passed, %" PRIu64 " failed\n", counts.passed, failed);
	if (asked.many.stop) {
		return failed == 0 ? 0 : 1;
	}
	printf("%.1f s, %.0f seeds/s, %" PRId64 " events; faults:", seconds,
	    (double)counts.passed / seconds, counts.events);
	for (f = 0; f < SIM_FAULT_COUNT; f++) {
		printf(" %s %" PRId64, sim_fault_names[f], counts.hits[f]);
	}
	printf("\n");
	missing = asked.has_matrix ? sim_matrix_report(&counts, 1) : 0;
	return failed == 0 && missing == 0 ? 0 : 1;
}

static int
run_single(void)
{
	struct sim_outcome out;
	int failed = sim_many_one(&asked.plan, 0, &out);

	if (failed) {
		printf("sim: 0 passed, 1 failed\n");
		return 1;
	}
	printf("hash %016" PRIx64 "\nsim: 1 passed, 0 failed\n", out.hash);
	return 0;
}

static int
replay(const char *path)
{
	struct sim_plan plan;
	struct sim_outcome out;
	int failed;

	if (sim_plan_read(path, &plan) != 0) {
		return 1;
	}
	failed = sim_many_one(&plan, 1, &out) != 0;
	printf("%s %s %s\n", failed ? "FAILED" : "ok", path, out.text);
	return failed;
}

/* ---- what is asked */

static void
usage(const char *word)
{
	fprintf(stderr, "sim: not understood: %s (see the head of tests/sim/sim_main.c)\n", word);
	exit(2);
}

static uint64_t
number(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);

	if (*text == '\0' || *end != '\0') {
		usage(text);
	}
	return n;
}

static void
set_off(const char *name)
{
	int fault = sim_fault_named(name);

	if (fault < 0) {
		usage(name);
	}
	asked.plan.is_off[fault] = 1;
}

static void
set_skip(const char *text)
{
	long long from, to;

	if (sscanf(text, "%lld-%lld", &from, &to) != 2 || asked.plan.skip_count == SIM_SKIPS_MAX) {
		usage(text);
	}
	asked.plan.skips[asked.plan.skip_count].from = from;
	asked.plan.skips[asked.plan.skip_count++].to = to;
}

static int
take_flag(const char *word)
{
	static const struct {
		const char *word;
		int *flag;
	} flags[] = {
		{ "--stop", &asked.many.stop },
		{ "--hashes", &asked.many.show_hashes },
		{ "--matrix", &asked.has_matrix },
		{ "--sweep", &asked.is_sweep },
		{ "--faults", &asked.is_faults },
		{ "--trace", &sim.trace },
	};
	size_t i;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (strcmp(flags[i].word, word) == 0) {
			*flags[i].flag = 1;
			return 1;
		}
	}
	return 0;
}

static void
take_option(const char *word, const char *value)
{
	if (strcmp(word, "--seed") == 0 || strcmp(word, "--shrink") == 0) {
		asked.plan.seed = number(value);
		asked.is_single = 1;
		asked.is_shrunk = word[4] == 'r';
	} else if (strcmp(word, "--from") == 0) {
		asked.many.first = number(value);
	} else if (strcmp(word, "--seeds") == 0) {
		asked.many.count = number(value);
	} else if (strcmp(word, "--seconds") == 0) {
		asked.many.seconds = (int64_t)number(value);
	} else if (strcmp(word, "--jobs") == 0) {
		asked.many.jobs = (int)number(value);
	} else if (strcmp(word, "--pairs") == 0) {
		asked.pairs = number(value);
	} else if (strcmp(word, "--keep") == 0) {
		asked.keep = value;
	} else if (strcmp(word, "--total") == 0) {
		asked.total = value;
	} else if (strcmp(word, "--until") == 0) {
		sim.until = (int64_t)number(value);
	} else if (strcmp(word, "--off") == 0) {
		set_off(value);
	} else if (strcmp(word, "--acts") == 0) {
		asked.plan.acts = (int64_t)number(value);
	} else if (strcmp(word, "--skip") == 0) {
		set_skip(value);
	} else {
		usage(word);
	}
}

static void
remove_folder(void)
{
	char path[256];
	int i;

	for (i = 0; i < SIM_CLERKS; i++) {
		snprintf(path, sizeof(path), "%s/home%d/shebao.db", sim.folder, i);
		unlink(path);
		snprintf(path, sizeof(path), "%s/home%d", sim.folder, i);
		rmdir(path);
	}
	snprintf(path, sizeof(path), "%s/books.db", sim.folder);
	unlink(path);
	rmdir(sim.folder);
}

static void
begin(void)
{
	const char *tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	/* One name for all, of one length: it is part of what programs write. */
	snprintf(sim.folder, sizeof(sim.folder), "%s/sim-XXXXXX", tmp);
	if (mkdtemp(sim.folder) == NULL) {
		perror("sim");
		exit(2);
	}
	sim_prepare();
}

int
main(int argc, char **argv)
{
	int i, status = 0, trace;

	asked.many = (struct sim_many){ .first = 1, .count = 1000, .jobs = 1 };
	asked.plan.acts = -1;
	for (i = 1; i < argc && strcmp(argv[i], "--replay") != 0; i++) {
		if (!take_flag(argv[i])) {
			take_option(argv[i], i + 1 < argc ? argv[i + 1] : "");
			i++;
		}
	}
	if (asked.is_faults) {
		for (i = 0; i < SIM_FAULT_COUNT; i++) {
			puts(sim_fault_names[i]);
		}
		return 0;
	}
	trace = sim.trace;
	sim.trace = 0;
	begin();
	sim.trace = trace;
	if (i < argc) {
		while (++i < argc) {
			status |= replay(argv[i]);
		}
	} else if (asked.is_sweep) {
		status = sim_sweep(asked.many.jobs, asked.pairs);
	} else if (asked.is_shrunk) {
		keep_failure(&asked.plan);
	} else {
		status = asked.is_single ? run_single() : run_seeds();
	}
	remove_folder();
	return status;
}
