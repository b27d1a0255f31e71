/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screens that are lists: rows of the mirror in a table, fetched as they are shown. */
#include "screen_list.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/levy.h"
#include "shebao/mem.h"
#include "shebao/money.h"

#include "screen_filter.h"
#include "shebao/states.h"
#include "shebao/tui_progress.h"

#define WINDOW_ROWS 128

struct screen_list {
	struct screen_ui *ui;
	const struct screen_list_opts *opts;
	struct screen_filter_values values;
	struct tui_table *table;
	struct tui_column *columns;
	struct tui_action *actions; /* the list's own, then F3 F5 F6 */
	size_t action_count;

	struct mirror_query query;
	int64_t count, sum;
	int64_t marked, marked_sum;
	int is_filled; /* must_filter: 查询 was pressed */

	int64_t first; /* the window of fetched rows */
	struct mirror_window window;
	int *marks;
	int64_t *keys;
	char cell[VIEW_CELL_SIZE];
	char summary[160];
	struct screen_head head;
};

/* ---- rows */

static void
build_query(struct screen_list *list)
{
	const struct screen_list_opts *opts = list->opts;
	const char *order = list->query.order;
	int descending = list->query.descending;

	list->query = (struct mirror_query){ 0 };
	opts->query(list->ui, opts->about, &list->query);
	screen_filter_apply(&list->values, opts->filters, opts->filter_count, &list->query);
	if (order != NULL) {
		list->query.order = order;
		list->query.descending = descending;
	}
	list->query.marks = opts->has_marks ? opts->name : NULL;
}

static const char *
sum_field(const struct screen_list *list)
{
	return record_field(list->opts->view->type, "amount") == NULL ? NULL : "amount";
}

static void
count_marks(struct screen_list *list)
{
	struct mirror_query q = list->query;

	list->marked = list->marked_sum = 0;
	if (!list->opts->has_marks) {
		return;
	}
	/* Marks outlive a filter, so the filter does not count here. */
	q.filter_count = 0;
	list->opts->query(list->ui, list->opts->about, &q);
	q.marks = list->opts->name;
	q.marked_only = 1;
	(void)!mirror_count(app_db(list->ui->app), &q, "amount", &list->marked, &list->marked_sum,
	    NULL);
}

/* The rows of q that may be marked. */
static void
narrow(const struct screen_list *list, struct mirror_query *q)
{
	if (list->opts->unmarkable_field != NULL) {
		mirror_where(q, list->opts->unmarkable_field, MIRROR_NOT_IN,
		    list->opts->unmarkable_values);
	}
}

/* Takes back marks of rows that may not be marked, wherever they are. */
static void
trim_marks(struct screen_list *list)
{
	struct mirror_query q = { 0 };

	list->opts->query(list->ui, list->opts->about, &q);
	q.marks = list->opts->name;
	narrow(list, &q);
	(void)!mirror_mark_trim(app_db(list->ui->app), &q, NULL);
}

static void
load(struct screen_list *list)
{
	build_query(list);
	if (list->opts->head != NULL) {
		list->head.count = 0;
		list->opts->head(list->ui, list->opts->about, &list->head);
	}
	if (list->opts->has_marks) {
		trim_marks(list);
	}
	list->count = list->sum = 0;
	list->window.got = 0;
	if (!list->opts->must_filter || list->is_filled) {
		(void)!mirror_count(app_db(list->ui->app), &list->query, sum_field(list),
		    &list->count, &list->sum, NULL);
	}
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
	const struct record_type *type = list->opts->view->type;

	assert(n <= WINDOW_ROWS);
	memset(list->window.records, 0, WINDOW_ROWS * type->size);
	list->first = first;
	list->window.keys = list->keys;
	list->window.marked = list->marks;
	(void)!mirror_fetch(
	    app_db(list->ui->app), &list->query, first, (size_t)n, &list->window, NULL);
}

static const void *
record_at(const struct screen_list *list, int64_t row)
{
	int64_t i = row - list->first;

	if (i < 0 || i >= (int64_t)list->window.got) {
		return NULL;
	}
	return (char *)list->window.records + (size_t)i * list->opts->view->type->size;
}

static struct text
cell(void *user, int64_t row, int column)
{
	struct screen_list *list = user;
	const void *record = record_at(list, row);

	list->cell[0] = '\0';
	if (record != NULL) {
		view_cell(list->opts->view, (size_t)column, record, list->cell, sizeof(list->cell));
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
	const struct field *f = view_field(list->opts->view, (size_t)column);
	const void *record = record_at(list, row);
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
	int64_t i = row - list->first;

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
	int64_t i = row - list->first;

	return i >= 0 && i < (int64_t)list->window.got && list->marks[i];
}

static void
mark(void *user, int64_t first, int64_t last, int on)
{
	struct screen_list *list = user;
	struct db *db = app_db(list->ui->app);
	const void *record = record_at(list, first);
	const char *why = NULL;

	if (on && first == last && record != NULL && list->opts->refuse_mark != NULL) {
		why = list->opts->refuse_mark(record);
	}
	if (why != NULL) {
		tui_notify(list->ui->tui, TUI_STYLE_WARNING, text_literal(why));
		return;
	}
	(void)!mirror_mark_rows(
	    db, &list->query, first, last, on ? MIRROR_MARK_ON : MIRROR_MARK_OFF, NULL);
	if (on && first != last) {
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
	narrow(list, &q);
	(void)!mirror_mark_all(app_db(list->ui->app), &q, how[what], NULL);
	count_marks(list);
}

/* ---- sort, search, words */

static void
sort(void *user, int column, int descending)
{
	struct screen_list *list = user;
	const struct field *f = view_field(list->opts->view, (size_t)column);

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

	return mirror_search(app_db(list->ui->app), &list->query, typed, from, step);
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
	} else if (list->opts->has_marks) {
		snprintf(list->summary, sizeof(list->summary),
		    _("已选 %lld 笔 %s 元 / 共 %lld 笔 %s 元"), (long long)list->marked, marked_sum,
		    (long long)list->count, sum);
	} else {
		snprintf(list->summary, sizeof(list->summary), _("共 %lld 笔 %s 元"),
		    (long long)list->count, sum);
	}
	return text_cleaned(list->summary);
}

static const char *
empty(void *user)
{
	struct screen_list *list = user;

	if (list->opts->must_filter && !list->is_filled) {
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
	.summary = summary,
	.empty = empty,
};

/* ---- actions of every list */

static const char id_filter[] = "filter", id_refresh[] = "refresh", id_export[] = "export";

static const struct tui_action common[] = {
	{ .key = TUI_KEY_F3, .letters = "f", .label = N_("筛选"), .help = N_("按条件筛选列表"), .id = id_filter },
	{ .key = TUI_KEY_F5, .also = TUI_KEY_CTRL('R'), .label = N_("刷新"), .help = N_("重新下载"), .id = id_refresh },
	{ .key = TUI_KEY_F6, .label = N_("导出"), .help = N_("导出为 xlsx 或 csv 文件"), .id = id_export },
};

void
screen_list_reload(struct screen_list *list)
{
	load(list);
	screen_common_status(list->ui);
	tui_table_reload(list->table);
	tui_redraw(list->ui->tui);
}

void
screen_list_refresh(struct screen_list *list)
{
	if (list->opts->download != 0) {
		(void)!screen_common_download(
		    list->ui, _(list->opts->download_title), list->opts->download);
	}
	screen_list_reload(list);
}

static void
ask_filter(struct screen_list *list)
{
	struct mirror_query whole = { 0 };

	list->opts->query(list->ui, list->opts->about, &whole);
	if (screen_filter_ask(list->ui, &list->values, list->opts->filters,
		list->opts->filter_count, &whole) == 0) {
		list->is_filled = 1;
		screen_filter_keep(list->ui, &list->values, list->opts->name);
		screen_list_reload(list);
		tui_table_set_row(list->table, 0);
	}
}

struct export_job {
	struct screen_list *list;
	struct app_export export;
	struct err err;
	int64_t rows;
	int cancel, rc;
	struct tui_progress *progress;
};

static void
on_export_progress(const struct app_progress *p, void *user)
{
	struct export_job *job = user;

	tui_progress_set(job->progress, p->rows, p->total);
}

static void
start_export(void *user, struct tui_progress *progress)
{
	struct export_job *job = user;

	job->progress = progress;
	job->rc = app_export(job->list->ui->app, &job->export, &job->rows, &job->err);
	tui_progress_end(progress, 0);
}

static void
cancel_export(void *user)
{
	((struct export_job *)user)->cancel = 1;
}

static void
export_list(struct screen_list *list)
{
	struct mirror_query q;
	struct export_job job = { .list = list, .rc = -1 };
	struct tui_progress_options options = {
		.title = _("导出"),
		.text = _(list->opts->export_name),
		.unit = _("条"),
		.start = start_export,
		.cancel = cancel_export,
		.user = &job,
	};
	char *name, *path;
	char message[700];

	name = mem_printf("%s.xlsx", _(list->opts->export_name));
	path = screen_common_ask_path(list->ui, name, &job.export.overwrite);
	free(name);
	if (path == NULL) {
		return;
	}
	screen_list_query(list, list->marked > 0, &q);
	job.export.query = &q;
	job.export.view = list->opts->view;
	job.export.path = path;
	job.export.progress = on_export_progress;
	job.export.user = &job;
	job.export.cancel = &job.cancel;
	tui_progress_run(list->ui->tui, &options);
	if (job.rc == 0) {
		snprintf(message, sizeof(message), _("已导出 %lld 条到\n%s"), (long long)job.rows, path);
		screen_common_success(list->ui, message);
	} else {
		screen_common_error(list->ui, &job.err);
	}
	free(path);
}

static enum tui_code
run_action(void *user, const struct tui_action *row)
{
	struct screen_list *list = user;

	if (row->id == id_filter) {
		ask_filter(list);
	} else if (row->id == id_refresh) {
		screen_list_refresh(list);
	} else if (row->id == id_export) {
		export_list(list);
	} else {
		return list->opts->run(list, row);
	}
	return TUI_REDRAW;
}

static const char *
refuse_action(void *user, const struct tui_action *row)
{
	struct screen_list *list = user;

	if (row->id == id_filter || row->id == id_refresh) {
		return NULL;
	}
	if (row->id == id_export) {
		return list->count == 0 ? _("列表中没有内容可导出。") : NULL;
	}
	return list->opts->refuse == NULL ? NULL : list->opts->refuse(list, row);
}

/* ---- for the screens */

struct screen_ui *
screen_list_ui(struct screen_list *list)
{
	return list->ui;
}

const void *
screen_list_about(struct screen_list *list)
{
	return list->opts->about;
}

void
screen_list_query(struct screen_list *list, int marked_only, struct mirror_query *out)
{
	*out = list->query;
	if (marked_only) {
		*out = (struct mirror_query){ 0 };
		list->opts->query(list->ui, list->opts->about, out);
		out->marks = list->opts->name;
		out->marked_only = 1;
		out->order = list->query.order;
		out->descending = list->query.descending;
	}
}

const void *
screen_list_focused(struct screen_list *list)
{
	int64_t row = tui_table_row(list->table);

	return row < 0 ? NULL : record_at(list, row);
}

void
screen_list_set_row(struct screen_list *list, int64_t row)
{
	tui_table_set_row(list->table, row);
}

int64_t
screen_list_count(struct screen_list *list)
{
	return list->count;
}

int64_t
screen_list_marked(struct screen_list *list, int64_t *amount)
{
	if (amount != NULL) {
		*amount = list->marked_sum;
	}
	return list->marked;
}

struct selecting {
	struct text_list *levy_nos;
	int64_t *amount;
};

static int
take_levy(const void *record, void *user, struct err *err)
{
	const struct levy *levy = record;
	struct selecting *s = user;

	text_list_add(s->levy_nos, levy->levy_no);
	return money_add(*s->amount, levy->amount, s->amount, err);
}

int
screen_list_selection(
    struct screen_list *list, struct text_list *levy_nos, int64_t *amount, struct err *err)
{
	struct selecting s = { levy_nos, amount };
	struct mirror_query q;

	*amount = 0;
	if (list->marked == 0) {
		const struct levy *levy = screen_list_focused(list);

		if (levy == NULL) {
			return err_set(err, ERR_NOTHING, "%s", _("请先勾选费款。"));
		}
		return take_levy(levy, &s, err);
	}
	screen_list_query(list, 1, &q);
	return mirror_each(app_db(list->ui->app), &q, take_levy, &s, err);
}

enum tui_code
screen_list_go(struct screen_list *list, int code)
{
	list->ui->next = code;
	return TUI_CLOSE;
}

/* ---- opening */

static void
make_columns(struct screen_list *list)
{
	const struct view *view = list->opts->view;
	size_t i;

	list->columns = mem_alloc(view->count * sizeof(*list->columns));
	for (i = 0; i < view->count; i++) {
		const struct view_column *from = &view->columns[i];

		list->columns[i] = (struct tui_column){
			.label = view_title(view, i),
			.min = from->min,
			.want = from->width,
			.from = from->from,
			.flags = ((from->flags & VIEW_RIGHT) != 0 ? TUI_COLUMN_RIGHT : 0u) |
			    ((from->flags & VIEW_FROZEN) != 0 ? TUI_COLUMN_FROZEN : 0u) |
			    (view_field(view, i) == NULL ? TUI_COLUMN_FIXED : 0u),
		};
	}
}

static void
make_actions(struct screen_list *list)
{
	const struct screen_list_opts *opts = list->opts;
	size_t i;

	list->actions =
	    mem_alloc((opts->action_count + ARRAY_LEN(common)) * sizeof(*list->actions));
	if (opts->action_count > 0) {
		memcpy(list->actions, opts->actions, opts->action_count * sizeof(*list->actions));
	}
	list->action_count = opts->action_count;
	for (i = 0; i < ARRAY_LEN(common); i++) {
		const void *id = common[i].id;

		if ((id == id_filter && opts->filter_count > 0) ||
		    (id == id_refresh && opts->download != 0) ||
		    (id == id_export && opts->export_name != NULL)) {
			list->actions[list->action_count++] = common[i];
		}
	}
}

static struct text
heading(void *user)
{
	struct screen_list *list = user;

	return screen_filter_words(&list->values, list->opts->filters,
	    list->opts->filter_count, list->query.noun);
}

static void
on_open(void *user)
{
	struct screen_list *list = user;

	if (list->opts->must_filter) {
		(void)!screen_common_download(
		    list->ui, _(list->opts->download_title), list->opts->download);
		if (list->opts->propose != NULL) {
			list->opts->propose(list->ui, &list->values);
		}
		ask_filter(list);
	} else {
		screen_list_refresh(list);
	}
	if (list->opts->on_open != NULL) {
		list->opts->on_open(list);
	}
}

void
screen_list_run(struct screen_ui *ui, const struct screen_list_opts *opts)
{
	const size_t size = opts->view->type->size;
	struct screen_list list = { .ui = ui, .opts = opts };
	struct tui_table_options options = {
		.column_count = opts->view->count,
		.source = opts->has_marks ? &source : &source_without_marks,
		.user = &list,
		.sort_column = -1,
		.record = opts->view->title,
	};
	struct tui_screen screen = {
		.title = opts->title,
		.heading = opts->filter_count > 0 ? heading : NULL,
		.help = opts->help == NULL ? NULL : _(opts->help),
		.on_open = on_open,
		.user = &list,
	};

	list.window.records = mem_alloc(WINDOW_ROWS * size);
	list.keys = mem_alloc(WINDOW_ROWS * sizeof(*list.keys));
	list.marks = mem_alloc(WINDOW_ROWS * sizeof(*list.marks));
	screen_filter_recall(ui, &list.values, opts->name, opts->filter_count);
	make_columns(&list);
	make_actions(&list);
	options.columns = list.columns;
	load(&list);
	list.table = tui_table_new(ui->tui, &options);
	screen.body = tui_table_view(list.table);
	if (opts->head != NULL) {
		screen.body = screen_head_view(&list.head, screen.body);
	}
	screen.actions = (struct tui_actions){ list.actions, list.action_count, refuse_action,
		run_action, &list };
	tui_screen_run(ui->tui, &screen);
	tui_table_free(list.table);
	free(list.actions);
	free(list.columns);
	free(list.keys);
	free(list.marks);
	free(list.window.records);
}
