/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 31 缴费: direct debit, or a voucher for the bank counter (manual 2.3.1). The steps are numbered
 * as there. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screen_list.h"
#include "screen_paper.h"
#include "screen_payment.h"
#include "screen_totals.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/said.h"
#include "shebao/states.h"
#include "shebao/tui_list.h"

#define CODE_PRINT 41

static const char id_pay[] = "pay", id_timeline[] = "timeline";

static const struct tui_action actions[] = {
	{ .key = TUI_KEY_F2, .also = TUI_KEY_CTRL('S'), .label = N_("立即缴费"), .help = N_("缴纳勾选的费款"), .flags = TUI_ACTION_MAIN, .id = id_pay },
	{ .key = TUI_KEY_F8, .label = N_("缴费经过"), .help = N_("查看待确认缴费的经过，立即查询结果"), .id = id_timeline },
};

const struct screen_keys screen_pay_keys = { actions, ARRAY_LEN(actions) };

/* What the steps hand on to each other. */
struct paying {
	struct screen_ui *ui;
	struct text_list levy_nos;
	int64_t amount;
	struct screen_amount words;
	char *password; /* locked memory, until the way of paying is chosen */
	char period_from[PERIOD_SIZE], period_to[PERIOD_SIZE]; /* of the levies, first and last */
	int next; /* code of the screen to open then; 0: this one stays */
};

/* The proof is bound to the way of paying, which the manual asks after the password. */
static int
prove(struct paying *p, int action, char proof[TOKEN_SIZE], struct err *err)
{
	struct proof_request request = {
		.action = action,
		.levy_nos = p->levy_nos,
		.amount = p->amount,
	};

	return app_prove(p->ui->app, &request, p->password, proof, err);
}

/* ---- (2) 扣款前请确认扣费险种、金额是否正确 */

static int
confirm_items(struct paying *p, const struct mirror_query *marked)
{
	static const char *const buttons[] = { N_("确定"), N_("取消") };
	struct screen_totals totals = { 0 };
	struct err err = { 0 };
	struct tui_dialog_line lines[2];
	const char *translated[] = { _(buttons[0]), _(buttons[1]) };
	struct tui_dialog dialog = {
		.title = _("确认信息"),
		.text = _("扣款前请确认扣费险种、金额是否正确"),
		.kind = TUI_DIALOG_WARNING,
		.lines = lines,
		.line_count = ARRAY_LEN(lines),
		.scroll = totals.lines,
		.buttons = translated,
		.button_count = ARRAY_LEN(translated),
		.initial = 1,
		.view_flags = TUI_VIEW_DEAF,
	};

	if (screen_totals_query(app_db(p->ui->app), marked, &totals, &err) != 0) {
		screen_common_error(p->ui, &err);
		return 0;
	}
	dialog.scroll_count = totals.count;
	lines[0] = (struct tui_dialog_line){ _("合计（小写）"), text_cleaned(p->words.figures), 1 };
	lines[1] = (struct tui_dialog_line){ _("合计（大写）"), text_cleaned(p->words.words), 1 };
	return tui_dialog_run(p->ui->tui, &dialog) == 0;
}

/* 确认缴款: the last look before money moves. */
static int
confirm_money(struct paying *p, const char *how, const char *account)
{
	static const char *const buttons[] = { N_("确认缴费"), N_("取消") };
	const char *translated[] = { _(buttons[0]), _(buttons[1]) };
	const struct tui_dialog_line lines[] = {
		{ _("缴费单位"), text_cleaned(app_employer(p->ui->app)->name), 0 },
		{ _("缴费方式"), text_cleaned(how), 0 },
		{ _("账户"), text_cleaned(account), 0 },
		{ _("金额（小写）"), text_cleaned(p->words.figures), 1 },
		{ _("金额（大写）"), text_cleaned(p->words.words), 1 },
	};
	const struct tui_dialog dialog = {
		.title = _("确认缴款"),
		.text = _("请再次核实缴费金额。"),
		.kind = TUI_DIALOG_WARNING,
		.lines = lines,
		.line_count = ARRAY_LEN(lines),
		.buttons = translated,
		.button_count = ARRAY_LEN(translated),
		.initial = 1,
		.view_flags = TUI_VIEW_DEAF,
	};

	return tui_dialog_run(p->ui->tui, &dialog) == 0;
}

/* ---- (四) ① 三方协议缴费 */

#define AGREEMENTS_MAX 64

struct agreements {
	struct agreement rows[AGREEMENTS_MAX];
	struct mirror_window window;
	char label[400];
};

static size_t
agreement_count(void *user)
{
	return ((struct agreements *)user)->window.got;
}

static struct text
agreement_label(void *user, size_t index)
{
	struct agreements *a = user;

	const char *account_no = a->rows[index].account_no;
	size_t n = strlen(account_no);

	snprintf(a->label, sizeof(a->label), _("%s 尾号 %s"), a->rows[index].bank_name,
	    n > 4 ? account_no + n - 4 : account_no);
	return text_cleaned(a->label);
}

static struct text
agreement_note(void *user, size_t index)
{
	return text_cleaned(((struct agreements *)user)->rows[index].agreement_no);
}

/* The agreement chosen, or NULL. Only verified ones are offered. */
static const struct agreement *
choose_agreement(struct paying *p, struct agreements *a)
{
	const struct tui_choices choices = { agreement_count, agreement_label, agreement_note, a };
	struct mirror_query q = { .noun = MIRROR_AGREEMENT };
	int chosen;

	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(p->ui->app));
	mirror_where(&q, "status", MIRROR_IS, agreement_statuses.rows[AGREEMENT_VERIFIED].name);
	a->window.records = a->rows;
	(void)!mirror_fetch(app_db(p->ui->app), &q, 0, AGREEMENTS_MAX, &a->window, NULL);
	if (a->window.got == 0) {
		tui_dialog_message(p->ui->tui, TUI_DIALOG_WARNING, _("三方协议"),
		    _("未查询到有效的三方协议信息，如有疑问，请联系主管税务机关！"));
		return NULL;
	}
	chosen = tui_list_choose(p->ui->tui, _("选择本次缴费适用的三方协议"), &choices, 0);
	return chosen < 0 ? NULL : &a->rows[chosen];
}

/* What mostly comes next is one key away: 41 with the period of what was paid. */
static void
show_success(struct paying *p, const struct payment *payment)
{
	enum { PRINT, CLOSE };
	static const struct tui_action shortcuts[] = {
		[PRINT] = { .key = TUI_KEY_F7, .label = N_("打印证明") },
		[CLOSE] = { .key = TUI_KEY_NONE },
	};
	const char *buttons[] = { [PRINT] = _("打印完税证明"), [CLOSE] = _("确定") };
	char message[160];
	const struct tui_dialog dialog = {
		.title = _("提示"),
		.kind = TUI_DIALOG_SUCCESS,
		.text = message,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
		.shortcuts = shortcuts,
		.initial = CLOSE,
	};

	snprintf(message, sizeof(message), _("三方协议缴费成功。\n电子税票号码：%s"),
	    payment->tax_ticket_no);
	if (tui_dialog_run(p->ui->tui, &dialog) == PRINT) {
		mem_copy_text(p->ui->print_from, PERIOD_SIZE, p->period_from);
		mem_copy_text(p->ui->print_to, PERIOD_SIZE, p->period_to);
		p->next = CODE_PRINT;
	}
}

static void
show_outcome(struct paying *p, const struct payment *payment)
{
	struct screen_ui *ui = p->ui;
	char message[800], said[ERR_TEXT_MAX];

	switch (payment->state) {
	case PAYMENT_SUCCEEDED:
		show_success(p, payment);
		break;
	case PAYMENT_REFUSED:
		snprintf(message, sizeof(message),
		    _("三方协议扣款失败！\n原因：%s\n没有扣款，处理后可以再次发起扣款。"),
		    said_text(payment->reason, said, sizeof(said)));
		tui_dialog_message(ui->tui, TUI_DIALOG_ERROR, _("缴费"), message);
		break;
	default:
		screen_payment_show(ui, payment->payment_no);
		break;
	}
}

struct debiting {
	struct paying *paying;
	struct pay_request request;
	struct payment payment;
};

static int
debit(void *user, struct err *err)
{
	struct debiting *d = user;

	if (prove(d->paying, PROOF_PAY, d->request.proof, err) != 0) {
		return -1;
	}
	return app_pay(d->paying->ui->app, &d->request, &d->payment, NULL, err);
}

static void
pay_by_agreement(struct paying *p)
{
	struct debiting d = {
		.paying = p,
		.request = { .levy_nos = p->levy_nos, .amount = p->amount },
	};
	struct agreements *agreements = mem_alloc(sizeof(*agreements));
	const struct agreement *agreement = choose_agreement(p, agreements);
	struct err err = { 0 };
	char account[300];

	if (agreement == NULL) {
		goto out;
	}
	snprintf(account, sizeof(account), "%s %s", agreement->bank_name, agreement->account_no);
	if (!confirm_money(p, _("三方协议缴费"), account)) {
		goto out;
	}
	mem_copy_text(d.request.agreement_no, sizeof(d.request.agreement_no),
	    agreement->agreement_no);
	if (screen_common_busy(p->ui, _("正在扣款，请稍候……"), debit, &d, &err) == 0) {
		show_outcome(p, &d.payment);
	} else {
		screen_common_error(p->ui, &err);
	}
	crypto_wipe(d.request.proof, sizeof(d.request.proof));
	record_release(&payment_type, &d.payment);
out:
	free(agreements);
}

/* ---- (四) ② 银行端凭证缴费 */

#define ACCOUNTS_MAX 64

struct accounts {
	struct account rows[ACCOUNTS_MAX];
	struct mirror_window window;
	char label[400];
};

/* The known accounts, then 人工录入, then none at all. */
static size_t
account_count(void *user)
{
	return ((struct accounts *)user)->window.got + 2;
}

static struct text
account_label(void *user, size_t index)
{
	struct accounts *a = user;

	if (index < a->window.got) {
		snprintf(a->label, sizeof(a->label), "%s %s", a->rows[index].bank_name,
		    a->rows[index].account_no);
		return text_cleaned(a->label);
	}
	return text_literal(
	    index == a->window.got ? _("人工录入账户账号信息") : _("不填写缴款账户（非必录）"));
}

static int
type_account(struct paying *p, struct voucher_request *request)
{
	struct tui_field fields[] = {
		{ .label = N_("开户银行"), .kind = TUI_FIELD_TEXT, .columns = 40,
		    .value = request->bank_name, .size = sizeof(request->bank_name) },
		{ .label = N_("账户名称"), .kind = TUI_FIELD_TEXT, .columns = 40,
		    .value = request->account_name, .size = sizeof(request->account_name) },
		{ .label = N_("账号"), .kind = TUI_FIELD_CODE, .columns = 33,
		    .value = request->account_no, .size = sizeof(request->account_no) },
	};
	static const char *const buttons[] = { N_("保存") };
	const struct tui_form form = {
		.title = _("人工录入账户账号信息"),
		.text = _("本次缴费的扣款账户的相关信息，非必录。"),
		.fields = fields,
		.field_count = ARRAY_LEN(fields),
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
	};

	return tui_form_run(p->ui->tui, &form) == TUI_CANCELLED ? -1 : 0;
}

static int
choose_account(struct paying *p, struct voucher_request *request)
{
	struct accounts *a = mem_alloc(sizeof(*a));
	const struct tui_choices choices = { account_count, account_label, NULL, a };
	struct mirror_query q = { .noun = MIRROR_ACCOUNT };
	int chosen, rc = 0;

	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(p->ui->app));
	a->window.records = a->rows;
	(void)!mirror_fetch(app_db(p->ui->app), &q, 0, ACCOUNTS_MAX, &a->window, NULL);
	chosen = tui_list_choose(p->ui->tui, _("选择缴款账户"), &choices, 0);
	if (chosen < 0) {
		rc = -1;
	} else if ((size_t)chosen < a->window.got) {
		const struct account *account = &a->rows[chosen];

		mem_copy_text(request->bank_name, sizeof(request->bank_name), account->bank_name);
		mem_copy_text(
		    request->account_no, sizeof(request->account_no), account->account_no);
		mem_copy_text(
		    request->account_name, sizeof(request->account_name), account->account_name);
	} else if ((size_t)chosen == a->window.got) {
		rc = type_account(p, request);
	}
	free(a);
	return rc;
}

struct fetching {
	struct screen_ui *ui;
	const char *voucher_no;
	struct document document;
};

static int
fetch(void *user, struct err *err)
{
	struct fetching *f = user;

	return app_voucher_document(f->ui->app, f->voucher_no, &f->document, err);
}

/* Saves the voucher, says so, shows it as printed. */
static void
hand_over(struct screen_ui *ui, const char *voucher_no)
{
	struct fetching f = { .ui = ui, .voucher_no = voucher_no };
	struct err err = { 0 };

	if (screen_common_busy(ui, _("正在获取凭证……"), fetch, &f, &err) != 0) {
		screen_common_error(ui, &err);
	} else if (screen_common_save(ui, &f.document, 0)) {
		screen_common_success(ui, _("缴费凭证开具完成"));
		screen_paper_show(ui, VIEW_DOCUMENT_VOUCHER, voucher_no);
	} else {
		tui_dialog_message(ui->tui, TUI_DIALOG_WARNING, _("缴费凭证"),
		    _("凭证已开具，但没有保存到文件。可在【缴费凭证打印记录】中重新打印。"));
	}
	record_release(&request_document_answer, &f.document);
}

struct issuing {
	struct paying *paying;
	struct voucher_request request;
	struct voucher voucher;
};

static int
issue(void *user, struct err *err)
{
	struct issuing *i = user;

	if (prove(i->paying, PROOF_ISSUE_VOUCHER, i->request.proof, err) != 0) {
		return -1;
	}
	return app_voucher_issue(i->paying->ui->app, &i->request, &i->voucher, err);
}

static void
pay_by_voucher(struct paying *p)
{
	struct issuing i = {
		.paying = p,
		.request = { .levy_nos = p->levy_nos, .amount = p->amount },
	};
	struct err err = { 0 };
	char account[400];

	if (choose_account(p, &i.request) != 0) {
		return;
	}
	snprintf(account, sizeof(account), "%s %s", i.request.bank_name, i.request.account_no);
	if (i.request.bank_name[0] == '\0' && i.request.account_no[0] == '\0') {
		mem_copy_text(account, sizeof(account), _("未填写"));
	}
	if (!confirm_money(p, _("银行端凭证缴费"), account)) {
		return;
	}
	if (screen_common_busy(p->ui, _("正在开具凭证……"), issue, &i, &err) == 0) {
		hand_over(p->ui, i.voucher.voucher_no);
	} else {
		screen_common_error(p->ui, &err);
	}
	crypto_wipe(i.request.proof, sizeof(i.request.proof));
	record_release(&voucher_type, &i.voucher);
}

/* ---- (3) 安全认证, (四) 选择缴费方式 */

static int
check_password(void *user, const char *password, struct err *err)
{
	struct paying *p = user;
	char proof[TOKEN_SIZE];
	int rc;

	mem_copy_text(p->password, PASSWORD_SIZE, password);
	rc = prove(p, PROOF_PAY, proof, err);
	crypto_wipe(proof, sizeof(proof));
	return rc;
}

static void
choose_way(struct paying *p)
{
	static const char *const ways[] = { N_("三方协议缴费"), N_("银行端凭证缴费"), NULL };
	const struct tui_choices choices = { .count = tui_list_array_count,
		.label = tui_list_array_label,
		.user = (void *)(uintptr_t)ways };
	char title[120];
	int way;

	snprintf(title, sizeof(title), _("选择缴费方式：%zu 笔 %s"), p->levy_nos.count,
	    p->words.figures);
	way = tui_list_choose(p->ui->tui, title, &choices, 0);
	if (way == 0) {
		pay_by_agreement(p);
	} else if (way == 1) {
		pay_by_voucher(p);
	}
}

/* Code of the screen that comes next; 0: this one stays. */
static int
pay(struct screen_list *list)
{
	struct screen_ui *ui = screen_list_ui(list);
	struct paying p = { .ui = ui };
	struct mirror_query marked;
	struct err err = { 0 };

	if (screen_list_selection(list, &p.levy_nos, &p.amount, &err) != 0) {
		screen_common_error(ui, &err);
		goto out;
	}
	screen_common_amount(p.amount, &p.words);
	if (screen_list_marked(list, NULL) > 0) {
		screen_list_query(list, 1, &marked);
	} else {
		app_query_payable(ui->app, 1, &marked);
		mirror_where(&marked, "levy_no", MIRROR_IS, p.levy_nos.items[0]);
	}
	if (!app_list_span(ui->app, &marked, p.period_from, p.period_to) ||
	    !confirm_items(&p, &marked)) {
		goto out;
	}
	p.password = crypto_secret_alloc(PASSWORD_SIZE);
	if (screen_common_authenticate(ui, _("安全认证"), check_password, &p) == 0) {
		choose_way(&p);
	}
	crypto_secret_free(p.password, PASSWORD_SIZE);
	if (p.next == 0) {
		screen_list_refresh(list);
	}
out:
	text_list_release(&p.levy_nos);
	return p.next;
}

static const char *
refuse(struct screen_list *list, const struct tui_action *row)
{
	const struct levy *levy = screen_list_focused(list);

	if (levy == NULL) {
		return _("没有待缴纳的费款。");
	}
	if (row->id == id_timeline) {
		return levy->payment_no[0] == '\0' ? _("该费款没有缴费经过。") : NULL;
	}
	return screen_list_marked(list, NULL) > 0 ? NULL : app_list_refuse_pay(levy);
}

static enum tui_code
run(struct screen_list *list, const struct tui_action *row)
{
	const struct levy *levy = screen_list_focused(list);
	int next;

	if (row->id == id_pay) {
		next = pay(list);
		return next == 0 ? TUI_REDRAW : screen_list_go(list, next);
	} else {
		screen_payment_show(screen_list_ui(list), levy->payment_no);
		screen_list_refresh(list);
	}
	return TUI_REDRAW;
}

void
screen_pay(struct screen_ui *ui)
{
	static const struct screen_list_opts opts = {
		.title = N_("31 缴费"),
		.list = &app_list_payable,
		.empty = N_("没有已申报未缴费的费款。\n若确认申报后，系统未自动带出缴费数据，按 F5 刷新。"),
		.help = N_("2.3.1 缴费\n勾选需要缴纳的应缴费款，按 F2 立即缴费；核对险种和金额，输入申报密码，选择缴费方式。\n"
			   "注意事项\n1. 选择缴费方式为三方协议缴费时，若实时扣款出现异常，导致扣款失败，可通过该模块再次发起扣款；"
			   "结果待确认的，系统自动查询，请勿重复缴费。\n"
			   "2. 选择缴费方式为银行端凭证缴费时，可通过【缴费凭证打印记录】模块作废。\n"
			   "3. 银行端查询缴费凭证打印失败，可通过【缴费凭证打印记录】模块进行补打。\n"
			   "4. 自动带出的缴款账户，是指已在【社保费管理子系统】中【社会保险费缴费人存款账户账号报告】模块维护账户信息的账户。\n"
			   "5. 三方协议缴费方式适用于已签订三方协议的缴费人。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
		.refuse = refuse,
		.run = run,
	};

	screen_list_run(ui, &opts);
}
