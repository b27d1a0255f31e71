/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 11 登录, 12 单位管理: the employers of this client (manual 2.1.1, 2.1.2). */
#include <stdio.h>
#include <string.h>

#include "screen_list.h"
#include "screen_login.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

static const char id_login[] = "login", id_add[] = "add", id_remove[] = "remove",
		  id_region[] = "region";

static const struct tui_action actions[] = {
	{ .key = TUI_KEY_ENTER, .also = TUI_KEY_F2, .label = N_("登录"), .help = N_("登录光标所在的用人单位"), .flags = TUI_ACTION_MAIN, .id = id_login },
	{ .key = TUI_KEY_F4, .also = TUI_KEY_INSERT, .letters = "a", .label = N_("添加"), .help = N_("添加用人单位，需要纳税人识别号和申报密码"), .id = id_add },
	{ .key = TUI_KEY_F8, .also = TUI_KEY_DELETE, .letters = "d", .label = N_("删除"), .help = N_("从本机删除用人单位，不影响已办理的业务"), .id = id_remove },
	{ .letters = "r", .label = N_("更换地区"), .help = N_("重新选择地区"), .id = id_region },
};

const struct screen_keys screen_login_keys = { actions, ARRAY_LEN(actions) };

static void
remove_employer(struct screen_list *list, const struct employer *focused)
{
	struct screen_ui *ui = screen_list_ui(list);
	struct employer employer = *focused;
	struct err err = { 0 };
	char text[400];

	snprintf(text, sizeof(text), _("确认删除？\n%s\n%s"), employer.name, employer.taxpayer_id);
	if (!tui_dialog_danger(ui->tui, _("确认信息"), text)) {
		return;
	}
	if (app_employer_remove(ui->app, employer.taxpayer_id, &err) != 0) {
		screen_common_error(ui, &err);
	}
	screen_list_reload(list);
}

/* The cursor goes to the employer in use or just added, so that Enter logs in. */
struct finding {
	const char *taxpayer_id;
	int64_t row, found;
};

static int
find_employer(const void *record, void *user, struct err *err)
{
	struct finding *f = user;

	(void)err;
	if (strcmp(((const struct employer *)record)->taxpayer_id, f->taxpayer_id) == 0) {
		f->found = f->row;
	}
	f->row++;
	return 0;
}

static void
focus_employer(struct screen_list *list, const char *taxpayer_id)
{
	struct screen_ui *ui = screen_list_ui(list);
	struct finding f = { .taxpayer_id = taxpayer_id, .found = -1 };
	struct mirror_query q;

	screen_list_query(list, 0, &q);
	if (mirror_each(app_db(ui->app), &q, find_employer, &f, NULL) == 0 && f.found >= 0) {
		screen_list_set_row(list, f.found);
	}
}

static void
add_employer(struct screen_list *list)
{
	char taxpayer_id[TAXPAYER_ID_SIZE];

	if (screen_login_add(screen_list_ui(list), taxpayer_id) == 0) {
		screen_list_reload(list);
		focus_employer(list, taxpayer_id);
	}
	screen_common_status(screen_list_ui(list));
}

static void
on_open(struct screen_list *list)
{
	focus_employer(list, app_unit(screen_list_ui(list)->app));
}

static const char *
refuse(struct screen_list *list, const struct tui_action *row)
{
	struct screen_ui *ui = screen_list_ui(list);
	const struct employer *focused = screen_list_focused(list);

	if (row->id == id_add || row->id == id_region) {
		return NULL;
	}
	if (focused == NULL) {
		return _("还没有添加用人单位，请按 F4 添加。");
	}
	if (row->id == id_remove && app_is_logged_in(ui->app) &&
	    strcmp(focused->taxpayer_id, app_unit(ui->app)) == 0) {
		return _("当前登录的企业不能删除。");
	}
	return NULL;
}

static enum tui_code
run(struct screen_list *list, const struct tui_action *row)
{
	struct screen_ui *ui = screen_list_ui(list);
	const struct employer *focused = screen_list_focused(list);
	char taxpayer_id[TAXPAYER_ID_SIZE];

	if (row->id == id_add) {
		add_employer(list);
	} else if (row->id == id_remove) {
		remove_employer(list, focused);
	} else if (row->id == id_region) {
		(void)screen_region_choose(ui);
	} else {
		mem_copy_text(taxpayer_id, sizeof(taxpayer_id), focused->taxpayer_id);
		if (screen_login_enter(ui, taxpayer_id) == 0) {
			return screen_list_go(list, screen_recall_place(ui));
		}
		screen_common_status(ui);
	}
	return TUI_REDRAW;
}

static void
run_list(struct screen_ui *ui, const char *title, const char *help)
{
	const struct screen_list_opts opts = {
		.title = title,
		.list = &app_list_employers,
		.empty = N_("还没有添加用人单位。\n\n按 F4 添加：输入纳税人识别号和申报密码。\n"
			    "初始申报密码为任一单位编号后6位，不足6位的在末尾补0。"),
		.help = help,
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
		.refuse = refuse,
		.run = run,
		.on_open = on_open,
	};

	screen_list_run(ui, &opts);
}

void
screen_login(struct screen_ui *ui)
{
	run_list(ui, N_("11 登录"),
	    N_("选择用人单位，按 Enter 进入【安全认证】，输入申报密码后进入主菜单。\n"
	       "没有列出的用人单位先按 F4 添加。\n"
	       "初始申报密码为任一单位编号后6位，若单位编号不足6位，则单位编号末尾补0；首次登录后须修改。\n"
	       "遗失申报密码时，税务工作人员可以通过【社会保险费管理子系统】中【单位社保费申报密码重置】模块进行重置。"));
}

void
screen_units(struct screen_ui *ui)
{
	run_list(ui, N_("12 单位管理"),
	    N_("添加：登记另一个用人单位。删除：从本机移去用人单位及其下载的内容，不影响已办理的业务。\n"
	       "登录：切换到光标所在的用人单位。\n"
	       "当前登录的企业不能删除。"));
}
