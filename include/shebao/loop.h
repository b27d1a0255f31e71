/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_LOOP_H
#define SHEBAO_BASE_LOOP_H

#include <stdint.h>

/*
 * One thread, one loop: descriptors and timers. A flow that must wait calls loop_run_until,
 * which serves everything else meanwhile and may be nested; so flows read like the manual's
 * numbered steps and the screen stays alive. Without anything due the loop sleeps in poll(2):
 * no wake-ups when idle.
 */
struct loop; /* opaque */

enum loop_events {
	LOOP_READ = 1,
	LOOP_WRITE = 2
};

typedef void loop_fd_fn(int fd, int events, void *user);
typedef void loop_timer_fn(void *user);

struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Watches fd for events (0: stop watching). One watcher a descriptor. */
void loop_watch(struct loop *loop, int fd, int events, loop_fd_fn *fn, void *user);

/* Calls fn once after delay_ms. Returns an id for loop_timer_cancel; 0 is never an id. */
int loop_timer(struct loop *loop, int64_t delay_ms, loop_timer_fn *fn, void *user);
void loop_timer_cancel(struct loop *loop, int id);

/* Serves until *done is not 0. Before each sleep calls the idle function, which paints. */
void loop_run_until(struct loop *loop, const int *done);
void loop_on_idle(struct loop *loop, loop_timer_fn *fn, void *user);

/* Wakes the loop from a signal handler (async-signal-safe); fn is then called in the loop. */
void loop_on_wake(struct loop *loop, loop_timer_fn *fn, void *user);
void loop_wake(struct loop *loop);

/* Monotonic milliseconds, and wall clock milliseconds since 1970. */
int64_t loop_now_ms(void);
int64_t loop_wall_ms(void);

#endif
