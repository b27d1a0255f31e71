/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates in millionths, as per cent. */
#include "shebao/rate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"

enum {
	PER_CENT = RATE_ONE / 100
};

int
rate_parse(const char *per_cent, int64_t *millionths, struct err *err)
{
	const char *s = per_cent;
	int64_t value = 0, weight = PER_CENT;
	int digits = 0, decimals = 0;

	for (; *s >= '0' && *s <= '9' && value <= RATE_ONE; s++, digits++) {
		value = value * 10 + (*s - '0') * (int64_t)PER_CENT;
	}
	if (digits > 0 && *s == '.') {
		for (s++; *s >= '0' && *s <= '9' && weight > 1; s++, decimals++) {
			weight /= 10;
			value += (*s - '0') * weight;
		}
		digits = decimals;
	}
	s += *s == '%';
	if (digits == 0 || *s != '\0' || value > RATE_ONE) {
		return err_set(err, ERR_DATA,
		    _("“%.40s”不是有效的费率，应为 0 到 100 之间的百分数，如 16.00"),
		    per_cent);
	}
	*millionths = value;
	return 0;
}

void
rate_format(int64_t millionths, char out[RATE_TEXT_MAX])
{
	size_t n;

	if (millionths < 0 || millionths > RATE_ONE * INT64_C(1000000)) {
		snprintf(out, RATE_TEXT_MAX, "?");
		return;
	}
	snprintf(out, RATE_TEXT_MAX, "%" PRId64 ".%04d", millionths / PER_CENT,
	    (int)(millionths % PER_CENT));
	for (n = strlen(out); out[n - 1] == '0' && out[n - 3] != '.'; n--) {
		out[n - 1] = '\0';
	}
}
