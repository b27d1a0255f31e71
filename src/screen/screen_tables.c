/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Menu and keys as text: what shebao --print-tables shows and shebao-keys(7) is made from. */
#include "shebao/screen.h"

#include <string.h>

#include "screen_ui.h"
#include "shebao/app_menu.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/tui_menu.h"
#include "shebao/tui_pager.h"
#include "shebao/tui_table.h"

/* The name in Chinese, and in the language of the user if that is another one. */
static void
print_name(FILE *out, const char *msgid)
{
	fputs(msgid, out);
	if (strcmp(msgid, _(msgid)) != 0) {
		fprintf(out, " (%s)", _(msgid));
	}
}

static void
print_keys(FILE *out, const struct tui_action *rows, size_t count)
{
	char keys[64];
	size_t i;

	for (i = 0; i < count; i++) {
		fprintf(out, "  %s  ", tui_action_keys(&rows[i], keys, sizeof(keys)));
		print_name(out, rows[i].label);
		fprintf(out, ": %s\n", _(rows[i].help));
	}
}

struct section {
	const char *title; /* N_( ) */
	const struct tui_action *(*keys)(size_t *count);
	const struct screen_keys *own; /* printed first; NULL: none */
};

static const struct section sections[] = {
	{ N_("任何界面"), tui_screen_keys, &screen_common_keys },
	{ N_("列表"), tui_table_keys, &screen_list_keys },
	{ N_("表单"), tui_form_keys, NULL },
	{ N_("菜单"), tui_menu_keys, NULL },
	{ N_("详细内容"), tui_pager_keys, NULL },
	{ N_("缴费经过"), NULL, &screen_payment_keys },
	{ N_("打印界面"), NULL, &screen_paper_keys },
};

static void
print_section(FILE *out, const struct section *section)
{
	size_t count = 0;

	fputs("keys ", out);
	print_name(out, section->title);
	fputc('\n', out);
	if (section->own != NULL) {
		print_keys(out, section->own->rows, section->own->count);
	}
	if (section->keys != NULL) {
		const struct tui_action *rows = section->keys(&count);

		print_keys(out, rows, count);
	}
	fputc('\n', out);
}

void
screen_print_tables(FILE *out)
{
	size_t count, i;
	const struct app_menu_item *rows = app_menu(&count);

	fputs("screens\n", out);
	for (i = 0; i < count; i++) {
		fprintf(out, "  %d  ", rows[i].code);
		print_name(out, rows[i].label);
		fprintf(out, "%s%s\n", rows[i].help == NULL ? "" : ": ",
		    rows[i].help == NULL ? "" : _(rows[i].help));
	}
	fputc('\n', out);
	for (i = 0; i < ARRAY_LEN(sections); i++) {
		print_section(out, &sections[i]);
	}
	for (i = 0; i < count; i++) {
		const struct screen_row *row = screen_table_find(rows[i].code);

		if (row == NULL || row->keys == NULL) {
			continue;
		}
		fprintf(out, "keys %d ", rows[i].code);
		print_name(out, rows[i].label);
		fputc('\n', out);
		print_keys(out, row->keys->rows, row->keys->count);
		fputc('\n', out);
	}
}
