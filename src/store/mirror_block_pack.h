/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_BLOCK_PACK_H
#define SHEBAO_STORE_MIRROR_BLOCK_PACK_H

#include "mirror_block.h"
#include "shebao/levy.h"

/*
 * Makes blocks, one after the other, in transactions of the caller's: begin in each; then for each
 * block start, its levies in the order of their rows, and end, which writes it into the table
 * (levy_block, or one with its columns).
 */
struct packer; /* opaque */

struct packer *mirror_block_pack_new(struct db *db, const char *table);
void mirror_block_pack_free(struct packer *p); /* NULL allowed */

/* *same: the block that was under way can go on. Otherwise somebody else has made groups, or forgotten some,
 * since the last transaction. */
int mirror_block_pack_begin(struct packer *p, int *same, struct err *err)
    __attribute__((warn_unused_result));
void mirror_block_pack_start(struct packer *p);
int mirror_block_pack_levy(struct packer *p, int64_t row, const struct levy *levy, struct err *err)
    __attribute__((warn_unused_result));
int mirror_block_pack_end(struct packer *p, int64_t block, struct err *err)
    __attribute__((warn_unused_result));

#endif
