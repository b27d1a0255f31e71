/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 72 使用引导: the guided tour, shown on the very first start as well (manual 2.7.2). */
#include <stdio.h>

#include "screen_ui.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

struct page {
	const char *title; /* N_( ) */
	const char *text;  /* N_( ) */
};

static const struct page pages[] = {
	{ N_("欢迎使用社保费管理客户端"),
	    N_("每月三件事：申报、缴费、打印证明。\n\n全部操作只用键盘完成，最下面一行总是写着现在能按的键。\n"
	       "Enter 继续，Esc 返回。任何界面按 F1 都有帮助。") },
	{ N_("一、添加用人单位并登录"),
	    N_("选择地区后，在【登录】界面按 F4【添加】，输入纳税人识别号。\n\n"
	       "初始申报密码为任一单位编号后6位，不足6位的末尾补0。\n第一次登录时必须修改。\n"
	       "忘记申报密码的，请联系税务机关重置。") },
	{ N_("二、申报"),
	    N_("按 F10，再按 2 1，进入【日常申报】，系统自动下载应征费款。\n\n"
	       "空格勾选，加号全选，F3 筛选，F6 导出。核实无误后按 F2【提交申报】。\n"
	       "20 秒内自动获取结果；不想等，可以先做别的，有结果时会提示。") },
	{ N_("三、缴费"),
	    N_("按 F10，再按 3 1，进入【缴费】。勾选费款，按 F2【立即缴费】，核对金额，输入申报密码。\n\n"
	       "三方协议缴费：直接扣款。银行端凭证缴费：保存凭证，持凭证到银行缴费。\n"
	       "显示“待确认”的缴费，系统会自动查询结果，请勿重复缴费。") },
	{ N_("四、打印证明"),
	    N_("费款入库后，按 F10，再按 4 1，打印完税证明；补打用 4 2，单位缴费证明用 4 3。\n\n"
	       "证明是带税务机关电子签章的 PDF 文件，保存在本机。") },
	{ N_("五、省力的按键"),
	    N_("F10 加数字到任何菜单；冒号或 Ctrl-P 按名称查找功能；\n斜杠在列表中查找，可以输入拼音首字母；F9 排序，F5 刷新。\n\n"
	       "按不出功能键时，用 Alt+数字，或先按小数点再按数字：\n“.2”就是 F2，“.0”就是 F10。\n"
	       "离开座位时按 Ctrl-L 锁屏。") },
	{ N_("六、遇到问题"),
	    N_("按 F10，再按 7 1，进入【办税服务中心】，向税务机关提问，查看答复。\n\n"
	       "网络中断、终端关闭都不会丢失已提交的业务：下次登录时系统接着查询结果。\n"
	       "本引导随时可以用 7 2 再看。") },
};

enum turn {
	TURN_NEXT,
	TURN_BACK,
	TURN_END
};

/* One page; what was pressed. */
static int
show_page(struct screen_ui *ui, size_t at)
{
	const int is_first = at == 0, is_last = at + 1 == ARRAY_LEN(pages);
	const char *buttons[3];
	int turns[3];
	struct tui_dialog dialog = { .text = _(pages[at].text), .buttons = buttons };
	char title[160];
	int pressed;

	if (!is_last) {
		buttons[dialog.button_count] = _("下一页");
		turns[dialog.button_count++] = TURN_NEXT;
	}
	if (!is_first) {
		buttons[dialog.button_count] = _("上一页");
		turns[dialog.button_count++] = TURN_BACK;
	}
	/* Esc presses the last one, which closes the tour. */
	buttons[dialog.button_count] = _("立即体验");
	turns[dialog.button_count++] = TURN_END;
	dialog.initial = is_last ? (int)dialog.button_count - 1 : 0;
	snprintf(title, sizeof(title), _("使用引导 %zu/%zu：%s"), at + 1, ARRAY_LEN(pages),
	    _(pages[at].title));
	dialog.title = title;
	pressed = tui_dialog_run(ui->tui, &dialog);
	return pressed < 0 ? TURN_END : turns[pressed];
}

void
screen_tour(struct screen_ui *ui)
{
	size_t at = 0;
	int turn = TURN_NEXT;

	while ((turn = show_page(ui, at)) != TURN_END) {
		at += turn == TURN_NEXT ? 1 : (size_t)-1;
	}
	(void)!mirror_set(app_db(ui->app), "", "tour_seen", "1", NULL);
	/* 【立即体验】 brings 办税服务中心 to the front. */
	if (app_is_logged_in(ui->app) && !tui_is_closing(ui->tui)) {
		ui->next = 71;
	}
}
