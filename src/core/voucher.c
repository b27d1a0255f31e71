/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 银行端查询缴费凭证. */
#include "shebao/voucher.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct field voucher_fields[] = {
	RECORD_TEXT(voucher, voucher_no, N_("凭证号码"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(voucher, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(voucher, op_id, N_("操作编号"), FIELD_HIDDEN),
	RECORD_STATE(voucher, state, N_("状态"), 0, &states_voucher),
	RECORD_FEN(voucher, amount, N_("金额"), 0),
	RECORD_NUMBER(voucher, levy_count, N_("笔数"), 0),
	RECORD_TEXT(voucher, bank_name, N_("付款人开户银行"), 0),
	RECORD_TEXT(voucher, account_no, N_("付款人账号"), 0),
	RECORD_TEXT(voucher, account_name, N_("付款人名称"), 0),
	RECORD_TIME(voucher, issued_at, N_("凭证开具日期"), 0),
	RECORD_DATE(voucher, due_date, N_("限缴日期"), 0),
	RECORD_TIME(voucher, closed_at, N_("办结时间"), 0),
	RECORD_NUMBER(voucher, print_count, N_("打印次数"), 0),
	RECORD_TEXT(voucher, verify_code, N_("查询验证码"), 0),
	RECORD_TEXT(voucher, sha256, N_("文件摘要"), FIELD_HIDDEN),
	RECORD_TEXTS(voucher, levy_nos, N_("征集单号"), FIELD_HIDDEN),
	RECORD_NUMBER(voucher, version, N_("版本"), FIELD_HIDDEN),
};
// clang-format on

const struct record_type voucher_type = {
	.name = "voucher", .size = sizeof(struct voucher), .fields = voucher_fields, .count = ARRAY_LEN(voucher_fields)
};
