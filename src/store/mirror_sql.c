/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements over lists: filters, marks, order. */
#include "mirror_sql.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mirror_schema.h"
#include "shebao/mem.h"

/* From so many rows on, a page is found sooner by going through the table in its own order than
 * by sorting what an index says. */
#define MANY_ROWS 4000

void
mirror_sql_bind(struct mirror_sql *s, struct db_value value)
{
	assert(s->count < MIRROR_SQL_ARGS_MAX);
	s->args[s->count++] = value;
	buf_printf(&s->text, "$%zu", s->count);
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
put_filter(struct mirror_sql *s, const struct mirror_query *q, const struct mirror_filter *filter)
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
		buf_printf(&s->text, " AND (t.%s = '' OR t.%s >= ", filter->field, filter->field);
		mirror_sql_bind(s, db_text(filter->value));
		buf_puts(&s->text, ")");
		return;
	}
	buf_printf(&s->text, " AND t.%s%s", filter->field, words[filter->test]);
	if (filter->test != MIRROR_IN && filter->test != MIRROR_NOT_IN) {
		mirror_sql_bind(s, filter_value(f, filter->value));
		return;
	}
	/* Lists are our own words (names of states), never a user's text. */
	buf_puts(&s->text, "('");
	for (const char *c = filter->value; *c != '\0'; c++) {
		assert(*c != '\'');
		buf_puts(&s->text, *c == ',' ? "', '" : (char[]){ *c, '\0' });
	}
	buf_puts(&s->text, "')");
}

/* Behind "t.taxpayer_id = ": the employer and the filters. */
static void
put_filters(struct mirror_sql *s, const struct mirror_query *q)
{
	size_t i;

	if (q->taxpayer_id[0] != '\0') {
		mirror_sql_bind(s, db_text(q->taxpayer_id));
	} else {
		buf_puts(&s->text, "t.taxpayer_id"); /* of all employers */
	}
	for (i = 0; i < q->filter_count; i++) {
		put_filter(s, q, &q->filters[i]);
	}
}

void
mirror_sql_from_table(struct mirror_sql *s, const struct mirror_query *q, const char *table)
{
	buf_printf(&s->text, " FROM %s t WHERE t.taxpayer_id = ", table);
	put_filters(s, q);
}

void
mirror_sql_from(struct mirror_sql *s, const struct mirror_query *q, int scans)
{
	const char *table = mirror_schema_table(q->noun)->name;
	struct mirror_set_name set = mirror_set_of(q);

	if (set.table == NULL) {
		buf_printf(&s->text, " FROM %s t%s WHERE t.taxpayer_id = ", table,
		    scans ? " NOT INDEXED" : "");
		put_filters(s, q);
		return;
	}
	buf_printf(&s->text,
	    " FROM %s k CROSS JOIN %s t ON t.rowid BETWEEN k.block << %d"
	    " AND (k.block << %d) + %d AND bit_at(k.bits, t.rowid & %d) WHERE k.list = ",
	    set.table, table, BLOCK_SHIFT, BLOCK_SHIFT, BLOCK_ROW_COUNT - 1, BLOCK_ROW_COUNT - 1);
	mirror_sql_bind(s, db_text(set.list));
	buf_puts(&s->text, " AND k.taxpayer_id = ");
	mirror_sql_bind(s, db_text(set.taxpayer_id));
	buf_puts(&s->text, " AND t.taxpayer_id = ");
	put_filters(s, q);
}

void
mirror_sql_join_marks(struct mirror_sql *s, const struct mirror_query *q)
{
	if (q->marks != NULL) {
		buf_printf(&s->text,
		    " LEFT JOIN mark_block m ON m.block = t.rowid >> %d"
		    " AND m.taxpayer_id = t.taxpayer_id AND m.list = ",
		    BLOCK_SHIFT);
		mirror_sql_bind(s, db_text(q->marks));
	}
}

void
mirror_sql_order(struct mirror_sql *s, const struct mirror_query *q, int opposite)
{
	const char *way = !q->descending == !opposite ? "" : " DESC";

	buf_puts(&s->text, " ORDER BY ");
	if (q->order != NULL) {
		assert(record_field(mirror_type(q->noun), q->order) != NULL);
		buf_printf(&s->text, "t.%s%s, ", q->order, way);
	}
	buf_printf(&s->text, "t.rowid%s", way);
}

void
mirror_sql_start(
    struct mirror_sql *s, const struct mirror_query *q, const struct mirror_span *span)
{
	const char *sign = !q->descending == !span->is_backward ? ">=" : "<=";

	if (span->key < 0) {
		return;
	}
	if (q->order == NULL) {
		buf_printf(&s->text, " AND t.rowid %s ", sign);
		mirror_sql_bind(s, db_int(span->key));
		return;
	}
	buf_printf(&s->text, " AND (t.%s, t.rowid) %s (SELECT %s, rowid FROM %s WHERE rowid = ",
	    q->order, sign, q->order, mirror_schema_table(q->noun)->name);
	mirror_sql_bind(s, db_int(span->key));
	buf_puts(&s->text, ")");
}

void
mirror_sql_span(
    struct mirror_sql *s, const struct mirror_query *q, const struct mirror_span *span)
{
	/* The index that says what a row is has the order of its key. */
	int is_by_key = q->order != NULL && strcmp(q->order, mirror_schema_table(q->noun)->key) == 0;

	buf_puts(&s->text, " FROM (SELECT t.rowid AS id");
	mirror_sql_from(s, q, span->count >= MANY_ROWS && !is_by_key);
	mirror_sql_start(s, q, span);
	mirror_sql_order(s, q, span->is_backward);
	buf_puts(&s->text, " LIMIT ");
	mirror_sql_bind(s, db_int(span->n));
	buf_puts(&s->text, " OFFSET ");
	mirror_sql_bind(s, db_int(span->skip));
	buf_printf(&s->text, ") page CROSS JOIN %s t ON t.rowid = page.id",
	    mirror_schema_table(q->noun)->name);
	mirror_sql_join_marks(s, q);
}

int
mirror_sql_query(struct db *db, struct mirror_sql *s, struct rows **rows, struct err *err)
{
	return db_query(db, buf_text(&s->text), s->args, s->count, rows, err);
}

int
mirror_sql_run(struct db *db, struct mirror_sql *s, struct err *err)
{
	return db_run(db, buf_text(&s->text), s->args, s->count, NULL, err);
}

int
mirror_sql_pair(
    struct db *db, struct mirror_sql *s, int64_t *first, int64_t *second, struct err *err)
{
	struct rows *rows = NULL;
	int rc = mirror_sql_query(db, s, &rows, err);

	if (rc == 0) {
		rc = db_rows_next(rows, err);
	}
	if (rc == 1) {
		*first = db_rows_int(rows, 0);
		*second = db_rows_int(rows, 1);
	}
	db_rows_close(rows);
	return rc < 0 ? -1 : 0;
}
