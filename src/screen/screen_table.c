/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The menu: one row a menu item of the manual. */
#include "screen_ui.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct screen_row rows[] = {
	{ 1,  N_("登录与单位"), NULL, NULL, 1 },
	{ 11, N_("登录"), N_("选择地区和用人单位，输入申报密码登录"), screen_login, 1 },
	{ 12, N_("单位管理"), N_("添加、删除用人单位，切换登录"), screen_units, 1 },
	{ 2,  N_("社保费申报"), NULL, NULL, 0 },
	{ 21, N_("日常申报"), N_("核实并申报正常缴费的应征费款"), screen_declare_normal, 0 },
	{ 22, N_("特殊缴费申报"), N_("核实并申报特殊缴费的应征费款"), screen_declare_special, 0 },
	{ 23, N_("申报记录"), N_("查看、缴费、作废申报表"), screen_declarations, 0 },
	{ 3,  N_("费款缴纳"), NULL, NULL, 0 },
	{ 31, N_("缴费"), N_("三方协议缴费或开具银行端查询缴费凭证"), screen_pay, 0 },
};
// clang-format on

const struct screen_row *
screen_table(size_t *count)
{
	*count = ARRAY_LEN(rows);
	return rows;
}

const struct screen_row *
screen_table_find(int code)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].code == code && rows[i].run != NULL) {
			return &rows[i];
		}
	}
	return NULL;
}
