/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_PROOF_H
#define SHEBAO_SERVICE_SERVICE_PROOF_H

#include "service_call.h"

/* What is proved; levy_nos and voucher_no as the action needs them (NULL, "": none). */
struct service_proof_subject {
	int action; /* enum proof_action */
	const struct text_list *levy_nos;
	int64_t amount;
	const char *voucher_no;
};

/* In the transaction: uses the proof up. ERR_PROOF unless it is younger than five minutes, of
 * this session, unused, and for exactly this. */
int service_proof_use(struct service_call *call, const char *proof,
    const struct service_proof_subject *subject, struct err *err)
    __attribute__((warn_unused_result));

#endif
