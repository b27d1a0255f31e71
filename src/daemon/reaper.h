/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_REAPER_H
#define SHEBAO_DAEMON_REAPER_H

#include <pthread.h>
#include <stdint.h>

/*
 * Absolute deadlines of connections. libmicrohttpd's time-out counts inactivity only: a peer
 * that sends a byte a second would live for ever. What is past its deadline is shut down, and
 * the library then closes it. Times are monotonic ms; 0: no deadline.
 */
#define REAPER_HEADER_MS                                                                 \
	5000 /* from accept, or from the request line, to the last header */
#define REAPER_BODY_MS 15000
#define REAPER_ANSWER_MS 30000
#define REAPER_IDLE_MS 75000 /* kept alive, with the header of the next request */
/* A peer whose bytes nobody has read yet is not late: the service is. So much longer at most. */
#define REAPER_UNREAD_MS 10000
#define REAPER_BYTES_A_SECOND ((int64_t)64 << 10) /* slower peers are dropped */

struct reaper_entry {
	struct reaper_entry *next, *previous;
	int fd;
	int64_t deadline;
	int64_t excused; /* ms that the deadline was put off */
	char source[64];
};

struct reaper {
	pthread_mutex_t lock;
	struct reaper_entry *entries;
	int64_t count, dropped;
};

void reaper_init(struct reaper *reaper);
void reaper_release(struct reaper *reaper);

/* The entry belongs to the reaper until reaper_remove, which frees it; it must be removed
 * before fd is closed. */
struct reaper_entry *reaper_add(
    struct reaper *reaper, int fd, const char *source, int64_t deadline);
void reaper_remove(struct reaper *reaper, struct reaper_entry *entry);
void reaper_set(struct reaper *reaper, struct reaper_entry *entry, int64_t deadline);

/* Shuts down what is late at now. Whoever has sent something that is not read yet is looked at again
 * a moment later, REAPER_UNREAD_MS in all. */
void reaper_run(struct reaper *reaper, int64_t now);

/* Whether there are fewer than all, and fewer than per_source from this one; 0: no such limit. */
int reaper_has_room(struct reaper *reaper, const char *source, int64_t all, int64_t per_source);

/* How many there are, and how many were dropped so far. */
void reaper_count(struct reaper *reaper, int64_t *open, int64_t *dropped);

#endif
