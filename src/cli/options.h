/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CLI_OPTIONS_H
#define SHEBAO_CLI_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "shebao/buf.h"
#include "shebao/err.h"

/*
 * The command line as tables: options and commands are rows, and parsing, --help, suggestions
 * for what was mistyped and shell completion are made from them.
 *
 * Options stand anywhere, as --name VALUE or --name=VALUE; "--" ends them, a lone "-" is an
 * argument. Every program has --help, --version and, where it lists them, -h. Values go into
 * one settings struct of the program, at the row's offset; texts are borrowed from argv.
 */

struct state_table;

enum option_type {
	OPTION_FLAG,   /* int, becomes 1 */
	OPTION_TEXT,   /* const char * */
	OPTION_TEXTS,  /* struct option_texts: may be given several times */
	OPTION_NUMBER, /* int64_t between min and max; the default is already there */
	OPTION_CHOICE  /* const char *, one of the words of choices */
};

struct option_texts {
	const char **items; /* released by options_texts_release; the texts are borrowed */
	size_t count;
};

struct option_row {
	const char *name; /* without the dashes */
	const char
	    *argument;    /* "FILE"; NULL for flags. FILE and DIR are completed as such */
	const char *help; /* msgid */
	enum option_type type;
	size_t offset;
	int64_t min, max;    /* OPTION_NUMBER */
	const char *choices; /* OPTION_CHOICE: "normal special" */
	const struct state_table *states; /* whose names are proposed; NULL: none */
};

/* Options that several commands share are one group. */
struct option_group {
	const struct option_row *rows;
	size_t count;
};

#define OPTION_GROUPS_MAX 4

/* program is the settings struct of the program. Returns an exit status (0 done, 4 not known
 * yet, ...), or -1 with err set. */
typedef int command_fn(
    void *program, const char *const *arguments, size_t count, struct err *err);

struct command_row {
	const char *name;      /* one or two words: "audit", "levy import" */
	const char *arguments; /* "FILE.csv", "LEVY_NO..."; "" for none */
	const char *help;      /* msgid, one line */
	const char *more;      /* msgid, further lines of its --help, or NULL */
	size_t min_arguments, max_arguments; /* max 0: none; SIZE_MAX: any number */
	const struct option_group *groups[OPTION_GROUPS_MAX];
	command_fn *run;
};

struct options_program {
	const char *name;
	const char *summary; /* msgid */
	const struct option_group
	    *global; /* allowed with every command, before and behind it */
	const struct command_row *commands;
	size_t command_count;
	const struct option_group *arguments; /* names in command_row.arguments with the only
					       * words they may be; NULL: none */
	int bare_is_allowed; /* no command at all is no error: the caller decides */
};

struct options_result {
	const struct command_row *command; /* NULL: none was given */
	const char **arguments; /* released by options_release; texts borrowed */
	size_t count;
	int help, version; /* asked for: arguments were not counted */
};

/* Before options_parse: the language, which must be known before an option can be complained about,
 * and the arguments in UTF-8, whatever the shell hands over; they stay until the end. */
void options_begin(int argc, char **argv);

/* Fills settings (with its defaults already in it). ERR_USAGE says what is wrong and, where
 * something is near, what may have been meant. */
int options_parse(const struct options_program *program, int argc, char *const *argv,
    void *settings, struct options_result *result, struct err *err)
    __attribute__((warn_unused_result));
void options_release(struct options_result *result);

/* For commands that act on each of their arguments: ERR_USAGE names the one that is given twice. */
int options_distinct(const char *const *arguments, size_t count, struct err *err)
    __attribute__((warn_unused_result));

/* The words that an argument of this name may be; NULL: any. */
const char *options_argument_choices(const struct options_program *program, const char *name);
void options_texts_release(struct option_texts *texts);

/* --help of the program (command NULL) or of one command. */
void options_help(const struct options_program *program,
    const struct command_row *command, struct buf *out);

/* Prints what --help or --version asks for: 1; neither was asked for: 0; not written: -1. */
int options_answer(const struct options_program *program, const struct options_result *result,
    struct err *err) __attribute__((warn_unused_result));

/* Completion script for "bash" or "zsh"; ERR_USAGE for another shell. */
int options_completion(const struct options_program *program, const char *shell,
    struct buf *out, struct err *err) __attribute__((warn_unused_result));

/* The word of words (count of them, NULL entries skipped) that is nearest to typed, or NULL when
 * none is near: at most two letters wrong, missing, too many or swapped. */
const char *options_nearest(const char *typed, const char *const *words, size_t count);

#endif
