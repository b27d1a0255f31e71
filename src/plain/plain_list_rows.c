/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a list: told page by page, shown in full, marked by number. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_list.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

/* Columns that come up to this terminal width are told. */
#define COLUMNS_FROM 100

/* ---- one row */

static void *
fetch(struct plain_list *list, int64_t first, size_t n, size_t *got, int *marked)
{
	void *records = mem_alloc(n * list->opts->list->view->type->size);
	struct mirror_window window = { .records = records, .marked = marked };
	struct err err = { 0 };

	if (mirror_fetch(app_db(list->p->app), &list->query, first, n, &window, &err) != 0) {
		plain_error(list->p, &err);
	}
	*got = window.got;
	return records;
}

void *
plain_list_row(struct plain_list *list, int64_t row)
{
	size_t got;
	void *record = fetch(list, row - 1, 1, &got, NULL);

	if (got == 1) {
		return record;
	}
	free(record);
	return NULL;
}

int64_t
plain_list_ask_row(struct plain_list *list, const char *prompt)
{
	char question[160];

	if (list->count == 0) {
		return 0;
	}
	snprintf(question, sizeof(question), _("%s，序号（1 到 %lld）："), prompt,
	    (long long)list->count);
	return plain_ask_number(
	    list->p, question, _("序号见【逐条显示】。"), list->count);
}

static void
show_row(struct plain_list *list, int64_t row)
{
	const struct app_list *what = list->opts->list;
	void *record = plain_list_row(list, row);

	if (record != NULL) {
		plain_common_record(
		    list->p, what->record != NULL ? what->record : what->view, record);
		record_release(what->view->type, record);
	}
	free(record);
}

/* ---- pages */

static int
is_told(const struct view *view, size_t column)
{
	return view->columns == NULL || view->columns[column].from <= COLUMNS_FROM;
}

static void
say_heads(struct plain_list *list)
{
	const struct view *view = list->opts->list->view;
	struct buf line = { 0 };
	size_t i;

	for (i = 0; i < view_count(view); i++) {
		if (is_told(view, i)) {
			buf_printf(&line, "%s%s", line.len > 0 ? _("，") : "", view_title(view, i));
		}
	}
	plain_say(list->p, _("序号 %s"), buf_text(&line));
	buf_release(&line);
}

static void
say_row(struct plain_list *list, int64_t row, const void *record, int is_marked)
{
	const struct view *view = list->opts->list->view;
	char cell[VIEW_CELL_SIZE];
	struct buf line = { 0 };
	size_t i;

	buf_printf(&line, "%lld", (long long)row);
	if (is_marked) {
		buf_printf(&line, " %s", _("已勾选"));
	}
	for (i = 0; i < view_count(view); i++) {
		if (is_told(view, i)) {
			view_cell(view, i, record, cell, sizeof(cell));
			buf_printf(&line, "%s%s", i > 0 ? _("，") : " ", cell[0] == '\0' ? "-" : cell);
		}
	}
	plain_say(list->p, "%s", buf_text(&line));
	buf_release(&line);
}

static void
say_page(struct plain_list *list, int64_t first)
{
	const struct record_type *type = list->opts->list->view->type;
	int marked[PLAIN_PAGE] = { 0 };
	char *records;
	size_t got, i;

	records = fetch(list, first, PLAIN_PAGE, &got, marked);
	for (i = 0; i < got; i++) {
		say_row(list, first + (int64_t)i + 1, records + i * type->size,
		    list->opts->list->has_marks && marked[i]);
		record_release(type, records + i * type->size);
	}
	free(records);
}

void
plain_list_show(struct plain_list *list)
{
	char line[32], prompt[128];
	int64_t first = 0, n;

	if (list->count == 0) {
		return;
	}
	say_heads(list);
	say_page(list, 0);
	for (;;) {
		int is_last = first + PLAIN_PAGE >= list->count;

		snprintf(prompt, sizeof(prompt),
		    is_last ? _("已到最后，共 %lld 条；序号查看明细，0 返回：") :
			      _("共 %lld 条，Enter 继续；序号查看明细，0 返回："),
		    (long long)list->count);
		if (!plain_ask_code(list->p, prompt, NULL, line, sizeof(line))) {
			return;
		}
		n = plain_number(line, list->count);
		if (line[0] == '\0' && is_last) {
			return;
		}
		if (line[0] == '\0') {
			first += PLAIN_PAGE;
			say_page(list, first);
		} else if (n > 0) {
			show_row(list, n);
		} else {
			plain_say(list->p, _("请输入 1 到 %lld 的数字，0 返回。"), (long long)list->count);
		}
	}
}

/* ---- 勾选 */

/* "1-5,8" and full-width commas; each range to fn. 0, or -1: cannot be read. */
static int
each_range(const char *line, int64_t count, int64_t ranges[][2], size_t max, size_t *n)
{
	const char *at = line;
	char *end;

	*n = 0;
	while (*at != '\0') {
		long long first = strtoll(at, &end, 10), last = first;

		if (end == at || *n == max) {
			return -1;
		}
		if (*end == '-') {
			at = end + 1;
			last = strtoll(at, &end, 10);
			if (end == at) {
				return -1;
			}
		}
		if (first < 1 || last < first || last > count) {
			return -1;
		}
		ranges[*n][0] = first;
		ranges[(*n)++][1] = last;
		at = end + strspn(end, ", ");
		if (at == end && *at != '\0') {
			return -1;
		}
	}
	return *n > 0 ? 0 : -1;
}

#define RANGES_MAX 256

/* 1 marks, 0 is no answer that can be read. */
static int
mark(struct plain_list *list, const char *line)
{
	struct db *db = app_db(list->p->app);
	struct mirror_query q = list->query;
	int64_t ranges[RANGES_MAX][2];
	enum mirror_mark how = line[0] == '-' ? MIRROR_MARK_OFF : MIRROR_MARK_ON;
	size_t n, i;

	if (strcmp(line, "all") == 0 || strcmp(line, _("全部")) == 0) {
		app_list_narrow(list->opts->list, &q);
		(void)!mirror_mark_all(db, &q, MIRROR_MARK_ON, NULL);
		return 1;
	}
	if (strcmp(line, "none") == 0 || strcmp(line, _("全不选")) == 0) {
		(void)!mirror_mark_all(db, &q, MIRROR_MARK_OFF, NULL);
		return 1;
	}
	if (each_range(line + (line[0] == '-'), list->count, ranges, RANGES_MAX, &n) != 0) {
		return 0;
	}
	for (i = 0; i < n; i++) {
		(void)!mirror_mark_rows(db, &q, ranges[i][0] - 1, ranges[i][1] - 1, how, NULL);
	}
	return 1;
}

/* One row that may not be marked is told why. */
static void
tell_refused(struct plain_list *list, const char *line)
{
	int64_t range[1][2];
	size_t n;
	const char *why = NULL;
	void *record = NULL;

	if (each_range(line, list->count, range, 1, &n) == 0 && range[0][0] == range[0][1]) {
		record = plain_list_row(list, range[0][0]);
	}
	if (record != NULL && list->opts->list->refuse_mark != NULL) {
		why = list->opts->list->refuse_mark(record);
	}
	if (why != NULL) {
		plain_say(list->p, "%s", why);
	}
	if (record != NULL) {
		record_release(list->opts->list->view->type, record);
	}
	free(record);
}

void
plain_list_mark(struct plain_list *list)
{
	char line[PLAIN_LINE];

	if (list->count == 0) {
		return;
	}
	while (plain_ask_code(list->p, _("勾选（如 1-5,8；all 全部；none 全不选；-3 去掉第3笔）："),
	    _("序号见【逐条显示】。all 勾选筛选后的全部；在其他筛选条件下勾选的仍然有效。"), line,
	    sizeof(line))) {
		if (mark(list, line)) {
			tell_refused(list, line);
			plain_list_load(list);
			return;
		}
		plain_say(list->p, _("看不懂。请输入 1 到 %lld 的序号，如 1-5,8。"), (long long)list->count);
	}
}
