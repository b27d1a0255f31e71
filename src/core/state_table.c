/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine behind every state machine. */
#include "shebao/state_table.h"

#include <assert.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

static const struct {
	unsigned role;
	const char *name;
} role_names[] = {
	{ ROLE_CLERK, "clerk" },
	{ ROLE_OFFICER, "officer" },
	{ ROLE_BUREAU, "bureau" },
	{ ROLE_BANK, "bank" },
	{ ROLE_SERVICE, "service" },
};

static const struct transition *
find_row(const struct state_table *t, int from, int event)
{
	size_t i;

	assert(from >= 0 && (size_t)from < t->states);
	assert(event >= 0 && (size_t)event < t->events);
	for (i = 0; i < t->row_count; i++) {
		if (t->rows[i].from == from && t->rows[i].event == event) {
			return &t->rows[i];
		}
	}
	return NULL;
}

int
state_table_next(const struct state_table *t, int from, int event, unsigned role, int *to,
    struct err *err)
{
	const struct transition *row = find_row(t, from, event);

	if (row == NULL) {
		return err_set(err, ERR_STATE, _("%s当前状态为“%s”，不能%s。"),
		    _(t->label), _(t->state_labels[from]), _(t->event_labels[event]));
	}
	if ((row->roles & role) == 0) {
		return err_set(err, ERR_FORBIDDEN, _("%s当前状态为“%s”，您无权%s。"),
		    _(t->label), _(t->state_labels[from]), _(t->event_labels[event]));
	}
	*to = row->to;
	return 0;
}

int
state_table_allows(const struct state_table *t, int from, int event, unsigned role)
{
	const struct transition *row = find_row(t, from, event);

	return row != NULL && (row->roles & role) != 0;
}

size_t
state_table_count(const struct state_table *t)
{
	return t->states;
}

const char *
state_table_name(const struct state_table *t, int state)
{
	assert(state >= 0 && (size_t)state < t->states);
	return t->state_names[state];
}

const char *
state_table_label(const struct state_table *t, int state)
{
	assert(state >= 0 && (size_t)state < t->states);
	return t->state_labels[state];
}

static int
find_name(const char *const *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

int
state_table_find(const struct state_table *t, const char *name)
{
	return find_name(t->state_names, t->states, name);
}

int
state_table_find_event(const struct state_table *t, const char *name)
{
	return find_name(t->event_names, t->events, name);
}

static int
longest(const char *const *names, size_t count)
{
	size_t i, most = 0;

	for (i = 0; i < count; i++) {
		most = strlen(names[i]) > most ? strlen(names[i]) : most;
	}
	return (int)most;
}

static void
print_roles(unsigned roles, FILE *out)
{
	const char *before = "";
	size_t i;

	for (i = 0; i < ARRAY_LEN(role_names); i++) {
		if ((roles & role_names[i].role) != 0) {
			fprintf(out, "%s%s", before, role_names[i].name);
			before = ", ";
		}
	}
}

void
state_table_print(const struct state_table *t, FILE *out)
{
	int states = longest(t->state_names, t->states);
	int events = longest(t->event_names, t->events);
	size_t state, i;

	fprintf(out, "%s (%s)\n", t->noun, _(t->label));
	for (state = 0; state < t->states; state++) {
		fprintf(out, "  %-*s  %s%s\n", states, t->state_names[state],
		    _(t->state_labels[state]), (int)state == t->initial ? " *" : "");
	}
	for (state = 0; state < t->states; state++) {
		for (i = 0; i < t->row_count; i++) {
			const struct transition *row = &t->rows[i];

			if (row->from != (int)state) {
				continue;
			}
			fprintf(out, "  %-*s -- %-*s --> %-*s  ", states,
			    t->state_names[row->from], events, t->event_names[row->event],
			    states, t->state_names[row->to]);
			print_roles(row->roles, out);
			fputc('\n', out);
		}
	}
}
