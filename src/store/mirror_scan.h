/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_SCAN_H
#define SHEBAO_STORE_MIRROR_SCAN_H

#include "mirror_set.h"

/*
 * A list of levies read from the blocks (mirror_block.h). What a query means for each group is
 * found by SQL once and kept with the connection until something changes; then counts and sums are
 * in the blocks' groups, rows are found by their position or by their place in the order, and a
 * whole list is looked through in a few milliseconds. Where the list is limited to a set (marked rows,
 * narrowed lists) or its order is by a number, groups do not say how many rows there are, and rows are
 * looked at one by one.
 *
 * Between mirror_scan_open and mirror_scan_close all reads see one state of the database.
 */
#define SCAN_KEPT 6 /* plans with a connection */

struct mirror_scan {
	struct db *db;
	struct mirror_query query; /* order and filters of a levy list, nothing else */
	int64_t generation;
	uint64_t used;
	int is_locked; /* our savepoint is open */

	size_t group_count;  /* ids of groups are below it */
	unsigned char *fits; /* of each group: its rows are in the list */
	int64_t *rank;       /* of each group: its place in the order; NULL: by number or as they came */
	enum block_part number; /* the order is by this; BLOCK_NONE */
	struct mirror_set set;  /* only these rows, if limited */
	int is_limited;
	uint64_t narrowings;    /* of the connection when it was made */
	int is_by_row;          /* groups do not say which rows come where */

	int64_t *blocks; /* their numbers, ascending */
	int64_t *counts; /* of each: rows in the list */
	size_t block_count;
	int64_t count;
	int64_t amount, headcount; /* sums, if the list is not limited */

	struct scan_block *block; /* what was loaded last */
};

/* One block, with what the list makes of its groups. */
struct scan_block {
	size_t at; /* in blocks; SIZE_MAX: none is loaded */
	int64_t first; /* rowid of row 0 */
	const unsigned char *bits; /* of the set; NULL: not limited */
	size_t group_count;
	struct block_group groups[BLOCK_ROW_COUNT];
	unsigned char fits[BLOCK_ROW_COUNT];  /* of each group */
	int64_t rank[BLOCK_ROW_COUNT];        /* the same */
	int has_rows, has_numbers;
	uint16_t rows[BLOCK_ROW_COUNT];
	int64_t numbers[BLOCK_ROW_COUNT];
};

/* 1 ready, 0 this query is for SQL (other members, blocks not true now), -1. */
int mirror_scan_open(
    struct db *db, const struct mirror_query *q, struct mirror_scan **out, struct err *err);
void mirror_scan_close(struct mirror_scan *s);

/* The sum of amounts or headcounts, or of other numbers. */
int mirror_scan_sum(struct mirror_scan *s, enum block_part part, int64_t *sum, struct err *err);

/* Plans of the connection that are limited to narrowed rows are made anew. */
void mirror_scan_narrowed(struct db *db);

/* Loads a block's groups, then its rows, then the numbers of its part as they are asked for. */
int mirror_scan_groups(struct mirror_scan *s, size_t at, struct err *err);
/* Where in blocks this one is: 1; 0: nowhere. */
int mirror_scan_find_block(const struct mirror_scan *s, int64_t block, size_t *at);
/* The block of this row. */
int mirror_scan_groups_of(struct mirror_scan *s, int64_t rowid, struct err *err);
int mirror_scan_rows(struct mirror_scan *s, struct err *err);
int mirror_scan_numbers(struct mirror_scan *s, enum block_part part, struct err *err);

/* 1 if this row of the loaded block is in the list. */
int mirror_scan_has(const struct mirror_scan *s, size_t row);
/* Its place in the order; rows with equal ones stand as they came. */
int64_t mirror_scan_key(const struct mirror_scan *s, size_t row);
/* Loads what mirror_scan_key needs. */
int mirror_scan_keys(struct mirror_scan *s, struct err *err);

/* Rowids of the list's rows first ... first + n - 1. */
int mirror_scan_select(struct mirror_scan *s, int64_t first, size_t n, int64_t *rowids,
    size_t *got, struct err *err);

/* The position of a row; -1: it is not in the list, -2: failed. */
int64_t mirror_scan_position(struct mirror_scan *s, int64_t rowid);

#endif
