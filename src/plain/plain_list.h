/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PLAIN_PLAIN_LIST_H
#define SHEBAO_PLAIN_PLAIN_LIST_H

#include "plain_common.h"
#include "shebao/app_list.h"

/*
 * A menu item that is a list (shebao/app_list.h): its choices are its own actions, then 逐条显示,
 * 勾选, 筛选, 刷新, 导出. Rows are told by number, twenty at a time.
 */
struct plain_list;

struct plain_list_action {
	const char *label; /* N_( ) */
	/* 1: needs a row, which is asked for by number. 0: works on the whole list. */
	int needs_row;
	/* Why not, translated; NULL: it can. record: NULL without a row. */
	const char *(*refuse)(const void *record);
	void (*run)(struct plain_list *list, const void *record);
};

struct plain_list_opts {
	const char *title; /* N_( ): "21 日常申报" */
	const struct app_list *list;
	const void *about;
	const char *empty; /* N_( ) */
	const char *help;  /* N_( ) */
	int has_period;    /* the filter proposes the newest period that has rows */
	const struct plain_list_action *actions;
	size_t action_count;
	/* After the first download. NULL: nothing. */
	void (*on_open)(struct plain_list *list);
};

struct plain_list {
	struct plain *p;
	const struct plain_list_opts *opts;
	struct app_filter_values values;
	struct mirror_query query;
	int64_t count, sum;
	int64_t marked, marked_sum;
	int is_over; /* set by an action: the list is left */
};

void plain_list_run(struct plain *p, const struct plain_list_opts *opts);

/* Counts again. */
void plain_list_load(struct plain_list *list);
/* Downloads and counts again. */
void plain_list_refresh(struct plain_list *list);
/* Leaves the list for a menu item. */
void plain_list_go(struct plain_list *list, int code);

/* The marked levies; when none is marked, one that is asked for by number. *q: the rows that
 * these are. 1, or 0: given up. */
int plain_list_selection(struct plain_list *list, struct text_list *levy_nos, int64_t *amount,
    struct mirror_query *q);

/* ---- plain_list_rows.c */

/* A copy of row (from 1) of the list; the caller releases with record_release and frees. NULL:
 * there is none. */
void *plain_list_row(struct plain_list *list, int64_t row);
/* Asks for a row by number; 0: back, or there is none (which the list tells by itself). */
int64_t plain_list_ask_row(struct plain_list *list, const char *prompt);
/* 逐条显示: pages of rows; a number shows a row in full. */
void plain_list_show(struct plain_list *list);
/* 勾选 by numbers and ranges. */
void plain_list_mark(struct plain_list *list);

/* ---- plain_filter.c: 1: the values are new. */
int plain_filter_ask(struct plain_list *list);

#endif
