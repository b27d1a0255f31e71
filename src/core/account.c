/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 存款账户: deposit accounts known to the tax office. */
#include "shebao/account.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct field account_fields[] = {
	RECORD_TEXT(account, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(account, bank_code, N_("开户银行行号"), 0),
	RECORD_TEXT(account, bank_name, N_("开户银行"), FIELD_REQUIRED),
	RECORD_TEXT(account, account_no, N_("账号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(account, account_name, N_("账户名称"), FIELD_REQUIRED),
	RECORD_NUMBER(account, version, N_("版本"), FIELD_HIDDEN),
};
// clang-format on

const struct record_type account_type = {
	.name = "account", .size = sizeof(struct account), .fields = account_fields, .count = ARRAY_LEN(account_fields)
};
