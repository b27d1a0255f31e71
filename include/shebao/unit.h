/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_UNIT_H
#define SHEBAO_CORE_UNIT_H

#include "shebao/employer.h"

/* 单位编号: one registration of an employer with an agency; leading zeros matter. */
struct unit {
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char unit_no[UNIT_NO_SIZE];
	char agency_code[AGENCY_CODE_SIZE];
	char agency_name[129];
	char tax_authority_code[17];
	char tax_authority_name[129];
	char insurance_items[257];
	int64_t insured_count;
	int64_t version;
};

extern const struct record_type unit_type;

#endif
