/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 申报记录: levies declared together. */
#include "shebao/declaration.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct choice declaration_paid_states_rows[] = {
	[PAID_NOTHING] = { "unpaid", N_("未缴费"), NULL },
	[PAID_PARTLY] = { "partly_paid", N_("部分缴费"), NULL },
	[PAID_ALL] = { "paid", N_("已缴费"), NULL },
};
_Static_assert(ARRAY_LEN(declaration_paid_states_rows) == PAID_STATE_COUNT, "a row for every value");

const struct choice_set declaration_paid_states = { .rows = declaration_paid_states_rows, .count = PAID_STATE_COUNT };

static const struct field declaration_fields[] = {
	RECORD_TEXT(declaration, declaration_id, N_("申报编号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(declaration, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(declaration, op_id, N_("操作编号"), FIELD_HIDDEN),
	RECORD_CHOICE(declaration, kind, N_("申报类型"), 0, &levy_kinds),
	RECORD_STATE(declaration, state, N_("状态"), 0, &states_declaration),
	RECORD_CHOICE(declaration, paid_state, N_("缴费情况"), 0, &declaration_paid_states),
	RECORD_FEN(declaration, amount, N_("应缴费额"), 0),
	RECORD_NUMBER(declaration, levy_count, N_("笔数"), 0),
	RECORD_NUMBER(declaration, headcount, N_("缴费人数"), 0),
	RECORD_PERIOD(declaration, period_from, N_("费款所属期起"), 0),
	RECORD_PERIOD(declaration, period_to, N_("费款所属期止"), 0),
	RECORD_TIME(declaration, declared_at, N_("申报日期"), 0),
	RECORD_TIME(declaration, decided_at, N_("反馈时间"), 0),
	RECORD_TEXT(declaration, reason, N_("原因"), FIELD_SAID),
	RECORD_TEXTS(declaration, levy_nos, N_("征集单号"), FIELD_HIDDEN),
	RECORD_NUMBER(declaration, version, N_("版本"), FIELD_HIDDEN),
};
// clang-format on

const struct record_type declaration_type = {
	.name = "declaration", .size = sizeof(struct declaration), .fields = declaration_fields, .count = ARRAY_LEN(declaration_fields)
};
