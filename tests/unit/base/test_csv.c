/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/csv.h"

#include <string.h>

#include "unit/unit.h"

/* The whole content as fields between '|', rows between '/'; "!" and the error at the end. */
static char *
read_all(const char *bytes, size_t n)
{
	FILE *file = tmpfile();
	struct csv_reader *r = csv_reader_new(file, "f.csv");
	const char *const *fields;
	struct buf out = { 0 };
	struct err err = { 0 };
	size_t count, i;
	int rc;

	ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
	rewind(file);
	while ((rc = csv_reader_next(r, &fields, &count, &err)) == 1) {
		for (i = 0; i < count; i++) {
			buf_printf(&out, "%s%s", fields[i], i + 1 < count ? "|" : "/");
		}
	}
	if (rc < 0) {
		ck_assert_int_eq(err.code, ERR_DATA);
		buf_printf(&out, "!%s", err.text);
	}
	csv_reader_free(r);
	fclose(file);
	return buf_detach(&out);
}

static void
check(const char *bytes, const char *expected)
{
	char *got = read_all(bytes, strlen(bytes));

	ck_assert_str_eq(got, expected);
	free(got);
}

START_TEST(quotes_line_ends_and_empty_fields_are_read)
{
	check("a,b\nc,d", "a|b/c|d/");
	check("a,,\r\n\r\n\"x\"\"y\",\"p,q\"\r\n", "a||/x\"y|p,q/");
	check("\"two\nlines\",z\n", "two\nlines|z/");
	check("\"\",x\n", "|x/");
	check("", "");
}
END_TEST

START_TEST(byte_order_mark_is_dropped)
{
	check("\xEF\xBB\xBF单位,编号\n", "单位|编号/");
}
END_TEST

START_TEST(gb18030_is_recognised_from_its_first_line)
{
	/* 贵州,养老 and a character of four bytes */
	check("id,x\n\xB9\xF3\xD6\xDD,\xD1\xF8\xC0\xCF\n\x82\x30\xD2\x33\n",
	    "id|x/贵州|养老/㟓/");
}
END_TEST

START_TEST(mistakes_name_file_line_and_column)
{
	check("a\n\"b\nc", "a/!f.csv:2: a: 引号没有结束，应以引号结束");
	check("a\nb\"c\"\n", "a/!f.csv:2: a: 含引号的内容应整个放在引号内");
	check("\"b\"c\n", "!f.csv:1: 第 1 列: 引号后应为逗号或行尾");
	check("贵\n\xFF\xFE\n", "贵/!f.csv:2: 贵: 不是有效的 UTF-8");
	check("a,贵,c\n\"x,y\",1,\xFF\n", "a|贵|c/!f.csv:2: c: 不是有效的 UTF-8");
	check("a,b\n\xB9\xF3,\xD6\xDD\nx,\xFF\n", "a|b/贵|州/!f.csv:3: b: 不是有效的 GB18030");
	check("贵\n\xFC\xA3\xA3\xA3\xA3\xA3\n", "贵/!f.csv:2: 贵: 不是有效的 UTF-8");
	check("\xFF\xFE\n", "!f.csv:1: 第 1 列: 既不是有效的 UTF-8，也不是有效的 GB18030，应为其中之一");
}
END_TEST

START_TEST(limits_hold)
{
	struct buf b = { 0 };
	char *got;
	int i;

	for (i = 0; i < 63; i++) {
		buf_puts(&b, "x,");
	}
	got = read_all(b.data, b.len);
	ck_assert(strchr(got, '!') == NULL);
	free(got);
	buf_puts(&b, "x,");
	got = read_all(b.data, b.len);
	ck_assert_str_eq(got, "!f.csv:1: 第 65 列: 一行超过 64 列");
	free(got);
	buf_clear(&b);
	for (i = 0; i < 70000; i++) {
		buf_puts(&b, i == 0 ? "\"" : i % 100 == 0 ? "\n" : "y");
	}
	got = read_all(b.data, b.len);
	ck_assert(strstr(got, "64 KiB") != NULL);
	free(got);
	got = read_all("a\0b\n", 4);
	ck_assert_str_eq(got, "!f.csv:1: 第 1 列: 含有 NUL 字节，应为 UTF-8 或 GB18030 的文本");
	free(got);
	buf_release(&b);
}
END_TEST

START_TEST(what_is_written_is_read_back)
{
	struct buf b = { 0 };
	char *got;

	csv_put(&b, "a,b", 1);
	csv_put(&b, "say \"x\"", 0);
	csv_put(&b, "two\nlines", 0);
	csv_put(&b, " 贵", 0);
	csv_put(&b, "", 0);
	csv_row_end(&b);
	ck_assert_str_eq(b.data, "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\", 贵,\r\n");
	got = read_all(b.data, b.len);
	ck_assert_str_eq(got, "a,b|say \"x\"|two\nlines| 贵|/");
	free(got);
	buf_release(&b);
}
END_TEST

UNIT_MAIN("csv", quotes_line_ends_and_empty_fields_are_read, byte_order_mark_is_dropped,
    gb18030_is_recognised_from_its_first_line, mistakes_name_file_line_and_column, limits_hold,
    what_is_written_is_read_back)
