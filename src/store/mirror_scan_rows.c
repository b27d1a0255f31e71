/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of a list by their position, and the position of a row. Nothing is sorted as a whole: the
 * span of keys in which the wanted rows stand is narrowed by counting until few are left in it, and
 * only these are sorted.
 */
#include <stdlib.h>

#include "mirror_scan.h"
#include "shebao/mem.h"

#define BUCKETS 1024
#define FEW 4096 /* so many are sorted */

/* Keys low ... high, the rows that stand before them and those in them. */
struct range {
	int64_t low, high;
	int64_t before, count;
};

struct place {
	int64_t key, rowid;
};

typedef void block_fn(const struct mirror_scan *s, void *user);

/* Each block that has rows of the list; the rows' keys too unless groups are enough. */
static int
each_block(struct mirror_scan *s, block_fn *fn, void *user, struct err *err)
{
	size_t at;

	for (at = 0; at < s->block_count; at++) {
		if (s->counts[at] == 0) {
			continue;
		}
		if (mirror_scan_groups(s, at, err) < 0 ||
		    (s->is_by_row && mirror_scan_keys(s, err) < 0)) {
			return -1;
		}
		fn(s, user);
	}
	return 0;
}

/* ---- narrowing */

struct bounds {
	int64_t low, high;
};

static void
widen(const struct mirror_scan *s, void *user)
{
	struct bounds *b = user;
	size_t i;

	for (i = 0; i < BLOCK_ROW_COUNT; i++) {
		if (mirror_scan_has(s, i)) {
			int64_t key = mirror_scan_key(s, i);

			b->low = key < b->low ? key : b->low;
			b->high = key > b->high ? key : b->high;
		}
	}
}

static int
whole_range(struct mirror_scan *s, struct range *r, struct err *err)
{
	struct bounds b = { INT64_MAX, INT64_MIN };

	*r = (struct range){ .high = s->rank == NULL ? 0 : (int64_t)s->group_count, .count = s->count };
	if (s->number == BLOCK_NONE) {
		return 0;
	}
	if (each_block(s, widen, &b, err) < 0) {
		return -1;
	}
	r->low = b.low;
	r->high = b.high;
	return 0;
}

struct tally {
	const struct range *range;
	uint64_t width;
	int64_t counts[BUCKETS];
};

static void
count_key(struct tally *t, int64_t key, int64_t n)
{
	if (key >= t->range->low && key <= t->range->high) {
		t->counts[((uint64_t)key - (uint64_t)t->range->low) / t->width] += n;
	}
}

static void
tally_block(const struct mirror_scan *s, void *user)
{
	const struct scan_block *b = s->block;
	struct tally *t = user;
	size_t i;

	for (i = 0; !s->is_by_row && i < b->group_count; i++) {
		if (b->fits[i]) {
			count_key(t, b->rank[i], b->groups[i].count);
		}
	}
	for (i = 0; s->is_by_row && i < BLOCK_ROW_COUNT; i++) {
		if (mirror_scan_has(s, i)) {
			count_key(t, mirror_scan_key(s, i), 1);
		}
	}
}

/* Until few rows are in the range or all have the same key. */
static int
narrow(struct mirror_scan *s, int64_t position, struct range *r, struct err *err)
{
	while (r->count > FEW && r->high > r->low) {
		uint64_t span = (uint64_t)r->high - (uint64_t)r->low;
		struct tally t = { .range = r, .width = span / BUCKETS + 1 };
		int64_t before = r->before;
		size_t i = 0;

		if (each_block(s, tally_block, &t, err) < 0) {
			return -1;
		}
		while (before + t.counts[i] <= position) {
			before += t.counts[i++];
		}
		r->before = before;
		r->count = t.counts[i];
		r->low = (int64_t)((uint64_t)r->low + i * t.width);
		if ((uint64_t)r->high - (uint64_t)r->low >= t.width) {
			r->high = (int64_t)((uint64_t)r->low + t.width - 1);
		}
	}
	return 0;
}

/* ---- taking rows */

static int
by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->key != y->key) {
		return x->key < y->key ? -1 : 1;
	}
	return x->rowid < y->rowid ? -1 : x->rowid > y->rowid;
}

struct taking {
	const struct range *range;
	struct place *places;
	size_t count;
};

static void
take_block(const struct mirror_scan *s, void *user)
{
	struct taking *t = user;
	size_t i;

	for (i = 0; i < BLOCK_ROW_COUNT; i++) {
		if (mirror_scan_has(s, i)) {
			int64_t key = mirror_scan_key(s, i);

			if (key >= t->range->low && key <= t->range->high) {
				t->places[t->count++] = (struct place){ key, s->block->first + (int64_t)i };
			}
		}
	}
}

/* Sorts the few rows of the range. */
static int
take_few(struct mirror_scan *s, const struct range *r, int64_t skip, size_t n, int64_t *rowids,
    size_t *got, struct err *err)
{
	struct taking t = { .range = r, .places = mem_resize(NULL, FEW, sizeof(struct place)) };
	size_t at, i;
	int rc = 0;

	for (at = 0; at < s->block_count && rc == 0 && t.count < (size_t)r->count; at++) {
		if (s->counts[at] > 0) {
			rc = mirror_scan_groups(s, at, err);
			if (rc == 0) {
				rc = mirror_scan_keys(s, err);
			}
			if (rc == 0) {
				take_block(s, &t);
			}
		}
	}
	qsort(t.places, t.count, sizeof(*t.places), by_place);
	for (i = (size_t)skip; rc == 0 && i < t.count && *got < n; i++) {
		rowids[(*got)++] = t.places[i].rowid;
	}
	free(t.places);
	return rc;
}

/* Rows of the loaded block with this key. */
static int64_t
count_equal(const struct mirror_scan *s, int64_t key)
{
	const struct scan_block *b = s->block;
	int64_t n = 0;
	size_t i;

	for (i = 0; s->is_by_row && i < BLOCK_ROW_COUNT; i++) {
		n += mirror_scan_has(s, i) && mirror_scan_key(s, i) == key;
	}
	for (i = 0; !s->is_by_row && i < b->group_count; i++) {
		n += b->fits[i] && b->rank[i] == key ? b->groups[i].count : 0;
	}
	return n;
}

/* Rows of one key, as they came. */
static int
take_equal(struct mirror_scan *s, int64_t key, int64_t skip, size_t n, int64_t *rowids,
    size_t *got, struct err *err)
{
	int is_whole = s->rank == NULL && s->number == BLOCK_NONE;
	size_t at, i;

	for (at = 0; at < s->block_count && *got < n; at++) {
		int64_t here = s->counts[at];

		if (here == 0 || (is_whole && skip >= here)) {
			skip -= here;
			continue;
		}
		if (mirror_scan_groups(s, at, err) < 0 ||
		    (s->is_by_row && mirror_scan_keys(s, err) < 0)) {
			return -1;
		}
		here = count_equal(s, key);
		if (skip >= here) {
			skip -= here;
			continue;
		}
		if (mirror_scan_keys(s, err) < 0) {
			return -1;
		}
		for (i = 0; i < BLOCK_ROW_COUNT && *got < n; i++) {
			if (mirror_scan_has(s, i) && mirror_scan_key(s, i) == key && skip-- <= 0) {
				rowids[(*got)++] = s->block->first + (int64_t)i;
			}
		}
		skip = skip < 0 ? 0 : skip;
	}
	return 0;
}

static int
select_ascending(struct mirror_scan *s, int64_t first, size_t n, int64_t *rowids, struct err *err)
{
	size_t done = 0;

	while (done < n) {
		size_t got = done;
		struct range r;
		int64_t skip;

		if (whole_range(s, &r, err) < 0 || narrow(s, first + (int64_t)done, &r, err) < 0) {
			return -1;
		}
		skip = first + (int64_t)done - r.before;
		if ((r.low == r.high ? take_equal(s, r.low, skip, n, rowids, &got, err) :
				       take_few(s, &r, skip, n, rowids, &got, err)) < 0) {
			return -1;
		}
		if (got == done) {
			return err_set(err, ERR_LOCAL, "levy_block: %zu of %zu", got, n);
		}
		done = got;
	}
	return 0;
}

int
mirror_scan_select(struct mirror_scan *s, int64_t first, size_t n, int64_t *rowids, size_t *got,
    struct err *err)
{
	size_t i;

	*got = 0;
	if (first < 0 || first >= s->count) {
		return 0;
	}
	n = (int64_t)n > s->count - first ? (size_t)(s->count - first) : n;
	if (s->query.descending) {
		first = s->count - first - (int64_t)n;
	}
	if (select_ascending(s, first, n, rowids, err) < 0) {
		return -1;
	}
	for (i = 0; s->query.descending && i < n / 2; i++) {
		int64_t kept = rowids[i];

		rowids[i] = rowids[n - 1 - i];
		rowids[n - 1 - i] = kept;
	}
	*got = n;
	return 0;
}

/* ---- the position of a row */

struct before {
	int64_t key, rowid, count;
};

static void
count_before(const struct mirror_scan *s, void *user)
{
	const struct scan_block *b = s->block;
	struct before *t = user;
	size_t i;

	/* Whole groups, where the row itself is not among them. */
	if (!s->is_by_row && t->rowid >> BLOCK_SHIFT != b->first >> BLOCK_SHIFT) {
		for (i = 0; i < b->group_count; i++) {
			if (b->fits[i] && (b->rank[i] < t->key || (b->rank[i] == t->key && b->first < t->rowid))) {
				t->count += b->groups[i].count;
			}
		}
		return;
	}
	for (i = 0; i < BLOCK_ROW_COUNT; i++) {
		if (mirror_scan_has(s, i)) {
			int64_t key = mirror_scan_key(s, i);

			t->count += key < t->key || (key == t->key && b->first + (int64_t)i < t->rowid);
		}
	}
}

int
mirror_scan_find_block(const struct mirror_scan *s, int64_t block, size_t *at)
{
	for (*at = 0; *at < s->block_count; (*at)++) {
		if (s->blocks[*at] == block) {
			return 1;
		}
	}
	return 0;
}

int
mirror_scan_groups_of(struct mirror_scan *s, int64_t rowid, struct err *err)
{
	size_t at;

	return mirror_scan_find_block(s, rowid >> BLOCK_SHIFT, &at) ? mirror_scan_groups(s, at, err) : -1;
}

int64_t
mirror_scan_position(struct mirror_scan *s, int64_t rowid)
{
	struct before t = { .rowid = rowid };
	size_t row = (size_t)(rowid & (BLOCK_ROW_COUNT - 1));
	size_t at, i;

	if (rowid < 0 || !mirror_scan_find_block(s, rowid >> BLOCK_SHIFT, &at)) {
		return -1;
	}
	if (mirror_scan_groups(s, at, NULL) < 0 || mirror_scan_keys(s, NULL) < 0) {
		return -2;
	}
	if (!mirror_scan_has(s, row)) {
		return -1;
	}
	t.key = mirror_scan_key(s, row);
	if (s->rank == NULL && s->number == BLOCK_NONE) {
		count_before(s, &t);
		for (i = 0; i < at; i++) {
			t.count += s->counts[i];
		}
	} else {
		for (i = 0; i < s->block_count; i++) {
			if (s->counts[i] == 0) {
				continue;
			}
			if (mirror_scan_groups(s, i, NULL) < 0 ||
			    ((s->is_by_row || i == at) && mirror_scan_keys(s, NULL) < 0)) {
				return -2;
			}
			count_before(s, &t);
		}
	}
	return s->query.descending ? s->count - 1 - t.count : t.count;
}
