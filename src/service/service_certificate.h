/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_CERTIFICATE_H
#define SHEBAO_SERVICE_SERVICE_CERTIFICATE_H

#include "service_call.h"

/* In the transaction that books a reversal: the certificate holds no longer, and its levies, those
 * that are still paid too, may be on another one. */
int service_certificate_invalidate(struct service_call *call, const char *taxpayer_id,
    const char *certificate_no, struct err *err) __attribute__((warn_unused_result));

#endif
