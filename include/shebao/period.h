/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_PERIOD_H
#define SHEBAO_CORE_PERIOD_H

#include "shebao/err.h"

/* 费款所属期: "YYYY-MM", from 1900-01 to 9999-12, and month numbers to count with: year * 12 +
 * month - 1. */
#define PERIOD_MONTHS_MAX 12 /* 费款所属期起止不能超过12个月 */

/* The month number, or -1. */
int period_month(const char *period);

/* month must be one that period_month can return. */
void period_format(int month, char out[8]);

/* ERR_DATA. */
int period_check(const char *period, struct err *err) __attribute__((warn_unused_result));

/* Both ends count: 2020-01 to 2020-12 is 12 months. ERR_DATA when either is no period, when
 * they are the wrong way round or more than max_months. */
int period_range_check(const char *from, const char *to, int max_months, struct err *err)
    __attribute__((warn_unused_result));

#endif
