/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 问题咨询. */
#include "shebao/consultation.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct field consultation_fields[] = {
	RECORD_TEXT(consultation, consultation_id, N_("咨询编号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(consultation, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(consultation, op_id, N_("操作编号"), FIELD_HIDDEN),
	RECORD_TEXT(consultation, question, N_("问题"), FIELD_REQUIRED),
	RECORD_TEXT(consultation, diagnostics, N_("诊断信息"), 0),
	RECORD_TIME(consultation, asked_at, N_("咨询时间"), 0),
	RECORD_TEXT(consultation, answer, N_("答复"), 0),
	RECORD_TIME(consultation, answered_at, N_("答复时间"), 0),
	RECORD_NUMBER(consultation, version, N_("版本"), FIELD_HIDDEN),
};
// clang-format on

const struct record_type consultation_type = {
	.name = "consultation", .size = sizeof(struct consultation), .fields = consultation_fields, .count = ARRAY_LEN(consultation_fields)
};
