/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, sums, values and totals of lists. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mirror_scan.h"
#include "mirror_sql.h"
#include "shebao/mem.h"
#include "shebao/mirror.h"
#include "shebao/money.h"

/* From the blocks: 1; 0: it is for SQL. */
static int
count_blocks(struct db *db, const struct mirror_query *q, const char *sum_field,
    int64_t *count, int64_t *total, struct err *err)
{
	enum block_part part = sum_field == NULL ? BLOCK_NONE : mirror_block_number_part(sum_field);
	struct mirror_query rows = *q;
	struct mirror_scan *s = NULL;
	int rc;

	if (sum_field != NULL && part == BLOCK_NONE) {
		return 0;
	}
	rows.order = NULL;
	rows.descending = 0;
	rc = mirror_scan_open(db, &rows, &s, err);
	if (rc == 1) {
		*count = s->count;
		rc = sum_field == NULL || mirror_scan_sum(s, part, total, err) == 0 ? 1 : -1;
		mirror_scan_close(s);
	}
	return rc;
}

int
mirror_count(struct db *db, const struct mirror_query *q, const char *sum_field,
    int64_t *count, int64_t *sum, struct err *err)
{
	struct mirror_sql s = { 0 };
	int64_t total = 0;
	int rc;

	*count = 0;
	rc = count_blocks(db, q, sum_field, count, &total, err);
	if (rc != 0) {
		if (sum != NULL) {
			*sum = total;
		}
		return rc < 0 ? -1 : 0;
	}
	*count = total = 0;
	buf_printf(&s.text, "SELECT count(*), coalesce(sum(%s%s), 0)",
	    sum_field == NULL ? "" : "t.", sum_field == NULL ? "0" : sum_field);
	mirror_sql_from(&s, q, 0);
	rc = mirror_sql_pair(db, &s, count, &total, err);
	if (sum != NULL) {
		*sum = total;
	}
	buf_release(&s.text);
	return rc;
}

/* ---- by the values of a member */

/* Of each group in the list its rows and sums: an array by id, which the caller frees. */
static struct block_group *
add_up_groups(struct mirror_scan *s, struct err *err)
{
	struct block_group *totals = mem_alloc(s->group_count * sizeof(*totals));
	size_t at, i;

	for (at = 0; at < s->block_count; at++) {
		const struct scan_block *b = s->block;

		if (s->counts[at] == 0) {
			continue;
		}
		if (mirror_scan_groups(s, at, err) < 0) {
			free(totals);
			return NULL;
		}
		for (i = 0; i < b->group_count; i++) {
			struct block_group *t = &totals[b->fits[i] ? b->groups[i].id : 0];

			if (!b->fits[i]) {
				continue;
			}
			t->count += b->groups[i].count;
			if (money_add(t->amount, b->groups[i].amount, &t->amount, err) < 0 ||
			    money_add(t->headcount, b->groups[i].headcount, &t->headcount, err) < 0) {
				free(totals);
				return NULL;
			}
		}
	}
	return totals;
}

/* One value after the other, in their order, with what its rows add up to. */
typedef int value_fn(const struct mirror_total *total, void *user);

static int
each_value(struct mirror_scan *s, const char *field, value_fn *fn, void *user, struct err *err)
{
	struct block_group *totals = add_up_groups(s, err);
	struct mirror_total total = { .count = 0 };
	struct mirror_sql sql = { 0 };
	struct rows *rows = NULL;
	int rc;

	if (totals == NULL) {
		return -1;
	}
	buf_printf(&sql.text, "SELECT t.id, t.%s", field);
	mirror_sql_from_table(&sql, &s->query, "levy_group");
	buf_printf(&sql.text, " ORDER BY t.%s", field);
	rc = mirror_sql_query(s->db, &sql, &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		const struct block_group *g = &totals[db_rows_int(rows, 0)];
		const char *value = db_rows_text(rows, 1);

		rc = 0;
		if (g->count == 0) {
			continue;
		}
		if (total.count > 0 && strcmp(total.name, value) != 0) {
			rc = fn(&total, user);
			total = (struct mirror_total){ .count = 0 };
		}
		mem_copy_text(total.name, sizeof(total.name), value);
		total.count += g->count;
		if (money_add(total.amount, g->amount, &total.amount, err) < 0 ||
		    money_add(total.headcount, g->headcount, &total.headcount, err) < 0) {
			rc = -1;
		}
	}
	if (rc == 0 && total.count > 0) {
		rc = fn(&total, user);
	}
	db_rows_close(rows);
	buf_release(&sql.text);
	free(totals);
	return rc < 0 ? -1 : 0;
}

/* From the blocks: 1; 0: it is for SQL. */
static int
values_from_blocks(struct db *db, const struct mirror_query *q, const char *field, value_fn *fn,
    void *user, struct err *err)
{
	struct mirror_scan *s = NULL;
	int rc;

	if (!mirror_block_is_group_column(field) || mirror_set_of(q).table != NULL) {
		return 0;
	}
	rc = mirror_scan_open(db, q, &s, err);
	if (rc == 1) {
		rc = each_value(s, field, fn, user, err) < 0 ? -1 : 1;
		mirror_scan_close(s);
	}
	return rc;
}

struct values {
	struct text_list *out;
	size_t max;
};

/* Anything but 0 ends it. */
static int
add_value(const struct mirror_total *total, void *user)
{
	struct values *v = user;

	text_list_add(v->out, total->name);
	return v->out->count >= v->max;
}

struct totals {
	struct mirror_total *out;
	size_t max, *got;
};

static int
add_total(const struct mirror_total *total, void *user)
{
	struct totals *t = user;

	if (*t->got < t->max) {
		t->out[(*t->got)++] = *total;
	}
	return *t->got >= t->max;
}

int
mirror_values(struct db *db, const struct mirror_query *q, const char *field, size_t max,
    struct text_list *out, struct err *err)
{
	struct mirror_sql s = { 0 };
	struct rows *rows = NULL;
	int rc;

	assert(record_field(mirror_type(q->noun), field) != NULL);
	rc = values_from_blocks(db, q, field, add_value, &(struct values){ out, out->count + max }, err);
	if (rc != 0) {
		return rc < 0 ? -1 : 0;
	}
	buf_printf(&s.text, "SELECT DISTINCT t.%s", field);
	mirror_sql_from(&s, q, 0);
	buf_printf(&s.text, " ORDER BY t.%s LIMIT ", field);
	mirror_sql_bind(&s, db_int((int64_t)max));
	rc = mirror_sql_query(db, &s, &rows, err);
	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		text_list_add(out, db_rows_text(rows, 0));
		rc = 0;
	}
	db_rows_close(rows);
	buf_release(&s.text);
	return rc;
}

int
mirror_totals(struct db *db, const struct mirror_query *q, const char *by,
    struct mirror_total *out, size_t max, size_t *got, struct err *err)
{
	struct mirror_sql s = { 0 };
	struct rows *rows = NULL;
	int rc;

	*got = 0;
	rc = values_from_blocks(db, q, by, add_total, &(struct totals){ out, max, got }, err);
	if (rc != 0) {
		return rc < 0 ? -1 : 0;
	}
	buf_printf(&s.text, "SELECT t.%s, count(*), sum(t.amount), sum(t.headcount)", by);
	mirror_sql_from(&s, q, 0);
	buf_printf(&s.text, " GROUP BY t.%s ORDER BY t.%s LIMIT ", by, by);
	mirror_sql_bind(&s, db_int((int64_t)max));
	rc = mirror_sql_query(db, &s, &rows, err);
	while (rc == 0 && *got < max && (rc = db_rows_next(rows, err)) == 1) {
		struct mirror_total *total = &out[(*got)++];

		mem_copy_text(total->name, sizeof(total->name), db_rows_text(rows, 0));
		total->count = db_rows_int(rows, 1);
		total->amount = db_rows_int(rows, 2);
		total->headcount = db_rows_int(rows, 3);
		rc = 0;
	}
	db_rows_close(rows);
	buf_release(&s.text);
	return rc < 0 ? -1 : 0;
}
