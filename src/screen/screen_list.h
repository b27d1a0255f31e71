/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_LIST_H
#define SHEBAO_SCREEN_SCREEN_LIST_H

#include "shebao/app_list.h"
#include "shebao/tui_table.h"
#include "shebao/view.h"

#include "screen_head.h"
#include "screen_ui.h"

/*
 * A screen that is a list (shebao/app_list.h): rows of the mirror fetched as they are shown, a
 * filter form, marks with count and total, download, export. A menu item fills in
 * struct screen_list_opts and a function for its own actions; the rest is here.
 */
struct screen_list; /* opaque */

struct screen_list_opts {
	const char *title; /* N_( ): "21 日常申报" */
	const struct app_list *list;
	const void *about; /* handed to the list's query: the declaration whose levies are listed, ... */
	/* Labels and values above the list; NULL: none. */
	void (*head)(struct screen_ui *ui, const void *about, struct screen_head *out);
	int has_period; /* the filter form opens with the newest period that has rows */
	const char *empty; /* N_( ) */
	const char *nothing_fits; /* N_( ): no row passes the filters; NULL: the usual words */
	const char *help;  /* N_( ): the manual's section */
	/* Its own actions, besides F3 F5 F6. */
	const struct tui_action *actions;
	size_t action_count;
	const char *(*refuse)(struct screen_list *list, const struct tui_action *row);
	enum tui_code (*run)(struct screen_list *list, const struct tui_action *row);
	/* After the first download, before the user can type. */
	void (*on_open)(struct screen_list *list);
};

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

/* The mirror has changed behind the user's back: every open list shows it, keeping its place,
 * marks, filters and order. */
void screen_list_news(struct screen_ui *ui);

/* Leaves this screen for another one. Return its value from run. */
enum tui_code screen_list_go(struct screen_list *list, int code);

#endif
