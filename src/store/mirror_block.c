/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levies in columns: what the blocks hold, whether they are true, reading them. */
#include "mirror_block.h"

#include <string.h>

#include "db_driver.h"
#include "shebao/mem.h"

// clang-format off
const char *const mirror_block_group_columns[] = {
	"taxpayer_id", "unit_no", "agency_code", "agency_name", "kind", "item_code", "item_name",
	"category_code", "category_name", "subcategory_code", "subcategory_name", "period_from",
	"period_to", "rate", "due_date", "valid_until", "source", "state", "pay_state", "settled_on",
};
const size_t mirror_block_group_column_count = ARRAY_LEN(mirror_block_group_columns);

const char *const mirror_block_text_columns[] = {
	"levy_no", "declaration_id", "payment_no", "voucher_no", "tax_ticket_no", "certificate_no",
};
const size_t mirror_block_text_column_count = ARRAY_LEN(mirror_block_text_columns);

static const struct {
	const char *field;
	enum block_part part;
} numbers[] = {
	{ "amount", BLOCK_AMOUNT },
	{ "base_amount", BLOCK_BASE_AMOUNT },
	{ "headcount", BLOCK_HEADCOUNT },
	{ "tax_ticket_no", BLOCK_TICKET },
	{ "certificate_no", BLOCK_CERTIFICATE },
};
// clang-format on

enum block_part
mirror_block_number_part(const char *field)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(numbers); i++) {
		if (strcmp(numbers[i].field, field) == 0) {
			return numbers[i].part;
		}
	}
	return BLOCK_NONE;
}

int
mirror_block_is_group_column(const char *field)
{
	size_t i;

	for (i = 0; i < mirror_block_group_column_count; i++) {
		if (strcmp(mirror_block_group_columns[i], field) == 0) {
			return 1;
		}
	}
	return 0;
}

int64_t
mirror_block_id(enum block_part part, int64_t block)
{
	return (int64_t)part << 32 | block;
}

/* ---- which are true */

/* As far as there are rows. */
#define ALL_BLOCKS                                                                \
	"WITH RECURSIVE b (block) AS (SELECT 0 UNION ALL SELECT block + 1 FROM b" \
	" WHERE block < (SELECT coalesce(max(rowid), 0) >> 12 FROM levy)) SELECT block FROM b WHERE 1"

int
mirror_block_forget(struct db *db, struct err *err)
{
	/* Those of rows that are gone, and those of rows that are there. */
	return db_run(db,
	    "INSERT INTO levy_stale " ALL_BLOCKS " ON CONFLICT DO NOTHING", DB_NONE, NULL, err);
}

int
mirror_block_changed(struct db *db, struct err *err)
{
	return db_run(db, "UPDATE levy_packed SET generation = generation + 1", DB_NONE, NULL, err);
}

int
mirror_block_drop_staged(struct db *db, struct err *err)
{
	return db_run(db, "DELETE FROM levy_block_stage", DB_NONE, NULL, err);
}

int
mirror_block_take_staged(struct db *db, struct err *err)
{
	static const char *const sql[] = {
		"DROP TABLE levy_block",
		"ALTER TABLE levy_block_stage RENAME TO levy_block",
		"CREATE TABLE levy_block_stage (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
		"DELETE FROM levy_stale",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(sql); i++) {
		if (db_run(db, sql[i], DB_NONE, NULL, err) != 0) {
			return -1;
		}
	}
	if (db_run(db,
		"INSERT INTO levy_stale " ALL_BLOCKS
		" AND NOT EXISTS (SELECT 1 FROM levy_block WHERE id = $1 + block)",
		DB_ARGS(db_int(mirror_block_id(BLOCK_GROUPS, 0))), NULL, err) != 0) {
		return -1;
	}
	return mirror_block_changed(db, err);
}

int
mirror_block_has(struct db *db, enum block_part part, size_t blocks)
{
	int64_t count = 0;

	return db_find_int(db, "SELECT count(*) FROM levy_block WHERE id >= $1 AND id < $2",
		   DB_ARGS(db_int(mirror_block_id(part, 0)), db_int(mirror_block_id(part + 1, 0))), &count, NULL) == 1 &&
	    (size_t)count == blocks;
}

int
mirror_block_state(struct db *db, int64_t *generation, int *is_true)
{
	struct rows *rows = NULL;
	int rc;

	rc = db_query(db,
	    "SELECT generation, EXISTS (SELECT 1 FROM levy_stale) FROM levy_packed", DB_NONE, &rows, NULL);
	if (rc == 0) {
		rc = db_rows_next(rows, NULL);
	}
	if (rc == 1) {
		*generation = db_rows_int(rows, 0);
		*is_true = db_rows_int(rows, 1) == 0;
	}
	db_rows_close(rows);
	return rc == 1 ? 0 : -1;
}

int
mirror_block_refresh(struct db *db)
{
	struct err err = { 0 };
	int64_t generation;
	int is_true, rc;

	if (mirror_block_state(db, &generation, &is_true) < 0) {
		return 0;
	}
	if (is_true) {
		return 1;
	}
	if (db_in_transaction(db)) {
		/* A failure here must not end the caller's transaction. */
		return 0;
	}
	/* While somebody else writes the table can be asked sooner. */
	(void)!db_run(db, "PRAGMA busy_timeout = 50", DB_NONE, NULL, NULL);
	rc = db_begin(db, &err);
	(void)!db_run(db, DB_BUSY_PRAGMA, DB_NONE, NULL, NULL);
	if (rc < 0) {
		return 0;
	}
	if (mirror_block_pack(db, &err) < 0 || db_commit(db, &err) < 0) {
		db_rollback(db);
		return 0;
	}
	return 1;
}

const void *
mirror_block_read(
    struct db *db, enum block_part part, int64_t block, struct rows **rows, size_t *len)
{
	*rows = NULL;
	if (db_query(db, "SELECT bytes FROM levy_block WHERE id = $1",
		DB_ARGS(db_int(mirror_block_id(part, block))), rows, NULL) < 0) {
		return NULL;
	}
	return db_rows_next(*rows, NULL) == 1 ? db_rows_bytes(*rows, 0, len) : NULL;
}
