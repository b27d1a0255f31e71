/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SQLite's memory: a seed asks for it forty thousand times. What was freed waits in a list of its
 * size for the next who asks; nothing is given back, and nothing is looked for. With a sanitizer
 * SQLite keeps the C library's, which sees who reads what is freed.
 */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "sim.h"

enum {
	STEP = 16,         /* sizes are multiples of it, up to SMALL; then each is twice the last */
	SMALL = 1024,
	SMALL_CLASSES = SMALL / STEP + 1,
	CLASSES = SMALL_CLASSES + 7, /* up to LARGE */
	LARGE = SMALL << 7,
	CHUNK = 1 << 20
};

/* Before each block, and as wide as its alignment. */
struct block {
	size_t size;
	struct block *next; /* of the same size, when free */
};
_Static_assert(sizeof(struct block) == STEP, "blocks are aligned");

static struct block *free_blocks[CLASSES];
static char *chunk;
static size_t chunk_left;

static size_t
class_of(int n, size_t *size)
{
	size_t class = ((size_t)n + STEP - 1) / STEP;

	if (n <= SMALL) {
		*size = class * STEP;
		return class;
	}
	class = SMALL_CLASSES;
	for (*size = 2 * SMALL; *size < (size_t)n; *size *= 2) {
		class++;
	}
	return class;
}

static struct block *
carve(size_t size)
{
	struct block *b;

	if (chunk_left < size + sizeof(*b)) {
		chunk = malloc(CHUNK);
		if (chunk == NULL) {
			abort();
		}
		chunk_left = CHUNK;
	}
	b = (struct block *)(void *)chunk;
	chunk += size + sizeof(*b);
	chunk_left -= size + sizeof(*b);
	b->size = size;
	return b;
}

static void *
take(int n)
{
	size_t size, class;
	struct block *b;

	if (n > LARGE) {
		b = malloc((size_t)n + sizeof(*b));
		if (b == NULL) {
			return NULL;
		}
		b->size = (size_t)n;
		return b + 1;
	}
	class = class_of(n, &size);
	b = free_blocks[class];
	if (b != NULL) {
		free_blocks[class] = b->next;
	} else {
		b = carve(size);
	}
	return b + 1;
}

static void
give(void *p)
{
	struct block *b = (struct block *)p - 1;
	size_t size, class;

	if (b->size > LARGE) {
		free(b);
		return;
	}
	class = class_of((int)b->size, &size);
	b->next = free_blocks[class];
	free_blocks[class] = b;
}

static int
size_of(void *p)
{
	return (int)((struct block *)p - 1)->size;
}

static void *
resize(void *p, int n)
{
	void *out;

	if (n <= size_of(p)) {
		return p;
	}
	out = take(n);
	if (out != NULL) {
		memcpy(out, p, (size_t)size_of(p));
		give(p);
	}
	return out;
}

static int
round_up(int n)
{
	size_t size = (size_t)n;

	if (n <= LARGE) {
		class_of(n, &size);
	}
	return (int)size;
}

static int
begin(void *user)
{
	(void)user;
	return SQLITE_OK;
}

static void
end(void *user)
{
	(void)user;
}

void
sim_memory_install(void)
{
	static const sqlite3_mem_methods methods = {
		.xMalloc = take,
		.xFree = give,
		.xRealloc = resize,
		.xSize = size_of,
		.xRoundup = round_up,
		.xInit = begin,
		.xShutdown = end,
	};

#ifndef __SANITIZE_ADDRESS__
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK) {
		sim_fail("no memory of its own");
	}
#else
	(void)methods;
#endif
}
