/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/unit.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "shebao/mem.h"

struct settings {
	const char *server, *kind;
	int json;
	int64_t count;
	struct option_texts units;
};

#define AT(m) .offset = offsetof(struct settings, m)

static const struct option_row global_rows[] = {
	{ .name = "server",
	    .argument = "URL",
	    .help = "s",
	    .type = OPTION_TEXT,
	    AT(server) },
	{ .name = "json", .help = "j", .type = OPTION_FLAG, AT(json) },
};
static const struct option_row import_rows[] = {
	{ .name = "count",
	    .argument = "N",
	    .help = "c",
	    .type = OPTION_NUMBER,
	    AT(count),
	    .min = 1,
	    .max = 9 },
	{ .name = "unit", .argument = "U", .help = "u", .type = OPTION_TEXTS, AT(units) },
	{ .name = "kind",
	    .argument = "KIND",
	    .help = "k",
	    .type = OPTION_CHOICE,
	    AT(kind),
	    .choices = "normal special" },
};
static const struct option_group global = { global_rows, ARRAY_LEN(global_rows) };
static const struct option_group import = { import_rows, ARRAY_LEN(import_rows) };

static int
run_nothing(void *program, const char *const *arguments, size_t count, struct err *err)
{
	(void)program;
	(void)arguments;
	(void)count;
	(void)err;
	return 0;
}

static const struct command_row commands[] = {
	{ .name = "levy import",
	    .arguments = "FILE",
	    .help = "h",
	    .min_arguments = 1,
	    .max_arguments = 1,
	    .groups = { &import },
	    .run = run_nothing },
	{ .name = "levy withdraw",
	    .arguments = "NO...",
	    .help = "h",
	    .min_arguments = 1,
	    .max_arguments = SIZE_MAX,
	    .run = run_nothing },
	{ .name = "audit", .arguments = "", .help = "h", .run = run_nothing },
};
static const struct options_program program = { .name = "prog",
	.summary = "sum",
	.global = &global,
	.commands = commands,
	.command_count = ARRAY_LEN(commands) };

/* Parses a line of words. */
static int
parse(const char *line, struct settings *settings, struct options_result *result,
    struct err *err)
{
	static char copy[512];
	static char name[] = "prog";
	char *argv[32] = { name };
	int argc = 1;
	char *save = NULL, *word;

	snprintf(copy, sizeof(copy), "%s", line);
	for (word = strtok_r(copy, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save)) {
		argv[argc++] = word;
	}
	*settings = (struct settings){ .count = 3 };
	return options_parse(&program, argc, argv, settings, result, err);
}

START_TEST(options_stand_anywhere)
{
	static const char *const lines[] = {
		"--count 5 --json levy import a.csv --server=x --unit 1 --unit=2",
		"levy --json import --unit 1 --count=5 --unit 2 a.csv --server x",
		"levy import --json --count 5 --unit 1 --unit 2 --server x -- a.csv"
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(lines); i++) {
		struct settings s;
		struct options_result r;
		struct err err = { 0 };

		ck_assert_msg(
		    parse(lines[i], &s, &r, &err) == 0, "%s: %s", lines[i], err.text);
		ck_assert_ptr_eq(r.command, &commands[0]);
		ck_assert_uint_eq(r.count, 1);
		ck_assert_str_eq(r.arguments[0], "a.csv");
		ck_assert_int_eq(s.json, 1);
		ck_assert_int_eq(s.count, 5);
		ck_assert_str_eq(s.server, "x");
		ck_assert_uint_eq(s.units.count, 2);
		ck_assert_str_eq(s.units.items[1], "2");
		options_release(&r);
		options_texts_release(&s.units);
	}
}
END_TEST

START_TEST(wrong_lines_are_refused_and_say_what_was_meant)
{
	static const struct {
		const char *line, *said;
	} cases[] = {
		{ "levy improt a.csv", "levy import" },
		{ "lvey import a.csv", "levy import" },
		{ "adit", "audit" },
		{ "levy", "withdraw" },
		{ "frobnicate", "frobnicate" },
		{ "levy import", "FILE" },
		{ "levy import a b", "b" },
		{ "audit now", "now" },
		{ "audit --jsn", "json" },
		{ "--cuont 3 levy import a", "count" },
		{ "audit --count 3", "count" }, /* an option of another command */
		{ "levy import a --count", "N" },
		{ "levy import a --count 0", "1" },
		{ "levy import a --count 3x", "3x" },
		{ "levy import a --count 99999999999999999999", "9" },
		{ "levy import a --kind norm", "normal special" },
		{ "levy import a --kind=", "normal special" },
		{ "audit --json=1", "json" },
		{ "audit -x", "-x" },
		{ "", "--help" },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct settings s;
		struct options_result r;
		struct err err = { 0 };

		ck_assert_msg(
		    parse(cases[i].line, &s, &r, &err) == -1, "%s", cases[i].line);
		ck_assert_int_eq(err.code, ERR_USAGE);
		ck_assert_msg(strstr(err.text, cases[i].said) != NULL, "%s: %s",
		    cases[i].line, err.text);
		options_release(&r);
	}
}
END_TEST

START_TEST(help_needs_no_arguments)
{
	struct settings s;
	struct options_result r;
	struct err err = { 0 };
	struct buf out = { 0 };

	ck_assert_int_eq(parse("levy import --help", &s, &r, &err), 0);
	ck_assert_int_eq(r.help, 1);
	options_help(&program, r.command, &out);
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "--kind KIND"));
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "--server URL"));
	options_release(&r);
	buf_clear(&out);
	ck_assert_int_eq(parse("levy --help", &s, &r, &err), 0);
	ck_assert_ptr_null(r.command);
	options_help(&program, NULL, &out);
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "levy withdraw NO..."));
	options_release(&r);
	buf_release(&out);
}
END_TEST

START_TEST(who_is_given_twice_is_named)
{
	const char *const numbers[] = { "10", "9", "1", "10" };
	struct err err;

	ck_assert_int_eq(options_distinct(NULL, 0, &err), 0);
	ck_assert_int_eq(options_distinct(numbers, 3, &err), 0);
	ck_assert_int_eq(options_distinct(numbers, 4, &err), -1);
	ck_assert_int_eq(err.code, ERR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.text, "“10”"));
}
END_TEST

START_TEST(only_near_words_are_suggested)
{
	static const char *const words[] = { "declare", "due", "pay" };

	ck_assert_str_eq(options_nearest("delcare", words, 3), "declare");
	ck_assert_str_eq(options_nearest("declar", words, 3), "declare");
	ck_assert_str_eq(options_nearest("apy", words, 3), "pay");
	ck_assert_ptr_null(options_nearest("export", words, 3));
	ck_assert_ptr_null(options_nearest("xyz", words, 3));
}
END_TEST

UNIT_MAIN("options", options_stand_anywhere,
    wrong_lines_are_refused_and_say_what_was_meant, help_needs_no_arguments,
    who_is_given_twice_is_named, only_near_words_are_suggested)
