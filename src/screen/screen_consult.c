/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 71 办税服务中心: questions to the tax office, with a redacted diagnostic bundle, and its answers
 * (manual 2.7.1). */
#include <stdlib.h>
#include <string.h>

#include "screen_list.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/tui_pager.h"

static const char id_show[] = "show", id_ask[] = "ask", id_tour[] = "tour";

static const struct tui_action actions[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("查看"), .help = N_("查看问题和答复"), .id = id_show },
	{ .key = TUI_KEY_F2, .also = TUI_KEY_CTRL('S'), .label = N_("提问"), .help = N_("向税务机关提出问题"), .flags = TUI_ACTION_MAIN, .id = id_ask },
	{ .key = TUI_KEY_F8, .label = N_("使用引导"), .help = N_("按步骤了解本客户端"), .id = id_tour },
};

const struct screen_keys screen_consult_keys = { actions, ARRAY_LEN(actions) };

/* ---- reading */

static void
show(struct screen_ui *ui, const struct consultation *c)
{
	char asked_at[32], answered_at[32];
	const struct tui_pager_line lines[] = {
		{ _("咨询时间"), text_cleaned(asked_at), TUI_STYLE_NORMAL },
		{ _("问题"), text_cleaned(c->question), TUI_STYLE_NORMAL },
		{ "", text_literal(""), TUI_STYLE_NORMAL },
		{ _("答复时间"), text_cleaned(answered_at), TUI_STYLE_NORMAL },
		{ _("答复"),
		    c->answer[0] == '\0' ? text_literal(_("尚未答复，请稍后按 F5 刷新。")) :
					   text_cleaned(c->answer),
		    TUI_STYLE_STRONG },
		{ "", text_literal(""), TUI_STYLE_NORMAL },
		{ _("诊断信息"), text_cleaned(c->diagnostics), TUI_STYLE_DIM },
	};

	record_show(record_field(&consultation_type, "asked_at"), c, asked_at, sizeof(asked_at));
	record_show(
	    record_field(&consultation_type, "answered_at"), c, answered_at, sizeof(answered_at));
	tui_pager_show(ui->tui, _("问题咨询"), lines, ARRAY_LEN(lines));
}

/* ---- asking */

struct asking {
	struct screen_ui *ui;
	char question[1025];
	struct buf diagnostics;
};

static int
collect(void *user, struct err *err)
{
	struct asking *a = user;

	(void)err;
	app_diagnostics(a->ui->app, &a->diagnostics);
	return 0;
}

static int
send_question(void *user, struct err *err)
{
	struct asking *a = user;
	struct consultation answer = { 0 };
	int rc = app_consult(
	    a->ui->app, a->question, buf_text(&a->diagnostics), &answer, err);

	record_release(&consultation_type, &answer);
	return rc;
}

#define FINDINGS_MAX 24
#define SUBJECT_END "：" /* app_diagnostics */

/* Shows what would be sent, line by line. */
static int
confirm(struct asking *a)
{
	const char *buttons[] = { _("发送"), _("取消") };
	struct tui_dialog_line lines[FINDINGS_MAX];
	char *shown = mem_dup(buf_text(&a->diagnostics)), *at = shown;
	char *end, *next, *value;
	struct tui_dialog dialog = {
		.title = _("提问"),
		.text = _("随问题一起发送以下诊断信息，供运维人员查找原因。其中没有密码、账号和金额。"),
		.scroll = lines,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
	};
	int pressed;

	while (*at != '\0' && dialog.scroll_count < FINDINGS_MAX) {
		end = at + strcspn(at, "\n");
		next = *end == '\0' ? end : end + 1;
		*end = '\0';
		value = strstr(at, SUBJECT_END);
		if (value != NULL) {
			*value = '\0';
			value += strlen(SUBJECT_END);
		}
		lines[dialog.scroll_count++] = (struct tui_dialog_line){ value == NULL ? "" : at,
			text_cleaned(value == NULL ? at : value), 0 };
		at = next;
	}
	pressed = tui_dialog_run(a->ui->tui, &dialog);
	free(shown);
	return pressed == 0;
}

static void
ask(struct screen_ui *ui)
{
	static const char *const buttons[] = { N_("下一步") };
	struct asking a = { .ui = ui };
	struct tui_field field = {
		.label = N_("问题"),
		.kind = TUI_FIELD_TEXT,
		.flags = TUI_FIELD_REQUIRED,
		.columns = 60,
		.value = a.question,
		.size = sizeof(a.question),
	};
	const struct tui_form form = {
		.title = _("提问"),
		.text = _("请写明在哪个界面、做了什么、看到什么提示。请勿填写密码。"),
		.fields = &field,
		.field_count = 1,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
	};
	struct err err = { 0 };

	if (tui_form_run(ui->tui, &form) == 0 &&
	    screen_common_busy(ui, _("正在收集诊断信息……"), collect, &a, &err) == 0 &&
	    confirm(&a)) {
		if (screen_common_busy(ui, _("正在发送……"), send_question, &a, &err) == 0) {
			screen_common_success(
			    ui, _("问题已提交。\n税务机关答复后，在本界面按 F5 刷新即可看到。"));
		} else {
			screen_common_error(ui, &err);
		}
	}
	buf_release(&a.diagnostics);
}

static const char *
refuse(struct screen_list *list, const struct tui_action *row)
{
	return row->id == id_show && screen_list_focused(list) == NULL ?
	    _("还没有提过问题，按 F2 提问。") :
	    NULL;
}

static enum tui_code
run(struct screen_list *list, const struct tui_action *row)
{
	struct screen_ui *ui = screen_list_ui(list);
	struct consultation *copy;

	if (row->id == id_tour) {
		return screen_list_go(list, 72);
	}
	if (row->id == id_ask) {
		ask(ui);
		screen_list_refresh(list);
		return TUI_REDRAW;
	}
	copy = mem_alloc(sizeof(*copy));
	*copy = *(const struct consultation *)screen_list_focused(list);
	show(ui, copy);
	free(copy);
	return TUI_REDRAW;
}

void
screen_consult(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("71 办税服务中心"),
		.list = &app_list_consultations,
		.empty = N_("还没有提过问题。使用中遇到问题，按 F2 向税务机关提问。"),
		.help = N_("2.7.1 办税服务中心\n使用本客户端过程中，如遇系统问题，可通过“办税服务中心”咨询解决。"
			   "提问时附上诊断信息（版本、终端、网络、磁盘），发送前可以查看，其中没有密码、账号和金额。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
		.refuse = refuse,
		.run = run,
	};

	screen_list_run(ui, &opts);
}
