/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_SQL_H
#define SHEBAO_STORE_MIRROR_SQL_H

#include "mirror_set.h"

/* One statement over a list being put together: text with its values, numbered as they come.
 * The table is called t, its marks m. */
#define MIRROR_SQL_ARGS_MAX (4 * MIRROR_FILTERS_MAX + 12)

struct mirror_sql {
	struct buf text;
	struct db_value args[MIRROR_SQL_ARGS_MAX];
	size_t count;
};

/* A marked row of t, joined by mirror_sql_join_marks. */
#define MIRROR_SQL_IS_MARKED "coalesce(bit_at(m.bits, t.rowid & 4095), 0)"

void mirror_sql_bind(struct mirror_sql *s, struct db_value value);

/* " FROM table t ... WHERE ...": the rows of q, of those of its set if it is limited to one. scans: by the table's order, which is that of arrival; for lists of many rows. */
void mirror_sql_from(struct mirror_sql *s, const struct mirror_query *q, int scans);

/* The same of a table that has the columns which q's filters look at; no marks. */
void mirror_sql_from_table(struct mirror_sql *s, const struct mirror_query *q, const char *table);

/* " LEFT JOIN mark_block m ..." for the rows t; nothing if q has no marks. */
void mirror_sql_join_marks(struct mirror_sql *s, const struct mirror_query *q);

/* " ORDER BY ...": q's order, or the opposite. */
void mirror_sql_order(struct mirror_sql *s, const struct mirror_query *q, int opposite);

/* Some rows of a list: n (-1: all) after the first `skip` from the start, forward or backward. The
 * start is the row with this key, or (-1) an end of the list. */
struct mirror_span {
	int64_t skip, n;
	int64_t count; /* of all rows, if it is known; 0 */
	int64_t key;
	int is_backward;
};

/* " AND (order, rowid) >= ...": the row with the span's key and those beyond; nothing for -1. */
void mirror_sql_start(
    struct mirror_sql *s, const struct mirror_query *q, const struct mirror_span *span);

/* " FROM ...": the rows t and their marks m. Only keys are sorted and skipped, the rows are looked
 * up as they come: CROSS JOIN keeps the order in which the span is read (SQLite). */
void mirror_sql_span(
    struct mirror_sql *s, const struct mirror_query *q, const struct mirror_span *span);

int mirror_sql_query(struct db *db, struct mirror_sql *s, struct rows **rows, struct err *err)
    __attribute__((warn_unused_result));
int mirror_sql_run(struct db *db, struct mirror_sql *s, struct err *err)
    __attribute__((warn_unused_result));

/* The first row's first two columns; they stay when there is none. */
int mirror_sql_pair(struct db *db, struct mirror_sql *s, int64_t *first, int64_t *second,
    struct err *err) __attribute__((warn_unused_result));

#endif
