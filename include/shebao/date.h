/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_DATE_H
#define SHEBAO_CORE_DATE_H

#include <stdint.h>

#include "shebao/err.h"

/* "YYYY-MM-DD" from 1900-01-01 to 9999-12-31, in the Gregorian calendar. */

/* ERR_DATA. */
int date_check(const char *date, struct err *err) __attribute__((warn_unused_result));

/* Days since 1970-01-01; date must be one. */
int64_t date_days(const char *date);

/* The day in China (UTC+8, no summer time) at ms since 1970 UTC. Years beyond 1900 to 9999 are
 * cut to them, here and below. */
void date_from_ms(int64_t ms, char out[11]);

/* date plus days, which may be negative; date must be one. out may be date. */
void date_add_days(const char *date, int64_t days, char out[11]);

/* Days from the first to the second: 1 from a day to the next. Both must be dates. */
int64_t date_days_between(const char *from, const char *to);

/* The first and the last millisecond of a day in China, since 1970 UTC. */
int64_t date_first_ms(const char *date);
int64_t date_last_ms(const char *date);

/* "YYYY-MM-DD HH:MM:SS" in China. */
void date_time_format(int64_t ms, char out[20]);

#endif
