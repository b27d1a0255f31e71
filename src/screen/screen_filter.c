/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 筛选: the form of a list's filters, what they mean for its query, how they read. */
#include "screen_filter.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/period.h"
#include "shebao/state_table.h"

#define VALUES_MAX 2000
#define KEPT_MAX (SCREEN_LIST_FILTERS_MAX * 2 * SCREEN_FILTER_VALUE)

static int
is_range(const struct screen_filter *filter)
{
	return filter->kind == SCREEN_FILTER_PERIODS || filter->kind == SCREEN_FILTER_DATES;
}

static const struct field *
field_of(const struct screen_filter *filter, enum mirror_noun noun)
{
	/* A period is kept as its first and last month. */
	int is_period =
	    filter->kind == SCREEN_FILTER_PERIOD || filter->kind == SCREEN_FILTER_PERIODS;
	const struct field *f =
	    record_field(mirror_type(noun), is_period ? "period_from" : filter->field);

	assert(f != NULL);
	return f;
}

/* ---- what they mean */

static void
apply_dates(const struct screen_filter *filter, const char value[2][SCREEN_FILTER_VALUE],
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
screen_filter_apply(const struct screen_filter_values *values,
    const struct screen_filter *filters, size_t count, struct mirror_query *query)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const char(*value)[SCREEN_FILTER_VALUE] = values->value[i];

		switch (filters[i].kind) {
		case SCREEN_FILTER_VALUES:
		case SCREEN_FILTER_STATES:
			mirror_where(query, filters[i].field, MIRROR_IS, value[0]);
			break;
		case SCREEN_FILTER_PERIOD:
			mirror_where(query, "period_from", MIRROR_AT_MOST, value[0]);
			mirror_where(query, "period_to", MIRROR_AT_LEAST, value[0]);
			break;
		case SCREEN_FILTER_PERIODS:
			mirror_where(query, "period_from", MIRROR_AT_LEAST, value[0]);
			mirror_where(query, "period_to", MIRROR_AT_MOST, value[1]);
			break;
		case SCREEN_FILTER_DATES:
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
value_label(const struct screen_filter *filter, const struct field *f, const char *value)
{
	size_t i;

	for (i = 0; filter->kind == SCREEN_FILTER_STATES && i < state_count(f); i++) {
		if (strcmp(state_name(f, i), value) == 0) {
			return state_label(f, i);
		}
	}
	return value;
}

struct text
screen_filter_words(struct screen_filter_values *values, const struct screen_filter *filters,
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
		if (!is_range(&filters[i])) {
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
	return text_cleaned(values->words);
}

/* ---- the form */

struct asked_filter {
	struct text_list values; /* what the choice stands for, by its index */
	struct text_list labels;
	struct tui_choices choices;
	int chosen;
};

struct asking {
	struct screen_ui *ui;
	const struct screen_filter *filters;
	size_t count;
	struct screen_filter_values next;
	struct asked_filter asked[SCREEN_LIST_FILTERS_MAX];
	struct tui_field fields[2 * SCREEN_LIST_FILTERS_MAX];
	size_t filter_of[2 * SCREEN_LIST_FILTERS_MAX];
	char labels[2 * SCREEN_LIST_FILTERS_MAX][64];
	size_t field_count;
};

static size_t
choice_count(void *user)
{
	return ((const struct asked_filter *)user)->labels.count;
}

static struct text
choice_label(void *user, size_t index)
{
	return text_cleaned(((const struct asked_filter *)user)->labels.items[index]);
}

static void
add_choice(struct asked_filter *asked, const char *value, const char *label, const char *now)
{
	if (value[0] == '\0') {
		return;
	}
	if (strcmp(value, now) == 0) {
		asked->chosen = (int)asked->values.count;
	}
	text_list_add(&asked->values, value);
	text_list_add(&asked->labels, label);
}

static void
add_choices(struct asking *a, size_t i, const struct mirror_query *query)
{
	const struct field *f = field_of(&a->filters[i], query->noun);
	struct asked_filter *asked = &a->asked[i];
	const char *now = a->next.value[i][0];
	struct text_list found = { 0 };
	size_t k;

	asked->choices = (struct tui_choices){ choice_count, choice_label, NULL, asked };
	asked->chosen = -1;
	if (a->filters[i].kind == SCREEN_FILTER_STATES) {
		for (k = 0; k < state_count(f); k++) {
			add_choice(asked, state_name(f, k), state_label(f, k), now);
		}
		return;
	}
	(void)!mirror_values(app_db(a->ui->app), query, f->name, VALUES_MAX, &found, NULL);
	for (k = 0; k < found.count; k++) {
		add_choice(asked, found.items[k], found.items[k], now);
	}
	text_list_release(&found);
	if (asked->chosen < 0) {
		add_choice(asked, now, now, now); /* kept from before the list changed */
	}
}

static void
add_field(struct asking *a, size_t i, int end, const struct tui_field *field)
{
	size_t n = a->field_count++;

	a->fields[n] = *field;
	a->filter_of[n] = i;
	if (!is_range(&a->filters[i])) {
		a->fields[n].label = a->filters[i].label;
		return;
	}
	snprintf(a->labels[n], sizeof(a->labels[n]), end ? _("%s止") : _("%s起"),
	    _(a->filters[i].label));
	a->fields[n].label = a->labels[n];
}

static void
add_filter(struct asking *a, size_t i, const struct mirror_query *query)
{
	struct tui_field field = { .kind = TUI_FIELD_CHOICE, .none = N_("全部") };
	int end;

	if (!is_range(&a->filters[i])) {
		add_choices(a, i, query);
		field.chosen = &a->asked[i].chosen;
		field.choices = &a->asked[i].choices;
		add_field(a, i, 0, &field);
		return;
	}
	for (end = 0; end < 2; end++) {
		field = (struct tui_field){
			.kind = a->filters[i].kind == SCREEN_FILTER_DATES ? TUI_FIELD_DATE :
									    TUI_FIELD_PERIOD,
			.value = a->next.value[i][end],
			.size = SCREEN_FILTER_VALUE,
			.hint = a->filters[i].kind == SCREEN_FILTER_DATES ?
			    N_("如 2020-06-30，可省略分隔符") :
			    N_("如 2020-06，起止不能超过12个月"),
		};
		add_field(a, i, end, &field);
	}
}

static int
check(void *user, size_t n, struct buf *mend)
{
	struct asking *a = user;
	size_t i = a->filter_of[n];
	const char *from = a->next.value[i][0], *to = a->next.value[i][1];
	struct err err = { 0 };

	if (!is_range(&a->filters[i]) || from[0] == '\0' || to[0] == '\0') {
		return 0;
	}
	if (a->filters[i].kind == SCREEN_FILTER_PERIODS) {
		if (period_range_check(from, to, PERIOD_MONTHS_MAX, &err) != 0) {
			buf_puts(mend, err.text);
			return -1;
		}
	} else if (strcmp(from, to) > 0) {
		buf_puts(mend, _("起始日期晚于截止日期"));
		return -1;
	}
	return 0;
}

enum button {
	BUTTON_APPLY,
	BUTTON_CLEAR
};

static void
take_choices(struct asking *a)
{
	size_t i;

	a->next.is_set = 0;
	for (i = 0; i < a->count; i++) {
		const struct asked_filter *asked = &a->asked[i];

		if (!is_range(&a->filters[i])) {
			mem_copy_text(a->next.value[i][0], SCREEN_FILTER_VALUE,
			    asked->chosen < 0 ? "" : asked->values.items[asked->chosen]);
		}
		a->next.is_set |=
		    a->next.value[i][0][0] != '\0' || a->next.value[i][1][0] != '\0';
	}
}

int
screen_filter_ask(struct screen_ui *ui, struct screen_filter_values *values,
    const struct screen_filter *filters, size_t count, const struct mirror_query *query)
{
	static const char *const buttons[] = {
		[BUTTON_APPLY] = N_("查询"),
		[BUTTON_CLEAR] = N_("清除条件"),
	};
	struct asking a = { .ui = ui, .filters = filters, .count = count, .next = *values };
	struct tui_form form = {
		.title = _("筛选"),
		.fields = a.fields,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
		.check = check,
		.user = &a,
	};
	size_t i;
	int rc;

	assert(count <= SCREEN_LIST_FILTERS_MAX);
	for (i = 0; i < count; i++) {
		add_filter(&a, i, query);
	}
	form.field_count = a.field_count;
	rc = tui_form_run(ui->tui, &form);
	if (rc == BUTTON_CLEAR) {
		*values = (struct screen_filter_values){ 0 };
	} else if (rc == BUTTON_APPLY) {
		take_choices(&a);
		*values = a.next;
	}
	for (i = 0; i < count; i++) {
		text_list_release(&a.asked[i].values);
		text_list_release(&a.asked[i].labels);
	}
	return rc < 0 ? -1 : 0;
}

/* ---- kept */

static void
setting_name(const char *name, char out[64])
{
	snprintf(out, 64, "filter_%s", name);
}

void
screen_filter_keep(
    struct screen_ui *ui, const struct screen_filter_values *values, const char *name)
{
	struct buf kept = { 0 };
	char setting[64];
	size_t i;

	setting_name(name, setting);
	for (i = 0; values->is_set && i < 2 * SCREEN_LIST_FILTERS_MAX; i++) {
		buf_printf(&kept, "%s\n", values->value[i / 2][i % 2]);
	}
	(void)!mirror_set(app_db(ui->app), app_unit(ui->app), setting, buf_text(&kept), NULL);
	buf_release(&kept);
}

void
screen_filter_recall(struct screen_ui *ui, struct screen_filter_values *values,
    const char *name, size_t count)
{
	char kept[KEPT_MAX + 1], setting[64];
	const char *at = kept;
	size_t i;

	*values = (struct screen_filter_values){ 0 };
	setting_name(name, setting);
	if (!mirror_setting(
		app_db(ui->app), app_unit(ui->app), setting, kept, sizeof(kept))) {
		return;
	}
	for (i = 0; i < 2 * count && *at != '\0'; i++) {
		size_t n = strcspn(at, "\n");

		if (n < SCREEN_FILTER_VALUE) {
			memcpy(values->value[i / 2][i % 2], at, n);
			values->is_set |= n > 0;
		}
		at += n + (at[n] == '\n');
	}
}
