/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 应征费款: levies as pushed, and with what the service adds. */
#include "shebao/levy.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct choice levy_kinds_rows[] = {
	[LEVY_NORMAL] = { "normal", N_("日常申报"), "正常 日常 正常缴费 正常申报 日常缴费" },
	[LEVY_SPECIAL] = { "special", N_("特殊缴费申报"), "特殊 特殊缴费 特殊申报" },
};
_Static_assert(ARRAY_LEN(levy_kinds_rows) == LEVY_KIND_COUNT, "a row for every value");

const struct choice_set levy_kinds = { .rows = levy_kinds_rows, .count = LEVY_KIND_COUNT };

static const struct field levy_fields[] = {
	RECORD_TEXT(levy, levy_no, N_("征集单号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(levy, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(levy, unit_no, N_("单位编号"), FIELD_REQUIRED),
	RECORD_TEXT(levy, agency_code, N_("社保经办机构代码"), FIELD_REQUIRED),
	RECORD_TEXT(levy, agency_name, N_("社保经办机构"), FIELD_REQUIRED),
	RECORD_CHOICE(levy, kind, N_("申报类型"), FIELD_REQUIRED, &levy_kinds),
	RECORD_TEXT(levy, item_code, N_("征收项目代码"), FIELD_REQUIRED),
	RECORD_TEXT(levy, item_name, N_("征收项目"), FIELD_REQUIRED),
	RECORD_TEXT(levy, category_code, N_("征收品目代码"), 0),
	RECORD_TEXT(levy, category_name, N_("征收品目"), 0),
	RECORD_TEXT(levy, subcategory_code, N_("征收子目代码"), 0),
	RECORD_TEXT(levy, subcategory_name, N_("征收子目"), 0),
	RECORD_PERIOD(levy, period_from, N_("费款所属期起"), FIELD_REQUIRED),
	RECORD_PERIOD(levy, period_to, N_("费款所属期止"), FIELD_REQUIRED),
	RECORD_NUMBER(levy, headcount, N_("缴费人数"), 0),
	RECORD_FEN(levy, base_amount, N_("缴费基数"), 0),
	RECORD_RATE(levy, rate, N_("费率"), 0),
	RECORD_FEN(levy, amount, N_("应缴费额"), FIELD_REQUIRED),
	RECORD_DATE(levy, due_date, N_("缴费期限"), 0),
	RECORD_DATE(levy, valid_until, N_("有效期止"), 0),
	RECORD_TEXT(levy, source, N_("数据来源"), 0),
	RECORD_STATE(levy, state, N_("数据处理状态"), 0, &states_levy),
	RECORD_STATE(levy, pay_state, N_("缴费状态"), 0, &states_levy_pay),
	RECORD_TEXT(levy, declaration_id, N_("申报编号"), 0),
	RECORD_TEXT(levy, payment_no, N_("缴费编号"), 0),
	RECORD_TEXT(levy, voucher_no, N_("凭证号码"), 0),
	RECORD_TEXT(levy, tax_ticket_no, N_("电子税票号码"), 0),
	RECORD_DATE(levy, settled_on, N_("入库日期"), 0),
	RECORD_TEXT(levy, certificate_no, N_("完税证明号码"), 0),
	RECORD_NUMBER(levy, version, N_("版本"), FIELD_HIDDEN),
};

/* The members that a bureau pushes stand first, in the order of levies.csv. */
#define LEVY_PUSHED 21
// clang-format on

const struct record_type levy_type = {
	.name = "levy", .size = sizeof(struct levy), .fields = levy_fields, .count = ARRAY_LEN(levy_fields)
};

const struct record_type levy_push_type = {
	.name = "levy_push", .size = sizeof(struct levy), .fields = levy_fields, .count = LEVY_PUSHED
};
