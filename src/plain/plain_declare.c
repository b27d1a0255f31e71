/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 21 日常申报, 22 特殊缴费申报 (manual 2.2.1, 2.2.2). */
#include "plain_items.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/said.h"
#include "shebao/states.h"

#define CODE_DECLARATIONS 23

struct declaring {
	struct plain_list *list;
	struct plain *p;
	int kind;
	struct text_list levy_nos;
	int64_t amount;
	struct mirror_query rows;
	struct declaration declaration;
};

/* (3) and (4): the reminder, then 提交申报确认. */
static int
confirm(struct declaring *d)
{
	struct plain *p = d->p;

	if (!plain_confirm(p, app_list_reminder(d->kind))) {
		return 0;
	}
	plain_say(p, "%s", _("提交申报确认"));
	plain_say(p, _("%s：%s"), _("用人单位"), app_employer(p->app)->name);
	plain_say(p, _("%s：%zu 笔"), _("申报费款"), d->levy_nos.count);
	plain_common_totals(p, &d->rows, d->amount);
	return plain_confirm(p, _("核实征集信息无误后，立即提交？"));
}

/* A submission that could not be delivered stays in the journal and goes out by itself. */
static void
tell_failure(struct declaring *d, int64_t open_before, const struct err *err)
{
	plain_error(d->p, err);
	if (app_open_operations(d->p->app) > open_before && err->code != ERR_CANCELLED) {
		plain_say(d->p, "%s",
		    _("申报结果待确认。本次申报已记录在本机，恢复连接并刷新后自动继续，请勿重复办理。"));
	}
}

/* (7): 1 when the declaration was accepted and is to be looked at. */
static int
tell_result(struct declaring *d)
{
	struct declaration now = { 0 };
	char said[ERR_TEXT_MAX];
	int goes_on = 0;

	(void)!mirror_find(app_db(d->p->app), MIRROR_DECLARATION, app_unit(d->p->app),
	    d->declaration.declaration_id, &now, NULL);
	if (now.state == DECLARATION_ACCEPTED) {
		goes_on = plain_confirm(
		    d->p, _("获取申报结果成功，点击“确定”跳转到申报记录界面查看详细结果"));
	} else {
		plain_say(d->p, _("申报失败：%s"), said_text(now.reason, said, sizeof(said)));
	}
	record_release(&declaration_type, &now);
	return goes_on;
}

static void
declare(struct declaring *d)
{
	int64_t open_before = app_open_operations(d->p->app);
	struct err err = { 0 };

	if (!plain_list_selection(d->list, &d->levy_nos, &d->amount, &d->rows) || !confirm(d)) {
		return;
	}
	plain_say(d->p, "%s", _("正在提交申报……"));
	if (app_declare(
		d->p->app, d->kind, &d->levy_nos, d->amount, &d->declaration, &err) != 0) {
		tell_failure(d, open_before, &err);
		return;
	}
	plain_say(d->p, "%s", _("提交成功"));
	if (plain_common_feedback(d->p, d->declaration.declaration_id) && tell_result(d)) {
		plain_list_go(d->list, CODE_DECLARATIONS);
	}
}

static void
submit(struct plain_list *list, const void *record)
{
	struct declaring d = {
		.list = list,
		.p = list->p,
		.kind = list->opts->list == &app_list_declare_special ? LEVY_SPECIAL : LEVY_NORMAL,
	};

	(void)record;
	declare(&d);
	text_list_release(&d.levy_nos);
	record_release(&declaration_type, &d.declaration);
	plain_list_load(list);
}

static const struct plain_list_action actions[] = {
	{ .label = N_("提交申报"), .run = submit },
};

static void
run_list(struct plain *p, const char *title, const struct app_list *what)
{
	const struct plain_list_opts opts = {
		.title = title,
		.list = what,
		.empty = N_("没有查询到待申报的预处理信息。\n\n可以从以下几个方面排查原因：\n"
			    "(1) 该征集信息是否已申报；\n"
			    "(2) 人社或医保推送的是否为正常缴费数据；\n"
			    "(3) 缴费数据是否有效（征集单撤销、超过有效期都会导致数据无效）。\n\n"
			    "若系统未带出应征费款信息，请选择【刷新】。"),
		.help = N_("勾选应征费款，核实无误后提交申报。批扣清册生成的费款不能勾选。\n"
			   "提交后系统在20秒内自动获取申报结果，也可以立即获取。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
	};

	plain_list_run(p, &opts);
}

void
plain_declare_normal(struct plain *p)
{
	run_list(p, N_("21 日常申报"), &app_list_declare_normal);
}

void
plain_declare_special(struct plain *p)
{
	run_list(p, N_("22 特殊缴费申报"), &app_list_declare_special);
}
