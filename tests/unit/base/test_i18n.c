/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/i18n.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "unit/unit.h"

static void
environment(const char *all, const char *messages, const char *lang)
{
	setenv("LC_ALL", all, 1);
	setenv("LC_MESSAGES", messages, 1);
	setenv("LANG", lang, 1);
	unsetenv("LC_CTYPE");
}

START_TEST(chinese_needs_no_catalogue)
{
	setenv("SHEBAO_LOCALEDIR", "/nonexistent", 1);
	environment("", "", "zh_CN.UTF-8");
	i18n_init(NULL);
	ck_assert_str_eq(_("申报成功"), "申报成功");
	i18n_init("en");
	ck_assert_str_eq(_("申报成功"), "申报成功");
	unsetenv("SHEBAO_LOCALEDIR");
}
END_TEST

START_TEST(a_machine_without_locale_draws_utf8_all_the_same)
{
	environment("POSIX", "", "");
	i18n_init(NULL);
	ck_assert_str_eq(nl_langinfo(CODESET), "UTF-8");
	environment("no_such_locale", "", "");
	i18n_init(NULL);
	ck_assert_str_eq(nl_langinfo(CODESET), "UTF-8");
}
END_TEST

START_TEST(digits_are_ours_in_every_locale)
{
	environment("C.UTF-8", "", "");
	i18n_init(NULL);
	ck_assert_str_eq(setlocale(LC_NUMERIC, NULL), "C");
	ck_assert_str_eq(setlocale(LC_COLLATE, NULL), "C");
}
END_TEST

START_TEST(the_empty_text_is_not_the_head_of_the_catalogue)
{
	environment("C.UTF-8", "", "");
	i18n_init("en");
	ck_assert_str_eq(i18n_text(""), "");
	i18n_init("zh");
	ck_assert_str_eq(i18n_text(""), "");
}
END_TEST

UNIT_MAIN("i18n", chinese_needs_no_catalogue, a_machine_without_locale_draws_utf8_all_the_same,
    digits_are_ours_in_every_locale, the_empty_text_is_not_the_head_of_the_catalogue)
