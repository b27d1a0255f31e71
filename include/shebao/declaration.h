/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_DECLARATION_H
#define SHEBAO_CORE_DECLARATION_H

#include "shebao/levy.h"

/* At most this many levies in one declaration, payment or voucher. */
#define LEVIES_MAX 10000

/* Shown besides a declaration's state. */
enum paid_state {
	PAID_NOTHING, /* 未缴 */
	PAID_PARTLY,  /* 部分缴费 */
	PAID_ALL,     /* 已缴费 */
	PAID_STATE_COUNT
};

/* 申报记录: levies declared together. */
struct declaration {
	char declaration_id[RECORD_ID_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char op_id[OP_ID_SIZE];
	int kind;  /* enum levy_kind */
	int state; /* enum declaration_state */
	int paid_state;
	int64_t amount;
	int64_t levy_count;
	int64_t headcount;
	char period_from[PERIOD_SIZE]; /* earliest and latest of its levies */
	char period_to[PERIOD_SIZE];
	int64_t declared_at;
	int64_t decided_at;
	char reason[257]; /* of a rejection, of a refused voiding */
	struct text_list levy_nos;
	int64_t version;
};

extern const struct record_type declaration_type;
extern const struct choice_set declaration_paid_states;

#endif
