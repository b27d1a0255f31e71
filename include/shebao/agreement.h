/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_AGREEMENT_H
#define SHEBAO_CORE_AGREEMENT_H

#include "shebao/employer.h"

/* 三方协议: mandate employer - bank - tax office; only AGREEMENT_VERIFIED may be debited. */
enum agreement_status {
	AGREEMENT_UNVERIFIED,
	AGREEMENT_VERIFIED,
	AGREEMENT_FAILED,
	AGREEMENT_ENDED,
	AGREEMENT_STATUS_COUNT
};

struct agreement {
	char agreement_no[61]; /* 协议书号, at most 60 characters in TIPS */
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char bank_code[17];
	char bank_name[129];
	char account_no[33]; /* at most 32 in TIPS */
	char account_name[NAME_SIZE];
	int status;
	int64_t version;
};

extern const struct record_type agreement_type;
extern const struct choice_set agreement_statuses;

#endif
