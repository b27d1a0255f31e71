/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands of the sandbox bank. */
#include <stdio.h>

#include "ctl_command.h"
#include "report.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/view.h"

// clang-format off
static const struct view_column ledger_columns[] = {
	{ .name = "at", .width = 19 },
	{ .name = "kind", .width = 8 },
	{ .name = "account_no", .width = 22 },
	{ .name = "amount", .width = 16, .flags = VIEW_RIGHT },
	{ .name = "result_code", .width = 6 },
	{ .name = "tax_ticket_no", .width = 18 },
	{ .name = "op_id", .width = 32 },
};
// clang-format on
static const struct view ledger = { .name = "bank_ledger",
	.title = N_("沙箱银行流水"),
	.type = &request_bank_entry,
	.columns = ledger_columns,
	.count = ARRAY_LEN(ledger_columns) };

int
ctl_bank_balance(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct bank_balance_request request = { 0 };
	const struct record_type *type = &request_bank_balance;

	(void)count;
	if (ctl_set(type, &request, "account_no", arguments[0], err) != 0 ||
	    ctl_set(type, &request, "balance", arguments[1], err) != 0 ||
	    ctl_set(type, &request, "account_name", ctl->account_name, err) != 0 ||
	    ctl_ask(ctl, OPERATION_ADMIN_BANK_BALANCE, &request, NULL, err) != 0) {
		return -1;
	}
	if (ctl->json) {
		report_json(type, &request);
	} else {
		printf(_("账户%s余额已设为%s元\n"), request.account_no, arguments[1]);
	}
	return 0;
}

int
ctl_bank_fault(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct bank_fault_request request = { .count = ctl->count,
		.delay_ms = ctl->delay_ms };
	const struct record_type *type = &request_bank_fault;

	(void)count;
	if (ctl_set(type, &request, "fault", arguments[0], err) != 0 ||
	    ctl_ask(ctl, OPERATION_ADMIN_BANK_FAULT, &request, NULL, err) != 0) {
		return -1;
	}
	if (ctl->json) {
		report_json(type, &request);
	} else {
		printf(
		    _("此后%lld笔扣款：%s\n"), (long long)request.count, request.fault);
	}
	return 0;
}

int
ctl_bank_ledger(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct record_list list = { 0 };
	int result = ctl_list(ctl, OPERATION_ADMIN_BANK_LEDGER, &list, err);

	(void)arguments;
	(void)count;
	if (result == 0 && ctl->json) {
		report_json_list(&request_bank_entry, list.items, list.count);
	} else if (result == 0) {
		view_print_table(stdout, &ledger, list.items, list.count);
	}
	record_list_release(&list, &request_bank_entry);
	return result;
}
