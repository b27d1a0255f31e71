/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levies in columns: making the blocks, from the table or while the rows arrive. */
#include "mirror_block_pack.h"

#include <assert.h>
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

/* At most so many members of one kind. */
#define MEMBERS_MAX 24

/* The values of a group. */
struct group_key {
	size_t len;
	char bytes[2 * sizeof(struct levy)];
};

struct known_group {
	char *key; /* owned */
	size_t len;
	uint32_t id;
};

struct packer {
	struct db *db;
	const struct field *group_fields[MEMBERS_MAX], *text_fields[MEMBERS_MAX],
	    *number_fields[BLOCK_PART_COUNT]; /* NULL: the part has no numbers */
	struct known_group known[KNOWN_GROUPS];
	struct buf add_group, put_part, drop_part; /* SQL */
	struct group_key key, other;               /* of the row; of a group with the same hash */
	int64_t generation;                        /* of which the known groups are */
	uint32_t last_id;
	/* of the block being made */
	uint16_t rows[BLOCK_ROW_COUNT];
	uint16_t places[2 * BLOCK_ROW_COUNT]; /* of groups, by their ids: place + 1 */
	struct block_group groups[BLOCK_ROW_COUNT];
	size_t group_count;
	int64_t numbers[BLOCK_PART_COUNT][BLOCK_ROW_COUNT];
	int has_other[BLOCK_PART_COUNT]; /* not only digits */
	struct buf texts;
	int is_plain;     /* so are the texts */
	size_t next_line; /* row behind the last one */
};

/* ---- groups */

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

/* Texts with their ends, numbers as they are: equal when all members are. */
static void
take_key(const struct packer *p, const struct levy *levy, struct group_key *key)
{
	size_t i;

	key->len = 0;
	for (i = 0; i < mirror_block_group_column_count; i++) {
		const struct field *f = p->group_fields[i];
		const char *member = (const char *)levy + f->offset;
		size_t n = f->size > 0 ? strlen(member) + 1 : sizeof(int64_t);
		int64_t number;

		if (f->size == 0) {
			number = record_number(f, levy);
			member = (const char *)&number;
		}
		memcpy(key->bytes + key->len, member, n);
		key->len += n;
	}
}

static int
add_group(struct packer *p, const struct levy *levy, uint64_t hash, struct err *err)
{
	struct db_value values[2 + MEMBERS_MAX] = { db_int(++p->last_id), db_int((int64_t)hash) };
	size_t i;

	for (i = 0; i < mirror_block_group_column_count; i++) {
		values[2 + i] = db_record_value(p->group_fields[i], levy);
	}
	return db_run(p->db, buf_text(&p->add_group), values, 2 + i, NULL, err);
}

static int
is_same_key(const struct group_key *key, const char *bytes, size_t len)
{
	return key->len == len && memcmp(key->bytes, bytes, len) == 0;
}

/* The group of the packer's key, which is that of this levy; it is made when there is none. */
static int
find_group(struct packer *p, const struct levy *levy, uint64_t hash, uint32_t *id, struct err *err)
{
	struct rows *found = NULL;
	struct levy other = { 0 };
	int is_there = 0;
	int rc = db_query(p->db, "SELECT * FROM levy_group WHERE hash = $1", DB_ARGS(db_int((int64_t)hash)),
	    &found, err);

	while (rc == 0 && !is_there && (rc = db_rows_next(found, err)) == 1) {
		rc = db_rows_record(found, &levy_type, &other, err);
		take_key(p, &other, &p->other);
		is_there = rc == 0 && is_same_key(&p->key, p->other.bytes, p->other.len);
		*id = (uint32_t)db_rows_int(found, 0);
	}
	db_rows_close(found);
	if (rc == 0 && !is_there) {
		rc = add_group(p, levy, hash, err);
		*id = p->last_id;
	}
	return rc;
}

static int
group_of(struct packer *p, const struct levy *levy, uint32_t *id, struct err *err)
{
	const struct group_key *key = &p->key;
	struct known_group *known;
	uint64_t hash;

	take_key(p, levy, &p->key);
	hash = hash_of(key->bytes, key->len);
	known = &p->known[hash % KNOWN_GROUPS];
	if (known->key == NULL || !is_same_key(key, known->key, known->len)) {
		if (find_group(p, levy, hash, &known->id, err) < 0) {
			return -1;
		}
		known->len = key->len;
		known->key = mem_resize(known->key, key->len, 1);
		memcpy(known->key, key->bytes, key->len);
	}
	*id = known->id;
	return 0;
}

/* The group's place among those of the block. */
static size_t
place_of(struct packer *p, uint32_t id)
{
	size_t slot = id % ARRAY_LEN(p->places);

	/* Open addressing in a table of twice the rows: there is always room. */
	for (; p->places[slot] != 0; slot = (slot + 1) % ARRAY_LEN(p->places)) {
		if (p->groups[p->places[slot] - 1].id == id) {
			return p->places[slot] - 1u;
		}
	}
	p->groups[p->group_count] = (struct block_group){ .id = id };
	p->places[slot] = (uint16_t)(p->group_count + 1);
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
put_texts(struct packer *p, const struct levy *levy, size_t line)
{
	size_t i;

	for (; p->next_line < line; p->next_line++) {
		buf_put(&p->texts, "\n", 1);
	}
	for (i = 0; i < mirror_block_text_column_count; i++) {
		const char *text = record_text(p->text_fields[i], levy);
		char folded[256];

		if (!is_plain(text)) {
			match_fold(text, folded, sizeof(folded));
			text = folded;
			p->is_plain &= is_plain(text);
		}
		buf_puts(&p->texts, text);
		buf_put(&p->texts, i + 1 < mirror_block_text_column_count ? "\x1f" : "\n", 1);
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
put_numbers(struct packer *p, const struct levy *levy, size_t at)
{
	size_t part;

	for (part = 0; part < BLOCK_PART_COUNT; part++) {
		const struct field *f = p->number_fields[part];

		if (f == NULL) {
			continue;
		}
		p->numbers[part][at] = f->size > 0 ? number_of_document(record_text(f, levy))
						   : record_number(f, levy);
		p->has_other[part] |= f->size > 0 && p->numbers[part][at] < 0;
	}
}

void
mirror_block_pack_start(struct packer *p)
{
	memset(p->rows, 0xff, sizeof(p->rows));
	memset(p->places, 0, sizeof(p->places));
	memset(p->numbers, 0, sizeof(p->numbers));
	memset(p->has_other, 0, sizeof(p->has_other));
	buf_clear(&p->texts);
	buf_put(&p->texts, "?", 1); /* what they are is known behind the last row */
	p->is_plain = 1;
	p->group_count = 0;
	p->next_line = 0;
}

int
mirror_block_pack_levy(struct packer *p, int64_t row, const struct levy *levy, struct err *err)
{
	size_t at = (size_t)(row & (BLOCK_ROW_COUNT - 1));
	struct block_group *group;
	uint32_t id;

	if (group_of(p, levy, &id, err) < 0) {
		return -1;
	}
	p->rows[at] = (uint16_t)place_of(p, id);
	group = &p->groups[p->rows[at]];
	group->count++;
	put_numbers(p, levy, at);
	put_texts(p, levy, at);
	if (money_add(group->amount, levy->amount, &group->amount, err) < 0) {
		return -1;
	}
	return money_add(group->headcount, levy->headcount, &group->headcount, err);
}

/* bytes NULL: there is none. */
static int
write_part(struct packer *p, enum block_part part, int64_t block, const void *bytes, size_t n,
    struct err *err)
{
	struct db_value id = db_int(mirror_block_id(part, block));

	if (p->next_line == 0 || bytes == NULL) {
		return db_run(p->db, buf_text(&p->drop_part), DB_ARGS(id), NULL, err);
	}
	return db_run(p->db, buf_text(&p->put_part), DB_ARGS(id, db_bytes(bytes, n)), NULL, err);
}

static int
write_numbers(struct packer *p, enum block_part part, int64_t block, struct err *err)
{
	const int64_t *values = p->numbers[part];
	size_t n = p->next_line;

	while (n > 0 && values[n - 1] == 0) {
		n--;
	}
	return write_part(p, part, block, p->has_other[part] ? NULL : values, n * sizeof(*values), err);
}

int
mirror_block_pack_end(struct packer *p, int64_t block, struct err *err)
{
	enum block_part part;

	p->texts.data[0] = p->is_plain ? BLOCK_TEXTS_PLAIN : BLOCK_TEXTS_ANY;
	if (write_part(p, BLOCK_GROUPS, block, p->groups, p->group_count * sizeof(p->groups[0]), err) < 0 ||
	    write_part(p, BLOCK_ROWS, block, p->rows, p->next_line * sizeof(p->rows[0]), err) < 0 ||
	    write_part(p, BLOCK_TEXTS, block, p->texts.data, p->texts.len, err) < 0) {
		return -1;
	}
	for (part = BLOCK_NONE; part < BLOCK_PART_COUNT; part++) {
		if (p->number_fields[part] != NULL && write_numbers(p, part, block, err) < 0) {
			return -1;
		}
	}
	return 0;
}

/* ---- a packer */

static void
make_sql(struct packer *p, const char *table)
{
	size_t i;

	buf_puts(&p->add_group, "INSERT INTO levy_group VALUES ($1, $2");
	for (i = 0; i < mirror_block_group_column_count; i++) {
		buf_printf(&p->add_group, ", $%zu", i + 3);
	}
	buf_puts(&p->add_group, ")");
	buf_printf(&p->put_part,
	    "INSERT INTO %s (id, bytes) VALUES ($1, $2)"
	    " ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes WHERE bytes <> excluded.bytes",
	    table);
	buf_printf(&p->drop_part, "DELETE FROM %s WHERE id = $1", table);
}

static void
find_fields(const struct field **out, const char *const *names, size_t count)
{
	size_t i;

	assert(count <= MEMBERS_MAX);
	for (i = 0; i < count; i++) {
		out[i] = record_field(&levy_type, names[i]);
	}
}

struct packer *
mirror_block_pack_new(struct db *db, const char *table)
{
	struct packer *p = mem_alloc(sizeof(*p));
	size_t i;

	p->db = db;
	make_sql(p, table);
	find_fields(p->group_fields, mirror_block_group_columns, mirror_block_group_column_count);
	find_fields(p->text_fields, mirror_block_text_columns, mirror_block_text_column_count);
	for (i = 0; i < levy_type.count; i++) {
		const struct field *f = &levy_type.fields[i];
		enum block_part part = mirror_block_number_part(f->name);

		if (part != BLOCK_NONE) {
			p->number_fields[part] = f;
		}
	}
	return p;
}

static void
forget_groups(struct packer *p)
{
	size_t i;

	for (i = 0; i < KNOWN_GROUPS; i++) {
		free(p->known[i].key);
		p->known[i].key = NULL;
	}
}

void
mirror_block_pack_free(struct packer *p)
{
	if (p == NULL) {
		return;
	}
	forget_groups(p);
	buf_release(&p->add_group);
	buf_release(&p->put_part);
	buf_release(&p->drop_part);
	buf_release(&p->texts);
	free(p);
}

int
mirror_block_pack_begin(struct packer *p, int *same, struct err *err)
{
	struct rows *rows = NULL;
	int rc = db_query(p->db,
	    "SELECT generation, (SELECT coalesce(max(id), 0) FROM levy_group) FROM levy_packed", DB_NONE,
	    &rows, err);

	if (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		*same = db_rows_int(rows, 0) == p->generation && db_rows_int(rows, 1) == p->last_id;
		p->generation = db_rows_int(rows, 0);
		p->last_id = (uint32_t)db_rows_int(rows, 1);
		if (!*same) {
			forget_groups(p);
		}
	}
	db_rows_close(rows);
	return rc < 0 ? -1 : 0;
}

/* ---- from the table */

static int
pack_block(struct packer *p, int64_t block, struct err *err)
{
	struct levy levy = { 0 };
	struct rows *rows = NULL;
	int rc;

	mirror_block_pack_start(p);
	rc = db_query(p->db, "SELECT rowid, * FROM levy WHERE rowid >= $1 AND rowid < $2 ORDER BY rowid",
	    DB_ARGS(db_int(block << BLOCK_SHIFT), db_int((block + 1) << BLOCK_SHIFT)), &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		rc = db_rows_record(rows, &levy_type, &levy, err);
		if (rc == 0) {
			rc = mirror_block_pack_levy(p, db_rows_int(rows, 0), &levy, err);
		}
	}
	db_rows_close(rows);
	return rc < 0 ? -1 : mirror_block_pack_end(p, block, err);
}

static int
next_stale(struct db *db, int64_t *block, struct err *err)
{
	return db_find_int(
	    db, "SELECT block FROM levy_stale ORDER BY block LIMIT 1", DB_NONE, block, err);
}

int
mirror_block_pack(struct db *db, struct err *err)
{
	struct packer *p;
	int64_t block = 0;
	int same, rc = next_stale(db, &block, err);

	if (rc <= 0) {
		return rc;
	}
	p = mirror_block_pack_new(db, "levy_block");
	rc = mirror_block_pack_begin(p, &same, err);
	while (rc == 0 && (rc = next_stale(db, &block, err)) == 1) {
		rc = pack_block(p, block, err);
		if (rc == 0) {
			rc = db_run(db, "DELETE FROM levy_stale WHERE block = $1", DB_ARGS(db_int(block)),
			    NULL, err);
		}
	}
	mirror_block_pack_free(p);
	return rc < 0 ? -1 : mirror_block_changed(db, err);
}
