/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_LEVY_H
#define SHEBAO_CORE_LEVY_H

#include "shebao/employer.h"
#include "shebao/states.h"

#define LEVY_NO_SIZE 33
#define TICKET_NO_SIZE 19
#define RECORD_ID_SIZE 33

enum levy_kind {
	LEVY_NORMAL,  /* 日常申报 */
	LEVY_SPECIAL, /* 特殊缴费申报 */
	LEVY_KIND_COUNT
};

/* 应征费款: one row to declare and pay, as the bureau pushed it. amount is never computed. */
struct levy {
	char levy_no[LEVY_NO_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char unit_no[UNIT_NO_SIZE];
	char agency_code[AGENCY_CODE_SIZE];
	char agency_name[129];
	int kind;
	char item_code[17];
	char item_name[97];
	char category_code[17];
	char category_name[129];
	char subcategory_code[33];
	char subcategory_name[129];
	char period_from[PERIOD_SIZE];
	char period_to[PERIOD_SIZE];
	int64_t headcount;
	int64_t base_amount; /* fen */
	int64_t rate;        /* millionths */
	int64_t amount;      /* fen */
	char due_date[DATE_SIZE];
	char valid_until[DATE_SIZE];
	char source[33]; /* 人社, 医保, 税务 */
	int state;       /* enum levy_state, 数据处理状态 */
	int pay_state;   /* enum levy_pay_state */
	char declaration_id[RECORD_ID_SIZE]; /* the live one, or "" */
	char payment_no[RECORD_ID_SIZE];     /* the live or successful one, or "" */
	char voucher_no[TICKET_NO_SIZE];     /* the live or paid one, or "" */
	char tax_ticket_no[TICKET_NO_SIZE];  /* when money was debited */
	char settled_on[DATE_SIZE];          /* 入库日期 */
	char certificate_no[TICKET_NO_SIZE]; /* of the first print, or "" */
	int64_t version;
};

/* levy_type has every member; levy_push_type those of levies.csv, in its order. */
extern const struct record_type levy_type, levy_push_type;
extern const struct choice_set levy_kinds;

#endif
