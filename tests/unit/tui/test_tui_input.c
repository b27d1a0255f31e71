/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/unit.h"

#include <locale.h>
#include <string.h>

#include "tui/tui_input.h"

static const struct {
	const char *bytes;
	int key;
} sequences[] = {
	{ "\033OP", TUI_KEY_F1 },
	{ "\033[11~", TUI_KEY_F1 }, /* PuTTY */
	{ "\033[[A", TUI_KEY_F1 },  /* Linux console */
	{ "\033[[E", TUI_KEY_F5 },
	{ "\033[15~", TUI_KEY_F5 },
	{ "\033[21~", TUI_KEY_F10 },
	{ "\033[24~", TUI_KEY_F12 },
	{ "\033[1;5P", TUI_KEY_F1 },
	{ "\033[A", TUI_KEY_UP },
	{ "\033OB", TUI_KEY_DOWN },
	{ "\033[1;2C", TUI_KEY_RIGHT },
	{ "\033[H", TUI_KEY_HOME },
	{ "\033[1~", TUI_KEY_HOME },
	{ "\033[7~", TUI_KEY_HOME },
	{ "\033OF", TUI_KEY_END },
	{ "\033[4~", TUI_KEY_END },
	{ "\033[5~", TUI_KEY_PAGE_UP },
	{ "\033[2~", TUI_KEY_INSERT },
	{ "\033[Z", TUI_KEY_BACK_TAB },
	{ "\033OM", TUI_KEY_ENTER },
	{ "\033Oq", '1' },
	{ "\0332", TUI_KEY_F2 },
	{ "\0330", TUI_KEY_F10 },
	{ "\r", TUI_KEY_ENTER },
	{ "\n", TUI_KEY_ENTER },
	{ "\t", TUI_KEY_TAB },
	{ "\b", TUI_KEY_BACKSPACE },
	{ "\177", TUI_KEY_BACKSPACE },
	{ "\x13", TUI_KEY_CTRL('S') },
	{ "贵", 0x8d35 },
	{ "１", 0xff11 },
	{ "𬭩", 0x2cb69 },
	{ "\033[99~", TUI_KEY_UNKNOWN },
	{ "\033[?1;2c", TUI_KEY_UNKNOWN },
	/* What a terminal says by itself is no key; Shift-F3 of xterm looks like a cursor report. */
	{ "\033[0n", TUI_KEY_NONE },
	{ "\033[?2026;2$y", TUI_KEY_NONE },
	{ "\033[1;2R", TUI_KEY_F3 },
	{ "\033[2;1n", TUI_KEY_UNKNOWN },
	{ "\xff", TUI_KEY_UNKNOWN },
};

START_TEST(every_known_sequence_is_one_key)
{
	size_t i;

	setlocale(LC_ALL, "C.UTF-8");
	for (i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		struct tui_input in = { 0 };

		tui_input_feed(&in, sequences[i].bytes, strlen(sequences[i].bytes));
		ck_assert_msg(tui_input_next(&in) == sequences[i].key, "row %zu", i);
		ck_assert_msg(tui_input_next(&in) == TUI_KEY_NONE, "row %zu", i);
		ck_assert_msg(!tui_input_is_partial(&in), "row %zu", i);
		tui_input_release(&in);
	}
}
END_TEST

START_TEST(a_sequence_may_arrive_byte_by_byte)
{
	size_t i, k;

	setlocale(LC_ALL, "C.UTF-8");
	for (i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		struct tui_input in = { 0 };
		size_t n = strlen(sequences[i].bytes);

		for (k = 0; k + 1 < n; k++) {
			tui_input_feed(&in, sequences[i].bytes + k, 1);
			ck_assert_msg(tui_input_next(&in) == TUI_KEY_NONE, "row %zu", i);
			ck_assert_msg(tui_input_is_partial(&in), "row %zu", i);
		}
		tui_input_feed(&in, sequences[i].bytes + k, 1);
		ck_assert_msg(tui_input_next(&in) == sequences[i].key, "row %zu", i);
		tui_input_release(&in);
	}
}
END_TEST

START_TEST(a_lone_escape_waits_until_nothing_more_comes)
{
	struct tui_input in = { 0 };

	tui_input_feed(&in, "\033", 1);
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_NONE);
	ck_assert_int_eq(tui_input_is_partial(&in), 1);
	tui_input_expire(&in);
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_ESC);
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_NONE);
	tui_input_release(&in);
}
END_TEST

START_TEST(escape_and_a_letter_are_two_keys)
{
	struct tui_input in = { 0 };

	tui_input_feed(&in, "\033y\033\033[A", 6);
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_ESC);
	ck_assert_int_eq(tui_input_next(&in), 'y');
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_ESC);
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_UP);
	tui_input_release(&in);
}
END_TEST

START_TEST(a_paste_is_one_key_however_it_is_cut)
{
	const char *all = "\033[200~一段\r\n\033[A粘贴\033[201~x";
	size_t n = strlen(all);
	size_t cut;

	setlocale(LC_ALL, "C.UTF-8");
	for (cut = 1; cut < n; cut++) {
		struct tui_input in = { 0 };
		int key;

		tui_input_feed(&in, all, cut);
		key = tui_input_next(&in);
		tui_input_feed(&in, all + cut, n - cut);
		if (key == TUI_KEY_NONE) {
			key = tui_input_next(&in);
		}
		ck_assert_msg(key == TUI_KEY_PASTE, "cut at %zu: %d", cut, key);
		ck_assert_str_eq(buf_text(&in.paste), "一段\r\n\033[A粘贴");
		ck_assert_int_eq(tui_input_next(&in), 'x');
		tui_input_release(&in);
	}
}
END_TEST

START_TEST(a_terminals_own_sequence_wins)
{
	struct tui_input in = { 0 };

	tui_input_define(&in, "\033[24~", TUI_KEY_F2);
	tui_input_feed(&in, "\033[24~", 5);
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_F2);
	tui_input_release(&in);
}
END_TEST

START_TEST(random_bytes_never_stop_the_parser)
{
	struct tui_input in = { 0 };
	unsigned seed = 1;
	int i, k;

	setlocale(LC_ALL, "C.UTF-8");
	for (i = 0; i < 20000; i++) {
		char bytes[8];

		for (k = 0; k < 8; k++) {
			seed = seed * 1103515245u + 12345u;
			bytes[k] = (char)(seed >> 16);
			bytes[k] = k % 3 == 0 ? '\033' : bytes[k];
		}
		tui_input_feed(&in, bytes, sizeof(bytes));
		while (tui_input_next(&in) != TUI_KEY_NONE) {
		}
		ck_assert_uint_lt(in.bytes.len, 70000);
	}
	tui_input_expire(&in);
	tui_input_release(&in);
}
END_TEST

/* What the terminal tells when it was asked for its cursor is no key; keys around it stay. */
START_TEST(a_report_is_taken_out_of_the_keys)
{
	struct tui_input in = { 0 };
	const char *typed = "1\033[2;3R2\033[1;2R\033[2;3R";

	in.awaits_report = 1;
	tui_input_feed(&in, typed, strlen(typed));
	ck_assert_int_eq(tui_input_next(&in), '1');
	ck_assert_int_eq(tui_input_next(&in), '2');
	ck_assert_int_eq(in.reported_column, 3);
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_F3); /* Shift-F3 */
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_F3); /* not asked for */
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_NONE);
	tui_input_release(&in);
}
END_TEST

START_TEST(full_width_keys_fold)
{
	char name[16];

	ck_assert_int_eq(tui_key_fold(0xff12), '2');
	ck_assert_int_eq(tui_key_fold(0x3002), '.');
	ck_assert_int_eq(tui_key_fold(0x3000), ' ');
	ck_assert_int_eq(tui_key_fold(0x8d35), 0x8d35);
	ck_assert_int_eq(tui_key_fold(TUI_KEY_F1), TUI_KEY_F1);
	ck_assert_str_eq(tui_key_name(TUI_KEY_F10, name, sizeof(name)), "F10");
	ck_assert_str_eq(tui_key_name(TUI_KEY_CTRL('S'), name, sizeof(name)), "Ctrl-S");
	ck_assert_str_eq(tui_key_name('/', name, sizeof(name)), "/");
}
END_TEST

UNIT_MAIN("tui_input", every_known_sequence_is_one_key,
    a_sequence_may_arrive_byte_by_byte, a_lone_escape_waits_until_nothing_more_comes,
    escape_and_a_letter_are_two_keys, a_paste_is_one_key_however_it_is_cut,
    a_terminals_own_sequence_wins, random_bytes_never_stop_the_parser,
    a_report_is_taken_out_of_the_keys, full_width_keys_fold)
