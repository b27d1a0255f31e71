/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/report.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shebao/levy.h"
#include "unit/unit.h"

static char said[8192];

/* fd is sent to a file until captured() reads it. */
static FILE *file;
static int kept, taken;

static void
capture(int fd)
{
	fflush(stdout);
	taken = fd;
	file = tmpfile();
	ck_assert_ptr_nonnull(file);
	kept = dup(fd);
	ck_assert_int_ge(kept, 0);
	ck_assert_int_ge(dup2(fileno(file), fd), 0);
}

static const char *
captured(void)
{
	size_t n;

	fflush(stdout);
	ck_assert_int_ge(dup2(kept, taken), 0);
	close(kept);
	rewind(file);
	n = fread(said, 1, sizeof(said) - 1, file);
	said[n] = '\0';
	fclose(file);
	return said;
}

static int
reported(enum err_code code, const char *text)
{
	struct err err = { 0 };
	int status;

	ck_assert_int_eq(err_set(&err, code, "%s", text), -1);
	capture(STDERR_FILENO);
	status = report_error("shebao", &err);
	captured();
	return status;
}

START_TEST(a_failure_is_said_with_its_number_and_ends_with_its_status)
{
	int status = reported(ERR_NOT_FOUND, "没有征集单");
	char expected[64];

	snprintf(expected, sizeof(expected), "shebao: [%d]没有征集单\n",
	    err_info(ERR_NOT_FOUND)->number);
	ck_assert_int_eq(strncmp(said, expected, strlen(expected)), 0);
	ck_assert_int_eq(status, err_info(ERR_NOT_FOUND)->exit_status);
	ck_assert_int_eq(status, 1);
}
END_TEST

START_TEST(a_number_that_the_text_has_is_not_said_twice)
{
	reported(ERR_WRONG_PASSWORD, "申报密码验证失败：[20101]您输入的申报密码有误，请重新输入。");
	ck_assert_int_eq(strncmp(said, "shebao: 申报密码验证失败：[20101]",
	                     strlen("shebao: 申报密码验证失败：[20101]")),
	    0);
	ck_assert_ptr_null(strstr(strstr(said, "[20101]") + 1, "[20101]"));
}
END_TEST

START_TEST(every_failure_ends_with_a_status_scripts_know)
{
	int code;

	for (code = ERR_NONE + 1; code < ERR_CODE_COUNT; code++) {
		int status;

		status = reported((enum err_code)code, "x");
		ck_assert_int_ge(status, 1);
		ck_assert_int_le(status, 5);
		ck_assert_ptr_nonnull(strchr(said, '\n'));
	}
}
END_TEST

START_TEST(a_list_is_one_json_value_and_a_line_end)
{
	struct levy levies[2] = { 0 };

	capture(STDOUT_FILENO);
	report_json_list(&levy_type, levies, 0);
	ck_assert_str_eq(captured(), "[]\n");
	snprintf(levies[0].levy_no, sizeof(levies[0].levy_no), "10015220000000000001");
	capture(STDOUT_FILENO);
	report_json_list(&levy_type, levies, 2);
	captured();
	ck_assert_int_eq(said[0], '[');
	ck_assert_str_eq(said + strlen(said) - 2, "]\n");
	ck_assert_ptr_nonnull(strstr(said, "\"levy_no\":\"10015220000000000001\""));
	ck_assert_ptr_null(strstr(said, "\n\n"));
}
END_TEST

START_TEST(an_answer_that_was_cut_is_a_failure)
{
	int full = open("/dev/full", O_WRONLY), out;
	struct err err = { 0 };

	ck_assert_int_ge(full, 0);
	fflush(stdout);
	out = dup(STDOUT_FILENO);
	ck_assert_int_ge(dup2(full, STDOUT_FILENO), 0);
	fputs("[", stdout);
	ck_assert_int_eq(report_flush(&err), -1);
	ck_assert_int_ge(dup2(out, STDOUT_FILENO), 0);
	clearerr(stdout);
	close(out);
	close(full);
	ck_assert_int_eq(err.code, ERR_LOCAL);
	ck_assert_int_eq(err_info(err.code)->exit_status, 5);
	ck_assert_int_eq(report_flush(&err), 0);
}
END_TEST

UNIT_MAIN("report", a_failure_is_said_with_its_number_and_ends_with_its_status,
    a_number_that_the_text_has_is_not_said_twice,
    every_failure_ends_with_a_status_scripts_know, a_list_is_one_json_value_and_a_line_end,
    an_answer_that_was_cut_is_a_failure)
