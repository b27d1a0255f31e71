/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Menu items that are lists: what there is, the choices, leaving. */
#include "plain_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define CHOICES_MAX 16

/* ---- counting */

static int
has_amount(const struct plain_list *list)
{
	return record_field(list->opts->list->view->type, "amount") != NULL;
}

void
plain_list_load(struct plain_list *list)
{
	struct app *app = list->p->app;
	const struct app_list *what = list->opts->list;
	struct mirror_query marked = { 0 };

	app_list_query(app, what, list->opts->about, &list->values, 0, &list->query);
	app_list_trim(app, what, list->opts->about);
	list->count = list->sum = list->marked = list->marked_sum = 0;
	(void)!mirror_count(app_db(app), &list->query, has_amount(list) ? "amount" : NULL,
	    &list->count, &list->sum, NULL);
	if (what->has_marks) {
		app_list_query(app, what, list->opts->about, &list->values, 1, &marked);
		(void)!mirror_count(
		    app_db(app), &marked, "amount", &list->marked, &list->marked_sum, NULL);
	}
}

void
plain_list_refresh(struct plain_list *list)
{
	if (list->opts->list->download != 0) {
		(void)!plain_common_download(list->p, _(list->opts->list->download_title),
		    list->opts->list->download);
	}
	plain_list_load(list);
}

void
plain_list_go(struct plain_list *list, int code)
{
	list->p->next = code;
	list->is_over = 1;
}

int
plain_list_selection(struct plain_list *list, struct text_list *levy_nos, int64_t *amount,
    struct mirror_query *q)
{
	struct err err = { 0 };
	const char *why;
	struct levy *levy;
	int64_t row;

	app_list_query(list->p->app, list->opts->list, list->opts->about, &list->values, 1, q);
	if (list->marked == 0) {
		row = plain_list_ask_row(list, _("没有勾选费款。办理哪一笔"));
		levy = row == 0 ? NULL : plain_list_row(list, row);
		if (levy == NULL) {
			return 0;
		}
		why = list->opts->list->refuse_mark(levy);
		q->marked_only = 0;
		mirror_where(q, "levy_no", MIRROR_IS, levy->levy_no);
		free(levy);
		if (why != NULL) {
			plain_say(list->p, "%s", why);
			return 0;
		}
	}
	if (app_list_levies(list->p->app, q, levy_nos, amount, &err) != 0) {
		plain_error(list->p, &err);
		return 0;
	}
	if (levy_nos->count > LEVIES_MAX) {
		plain_say(list->p, _("一次最多办理 %d 笔，请分次勾选。"), LEVIES_MAX);
		return 0;
	}
	return 1;
}

/* ---- the choices of every list */

static void
export_list(struct plain_list *list)
{
	struct app *app = list->p->app;
	const struct app_list *what = list->opts->list;
	struct app_export export = { .view = what->view, .query = &list->query };
	struct mirror_query marked = { 0 };
	struct err err = { 0 };
	char *name = mem_printf("%s.xlsx", _(what->export_name));
	char *path = plain_common_ask_path(list->p, name, &export.overwrite);
	int64_t rows;

	free(name);
	if (path == NULL) {
		return;
	}
	if (list->marked > 0) {
		app_list_query(app, what, list->opts->about, &list->values, 1, &marked);
		export.query = &marked;
	}
	export.path = path;
	if (app_export(app, &export, &rows, &err) == 0) {
		plain_say(list->p, _("已导出 %lld 条到\n%s"), (long long)rows, path);
	} else {
		plain_error(list->p, &err);
	}
	free(path);
}

static int
ask_filter(struct plain_list *list)
{
	if (!plain_filter_ask(list)) {
		return 0;
	}
	app_filter_keep(list->p->app, &list->values, list->opts->list->name);
	plain_list_load(list);
	return 1;
}

static void
filter(struct plain_list *list)
{
	(void)ask_filter(list);
}

struct common {
	const char *label;
	void (*run)(struct plain_list *list);
};

static const struct common common_show = { N_("逐条显示"), plain_list_show };
static const struct common common_mark = { N_("勾选"), plain_list_mark };
static const struct common common_filter = { N_("筛选"), filter };
static const struct common common_refresh = { N_("刷新"), plain_list_refresh };
static const struct common common_export = { N_("导出"), export_list };

/* What can be chosen: the list's own actions first. */
struct choices {
	const struct common *common[CHOICES_MAX]; /* NULL: the list's own of that index */
	char text[CHOICES_MAX][64];
	size_t count;
};

static void
add(struct choices *c, const struct common *common, const char *label)
{
	snprintf(c->text[c->count], sizeof(c->text[0]), "%zu %s", c->count + 1, _(label));
	c->common[c->count++] = common;
}

static void
collect(const struct plain_list *list, struct choices *c)
{
	const struct app_list *what = list->opts->list;
	size_t i;

	for (i = 0; i < list->opts->action_count; i++) {
		add(c, NULL, list->opts->actions[i].label);
	}
	add(c, &common_show, common_show.label);
	if (what->has_marks) {
		add(c, &common_mark, common_mark.label);
	}
	if (what->filter_count > 0) {
		add(c, &common_filter, common_filter.label);
	}
	if (what->download != 0) {
		add(c, &common_refresh, common_refresh.label);
	}
	if (what->export_name != NULL) {
		add(c, &common_export, common_export.label);
	}
}

static void
run_own(struct plain_list *list, const struct plain_list_action *action)
{
	void *record = NULL;
	const char *why;
	int64_t row = 0;

	if (action->needs_row) {
		row = list->count == 0 ? 0 : plain_list_ask_row(list, _(action->label));
		record = row == 0 ? NULL : plain_list_row(list, row);
		if (record == NULL) {
			return;
		}
	}
	why = action->refuse == NULL ? NULL : action->refuse(record);
	if (why != NULL) {
		plain_say(list->p, "%s", why);
	} else {
		action->run(list, record);
	}
	if (record != NULL) {
		record_release(list->opts->list->view->type, record);
		free(record);
	}
}

/* ---- the list as a whole */

static void
say_state(struct plain_list *list)
{
	const struct app_list *what = list->opts->list;
	struct plain_amount sum, marked;

	if (what->filter_count > 0 && list->values.is_set) {
		plain_say(list->p, "%s", app_filter_words(&list->values, what->filters,
		    what->filter_count, list->query.noun));
	}
	if (list->count == 0) {
		plain_say(list->p, "%s", list->values.is_set ? _("没有符合条件的记录。") :
		    _(list->opts->empty));
		return;
	}
	plain_common_amount(list->sum, &sum);
	if (what->has_marks) {
		plain_common_amount(list->marked_sum, &marked);
		plain_say(list->p, _("共 %lld 笔，%s；已勾选 %lld 笔，%s"), (long long)list->count,
		    sum.figures, (long long)list->marked, marked.figures);
	} else if (has_amount(list)) {
		plain_say(list->p, _("共 %lld 笔，%s"), (long long)list->count, sum.figures);
	} else {
		plain_say(list->p, _("共 %lld 条"), (long long)list->count);
	}
}

/* One round: what there is, a choice, its work. */
static void
serve(struct plain_list *list, const struct choices *c, int *is_told)
{
	char line[PLAIN_LINE];
	int64_t n;
	size_t i;

	say_state(list);
	for (i = 0; !*is_told && i < c->count; i++) {
		plain_say(list->p, "%s", c->text[i]);
	}
	*is_told = 1;
	if (!plain_ask_code(list->p, _("请选择（Enter 再说一遍）："),
		list->opts->help == NULL ? NULL : _(list->opts->help), line, sizeof(line))) {
		list->is_over = 1;
		return;
	}
	n = plain_number(line, (int64_t)c->count);
	if (line[0] == '\0') {
		*is_told = 0;
	} else if (n == 0) {
		plain_say(list->p, _("请输入 1 到 %lld 的数字，0 返回。"), (long long)c->count);
	} else if (c->common[n - 1] != NULL) {
		c->common[n - 1]->run(list);
	} else {
		run_own(list, &list->opts->actions[n - 1]);
	}
}

static void
open_list(struct plain_list *list)
{
	const struct app_list *what = list->opts->list;

	app_filter_recall(list->p->app, &list->values, what->name, what->filter_count);
	plain_list_refresh(list);
	if (what->must_filter) {
		if (list->opts->has_period &&
		    app_list_newest_period(list->p->app, what, list->values.value[0][0],
			list->values.value[0][1])) {
			list->values.is_set = 1;
		}
		list->is_over = !ask_filter(list);
	}
	if (list->opts->on_open != NULL && !list->is_over) {
		list->opts->on_open(list);
	}
}

void
plain_list_run(struct plain *p, const struct plain_list_opts *opts)
{
	struct plain_list list = { .p = p, .opts = opts };
	struct choices choices = { .count = 0 };
	int is_told = 0;

	plain_say(p, "%s", _(opts->title));
	collect(&list, &choices);
	open_list(&list);
	while (!list.is_over && !p->is_leaving) {
		serve(&list, &choices, &is_told);
	}
}
