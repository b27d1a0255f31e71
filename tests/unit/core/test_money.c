/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/money.h"

#include <string.h>

#include "shebao/mem.h"
#include "shebao/rate.h"
#include "unit/unit.h"

/* The examples of the regulation, a real receipt, and the edges of every rule. */
static const struct {
	const char *yuan, *words;
} vectors[] = {
	{ "0.00", "人民币零元整" },
	{ "0.01", "人民币壹分" },
	{ "0.10", "人民币壹角整" },
	{ "0.15", "人民币壹角伍分" },
	{ "1.00", "人民币壹元整" },
	{ "10.00", "人民币壹拾元整" },
	{ "10.05", "人民币壹拾元零伍分" },
	{ "15.50", "人民币壹拾伍元伍角整" },
	{ "49.90", "人民币肆拾玖元玖角整" },
	{ "100.01", "人民币壹佰元零壹分" },
	{ "325.04", "人民币叁佰贰拾伍元零肆分" },
	{ "1116.00", "人民币壹仟壹佰壹拾陆元整" },
	{ "1409.50", "人民币壹仟肆佰零玖元伍角整" },
	{ "1680.32", "人民币壹仟陆佰捌拾元叁角贰分" },
	{ "6007.14", "人民币陆仟零柒元壹角肆分" },
	{ "16409.02", "人民币壹万陆仟肆佰零玖元零贰分" },
	{ "84079.24", "人民币捌万肆仟零柒拾玖元贰角肆分" },
	{ "100000.00", "人民币壹拾万元整" },
	{ "107000.53", "人民币壹拾万柒仟元伍角叁分" },
	{ "135883.03", "人民币壹拾叁万伍仟捌佰捌拾叁元零叁分" },
	{ "896422.25", "人民币捌拾玖万陆仟肆佰贰拾贰元贰角伍分" },
	{ "1000000.00", "人民币壹佰万元整" },
	{ "1000001.00", "人民币壹佰万零壹元整" },
	{ "10010000.00", "人民币壹仟零壹万元整" },
	{ "100000000.00", "人民币壹亿元整" },
	{ "100000001.00", "人民币壹亿零壹元整" },
	{ "100010000.00", "人民币壹亿零壹万元整" },
	{ "1000000000.10", "人民币壹拾亿元壹角整" },
	{ "9999999999.99", "人民币玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分" },
	{ "2000300040005.06", "人民币贰万亿零叁亿零肆万零伍元零陆分" },
};

START_TEST(amounts_are_written_in_words_as_the_regulation_says)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(vectors); i++) {
		char words[MONEY_WORDS_MAX], plain[MONEY_TEXT_MAX];
		struct err err = { 0 };
		int64_t fen;

		ck_assert_int_eq(money_parse(vectors[i].yuan, &fen, &err), 0);
		money_in_words(fen, words);
		ck_assert_str_eq(words, vectors[i].words);
		money_format_plain(fen, plain);
		ck_assert_str_eq(plain, vectors[i].yuan);
	}
}
END_TEST

START_TEST(the_largest_numbers_fit_their_buffers)
{
	char words[MONEY_WORDS_MAX], text[MONEY_TEXT_MAX];

	money_in_words(INT64_MIN, words);
	ck_assert(strstr(words, "人民币负玖亿亿") == words);
	ck_assert(strstr(words, "零捌分") != NULL);
	money_format(INT64_MIN, text);
	ck_assert_str_eq(text, "-92,233,720,368,547,758.08");
	money_format(-12345, text);
	ck_assert_str_eq(text, "-123.45");
	money_format(-99999999, text);
	ck_assert_str_eq(text, "-999,999.99");
}
END_TEST

START_TEST(thousands_are_separated)
{
	static const struct {
		int64_t fen;
		const char *text;
	} cases[] = { { 0, "0.00" }, { 5, "0.05" }, { 99999, "999.99" },
		{ 100000, "1,000.00" }, { 13588303, "135,883.03" },
		{ 100000000, "1,000,000.00" } };
	char text[MONEY_TEXT_MAX];
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		money_format(cases[i].fen, text);
		ck_assert_str_eq(text, cases[i].text);
	}
}
END_TEST

START_TEST(amounts_are_read_exactly)
{
	static const struct {
		const char *text;
		int64_t fen;
	} cases[] = { { "0", 0 }, { "1234.56", 123456 }, { "1,234.56", 123456 },
		{ "1234.5", 123450 }, { "12,345,678", 1234567800 }, { "0.07", 7 },
		{ "007", 700 }, { "2669.38", 266938 },
		{ "9999999999999.99", MONEY_FEN_LIMIT - 1 },
		{ "9,999,999,999,999.99", MONEY_FEN_LIMIT - 1 } };
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };
		int64_t fen = -1;

		ck_assert_int_eq(money_parse(cases[i].text, &fen, &err), 0);
		ck_assert_int_eq(fen, cases[i].fen);
	}
}
END_TEST

START_TEST(what_is_no_amount_is_refused)
{
	static const char *const bad[] = { "", ".", ".5", "1.", "-1", "+1", "1.234",
		"1..2", "1,23", "1,2345", ",123", "1,,234", "1234,567", "12,345,67",
		"1 000", "1e3", "abc", "0x1", "1.2.3", "10000000000000",
		"99999999999999999999999999", "1.5元", "１" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = { 0 };
		int64_t fen = -7;

		ck_assert_msg(money_parse(bad[i], &fen, &err) == -1, "%s", bad[i]);
		ck_assert_int_eq(err.code, ERR_DATA);
		ck_assert_int_eq(fen, -7);
	}
}
END_TEST

START_TEST(adding_never_overflows)
{
	struct err err = { 0 };
	int64_t sum = 0;

	ck_assert_int_eq(money_add(1, 2, &sum, &err), 0);
	ck_assert_int_eq(sum, 3);
	ck_assert_int_eq(money_add(INT64_MAX, 0, &sum, &err), 0);
	ck_assert_int_eq(money_add(INT64_MAX, INT64_MIN, &sum, &err), 0);
	ck_assert_int_eq(sum, -1);
	ck_assert_int_eq(money_add(INT64_MAX, 1, &sum, &err), -1);
	ck_assert_int_eq(err.code, ERR_AMOUNT);
	ck_assert_int_eq(money_add(INT64_MIN, -1, &sum, NULL), -1);
	ck_assert_int_eq(sum, -1);
}
END_TEST

START_TEST(rates_are_per_cent_in_text_and_millionths_in_memory)
{
	static const struct {
		const char *in;
		int64_t millionths;
		const char *out;
	} cases[] = { { "16", 160000, "16.00" }, { "16.00", 160000, "16.00" },
		{ "0.7", 7000, "0.70" }, { "100%", 1000000, "100.00" },
		{ "0", 0, "0.00" }, { "0.2375", 2375, "0.2375" },
		{ "1.125", 11250, "1.125" } };
	static const char *const bad[] = { "", "%", "-1", "100.01", "101", "1.23456",
		"1.", ".5", "a", "16 %", "99999999999999999999" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		char text[RATE_TEXT_MAX];
		struct err err = { 0 };
		int64_t rate;

		ck_assert_int_eq(rate_parse(cases[i].in, &rate, &err), 0);
		ck_assert_int_eq(rate, cases[i].millionths);
		rate_format(rate, text);
		ck_assert_str_eq(text, cases[i].out);
	}
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = { 0 };
		int64_t rate;

		ck_assert_msg(rate_parse(bad[i], &rate, &err) == -1, "%s", bad[i]);
		ck_assert_int_eq(err.code, ERR_DATA);
	}
}
END_TEST

UNIT_MAIN("money", amounts_are_written_in_words_as_the_regulation_says,
    the_largest_numbers_fit_their_buffers, thousands_are_separated,
    amounts_are_read_exactly, what_is_no_amount_is_refused, adding_never_overflows,
    rates_are_per_cent_in_text_and_millionths_in_memory)
