/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_MONEY_H
#define SHEBAO_CORE_MONEY_H

#include <stdint.h>

#include "shebao/err.h"

/* Money is an int64_t of fen, never floating point. Amounts read from text are from 0 to below
 * 10^15 fen; printing takes any int64_t. */
#define MONEY_FEN_LIMIT INT64_C(1000000000000000)
#define MONEY_TEXT_MAX 32
#define MONEY_WORDS_MAX 256

/* *sum = a + b; ERR_AMOUNT when that does not fit. */
int money_add(int64_t a, int64_t b, int64_t *sum, struct err *err)
    __attribute__((warn_unused_result));

/* "1234.56", "1,234.5", "1234" yuan to fen. At most two decimals; separators, if any, at every
 * third digit; no sign. ERR_DATA. */
int money_parse(const char *yuan, int64_t *fen, struct err *err)
    __attribute__((warn_unused_result));

/* "135,883.03", for people; "135883.03", for CSV. */
void money_format(int64_t fen, char out[MONEY_TEXT_MAX]);
void money_format_plain(int64_t fen, char out[MONEY_TEXT_MAX]);

/* 人民币大写 after the 支付结算办法, annex 1: 整 also after 角; where that annex leaves a 零 to
 * choice it is left out. */
void money_in_words(int64_t fen, char out[MONEY_WORDS_MAX]);

#endif
