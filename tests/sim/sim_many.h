/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_SIM_MANY_H
#define SHEBAO_TESTS_SIM_MANY_H

#include <stdio.h>

#include "sim.h"
#include "sim_watch.h"

/* Many runs, each in a child or in a worker that takes one after the other: whatever a run
 * breaks, the next ones still go on. */

struct sim_counts {
	uint64_t passed;
	int64_t events;
	int64_t hits[SIM_FAULT_COUNT];
	int64_t matrix[SIM_MACHINE_COUNT][SIM_STATES_MAX][SIM_FAULT_COUNT];
};

struct sim_many {
	uint64_t first, count;
	int64_t seconds; /* 0: no limit */
	int jobs;
	int stop;        /* at the first that fails */
	int show_hashes;
	/* Makes the n-th plan; NULL: plans are seeds. */
	void (*plan)(uint64_t n, struct sim_plan *out);
	/* What comes of one that failed; NULL: nothing. */
	void (*failed)(const struct sim_plan *plan);
};

void sim_counts_add(struct sim_counts *to, const struct sim_counts *counts);

/* How many failed; counts receives the sums of those that passed. */
uint64_t sim_many_run(const struct sim_many *many, struct sim_counts *counts);

/* One run in a child: 0 when it passed. Nothing is printed when it is quiet. */
struct sim_outcome {
	uint64_t hash;
	int64_t events, acts;
	int64_t steps[2]; /* the story's: clerk, service */
	char text[256];   /* of the violation */
};
int sim_many_one(const struct sim_plan *plan, int is_quiet, struct sim_outcome *out);

/* sim_shrink.c: the least of a plan that still fails; plans as files. */
void sim_shrink(struct sim_plan *plan);
void sim_plan_write(const struct sim_plan *plan, FILE *out);
int sim_plan_read(const char *path, struct sim_plan *out);
int sim_fault_named(const char *name); /* -1 */

/* sim_total.c: many seeds in pieces. What ran is added up in a file after each piece, and the next run
 * with the same file goes on behind it; seconds ends it between two pieces. As sim_many_run, with the
 * counts of all runs. */
uint64_t sim_total_run(const struct sim_many *many, const char *path, struct sim_counts *counts);

/* sim_matrix.c: prints the counts; how many pairs that can be reached were not. */
int sim_matrix_report(const struct sim_counts *counts, int is_whole);

#endif
