/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parsing a command line by its tables. */
#include "options.h"

#include <assert.h>
#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/recode.h"
#include "shebao/text.h"

#define WORDS_MAX 128
#define NEAR_MAX 2

/* ---- near misses */

/* Optimal string alignment distance, as far as it matters: longer words are never near. */
static size_t
distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), rows[3][40], i, j;
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	if (n >= 40 || m >= 40) {
		return NEAR_MAX + 1;
	}
	for (j = 0; j <= m; j++) {
		last[j] = j;
	}
	for (i = 1; i <= n; i++) {
		size_t *unused = before;

		now[0] = i;
		for (j = 1; j <= m; j++) {
			size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);

			best = last[j] + 1 < best ? last[j] + 1 : best;
			best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < best) {
				best = before[j - 2] + 1;
			}
			now[j] = best;
		}
		before = last;
		last = now;
		now = unused;
	}
	return last[m];
}

const char *
options_nearest(const char *typed, const char *const *words, size_t count)
{
	const char *nearest = NULL;
	size_t best = NEAR_MAX + 1, i;

	/* Two wrong letters of three are another word. */
	if (strlen(typed) < 4) {
		best = NEAR_MAX;
	}
	for (i = 0; i < count; i++) {
		size_t d = words[i] != NULL ? distance(typed, words[i]) : best;

		if (d < best) {
			best = d;
			nearest = words[i];
		}
	}
	return nearest;
}

static int
fail_unknown(struct err *err, const char *what, const char *typed, const char *nearest)
{
	if (nearest != NULL) {
		return err_set(err, ERR_USAGE, _("没有%s“%s”，是否想用“%s”？"), what,
		    typed, nearest);
	}
	return err_set(err, ERR_USAGE, _("没有%s“%s”，请用--help查看用法"), what, typed);
}

/* ---- options */

static const struct option_row *
find_option(const struct option_group *group, const char *name, size_t n)
{
	size_t i;

	for (i = 0; group != NULL && i < group->count; i++) {
		if (strlen(group->rows[i].name) == n &&
		    strncmp(group->rows[i].name, name, n) == 0) {
			return &group->rows[i];
		}
	}
	return NULL;
}

static size_t
option_names(const struct option_group *group, const char **words, size_t n)
{
	size_t i;

	for (i = 0; group != NULL && i < group->count && n < WORDS_MAX; i++) {
		words[n++] = group->rows[i].name;
	}
	return n;
}

/* The command may stand behind its options, so an option is looked for in all commands first,
 * and checked against the right one when that is known. */
static const struct option_row *
find_anywhere(const struct options_program *program, const struct command_row *command,
    const char *name, size_t n)
{
	const struct option_row *row = find_option(program->global, name, n);
	size_t i, g;

	for (g = 0; row == NULL && command != NULL && g < OPTION_GROUPS_MAX; g++) {
		row = find_option(command->groups[g], name, n);
	}
	for (i = 0; row == NULL && command == NULL && i < program->command_count; i++) {
		row = find_anywhere(program, &program->commands[i], name, n);
	}
	return row;
}

static size_t
command_option_names(const struct command_row *command, const char **words, size_t n)
{
	size_t g;

	for (g = 0; g < OPTION_GROUPS_MAX; g++) {
		n = option_names(command->groups[g], words, n);
	}
	return n;
}

static int
fail_option(const struct options_program *program, const struct command_row *command,
    const char *typed, size_t n, struct err *err)
{
	const char *words[WORDS_MAX] = { "help", "version" };
	char *name = mem_printf("%.*s", (int)n, typed);
	size_t count = option_names(program->global, words, 2), i;

	if (command != NULL) {
		count = command_option_names(command, words, count);
	}
	for (i = 0; command == NULL && i < program->command_count; i++) {
		count = command_option_names(&program->commands[i], words, count);
	}
	fail_unknown(err, _("选项"), name, options_nearest(name, words, count));
	free(name);
	return -1;
}

const char *
options_argument_choices(const struct options_program *program, const char *name)
{
	size_t i;

	for (i = 0; program->arguments != NULL && i < program->arguments->count; i++) {
		if (strcmp(program->arguments->rows[i].name, name) == 0) {
			return program->arguments->rows[i].choices;
		}
	}
	return NULL;
}

static int
is_word_of(const char *choices, const char *word)
{
	size_t n = strlen(word);
	const char *p = choices;

	while (n > 0 && (p = strstr(p, word)) != NULL) {
		if ((p == choices || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0')) {
			return 1;
		}
		p += n;
	}
	return 0;
}

static int
store(const struct option_row *row, void *settings, const char *value, struct err *err)
{
	char *at = (char *)settings + row->offset;
	struct option_texts *texts;
	char *end;
	long long number;

	switch (row->type) {
	case OPTION_FLAG:
		memcpy(at, &(int){ 1 }, sizeof(int));
		return 0;
	case OPTION_CHOICE:
		if (!is_word_of(row->choices, value)) {
			return err_set(err, ERR_USAGE,
			    _("--%s：“%s”不对，应为其中之一：%s"), row->name, value,
			    row->choices);
		}
		memcpy(at, &value, sizeof(value));
		return 0;
	case OPTION_TEXT:
		memcpy(at, &value, sizeof(value));
		return 0;
	case OPTION_TEXTS:
		texts = (void *)at;
		texts->items =
		    mem_resize(texts->items, texts->count + 1, sizeof(*texts->items));
		texts->items[texts->count++] = value;
		return 0;
	case OPTION_NUMBER:
		errno = 0;
		number = strtoll(value, &end, 10);
		if (*value == '\0' || *end != '\0' || errno != 0 || number < row->min ||
		    number > row->max) {
			return err_set(err, ERR_USAGE,
			    _("--%s：“%s”不对，应为%lld到%lld的整数"), row->name, value,
			    (long long)row->min, (long long)row->max);
		}
		memcpy(at, &(int64_t){ number }, sizeof(int64_t));
		return 0;
	}
	return 0;
}

/* ---- one pass over argv */

struct parse {
	const struct options_program *program;
	int argc;
	char *const *argv;
	void *settings; /* NULL: options are skipped, only words are collected */
	const struct command_row *command;
	struct options_result *result;
};

/* Returns how many words of argv the option at i took, or -1. */
static int
parse_option(struct parse *p, int i, struct err *err)
{
	const char *name = p->argv[i] + 2, *value = strchr(name, '='), *unused = NULL;
	size_t n = strcspn(name, "=");
	const struct option_row *row = find_anywhere(p->program, p->command, name, n);
	int taken = 1;

	if (row == NULL &&
	    ((n == 4 && strncmp(name, "help", n) == 0) ||
		(n == 7 && strncmp(name, "version", n) == 0))) {
		p->result->help |= *name == 'h';
		p->result->version |= *name == 'v';
		return 1;
	}
	if (row == NULL) {
		return fail_option(p->program, p->command, name, n, err);
	}
	if (row->type == OPTION_FLAG) {
		unused = value;
	} else if (value == NULL) {
		value = i + 1 < p->argc ? p->argv[i + 1] : NULL;
		taken = 2;
	} else {
		value++;
	}
	if (unused != NULL) {
		return err_set(err, ERR_USAGE, _("选项--%s没有值"), row->name);
	}
	if (row->type != OPTION_FLAG && value == NULL) {
		return err_set(
		    err, ERR_USAGE, _("选项--%s后面缺少%s"), row->name, row->argument);
	}
	if (p->settings != NULL && store(row, p->settings, value, err) != 0) {
		return -1;
	}
	return taken;
}

static int
pass(struct parse *p, struct err *err)
{
	int i, taken, ended = 0;

	p->result->count = 0;
	for (i = 1; i < p->argc; i += taken) {
		const char *word = p->argv[i];

		taken = 1;
		if (ended || word[0] != '-' || word[1] == '\0') {
			p->result->arguments[p->result->count++] = word;
		} else if (strcmp(word, "--") == 0) {
			ended = 1;
		} else if (strcmp(word, "-h") == 0) {
			p->result->help = 1;
		} else if (word[1] != '-') {
			return err_set(
			    err, ERR_USAGE, _("没有选项“%s”，请用--help查看用法"), word);
		} else if ((taken = parse_option(p, i, err)) < 0) {
			return -1;
		}
	}
	return 0;
}

/* ---- commands */

static int
is_command(
    const struct command_row *row, const char *const *words, size_t count, size_t *used)
{
	size_t first = strcspn(row->name, " ");

	if (count == 0 || strlen(words[0]) != first ||
	    strncmp(row->name, words[0], first) != 0) {
		return 0;
	}
	*used = row->name[first] == '\0' ? 1 : 2;
	return *used == 1 || (count > 1 && strcmp(row->name + first + 1, words[1]) == 0);
}

static int
has_group(const struct options_program *program, const char *word)
{
	size_t i, n = strlen(word);

	for (i = 0; i < program->command_count; i++) {
		if (strncmp(program->commands[i].name, word, n) == 0 &&
		    program->commands[i].name[n] == ' ') {
			return 1;
		}
	}
	return 0;
}

static int
fail_command(const struct options_program *program, const char *const *words,
    size_t count, struct err *err)
{
	const char *names[WORDS_MAX];
	struct buf known = { 0 };
	char *typed;
	size_t i, n = strlen(words[0]);

	assert(program->command_count <= WORDS_MAX);
	for (i = 0; i < program->command_count; i++) {
		names[i] = program->commands[i].name;
		if (strncmp(names[i], words[0], n) == 0 && names[i][n] == ' ') {
			buf_printf(
			    &known, "%s%s", known.len > 0 ? "、" : "", names[i] + n + 1);
		}
	}
	if (known.len > 0 && count < 2) {
		err_set(
		    err, ERR_USAGE, _("“%s”后面应为：%s"), words[0], buf_text(&known));
	} else {
		typed = count > 1 && known.len > 0
		    ? mem_printf("%s %s", words[0], words[1])
		    : mem_dup(words[0]);
		const char *nearest =
		    options_nearest(typed, names, program->command_count);

		/* "emploier import x.csv": the second word may belong to a mistyped first one. */
		if (nearest == NULL && count > 1 && known.len == 0) {
			free(typed);
			typed = mem_printf("%s %s", words[0], words[1]);
			nearest = options_nearest(typed, names, program->command_count);
		}
		fail_unknown(err, _("命令"), typed, nearest);
		free(typed);
	}
	buf_release(&known);
	return -1;
}

static int
find_command(
    const struct options_program *program, struct options_result *result, struct err *err)
{
	size_t i, used = 0;

	if (result->count == 0) {
		return 0;
	}
	for (i = 0; i < program->command_count; i++) {
		if (is_command(
			&program->commands[i], result->arguments, result->count, &used)) {
			result->command = &program->commands[i];
			return 0;
		}
	}
	/* "unit --help" shows the whole program's help. */
	if (result->help && has_group(program, result->arguments[0])) {
		return 0;
	}
	return fail_command(program, result->arguments, result->count, err);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
options_distinct(const char *const *arguments, size_t count, struct err *err)
{
	const char **sorted = mem_resize(NULL, count + 1, sizeof(*sorted));
	int result = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		sorted[i] = arguments[i];
	}
	qsort(sorted, count, sizeof(*sorted), by_text);
	for (i = 1; i < count && result == 0; i++) {
		if (strcmp(sorted[i - 1], sorted[i]) == 0) {
			result = err_set(err, ERR_USAGE, _("参数“%s”给出了两次"), sorted[i]);
		}
	}
	free(sorted);
	return result;
}

/* A command's only argument may be one of a few words. */
static int
check_word(const struct options_program *program, const struct command_row *command,
    const struct options_result *result, struct err *err)
{
	const char *choices = options_argument_choices(program, command->arguments);

	return result->count == 0 || choices == NULL || is_word_of(choices, result->arguments[0])
	    ? 0
	    : err_set(err, ERR_USAGE, _("%s：“%s”不对，应为其中之一：%s"), command->name,
		result->arguments[0], choices);
}

static int
check_arguments(
    const struct options_program *program, struct options_result *result, struct err *err)
{
	const struct command_row *command = result->command;
	size_t i, words;

	if (result->help || result->version) {
		return 0;
	}
	if (command == NULL) {
		return program->bare_is_allowed
		    ? 0
		    : err_set(err, ERR_USAGE, _("缺少命令，请用--help查看用法"));
	}
	words = strchr(command->name, ' ') != NULL ? 2 : 1;
	result->count -= words;
	for (i = 0; i < result->count; i++) {
		result->arguments[i] = result->arguments[i + words];
	}
	if (result->count < command->min_arguments) {
		return err_set(
		    err, ERR_USAGE, _("%s：缺少%s"), command->name, command->arguments);
	}
	if (result->count > command->max_arguments) {
		return err_set(err, ERR_USAGE, _("%s：多余的参数“%s”"), command->name,
		    result->arguments[command->max_arguments]);
	}
	return check_word(program, command, result, err);
}

/* Arguments are shown again, in messages and on paper: control characters and invisible ones have no
 * place in them. In GB18030 only the former can be told. */
static int
check_clean(const char *argument, struct err *err)
{
	const char *at = argument;
	int is_good = strcmp(nl_langinfo(CODESET), "UTF-8") != 0 ||
	    text_is_clean(argument, strlen(argument));

	for (; is_good && *at != '\0'; at++) {
		is_good = (unsigned char)*at >= ' ' && *at != 0x7f;
	}
	return is_good ? 0 :
			 err_set(err, ERR_USAGE, _("参数“%s”含有控制字符或不可见字符"), argument);
}

/* What --lang asks for, if anything. */
static const char *
asked_language(int argc, char *const *argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) {
			return argv[i + 1];
		}
		if (strncmp(argv[i], "--lang=", 7) == 0) {
			return argv[i] + 7;
		}
	}
	return NULL;
}

void
options_begin(int argc, char **argv)
{
	int i;

	i18n_init(asked_language(argc, argv));
	for (i = 1; recode_is_needed() && i < argc; i++) {
		argv[i] = recode_input(argv[i], strlen(argv[i]));
	}
}

int
options_parse(const struct options_program *program, int argc, char *const *argv,
    void *settings, struct options_result *result, struct err *err)
{
	struct parse p = {
		.program = program, .argc = argc, .argv = argv, .result = result
	};
	int i;

	*result = (struct options_result){ 0 };
	result->arguments = mem_alloc(((size_t)argc + 1) * sizeof(*result->arguments));
	for (i = 1; i < argc; i++) {
		if (check_clean(argv[i], err) != 0) {
			return -1;
		}
	}
	/* First the words, to know the command; then the options, by the command's own rows. */
	if (pass(&p, err) != 0 || find_command(program, result, err) != 0) {
		return -1;
	}
	p.command = result->command;
	p.settings = settings;
	if (pass(&p, err) != 0) {
		return -1;
	}
	return check_arguments(program, result, err);
}

void
options_release(struct options_result *result)
{
	free(result->arguments);
	*result = (struct options_result){ 0 };
}

void
options_texts_release(struct option_texts *texts)
{
	free(texts->items);
	*texts = (struct option_texts){ 0 };
}
