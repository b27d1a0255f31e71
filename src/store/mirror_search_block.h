/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_SEARCH_BLOCK_H
#define SHEBAO_STORE_MIRROR_SEARCH_BLOCK_H

#include "mirror_scan.h"

/* What was typed, held against the blocks of one list. */
struct block_search; /* opaque */

struct block_search *mirror_search_block_new(const char *typed);
void mirror_search_block_free(struct block_search *s); /* accepts NULL */

/* How many rows of the scan's block `at` are in the list and fit, and for each whether it is one of
 * them, until the next call; -1: failed. The scans are those of one list, at any time. */
int mirror_search_block_hits(struct block_search *s, struct mirror_scan *scan, size_t at,
    const unsigned char **hits, struct err *err);

/* mirror_search over the blocks. *row as it answers; 1 done, 0 it is for SQL. */
int mirror_search_block(struct db *db, const struct mirror_query *q, const char *typed,
    int64_t from, int step, const struct mirror_stop *stop, int64_t *row);

#endif
