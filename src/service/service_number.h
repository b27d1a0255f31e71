/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_NUMBER_H
#define SHEBAO_SERVICE_SERVICE_NUMBER_H

#include "service_call.h"

/* Numbers are counted in a transaction that is committed before, or with, their use, so that none
 * is given twice. */

/* The transaction is committed: what is left of its blocks is this daemon's. */
void service_number_keep(struct service_call *call);

/* 1001, province, year, twelve digits: as the numbers of vouchers due (应征凭证序号) are made. */
int service_number_declaration(struct service_call *call, char out[RECORD_ID_SIZE],
    struct err *err) __attribute__((warn_unused_result));

/* The serial of today's bank messages (TIPS TraNo, eight digits), and the payment's own number:
 * date and serial. */
int service_number_payment(struct service_call *call, char serial[9], char out[RECORD_ID_SIZE],
    struct err *err) __attribute__((warn_unused_result));

/* A letter, the day, and a count of the day: batch lists (P), questions (Q). */
int service_number_daily(struct service_call *call, char letter, char out[RECORD_ID_SIZE],
    struct err *err) __attribute__((warn_unused_result));

enum service_number_kind {
	SERVICE_NUMBER_TICKET,       /* 016: electronic ticket, also of vouchers */
	SERVICE_NUMBER_CERTIFICATE,  /* 015: 税收完税证明 */
	SERVICE_NUMBER_PROOF,        /* 017: 缴费证明; its kind is our own choice */
	SERVICE_NUMBER_KIND_COUNT
};

/* 电子税票号码, 18 digits: 4, province, kind, YYMM, eight digits counted by month and kind. */
int service_number_ticket(struct service_call *call, enum service_number_kind kind,
    char out[TICKET_NO_SIZE], struct err *err) __attribute__((warn_unused_result));

#endif
