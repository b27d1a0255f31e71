/* SPDX-License-Identifier: GPL-3.0-or-later */
/* loop.h on the virtual clock: waiting gives way to the other fibers. A program that was killed
 * does not wait: its timers and calls end at once, so that it unwinds. */
#include "shebao/loop.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"
#include "sim.h"

struct timer {
	int id;
	int64_t at;
	loop_timer_fn *fn;
	void *user;
};

struct loop {
	int side;
	struct timer *timers; /* soonest first */
	size_t count;
	int last_id;
	struct sim_fiber *waiting;
};

int64_t
loop_now_ms(void)
{
	return sim.now - sim.started + 1000;
}

int64_t
loop_wall_ms(void)
{
	static const int64_t wrong[] = { -600000, 600000, -7200000, 7200000 };

	if (!sim.is_on[SIM_SKEW] || sim_is_service(sim.side)) {
		return sim.now;
	}
	/* Another hour, another clock. */
	sim_hit(SIM_SKEW);
	return sim.now + wrong[((uint64_t)sim.side + (uint64_t)(sim.now / 600000)) % 4];
}

struct loop *
loop_new(void)
{
	struct loop *loop = mem_alloc(sizeof(*loop));

	loop->side = sim.side;
	return loop;
}

void
loop_free(struct loop *loop)
{
	free(loop->timers);
	free(loop);
}

void
loop_watch(struct loop *loop, int fd, int events, loop_fd_fn *fn, void *user)
{
	(void)loop;
	(void)fd;
	(void)events;
	(void)fn;
	(void)user;
}

int
loop_timer(struct loop *loop, int64_t delay_ms, loop_timer_fn *fn, void *user)
{
	struct timer timer = { ++loop->last_id, sim.now + (delay_ms > 0 ? delay_ms : 0), fn,
		user };
	size_t i;

	loop->timers = mem_resize(loop->timers, loop->count + 1, sizeof(*loop->timers));
	for (i = loop->count; i > 0 && loop->timers[i - 1].at > timer.at; i--) {
		loop->timers[i] = loop->timers[i - 1];
	}
	loop->timers[i] = timer;
	loop->count++;
	return timer.id;
}

void
loop_timer_cancel(struct loop *loop, int id)
{
	size_t i;

	for (i = 0; i < loop->count; i++) {
		if (loop->timers[i].id == id) {
			loop->count--;
			memmove(&loop->timers[i], &loop->timers[i + 1],
			    (loop->count - i) * sizeof(*loop->timers));
			return;
		}
	}
}

void
loop_on_idle(struct loop *loop, loop_timer_fn *fn, void *user)
{
	(void)loop;
	(void)fn;
	(void)user;
}

void
loop_on_wake(struct loop *loop, loop_timer_fn *fn, void *user)
{
	(void)loop;
	(void)fn;
	(void)user;
}

void
loop_wake(struct loop *loop)
{
	(void)loop;
}

void
sim_loop_ready(struct loop *loop)
{
	if (loop->waiting != NULL) {
		sim_fiber_wake(loop->waiting);
	}
}

static void
wake(void *user)
{
	sim_loop_ready(user);
}

static int
serve_timer(struct loop *loop)
{
	struct timer timer;

	if (loop->count == 0 || (loop->timers[0].at > sim.now && !sim_is_dead())) {
		return 0;
	}
	timer = loop->timers[0];
	loop_timer_cancel(loop, timer.id);
	timer.fn(timer.user);
	return 1;
}

void
loop_run_until(struct loop *loop, const int *done)
{
	int event;

	while (!*done) {
		if (sim_net_serve(loop) || serve_timer(loop)) {
			continue;
		}
		if (sim_is_dead()) {
			sim_fail("%s waits for nothing", sim.sides[loop->side].name);
		}
		event = loop->count > 0 ? sim_after(loop->timers[0].at - sim.now, wake, loop) : 0;
		loop->waiting = sim_fiber_now();
		sim_fiber_pause();
		loop->waiting = NULL;
		if (event != 0) {
			sim_cancel(event);
		}
	}
}
