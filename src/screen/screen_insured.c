/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 51 单位参保信息查询: basic information above, insurance items of each unit below (manual 2.5.1). */
#include "screen_list.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

static void
head(struct screen_ui *ui, const void *about, struct screen_head *out)
{
	static const char *const names[] = { "taxpayer_id", "name", "status", "registered_on",
		"legal_representative", "phone", "tax_authority_name", NULL };

	(void)about;
	screen_head_add(out, &employer_type, names, app_employer(ui->app));
}

void
screen_insured(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("51 单位参保信息查询"),
		.list = &app_list_units,
		.head = head,
		.empty = N_("没有参保信息。按 F5 刷新；仍没有的，请联系社保经办机构。"),
		.help = N_("2.5.1 单位参保信息查询\n用于查询用人单位参保基本信息和险种信息。"
			   "可选择主管税务机关、单位编号和社保经办机构对单位险种信息进行筛选。按 Enter 查看险种信息。"),
	};

	screen_list_run(ui, &opts);
}
