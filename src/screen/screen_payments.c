/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 33 缴费记录: debits under a three-party agreement that succeeded, and those whose outcome is not
 * known yet (manual 2.3.3). */
#include "screen_list.h"
#include "screen_payment.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

static const char id_show[] = "show";

static const struct tui_action actions[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("查看"), .help = N_("查看缴费经过，查询待确认缴费的结果"), .id = id_show },
};

const struct screen_keys screen_payments_keys = { actions, ARRAY_LEN(actions) };

static const char *
refuse(struct screen_list *list, const struct tui_action *row)
{
	(void)row;
	return screen_list_focused(list) == NULL ? _("没有缴费记录。") : NULL;
}

static enum tui_code
run(struct screen_list *list, const struct tui_action *row)
{
	const struct payment *payment = screen_list_focused(list);
	char no[RECORD_ID_SIZE];

	(void)row;
	mem_copy_text(no, sizeof(no), payment->payment_no);
	screen_payment_show(screen_list_ui(list), no);
	screen_list_reload(list);
	return TUI_REDRAW;
}

void
screen_payments(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("33 缴费记录"),
		.list = &app_list_payments,
		.empty = N_("没有三方协议缴费的记录。\n银行端缴费凭证方式的缴费记录，请在【申报记录】中查询。"),
		.help = N_("2.3.3 缴费记录\n本功能用于查看通过本客户端三方协议缴费方式缴款成功的缴费记录。"
			   "结果待确认的缴费也列在这里：系统自动查询结果，请勿重复缴费。\n"
			   "注意事项\n1. 如需查询银行端缴费凭证方式的缴费记录，可通过【申报记录】模块。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
		.refuse = refuse,
		.run = run,
	};

	screen_list_run(ui, &opts);
}
