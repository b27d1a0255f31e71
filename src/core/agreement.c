/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 三方协议: direct-debit mandates. */
#include "shebao/agreement.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct choice agreement_statuses_rows[] = {
	[AGREEMENT_UNVERIFIED] = { "unverified", N_("未验证"), "01 待验证 pending" },
	[AGREEMENT_VERIFIED] = { "verified", N_("验证通过"), "02 有效 正常 已验证 已生效 valid active" },
	[AGREEMENT_FAILED] = { "failed", N_("验证失败"), "03 未通过 invalid" },
	[AGREEMENT_ENDED] = { "ended", N_("协议终止"), "04 终止 已终止 失效 已失效 terminated inactive expired" },
};
_Static_assert(ARRAY_LEN(agreement_statuses_rows) == AGREEMENT_STATUS_COUNT, "a row for every value");

const struct choice_set agreement_statuses = { .rows = agreement_statuses_rows, .count = AGREEMENT_STATUS_COUNT };

static const struct field agreement_fields[] = {
	RECORD_TEXT(agreement, agreement_no, N_("协议书号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(agreement, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(agreement, bank_code, N_("开户银行行号"), 0),
	RECORD_TEXT(agreement, bank_name, N_("开户银行"), FIELD_REQUIRED),
	RECORD_TEXT(agreement, account_no, N_("账号"), FIELD_REQUIRED),
	RECORD_TEXT(agreement, account_name, N_("账户名称"), FIELD_REQUIRED),
	RECORD_CHOICE(agreement, status, N_("协议状态"), 0, &agreement_statuses),
	RECORD_NUMBER(agreement, version, N_("版本"), FIELD_HIDDEN),
};
// clang-format on

const struct record_type agreement_type = {
	.name = "agreement", .size = sizeof(struct agreement), .fields = agreement_fields, .count = ARRAY_LEN(agreement_fields)
};
