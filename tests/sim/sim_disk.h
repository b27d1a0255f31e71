/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_SIM_DISK_H
#define SHEBAO_TESTS_SIM_DISK_H

#include <stddef.h>

/* Files in memory: what programs see, and what they wrote since the last sync (sim_disk.c);
 * SQLite's methods over them (sim_vfs.c). */
enum {
	SIM_DISK_LOCKS = 8,
	SIM_DISK_REGIONS = 64,
	SIM_DISK_REGION = 32768 /* bytes of each; SQLite asks for no other size */
};

struct sim_bytes {
	char *data;
	size_t len, room;
};

struct sim_pending;
struct sim_handle;

struct sim_file {
	struct sim_file *next;
	char *path;
	int machine;
	int exists;
	struct sim_bytes seen;
	/* what is not synced yet, and what it overwrote */
	struct sim_bytes undo;
	struct sim_pending *pending;
	size_t pending_count, pending_room;
	/* locks of the main file */
	int shared;
	struct sim_handle *reserved, *waiting, *exclusive;
	/* the shared index of the write-ahead log, and who uses it */
	struct sim_handle *users;
	void *regions[SIM_DISK_REGIONS];
	int shm_shared[SIM_DISK_LOCKS];
	struct sim_handle *shm_exclusive[SIM_DISK_LOCKS];
};

struct sim_file *sim_disk_find(const char *path); /* NULL: never made */
struct sim_file *sim_disk_make(const char *path, int machine);
void sim_disk_write(struct sim_file *file, size_t offset, const char *data, size_t n);
void sim_disk_cut(struct sim_file *file, size_t size);
void sim_disk_sync(struct sim_file *file);
void sim_disk_empty(struct sim_file *file);
void sim_disk_drop_regions(struct sim_file *file);

struct sqlite3_file;
/* An open handle gives up its locks, and passes to the side that runs (sim_vfs.c). */
void sim_disk_abandon(struct sqlite3_file *base);
void sim_disk_adopt(struct sqlite3_file *base);

#endif
