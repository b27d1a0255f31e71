/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_BANK_H
#define SHEBAO_SERVICE_SERVICE_BANK_H

#include "service_call.h"

/* In the transaction that makes the payment: journals the debit, byte for byte. */
int service_bank_queue_debit(struct service_call *call, const struct payment *payment,
    const char *tax_authority_code, struct err *err) __attribute__((warn_unused_result));

/* In the transaction that accepts money for a voucher at the counter. */
int service_bank_queue_counter(struct service_call *call, const struct voucher *voucher,
    struct err *err) __attribute__((warn_unused_result));

/* In the transaction that accepts the reversal: the debit's own bytes once more. */
int service_bank_queue_reverse(struct service_call *call, const struct payment *payment,
    struct err *err) __attribute__((warn_unused_result));

enum service_bank_urgency {
	SERVICE_BANK_DUE,   /* only if its time has come */
	SERVICE_BANK_TAKEN, /* its time has come, and listing it at outer's now took it (books_message_due) */
	SERVICE_BANK_ASKED  /* somebody wants to know: also before, unless it is under way */
};

/*
 * Outside of any transaction: does what the message needs next. Queued: marks it sent, sends
 * it, records the answer. Sent without a final answer: asks the bank (a debit) or says the same
 * again (the counter and a reversal, where the same key counts once). Nothing to do is no failure; a bank that
 * does not answer neither. Only one caller at a time gets hold of a message.
 */
int service_bank_deliver(struct service_call *outer, const char *message_key,
    enum service_bank_urgency urgency, struct err *err) __attribute__((warn_unused_result));

#endif
