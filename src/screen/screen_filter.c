/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 筛选: the form of a list's filters. */
#include "screen_filter.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

struct asked_filter {
	struct text_list values; /* what the choice stands for, by its index */
	struct text_list labels;
	struct tui_choices choices;
	int chosen;
};

struct asking {
	struct screen_ui *ui;
	const struct app_filter *filters;
	size_t count;
	struct app_filter_values next;
	struct asked_filter asked[APP_FILTERS_MAX];
	struct tui_field fields[2 * APP_FILTERS_MAX];
	size_t filter_of[2 * APP_FILTERS_MAX];
	char labels[2 * APP_FILTERS_MAX][64];
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
add_choices(struct asking *a, size_t i, const struct mirror_query *query)
{
	struct asked_filter *asked = &a->asked[i];
	const char *now = a->next.value[i][0];
	size_t k;

	asked->choices = (struct tui_choices){ choice_count, choice_label, NULL, asked };
	asked->chosen = -1;
	app_filter_choices(
	    a->ui->app, &a->filters[i], query, &asked->values, &asked->labels);
	for (k = 0; k < asked->values.count; k++) {
		if (strcmp(asked->values.items[k], now) == 0) {
			asked->chosen = (int)k;
		}
	}
	if (asked->chosen < 0 && now[0] != '\0') { /* kept from before the list changed */
		asked->chosen = (int)asked->values.count;
		text_list_add(&asked->values, now);
		text_list_add(&asked->labels, now);
	}
}

static void
add_field(struct asking *a, size_t i, int end, const struct tui_field *field)
{
	size_t n = a->field_count++;

	a->fields[n] = *field;
	a->filter_of[n] = i;
	if (!app_filter_is_range(&a->filters[i])) {
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

	if (!app_filter_is_range(&a->filters[i])) {
		add_choices(a, i, query);
		field.chosen = &a->asked[i].chosen;
		field.choices = &a->asked[i].choices;
		add_field(a, i, 0, &field);
		return;
	}
	for (end = 0; end < 2; end++) {
		field = (struct tui_field){
			.kind = a->filters[i].kind == APP_FILTER_DATES ? TUI_FIELD_DATE :
									    TUI_FIELD_PERIOD,
			.value = a->next.value[i][end],
			.size = APP_FILTER_VALUE,
			.hint = a->filters[i].kind == APP_FILTER_DATES ?
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

	if (app_filter_is_range(&a->filters[i]) &&
	    app_filter_check(&a->filters[i], from, to, &err) != 0) {
		buf_puts(mend, err.text);
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

	for (i = 0; i < a->count; i++) {
		const struct asked_filter *asked = &a->asked[i];

		if (!app_filter_is_range(&a->filters[i])) {
			mem_copy_text(a->next.value[i][0], APP_FILTER_VALUE,
			    asked->chosen < 0 ? "" : asked->values.items[asked->chosen]);
		}
	}
	app_filter_settle(&a->next, a->count);
}

int
screen_filter_ask(struct screen_ui *ui, struct app_filter_values *values,
    const struct app_filter *filters, size_t count, const struct mirror_query *query)
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

	assert(count <= APP_FILTERS_MAX);
	for (i = 0; i < count; i++) {
		add_filter(&a, i, query);
	}
	form.field_count = a.field_count;
	rc = tui_form_run(ui->tui, &form);
	if (rc == BUTTON_CLEAR) {
		*values = (struct app_filter_values){ 0 };
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
