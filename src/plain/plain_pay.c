/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 31 缴费: direct debit, or a voucher for the bank counter (manual 2.3.1). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_items.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/said.h"
#include "shebao/states.h"

#define CHOICES_MAX 64

/* What the steps hand on to each other. */
struct paying {
	struct plain *p;
	struct text_list levy_nos;
	int64_t amount;
	struct mirror_query rows;
	char *password; /* locked memory, until the way of paying is chosen */
};

/* The proof is bound to the way of paying, which the manual asks after the password. */
static int
prove(struct paying *paying, int action, char proof[TOKEN_SIZE], struct err *err)
{
	const struct proof_request request = {
		.action = action,
		.levy_nos = paying->levy_nos,
		.amount = paying->amount,
	};

	return app_prove(paying->p->app, &request, paying->password, proof, err);
}

static int
check_password(void *user, const char *password, struct err *err)
{
	struct paying *paying = user;
	char proof[TOKEN_SIZE];
	int rc;

	mem_copy_text(paying->password, PASSWORD_SIZE, password);
	rc = prove(paying, PROOF_PAY, proof, err);
	crypto_wipe(proof, sizeof(proof));
	return rc;
}

/* 确认缴款: the last look before money moves. */
static int
confirm_money(struct paying *paying, const char *how, const char *account)
{
	struct plain *p = paying->p;
	struct plain_amount amount;

	plain_common_amount(paying->amount, &amount);
	plain_say(p, "%s", _("确认缴款。请再次核实缴费金额。"));
	plain_say(p, _("%s：%s"), _("缴费单位"), app_employer(p->app)->name);
	plain_say(p, _("%s：%s"), _("缴费方式"), how);
	plain_say(p, _("%s：%s"), _("账户"), account);
	plain_say(p, _("金额（小写）：%s"), amount.figures);
	plain_say(p, _("金额（大写）：%s"), amount.words);
	return plain_confirm_amount(p, paying->amount);
}

/* ---- (四) ① 三方协议缴费 */

/* Rows of a noun into records of size n and their words; how many. */
static size_t
fetch(struct plain *p, struct mirror_query *q, void *records)
{
	struct mirror_window window = { .records = records };
	struct err err = { 0 };

	mem_copy_text(q->taxpayer_id, sizeof(q->taxpayer_id), app_unit(p->app));
	if (mirror_fetch(app_db(p->app), q, 0, CHOICES_MAX, &window, &err) != 0) {
		plain_error(p, &err);
	}
	return window.got;
}

static int
choose_agreement(struct plain *p, struct agreement *out)
{
	struct mirror_query q = { .noun = MIRROR_AGREEMENT };
	struct agreement *rows = mem_alloc(CHOICES_MAX * sizeof(*rows));
	char *words[CHOICES_MAX];
	size_t got, i;
	int chosen = -1;

	mirror_where(&q, "status", MIRROR_IS, agreement_statuses.rows[AGREEMENT_VERIFIED].name);
	got = fetch(p, &q, rows);
	for (i = 0; i < got; i++) {
		words[i] = mem_printf("%s %s %s", rows[i].bank_name, rows[i].account_no,
		    rows[i].agreement_no);
	}
	if (got == 0) {
		plain_say(p, "%s",
		    _("未查询到有效的三方协议信息，如有疑问，请联系主管税务机关！"));
	} else {
		const struct plain_choice choice = { .title = _("选择本次缴费适用的三方协议"),
			.labels = (const char *const *)words,
			.count = got,
			.initial = -1 };

		chosen = plain_choose(p, &choice);
	}
	if (chosen >= 0) {
		*out = rows[chosen];
	}
	for (i = 0; i < got; i++) {
		free(words[i]);
	}
	free(rows);
	return chosen >= 0;
}

static void
tell_outcome(struct plain *p, const struct payment *payment)
{
	char said[ERR_TEXT_MAX];

	switch (payment->state) {
	case PAYMENT_SUCCEEDED:
		plain_say(p, _("三方协议缴费成功。\n电子税票号码：%s"), payment->tax_ticket_no);
		break;
	case PAYMENT_REFUSED:
		plain_say(p, _("三方协议扣款失败！\n原因：%s\n没有扣款，处理后可以再次发起扣款。"),
		    said_text(payment->reason, said, sizeof(said)));
		break;
	default:
		plain_payments_show(p, payment->payment_no);
		break;
	}
}

static void
pay_by_agreement(struct paying *paying)
{
	struct plain *p = paying->p;
	struct pay_request request = { .levy_nos = paying->levy_nos, .amount = paying->amount };
	struct agreement agreement = { 0 };
	struct payment payment = { 0 };
	struct err err = { 0 };
	char account[300];

	if (!choose_agreement(p, &agreement)) {
		return;
	}
	snprintf(account, sizeof(account), "%s %s", agreement.bank_name, agreement.account_no);
	if (!confirm_money(paying, _("三方协议缴费"), account)) {
		return;
	}
	mem_copy_text(
	    request.agreement_no, sizeof(request.agreement_no), agreement.agreement_no);
	plain_say(p, "%s", _("正在扣款，请稍候……"));
	if (prove(paying, PROOF_PAY, request.proof, &err) == 0 &&
	    app_pay(p->app, &request, &payment, NULL, &err) == 0) {
		tell_outcome(p, &payment);
	}
	plain_error(p, &err);
	crypto_wipe(request.proof, sizeof(request.proof));
	record_release(&payment_type, &payment);
}

/* ---- (四) ② 银行端凭证缴费 */

static int
type_account(struct plain *p, struct voucher_request *request)
{
	const char *help = _("本次缴费的扣款账户的相关信息，非必录。");

	return plain_ask(p, _("开户银行："), help, request->bank_name,
		   sizeof(request->bank_name)) &&
	    plain_ask(p, _("账户名称："), help, request->account_name,
		sizeof(request->account_name)) &&
	    plain_ask_code(
		p, _("账号："), help, request->account_no, sizeof(request->account_no));
}

/* The known accounts, then 人工录入, then none at all. */
static int
choose_account(struct plain *p, struct voucher_request *request)
{
	struct mirror_query q = { .noun = MIRROR_ACCOUNT };
	struct account *rows = mem_alloc(CHOICES_MAX * sizeof(*rows));
	char *words[CHOICES_MAX + 2];
	struct plain_choice choice = { .title = _("选择缴款账户"), .initial = -1 };
	size_t got = fetch(p, &q, rows), i;
	int chosen;

	for (i = 0; i < got; i++) {
		words[i] = mem_printf("%s %s", rows[i].bank_name, rows[i].account_no);
	}
	words[got] = mem_dup(_("人工录入账户账号信息"));
	words[got + 1] = mem_dup(_("不填写缴款账户（非必录）"));
	choice.labels = (const char *const *)words;
	choice.count = got + 2;
	chosen = plain_choose(p, &choice);
	if (chosen >= 0 && (size_t)chosen < got) {
		const struct account *a = &rows[chosen];

		mem_copy_text(request->bank_name, sizeof(request->bank_name), a->bank_name);
		mem_copy_text(request->account_no, sizeof(request->account_no), a->account_no);
		mem_copy_text(
		    request->account_name, sizeof(request->account_name), a->account_name);
	}
	for (i = 0; i < got + 2; i++) {
		free(words[i]);
	}
	free(rows);
	return chosen >= 0 && ((size_t)chosen != got || type_account(p, request));
}

static void
pay_by_voucher(struct paying *paying)
{
	struct plain *p = paying->p;
	struct voucher_request request = { .levy_nos = paying->levy_nos,
		.amount = paying->amount };
	struct voucher voucher = { 0 };
	struct err err = { 0 };
	char account[400];

	if (!choose_account(p, &request)) {
		return;
	}
	snprintf(account, sizeof(account), "%s %s", request.bank_name, request.account_no);
	if (!confirm_money(paying, _("银行端凭证缴费"), account)) {
		return;
	}
	plain_say(p, "%s", _("正在开具凭证……"));
	if (prove(paying, PROOF_ISSUE_VOUCHER, request.proof, &err) == 0 &&
	    app_voucher_issue(p->app, &request, &voucher, &err) == 0) {
		plain_common_record(p, &view_voucher, &voucher);
		if (plain_vouchers_save(p, voucher.voucher_no)) {
			plain_say(p, "%s", _("缴费凭证开具完成"));
		} else {
			plain_say(p, "%s",
			    _("凭证已开具，但没有保存到文件。可在【缴费凭证打印记录】中重新打印。"));
		}
	}
	plain_error(p, &err);
	crypto_wipe(request.proof, sizeof(request.proof));
	record_release(&voucher_type, &voucher);
}

/* ---- (2) to (四) */

static void
choose_way(struct paying *paying)
{
	const char *const ways[] = { _("三方协议缴费"), _("银行端凭证缴费") };
	const struct plain_choice choice = { .title = _("选择缴费方式"),
		.labels = ways,
		.count = ARRAY_LEN(ways),
		.initial = -1 };
	int way = plain_choose(paying->p, &choice);

	if (way == 0) {
		pay_by_agreement(paying);
	} else if (way == 1) {
		pay_by_voucher(paying);
	}
}

static void
pay(struct plain_list *list, const void *record)
{
	struct plain *p = list->p;
	struct paying paying = { .p = p };

	(void)record;
	if (plain_list_selection(list, &paying.levy_nos, &paying.amount, &paying.rows)) {
		plain_common_totals(p, &paying.rows, paying.amount);
		if (plain_confirm(p, _("扣款前请确认扣费险种、金额是否正确"))) {
			paying.password = crypto_secret_alloc(PASSWORD_SIZE);
			if (plain_common_authenticate(
				p, _("安全认证"), check_password, &paying) == 0) {
				choose_way(&paying);
			}
			crypto_secret_free(paying.password, PASSWORD_SIZE);
			plain_list_refresh(list);
		}
	}
	text_list_release(&paying.levy_nos);
}

static const char *
refuse_timeline(const void *record)
{
	return ((const struct levy *)record)->payment_no[0] == '\0' ?
	    _("该费款没有缴费经过。") :
	    NULL;
}

static void
show_timeline(struct plain_list *list, const void *record)
{
	plain_payments_show(list->p, ((const struct levy *)record)->payment_no);
	plain_list_refresh(list);
}

static const struct plain_list_action actions[] = {
	{ .label = N_("立即缴费"), .run = pay },
	{ .label = N_("缴费经过"), .needs_row = 1, .refuse = refuse_timeline, .run = show_timeline },
};

void
plain_pay(struct plain *p)
{
	static const struct plain_list_opts opts = {
		.title = N_("31 缴费"),
		.list = &app_list_payable,
		.empty = N_("没有已申报未缴费的费款。\n若确认申报后，系统未自动带出缴费数据，请选择【刷新】。"),
		.help = N_("勾选需要缴纳的应缴费款，选择【立即缴费】；核对险种和金额，输入申报密码，选择缴费方式。\n"
			   "结果待确认的缴费，系统自动查询，请勿重复缴费。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
	};

	plain_list_run(p, &opts);
}
