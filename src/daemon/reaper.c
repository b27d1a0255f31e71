/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deadlines of connections. */
#include "reaper.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "shebao/mem.h"

#define AGAIN_MS 500

void
reaper_init(struct reaper *reaper)
{
	*reaper = (struct reaper){ 0 };
	pthread_mutex_init(&reaper->lock, NULL);
}

void
reaper_release(struct reaper *reaper)
{
	while (reaper->entries != NULL) {
		reaper_remove(reaper, reaper->entries);
	}
	pthread_mutex_destroy(&reaper->lock);
}

struct reaper_entry *
reaper_add(struct reaper *reaper, int fd, const char *source, int64_t deadline)
{
	struct reaper_entry *entry = mem_alloc(sizeof(*entry));

	entry->fd = fd;
	entry->deadline = deadline;
	mem_copy_text(entry->source, sizeof(entry->source), source);
	pthread_mutex_lock(&reaper->lock);
	entry->next = reaper->entries;
	if (entry->next != NULL) {
		entry->next->previous = entry;
	}
	reaper->entries = entry;
	reaper->count++;
	pthread_mutex_unlock(&reaper->lock);
	return entry;
}

void
reaper_remove(struct reaper *reaper, struct reaper_entry *entry)
{
	pthread_mutex_lock(&reaper->lock);
	if (entry->previous != NULL) {
		entry->previous->next = entry->next;
	} else {
		reaper->entries = entry->next;
	}
	if (entry->next != NULL) {
		entry->next->previous = entry->previous;
	}
	reaper->count--;
	pthread_mutex_unlock(&reaper->lock);
	free(entry);
}

void
reaper_set(struct reaper *reaper, struct reaper_entry *entry, int64_t deadline)
{
	pthread_mutex_lock(&reaper->lock);
	entry->deadline = deadline;
	entry->excused = 0;
	pthread_mutex_unlock(&reaper->lock);
}

static int
has_unread(int fd)
{
	int unread = 0;

	return ioctl(fd, FIONREAD, &unread) == 0 && unread > 0;
}

void
reaper_run(struct reaper *reaper, int64_t now)
{
	struct reaper_entry *entry;

	pthread_mutex_lock(&reaper->lock);
	for (entry = reaper->entries; entry != NULL; entry = entry->next) {
		if (entry->deadline == 0 || entry->deadline > now) {
			continue;
		}
		if (entry->excused < REAPER_UNREAD_MS && has_unread(entry->fd)) {
			entry->excused += AGAIN_MS;
			entry->deadline = now + AGAIN_MS;
		} else {
			/* Still open: it is removed from the list before it is closed. */
			shutdown(entry->fd, SHUT_RDWR);
			entry->deadline = 0;
			reaper->dropped++;
		}
	}
	pthread_mutex_unlock(&reaper->lock);
}

int
reaper_has_room(struct reaper *reaper, const char *source, int64_t all, int64_t per_source)
{
	const struct reaper_entry *entry;
	int64_t same = 0;
	int has_room;

	pthread_mutex_lock(&reaper->lock);
	for (entry = reaper->entries; per_source != 0 && entry != NULL; entry = entry->next) {
		same += strcmp(entry->source, source) == 0;
	}
	has_room = reaper->count < all && (per_source == 0 || same < per_source);
	pthread_mutex_unlock(&reaper->lock);
	return has_room;
}

void
reaper_count(struct reaper *reaper, int64_t *open, int64_t *dropped)
{
	pthread_mutex_lock(&reaper->lock);
	*open = reaper->count;
	*dropped = reaper->dropped;
	pthread_mutex_unlock(&reaper->lock);
}
