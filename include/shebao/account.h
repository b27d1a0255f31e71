/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_ACCOUNT_H
#define SHEBAO_CORE_ACCOUNT_H

#include "shebao/employer.h"

/* 存款账户, known to the tax office. */
struct account {
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char bank_code[17];
	char bank_name[129];
	char account_no[33];
	char account_name[NAME_SIZE];
	int64_t version;
};

extern const struct record_type account_type;

#endif
