/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite's file system over sim_disk.c. A dead side reads and writes nothing. */
#include <string.h>

#include <sqlite3.h>

#include "shebao/mem.h"
#include "sim.h"
#include "sim_disk.h"
#include "sim_watch.h"

struct sim_handle {
	sqlite3_file base;
	struct sim_file *file;
	int side;
	int level;
	unsigned shm_mine; /* shared locks held */
	int has_index;     /* in its file's list of users */
	struct sim_handle *next_user;
	int drop;          /* deleted when closed */
	int was_locked, had_index; /* before it was parked */
};

static int
is_dead(const struct sim_handle *h)
{
	return sim.sides[h->side].death != SIM_ALIVE;
}

/* ---- a handle's methods */

static struct sim_handle *
handle_of(sqlite3_file *base)
{
	return (struct sim_handle *)(void *)base;
}

static void
unlock_to(struct sim_handle *h, int level)
{
	struct sim_file *f = h->file;

	if (f->reserved == h && level < SQLITE_LOCK_RESERVED) {
		f->reserved = NULL;
	}
	if (f->waiting == h) {
		f->waiting = NULL;
	}
	if (f->exclusive == h && level < SQLITE_LOCK_EXCLUSIVE) {
		f->exclusive = NULL;
	}
	if (h->level >= SQLITE_LOCK_SHARED && level < SQLITE_LOCK_SHARED) {
		f->shared--;
	}
	h->level = level;
}

static int
x_unlock(sqlite3_file *base, int level)
{
	struct sim_handle *h = handle_of(base);

	if (level < h->level) {
		unlock_to(h, level);
	}
	return SQLITE_OK;
}

static int
x_lock(sqlite3_file *base, int level)
{
	struct sim_handle *h = handle_of(base);
	struct sim_file *f = h->file;

	if (h->level >= level) {
		return SQLITE_OK;
	}
	if (is_dead(h)) {
		return SQLITE_IOERR_LOCK;
	}
	if ((f->exclusive != NULL && f->exclusive != h) ||
	    (f->waiting != NULL && f->waiting != h)) {
		return SQLITE_BUSY;
	}
	if (h->level < SQLITE_LOCK_SHARED) {
		f->shared++;
		h->level = SQLITE_LOCK_SHARED;
	}
	if (level >= SQLITE_LOCK_RESERVED) {
		if (f->reserved != NULL && f->reserved != h) {
			return SQLITE_BUSY;
		}
		f->reserved = h;
		h->level = SQLITE_LOCK_RESERVED;
	}
	if (level == SQLITE_LOCK_EXCLUSIVE) {
		f->waiting = h;
		if (f->shared > 1) {
			return SQLITE_BUSY;
		}
		f->exclusive = h;
		h->level = SQLITE_LOCK_EXCLUSIVE;
	}
	return SQLITE_OK;
}

static int
x_check_reserved(sqlite3_file *base, int *out)
{
	*out = handle_of(base)->file->reserved != NULL;
	return SQLITE_OK;
}

static int
x_close(sqlite3_file *base)
{
	struct sim_handle *h = handle_of(base);

	unlock_to(h, SQLITE_LOCK_NONE);
	if (h->drop && !is_dead(h)) {
		sim_disk_empty(h->file);
	}
	return SQLITE_OK;
}

static int
x_read(sqlite3_file *base, void *out, int n, sqlite3_int64 offset)
{
	struct sim_handle *h = handle_of(base);
	struct sim_bytes *b = &h->file->seen;
	size_t at = (size_t)offset, want = (size_t)n, have;

	if (is_dead(h)) {
		return SQLITE_IOERR_READ;
	}
	have = at >= b->len ? 0 : b->len - at < want ? b->len - at : want;
	if (have > 0) {
		memcpy(out, b->data + at, have);
	}
	memset((char *)out + have, 0, want - have);
	return have == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int
x_write(sqlite3_file *base, const void *data, int n, sqlite3_int64 offset)
{
	struct sim_handle *h = handle_of(base);
	struct sim_side *side = &sim.sides[h->side];
	enum sim_step step;

	if (is_dead(h)) {
		return SQLITE_IOERR_WRITE;
	}
	if (side->full_writes > 0) {
		side->full_writes--;
		sim_hit(SIM_DISK_FULL);
		return SQLITE_FULL;
	}
	step = sim_step();
	if (step != SIM_STEP_DIED_BEFORE) {
		sim_disk_write(h->file, (size_t)offset, data, (size_t)n);
	}
	return step == SIM_STEP_ALIVE ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int
x_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct sim_handle *h = handle_of(base);
	enum sim_step step;

	if (is_dead(h)) {
		return SQLITE_IOERR_TRUNCATE;
	}
	step = sim_step();
	if (step != SIM_STEP_DIED_BEFORE) {
		sim_disk_cut(h->file, (size_t)size);
	}
	return step == SIM_STEP_ALIVE ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int
x_sync(sqlite3_file *base, int flags)
{
	struct sim_handle *h = handle_of(base);
	struct sim_side *side = &sim.sides[h->side];
	enum sim_step step;

	(void)flags;
	if (is_dead(h)) {
		return SQLITE_IOERR_FSYNC;
	}
	if (side->bad_syncs > 0) {
		side->bad_syncs--;
		sim_hit(SIM_DISK_ERROR);
		return SQLITE_IOERR_FSYNC;
	}
	step = sim_step();
	if (step != SIM_STEP_DIED_BEFORE) {
		sim_disk_sync(h->file);
		sim_watch_synced();
	}
	return step == SIM_STEP_ALIVE ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int
x_size(sqlite3_file *base, sqlite3_int64 *out)
{
	struct sim_handle *h = handle_of(base);

	if (is_dead(h)) {
		return SQLITE_IOERR_FSTAT;
	}
	*out = (sqlite3_int64)h->file->seen.len;
	return SQLITE_OK;
}

static int
x_control(sqlite3_file *base, int op, void *arg)
{
	(void)base;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
x_sector(sqlite3_file *base)
{
	(void)base;
	return 4096;
}

static int
x_traits(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- the index in shared memory */

static void
leave_index(struct sim_handle *h)
{
	struct sim_handle **p;

	for (p = &h->file->users; *p != NULL; p = &(*p)->next_user) {
		if (*p == h) {
			*p = h->next_user;
			break;
		}
	}
	h->has_index = 0;
}

/* Whoever comes when no living program uses it begins with an empty one, and so reads the log. */
static void
join_index(struct sim_handle *h)
{
	struct sim_handle *user;

	if (h->has_index) {
		return;
	}
	for (user = h->file->users; user != NULL && is_dead(user); user = user->next_user) {
	}
	if (user == NULL) {
		sim_disk_drop_regions(h->file);
	}
	h->has_index = 1;
	h->next_user = h->file->users;
	h->file->users = h;
}

static int
x_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out)
{
	struct sim_handle *h = handle_of(base);
	struct sim_file *f = h->file;

	*out = NULL;
	if (is_dead(h) || region >= SIM_DISK_REGIONS || size != SIM_DISK_REGION) {
		return SQLITE_IOERR_SHMMAP;
	}
	join_index(h);
	if (f->regions[region] == NULL && extend) {
		f->regions[region] = mem_alloc((size_t)size);
	}
	*out = f->regions[region];
	return SQLITE_OK;
}

static int
shm_unlock(struct sim_handle *h, int first, int n, int is_shared)
{
	int i;

	for (i = first; i < first + n; i++) {
		if (is_shared && (h->shm_mine & (1U << i)) != 0) {
			h->shm_mine &= ~(1U << i);
			h->file->shm_shared[i]--;
		} else if (!is_shared && h->file->shm_exclusive[i] == h) {
			h->file->shm_exclusive[i] = NULL;
		}
	}
	return SQLITE_OK;
}

static int
x_shm_lock(sqlite3_file *base, int first, int n, int flags)
{
	struct sim_handle *h = handle_of(base);
	struct sim_file *f = h->file;
	int is_shared = (flags & SQLITE_SHM_SHARED) != 0, i;

	if ((flags & SQLITE_SHM_UNLOCK) != 0) {
		return shm_unlock(h, first, n, is_shared);
	}
	if (is_dead(h)) {
		return SQLITE_IOERR_SHMLOCK;
	}
	for (i = first; i < first + n; i++) {
		int others = f->shm_shared[i] - ((h->shm_mine & (1U << i)) != 0);

		if ((f->shm_exclusive[i] != NULL && f->shm_exclusive[i] != h) ||
		    (!is_shared && others > 0)) {
			return SQLITE_BUSY;
		}
	}
	for (i = first; i < first + n; i++) {
		if (!is_shared) {
			f->shm_exclusive[i] = h;
		} else if ((h->shm_mine & (1U << i)) == 0) {
			h->shm_mine |= 1U << i;
			f->shm_shared[i]++;
		}
	}
	return SQLITE_OK;
}

static void
x_shm_barrier(sqlite3_file *base)
{
	(void)base;
}

static int
x_shm_unmap(sqlite3_file *base, int drop)
{
	struct sim_handle *h = handle_of(base);

	shm_unlock(h, 0, SIM_DISK_LOCKS, 1);
	shm_unlock(h, 0, SIM_DISK_LOCKS, 0);
	leave_index(h);
	if (drop && !is_dead(h)) {
		sim_disk_drop_regions(h->file);
	}
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = x_close,
	.xRead = x_read,
	.xWrite = x_write,
	.xTruncate = x_truncate,
	.xSync = x_sync,
	.xFileSize = x_size,
	.xLock = x_lock,
	.xUnlock = x_unlock,
	.xCheckReservedLock = x_check_reserved,
	.xFileControl = x_control,
	.xSectorSize = x_sector,
	.xDeviceCharacteristics = x_traits,
	.xShmMap = x_shm_map,
	.xShmLock = x_shm_lock,
	.xShmBarrier = x_shm_barrier,
	.xShmUnmap = x_shm_unmap,
};

/* ---- the file system */

void
sim_disk_abandon(sqlite3_file *base)
{
	struct sim_handle *h = handle_of(base);

	h->was_locked = h->level >= SQLITE_LOCK_SHARED;
	h->had_index = h->has_index;
	leave_index(h);
	unlock_to(h, SQLITE_LOCK_NONE);
	shm_unlock(h, 0, SIM_DISK_LOCKS, 1);
	shm_unlock(h, 0, SIM_DISK_LOCKS, 0);
}

void
sim_disk_adopt(sqlite3_file *base)
{
	struct sim_handle *h = handle_of(base);

	h->side = sim.side;
	h->file->machine = sim.sides[sim.side].machine;
	h->file->exists = 1;
	if (h->had_index) {
		join_index(h);
	}
	/* A connection to a database with a log keeps this lock as long as it lives. */
	if (h->was_locked) {
		h->file->shared++;
		h->level = SQLITE_LOCK_SHARED;
	}
}

static int
x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
	struct sim_handle *h = handle_of(base);
	char temporary[32];

	(void)vfs;
	memset(h, 0, sizeof(*h));
	if (sim_is_dead()) {
		return SQLITE_CANTOPEN;
	}
	if (name == NULL) {
		static int serial;

		snprintf(temporary, sizeof(temporary), "temporary-%d", serial++ % 8);
		name = temporary;
	}
	h->side = sim.side;
	h->file = sim_disk_make(name, sim.sides[sim.side].machine);
	h->file->exists = 1;
	h->drop = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
	base->pMethods = &methods;
	if (out_flags != NULL) {
		*out_flags = flags;
	}
	return SQLITE_OK;
}

static int
x_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	struct sim_file *f = sim_disk_find(name);
	enum sim_step step;

	(void)vfs;
	(void)sync_folder;
	if (sim_is_dead()) {
		return SQLITE_IOERR_DELETE;
	}
	step = sim_step();
	if (step == SIM_STEP_DIED_BEFORE) {
		return SQLITE_IOERR_DELETE;
	}
	if (f == NULL || !f->exists) {
		return SQLITE_IOERR_DELETE_NOENT;
	}
	sim_disk_empty(f);
	return step == SIM_STEP_ALIVE ? SQLITE_OK : SQLITE_IOERR_DELETE;
}

static int
x_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	struct sim_file *f = sim_disk_find(name);

	(void)vfs;
	(void)flags;
	*out = f != NULL && f->exists && (flags != SQLITE_ACCESS_EXISTS || f->seen.len > 0);
	return sim_is_dead() ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

static int
x_full_path(sqlite3_vfs *vfs, const char *name, int n, char *out)
{
	(void)vfs;
	sqlite3_snprintf(n, out, "%s", name);
	return SQLITE_OK;
}

static int
x_randomness(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	sim_random_bytes(out, (size_t)n);
	return n;
}

/* Who waits for a lock waits on the virtual clock, and the others go on meanwhile. */
static int
x_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	if (sim_fiber_now() != NULL) {
		sim_sleep(us / 1000 + 1);
	}
	return us;
}

static int
x_time64(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
	(void)vfs;
	*out = INT64_C(210866760000000) + sim.now;
	return SQLITE_OK;
}

static int
x_time(sqlite3_vfs *vfs, double *out)
{
	sqlite3_int64 ms;

	x_time64(vfs, &ms);
	*out = (double)ms / 86400000.0;
	return SQLITE_OK;
}

void
sim_disk_install(void)
{
	static sqlite3_vfs vfs = {
		.iVersion = 2,
		.szOsFile = sizeof(struct sim_handle),
		.mxPathname = 512,
		.zName = "sim",
		.xOpen = x_open,
		.xDelete = x_delete,
		.xAccess = x_access,
		.xFullPathname = x_full_path,
		.xRandomness = x_randomness,
		.xSleep = x_sleep,
		.xCurrentTime = x_time,
		.xCurrentTimeInt64 = x_time64,
	};

	if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) {
		sim_fail("no file system");
	}
}
