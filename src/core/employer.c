/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 用人单位: the employer record and its initial password. */
#include "shebao/employer.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

#include <string.h>

// clang-format off
static const struct field employer_fields[] = {
	RECORD_TEXT(employer, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(employer, name, N_("单位名称"), FIELD_REQUIRED),
	RECORD_TEXT(employer, region, N_("地区"), 0),
	RECORD_TEXT(employer, tax_authority_code, N_("主管税务机关代码"), 0),
	RECORD_TEXT(employer, tax_authority_name, N_("主管税务机关"), 0),
	RECORD_TEXT(employer, registered_address, N_("注册地址"), 0),
	RECORD_TEXT(employer, legal_representative, N_("法定代表人"), 0),
	RECORD_TEXT(employer, contact, N_("联系人"), 0),
	RECORD_TEXT(employer, phone, N_("联系电话"), 0),
	RECORD_TEXT(employer, industry, N_("行业"), 0),
	RECORD_TEXT(employer, status, N_("登记状态"), 0),
	RECORD_DATE(employer, registered_on, N_("登记日期"), 0),
	RECORD_NUMBER(employer, version, N_("版本"), FIELD_HIDDEN),
};
// clang-format on

const struct record_type employer_type = {
	.name = "employer", .size = sizeof(struct employer), .fields = employer_fields, .count = ARRAY_LEN(employer_fields)
};

void
employer_initial_password(const char *unit_no, char out[INITIAL_PASSWORD_SIZE])
{
	size_t n = strlen(unit_no), want = INITIAL_PASSWORD_SIZE - 1;
	const char *last = n > want ? unit_no + n - want : unit_no;
	size_t have = strlen(last);

	memset(out, '0', want);
	memcpy(out, last, have);
	out[want] = '\0';
}
