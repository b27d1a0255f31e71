/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shebao/mem.h"
#include "unit/unit.h"

static const char *const files[] = { "完税证明_1.pdf", "完税证据.pdf", "应征费款.xlsx", ".hidden",
	"bad\033[2Jname" };
static char folder[64];

static void
make(void)
{
	size_t i;
	char *path;

	snprintf(folder, sizeof(folder), "/tmp/shebao-path-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	for (i = 0; i < ARRAY_LEN(files); i++) {
		path = mem_printf("%s/%s", folder, files[i]);
		fclose(fopen(path, "w"));
		free(path);
	}
	path = mem_printf("%s/reports", folder);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	free(path);
}

static void
drop(void)
{
	size_t i;
	char *path;

	for (i = 0; i < ARRAY_LEN(files); i++) {
		path = mem_printf("%s/%s", folder, files[i]);
		unlink(path);
		free(path);
	}
	path = mem_printf("%s/reports", folder);
	rmdir(path);
	free(path);
	rmdir(folder);
}

/* Completes folder/typed and compares with folder/expected. */
static void
expect(const char *typed, const char *expected, size_t fits, const char *names)
{
	char path[512], wanted[512];
	struct buf said = { 0 };

	snprintf(path, sizeof(path), "%s/%s", folder, typed);
	snprintf(wanted, sizeof(wanted), "%s/%s", folder, expected);
	ck_assert_uint_eq(path_complete(path, sizeof(path), &said), fits);
	ck_assert_str_eq(path, wanted);
	ck_assert_str_eq(buf_text(&said), names);
	buf_release(&said);
}

START_TEST(names_are_completed_as_far_as_they_agree)
{
	make();
	/* 明 and 据 share their first byte's half of nothing: the cut is before the character. */
	expect("完", "完税证", 2, "完税证据.pdf  完税证明_1.pdf");
	expect("完税证明", "完税证明_1.pdf", 1, "完税证明_1.pdf");
	expect("应", "应征费款.xlsx", 1, "应征费款.xlsx");
	expect("nothing", "nothing", 0, "");
	drop();
}
END_TEST

START_TEST(a_folder_gets_its_slash)
{
	make();
	expect("rep", "reports/", 1, "reports");
	expect("reports/", "reports/", 0, "");
	drop();
}
END_TEST

START_TEST(hidden_and_unclean_names_are_not_offered)
{
	make();
	expect("", "", 4, "reports  完税证据.pdf  完税证明_1.pdf  应征费款.xlsx");
	expect(".h", ".hidden", 1, ".hidden");
	expect("bad", "bad", 0, "");
	drop();
}
END_TEST

START_TEST(what_does_not_fit_stays_as_typed)
{
	char path[128];
	size_t size;

	make();
	snprintf(path, sizeof(path), "%s/应", folder);
	size = strlen(path) + 5;
	ck_assert_uint_eq(path_complete(path, size, NULL), 1);
	ck_assert_uint_lt(strlen(path), size);
	ck_assert_ptr_nonnull(strstr(path, "/应"));
	drop();
}
END_TEST

UNIT_MAIN("path", names_are_completed_as_far_as_they_agree, a_folder_gets_its_slash,
    hidden_and_unclean_names_are_not_offered, what_does_not_fit_stays_as_typed)
