/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_CERTIFICATE_H
#define SHEBAO_CORE_CERTIFICATE_H

#include "shebao/declaration.h"

enum certificate_kind {
	CERTIFICATE_TAX_PAID,      /* 税收完税证明 */
	CERTIFICATE_PAYMENT_PROOF, /* 单位社会保险费缴费证明 */
	CERTIFICATE_KIND_COUNT
};

struct certificate {
	char certificate_no[TICKET_NO_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char op_id[OP_ID_SIZE];
	int kind;
	int state; /* enum certificate_state */
	char period_from[PERIOD_SIZE];
	char period_to[PERIOD_SIZE];
	int64_t amount;
	int64_t levy_count;
	int64_t issued_at;
	int64_t delivered_at;
	int64_t reprints;
	char verify_code[25];
	char sha256[65]; /* of the file as first made */
	struct text_list levy_nos;
	int64_t version;
};

extern const struct record_type certificate_type;
extern const struct choice_set certificate_kinds;

#endif
