/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_PASSWORD_H
#define SHEBAO_SERVICE_SERVICE_PASSWORD_H

#include "service_call.h"

/* Before the transaction: compares, which is slow on purpose, and leaves password_ok behind.
 * An employer that does not exist takes as long as one that does. */
int service_password_compare(struct service_call *call, const char *taxpayer_id,
    const char *password, struct err *err) __attribute__((warn_unused_result));

/* In the transaction: 0 when the password was right. Otherwise -1 while it is locked, or 0 with
 * call->refusal set and the failure counted. Five failures lock for 15 minutes, the next five
 * for 30, and so on up to a day. */
int service_password_count(struct service_call *call, const char *taxpayer_id, struct err *err)
    __attribute__((warn_unused_result));

#endif
