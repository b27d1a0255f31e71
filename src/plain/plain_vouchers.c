/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 32 缴费凭证打印记录: look at, print again, void vouchers (manual 2.3.2). */
#include <stdio.h>
#include <stdlib.h>

#include "plain_items.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/states.h"

/* ---- ① 查看: the voucher, then its levies */

static void
show(struct plain_list *list, const void *record)
{
	const struct voucher *v = record;
	const struct plain_list_opts opts = {
		.title = N_("32 银行端查询缴费凭证明细"),
		.list = &app_list_vouchered,
		.about = v->voucher_no,
		.empty = N_("凭证已作废或过期，其中的费款可在【缴费】中重新开具凭证。"),
	};

	plain_common_record(list->p, &view_voucher, v);
	plain_list_run(list->p, &opts);
}

/* ---- ② 重新打印 */

int
plain_vouchers_save(struct plain *p, const char *voucher_no)
{
	struct document document = { 0 };
	struct err err = { 0 };
	char *path = NULL;
	int is_saved = 0;

	if (app_voucher_document(p->app, voucher_no, &document, &err) != 0) {
		plain_error(p, &err);
	} else {
		is_saved = plain_common_save(p, &document, 0, &path);
	}
	if (is_saved) {
		plain_say(p, _("加盖有税务机关电子签章，已保存到 %s\n加盖付款人签章后，持凭证到银行缴费即可。"),
		    path);
	}
	free(path);
	record_release(&request_document_answer, &document);
	return is_saved;
}

static const char *
refuse_print(const void *record)
{
	return app_list_refuse_print(record);
}

static void
print_again(struct plain_list *list, const void *record)
{
	(void)plain_vouchers_save(list->p, ((const struct voucher *)record)->voucher_no);
	plain_list_load(list);
}

/* ---- ③ 作废 */

static const char *
refuse_void(const void *record)
{
	return app_list_refuse_void_voucher(record);
}

static void
void_voucher(struct plain_list *list, const void *record)
{
	const struct voucher *v = record;
	struct plain *p = list->p;
	struct proof_request proof = { .action = PROOF_VOID_VOUCHER };
	struct voucher_void_request request = { 0 };
	struct voucher answer = { 0 };
	struct plain_amount amount;
	struct err err = { 0 };
	char question[512];

	/* What the service answers, without asking for a password first. */
	if (v->state == VOUCHER_PAID) {
		plain_say(p, _("作废失败，税票号码%s已经入库，不能进行此操作"), v->voucher_no);
		return;
	}
	plain_common_amount(v->amount, &amount);
	snprintf(question, sizeof(question), _("是否作废本条记录\n\n凭证号码：%s\n金额：%s\n%s"),
	    v->voucher_no, amount.figures, amount.words);
	if (!plain_confirm(p, question)) {
		return;
	}
	mem_copy_text(proof.voucher_no, sizeof(proof.voucher_no), v->voucher_no);
	mem_copy_text(request.voucher_no, sizeof(request.voucher_no), v->voucher_no);
	if (plain_common_prove(p, &proof, request.proof) == 0) {
		plain_say(p, "%s", _("正在作废……"));
		if (app_voucher_void(p->app, &request, &answer, &err) == 0) {
			plain_say(p, "%s", _("作废成功"));
		}
		plain_error(p, &err);
	}
	crypto_wipe(request.proof, sizeof(request.proof));
	record_release(&voucher_type, &answer);
	plain_list_refresh(list);
}

static const struct plain_list_action actions[] = {
	{ .label = N_("查看"), .needs_row = 1, .run = show },
	{ .label = N_("重新打印"), .needs_row = 1, .refuse = refuse_print, .run = print_again },
	{ .label = N_("作废"), .needs_row = 1, .refuse = refuse_void, .run = void_voucher },
};

void
plain_vouchers(struct plain *p)
{
	static const struct plain_list_opts opts = {
		.title = N_("32 缴费凭证打印记录"),
		.list = &app_list_vouchers,
		.empty = N_("没有已开具的银行端查询缴费凭证。请在【缴费】中开具。"),
		.help = N_("凭证作废后，可通过【缴费】模块重新开具；若银行已扣款，则凭证不能作废。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
	};

	plain_list_run(p, &opts);
}
