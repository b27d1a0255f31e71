/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 71 办税服务中心: questions and answers; 72 使用引导 (manual 2.7). */
#include "plain_items.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

/* ---- 71 */

static void
show(struct plain_list *list, const void *record)
{
	const struct consultation *c = record;
	const struct view whole = { .name = "consultation", .type = &consultation_type };

	plain_common_record(list->p, &whole, c);
	if (c->answer[0] == '\0') {
		plain_say(list->p, "%s", _("尚未答复，请稍后选择【刷新】。"));
	}
}

static void
ask(struct plain_list *list, const void *record)
{
	struct plain *p = list->p;
	struct consultation answer = { 0 };
	struct buf diagnostics = { 0 };
	struct err err = { 0 };
	char question[1025];

	(void)record;
	if (!plain_ask(p, _("问题："),
		_("请写明在哪个界面、做了什么、看到什么提示。请勿填写密码。"), question,
		sizeof(question)) ||
	    question[0] == '\0') {
		return;
	}
	app_diagnostics(p->app, &diagnostics);
	plain_say(p, "%s",
	    _("随问题一起发送以下诊断信息，供运维人员查找原因。其中没有密码、账号和金额。"));
	plain_say(p, "%s", buf_text(&diagnostics));
	if (plain_confirm(p, _("是否发送？"))) {
		if (app_consult(p->app, question, buf_text(&diagnostics), &answer, &err) == 0) {
			plain_say(p, "%s", _("问题已提交。税务机关答复后，选择【刷新】即可看到。"));
		}
		plain_error(p, &err);
		plain_list_refresh(list);
	}
	record_release(&consultation_type, &answer);
	buf_release(&diagnostics);
}

static const struct plain_list_action actions[] = {
	{ .label = N_("查看"), .needs_row = 1, .run = show },
	{ .label = N_("提问"), .run = ask },
};

void
plain_consult(struct plain *p)
{
	static const struct plain_list_opts opts = {
		.title = N_("71 办税服务中心"),
		.list = &app_list_consultations,
		.empty = N_("还没有提过问题。使用中遇到问题，请选择【提问】。"),
		.help = N_("使用本客户端过程中，如遇系统问题，可通过“办税服务中心”咨询解决。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
	};

	plain_list_run(p, &opts);
}

/* ---- 72 */

static const char *const pages[] = {
	N_("每月三件事：申报、缴费、打印证明。每个问题都可以输入数字选择；\n"
	   "? 说明，0 返回，q 退出。"),
	N_("一、在 11 登录 中添加用人单位：输入纳税人识别号和申报密码，再登录。\n"
	   "初始申报密码为任一单位编号后6位，不足6位的末尾补0，第一次登录时必须修改。"),
	N_("二、在 21 日常申报 中勾选应征费款，如 1-5,8 或 all，提交申报，等待反馈。"),
	N_("三、在 31 缴费 中选择三方协议缴费或银行端凭证缴费，输入金额确认。\n"
	   "显示“待确认”的缴费，系统会自动查询结果，请勿重复缴费。"),
	N_("四、费款入库后，在 41 打印完税证明，42 补打，43 打印单位缴费证明。\n"
	   "遇到问题，在 71 办税服务中心 提问。"),
};

void
plain_consult_tour(struct plain *p)
{
	char line[16];
	size_t i;

	for (i = 0; i < ARRAY_LEN(pages); i++) {
		plain_say(p, _("使用引导 %zu/%zu"), i + 1, ARRAY_LEN(pages));
		plain_say(p, "%s", _(pages[i]));
		if (!plain_ask_code(p, _("Enter 继续："), NULL, line, sizeof(line))) {
			break;
		}
	}
	(void)!mirror_set(app_db(p->app), "", "tour_seen", "1", NULL);
}
