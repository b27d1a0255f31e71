/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The menu: one row a menu item of the manual. */
#include "shebao/app_menu.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct app_menu_item items[] = {
	{ 1, N_("登录与单位"), NULL, 1 },
	{ 11, N_("登录"), N_("选择地区和用人单位，输入申报密码登录"), 1 },
	{ 12, N_("单位管理"), N_("添加、删除用人单位，切换登录"), 1 },
	{ 2, N_("社保费申报"), NULL, 0 },
	{ 21, N_("日常申报"), N_("核实并申报正常缴费的应征费款"), 0 },
	{ 22, N_("特殊缴费申报"), N_("核实并申报特殊缴费的应征费款"), 0 },
	{ 23, N_("申报记录"), N_("查看、缴费、作废申报表"), 0 },
	{ 3, N_("费款缴纳"), NULL, 0 },
	{ 31, N_("缴费"), N_("三方协议缴费或开具银行端查询缴费凭证"), 0 },
	{ 32, N_("缴费凭证打印记录"), N_("查看、重新打印、作废缴费凭证"), 0 },
	{ 33, N_("缴费记录"), N_("三方协议缴费的记录和待确认的缴费"), 0 },
	{ 4, N_("证明打印"), NULL, 0 },
	{ 41, N_("社保费完税证明打印"), N_("首次打印完税证明"), 0 },
	{ 42, N_("社保费完税证明补打"), N_("补打已开具的完税证明"), 0 },
	{ 43, N_("单位缴费证明打印"), N_("开具单位社会保险费缴费证明"), 0 },
	{ 5, N_("查询统计"), NULL, 0 },
	{ 51, N_("单位参保信息查询"), N_("参保基本信息和险种信息"), 0 },
	{ 52, N_("社保费应缴信息查询"), N_("按所属期、险种和状态查询应缴费款"), 0 },
	{ 6, N_("系统设置"), NULL, 1 },
	{ 61, N_("登录密码设置"), N_("启用或修改本客户端的登录密码"), 1 },
	{ 62, N_("申报密码设置"), N_("修改申报密码"), 0 },
	{ 63, N_("单位信息查询"), N_("税务登记信息"), 0 },
	{ 7, N_("问题咨询"), NULL, 1 },
	{ 71, N_("办税服务中心"), N_("向税务机关咨询，查看答复"), 0 },
	{ 72, N_("使用引导"), N_("按步骤了解本客户端"), 1 },
};
// clang-format on

const struct app_menu_item *
app_menu(size_t *count)
{
	*count = ARRAY_LEN(items);
	return items;
}

const struct app_menu_item *
app_menu_find(int code)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(items); i++) {
		if (items[i].code == code && items[i].help != NULL) {
			return &items[i];
		}
	}
	return NULL;
}
