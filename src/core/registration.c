/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of units.csv: an employer and one of its unit numbers. */
#include "shebao/registration.h"

#include "shebao/i18n.h"
#include "shebao/mem.h"

// clang-format off
/* A row of units.csv is a member of one of two records: offsets are sums. */
#define IN(part, kind, tag, m, l, fl) { .name = #m, .label = l, .type = kind, .flags = fl, .offset = offsetof(struct registration, part) + offsetof(struct tag, m), .size = sizeof(((struct tag *)0)->m) }
#define OF_EMPLOYER(kind, m, l, fl) IN(employer, kind, employer, m, l, fl)
#define OF_UNIT(kind, m, l, fl) IN(unit, kind, unit, m, l, fl)

static const struct field registration_fields[] = {
	OF_EMPLOYER(FIELD_TEXT, taxpayer_id, N_("纳税人识别号"), FIELD_REQUIRED | FIELD_KEY),
	OF_EMPLOYER(FIELD_TEXT, name, N_("单位名称"), FIELD_REQUIRED),
	OF_EMPLOYER(FIELD_TEXT, region, N_("地区"), 0),
	OF_EMPLOYER(FIELD_TEXT, tax_authority_code, N_("主管税务机关代码"), 0),
	OF_EMPLOYER(FIELD_TEXT, tax_authority_name, N_("主管税务机关"), 0),
	OF_EMPLOYER(FIELD_TEXT, registered_address, N_("注册地址"), 0),
	OF_EMPLOYER(FIELD_TEXT, legal_representative, N_("法定代表人"), 0),
	OF_EMPLOYER(FIELD_TEXT, contact, N_("联系人"), 0),
	OF_EMPLOYER(FIELD_TEXT, phone, N_("联系电话"), 0),
	OF_EMPLOYER(FIELD_TEXT, industry, N_("行业"), 0),
	OF_EMPLOYER(FIELD_TEXT, status, N_("登记状态"), 0),
	OF_EMPLOYER(FIELD_DATE, registered_on, N_("登记日期"), 0),
	OF_UNIT(FIELD_TEXT, unit_no, N_("单位编号"), FIELD_REQUIRED | FIELD_KEY),
	OF_UNIT(FIELD_TEXT, agency_code, N_("社保经办机构代码"), FIELD_REQUIRED),
	OF_UNIT(FIELD_TEXT, agency_name, N_("社保经办机构"), FIELD_REQUIRED),
	OF_UNIT(FIELD_TEXT, insurance_items, N_("参保险种"), 0),
	OF_UNIT(FIELD_NUMBER, insured_count, N_("参保人数"), 0),
};
// clang-format on

const struct record_type registration_type = {
	.name = "registration", .size = sizeof(struct registration), .fields = registration_fields, .count = ARRAY_LEN(registration_fields)
};
