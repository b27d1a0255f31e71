/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/unit.h"

#include <stdio.h>

#include "daemon/quota.h"

START_TEST(thirty_at_once_and_then_one_in_two_seconds)
{
	struct quota *quota = quota_new(30);
	int64_t now = 1000;
	int i;

	for (i = 0; i < 30; i++) {
		ck_assert_int_eq(quota_take(quota, "192.0.2.1", now), 0);
	}
	ck_assert_int_eq(quota_take(quota, "192.0.2.1", now), 2);
	ck_assert_int_eq(quota_take(quota, "192.0.2.1", now + 1000), 1);
	ck_assert_int_eq(quota_take(quota, "192.0.2.1", now + 2000), 0);
	ck_assert_int_eq(quota_take(quota, "192.0.2.1", now + 2000), 2);
	quota_free(quota);
}
END_TEST

START_TEST(what_is_refused_costs_nothing)
{
	struct quota *quota = quota_new(1);
	int i;

	ck_assert_int_eq(quota_take(quota, "192.0.2.1", 0), 0);
	for (i = 1; i < 60; i++) {
		ck_assert_int_eq(quota_take(quota, "192.0.2.1", i * 1000), 60 - i);
	}
	ck_assert_int_eq(quota_take(quota, "192.0.2.1", 60000), 0);
	quota_free(quota);
}
END_TEST

START_TEST(a_long_pause_fills_the_bucket_and_no_more)
{
	struct quota *quota = quota_new(3);
	int64_t now = 0, later = INT64_C(1) << 60;
	int i;

	ck_assert_int_eq(quota_take(quota, "192.0.2.1", now), 0);
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(quota_take(quota, "192.0.2.1", later), 0);
	}
	ck_assert_int_eq(quota_take(quota, "192.0.2.1", later), 20);
	quota_free(quota);
}
END_TEST

START_TEST(sources_do_not_pay_for_one_another)
{
	struct quota *quota = quota_new(1);

	ck_assert_int_eq(quota_take(quota, "192.0.2.1", 0), 0);
	ck_assert_int_eq(quota_take(quota, "192.0.2.2", 0), 0);
	ck_assert_int_ne(quota_take(quota, "192.0.2.1", 0), 0);
	quota_free(quota);
}
END_TEST

START_TEST(an_ipv6_network_is_one_source)
{
	struct quota *quota = quota_new(1);

	ck_assert_int_eq(quota_take(quota, "2001:db8:0:1::1", 0), 0);
	ck_assert_int_ne(quota_take(quota, "2001:db8:0:1:ffff::2", 0), 0);
	ck_assert_int_eq(quota_take(quota, "2001:db8:0:2::1", 0), 0);
	quota_free(quota);
}
END_TEST

START_TEST(more_sources_than_there_is_room_for_are_served)
{
	struct quota *quota = quota_new(1);
	char source[40];
	int i;

	for (i = 0; i < 100000; i++) {
		snprintf(source, sizeof(source), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
		ck_assert_int_eq(quota_take(quota, source, i), 0);
	}
	ck_assert_int_ne(quota_take(quota, source, i), 0);
	quota_free(quota);
}
END_TEST

START_TEST(no_limit_is_none)
{
	struct quota *quota = quota_new(0);
	int i;

	for (i = 0; i < 1000; i++) {
		ck_assert_int_eq(quota_take(quota, "192.0.2.1", 0), 0);
	}
	quota_free(quota);
}
END_TEST

UNIT_MAIN("quota", thirty_at_once_and_then_one_in_two_seconds, what_is_refused_costs_nothing,
    a_long_pause_fills_the_bucket_and_no_more, sources_do_not_pay_for_one_another,
    an_ipv6_network_is_one_source, more_sources_than_there_is_room_for_are_served, no_limit_is_none)
