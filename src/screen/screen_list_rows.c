/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows, marks, order and search of a list screen: the source of its table. */
#include "screen_list_rows.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/states.h"

static void
build_query(struct screen_list *list)
{
	app_list_query(list->ui->app, list->opts->list, list->opts->about, &list->values, 0,
	    &list->query);
}

static const char *
sum_field(const struct screen_list *list)
{
	return record_field(list->opts->list->view->type, "amount") == NULL ? NULL : "amount";
}

static void
count_marks(struct screen_list *list)
{
	struct mirror_query q = { 0 };

	list->marked = list->marked_sum = 0;
	if (list->opts->list->has_marks) {
		screen_list_query(list, 1, &q);
		(void)!mirror_count(app_db(list->ui->app), &q, "amount", &list->marked,
		    &list->marked_sum, NULL);
	}
}

static void
trim_marks(struct screen_list *list)
{
	app_list_trim(list->ui->app, list->opts->list, list->opts->about);
}

static void
count_rows(struct screen_list *list)
{
	list->count = list->sum = 0;
	list->window.got = 0;
	if (!list->opts->list->must_filter || list->is_filled) {
		(void)!mirror_count(app_db(list->ui->app), &list->query, sum_field(list),
		    &list->count, &list->sum, NULL);
	}
	list->window.count = list->count;
}

/* ---- narrowing: the first rows at once, the others in slices between two keys */

#define FIRST_MS 25
#define SLICE_MS 10
#define SHOW_MS 150

/* What is typed next makes needless what is done for what is typed so far. */
static int
is_typing_on(void *user)
{
	struct screen_list *list = user;

	return tui_table_is_typing(list->table) && tui_is_key_waiting(list->ui->tui);
}

static void narrow_on(void *user);

/* Until enough rows are there, the time is over or a key has come; what is left goes on later. */
static void
narrow_slice(struct screen_list *list, int64_t enough, int ms)
{
	int64_t until = loop_now_ms() + ms;
	int more = 1;

	while (more == 1 && mirror_narrow_count(list->narrow) < enough && loop_now_ms() < until &&
	    !is_typing_on(list)) {
		more = mirror_narrow_step(list->narrow, NULL);
	}
	if (more == 1) {
		list->narrow_timer = loop_timer(tui_loop(list->ui->tui), 0, narrow_on, list);
	} else {
		mirror_narrow_free(list->narrow);
		list->narrow = NULL;
	}
}

static void
narrow_on(void *user)
{
	struct screen_list *list = user;
	int64_t now = loop_now_ms();

	list->narrow_timer = 0;
	narrow_slice(list, INT64_MAX, SLICE_MS);
	if (list->narrow == NULL || now - list->narrow_shown_ms >= SHOW_MS) {
		list->narrow_shown_ms = now;
		count_rows(list);
		tui_table_reload(list->table);
	}
}

void
screen_list_rows_end(struct screen_list *list)
{
	if (list->narrow_timer != 0) {
		loop_timer_cancel(tui_loop(list->ui->tui), list->narrow_timer);
		list->narrow_timer = 0;
	}
	mirror_narrow_free(list->narrow);
	list->narrow = NULL;
}

/* The query of the list as it is narrowed now. */
static void
narrow_query(struct screen_list *list)
{
	const char *name = list->opts->list->name;

	screen_list_rows_end(list);
	list->query.narrowed = NULL;
	if (list->narrowed_to[0] != '\0' &&
	    mirror_narrow_new(app_db(list->ui->app), &list->query, name, list->narrowed_to,
		&list->narrow, NULL) == 0) {
		list->query.narrowed = name;
		list->narrow_shown_ms = loop_now_ms();
		narrow_slice(list, SCREEN_LIST_WINDOW, FIRST_MS);
	}
}

static void
narrow(void *user, const char *typed)
{
	struct screen_list *list = user;

	mem_copy_text(list->narrowed_to, sizeof(list->narrowed_to), typed);
	narrow_query(list);
	count_rows(list);
}

/* ---- loading */

void
screen_list_rows_load(struct screen_list *list)
{
	build_query(list);
	narrow_query(list);
	if (list->opts->head != NULL) {
		list->head.count = 0;
		list->opts->head(list->ui, list->opts->about, &list->head);
	}
	if (list->opts->list->has_marks) {
		trim_marks(list);
	}
	count_rows(list);
	count_marks(list);
}

static int64_t
row_count(void *user)
{
	return ((struct screen_list *)user)->count;
}

static void
fetch(void *user, int64_t first, int n)
{
	struct screen_list *list = user;
	const struct record_type *type = list->opts->list->view->type;

	assert(n <= SCREEN_LIST_WINDOW);
	memset(list->window.records, 0, (size_t)n * type->size);
	list->window.keys = list->keys;
	list->window.marked = list->marks;
	(void)!mirror_fetch(
	    app_db(list->ui->app), &list->query, first, (size_t)n, &list->window, NULL);
}

const void *
screen_list_rows_at(const struct screen_list *list, int64_t row)
{
	int64_t i = row - list->window.first;

	if (i < 0 || i >= (int64_t)list->window.got) {
		return NULL;
	}
	return (char *)list->window.records + (size_t)i * list->opts->list->view->type->size;
}

static struct text
cell(void *user, int64_t row, int column)
{
	struct screen_list *list = user;
	const void *record = screen_list_rows_at(list, row);

	list->cell[0] = '\0';
	if (record != NULL) {
		view_cell(list->opts->list->view, (size_t)column, record, list->cell, sizeof(list->cell));
	}
	return text_cleaned(list->cell);
}

static enum tui_style
style(void *user, int64_t row, int column)
{
	static const struct {
		const char *state;
		enum tui_style style;
	} styles[] = {
		{ "declared", TUI_STYLE_GOOD },
		{ "accepted", TUI_STYLE_GOOD },
		{ "settled", TUI_STYLE_GOOD },
		{ "succeeded", TUI_STYLE_GOOD },
		{ "paid", TUI_STYLE_GOOD },
		{ "declaring", TUI_STYLE_WARNING },
		{ "pending", TUI_STYLE_WARNING },
		{ "voiding", TUI_STYLE_WARNING },
		{ "paying", TUI_STYLE_WARNING },
		{ "unconfirmed", TUI_STYLE_WARNING },
		{ "unknown", TUI_STYLE_WARNING },
		{ "rejected", TUI_STYLE_BAD },
		{ "refused", TUI_STYLE_BAD },
		{ "reversed", TUI_STYLE_BAD },
		{ "written_off", TUI_STYLE_DIM },
		{ "batch_listed", TUI_STYLE_DIM },
		{ "voided", TUI_STYLE_DIM },
		{ "expired", TUI_STYLE_DIM },
	};
	struct screen_list *list = user;
	const struct field *f = view_field(list->opts->list->view, (size_t)column);
	const void *record = screen_list_rows_at(list, row);
	const char *name;
	size_t i;

	if (f == NULL || f->type != FIELD_STATE || record == NULL) {
		return TUI_STYLE_NORMAL;
	}
	name = state_table_name(f->states, (int)record_number(f, record));
	for (i = 0; i < ARRAY_LEN(styles); i++) {
		if (strcmp(styles[i].state, name) == 0) {
			return styles[i].style;
		}
	}
	return TUI_STYLE_NORMAL;
}

static int64_t
row_key(void *user, int64_t row)
{
	struct screen_list *list = user;
	int64_t i = row - list->window.first;

	return i < 0 || i >= (int64_t)list->window.got ? -1 : list->keys[i];
}

static int64_t
row_of(void *user, int64_t key)
{
	struct screen_list *list = user;

	return key < 0 ? -1 : mirror_row_of(app_db(list->ui->app), &list->query, key);
}

/* ---- marks */

static int
is_marked(void *user, int64_t row)
{
	struct screen_list *list = user;
	int64_t i = row - list->window.first;

	return i >= 0 && i < (int64_t)list->window.got && list->marks[i];
}

/* The total is kept up by the difference: to count a million marks takes longer than a key. */
static void
mark_one(struct screen_list *list, int64_t row, const void *record, int on)
{
	const struct field *amount = record_field(mirror_type(list->query.noun), "amount");
	int64_t sign = on ? 1 : -1;

	if (is_marked(list, row) == on ||
	    mirror_mark_key(app_db(list->ui->app), &list->query, row_key(list, row),
		on ? MIRROR_MARK_ON : MIRROR_MARK_OFF, NULL) != 0) {
		return;
	}
	list->marked += sign;
	list->marked_sum += amount == NULL ? 0 : sign * record_number(amount, record);
}

static void
mark(void *user, int64_t first, int64_t last, int on)
{
	struct screen_list *list = user;
	struct db *db = app_db(list->ui->app);
	const void *record = screen_list_rows_at(list, first);
	const char *why = NULL;

	if (on && first == last && record != NULL && list->opts->list->refuse_mark != NULL) {
		why = list->opts->list->refuse_mark(record);
	}
	if (why != NULL) {
		tui_notify(list->ui->tui, TUI_STYLE_WARNING, text_literal(why));
		return;
	}
	if (first == last && record != NULL) {
		mark_one(list, first, record, on);
		return;
	}
	(void)!mirror_mark_rows(
	    db, &list->query, first, last, on ? MIRROR_MARK_ON : MIRROR_MARK_OFF, NULL);
	if (on) {
		trim_marks(list);
	}
	count_marks(list);
}

static void
mark_all(void *user, enum tui_mark what)
{
	static const enum mirror_mark how[] = {
		[TUI_MARK_ALL] = MIRROR_MARK_ON,
		[TUI_MARK_NONE] = MIRROR_MARK_OFF,
		[TUI_MARK_INVERT] = MIRROR_MARK_INVERT,
	};
	struct screen_list *list = user;
	struct mirror_query q;

	q = list->query;
	app_list_narrow(list->opts->list, &q);
	(void)!mirror_mark_all(app_db(list->ui->app), &q, how[what], NULL);
	count_marks(list);
}

/* ---- sort, search, words */

static void
sort(void *user, int column, int descending)
{
	struct screen_list *list = user;
	const struct field *f = view_field(list->opts->list->view, (size_t)column);

	if (f != NULL) {
		list->query.order = f->name;
		list->query.descending = descending;
	}
	list->window.got = 0;
}

static int64_t
find(void *user, const char *typed, int64_t from, int step)
{
	struct screen_list *list = user;

	return mirror_search(app_db(list->ui->app), &list->query, typed, from, step,
	    &(struct mirror_stop){ is_typing_on, list });
}

static struct text
summary(void *user)
{
	struct screen_list *list = user;
	char sum[MONEY_TEXT_MAX], marked_sum[MONEY_TEXT_MAX];

	money_format(list->sum, sum);
	money_format(list->marked_sum, marked_sum);
	if (sum_field(list) == NULL) {
		snprintf(list->summary, sizeof(list->summary), _("共 %lld 条"), (long long)list->count);
	} else if (list->opts->list->has_marks) {
		snprintf(list->summary, sizeof(list->summary),
		    _("已选 %lld 笔 %s 元 / 共 %lld 笔 %s 元"), (long long)list->marked, marked_sum,
		    (long long)list->count, sum);
	} else {
		snprintf(list->summary, sizeof(list->summary), _("共 %lld 笔 %s 元"),
		    (long long)list->count, sum);
	}
	if (list->narrow != NULL) { /* more rows may come */
		size_t n = strlen(list->summary);

		mem_copy_text(list->summary + n, sizeof(list->summary) - n, "…");
	}
	return text_cleaned(list->summary);
}

static const char *
empty(void *user)
{
	struct screen_list *list = user;

	if (list->opts->list->must_filter && !list->is_filled) {
		return _("请按 F3 选择查询条件。");
	}
	if (!list->values.is_set) {
		return _(list->opts->empty);
	}
	return list->opts->nothing_fits != NULL ?
	    _(list->opts->nothing_fits) :
	    _("没有符合条件的记录。按 F3 更改筛选条件，按 F5 刷新。");
}

static const struct tui_table_source source = {
	.count = row_count,
	.fetch = fetch,
	.cell = cell,
	.style = style,
	.key = row_key,
	.row_of = row_of,
	.is_marked = is_marked,
	.mark = mark,
	.mark_all = mark_all,
	.sort = sort,
	.find = find,
	.narrow = narrow,
	.summary = summary,
	.empty = empty,
};

static const struct tui_table_source source_without_marks = {
	.count = row_count,
	.fetch = fetch,
	.cell = cell,
	.style = style,
	.key = row_key,
	.row_of = row_of,
	.sort = sort,
	.find = find,
	.narrow = narrow,
	.summary = summary,
	.empty = empty,
};

const struct tui_table_source *
screen_list_rows_source(const struct screen_list *list)
{
	return list->opts->list->has_marks ? &source : &source_without_marks;
}
