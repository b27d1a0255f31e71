/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members by their field tables: every type in and out, what is refused, what is wiped. */
#include "shebao/record.h"

#include <stdio.h>
#include <string.h>

#include "shebao/levy.h"
#include "shebao/mem.h"
#include "unit/unit.h"

struct inner {
	char word[9];
};

struct thing {
	char no[9];
	char title[13];
	char password[9];
	int64_t count;
	int64_t amount;
	int64_t rate;
	int64_t at;
	char day[DATE_SIZE];
	char month[PERIOD_SIZE];
	int yes;
	int state;
	int kind;
	struct text_list words;
	struct record_list inners;
	struct byte_string key;
};

// clang-format off
static const struct field inner_fields[] = {
	RECORD_TEXT(inner, word, "word", FIELD_SECRET),
};
static const struct record_type inner_type = {
	.name = "inner", .size = sizeof(struct inner), .fields = inner_fields, .count = ARRAY_LEN(inner_fields)
};

static const struct field thing_fields[] = {
	RECORD_TEXT(thing, no, "编号", FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(thing, title, "名称", 0),
	RECORD_TEXT(thing, password, "密码", FIELD_SECRET),
	RECORD_NUMBER(thing, count, "笔数", 0),
	RECORD_FEN(thing, amount, "金额", FIELD_REQUIRED),
	RECORD_RATE(thing, rate, "费率", 0),
	RECORD_TIME(thing, at, "时间", 0),
	RECORD_DATE(thing, day, "日期", 0),
	RECORD_PERIOD(thing, month, "所属期", 0),
	RECORD_BOOL(thing, yes, "是否", 0),
	RECORD_STATE(thing, state, "状态", 0, &states_levy),
	RECORD_CHOICE(thing, kind, "种类", 0, &levy_kinds),
	RECORD_TEXTS(thing, words, "词", 0),
	RECORD_RECORDS(thing, inners, "内", 0, &inner_type),
	RECORD_BYTES(thing, key, "钥", FIELD_SECRET),
};
static const struct record_type thing_type = {
	.name = "thing", .size = sizeof(struct thing), .fields = thing_fields, .count = ARRAY_LEN(thing_fields)
};

/* What is read, how files have it, how people see it. */
static const struct {
	const char *field, *in, *printed, *shown;
} good[] = {
	{ "no",     " ００１２Ａ ", "0012A", "0012A" },
	{ "title",  "贵阳",       "贵阳", "贵阳" },
	{ "title",  "a\tb",       "a b", "a b" },
	{ "title",  "",           "", "" },
	{ "count",  "9223372036854775807", "9223372036854775807", "9223372036854775807" },
	{ "count",  "",           "0", "0" },
	{ "count",  "１２",       "12", "12" },
	{ "amount", "1,234.5",    "1234.50", "1,234.50" },
	{ "amount", "0",          "0.00", "0.00" },
	{ "rate",   "16%",        "16.00", "16.00%" },
	{ "at",     "2026-11-23", "2026-11-23 00:00:00", "2026-11-23 00:00:00" },
	{ "at",     "2026-11-23 13:05", "2026-11-23 13:05:00", "2026-11-23 13:05:00" },
	{ "at",     "2026-11-23T13:05:09.007", "2026-11-23 13:05:09.007", "2026-11-23 13:05:09" },
	{ "at",     "1969-12-31 23:59:59.999", "1969-12-31 23:59:59.999", "1969-12-31 23:59:59" },
	{ "at",     "",           "", "" },
	{ "day",    "2024-02-29", "2024-02-29", "2024-02-29" },
	{ "month",  "2026-11",    "2026-11", "2026-11" },
	{ "yes",    "是",         "true", "是" },
	{ "yes",    "no",         "false", "否" },
	{ "state",  "declaring",  "declaring", "申报中" },
	{ "state",  "核销",       "written_off", "核销" },
	{ "kind",   "special",    "special", "特殊缴费申报" },
	{ "kind",   "正常",       "normal", "日常申报" },
};

static const struct {
	const char *field, *in, *says;
} bad[] = {
	{ "no",     "",           "不能为空" },
	{ "no",     " \t ",       "不" },
	{ "no",     "12\x01",     "不可见" },
	{ "no",     "123456789",  "过长" },
	{ "title",  "贵州省贵阳", "过长" },
	{ "title",  "1234567890\xff\xff", "过长" },
	{ "count",  "-1",         "-1" },
	{ "count",  "9223372036854775808", "9223372036854775808" },
	{ "count",  "1.5",        "1.5" },
	{ "count",  "12a",        "12a" },
	{ "amount", "1.234",      "1.234" },
	{ "amount", "",           "不能为空" },
	{ "rate",   "x",          "x" },
	{ "at",     "2026-11-31", "2026-11-31" },
	{ "at",     "2026-11-23 24:00", "24:00" },
	{ "at",     "2026-11-23 12:00:00.12", "12:00:00.12" },
	{ "at",     "2026-11-23x12:00", "x12:00" },
	{ "day",    "2026-02-29", "2026-02-29" },
	{ "day",    "2026-1-1",   "2026-1-1" },
	{ "month",  "2026-13",    "2026-13" },
	{ "yes",    "maybe",      "maybe" },
	{ "state",  "nothing",    "initial（" },
	{ "kind",   "nothing",    "special（" },
};
// clang-format on

static const struct field *
field_of(const char *name)
{
	const struct field *f = record_field(&thing_type, name);

	ck_assert_ptr_nonnull(f);
	return f;
}

START_TEST(every_type_is_read_printed_and_shown)
{
	char out[64];
	size_t i;

	for (i = 0; i < ARRAY_LEN(good); i++) {
		const struct field *f = field_of(good[i].field);
		struct thing t = { 0 }, again = { 0 };
		struct err err = { 0 };

		ck_assert_msg(record_parse(f, &t, good[i].in, &err) == 0, "%s", err.text);
		record_print(f, &t, out, sizeof(out));
		ck_assert_str_eq(out, good[i].printed);
		ck_assert_msg(record_parse(f, &again, out, &err) == 0, "%s", err.text);
		ck_assert_int_eq(memcmp(&t, &again, sizeof(t)), 0);
		record_show(f, &t, out, sizeof(out));
		ck_assert_str_eq(out, good[i].shown);
	}
}
END_TEST

START_TEST(what_breaks_a_rule_is_refused_and_says_why)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		const struct field *f = field_of(bad[i].field);
		struct thing t = { 0 };
		struct err err = { 0 };

		ck_assert_msg(
		    record_parse(f, &t, bad[i].in, &err) < 0, "%s was read", bad[i].in);
		ck_assert_int_eq(err.code, ERR_DATA);
		ck_assert_msg(strstr(err.text, bad[i].says) != NULL, "%s", err.text);
	}
}
END_TEST

START_TEST(text_is_cleaned_and_never_cut)
{
	const struct field *f = field_of("title");
	struct thing t = { 0 };
	struct err err = { 0 };

	ck_assert_int_eq(record_set_text(f, &t, "a\033b", &err), 0);
	ck_assert_str_eq(record_text(f, &t),
	    "a\xef\xbf\xbd"
	    "b");
	ck_assert_int_lt(record_set_text(f, &t, "一二三四五", &err), 0);
	ck_assert_int_eq(err.code, ERR_DATA);
	ck_assert_int_eq(record_set_text(f, &t, "一二三四", NULL), 0);
	ck_assert_str_eq(t.title, "一二三四");
}
END_TEST

START_TEST(a_long_text_is_cut_at_a_whole_character_when_shown)
{
	struct thing t = { .title = "一二三" };
	char out[6];

	record_show(field_of("title"), &t, out, sizeof(out));
	ck_assert_str_eq(out, "一");
}
END_TEST

START_TEST(numbers_are_set_and_read_by_type)
{
	struct thing t = { 0 };

	record_set_number(field_of("amount"), &t, INT64_MIN);
	record_set_number(field_of("state"), &t, LEVY_DECLARED);
	ck_assert_int_eq(record_number(field_of("amount"), &t), INT64_MIN);
	ck_assert_int_eq(record_number(field_of("state"), &t), LEVY_DECLARED);
	ck_assert_ptr_null(record_field(&thing_type, "nobody"));
}
END_TEST

START_TEST(the_first_empty_required_member_is_named)
{
	struct thing t = { .amount = 0 };
	struct err err = { 0 };

	ck_assert_int_lt(record_check(&thing_type, &t, &err), 0);
	ck_assert_int_eq(err.code, ERR_DATA);
	ck_assert_ptr_nonnull(strstr(err.text, "编号（no）"));
	snprintf(t.no, sizeof(t.no), "1");
	/* A levy of 0.00 is declared like any other. */
	ck_assert_int_eq(record_check(&thing_type, &t, NULL), 0);
}
END_TEST

START_TEST(lists_grow_and_go_with_their_secrets)
{
	struct thing t = { .password = "geheim" };
	struct inner *inner;
	size_t i;

	for (i = 0; i < 5; i++) {
		inner = record_list_add(&t.inners, &inner_type);
		ck_assert_str_eq(inner->word, "");
		inner->word[0] = (char)('a' + i);
	}
	for (i = 0; i < 5; i++) {
		inner = record_list_at(&t.inners, &inner_type, i);
		ck_assert_int_eq(inner->word[0], 'a' + (int)i);
	}
	text_list_add(&t.words, "one");
	t.key.bytes = mem_alloc(3);
	t.key.len = 3;
	record_release(&thing_type, &t);
	ck_assert_uint_eq(t.inners.count, 0);
	ck_assert_ptr_null(t.inners.items);
	ck_assert_uint_eq(t.words.count, 0);
	ck_assert_ptr_null(t.key.bytes);
	for (i = 0; i < sizeof(t.password); i++) {
		ck_assert_int_eq(t.password[i], 0);
	}
	record_release(&thing_type, &t);
}
END_TEST

UNIT_MAIN("record", every_type_is_read_printed_and_shown,
    what_breaks_a_rule_is_refused_and_says_why, text_is_cleaned_and_never_cut,
    a_long_text_is_cut_at_a_whole_character_when_shown, numbers_are_set_and_read_by_type,
    the_first_empty_required_member_is_named, lists_grow_and_go_with_their_secrets)
