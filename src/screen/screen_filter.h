/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_FILTER_H
#define SHEBAO_SCREEN_SCREEN_FILTER_H

#include "screen_list.h"

/* The filter form of a list, from its rows. Zero-filled values: no filter is on. */
#define SCREEN_FILTER_VALUE 193

struct screen_filter_values {
	/* from and to; only the ranges use both */
	char value[SCREEN_LIST_FILTERS_MAX][2][SCREEN_FILTER_VALUE];
	int is_set; /* at least one filter is on */
	char words[512];
};

/* Adds the filters that are on to the query, whose noun is set. */
void screen_filter_apply(const struct screen_filter_values *values,
    const struct screen_filter *filters, size_t count, struct mirror_query *query);

/* Shows the form; 0: values are new, -1: cancelled. query: the list without filters, whose
 * values are offered. */
int screen_filter_ask(struct screen_ui *ui, struct screen_filter_values *values,
    const struct screen_filter *filters, size_t count, const struct mirror_query *query);

/* "筛选：单位编号 00048857  费款所属期 2020-06". Borrowed until the next call. */
struct text screen_filter_words(struct screen_filter_values *values,
    const struct screen_filter *filters, size_t count, enum mirror_noun noun);

/* Kept across screens and sessions under the list's name. */
void screen_filter_keep(
    struct screen_ui *ui, const struct screen_filter_values *values, const char *name);
void screen_filter_recall(struct screen_ui *ui, struct screen_filter_values *values,
    const char *name, size_t count);

#endif
