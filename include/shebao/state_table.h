/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_STATE_TABLE_H
#define SHEBAO_CORE_STATE_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "shebao/err.h"

/*
 * State machines as tables: a row says that an event by one of some roles leads from a state
 * to a state; what has no row is refused. States and events are indices, from 0, into the
 * names and labels. The client, the service and the simulator use the same tables
 * (shebao/states.h), menus offer only what a table allows, and the diagrams of the manual
 * pages are printed from them.
 */
enum role {
	ROLE_CLERK = 1,   /* of the employer, with a session */
	ROLE_OFFICER = 2, /* of the tax office */
	ROLE_BUREAU = 4,  /* 人社, 医保 */
	ROLE_BANK = 8,    /* answers of the bank, its counter */
	ROLE_SERVICE = 16 /* the service itself: its worker, its clock */
};

struct transition {
	int from;
	int event;
	int to;
	unsigned roles; /* ROLE_ flags: any of them */
};

struct state_table {
	const char *noun;                /* English, as in records: "levy" */
	const char *label;               /* Chinese (msgid), as in messages */
	const char *const *state_names;  /* on the wire, in --json and in the store */
	const char *const *state_labels; /* Chinese (msgid) */
	const char *const *event_names;
	const char *const *event_labels; /* Chinese (msgid) */
	size_t states, events;
	const struct transition *rows;
	size_t row_count;
	int initial;
};

/* Where event by role (one or several ROLE_ flags) leads. ERR_STATE when no row lists it, in
 * words that name the noun, its state and the event; ERR_FORBIDDEN when a row does, but for
 * other roles. *to is written on success only. */
int state_table_next(const struct state_table *t, int from, int event, unsigned role, int *to,
    struct err *err) __attribute__((warn_unused_result));

/* The same question without an answer in words: what a menu asks. */
int state_table_allows(const struct state_table *t, int from, int event, unsigned role);

size_t state_table_count(const struct state_table *t);

/* Name and label (not yet translated) of a state; state must be one of the table's. */
const char *state_table_name(const struct state_table *t, int state);
const char *state_table_label(const struct state_table *t, int state);

/* State by its English name, event by its English name; -1 when there is none. */
int state_table_find(const struct state_table *t, const char *name);
int state_table_find_event(const struct state_table *t, const char *name);

/* Prints states and transitions as aligned text. */
void state_table_print(const struct state_table *t, FILE *out);

#endif
