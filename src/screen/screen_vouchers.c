/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 32 缴费凭证打印记录: look at, print again, void vouchers (manual 2.3.2). */
#include <stdio.h>

#include "screen_list.h"
#include "screen_paper.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/states.h"

static const char id_show[] = "show", id_print[] = "print", id_void[] = "void";

static const struct tui_action actions[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("查看"), .help = N_("查看银行端查询缴费凭证明细"), .id = id_show },
	{ .key = TUI_KEY_F7, .letters = "p", .label = N_("重新打印"), .help = N_("重新打印银行端查询缴费凭证"), .flags = TUI_ACTION_MAIN, .id = id_print },
	{ .key = TUI_KEY_F8, .letters = "d", .label = N_("作废"), .help = N_("作废本条银行端查询缴费凭证"), .id = id_void },
};

const struct screen_keys screen_vouchers_keys = { actions, ARRAY_LEN(actions) };

/* ---- ① 查看: the voucher above its levies */

static void
head_detail(struct screen_ui *ui, const void *about, struct screen_head *out)
{
	static const char *const names[] = { "voucher_no", "state", "amount", "levy_count",
		"issued_at", "due_date", "account_name", "account_no", "bank_name", "print_count",
		"closed_at", NULL };
	struct voucher voucher = { 0 };

	if (mirror_find(app_db(ui->app), MIRROR_VOUCHER, app_unit(ui->app), about, &voucher,
		NULL) == 1) {
		screen_head_add(out, &voucher_type, names, &voucher);
	}
	record_release(&voucher_type, &voucher);
}

static void
show_detail(struct screen_ui *ui, const char *voucher_no)
{
	const struct screen_list_opts opts = {
		.title = N_("32 银行端缴费凭证明细"),
		.list = &app_list_vouchered,
		.head = head_detail,
		.about = voucher_no,
		.empty = N_("凭证已作废或过期，其中的费款可在【缴费】中重新开具凭证。"),
	};

	screen_list_run(ui, &opts);
}

/* ---- ② 重新打印 */

struct printing {
	struct screen_ui *ui;
	const char *voucher_no;
	struct document document;
};

static int
fetch_document(void *user, struct err *err)
{
	struct printing *p = user;

	return app_voucher_document(p->ui->app, p->voucher_no, &p->document, err);
}

static void
print_again(struct screen_ui *ui, const char *voucher_no)
{
	struct printing p = { .ui = ui, .voucher_no = voucher_no };
	struct err err = { 0 };

	if (screen_common_busy(ui, _("正在取回缴费凭证……"), fetch_document, &p, &err) != 0) {
		screen_common_error(ui, &err);
	} else if (screen_common_save(ui, &p.document, 0)) {
		screen_paper_show(ui, VIEW_DOCUMENT_VOUCHER, voucher_no);
	}
	record_release(&request_document_answer, &p.document);
}

/* ---- ③ 作废 */

struct voiding {
	struct screen_ui *ui;
	struct voucher_void_request request;
	struct voucher voucher;
};

static int
void_now(void *user, struct err *err)
{
	struct voiding *v = user;

	return app_voucher_void(v->ui->app, &v->request, &v->voucher, err);
}

static void
void_voucher(struct screen_ui *ui, const char *voucher_no, int64_t amount)
{
	struct voiding v = { .ui = ui };
	struct proof_request proof = { .action = PROOF_VOID_VOUCHER };
	struct screen_amount words;
	struct err err = { 0 };
	char question[512];

	screen_common_amount(amount, &words);
	snprintf(question, sizeof(question), _("是否作废本条记录\n\n凭证号码：%s\n金额：%s\n%s"),
	    voucher_no, words.figures, words.words);
	if (!tui_dialog_danger(ui->tui, _("作废"), question)) {
		return;
	}
	mem_copy_text(proof.voucher_no, sizeof(proof.voucher_no), voucher_no);
	if (screen_common_prove(ui, &proof, v.request.proof) != 0) {
		return;
	}
	mem_copy_text(v.request.voucher_no, sizeof(v.request.voucher_no), voucher_no);
	if (screen_common_busy(ui, _("正在作废……"), void_now, &v, &err) == 0) {
		screen_common_success(ui, _("作废成功"));
	} else {
		screen_common_error(ui, &err);
	}
	crypto_wipe(v.request.proof, sizeof(v.request.proof));
	record_release(&voucher_type, &v.voucher);
}

/* What the service answers, without asking for a password first. */
static void
tell_paid(struct screen_ui *ui, const char *voucher_no)
{
	char message[160];

	snprintf(message, sizeof(message), _("作废失败，税票号码%s已经入库，不能进行此操作"),
	    voucher_no);
	tui_dialog_message(ui->tui, TUI_DIALOG_ERROR, _("作废"), message);
}

static const char *
refuse(struct screen_list *list, const struct tui_action *row)
{
	const struct voucher *v = screen_list_focused(list);

	if (v == NULL) {
		return _("没有缴费凭证。");
	}
	if (row->id == id_show) {
		return NULL;
	}
	return row->id == id_void ? app_list_refuse_void_voucher(v) : app_list_refuse_print(v);
}

static enum tui_code
run(struct screen_list *list, const struct tui_action *row)
{
	struct screen_ui *ui = screen_list_ui(list);
	const struct voucher *v = screen_list_focused(list);
	char no[TICKET_NO_SIZE];

	mem_copy_text(no, sizeof(no), v->voucher_no);
	if (row->id == id_show) {
		show_detail(ui, no);
	} else if (row->id == id_print) {
		print_again(ui, no);
	} else if (v->state == VOUCHER_PAID) {
		tell_paid(ui, no);
	} else {
		void_voucher(ui, no, v->amount);
		screen_list_refresh(list);
		return TUI_REDRAW;
	}
	screen_list_reload(list);
	return TUI_REDRAW;
}

void
screen_vouchers(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("32 缴费凭证打印记录"),
		.list = &app_list_vouchers,
		.empty = N_("没有已开具的银行端查询缴费凭证。请在【缴费】中开具。"),
		.help = N_("2.3.2 缴费凭证打印记录\n本模块用于查看、打印和作废已开具的银行端查询缴费凭证，可以根据凭证开具日期筛选。\n"
			   "注意事项\n1. 银行端查询缴费凭证作废后，可通过【缴费】模块重新开具；\n"
			   "2. 若银行已扣款，则银行端查询缴费凭证不能作废。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
		.refuse = refuse,
		.run = run,
	};

	screen_list_run(ui, &opts);
}
