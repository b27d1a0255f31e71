/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "shebao/levy.h"
#include "shebao/mem.h"
#include "shebao/sheet.h"
#include "unit/unit.h"

static char folder[] = "/tmp/shebao-sheet-XXXXXX";
static char path[128];

static const char *
in_folder(const char *name)
{
	if (path[0] == '\0') {
		ck_assert_ptr_nonnull(mkdtemp(folder));
	}
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* Also removes them, so that the next test begins with none. */
static int
count_files(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char name[512];
	int n = 0;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
			snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
			unlink(name);
			n++;
		}
	}
	closedir(dir);
	return n;
}

static const struct sheet_options options = { .view = &view_levies,
	.summaries = sheet_levy_summaries,
	.summary_count = 2,
	.created_at = INT64_C(1795414800000) };

static struct levy
levy(const char *category, int64_t amount)
{
	struct levy one = { .unit_no = "00048857",
		.agency_name = "贵阳市社会保险事业局",
		.item_name = "工伤保险费",
		.period_from = "2026-06",
		.period_to = "2026-06",
		.headcount = 7,
		.base_amount = 12345,
		.rate = 1000000,
		.amount = amount };

	mem_copy_text(one.category_name, sizeof(one.category_name), category);
	return one;
}

static void
load(const char *name, struct buf *out)
{
	struct err err = { 0 };

	buf_clear(out);
	ck_assert_msg(file_load(in_folder(name), 1u << 20, out, &err) == 0, "%s", err.text);
}

START_TEST(only_xlsx_and_csv_are_written)
{
	static const char *const names[] = { "a.xls", "a", "a.pdf", "xlsx" };
	struct sheet *sheet;
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		struct err err = { 0 };

		ck_assert_int_eq(sheet_open(in_folder(names[i]), &options, &sheet, &err), -1);
		ck_assert_int_eq(err.code, ERR_USAGE);
	}
	ck_assert_int_eq(count_files(), 0);
}
END_TEST

START_TEST(csv_is_what_a_spreadsheet_expects)
{
	struct levy one = levy("工伤,\"保险\"", 439175);
	struct sheet *sheet;
	struct buf text = { 0 };

	ck_assert_int_eq(sheet_open(in_folder("a.CSV"), &options, &sheet, NULL), 0);
	ck_assert_int_eq(sheet_add(sheet, &one, NULL), 0);
	ck_assert_int_eq(sheet_count(sheet), 1);
	ck_assert_int_eq(sheet_finish(sheet, NULL), 0);
	load("a.CSV", &text);
	ck_assert_str_eq(text.data,
	    "\xef\xbb\xbf"
	    "单位编号,社保经办机构,征收项目,征收品目,征收子目,费款所属期,缴费人数,缴费基数,费率,"
	    "应缴费额,数据处理状态,征集单号\r\n"
	    "00048857,贵阳市社会保险事业局,工伤保险费,\"工伤,\"\"保险\"\"\",,2026-06,7,123.45,"
	    "100.00%,4391.75,初始,\r\n");
	buf_release(&text);
	ck_assert_int_eq(count_files(), 1);
}
END_TEST

START_TEST(what_looks_like_a_formula_is_neutralised)
{
	static const char *const cells[] = { "=1+1", "+1", "-1", "@x", " =1", "＝1", "＋1", "－1",
		"＠x", "\xc2\xa0=1" };
	struct sheet *sheet;
	struct buf text = { 0 };
	size_t i;

	ck_assert_int_eq(sheet_open(in_folder("a.csv"), &options, &sheet, NULL), 0);
	for (i = 0; i < ARRAY_LEN(cells); i++) {
		struct levy one = levy(cells[i], 1);

		ck_assert_int_eq(sheet_add(sheet, &one, NULL), 0);
	}
	ck_assert_int_eq(sheet_finish(sheet, NULL), 0);
	load("a.csv", &text);
	for (i = 0; i < ARRAY_LEN(cells); i++) {
		char wanted[64];

		snprintf(wanted, sizeof(wanted), ",'%s,", cells[i]);
		ck_assert_ptr_nonnull(strstr(text.data, wanted));
	}
	buf_release(&text);
	count_files();
}
END_TEST

START_TEST(numbers_may_be_negative)
{
	struct levy one = levy("工伤保险", -439175);
	struct sheet *sheet;
	struct buf text = { 0 };

	ck_assert_int_eq(sheet_open(in_folder("a.csv"), &options, &sheet, NULL), 0);
	ck_assert_int_eq(sheet_add(sheet, &one, NULL), 0);
	ck_assert_int_eq(sheet_finish(sheet, NULL), 0);
	load("a.csv", &text);
	ck_assert_ptr_nonnull(strstr(text.data, ",-4391.75,"));
	buf_release(&text);
	count_files();
}
END_TEST

START_TEST(an_existing_file_is_kept)
{
	struct sheet_options replace = options;
	struct sheet *sheet;
	struct err err = { 0 };

	ck_assert_int_eq(file_save(in_folder("a.xlsx"), "mine", 4, FILE_KEEP, NULL), 0);
	ck_assert_int_eq(sheet_open(path, &options, &sheet, &err), -1);
	ck_assert_int_eq(err.code, ERR_LOCAL);
	replace.overwrite = FILE_REPLACE;
	ck_assert_int_eq(sheet_open(path, &replace, &sheet, NULL), 0);
	ck_assert_int_eq(sheet_finish(sheet, NULL), 0);
	ck_assert_int_eq(count_files(), 1);
}
END_TEST

START_TEST(a_file_that_came_in_between_is_kept)
{
	static const char *const names[] = { "a.xlsx", "a.csv" };
	struct sheet *sheet;
	struct buf text = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		struct err err = { 0 };

		ck_assert_int_eq(sheet_open(in_folder(names[i]), &options, &sheet, NULL), 0);
		ck_assert_int_eq(file_save(path, "mine", 4, FILE_KEEP, NULL), 0);
		ck_assert_int_eq(sheet_finish(sheet, &err), -1);
		ck_assert_int_eq(err.code, ERR_LOCAL);
		load(names[i], &text);
		ck_assert_str_eq(text.data, "mine");
		ck_assert_int_eq(count_files(), 1);
	}
	buf_release(&text);
}
END_TEST

START_TEST(giving_up_leaves_nothing)
{
	static const char *const names[] = { "a.xlsx", "a.csv" };
	struct levy one = levy("工伤保险", 1);
	struct sheet *sheet;
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		ck_assert_int_eq(sheet_open(in_folder(names[i]), &options, &sheet, NULL), 0);
		ck_assert_int_eq(sheet_add(sheet, &one, NULL), 0);
		sheet_cancel(sheet);
		ck_assert_int_eq(count_files(), 0);
	}
	sheet_cancel(NULL);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_an_error)
{
	struct sheet *sheet;
	struct err err = { 0 };

	ck_assert_int_eq(sheet_open("/nowhere/at/all/a.xlsx", &options, &sheet, &err), -1);
	ck_assert_int_eq(err.code, ERR_LOCAL);
}
END_TEST

START_TEST(finishing_can_be_left_to_a_thread)
{
	struct levy one = levy("工伤保险", 1);
	struct sheet *sheet;
	struct stat st;
	int i;

	ck_assert_int_eq(sheet_open(in_folder("a.xlsx"), &options, &sheet, NULL), 0);
	for (i = 0; i < 1000; i++) {
		ck_assert_int_eq(sheet_add(sheet, &one, NULL), 0);
	}
	sheet_finish_start(sheet);
	while (!sheet_finish_is_ready(sheet)) {
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
	ck_assert_int_eq(sheet_finish(sheet, NULL), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(count_files(), 1);
}
END_TEST

START_TEST(any_view_can_be_exported)
{
	const struct view *view;
	struct sheet *sheet;
	size_t i;

	for (i = 0; (view = view_at(i)) != NULL; i++) {
		struct sheet_options one = { .view = view, .created_at = 1000, .overwrite = FILE_REPLACE };
		void *record = mem_alloc(view->type->size);
		struct err err = { 0 };

		ck_assert_int_eq(sheet_open(in_folder("a.xlsx"), &one, &sheet, &err), 0);
		ck_assert_int_eq(sheet_add(sheet, record, &err), 0);
		ck_assert_msg(sheet_finish(sheet, &err) == 0, "%s: %s", view->name, err.text);
		ck_assert_int_eq(sheet_open(in_folder("a.csv"), &one, &sheet, &err), 0);
		ck_assert_int_eq(sheet_add(sheet, record, &err), 0);
		ck_assert_int_eq(sheet_finish(sheet, &err), 0);
		free(record);
	}
	ck_assert_int_eq(count_files(), 2);
	rmdir(folder);
}
END_TEST

UNIT_MAIN("sheet", only_xlsx_and_csv_are_written, csv_is_what_a_spreadsheet_expects,
    what_looks_like_a_formula_is_neutralised, numbers_may_be_negative, an_existing_file_is_kept,
    a_file_that_came_in_between_is_kept, giving_up_leaves_nothing,
    a_folder_that_is_not_there_is_an_error, finishing_can_be_left_to_a_thread,
    any_view_can_be_exported)
