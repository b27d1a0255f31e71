/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim_many.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shebao/mem.h"

enum {
	JOBS_MAX = 64,
	RUN_SECONDS = 20,
	CHUNK = 8
};

struct slot {
	pid_t pid;
	uint64_t at, end; /* the run at work, and the end of the chunk */
	struct sim_counts counts;
};

static struct {
	_Atomic uint64_t next;
	struct sim_outcome one;
	struct slot slots[JOBS_MAX];
} *shared;

static void
share(void)
{
	if (shared == NULL) {
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (shared == MAP_FAILED) {
			perror("sim");
			exit(2);
		}
	}
}

static void
make_plan(const struct sim_many *many, uint64_t n, struct sim_plan *out)
{
	if (many->plan != NULL) {
		many->plan(n, out);
	} else {
		*out = (struct sim_plan){ .seed = n, .acts = -1 };
	}
}

void
sim_counts_add(struct sim_counts *to, const struct sim_counts *c)
{
	size_t m, s, f;

	to->passed += c->passed;
	to->events += c->events;
	for (f = 0; f < SIM_FAULT_COUNT; f++) {
		to->hits[f] += c->hits[f];
		for (m = 0; m < SIM_MACHINE_COUNT; m++) {
			for (s = 0; s < SIM_STATES_MAX; s++) {
				to->matrix[m][s][f] += c->matrix[m][s][f];
			}
		}
	}
}

/* Of the processor's time, so that a machine busy with other work fails nothing. */
static void
limit_time(void)
{
	const struct itimerval limit = { .it_value = { .tv_sec = RUN_SECONDS } };

	setitimer(ITIMER_PROF, &limit, NULL);
}

/* ---- a worker */

static void
run_one(const struct sim_many *many, uint64_t n, struct sim_counts *counts)
{
	struct sim_counts one = { .passed = 1 };
	struct sim_plan plan;

	make_plan(many, n, &plan);
	limit_time();
	memset(sim.hits, 0, sizeof(sim.hits));
	memset(sim_matrix, 0, sizeof(sim_matrix));
	sim_run_plan(&plan);
	one.events = sim.events;
	memcpy(one.hits, sim.hits, sizeof(one.hits));
	memcpy(one.matrix, sim_matrix, sizeof(one.matrix));
	sim_counts_add(counts, &one);
	if (many->show_hashes) {
		printf("%" PRIu64 " %016" PRIx64 "\n", n, sim.hash);
	}
}

static void
work(const struct sim_many *many, struct slot *slot, time_t until)
{
	for (;;) {
		if (slot->at == slot->end) {
			slot->at = atomic_fetch_add(&shared->next, CHUNK);
			slot->end = slot->at + CHUNK;
		}
		if (slot->at >= many->first + many->count || (until != 0 && time(NULL) >= until)) {
			break;
		}
		run_one(many, slot->at, &slot->counts);
		slot->at++;
	}
	fflush(stdout);
	_exit(0);
}

static void
start(const struct sim_many *many, struct slot *slot, time_t until)
{
	pid_t pid;

	fflush(stdout);
	fflush(stderr);
	pid = fork();
	if (pid == 0) {
		work(many, slot, until);
	}
	if (pid < 0) {
		perror("sim");
		exit(2);
	}
	slot->pid = pid; /* not the child's 0: the slot is shared */
}

static struct slot *
slot_of(pid_t pid)
{
	size_t i;

	for (i = 0; i < JOBS_MAX; i++) {
		if (shared->slots[i].pid == pid) {
			return &shared->slots[i];
		}
	}
	return NULL;
}

/* Waits for a worker: 1 it is through, 0 a run of it failed, -1 there is none any more. */
static int
reap(struct slot **out)
{
	int status = 0;
	pid_t pid = wait(&status);

	*out = pid < 0 ? NULL : slot_of(pid);
	if (*out == NULL) {
		return -1;
	}
	(*out)->pid = 0;
	if (WIFSIGNALED(status)) {
		fprintf(stderr, "seed %" PRIu64 ": %s\n", (*out)->at, strsignal(WTERMSIG(status)));
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

uint64_t
sim_many_run(const struct sim_many *many, struct sim_counts *counts)
{
	time_t until = many->seconds == 0 ? 0 : time(NULL) + many->seconds;
	uint64_t failed = 0;
	struct slot *slot;
	int i, is_through;

	share();
	memset(shared, 0, sizeof(*shared));
	atomic_store(&shared->next, many->first);
	for (i = 0; i < many->jobs && i < JOBS_MAX; i++) {
		start(many, &shared->slots[i], until);
	}
	while ((is_through = reap(&slot)) >= 0) {
		struct sim_plan plan;

		if (is_through) {
			continue;
		}
		failed++;
		make_plan(many, slot->at, &plan);
		slot->at++;
		if (many->stop) {
			until = 1;
		} else {
			start(many, slot, until);
		}
		if (many->failed != NULL) {
			many->failed(&plan);
		}
	}
	*counts = (struct sim_counts){ 0 };
	for (i = 0; i < JOBS_MAX; i++) {
		sim_counts_add(counts, &shared->slots[i].counts);
	}
	return failed;
}

/* ---- one run */

static void
run_quietly(const struct sim_plan *plan, int is_quiet, int err_fd)
{
	if ((is_quiet && freopen("/dev/null", "w", stdout) == NULL) ||
	    (err_fd >= 0 && dup2(err_fd, STDERR_FILENO) < 0)) {
		_exit(3);
	}
	limit_time();
	sim_run_plan(plan);
	shared->one.hash = sim.hash;
	shared->one.events = sim.events;
	shared->one.acts = sim.acts;
	shared->one.steps[0] = sim.sides[0].steps;
	shared->one.steps[1] = sim.sides[SIM_SERVICE].steps;
	fflush(stdout);
	_exit(0);
}

/* The last line is the violation. */
static void
read_text(int fd, char *out, size_t size)
{
	char line[512];
	FILE *file = fdopen(fd, "r");

	out[0] = '\0';
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		snprintf(out, size, "%.*s", (int)size - 1, line);
	}
	if (file != NULL) {
		fclose(file);
	}
}

int
sim_many_one(const struct sim_plan *plan, int is_quiet, struct sim_outcome *out)
{
	int status = 0, fds[2] = { -1, -1 };
	pid_t pid;

	share();
	memset(&shared->one, 0, sizeof(shared->one));
	fflush(stdout);
	fflush(stderr);
	if (is_quiet && pipe(fds) != 0) {
		perror("sim");
		exit(2);
	}
	pid = fork();
	if (pid == 0) {
		run_quietly(plan, is_quiet, fds[1]);
	}
	if (is_quiet) {
		close(fds[1]);
		read_text(fds[0], shared->one.text, sizeof(shared->one.text));
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("sim");
		exit(2);
	}
	if (WIFSIGNALED(status)) {
		snprintf(shared->one.text, sizeof(shared->one.text), "%s",
		    strsignal(WTERMSIG(status)));
	}
	*out = shared->one;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}
