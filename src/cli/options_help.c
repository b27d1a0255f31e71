/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is printed from the tables of a command line: help and completion. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

#define HELP_COLUMN 34

static void
put_row(struct buf *out, const char *left, const char *help)
{
	int width = text_width(left) + 2;

	buf_printf(out, "  %s", left);
	if (width + 2 > HELP_COLUMN) {
		buf_puts(out, "\n");
		width = 0;
	}
	buf_printf(out, "%*s%s\n", HELP_COLUMN - width, "", help);
}

static void
put_group(struct buf *out, const struct option_group *group)
{
	size_t i;

	for (i = 0; group != NULL && i < group->count; i++) {
		const struct option_row *row = &group->rows[i];
		struct buf left = { 0 };

		buf_printf(&left, "--%s", row->name);
		if (row->argument != NULL) {
			buf_printf(&left, " %s", row->argument);
		}
		put_row(out, buf_text(&left), i18n_text(row->help));
		buf_release(&left);
	}
}

static void
put_common(struct buf *out, const struct options_program *program)
{
	buf_printf(out, "\n%s\n", _("通用选项："));
	put_group(out, program->global);
	put_row(out, "--help", _("显示帮助"));
	put_row(out, "--version", _("显示版本"));
}

static void
help_of_command(const struct options_program *program, const struct command_row *command,
    struct buf *out)
{
	size_t g;
	int headed = 0;

	buf_printf(out, _("用法：%s %s"), program->name, command->name);
	if (command->groups[0] != NULL) {
		buf_puts(out, _(" [选项]"));
	}
	buf_printf(out, "%s%s\n%s\n", command->arguments[0] != '\0' ? " " : "",
	    command->arguments, i18n_text(command->help));
	if (command->more != NULL) {
		buf_printf(out, "%s\n", i18n_text(command->more));
	}
	for (g = 0; g < OPTION_GROUPS_MAX; g++) {
		if (command->groups[g] != NULL && !headed) {
			buf_printf(out, "\n%s\n", _("选项："));
			headed = 1;
		}
		put_group(out, command->groups[g]);
	}
	put_common(out, program);
}

void
options_help(const struct options_program *program, const struct command_row *command,
    struct buf *out)
{
	size_t i;

	if (command != NULL) {
		help_of_command(program, command, out);
		return;
	}
	buf_printf(out, _("用法：%s [选项] 命令 [参数]"), program->name);
	buf_printf(out, "\n%s\n\n%s\n", i18n_text(program->summary), _("命令："));
	for (i = 0; i < program->command_count; i++) {
		const struct command_row *row = &program->commands[i];
		struct buf left = { 0 };

		buf_printf(&left, "%s%s%s", row->name,
		    row->arguments[0] != '\0' ? " " : "", row->arguments);
		put_row(out, buf_text(&left), i18n_text(row->help));
		buf_release(&left);
	}
	put_common(out, program);
}

/* ---- completion */

static void
put_names(struct buf *out, const struct option_group *group)
{
	size_t i;

	for (i = 0; group != NULL && i < group->count; i++) {
		buf_printf(out, "--%s ", group->rows[i].name);
	}
}

/* One case arm an option that takes a value: files, folders or words. */
static void
put_values(struct buf *out, const struct option_group *group)
{
	size_t i;

	for (i = 0; group != NULL && i < group->count; i++) {
		const struct option_row *row = &group->rows[i];

		if (row->type == OPTION_CHOICE) {
			buf_printf(out,
			    "\t--%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return;;\n",
			    row->name, row->choices);
		} else if (row->argument != NULL) {
			buf_printf(out,
			    "\t--%s) COMPREPLY=($(compgen -%c -- \"$word\")); return;;\n",
			    row->name, strcmp(row->argument, "DIR") == 0 ? 'd' : 'f');
		}
	}
}

/* The words that may follow one another: after no word the first words of all commands, after
 * a first word the second ones. */
static void
put_words(struct buf *out, const struct options_program *program, const char *after)
{
	size_t i, n = strlen(after);

	for (i = 0; i < program->command_count; i++) {
		const char *name = program->commands[i].name;
		size_t first = strcspn(name, " ");

		if (n == 0) {
			/* Commands with the same first word stand together. */
			if (i == 0 ||
			    strncmp(program->commands[i - 1].name, name, first) != 0 ||
			    strcspn(program->commands[i - 1].name, " ") != first) {
				buf_printf(out, "%.*s ", (int)first, name);
			}
		} else if (first == n && strncmp(name, after, n) == 0 && name[n] == ' ') {
			buf_printf(out, "%s ", name + n + 1);
		}
	}
}

static void
put_arm(
    struct buf *out, const struct options_program *program, const struct command_row *row)
{
	size_t g;

	buf_printf(out, "\t'%s') words='", row->name);
	for (g = 0; g < OPTION_GROUPS_MAX; g++) {
		put_names(out, row->groups[g]);
	}
	put_names(out, program->global);
	buf_puts(out, "--help';;\n");
}

int
options_completion(const struct options_program *program, const char *shell,
    struct buf *out, struct err *err)
{
	size_t i, g;

	if (strcmp(shell, "bash") != 0 && strcmp(shell, "zsh") != 0) {
		return err_set(err, ERR_USAGE, _("没有%s的补全，只有bash和zsh"), shell);
	}
	if (strcmp(shell, "zsh") == 0) {
		buf_puts(out, "autoload -U +X bashcompinit && bashcompinit\n");
	}
	buf_printf(out,
	    "_%s() {\n\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	    "\tlocal first= second= words= w\n"
	    "\tfor w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	    "\t\tcase $w in -*) ;; *) if [ -z \"$first\" ]; then first=$w; "
	    "elif [ -z \"$second\" ]; then second=$w; fi;; esac\n\tdone\n\tcase $before in\n",
	    program->name);
	put_values(out, program->global);
	for (i = 0; i < program->command_count; i++) {
		for (g = 0; g < OPTION_GROUPS_MAX; g++) {
			put_values(out, program->commands[i].groups[g]);
		}
	}
	buf_puts(out, "\tesac\n\tcase \"$first${second:+ $second}\" in\n\t'') words='");
	put_words(out, program, "");
	buf_puts(out, "';;\n");
	for (i = 0; i < program->command_count; i++) {
		const char *name = program->commands[i].name;
		char *first = mem_printf("%.*s", (int)strcspn(name, " "), name);

		put_arm(out, program, &program->commands[i]);
		if (strchr(name, ' ') != NULL) {
			buf_printf(out, "\t'%s') words='", first);
			put_words(out, program, first);
			buf_puts(out, "';;\n");
		}
		free(first);
	}
	buf_printf(out,
	    "\tesac\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
	    "\t[ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$word\"))\n}\n"
	    "complete -o filenames -F _%s %s\n",
	    program->name, program->name);
	return 0;
}
