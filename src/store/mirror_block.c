/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levies in columns: making the blocks from the table. */
#include "mirror_block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_driver.h"
#include "shebao/match.h"
#include "shebao/mem.h"
#include "shebao/money.h"

/* A text of so many digits is a number in the same order. */
#define DOCUMENT_DIGITS 18

/* Groups met lately, so that nearly no row asks the database for its own. */
#define KNOWN_GROUPS 4096

// clang-format off
const char *const mirror_block_group_columns[] = {
	"taxpayer_id", "unit_no", "agency_code", "agency_name", "kind", "item_code", "item_name",
	"category_code", "category_name", "subcategory_code", "subcategory_name", "period_from",
	"period_to", "rate", "due_date", "valid_until", "source", "state", "pay_state", "settled_on",
};
const size_t mirror_block_group_column_count = ARRAY_LEN(mirror_block_group_columns);
#define GROUP_COLUMNS ARRAY_LEN(mirror_block_group_columns)

const char *const mirror_block_text_columns[] = {
	"levy_no", "declaration_id", "payment_no", "voucher_no", "tax_ticket_no", "certificate_no",
};
const size_t mirror_block_text_column_count = ARRAY_LEN(mirror_block_text_columns);
#define TEXT_COLUMNS ARRAY_LEN(mirror_block_text_columns)

static const struct {
	const char *field;
	enum block_part part;
} numbers[] = {
	{ "amount", BLOCK_AMOUNT },
	{ "base_amount", BLOCK_BASE_AMOUNT },
	{ "headcount", BLOCK_HEADCOUNT },
}, documents[] = {
	{ "tax_ticket_no", BLOCK_TICKET },
	{ "certificate_no", BLOCK_CERTIFICATE },
};
#define NUMBERS ARRAY_LEN(numbers)
#define DOCUMENTS ARRAY_LEN(documents)
// clang-format on

/* Columns of the query that reads a block: rowid, numbers, documents, texts, group columns. */
#define FIRST_NUMBER 1
#define FIRST_DOCUMENT (FIRST_NUMBER + (int)NUMBERS)
#define FIRST_TEXT (FIRST_DOCUMENT + (int)DOCUMENTS)
#define FIRST_GROUP (FIRST_TEXT + (int)TEXT_COLUMNS)
/* Of levy_group: id, hash, group columns. */
#define FIRST_STORED 2

/* The values of a group, the length before each: longer than all members together. */
struct group_key {
	size_t len;
	char bytes[4096];
};

struct known_group {
	char *key; /* owned */
	size_t len;
	uint32_t id;
};

struct packer {
	struct db *db;
	struct known_group known[KNOWN_GROUPS];
	struct buf read_sql, add_sql;
	struct group_key key, other; /* of the row; of a group with the same hash */
	uint32_t last_id;
	/* of the block being made */
	uint16_t rows[BLOCK_ROW_COUNT];
	struct block_group groups[BLOCK_ROW_COUNT];
	size_t group_count;
	int64_t numbers[NUMBERS][BLOCK_ROW_COUNT];
	int64_t documents[DOCUMENTS][BLOCK_ROW_COUNT];
	int has_other[DOCUMENTS]; /* not only digits */
	struct buf texts;
	int is_plain; /* so are the texts */
	int row_count;
	size_t next_line; /* row behind the last one */
};

enum block_part
mirror_block_number_part(const char *field)
{
	size_t i;

	for (i = 0; i < NUMBERS; i++) {
		if (strcmp(numbers[i].field, field) == 0) {
			return numbers[i].part;
		}
	}
	for (i = 0; i < DOCUMENTS; i++) {
		if (strcmp(documents[i].field, field) == 0) {
			return documents[i].part;
		}
	}
	return BLOCK_NONE;
}

int
mirror_block_is_group_column(const char *field)
{
	size_t i;

	for (i = 0; i < GROUP_COLUMNS; i++) {
		if (strcmp(mirror_block_group_columns[i], field) == 0) {
			return 1;
		}
	}
	return 0;
}

static int64_t
part_id(enum block_part part, int64_t block)
{
	return (int64_t)part << 32 | block;
}

/* ---- groups */

static void
make_sql(struct packer *p)
{
	size_t i;

	buf_puts(&p->read_sql, "SELECT rowid");
	for (i = 0; i < NUMBERS; i++) {
		buf_printf(&p->read_sql, ", %s", numbers[i].field);
	}
	for (i = 0; i < DOCUMENTS; i++) {
		buf_printf(&p->read_sql, ", %s", documents[i].field);
	}
	for (i = 0; i < TEXT_COLUMNS; i++) {
		buf_printf(&p->read_sql, ", %s", mirror_block_text_columns[i]);
	}
	buf_puts(&p->add_sql, "INSERT INTO levy_group VALUES ($1, $2");
	for (i = 0; i < GROUP_COLUMNS; i++) {
		buf_printf(&p->read_sql, ", %s", mirror_block_group_columns[i]);
		buf_printf(&p->add_sql, ", $%zu", i + 3);
	}
	buf_puts(&p->add_sql, ")");
	buf_puts(&p->read_sql, " FROM levy WHERE rowid >= $1 AND rowid < $2 ORDER BY rowid");
}

/* Eight bytes at a time: this is done for each row. */
static uint64_t
hash_of(const char *bytes, size_t n)
{
	uint64_t hash = n;

	for (; n >= sizeof(hash); n -= sizeof(hash), bytes += sizeof(hash)) {
		uint64_t word;

		memcpy(&word, bytes, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
	}
	for (; n > 0; n--) {
		hash = (hash ^ (unsigned char)*bytes++) * 0x9e3779b97f4a7c15u;
	}
	return hash ^ hash >> 32;
}

/* The values in the columns from `first` on. */
static int
take_key(const struct rows *rows, int first, struct group_key *key, struct err *err)
{
	size_t i;

	key->len = 0;
	for (i = 0; i < GROUP_COLUMNS; i++) {
		size_t len;
		const void *text = db_rows_bytes(rows, first + (int)i, &len);
		uint16_t length;

		if (len + sizeof(length) > sizeof(key->bytes) - key->len) {
			return err_set(err, ERR_LOCAL, "levy_group: %s", mirror_block_group_columns[i]);
		}
		/* Whatever stands in it, its length parts it from the next. */
		length = (uint16_t)len;
		memcpy(key->bytes + key->len, &length, sizeof(length));
		memcpy(key->bytes + key->len + sizeof(length), text, len);
		key->len += sizeof(length) + len;
	}
	return 0;
}

static int
add_group(struct packer *p, const struct rows *rows, uint64_t hash, struct err *err)
{
	struct db_value values[2 + GROUP_COLUMNS] = { db_int(++p->last_id), db_int((int64_t)hash) };
	size_t i;

	for (i = 0; i < GROUP_COLUMNS; i++) {
		values[2 + i] = db_text(db_rows_text(rows, FIRST_GROUP + (int)i));
	}
	return db_run(p->db, buf_text(&p->add_sql), values, ARRAY_LEN(values), NULL, err);
}

/* The group of the packer's key, which is that of this row; it is made when there is none. */
static int
find_group(struct packer *p, const struct rows *rows, uint64_t hash, uint32_t *id, struct err *err)
{
	struct rows *found = NULL;
	int is_there = 0;
	int rc = db_query(p->db, "SELECT * FROM levy_group WHERE hash = $1", DB_ARGS(db_int((int64_t)hash)),
	    &found, err);

	while (rc == 0 && !is_there && (rc = db_rows_next(found, err)) == 1) {
		rc = take_key(found, FIRST_STORED, &p->other, err);
		is_there = rc == 0 && p->other.len == p->key.len &&
		    memcmp(p->other.bytes, p->key.bytes, p->key.len) == 0;
		*id = (uint32_t)db_rows_int(found, 0);
	}
	db_rows_close(found);
	if (rc == 0 && !is_there) {
		rc = add_group(p, rows, hash, err);
		*id = p->last_id;
	}
	return rc;
}

static int
group_of(struct packer *p, const struct rows *rows, uint32_t *id, struct err *err)
{
	const struct group_key *key = &p->key;
	struct known_group *known;
	uint64_t hash;

	if (take_key(rows, FIRST_GROUP, &p->key, err) < 0) {
		return -1;
	}
	hash = hash_of(key->bytes, key->len);
	known = &p->known[hash % KNOWN_GROUPS];
	if (known->key == NULL || known->len != key->len || memcmp(known->key, key->bytes, key->len) != 0) {
		if (find_group(p, rows, hash, &known->id, err) < 0) {
			return -1;
		}
		known->len = key->len;
		known->key = mem_resize(known->key, key->len, 1);
		memcpy(known->key, key->bytes, key->len);
	}
	*id = known->id;
	return 0;
}

/* The group's place among those of the block. Neighbours are often alike. */
static size_t
place_of(struct packer *p, uint32_t id, uint16_t *places)
{
	size_t slot = id % BLOCK_ROW_COUNT;

	/* Open addressing in a table of twice the rows: there is always room. */
	for (slot = id % (2 * BLOCK_ROW_COUNT); places[slot] != 0;
	     slot = (slot + 1) % (2 * BLOCK_ROW_COUNT)) {
		if (p->groups[places[slot] - 1].id == id) {
			return places[slot] - 1u;
		}
	}
	p->groups[p->group_count] = (struct block_group){ .id = id };
	places[slot] = (uint16_t)(p->group_count + 1);
	return p->group_count++;
}

/* ---- a block */

/* Digits and small letters, as nearly all numbers of documents are, stay as they are. */
static int
is_plain(const char *text)
{
	while ((*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'z')) {
		text++;
	}
	return *text == '\0';
}

static void
put_texts(struct packer *p, const struct rows *rows, size_t line)
{
	size_t i;

	for (; p->next_line < line; p->next_line++) {
		buf_put(&p->texts, "\n", 1);
	}
	for (i = 0; i < TEXT_COLUMNS; i++) {
		const char *text = db_rows_text(rows, FIRST_TEXT + (int)i);
		char folded[256];

		if (!is_plain(text)) {
			match_fold(text, folded, sizeof(folded));
			text = folded;
			p->is_plain &= is_plain(text);
		}
		buf_puts(&p->texts, text);
		buf_put(&p->texts, i + 1 < TEXT_COLUMNS ? "\x1f" : "\n", 1);
	}
	p->next_line++;
}

/* Digits as a number to the base of eleven, in which the end of a text comes before 0: so numbers
 * stand in the order of the texts. -1: there is something else in it. */
static int64_t
number_of_document(const char *text)
{
	int64_t value = 0;
	int i;

	for (i = 0; i < DOCUMENT_DIGITS; i++) {
		value *= 11;
		if (*text >= '0' && *text <= '9') {
			value += *text++ - '0' + 1;
		} else if (*text != '\0') {
			return -1;
		}
	}
	return *text == '\0' ? value : -1;
}

static void
put_documents(struct packer *p, const struct rows *rows, size_t at)
{
	size_t i;

	for (i = 0; i < DOCUMENTS; i++) {
		const char *text = db_rows_text(rows, FIRST_DOCUMENT + (int)i);

		p->documents[i][at] = *text == '\0' ? 0 : number_of_document(text);
		p->has_other[i] |= p->documents[i][at] < 0;
	}
}

static int
take_row(struct packer *p, const struct rows *rows, uint16_t *places, struct err *err)
{
	size_t at = (size_t)(db_rows_int(rows, 0) & (BLOCK_ROW_COUNT - 1));
	struct block_group *group;
	uint32_t id;
	size_t i;

	if (group_of(p, rows, &id, err) < 0) {
		return -1;
	}
	p->rows[at] = (uint16_t)place_of(p, id, places);
	group = &p->groups[p->rows[at]];
	for (i = 0; i < NUMBERS; i++) {
		p->numbers[i][at] = db_rows_int(rows, FIRST_NUMBER + (int)i);
	}
	group->count++;
	p->row_count++;
	put_documents(p, rows, at);
	put_texts(p, rows, at);
	if (money_add(group->amount, db_rows_int(rows, FIRST_NUMBER), &group->amount, err) < 0) {
		return -1;
	}
	return money_add(group->headcount, db_rows_int(rows, FIRST_NUMBER + 2), &group->headcount, err);
}

/* bytes NULL: there is none. */
static int
write_part(struct packer *p, enum block_part part, int64_t block, const void *bytes, size_t n,
    struct err *err)
{
	if (p->row_count == 0 || bytes == NULL) {
		return db_run(p->db, "DELETE FROM levy_block WHERE id = $1",
		    DB_ARGS(db_int(part_id(part, block))), NULL, err);
	}
	return db_run(p->db,
	    "INSERT INTO levy_block (id, bytes) VALUES ($1, $2)"
	    " ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes WHERE bytes <> excluded.bytes",
	    DB_ARGS(db_int(part_id(part, block)), db_bytes(bytes, n)), NULL, err);
}

static int
write_numbers(struct packer *p, enum block_part part, int64_t block, const int64_t *values,
    struct err *err)
{
	size_t n = p->next_line;

	while (n > 0 && values != NULL && values[n - 1] == 0) {
		n--;
	}
	return write_part(p, part, block, values, n * sizeof(*values), err);
}

static int
write_block(struct packer *p, int64_t block, struct err *err)
{
	size_t i;

	p->texts.data[0] = p->is_plain ? BLOCK_TEXTS_PLAIN : BLOCK_TEXTS_ANY;
	if (write_part(p, BLOCK_GROUPS, block, p->groups, p->group_count * sizeof(p->groups[0]), err) < 0 ||
	    write_part(p, BLOCK_ROWS, block, p->rows, p->next_line * sizeof(p->rows[0]), err) < 0 ||
	    write_part(p, BLOCK_TEXTS, block, p->texts.data, p->texts.len, err) < 0) {
		return -1;
	}
	for (i = 0; i < NUMBERS; i++) {
		if (write_numbers(p, numbers[i].part, block, p->numbers[i], err) < 0) {
			return -1;
		}
	}
	for (i = 0; i < DOCUMENTS; i++) {
		if (write_numbers(p, documents[i].part, block, p->has_other[i] ? NULL : p->documents[i],
			err) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
pack(struct packer *p, int64_t block, struct err *err)
{
	uint16_t *places = mem_alloc(2 * BLOCK_ROW_COUNT * sizeof(*places));
	struct rows *rows = NULL;
	int rc;

	memset(p->rows, 0xff, sizeof(p->rows));
	memset(p->numbers, 0, sizeof(p->numbers));
	memset(p->documents, 0, sizeof(p->documents));
	memset(p->has_other, 0, sizeof(p->has_other));
	buf_clear(&p->texts);
	buf_put(&p->texts, "?", 1); /* what they are is known behind the last row */
	p->is_plain = 1;
	p->group_count = 0;
	p->row_count = 0;
	p->next_line = 0;
	rc = db_query(p->db, buf_text(&p->read_sql),
	    DB_ARGS(db_int(block << BLOCK_SHIFT), db_int((block + 1) << BLOCK_SHIFT)), &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		rc = take_row(p, rows, places, err);
	}
	db_rows_close(rows);
	free(places);
	return rc < 0 ? -1 : write_block(p, block, err);
}

/* ---- all that have changed */

static int
next_stale(struct db *db, int64_t *block, struct err *err)
{
	return db_find_int(
	    db, "SELECT block FROM levy_stale ORDER BY block LIMIT 1", DB_NONE, block, err);
}

int
mirror_block_forget(struct db *db, struct err *err)
{
	/* Those of rows that are gone, and those of rows that are there. */
	return db_run(db,
	    "WITH RECURSIVE b (block) AS (SELECT 0 UNION ALL SELECT block + 1 FROM b"
	    " WHERE block < (SELECT coalesce(max(rowid), 0) >> 12 FROM levy))"
	    " INSERT INTO levy_stale SELECT block FROM b WHERE 1 ON CONFLICT DO NOTHING",
	    DB_NONE, NULL, err);
}

int
mirror_block_pack(struct db *db, struct err *err)
{
	struct packer *p;
	int64_t block = 0, last = 0;
	size_t i;
	int rc = next_stale(db, &block, err);

	if (rc <= 0) {
		return rc;
	}
	if (db_find_int(db, "SELECT coalesce(max(id), 0) FROM levy_group", DB_NONE, &last, err) < 0) {
		return -1;
	}
	p = mem_alloc(sizeof(*p));
	p->db = db;
	p->last_id = (uint32_t)last;
	make_sql(p);
	while ((rc = next_stale(db, &block, err)) == 1) {
		if (pack(p, block, err) < 0 ||
		    db_run(db, "DELETE FROM levy_stale WHERE block = $1",
			DB_ARGS(db_int(block)), NULL, err) < 0) {
			rc = -1;
			break;
		}
	}
	for (i = 0; i < KNOWN_GROUPS; i++) {
		free(p->known[i].key);
	}
	buf_release(&p->read_sql);
	buf_release(&p->add_sql);
	buf_release(&p->texts);
	free(p);
	return rc < 0 ? -1 :
			db_run(db, "UPDATE levy_packed SET generation = generation + 1", DB_NONE, NULL, err);
}

int
mirror_block_has(struct db *db, enum block_part part, size_t blocks)
{
	int64_t count = 0;

	return db_find_int(db, "SELECT count(*) FROM levy_block WHERE id >= $1 AND id < $2",
		   DB_ARGS(db_int(part_id(part, 0)), db_int(part_id(part + 1, 0))), &count, NULL) == 1 &&
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
		DB_ARGS(db_int(part_id(part, block))), rows, NULL) < 0) {
		return NULL;
	}
	return db_rows_next(*rows, NULL) == 1 ? db_rows_bytes(*rows, 0, len) : NULL;
}
