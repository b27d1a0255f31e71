/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 41 社保费完税证明打印, 42 补打, 43 单位缴费证明打印 (manual 2.4). */
#include <stdlib.h>

#include "plain_items.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

/* (3) where to, (4) 打印成功 */
static void
hand_over(struct plain *p, const struct document *document, int is_first)
{
	char *path = NULL;

	if (plain_common_save(p, document, is_first, &path)) {
		plain_say(p, _("打印成功\n\n证明号码：%s\n已保存到 %s"), document->number, path);
	} else if (is_first) {
		plain_say(p, "%s",
		    _("证明没有保存，首次打印尚未完成。再次打印，得到的是同一份证明。"));
	}
	free(path);
}

/* ---- 41, 43: the period that was asked for is what is printed. */

static void
issue(struct plain_list *list, enum certificate_kind kind)
{
	struct plain *p = list->p;
	struct certificate_request request = { .kind = (int)kind };
	struct certificate_answer about = { 0 };
	struct document document = { 0 };
	struct err err = { 0 };

	mem_copy_text(request.period_from, PERIOD_SIZE, list->values.value[0][0]);
	mem_copy_text(request.period_to, PERIOD_SIZE, list->values.value[0][1]);
	if (request.period_from[0] == '\0' || request.period_to[0] == '\0') {
		plain_say(p, "%s", _("请先在【筛选】中填写费款所属期的起止。"));
		return;
	}
	plain_say(p, "%s", _("正在开具证明……"));
	if (app_certificate_issue(p->app, &request, &document, &about, &err) == 0) {
		hand_over(p, &document, 1);
		plain_list_refresh(list);
	}
	plain_error(p, &err);
	record_release(&request_document_answer, &document);
	record_release(&request_certificate_answer, &about);
}

static void
print(struct plain_list *list, const void *record)
{
	(void)record;
	issue(list, CERTIFICATE_TAX_PAID);
}

static void
prove(struct plain_list *list, const void *record)
{
	(void)record;
	issue(list, CERTIFICATE_PAYMENT_PROOF);
}

static const struct plain_list_action print_actions[] = {
	{ .label = N_("打印"), .run = print },
};
static const struct plain_list_action proof_actions[] = {
	{ .label = N_("打印"), .run = prove },
};

void
plain_certificates_print(struct plain *p)
{
	static const struct plain_list_opts opts = {
		.title = N_("41 社保费完税证明打印"),
		.list = &app_list_unprinted,
		.empty = N_("该费款所属期没有可首次打印完税证明的费款。"),
		.help = N_("缴款成功后，才能使用该模块打印社保费完税证明。\n"
			   "该模块仅支持完税证明首次打印，如需补打，请使用【社保费完税证明补打】模块。"),
		.has_period = 1,
		.actions = print_actions,
		.action_count = ARRAY_LEN(print_actions),
	};

	plain_list_run(p, &opts);
}

void
plain_certificates_proof(struct plain *p)
{
	static const struct plain_list_opts opts = {
		.title = N_("43 单位缴费证明打印"),
		.list = &app_list_settled,
		.empty = N_("该费款所属期没有已入库的费款。"),
		.help = N_("前置条件：单位存在已入库的应征费款。"),
		.has_period = 1,
		.actions = proof_actions,
		.action_count = ARRAY_LEN(proof_actions),
	};

	plain_list_run(p, &opts);
}

/* ---- 42 */

static const char *
refuse_reprint(const void *record)
{
	return app_list_refuse_reprint(record);
}

static void
reprint(struct plain_list *list, const void *record)
{
	struct plain *p = list->p;
	struct document document = { 0 };
	struct err err = { 0 };

	plain_say(p, "%s", _("正在取回证明……"));
	if (app_certificate_reprint(p->app,
		((const struct certificate *)record)->certificate_no, &document, &err) == 0) {
		hand_over(p, &document, 0);
		plain_list_refresh(list);
	}
	plain_error(p, &err);
	record_release(&request_document_answer, &document);
}

static const struct plain_list_action reprint_actions[] = {
	{ .label = N_("打印"), .needs_row = 1, .refuse = refuse_reprint, .run = reprint },
};

void
plain_certificates_reprint(struct plain *p)
{
	static const struct plain_list_opts opts = {
		.title = N_("42 社保费完税证明补打"),
		.list = &app_list_certificates,
		.empty = N_("没有已开具的完税证明。首次打印请使用【社保费完税证明打印】。"),
		.help = N_("社保费完税证明打印成功后，才能使用该模块进行补打。"),
		.actions = reprint_actions,
		.action_count = ARRAY_LEN(reprint_actions),
	};

	plain_list_run(p, &opts);
}
