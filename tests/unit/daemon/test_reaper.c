/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deadlines of connections, at times that the test says. */
#include "daemon/reaper.h"

#include <sys/socket.h>
#include <unistd.h>

#include "unit/unit.h"

#define STEP_MS 100

static struct reaper reaper;
static struct reaper_entry *entry;
static int ends[2]; /* the service's, the peer's */

static void
set_up(int64_t deadline)
{
	reaper_init(&reaper);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	entry = reaper_add(&reaper, ends[0], "192.0.2.1", deadline);
}

static void
tear_down(void)
{
	reaper_remove(&reaper, entry);
	close(ends[0]);
	close(ends[1]);
	reaper_release(&reaper);
}

/* The first time, from `from` on, at which the connection is shut down. */
static int64_t
dropped_at(int64_t from, int64_t until)
{
	int64_t open, dropped, now;

	for (now = from; now < until; now += STEP_MS) {
		reaper_run(&reaper, now);
		reaper_count(&reaper, &open, &dropped);
		if (dropped != 0) {
			return now;
		}
	}
	return until;
}

START_TEST(a_silent_peer_goes_at_its_deadline)
{
	char byte;

	set_up(5000);
	ck_assert_int_eq(dropped_at(0, 60000), 5000);
	ck_assert_int_eq(recv(ends[1], &byte, 1, 0), 0);
	tear_down();
}
END_TEST

START_TEST(what_the_service_has_not_read_is_not_held_against_the_peer)
{
	char byte = 'G';

	set_up(5000);
	ck_assert_int_eq(send(ends[1], &byte, 1, 0), 1);
	ck_assert_int_eq(dropped_at(0, 9000), 9000);
	/* Read, the deadline set anew: the next one is a whole one again. */
	ck_assert_int_eq(recv(ends[0], &byte, 1, 0), 1);
	reaper_set(&reaper, entry, 20000);
	ck_assert_int_eq(dropped_at(9000, 60000), 20000);
	tear_down();
}
END_TEST

START_TEST(nobody_is_excused_for_ever)
{
	char byte = 'G';

	set_up(5000);
	ck_assert_int_eq(send(ends[1], &byte, 1, 0), 1);
	ck_assert_int_eq(dropped_at(0, 60000), 5000 + REAPER_UNREAD_MS);
	tear_down();
}
END_TEST

START_TEST(there_is_room_for_so_many_and_so_many_of_a_source)
{
	struct reaper_entry *others[2];

	set_up(0);
	others[0] = reaper_add(&reaper, -1, "192.0.2.1", 0);
	others[1] = reaper_add(&reaper, -1, "192.0.2.2", 0);
	ck_assert(reaper_has_room(&reaper, "192.0.2.1", 4, 3));
	ck_assert(!reaper_has_room(&reaper, "192.0.2.1", 4, 2));
	ck_assert(reaper_has_room(&reaper, "192.0.2.2", 4, 2));
	ck_assert(reaper_has_room(&reaper, "192.0.2.1", 4, 0));
	ck_assert(!reaper_has_room(&reaper, "192.0.2.3", 3, 2));
	reaper_remove(&reaper, others[0]);
	ck_assert(reaper_has_room(&reaper, "192.0.2.1", 3, 2));
	reaper_remove(&reaper, others[1]);
	tear_down();
}
END_TEST

UNIT_MAIN("reaper", there_is_room_for_so_many_and_so_many_of_a_source,
    a_silent_peer_goes_at_its_deadline,
    what_the_service_has_not_read_is_not_held_against_the_peer, nobody_is_excused_for_ever)
