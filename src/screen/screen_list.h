/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_LIST_H
#define SHEBAO_SCREEN_SCREEN_LIST_H

#include "shebao/tui_table.h"
#include "shebao/view.h"

#include "screen_head.h"
#include "screen_ui.h"

/*
 * A screen that is a list: columns from a view, rows of the mirror fetched as they are shown,
 * a filter form, marks with count and total, download, export. A menu item fills in
 * struct screen_list_opts and a function for its own actions; the rest is here.
 */
enum screen_filter_kind {
	SCREEN_FILTER_VALUES,    /* choice among the values in the list */
	SCREEN_FILTER_STATES,    /* choice among the field's states */
	SCREEN_FILTER_PERIOD,    /* one period that the row covers: period_from .. period_to */
	SCREEN_FILTER_PERIODS,   /* from and to, at most 12 months */
	SCREEN_FILTER_DATES      /* from and to on a time */
};

struct screen_filter {
	const char *label; /* N_( ) */
	const char *field;
	enum screen_filter_kind kind;
};

struct screen_list; /* opaque */
struct screen_filter_values;

struct screen_list_opts {
	const char *title; /* N_( ): "21 日常申报" */
	const char *name;  /* of its settings and marks: "declare_normal" */
	const struct view *view;
	const struct view *record; /* NULL: view of the same columns */
	unsigned download;         /* enum app_download */
	const char *download_title; /* N_( ) */
	int has_marks;
	int must_filter; /* opens with the filter form; nothing is shown before 查询 */
	const struct screen_filter *filters;
	size_t filter_count;
	/* The rows it is about; filters are added. */
	void (*query)(struct screen_ui *ui, const void *about, struct mirror_query *out);
	const void *about; /* handed to query: the declaration whose levies are listed, ... */
	/* Why a row cannot be marked, translated; NULL: it can. NULL function: all can. */
	const char *(*refuse_mark)(const void *record);
	/* The same for many rows at once: those with one of the values in the field. */
	const char *unmarkable_field, *unmarkable_values;
	/* Labels and values above the list; NULL: none. */
	void (*head)(struct screen_ui *ui, const void *about, struct screen_head *out);
	/* must_filter: values to put into the form when it opens; NULL: those of the last time. */
	void (*propose)(struct screen_ui *ui, struct screen_filter_values *values);
	const char *empty; /* N_( ) */
	const char *nothing_fits; /* N_( ): no row passes the filters; NULL: the usual words */
	const char *help;  /* N_( ): the manual's section */
	const char *export_name; /* N_( ): 社保费预处理汇总信息; NULL: no export */
	/* Its own actions, besides F3 F5 F6. */
	const struct tui_action *actions;
	size_t action_count;
	const char *(*refuse)(struct screen_list *list, const struct tui_action *row);
	enum tui_code (*run)(struct screen_list *list, const struct tui_action *row);
	/* After the first download, before the user can type. */
	void (*on_open)(struct screen_list *list);
};

#define SCREEN_LIST_FILTERS_MAX 8

/* Until the screen is left. */
void screen_list_run(struct screen_ui *ui, const struct screen_list_opts *opts);

struct screen_ui *screen_list_ui(struct screen_list *list);
const void *screen_list_about(struct screen_list *list);

/* The query as filtered; with marked_only only the marked rows. */
void screen_list_query(struct screen_list *list, int marked_only, struct mirror_query *out);

/* The focused record; NULL while there is none. Borrowed until the next key. */
const void *screen_list_focused(struct screen_list *list);

void screen_list_set_row(struct screen_list *list, int64_t row);

int64_t screen_list_count(struct screen_list *list);
int64_t screen_list_marked(struct screen_list *list, int64_t *amount);

/* The marked levies, or the focused one when none is marked. */
int screen_list_selection(struct screen_list *list, struct text_list *levy_nos,
    int64_t *amount, struct err *err) __attribute__((warn_unused_result));

/* Downloads again and shows what there is now. */
void screen_list_refresh(struct screen_list *list);
/* Shows what the mirror has now, without asking the service. */
void screen_list_reload(struct screen_list *list);

/* Leaves this screen for another one. Return its value from run. */
enum tui_code screen_list_go(struct screen_list *list, int code);

#endif
