/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shebao/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shebao/mem.h"
#include "unit/unit.h"

static char folder[64];

static char *
in_folder(const char *name)
{
	return mem_printf("%s/%s", folder, name);
}

static void
make_folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/test_file.XXXXXX");
	ck_assert(mkdtemp(folder) != NULL);
}

/* Removes everything and returns how many files there were. */
static int
empty_folder(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int n = 0;

	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
			char *path = in_folder(entry->d_name);

			ck_assert(remove(path) == 0);
			free(path);
			n++;
		}
	}
	closedir(dir);
	rmdir(folder);
	return n;
}

static int
put(const char *name)
{
	char *path = in_folder(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	free(path);
	return fd;
}

/* A program that was killed leaves its temporary file; one that still writes keeps it. */
START_TEST(what_a_killed_program_left_is_removed_and_what_is_written_is_not)
{
	struct err err = { 0 };
	char *path;
	int held;

	make_folder();
	close(put(FILE_TEMPORARY "1-2-3"));
	close(put("other"));
	held = put(FILE_TEMPORARY "4-5-6");
	ck_assert_int_eq(file_hold_temporary(held), 0);
	path = in_folder("a");
	ck_assert_int_eq(file_save(path, "hello", 5, FILE_KEEP, &err), 0);
	free(path);
	close(held);
	ck_assert_int_eq(empty_folder(), 3);
}
END_TEST

START_TEST(a_saved_file_is_private_and_whole)
{
	struct err err = { 0 };
	struct buf got = { 0 };
	struct stat st;
	char *path;

	make_folder();
	path = in_folder("a");
	ck_assert_int_eq(file_save(path, "hello", 5, FILE_KEEP, &err), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_uint_eq(st.st_nlink, 1);
	ck_assert_int_eq(file_load(path, 5, &got, &err), 0);
	ck_assert_str_eq(got.data, "hello");
	buf_release(&got);
	ck_assert_int_eq(file_load(path, 4, &got, &err), -1);
	ck_assert_int_eq(err.code, ERR_LIMIT);
	buf_release(&got);
	ck_assert_int_eq(empty_folder(), 1);
	free(path);
}
END_TEST

START_TEST(a_file_without_a_byte_is_no_reason_to_refuse)
{
	struct err err = { 0 };
	char *path;

	make_folder();
	path = in_folder("a");
	ck_assert_int_eq(file_is_vacant(path), 1);
	ck_assert_int_eq(file_save(path, "", 0, FILE_KEEP, &err), 0);
	ck_assert_int_eq(file_is_vacant(path), 1);
	ck_assert_int_eq(file_check(path, FILE_KEEP, &err), 0);
	ck_assert_int_eq(file_save(path, "new", 3, FILE_KEEP, &err), 0);
	ck_assert_int_eq(file_is_vacant(path), 0);
	ck_assert_int_eq(file_check(path, FILE_REPLACE, &err), 0);
	ck_assert_int_eq(file_check(path, FILE_KEEP, &err), -1);
	ck_assert_int_eq(err.code, ERR_LOCAL);
	free(path);
	ck_assert_int_eq(empty_folder(), 1);
}
END_TEST

START_TEST(an_existing_file_is_kept_unless_replacing_is_asked_for)
{
	struct err err = { 0 };
	struct buf got = { 0 };
	char *path;

	make_folder();
	path = in_folder("a");
	ck_assert_int_eq(file_save(path, "old", 3, FILE_KEEP, &err), 0);
	ck_assert_int_eq(file_save(path, "new", 3, FILE_KEEP, &err), -1);
	ck_assert_int_eq(err.code, ERR_LOCAL);
	ck_assert(strstr(err.text, "已存在") != NULL);
	ck_assert_int_eq(file_load(path, 99, &got, &err), 0);
	ck_assert_str_eq(got.data, "old");
	err_clear(&err);
	ck_assert_int_eq(file_save(path, "new", 3, FILE_REPLACE, &err), 0);
	buf_clear(&got);
	ck_assert_int_eq(file_load(path, 99, &got, &err), 0);
	ck_assert_str_eq(got.data, "new");
	buf_release(&got);
	ck_assert_int_eq(empty_folder(), 1);
	free(path);
}
END_TEST

START_TEST(a_symbolic_link_is_never_written_through)
{
	struct err err = { 0 };
	char *path, *link_path;

	make_folder();
	path = in_folder("a");
	link_path = in_folder("link");
	ck_assert_int_eq(symlink(path, link_path), 0);
	ck_assert_int_eq(file_save(link_path, "x", 1, FILE_REPLACE, &err), -1);
	err_clear(&err);
	ck_assert_int_eq(file_save(link_path, "x", 1, FILE_KEEP, &err), -1);
	ck_assert_int_eq(access(path, F_OK), -1);
	err_clear(&err);
	ck_assert_int_eq(file_make_folder(link_path, &err), -1);
	ck_assert_int_eq(empty_folder(), 1);
	free(path);
	free(link_path);
}
END_TEST

START_TEST(folders_are_made_with_their_parents)
{
	struct err err = { 0 };
	struct stat st;
	char *deep, *parent;

	make_folder();
	deep = in_folder("p/q/");
	parent = in_folder("p");
	ck_assert_int_eq(file_make_folder(deep, &err), 0);
	ck_assert_int_eq(file_make_folder(deep, &err), 0);
	ck_assert_int_eq(stat(deep, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
	ck_assert_int_eq(rmdir(deep), 0);
	ck_assert_int_eq(rmdir(parent), 0);
	ck_assert_int_eq(file_save(deep, "x", 1, FILE_KEEP, &err), -1);
	ck_assert_int_eq(empty_folder(), 0);
	free(deep);
	free(parent);
}
END_TEST

UNIT_MAIN("file", a_saved_file_is_private_and_whole,
    what_a_killed_program_left_is_removed_and_what_is_written_is_not,
    a_file_without_a_byte_is_no_reason_to_refuse,
    an_existing_file_is_kept_unless_replacing_is_asked_for,
    a_symbolic_link_is_never_written_through, folders_are_made_with_their_parents)
