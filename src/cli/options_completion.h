/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CLI_OPTIONS_COMPLETION_H
#define SHEBAO_CLI_OPTIONS_COMPLETION_H

#include "options.h"

/* What the scripts for the shells have in common: how the rows of a command line are read as
 * something that can be completed. */

enum options_value {
	OPTIONS_VALUE_NONE,   /* typed by the user: a number, a code */
	OPTIONS_VALUE_WORDS,  /* one of some words */
	OPTIONS_VALUE_FILE,   /* a file whose name ends in one of some endings; "" any file */
	OPTIONS_VALUE_FOLDER
};

/* What an option's value is; out gets the words, or the endings, blanks between. */
enum options_value options_completion_value(const struct option_row *row, struct buf *out);

/* The same of a command's argument at index, the last "..." standing for all that follow; name
 * (may be NULL) gets how the help calls it. OPTIONS_VALUE_NONE with an empty name: there is
 * no such argument. */
enum options_value options_completion_argument(const struct options_program *program,
    const struct command_row *command, size_t index, struct buf *out, struct buf *name);

/* Whether row i is the first of those whose commands begin with the same word. */
int options_completion_is_first(const struct options_program *program, size_t i);

/* The script for zsh; the one for bash is in options_completion.c. */
void options_completion_zsh(const struct options_program *program, struct buf *out);

#endif
