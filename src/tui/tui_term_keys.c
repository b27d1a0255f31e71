/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys out of terminfo; a file of its own because term.h makes macros of `lines`, `columns`. */
#include "tui_term_keys.h"

#include <stdio.h>

#include <ncurses.h>
#include <term.h>

#include "shebao/mem.h"

/* terminfo's names of keys that some terminal sends in a way of its own. */
static const struct {
	const char *capability;
	int key;
} capabilities[] = {
	{ "kf1", TUI_KEY_F1 },
	{ "kf2", TUI_KEY_F2 },
	{ "kf3", TUI_KEY_F3 },
	{ "kf4", TUI_KEY_F4 },
	{ "kf5", TUI_KEY_F5 },
	{ "kf6", TUI_KEY_F6 },
	{ "kf7", TUI_KEY_F7 },
	{ "kf8", TUI_KEY_F8 },
	{ "kf9", TUI_KEY_F9 },
	{ "kf10", TUI_KEY_F10 },
	{ "kf11", TUI_KEY_F11 },
	{ "kf12", TUI_KEY_F12 },
	{ "kcuu1", TUI_KEY_UP },
	{ "kcud1", TUI_KEY_DOWN },
	{ "kcub1", TUI_KEY_LEFT },
	{ "kcuf1", TUI_KEY_RIGHT },
	{ "khome", TUI_KEY_HOME },
	{ "kend", TUI_KEY_END },
	{ "kpp", TUI_KEY_PAGE_UP },
	{ "knp", TUI_KEY_PAGE_DOWN },
	{ "kich1", TUI_KEY_INSERT },
	{ "kdch1", TUI_KEY_DELETE },
	{ "kcbt", TUI_KEY_BACK_TAB },
};

void
tui_term_keys_define(struct tui_input *input)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(capabilities); i++) {
		/* terminfo takes names it does not change as char *. */
		char name[8];
		const char *sequence;

		snprintf(name, sizeof(name), "%s", capabilities[i].capability);
		sequence = tigetstr(name);
		if (sequence != NULL && sequence[0] == '\033') {
			tui_input_define(input, sequence, capabilities[i].key);
		}
	}
}
