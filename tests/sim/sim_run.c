/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of a plan: a day of work with faults, then healing, rest, and all checks. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "shebao/crypto.h"
#include "shebao/log.h"
#include "shebao/mem.h"
#include "sim_clerk.h"
#include "sim_watch.h"

#define NOON INT64_C(1592193600000) /* 2020-06-15 12:00 in China */
#define HOUR 3600000LL

enum {
	NIGHTS_MAX = 3
};

static int is_over, is_calm, nights;

static void
choose_faults(void)
{
	int i;

	for (i = 0; i < SIM_FAULT_COUNT; i++) {
		/* The second service is there where the books are taken for PostgreSQL's: sim_service.c. */
		int is_chosen = i == SIM_SECOND ? sim_service_is_shared()
						: sim_chance(i == SIM_ANSWER_LOST ? 75 : 50);

		sim.is_on[i] = is_chosen && !sim.plan.is_off[i] && !sim.plan.is_story;
	}
}

/* How many clerks: mostly few. */
static void
choose_size(void)
{
	static const int clerks[] = { 1, 1, 1, 2, 2, 2, 2, 3, 3, 5 };

	sim.clerks = clerks[sim_between(0, (int64_t)ARRAY_LEN(clerks) - 1)];
	if (sim.plan.is_story) {
		sim.clerks = 1;
	}
}

static int64_t
worked(void)
{
	return sim.now - sim.started - sim.slept;
}

static void
sleep_for(int64_t ms)
{
	sim.now += ms;
	sim.slept += ms;
	sim_trace("%" PRId64 " hours later", (int64_t)(ms / HOUR));
}

static void
watch_work(void *user)
{
	(void)user;
	/* Of two services none rests longer than its lease. */
	if (nights < NIGHTS_MAX && (!sim.is_on[SIM_SECOND] || sim_service_is_idle()) &&
	    SIM_YES(SIM_NIGHT, 4)) {
		nights++;
		/* Over night, or over the days in which vouchers expire. */
		sleep_for(sim_between(1, sim_chance(70) ? 20 : 300) * HOUR);
	}
	if (sim_clerks_at(CLERK_IDLE) == sim.clerks || worked() > 6 * HOUR) {
		is_over = 1;
		return;
	}
	sim_after(5000, watch_work, NULL);
}

/* Vouchers expire at midnight (16:00 UTC): not between one client's last look and the next one's. */
static void
sleep_over_midnight(void)
{
	int64_t left = 24 * HOUR - (sim.now + 8 * HOUR) % (24 * HOUR);

	if (left < 2 * HOUR) {
		sleep_for(left + 1000);
	}
}

static void
watch_rest(void *user)
{
	(void)user;
	if (sim_clerk_phase < 2 && sim_clerks_at(CLERK_RESTS) == sim.clerks && sim_office_done &&
	    !sim_bank_busy() && sim_service_is_idle()) {
		sim_clerk_phase++;
		if (sim.is_on[SIM_NIGHT] && sim_clerk_phase == 1) {
			/* The last copies arrive after days. */
			sleep_for(sim_between(24, 73) * HOUR);
		}
		sleep_over_midnight();
		sim_after(90000, watch_rest, NULL);
		return;
	}
	if (sim_clerks_at(CLERK_DONE) == sim.clerks) {
		is_calm = 1;
		return;
	}
	if (worked() > 40 * HOUR) {
		sim_fail("L-1: no rest");
	}
	sim_after(5000, watch_rest, NULL);
}

static void
wait_until(const int *done, const char *what)
{
	if (sim_run(done) != 0) {
		sim_fail("nothing more happens: %s", what);
	}
}

static void
close_world(void)
{
	int i;

	for (i = 0; i < SIM_SIDES; i++) {
		sim_die(i, SIM_KILLED);
	}
	while (sim_service_fibers() > 0 && sim_run_one()) {
	}
	sim_clerks_close();
	sim_service_close();
	sim_net_reset();
	sim_disk_reset();
}

static void
heal(void)
{
	int i;

	sim_trace("the faults are over");
	sim.is_healed = 1;
	for (i = 0; i < SIM_SIDES; i++) {
		sim.sides[i].writes_left = -1;
		sim.sides[i].full_writes = sim.sides[i].bad_syncs = 0;
	}
	if (!sim.is_on[SIM_NIGHT]) {
		sim_net_heal(0);
	}
	sim_bank_heal();
}

void
sim_run_plan(const struct sim_plan *plan)
{
	sim.plan = *plan;
	sim.now = sim.started = NOON;
	/* Nothing of the seeds before must show. */
	sqlite3_test_control(
	    SQLITE_TESTCTRL_PRNG_SEED, (int)(plan->seed % 0x7fffffff) + 1, NULL);
	sim_disk_reset();
	sim_net_reset();
	sim_bank_reset();
	sim_check_reset();
	sim_watch_reset();
	sim_world_reset(plan->seed);
	/* Some worlds begin shortly before midnight, some of them before that of a due date. */
	sim.now = sim.started = NOON + 24 * HOUR * sim_between(0, 1) +
	    (sim_chance(30) && !plan->is_story ? 12 * HOUR - sim_delay(120000) : 0);
	sim.slept = 0;
	choose_faults();
	choose_size();
	is_over = is_calm = nights = 0;
	sim_service_start();
	sim_office_start();
	sim_clerks_start();
	sim_after(5000, watch_work, NULL);
	wait_until(&is_over, "work");
	heal();
	sim_after(5000, watch_rest, NULL);
	wait_until(&is_calm, "rest");
	sim_check_rest();
	sim_trace("events %" PRId64, sim.events);
	close_world();
}

void
sim_prepare(void)
{
	struct err err = { 0 };

	setenv("USER", "sim", 1);
	log_set_level(LOG_ERROR);
	if (crypto_init(&err) != 0) {
		sim_fail("%s", err.text);
	}
	/* One thread, and nobody counts the memory. */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sim_memory_install();
	sim_disk_install();
	sim.now = sim.started = NOON;
	sim.plan.acts = -1;
	/* Of a seed that parks nothing: what is closed is whole (sim_park.c). */
	sim_world_reset(0);
	sim.sides[SIM_SERVICE].is_open = 1;
	sim.is_healed = 1;
	sim_service_setup();
	sim_service_start();
	sim_clerk_setup();
	close_world();
}
