/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clerks: impatient, forgetful, several of one employer. What they do is what the screens let
 * them do, by the same calls; what they are told is remembered and compared with the truth.
 */
#include "sim_clerk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"
#include "shebao/state_table.h"
#include "shebao/states.h"
#include "sim_watch.h"

#define PASSWORD "Guiyang-2020"
enum {
	SEEN_MAX = 2048
};

struct sim_clerk sim_clerks[SIM_CLERKS];
int sim_clerk_phase;
static struct buf first_disk[SIM_EMPLOYERS]; /* logged out, with the first lists */
static struct sim_intent **intents;
static size_t intent_count;
static struct {
	int home;
	char key[40];
	int64_t version;
} seen[SEEN_MAX]; /* what lists have shown */
static size_t seen_count;

/* ---- what was asked and told */

struct sim_intent *
sim_intent_find(const char *op_id)
{
	size_t i;

	for (i = 0; i < intent_count; i++) {
		if (strcmp(intents[i]->op_id, op_id) == 0) {
			return intents[i];
		}
	}
	return NULL;
}

struct sim_intent *
sim_intent_at(size_t i)
{
	return i < intent_count ? intents[i] : NULL;
}

int
sim_intents_overlap(const struct sim_intent *a, const struct sim_intent *b)
{
	size_t i, j;

	for (i = 0; i < a->levies.count; i++) {
		for (j = 0; j < b->levies.count; j++) {
			if (strcmp(a->levies.items[i], b->levies.items[j]) == 0) {
				return 1;
			}
		}
	}
	return 0;
}

struct sim_intent *
sim_intent_new(
    const struct sim_clerk *c, const char *op_id, const struct text_list *levies, int64_t amount)
{
	struct sim_intent *intent = mem_alloc(sizeof(*intent));
	size_t i;

	intent->employer = c->employer;
	intent->amount = amount;
	mem_copy_text(intent->op_id, sizeof(intent->op_id), op_id);
	for (i = 0; i < levies->count; i++) {
		text_list_add(&intent->levies, levies->items[i]);
	}
	intents = mem_resize(intents, intent_count + 1, sizeof(struct sim_intent *));
	intents[intent_count++] = intent;
	return intent;
}

int64_t *
sim_clerk_seen(const struct sim_clerk *c, const char *key)
{
	int home = sim.sides[c->side].machine;
	size_t i;

	for (i = 0; i < seen_count; i++) {
		if (seen[i].home == home && strcmp(seen[i].key, key) == 0) {
			return &seen[i].version;
		}
	}
	if (seen_count == SEEN_MAX) {
		sim_fail("too many records were seen");
	}
	seen[seen_count].home = home;
	seen[seen_count].version = 0;
	snprintf(seen[seen_count].key, sizeof(seen[0].key), "%s", key);
	return &seen[seen_count++].version;
}

void
sim_intent_told(struct sim_intent *intent, int state)
{
	int64_t sum;

	if (state == PAYMENT_SUCCEEDED) {
		intent->told = SIM_TOLD_DONE;
		if (intent->amount > 0 &&
		    (sim_bank_count(intent->op_id, &sum) != 1 || sum != intent->amount)) {
			sim_fail("I-17: a clerk was told that %s succeeded", intent->op_id);
		}
	} else if (state == PAYMENT_REFUSED) {
		intent->told = SIM_TOLD_REFUSED;
	}
}

static void
forget_intents(void)
{
	while (intent_count > 0) {
		text_list_release(&intents[--intent_count]->levies);
		free(intents[intent_count]);
	}
}

/* ---- opening, logging in */

static void
on_think(void *user)
{
	*(int *)user = 1;
}

void
sim_clerk_think(struct sim_clerk *c, int64_t ms)
{
	int done = 0;

	loop_timer(c->loop, ms, on_think, &done);
	loop_run_until(c->loop, &done);
}

int
sim_clerk_open(struct sim_clerk *c)
{
	struct app_settings settings = { .server = "http://127.0.0.1:8600" };
	struct err err = { 0 };

	c->loop = loop_new();
	if (app_open(c->loop, &settings, c->home, &c->app, &err) != 0) {
		loop_free(c->loop);
		c->loop = NULL;
		c->app = NULL;
		if (!sim_is_dead() && err.code != ERR_BUSY) {
			sim_fail("%s cannot be opened: %s", sim.sides[c->side].name, err.text);
		}
		return -1;
	}
	sim_watch_client(app_db(c->app), sim.sides[c->side].machine);
	if (app_choose(c->app, NULL, NULL) == 0 && sim_chance(70)) {
		(void)!app_login_again(c->app, NULL);
	}
	return 0;
}

void
sim_clerk_close(struct sim_clerk *c)
{
	if (c->app != NULL) {
		app_close(c->app);
		loop_free(c->loop);
	}
	c->app = NULL;
	c->loop = NULL;
}

static void
on_final(const struct declaration *declaration, void *user)
{
	struct sim_clerk *c = user;

	sim_trace("%s sees %s final", sim.sides[c->side].name, declaration->declaration_id);
	c->finals++;
	sim_hit(SIM_WATCH);
}

/* What the screens notify: true, or not said. */
static void
on_paid(const struct payment *payment, void *user)
{
	struct sim_clerk *c = user;
	struct sim_intent *intent = sim_intent_find(payment->op_id);

	sim_trace("%s sees %s %s", sim.sides[c->side].name, payment->payment_no,
	    state_table_name(&states_payment, payment->state));
	if (intent != NULL) {
		sim_intent_told(intent, payment->state);
	}
	sim_hit(SIM_WATCH);
}

/* Somebody of the employer changed or reset it: the clerk tries what it may be. */
static void
other_password(struct sim_clerk *c)
{
	const char *known = sim_passwords[c->employer];

	snprintf(c->password, sizeof(c->password), "%s",
	    strcmp(c->password, known) != 0   ? known
		: strcmp(known, PASSWORD) == 0 ? sim_clerk_initial(c)
					       : PASSWORD);
}

int
sim_clerk_login(struct sim_clerk *c)
{
	const char *wrong = SIM_YES(SIM_RESET, 3) ? "wrong" : c->password;
	struct err err = { 0 };
	int must_change = 0, rc;

	rc = app_login(c->app, sim_employers[c->employer], wrong, &must_change, &err);
	sim_trace("%s logs in: %d %s", sim.sides[c->side].name, rc, err_info(err.code)->name);
	if (err.code == ERR_WRONG_PASSWORD && wrong == c->password) {
		other_password(c);
	}
	if (rc != 0 && !app_is_logged_in(c->app)) {
		return -1;
	}
	if (must_change) {
		rc = app_password_change(c->app, c->password, PASSWORD, &err);
		sim_trace("%s changes the password: %d %s", sim.sides[c->side].name, rc,
		    err_info(err.code)->name);
		snprintf(c->password, sizeof(c->password), "%s", PASSWORD);
		if (rc == 0) {
			snprintf(sim_passwords[c->employer], sizeof(sim_passwords[0]), "%s",
			    PASSWORD);
		}
		if (rc != 0) {
			return -1;
		}
	}
	if (sim.is_on[SIM_WATCH]) {
		app_feedback_watch(c->app, on_final, c);
		app_payment_watch(c->app, on_paid, c);
	}
	return rc;
}

const char *
sim_clerk_initial(const struct sim_clerk *c)
{
	return c->employer == 0 ? "048857" : "052217";
}

/* ---- a working day */

static void
quit(struct sim_clerk *c)
{
	if (sim_chance(50)) {
		(void)!app_logout(c->app, NULL);
	}
	sim_clerk_close(c);
	sim_sleep(sim_delay(10000));
}

static void
step(struct sim_clerk *c)
{
	if (c->app == NULL && sim_clerk_open(c) != 0) {
		sim_sleep(500);
		return;
	}
	if (!app_is_logged_in(c->app) || c->is_out) {
		c->is_out = sim_clerk_login(c) != 0;
		if (c->is_out) {
			sim_clerk_think(c, sim_delay(2000));
		}
		return;
	}
	if (sim.plan.is_story) {
		sim_story_act(c);
		return;
	}
	if (sim_chance(4)) {
		quit(c);
		return;
	}
	c->acts--;
	if (sim_act()) {
		if (sim.sides[c->side].machine != c->side || (c->side == 0 && sim.is_on[SIM_SHARED_HOME] && sim.clerks > 1)) {
			sim_hit(SIM_SHARED_HOME);
		}
		sim_clerk_act(c);
	}
	sim_clerk_think(c, sim_chance(60) ? sim_between(1, 500) : sim_delay(4000));
}

/* ---- when the faults are over */

/* Logged in, and nothing of this client is under way; with its lists as the service has them. */
static int
come_to_rest(struct sim_clerk *c, int with_lists)
{
	struct err err = { 0 };
	int64_t open = 0;

	if (c->app == NULL && sim_clerk_open(c) != 0) {
		return 0;
	}
	if (!app_is_logged_in(c->app) || c->is_out) {
		c->is_out = sim_clerk_login(c) != 0;
	}
	if (c->is_out) {
		return 0;
	}
	if ((with_lists && app_download(c->app, APP_DOWNLOAD_ALL, NULL, NULL, NULL, &err) != 0) ||
	    app_feedback(c->app, NULL, 20000, &open, NULL, &err) != 0) {
		sim_trace("%s cannot come to rest: %s", sim.sides[c->side].name, err.text);
		c->is_out = err.code == ERR_SESSION || err.code == ERR_PASSWORD_INITIAL;
		return 0;
	}
	return open == 0 && app_open_operations(c->app) == 0;
}

static void
try_to_rest(struct sim_clerk *c, int with_lists)
{
	int64_t began, pause = 2000;

	while (sim_bank_busy() || sim_service_rests()) {
		sim_sleep(5000);
	}
	began = sim.now;
	while (!come_to_rest(c, with_lists)) {
		if (sim.now - began > 20 * 60 * 1000) {
			sim_fail("%s does not come to rest: %d operations are open",
			    sim.sides[c->side].name,
			    c->app == NULL ? -1 : (int)app_open_operations(c->app));
		}
		sim_sleep(pause);
		pause = pause < 60000 ? pause * 2 : pause;
	}
}

static void
rest(struct sim_clerk *c)
{
	try_to_rest(c, 0);
	c->stage = CLERK_RESTS;
	while (sim_clerk_phase < 2) {
		sim_sleep(20000);
	}
	try_to_rest(c, 1);
	c->stage = CLERK_DONE;
}

/* ---- life and death */

static void live(void *user);

/* What the machine's disk holds is decided once, when its last program is gone. */
static int
take_up(const struct sim_clerk *c)
{
	int machine = sim.sides[c->side].machine, i;

	if (!sim.power_lost[machine]) {
		return 1;
	}
	for (i = 0; i < SIM_CLERKS; i++) {
		if (sim.sides[i].machine == machine && sim.sides[i].is_open) {
			return 0;
		}
	}
	sim_disk_crash(machine);
	sim_watch_crashed(machine);
	sim.power_lost[machine] = 0;
	return 1;
}

static void
come_back(void *user)
{
	struct sim_clerk *c = user;

	if (!take_up(c)) {
		sim_after(100, come_back, c);
		return;
	}
	sim_fiber_start(c->side, live, c);
}

static void
set_death(struct sim_side *side)
{
	int64_t steps = side->steps;

	*side = (struct sim_side){ .name = side->name,
		.machine = side->machine,
		.writes_left = -1,
		.steps = steps,
		.is_open = 1 };
	if (sim.plan.is_story && steps == 0) {
		side->writes_left = sim.plan.crash_step[0] - 1;
	}
	if (!sim.is_healed && (sim.is_on[SIM_CLIENT_KILL] || sim.is_on[SIM_CLIENT_POWER])) {
		/* Often soon: a short world must see it, too. */
		side->writes_left = sim_between(1, INT64_C(16) << sim_between(0, 6));
	}
	if (!sim.is_healed && sim.is_on[SIM_DISK_FULL] && sim_chance(20)) {
		side->full_writes = (int)sim_between(1, 10);
	}
	if (!sim.is_healed && sim.is_on[SIM_DISK_ERROR] && sim_chance(20)) {
		side->bad_syncs = (int)sim_between(1, 3);
	}
}

static void
idle(struct sim_clerk *c)
{
	if (c->app != NULL) {
		sim_clerk_think(c, 5000);
	} else {
		sim_sleep(5000);
	}
}

static void
live(void *user)
{
	struct sim_clerk *c = user;

	if (sim.power_lost[sim.sides[c->side].machine]) {
		/* It went again between switching on and starting. */
		sim_after(100, come_back, c);
		return;
	}
	set_death(&sim.sides[c->side]);
	while (!sim_is_dead() && !sim.is_healed) {
		if (c->acts <= 0) {
			c->stage = c->stage == CLERK_WORKS ? CLERK_IDLE : c->stage;
			idle(c);
		} else {
			step(c);
		}
	}
	sim.sides[c->side].writes_left = -1;
	sim.sides[c->side].full_writes = 0;
	if (!sim_is_dead()) {
		rest(c);
		return;
	}
	sim_clerk_close(c);
	sim.sides[c->side].is_open = 0;
	c->is_out = 0;
	sim_after(sim_delay(4000), come_back, c);
}

/* ---- the disks every seed begins with */

static void
first_day(void *user)
{
	struct sim_clerk *c = user;
	struct err err = { 0 };
	char path[192];

	if (sim_clerk_open(c) != 0 || sim_clerk_login(c) != 0 ||
	    app_download(c->app, APP_DOWNLOAD_ALL, NULL, NULL, NULL, &err) != 0 ||
	    app_logout(c->app, &err) != 0) {
		sim_fail("the first client: %s", err.text);
	}
	sim_clerk_close(c);
	snprintf(path, sizeof(path), "%s/shebao.db", c->home);
	sim_disk_get(path, &first_disk[c->employer]);
	c->stage = CLERK_DONE;
}

void
sim_clerk_setup(void)
{
	int i;

	for (i = 0; i < SIM_EMPLOYERS; i++) {
		sim_clerks[i] = (struct sim_clerk){ .side = i, .employer = i };
		snprintf(sim_clerks[i].home, sizeof(sim_clerks[i].home), "%s/home%d", sim.folder, i);
		snprintf(sim_clerks[i].password, sizeof(sim_clerks[i].password), "%s", PASSWORD);
		sim.sides[i].is_open = 1;
		sim_fiber_start(i, first_day, &sim_clerks[i]);
		while (sim_clerks[i].stage != CLERK_DONE && sim_run_one()) {
		}
	}
}

static int
home_of(int i)
{
	return i == 1 && sim.is_on[SIM_SHARED_HOME] ? 0 : i;
}

/* Many short days of one or two find more than few long ones of five. */
static int
acts_of(void)
{
	static const int most[] = { 4, 8, 8, 12, 12, 16, 24 };
	int n = most[sim_between(0, (int64_t)ARRAY_LEN(most) - 1)];

	return (int)sim_between(n / 4, sim_chance(1) ? 2 * n : n);
}

void
sim_clerks_start(void)
{
	char path[192];
	int i;

	forget_intents();
	seen_count = 0;
	sim_clerk_phase = 0;
	for (i = 0; i < sim.clerks; i++) {
		struct sim_clerk *c = &sim_clerks[i];
		int home = home_of(i);

		*c = (struct sim_clerk){ .side = i,
			.employer = i > 1 && i == sim.clerks - 1,
			.acts = sim.plan.is_story ? sim_story_length : acts_of() };
		snprintf(c->home, sizeof(c->home), "%s/home%d", sim.folder, home);
		snprintf(c->password, sizeof(c->password), "%s", PASSWORD);
		sim.sides[i].machine = home;
		snprintf(path, sizeof(path), "%s/shebao.db", c->home);
		if (home == i) {
			sim_disk_put(home, path, first_disk[c->employer].data, first_disk[c->employer].len);
		}
		c->stage = CLERK_WORKS;
		sim_fiber_start(i, live, c);
	}
}

int
sim_clerks_at(enum sim_clerk_stage stage)
{
	int i, n = 0;

	for (i = 0; i < sim.clerks; i++) {
		n += sim_clerks[i].stage >= stage;
	}
	return n;
}

void
sim_clerks_close(void)
{
	int i;

	for (i = 0; i < sim.clerks; i++) {
		sim.side = i;
		sim_clerk_close(&sim_clerks[i]);
		sim.sides[i].is_open = 0;
	}
	sim.side = SIM_SERVICE;
	forget_intents();
}
