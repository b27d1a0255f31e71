/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_APP_APP_FILTER_H
#define SHEBAO_APP_APP_FILTER_H

#include "shebao/app.h"

/* 筛选: what a list can be filtered by, what is chosen, what that means for its query and how it
 * reads. The screens ask with a form, the line dialogue question by question. */
enum app_filter_kind {
	APP_FILTER_VALUES,  /* choice among the values in the list */
	APP_FILTER_STATES,  /* choice among the field's states */
	APP_FILTER_PERIOD,  /* one period that the row covers: period_from .. period_to */
	APP_FILTER_PERIODS, /* from and to, at most 12 months */
	APP_FILTER_DATES    /* from and to on a time */
};

struct app_filter {
	const char *label; /* N_( ) */
	const char *field;
	enum app_filter_kind kind;
};

#define APP_FILTERS_MAX 8
#define APP_FILTER_VALUE 193

/* Zero-filled: no filter is on. */
struct app_filter_values {
	char value[APP_FILTERS_MAX][2][APP_FILTER_VALUE]; /* from and to; only ranges use both */
	int is_set; /* at least one filter is on */
	char words[512];
};

/* Has from and to; otherwise it is a choice. */
int app_filter_is_range(const struct app_filter *filter);

/* is_set from the values. */
void app_filter_settle(struct app_filter_values *values, size_t count);

/* Adds the filters that are on to the query, whose noun is set. */
void app_filter_apply(const struct app_filter_values *values, const struct app_filter *filters,
    size_t count, struct mirror_query *query);

/* What a choice offers over the list without filters: values as kept, labels as shown. */
void app_filter_choices(struct app *app, const struct app_filter *filter,
    const struct mirror_query *query, struct text_list *values, struct text_list *labels);

/* ERR_DATA: a range the wrong way round or too long. Either end may be "". */
int app_filter_check(const struct app_filter *filter, const char *from, const char *to,
    struct err *err) __attribute__((warn_unused_result));

/* "筛选：单位编号 00048857  费款所属期 2020-06". Borrowed until the next call. */
const char *app_filter_words(struct app_filter_values *values, const struct app_filter *filters,
    size_t count, enum mirror_noun noun);

/* Kept across sessions under the list's name. */
void app_filter_keep(
    struct app *app, const struct app_filter_values *values, const char *name);
void app_filter_recall(
    struct app *app, struct app_filter_values *values, const char *name, size_t count);

#endif
