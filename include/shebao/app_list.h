/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_APP_APP_LIST_H
#define SHEBAO_APP_APP_LIST_H

#include "shebao/app_filter.h"
#include "shebao/view.h"

/* The lists of the menu: which rows, which columns, which filters. The screens and the line
 * dialogue show the same ones. */
struct app_list {
	const char *name;          /* of its settings and marks: "declare_normal" */
	const struct view *view;
	const struct view *record; /* NULL: view of the same columns */
	unsigned download;         /* enum app_download; 0: never */
	const char *download_title; /* N_( ) */
	int has_marks;
	int must_filter; /* nothing is shown before 查询 */
	const struct app_filter *filters;
	size_t filter_count;
	/* The rows it is about; filters are added. about: see the list. An order that is set is
	 * kept. */
	void (*query)(struct app *app, const void *about, struct mirror_query *out);
	/* Why a row cannot be marked, translated; NULL: it can. NULL function: all can. */
	const char *(*refuse_mark)(const void *record);
	/* The same for many rows at once: those with one of the values in the field. */
	const char *unmarkable_field, *unmarkable_values;
	const char *export_name; /* N_( ): NULL: no export */
};

extern const struct app_list
    app_list_employers,       /* 11, 12 */
    app_list_declare_normal,  /* 21 */
    app_list_declare_special, /* 22 */
    app_list_declarations,    /* 23 */
    app_list_declared,        /* 23 查看; about: declaration_id */
    app_list_payable,         /* 31 */
    app_list_vouchers,        /* 32 */
    app_list_vouchered,       /* 32 查看; about: voucher_no */
    app_list_payments,        /* 33 */
    app_list_unprinted,       /* 41 */
    app_list_certificates,    /* 42 */
    app_list_settled,         /* 43 */
    app_list_units,           /* 51 */
    app_list_due,             /* 52 */
    app_list_consultations;   /* 71 */

/* The query of a list with its filters; with marked_only every marked row, whatever the filters
 * say. */
void app_list_query(struct app *app, const struct app_list *list, const void *about,
    const struct app_filter_values *values, int marked_only, struct mirror_query *out);

/* Leaves the rows that may be marked. */
void app_list_narrow(const struct app_list *list, struct mirror_query *q);

/* Takes back marks of rows that may not be marked, wherever they are. */
void app_list_trim(struct app *app, const struct app_list *list, const void *about);

/* The numbers of the levies in q, and the sum of their amounts. */
int app_list_levies(struct app *app, const struct mirror_query *q, struct text_list *levy_nos,
    int64_t *amount, struct err *err) __attribute__((warn_unused_result));

/* Why something cannot be done with a record, translated; NULL: it can. */
const char *app_list_refuse_declare(const void *levy);
const char *app_list_refuse_pay(const void *levy);
const char *app_list_refuse_pay_declared(const struct declaration *declaration);
const char *app_list_refuse_void(const struct declaration *declaration);
const char *app_list_refuse_print(const struct voucher *voucher);
/* A voucher that was paid is not refused here: 作废 tells it with the number. */
const char *app_list_refuse_void_voucher(const struct voucher *voucher);
const char *app_list_refuse_reprint(const struct certificate *certificate);

/* 提交申报: the reminder, which the manual words differently for the two kinds; translated. */
const char *app_list_reminder(int kind);

/* The periods that the levies in q span, the first month and the last; 0: there are none. */
int app_list_span(struct app *app, const struct mirror_query *q, char from[PERIOD_SIZE],
    char to[PERIOD_SIZE]);

/* The newest period that the list has rows of: from and to as it is asked for; 0: none. */
int app_list_newest_period(
    struct app *app, const struct app_list *list, char from[PERIOD_SIZE], char to[PERIOD_SIZE]);

#endif
