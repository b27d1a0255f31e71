/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_DEBIT_H
#define SHEBAO_SERVICE_SERVICE_DEBIT_H

#include "shebao/bank.h"
#include "shebao/buf.h"
#include "shebao/record.h"
#include "shebao/voucher.h"

/* The messages to the bank as bytes: how the outbox keeps them. */

/* What the counter of a bank is told. */
struct service_debit_counter {
	char voucher_no[TICKET_NO_SIZE];
	int64_t amount;
};

void service_debit_write(const struct bank_debit *debit, struct buf *out);
int service_debit_read(const void *bytes, size_t n, struct bank_debit *out, struct err *err)
    __attribute__((warn_unused_result));

void service_debit_write_counter(const struct service_debit_counter *counter, struct buf *out);
int service_debit_read_counter(const void *bytes, size_t n, struct service_debit_counter *out,
    struct err *err) __attribute__((warn_unused_result));

#endif
