/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/taxpayer_id.h"

#include <stdio.h>
#include <string.h>

#include "shebao/mem.h"
#include "unit/unit.h"

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static const char *const valid[] = { "91520100770598600Y", "915201146629566696",
	"91520181MA6DJ9Q03L", "91610113MA7MHLFY36", "91310114769674792P",
	"913400007255331979", "91350100M000100Y43", "91520102MA6X000166",
	"11520000009900013Y", "93522627MA6X000E2T" };

START_TEST(real_codes_pass_both_checks)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(valid); i++) {
		ck_assert_msg(taxpayer_id_check(valid[i], NULL) == 0, "%s", valid[i]);
		ck_assert(taxpayer_id_inner_ok(valid[i]));
	}
	ck_assert(!taxpayer_id_inner_ok("91520181MA6D89Q03L") ||
	    taxpayer_id_check("91520181MA6D89Q03L", NULL) != 0);
	ck_assert(taxpayer_id_inner_ok("520100770598600"));
}
END_TEST

/* 31 is prime: one wrong character and two swapped neighbours are always found. */
START_TEST(every_single_slip_is_found)
{
	size_t i, at;

	for (i = 0; i < ARRAY_LEN(valid); i++) {
		for (at = 0; at < 18; at++) {
			char code[TAXPAYER_ID_MAX + 1];
			const char *c;

			for (c = alphabet; *c != '\0'; c++) {
				snprintf(code, sizeof(code), "%s", valid[i]);
				code[at] = *c;
				ck_assert_int_eq(taxpayer_id_check(code, NULL),
				    *c == valid[i][at] ? 0 : -1);
			}
		}
	}
}
END_TEST

START_TEST(numbers_from_before_the_code_are_accepted)
{
	struct err err = { 0 };

	ck_assert_int_eq(taxpayer_id_check("520100770598600", &err), 0);
	ck_assert_int_eq(taxpayer_id_check("52010077059860012", &err), 0);
	ck_assert_int_eq(taxpayer_id_check("52010219800101123X01", &err), 0);
	ck_assert_int_eq(taxpayer_id_check("52010077059860I", &err), 0);
}
END_TEST

START_TEST(the_message_says_what_is_wrong)
{
	static const struct {
		const char *id, *part;
	} cases[] = {
		{ "91520181MA6DI9Q03L", "第13位“I”" },
		{ "91520100770598600X", "第18位应为“Y”，现为“X”" },
		{ "9152010077059860", "现为16位" },
		{ "", "请输入" },
		{ "9152018贵MA6DJ9Q03L", "第8位“贵”" },
		{ "5201007705986-0", "第14位“-”" },
		{ "52010077059\x1B"
		  "600",
		    "第12位“?”" },
		{ "520100770598600520100770598600", "现为30位" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		ck_assert_int_eq(taxpayer_id_check(cases[i].id, &err), -1);
		ck_assert_int_eq(err.code, ERR_DATA);
		ck_assert_msg(strstr(err.text, cases[i].part) != NULL, "%s", err.text);
	}
}
END_TEST

START_TEST(typed_text_is_normalized)
{
	char s[] = " 　９1520181ma6dj9q03l ";

	taxpayer_id_normalize(s);
	ck_assert_str_eq(s, "91520181MA6DJ9Q03L");
}
END_TEST

START_TEST(look_alikes_are_suggested)
{
	static const struct {
		const char *typed, *meant;
	} cases[] = {
		{ "91520181MA6DI9Q03L", "91520181MA6DJ9Q03L" },
		{ "9152O100770598600Y", "91520100770598600Y" },
		{ "9I520100770598600Y", "91520100770598600Y" },
		{ "91S20100770598600Y", "91520100770598600Y" },
		{ "91S2O100770598600Y", "91520100770598600Y" },
		{ "91520100770598600V", "91520100770598600Y" },
		{ "91520181MA6DJ9003L", "91520181MA6DJ9Q03L" },
		{ "91520181MA6DL9Q03L", "91520181MA6DJ9Q03L" },
		{ "9152018ZMA6DJ9Q03L", NULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		char out[4][TAXPAYER_ID_MAX + 1];
		size_t n = taxpayer_id_suggest(cases[i].typed, out, 4), k;

		for (k = 0; k < n; k++) {
			ck_assert_int_eq(taxpayer_id_check(out[k], NULL), 0);
		}
		if (cases[i].meant == NULL) {
			ck_assert_uint_eq(n, 0);
		} else {
			ck_assert_uint_ge(n, 1);
			ck_assert_str_eq(out[0], cases[i].meant);
		}
	}
}
END_TEST

/* More than one swap may lead to a valid code: the right one is among them. */
START_TEST(every_swap_of_neighbours_is_undone)
{
	size_t i, at, k;

	for (i = 0; i < ARRAY_LEN(valid); i++) {
		for (at = 0; at + 1 < 18; at++) {
			char out[16][TAXPAYER_ID_MAX + 1], typed[TAXPAYER_ID_MAX + 1];
			size_t n;
			int found = 0;

			snprintf(typed, sizeof(typed), "%s", valid[i]);
			typed[at] = valid[i][at + 1];
			typed[at + 1] = valid[i][at];
			n = taxpayer_id_suggest(typed, out, 16);
			for (k = 0; k < n; k++) {
				found += strcmp(out[k], valid[i]) == 0;
			}
			ck_assert_int_eq(found, strcmp(typed, valid[i]) != 0);
		}
	}
}
END_TEST

START_TEST(nothing_is_suggested_for_what_is_valid_or_hopeless)
{
	static const char *const none[] = { "91520181MA6DJ9Q03L", "", "123",
		"IOSZIOSZIOSZIOSZIO", "520100770598600", "贵州贵州贵州" };
	char out[4][TAXPAYER_ID_MAX + 1];
	size_t i;

	for (i = 0; i < ARRAY_LEN(none); i++) {
		ck_assert_uint_eq(taxpayer_id_suggest(none[i], out, 4), 0);
	}
	ck_assert_uint_eq(taxpayer_id_suggest("91520181MA6DI9Q03L", out, 0), 0);
}
END_TEST

UNIT_MAIN("taxpayer_id", real_codes_pass_both_checks, every_single_slip_is_found,
    numbers_from_before_the_code_are_accepted, the_message_says_what_is_wrong,
    typed_text_is_normalized, look_alikes_are_suggested,
    every_swap_of_neighbours_is_undone,
    nothing_is_suggested_for_what_is_valid_or_hopeless)
