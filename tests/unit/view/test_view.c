/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "shebao/levy.h"
#include "shebao/mem.h"
#include "shebao/text.h"
#include "shebao/view.h"
#include "unit/unit.h"

static const struct levy levies[] = {
	{ .unit_no = "00048857",
	    .agency_name = "贵阳市社会保险事业局",
	    .item_name = "工伤保险费",
	    .category_name = "工伤保险",
	    .period_from = "2026-06",
	    .period_to = "2026-06",
	    .headcount = 277,
	    .base_amount = 89642225,
	    .rate = 1000000,
	    .amount = 439175 },
	{ .unit_no = "1234",
	    .agency_name = "贵阳市医疗保障局",
	    .item_name = "基本医疗保险费",
	    .category_name = "基本医疗保险（含生育）（单位缴纳）",
	    .period_from = "2026-01",
	    .period_to = "2026-06",
	    .amount = 5 },
};

static void
cell(const struct view *view, const char *name, const void *record, char out[VIEW_CELL_SIZE])
{
	int column = view_find(view, name);

	ck_assert_int_ge(column, 0);
	view_cell(view, (size_t)column, record, out, VIEW_CELL_SIZE);
}

START_TEST(every_column_has_a_field_or_a_text_and_a_title)
{
	const struct view *view;
	size_t i;

	for (i = 0; (view = view_at(i)) != NULL; i++) {
		size_t k;

		ck_assert_uint_gt(view_count(view), 0);
		for (k = 0; k < view_count(view); k++) {
			ck_assert(view_field(view, k) != NULL || view->columns[k].text != NULL);
			ck_assert_uint_gt(strlen(view_title(view, k)), 0);
		}
	}
	ck_assert_uint_gt(i, 20);
}
END_TEST

START_TEST(no_view_has_a_column_twice)
{
	const struct view *view;
	size_t i;
	size_t k;

	for (i = 0; (view = view_at(i)) != NULL; i++) {
		for (k = 0; k < view->count; k++) {
			ck_assert_int_eq(view_find(view, view->columns[k].name), (int)k);
			ck_assert_int_le(view->columns[k].min, view->columns[k].width);
		}
	}
}
END_TEST

START_TEST(totals_are_only_of_numbers)
{
	const struct view *view;
	size_t i;
	size_t k;

	for (i = 0; (view = view_at(i)) != NULL; i++) {
		for (k = 0; k < view->count; k++) {
			if ((view->columns[k].flags & VIEW_TOTAL) != 0) {
				const struct field *field = view_field(view, k);

				ck_assert_ptr_nonnull(field);
				ck_assert(field->type == FIELD_FEN || field->type == FIELD_NUMBER);
				ck_assert(view->columns[k].flags & VIEW_RIGHT);
			}
		}
	}
}
END_TEST

START_TEST(a_full_view_shows_no_secret_and_nothing_hidden)
{
	const struct view *view;
	size_t i;
	size_t k;

	for (i = 0; (view = view_at(i)) != NULL; i++) {
		for (k = 0; view->columns == NULL && k < view_count(view); k++) {
			ck_assert_uint_eq(
			    view_field(view, k)->flags & (FIELD_HIDDEN | FIELD_SECRET), 0);
		}
	}
}
END_TEST

START_TEST(cells_are_as_people_read_them)
{
	char text[VIEW_CELL_SIZE];

	cell(&view_levies, "unit_no", &levies[0], text);
	ck_assert_str_eq(text, "00048857");
	cell(&view_levies, "amount", &levies[0], text);
	ck_assert_str_eq(text, "4,391.75");
	cell(&view_levies, "state", &levies[0], text);
	ck_assert_str_eq(text, "初始");
	cell(&view_levies, "period", &levies[0], text);
	ck_assert_str_eq(text, "2026-06");
	cell(&view_levies, "period", &levies[1], text);
	ck_assert_str_eq(text, "2026-01至2026-06");
}
END_TEST

START_TEST(views_are_found_by_name)
{
	ck_assert_ptr_eq(view_by_name("levies"), &view_levies);
	ck_assert_ptr_eq(view_by_name("employer"), &view_employer);
	ck_assert_ptr_null(view_by_name("nothing"));
	ck_assert_int_eq(view_find(&view_levies, "nothing"), -1);
}
END_TEST

/* What print writes, as lines. */
static size_t
read_lines(FILE *file, char lines[][4096], size_t max)
{
	size_t n = 0;

	rewind(file);
	while (n < max && fgets(lines[n], 4096, file) != NULL) {
		lines[n][strcspn(lines[n], "\n")] = '\0';
		n++;
	}
	fclose(file);
	return n;
}

START_TEST(a_table_is_aligned_by_display_width)
{
	static char lines[8][4096];
	FILE *file = tmpfile();
	const char *heads[3];
	int at[3];
	size_t n;
	size_t i;

	view_print_table(file, &view_levies, levies, ARRAY_LEN(levies));
	n = read_lines(file, lines, ARRAY_LEN(lines));
	ck_assert_uint_eq(n, 3);
	for (i = 0; i < n; i++) {
		/* Amounts end where their head ends, before the last column. */
		heads[i] = strstr(lines[i], i == 0 ? "数据处理状态" : "初始");
		ck_assert_ptr_nonnull(heads[i]);
		*(char *)(lines[i] + (heads[i] - lines[i])) = '\0';
		at[i] = text_width(lines[i]);
	}
	ck_assert_int_eq(at[0], at[1]);
	ck_assert_int_eq(at[1], at[2]);
}
END_TEST

START_TEST(an_empty_table_says_so)
{
	static char lines[2][4096];
	FILE *file = tmpfile();

	view_print_table(file, &view_levies, NULL, 0);
	ck_assert_uint_eq(read_lines(file, lines, 2), 1);
	ck_assert_str_eq(lines[0], "（无记录）");
}
END_TEST

START_TEST(a_record_leaves_out_what_is_empty)
{
	static char lines[64][4096];
	FILE *file = tmpfile();
	size_t n;
	size_t i;

	view_print_record(file, &view_levy, &levies[0]);
	n = read_lines(file, lines, ARRAY_LEN(lines));
	for (i = 0; i < n; i++) {
		ck_assert_ptr_null(strstr(lines[i], "征收子目"));
		ck_assert_ptr_null(strstr(lines[i], "版本"));
	}
	ck_assert_uint_gt(n, 8);
}
END_TEST

UNIT_MAIN("view", every_column_has_a_field_or_a_text_and_a_title, no_view_has_a_column_twice,
    totals_are_only_of_numbers, a_full_view_shows_no_secret_and_nothing_hidden,
    cells_are_as_people_read_them, views_are_found_by_name, a_table_is_aligned_by_display_width,
    an_empty_table_says_so, a_record_leaves_out_what_is_empty)
