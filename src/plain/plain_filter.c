/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 筛选: which filter by number, then its value. */
#include <stdio.h>
#include <string.h>

#include "plain_list.h"
#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/period.h"

/* One end of a range, or a period: "" takes the filter off, Enter keeps what there is. */
static int
ask_end(struct plain_list *list, const struct app_filter *f, const char *label, char *value)
{
	int is_date = f->kind == APP_FILTER_DATES;
	char line[32], prompt[256];

	snprintf(prompt, sizeof(prompt), _("%s（%s，Enter 为 %s）："), label,
	    is_date ? _("如 2020-06-30") : _("如 2020-06"),
	    value[0] == '\0' ? _("不限") : value);
	while (plain_ask_code(list->p, prompt, _("- 表示不限。"), line, sizeof(line))) {
		struct err err = { 0 };

		if (line[0] == '\0') {
			return 1;
		}
		if (strcmp(line, "-") == 0) {
			value[0] = '\0';
			return 1;
		}
		if ((is_date ? date_check(line, &err) : period_check(line, &err)) == 0) {
			mem_copy_text(value, APP_FILTER_VALUE, line);
			return 1;
		}
		plain_error(list->p, &err);
	}
	return 0;
}

static int
ask_range(
    struct plain_list *list, const struct app_filter *f, char value[2][APP_FILTER_VALUE])
{
	char label[96];
	int end, is_good = 0;

	while (!is_good) {
		struct err err = { 0 };

		for (end = 0; end < 2; end++) {
			snprintf(label, sizeof(label), end ? _("%s止") : _("%s起"), _(f->label));
			if (!ask_end(list, f, label, value[end])) {
				return 0;
			}
		}
		is_good = app_filter_check(f, value[0], value[1], &err) == 0;
		plain_error(list->p, &err);
	}
	return 1;
}

static int
ask_value(struct plain_list *list, const struct app_filter *f, char *value)
{
	struct text_list values = { 0 }, labels = { 0 };
	struct mirror_query whole = { 0 };
	struct plain_choice choice = { .title = _(f->label), .initial = -1 };
	int i;

	list->opts->list->query(list->p->app, list->opts->about, &whole);
	text_list_add(&values, "");
	text_list_add(&labels, _("全部"));
	app_filter_choices(list->p->app, f, &whole, &values, &labels);
	choice.labels = (const char *const *)labels.items;
	choice.count = labels.count;
	i = plain_choose(list->p, &choice);
	if (i >= 0) {
		mem_copy_text(value, APP_FILTER_VALUE, values.items[i]);
	}
	text_list_release(&values);
	text_list_release(&labels);
	return i >= 0;
}

static int
ask_one(struct plain_list *list, size_t i, struct app_filter_values *next)
{
	const struct app_filter *f = &list->opts->list->filters[i];

	return app_filter_is_range(f) ? ask_range(list, f, next->value[i]) :
					ask_value(list, f, next->value[i][0]);
}

/* The filters by number, then 查询 and 清除条件. */
static int
choose(struct plain_list *list)
{
	const struct app_list *what = list->opts->list;
	const char *labels[APP_FILTERS_MAX + 2];
	struct plain_choice choice = { .title = _("筛选"),
		.labels = labels,
		.count = what->filter_count + 2,
		.initial = (int)what->filter_count };
	size_t i;

	for (i = 0; i < what->filter_count; i++) {
		labels[i] = _(what->filters[i].label);
	}
	labels[i] = _("查询");
	labels[i + 1] = _("清除条件");
	return plain_choose(list->p, &choice);
}

int
plain_filter_ask(struct plain_list *list)
{
	const struct app_list *what = list->opts->list;
	struct app_filter_values next = list->values;
	size_t n = what->filter_count;
	int i;

	/* A single range is asked for at once. */
	if (n == 1 && app_filter_is_range(&what->filters[0])) {
		if (!ask_one(list, 0, &next)) {
			return 0;
		}
		app_filter_settle(&next, n);
		list->values = next;
		return 1;
	}
	while ((i = choose(list)) >= 0) {
		if ((size_t)i == n + 1) {
			next = (struct app_filter_values){ 0 };
		} else if ((size_t)i < n) {
			(void)ask_one(list, (size_t)i, &next);
			app_filter_settle(&next, n);
			plain_say(list->p, "%s",
			    app_filter_words(&next, what->filters, n, list->query.noun));
			continue;
		}
		list->values = next;
		return 1;
	}
	return 0;
}
