/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 单位编号: an employer's registration with an agency. */
#include "shebao/unit.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
static const struct field unit_fields[] = {
	RECORD_TEXT(unit, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(unit, unit_no, N_("单位编号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(unit, agency_code, N_("社保经办机构代码"), FIELD_REQUIRED),
	RECORD_TEXT(unit, agency_name, N_("社保经办机构"), FIELD_REQUIRED),
	RECORD_TEXT(unit, tax_authority_code, N_("主管税务机关代码"), 0),
	RECORD_TEXT(unit, tax_authority_name, N_("主管税务机关"), 0),
	RECORD_TEXT(unit, insurance_items, N_("参保险种"), 0),
	RECORD_NUMBER(unit, insured_count, N_("参保人数"), 0),
	RECORD_NUMBER(unit, version, N_("版本"), FIELD_HIDDEN),
};
// clang-format on

const struct record_type unit_type = {
	.name = "unit", .size = sizeof(struct unit), .fields = unit_fields, .count = ARRAY_LEN(unit_fields)
};
