/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists as they are shown: filtered, ordered, fetched a window at a time, marked, searched. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/match.h"
#include "shebao/mem.h"
#include "shebao/mirror.h"
#include "shebao/state_table.h"

#include "mirror_schema.h"

#define ARGS_MAX (2 * MIRROR_FILTERS_MAX + 8)

/* One statement being put together: texts with their values, numbered as they come. */
struct statement {
	struct buf sql;
	struct db_value args[ARGS_MAX];
	size_t count;
};

static void
bind(struct statement *s, struct db_value value)
{
	assert(s->count < ARGS_MAX);
	s->args[s->count++] = value;
	buf_printf(&s->sql, "$%zu", s->count);
}

void
mirror_where(
    struct mirror_query *q, const char *field, enum mirror_test test, const char *value)
{
	struct mirror_filter *filter;

	if (test == MIRROR_IS_EMPTY) {
		value = "";
	} else if (value == NULL || value[0] == '\0') {
		return;
	}
	assert(q->filter_count < MIRROR_FILTERS_MAX);
	assert(record_field(mirror_type(q->noun), field) != NULL);
	filter = &q->filters[q->filter_count++];
	filter->field = field;
	filter->test = test;
	mem_copy_text(filter->value, sizeof(filter->value), value);
}

static struct db_value
filter_value(const struct field *f, const char *value)
{
	switch (f->type) {
	case FIELD_NUMBER:
	case FIELD_FEN:
	case FIELD_RATE:
	case FIELD_TIME:
	case FIELD_BOOL:
		return db_int(strtoll(value, NULL, 10));
	case FIELD_TEXT:
	case FIELD_DATE:
	case FIELD_PERIOD:
	case FIELD_STATE:
	case FIELD_CHOICE:
	case FIELD_TEXTS:
	case FIELD_RECORDS:
	case FIELD_BYTES:
	case FIELD_TYPE_COUNT:
		break;
	}
	return db_text(value);
}

static void
put_filter(struct statement *s, const struct mirror_query *q, const struct mirror_filter *filter)
{
	static const char *const words[] = {
		[MIRROR_IS] = " = ",
		[MIRROR_IN] = " IN ",
		[MIRROR_NOT_IN] = " NOT IN ",
		[MIRROR_AT_LEAST] = " >= ",
		[MIRROR_AT_MOST] = " <= ",
		[MIRROR_AT_LEAST_OR_EMPTY] = " >= ",
		[MIRROR_IS_EMPTY] = " = ",
	};
	const struct field *f = record_field(mirror_type(q->noun), filter->field);

	if (filter->test == MIRROR_AT_LEAST_OR_EMPTY) {
		buf_printf(&s->sql, " AND (t.%s = '' OR t.%s >= ", filter->field, filter->field);
		bind(s, db_text(filter->value));
		buf_puts(&s->sql, ")");
		return;
	}
	buf_printf(&s->sql, " AND t.%s%s", filter->field, words[filter->test]);
	if (filter->test != MIRROR_IN && filter->test != MIRROR_NOT_IN) {
		bind(s, filter_value(f, filter->value));
		return;
	}
	/* Lists are our own words (names of states), never a user's text. */
	buf_puts(&s->sql, "('");
	for (const char *c = filter->value; *c != '\0'; c++) {
		assert(*c != '\'');
		buf_puts(&s->sql, *c == ',' ? "', '" : (char[]){ *c, '\0' });
	}
	buf_puts(&s->sql, "')");
}

/* " FROM table t WHERE ...", with the marks joined when they are asked for. */
static void
put_from(struct statement *s, const struct mirror_query *q)
{
	size_t i;

	buf_printf(&s->sql, " FROM %s t", mirror_schema_table(q->noun)->name);
	if (q->marks != NULL) {
		buf_printf(&s->sql, " %sJOIN mark m ON m.row = t.rowid AND m.list = ",
		    q->marked_only ? "" : "LEFT ");
		bind(s, db_text(q->marks));
		buf_puts(&s->sql, " AND m.taxpayer_id = t.taxpayer_id");
	}
	buf_puts(&s->sql, " WHERE ");
	if (q->taxpayer_id[0] != '\0') {
		buf_puts(&s->sql, "t.taxpayer_id = ");
		bind(s, db_text(q->taxpayer_id));
	} else {
		buf_puts(&s->sql, "1 = 1");
	}
	for (i = 0; i < q->filter_count; i++) {
		put_filter(s, q, &q->filters[i]);
	}
}

static void
put_order(struct statement *s, const struct mirror_query *q)
{
	const char *way = q->descending ? " DESC" : "";

	buf_puts(&s->sql, " ORDER BY ");
	if (q->order != NULL) {
		assert(record_field(mirror_type(q->noun), q->order) != NULL);
		buf_printf(&s->sql, "t.%s%s, ", q->order, way);
	}
	buf_printf(&s->sql, "t.rowid%s", way);
}

static int
run_query(struct db *db, struct statement *s, struct rows **rows, struct err *err)
{
	return db_query(db, buf_text(&s->sql), s->args, s->count, rows, err);
}

int
mirror_count(struct db *db, const struct mirror_query *q, const char *sum_field,
    int64_t *count, int64_t *sum, struct err *err)
{
	struct statement s = { 0 };
	struct rows *rows = NULL;
	int rc;

	*count = 0;
	if (sum != NULL) {
		*sum = 0;
	}
	buf_printf(&s.sql, "SELECT count(*), coalesce(sum(%s%s), 0)",
	    sum_field == NULL ? "" : "t.", sum_field == NULL ? "0" : sum_field);
	put_from(&s, q);
	rc = run_query(db, &s, &rows, err);
	if (rc == 0) {
		rc = db_rows_next(rows, err);
		if (rc == 1) {
			*count = db_rows_int(rows, 0);
			if (sum != NULL) {
				*sum = db_rows_int(rows, 1);
			}
		}
	}
	db_rows_close(rows);
	buf_release(&s.sql);
	return rc < 0 ? -1 : 0;
}

static void
put_select(struct statement *s, const struct mirror_query *q)
{
	buf_printf(&s->sql, "SELECT t.rowid, %s, t.*",
	    q->marks == NULL ? "0" : "m.row IS NOT NULL");
	put_from(s, q);
	put_order(s, q);
}

int
mirror_fetch(struct db *db, const struct mirror_query *q, int64_t first, size_t n,
    struct mirror_window *window, struct err *err)
{
	const struct record_type *type = mirror_type(q->noun);
	struct statement s = { 0 };
	struct rows *rows = NULL;
	int rc;

	window->got = 0;
	put_select(&s, q);
	buf_puts(&s.sql, " LIMIT ");
	bind(&s, db_int((int64_t)n));
	buf_puts(&s.sql, " OFFSET ");
	bind(&s, db_int(first));
	rc = run_query(db, &s, &rows, err);
	while (rc == 0 && window->got < n && (rc = db_rows_next(rows, err)) == 1) {
		size_t i = window->got++;

		if (window->keys != NULL) {
			window->keys[i] = db_rows_int(rows, 0);
		}
		if (window->marked != NULL) {
			window->marked[i] = (int)db_rows_int(rows, 1);
		}
		rc = db_rows_record(rows, type, (char *)window->records + i * type->size, err);
	}
	db_rows_close(rows);
	buf_release(&s.sql);
	return rc < 0 ? -1 : 0;
}

int
mirror_each(struct db *db, const struct mirror_query *q, mirror_row_fn *fn, void *user,
    struct err *err)
{
	const struct record_type *type = mirror_type(q->noun);
	void *record = mem_alloc(type->size);
	struct statement s = { 0 };
	struct rows *rows = NULL;
	int rc;

	put_select(&s, q);
	rc = run_query(db, &s, &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		memset(record, 0, type->size);
		rc = db_rows_record(rows, type, record, err);
		if (rc == 0) {
			rc = fn(record, user, err);
		}
	}
	db_rows_close(rows);
	buf_release(&s.sql);
	free(record);
	return rc < 0 ? -1 : 0;
}

int64_t
mirror_row_of(struct db *db, const struct mirror_query *q, int64_t key)
{
	struct statement s = { 0 };
	int64_t row = -1;

	buf_puts(&s.sql, "SELECT n FROM (SELECT t.rowid AS id, row_number() OVER (");
	put_order(&s, q);
	buf_puts(&s.sql, ") - 1 AS n");
	put_from(&s, q);
	buf_puts(&s.sql, ") WHERE id = ");
	bind(&s, db_int(key));
	if (db_find_int(db, buf_text(&s.sql), s.args, s.count, &row, NULL) <= 0) {
		row = -1;
	}
	buf_release(&s.sql);
	return row;
}

/* ---- search */

#define SEARCH_WINDOW 256

static int
fits(const struct record_type *type, const void *record, const char *typed)
{
	char shown[512];
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct field *f = &type->fields[i];

		if ((f->flags & FIELD_HIDDEN) != 0) {
			continue;
		}
		if (f->type == FIELD_FEN && match_amount(record_number(f, record), typed)) {
			return 1;
		}
		record_show(f, record, shown, sizeof(shown));
		if (match_text(shown, typed)) {
			return 1;
		}
	}
	return 0;
}

int64_t
mirror_search(
    struct db *db, const struct mirror_query *q, const char *typed, int64_t from, int step)
{
	const struct record_type *type = mirror_type(q->noun);
	struct mirror_window window = { .records = mem_alloc(SEARCH_WINDOW * type->size) };
	int64_t count, seen, found = -1;
	int64_t row = from;

	if (mirror_count(db, q, NULL, &count, NULL, NULL) != 0) {
		count = 0;
	}
	for (seen = 0; seen < count && found < 0;) {
		int64_t first = step > 0 ? row : (row - SEARCH_WINDOW + 1 < 0 ? 0 : row - SEARCH_WINDOW + 1);
		int64_t i;

		memset(window.records, 0, SEARCH_WINDOW * type->size);
		if (mirror_fetch(db, q, first, SEARCH_WINDOW, &window, NULL) != 0) {
			break;
		}
		for (i = row - first; i >= 0 && i < (int64_t)window.got && found < 0 && seen < count;
		     i += step, seen++) {
			if (fits(type, (char *)window.records + (size_t)i * type->size, typed)) {
				found = first + i;
			}
		}
		row = step > 0 ? first + (int64_t)window.got : first - 1;
		row = row >= count ? 0 : row < 0 ? count - 1 : row;
	}
	free(window.records);
	return found;
}

/* ---- values and totals of a member */

int
mirror_values(struct db *db, const struct mirror_query *q, const char *field, size_t max,
    struct text_list *out, struct err *err)
{
	struct statement s = { 0 };
	struct rows *rows = NULL;
	int rc;

	assert(record_field(mirror_type(q->noun), field) != NULL);
	buf_printf(&s.sql, "SELECT DISTINCT t.%s", field);
	put_from(&s, q);
	buf_printf(&s.sql, " ORDER BY t.%s LIMIT ", field);
	bind(&s, db_int((int64_t)max));
	rc = run_query(db, &s, &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		text_list_add(out, db_rows_text(rows, 0));
		rc = 0;
	}
	db_rows_close(rows);
	buf_release(&s.sql);
	return rc;
}

int
mirror_totals(struct db *db, const struct mirror_query *q, const char *by,
    struct mirror_total *out, size_t max, size_t *got, struct err *err)
{
	struct statement s = { 0 };
	struct rows *rows = NULL;
	int rc;

	*got = 0;
	buf_printf(&s.sql, "SELECT t.%s, count(*), sum(t.amount), sum(t.headcount)", by);
	put_from(&s, q);
	buf_printf(&s.sql, " GROUP BY t.%s ORDER BY t.%s LIMIT ", by, by);
	bind(&s, db_int((int64_t)max));
	rc = run_query(db, &s, &rows, err);
	while (rc == 0 && *got < max && (rc = db_rows_next(rows, err)) == 1) {
		struct mirror_total *total = &out[(*got)++];

		mem_copy_text(total->name, sizeof(total->name), db_rows_text(rows, 0));
		total->count = db_rows_int(rows, 1);
		total->amount = db_rows_int(rows, 2);
		total->headcount = db_rows_int(rows, 3);
		rc = 0;
	}
	db_rows_close(rows);
	buf_release(&s.sql);
	return rc < 0 ? -1 : 0;
}

/* ---- marks */

static int
mark(struct db *db, const struct mirror_query *q, int64_t first, int64_t n,
    enum mirror_mark how, struct err *err)
{
	struct statement s = { 0 };
	struct mirror_query rows = *q;
	int rc;

	assert(q->marks != NULL);
	rows.marks = NULL;
	if (how == MIRROR_MARK_ON) {
		buf_puts(&s.sql, "INSERT INTO mark (taxpayer_id, list, row) SELECT t.taxpayer_id, ");
		bind(&s, db_text(q->marks));
		buf_puts(&s.sql, ", t.rowid");
	} else {
		buf_puts(&s.sql, "DELETE FROM mark WHERE list = ");
		bind(&s, db_text(q->marks));
		buf_puts(&s.sql, " AND taxpayer_id = ");
		bind(&s, db_text(q->taxpayer_id));
		buf_puts(&s.sql, " AND row IN (SELECT t.rowid");
	}
	put_from(&s, &rows);
	if (n >= 0) {
		put_order(&s, &rows);
		buf_puts(&s.sql, " LIMIT ");
		bind(&s, db_int(n));
		buf_puts(&s.sql, " OFFSET ");
		bind(&s, db_int(first));
	}
	buf_puts(&s.sql, how == MIRROR_MARK_ON ? " ON CONFLICT DO NOTHING" : ")");
	rc = db_run(db, buf_text(&s.sql), s.args, s.count, NULL, err);
	buf_release(&s.sql);
	return rc;
}

int
mirror_mark_rows(struct db *db, const struct mirror_query *q, int64_t first, int64_t last,
    enum mirror_mark how, struct err *err)
{
	return mark(db, q, first, last - first + 1, how, err);
}

/* Marks of q's rows go to another set, everything in q is marked, the noted ones are taken
 * back: marks outside the filter stay as they are. */
static int
invert_steps(struct db *db, const struct mirror_query *q, struct err *err)
{
	static const char list[] = "before inverting";
	struct mirror_query marked = *q;
	struct statement s = { 0 };
	int rc;

	marked.marked_only = 1;
	buf_puts(&s.sql, "INSERT INTO mark (taxpayer_id, list, row) SELECT t.taxpayer_id, ");
	bind(&s, db_text(list));
	buf_puts(&s.sql, ", t.rowid");
	put_from(&s, &marked);
	rc = db_run(db, buf_text(&s.sql), s.args, s.count, NULL, err);
	buf_release(&s.sql);
	if (rc != 0 || mark(db, q, 0, -1, MIRROR_MARK_ON, err) != 0 ||
	    db_run(db,
		"DELETE FROM mark WHERE taxpayer_id = $1 AND list = $2 AND row IN"
		" (SELECT row FROM mark WHERE taxpayer_id = $1 AND list = $3)",
		DB_ARGS(db_text(q->taxpayer_id), db_text(q->marks), db_text(list)), NULL,
		err) != 0) {
		return -1;
	}
	return db_run(db, "DELETE FROM mark WHERE taxpayer_id = $1 AND list = $2",
	    DB_ARGS(db_text(q->taxpayer_id), db_text(list)), NULL, err);
}

static int
invert(struct db *db, const struct mirror_query *q, struct err *err)
{
	if (db_begin(db, err) != 0) {
		return -1;
	}
	if (invert_steps(db, q, err) != 0 || db_commit(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

int
mirror_mark_all(
    struct db *db, const struct mirror_query *q, enum mirror_mark how, struct err *err)
{
	return how == MIRROR_MARK_INVERT ? invert(db, q, err) : mark(db, q, 0, -1, how, err);
}

int
mirror_mark_trim(struct db *db, const struct mirror_query *q, struct err *err)
{
	struct statement s = { 0 };
	struct mirror_query rows = *q;
	int rc;

	rows.marks = NULL;
	buf_puts(&s.sql, "DELETE FROM mark WHERE list = ");
	bind(&s, db_text(q->marks));
	buf_puts(&s.sql, " AND taxpayer_id = ");
	bind(&s, db_text(q->taxpayer_id));
	buf_puts(&s.sql, " AND row NOT IN (SELECT t.rowid");
	put_from(&s, &rows);
	buf_puts(&s.sql, ")");
	rc = db_run(db, buf_text(&s.sql), s.args, s.count, NULL, err);
	buf_release(&s.sql);
	return rc;
}
