/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_VOUCHER_H
#define SHEBAO_CORE_VOUCHER_H

#include "shebao/declaration.h"

/* 银行端查询缴费凭证: a number to pay with at a bank counter. Its number is the electronic
 * ticket number: 4, province, 016, YYMM, eight digits. */
struct voucher {
	char voucher_no[TICKET_NO_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char op_id[OP_ID_SIZE];
	int state; /* enum voucher_state */
	int64_t amount;
	int64_t levy_count;
	char bank_name[129]; /* payer's account: optional, for the paper */
	char account_no[33];
	char account_name[NAME_SIZE];
	int64_t issued_at;
	char due_date[DATE_SIZE]; /* 限缴日期 */
	int64_t closed_at;        /* voided, paid or expired */
	int64_t print_count;
	char verify_code[25];
	char sha256[65]; /* of the sealed file as first made */
	struct text_list levy_nos;
	int64_t version;
};

extern const struct record_type voucher_type;

#endif
