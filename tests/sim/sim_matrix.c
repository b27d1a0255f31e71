/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which states each class of faults struck, and which of these pairs cannot be. */
#include <inttypes.h>
#include <string.h>

#include "shebao/mem.h"
#include "shebao/states.h"
#include "sim_many.h"

static const char *const message_states[] = { "queued", "sent", "done" };

const char *const sim_machine_names[SIM_MACHINE_COUNT] = { "levy", "levy_pay", "declaration",
	"payment", "voucher", "certificate", "message", "op" };

static const struct state_table *const tables[SIM_MACHINE_COUNT] = { &states_levy,
	&states_levy_pay, &states_declaration, &states_payment, &states_voucher,
	&states_certificate, NULL, &states_op };

size_t
sim_state_count(enum sim_machine m)
{
	return tables[m] == NULL ? ARRAY_LEN(message_states) : tables[m]->states;
}

const char *
sim_state_name(enum sim_machine m, size_t state)
{
	return tables[m] == NULL ? message_states[state] : tables[m]->state_names[state];
}

static const struct {
	enum sim_machine machine;
	const char *state;
	const char *fault; /* NULL: any */
	const char *why;
} unreachable[] = {
	{ SIM_DECLARATION, "queued", NULL, "the service has it only when it is pending" },
};

static const char *
why_not(enum sim_machine m, const char *state, const char *fault)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(unreachable); i++) {
		if (unreachable[i].machine == m && strcmp(unreachable[i].state, state) == 0 &&
		    (unreachable[i].fault == NULL || strcmp(unreachable[i].fault, fault) == 0)) {
			return unreachable[i].why;
		}
	}
	return NULL;
}

/* One line a state: how many classes struck in it, the least hit, and those that did not. */
static int
report_state(const struct sim_counts *counts, enum sim_machine m, size_t s, int *pairs)
{
	const char *name = sim_state_name(m, s);
	int64_t least = INT64_MAX;
	int missing = 0, struck = 0, f;

	for (f = 0; f < SIM_FAULT_COUNT; f++) {
		int64_t n = counts->matrix[m][s][f];

		if (why_not(m, name, sim_fault_names[f]) != NULL) {
			if (n > 0) {
				printf("  %s %s, %s: called unreachable, struck %" PRId64 " times\n",
				    sim_machine_names[m], name, sim_fault_names[f], n);
				missing++;
			}
			continue;
		}
		++*pairs;
		struck += n > 0;
		least = n < least ? n : least;
		if (n == 0) {
			printf("  %s %s: never %s\n", sim_machine_names[m], name, sim_fault_names[f]);
			missing++;
		}
	}
	printf("%-12s %-14s %2d faults", sim_machine_names[m], name, struck);
	if (struck > 0) {
		printf(", the rarest %" PRId64 " times\n", least);
	} else {
		printf(": %s\n", missing > 0 ? "never reached" : why_not(m, name, "delay"));
	}
	return missing;
}

int
sim_matrix_report(const struct sim_counts *counts, int is_whole)
{
	int missing = 0, pairs = 0, m;
	size_t s;

	for (m = 0; m < SIM_MACHINE_COUNT; m++) {
		for (s = 0; s < sim_state_count((enum sim_machine)m); s++) {
			missing += report_state(counts, (enum sim_machine)m, s, &pairs);
		}
	}
	printf("matrix: %d of %d pairs of state and fault%s\n", pairs - missing, pairs,
	    missing > 0 && !is_whole ? " (a short run need not hit all)" : "");
	return missing;
}
