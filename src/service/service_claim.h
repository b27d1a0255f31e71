/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_CLAIM_H
#define SHEBAO_SERVICE_SERVICE_CLAIM_H

#include "service_call.h"

/* ERR_NOTHING, ERR_LIMIT (LEVIES_MAX), ERR_DATA (twice the same). */
int service_claim_check(const struct text_list *levy_nos, struct err *err)
    __attribute__((warn_unused_result));

/* Calls fn with each of these levies of the employer, in their order: ERR_NOT_FOUND when one is not
 * there. They are read many at a time. */
typedef int service_levy_fn(
    struct service_call *call, void *user, const struct levy *levy, struct err *err);
int service_claim_each(struct service_call *call, const char *taxpayer_id,
    const struct text_list *levy_nos, service_levy_fn *fn, void *user, struct err *err)
    __attribute__((warn_unused_result));

/* What a payment or voucher takes hold of: one channel at a time. */
struct service_claim {
	const char *kind;   /* payment, voucher */
	const char *holder; /* its number */
	const char *taxpayer_id;
	int64_t amount;     /* sum, filled by take */
	int64_t count;
	char due_date[DATE_SIZE];    /* earliest of its levies, or "" */
	char valid_until[DATE_SIZE];
};

/* Claims levies that are declared, unpaid and not held by the other way of paying, and moves
 * their payment side by event. Refuses with the words of the national system. call->version
 * must be taken. */
int service_claim_take(struct service_call *call, struct service_claim *claim,
    const struct text_list *levy_nos, int event, struct err *err)
    __attribute__((warn_unused_result));

/* All its levies from pay state by event. */
int service_claim_move(struct service_call *call, const struct service_claim *claim, int from,
    int event, unsigned role, struct err *err) __attribute__((warn_unused_result));

/* As move by events that free the levies: the claim ends. */
int service_claim_free(struct service_call *call, const struct service_claim *claim, int from,
    int event, unsigned role, struct err *err) __attribute__((warn_unused_result));

/* 入库: the levies are paid, their declarations say so. */
int service_claim_settle(struct service_call *call, const struct service_claim *claim, int from,
    const char *tax_ticket_no, const char *settled_on, struct err *err)
    __attribute__((warn_unused_result));

/* 冲正: the levies of a payment are unpaid again, without a ticket, and free. */
int service_claim_reverse(struct service_call *call, const struct service_claim *claim,
    struct err *err) __attribute__((warn_unused_result));

#endif
