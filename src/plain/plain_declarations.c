/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 23 申报记录: look at, pay, void declarations (manual 2.2.3). */
#include "plain_items.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/said.h"
#include "shebao/states.h"

#define CODE_PAY 31

static void
show(struct plain_list *list, const void *record)
{
	const struct declaration *d = record;
	const struct plain_list_opts opts = {
		.title = N_("23 申报明细"),
		.list = &app_list_declared,
		.about = d->declaration_id,
		.empty = N_("本申报记录已作废或被退回，没有费款明细。"),
	};

	plain_common_record(list->p, &view_declaration, d);
	plain_list_run(list->p, &opts);
}

static const char *
refuse_pay(const void *record)
{
	return app_list_refuse_pay_declared(record);
}

static void
pay(struct plain_list *list, const void *record)
{
	(void)record;
	plain_list_go(list, CODE_PAY);
}

static const char *
refuse_void(const void *record)
{
	return app_list_refuse_void(record);
}

static void
void_declaration(struct plain_list *list, const void *record)
{
	const struct declaration *d = record;
	struct plain *p = list->p;
	struct declaration now = { 0 };
	struct err err = { 0 };
	char said[ERR_TEXT_MAX];

	plain_common_record(p, &view_declaration, d);
	if (!plain_confirm(p, _("是否作废本条记录"))) {
		return;
	}
	if (app_declaration_void(p->app, d->declaration_id, &now, &err) != 0) {
		plain_error(p, &err);
	} else if (plain_common_feedback(p, d->declaration_id)) {
		record_release(&declaration_type, &now);
		now = (struct declaration){ 0 };
		(void)!mirror_find(app_db(p->app), MIRROR_DECLARATION, app_unit(p->app),
		    d->declaration_id, &now, NULL);
		if (now.state == DECLARATION_VOIDED) {
			plain_say(p, "%s", _("作废成功"));
		} else {
			plain_say(p, _("作废失败：%s"), said_text(now.reason, said, sizeof(said)));
		}
	}
	record_release(&declaration_type, &now);
	plain_list_refresh(list);
}

static void
on_open(struct plain_list *list)
{
	struct mirror_query q;
	int64_t count = 0;

	app_query_payable(list->p->app, 1, &q);
	(void)!mirror_count(app_db(list->p->app), &q, NULL, &count, NULL, NULL);
	if (count > 0 &&
	    plain_confirm(
		list->p, _("当前存在申报成功且未缴费或部分缴费的记录，是否立即缴费？"))) {
		plain_list_go(list, CODE_PAY);
	}
}

static const struct plain_list_action actions[] = {
	{ .label = N_("查看"), .needs_row = 1, .run = show },
	{ .label = N_("缴费"), .needs_row = 1, .refuse = refuse_pay, .run = pay },
	{ .label = N_("作废"), .needs_row = 1, .refuse = refuse_void, .run = void_declaration },
};

void
plain_declarations(struct plain *p)
{
	static const struct plain_list_opts opts = {
		.title = N_("23 申报记录"),
		.list = &app_list_declarations,
		.empty = N_("没有申报记录。请在【日常申报】或【特殊缴费申报】中提交申报。"),
		.help = N_("查看、缴费、作废申报表"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
		.on_open = on_open,
	};

	plain_list_run(p, &opts);
}
