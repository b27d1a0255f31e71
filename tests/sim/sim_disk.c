/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files in memory. At a loss of power each write since the last sync is kept whole, in parts of
 * 512 bytes, or not at all.
 */
#include <stdint.h>
#include <string.h>

#include "shebao/buf.h"
#include "shebao/mem.h"
#include "sim.h"
#include "sim_disk.h"

enum {
	SECTOR = 512
};

/* A write or truncation that is not synced: where, and what was there before it. */
struct sim_pending {
	size_t offset, len; /* of a truncation len is 0 and offset the size */
	int is_cut;
	size_t len_before; /* of the file */
	size_t old, old_len; /* in the file's undo */
};

static struct sim_file *files;

/* ---- bytes */

static void
put(struct sim_bytes *b, size_t offset, const char *data, size_t n)
{
	if (offset + n > b->room) {
		b->room = (offset + n) * 2;
		b->data = mem_resize(b->data, b->room, 1);
	}
	if (offset > b->len) {
		memset(b->data + b->len, 0, offset - b->len);
	}
	memcpy(b->data + offset, data, n);
	if (offset + n > b->len) {
		b->len = offset + n;
	}
}

static void
cut(struct sim_bytes *b, size_t len)
{
	if (len < b->len) {
		b->len = len;
	}
}

/* What a change of the bytes from offset on takes away, at most n of them. */
static struct sim_pending *
remember(struct sim_file *f, size_t offset, size_t n)
{
	struct sim_pending *p;
	size_t have = offset >= f->seen.len ? 0 : f->seen.len - offset;

	if (f->pending_count == f->pending_room) {
		f->pending_room = f->pending_room * 2 + 16;
		f->pending = mem_resize(f->pending, f->pending_room, sizeof(*f->pending));
	}
	p = &f->pending[f->pending_count++];
	*p = (struct sim_pending){ .offset = offset,
		.len_before = f->seen.len,
		.old = f->undo.len,
		.old_len = have < n ? have : n };
	if (p->old_len > 0) {
		put(&f->undo, f->undo.len, f->seen.data + offset, p->old_len);
	}
	return p;
}

void
sim_disk_write(struct sim_file *f, size_t offset, const char *data, size_t n)
{
	remember(f, offset, n)->len = n;
	put(&f->seen, offset, data, n);
}

void
sim_disk_cut(struct sim_file *f, size_t size)
{
	remember(f, size, SIZE_MAX)->is_cut = 1;
	cut(&f->seen, size);
}

void
sim_disk_sync(struct sim_file *f)
{
	f->pending_count = f->undo.len = 0;
}

/* ---- files */

struct sim_file *
sim_disk_find(const char *path)
{
	struct sim_file *f;

	for (f = files; f != NULL && strcmp(f->path, path) != 0; f = f->next) {
	}
	return f;
}

int
sim_disk_is_synced(const char *path)
{
	const struct sim_file *f = sim_disk_find(path);

	return f == NULL || f->pending_count == 0;
}

struct sim_file *
sim_disk_make(const char *path, int machine)
{
	struct sim_file *f = sim_disk_find(path);

	if (f == NULL) {
		f = mem_alloc(sizeof(*f));
		f->path = mem_dup(path);
		f->next = files;
		files = f;
	}
	f->machine = machine;
	return f;
}

/* Not freed: a parked connection may know where they are (sim_park.c). */
void
sim_disk_drop_regions(struct sim_file *f)
{
	size_t i;

	for (i = 0; i < SIM_DISK_REGIONS && f->regions[i] != NULL; i++) {
		memset(f->regions[i], 0, SIM_DISK_REGION);
	}
}

void
sim_disk_empty(struct sim_file *f)
{
	sim_disk_sync(f);
	f->seen.len = 0;
	f->exists = 0;
}

void
sim_disk_reset(void)
{
	struct sim_file *f;

	for (f = files; f != NULL; f = f->next) {
		sim_disk_empty(f);
		sim_disk_drop_regions(f);
		f->shared = 0;
		f->users = NULL;
		f->reserved = f->waiting = f->exclusive = NULL;
		memset(f->shm_shared, 0, sizeof(f->shm_shared));
		memset(f->shm_exclusive, 0, sizeof(f->shm_exclusive));
	}
}

void
sim_disk_put(int machine, const char *path, const void *bytes, size_t n)
{
	struct sim_file *f = sim_disk_make(path, machine);

	sim_disk_empty(f);
	f->exists = 1;
	put(&f->seen, 0, bytes, n);
}

void
sim_disk_get(const char *path, struct buf *out)
{
	struct sim_file *f = sim_disk_find(path);

	if (f != NULL && f->exists) {
		buf_put(out, f->seen.data, f->seen.len);
	}
}

/* Takes a change back; what it had written is put to the end of news. */
static void
undo(struct sim_file *f, const struct sim_pending *p, struct sim_bytes *news)
{
	put(news, news->len, f->seen.data + p->offset, p->len);
	cut(&f->seen, p->len_before);
	f->seen.len = p->len_before;
	if (p->old_len > 0) {
		memcpy(f->seen.data + p->offset, f->undo.data + p->old, p->old_len);
	}
}

static void
keep_some(struct sim_file *f, const struct sim_pending *p, const char *data)
{
	int64_t how = sim_between(0, 2);
	size_t at, n;

	if (how == 0) {
		return;
	}
	if (p->is_cut) {
		cut(&f->seen, p->offset);
		return;
	}
	if (how == 1) {
		put(&f->seen, p->offset, data, p->len);
		return;
	}
	for (at = 0; at < p->len; at += n) {
		n = p->len - at < SECTOR ? p->len - at : SECTOR;
		if (sim_chance(50)) {
			put(&f->seen, p->offset + at, data + at, n);
		}
	}
}

/* Back to what was synced, then of what came after it, in its order, what chance leaves. */
static void
crash_file(struct sim_file *f)
{
	static struct sim_bytes news;
	size_t i, at;

	news.len = 0;
	for (i = f->pending_count; i > 0; i--) {
		undo(f, &f->pending[i - 1], &news);
	}
	at = news.len;
	for (i = 0; i < f->pending_count; i++) {
		at -= f->pending[i].len;
		keep_some(f, &f->pending[i], news.data + at);
	}
	sim_disk_sync(f);
	sim_disk_drop_regions(f);
}

void
sim_disk_crash(int machine)
{
	struct sim_file *f;

	for (f = files; f != NULL; f = f->next) {
		if (f->machine == machine) {
			crash_file(f);
		}
	}
}
