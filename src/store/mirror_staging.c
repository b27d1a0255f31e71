/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of a download as they arrive: put down beside the list, one after the other. Levies of a first
 * download are also packed into blocks (mirror_block.h) while they are at hand: reading them again
 * would cost as much as putting them down. Whole blocks only, of rows that came through here one
 * after the other; what is missing is made from the table when the stage becomes the list.
 */
#include "shebao/mirror.h"

#include <stdio.h>
#include <stdlib.h>

#include "mirror_block_pack.h"
#include "mirror_schema.h"
#include "shebao/mem.h"
#include "shebao/payment.h"

struct mirror_staging {
	struct db *db;
	enum mirror_noun noun;
	char table[64];
	struct packer *packer; /* NULL: nothing is packed */
	int64_t next;          /* row of the stage */
	int is_packing;        /* the block of that row, from its first one on */
};

static int
is_empty(struct db *db, const char *table)
{
	char sql[128];
	int64_t some = 1;

	snprintf(sql, sizeof(sql), "SELECT EXISTS (SELECT 1 FROM %s)", table);
	return db_find_int(db, sql, DB_NONE, &some, NULL) == 1 && some == 0;
}

struct mirror_staging *
mirror_staging_new(struct db *db, enum mirror_noun noun)
{
	struct mirror_staging *s = mem_alloc(sizeof(*s));

	s->db = db;
	s->noun = noun;
	snprintf(s->table, sizeof(s->table), "%s_stage", mirror_schema_table(noun)->name);
	if (noun == MIRROR_LEVY && is_empty(db, "levy")) {
		s->packer = mirror_block_pack_new(db, "levy_block_stage");
	}
	return s;
}

void
mirror_staging_free(struct mirror_staging *s)
{
	if (s != NULL) {
		mirror_block_pack_free(s->packer);
		free(s);
	}
}

/* What is staged can be had again, so it need not be synced: after a crash the rows that are there
 * say themselves from where to go on. Whatever is committed next is synced with all before it. And it
 * stays in the log until a thread takes it from there: that syncs too, and keys would wait for it. */
static int
set_synced(struct db *db, int is_synced, struct err *err)
{
	if (db_run(db, is_synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", DB_NONE,
		NULL, err) != 0) {
		return -1;
	}
	return db_run(db,
	    is_synced ? "PRAGMA wal_autocheckpoint = 1000" : "PRAGMA wal_autocheckpoint = 0", DB_NONE, NULL,
	    err);
}

/* Another client of this home may have put rows down, or made the stage its list, since the last ones. */
static int
go_on_packing(struct mirror_staging *s, struct err *err)
{
	int64_t next = 0;
	int same;

	if (s->packer == NULL) {
		return 0;
	}
	if (mirror_block_pack_begin(s->packer, &same, err) != 0 ||
	    db_find_int(s->db, "SELECT coalesce(max(rowid), 0) + 1 FROM levy_stage", DB_NONE, &next, err) < 0) {
		return -1;
	}
	s->is_packing = s->is_packing && same && s->next == next;
	s->next = next;
	return 0;
}

int
mirror_staging_open(struct mirror_staging *s, struct err *err)
{
	if (set_synced(s->db, 0, err) != 0) {
		return -1;
	}
	if (db_begin(s->db, err) != 0) {
		(void)!set_synced(s->db, 1, NULL);
		return -1;
	}
	return go_on_packing(s, err);
}

static int
pack(struct mirror_staging *s, const struct levy *levy, struct err *err)
{
	int64_t row = s->next++, in_block = row & (BLOCK_ROW_COUNT - 1);

	/* There is no row 0. */
	if (in_block == 0 || row == 1) {
		mirror_block_pack_start(s->packer);
		s->is_packing = 1;
	}
	if (!s->is_packing) {
		return 0;
	}
	if (mirror_block_pack_levy(s->packer, row, levy, err) != 0) {
		return -1;
	}
	return in_block < BLOCK_ROW_COUNT - 1 ? 0 : mirror_block_pack_end(s->packer, row >> BLOCK_SHIFT, err);
}

int
mirror_staging_put(struct mirror_staging *s, const void *record, struct err *err)
{
	if (db_insert(s->db, s->table, mirror_type(s->noun), record, err) != 0) {
		return -1;
	}
	if (s->packer != NULL) {
		return pack(s, record, err);
	}
	/* A payment's timeline only grows, so its events need not be staged. */
	return s->noun == MIRROR_PAYMENT ? mirror_put_events(s->db, record, err) : 0;
}

int
mirror_staging_save(struct mirror_staging *s, struct err *err)
{
	int rc = db_commit(s->db, err);

	if (rc != 0) {
		db_rollback(s->db);
	}
	return set_synced(s->db, 1, err) == 0 ? rc : -1;
}
