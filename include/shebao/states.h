/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_STATES_H
#define SHEBAO_CORE_STATES_H

#include <stddef.h>

#include "shebao/state_table.h"

/* The states of every noun and what moves them. Names and labels are in the tables. */

/* 数据处理状态. A withdrawal or a batch list that meets a levy while it is declaring leaves it
 * so: its declaration is then rejected with the reason, by one of the two later events. */
enum levy_state {
	LEVY_INITIAL,
	LEVY_DECLARING,
	LEVY_DECLARED,
	LEVY_WRITTEN_OFF,
	LEVY_BATCH_LISTED,
	LEVY_STATE_COUNT
};

enum levy_event {
	LEVY_SUBMIT,              /* declared together with others */
	LEVY_ACCEPT,              /* its declaration was accepted */
	LEVY_REJECT,              /* its declaration was rejected: can be declared again */
	LEVY_REJECT_WITHDRAWN,    /* ... rejected because a levy of it was withdrawn: this one */
	LEVY_REJECT_BATCH_LISTED, /* ... rejected because this one was put on a batch list */
	LEVY_VOID,                /* its declaration was voided */
	LEVY_WITHDRAW,            /* 撤单 */
	LEVY_BATCH_LIST,          /* put on a 批扣清册 */
	LEVY_BATCH_RELEASE,       /* taken off it */
	LEVY_BATCH_SETTLE,        /* debited from it */
	LEVY_EVENT_COUNT
};

/* The payment side of a levy: at most one claim over all channels. A debit that succeeded
 * stays paying until the treasury has the money (入库). */
enum levy_pay_state {
	LEVY_PAY_UNPAID,
	LEVY_PAY_PAYING,
	LEVY_PAY_VOUCHERED,
	LEVY_PAY_SETTLED,
	LEVY_PAY_UNCONFIRMED,
	LEVY_PAY_STATE_COUNT
};

enum levy_pay_event {
	LEVY_PAY_PAY,            /* claimed by a payment */
	LEVY_PAY_REFUSE,         /* the payment was refused */
	LEVY_PAY_LOSE,           /* the payment's outcome is unknown */
	LEVY_PAY_RESEND,         /* the bank never saw it, it goes out again */
	LEVY_PAY_ISSUE_VOUCHER,
	LEVY_PAY_VOID_VOUCHER,
	LEVY_PAY_EXPIRE_VOUCHER,
	LEVY_PAY_SETTLE,         /* 入库 */
	LEVY_PAY_REVERSE,        /* 冲正 */
	LEVY_PAY_LATE_SUCCESS,   /* the bank debited after it had refused */
	LEVY_PAY_EVENT_COUNT
};

enum declaration_state {
	DECLARATION_QUEUED,
	DECLARATION_PENDING,
	DECLARATION_ACCEPTED,
	DECLARATION_REJECTED,
	DECLARATION_VOIDING,
	DECLARATION_VOIDED,
	DECLARATION_STATE_COUNT
};

enum declaration_event {
	DECLARATION_SEND,
	DECLARATION_ACCEPT,
	DECLARATION_REJECT,
	DECLARATION_VOID,
	DECLARATION_VOID_ACCEPT,
	DECLARATION_VOID_REJECT,
	DECLARATION_EVENT_COUNT
};

/* Unknown is left by an answer to a query only. */
enum payment_state {
	PAYMENT_CREATED,
	PAYMENT_SENT,
	PAYMENT_SUCCEEDED,
	PAYMENT_REFUSED,
	PAYMENT_UNKNOWN,
	PAYMENT_REVERSED,
	PAYMENT_STATE_COUNT
};

enum payment_event_kind {
	PAYMENT_SEND,
	PAYMENT_SUCCEED,
	PAYMENT_REFUSE,
	PAYMENT_LOSE,             /* no answer, or one that says nothing */
	PAYMENT_QUERY_SUCCEED,
	PAYMENT_QUERY_REFUSE,
	PAYMENT_QUERY_UNKNOWN,    /* the bank cannot say yet */
	PAYMENT_QUERY_NEVER_SEEN, /* after the bank's visibility window: sent again, same op_id */
	PAYMENT_REVERSE,
	PAYMENT_LATE_SUCCESS,     /* found debited after a refusal: to be asked about */
	PAYMENT_EVENT_COUNT
};

enum voucher_state {
	VOUCHER_ISSUED,
	VOUCHER_VOIDED,
	VOUCHER_PAID,
	VOUCHER_EXPIRED,
	VOUCHER_STATE_COUNT
};

enum voucher_event {
	VOUCHER_VOID,
	VOUCHER_PAY, /* at the bank's counter */
	VOUCHER_EXPIRE,
	VOUCHER_EVENT_COUNT
};

enum certificate_state {
	CERTIFICATE_ISSUED,
	CERTIFICATE_DELIVERED, /* the client confirmed the saved bytes by their hash */
	CERTIFICATE_INVALIDATED,
	CERTIFICATE_STATE_COUNT
};

enum certificate_event {
	CERTIFICATE_REDELIVER, /* the same bytes again, until they are confirmed */
	CERTIFICATE_DELIVER,
	CERTIFICATE_REPRINT,
	CERTIFICATE_INVALIDATE, /* the payment was reversed */
	CERTIFICATE_EVENT_COUNT
};

/* An operation in the client's journal and in the service's memory of op_ids. Once an attempt's
 * outcome is unknown it stays so, also while the same bytes are sent again, until an answer. */
enum op_state {
	OP_READY,
	OP_SENT,
	OP_DONE,
	OP_REFUSED,
	OP_UNKNOWN,
	OP_STATE_COUNT
};

enum op_event {
	OP_SEND,
	OP_SUCCEED,
	OP_REFUSE,
	OP_LOSE,   /* no answer, or none that can be read */
	OP_RETURN, /* surely never left this machine */
	OP_CANCEL, /* by the user, before it was ever sent */
	OP_EVENT_COUNT
};

extern const struct state_table states_levy, states_levy_pay, states_declaration,
    states_payment, states_voucher, states_certificate, states_op;

/* All of them, for printing and for checks over every table. */
const struct state_table *const *states_all(size_t *count);

#endif
