/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_RATE_H
#define SHEBAO_CORE_RATE_H

#include <stdint.h>

#include "shebao/err.h"

/* Rates are millionths (16 % is 160000), from 0 to 100 %. Text is per cent. */
#define RATE_ONE 1000000
#define RATE_TEXT_MAX 24

/* "16", "16.00", "0.5%", at most four decimals. ERR_DATA. */
int rate_parse(const char *per_cent, int64_t *millionths, struct err *err)
    __attribute__((warn_unused_result));

/* "16.00", without the sign; three or four decimals where they are needed. */
void rate_format(int64_t millionths, char out[RATE_TEXT_MAX]);

#endif
