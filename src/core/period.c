/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fee periods. */
#include "shebao/period.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"

enum {
	MONTHS = 12,
	MONTH_MIN = 1900 * MONTHS,
	MONTH_MAX = 9999 * MONTHS + MONTHS - 1
};

int
period_month(const char *period)
{
	int year = 0, month = 0, i;

	if (strlen(period) != 7 || period[4] != '-') {
		return -1;
	}
	for (i = 0; i < 7; i++) {
		int digit = period[i] - '0';

		if (i == 4) {
			continue;
		}
		if (digit < 0 || digit > 9) {
			return -1;
		}
		if (i < 4) {
			year = year * 10 + digit;
		} else {
			month = month * 10 + digit;
		}
	}
	if (month < 1 || month > MONTHS || year * MONTHS < MONTH_MIN) {
		return -1;
	}
	return year * MONTHS + month - 1;
}

void
period_format(int month, char out[8])
{
	char text[32];

	assert(month >= MONTH_MIN && month <= MONTH_MAX);
	snprintf(text, sizeof(text), "%04d-%02d", month / MONTHS, month % MONTHS + 1);
	memcpy(out, text, 7);
	out[7] = '\0';
}

int
period_check(const char *period, struct err *err)
{
	if (period_month(period) >= 0) {
		return 0;
	}
	return err_set(err, ERR_DATA,
	    _("“%s”不是有效的费款所属期，应为 YYYY-MM，如 2020-06"), period);
}

int
period_range_check(const char *from, const char *to, int max_months, struct err *err)
{
	int months;

	if (period_check(from, err) != 0 || period_check(to, err) != 0) {
		return -1;
	}
	months = period_month(to) - period_month(from) + 1;
	if (months < 1) {
		return err_set(
		    err, ERR_DATA, _("费款所属期起 %s 晚于费款所属期止 %s"), from, to);
	}
	if (months > max_months) {
		return err_set(
		    err, ERR_DATA, _("费款所属期起止不能超过%d个月"), max_months);
	}
	return 0;
}
