/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans of lists over blocks of levies, and reading the blocks. */
#include "mirror_scan.h"

#include <stdlib.h>
#include <string.h>

#include "db_driver.h"
#include "mirror_sql.h"
#include "shebao/mem.h"
#include "shebao/money.h"

struct plans {
	struct mirror_scan scans[SCAN_KEPT];
	struct scan_block block;
	uint64_t uses;
	uint64_t narrowings;
};

/* ---- which queries */

static int
may_filter(const struct mirror_filter *filter)
{
	return mirror_block_is_group_column(filter->field);
}

static int
is_for_blocks(const struct mirror_query *q)
{
	size_t i;

	if (q->noun != MIRROR_LEVY) {
		return 0;
	}
	for (i = 0; i < q->filter_count; i++) {
		if (!may_filter(&q->filters[i])) {
			return 0;
		}
	}
	return q->order == NULL || mirror_block_is_group_column(q->order) ||
	    mirror_block_number_part(q->order) != BLOCK_NONE;
}

static int
is_same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int
is_same_query(const struct mirror_query *a, const struct mirror_query *b)
{
	size_t i;

	/* Others may mark, too. */
	if (a->marked_only || b->marked_only || !is_same_text(a->narrowed, b->narrowed) ||
	    strcmp(a->taxpayer_id, b->taxpayer_id) != 0 || a->filter_count != b->filter_count ||
	    !is_same_text(a->order, b->order) || !a->descending != !b->descending) {
		return 0;
	}
	for (i = 0; i < a->filter_count; i++) {
		if (a->filters[i].test != b->filters[i].test ||
		    strcmp(a->filters[i].field, b->filters[i].field) != 0 ||
		    strcmp(a->filters[i].value, b->filters[i].value) != 0) {
			return 0;
		}
	}
	return 1;
}

/* ---- making a plan */

static void
clear(struct mirror_scan *s)
{
	free(s->fits);
	free(s->rank);
	free(s->blocks);
	free(s->counts);
	mirror_set_release(&s->set);
	*s = (struct mirror_scan){ 0 };
}

/* Groups in the order of the list: those that are equal in it have the same rank. */
static int
take_groups(struct mirror_scan *s, struct rows *rows, struct err *err)
{
	char *before = NULL;
	int64_t rank = -1;
	int rc;

	while ((rc = db_rows_next(rows, err)) == 1) {
		size_t id = (size_t)db_rows_int(rows, 0);

		if (id >= s->group_count) {
			continue;
		}
		s->fits[id] = 1;
		if (s->rank != NULL) {
			const char *value = db_rows_text(rows, 1);

			if (before == NULL || strcmp(before, value) != 0) {
				free(before);
				before = mem_dup(value);
				rank++;
			}
			s->rank[id] = rank;
		}
	}
	free(before);
	return rc;
}

static int
plan_groups(struct mirror_scan *s, struct err *err)
{
	int has_rank = s->query.order != NULL && s->number == BLOCK_NONE;
	struct mirror_sql sql = { 0 };
	struct rows *rows = NULL;
	int64_t last = 0;
	int rc;

	if (db_find_int(s->db, "SELECT coalesce(max(id), 0) FROM levy_group", DB_NONE, &last, err) < 0) {
		return -1;
	}
	s->group_count = (size_t)last + 1;
	s->fits = mem_alloc(s->group_count);
	s->rank = has_rank ? mem_alloc(s->group_count * sizeof(*s->rank)) : NULL;
	buf_printf(&sql.text, "SELECT t.id, t.%s", has_rank ? s->query.order : "id");
	mirror_sql_from_table(&sql, &s->query, "levy_group");
	if (has_rank) {
		buf_printf(&sql.text, " ORDER BY t.%s", s->query.order);
	}
	rc = mirror_sql_query(s->db, &sql, &rows, err);
	if (rc == 0) {
		rc = take_groups(s, rows, err);
	}
	db_rows_close(rows);
	buf_release(&sql.text);
	return rc;
}

static int
plan_blocks(struct mirror_scan *s, struct err *err)
{
	struct rows *rows = NULL;
	size_t size = 0;
	int rc = db_query(s->db, "SELECT id & 4294967295 FROM levy_block WHERE id >= $1 AND id < $2 ORDER BY id",
	    DB_ARGS(db_int((int64_t)BLOCK_GROUPS << 32), db_int((int64_t)(BLOCK_GROUPS + 1) << 32)),
	    &rows, err);

	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		if (s->block_count == size) {
			size = size == 0 ? 64 : 2 * size;
			s->blocks = mem_resize(s->blocks, size, sizeof(*s->blocks));
		}
		s->blocks[s->block_count++] = db_rows_int(rows, 0);
		rc = 0;
	}
	db_rows_close(rows);
	return rc;
}

/* Counts the list's rows of the loaded block, and adds up its groups. */
static int
add_up(struct mirror_scan *s, size_t at, struct err *err)
{
	const struct scan_block *b = s->block;
	size_t i;

	for (i = 0; !s->is_limited && i < b->group_count; i++) {
		const struct block_group *g = &b->groups[i];

		if (!b->fits[i]) {
			continue;
		}
		s->counts[at] += g->count;
		if (money_add(s->amount, g->amount, &s->amount, err) < 0 ||
		    money_add(s->headcount, g->headcount, &s->headcount, err) < 0) {
			return -1;
		}
	}
	if (s->is_limited && mirror_scan_rows(s, err) < 0) {
		return -1;
	}
	for (i = 0; s->is_limited && i < BLOCK_ROW_COUNT; i++) {
		s->counts[at] += mirror_scan_has(s, i);
	}
	s->count += s->counts[at];
	return 0;
}

static int
limit(struct mirror_scan *s, const struct mirror_set_name *name, struct err *err)
{
	s->is_limited = name->table != NULL;
	return s->is_limited ? mirror_set_read(s->db, name, &s->set, err) : 0;
}

/* 1; 0: what the order is by is not in the blocks. */
static int
make_plan(struct mirror_scan *s, const struct mirror_set_name *set, struct err *err)
{
	size_t at;

	s->number = s->query.order == NULL ? BLOCK_NONE : mirror_block_number_part(s->query.order);
	if (limit(s, set, err) < 0) {
		return -1;
	}
	if (s->is_limited && s->set.count == 0) {
		/* Nothing is marked: no group has to be looked at. */
		return 1;
	}
	if (plan_groups(s, err) < 0 || plan_blocks(s, err) < 0) {
		return -1;
	}
	if (s->number != BLOCK_NONE && !mirror_block_has(s->db, s->number, s->block_count)) {
		return 0;
	}
	s->is_by_row = s->is_limited || s->number != BLOCK_NONE;
	s->counts = mem_alloc((s->block_count + 1) * sizeof(*s->counts));
	for (at = 0; at < s->block_count; at++) {
		if (s->is_limited && mirror_set_find(&s->set, s->blocks[at]) == NULL) {
			continue;
		}
		if (mirror_scan_groups(s, at, err) < 0 || add_up(s, at, err) < 0) {
			return -1;
		}
	}
	return 1;
}

/* ---- plans that are kept */

static void
forget_plans(struct db *db)
{
	struct plans *plans = db->plans;
	size_t i;

	for (i = 0; plans != NULL && i < SCAN_KEPT; i++) {
		clear(&plans->scans[i]);
	}
	free(plans);
	db->plans = NULL;
}

static struct plans *
plans_of(struct db *db)
{
	if (db->plans == NULL) {
		db->plans = mem_alloc(sizeof(struct plans));
		((struct plans *)db->plans)->block.at = SIZE_MAX;
		db->forget_plans = forget_plans;
	}
	return db->plans;
}

void
mirror_scan_narrowed(struct db *db)
{
	plans_of(db)->narrowings++;
}

/* The plan for the query, or the room of the one that was not used for longest. */
static struct mirror_scan *
find_plan(struct plans *plans, const struct mirror_query *q, int64_t generation, int *is_made)
{
	struct mirror_scan *oldest = &plans->scans[0];
	size_t i;

	for (i = 0; i < SCAN_KEPT; i++) {
		struct mirror_scan *s = &plans->scans[i];

		if (s->used > 0 && s->generation == generation && is_same_query(&s->query, q) &&
		    (q->narrowed == NULL || s->narrowings == plans->narrowings)) {
			*is_made = 1;
			return s;
		}
		oldest = s->used < oldest->used ? s : oldest;
	}
	*is_made = 0;
	clear(oldest);
	return oldest;
}

/* One state of the database for all that follows; true blocks or nothing. 1, 0, -1. */
static int
hold_still(struct db *db, int *is_locked, int64_t *generation, struct err *err)
{
	int is_true = 0;

	*is_locked = 0;
	if (!db_in_transaction(db)) {
		if (db_run(db, "SAVEPOINT list", DB_NONE, NULL, err) < 0) {
			return -1;
		}
		*is_locked = 1;
	}
	if (mirror_block_state(db, generation, &is_true) == 0 && is_true) {
		return 1;
	}
	if (*is_locked) {
		(void)!db_run(db, "RELEASE list", DB_NONE, NULL, NULL);
		*is_locked = 0;
	}
	return 0;
}

int
mirror_scan_open(
    struct db *db, const struct mirror_query *q, struct mirror_scan **out, struct err *err)
{
	int64_t generation = 0;
	struct plans *plans;
	struct mirror_scan *s;
	struct mirror_set_name set = mirror_set_of(q);
	int rc, is_locked, is_made;

	*out = NULL;
	if (!is_for_blocks(q) || !mirror_block_refresh(db)) {
		return 0;
	}
	rc = hold_still(db, &is_locked, &generation, err);
	if (rc <= 0) {
		return rc;
	}
	plans = plans_of(db);
	s = find_plan(plans, q, generation, &is_made);
	s->is_locked = is_locked;
	s->used = ++plans->uses;
	plans->block.at = SIZE_MAX;
	if (!is_made) {
		s->db = db;
		s->block = &plans->block;
		s->query = *q;
		s->query.marks = NULL;
		s->generation = generation;
		s->narrowings = plans->narrowings;
		rc = make_plan(s, &set, err);
		if (rc <= 0) {
			mirror_scan_close(s);
			clear(s);
			return rc;
		}
	}
	*out = s;
	return 1;
}

void
mirror_scan_close(struct mirror_scan *s)
{
	if (s != NULL && s->is_locked) {
		s->is_locked = 0;
		(void)!db_run(s->db, "RELEASE list", DB_NONE, NULL, NULL);
	}
}

/* ---- blocks */

/* Copies a part; how much was there is *len. */
static int
load(struct mirror_scan *s, enum block_part part, void *out, size_t size, size_t *len, struct err *err)
{
	struct rows *rows = NULL;
	const void *bytes = mirror_block_read(s->db, part, s->blocks[s->block->at], &rows, len);

	if (bytes == NULL || *len > size) {
		db_rows_close(rows);
		return err_set(err, ERR_LOCAL, "levy_block %d %lld", (int)part,
		    (long long)s->blocks[s->block->at]);
	}
	memcpy(out, bytes, *len);
	db_rows_close(rows);
	return 0;
}

int
mirror_scan_groups(struct mirror_scan *s, size_t at, struct err *err)
{
	static const unsigned char none[MIRROR_SET_BYTES];
	const struct mirror_bits *bits = mirror_set_find(&s->set, s->blocks[at]);
	struct scan_block *b = s->block;
	size_t len, i;

	if (b->at == at) {
		return 0;
	}
	b->at = at;
	b->bits = !s->is_limited ? NULL : bits == NULL ? none : bits->bits;
	b->first = s->blocks[at] << BLOCK_SHIFT;
	b->has_rows = b->has_numbers = 0;
	if (load(s, BLOCK_GROUPS, b->groups, sizeof(b->groups), &len, err) < 0) {
		b->at = SIZE_MAX;
		return -1;
	}
	b->group_count = len / sizeof(b->groups[0]);
	for (i = 0; i < b->group_count; i++) {
		uint32_t id = b->groups[i].id;

		b->fits[i] = id < s->group_count && s->fits[id];
		b->rank[i] = id < s->group_count && s->rank != NULL ? s->rank[id] : 0;
	}
	return 0;
}

int
mirror_scan_rows(struct mirror_scan *s, struct err *err)
{
	struct scan_block *b = s->block;
	size_t len;

	if (b->has_rows) {
		return 0;
	}
	b->has_rows = 1;
	memset(b->rows, 0xff, sizeof(b->rows));
	return load(s, BLOCK_ROWS, b->rows, sizeof(b->rows), &len, err);
}

int
mirror_scan_numbers(struct mirror_scan *s, enum block_part part, struct err *err)
{
	struct scan_block *b = s->block;
	size_t len;

	if (b->has_numbers == (int)part) {
		return 0;
	}
	b->has_numbers = (int)part;
	if (load(s, part, b->numbers, sizeof(b->numbers), &len, err) < 0) {
		return -1;
	}
	memset((char *)b->numbers + len, 0, sizeof(b->numbers) - len);
	return 0;
}

int
mirror_scan_keys(struct mirror_scan *s, struct err *err)
{
	if (mirror_scan_rows(s, err) < 0) {
		return -1;
	}
	return s->number == BLOCK_NONE ? 0 : mirror_scan_numbers(s, s->number, err);
}

int
mirror_scan_has(const struct mirror_scan *s, size_t row)
{
	uint16_t group = s->block->rows[row];

	return group < s->block->group_count && s->block->fits[group] &&
	    (s->block->bits == NULL || mirror_bits_has(s->block->bits, (int64_t)row));
}

int64_t
mirror_scan_key(const struct mirror_scan *s, size_t row)
{
	return s->number != BLOCK_NONE ? s->block->numbers[row] : s->block->rank[s->block->rows[row]];
}

/* ---- sums */

static int
add_rows(struct mirror_scan *s, enum block_part part, int64_t *sum, struct err *err)
{
	size_t i;

	if (mirror_scan_rows(s, err) < 0 || mirror_scan_numbers(s, part, err) < 0) {
		return -1;
	}
	for (i = 0; i < BLOCK_ROW_COUNT; i++) {
		if (mirror_scan_has(s, i) && money_add(*sum, s->block->numbers[i], sum, err) < 0) {
			return -1;
		}
	}
	return 0;
}

int
mirror_scan_sum(struct mirror_scan *s, enum block_part part, int64_t *sum, struct err *err)
{
	size_t at;

	if (!s->is_limited && (part == BLOCK_AMOUNT || part == BLOCK_HEADCOUNT)) {
		*sum = part == BLOCK_AMOUNT ? s->amount : s->headcount;
		return 0;
	}
	*sum = 0;
	for (at = 0; at < s->block_count; at++) {
		if (s->counts[at] > 0 &&
		    (mirror_scan_groups(s, at, err) < 0 || add_rows(s, part, sum, err) < 0)) {
			return -1;
		}
	}
	return 0;
}
