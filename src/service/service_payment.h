/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_PAYMENT_H
#define SHEBAO_SERVICE_SERVICE_PAYMENT_H

#include "service_call.h"
#include "service_claim.h"

/* In the transaction before the debit leaves: the payment is sent, if it is not yet. */
int service_payment_sending(struct service_call *call, const char *payment_no, int64_t attempt,
    struct err *err) __attribute__((warn_unused_result));

/* In the transaction after the bank's answer. meaning is BANK_DONE, BANK_REFUSED,
 * BANK_NEVER_SEEN (to be sent again) or BANK_UNKNOWN. */
int service_payment_answered(struct service_call *call, const char *payment_no,
    enum bank_outcome meaning, const struct bank_answer *answer, struct err *err)
    __attribute__((warn_unused_result));

/* Its hold on its levies. */
struct service_claim service_payment_claim(const struct payment *payment);

/* In a transaction: one more line of the payment's timeline; code and words are the bank's, or "". */
int service_payment_note(struct service_call *call, const struct payment *payment,
    const char *event, const char *code, const char *words, struct err *err)
    __attribute__((warn_unused_result));

/* In a transaction, its version taken: the state that follows, and all other members as they are. */
int service_payment_move(struct service_call *call, struct payment *payment, int event,
    unsigned role, struct err *err) __attribute__((warn_unused_result));

/* In a transaction: the bank's ledger has a debit for the payment named by call->result, which
 * it had refused. The payment is unknown again, holds its levies, and the bank is asked.
 * ERR_TAKEN when one of them is held by something else by now: that is for people to settle,
 * and the audit says so (I-16). */
int service_payment_late(struct service_call *call, struct err *err)
    __attribute__((warn_unused_result));

#endif
