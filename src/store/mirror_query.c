/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, sums, values and totals of lists. */
#include <assert.h>
#include <stdlib.h>

#include "mirror_sql.h"
#include "shebao/mem.h"
#include "shebao/mirror.h"

int
mirror_count(struct db *db, const struct mirror_query *q, const char *sum_field,
    int64_t *count, int64_t *sum, struct err *err)
{
	struct mirror_sql s = { 0 };
	int64_t total = 0;
	int rc;

	*count = 0;
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

int
mirror_values(struct db *db, const struct mirror_query *q, const char *field, size_t max,
    struct text_list *out, struct err *err)
{
	struct mirror_sql s = { 0 };
	struct rows *rows = NULL;
	int rc;

	assert(record_field(mirror_type(q->noun), field) != NULL);
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
