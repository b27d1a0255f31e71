/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of a file are the same one. */
#include "row_keys.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"

#define FIRST_SIZE 64
#define FNV_OFFSET UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

struct row_key {
	uint64_t hash;
	long line; /* 0: the slot is free */
};

static int
is_key(const struct field *f)
{
	return f->type == FIELD_TEXT && (f->flags & FIELD_KEY) != 0;
}

/* The zero that ends a member keeps "1","23" apart from "12","3". */
static uint64_t
hash_text(uint64_t hash, const char *s)
{
	size_t i, n = strlen(s) + 1;

	for (i = 0; i < n; i++) {
		hash = (hash ^ (unsigned char)s[i]) * FNV_PRIME;
	}
	return hash;
}

static struct row_key *
slot_of(struct row_key *slots, size_t size, uint64_t hash)
{
	size_t at = (size_t)(hash ^ (hash >> 32)) & (size - 1);

	while (slots[at].line != 0 && slots[at].hash != hash) {
		at = (at + 1) & (size - 1);
	}
	return &slots[at];
}

static void
grow(struct row_keys *keys)
{
	size_t size = keys->size == 0 ? FIRST_SIZE : keys->size * 2, i;
	struct row_key *slots = mem_alloc(size * sizeof(*slots));

	for (i = 0; i < keys->size; i++) {
		if (keys->slots[i].line != 0) {
			*slot_of(slots, size, keys->slots[i].hash) = keys->slots[i];
		}
	}
	free(keys->slots);
	keys->slots = slots;
	keys->size = size;
}

long
row_keys_put(
    struct row_keys *keys, const struct record_type *type, const void *record, long line)
{
	uint64_t hash = FNV_OFFSET;
	struct row_key *slot;
	size_t i;

	if (row_keys_field(type) == NULL) {
		return 0;
	}
	for (i = 0; i < type->count; i++) {
		if (is_key(&type->fields[i])) {
			hash = hash_text(hash, record_text(&type->fields[i], record));
		}
	}
	if (keys->count >= keys->size / 4 * 3) {
		grow(keys);
	}
	slot = slot_of(keys->slots, keys->size, hash);
	if (slot->line != 0) {
		return slot->line;
	}
	*slot = (struct row_key){ .hash = hash, .line = line };
	keys->count++;
	return 0;
}

const struct field *
row_keys_field(const struct record_type *type)
{
	const struct field *found = NULL;
	size_t i;

	for (i = 0; i < type->count; i++) {
		if (is_key(&type->fields[i]) &&
		    (found == NULL || strcmp(found->name, "taxpayer_id") == 0)) {
			found = &type->fields[i];
		}
	}
	return found;
}

void
row_keys_release(struct row_keys *keys)
{
	free(keys->slots);
	*keys = (struct row_keys){ 0 };
}
