/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poll(2), timers, a pipe that signal handlers write to. */
#include "shebao/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shebao/fatal.h"
#include "shebao/mem.h"

struct watch {
	int fd, events;
	loop_fd_fn *fn;
	void *user;
};

struct timer {
	int id;
	int64_t at;
	loop_timer_fn *fn;
	void *user;
};

struct loop {
	struct watch *watches;
	size_t watch_count;
	struct timer *timers; /* soonest first */
	size_t timer_count;
	int last_id;
	int wake[2];
	loop_timer_fn *on_idle, *on_wake;
	void *idle_user, *wake_user;
};

int64_t
loop_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
loop_wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct loop *
loop_new(void)
{
	struct loop *loop = mem_alloc(sizeof(*loop));
	size_t i;

	if (pipe(loop->wake) != 0) {
		fatal_stop(FATAL_FILES);
	}
	for (i = 0; i < 2; i++) {
		fcntl(loop->wake[i], F_SETFL, O_NONBLOCK);
		fcntl(loop->wake[i], F_SETFD, FD_CLOEXEC);
	}
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL) {
		return;
	}
	close(loop->wake[0]);
	close(loop->wake[1]);
	free(loop->watches);
	free(loop->timers);
	free(loop);
}

void
loop_watch(struct loop *loop, int fd, int events, loop_fd_fn *fn, void *user)
{
	size_t i;

	for (i = 0; i < loop->watch_count && loop->watches[i].fd != fd; i++) {
	}
	if (events == 0) {
		if (i < loop->watch_count) {
			loop->watches[i] = loop->watches[--loop->watch_count];
		}
		return;
	}
	if (i == loop->watch_count) {
		loop->watch_count++;
		loop->watches =
		    mem_resize(loop->watches, loop->watch_count, sizeof(*loop->watches));
	}
	loop->watches[i] = (struct watch){ fd, events, fn, user };
}

int
loop_timer(struct loop *loop, int64_t delay_ms, loop_timer_fn *fn, void *user)
{
	struct timer timer = { 0, loop_now_ms() + (delay_ms > 0 ? delay_ms : 0), fn, user };
	size_t i;

	loop->last_id = loop->last_id == INT_MAX ? 1 : loop->last_id + 1;
	timer.id = loop->last_id;
	loop->timers =
	    mem_resize(loop->timers, loop->timer_count + 1, sizeof(*loop->timers));
	for (i = loop->timer_count; i > 0 && loop->timers[i - 1].at > timer.at; i--) {
		loop->timers[i] = loop->timers[i - 1];
	}
	loop->timers[i] = timer;
	loop->timer_count++;
	return timer.id;
}

void
loop_timer_cancel(struct loop *loop, int id)
{
	size_t i;

	for (i = 0; i < loop->timer_count; i++) {
		if (loop->timers[i].id == id) {
			loop->timer_count--;
			memmove(&loop->timers[i], &loop->timers[i + 1],
			    (loop->timer_count - i) * sizeof(*loop->timers));
			return;
		}
	}
}

void
loop_on_idle(struct loop *loop, loop_timer_fn *fn, void *user)
{
	loop->on_idle = fn;
	loop->idle_user = user;
}

void
loop_on_wake(struct loop *loop, loop_timer_fn *fn, void *user)
{
	loop->on_wake = fn;
	loop->wake_user = user;
}

void
loop_wake(struct loop *loop)
{
	int saved = errno;

	(void)!write(loop->wake[1], "", 1);
	errno = saved;
}

static int
time_to_sleep(const struct loop *loop)
{
	int64_t left;

	if (loop->timer_count == 0) {
		return -1;
	}
	left = loop->timers[0].at - loop_now_ms();
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* A callback may change the watches, so each descriptor is looked up again. */
static void
serve(struct loop *loop, int fd, int revents)
{
	int events = ((revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) != 0 ? LOOP_READ : 0) |
	    ((revents & (POLLOUT | POLLERR)) != 0 ? LOOP_WRITE : 0);
	size_t i;

	for (i = 0; i < loop->watch_count; i++) {
		struct watch watch = loop->watches[i];

		if (watch.fd == fd) {
			if ((events & (watch.events | LOOP_READ)) != 0) {
				watch.fn(fd, events, watch.user);
			}
			return;
		}
	}
}

static void
drain_wake(struct loop *loop)
{
	char bytes[64];

	while (read(loop->wake[0], bytes, sizeof(bytes)) > 0) {
	}
	if (loop->on_wake != NULL) {
		loop->on_wake(loop->wake_user);
	}
}

static void
wait_and_serve(struct loop *loop)
{
	size_t n = loop->watch_count, i;
	struct pollfd *fds = mem_alloc((n + 1) * sizeof(*fds));
	int got;

	fds[0] = (struct pollfd){ .fd = loop->wake[0], .events = POLLIN };
	for (i = 0; i < n; i++) {
		int events = loop->watches[i].events;

		fds[i + 1].fd = loop->watches[i].fd;
		fds[i + 1].events = (short)(((events & LOOP_READ) != 0 ? POLLIN : 0) |
		    ((events & LOOP_WRITE) != 0 ? POLLOUT : 0));
	}
	got = poll(fds, (nfds_t)(n + 1), time_to_sleep(loop));
	if (got > 0 && fds[0].revents != 0) {
		drain_wake(loop);
	}
	for (i = 1; got > 0 && i <= n; i++) {
		if (fds[i].revents != 0) {
			serve(loop, fds[i].fd, fds[i].revents);
		}
	}
	free(fds);
}

static void
run_timers(struct loop *loop)
{
	int64_t now = loop_now_ms();

	while (loop->timer_count > 0 && loop->timers[0].at <= now) {
		struct timer due = loop->timers[0];

		loop_timer_cancel(loop, due.id);
		due.fn(due.user);
	}
}

void
loop_run_until(struct loop *loop, const int *done)
{
	for (;;) {
		run_timers(loop);
		if (*done) {
			return;
		}
		if (loop->on_idle != NULL) {
			loop->on_idle(loop->idle_user);
		}
		if (*done) {
			return;
		}
		wait_and_serve(loop);
	}
}
