/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 21 日常申报, 22 特殊缴费申报 (manual 2.2.1, 2.2.2). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screen_list.h"
#include "screen_totals.h"
#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/levy.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/said.h"
#include "shebao/states.h"

#define CODE_DECLARATIONS 23

static const char id_submit[] = "submit";

static const struct tui_action actions[] = {
	{ .key = TUI_KEY_F2, .also = TUI_KEY_CTRL('S'), .letters = "s", .label = N_("提交申报"), .help = N_("提交已勾选的应征费款；没有勾选时提交光标所在的一笔"), .flags = TUI_ACTION_MAIN, .id = id_submit },
};

const struct screen_keys screen_declare_keys = { actions, ARRAY_LEN(actions) };

static const int normal = LEVY_NORMAL, special = LEVY_SPECIAL;

/* ---- the submit flow, steps as in the manual */

struct declaring {
	struct screen_list *list;
	struct screen_ui *ui;
	int kind;
	struct text_list levy_nos;
	int64_t amount;
	struct screen_totals totals;
	struct declaration declaration;
};

static int
sum_up(struct declaring *d, struct err *err)
{
	struct mirror_query q;

	if (screen_list_marked(d->list, NULL) == 0) {
		screen_totals_one(screen_list_focused(d->list), &d->totals);
		return 0;
	}
	screen_list_query(d->list, 1, &q);
	return screen_totals_query(app_db(d->ui->app), &q, &d->totals, err);
}

static int
select_levies(struct declaring *d, struct err *err)
{
	if (screen_list_selection(d->list, &d->levy_nos, &d->amount, err) != 0) {
		return -1;
	}
	if (d->levy_nos.count > LEVIES_MAX) {
		return err_set(err, ERR_LIMIT, _("一次最多申报 %d 笔，请分次勾选。"), LEVIES_MAX);
	}
	return sum_up(d, err);
}

static int
confirm(struct declaring *d)
{
	const char *const buttons[] = { _("立即提交"), _("取消") };
	char total[96];
	struct tui_dialog_line lines[4];
	struct screen_amount amount;
	struct tui_dialog dialog = {
		.title = _("提交申报确认"),
		.lines = lines,
		.line_count = ARRAY_LEN(lines),
		.scroll = d->totals.lines,
		.scroll_count = d->totals.count,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
	};

	screen_common_amount(d->amount, &amount);
	snprintf(total, sizeof(total), _("%zu 笔"), d->levy_nos.count);
	lines[0] = (struct tui_dialog_line){ _("用人单位"),
		text_cleaned(app_employer(d->ui->app)->name), 0 };
	lines[1] = (struct tui_dialog_line){ _("申报费款"), text_cleaned(total), 0 };
	lines[2] = (struct tui_dialog_line){ _("金额合计"), text_cleaned(amount.figures), 1 };
	lines[3] = (struct tui_dialog_line){ _("大写"), text_cleaned(amount.words), 1 };
	return tui_dialog_run(d->ui->tui, &dialog) == 0;
}

static int
submit(void *user, struct err *err)
{
	struct declaring *d = user;

	return app_declare(d->ui->app, d->kind, &d->levy_nos, d->amount, &d->declaration,
	    err);
}

/* A submission that could not be delivered stays in the journal and goes out by itself. */
static void
tell_failure(struct declaring *d, int64_t open_before, const struct err *err)
{
	struct buf text = { 0 };

	if (app_open_operations(d->ui->app) <= open_before || err->code == ERR_CANCELLED) {
		screen_common_error(d->ui, err);
		return;
	}
	err_describe(err, &text);
	buf_puts(&text,
	    _("\n\n本次申报已记录在本机，恢复连接并刷新后自动继续，结果会在【申报记录】中显示。请勿重复办理。"));
	tui_dialog_message(d->ui->tui, TUI_DIALOG_WARNING, _("申报结果待确认"), buf_text(&text));
	buf_release(&text);
}

/* The declaration as it stands now. True: go to 申报记录. */
static int
tell_result(struct declaring *d)
{
	struct declaration now = { 0 };
	char text[800], said[ERR_TEXT_MAX];
	int is_accepted;

	(void)!mirror_find(app_db(d->ui->app), MIRROR_DECLARATION, app_unit(d->ui->app),
	    d->declaration.declaration_id, &now, NULL);
	is_accepted = now.state == DECLARATION_ACCEPTED;
	if (is_accepted) {
		screen_common_success(
		    d->ui, _("获取申报结果成功，点击“确定”跳转到申报记录界面查看详细结果"));
	} else {
		snprintf(text, sizeof(text), _("申报失败：%s"),
		    said_text(now.reason, said, sizeof(said)));
		tui_dialog_message(d->ui->tui, TUI_DIALOG_ERROR, _("申报结果"), text);
	}
	record_release(&declaration_type, &now);
	return is_accepted;
}

/* Steps (3) to (8); the question of (8) is asked by 申报记录 as it opens. */
static int
declare(struct declaring *d)
{
	int64_t open_before = app_open_operations(d->ui->app);
	struct err err = { 0 };

	if (select_levies(d, &err) != 0) {
		screen_common_error(d->ui, &err);
		return 0;
	}
	if (!tui_dialog_confirm(d->ui->tui, _("提示"), app_list_reminder(d->kind)) || !confirm(d)) {
		return 0;
	}
	if (screen_common_busy(d->ui, _("正在提交申报……"), submit, d, &err) != 0) {
		tell_failure(d, open_before, &err);
		return 0;
	}
	screen_list_reload(d->list);
	screen_common_success(d->ui, _("提交成功"));
	return screen_common_feedback(d->ui, d->declaration.declaration_id) && tell_result(d);
}

static enum tui_code
run(struct screen_list *list, const struct tui_action *row)
{
	struct declaring d = { .list = list, .ui = screen_list_ui(list), .kind = *(const int *)screen_list_about(list) };
	int is_done;

	(void)row;
	is_done = declare(&d);
	text_list_release(&d.levy_nos);
	record_release(&declaration_type, &d.declaration);
	if (is_done) {
		return screen_list_go(list, CODE_DECLARATIONS);
	}
	screen_list_reload(list);
	return TUI_REDRAW;
}

/* ---- the lists */

static const char *
refuse(struct screen_list *list, const struct tui_action *row)
{
	const struct levy *levy = screen_list_focused(list);

	(void)row;
	if (levy == NULL) {
		return _("没有可以申报的应征费款。");
	}
	return screen_list_marked(list, NULL) > 0 ? NULL : app_list_refuse_declare(levy);
}

static void
run_list(struct screen_ui *ui, const char *title, const char *help, const struct app_list *list,
    const int *kind)
{
	const struct screen_list_opts opts = {
		.title = title,
		.list = list,
		.about = kind,
		.empty = N_("没有查询到待申报的预处理信息。\n\n可以从以下几个方面排查原因：\n"
			    "(1) 该征集信息是否已申报；\n"
			    "(2) 人社或医保推送的是否为正常缴费数据；\n"
			    "(3) 缴费数据是否有效（征集单撤销、超过有效期都会导致数据无效）。\n\n"
			    "若系统未带出应征费款信息，请按 F5 刷新。"),
		.help = help,
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
		.refuse = refuse,
		.run = run,
	};

	screen_list_run(ui, &opts);
}

void
screen_declare_normal(struct screen_ui *ui)
{
	run_list(ui, N_("21 日常申报"),
	    N_("2.2.1 日常申报\n本模块适用于用人单位正常缴费申报。勾选应征费款，核实征集信息无误后，按 F2 提交申报。\n"
	       "F3 按单位编号、社保经办机构、费款所属期筛选，勾选的费款在筛选之后仍然有效；F6 导出社保费预处理汇总信息。\n"
	       "系统可在20秒内自动获取申报结果，或点击【立即获取】获取申报结果。批扣清册生成的费款不能勾选。\n"
	       "注意事项\n1. 如果系统未查询待申报预处理信息，可从以下几个方面排查原因：\n"
	       "(1)该征集信息是否已申报；\n(2)人社或医保推送的是否为正常缴费数据；\n"
	       "(3)缴费数据是否有效（征集单撤销、超过有效期都会导致数据无效）。\n"
	       "2. 若系统未带出应征费款信息，可在该模块尝试点击【刷新】。"),
	    &app_list_declare_normal, &normal);
}

void
screen_declare_special(struct screen_ui *ui)
{
	run_list(ui, N_("22 特殊缴费申报"),
	    N_("2.2.2 特殊缴费申报\n本模块适用于用人单位特殊缴费申报。勾选应征费款，核实应征费款信息无误后，按 F2 提交申报。\n"
	       "F3 按单位编号、社保经办机构、费款所属期筛选，勾选的费款在筛选之后仍然有效；F6 导出社保费预处理汇总信息。\n"
	       "系统可在20秒内自动获取申报结果，或点击【立即获取】获取申报结果。\n"
	       "注意事项\n1. 如果系统未查询待申报预处理信息，可从以下几个方面排查原因：\n"
	       "（1）该征集信息是否已申报；\n（2）人社或医保推送的是否为正常缴费数据；\n"
	       "（3）缴费数据是否有效（征集单撤销、超过征集单有效期都会导致数据无效）。\n"
	       "2. 若系统未带出应征费款信息，可在该模块尝试点击【刷新】。"),
	    &app_list_declare_special, &special);
}
