/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 52 社保费应缴信息查询 (manual 2.5.2). */
#include "screen_list.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

static const struct screen_filter filters[] = {
	{ N_("费款所属期"), "period_from", SCREEN_FILTER_PERIODS },
	{ N_("单位编号"), "unit_no", SCREEN_FILTER_VALUES },
	{ N_("社保经办机构"), "agency_name", SCREEN_FILTER_VALUES },
	{ N_("征收项目"), "item_name", SCREEN_FILTER_VALUES },
	{ N_("征收品目"), "category_name", SCREEN_FILTER_VALUES },
	{ N_("征收子目"), "subcategory_name", SCREEN_FILTER_VALUES },
	{ N_("数据处理状态"), "state", SCREEN_FILTER_STATES },
};

static void
query(struct screen_ui *ui, const void *about, struct mirror_query *out)
{
	(void)about;
	out->noun = MIRROR_LEVY;
	mem_copy_text(out->taxpayer_id, sizeof(out->taxpayer_id), app_unit(ui->app));
}

void
screen_due(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("52 社保费应缴信息查询"),
		.name = "due",
		.view = &view_levies_due,
		.record = &view_levy,
		.download = APP_DOWNLOAD_LEVIES,
		.download_title = N_("正在下载应缴费款"),
		.must_filter = 1,
		.filters = filters,
		.filter_count = ARRAY_LEN(filters),
		.query = query,
		.empty = N_("没有应缴费款。按 F5 刷新。"),
		.help = N_("2.5.2 社保费应缴信息查询\n用于查询用人单位应缴费款。\n注意事项\n"
			   "1. 数据处理状态包括：初始、申报中、申报成功、核销、批扣清册生成。\n"
			   "初始：未申报的应缴费款；\n申报中：未获取到应缴费款申报的反馈；\n"
			   "申报成功：已申报的应缴费款；\n核销：税务部门已经撤单的应缴费款；\n"
			   "批扣清册生成：已生成批扣的应缴费款。\n2. 费款所属期起止不能超过12个月。"),
		.export_name = N_("社保费应缴信息"),
	};

	screen_list_run(ui, &opts);
}
