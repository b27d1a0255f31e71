/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every committed change of a state, as it happens: a small model of books and journals that
 * shares no code with them. It knows which changes there may be (sim_watch_table.c), that a levy
 * has one live claim of a family, and, when a program comes back, that all of its committed
 * changes and none but those are there. It also counts in which states faults strike.
 * What calls do is remembered with the connection and counts when its transaction was committed
 * (sim_calls.c).
 */
#include "sim_watch.h"

#include <stdio.h>
#include <string.h>

#include "shebao/books.h"
#include "shebao/mem.h"
#include "shebao/states.h"
#include "sim.h"

enum {
	ROWS_MAX = 2048,
	CLAIMS_MAX = 1024,
	CHANGES_MAX = 2048,
	NAME = 16,
	KEY = 40
};

static int
state_named(enum sim_machine m, const char *name)
{
	size_t i;

	for (i = 0; i < sim_state_count(m); i++) {
		if (strcmp(sim_state_name(m, i), name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

/* ---- the model */

struct row {
	enum sim_machine machine;
	int home; /* ops: whose journal; others: the service */
	char key[KEY];
	char state[NAME];
};

struct claim {
	char kind[NAME], holder[KEY], levy_no[KEY];
	int live;
};

enum kind { CHANGE_ROW, CHANGE_LEVIES, CLAIM_ADD, CLAIM_END, CLAIM_REVIVE };

struct change {
	const struct db *db; /* NULL: free */
	enum kind kind;
	int is_maybe; /* its commit failed in a way that leaves it open */
	int is_soft;  /* what was before a killed program's last write, until the next sync, or, once
		       * power is lost, until the program comes back */
	struct row row;
	char from[NAME];
	int64_t count;
	struct claim claim;
};

static struct row rows[ROWS_MAX];
static size_t row_count;
static struct claim claims[CLAIMS_MAX];
static size_t claim_count;
static struct change changes[CHANGES_MAX];
static size_t change_count;
static int64_t present[SIM_MACHINE_COUNT][SIM_STATES_MAX];
int64_t sim_matrix[SIM_MACHINE_COUNT][SIM_STATES_MAX][SIM_FAULT_COUNT];

void
sim_watch_reset(void)
{
	row_count = claim_count = change_count = 0;
	memset(present, 0, sizeof(present));
}

void
sim_watch_hit(enum sim_fault fault)
{
	size_t m, s;

	for (m = 0; m < SIM_MACHINE_COUNT; m++) {
		for (s = 0; s < SIM_STATES_MAX; s++) {
			sim_matrix[m][s][fault] += present[m][s] > 0;
		}
	}
}

static void
count_state(enum sim_machine m, const char *name, int64_t n)
{
	int state = state_named(m, name);

	if (state >= 0) {
		present[m][state] += n;
	}
}

static struct row *
row_of(const struct row *like)
{
	size_t i;

	for (i = 0; i < row_count; i++) {
		if (rows[i].machine == like->machine && rows[i].home == like->home &&
		    strcmp(rows[i].key, like->key) == 0) {
			return &rows[i];
		}
	}
	return NULL;
}

static void
put_row(const struct row *to)
{
	struct row *r = row_of(to);

	if (r == NULL) {
		if (row_count == ROWS_MAX) {
			sim_fail("the model is full");
		}
		r = &rows[row_count++];
		*r = *to;
		r->state[0] = '\0';
	}
	count_state(r->machine, r->state, -1);
	snprintf(r->state, sizeof(r->state), "%s", to->state);
	count_state(r->machine, r->state, 1);
}

/* A program may go on from what another of its home left in doubt. */
static int
is_allowed_after_maybe(const struct row *to)
{
	size_t i;

	for (i = 0; i < change_count; i++) {
		const struct row *r = &changes[i].row;

		if (changes[i].is_maybe && changes[i].kind == CHANGE_ROW &&
		    r->machine == to->machine && r->home == to->home &&
		    strcmp(r->key, to->key) == 0 &&
		    (strcmp(r->state, to->state) == 0 ||
			sim_watch_allows(to->machine, r->state, to->state))) {
			return 1;
		}
	}
	return 0;
}

static void
change_row(const struct row *to)
{
	const struct row *r = row_of(to);
	const char *from = r == NULL ? "" : r->state;

	if (strcmp(from, to->state) != 0 && !sim_watch_allows(to->machine, from, to->state) &&
	    !is_allowed_after_maybe(to)) {
		sim_fail("I-30: %s %s went from '%s' to '%s'", sim_machine_names[to->machine],
		    to->key, from, to->state);
	}
	put_row(to);
}

/* ---- claims */

static int
family(const char *kind)
{
	return strcmp(kind, "declaration") == 0				     ? 1
	    : strcmp(kind, "tax_paid") == 0				     ? 2
	    : strcmp(kind, "payment") == 0 || strcmp(kind, "voucher") == 0 ||
		strcmp(kind, "batch") == 0				     ? 3
									     : 0;
}

static void
check_claim(const struct claim *c)
{
	size_t i;

	for (i = 0; i < claim_count; i++) {
		if (&claims[i] != c && claims[i].live && family(c->kind) != 0 &&
		    family(claims[i].kind) == family(c->kind) &&
		    strcmp(claims[i].levy_no, c->levy_no) == 0) {
			sim_fail("I-02: levy %s is claimed by %s %s and %s %s", c->levy_no, c->kind,
			    c->holder, claims[i].kind, claims[i].holder);
		}
	}
}

static void
add_claim(const struct claim *c)
{
	if (claim_count == CLAIMS_MAX) {
		sim_fail("the model is full of claims");
	}
	claims[claim_count] = *c;
	if (c->live) {
		check_claim(&claims[claim_count]);
	}
	claim_count++;
}

static void
set_claims(const struct claim *like, int live)
{
	size_t i;

	for (i = 0; i < claim_count; i++) {
		if (strcmp(claims[i].kind, like->kind) == 0 &&
		    strcmp(claims[i].holder, like->holder) == 0) {
			claims[i].live = live;
			if (live) {
				check_claim(&claims[i]);
			}
		}
	}
}

/* ---- transactions */

static void
apply(const struct change *c)
{
	switch (c->kind) {
	case CHANGE_ROW:
		change_row(&c->row);
		break;
	case CHANGE_LEVIES:
		count_state(c->row.machine, c->from, -c->count);
		count_state(c->row.machine, c->row.state, c->count);
		break;
	case CLAIM_ADD:
		add_claim(&c->claim);
		break;
	case CLAIM_END:
	case CLAIM_REVIVE:
		set_claims(&c->claim, c->kind == CLAIM_REVIVE);
		break;
	}
}

static struct change *
new_change(const struct db *db, enum kind kind)
{
	struct change *c = &changes[change_count++];

	if (change_count == CHANGES_MAX) {
		sim_fail("the model is full of changes");
	}
	*c = (struct change){ .db = db, .kind = kind };
	return c;
}

/* The same transaction changes the row again. */
static int
is_superseded(size_t i)
{
	const struct change *c = &changes[i], *later;

	for (i++; c->kind == CHANGE_ROW && i < change_count; i++) {
		later = &changes[i];
		if (later->db == c->db && !later->is_maybe && later->kind == CHANGE_ROW &&
		    later->row.machine == c->row.machine && later->row.home == c->row.home &&
		    strcmp(later->row.key, c->row.key) == 0) {
			return 1;
		}
	}
	return 0;
}

static void
forget_maybes(int home, int is_soft)
{
	size_t i, n = 0;

	for (i = 0; i < change_count; i++) {
		if (!changes[i].is_maybe || changes[i].row.home != home ||
		    changes[i].is_soft != is_soft) {
			changes[n++] = changes[i];
		}
	}
	change_count = n;
}

static int
home_of(int side)
{
	return sim_is_service(side) ? -1 : sim.sides[side].machine;
}

int
sim_watch_home(void)
{
	return home_of(sim.side);
}

void
sim_watch_synced(void)
{
	forget_maybes(sim_watch_home(), 1);
}

void
sim_watch_crashed(int home)
{
	size_t i;

	for (i = 0; i < change_count; i++) {
		if (changes[i].row.home == home) {
			changes[i].is_soft = 0;
		}
	}
}

void
sim_watch_end(const struct db *db, int is_done, int is_maybe)
{
	size_t i, n = 0;

	for (i = 0; i < change_count; i++) {
		struct change *c = &changes[i];

		if (c->db == db && !c->is_maybe) {
			if (is_done && !is_superseded(i)) {
				apply(c);
			}
			if (!is_maybe || c->kind != CHANGE_ROW) {
				continue;
			}
			c->is_maybe = 1;
		}
		changes[n++] = *c;
	}
	change_count = n;
}

/* ---- what the wrapped calls say */

void
sim_watch_row(const struct db *db, enum sim_machine machine, int home, const char *key,
    const char *state)
{
	struct change *c = new_change(db, CHANGE_ROW);

	c->row.machine = machine;
	c->row.home = home;
	snprintf(c->row.key, sizeof(c->row.key), "%s", key);
	snprintf(c->row.state, sizeof(c->row.state), "%s", state);
}

void
sim_watch_claim(const struct db *db, enum sim_claim what, const char *kind, const char *holder,
    const char *levy_no)
{
	struct change *c = new_change(db,
	    what == SIM_CLAIM_ADD     ? CLAIM_ADD
		: what == SIM_CLAIM_END ? CLAIM_END
					: CLAIM_REVIVE);

	snprintf(c->claim.kind, sizeof(c->claim.kind), "%s", kind);
	snprintf(c->claim.holder, sizeof(c->claim.holder), "%s", holder);
	snprintf(c->claim.levy_no, sizeof(c->claim.levy_no), "%s", levy_no);
	c->claim.live = 1;
}

void
sim_watch_levies(const struct db *db, enum sim_machine machine, const char *from, const char *to,
    int64_t count)
{
	struct change *c = new_change(db, CHANGE_LEVIES);

	c->row.machine = machine;
	snprintf(c->from, sizeof(c->from), "%s", from);
	snprintf(c->row.state, sizeof(c->row.state), "%s", to);
	c->count = count;
}

int
sim_watch_has(enum sim_machine machine, const char *state)
{
	return present[machine][state_named(machine, state)] > 0;
}

const char *
sim_watch_state(enum sim_machine machine, int home, const char *key)
{
	struct row like = { .machine = machine, .home = home };
	const struct row *r;

	snprintf(like.key, sizeof(like.key), "%s", key);
	r = row_of(&like);
	return r == NULL ? "" : r->state;
}

/* ---- what programs find when they come back */

static int
is_explained(const struct row *found)
{
	size_t i;

	for (i = 0; i < change_count; i++) {
		const struct row *r = &changes[i].row;

		if (changes[i].is_maybe && changes[i].kind == CHANGE_ROW &&
		    r->machine == found->machine && r->home == found->home &&
		    strcmp(r->key, found->key) == 0 && strcmp(r->state, found->state) == 0) {
			return 1;
		}
	}
	return 0;
}

static int seen[ROWS_MAX];

/* What a killed program wrote last is there, but not yet safe: a loss of power may take it back. */
static void
keep_before(const struct row *found, const char *before)
{
	struct change *c;

	if (strcmp(found->state, before) != 0) {
		c = new_change(NULL, CHANGE_ROW);
		c->is_maybe = c->is_soft = 1;
		c->row = *found;
		snprintf(c->row.state, sizeof(c->row.state), "%s", before);
	}
}

static void
compare(enum sim_machine machine, int home, const char *key, const char *state, int is_first)
{
	struct row found = { .machine = machine, .home = home }, *r;

	snprintf(found.key, sizeof(found.key), "%s", key);
	snprintf(found.state, sizeof(found.state), "%s", state);
	r = row_of(&found);
	if (!is_first && (r == NULL || strcmp(r->state, state) != 0) && !is_explained(&found)) {
		sim_fail("I-26: %s %s came back as '%s'; it was '%s'", sim_machine_names[machine],
		    key, state, r == NULL ? "" : r->state);
	}
	if (!is_first) {
		keep_before(&found, r == NULL ? "" : r->state);
	}
	put_row(&found);
	seen[row_of(&found) - rows] = 1;
}

static void
compare_all(struct db *db, const char *sql, enum sim_machine machine, int home, int is_first)
{
	struct rows *found = NULL;
	struct err err = { 0 };
	int more;

	if (db_query(db, sql, DB_NONE, &found, &err) != 0) {
		sim_fail("%s: %s", sql, err.text);
	}
	while ((more = db_rows_next(found, &err)) == 1) {
		compare(machine, home, db_rows_text(found, 0), db_rows_text(found, 1), is_first);
	}
	db_rows_close(found);
	if (more < 0) {
		sim_fail("%s: %s", sql, err.text);
	}
}

static void
check_missing(int home)
{
	size_t i;

	for (i = 0; i < row_count; i++) {
		struct row gone = rows[i];

		gone.state[0] = '\0';
		if (rows[i].home == home && !seen[i] && rows[i].state[0] != '\0') {
			if (!is_explained(&gone)) {
				sim_fail("I-26: %s %s was '%s' and is gone",
				    sim_machine_names[rows[i].machine], rows[i].key, rows[i].state);
			}
			keep_before(&gone, rows[i].state);
			put_row(&gone);
		}
	}
}

static void
load_claims(struct db *db)
{
	struct rows *found = NULL;
	struct claim c = { 0 };

	claim_count = 0;
	if (db_query(db, "SELECT kind, holder, levy_no, live FROM claim", DB_NONE, &found, NULL) != 0) {
		sim_fail("the claims cannot be read");
	}
	while (db_rows_next(found, NULL) == 1) {
		snprintf(c.kind, sizeof(c.kind), "%s", db_rows_text(found, 0));
		snprintf(c.holder, sizeof(c.holder), "%s", db_rows_text(found, 1));
		snprintf(c.levy_no, sizeof(c.levy_no), "%s", db_rows_text(found, 2));
		c.live = (int)db_rows_int(found, 3);
		add_claim(&c);
	}
	db_rows_close(found);
}

static void
load_levies(struct db *db)
{
	struct rows *found = NULL;

	memset(present[SIM_LEVY], 0, sizeof(present[SIM_LEVY]));
	memset(present[SIM_LEVY_PAY], 0, sizeof(present[SIM_LEVY_PAY]));
	if (db_query(db, "SELECT state, pay_state FROM levy", DB_NONE, &found, NULL) != 0) {
		sim_fail("the levies cannot be read");
	}
	while (db_rows_next(found, NULL) == 1) {
		count_state(SIM_LEVY, db_rows_text(found, 0), 1);
		count_state(SIM_LEVY_PAY, db_rows_text(found, 1), 1);
	}
	db_rows_close(found);
}

/* What a killed program wrote to the log whole, but did not announce, those who live beside it do not see;
 * once all of them have died it is found. */
static int
is_alone(int home)
{
	int i;

	for (i = 0; i < SIM_SIDES; i++) {
		if (i != sim.side && home_of(i) == home && sim.sides[i].is_open) {
			return 0;
		}
	}
	return 1;
}

void
sim_watch_service(struct db *db, int is_first)
{
	memset(seen, 0, sizeof(seen));
	compare_all(db, "SELECT declaration_id, state FROM declaration", SIM_DECLARATION, -1, is_first);
	compare_all(db, "SELECT payment_no, state FROM payment", SIM_PAYMENT, -1, is_first);
	compare_all(db, "SELECT voucher_no, state FROM voucher", SIM_VOUCHER, -1, is_first);
	compare_all(db, "SELECT certificate_no, state FROM certificate", SIM_CERTIFICATE, -1, is_first);
	compare_all(db, "SELECT message_key, state FROM outbox", SIM_MESSAGE, -1, is_first);
	check_missing(-1);
	if (is_alone(-1)) {
		forget_maybes(-1, 0);
	}
	load_claims(db);
	load_levies(db);
}

void
sim_watch_client(struct db *db, int home)
{
	memset(seen, 0, sizeof(seen));
	compare_all(db, "SELECT op_id, state FROM journal", SIM_OP, home, 0);
	check_missing(home);
	if (is_alone(home)) {
		forget_maybes(home, 0);
	}
}
