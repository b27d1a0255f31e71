/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 缴费: one debit intent, and its timeline. */
#include "shebao/payment.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct field payment_event_fields[] = {
	RECORD_TEXT(payment_event, payment_no, N_("缴费编号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_NUMBER(payment_event, seq, N_("序号"), FIELD_KEY),
	RECORD_TIME(payment_event, at, N_("时间"), 0),
	RECORD_TEXT(payment_event, event, N_("事件"), FIELD_REQUIRED),
	RECORD_TEXT(payment_event, detail, N_("说明"), FIELD_SAID),
};

static const struct field payment_fields[] = {
	RECORD_TEXT(payment, payment_no, N_("缴费编号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(payment, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(payment, op_id, N_("操作编号"), FIELD_HIDDEN),
	RECORD_TEXT(payment, agreement_no, N_("协议书号"), 0),
	RECORD_TEXT(payment, bank_name, N_("开户银行"), 0),
	RECORD_TEXT(payment, account_no, N_("账号"), 0),
	RECORD_TEXT(payment, account_name, N_("账户名称"), 0),
	RECORD_STATE(payment, state, N_("状态"), 0, &states_payment),
	RECORD_FEN(payment, amount, N_("缴费金额"), 0),
	RECORD_NUMBER(payment, levy_count, N_("笔数"), 0),
	RECORD_TEXT(payment, tax_ticket_no, N_("电子税票号码"), 0),
	RECORD_DATE(payment, entrust_date, N_("委托日期"), 0),
	RECORD_TEXT(payment, serial, N_("交易流水号"), 0),
	RECORD_TEXT(payment, result_code, N_("结果代码"), 0),
	RECORD_TEXT(payment, reason, N_("原因"), FIELD_SAID),
	RECORD_TIME(payment, created_at, N_("缴费时间"), 0),
	RECORD_TIME(payment, finished_at, N_("完成时间"), 0),
	RECORD_DATE(payment, settled_on, N_("入库日期"), 0),
	RECORD_TEXTS(payment, levy_nos, N_("征集单号"), FIELD_HIDDEN),
	RECORD_RECORDS(payment, events, N_("经过"), FIELD_HIDDEN, &payment_event_type),
	RECORD_NUMBER(payment, version, N_("版本"), FIELD_HIDDEN),
};
// clang-format on

const struct record_type payment_event_type = {
	.name = "payment_event", .size = sizeof(struct payment_event), .fields = payment_event_fields, .count = ARRAY_LEN(payment_event_fields)
};

const struct record_type payment_type = {
	.name = "payment", .size = sizeof(struct payment), .fields = payment_fields, .count = ARRAY_LEN(payment_fields)
};
