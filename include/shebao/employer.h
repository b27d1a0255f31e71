/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_EMPLOYER_H
#define SHEBAO_CORE_EMPLOYER_H

#include "shebao/record.h"

#define TAXPAYER_ID_SIZE 21
#define UNIT_NO_SIZE 33
#define AGENCY_CODE_SIZE 33
#define NAME_SIZE 193

/* 用人单位: tax registration data. */
struct employer {
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char name[NAME_SIZE];
	char region[49]; /* 贵州省 */
	char tax_authority_code[17];
	char tax_authority_name[129];
	char registered_address[NAME_SIZE];
	char legal_representative[65];
	char contact[65];
	char phone[33];
	char industry[97];
	char status[33];
	char registered_on[DATE_SIZE];
	int64_t version;
};

extern const struct record_type employer_type;

/* 初始申报密码: the last six characters of a unit number, padded with 0 at its end when it is
 * shorter (manual 2.1.1). */
#define INITIAL_PASSWORD_SIZE 7
void employer_initial_password(const char *unit_no, char out[INITIAL_PASSWORD_SIZE]);

#endif
