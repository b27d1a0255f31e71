/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands of tax officers: levies, passwords, batch lists, vouchers, questions, the audit. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "ctl_command.h"
#include "report.h"
#include "shebao/consultation.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/payment.h"
#include "shebao/period.h"
#include "shebao/request.h"
#include "shebao/view.h"
#include "shebao/voucher.h"

#define OP_ID_BYTES ((OP_ID_SIZE - 1) / 2)

// clang-format off
static const struct view_column batch_columns[] = {
	{ .name = "batch_list_no", .width = 20 },
	{ .name = "taxpayer_id", .width = 20 },
	{ .name = "period_from", .width = 8 },
	{ .name = "period_to", .width = 8 },
	{ .name = "levy_count", .width = 8, .flags = VIEW_RIGHT },
	{ .name = "amount", .width = 16, .flags = VIEW_RIGHT | VIEW_TOTAL },
	{ .name = "created_at", .width = 19 },
};
// clang-format on
static const struct view batch_lists = { .name = "batch_lists",
	.title = N_("批扣清册"),
	.type = &request_batch_list_answer,
	.columns = batch_columns,
	.count = ARRAY_LEN(batch_columns) };

int
ctl_office_withdraw(
    void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct numbers_request request = { 0 };
	struct numbers_answer answer = { 0 };
	size_t i;
	int result;

	if (options_distinct(arguments, count, err) != 0) {
		return -1;
	}
	crypto_random_hex(request.op_id, OP_ID_BYTES);
	for (i = 0; i < count; i++) {
		text_list_add(&request.numbers, arguments[i]);
	}
	result = ctl_set(&request_numbers, &request, "reason", ctl->reason, err);
	if (result == 0) {
		result =
		    ctl_ask(ctl, OPERATION_ADMIN_LEVY_WITHDRAW, &request, &answer, err);
	}
	if (result == 0 && ctl->json) {
		report_json(&request_numbers_answer, &answer);
	} else if (result == 0) {
		printf(_("已撤回%lld笔费款\n"), (long long)answer.count);
	}
	record_release(&request_numbers, &request);
	return result;
}

int
ctl_office_reset(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct password_reset_request request = { 0 };

	(void)count;
	crypto_random_hex(request.op_id, OP_ID_BYTES);
	if (ctl_set(&request_password_reset, &request, "taxpayer_id", arguments[0],
		err) != 0 ||
	    ctl_ask(ctl, OPERATION_ADMIN_PASSWORD_RESET, &request, NULL, err) != 0) {
		return -1;
	}
	if (ctl->json) {
		printf("{\"taxpayer_id\":\"%s\"}\n", request.taxpayer_id);
	} else {
		printf(_("%s的申报密码已恢复为初始密码\n"), request.taxpayer_id);
	}
	return 0;
}

int
ctl_office_batch_create(
    void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct batch_list_request request = { 0 };
	struct batch_list answer = { 0 };
	const char *to = ctl->period_to != NULL ? ctl->period_to : ctl->period_from;

	(void)arguments;
	(void)count;
	if (ctl->employer == NULL || ctl->period_from == NULL) {
		return err_set(err, ERR_USAGE, _("请给出--employer和--period-from"));
	}
	crypto_random_hex(request.op_id, OP_ID_BYTES);
	if (ctl_set(&request_batch_list, &request, "taxpayer_id", ctl->employer, err) !=
		0 ||
	    ctl_set(&request_batch_list, &request, "period_from", ctl->period_from,
		err) != 0 ||
	    ctl_set(&request_batch_list, &request, "period_to", to, err) != 0 ||
	    period_range_check(request.period_from, request.period_to, INT_MAX, err) != 0 ||
	    ctl_ask(ctl, OPERATION_ADMIN_BATCH_LIST_CREATE, &request, &answer, err) !=
		0) {
		return -1;
	}
	if (ctl->json) {
		report_json(&request_batch_list_answer, &answer);
	} else {
		view_print_record(stdout, &batch_lists, &answer);
	}
	return 0;
}

static int
show_list(struct ctl *ctl, enum operation op, const struct view *view, struct err *err)
{
	const struct record_type *type = operation_row(op)->answer;
	struct record_list list = { 0 };
	int result = ctl_list(ctl, op, &list, err);

	if (result == 0 && ctl->json) {
		report_json_list(type, list.items, list.count);
	} else if (result == 0) {
		view_print_table(stdout, view, list.items, list.count);
	}
	record_list_release(&list, type);
	return result;
}

int
ctl_office_batch_show(
    void *ctl, const char *const *arguments, size_t count, struct err *err)
{
	(void)arguments;
	(void)count;
	return show_list(ctl, OPERATION_ADMIN_BATCH_LIST_LIST, &batch_lists, err);
}

int
ctl_office_settle(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct settle_request request = { 0 };
	struct voucher answer = { 0 };
	int result = -1;

	(void)count;
	crypto_random_hex(request.op_id, OP_ID_BYTES);
	if (ctl_set(&request_settle, &request, "voucher_no", arguments[0], err) == 0 &&
	    ctl_set(&request_settle, &request, "amount", ctl->amount, err) == 0) {
		result =
		    ctl_ask(ctl, OPERATION_ADMIN_VOUCHER_SETTLE, &request, &answer, err);
	}
	if (result == 0 && ctl->json) {
		report_json(&voucher_type, &answer);
	} else if (result == 0) {
		view_print_record(stdout, &view_voucher, &answer);
	}
	record_release(&voucher_type, &answer);
	return result;
}

int
ctl_office_reverse(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct reverse_request request = { 0 };
	struct payment answer = { 0 };
	int result = -1;

	(void)count;
	if (ctl->reason == NULL) {
		return err_set(err, ERR_USAGE, "%s", _("请用--reason给出冲正原因"));
	}
	crypto_random_hex(request.op_id, OP_ID_BYTES);
	if (ctl_set(&request_reverse, &request, "payment_no", arguments[0], err) == 0 &&
	    ctl_set(&request_reverse, &request, "reason", ctl->reason, err) == 0) {
		result =
		    ctl_ask(ctl, OPERATION_ADMIN_PAYMENT_REVERSE, &request, &answer, err);
	}
	if (result == 0 && ctl->json) {
		report_json(&payment_type, &answer);
	} else if (result == 0) {
		view_print_record(stdout, &view_payment, &answer);
	}
	record_release(&payment_type, &answer);
	return result;
}

int
ctl_office_questions(
    void *ctl, const char *const *arguments, size_t count, struct err *err)
{
	(void)arguments;
	(void)count;
	return show_list(
	    ctl, OPERATION_ADMIN_CONSULTATION_LIST, &view_consultations, err);
}

int
ctl_office_answer(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct consultation_answer_request request = { 0 };
	struct consultation answer = { 0 };
	const struct record_type *type = &request_consultation_answer;

	(void)count;
	crypto_random_hex(request.op_id, OP_ID_BYTES);
	if (ctl_set(type, &request, "consultation_id", arguments[0], err) != 0 ||
	    ctl_set(type, &request, "answer", arguments[1], err) != 0 ||
	    ctl_ask(ctl, OPERATION_ADMIN_CONSULTATION_ANSWER, &request, &answer, err) !=
		0) {
		return -1;
	}
	if (ctl->json) {
		report_json(&consultation_type, &answer);
	} else {
		printf(_("已答复%s\n"), request.consultation_id);
	}
	return 0;
}

/* Exit status 1 with findings: nothing failed, but something is wrong. */
int
ctl_office_audit(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct audit_answer answer = { 0 };
	size_t i;
	int status = -1;

	(void)arguments;
	(void)count;
	if (ctl_ask(ctl, OPERATION_ADMIN_AUDIT, NULL, &answer, err) == 0 &&
	    answer.checked <= 0) {
		/* Whatever answered, it was not an audit: no findings would be a lie. */
		err_set(err, ERR_SERVICE, "%s", _("缴费服务没有核对任何一项"));
	} else if (err->code == ERR_NONE) {
		status = answer.findings.count > 0;
		if (ctl->json) {
			report_json_list(&request_audit_finding, answer.findings.items,
			    answer.findings.count);
		}
		for (i = 0; i < answer.findings.count && !ctl->json; i++) {
			const struct audit_finding *f =
			    record_list_at(&answer.findings, &request_audit_finding, i);

			printf("%s %s %s: %s\n", f->invariant, f->table_name, f->row_id,
			    f->detail);
		}
		if (!ctl->json) {
			printf(_("核对%lld项，发现%zu处问题\n"),
			    (long long)answer.checked, answer.findings.count);
		}
	}
	record_release(&request_audit_answer, &answer);
	return status;
}
