/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_PAYMENT_H
#define SHEBAO_CORE_PAYMENT_H

#include "shebao/declaration.h"

/* One thing that happened to a payment: its timeline, in the order of seq. */
struct payment_event {
	char payment_no[RECORD_ID_SIZE];
	int64_t seq;
	int64_t at;
	char event[33];   /* created, sent, no_answer, answer, resent, settled, late_success,
			   * reverse_asked, reverse_refused, reversed */
	char detail[257]; /* the bank's own words and code */
};

/* 缴费 (三方协议扣款): one debit intent over a set of levies. */
struct payment {
	char payment_no[RECORD_ID_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char op_id[OP_ID_SIZE];
	char agreement_no[61];
	char bank_name[129];
	char account_no[33];
	char account_name[NAME_SIZE];
	int state; /* enum payment_state */
	int64_t amount;
	int64_t levy_count;
	char tax_ticket_no[TICKET_NO_SIZE];
	char entrust_date[DATE_SIZE]; /* with serial: the bank's key, TIPS 1001 */
	char serial[9];
	char result_code[9]; /* TIPS Result */
	char reason[257];    /* the bank's words */
	int64_t created_at;
	int64_t finished_at;
	char settled_on[DATE_SIZE];
	struct text_list levy_nos;
	struct record_list events; /* struct payment_event */
	int64_t version;
};

extern const struct record_type payment_event_type, payment_type;

#endif
