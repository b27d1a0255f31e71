/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events in the order of (time, arrival), and the fibers they resume. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "shebao/mem.h"
#include "sim.h"
#include "sim_watch.h"

enum {
	STACK = 512 << 10,
	EVENTS_MAX = 400000
};

struct sim_world sim;

const char *const sim_fault_names[SIM_FAULT_COUNT] = {
	[SIM_DELAY] = "delay",
	[SIM_LOSS] = "loss",
	[SIM_ANSWER_LOST] = "answer_lost",
	[SIM_DUPLICATE] = "duplicate",
	[SIM_REPLAY] = "replay",
	[SIM_GARBAGE] = "garbage",
	[SIM_BUSY] = "busy",
	[SIM_NO_ROUTE] = "no_route",
	[SIM_CLIENT_KILL] = "client_kill",
	[SIM_CLIENT_POWER] = "client_power",
	[SIM_SERVICE_KILL] = "service_kill",
	[SIM_SERVICE_POWER] = "service_power",
	[SIM_DISK_FULL] = "disk_full",
	[SIM_CANCEL] = "cancel",
	[SIM_BANK_LATE] = "bank_late",
	[SIM_BANK_LOST] = "bank_lost",
	[SIM_BANK_SILENT] = "bank_silent",
	[SIM_BANK_TWICE] = "bank_twice",
	[SIM_BANK_TEXTS] = "bank_texts",
	[SIM_BANK_REFUSES] = "bank_refuses",
	[SIM_BANK_FORGETS] = "bank_forgets",
	[SIM_BANK_CLOSED] = "bank_closed",
	[SIM_WITHDRAW] = "withdraw",
	[SIM_BATCH] = "batch",
	[SIM_RESET] = "reset",
	[SIM_COUNTER] = "counter",
	[SIM_SHARED_HOME] = "shared_home",
	[SIM_WATCH] = "watch",
	[SIM_PARTITION] = "partition",
	[SIM_SKEW] = "skew",
	[SIM_DISK_ERROR] = "disk_error",
	[SIM_NIGHT] = "night",
	[SIM_AGREEMENT] = "agreement",
	[SIM_PUSH] = "push",
	[SIM_REVERSE] = "reverse",
	[SIM_PAUSE] = "pause",
	[SIM_SECOND] = "second",
};

int
sim_hit(enum sim_fault fault)
{
	sim.hits[fault]++;
	sim_watch_hit(fault);
	return 1;
}

/* ---- the trace */

void
sim_trace(const char *format, ...)
{
	char line[512];
	va_list args;
	const char *p;
	int n;

	n = snprintf(line, sizeof(line), "%" PRId64 " ", sim.now - sim.started);
	va_start(args, format);
	vsnprintf(line + n, sizeof(line) - (size_t)n, format, args);
	va_end(args);
	for (p = line; *p != '\0'; p++) {
		sim.hash = (sim.hash ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
	}
	if (sim.trace) {
		printf("%s\n", line);
		fflush(stdout);
	}
}

void
sim_fail(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	if (sim.plan.is_story) {
		fprintf(stderr, "story %" PRId64 " %" PRId64 " %d: ", sim.plan.crash_step[0],
		    sim.plan.crash_step[1], (int)sim.plan.crash);
	}
	fprintf(stderr, "seed %" PRIu64 " at %" PRId64 " ms: ", sim.seed, sim.now - sim.started);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	exit(1);
}

/* ---- events */

struct event {
	int64_t at;
	int id;
	sim_fn *fn; /* NULL: cancelled */
	void *user;
};

static struct {
	struct event *items; /* a binary heap */
	size_t count, room;
	int last_id;
} queue;

static int
is_before(const struct event *a, const struct event *b)
{
	return a->at != b->at ? a->at < b->at : a->id < b->id;
}

static void
exchange(size_t i, size_t j)
{
	struct event e = queue.items[i];

	queue.items[i] = queue.items[j];
	queue.items[j] = e;
}

int
sim_after(int64_t ms, sim_fn *fn, void *user)
{
	size_t i = queue.count;

	if (queue.count == queue.room) {
		queue.room = queue.room * 2 + 64;
		queue.items = mem_resize(queue.items, queue.room, sizeof(*queue.items));
	}
	queue.items[queue.count++] = (struct event){ .at = sim.now + (ms > 0 ? ms : 0),
		.id = ++queue.last_id,
		.fn = fn,
		.user = user };
	while (i > 0 && is_before(&queue.items[i], &queue.items[(i - 1) / 2])) {
		exchange(i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
	return queue.last_id;
}

void
sim_cancel(int id)
{
	size_t i;

	for (i = 0; i < queue.count; i++) {
		if (queue.items[i].id == id) {
			queue.items[i].fn = NULL;
		}
	}
}

static struct event
take_first(void)
{
	struct event first = queue.items[0];
	size_t i = 0, child;

	queue.items[0] = queue.items[--queue.count];
	for (;;) {
		child = 2 * i + 1;
		if (child >= queue.count) {
			break;
		}
		if (child + 1 < queue.count &&
		    is_before(&queue.items[child + 1], &queue.items[child])) {
			child++;
		}
		if (is_before(&queue.items[i], &queue.items[child])) {
			break;
		}
		exchange(i, child);
		i = child;
	}
	return first;
}

int
sim_run_one(void)
{
	struct event e;

	do {
		if (queue.count == 0) {
			return 0;
		}
		e = take_first();
	} while (e.fn == NULL);
	/* Earlier only when the world has slept meanwhile. */
	sim.now = e.at > sim.now ? e.at : sim.now;
	if (++sim.events > EVENTS_MAX) {
		sim_fail("no end after %d events", EVENTS_MAX);
	}
	if (sim.until != 0 && sim.events >= sim.until) {
		printf("stopped after %" PRId64 " events\n", sim.events);
		exit(0);
	}
	e.fn(e.user);
	return 1;
}

int
sim_run(const int *done)
{
	while (!*done) {
		if (!sim_run_one()) {
			return -1;
		}
	}
	return 0;
}

/* ---- fibers */

struct sim_fiber {
	struct sim_fiber *next;
	ucontext_t context;
	char *stack;
	sim_fn *fn;
	void *user;
	int side;
	int alive, paused;
	int wake; /* event, 0: none */
};

static struct sim_fiber *fibers, *running;
static ucontext_t root;

static void
body(void)
{
	struct sim_fiber *f = running;

	f->fn(f->user);
	f->alive = 0;
	swapcontext(&f->context, &root);
}

static void
resume(void *user)
{
	struct sim_fiber *f = user;
	int side = sim.side;

	f->wake = 0;
	if (!f->alive || running != NULL) {
		return;
	}
	f->paused = 0;
	running = f;
	sim.side = f->side;
	swapcontext(&root, &f->context);
	running = NULL;
	sim.side = side;
}

static struct sim_fiber *
idle_fiber(void)
{
	struct sim_fiber *f;

	for (f = fibers; f != NULL && f->alive; f = f->next) {
	}
	if (f == NULL) {
		f = mem_alloc(sizeof(*f));
		f->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (f->stack == MAP_FAILED) {
			abort();
		}
		f->next = fibers;
		fibers = f;
	}
	return f;
}

void
sim_fiber_start(int side, sim_fn *fn, void *user)
{
	struct sim_fiber *f = idle_fiber();

	f->fn = fn;
	f->user = user;
	f->side = side;
	f->alive = 1;
	f->paused = 1;
	getcontext(&f->context);
	f->context.uc_stack.ss_sp = f->stack;
	f->context.uc_stack.ss_size = STACK;
	f->context.uc_link = NULL;
	makecontext(&f->context, body, 0);
	f->wake = sim_after(0, resume, f);
}

struct sim_fiber *
sim_fiber_now(void)
{
	return running;
}

void
sim_fiber_pause(void)
{
	struct sim_fiber *f = running;

	f->paused = 1;
	swapcontext(&f->context, &root);
}

void
sim_fiber_wake(struct sim_fiber *f)
{
	if (f->alive && f->paused && f->wake == 0) {
		f->wake = sim_after(0, resume, f);
	}
}

struct sleep {
	struct sim_fiber *fiber;
	int over;
};

static void
end_sleep(void *user)
{
	struct sleep *s = user;

	s->over = 1;
	sim_fiber_wake(s->fiber);
}

int
sim_sleep(int64_t ms)
{
	struct sleep s = { .fiber = running };
	int id = sim_after(ms, end_sleep, &s);

	while (!s.over && !sim_is_dead()) {
		sim_fiber_pause();
	}
	if (!s.over) {
		sim_cancel(id);
	}
	return sim_is_dead() ? -1 : 0;
}

void
sim_nap(int64_t ms)
{
	struct sleep s = { .fiber = running };
	int id = sim_after(ms, end_sleep, &s);

	if (!sim_is_dead()) {
		sim_fiber_pause();
	}
	if (!s.over) {
		sim_cancel(id);
	}
}

int
sim_fibers(int side)
{
	struct sim_fiber *f;
	int n = 0;

	for (f = fibers; f != NULL; f = f->next) {
		n += f->alive && f->side == side;
	}
	return n;
}

/* ---- death */

int
sim_is_dead(void)
{
	return sim.sides[sim.side].death != SIM_ALIVE;
}

static void
die_one(int side, enum sim_death how)
{
	struct sim_fiber *f;

	if (sim.sides[side].death != SIM_ALIVE || !sim.sides[side].is_open) {
		return;
	}
	sim.sides[side].death = how;
	sim_trace("%s %s", sim.sides[side].name, how == SIM_POWER ? "loses power" : "is killed");
	for (f = fibers; f != NULL; f = f->next) {
		if (f->alive && f->side == side) {
			sim_fiber_wake(f);
		}
	}
}

void
sim_die(int side, enum sim_death how)
{
	int i;

	if (how == SIM_KILLED) {
		die_one(side, how);
		return;
	}
	if (sim.sides[side].death == SIM_ALIVE) {
		sim.power_lost[sim.sides[side].machine] = 1;
	}
	for (i = 0; i < SIM_SIDES; i++) {
		if (sim.sides[i].machine == sim.sides[side].machine) {
			die_one(i, how);
		}
	}
}

static enum sim_death
how_to_die(int side)
{
	int power = sim_is_service(side) ? SIM_SERVICE_POWER : SIM_CLIENT_POWER;
	int kill = sim_is_service(side) ? SIM_SERVICE_KILL : SIM_CLIENT_KILL;

	if (sim.is_on[power] && (!sim.is_on[kill] || sim_chance(50))) {
		sim_hit((enum sim_fault)power);
		return SIM_POWER;
	}
	sim_hit((enum sim_fault)kill);
	return SIM_KILLED;
}

/* Whether what it was doing when the kill found it was done. */
static enum sim_step
how_far(enum sim_death how)
{
	if (sim.plan.is_story) {
		return sim.plan.crash == SIM_CRASH_BEFORE ? SIM_STEP_DIED_BEFORE
							  : SIM_STEP_DIED_AFTER;
	}
	return how == SIM_POWER || sim_chance(50) ? SIM_STEP_DIED_AFTER : SIM_STEP_DIED_BEFORE;
}

enum sim_step
sim_step(void)
{
	struct sim_side *side = &sim.sides[sim.side];
	enum sim_death how;

	if (side->death != SIM_ALIVE) {
		return SIM_STEP_DIED_BEFORE;
	}
	side->steps += !sim.is_healed;
	if (side->writes_left < 0 || side->writes_left-- > 0) {
		return SIM_STEP_ALIVE;
	}
	how = sim.plan.is_story ? (sim.plan.crash == SIM_CRASH_POWER ? SIM_POWER : SIM_KILLED)
				: how_to_die(sim.side);
	sim_die(sim.side, how);
	return how_far(how);
}

int
sim_act(void)
{
	int64_t n = sim.acts++;
	size_t i;

	if (sim.plan.acts >= 0 && n >= sim.plan.acts) {
		return 0;
	}
	for (i = 0; i < sim.plan.skip_count; i++) {
		if (n >= sim.plan.skips[i].from && n < sim.plan.skips[i].to) {
			return 0;
		}
	}
	return 1;
}

/* ---- beginning anew */

void
sim_world_reset(uint64_t seed)
{
	static const char *const names[SIM_SIDES] = { "clerk0", "clerk1", "clerk2", "clerk3",
		"clerk4", "service", "second service" };
	struct sim_fiber *f;
	int i;

	for (f = fibers; f != NULL; f = f->next) {
		if (f->alive) {
			sim_fail("a fiber of %s is still alive", sim.sides[f->side].name);
		}
	}
	queue.count = 0;
	queue.last_id = 0;
	sim.seed = seed;
	sim.events = sim.acts = 0;
	sim.is_healed = 0;
	memset(sim.power_lost, 0, sizeof(sim.power_lost));
	sim.hash = UINT64_C(0xcbf29ce484222325);
	sim.side = SIM_SERVICE;
	sim_random_seed(seed);
	for (i = 0; i < SIM_SIDES; i++) {
		sim.sides[i] =
		    (struct sim_side){ .name = names[i], .machine = i, .writes_left = -1 };
		if (sim_is_service(i)) {
			sim.sides[i].machine = SIM_SERVICE;
		}
	}
}
