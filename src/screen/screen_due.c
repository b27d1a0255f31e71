/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 52 社保费应缴信息查询 (manual 2.5.2). */
#include "screen_list.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

void
screen_due(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("52 社保费应缴信息查询"),
		.list = &app_list_due,
		.empty = N_("没有应缴费款。按 F5 刷新。"),
		.help = N_("2.5.2 社保费应缴信息查询\n用于查询用人单位应缴费款。\n注意事项\n"
			   "1. 数据处理状态包括：初始、申报中、申报成功、核销、批扣清册生成。\n"
			   "初始：未申报的应缴费款；\n申报中：未获取到应缴费款申报的反馈；\n"
			   "申报成功：已申报的应缴费款；\n核销：税务部门已经撤单的应缴费款；\n"
			   "批扣清册生成：已生成批扣的应缴费款。\n2. 费款所属期起止不能超过12个月。"),
	};

	screen_list_run(ui, &opts);
}
