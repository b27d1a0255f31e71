/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/wire/NAME: type and in.json, with out.json (how it is encoded again) or error (the
 * text); tests/wire/csv/NAME: the same with in.csv and out.csv. Decoded as a request is.
 */
#include <dirent.h>
#include <stdio.h>

#include "shebao/file.h"
#include "shebao/wire.h"
#include "types.h"
#include "unit/unit.h"

#define FILE_MAX 1000000

typedef void run_fn(
    const struct record_type *type, const char *folder, struct buf *out, struct err *err);

/* 0 when the case has no such file. */
static int
load(const char *folder, const char *name, struct buf *out)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return file_load(path, FILE_MAX, out, NULL) == 0;
}

static void
strip_line_end(struct buf *b)
{
	while (
	    b->len > 0 && (b->data[b->len - 1] == '\n' || b->data[b->len - 1] == '\r')) {
		b->data[--b->len] = '\0';
	}
}

static void
run_json(
    const struct record_type *type, const char *folder, struct buf *out, struct err *err)
{
	void *record = mem_alloc(type->size);
	struct buf in = { 0 };

	ck_assert_msg(load(folder, "in.json", &in), "%s: no in.json", folder);
	if (wire_decode(type, buf_text(&in), in.len, WIRE_STRICT, record, err) == 0) {
		wire_encode(type, record, out);
	}
	record_release(type, record);
	free(record);
	buf_release(&in);
}

static void
run_csv(
    const struct record_type *type, const char *folder, struct buf *out, struct err *err)
{
	void *record = mem_alloc(type->size);
	struct wire_rows *rows = NULL;
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/in.csv", folder);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s: no in.csv", folder);
	wire_rows_header(type, out);
	if (wire_rows_open(type, file, "in.csv", &rows, err) == 0) {
		while (wire_rows_next(rows, record, err) == 1) {
			wire_rows_put(type, record, out);
		}
	}
	wire_rows_close(rows);
	fclose(file);
	free(record);
}

/* The files of the cases end their lines with LF. */
static void
strip_carriage_returns(struct buf *b)
{
	size_t from, to = 0;

	for (from = 0; from < b->len; from++) {
		if (b->data[from] != '\r') {
			b->data[to++] = b->data[from];
		}
	}
	b->len = to;
	b->data[to] = '\0';
}

/* What a case came to beside what its files expect; counts valid and refused cases. */
static void
check_case(
    const char *folder, const char *out_name, run_fn *run, int *valid, int *refused)
{
	struct buf name = { 0 }, expected = { 0 }, out = { 0 };
	struct err err = { 0 };
	const struct record_type *type;

	ck_assert_msg(load(folder, "type", &name), "%s: no type", folder);
	strip_line_end(&name);
	type = types_by_name(name.data);
	ck_assert_msg(type != NULL, "%s: type “%s”", folder, name.data);
	run(type, folder, &out, &err);
	if (load(folder, "error", &expected)) {
		strip_line_end(&expected);
		ck_assert_msg(err.code != ERR_NONE, "%s: was accepted", folder);
		ck_assert_msg(
		    strcmp(err.text, expected.data) == 0, "%s: “%s”", folder, err.text);
		(*refused)++;
	} else {
		ck_assert_msg(
		    load(folder, out_name, &expected), "%s: no %s", folder, out_name);
		strip_line_end(&expected);
		strip_carriage_returns(&out);
		strip_line_end(&out);
		ck_assert_msg(err.code == ERR_NONE, "%s: “%s”", folder, err.text);
		ck_assert_msg(
		    strcmp(out.data, expected.data) == 0, "%s:\n%s", folder, out.data);
		(*valid)++;
	}
	buf_release(&name);
	buf_release(&expected);
	buf_release(&out);
}

static void
check_folders(
    const char *top, const char *out_name, run_fn *run, int *valid, int *refused)
{
	DIR *dir = opendir(top);
	struct dirent *entry;
	char folder[400];

	ck_assert_msg(dir != NULL, "no %s: run from the project's folder", top);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "csv") == 0) {
			continue;
		}
		snprintf(folder, sizeof(folder), "%s/%s", top, entry->d_name);
		check_case(folder, out_name, run, valid, refused);
	}
	closedir(dir);
}

START_TEST(every_json_case_comes_out_as_its_folder_says)
{
	int valid = 0, refused = 0;

	check_folders("tests/wire", "out.json", run_json, &valid, &refused);
	ck_assert_int_ge(valid, 10);
	ck_assert_int_ge(refused, 30);
}
END_TEST

START_TEST(rows_end_with_carriage_return_and_line_feed)
{
	struct numbers_answer answer = { 7 };
	struct buf out = { 0 };

	wire_rows_header(&request_numbers_answer, &out);
	wire_rows_put(&request_numbers_answer, &answer, &out);
	ck_assert_str_eq(out.data, "count\r\n7\r\n");
	buf_release(&out);
}
END_TEST

START_TEST(every_csv_case_comes_out_as_its_folder_says)
{
	int valid = 0, refused = 0;

	check_folders("tests/wire/csv", "out.csv", run_csv, &valid, &refused);
	ck_assert_int_ge(valid, 5);
	ck_assert_int_ge(refused, 18);
}
END_TEST

UNIT_MAIN("wire_cases", every_json_case_comes_out_as_its_folder_says,
    rows_end_with_carriage_return_and_line_feed,
    every_csv_case_comes_out_as_its_folder_says)
