/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/loop.h"

#include <string.h>
#include <unistd.h>

#include "unit/unit.h"

struct world {
	struct loop *loop;
	char trace[64];
	int done, inner_done, id, fds[2];
};

static void
note(struct world *w, char c)
{
	size_t n = strlen(w->trace);

	ck_assert_uint_lt(n + 1, sizeof(w->trace));
	w->trace[n] = c;
	w->trace[n + 1] = '\0';
}

static void
on_a(void *user)
{
	note(user, 'a');
}

static void
on_b(void *user)
{
	note(user, 'b');
}

static void
on_end(void *user)
{
	struct world *w = user;

	note(w, 'e');
	w->done = 1;
}

START_TEST(timers_fire_in_order_of_time_then_of_start)
{
	struct world w = { .loop = loop_new() };

	loop_timer(w.loop, 6, on_end, &w);
	loop_timer(w.loop, 2, on_a, &w);
	loop_timer(w.loop, 2, on_b, &w);
	w.id = loop_timer(w.loop, 1, on_a, &w);
	ck_assert_int_ne(w.id, 0);
	loop_timer_cancel(w.loop, w.id);
	loop_timer_cancel(w.loop, 12345);
	loop_run_until(w.loop, &w.done);
	ck_assert_str_eq(w.trace, "abe");
	loop_free(w.loop);
}
END_TEST

static void
on_again(void *user)
{
	struct world *w = user;

	loop_timer(w->loop, 0, on_again, w);
}

static void
on_read(int fd, int events, void *user)
{
	struct world *w = user;
	char c;

	ck_assert_int_eq(events, LOOP_READ);
	if (read(fd, &c, 1) == 1) {
		note(w, c);
		return;
	}
	loop_watch(w->loop, fd, 0, NULL, NULL);
	w->done = 1;
}

START_TEST(a_timer_that_starts_itself_does_not_starve_descriptors)
{
	struct world w = { .loop = loop_new() };

	ck_assert_int_eq(pipe(w.fds), 0);
	ck_assert_int_eq(write(w.fds[1], "xy", 2), 2);
	close(w.fds[1]);
	loop_watch(w.loop, w.fds[0], LOOP_READ, on_read, &w);
	loop_timer(w.loop, 0, on_again, &w);
	loop_run_until(w.loop, &w.done);
	ck_assert_str_eq(w.trace, "xy");
	close(w.fds[0]);
	loop_free(w.loop);
}
END_TEST

static void
on_inner_end(void *user)
{
	struct world *w = user;

	note(w, 'i');
	w->inner_done = 1;
}

static void
on_outer(void *user)
{
	struct world *w = user;

	note(w, '(');
	loop_timer(w->loop, 3, on_inner_end, w);
	loop_run_until(w->loop, &w->inner_done);
	note(w, ')');
}

START_TEST(a_nested_run_serves_everything_else)
{
	struct world w = { .loop = loop_new() };

	loop_timer(w.loop, 0, on_outer, &w);
	loop_timer(w.loop, 1, on_a, &w);
	loop_timer(w.loop, 300, on_end, &w); /* long after on_inner_end, on a busy machine as well */
	loop_run_until(w.loop, &w.done);
	ck_assert_str_eq(w.trace, "(ai)e");
	loop_free(w.loop);
}
END_TEST

static void
on_steal(int fd, int events, void *user)
{
	struct world *w = user;

	(void)fd;
	(void)events;
	note(w, 's');
	loop_watch(w->loop, w->fds[0], 0, NULL, NULL);
	loop_watch(w->loop, w->fds[1], 0, NULL, NULL);
	loop_timer(w->loop, 2, on_end, w);
}

START_TEST(a_watcher_removed_by_another_is_not_called)
{
	struct world w = { .loop = loop_new() };
	int one[2], two[2];

	ck_assert_int_eq(pipe(one), 0);
	ck_assert_int_eq(pipe(two), 0);
	w.fds[0] = one[1];
	w.fds[1] = two[1];
	loop_watch(w.loop, one[1], LOOP_WRITE, on_steal, &w);
	loop_watch(w.loop, two[1], LOOP_WRITE, on_steal, &w);
	loop_run_until(w.loop, &w.done);
	ck_assert_str_eq(w.trace, "se");
	close(one[0]);
	close(one[1]);
	close(two[0]);
	close(two[1]);
	loop_free(w.loop);
}
END_TEST

START_TEST(waking_calls_its_function_in_the_loop)
{
	struct world w = { .loop = loop_new() };
	int i;

	loop_on_wake(w.loop, on_end, &w);
	loop_on_idle(w.loop, on_a, &w);
	for (i = 0; i < 100000; i++) {
		loop_wake(w.loop);
	}
	loop_run_until(w.loop, &w.done);
	ck_assert_str_eq(w.trace, "ae");
	loop_free(w.loop);
}
END_TEST

START_TEST(an_idle_loop_sleeps)
{
	struct world w = { .loop = loop_new() };

	loop_on_idle(w.loop, on_a, &w);
	loop_timer(w.loop, 30, on_end, &w);
	loop_run_until(w.loop, &w.done);
	ck_assert_uint_le(strlen(w.trace), 3);
	loop_free(w.loop);
}
END_TEST

UNIT_MAIN("loop", timers_fire_in_order_of_time_then_of_start,
    a_timer_that_starts_itself_does_not_starve_descriptors,
    a_nested_run_serves_everything_else, a_watcher_removed_by_another_is_not_called,
    waking_calls_its_function_in_the_loop, an_idle_loop_sleeps)
