/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/text.h"

#include <string.h>

#include "shebao/mem.h"
#include "unit/unit.h"

START_TEST(hanzi_and_full_width_forms_take_two_columns)
{
	ck_assert_int_eq(text_width("贵州省"), 6);
	ck_assert_int_eq(text_width("a１，。　￥"), 11);
	ck_assert_int_eq(text_width("𬭩㙍"), 4);
	ck_assert_int_eq(text_width(""), 0);
}
END_TEST

START_TEST(ambiguous_characters_follow_the_setting)
{
	static const uint32_t ambiguous[] = { 0x2500, 0x25CF, 0x2192, 0xD7, 0x2460,
		0x2026, 0xB7 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(ambiguous); i++) {
		text_set_ambiguous_width(1);
		ck_assert_int_eq(text_char_width(ambiguous[i]), 1);
		text_set_ambiguous_width(2);
		ck_assert_int_eq(text_char_width(ambiguous[i]), 2);
	}
	ck_assert_int_eq(text_char_width('a'), 1);
	ck_assert_int_eq(text_char_width(0xA5), 1);
	ck_assert_int_eq(text_length("a·社保"), 4);
	text_set_ambiguous_width(1);
}
END_TEST

START_TEST(marks_and_controls_take_no_column)
{
	ck_assert_int_eq(text_char_width(0x0301), 0);
	ck_assert_int_eq(text_char_width(0x20DD), 0);
	ck_assert_int_eq(text_char_width(0x1B), 0);
}
END_TEST

START_TEST(invalid_utf8_is_replaced_byte_by_byte)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "\xF4\x90\x80\x80",
		    "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "a\xE8\xB4", "a\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "\xFF", "\xEF\xBF\xBD" },
	};
	char out[64];
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		ck_assert_int_eq(
		    text_clean_copy(out, sizeof(out), cases[i].in, strlen(cases[i].in)),
		    1);
		ck_assert_str_eq(out, cases[i].out);
		ck_assert(!text_is_clean(cases[i].in, strlen(cases[i].in)));
	}
}
END_TEST

START_TEST(what_moves_the_cursor_or_hides_is_made_visible)
{
	static const char *const bad[] = { "\x1B[2J", "a\x7F", "\xC2\x9B", "\xE2\x80\xAE",
		"\xE2\x80\x8B", "\xEF\xBB\xBF", "\xEE\x80\x80", "\xF3\xA0\x80\x81",
		"\xEF\xBF\xBE", "\xD8\x9C", "\xE2\x81\xA6", "\xC2\xAD", "\xEF\xB8\x8F",
		"\xE1\xA0\x8E", "\xE3\x85\xA4", "\xF3\xA0\x84\x80" };
	char out[64];
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		size_t n = strlen(bad[i]);

		ck_assert(!text_is_clean(bad[i], n));
		ck_assert_int_eq(text_clean_copy(out, sizeof(out), bad[i], n), 1);
		ck_assert(strstr(out, "\xEF\xBF\xBD") != NULL);
		ck_assert(text_is_clean(out, strlen(out)));
	}
}
END_TEST

START_TEST(line_ends_become_one_space)
{
	char out[64];

	ck_assert_int_eq(text_clean_copy(out, sizeof(out), "a\nb\tc\rd", 7), 1);
	ck_assert_str_eq(out, "a b c d");
	ck_assert_int_eq(text_clean_copy(out, sizeof(out), "a\0b", 3), 1);
	ck_assert_str_eq(out,
	    "a\xEF\xBF\xBD"
	    "b");
}
END_TEST

START_TEST(a_third_combining_mark_is_refused)
{
	static const char two[] = "e\xCC\x81\xCC\x81",
			  three[] = "e\xCC\x81\xCC\x81\xCC\x81";
	char out[32];

	ck_assert(text_is_clean(two, strlen(two)));
	ck_assert(!text_is_clean(three, strlen(three)));
	ck_assert_int_eq(text_clean_copy(out, sizeof(out), three, strlen(three)), 1);
	ck_assert_str_eq(out, "e\xCC\x81\xCC\x81\xEF\xBF\xBD");
}
END_TEST

START_TEST(cutting_stops_at_a_whole_character)
{
	char out[6];

	ck_assert_int_eq(text_clean_copy(out, sizeof(out), "贵州", 6), 2);
	ck_assert_str_eq(out, "贵");
	ck_assert_int_eq(text_clean_copy(out, 4, "贵", 3), 0);
	ck_assert_str_eq(out, "贵");
	ck_assert_int_eq(mem_copy_text(out, sizeof(out), "贵州"), 0);
	ck_assert_str_eq(out, "贵");
	ck_assert_int_eq(mem_copy_text(out, sizeof(out), "贵ab"), 1);
}
END_TEST

START_TEST(every_code_point_survives_the_round_trip)
{
	uint32_t c;

	for (c = 1; c < 0x110000; c++) {
		char bytes[5];
		const char *at = bytes;

		if (c == 0xD800) {
			c = 0xE000;
		}
		bytes[text_put(bytes, c)] = '\0';
		ck_assert_uint_eq(text_next(&at), c);
		ck_assert(*at == '\0');
	}
}
END_TEST

START_TEST(a_prefix_never_splits_a_wide_character)
{
	int used = -1;

	ck_assert_uint_eq(text_prefix("贵a州", 1, &used), 0);
	ck_assert_int_eq(used, 0);
	ck_assert_uint_eq(text_prefix("贵a州", 4, &used), 4);
	ck_assert_int_eq(used, 3);
	ck_assert_uint_eq(text_prefix("贵a州", 80, NULL), 7);
	ck_assert_uint_eq(text_prefix("e\xCC\x81x", 1, &used), 3);
}
END_TEST

START_TEST(full_width_input_is_folded)
{
	char s[] = "１２Ａｂ，。　～", plain[] = "12单位";

	ck_assert(text_fold_width(s));
	ck_assert_str_eq(s, "12Ab,. ~");
	ck_assert(!text_fold_width(plain));
	ck_assert_str_eq(plain, "12单位");
}
END_TEST

START_TEST(trimming_knows_the_wide_space)
{
	char s[] = " \t　贵 州　 ", empty[] = "　 ";

	text_trim(s);
	ck_assert_str_eq(s, "贵 州");
	text_trim(empty);
	ck_assert_str_eq(empty, "");
}
END_TEST

UNIT_MAIN("text", hanzi_and_full_width_forms_take_two_columns,
    ambiguous_characters_follow_the_setting, marks_and_controls_take_no_column,
    invalid_utf8_is_replaced_byte_by_byte, what_moves_the_cursor_or_hides_is_made_visible,
    line_ends_become_one_space, a_third_combining_mark_is_refused,
    cutting_stops_at_a_whole_character, every_code_point_survives_the_round_trip,
    a_prefix_never_splits_a_wide_character, full_width_input_is_folded,
    trimming_knows_the_wide_space)
