/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exhaustive sweep: one clerk's story, and a death of the client or the service at each
 * durable step of it (write, sync, cut, removal, send, saved file), before the step is done, after
 * it, and by a loss of power. */
#include <inttypes.h>
#include <stdio.h>

#include "sim_many.h"
#include "sim_sweep.h"

static int64_t steps[2];

/* The n-th run: which side, which step, how. */
static void
plan_single(uint64_t n, struct sim_plan *out)
{
	int64_t at = (int64_t)n / SIM_CRASH_COUNT;
	int side = at >= steps[0];

	*out = (struct sim_plan){ .seed = 1, .acts = -1, .is_story = 1 };
	out->crash = (enum sim_crash)(n % SIM_CRASH_COUNT);
	out->crash_step[side] = 1 + at - (side ? steps[0] : 0);
}

/* One death of each side, drawn from all pairs. */
static void
plan_pair(uint64_t n, struct sim_plan *out)
{
	uint64_t z = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
	z ^= z >> 32;
	*out = (struct sim_plan){ .seed = 1, .acts = -1, .is_story = 1 };
	out->crash = (enum sim_crash)(z % SIM_CRASH_COUNT);
	out->crash_step[0] = 1 + (int64_t)(z / 4 % (uint64_t)steps[0]);
	out->crash_step[1] = 1 + (int64_t)(z / 65536 % (uint64_t)steps[1]);
}

int
sim_sweep(int jobs, uint64_t pairs)
{
	struct sim_plan plan = { .seed = 1, .acts = -1, .is_story = 1 };
	struct sim_many many = { .jobs = jobs, .plan = plan_single };
	struct sim_outcome whole;
	struct sim_counts counts, paired = { 0 };
	uint64_t failed;

	if (sim_many_one(&plan, 0, &whole) != 0) {
		printf("sweep: the story fails without any death\n");
		return 1;
	}
	steps[0] = whole.steps[0];
	steps[1] = whole.steps[1];
	many.count = (uint64_t)(steps[0] + steps[1]) * SIM_CRASH_COUNT;
	failed = sim_many_run(&many, &counts);
	if (pairs > 0) {
		many.plan = plan_pair;
		many.count = pairs;
		failed += sim_many_run(&many, &paired);
	}
	printf("sweep: %" PRId64 " steps of the client, %" PRId64 " of the service: %" PRIu64
	       " single deaths and %" PRIu64 " pairs passed, %" PRIu64 " failed\n",
	    steps[0], steps[1], counts.passed, paired.passed, failed);
	return failed == 0 ? 0 : 1;
}
