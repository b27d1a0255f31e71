/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all screens say and ask: failures, status, amounts, waiting. */
#include "screen_ui.h"

#include <stdio.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"

#define BUSY_SHOWN_AFTER_MS 150
#define BUSY_LINES 5
#define WAIT_SHOWN_AFTER_S 3

/* ---- failures */

void
screen_common_error(struct screen_ui *ui, const struct err *err)
{
	struct buf text = { 0 };

	if (err->code == ERR_CANCELLED || err->code == ERR_NONE) {
		return;
	}
	if (err->code == ERR_UNREACHABLE) {
		ui->link = SCREEN_LINK_LOST;
		screen_common_status(ui);
	}
	err_describe(err, &text);
	tui_dialog_message(ui->tui,
	    err->code == ERR_OUTCOME_UNKNOWN || err->code == ERR_OP_PROGRESS ?
		TUI_DIALOG_WARNING :
		TUI_DIALOG_ERROR,
	    NULL, buf_text(&text));
	buf_release(&text);
}

void
screen_common_success(struct screen_ui *ui, const char *text)
{
	tui_dialog_message(ui->tui, TUI_DIALOG_SUCCESS, _("提示"), text);
}

/* ---- line 1 and the status line */

static void
show_owner(struct screen_ui *ui)
{
	const struct employer *employer = app_employer(ui->app);
	char region[49], owner[320];

	(void)!mirror_setting(app_db(ui->app), "", "region", region, sizeof(region), NULL);
	snprintf(owner, sizeof(owner), "%s%s%s%s%s", i18n_text(region), region[0] == '\0' ? "" : "  ",
	    employer->name, employer->name[0] == '\0' ? "" : "  ", employer->taxpayer_id);
	tui_set_title(ui->tui, text_literal(_("社保费管理客户端")), text_cleaned(owner));
}

/* "14:20" of today, "11-22 14:20" of another day. */
static void
short_time(int64_t ms, char *out, size_t size)
{
	char then[20], now[20];

	date_time_format(ms, then);
	date_time_format(loop_wall_ms(), now);
	snprintf(out, size, "%.*s", strncmp(then, now, 10) == 0 ? 5 : 11,
	    then + (strncmp(then, now, 10) == 0 ? 11 : 5));
}

void
screen_common_status(struct screen_ui *ui)
{
	static const char *const links[] = {
		[SCREEN_LINK_UNKNOWN] = N_("未连接"),
		[SCREEN_LINK_GOOD] = N_("已连接"),
		[SCREEN_LINK_LOST] = N_("连接中断"),
	};
	int64_t at = mirror_downloaded_at(app_db(ui->app), MIRROR_LEVY, app_unit(ui->app));
	int64_t open = app_is_logged_in(ui->app) ? app_open_operations(ui->app) : 0;
	struct buf text = { 0 };
	char when[20];

	buf_puts(&text, app_is_logged_in(ui->app) ? _(links[ui->link]) : _("未登录"));
	if (open > 0) {
		buf_printf(&text, _("  办理中 %lld"), (long long)open);
	}
	if (at > 0) {
		short_time(at, when, sizeof(when));
		buf_printf(&text, _("  下载 %s"), when);
	}
	tui_set_status(ui->tui, text_cleaned(buf_text(&text)));
	buf_release(&text);
	show_owner(ui);
}

/* ---- amounts */

void
screen_common_amount(int64_t fen, struct screen_amount *out)
{
	char figures[MONEY_TEXT_MAX];

	money_format(fen, figures);
	snprintf(out->figures, sizeof(out->figures), _("%s 元"), figures);
	money_in_words(fen, out->words);
}

/* ---- paying now */

int
screen_common_has_unpaid(struct screen_ui *ui)
{
	struct mirror_query q;
	int64_t count = 0;

	app_query_payable(ui->app, 1, &q);
	(void)!mirror_count(app_db(ui->app), &q, NULL, &count, NULL, NULL);
	return count > 0;
}

int
screen_common_ask_pay(struct screen_ui *ui)
{
	return tui_dialog_confirm(ui->tui, _("确认信息"),
	    _("当前存在申报成功且未缴费或部分缴费的记录，是否立即缴费？"));
}

/* ---- waiting for the service */

struct busy {
	struct screen_ui *ui;
	const char *text;
	screen_work_fn *work;
	void *user;
	struct err *err;
	int is_shown;
};

/* Nothing is drawn at first: a call that is answered at once leaves the picture alone. */
static void
draw_busy(void *self, struct tui_canvas *canvas)
{
	struct busy *busy = self;
	struct tui_box box = { 0, 0, BUSY_LINES, text_width(busy->text) + 8 };
	char wait[128] = "";

	if (!busy->is_shown) {
		return;
	}
	if (busy->ui->waited > 0) {
		snprintf(wait, sizeof(wait), _("缴费服务繁忙，已排队 %lld 秒（按 Esc 取消）"),
		    (long long)busy->ui->waited);
	}
	if (box.columns < text_width(wait) + 8) {
		box.columns = text_width(wait) + 8;
	}
	box.columns = box.columns < 32 ? 32 : box.columns;
	box.line = (tui_canvas_lines(canvas) - box.lines) / 2;
	box.column = (tui_canvas_columns(canvas) - box.columns) / 2;
	tui_canvas_frame(canvas, box, text_literal(""));
	tui_canvas_put(canvas, (struct tui_span){ box.line + 2, box.column + 2, box.columns - 4 },
	    TUI_STYLE_NORMAL, TUI_ALIGN_CENTER, text_cleaned(busy->text));
	tui_canvas_put(canvas, (struct tui_span){ box.line + 3, box.column + 2, box.columns - 4 },
	    TUI_STYLE_NORMAL, TUI_ALIGN_CENTER, text_cleaned(wait));
	tui_canvas_cursor(canvas, box.line + 2, box.column + 2);
}

/* Even Esc must not reach the screen below, which waits inside a call. */
static enum tui_code
swallow(void *self, int key)
{
	struct busy *busy = self;

	busy->ui->gives_up |= key == TUI_KEY_ESC && busy->ui->waited > 0;
	return TUI_HANDLED;
}

static const struct tui_view_class busy_class = { .draw = draw_busy, .key = swallow };

static void
show_busy(void *user)
{
	struct busy *busy = user;

	busy->is_shown = 1;
	tui_redraw(busy->ui->tui);
}

static void
work_busy(void *user)
{
	struct busy *busy = user;
	int rc;

	busy->ui->busy++;
	busy->ui->waited = 0;
	busy->ui->gives_up = 0;
	rc = busy->work(busy->user, busy->err);
	busy->ui->busy--;
	screen_common_idle(busy->ui);
	if (busy->err->code == ERR_UNREACHABLE) {
		busy->ui->link = SCREEN_LINK_LOST;
	} else if (rc == 0) {
		busy->ui->link = SCREEN_LINK_GOOD;
	}
	tui_finish(busy->ui->tui, busy, rc);
}

static void
show_wait(int64_t seconds, void *user)
{
	struct screen_ui *ui = user;

	if (seconds >= WAIT_SHOWN_AFTER_S) {
		ui->waited = seconds;
		tui_redraw(ui->tui);
	}
}

void
screen_common_patience(struct screen_ui *ui)
{
	const struct app_patience patience = { show_wait, ui, &ui->gives_up };

	app_on_wait(ui->app, &patience);
}

int
screen_common_busy(struct screen_ui *ui, const char *text, screen_work_fn *work, void *user,
    struct err *err)
{
	struct busy busy = { .ui = ui, .text = text, .work = work, .user = user, .err = err };
	struct tui_view view = { &busy_class, &busy };
	int shown = loop_timer(tui_loop(ui->tui), BUSY_SHOWN_AFTER_MS, show_busy, &busy);
	int began = loop_timer(tui_loop(ui->tui), 0, work_busy, &busy);
	int rc = tui_run(ui->tui, view, TUI_VIEW_HOLD);

	loop_timer_cancel(tui_loop(ui->tui), shown);
	loop_timer_cancel(tui_loop(ui->tui), began);
	if (rc == TUI_CANCELLED && err->code == ERR_NONE) {
		err_set(err, ERR_CANCELLED, "%s", _("已取消"));
	}
	return rc == 0 ? 0 : -1;
}
