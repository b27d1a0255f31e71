/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/match.h"

#include "shebao/mem.h"
#include "shebao/pinyin.h"
#include "unit/unit.h"

START_TEST(initials_match_with_every_reading)
{
	static const struct {
		const char *text, *initials;
	} cases[] = { { "重庆市", "CQ" }, { "厦门市", "XM" }, { "长春", "CC" },
		{ "建设银行", "YH" }, { "用人单位", "DW" },
		{ "企业职工基本养老保险费", "qyzgjbylbxf" }, { "毕节市", "BJ" },
		{ "贵州省", "GZ" }, { "西藏自治区", "XZ" }, { "六盘水市", "LPS" },
		{ "都匀市", "DY" }, { "内蒙古自治区", "NMG" }, { "仡佬族", "GL" },
		{ "务川仡佬族苗族", "WCGLZMZ" }, { "湄潭", "MT" }, { "瓮安", "WA" },
		{ "贵阳市社保", "gysb" }, { "贵阳市社保", "gyssb" }, { "市市场", "SC" },
		{ "贵阳市南明区社保局", "gynmsbj" }, { "社保费（单位）", "SBFDW" },
		{ "工伤保险", "SBX" }, { "A座2号", "az2h" }, { "二〇二〇", "ELEL" },
		{ "㙍", "D" } };
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		ck_assert_msg(pinyin_match(cases[i].text, cases[i].initials), "%s %s",
		    cases[i].text, cases[i].initials);
	}
}
END_TEST

/* The same initials for different things: both are found, the clerk chooses. */
START_TEST(collisions_find_all_that_fit)
{
	static const struct {
		const char *typed, *one, *other;
	} cases[] = {
		{ "yl", "企业职工基本养老保险费", "职工基本医疗保险(单位缴纳)" },
		{ "sybx", "失业保险(单位缴纳)", "生育保险(单位缴纳)" },
		{ "bj", "毕节市", "北京市" },
		{ "yh", "中国工商银行", "中国银行贵阳分行" },
		{ "gz", "贵州省", "广州市" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		ck_assert_msg(match_text(cases[i].one, cases[i].typed), "%s", cases[i].one);
		ck_assert_msg(match_text(cases[i].other, cases[i].typed), "%s", cases[i].other);
	}
	ck_assert(!match_text("工伤保险", "yl"));
}
END_TEST

START_TEST(what_does_not_follow_on_does_not_match)
{
	static const struct {
		const char *text, *initials;
	} cases[] = { { "贵州省", "GS" }, { "贵州省", "GZSX" }, { "厦门", "MX" },
		{ "贵州", "G Z" }, { "贵州", "" }, { "", "G" }, { "贵州", "贵" },
		{ "重庆", "C1" }, { "（）", "A" } };
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		ck_assert_msg(!pinyin_match(cases[i].text, cases[i].initials), "%s %s",
		    cases[i].text, cases[i].initials);
	}
}
END_TEST

START_TEST(every_character_of_the_main_block_up_to_9fa5_has_an_initial)
{
	uint32_t c, missing = 0;

	for (c = 0x4E00; c <= 0x9FA5; c++) {
		missing += pinyin_initials(c) == 0;
	}
	ck_assert_uint_lt(missing, 100);
	ck_assert_uint_eq(pinyin_initials('a'), 0);
	ck_assert_uint_eq(pinyin_initials(0x3042), 0);
	ck_assert_uint_eq(pinyin_initials(0x10FFFF), 0);
}
END_TEST

START_TEST(text_is_found_by_parts_words_and_forms)
{
	ck_assert(match_text("贵阳市南明区社保局", "南明"));
	ck_assert(match_text("贵阳市南明区社保局", "nmq"));
	ck_assert(match_text("贵阳市南明区社保局", "gys 社保"));
	ck_assert(match_text("91520181MA6DJ9Q03L", "ma6dj"));
	ck_assert(match_text("91520181MA6DJ9Q03L", "ＭＡ６"));
	ck_assert(match_text("ＡＢＣ", "abc"));
	ck_assert(match_text("x", ""));
	ck_assert(match_text("x", "  "));
	ck_assert(!match_text("贵阳市南明区", "云岩"));
	ck_assert(!match_text("贵阳市南明区", "gys yy"));
	ck_assert(!match_text("", "x"));
}
END_TEST

START_TEST(amounts_are_compared_or_begun)
{
	static const struct {
		int64_t fen;
		const char *needle;
		int matches;
	} cases[] = { { 100001, ">1000", 1 }, { 100000, ">1000", 0 },
		{ 100000, ">=1000", 1 }, { 99999, "<1000", 1 }, { 100000, "<1000", 0 },
		{ 100000, "<= 1,000.00", 1 }, { 100000, "=1000", 1 },
		{ 100001, "=1000", 0 }, { 100001, "＞１０００", 1 },
		{ 100001, "》1000", 1 }, { 99999, "《1000", 1 }, { 100000, "≥1000", 1 },
		{ 100000, "≤1000", 1 }, { 8407924, "84,0", 1 }, { 8407924, "8407", 1 },
		{ 8407924, "84079.24", 1 }, { 8407924, "4079", 0 }, { 8407924, "", 0 },
		{ 8407924, ">", 0 }, { 8407924, ">x", 0 }, { 8407924, "社保", 0 },
		{ 0, ">=0", 1 }, { 0, "0.0", 1 }, { 100, ">-1", 0 } };
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		ck_assert_msg(
		    match_amount(cases[i].fen, cases[i].needle) == cases[i].matches, "%s",
		    cases[i].needle);
	}
}
END_TEST

UNIT_MAIN("match", initials_match_with_every_reading, collisions_find_all_that_fit,
    what_does_not_follow_on_does_not_match,
    every_character_of_the_main_block_up_to_9fa5_has_an_initial,
    text_is_found_by_parts_words_and_forms, amounts_are_compared_or_begun)
