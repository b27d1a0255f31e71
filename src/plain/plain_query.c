/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 51 单位参保信息查询, 52 社保费应缴信息查询, 63 单位信息查询 (manual 2.5, 2.6.3). */
#include "plain_items.h"
#include "shebao/i18n.h"

static void
say_employer(struct plain_list *list)
{
	plain_common_record(list->p, &view_employer, app_employer(list->p->app));
}

void
plain_query_insured(struct plain *p)
{
	static const struct plain_list_opts opts = {
		.title = N_("51 单位参保信息查询"),
		.list = &app_list_units,
		.empty = N_("没有参保信息。请选择【刷新】；仍没有的，请联系社保经办机构。"),
		.help = N_("用于查询用人单位参保基本信息和险种信息。"),
		.on_open = say_employer,
	};

	plain_list_run(p, &opts);
}

void
plain_query_due(struct plain *p)
{
	static const struct plain_list_opts opts = {
		.title = N_("52 社保费应缴信息查询"),
		.list = &app_list_due,
		.empty = N_("没有应缴费款。请选择【刷新】。"),
		.help = N_("初始：未申报的应缴费款；\n申报中：未获取到应缴费款申报的反馈；\n"
			   "申报成功：已申报的应缴费款；\n核销：税务部门已经撤单的应缴费款；\n"
			   "批扣清册生成：已生成批扣的应缴费款。\n费款所属期起止不能超过12个月。"),
	};

	plain_list_run(p, &opts);
}

static int
say_unit(const void *record, void *user, struct err *err)
{
	(void)err;
	plain_common_record(user, &view_unit, record);
	return 0;
}

void
plain_query_employer(struct plain *p)
{
	struct mirror_query q = { 0 };
	struct err err = { 0 };

	plain_say(p, "%s", _("63 单位信息查询"));
	(void)!plain_common_download(p, _("正在下载单位信息"), APP_DOWNLOAD_REGISTRATION);
	plain_common_record(p, &view_employer, app_employer(p->app));
	plain_say(p, "%s", _("单位编号与参保险种"));
	app_list_units.query(p->app, NULL, &q);
	if (mirror_each(app_db(p->app), &q, say_unit, p, &err) != 0) {
		plain_error(p, &err);
	}
}
