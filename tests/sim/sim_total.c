/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A long run in pieces: what ran counts, even when it is cut off, and it can be taken up again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim_many.h"

enum {
	PIECE = 500
};

struct total {
	uint64_t next, failed; /* the next seed */
	struct sim_counts counts;
};

static void
stop(const char *path, const char *why)
{
	fprintf(stderr, "sim: %s: %s\n", path, why);
	exit(2);
}

/* ---- the file: a line a number */

static int
find(const char *name, const char *(*name_of)(int machine, int i), int machine, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		if (strcmp(name_of(machine, i), name) == 0) {
			return i;
		}
	}
	return -1;
}

static const char *
machine_name(int machine, int i)
{
	(void)machine;
	return sim_machine_names[i];
}

static const char *
state_name(int machine, int i)
{
	return sim_state_name((enum sim_machine)machine, (size_t)i);
}

static int
read_pair(struct total *t, char *const words[3], int64_t n)
{
	int machine = find(words[0], machine_name, 0, SIM_MACHINE_COUNT), state, fault;

	if (machine < 0) {
		return -1;
	}
	state = find(words[1], state_name, machine,
	    (int)sim_state_count((enum sim_machine)machine));
	fault = sim_fault_named(words[2]);
	if (state < 0 || fault < 0) {
		return -1;
	}
	t->counts.matrix[machine][state][fault] = n;
	return 0;
}

static int
read_line(struct total *t, const char *line)
{
	char a[33], b[33], c[33];
	char *const words[] = { a, b, c };
	int64_t n;

	if (sscanf(line, "pair %32s %32s %32s %" SCNd64, a, b, c, &n) == 4) {
		return read_pair(t, words, n);
	}
	if (sscanf(line, "fault %32s %" SCNd64, a, &n) == 2 && sim_fault_named(a) >= 0) {
		t->counts.hits[sim_fault_named(a)] = n;
		return 0;
	}
	return sscanf(line, "next %" SCNu64, &t->next) == 1 ||
		sscanf(line, "passed %" SCNu64, &t->counts.passed) == 1 ||
		sscanf(line, "failed %" SCNu64, &t->failed) == 1 ||
		sscanf(line, "events %" SCNd64, &t->counts.events) == 1
	    ? 0
	    : -1;
}

static void
read_total(const char *path, struct total *t)
{
	FILE *file = fopen(path, "r");
	char line[160];

	if (file == NULL) {
		return;
	}
	while (fgets(line, sizeof(line), file) != NULL) {
		if (read_line(t, line) != 0) {
			stop(path, "counts of another simulator");
		}
	}
	fclose(file);
}

static void
print_total(FILE *out, const struct total *t)
{
	int m, s, f;

	fprintf(out, "next %" PRIu64 "\npassed %" PRIu64 "\nfailed %" PRIu64 "\nevents %" PRId64 "\n",
	    t->next, t->counts.passed, t->failed, t->counts.events);
	for (f = 0; f < SIM_FAULT_COUNT; f++) {
		fprintf(out, "fault %s %" PRId64 "\n", sim_fault_names[f], t->counts.hits[f]);
	}
	for (m = 0; m < SIM_MACHINE_COUNT; m++) {
		for (s = 0; s < (int)sim_state_count((enum sim_machine)m); s++) {
			for (f = 0; f < SIM_FAULT_COUNT; f++) {
				fprintf(out, "pair %s %s %s %" PRId64 "\n", machine_name(0, m),
				    state_name(m, s), sim_fault_names[f],
				    t->counts.matrix[m][s][f]);
			}
		}
	}
}

/* The old file or the new one, whenever this is cut off. */
static void
write_total(const char *path, const struct total *t)
{
	char beside[512];
	FILE *file;

	snprintf(beside, sizeof(beside), "%s.new", path);
	file = fopen(beside, "w");
	if (file == NULL) {
		stop(beside, "cannot be written");
	}
	print_total(file, t);
	if (fclose(file) != 0 || rename(beside, path) != 0) {
		stop(path, "cannot be written");
	}
}

/* ---- the run */

uint64_t
sim_total_run(const struct sim_many *many, const char *path, struct sim_counts *counts)
{
	struct total t = { .next = many->first };
	time_t until = many->seconds == 0 ? 0 : time(NULL) + many->seconds;
	struct sim_many piece = *many;
	uint64_t end = many->first + many->count;

	read_total(path, &t);
	piece.seconds = 0;
	while (t.next < end && (until == 0 || time(NULL) < until)) {
		piece.first = t.next;
		piece.count = end - t.next < PIECE ? end - t.next : PIECE;
		t.failed += sim_many_run(&piece, counts);
		sim_counts_add(&t.counts, counts);
		t.next += piece.count;
		write_total(path, &t);
		printf("sim: up to seed %" PRIu64 ": %" PRIu64 " passed, %" PRIu64 " failed, %" PRId64
		       " events\n",
		    t.next - 1, t.counts.passed, t.failed, t.counts.events);
		fflush(stdout);
	}
	*counts = t.counts;
	return t.failed;
}
