/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least of a plan that still fails: classes of faults off one by one, then the things people
 * do cut from the end by halves, then pieces of what is left. And plans as files. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim_many.h"

enum {
	RUNS_MAX = 400
};

static int runs;

static int
still_fails(const struct sim_plan *plan)
{
	struct sim_outcome out;

	return runs++ < RUNS_MAX && sim_many_one(plan, 1, &out) != 0;
}

static void
shrink_faults(struct sim_plan *plan)
{
	int i;

	for (i = 0; i < SIM_FAULT_COUNT; i++) {
		if (!plan->is_off[i]) {
			plan->is_off[i] = 1;
			plan->is_off[i] = still_fails(plan);
		}
	}
}

/* The least number of things done after which it fails, found by halves. */
static void
shrink_acts(struct sim_plan *plan)
{
	int64_t low = -1, high = 4096, middle;

	plan->acts = high;
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		plan->acts = middle;
		if (still_fails(plan)) {
			high = middle;
		} else {
			low = middle;
		}
	}
	plan->acts = high;
}

static void
shrink_middle(struct sim_plan *plan)
{
	int64_t size, at;

	for (size = plan->acts / 2; size > 0; size /= 2) {
		for (at = 0; at + size <= plan->acts; at += size) {
			if (plan->skip_count == SIM_SKIPS_MAX) {
				return;
			}
			plan->skips[plan->skip_count].from = at;
			plan->skips[plan->skip_count].to = at + size;
			plan->skip_count++;
			if (!still_fails(plan)) {
				plan->skip_count--;
			}
		}
	}
}

void
sim_shrink(struct sim_plan *plan)
{
	runs = 0;
	shrink_faults(plan);
	shrink_acts(plan);
	shrink_middle(plan);
}

/* ---- files */

int
sim_fault_named(const char *name)
{
	int i;

	for (i = 0; i < SIM_FAULT_COUNT; i++) {
		if (strcmp(sim_fault_names[i], name) == 0) {
			return i;
		}
	}
	return -1;
}

void
sim_plan_write(const struct sim_plan *plan, FILE *out)
{
	size_t i;

	fprintf(out, "seed %" PRIu64 "\n", plan->seed);
	for (i = 0; i < SIM_FAULT_COUNT; i++) {
		if (plan->is_off[i]) {
			fprintf(out, "off %s\n", sim_fault_names[i]);
		}
	}
	if (plan->acts >= 0) {
		fprintf(out, "acts %" PRId64 "\n", plan->acts);
	}
	for (i = 0; i < plan->skip_count; i++) {
		fprintf(out, "skip %" PRId64 " %" PRId64 "\n", plan->skips[i].from,
		    plan->skips[i].to);
	}
}

static int
read_line(const char *line, struct sim_plan *out)
{
	char name[64];
	long long a, b;

	if (line[0] == '#' || line[0] == '\n') {
		return 0;
	}
	if (sscanf(line, "seed %lld", &a) == 1) {
		out->seed = (uint64_t)a;
	} else if (sscanf(line, "acts %lld", &a) == 1) {
		out->acts = a;
	} else if (sscanf(line, "skip %lld %lld", &a, &b) == 2 && out->skip_count < SIM_SKIPS_MAX) {
		out->skips[out->skip_count].from = a;
		out->skips[out->skip_count++].to = b;
	} else if (sscanf(line, "off %63s", name) == 1 && sim_fault_named(name) >= 0) {
		out->is_off[sim_fault_named(name)] = 1;
	} else {
		return -1;
	}
	return 0;
}

int
sim_plan_read(const char *path, struct sim_plan *out)
{
	FILE *file = fopen(path, "r");
	char line[4096]; /* what was found may be long */
	int failed = 0;

	*out = (struct sim_plan){ .acts = -1 };
	if (file == NULL) {
		perror(path);
		return -1;
	}
	while (!failed && fgets(line, sizeof(line), file) != NULL) {
		failed = read_line(line, out);
		if (failed) {
			fprintf(stderr, "%s: not understood: %s", path, line);
		}
	}
	fclose(file);
	return failed;
}
