/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The help of a command line, printed from its tables. */
#include "options.h"
#include "report.h"

#include <stdio.h>
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

int
options_answer(const struct options_program *program, const struct options_result *result,
    struct err *err)
{
	struct buf text = { 0 };

	if (result->version) {
		buf_printf(&text, "%s %s\n", program->name, SHEBAO_VERSION);
	} else if (result->help) {
		options_help(program, result->command, &text);
	} else {
		return 0;
	}
	fputs(buf_text(&text), stdout);
	buf_release(&text);
	return report_flush(err) == 0 ? 1 : -1;
}
