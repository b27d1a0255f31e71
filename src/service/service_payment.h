/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_PAYMENT_H
#define SHEBAO_SERVICE_SERVICE_PAYMENT_H

#include "service_call.h"

/* In the transaction before the debit leaves: the payment is sent, if it is not yet. */
int service_payment_sending(struct service_call *call, const char *payment_no, int64_t attempt,
    struct err *err) __attribute__((warn_unused_result));

/* In the transaction after the bank's answer. meaning is BANK_DONE, BANK_REFUSED,
 * BANK_NEVER_SEEN (to be sent again) or BANK_UNKNOWN. */
int service_payment_answered(struct service_call *call, const char *payment_no,
    enum bank_outcome meaning, const struct bank_answer *answer, struct err *err)
    __attribute__((warn_unused_result));

#endif
