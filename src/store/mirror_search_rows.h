/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_SEARCH_ROWS_H
#define SHEBAO_STORE_MIRROR_SEARCH_ROWS_H

#include "mirror_sql.h"

/* What was typed, held against rows of any list. */
struct row_search; /* opaque */

/* Some members, or (NULL) all that are shown. */
struct row_search *mirror_search_rows_new(const struct record_type *type, const char *const *members,
    size_t count, const char *typed);
void mirror_search_rows_free(struct row_search *s); /* accepts NULL */

/* "SELECT t.levy_no, ...": the columns that mirror_search_rows_fits wants first. */
void mirror_search_rows_columns(const struct row_search *s, struct buf *out);
/* 1, 0, -1. */
int mirror_search_rows_fits(const struct row_search *s, const struct rows *rows, struct err *err);

/* What was typed can stand in an amount, a number, a time: digits, what these are written with, and
 * signs that compare; not letters and not Han characters (but the wide forms of those signs). */
int mirror_search_rows_is_number(const char *typed);

#endif
