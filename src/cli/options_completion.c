/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion for the shells, printed from the tables of a command line. */
#include "options_completion.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"

/* ---- reading the rows */

static void
put_states(const struct state_table *table, struct buf *out)
{
	size_t i;

	for (i = 0; i < state_table_count(table); i++) {
		buf_printf(out, "%s%s", i > 0 ? " " : "", state_table_name(table, (int)i));
	}
}

enum options_value
options_completion_value(const struct option_row *row, struct buf *out)
{
	const char *argument = row->argument != NULL ? row->argument : "";

	if (row->states != NULL) {
		put_states(row->states, out);
		return OPTIONS_VALUE_WORDS;
	}
	if (row->type == OPTION_CHOICE) {
		buf_puts(out, row->choices);
		return OPTIONS_VALUE_WORDS;
	}
	if (strcmp(argument, "DIR") == 0) {
		return OPTIONS_VALUE_FOLDER;
	}
	return strcmp(argument, "FILE") == 0 ? OPTIONS_VALUE_FILE : OPTIONS_VALUE_NONE;
}

/* "[LEVY_NO...]" and "FILE.pdf" are words of the help: brackets and dots say how often. */
static const char *
argument_at(const struct command_row *command, size_t index, size_t *n)
{
	const char *at = command->arguments, *end;

	for (;;) {
		at += strspn(at, " [");
		end = at + strcspn(at, " ]");
		if (at == end) {
			*n = 0;
			return at;
		}
		if (end - at > 3 && strncmp(end - 3, "...", 3) == 0) {
			*n = (size_t)(end - at) - 3;
			return at;
		}
		if (index-- == 0) {
			*n = (size_t)(end - at);
			return at;
		}
		at = end;
	}
}

/* "FILE.xlsx|FILE.csv": the endings; "bash|zsh": the words. */
static void
put_parts(const char *argument, struct buf *out)
{
	const char *at = argument;

	while (*at != '\0') {
		size_t n = strcspn(at, "|");
		const char *dot = memchr(at, '.', n);
		const char *from = dot != NULL ? dot + 1 : at;

		buf_printf(out, "%s%.*s", out->len > 0 ? " " : "", (int)(at + n - from), from);
		at += n + (at[n] == '|');
	}
}

enum options_value
options_completion_argument(const struct options_program *program,
    const struct command_row *command, size_t index, struct buf *out, struct buf *name)
{
	size_t n;
	const char *at = argument_at(command, index, &n);
	char *argument = mem_printf("%.*s", (int)n, at);
	const char *choices = options_argument_choices(program, argument);
	enum options_value value = OPTIONS_VALUE_NONE;

	if (choices != NULL) {
		buf_puts(out, choices);
		value = OPTIONS_VALUE_WORDS;
	} else if (strchr(argument, '.') != NULL) {
		put_parts(argument, out);
		value = OPTIONS_VALUE_FILE;
	} else if (strcmp(argument, "FILE") == 0) {
		value = OPTIONS_VALUE_FILE;
	} else if (strchr(argument, '|') != NULL) {
		put_parts(argument, out);
		value = OPTIONS_VALUE_WORDS;
	}
	if (name != NULL) {
		buf_puts(name, argument);
	}
	free(argument);
	return value;
}

int
options_completion_is_first(const struct options_program *program, size_t i)
{
	const char *name = program->commands[i].name;
	size_t first = strcspn(name, " ");

	return i == 0 || strncmp(program->commands[i - 1].name, name, first) != 0 ||
	    strcspn(program->commands[i - 1].name, " ") != first;
}

/* ---- bash */

static void
bash_names(struct buf *out, const struct option_group *group)
{
	size_t i;

	for (i = 0; group != NULL && i < group->count; i++) {
		buf_printf(out, "--%s ", group->rows[i].name);
	}
}

/* The options that swallow the next word: it is no command. */
static void
bash_swallowing(struct buf *out, const struct option_group *group)
{
	size_t i;

	for (i = 0; group != NULL && i < group->count; i++) {
		if (group->rows[i].type != OPTION_FLAG) {
			buf_printf(out, "%s--%s", out->len > 0 ? "|" : "", group->rows[i].name);
		}
	}
}

/* Assignments that say what is completed. */
static void
bash_value(struct buf *out, enum options_value value, const char *words)
{
	switch (value) {
	case OPTIONS_VALUE_WORDS:
		buf_printf(out, "words='%s'", words);
		break;
	case OPTIONS_VALUE_FILE:
		buf_printf(out, "files='%s'", words[0] != '\0' ? words : "*");
		break;
	case OPTIONS_VALUE_FOLDER:
		buf_puts(out, "files=/");
		break;
	case OPTIONS_VALUE_NONE:
		buf_puts(out, ":");
		break;
	}
}

/* An arm for each option of a command ("*" any) that takes a value. */
static void
bash_options(struct buf *out, const char *command, const struct option_group *group)
{
	size_t i;

	for (i = 0; group != NULL && i < group->count; i++) {
		struct buf words = { 0 };
		enum options_value value;

		if (group->rows[i].type == OPTION_FLAG) {
			continue;
		}
		value = options_completion_value(&group->rows[i], &words);
		buf_printf(out, "\t%s' --%s') value=1; ", command, group->rows[i].name);
		bash_value(out, value, buf_text(&words));
		buf_puts(out, ";;\n");
		buf_release(&words);
	}
}

/* What may follow the first word: "list show" after "batch-list". */
static void
bash_words(struct buf *out, const struct options_program *program, const char *after)
{
	size_t i, n = strlen(after);

	for (i = 0; i < program->command_count; i++) {
		const char *name = program->commands[i].name;
		size_t first = strcspn(name, " ");

		if (n == 0 && options_completion_is_first(program, i)) {
			buf_printf(out, "%.*s ", (int)first, name);
		} else if (first == n && strncmp(name, after, n) == 0 && name[n] == ' ') {
			buf_printf(out, "%s ", name + n + 1);
		}
	}
}

/* The command's options, and its arguments by their place. */
static void
bash_command(struct buf *out, const struct options_program *program,
    const struct command_row *command)
{
	size_t g, i;
	int ended = 0;

	buf_printf(out, "\t'%s')\n\t\toptions=\"$options ", command->name);
	for (g = 0; g < OPTION_GROUPS_MAX; g++) {
		bash_names(out, command->groups[g]);
	}
	buf_puts(out, "\"\n\t\tcase $n in\n");
	for (i = 0; !ended && i < command->max_arguments; i++) {
		struct buf words = { 0 }, name = { 0 };
		enum options_value value =
		    options_completion_argument(program, command, i, &words, &name);

		ended = name.len == 0 || command->max_arguments == SIZE_MAX;
		if (value != OPTIONS_VALUE_NONE) {
			buf_printf(out, command->max_arguments == SIZE_MAX ? "\t\t*) " : "\t\t%zu) ", i);
			bash_value(out, value, buf_text(&words));
			buf_puts(out, ";;\n");
		}
		buf_release(&words);
		buf_release(&name);
	}
	buf_puts(out, "\t\tesac;;\n");
}

static void
bash_begin(const struct options_program *program, struct buf *out)
{
	struct buf swallowing = { 0 };
	size_t i, g;

	bash_swallowing(&swallowing, program->global);
	for (i = 0; i < program->command_count; i++) {
		for (g = 0; g < OPTION_GROUPS_MAX; g++) {
			bash_swallowing(&swallowing, program->commands[i].groups[g]);
		}
	}
	buf_printf(out,
	    "# Completion of %s for bash, printed by `%s completion bash`.\n"
	    "_%s() {\n"
	    "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	    "\tlocal first= second= command= skip= value= options= words= files= w i n=0\n"
	    "\tlocal IFS=$' \\t\\n'\n"
	    "\tCOMPREPLY=()\n"
	    "\tif [ \"$word\" = = ]; then word=\n"
	    "\telif [ \"$before\" = = ]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "\t\tw=${COMP_WORDS[i]}\n"
	    "\t\tif [ -n \"$skip\" ]; then [ \"$w\" = = ] || skip=; continue; fi\n"
	    "\t\tcase $w in\n\t\t%s) skip=1;;\n\t\t-*|=) ;;\n"
	    "\t\t*) n=$((n + 1)); case $n in 1) first=$w;; 2) second=$w;; esac;;\n"
	    "\t\tesac\n\tdone\n",
	    program->name, program->name, program->name, buf_text(&swallowing));
	buf_release(&swallowing);
}

/* Which command it is: n becomes the number of its arguments so far. */
static void
bash_find(const struct options_program *program, struct buf *out)
{
	size_t i;

	buf_puts(out, "\tcase \"$first $second\" in\n");
	for (i = 0; i < program->command_count; i++) {
		const char *name = program->commands[i].name;
		int two = strchr(name, ' ') != NULL;

		buf_printf(out, "\t'%s'%s) command='%s' n=$((n - %d));;\n", name,
		    two ? "" : "\\ *", name, two ? 2 : 1);
	}
	buf_puts(out, "\tesac\n");
}

static void
bash_end(const struct options_program *program, struct buf *out)
{
	buf_printf(out,
	    "\tcase $value$word in\n\t-*) words=$options files=;;\n\tesac\n"
	    "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
	    "\t[ -n \"$files\" ] || return 0\n"
	    "\tcompopt -o filenames 2>/dev/null\n"
	    "\tset -f; set -- $files; set +f\n"
	    "\tIFS=$'\\n'\n"
	    "\tfor w in \"$@\"; do\n"
	    "\t\tcase $w in\n"
	    "\t\t/) ;;\n"
	    "\t\t\\*) COMPREPLY+=($(compgen -f -- \"$word\")); return 0;;\n"
	    "\t\t*) COMPREPLY+=($(compgen -f -X \"!*.$w\" -- \"$word\"));;\n"
	    "\t\tesac\n\tdone\n"
	    "\tCOMPREPLY+=($(compgen -d -- \"$word\"))\n"
	    "}\n"
	    "complete -F _%s %s\n",
	    program->name, program->name);
}

static void
bash(const struct options_program *program, struct buf *out)
{
	size_t i, g;

	bash_begin(program, out);
	bash_find(program, out);
	buf_puts(out, "\tcase \"$command $before\" in\n");
	bash_options(out, "*", program->global);
	for (i = 0; i < program->command_count; i++) {
		char *name = mem_printf("'%s'", program->commands[i].name);

		for (g = 0; g < OPTION_GROUPS_MAX; g++) {
			bash_options(out, name, program->commands[i].groups[g]);
		}
		free(name);
	}
	buf_puts(out, "\tesac\n\toptions='");
	bash_names(out, program->global);
	buf_puts(out, "--help --version'\n\t[ -n \"$value\" ] || case ${command:-$first} in\n\t'') words='");
	bash_words(out, program, "");
	buf_puts(out, "';;\n");
	for (i = 0; i < program->command_count; i++) {
		const char *name = program->commands[i].name;

		if (strchr(name, ' ') != NULL && options_completion_is_first(program, i)) {
			char *first = mem_printf("%.*s", (int)strcspn(name, " "), name);

			buf_printf(out, "\t'%s') [ $n -gt 1 ] || words='", first);
			bash_words(out, program, first);
			buf_puts(out, "';;\n");
			free(first);
		}
		bash_command(out, program, &program->commands[i]);
	}
	buf_puts(out, "\tesac\n");
	bash_end(program, out);
}

int
options_completion(const struct options_program *program, const char *shell,
    struct buf *out, struct err *err)
{
	if (strcmp(shell, "bash") == 0) {
		bash(program, out);
	} else if (strcmp(shell, "zsh") == 0) {
		options_completion_zsh(program, out);
	} else {
		return err_set(err, ERR_USAGE, _("没有%s的补全，只有bash和zsh"), shell);
	}
	return 0;
}
