/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_BLOCK_H
#define SHEBAO_STORE_MIRROR_BLOCK_H

#include "shebao/mirror.h"

/*
 * Levies once more, in columns: what makes a list of a million feel like one of ten. The table
 * levy stays the truth; this is made from it, block by block, and made again when a row of a block
 * has changed: triggers note the block in the same transaction, whoever writes.
 *
 * Most members hold few different values. Levies that are equal in all of them are of one group
 * (levy_group), so a filter, an order or a word is looked at once for each group instead of once
 * for each row. A block is 4,096 rows by their rowid; its parts are blobs of the table levy_block,
 * in the machine's own byte order:
 *
 *	BLOCK_ROWS	for each row its group's place in BLOCK_GROUPS, or BLOCK_NO_ROW
 *	BLOCK_GROUPS	struct block_group: the groups of this block with count and sums
 *	BLOCK_AMOUNT ...	one int64_t for each row
 *	BLOCK_TICKET ...	the same for numbers of documents, so that they stand in the order of their
 *			texts; not there when one of them has anything but digits
 *	BLOCK_TEXTS	what is different in each row, folded (match_fold), a line for each row; before
 *			them BLOCK_TEXTS_PLAIN if there are only small letters and digits
 *
 * Each ends with the last row that is there, numbers with the last one that is not 0.
 */
#define BLOCK_SHIFT 12
#define BLOCK_ROW_COUNT (1 << BLOCK_SHIFT)
#define BLOCK_NO_ROW 0xffff
#define BLOCK_TEXT_SEPARATOR '\x1f'
#define BLOCK_TEXTS_PLAIN 'p'
#define BLOCK_TEXTS_ANY '-'

enum block_part {
	BLOCK_NONE,
	BLOCK_GROUPS,
	BLOCK_ROWS,
	BLOCK_AMOUNT,
	BLOCK_BASE_AMOUNT,
	BLOCK_HEADCOUNT,
	BLOCK_TEXTS,
	BLOCK_TICKET,
	BLOCK_CERTIFICATE,
	BLOCK_PART_COUNT
};

struct block_group {
	uint32_t id, count;
	int64_t amount, headcount;
};

/* The columns of levy_group, in its order: their values are the same in all rows of a group. */
extern const char *const mirror_block_group_columns[];
extern const size_t mirror_block_group_column_count;
/* Those of BLOCK_TEXTS. */
extern const char *const mirror_block_text_columns[];
extern const size_t mirror_block_text_column_count;

/* The row of levy_block. */
int64_t mirror_block_id(enum block_part part, int64_t block);

/* The part that holds the member's numbers; BLOCK_NONE. */
enum block_part mirror_block_number_part(const char *field);

int mirror_block_is_group_column(const char *field);

/* Notes all blocks as changed: for whoever writes the table without its triggers. */
int mirror_block_forget(struct db *db, struct err *err);

/* The rows of the stage have become the table: their blocks were staged with them (levy_block_stage), and
 * those that are not there are noted as changed. */
int mirror_block_take_staged(struct db *db, struct err *err);

/* Rows of the stage are gone, or have become the list's in another way. */
int mirror_block_drop_staged(struct db *db, struct err *err);

/* Raises the counter of changes. */
int mirror_block_changed(struct db *db, struct err *err);

/* mirror_block_pack.c: makes anew what has changed, within a transaction. */
int mirror_block_pack(struct db *db, struct err *err);

/* The same in one of its own. 1 all blocks are true, 0 it cannot be done now (another process
 * writes, a transaction is open): ask the table. */
int mirror_block_refresh(struct db *db);

/* Whether a part is there for so many blocks. */
int mirror_block_has(struct db *db, enum block_part part, size_t blocks);

/* The counter of changes, and whether all blocks are true as this transaction sees them. */
int mirror_block_state(struct db *db, int64_t *generation, int *is_true);

/* A part of a block; NULL: there is no such block. Valid until the rows are closed. */
const void *mirror_block_read(
    struct db *db, enum block_part part, int64_t block, struct rows **rows, size_t *len);

#endif
