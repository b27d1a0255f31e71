/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_WIRE_ROW_KEYS_H
#define SHEBAO_WIRE_ROW_KEYS_H

#include "shebao/record.h"

/* The keys that a file has had so far (all members of FIELD_KEY together), as hashes of 64 bits:
 * 16 bytes and the room to find them. Two keys of a million rows meet by chance once in 30 million files. */
struct row_keys {
	struct row_key *slots;
	size_t count, size;
};

/* The line of the row that has had the key of record; 0, and it is kept, when there is none.
 * Records without a key never meet. */
long row_keys_put(
    struct row_keys *keys, const struct record_type *type, const void *record, long line);

/* The member to be told of: the key that is not the employer's, if there is one. */
const struct field *row_keys_field(const struct record_type *type);

void row_keys_release(struct row_keys *keys);

#endif
