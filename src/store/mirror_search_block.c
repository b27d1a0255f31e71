/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Search in the blocks: what was typed is held against each group once, against the numbers only if
 * it can be one, and against the texts of all rows of a block at once.
 */
#include "mirror_search_block.h"

#include <stdlib.h>
#include <string.h>

#include "mirror_search_rows.h"
#include "shebao/levy.h"
#include "shebao/match.h"
#include "shebao/mem.h"

#define NONE (-1)
#define STOPPED (-2)

/* Where a row stands in the order; ascending, rows of one key as they came. */
struct place {
	int64_t key, rowid;
};

struct block_search {
	struct mirror_scan *scan;
	char *typed; /* owned */
	struct row_search *groups; /* the same, for the members of a group */
	unsigned char *found; /* owned: of each group: what was typed is in it */
	int64_t generation;   /* of the blocks in which it was looked for */
	int may_be_number, compares; /* what was typed: digits, points ...; a comparison of amounts */
	char digits[64];      /* of what was typed, nothing else: all of them stand in a number that fits */
	int64_t least;        /* no number below it has so many digits; 0 */
	char word[256];       /* its longest word, folded: stands in every text that fits */
	struct levy record;   /* for numbers as they are shown */

	/* of the block */
	unsigned char hits[BLOCK_ROW_COUNT];
	struct buf texts;
};

/* ---- groups */

static int
search_groups(struct block_search *s, struct err *err)
{
	struct mirror_sql sql = { 0 };
	struct rows *rows = NULL;
	int rc;

	if (s->found != NULL && s->generation == s->scan->generation) {
		return 0;
	}
	free(s->found);
	s->found = mem_alloc(s->scan->group_count);
	s->generation = s->scan->generation;
	mirror_search_rows_columns(s->groups, &sql.text);
	buf_puts(&sql.text, ", t.id");
	mirror_sql_from_table(&sql, &s->scan->query, "levy_group");
	rc = mirror_sql_query(s->scan->db, &sql, &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		int fits = mirror_search_rows_fits(s->groups, rows, err);
		size_t id = (size_t)db_rows_int(rows, db_rows_count(rows) - 1);

		if (fits > 0 && id < s->scan->group_count) {
			s->found[id] = 1;
		}
		rc = fits < 0 ? -1 : 0;
	}
	db_rows_close(rows);
	buf_release(&sql.text);
	return rc;
}

/* ---- numbers */

/* All digits of the number stand one behind the other in what is shown, points and separators
 * left out; so those that were typed do. */
static int
has_digits(int64_t value, const char *digits)
{
	char text[24];
	size_t at = sizeof(text) - 1;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	int n;

	text[at] = '\0';
	for (n = 0; rest > 0 || n < 3; n++, rest /= 10) {
		text[--at] = (char)('0' + rest % 10);
	}
	return strstr(&text[at], digits) != NULL;
}

static int
number_fits(struct block_search *s, const struct field *f, int64_t value)
{
	char shown[64];

	/* Most numbers are shorter than what was typed. */
	if (!s->compares && ((value < s->least && value > -s->least) || !has_digits(value, s->digits))) {
		return 0;
	}
	if (f->type == FIELD_FEN && match_amount(value, s->typed)) {
		return 1;
	}
	record_set_number(f, &s->record, value);
	record_show(f, &s->record, shown, sizeof(shown));
	return match_text(shown, s->typed);
}

static int
search_numbers(struct block_search *s, const char *name, struct err *err)
{
	const struct field *f = record_field(&levy_type, name);
	size_t i;

	if (mirror_scan_numbers(s->scan, mirror_block_number_part(name), err) < 0) {
		return -1;
	}
	for (i = 0; i < BLOCK_ROW_COUNT; i++) {
		if (!s->hits[i] && mirror_scan_has(s->scan, i)) {
			s->hits[i] = (unsigned char)number_fits(s, f, s->scan->block->numbers[i]);
		}
	}
	return 0;
}

/* ---- texts */

static int
line_fits(const struct block_search *s, char *line)
{
	char *rest = NULL, *text;

	for (text = strtok_r(line, "\x1f", &rest); text != NULL; text = strtok_r(NULL, "\x1f", &rest)) {
		if (match_text(text, s->typed)) {
			return 1;
		}
	}
	return 0;
}

static void
search_lines(struct block_search *s, char *text, int is_plain)
{
	size_t row = 0;
	char *line = text;

	while (*line != '\0' && row < BLOCK_ROW_COUNT) {
		/* In plain texts only what stands there letter by letter fits. */
		char *hit = is_plain ? strstr(line, s->word) : line;
		char *end;

		if (hit == NULL) {
			return;
		}
		/* To the line in which it stands. */
		while ((end = strchr(line, '\n')) != NULL && end < hit) {
			line = end + 1;
			row++;
		}
		if (end == NULL || row >= BLOCK_ROW_COUNT) {
			return;
		}
		*end = '\0';
		s->hits[row] = (unsigned char)(s->hits[row] || line_fits(s, line));
		line = end + 1;
		row++;
	}
}

static int
search_texts(struct block_search *s, struct err *err)
{
	struct mirror_scan *scan = s->scan;
	struct rows *rows = NULL;
	size_t len = 0;
	const char *bytes =
	    mirror_block_read(scan->db, BLOCK_TEXTS, scan->blocks[scan->block->at], &rows, &len);

	buf_clear(&s->texts);
	if (bytes != NULL) {
		buf_put(&s->texts, bytes, len);
	}
	db_rows_close(rows);
	if (bytes == NULL) {
		return err_set(err, ERR_LOCAL, "levy_block %d", BLOCK_TEXTS);
	}
	if (s->texts.len > 0) {
		search_lines(s, s->texts.data + 1, s->texts.data[0] == BLOCK_TEXTS_PLAIN);
	}
	return 0;
}

/* ---- a block */

/* A row of its groups has a text that fits. */
static int
has_found_group(const struct block_search *s)
{
	const struct scan_block *b = s->scan->block;
	size_t i;

	for (i = 0; i < b->group_count; i++) {
		if (b->fits[i] && s->found[b->groups[i].id]) {
			return 1;
		}
	}
	return 0;
}

static int
search_rows(struct block_search *s, struct err *err)
{
	static const char *const numbers[] = { "headcount", "base_amount", "amount" };
	const struct scan_block *b = s->scan->block;
	size_t i;

	if (mirror_scan_rows(s->scan, err) < 0) {
		return -1;
	}
	for (i = 0; i < BLOCK_ROW_COUNT; i++) {
		s->hits[i] =
		    (unsigned char)(mirror_scan_has(s->scan, i) && s->found[b->groups[b->rows[i]].id]);
	}
	for (i = 0; s->may_be_number && i < ARRAY_LEN(numbers); i++) {
		if (search_numbers(s, numbers[i], err) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Of the hits those that are in the list. */
static int
count_hits(struct block_search *s, struct err *err)
{
	int count = 0;
	size_t i;

	if (memchr(s->hits, 1, sizeof(s->hits)) == NULL) {
		return 0;
	}
	if (mirror_scan_rows(s->scan, err) < 0) {
		return -1;
	}
	for (i = 0; i < BLOCK_ROW_COUNT; i++) {
		s->hits[i] = (unsigned char)(s->hits[i] && mirror_scan_has(s->scan, i));
		count += s->hits[i];
	}
	return count;
}

int
mirror_search_block_hits(struct block_search *s, struct mirror_scan *scan, size_t at,
    const unsigned char **hits, struct err *err)
{
	s->scan = scan;
	memset(s->hits, 0, sizeof(s->hits));
	if (search_groups(s, err) < 0 || mirror_scan_groups(scan, at, err) < 0 ||
	    ((s->may_be_number || has_found_group(s)) && search_rows(s, err) < 0) ||
	    search_texts(s, err) < 0) {
		return -1;
	}
	*hits = s->hits;
	return count_hits(s, err);
}

static int
is_before(const struct place *a, const struct place *b)
{
	return a->key < b->key || (a->key == b->key && a->rowid < b->rowid);
}

/* ---- the nearest row in the order, from a place on */

struct nearest {
	struct place from; /* this one counts */
	int is_up;
	int has_ahead, has_behind;
	struct place ahead, behind; /* nearest ahead; the farthest behind, for going around the end */
};

static void
consider(struct nearest *n, const struct place *p)
{
	int is_ahead = n->is_up ? !is_before(p, &n->from) : !is_before(&n->from, p);
	struct place *best = is_ahead ? &n->ahead : &n->behind;
	int *has = is_ahead ? &n->has_ahead : &n->has_behind;

	if (!*has || (n->is_up ? is_before(p, best) : is_before(best, p))) {
		*best = *p;
		*has = 1;
	}
}

/* In the order of arrival nothing nearer comes behind the first one ahead. */
static int
is_done(const struct mirror_scan *scan, const struct nearest *n)
{
	return scan->rank == NULL && scan->number == BLOCK_NONE && n->has_ahead;
}

static int64_t
search_all(struct block_search *s, struct mirror_scan *scan, const struct mirror_stop *stop,
    struct nearest *n, struct place *found)
{
	const unsigned char *hits;
	size_t start = 0, i, row;
	int count;

	/* From the block of the place on, around the end. */
	while (start + 1 < scan->block_count && scan->blocks[start + 1] <= n->from.rowid >> BLOCK_SHIFT) {
		start++;
	}
	for (i = 0; i <= scan->block_count; i++) {
		size_t at = n->is_up ? (start + i) % scan->block_count :
					     (start + 2 * scan->block_count - i) % scan->block_count;

		if (scan->counts[at] == 0) {
			continue;
		}
		if (stop != NULL && stop->is_wanted(stop->user)) {
			return STOPPED;
		}
		count = mirror_search_block_hits(s, scan, at, &hits, NULL);
		if (count < 0 || (count > 0 && mirror_scan_keys(scan, NULL) < 0)) {
			return NONE;
		}
		for (row = 0; count > 0 && row < BLOCK_ROW_COUNT; row++) {
			if (hits[row]) {
				consider(n, &(struct place){ mirror_scan_key(scan, row), scan->block->first + (int64_t)row });
			}
		}
		if (is_done(scan, n)) {
			break;
		}
	}
	if (!n->has_ahead && !n->has_behind) {
		return NONE;
	}
	*found = n->has_ahead ? n->ahead : n->behind;
	return 0;
}

static int
find_start(struct mirror_scan *scan, int64_t from, struct nearest *n)
{
	size_t got = 0;
	int64_t rowid;

	from = from < 0 ? 0 : from >= scan->count ? scan->count - 1 : from;
	if (mirror_scan_select(scan, from, 1, &rowid, &got, NULL) < 0 || got == 0) {
		return -1;
	}
	n->from.rowid = rowid;
	if (mirror_scan_groups_of(scan, rowid, NULL) < 0 || mirror_scan_keys(scan, NULL) < 0) {
		return -1;
	}
	n->from.key = mirror_scan_key(scan, (size_t)(rowid & (BLOCK_ROW_COUNT - 1)));
	return 0;
}

/* ---- what was typed */

static void
longest_word(struct block_search *s)
{
	char folded[sizeof(s->word)];
	char *rest = NULL, *word;

	match_fold(s->typed, folded, sizeof(folded));
	for (word = strtok_r(folded, " \t", &rest); word != NULL; word = strtok_r(NULL, " \t", &rest)) {
		if (strlen(word) > strlen(s->word)) {
			memcpy(s->word, word, strlen(word) + 1);
		}
	}
}

/* Digits of the first word; the sign that compares. */
static void
look_at_digits(struct block_search *s)
{
	char folded[sizeof(s->word)];
	const char *at;
	size_t n = 0;

	match_fold(s->typed, folded, sizeof(folded));
	s->compares = strpbrk(folded, "<>=") != NULL || strstr(folded, "≥") != NULL ||
	    strstr(folded, "≤") != NULL || strstr(folded, "》") != NULL || strstr(folded, "《") != NULL;
	for (at = folded; *at != '\0' && *at != ' ' && *at != '\t' && n + 1 < sizeof(s->digits); at++) {
		if (*at >= '0' && *at <= '9') {
			s->digits[n++] = *at;
		}
	}
	s->digits[n] = '\0';
	/* Three digits are always shown of money. */
	s->least = n > 3 && n < 19;
	for (; s->least > 0 && n > 1; n--) {
		s->least *= 10;
	}
}

struct block_search *
mirror_search_block_new(const char *typed)
{
	struct block_search *s = mem_alloc(sizeof(*s));

	s->typed = mem_dup(typed);
	s->groups = mirror_search_rows_new(
	    &levy_type, mirror_block_group_columns, mirror_block_group_column_count, typed);
	longest_word(s);
	look_at_digits(s);
	/* Not more digits than any number has. */
	s->may_be_number = mirror_search_rows_is_number(typed) && (s->compares || strlen(s->digits) < 19);
	return s;
}

void
mirror_search_block_free(struct block_search *s)
{
	if (s != NULL) {
		mirror_search_rows_free(s->groups);
		free(s->typed);
		free(s->found);
		buf_release(&s->texts);
		free(s);
	}
}

int
mirror_search_block(struct db *db, const struct mirror_query *q, const char *typed,
    int64_t from, int step, const struct mirror_stop *stop, int64_t *row)
{
	struct nearest n = { .is_up = (step > 0) == !q->descending };
	struct place found = { 0, 0 };
	struct mirror_scan *scan = NULL;
	struct block_search *s;

	if (mirror_scan_open(db, q, &scan, NULL) != 1) {
		return 0;
	}
	s = mirror_search_block_new(typed);
	*row = NONE;
	if (scan->count > 0 && find_start(scan, from, &n) == 0) {
		*row = search_all(s, scan, stop, &n, &found);
	}
	if (*row == 0) {
		*row = mirror_scan_position(scan, found.rowid);
		*row = *row < 0 ? NONE : *row;
	}
	mirror_scan_close(scan);
	mirror_search_block_free(s);
	return 1;
}
