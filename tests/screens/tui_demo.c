/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every widget of the toolkit with made-up rows, for the pictures in this folder.
 *
 *	tui_demo [--ascii] [--no-color] [--gutter] [--lock MS] [--start CODE]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/tui.h"
#include "shebao/tui_dialog.h"
#include "shebao/tui_form.h"
#include "shebao/tui_list.h"
#include "shebao/tui_menu.h"
#include "shebao/tui_pager.h"
#include "shebao/tui_progress.h"
#include "shebao/tui_screen.h"
#include "shebao/tui_table.h"

#include "tui_demo.h"

enum action_id {
	ACTION_SUBMIT,
	ACTION_FILTER,
	ACTION_REFRESH,
	ACTION_EXPORT,
	ACTION_VOID
};

static const enum action_id ids[] = { ACTION_SUBMIT, ACTION_FILTER, ACTION_REFRESH,
	ACTION_EXPORT, ACTION_VOID };

static const struct tui_action list_actions[] = {
	{ .key = TUI_KEY_F2,
	    .also = TUI_KEY_CTRL('S'),
	    .label = N_("提交申报"),
	    .help = N_("提交已勾选的应征费款"),
	    .needs = 1,
	    .flags = TUI_ACTION_MAIN,
	    .id = &ids[ACTION_SUBMIT] },
	{ .key = TUI_KEY_F3,
	    .letters = "f",
	    .label = N_("筛选"),
	    .help = N_("按单位编号、社保经办机构、费款所属期筛选"),
	    .id = &ids[ACTION_FILTER] },
	{ .key = TUI_KEY_F5,
	    .also = TUI_KEY_CTRL('R'),
	    .label = N_("刷新"),
	    .help = N_("重新查询并下载应征费款"),
	    .id = &ids[ACTION_REFRESH] },
	{ .key = TUI_KEY_F6,
	    .label = N_("导出"),
	    .help = N_("导出社保费预处理汇总信息"),
	    .id = &ids[ACTION_EXPORT] },
	{ .key = TUI_KEY_F8,
	    .letters = "d",
	    .label = N_("作废"),
	    .help = N_("作废光标所在的记录"),
	    .needs = 2,
	    .id = &ids[ACTION_VOID] },
};

static const char *
refuse_list(void *user, const struct tui_action *row)
{
	const struct rows *r = user;

	if ((row->needs & 1) != 0 && r->marked == 0) {
		return "请先勾选要申报的应征费款（空格勾选，+ 全选）";
	}
	return (row->needs & 2) != 0 && r->demo->is_offline ? "与服务端的连接已断开"
							    : NULL;
}

static enum tui_code
run_list(void *user, const struct tui_action *row)
{
	struct rows *r = user;

	switch (*(const enum action_id *)row->id) {
	case ACTION_SUBMIT:
		demo_flows_show_message(r->demo);
		demo_flows_wait_feedback(r->demo);
		break;
	case ACTION_FILTER:
		demo_flows_show_query(r->demo);
		break;
	case ACTION_REFRESH:
		demo_flows_run_download(r->demo);
		tui_table_reload(r->table);
		break;
	case ACTION_EXPORT:
		tui_notify(r->demo->tui, TUI_STYLE_GOOD, text_literal("已导出"));
		break;
	case ACTION_VOID:
		demo_flows_ask_danger(r->demo);
		break;
	default:
		break;
	}
	return TUI_REDRAW;
}

static struct text
list_heading(void *user)
{
	(void)user;
	return text_literal(
	    "单位编号 全部   社保经办机构 全部   费款所属期 2020-01 至 2020-12");
}

static void
show_list(struct demo *d, const char *title, int count)
{
	struct rows r = { .demo = d, .count = count };
	struct tui_table_options options = {
		.columns = demo_rows_columns,
		.column_count = demo_rows_column_count,
		.source = &demo_rows_source,
		.user = &r,
		.record = "应征费款明细",
	};
	struct tui_screen screen = {
		.title = title,
		.actions = { list_actions, ARRAY_LEN(list_actions), refuse_list, run_list,
		    &r },
		.heading = list_heading,
		.help =
		    "2.2.1 日常申报\n本模块适用于用人单位正常缴费申报。\n"
		    "勾选应征费款信息，核实征集信息无误后，点击【提交申报】。\n"
		    "注意事项：若系统未带出应征费款信息，可在该模块尝试点击【刷新】。",
		.user = &r,
	};
	int i;

	r.order = mem_resize(NULL, (size_t)count + 1, sizeof(*r.order));
	r.marks = mem_alloc((size_t)count + 1);
	for (i = 0; i < count; i++) {
		r.order[i] = i;
	}
	r.table = tui_table_new(d->tui, &options);
	screen.body = tui_table_view(r.table);
	tui_screen_run(d->tui, &screen);
	tui_table_free(r.table);
	free(r.order);
	free(r.marks);
}

static const struct tui_menu_item menu_items[] = {
	{ 1, "列表", "各种长度的列表" },
	{ 11, "日常申报", "二十四行" },
	{ 12, "一百万行", "按需取行，与十行一样快" },
	{ 13, "空列表", "说明原因" },
	{ 2, "表单", "录入与查询" },
	{ 21, "用人单位添加", "识别号输入两次" },
	{ 22, "社保费应缴信息查询", "七个条件" },
	{ 23, "安全认证", "密码不回显" },
	{ 24, "地区", "从列表中选择，可输入文字筛选" },
	{ 3, "对话", "提示与确认" },
	{ 31, "提示", NULL },
	{ 32, "确认", NULL },
	{ 33, "作废", "默认取消，400 毫秒内不接收按键" },
	{ 34, "确认缴款", "须输入金额" },
	{ 35, "反馈提示", "倒计时" },
	{ 36, "下载进度", NULL },
	{ 37, "错误", NULL },
	{ 4, "阅读", "记录与经过" },
	{ 41, "缴费经过", NULL },
	{ 42, "未开放的功能", "不能进入" },
};

static const char *
refuse_item(void *user, const struct tui_menu_item *item)
{
	(void)user;
	return item->code == 42 ? "须先登录" : NULL;
}

static enum tui_code
choose(void *user, int code)
{
	struct demo *d = user;

	switch (code) {
	case 11:
		show_list(d, "21 日常申报", 24);
		break;
	case 12:
		show_list(d, "52 社保费应缴信息查询", 1000000);
		break;
	case 13:
		show_list(d, "21 日常申报", 0);
		break;
	case 21:
		demo_flows_add_unit(d);
		break;
	case 22:
		demo_flows_show_query(d);
		break;
	case 23:
		demo_flows_ask_password(d, "安全认证", 0);
		break;
	case 24:
		demo_flows_choose_region(d);
		break;
	case 31:
		demo_flows_show_message(d);
		break;
	case 32:
		demo_flows_ask_confirm(d);
		break;
	case 33:
		demo_flows_ask_danger(d);
		break;
	case 34:
		demo_flows_ask_money(d);
		break;
	case 35:
		demo_flows_wait_feedback(d);
		break;
	case 36:
		demo_flows_run_download(d);
		break;
	case 37:
		demo_flows_show_error(d);
		break;
	case 41:
		demo_flows_show_record(d);
		break;
	default:
		break;
	}
	return TUI_REDRAW;
}

/* ---- actions of all screens */

static const struct tui_action common_rows[] = {
	{ .key = TUI_KEY_F10,
	    .letters = "g",
	    .label = N_("菜单"),
	    .help = N_("打开菜单，按数字直接进入") },
};

static enum tui_code
run_common(void *user, const struct tui_action *row)
{
	struct demo *d = user;
	const struct tui_menu_options options = {
		.title = "菜单",
		.items = menu_items,
		.count = ARRAY_LEN(menu_items),
		.refuse = refuse_item,
	};
	int code = tui_menu_run(d->tui, &options);

	(void)row;
	if (code > 0) {
		choose(d, code);
	}
	return TUI_REDRAW;
}

static void
on_hangup(void *user)
{
	((struct demo *)user)->hangups++;
}

static void
on_lock(void *user)
{
	demo_flows_ask_password(user, "已锁定", TUI_VIEW_COVER);
}

static int
run_demo(struct demo *d, const struct tui_options *options, int start)
{
	struct tui_actions common = { common_rows, ARRAY_LEN(common_rows), NULL,
		run_common, d };
	const struct tui_menu_options menu = {
		.title = "主菜单",
		.items = menu_items,
		.count = ARRAY_LEN(menu_items),
		.refuse = refuse_item,
		.user = d,
	};
	struct tui_screen home = { .title = "主菜单" };
	struct tui_menu *body;
	struct err err = { 0 };

	if (tui_new(options, &d->tui, &err) != 0) {
		fprintf(stderr, "%s\n", err.text);
		return 5;
	}
	tui_set_title(d->tui, text_literal("社保费管理客户端 贵州省"),
	    text_literal("贵阳市云岩区示例科技有限公司 91520100770598600Y"));
	tui_set_status(d->tui, text_literal("已连接  上次下载 09:30"));
	tui_set_actions(d->tui, &common);
	body = tui_menu_new(d->tui, &menu, choose);
	home.body = tui_menu_view(body);
	if (start > 0) {
		choose(d, start);
	}
	tui_screen_run(d->tui, &home);
	tui_menu_free(body);
	tui_free(d->tui);
	return d->hangups > 0 ? 1 : 0;
}

int
main(int argc, char **argv)
{
	struct demo d = { 0 };
	struct tui_options options = {
		.on_hangup = on_hangup, .on_lock = on_lock, .user = &d
	};
	int start = 0;
	int i, status;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--ascii") == 0) {
			options.ascii = 1;
		} else if (strcmp(argv[i], "--no-color") == 0) {
			options.color = TUI_COLOR_NEVER;
		} else if (strcmp(argv[i], "--gutter") == 0) {
			options.marker = TUI_MARKER_GUTTER;
		} else if (strcmp(argv[i], "--lock") == 0 && i + 1 < argc) {
			options.lock_ms = atoi(argv[++i]);
		} else if (strcmp(argv[i], "--start") == 0 && i + 1 < argc) {
			start = atoi(argv[++i]);
		} else {
			fprintf(stderr, "tui_demo: what is %s?\n", argv[i]);
			return 2;
		}
	}
	i18n_init("zh");
	d.loop = loop_new();
	options.loop = d.loop;
	status = run_demo(&d, &options, start);
	loop_free(d.loop);
	return status;
}
