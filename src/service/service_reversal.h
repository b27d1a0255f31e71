/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_REVERSAL_H
#define SHEBAO_SERVICE_SERVICE_REVERSAL_H

#include "service_call.h"

/*
 * 冲正: an officer has the bank give a debit back. The bank is told by the debit's own bytes, which are
 * journalled once more as a message of kind reverse and are sent until the bank has said yes or no:
 * a second reversal of one debit moves nothing. Until then the payment is a success as before, but
 * its levies come on no certificate.
 */

/* The message's key, from the payment's number. */
void service_reversal_key(const char *payment_no, char out[65]);

/* 1: a reversal was asked for and is not decided. */
int service_reversal_is_open(struct service_call *call, const char *payment_no, struct err *err)
    __attribute__((warn_unused_result));

/* In the transaction after the bank's answer (BANK_DONE, BANK_REFUSED, BANK_UNKNOWN): done, the
 * payment is reversed, its levies are unpaid and certificates over them invalid; refused, all is
 * as it was, and the officer may ask again. */
int service_reversal_answered(struct service_call *call, const char *message_key,
    enum bank_outcome meaning, const struct bank_answer *answer, struct err *err)
    __attribute__((warn_unused_result));

#endif
