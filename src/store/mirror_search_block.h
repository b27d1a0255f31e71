/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_SEARCH_BLOCK_H
#define SHEBAO_STORE_MIRROR_SEARCH_BLOCK_H

#include "mirror_scan.h"

/* What was typed can stand in an amount, a number, a time (mirror_search.c). */
int mirror_search_is_number(const char *typed);

/* mirror_search over the blocks. *row as it answers; 1 done, 0 it is for SQL. */
int mirror_search_block(struct db *db, const struct mirror_query *q, const char *typed,
    int64_t from, int step, const struct mirror_stop *stop, int64_t *row);

#endif
