/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_DECLARATION_H
#define SHEBAO_SERVICE_SERVICE_DECLARATION_H

#include "service_call.h"

/* In a transaction: decides the declaration or voiding named by call->result. */
int service_declaration_decide(struct service_call *call, struct err *err)
    __attribute__((warn_unused_result));

/* In a transaction: rejects the pending declaration that holds the levy, because of event
 * (LEVY_REJECT_WITHDRAWN or LEVY_REJECT_BATCH_LISTED) that befell it. */
int service_declaration_reject(struct service_call *call, const struct levy *levy, int event,
    struct err *err) __attribute__((warn_unused_result));

#endif
