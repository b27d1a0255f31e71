/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screens that are lists: rows of the mirror in a table, fetched as they are shown. */
#include "screen_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#include "screen_list_rows.h"
#include "screen_totals.h"
#include "shebao/states.h"
#include "shebao/tui_progress.h"

/* ---- actions of every list */

static const char id_filter[] = "filter", id_refresh[] = "refresh", id_export[] = "export",
		  id_totals[] = "totals";

static const struct tui_action common[] = {
	{ .key = TUI_KEY_F3, .letters = "f", .label = N_("筛选"), .help = N_("按条件筛选列表"), .id = id_filter },
	{ .key = TUI_KEY_F5, .also = TUI_KEY_CTRL('R'), .label = N_("刷新"), .help = N_("重新下载"), .id = id_refresh },
	{ .key = TUI_KEY_F6, .label = N_("导出"), .help = N_("导出为 xlsx 或 csv 文件"), .id = id_export },
	{ .key = '=', .letters = "t", .label = N_("合计"), .help = N_("勾选的费款（没有勾选时为筛选出的全部）按征收项目合计"), .flags = TUI_ACTION_QUIET, .id = id_totals },
};

const struct screen_keys screen_list_keys = { common, ARRAY_LEN(common) };

void
screen_list_reload(struct screen_list *list)
{
	screen_list_rows_load(list);
	screen_common_status(list->ui);
	tui_table_reload(list->table);
	tui_redraw(list->ui->tui);
}

void
screen_list_news(struct screen_ui *ui)
{
	struct screen_list *list;

	for (list = ui->lists; list != NULL; list = list->below) {
		screen_list_rows_load(list);
		tui_table_reload(list->table);
	}
	tui_redraw(ui->tui);
}

void
screen_list_refresh(struct screen_list *list)
{
	if (list->opts->list->download != 0) {
		(void)!screen_common_download(
		    list->ui, _(list->opts->list->download_title), list->opts->list->download);
	}
	screen_list_reload(list);
}

static void
apply_filter(struct screen_list *list)
{
	list->is_filled = 1;
	app_filter_keep(list->ui->app, &list->values, list->opts->list->name);
	screen_list_reload(list);
	tui_table_set_row(list->table, 0);
}

static void
ask_filter(struct screen_list *list)
{
	struct mirror_query whole = { 0 };

	list->opts->list->query(list->ui->app, list->opts->about, &whole);
	if (screen_filter_ask(list->ui, &list->values, list->opts->list->filters,
		list->opts->list->filter_count, &whole) == 0) {
		apply_filter(list);
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
		.text = _(list->opts->list->export_name),
		.unit = _("条"),
		.start = start_export,
		.cancel = cancel_export,
		.user = &job,
	};
	char *name, *path;
	char message[700];

	name = mem_printf("%s.xlsx", _(list->opts->list->export_name));
	path = screen_common_ask_path(list->ui, name, &job.export.overwrite);
	free(name);
	if (path == NULL) {
		return;
	}
	screen_list_query(list, list->marked > 0, &q);
	job.export.query = &q;
	job.export.view = list->opts->list->view;
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

static void
show_totals(struct screen_list *list)
{
	const char *const buttons[] = { _("确定") };
	int is_marked = list->marked > 0;
	struct screen_totals totals = { 0 };
	struct screen_amount amount;
	struct mirror_query q;
	struct err err = { 0 };
	char count[96];
	struct tui_dialog_line lines[2];
	struct tui_dialog dialog = {
		.title = is_marked ? _("已勾选的合计") : _("筛选出的合计"),
		.lines = lines,
		.line_count = ARRAY_LEN(lines),
		.scroll = totals.lines,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
	};

	screen_list_query(list, is_marked, &q);
	if (screen_totals_query(app_db(list->ui->app), &q, &totals, &err) != 0) {
		screen_common_error(list->ui, &err);
		return;
	}
	snprintf(count, sizeof(count), _("%zu 笔"), (size_t)(is_marked ? list->marked : list->count));
	screen_common_amount(is_marked ? list->marked_sum : list->sum, &amount);
	lines[0] = (struct tui_dialog_line){ _("费款"), text_cleaned(count), 0 };
	lines[1] = (struct tui_dialog_line){ _("金额合计"), text_cleaned(amount.figures), 1 };
	dialog.scroll_count = totals.count;
	tui_dialog_run(list->ui->tui, &dialog);
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
	} else if (row->id == id_totals) {
		show_totals(list);
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
	if (row->id == id_totals) {
		return list->count == 0 && list->marked == 0 ? _("列表中没有费款。") : NULL;
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
		app_list_query(
		    list->ui->app, list->opts->list, list->opts->about, &list->values, 1, out);
	}
}

const void *
screen_list_focused(struct screen_list *list)
{
	int64_t row = tui_table_row(list->table);

	if (row < 0 || row >= list->count) {
		return NULL;
	}
	/* The function bar asks before the table has fetched its rows. */
	if (screen_list_rows_at(list, row) == NULL) {
		screen_list_rows_source(list)->fetch(list, row, 1);
	}
	return screen_list_rows_at(list, row);
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

int
screen_list_selection(
    struct screen_list *list, struct text_list *levy_nos, int64_t *amount, struct err *err)
{
	const struct levy *levy = screen_list_focused(list);
	struct mirror_query q;

	if (list->marked == 0) {
		if (levy == NULL) {
			return err_set(err, ERR_NOTHING, "%s", _("请先勾选费款。"));
		}
		text_list_add(levy_nos, levy->levy_no);
		*amount = levy->amount;
		return 0;
	}
	screen_list_query(list, 1, &q);
	return app_list_levies(list->ui->app, &q, levy_nos, amount, err);
}

enum tui_code
screen_list_go(struct screen_list *list, int code)
{
	list->ui->next = code;
	return TUI_CLOSE;
}

/* ---- opening */

/* Columns are measured for Chinese; the names of states are longer in other languages. */
static int
widest_state(const struct field *f)
{
	int width = 0;
	size_t state;

	if (f == NULL || f->type != FIELD_STATE || !i18n_is_translating()) {
		return 0;
	}
	for (state = 0; state < state_table_count(f->states); state++) {
		int label = text_width(i18n_text(state_table_label(f->states, (int)state)));

		width = label > width ? label : width;
	}
	return width;
}

static void
make_columns(struct screen_list *list)
{
	const struct view *view = list->opts->list->view;
	size_t i;

	list->columns = mem_alloc(view->count * sizeof(*list->columns));
	for (i = 0; i < view->count; i++) {
		const struct view_column *from = &view->columns[i];
		int least = widest_state(view_field(view, i));

		list->columns[i] = (struct tui_column){
			.label = view_title(view, i),
			.min = from->min > 0 && from->min < least ? least : from->min,
			.want = from->width < least ? least : from->width,
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

		if ((id == id_filter && opts->list->filter_count > 0) ||
		    (id == id_refresh && opts->list->download != 0) ||
		    (id == id_export && opts->list->export_name != NULL) ||
		    (id == id_totals && opts->list->has_marks)) {
			list->actions[list->action_count++] = common[i];
		}
	}
}

static struct text
heading(void *user)
{
	struct screen_list *list = user;

	return text_cleaned(app_filter_words(&list->values, list->opts->list->filters,
	    list->opts->list->filter_count, list->query.noun));
}

/* The period is the first filter. What was chosen elsewhere already needs no form: true. */
static int
propose_period(struct screen_list *list)
{
	struct screen_ui *ui = list->ui;
	const struct app_list *rows = list->opts->list;
	char *from = list->values.value[0][0], *to = list->values.value[0][1];
	int is_chosen = ui->print_from[0] != '\0' &&
	    app_filter_check(&rows->filters[0], ui->print_from, ui->print_to, NULL) == 0;

	if (is_chosen) {
		mem_copy_text(from, APP_FILTER_VALUE, ui->print_from);
		mem_copy_text(to, APP_FILTER_VALUE, ui->print_to);
		list->values.is_set = 1;
	} else if (app_list_newest_period(ui->app, rows, from, to)) {
		list->values.is_set = 1;
	}
	ui->print_from[0] = '\0';
	return is_chosen;
}

static void
on_open(void *user)
{
	struct screen_list *list = user;

	if (list->opts->list->must_filter) {
		(void)!screen_common_download(
		    list->ui, _(list->opts->list->download_title), list->opts->list->download);
		if (list->opts->has_period && propose_period(list)) {
			apply_filter(list);
		} else {
			ask_filter(list);
		}
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
	const size_t size = opts->list->view->type->size;
	struct screen_list list = { .ui = ui, .opts = opts, .below = ui->lists };
	struct tui_table_options options = {
		.column_count = opts->list->view->count,
		.source = screen_list_rows_source(&list),
		.user = &list,
		.sort_column = -1,
		.record = opts->list->view->title,
	};
	struct tui_screen screen = {
		.title = opts->title,
		.heading = opts->list->filter_count > 0 ? heading : NULL,
		.help = opts->help == NULL ? NULL : _(opts->help),
		.on_open = on_open,
		.user = &list,
	};

	list.window.records = mem_alloc(SCREEN_LIST_WINDOW * size);
	list.keys = mem_alloc(SCREEN_LIST_WINDOW * sizeof(*list.keys));
	list.marks = mem_alloc(SCREEN_LIST_WINDOW * sizeof(*list.marks));
	app_filter_recall(ui->app, &list.values, opts->list->name, opts->list->filter_count);
	make_columns(&list);
	make_actions(&list);
	options.columns = list.columns;
	screen_list_rows_load(&list);
	list.table = tui_table_new(ui->tui, &options);
	screen.body = tui_table_view(list.table);
	if (opts->head != NULL) {
		screen.body = screen_head_view(&list.head, screen.body);
	}
	screen.actions = (struct tui_actions){ list.actions, list.action_count, refuse_action,
		run_action, &list };
	ui->lists = &list;
	tui_screen_run(ui->tui, &screen);
	ui->lists = list.below;
	screen_list_rows_end(&list);
	tui_table_free(list.table);
	free(list.actions);
	free(list.columns);
	free(list.keys);
	free(list.marks);
	free(list.window.records);
}
