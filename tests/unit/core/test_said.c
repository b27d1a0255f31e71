/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/said.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/states.h"
#include "unit/unit.h"

/* The catalogue of the build that this program is part of. */
static void
speak(const char *lang)
{
	char program[PATH_MAX] = "", folder[PATH_MAX + 16];
	int i;

	ck_assert_int_gt(readlink("/proc/self/exe", program, sizeof(program) - 1), 0);
	for (i = 0; i < 3; i++) {
		*strrchr(program, '/') = '\0';
	}
	snprintf(folder, sizeof(folder), "%s/locale", program);
	setenv("SHEBAO_LOCALEDIR", folder, 1);
	i18n_init(lang);
}

START_TEST(values_find_their_place_in_english)
{
	static const struct {
		const char *said, *english;
	} cases[] = {
		{ "征集单520100000000000001已超过有效期2020-09-30",
		    "levy 520100000000000001 was valid until 2020-09-30" },
		{ "没有征集单X-1", "there is no levy X-1" },
		{ "24003 账户余额不足支付", "24003 the account's balance is not sufficient" },
		{ "应缴费额合计为84,079.24元，与确认时不一致",
		    "the amount due is 84,079.24 yuan, not what was confirmed" },
		{ "一次最多办理5000笔", "at most 5000 levies at once" },
	};
	char out[200];
	size_t i;

	speak("en");
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		ck_assert_str_eq(said_text(cases[i].said, out, sizeof(out)), cases[i].english);
	}
}
END_TEST

static int
has_hanzi(const char *s)
{
	while (*s != '\0' && !((unsigned char)*s >= 0xe4 && (unsigned char)*s <= 0xe9)) {
		s++;
	}
	return *s != '\0';
}

/* The names of states and events are values, too: every refusal of every table. */
START_TEST(refusals_of_the_state_tables_are_translated)
{
	static const struct state_table *const tables[] = { &states_levy, &states_declaration,
		&states_payment, &states_voucher, &states_certificate };
	size_t t, event;
	int state, to, refused = 0;

	for (t = 0; t < ARRAY_LEN(tables); t++) {
		for (state = 0; state < (int)state_table_count(tables[t]); state++) {
			for (event = 0; event < tables[t]->events; event++) {
				struct err err = { 0 };
				char out[ERR_TEXT_MAX];

				speak("zh");
				if (state_table_next(tables[t], state, (int)event, 0, &to, &err) != 0) {
					refused++;
					speak("en");
					said_text(err.text, out, sizeof(out));
					ck_assert_msg(!has_hanzi(out), "%s: %s", err.text, out);
				}
			}
		}
	}
	ck_assert_int_gt(refused, 50);
}
END_TEST

START_TEST(a_code_and_a_state_side_by_side)
{
	char out[200];

	speak("en");
	said_text("amount: 征集单L-7申报成功，金额不能再变更", out, sizeof(out));
	ck_assert_ptr_nonnull(strstr(out, "L-7"));
	ck_assert_msg(!has_hanzi(out), "%s", out);
}
END_TEST

START_TEST(what_is_in_no_table_stays)
{
	static const char *const texts[] = { "", "行内通知：请联系客户经理", "24001 某行自己的话",
		"征集单", "%s%s%n", "已超过有效期" };
	char out[200];
	size_t i;

	speak("en");
	for (i = 0; i < ARRAY_LEN(texts); i++) {
		ck_assert_str_eq(said_text(texts[i], out, sizeof(out)), texts[i]);
	}
}
END_TEST

START_TEST(chinese_is_shown_as_it_came)
{
	char out[16];

	speak("zh");
	ck_assert_str_eq(said_text("没有征集单X-1", out, sizeof(out)), "没有征集单");
}
END_TEST

/* What fits many rows in many ways is given up, not worked on for minutes. */
START_TEST(a_hostile_text_costs_little)
{
	char text[600], out[700];

	speak("en");
	memset(text, 0, sizeof(text));
	while (strlen(text) + 20 < sizeof(text)) {
		strcat(text, "征集单已于（");
	}
	said_text(text, out, sizeof(out));
	ck_assert_str_eq(out, text);
}
END_TEST

UNIT_MAIN("said", values_find_their_place_in_english, refusals_of_the_state_tables_are_translated,
    a_code_and_a_state_side_by_side, what_is_in_no_table_stays, chinese_is_shown_as_it_came, a_hostile_text_costs_little)
