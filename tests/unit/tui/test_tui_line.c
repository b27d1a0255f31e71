/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The question to the terminal: what is sent, what its answers mean. */
#include "unit/unit.h"

#include <locale.h>
#include <string.h>

#include "tui/tui_line.h"

static void
feed(struct tui_input *in, const char *bytes)
{
	tui_input_feed(in, bytes, strlen(bytes));
}

START_TEST(the_round_trip_is_from_question_to_answer)
{
	struct tui_line line;
	struct tui_input in = { 0 };
	struct buf sent = { 0 };

	tui_line_init(&line, "xterm-256color");
	ck_assert_int_eq(line.round_trip_ms, -1);
	tui_line_ask(&line, &sent, 1000);
	ck_assert_str_eq(buf_text(&sent), "\033[?2026$p\033[5n");
	/* Keys typed meanwhile stay keys, whatever comes between. */
	feed(&in, "j\033[?2026;2$y\033[0");
	ck_assert_int_eq(tui_input_next(&in), 'j');
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_NONE);
	ck_assert_int_eq(tui_line_take(&line, &in, 1100), 0);
	ck_assert_int_eq(line.can_hold, 1);
	feed(&in, "n\033OB");
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_DOWN);
	ck_assert_int_eq(tui_line_take(&line, &in, 1180), 0);
	ck_assert_int_eq(line.round_trip_ms, 180);
	ck_assert_int_eq(line.asked_ms, 0);
	/* The shortest of three, and then it is known. */
	ck_assert_int_eq(tui_line_wants_answer(&line), 1);
	tui_line_ask(&line, &sent, 2000);
	ck_assert_int_eq(tui_line_wants_answer(&line), 0);
	feed(&in, "\033[0n");
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_NONE);
	ck_assert_int_eq(tui_line_take(&line, &in, 2060), 0);
	tui_line_ask(&line, &sent, 3000);
	feed(&in, "\033[0n");
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_NONE);
	ck_assert_int_eq(tui_line_take(&line, &in, 3900), 1);
	ck_assert_int_eq(line.round_trip_ms, 60);
	ck_assert_int_eq(tui_line_wants_answer(&line), 0);
	/* Once is enough: an answer that nobody asked for means nothing. */
	feed(&in, "\033[0n");
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_NONE);
	ck_assert_int_eq(tui_line_take(&line, &in, 9000), 0);
	ck_assert_int_eq(line.round_trip_ms, 60);
	buf_release(&sent);
	tui_input_release(&in);
}
END_TEST

START_TEST(old_terminals_are_asked_only_what_they_know)
{
	static const char *const types[] = { "linux", "vt220", "vt100", "putty", "rxvt" };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct tui_line line;
		struct buf sent = { 0 };

		tui_line_init(&line, types[i]);
		tui_line_ask(&line, &sent, 1);
		ck_assert_str_eq(buf_text(&sent), "\033[5n");
		buf_release(&sent);
	}
}
END_TEST

START_TEST(only_whole_pictures_are_held_and_only_where_that_is_known)
{
	struct tui_line line;
	struct tui_input in = { 0 };

	tui_line_init(&line, "xterm");
	ck_assert_str_eq(tui_line_hold(&line, 4000), "");
	feed(&in, "\033[?2026;0$y");
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_NONE);
	tui_line_take(&line, &in, 5);
	ck_assert_str_eq(tui_line_hold(&line, 4000), "");
	feed(&in, "\033[?2026;1$y");
	ck_assert_int_eq(tui_input_next(&in), TUI_KEY_NONE);
	tui_line_take(&line, &in, 5);
	ck_assert_str_eq(tui_line_hold(&line, 4000), "\033[?2026h");
	ck_assert_str_eq(tui_line_show(&line, 4000), "\033[?2026l");
	ck_assert_str_eq(tui_line_hold(&line, 21), "");
	tui_input_release(&in);
}
END_TEST

UNIT_MAIN("tui_line", the_round_trip_is_from_question_to_answer,
    old_terminals_are_asked_only_what_they_know,
    only_whole_pictures_are_held_and_only_where_that_is_known)
