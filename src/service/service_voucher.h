/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_VOUCHER_H
#define SHEBAO_SERVICE_SERVICE_VOUCHER_H

#include "service_call.h"

/* In the transaction after the counter's answer: paid, or free again when it was refused. */
int service_voucher_answered(struct service_call *call, const char *voucher_no,
    enum bank_outcome meaning, const struct bank_answer *answer, struct err *err)
    __attribute__((warn_unused_result));

/* In a transaction: the voucher named by call->result is past its last day. */
int service_voucher_expire(struct service_call *call, struct err *err)
    __attribute__((warn_unused_result));

#endif
