/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_DOCUMENT_H
#define SHEBAO_SERVICE_SERVICE_DOCUMENT_H

#include "service_call.h"

/*
 * Outside of any transaction: the sealed file of a voucher or certificate (type) of the call's
 * employer; reprint 0 is the first print. The bytes that were stored first are the ones
 * answered, whoever made them. Without a seal (tests, simulator) the file is the record's
 * canonical JSON.
 */
int service_document_get(struct service_call *outer, const struct record_type *type,
    const char *number, int64_t reprint, struct document *out, struct err *err)
    __attribute__((warn_unused_result));

#endif
