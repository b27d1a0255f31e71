/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit/unit.h"

static char said[16384];

/* What one message writes on standard error. */
static void
capture(enum log_level level, const char *text)
{
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO);
	size_t n;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(kept, 0);
	ck_assert_int_ge(dup2(fileno(file), STDERR_FILENO), 0);
	log_line(level, "%s", text);
	ck_assert_int_ge(dup2(kept, STDERR_FILENO), 0);
	close(kept);
	rewind(file);
	n = fread(said, 1, sizeof(said) - 1, file);
	said[n] = '\0';
	fclose(file);
}

static size_t
lines(void)
{
	size_t n = 0;
	const char *p;

	for (p = said; *p != '\0'; p++) {
		n += *p == '\n';
	}
	return n;
}

START_TEST(a_message_is_one_line_with_time_and_level)
{
	capture(LOG_WARNING, "申报 10015226000000000001");
	ck_assert_uint_eq(lines(), 1);
	ck_assert_uint_eq(strspn(said, "0123456789-:.TZ"), strlen("2026-11-23T15:26:14.123Z"));
	ck_assert_ptr_nonnull(strstr(said, "Z warning 申报 10015226000000000001\n"));
}
END_TEST

START_TEST(control_bytes_and_broken_utf8_are_escaped)
{
	capture(LOG_ERROR, "a\nb\x1b[2Jc\xff");
	ck_assert_uint_eq(lines(), 1);
	ck_assert_ptr_nonnull(strstr(said, "error a\\x0Ab\\x1B[2Jc\\xFF\n"));
}
END_TEST

START_TEST(a_long_message_is_cut)
{
	static char text[9000];

	memset(text, 'x', sizeof(text) - 1);
	capture(LOG_ERROR, text);
	ck_assert_uint_eq(lines(), 1);
	ck_assert_uint_lt(strlen(said), 4200);
	ck_assert_uint_gt(strlen(said), 4000);
}
END_TEST

START_TEST(what_is_below_the_level_is_not_written)
{
	log_set_level(LOG_WARNING);
	capture(LOG_INFO, "quiet");
	ck_assert_str_eq(said, "");
	capture(LOG_WARNING, "loud");
	ck_assert_uint_eq(lines(), 1);
	log_set_level(LOG_DEBUG);
	capture(LOG_DEBUG, "loud");
	ck_assert_uint_eq(lines(), 1);
	log_set_level(LOG_INFO);
}
END_TEST

UNIT_MAIN("log", a_message_is_one_line_with_time_and_level,
    control_bytes_and_broken_utf8_are_escaped, a_long_message_is_cut,
    what_is_below_the_level_is_not_written)
