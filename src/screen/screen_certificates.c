/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 41 社保费完税证明打印, 42 补打, 43 单位缴费证明打印 (manual 2.4). The manual's pages speak of saving a
 * 银行端查询缴费凭证 here; what is saved is the certificate. */
#include <stdio.h>
#include <string.h>

#include "screen_filter.h"
#include "screen_list.h"
#include "screen_paper.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/states.h"

static const char id_print[] = "print";

static const struct tui_action print_actions[] = {
	{ .key = TUI_KEY_F7, .also = TUI_KEY_F2, .letters = "p", .label = N_("打印"), .help = N_("开具该费款所属期的证明，保存到本机"), .flags = TUI_ACTION_MAIN, .id = id_print },
};

const struct screen_keys screen_certificates_keys = { print_actions, ARRAY_LEN(print_actions) };

static const struct tui_action reprint_actions[] = {
	{ .key = TUI_KEY_F7, .also = TUI_KEY_F2, .letters = "p", .label = N_("打印"), .help = N_("补打选中的完税证明，保存到本机"), .flags = TUI_ACTION_MAIN, .id = id_print },
};

const struct screen_keys screen_certificates_reprint_keys = { reprint_actions, ARRAY_LEN(reprint_actions) };

struct issuing {
	struct screen_ui *ui;
	struct certificate_request request;
	const char *certificate_no; /* 补打 */
	struct document document;
	struct certificate_answer about;
};

static int
issue_now(void *user, struct err *err)
{
	struct issuing *i = user;

	return app_certificate_issue(i->ui->app, &i->request, &i->document, &i->about, err);
}

static int
reprint_now(void *user, struct err *err)
{
	struct issuing *i = user;

	return app_certificate_reprint(i->ui->app, i->certificate_no, &i->document, err);
}

/* (3) save dialog, (4) 打印成功 in the manual's words. */
static void
hand_over(struct issuing *i, int is_first)
{
	const struct certificate_request *r = &i->request;
	char message[1400];

	if (screen_common_save(i->ui, &i->document, is_first)) {
		snprintf(message, sizeof(message), _("打印成功\n\n证明号码：%s\n已保存到 %s"),
		    i->document.number, i->ui->saved);
		screen_print_offer(i->ui, message,
		    r->kind == CERTIFICATE_TAX_PAID ? VIEW_DOCUMENT_TAX_PAID
						    : VIEW_DOCUMENT_PAYMENT_PROOF,
		    i->document.number);
	} else if (is_first) {
		tui_dialog_message(i->ui->tui, TUI_DIALOG_WARNING, _("证明打印"),
		    _("证明没有保存，首次打印尚未完成。再次按 F7 打印，得到的是同一份证明。"));
	}
}

/* ---- 41, 43 */

/* The period that was asked for, out of the filters: what is shown is what is printed. */
static int
asked_period(struct screen_list *list, struct certificate_request *out)
{
	struct mirror_query q = { 0 };
	size_t i;

	screen_list_query(list, 0, &q);
	for (i = 0; i < q.filter_count; i++) {
		const struct mirror_filter *filter = &q.filters[i];

		if (filter->test == MIRROR_AT_LEAST && strcmp(filter->field, "period_from") == 0) {
			mem_copy_text(out->period_from, PERIOD_SIZE, filter->value);
		} else if (filter->test == MIRROR_AT_MOST &&
		    strcmp(filter->field, "period_to") == 0) {
			mem_copy_text(out->period_to, PERIOD_SIZE, filter->value);
		}
	}
	return out->period_from[0] != '\0' && out->period_to[0] != '\0';
}

static void
issue(struct screen_list *list, enum certificate_kind kind)
{
	struct screen_ui *ui = screen_list_ui(list);
	struct issuing i = { .ui = ui, .request.kind = (int)kind };
	struct err err = { 0 };

	if (!asked_period(list, &i.request)) {
		tui_notify(ui->tui, TUI_STYLE_WARNING,
		    text_literal(_("请先按 F3 填写费款所属期的起止。")));
		return;
	}
	if (screen_common_busy(ui, _("正在开具证明……"), issue_now, &i, &err) == 0) {
		hand_over(&i, 1);
		screen_list_refresh(list);
	} else {
		screen_common_error(ui, &err);
	}
	record_release(&request_document_answer, &i.document);
	record_release(&request_certificate_answer, &i.about);
}

static enum tui_code
run_print(struct screen_list *list, const struct tui_action *row)
{
	(void)row;
	issue(list, CERTIFICATE_TAX_PAID);
	return TUI_REDRAW;
}

static enum tui_code
run_proof(struct screen_list *list, const struct tui_action *row)
{
	(void)row;
	issue(list, CERTIFICATE_PAYMENT_PROOF);
	return TUI_REDRAW;
}

void
screen_certificate_print(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("41 社保费完税证明打印"),
		.list = &app_list_unprinted,
		.has_period = 1,
		.empty = N_("该费款所属期没有可首次打印完税证明的费款。"),
		.nothing_fits = N_("该费款所属期没有可首次打印完税证明的费款。\n"
				   "缴款成功、费款入库后才能打印。已打印过的，请使用【社保费完税证明补打】；\n"
				   "上次打印没有保存成功的，按 F7 再次取回。\n按 F3 更改费款所属期，按 F5 刷新。"),
		.help = N_("2.4.1 社保费完税证明打印\n该模块用于打印缴费成功的社保费完税证明。选择费款所属期，按 F7 打印，将完税证明保存到本机。\n"
			   "注意事项\n1. 缴款成功后，才能使用该模块打印社保费完税证明。\n"
			   "2. 该模块仅支持完税证明首次打印，如需补打，请使用【社保费完税证明补打】模块。"),
		.actions = print_actions,
		.action_count = ARRAY_LEN(print_actions),
		.run = run_print,
	};

	screen_list_run(ui, &opts);
}

void
screen_certificate_proof(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("43 单位缴费证明打印"),
		.list = &app_list_settled,
		.has_period = 1,
		.empty = N_("该费款所属期没有已入库的费款。"),
		.nothing_fits = N_("该费款所属期没有已入库的费款，不能开具缴费证明。\n按 F3 更改费款所属期，按 F5 刷新。"),
		.help = N_("2.4.3 单位缴费证明打印\n该模块用于开具单位社保费缴费证明。选择费款所属期，按 F7 打印，将缴费证明保存到本机。\n"
			   "前置条件：单位存在已入库的应征费款。"),
		.actions = print_actions,
		.action_count = ARRAY_LEN(print_actions),
		.run = run_proof,
	};

	screen_list_run(ui, &opts);
}

/* ---- 42 */

static const char *
refuse_reprint(struct screen_list *list, const struct tui_action *row)
{
	const struct certificate *c = screen_list_focused(list);

	(void)row;
	if (c == NULL) {
		return _("没有可补打的完税证明。");
	}
	return app_list_refuse_reprint(c);
}

static enum tui_code
run_reprint(struct screen_list *list, const struct tui_action *row)
{
	const struct certificate *c = screen_list_focused(list);
	struct issuing i = { .ui = screen_list_ui(list) };
	struct err err = { 0 };
	char no[TICKET_NO_SIZE];

	(void)row;
	mem_copy_text(no, sizeof(no), c->certificate_no);
	i.certificate_no = no;
	if (screen_common_busy(i.ui, _("正在取回证明……"), reprint_now, &i, &err) == 0) {
		hand_over(&i, 0);
		screen_list_refresh(list);
	} else {
		screen_common_error(i.ui, &err);
	}
	record_release(&request_document_answer, &i.document);
	return TUI_REDRAW;
}

void
screen_certificate_reprint(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("42 社保费完税证明补打"),
		.list = &app_list_certificates,
		.empty = N_("没有已开具的完税证明。首次打印请使用【社保费完税证明打印】。"),
		.help = N_("2.4.2 社保费完税证明补打\n该模块用于补打已开具的社保费完税证明。选择开具日期，选中要补打的证明，按 F7 打印，将完税证明保存到本机。\n"
			   "注意事项\n1. 社保费完税证明打印成功后，才能使用该模块进行补打。"),
		.actions = reprint_actions,
		.action_count = ARRAY_LEN(reprint_actions),
		.refuse = refuse_reprint,
		.run = run_reprint,
	};

	screen_list_run(ui, &opts);
}
