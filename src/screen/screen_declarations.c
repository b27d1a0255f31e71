/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 23 申报记录: look at, pay, void declarations (manual 2.2.3). */
#include <stdio.h>

#include "screen_list.h"
#include "shebao/declaration.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/said.h"
#include "shebao/states.h"

static const char id_show[] = "show", id_pay[] = "pay", id_void[] = "void";

static const struct tui_action actions[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("查看"), .help = N_("查看应征费款申报明细"), .id = id_show },
	{ .key = TUI_KEY_F2, .also = TUI_KEY_CTRL('S'), .label = N_("缴费"), .help = N_("进入缴费流程"), .flags = TUI_ACTION_MAIN, .id = id_pay },
	{ .key = TUI_KEY_F8, .letters = "d", .label = N_("作废"), .help = N_("作废本条申报记录"), .id = id_void },
};

const struct screen_keys screen_declarations_keys = { actions, ARRAY_LEN(actions) };

/* ---- 查看: the levies of one declaration */

static void
show_detail(struct screen_list *list, const struct declaration *declaration)
{
	char id[RECORD_ID_SIZE];
	const struct screen_list_opts opts = {
		.title = N_("23 申报明细"),
		.list = &app_list_declared,
		.about = id,
		.empty = N_("本申报记录已作废或被退回，没有费款明细。"),
	};

	mem_copy_text(id, sizeof(id), declaration->declaration_id);
	screen_list_run(screen_list_ui(list), &opts);
}

/* ---- 作废 */

struct voiding {
	struct screen_ui *ui;
	char id[RECORD_ID_SIZE];
	struct declaration declaration;
};

static int
void_it(void *user, struct err *err)
{
	struct voiding *v = user;

	return app_declaration_void(v->ui->app, v->id, &v->declaration, err);
}

static void
void_declaration(struct screen_list *list, const struct declaration *focused)
{
	struct screen_ui *ui = screen_list_ui(list);
	struct voiding v = { .ui = ui };
	struct err err = { 0 };
	char message[600], said[ERR_TEXT_MAX];

	mem_copy_text(v.id, sizeof(v.id), focused->declaration_id);
	if (!tui_dialog_danger(ui->tui, _("作废"), _("是否作废本条记录"))) {
		return;
	}
	if (screen_common_busy(ui, _("正在提交作废……"), void_it, &v, &err) != 0) {
		screen_common_error(ui, &err);
	} else if (screen_common_feedback(ui, v.id)) {
		record_release(&declaration_type, &v.declaration);
		v.declaration = (struct declaration){ 0 };
		(void)!mirror_find(app_db(ui->app), MIRROR_DECLARATION, app_unit(ui->app), v.id,
		    &v.declaration, NULL);
		if (v.declaration.state == DECLARATION_VOIDED) {
			screen_common_success(ui, _("作废成功"));
		} else {
			snprintf(message, sizeof(message), _("作废失败：%s"),
			    said_text(v.declaration.reason, said, sizeof(said)));
			tui_dialog_message(ui->tui, TUI_DIALOG_ERROR, _("作废"), message);
		}
	}
	record_release(&declaration_type, &v.declaration);
	screen_list_refresh(list);
}

static const char *
refuse(struct screen_list *list, const struct tui_action *row)
{
	const struct declaration *d = screen_list_focused(list);

	if (d == NULL) {
		return _("没有申报记录。");
	}
	if (row->id == id_show) {
		return NULL;
	}
	return row->id == id_void ? app_list_refuse_void(d) : app_list_refuse_pay_declared(d);
}

static enum tui_code
run(struct screen_list *list, const struct tui_action *row)
{
	const struct declaration *d = screen_list_focused(list);

	if (row->id == id_pay) {
		return screen_list_go(list, 31);
	}
	if (row->id == id_show) {
		show_detail(list, d);
	} else {
		void_declaration(list, d);
	}
	return TUI_REDRAW;
}

static void
on_open(struct screen_list *list)
{
	struct screen_ui *ui = screen_list_ui(list);

	if (screen_common_has_unpaid(ui) && screen_common_ask_pay(ui)) {
		ui->next = 31;
		tui_close_all(ui->tui);
	}
}

void
screen_declarations(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("23 申报记录"),
		.list = &app_list_declarations,
		.empty = N_("没有申报记录。请在【日常申报】或【特殊缴费申报】中提交申报。"),
		.help = N_("2.2.3 申报记录\n本模块主要用于用人单位查看、作废申报表。存在已申报未开票缴费的征集信息时，"
			   "进入该模块时系统提示缴款。操作：查看、缴费、作废。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
		.refuse = refuse,
		.run = run,
		.on_open = on_open,
	};

	screen_list_run(ui, &opts);
}
