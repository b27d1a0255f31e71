/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 筛选: what the filters of a list mean for its query, how they read. */
#include "shebao/app_filter.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/period.h"
#include "shebao/state_table.h"
#include "shebao/text.h"

#define VALUES_MAX 2000
#define KEPT_MAX (APP_FILTERS_MAX * 2 * APP_FILTER_VALUE)

int
app_filter_is_range(const struct app_filter *filter)
{
	return filter->kind == APP_FILTER_PERIODS || filter->kind == APP_FILTER_DATES;
}

void
app_filter_settle(struct app_filter_values *values, size_t count)
{
	size_t i;

	values->is_set = 0;
	for (i = 0; i < count; i++) {
		values->is_set |= values->value[i][0][0] != '\0' || values->value[i][1][0] != '\0';
	}
}

static const struct field *
field_of(const struct app_filter *filter, enum mirror_noun noun)
{
	/* A period is kept as its first and last month. */
	int is_period =
	    filter->kind == APP_FILTER_PERIOD || filter->kind == APP_FILTER_PERIODS;
	const struct field *f =
	    record_field(mirror_type(noun), is_period ? "period_from" : filter->field);

	assert(f != NULL);
	return f;
}

/* ---- what they mean */

static void
apply_dates(const struct app_filter *filter, const char value[2][APP_FILTER_VALUE],
    struct mirror_query *query)
{
	int is_time = field_of(filter, query->noun)->type == FIELD_TIME;
	char from[24] = "", to[24] = "";

	if (!is_time) {
		mirror_where(query, filter->field, MIRROR_AT_LEAST, value[0]);
		mirror_where(query, filter->field, MIRROR_AT_MOST, value[1]);
		return;
	}
	if (value[0][0] != '\0') {
		snprintf(from, sizeof(from), "%lld", (long long)date_first_ms(value[0]));
	}
	if (value[1][0] != '\0') {
		snprintf(to, sizeof(to), "%lld", (long long)date_last_ms(value[1]));
	}
	mirror_where(query, filter->field, MIRROR_AT_LEAST, from);
	mirror_where(query, filter->field, MIRROR_AT_MOST, to);
}

void
app_filter_apply(const struct app_filter_values *values,
    const struct app_filter *filters, size_t count, struct mirror_query *query)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const char(*value)[APP_FILTER_VALUE] = values->value[i];

		switch (filters[i].kind) {
		case APP_FILTER_VALUES:
		case APP_FILTER_STATES:
			mirror_where(query, filters[i].field, MIRROR_IS, value[0]);
			break;
		case APP_FILTER_PERIOD:
			mirror_where(query, "period_from", MIRROR_AT_MOST, value[0]);
			mirror_where(query, "period_to", MIRROR_AT_LEAST, value[0]);
			break;
		case APP_FILTER_PERIODS:
			mirror_where(query, "period_from", MIRROR_AT_LEAST, value[0]);
			mirror_where(query, "period_to", MIRROR_AT_MOST, value[1]);
			break;
		case APP_FILTER_DATES:
			apply_dates(&filters[i], value, query);
			break;
		}
	}
}

/* ---- how they read */

static size_t
state_count(const struct field *f)
{
	return f->type == FIELD_STATE ? state_table_count(f->states) : f->choices->count;
}

static const char *
state_name(const struct field *f, size_t i)
{
	return f->type == FIELD_STATE ? state_table_name(f->states, (int)i) :
					f->choices->rows[i].name;
}

static const char *
state_label(const struct field *f, size_t i)
{
	return _(f->type == FIELD_STATE ? state_table_label(f->states, (int)i) :
					  f->choices->rows[i].label);
}

static const char *
value_label(const struct app_filter *filter, const struct field *f, const char *value)
{
	size_t i;

	for (i = 0; filter->kind == APP_FILTER_STATES && i < state_count(f); i++) {
		if (strcmp(state_name(f, i), value) == 0) {
			return state_label(f, i);
		}
	}
	return value;
}

const char *
app_filter_words(struct app_filter_values *values, const struct app_filter *filters,
    size_t count, enum mirror_noun noun)
{
	struct buf words = { 0 };
	size_t i;

	buf_puts(&words, _("筛选："));
	for (i = 0; i < count; i++) {
		const char *from = values->value[i][0], *to = values->value[i][1];

		if (from[0] == '\0' && to[0] == '\0') {
			continue;
		}
		buf_printf(&words, "%s ", _(filters[i].label));
		if (!app_filter_is_range(&filters[i])) {
			buf_puts(&words,
			    value_label(&filters[i], field_of(&filters[i], noun), from));
		} else if (to[0] == '\0') {
			buf_printf(&words, _("%s 起"), from);
		} else if (from[0] == '\0') {
			buf_printf(&words, _("%s 止"), to);
		} else {
			buf_printf(&words, _("%s 至 %s"), from, to);
		}
		buf_puts(&words, "  ");
	}
	if (!values->is_set) {
		buf_puts(&words, _("全部"));
	}
	mem_copy_text(values->words, sizeof(values->words), buf_text(&words));
	buf_release(&words);
	text_trim(values->words);
	return values->words;
}

/* ---- what there is to choose */

static void
add_choice(
    struct text_list *values, struct text_list *labels, const char *value, const char *label)
{
	if (value[0] != '\0') {
		text_list_add(values, value);
		text_list_add(labels, label);
	}
}

void
app_filter_choices(struct app *app, const struct app_filter *filter,
    const struct mirror_query *query, struct text_list *values, struct text_list *labels)
{
	const struct field *f = field_of(filter, query->noun);
	struct text_list found = { 0 };
	size_t i;

	if (filter->kind == APP_FILTER_STATES) {
		for (i = 0; i < state_count(f); i++) {
			add_choice(values, labels, state_name(f, i), state_label(f, i));
		}
		return;
	}
	(void)!mirror_values(app_db(app), query, f->name, VALUES_MAX, &found, NULL);
	for (i = 0; i < found.count; i++) {
		add_choice(values, labels, found.items[i], found.items[i]);
	}
	text_list_release(&found);
}

int
app_filter_check(
    const struct app_filter *filter, const char *from, const char *to, struct err *err)
{
	if (from[0] == '\0' || to[0] == '\0') {
		return 0;
	}
	if (filter->kind == APP_FILTER_PERIODS) {
		/* An end that is still as it was typed is checked when its turn comes. */
		if (period_month(from) < 0 || period_month(to) < 0) {
			return 0;
		}
		return period_range_check(from, to, PERIOD_MONTHS_MAX, err);
	}
	if (date_check(from, NULL) != 0 || date_check(to, NULL) != 0) {
		return 0;
	}
	return strcmp(from, to) > 0 ? err_set(err, ERR_DATA, "%s", _("起始日期晚于截止日期")) : 0;
}

/* ---- kept */

static void
setting_name(const char *name, char out[64])
{
	snprintf(out, 64, "filter_%s", name);
}

void
app_filter_keep(
    struct app *app, const struct app_filter_values *values, const char *name)
{
	struct buf kept = { 0 };
	char setting[64];
	size_t i;

	setting_name(name, setting);
	for (i = 0; values->is_set && i < 2 * APP_FILTERS_MAX; i++) {
		buf_printf(&kept, "%s\n", values->value[i / 2][i % 2]);
	}
	(void)!mirror_set(app_db(app), app_unit(app), setting, buf_text(&kept), NULL);
	buf_release(&kept);
}

void
app_filter_recall(struct app *app, struct app_filter_values *values,
    const char *name, size_t count)
{
	char kept[KEPT_MAX + 1], setting[64];
	const char *at = kept;
	size_t i;

	*values = (struct app_filter_values){ 0 };
	setting_name(name, setting);
	if (mirror_setting(app_db(app), app_unit(app), setting, kept, sizeof(kept), NULL) != 1) {
		return;
	}
	for (i = 0; i < 2 * count && *at != '\0'; i++) {
		size_t n = strcspn(at, "\n");

		if (n < APP_FILTER_VALUE) {
			memcpy(values->value[i / 2][i % 2], at, n);
			values->is_set |= n > 0;
		}
		at += n + (at[n] == '\n');
	}
}
