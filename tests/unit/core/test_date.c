/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/date.h"

#include <string.h>
#include <time.h>

#include "shebao/mem.h"
#include "shebao/period.h"
#include "unit/unit.h"

START_TEST(every_day_until_2100_follows_the_calendar_of_the_c_library)
{
	char day[11] = "1900-01-01", next[11], expected[16];
	int64_t days;

	ck_assert_int_eq(date_days("1970-01-01"), 0);
	for (days = date_days(day); strcmp(day, "2100-12-31") != 0; days++) {
		time_t seconds = (time_t)days * 86400;
		struct tm tm;

		gmtime_r(&seconds, &tm);
		strftime(expected, sizeof(expected), "%Y-%m-%d", &tm);
		ck_assert_str_eq(day, expected);
		ck_assert_int_eq(date_check(day, NULL), 0);
		ck_assert_int_eq(date_days(day), days);
		date_add_days(day, 1, next);
		ck_assert_int_eq(date_days_between(day, next), 1);
		memcpy(day, next, sizeof(day));
	}
}
END_TEST

START_TEST(days_that_do_not_exist_are_refused)
{
	static const char *const bad[] = { "", "2021-02-29", "1900-02-29", "2020-13-01",
		"2020-00-01", "2020-04-31", "2020-01-00", "2020-1-01", "2020/01/01",
		"20200101", "2020-01-011", "1899-12-31", "２020-01-01", "2020-01-0a",
		"+020-01-01" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = { 0 };

		ck_assert_msg(date_check(bad[i], &err) == -1, "%s", bad[i]);
		ck_assert_int_eq(err.code, ERR_DATA);
	}
	ck_assert_int_eq(date_check("2000-02-29", NULL), 0);
	ck_assert_int_eq(date_check("9999-12-31", NULL), 0);
}
END_TEST

START_TEST(days_are_counted_across_years)
{
	char day[11];

	date_add_days("2020-02-28", 1, day);
	ck_assert_str_eq(day, "2020-02-29");
	date_add_days("2021-01-01", -1, day);
	ck_assert_str_eq(day, "2020-12-31");
	date_add_days("2020-01-01", 366, day);
	ck_assert_str_eq(day, "2021-01-01");
	date_add_days(day, -366, day);
	ck_assert_str_eq(day, "2020-01-01");
	date_add_days("9999-12-31", 1, day);
	ck_assert_str_eq(day, "9999-12-31");
	date_add_days("2020-01-01", INT64_MIN, day);
	ck_assert_str_eq(day, "1900-01-01");
	ck_assert_int_eq(date_days_between("2020-06-25", "2020-07-10"), 15);
	ck_assert_int_eq(date_days_between("2020-09-01", "2020-06-30"), -63);
}
END_TEST

START_TEST(the_day_changes_at_midnight_in_china)
{
	char day[11], moment[20];

	date_from_ms(0, day);
	ck_assert_str_eq(day, "1970-01-01");
	date_from_ms(INT64_C(57599999), day);
	ck_assert_str_eq(day, "1970-01-01");
	date_from_ms(INT64_C(57600000), day);
	ck_assert_str_eq(day, "1970-01-02");
	date_from_ms(INT64_C(-28800000), day);
	ck_assert_str_eq(day, "1970-01-01");
	date_from_ms(INT64_C(-28800001), day);
	ck_assert_str_eq(day, "1969-12-31");
	date_time_format(INT64_C(1598893262999), moment);
	ck_assert_str_eq(moment, "2020-09-01 01:01:02");
	date_time_format(0, moment);
	ck_assert_str_eq(moment, "1970-01-01 08:00:00");
	date_time_format(INT64_MAX, moment);
	ck_assert_int_eq(strncmp(moment, "9999-12-31", 10), 0);
	date_time_format(INT64_MIN, moment);
	ck_assert_int_eq(strncmp(moment, "1900-01-01", 10), 0);
	date_from_ms(date_first_ms("2020-02-29"), day);
	ck_assert_str_eq(day, "2020-02-29");
	date_from_ms(date_last_ms("2020-02-29"), day);
	ck_assert_str_eq(day, "2020-02-29");
	date_from_ms(date_last_ms("2020-02-29") + 1, day);
	ck_assert_str_eq(day, "2020-03-01");
}
END_TEST

START_TEST(periods_turn_into_month_numbers_and_back)
{
	static const char *const bad[] = { "", "2020-13", "2020-00", "202006", "2020-6",
		"2020/06", "2020-061", "1899-12", "2O20-06", "2020-06-01" };
	char period[8];
	size_t i;
	int month;

	for (month = period_month("1900-01"); month <= period_month("9999-12"); month++) {
		period_format(month, period);
		ck_assert_int_eq(period_month(period), month);
	}
	ck_assert_int_eq(period_month("2021-01") - period_month("2020-12"), 1);
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = { 0 };

		ck_assert_int_eq(period_month(bad[i]), -1);
		ck_assert_int_eq(period_check(bad[i], &err), -1);
		ck_assert_int_eq(err.code, ERR_DATA);
	}
}
END_TEST

START_TEST(a_range_holds_twelve_months_at_most)
{
	struct err err = { 0 };

	ck_assert_int_eq(
	    period_range_check("2020-01", "2020-12", PERIOD_MONTHS_MAX, &err), 0);
	ck_assert_int_eq(period_range_check("2020-06", "2020-06", 1, &err), 0);
	ck_assert_int_eq(
	    period_range_check("2020-01", "2021-01", PERIOD_MONTHS_MAX, &err), -1);
	ck_assert_str_eq(err.text, "费款所属期起止不能超过12个月");
	err_clear(&err);
	ck_assert_int_eq(
	    period_range_check("2020-07", "2020-06", PERIOD_MONTHS_MAX, &err), -1);
	ck_assert_int_eq(err.code, ERR_DATA);
	ck_assert_int_eq(period_range_check("2020-07", "x", PERIOD_MONTHS_MAX, NULL), -1);
}
END_TEST

UNIT_MAIN("date", every_day_until_2100_follows_the_calendar_of_the_c_library,
    days_that_do_not_exist_are_refused, days_are_counted_across_years,
    the_day_changes_at_midnight_in_china, periods_turn_into_month_numbers_and_back,
    a_range_holds_twelve_months_at_most)
