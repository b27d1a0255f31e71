/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/unit.h"

#include <locale.h>
#include <string.h>

#include "tui/tui_edit.h"
#include "tui/tui_field.h"

static void
type(struct tui_edit *edit, const char *text)
{
	tui_edit_paste(edit, text);
}

static void
keys(struct tui_edit *edit, const int *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		tui_edit_key(edit, list[i]);
	}
}

#define KEYS(edit, ...)                                                                  \
	keys(edit, (const int[]){ __VA_ARGS__ },                                         \
	    sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

START_TEST(backspace_and_delete_take_whole_characters)
{
	char text[64] = "";
	struct tui_edit edit = { 0 };

	tui_edit_init(&edit, text, sizeof(text));
	type(&edit, "贵州a省");
	KEYS(&edit, TUI_KEY_BACKSPACE);
	ck_assert_str_eq(text, "贵州a");
	KEYS(&edit, TUI_KEY_HOME, TUI_KEY_DELETE);
	ck_assert_str_eq(text, "州a");
	KEYS(&edit, TUI_KEY_RIGHT, TUI_KEY_DELETE, TUI_KEY_DELETE, TUI_KEY_BACKSPACE,
	    TUI_KEY_BACKSPACE);
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(a_combining_mark_goes_with_its_character)
{
	char text[64] = "";
	struct tui_edit edit = { 0 };

	tui_edit_init(&edit, text, sizeof(text));
	type(&edit, "ae\xcc\x81z");
	KEYS(&edit, TUI_KEY_LEFT, TUI_KEY_BACKSPACE);
	ck_assert_str_eq(text, "az");
	ck_assert_uint_eq(edit.cursor, 1);
}
END_TEST

START_TEST(a_full_buffer_keeps_whole_characters)
{
	char text[8] = "";
	struct tui_edit edit = { 0 };

	tui_edit_init(&edit, text, sizeof(text));
	type(&edit, "贵州");
	KEYS(&edit, 0x7701);
	ck_assert_int_eq(edit.is_full, 1);
	ck_assert_str_eq(text, "贵州");
	KEYS(&edit, 'a');
	ck_assert_str_eq(text, "贵州a");
	KEYS(&edit, 'b');
	ck_assert_int_eq(edit.is_full, 1);
}
END_TEST

START_TEST(what_is_deleted_does_not_stay_in_the_buffer)
{
	char text[16] = "";
	const char zeros[16] = "";
	struct tui_edit edit = { 0 };

	tui_edit_init(&edit, text, sizeof(text));
	type(&edit, "secret");
	KEYS(&edit, TUI_KEY_HOME, TUI_KEY_DELETE, TUI_KEY_DELETE, TUI_KEY_DELETE,
	    TUI_KEY_DELETE, TUI_KEY_DELETE, TUI_KEY_DELETE);
	ck_assert_mem_eq(text, zeros, sizeof(text));
	type(&edit, "secret");
	KEYS(&edit, TUI_KEY_CTRL('U'));
	ck_assert_mem_eq(text, zeros, sizeof(text));
}
END_TEST

START_TEST(the_window_follows_the_cursor_by_whole_characters)
{
	char text[64] = "";
	struct tui_edit edit = { 0 };
	int column;
	size_t start;

	tui_edit_init(&edit, text, sizeof(text));
	type(&edit, "一二三四五六");
	start = tui_edit_window(&edit, 7, &column);
	ck_assert_uint_eq(start, 12);
	ck_assert_int_eq(column, 4);
	KEYS(&edit, TUI_KEY_HOME);
	start = tui_edit_window(&edit, 7, &column);
	ck_assert_uint_eq(start, 0);
	ck_assert_int_eq(column, 0);
}
END_TEST

START_TEST(fields_fold_and_refuse_by_their_kind)
{
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_CODE, 0xff11), '1');
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_CODE, 'y'), 'Y');
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_CODE, ' '), 0);
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_CODE, 0x8d35), 0);
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_TEXT, 0x8d35), 0x8d35);
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_AMOUNT, 0xff0e), '.');
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_AMOUNT, 0x3002), '.');
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_AMOUNT, 'a'), 0);
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_PASSWORD, 0x8d35), 0);
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_PASSWORD, 0xff21), 'A');
	ck_assert_uint_eq(tui_field_accept(TUI_FIELD_DATE, '/'), '/');
}
END_TEST

static const struct {
	enum tui_field_kind kind;
	const char *typed, *becomes; /* NULL: refused */
} dates[] = {
	{ TUI_FIELD_DATE, "20200630", "2020-06-30" },
	{ TUI_FIELD_DATE, "2020-06-30", "2020-06-30" },
	{ TUI_FIELD_DATE, "2020/6/3", "2020-06-03" },
	{ TUI_FIELD_DATE, "2020.06.3", "2020-06-03" },
	{ TUI_FIELD_DATE, "20200229", "2020-02-29" },
	{ TUI_FIELD_DATE, "20210229", NULL },
	{ TUI_FIELD_DATE, "20200631", NULL },
	{ TUI_FIELD_DATE, "202006", NULL },
	{ TUI_FIELD_DATE, "202006301", NULL },
	{ TUI_FIELD_DATE, "", "" },
	{ TUI_FIELD_PERIOD, "202006", "2020-06" },
	{ TUI_FIELD_PERIOD, "2020-6", "2020-06" },
	{ TUI_FIELD_PERIOD, "202013", NULL },
	{ TUI_FIELD_PERIOD, "2020", NULL },
	{ TUI_FIELD_PERIOD, "20200601", NULL },
};

START_TEST(dates_and_periods_get_their_usual_form)
{
	size_t i;

	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		char value[24];
		struct tui_field field = {
			.kind = dates[i].kind, .value = value, .size = sizeof(value)
		};
		struct buf mend = { 0 };
		int got;

		strcpy(value, dates[i].typed);
		got = tui_field_normalize(&field, &mend);
		if (dates[i].becomes == NULL) {
			ck_assert_msg(got == -1 && mend.len > 0, "%s", dates[i].typed);
		} else {
			ck_assert_msg(got == 0, "%s", dates[i].typed);
			ck_assert_str_eq(value, dates[i].becomes);
		}
		buf_release(&mend);
	}
}
END_TEST

UNIT_MAIN("tui_edit", backspace_and_delete_take_whole_characters,
    a_combining_mark_goes_with_its_character, a_full_buffer_keeps_whole_characters,
    what_is_deleted_does_not_stay_in_the_buffer,
    the_window_follows_the_cursor_by_whole_characters,
    fields_fold_and_refuse_by_their_kind, dates_and_periods_get_their_usual_form)
