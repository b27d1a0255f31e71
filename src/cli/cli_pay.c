/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebao pay, payments, pending, vouchers, voucher. */
#include "cli_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/crypto.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/said.h"
#include "shebao/states.h"

static int
prove(struct cli *cli, int action, const struct cli_selection *selection, const char *voucher_no,
    char proof[TOKEN_SIZE], struct err *err)
{
	struct proof_request request = { .action = action };
	const char *password;

	if (cli_password(cli, &password, err) != 0) {
		return -1;
	}
	mem_copy_text(request.voucher_no, sizeof(request.voucher_no), voucher_no);
	if (selection != NULL) {
		request.levy_nos = selection->levy_nos;
		request.amount = selection->amount;
	}
	return app_prove(cli->app, &request, password, proof, err);
}

static int
payment_status(const struct payment *payment)
{
	switch (payment->state) {
	case PAYMENT_SUCCEEDED:
		return 0;
	case PAYMENT_REFUSED:
	case PAYMENT_REVERSED:
		return 1;
	default:
		return 4;
	}
}

/* With the bank's code where it gave one. */
static void
tell_refusal(const struct payment *payment)
{
	char said[ERR_TEXT_MAX], code[sizeof(payment->result_code) + 2] = "";

	if (payment->result_code[0] != '\0') {
		snprintf(code, sizeof(code), "[%s]", payment->result_code);
	}
	fprintf(stderr, _("shebao: 三方协议扣款失败！原因：%s%s\n"), code,
	    said_text(payment->reason, said, sizeof(said)));
}

static int
pay_by_debit(struct cli *cli, const struct cli_selection *selection, struct err *err)
{
	struct pay_request request = { .levy_nos = selection->levy_nos,
		.amount = selection->amount };
	struct payment payment = { 0 };
	int status = -1;

	if (!mem_copy_text(
		request.agreement_no, sizeof(request.agreement_no), cli->agreement)) {
		return err_set(err, ERR_NOT_FOUND, _("没有协议书号为 %s 的三方协议"), cli->agreement);
	}
	if (prove(cli, PROOF_PAY, selection, "", request.proof, err) == 0 &&
	    app_pay(cli->app, &request, &payment, NULL, err) == 0) {
		cli_show(cli, &view_payment, &payment);
		status = payment_status(&payment);
	}
	if (status == 1) {
		tell_refusal(&payment);
	} else if (status == 4) {
		fprintf(stderr, "shebao: %s\n",
		    _("扣款结果待确认，请勿重复缴费；系统会自动查询（shebao pending）。"));
	}
	record_release(&payment_type, &payment);
	return status;
}

static int
set_text(char *out, size_t size, const char *option, const char *value, struct err *err)
{
	if (!mem_copy_text(out, size, value == NULL ? "" : value)) {
		return err_set(err, ERR_USAGE, _("%s 过长，最多 %zu 个字节"), option, size - 1);
	}
	return 0;
}

/* The payer's account: one known to the tax office, or typed in; optional. */
static int
fill_account(struct cli *cli, struct voucher_request *request, struct err *err)
{
	struct account account = { 0 };
	int found;

	if (cli->account == NULL) {
		return set_text(request->bank_name, sizeof(request->bank_name), "--bank", cli->bank, err) != 0 ||
			set_text(request->account_no, sizeof(request->account_no), "--account-no",
			    cli->account_no, err) != 0 ||
			set_text(request->account_name, sizeof(request->account_name),
			    "--account-name", cli->account_name, err) != 0 ?
		    -1 :
		    0;
	}
	found = mirror_find(app_db(cli->app), MIRROR_ACCOUNT, app_unit(cli->app), cli->account,
	    &account, err);
	if (found <= 0) {
		return found < 0 ?
		    -1 :
		    err_set(err, ERR_NOT_FOUND, _("没有账号为 %s 的缴款账户"), cli->account);
	}
	mem_copy_text(request->bank_name, sizeof(request->bank_name), account.bank_name);
	mem_copy_text(request->account_no, sizeof(request->account_no), account.account_no);
	mem_copy_text(request->account_name, sizeof(request->account_name), account.account_name);
	return 0;
}

static int
save_voucher(struct cli *cli, const char *voucher_no, const char *path, struct err *err)
{
	struct document document = { 0 };
	int rc = -1;

	if (app_path_check(cli->app, path, err) == 0 &&
	    file_check(path, cli->force ? FILE_REPLACE : FILE_KEEP, err) == 0 &&
	    app_voucher_document(cli->app, voucher_no, &document, err) == 0) {
		rc = app_document_save(cli->app, &document, path, cli->force, 0, err);
	}
	record_release(&request_document_answer, &document);
	return rc;
}

/* ERR_NOT_FOUND names the number; levies included. */
static int
find_voucher(struct cli *cli, const char *voucher_no, struct voucher *out, struct err *err)
{
	int found = mirror_find(
	    app_db(cli->app), MIRROR_VOUCHER, app_unit(cli->app), voucher_no, out, err);

	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("没有号码为 %s 的凭证"), voucher_no);
	}
	return cli_levy_nos(cli, "voucher_no", voucher_no, &out->levy_nos, err);
}

/* The voucher as the service has it once it is printed: counted, with its hash. */
static int
show_printed(struct cli *cli, const char *voucher_no, struct err *err)
{
	struct voucher voucher = { 0 };
	int rc = cli_connect(cli, APP_DOWNLOAD_LEVIES | APP_DOWNLOAD_RECORDS, err);

	if (rc == 0) {
		rc = find_voucher(cli, voucher_no, &voucher, err);
	}
	if (rc == 0) {
		cli_show(cli, &view_voucher, &voucher);
	}
	record_release(&voucher_type, &voucher);
	return rc;
}

static int
pay_by_voucher(struct cli *cli, const struct cli_selection *selection, struct err *err)
{
	struct voucher_request request = { .levy_nos = selection->levy_nos,
		.amount = selection->amount };
	struct voucher voucher = { 0 };
	int rc = -1;

	if (fill_account(cli, &request, err) == 0 && app_path_check(cli->app, cli->voucher, err) == 0 &&
	    file_check(cli->voucher, cli->force ? FILE_REPLACE : FILE_KEEP, err) == 0 &&
	    prove(cli, PROOF_ISSUE_VOUCHER, selection, "", request.proof, err) == 0 &&
	    app_voucher_issue(cli->app, &request, &voucher, err) == 0) {
		rc = save_voucher(cli, voucher.voucher_no, cli->voucher, err);
		if (rc == 0) {
			rc = show_printed(cli, voucher.voucher_no, err);
		} else {
			cli_show(cli, &view_voucher, &voucher);
			err_wrap(err,
			    _("凭证 %s 已开具，但文件没有保存，可用 shebao voucher print 补打"),
			    voucher.voucher_no);
		}
		if (rc == 0 && !cli->json) {
			printf(_("缴费凭证开具完成，已保存到 %s\n"), cli->voucher);
		}
	}
	record_release(&voucher_type, &voucher);
	return rc;
}

/* What names the payer belongs to a voucher, and in one of two ways: nothing is ignored when money
 * is to move. */
static int
check_payer(const struct cli *cli, struct err *err)
{
	int is_typed = cli->bank != NULL || cli->account_no != NULL || cli->account_name != NULL;

	if (cli->voucher == NULL && (is_typed || cli->account != NULL)) {
		return err_set(err, ERR_USAGE, "%s",
		    _("--account、--bank、--account-no 和 --account-name 只用于 --voucher"));
	}
	if (is_typed && cli->account != NULL) {
		return err_set(err, ERR_USAGE, "%s",
		    _("--account 和人工录入（--bank、--account-no、--account-name）只能选择其一"));
	}
	return 0;
}

int
cli_pay(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct cli_selection selection = { 0 };
	struct mirror_query q;
	int rc = -1;

	if ((cli->agreement != NULL) == (cli->voucher != NULL)) {
		return err_set(err, ERR_USAGE, "%s",
		    _("请用 --agreement 选择三方协议缴费，或用 --voucher 选择银行端凭证缴费"));
	}
	if (check_payer(cli, err) != 0 || cli_select_check(cli, arguments, count, err) != 0 ||
	    cli_period_check("--period", cli->period, err) != 0 ||
	    cli_connect(cli, APP_DOWNLOAD_REGISTRATION | APP_DOWNLOAD_LEVIES, err) != 0) {
		return -1;
	}
	app_query_payable(cli->app, 1, &q);
	if (cli_filter_levies(cli, &q, err) == 0 &&
	    cli_select(cli, &q, arguments, count, &selection, err) == 0) {
		rc = cli->agreement != NULL ? pay_by_debit(cli, &selection, err) :
					      pay_by_voucher(cli, &selection, err);
	}
	text_list_release(&selection.levy_nos);
	return rc;
}

int
cli_payments(void *program, const char *const *arguments, size_t count, struct err *err)
{
	static const struct cli_listing listing = { APP_DOWNLOAD_RECORDS, MIRROR_PAYMENT, &view_payments, "created_at" };

	(void)arguments;
	(void)count;
	return cli_list(program, &listing, err);
}

/* ---- pending: with the timeline */

static int
add_payment(const void *record, void *user, struct err *err)
{
	(void)err;
	memcpy(record_list_add(user, &payment_type), record, sizeof(struct payment));
	return 0;
}

int
cli_pending(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct record_list list = { 0 };
	struct mirror_query q;
	size_t i;
	int rc;

	(void)arguments;
	(void)count;
	if (cli_refresh(cli, APP_DOWNLOAD_RECORDS | APP_DOWNLOAD_LEVIES, err) != 0) {
		return -1;
	}
	q = cli_query(cli, MIRROR_PAYMENT);
	mirror_where(&q, "state", MIRROR_IN, "created,sent,unknown");
	rc = mirror_each(app_db(cli->app), &q, add_payment, &list, err);
	for (i = 0; rc == 0 && i < list.count; i++) {
		struct payment *payment = record_list_at(&list, &payment_type, i);

		rc = app_payment_timeline(cli->app, payment->payment_no, &payment->events, err);
		if (rc == 0) {
			rc = cli_levy_nos(
			    cli, "payment_no", payment->payment_no, &payment->levy_nos, err);
		}
	}
	if (rc == 0 && cli->json) {
		report_json_list(&payment_type, list.items, list.count);
	}
	for (i = 0; rc == 0 && !cli->json && i < list.count; i++) {
		struct payment *payment = record_list_at(&list, &payment_type, i);

		view_print_record(stdout, &view_payment, payment);
		view_print_table(stdout, &view_payment_events, payment->events.items,
		    payment->events.count);
	}
	if (rc == 0 && !cli->json && list.count == 0) {
		puts(_("没有结果待确认的缴费"));
	}
	record_list_release(&list, &payment_type);
	return rc;
}

int
cli_agreements(void *program, const char *const *arguments, size_t count, struct err *err)
{
	static const struct cli_listing listing = { APP_DOWNLOAD_REGISTRATION, MIRROR_AGREEMENT, &view_agreements, NULL };

	(void)arguments;
	(void)count;
	return cli_list(program, &listing, err);
}

int
cli_accounts(void *program, const char *const *arguments, size_t count, struct err *err)
{
	static const struct cli_listing listing = { APP_DOWNLOAD_REGISTRATION, MIRROR_ACCOUNT, &view_accounts, NULL };

	(void)arguments;
	(void)count;
	return cli_list(program, &listing, err);
}

/* ---- vouchers */

int
cli_vouchers(void *program, const char *const *arguments, size_t count, struct err *err)
{
	static const struct cli_listing listing = { APP_DOWNLOAD_RECORDS, MIRROR_VOUCHER, &view_vouchers, "issued_at" };

	(void)arguments;
	(void)count;
	return cli_list(program, &listing, err);
}

int
cli_voucher_show(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct voucher voucher = { 0 };
	struct mirror_query q;
	int rc;

	(void)count;
	if (cli_refresh(cli, APP_DOWNLOAD_LEVIES | APP_DOWNLOAD_RECORDS, err) != 0) {
		return -1;
	}
	q = cli_query(cli, MIRROR_LEVY);
	mirror_where(&q, "voucher_no", MIRROR_IS, arguments[0]);
	rc = find_voucher(cli, arguments[0], &voucher, err);
	if (rc == 0) {
		cli_show(cli, &view_voucher, &voucher);
	}
	if (rc == 0 && !cli->json) {
		fputc('\n', stdout);
		rc = cli_print(cli, &q, &view_levies_payable, err);
	}
	record_release(&voucher_type, &voucher);
	return rc;
}

int
cli_voucher_print(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	int rc = 0;

	(void)count;
	if (cli_connect(cli, APP_DOWNLOAD_RECORDS, err) != 0 ||
	    save_voucher(cli, arguments[0], arguments[1], err) != 0) {
		return -1;
	}
	if (cli->json) {
		rc = show_printed(cli, arguments[0], err);
	} else {
		printf(_("凭证 %s 已保存到 %s\n"), arguments[0], arguments[1]);
	}
	return rc;
}

int
cli_voucher_void(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct voucher_void_request request = { 0 };
	struct voucher voucher = { 0 };
	int rc = -1;

	(void)count;
	if (!mem_copy_text(request.voucher_no, sizeof(request.voucher_no), arguments[0])) {
		return err_set(err, ERR_NOT_FOUND, _("没有号码为 %s 的凭证"), arguments[0]);
	}
	if (cli_connect(cli, APP_DOWNLOAD_RECORDS, err) == 0 &&
	    prove(cli, PROOF_VOID_VOUCHER, NULL, request.voucher_no, request.proof, err) == 0 &&
	    app_voucher_void(cli->app, &request, &voucher, err) == 0) {
		rc = 0;
		if (!cli->json) {
			puts(_("作废成功"));
		}
		cli_show(cli, &view_voucher, &voucher);
	}
	record_release(&voucher_type, &voucher);
	return rc;
}
