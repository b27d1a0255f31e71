/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_CHAIN_H
#define SHEBAO_SERVICE_SERVICE_CHAIN_H

#include "service_call.h"

/* Writes the audit row of the call's transaction at the end of its subject's chain. */
int service_chain_add(struct service_call *call, const char *op_id, struct err *err)
    __attribute__((warn_unused_result));

/* Who did the operation, and when, as another clerk is told: "user@host", local time. */
struct service_doer {
	char who[65];
	char at[20];
};
int service_chain_doer(struct service_call *call, const char *op_id, int64_t at,
    struct service_doer *out, struct err *err) __attribute__((warn_unused_result));

/* SHA-256 of prev and all other members of the row. */
void service_chain_hash(const struct books_audit *row, char out[65]);

#endif
