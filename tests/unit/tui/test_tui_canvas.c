/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/unit.h"

#include <locale.h>
#include <string.h>

#include "tui/tui_grid.h"
#include "tui/tui_paint.h"
#include "tui/tui_table_layout.h"

static struct tui_grid grid;

static struct tui_canvas *
open_canvas(int lines, int columns)
{
	struct tui_box box = { 0, 0, lines, columns };

	setlocale(LC_ALL, "C.UTF-8");
	tui_grid_resize(&grid, lines, columns);
	return tui_grid_canvas(&grid, box);
}

static const char *
line_text(int line)
{
	static char text[1024];

	tui_grid_line_text(&grid, line, text, sizeof(text));
	return text;
}

static void
check_halves(void)
{
	int line, x;

	for (line = 0; line < grid.lines; line++) {
		for (x = 0; x < grid.columns; x++) {
			int width = tui_grid_cell(&grid, line, x)->width;

			if (width == 2) {
				ck_assert_int_lt(x + 1, grid.columns);
				ck_assert_int_eq(
				    tui_grid_cell(&grid, line, x + 1)->width, 0);
			}
			if (width == 0) {
				ck_assert_int_gt(x, 0);
				ck_assert_int_eq(
				    tui_grid_cell(&grid, line, x - 1)->width, 2);
			}
		}
	}
}

START_TEST(covering_half_a_hanzi_removes_all_of_it)
{
	struct tui_canvas *c = open_canvas(1, 10);

	tui_canvas_text(c, 0, 0, TUI_STYLE_NORMAL, text_literal("贵州省市"));
	tui_canvas_text(c, 0, 1, TUI_STYLE_NORMAL, text_literal("X"));
	ck_assert_str_eq(line_text(0), " X州省市");
	tui_canvas_text(c, 0, 4, TUI_STYLE_NORMAL, text_literal("Y"));
	ck_assert_str_eq(line_text(0), " X州Y 市");
	tui_canvas_text(c, 0, 5, TUI_STYLE_NORMAL, text_literal("区"));
	ck_assert_str_eq(line_text(0), " X州Y区");
	check_halves();
	tui_grid_release(&grid);
}
END_TEST

START_TEST(a_hanzi_never_stands_in_the_last_column)
{
	struct tui_canvas *c = open_canvas(1, 5);
	struct tui_span span = { 0, 0, 5 };

	tui_canvas_put(c, span, TUI_STYLE_NORMAL, TUI_ALIGN_LEFT, text_literal("贵州省"));
	ck_assert_str_eq(line_text(0), "贵州…");
	span.columns = 4;
	tui_canvas_put(c, span, TUI_STYLE_NORMAL, TUI_ALIGN_LEFT, text_literal("贵州省"));
	ck_assert_str_eq(line_text(0), "贵… …");
	check_halves();
	tui_grid_release(&grid);
}
END_TEST

START_TEST(numbers_stand_right_and_texts_are_padded)
{
	struct tui_canvas *c = open_canvas(1, 20);
	struct tui_span span = { 0, 2, 10 };

	tui_canvas_put(
	    c, span, TUI_STYLE_NORMAL, TUI_ALIGN_RIGHT, text_literal("123.45"));
	ck_assert_str_eq(line_text(0), "      123.45");
	tui_canvas_put(c, span, TUI_STYLE_NORMAL, TUI_ALIGN_CENTER, text_literal("省"));
	ck_assert_str_eq(line_text(0), "      省");
	tui_grid_release(&grid);
}
END_TEST

START_TEST(random_drawing_never_parts_a_pair)
{
	static const char *const texts[] = { "贵", "a", "ab贵", "州b州", "é́", "—·",
		"一二三四五" };
	struct tui_canvas *c = open_canvas(4, 17);
	unsigned seed = 7;
	int i;

	for (i = 0; i < 20000; i++) {
		struct tui_span span;

		seed = seed * 1103515245u + 12345u;
		span.line = (int)(seed >> 8) % 6 - 1;
		span.column = (int)(seed >> 12) % 21 - 2;
		span.columns = (int)(seed >> 20) % 9;
		tui_canvas_put(c, span, TUI_STYLE_NORMAL, (enum tui_align)(i % 3),
		    text_literal(texts[i % 7]));
	}
	check_halves();
	tui_grid_release(&grid);
}
END_TEST

START_TEST(wrapping_keeps_closing_punctuation_on_its_line)
{
	struct tui_canvas *c = open_canvas(4, 8);
	struct tui_box box = { 0, 0, 4, 8 };

	ck_assert_int_eq(
	    tui_canvas_wrap(c, box, TUI_STYLE_NORMAL, "一二三四，五六 ab cd\n七"), 4);
	ck_assert_str_eq(line_text(0), "一二三");
	ck_assert_str_eq(line_text(1), "四，五六");
	ck_assert_str_eq(line_text(2), "ab cd");
	ck_assert_str_eq(line_text(3), "七");
	ck_assert_int_eq(tui_canvas_wrap_lines("", 8), 1);
	ck_assert_int_eq(tui_canvas_wrap_width("一二三四五", 8), 8);
	tui_grid_release(&grid);
}
END_TEST

START_TEST(frames_draw_ascii_where_lines_are_doubtful)
{
	struct tui_canvas *c = open_canvas(3, 12);
	struct tui_box box = { 0, 0, 3, 12 };

	tui_canvas_frame(c, box, text_literal("提示"));
	ck_assert_str_eq(line_text(0), "┌─ 提示 ───┐");
	grid.ascii = 1;
	tui_canvas_frame(c, box, text_literal("提示"));
	ck_assert_str_eq(line_text(0), "+- 提示 ---+");
	tui_grid_release(&grid);
}
END_TEST

static const struct tui_column columns[] = {
	{ "序号", 4, 6, 0, TUI_COLUMN_FROZEN },
	{ "甲", 10, 20, 0, 0 },
	{ "乙", 10, 12, 0, 0 },
	{ "丙", 10, 10, 0, 0 },
	{ "丁", 10, 10, 100, 0 },
};

START_TEST(columns_grow_and_scroll_with_the_first_one_frozen)
{
	struct tui_table_layout layout;
	int scroll = 0;

	tui_table_layout_make(&layout, columns, 5, 60, &scroll);
	ck_assert_int_eq(layout.count, 4);
	ck_assert_int_eq(layout.has_right, 0);
	ck_assert_int_eq(layout.places[0].width, 6);
	ck_assert_int_eq(layout.places[1].width, 20);
	ck_assert_int_le(layout.places[3].at + layout.places[3].width, 60);
	tui_table_layout_make(&layout, columns, 5, 34, &scroll);
	ck_assert_int_eq(layout.count, 3);
	ck_assert_int_eq(layout.has_right, 1);
	scroll = 1;
	tui_table_layout_make(&layout, columns, 5, 34, &scroll);
	ck_assert_int_eq(layout.places[0].column, 0);
	ck_assert_int_eq(layout.places[1].column, 2);
	ck_assert_int_eq(layout.has_left, 1);
	ck_assert_int_eq(layout.has_right, 0);
	scroll = 9;
	tui_table_layout_make(&layout, columns, 5, 34, &scroll);
	ck_assert_int_eq(scroll, 1);
	scroll = 0;
	tui_table_layout_make(&layout, columns, 5, 120, &scroll);
	ck_assert_int_eq(layout.count, 5);
}
END_TEST

START_TEST(a_paint_sends_only_what_changed)
{
	struct tui_paint paint = { 0 };
	struct tui_canvas *c = open_canvas(5, 40);
	struct err err = { 0 };

	ck_assert_int_eq(tui_caps_load("xterm-256color", 0, &paint.caps, &err), 0);
	tui_canvas_text(c, 1, 0, TUI_STYLE_NORMAL, text_literal("贵州省 84,079.24"));
	tui_paint_make(&paint, &grid, 1);
	ck_assert_ptr_nonnull(strstr(buf_text(&paint.out), "贵州省 84,079.24"));
	tui_paint_make(&paint, &grid, 0);
	ck_assert_uint_eq(paint.out.len, 0);
	tui_canvas_text(c, 1, 2, TUI_STYLE_NORMAL, text_literal("阳"));
	tui_paint_make(&paint, &grid, 0);
	ck_assert_str_eq(buf_text(&paint.out), "\033[2;3H阳\033[1;1H");
	tui_paint_release(&paint);
	tui_grid_release(&grid);
}
END_TEST

START_TEST(the_cursor_is_set_anew_behind_a_doubtful_character)
{
	struct tui_paint paint = { 0 };
	struct tui_canvas *c = open_canvas(2, 20);
	struct err err = { 0 };

	ck_assert_int_eq(tui_caps_load("xterm", 1, &paint.caps, &err), 0);
	tui_canvas_text(c, 0, 0, TUI_STYLE_NORMAL, text_literal("一·二"));
	tui_paint_make(&paint, &grid, 1);
	ck_assert_ptr_nonnull(strstr(buf_text(&paint.out), "一·\033[1;4H二"));
	tui_paint_release(&paint);
	tui_grid_release(&grid);
}
END_TEST

UNIT_MAIN("tui_canvas", covering_half_a_hanzi_removes_all_of_it,
    a_hanzi_never_stands_in_the_last_column, numbers_stand_right_and_texts_are_padded,
    random_drawing_never_parts_a_pair, wrapping_keeps_closing_punctuation_on_its_line,
    frames_draw_ascii_where_lines_are_doubtful,
    columns_grow_and_scroll_with_the_first_one_frozen, a_paint_sends_only_what_changed,
    the_cursor_is_set_anew_behind_a_doubtful_character)
