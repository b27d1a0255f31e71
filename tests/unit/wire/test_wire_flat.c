/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/unit.h"

#include <string.h>

#include "shebao/levy.h"
#include "shebao/states.h"
#include "shebao/wire.h"
#include "wire/wire_flat.h"

static struct levy
sample(void)
{
	return (struct levy){ .levy_no = "10015220000000000001",
		.taxpayer_id = "91520100770598600Y",
		.unit_no = "00048857",
		.agency_name = "贵阳市社会保险事业局",
		.period_from = "2020-06",
		.period_to = "2020-06",
		.headcount = 277,
		.amount = 838448,
		.base_amount = 3026889,
		.due_date = "2099-12-31",
		.agency_code = "5201",
		.item_code = "10210",
		.item_name = "企业职工基本养老保险费",
		.version = 42 };
}

static void
encode(const struct levy *levy, char *out, size_t size)
{
	struct buf json = { 0 };

	wire_encode(&levy_type, levy, &json);
	ck_assert_uint_lt(json.len, size);
	strcpy(out, buf_text(&json));
	buf_release(&json);
}

/* text with the first occurrence of from replaced. */
static void
replace(char *text, size_t size, const char *from, const char *to)
{
	char *at = strstr(text, from);
	char rest[4096];

	ck_assert_ptr_nonnull(at);
	snprintf(rest, sizeof(rest), "%s", at + strlen(from));
	snprintf(at, size - (size_t)(at - text), "%s%s", to, rest);
}

START_TEST(a_row_as_the_program_writes_it_comes_back_whole)
{
	struct levy before = sample(), after = { 0 };
	char json[4096], again[4096];

	encode(&before, json, sizeof(json));
	ck_assert_int_eq(wire_flat_decode(&levy_type, json, strlen(json), &after), 1);
	encode(&after, again, sizeof(again));
	ck_assert_str_eq(json, again);
}
END_TEST

START_TEST(everything_else_is_left_to_the_complete_parser)
{
	static const struct {
		const char *from, *to;
		int is_good; /* for the complete parser */
	} cases[] = {
		{ "{\"levy_no\"", "{ \"levy_no\"", 1 },
		{ ":277,", ":277.0,", 0 },
		{ ":277,", ":0277,", 0 },
		{ ":277,", ":99999999999999999999,", 0 },
		{ ":277,", ":9000000000000000000,", 1 },
		{ ":277,", ":\"277\",", 0 },
		{ "00048857", "0004\\u0038857", 1 },
		{ "00048857", "0004\x01", 0 },
		{ "00048857", "0004\xff", 0 },
		{ "2099-12-31", "2099-13-31", 0 },
		{ "\"initial\"", "\"nothing\"", 0 },
		{ "\"headcount\":277,", "", 1 },
		{ "\"headcount\":277,", "\"headcount\":277,\"headcount\":277,", 0 },
		{ "\"headcount\":277,", "\"newer\":1,\"headcount\":277,", 1 },
		{ "}", "} ", 1 },
		{ "}", "}}", 0 },
		{ "}", "", 0 },
	};
	const struct levy levy = sample(), zero = { 0 };
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct levy found = { 0 };
		char json[4096];

		encode(&levy, json, sizeof(json));
		replace(json, sizeof(json), cases[i].from, cases[i].to);
		ck_assert_msg(!wire_flat_decode(&levy_type, json, strlen(json), &found), "%s", json);
		ck_assert_mem_eq(&found, &zero, sizeof(found));
		ck_assert_msg(wire_decode(&levy_type, json, strlen(json), WIRE_LENIENT, &found,
				  NULL) == (cases[i].is_good ? 0 : -1),
		    "%s", json);
	}
}
END_TEST

UNIT_MAIN("wire_flat", a_row_as_the_program_writes_it_comes_back_whole,
    everything_else_is_left_to_the_complete_parser)
