/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 打印机打印, 传送到我的电脑: what was saved leaves this machine. */
#include "screen_paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

/* Long enough to see most jobs done or failed, short enough to wait for. */
#define WATCH_MS 4000

/* ---- which printer, how many */

struct printing {
	struct screen_ui *ui;
	struct record_list printers;
	struct app_print_request request;
	struct print_job job;
	char copies[8];
	int chosen;
};

static const struct print_printer *
printer_at(const struct printing *p, size_t index)
{
	return record_list_at(&p->printers, &print_printer_type, index);
}

static size_t
printer_count(void *user)
{
	return ((struct printing *)user)->printers.count;
}

static struct text
printer_label(void *user, size_t index)
{
	return text_cleaned(printer_at(user, index)->name);
}

static struct text
printer_note(void *user, size_t index)
{
	const struct print_printer *p = printer_at(user, index);

	if (!p->is_accepting) {
		return text_literal(_("不接收作业"));
	}
	return p->is_stopped ? text_literal(_("已停止")) : text_cleaned(p->info);
}

static int
find_printers(void *user, struct err *err)
{
	struct printing *p = user;

	return app_printers(p->ui->app, &p->printers, NULL, err);
}

static void
choose_default(struct printing *p)
{
	size_t i;

	p->chosen = p->printers.count == 1 ? 0 : -1;
	for (i = 0; i < p->printers.count; i++) {
		if (printer_at(p, i)->is_default) {
			p->chosen = (int)i;
		}
	}
}

enum {
	FIELD_PRINTER,
	FIELD_COPIES
};

static int
check_field(void *user, size_t field, struct buf *mend)
{
	struct printing *p = user;
	char *end;
	long copies;

	if (field == FIELD_PRINTER) {
		if (p->chosen >= 0 && !printer_at(p, (size_t)p->chosen)->is_accepting) {
			buf_puts(mend, _("这台打印机现在不接收作业，请换一台"));
			return -1;
		}
		return 0;
	}
	copies = strtol(p->copies, &end, 10);
	if (*end != '\0' || copies < 1 || copies > PRINT_COPIES_MAX) {
		buf_printf(mend, _("份数应为 1 到 %d"), PRINT_COPIES_MAX);
		return -1;
	}
	p->request.copies = copies;
	return 0;
}

static int
ask(struct printing *p)
{
	static const char *const buttons[] = { N_("打印") };
	const struct tui_choices choices = { printer_count, printer_label, printer_note, p };
	struct tui_field fields[] = {
		[FIELD_PRINTER] = { .label = N_("打印机"),
		    .kind = TUI_FIELD_CHOICE,
		    .flags = TUI_FIELD_REQUIRED,
		    .columns = 40,
		    .chosen = &p->chosen,
		    .choices = &choices },
		[FIELD_COPIES] = { .label = N_("份数"),
		    .kind = TUI_FIELD_CODE,
		    .flags = TUI_FIELD_REQUIRED,
		    .columns = 4,
		    .value = p->copies,
		    .size = 4 },
	};
	const struct tui_form form = {
		.title = _("打印机打印"),
		.fields = fields,
		.field_count = ARRAY_LEN(fields),
		.buttons = buttons,
		.button_count = 1,
		.check = check_field,
		.user = p,
	};

	return tui_form_run(p->ui->tui, &form) == 0 ? 0 : -1;
}

/* ---- handing over */

static int
print_now(void *user, struct err *err)
{
	struct printing *p = user;

	return app_print(p->ui->app, &p->request, NULL, NULL, NULL, &p->job, err);
}

/* A printer is said to have it only when CUPS has taken the job and not given it up. */
static void
tell_job(struct screen_ui *ui, const struct print_job *job)
{
	int is_lost = job->state == PRINT_ABORTED || job->state == PRINT_CANCELED;
	int is_waiting = job->state == PRINT_HELD || job->state == PRINT_STOPPED;
	char text[640];

	snprintf(text, sizeof(text), _("%s\n\n打印机：%s\n作业号：%lld，%lld 份\n状态：%s%s%s"),
	    is_lost	     ? _("打印机没有打印")
		: is_waiting ? _("已送打印机，尚未打印")
			     : _("已送打印机打印"),
	    job->printer, (long long)job->number, (long long)job->copies,
	    _(print_states.rows[job->state].label), job->message[0] != '\0' ? "\n" : "",
	    job->message);
	tui_dialog_message(ui->tui,
	    is_lost	     ? TUI_DIALOG_ERROR
		: is_waiting ? TUI_DIALOG_WARNING
			     : TUI_DIALOG_SUCCESS,
	    _("打印机打印"), text);
}

int
screen_print(struct screen_ui *ui, const char *path)
{
	struct printing p = { .ui = ui,
		.request = { .path = path, .copies = 1, .wait_ms = WATCH_MS },
		.copies = "1" };
	struct err err = { 0 };
	int is_accepted = 0;

	if (screen_common_busy(ui, _("正在查找打印机……"), find_printers, &p, &err) != 0) {
		screen_common_error(ui, &err);
		goto out;
	}
	choose_default(&p);
	if (ask(&p) != 0) {
		goto out;
	}
	p.request.printer = printer_at(&p, (size_t)p.chosen)->name;
	if (screen_common_busy(ui, _("正在送打印机……"), print_now, &p, &err) != 0) {
		screen_common_error(ui, &err);
		goto out;
	}
	is_accepted = 1;
	tell_job(ui, &p.job);
out:
	record_list_release(&p.printers, &print_printer_type);
	return is_accepted;
}

/* ---- ZMODEM */

int
screen_print_send(struct screen_ui *ui, const char *path)
{
	struct err err = { 0 };
	char text[1200];
	int rc;

	if (app_send_check(ui->app, path, &err) != 0) {
		screen_common_error(ui, &err);
		return 0;
	}
	if (!tui_dialog_confirm(ui->tui, _("传送到我的电脑"),
		_("文件将通过终端软件（ZMODEM）传送，进度由终端软件显示。\n"
		  "终端软件不支持时，请连按五次 Ctrl-X 放弃。"))) {
		return 0;
	}
	tui_suspend(ui->tui);
	rc = app_send(ui->app, path, &err);
	tui_resume(ui->tui);
	if (rc != 0) {
		tui_dialog_message(
		    ui->tui, TUI_DIALOG_ERROR, _("传送到我的电脑"), err.text);
		return 0;
	}
	snprintf(text, sizeof(text), _("传送完成。您的电脑上已有同名文件时，终端软件可能保留原来的。\n%s"), path);
	tui_dialog_message(ui->tui, TUI_DIALOG_SUCCESS, _("传送到我的电脑"), text);
	return 1;
}

/* ---- after saving */

void
screen_print_offer(struct screen_ui *ui, const char *text, enum view_document_kind kind,
    const char *number)
{
	enum { PRINT, PREVIEW, SEND, DONE };
	const char *buttons[] = { _("打印机打印"), _("预览"), _("传送"), _("确定") };
	const int can_send = app_send_refusal(ui->app) == NULL;
	struct tui_dialog dialog = {
		.kind = TUI_DIALOG_SUCCESS,
		.text = text,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons) - (can_send ? 0 : 1),
	};
	int pressed, is_done = 0;

	if (!can_send) {
		buttons[SEND] = buttons[DONE];
	}
	dialog.initial = (int)dialog.button_count - 1;
	while (!is_done) {
		pressed = tui_dialog_run(ui->tui, &dialog);
		if (pressed == PRINT) {
			is_done = screen_print(ui, ui->saved);
		} else if (pressed == PREVIEW) {
			screen_paper_show(ui, kind, number);
		} else if (pressed == SEND && can_send) {
			is_done = screen_print_send(ui, ui->saved);
		} else {
			is_done = 1;
		}
	}
}
