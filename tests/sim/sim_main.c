/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim [--from N] [--seeds N] [--seconds N]   runs seeds one after the other
 * sim --seed N [--off FAULT]... [--trace] [--until EVENTS]
 * sim --replay FILE...                       seeds that once failed
 *
 * Each run of seeds is a child: whatever a seed breaks, the next ones still run. A seed that
 * fails is tried again with one class of faults off after the other; what is left is printed as
 * the text of a seed file. Exit status 0: nothing was found.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "shebao/crypto.h"
#include "shebao/log.h"
#include "shebao/mem.h"
#include "sim_clerk.h"

#define NOON INT64_C(1592193600000) /* 2020-06-15 12:00 in China */
#define SEED_SECONDS 10

struct shared {
	uint64_t seed;    /* at work */
	uint64_t passed;
	uint64_t hash;
	int64_t events;
	int64_t hits[SIM_FAULT_COUNT];
};

static struct shared *shared;
static int off[SIM_FAULT_COUNT];

/* ---- one seed */

static void
choose_faults(void)
{
	int i;

	for (i = 0; i < SIM_FAULT_COUNT; i++) {
		sim.is_on[i] = sim_chance(i == SIM_ANSWER_LOST ? 75 : 50);
		if (off[i]) {
			sim.is_on[i] = 0;
		}
	}
}

/* How many clerks, and how long their day is: mostly few and short. */
static void
choose_size(void)
{
	static const int clerks[] = { 1, 1, 1, 2, 2, 2, 2, 3, 3, 5 };

	sim.clerks = clerks[sim_between(0, (int64_t)ARRAY_LEN(clerks) - 1)];
}

static void
wait_until(const int *done, const char *what)
{
	if (sim_run(done) != 0) {
		sim_fail("nothing more happens: %s", what);
	}
}

static int is_over, is_calm;

static void
watch_work(void *user)
{
	(void)user;
	if (sim_clerks_at(CLERK_IDLE) == sim.clerks || sim.now - sim.started > 6 * 3600 * 1000LL) {
		is_over = 1;
		return;
	}
	sim_after(5000, watch_work, NULL);
}

static void
watch_rest(void *user)
{
	(void)user;
	if (sim_clerk_phase < 2 && sim_clerks_at(CLERK_RESTS) == sim.clerks && sim_office_done &&
	    !sim_bank_busy() && sim_fibers(SIM_SERVICE) == 1) {
		sim_clerk_phase++;
		sim_after(90000, watch_rest, NULL);
		return;
	}
	if (sim_clerks_at(CLERK_DONE) == sim.clerks) {
		is_calm = 1;
		return;
	}
	if (sim.now - sim.started > 40 * 3600 * 1000LL) {
		sim_fail("L-1: no rest");
	}
	sim_after(5000, watch_rest, NULL);
}

static void
close_world(void)
{
	int i;

	for (i = 0; i < SIM_SIDES; i++) {
		sim_die(i, SIM_KILLED);
	}
	while (sim_fibers(SIM_SERVICE) > 0 && sim_run_one()) {
	}
	sim_clerks_close();
	sim_service_close();
	sim_net_reset();
	sim_disk_reset();
}

static void
run_seed(uint64_t seed)
{
	sim.now = sim.started = NOON;
	/* Nothing of the seeds before must show. */
	sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(seed % 0x7fffffff) + 1, NULL);
	sim_disk_reset();
	sim_net_reset();
	sim_bank_reset();
	sim_check_reset();
	sim_world_reset(seed);
	/* Some worlds begin shortly before midnight. */
	sim.now = sim.started =
	    NOON + (sim_chance(30) ? 11 * 3600 * 1000LL + sim_between(0, 3600000) : 0);
	choose_faults();
	choose_size();
	is_over = is_calm = 0;
	sim_service_start();
	sim_office_start();
	sim_clerks_start();
	sim_after(5000, watch_work, NULL);
	wait_until(&is_over, "work");
	sim_trace("the faults are over");
	sim.is_healed = 1;
	sim.sides[SIM_SERVICE].writes_left = -1;
	sim.sides[SIM_SERVICE].full_writes = 0;
	sim_net_heal();
	sim_bank_heal();
	sim_after(5000, watch_rest, NULL);
	wait_until(&is_calm, "rest");
	sim_check_rest();
	sim_trace("events %" PRId64, sim.events);
	close_world();
}

/* ---- a child for many */

static void
prepare(void)
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
	sim_disk_install();
	sim.now = sim.started = NOON;
	sim_world_reset(0); /* of a seed that parks nothing: what is closed is whole (sim_park.c) */
	sim.sides[SIM_SERVICE].is_open = 1;
	sim.is_healed = 1;
	sim_service_setup();
	sim_service_start();
	sim_clerk_setup();
	close_world();
}

static void
run_from(uint64_t first, uint64_t last, time_t until)
{
	uint64_t seed;
	int i;

	prepare();
	for (seed = first; seed <= last; seed++) {
		shared->seed = seed;
		if (until != 0 && time(NULL) >= until) {
			break;
		}
		alarm(SEED_SECONDS);
		memset(sim.hits, 0, sizeof(sim.hits));
		run_seed(seed);
		shared->passed++;
		shared->hash = sim.hash;
		shared->events += sim.events;
		for (i = 0; i < SIM_FAULT_COUNT; i++) {
			shared->hits[i] += sim.hits[i];
		}
	}
}

/* 0 when all passed; otherwise shared->seed failed. Quiet children say nothing. */
static int
run_child(uint64_t first, uint64_t last, time_t until, int is_quiet)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (freopen(is_quiet || !sim.trace ? "/dev/null" : "/dev/stdout", "w", stdout) == NULL ||
		    (is_quiet && freopen("/dev/null", "w", stderr) == NULL)) {
			_exit(3);
		}
		run_from(first, last, until);
		exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("sim");
		exit(2);
	}
	if (WIFSIGNALED(status)) {
		if (!is_quiet) {
			fprintf(stderr, "seed %" PRIu64 ": %s\n", shared->seed,
			    strsignal(WTERMSIG(status)));
		}
		return -1;
	}
	return WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* Switches off every class of faults that the failure does not need. */
static void
shrink(uint64_t seed)
{
	struct shared kept = *shared;
	int before[SIM_FAULT_COUNT], i;

	memcpy(before, off, sizeof(off));
	for (i = 0; i < SIM_FAULT_COUNT; i++) {
		if (off[i]) {
			continue;
		}
		off[i] = 1;
		if (run_child(seed, seed, 0, 1) == 0) {
			off[i] = 0;
		}
	}
	printf("seed %" PRIu64 "\n", seed);
	for (i = 0; i < SIM_FAULT_COUNT; i++) {
		if (off[i]) {
			printf("off %s\n", sim_fault_names[i]);
		}
	}
	memcpy(off, before, sizeof(off));
	*shared = kept;
}

static int
run_seeds(uint64_t first, uint64_t count, int64_t seconds, int stop)
{
	time_t began = time(NULL), until = seconds == 0 ? 0 : began + seconds;
	uint64_t seed = first, failed = 0;
	int i;

	while (seed < first + count) {
		if (run_child(seed, first + count - 1, until, 0) == 0) {
			break;
		}
		failed++;
		seed = shared->seed;
		if (count > 1 && !stop) {
			shrink(seed);
		}
		if (stop) {
			break;
		}
		seed++;
	}
	if (count == 1) {
		printf("hash %016" PRIx64 "\n", shared->hash);
	}
	printf("sim: %" PRIu64 " passed, %" PRIu64 " failed\n", shared->passed, failed);
	if (count > 1 && !stop) {
		printf("%lld s, %" PRId64 " events; faults:", (long long)(time(NULL) - began),
		    shared->events);
		for (i = 0; i < SIM_FAULT_COUNT; i++) {
			printf(" %s %" PRId64, sim_fault_names[i], shared->hits[i]);
		}
		printf("\n");
	}
	return failed == 0 ? 0 : 1;
}

static int
fault_named(const char *name)
{
	int i;

	for (i = 0; i < SIM_FAULT_COUNT; i++) {
		if (strcmp(sim_fault_names[i], name) == 0) {
			return i;
		}
	}
	fprintf(stderr, "sim: no such fault: %s\n", name);
	exit(2);
}

static int
replay(const char *path)
{
	char word[32], value[64], line[128];
	FILE *file = fopen(path, "r");
	uint64_t seed = 0;
	int failed;

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	memset(off, 0, sizeof(off));
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "%31s %63s", word, value) != 2 || word[0] == '#') {
			continue;
		}
		if (strcmp(word, "seed") == 0) {
			seed = strtoull(value, NULL, 10);
		} else if (strcmp(word, "off") == 0) {
			off[fault_named(value)] = 1;
		}
	}
	fclose(file);
	failed = run_child(seed, seed, 0, 0) != 0;
	printf("%s %s\n", failed ? "FAILED" : "ok", path);
	return failed;
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

int
main(int argc, char **argv)
{
	uint64_t from = 1, count = 1000;
	int64_t seconds = 0;
	int i, stop = 0, status = 0, replayed = 0;
	const char *tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	/* One name for all, of one length: it is part of what programs write. */
	snprintf(sim.folder, sizeof(sim.folder), "%s/sim-XXXXXX", tmp);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	    -1, 0);
	if (mkdtemp(sim.folder) == NULL || shared == MAP_FAILED) {
		perror("sim");
		return 2;
	}
	for (i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(argv[i], "--trace") == 0) {
			sim.trace = 1;
		} else if (strcmp(argv[i], "--stop") == 0) {
			stop = 1;
		} else if (strcmp(argv[i], "--replay") == 0) {
			while (++i < argc) {
				status |= replay(argv[i]);
				replayed++;
			}
		} else if (strcmp(argv[i++], "--seed") == 0) {
			from = strtoull(value, NULL, 10);
			count = 1;
		} else if (strcmp(argv[i - 1], "--from") == 0) {
			from = strtoull(value, NULL, 10);
		} else if (strcmp(argv[i - 1], "--seeds") == 0) {
			count = strtoull(value, NULL, 10);
		} else if (strcmp(argv[i - 1], "--seconds") == 0) {
			seconds = strtoll(value, NULL, 10);
		} else if (strcmp(argv[i - 1], "--until") == 0) {
			sim.until = strtoll(value, NULL, 10);
		} else if (strcmp(argv[i - 1], "--off") == 0) {
			off[fault_named(value)] = 1;
		} else {
			fprintf(stderr, "sim: unknown: %s\n", argv[i - 1]);
			return 2;
		}
	}
	if (replayed == 0) {
		status = run_seeds(from, count, seconds, stop);
	}
	remove_folder();
	return status;
}
