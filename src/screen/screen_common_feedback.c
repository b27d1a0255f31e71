/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 下载 in a progress box, 反馈提示, and what comes back later. */
#include "screen_list.h"

#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"
#include "shebao/states.h"
#include "shebao/tui_progress.h"

#define FEEDBACK_SECONDS 20

/* ---- download */

struct download {
	struct screen_ui *ui;
	struct tui_progress *progress;
	unsigned what;
	int cancel;
	int rc;
	struct err err;
};

static void
on_progress(const struct app_progress *p, void *user)
{
	struct download *d = user;

	tui_progress_set_text(d->progress, text_cleaned(p->what));
	tui_progress_set(d->progress, p->rows, p->total);
}

static void
start_download(void *user, struct tui_progress *progress)
{
	struct download *d = user;

	d->progress = progress;
	d->ui->busy++;
	d->rc = app_download(d->ui->app, d->what, on_progress, d, &d->cancel, &d->err);
	d->ui->busy--;
	screen_common_idle(d->ui);
	tui_progress_end(progress, 0);
}

static void
cancel_download(void *user)
{
	((struct download *)user)->cancel = 1;
}

static int
download(struct screen_ui *ui, const char *title, unsigned what, struct err *err)
{
	struct download d = { .ui = ui, .what = what, .rc = -1 };
	struct tui_progress_options options = {
		.title = title,
		.text = _("正在连接缴费服务"),
		.unit = _("条"),
		.start = start_download,
		.cancel = cancel_download,
		.user = &d,
	};

	tui_progress_run(ui->tui, &options);
	*err = d.err;
	if (d.rc == 0) {
		ui->link = SCREEN_LINK_GOOD;
	}
	return d.rc;
}

int
screen_common_download(struct screen_ui *ui, const char *title, unsigned what)
{
	struct err err = { 0 };
	int rc = download(ui, title, what, &err);

	if (rc != 0 && err.code == ERR_SESSION && screen_common_relogin(ui) == 0) {
		err_clear(&err);
		rc = download(ui, title, what, &err);
	}
	if (rc == 0) {
		app_feedback_now(ui->app);
		app_payment_watch_now(ui->app);
	} else {
		screen_common_error(ui, &err);
	}
	screen_common_status(ui);
	return rc;
}

/* ---- what comes back later */

static int
bring_up_to_date(void *user, struct err *err)
{
	struct screen_ui *ui = user;

	return app_download(ui->app, APP_DOWNLOAD_LEVIES | APP_DOWNLOAD_RECORDS, NULL, NULL,
	    NULL, err);
}

/* A result moves levies and records: open lists show them at once. Whoever types meanwhile is not
 * disturbed: the keys wait until the few rows are here. */
static void
catch_up(void *user)
{
	struct screen_ui *ui = user;
	struct err err = { 0 };

	ui->news_timer = 0;
	if (tui_is_closing(ui->tui) || !app_is_logged_in(ui->app)) {
		return;
	}
	if (ui->busy > 0) {
		ui->is_behind = 1; /* screen_common_idle comes back to it */
		return;
	}
	ui->is_behind = 0;
	(void)!screen_common_busy(ui, _("正在更新……"), bring_up_to_date, ui, &err);
	screen_common_status(ui);
	screen_describe_work(ui);
	screen_list_news(ui);
}

/* From the loop, not from inside the call that brought the result. */
static void
catch_up_soon(struct screen_ui *ui)
{
	if (ui->news_timer == 0) {
		ui->news_timer = loop_timer(app_loop(ui->app), 0, catch_up, ui);
	}
}

void
screen_common_idle(struct screen_ui *ui)
{
	if (ui->busy == 0 && ui->is_behind) {
		ui->is_behind = 0;
		catch_up_soon(ui);
	}
}

static void
on_paid(const struct payment *payment, void *user)
{
	struct screen_ui *ui = user;
	struct screen_amount amount;
	char text[320];

	screen_common_amount(payment->amount, &amount);
	snprintf(text, sizeof(text), _("%lld 笔 %s 的缴费有了结果：%s。按 F10 3 3 查看缴费记录"),
	    (long long)payment->levy_count, amount.figures,
	    _(state_table_label(&states_payment, payment->state)));
	tui_notify(ui->tui,
	    payment->state == PAYMENT_SUCCEEDED ? TUI_STYLE_GOOD : TUI_STYLE_BAD,
	    text_cleaned(text));
	catch_up_soon(ui);
}

static void
on_final(const struct declaration *d, void *user)
{
	struct screen_ui *ui = user;
	struct screen_amount amount;
	char text[320];

	if (strcmp(d->declaration_id, ui->awaited) == 0) {
		ui->is_answered = 1;
		return;
	}
	catch_up_soon(ui);
	screen_common_amount(d->amount, &amount);
	snprintf(text, sizeof(text), _("%lld 笔 %s 的申报有了结果：%s。按 F10 2 3 查看申报记录"),
	    (long long)d->levy_count, amount.figures,
	    _(state_table_label(&states_declaration, d->state)));
	screen_common_status(ui);
	tui_notify(ui->tui,
	    d->state == DECLARATION_REJECTED ? TUI_STYLE_BAD : TUI_STYLE_GOOD,
	    text_cleaned(text));
}

void
screen_common_watch(struct screen_ui *ui)
{
	app_feedback_watch(ui->app, on_final, ui);
	app_payment_watch(ui->app, on_paid, ui);
}

/* ---- 反馈提示 */

static int
is_answered(const struct declaration *d)
{
	return d->state == DECLARATION_ACCEPTED || d->state == DECLARATION_REJECTED ||
	    d->state == DECLARATION_VOIDED;
}

static int
press_feedback(void *user, int button)
{
	struct screen_ui *ui = user;

	if (button != 0) {
		return 0;
	}
	app_feedback_now(ui->app);
	return 1;
}

int
screen_common_feedback(struct screen_ui *ui, const char *declaration_id)
{
	const char *const buttons[] = { _("立即获取"), _("后台等待") };
	struct tui_countdown countdown = {
		.seconds = FEEDBACK_SECONDS,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
		.on_button = press_feedback,
		.done = &ui->is_answered,
		.user = ui,
	};
	struct declaration d = { 0 };
	struct err err = { 0 };
	int is_voiding, rc;

	/* The result may have come while the user read the message before this one. */
	(void)!mirror_find(app_db(ui->app), MIRROR_DECLARATION, app_unit(ui->app),
	    declaration_id, &d, NULL);
	is_voiding = d.state == DECLARATION_VOIDING;
	countdown.title = is_voiding ? _("获取反馈") : _("反馈提示");
	countdown.text = is_voiding ?
	    _("系统将在20秒内自动获取作废结果，也可点击【立即获取】。\nEsc 转到后台等待，有结果时会通知。") :
	    _("系统将在20秒内自动获取申报结果，也可点击【立即获取】。\nEsc 转到后台等待，有结果时会通知。");
	mem_copy_text(ui->awaited, sizeof(ui->awaited), declaration_id);
	ui->is_answered = is_answered(&d);
	app_feedback_now(ui->app);
	record_release(&declaration_type, &d);
	rc = tui_dialog_countdown(ui->tui, &countdown);
	ui->awaited[0] = '\0';
	if (rc == TUI_COUNTDOWN_OVER) {
		tui_dialog_message(ui->tui, TUI_DIALOG_NOTE, NULL,
		    _("暂未获取到结果，业务仍在办理中。\n有结果时会在状态行通知，也可稍后在【申报记录】中查看。"));
	}
	if (rc == TUI_COUNTDOWN_DONE &&
	    screen_common_busy(ui, _("正在更新……"), bring_up_to_date, ui, &err) != 0) {
		screen_common_error(ui, &err);
	}
	screen_common_status(ui);
	return rc == TUI_COUNTDOWN_DONE;
}
