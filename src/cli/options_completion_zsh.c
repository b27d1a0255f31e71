/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion for zsh: with the words of the help beside what can be typed. */
#include "options_completion.h"

#include <string.h>

#include "shebao/i18n.h"

/* Text inside single quotes, where the completion system reads a few characters itself. */
static void
put_quoted(struct buf *out, const char *text, const char *special)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'') {
			buf_puts(out, "'\\''");
			continue;
		}
		if (strchr(special, *text) != NULL) {
			buf_puts(out, "\\");
		}
		buf_put(out, text, 1);
	}
}

/* ":URL:action", as _arguments wants it behind an option or for an argument. */
static void
put_action(struct buf *out, const char *name, enum options_value value, const char *words)
{
	buf_puts(out, ":");
	put_quoted(out, name, "\\:");
	buf_puts(out, ":");
	switch (value) {
	case OPTIONS_VALUE_WORDS:
		buf_printf(out, "(%s)", words);
		break;
	case OPTIONS_VALUE_FILE:
		buf_puts(out, "_files");
		if (words[0] != '\0') {
			const char *at = words;

			buf_puts(out, " -g \"");
			while (*at != '\0') {
				size_t n = strcspn(at, " ");

				buf_printf(out, "*.%.*s(-.) ", (int)n, at);
				at += n + (at[n] == ' ');
			}
			buf_puts(out, "\"");
		}
		break;
	case OPTIONS_VALUE_FOLDER:
		buf_puts(out, "_files -/");
		break;
	case OPTIONS_VALUE_NONE:
		buf_puts(out, " ");
		break;
	}
}

static void
put_options(struct buf *out, const struct option_group *group)
{
	size_t i;

	for (i = 0; group != NULL && i < group->count; i++) {
		const struct option_row *row = &group->rows[i];
		struct buf words = { 0 };

		buf_printf(out, "\t\t'--%s%s[", row->name, row->type == OPTION_FLAG ? "" : "=");
		put_quoted(out, i18n_text(row->help), "\\[]:");
		buf_puts(out, "]");
		if (row->type != OPTION_FLAG) {
			enum options_value value = options_completion_value(row, &words);

			put_action(out, row->argument, value, buf_text(&words));
		}
		buf_puts(out, "'\n");
		buf_release(&words);
	}
}

/* An entry of _describe: the word, and what it does. */
static void
put_word(struct buf *out, const char *word, size_t n, const char *help)
{
	buf_printf(out, "\t\t'%.*s:", (int)n, word);
	put_quoted(out, help, "\\:");
	buf_puts(out, "'\n");
}

/* The words that may follow first ("" for the first word itself). */
static void
put_words(struct buf *out, const struct options_program *program, const char *first)
{
	size_t i, n = strlen(first);

	for (i = 0; i < program->command_count; i++) {
		const struct command_row *row = &program->commands[i];
		size_t length = strcspn(row->name, " ");

		if (n == 0 && options_completion_is_first(program, i)) {
			put_word(out, row->name, length, i18n_text(row->help));
		} else if (n == length && strncmp(row->name, first, n) == 0 &&
		    row->name[n] == ' ') {
			put_word(out, row->name + n + 1, strlen(row->name + n + 1),
			    i18n_text(row->help));
		}
	}
}

/* The words of the command itself are its first arguments. */
static void
put_command(struct buf *out, const struct options_program *program,
    const struct command_row *command)
{
	size_t i, words = strchr(command->name, ' ') != NULL ? 2 : 1;
	int ended = 0;

	buf_printf(out, "\t('%s')\n\t\t_arguments $common \\\n", command->name);
	for (i = 1; i <= words; i++) {
		buf_printf(out, "\t\t'%zu:: :' \\\n", i);
	}
	for (i = 0; !ended && i < command->max_arguments; i++) {
		struct buf choices = { 0 }, name = { 0 };
		enum options_value value =
		    options_completion_argument(program, command, i, &choices, &name);

		ended = name.len == 0 || command->max_arguments == SIZE_MAX;
		if (name.len > 0) {
			buf_puts(out, "\t\t'");
			buf_printf(out, command->max_arguments == SIZE_MAX ? "*" : "%zu", words + i + 1);
			put_action(out, buf_text(&name), value, buf_text(&choices));
			buf_puts(out, "' \\\n");
		}
		buf_release(&choices);
		buf_release(&name);
	}
	buf_puts(out, "\t\t$own;;\n");
}

static void
put_own_options(struct buf *out, const struct command_row *command)
{
	size_t g;

	if (command->groups[0] == NULL) {
		return;
	}
	buf_printf(out, "\t('%s') own=(\n", command->name);
	for (g = 0; g < OPTION_GROUPS_MAX; g++) {
		put_options(out, command->groups[g]);
	}
	buf_puts(out, "\t\t);;\n");
}

/* The words of the command line that are neither options nor their values. */
static void
put_begin(const struct options_program *program, struct buf *out)
{
	buf_printf(out,
	    "#compdef %s\n"
	    "# Completion of %s for zsh, printed by `%s completion zsh`.\n"
	    "_%s() {\n"
	    "\tlocal first= second= command= skip= w\n"
	    "\tlocal -a common own follow\n"
	    "\tcommon=(\n",
	    program->name, program->name, program->name, program->name);
	put_options(out, program->global);
	buf_puts(out, "\t\t'--help[");
	put_quoted(out, _("显示帮助"), "\\[]:");
	buf_puts(out, "]'\n\t\t'--version[");
	put_quoted(out, _("显示版本"), "\\[]:");
	buf_puts(out, "]'\n\t)\n");
}

static void
put_swallowing(struct buf *out, const struct option_group *group)
{
	size_t i;

	for (i = 0; group != NULL && i < group->count; i++) {
		if (group->rows[i].type != OPTION_FLAG) {
			buf_printf(out, "--%s|", group->rows[i].name);
		}
	}
}

static void
put_find(const struct options_program *program, struct buf *out)
{
	size_t i, g;

	buf_puts(out,
	    "\tfor w in \"${(@)words[2,CURRENT-1]}\"; do\n"
	    "\t\tif [[ -n $skip ]]; then skip=; continue; fi\n"
	    "\t\tcase $w in\n\t\t(");
	put_swallowing(out, program->global);
	for (i = 0; i < program->command_count; i++) {
		for (g = 0; g < OPTION_GROUPS_MAX; g++) {
			put_swallowing(out, program->commands[i].groups[g]);
		}
	}
	buf_puts(out,
	    "--) skip=1;;\n\t\t(-*) ;;\n"
	    "\t\t(*) if [[ -z $first ]]; then first=$w; elif [[ -z $second ]]; then second=$w; fi;;\n"
	    "\t\tesac\n\tdone\n"
	    "\tcase \"$first $second\" in\n");
	for (i = 0; i < program->command_count; i++) {
		const char *name = program->commands[i].name;

		buf_printf(out, "\t('%s'%s) command='%s';;\n", name,
		    strchr(name, ' ') != NULL ? "" : "\\ *", name);
	}
	buf_puts(out, "\tesac\n");
}

/* Where the command is not known yet: its first word, or what may follow that. */
static void
put_unknown(const struct options_program *program, struct buf *out)
{
	size_t i;

	buf_puts(out, "\tcase $first in\n\t('') follow=(\n");
	put_words(out, program, "");
	buf_puts(out, "\t\t);;\n");
	for (i = 0; i < program->command_count; i++) {
		const char *name = program->commands[i].name;
		size_t n = strcspn(name, " ");

		if (name[n] == ' ' && options_completion_is_first(program, i)) {
			char first[64] = "";

			memcpy(first, name, n < sizeof(first) ? n : sizeof(first) - 1);
			buf_printf(out, "\t('%s') follow=(\n", first);
			put_words(out, program, first);
			buf_puts(out, "\t\t);;\n");
		}
	}
	buf_puts(out, "\tesac\n");
}

void
options_completion_zsh(const struct options_program *program, struct buf *out)
{
	size_t i;

	put_begin(program, out);
	put_find(program, out);
	put_unknown(program, out);
	buf_puts(out, "\tcase $command in\n");
	for (i = 0; i < program->command_count; i++) {
		put_own_options(out, &program->commands[i]);
	}
	buf_puts(out, "\tesac\n\tcase $command in\n");
	for (i = 0; i < program->command_count; i++) {
		put_command(out, program, &program->commands[i]);
	}
	buf_printf(out,
	    "\t('') if [[ $PREFIX == -* || $words[CURRENT-1] == --* ]]; then _arguments $common '*:: :'\n"
	    "\t\telse _describe -t commands %s follow; fi;;\n\tesac\n}\n"
	    "if [[ $funcstack[1] == _%s ]]; then _%s \"$@\"; else compdef _%s %s; fi\n",
	    program->name, program->name, program->name, program->name, program->name);
}
