/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days of the Gregorian calendar, counted from 1970-01-01. */
#include "shebao/date.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"

enum {
	YEAR_MIN = 1900,
	YEAR_MAX = 9999,
	MONTHS = 12
};

#define MS_PER_DAY INT64_C(86400000)
#define CHINA_OFFSET_MS INT64_C(28800000)

static const int days_before_month[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304,
	334, 365 };

static int
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month(int year, int month)
{
	int days = days_before_month[month] - days_before_month[month - 1];

	return days + (month == 2 && is_leap(year));
}

/* Value of n digits, -1 when one is none. */
static int
digits(const char *s, int n)
{
	int value = 0, i;

	for (i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9') {
			return -1;
		}
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

static int
split(const char *date, int *year, int *month, int *day)
{
	if (strlen(date) != 10 || date[4] != '-' || date[7] != '-') {
		return 0;
	}
	*year = digits(date, 4);
	*month = digits(date + 5, 2);
	*day = digits(date + 8, 2);
	return *year >= YEAR_MIN && *month >= 1 && *month <= MONTHS && *day >= 1 &&
	    *day <= days_in_month(*year, *month);
}

/* Days from 1970-01-01 to the first day of a year. */
static int64_t
days_before_year(int year)
{
	int64_t y = year - 1;

	return y * 365 + y / 4 - y / 100 + y / 400 - 719162;
}

int
date_check(const char *date, struct err *err)
{
	int year, month, day;

	if (split(date, &year, &month, &day)) {
		return 0;
	}
	return err_set(
	    err, ERR_DATA, _("“%s”不是有效的日期，应为 YYYY-MM-DD，如 2020-06-30"), date);
}

int64_t
date_days(const char *date)
{
	int year = YEAR_MIN, month = 1, day = 1, valid;

	valid = split(date, &year, &month, &day);
	assert(valid);
	return days_before_year(year) + days_before_month[month - 1] +
	    (month > 2 && is_leap(year)) + day - 1;
}

static void
from_days(int64_t days, char out[11])
{
	char text[48];
	int year, month = 1;
	int64_t left;

	if (days < days_before_year(YEAR_MIN)) {
		days = days_before_year(YEAR_MIN);
	}
	if (days >= days_before_year(YEAR_MAX + 1)) {
		days = days_before_year(YEAR_MAX + 1) - 1;
	}
	year = (int)((days + 719162) * 400 / 146097) + 1;
	while (days < days_before_year(year)) {
		year--;
	}
	while (days >= days_before_year(year + 1)) {
		year++;
	}
	left = days - days_before_year(year);
	while (left >= days_in_month(year, month)) {
		left -= days_in_month(year, month);
		month++;
	}
	snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, (int)left + 1);
	memcpy(out, text, 10);
	out[10] = '\0';
}

void
date_from_ms(int64_t ms, char out[11])
{
	int64_t days = ms / MS_PER_DAY, rest = ms % MS_PER_DAY;

	if (rest < 0) {
		days--;
		rest += MS_PER_DAY;
	}
	from_days(days + (rest + CHINA_OFFSET_MS >= MS_PER_DAY), out);
}

void
date_add_days(const char *date, int64_t days, char out[11])
{
	int64_t limit = days_before_year(YEAR_MAX + 1) - days_before_year(YEAR_MIN);

	days = days > limit ? limit : days < -limit ? -limit : days;
	from_days(date_days(date) + days, out);
}

int64_t
date_days_between(const char *from, const char *to)
{
	return date_days(to) - date_days(from);
}

int64_t
date_first_ms(const char *date)
{
	return date_days(date) * MS_PER_DAY - CHINA_OFFSET_MS;
}

int64_t
date_last_ms(const char *date)
{
	return date_first_ms(date) + MS_PER_DAY - 1;
}

void
date_time_format(int64_t ms, char out[20])
{
	char text[48], day[11];
	int second;

	date_from_ms(ms, day);
	second = (int)((ms - date_first_ms(day)) / 1000);
	second = second < 0 ? 0 : second > 86399 ? 86399 : second;
	snprintf(text, sizeof(text), "%s %02d:%02d:%02d", day, second / 3600,
	    second / 60 % 60, second % 60);
	memcpy(out, text, 19);
	out[19] = '\0';
}
