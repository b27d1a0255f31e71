/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of keys. */
#include "shebao/tui_key.h"

#include <stdio.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

static const struct tui_key_info names[] = {
	{ TUI_KEY_F1, "F1", N_("Alt-1，.1，?") },
	{ TUI_KEY_F2, "F2", N_("Alt-2，.2，Ctrl-S") },
	{ TUI_KEY_F3, "F3", N_("Alt-3，.3") },
	{ TUI_KEY_F4, "F4", N_("Alt-4，.4") },
	{ TUI_KEY_F5, "F5", N_("Alt-5，.5，Ctrl-R") },
	{ TUI_KEY_F6, "F6", N_("Alt-6，.6") },
	{ TUI_KEY_F7, "F7", N_("Alt-7，.7") },
	{ TUI_KEY_F8, "F8", N_("Alt-8，.8") },
	{ TUI_KEY_F9, "F9", N_("Alt-9，.9") },
	{ TUI_KEY_F10, "F10", N_("Alt-0，.0") },
	{ TUI_KEY_F11, "F11", "" },
	{ TUI_KEY_F12, "F12", "" },
	{ TUI_KEY_UP, "Up", "k" },
	{ TUI_KEY_DOWN, "Down", "j" },
	{ TUI_KEY_LEFT, "Left", "h" },
	{ TUI_KEY_RIGHT, "Right", "l" },
	{ TUI_KEY_HOME, "Home", "" },
	{ TUI_KEY_END, "End", "" },
	{ TUI_KEY_PAGE_UP, "PgUp", "Ctrl-B" },
	{ TUI_KEY_PAGE_DOWN, "PgDn", "Ctrl-F" },
	{ TUI_KEY_INSERT, "Insert", "" },
	{ TUI_KEY_DELETE, "Delete", "" },
	{ TUI_KEY_BACK_TAB, "Shift-Tab", "" },
	{ TUI_KEY_TAB, "Tab", "" },
	{ TUI_KEY_ENTER, "Enter", "" },
	{ TUI_KEY_ESC, "Esc", N_("F12，q") },
	{ TUI_KEY_SPACE, "Space", "" },
	{ TUI_KEY_BACKSPACE, "Backspace", "" },
};

const struct tui_key_info *
tui_key_table(size_t *count)
{
	*count = ARRAY_LEN(names);
	return names;
}

const char *
tui_key_name(int key, char *buffer, size_t size)
{
	char ch[5] = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i].key == key) {
			snprintf(buffer, size, "%s", names[i].name);
			return buffer;
		}
	}
	if (key > 0 && key < 32) {
		snprintf(buffer, size, "Ctrl-%c", key + 64);
	} else if (tui_key_is_text(key)) {
		text_put(ch, (uint32_t)key);
		snprintf(buffer, size, "%s", ch);
	} else {
		snprintf(buffer, size, "?");
	}
	return buffer;
}

int
tui_key_is_text(int key)
{
	return key >= 32 && key != 127 && !(key >= 0x80 && key < 0xa0) &&
	    key < TUI_KEY_FIRST;
}

int
tui_key_fold(int key)
{
	if (key >= 0xff01 && key <= 0xff5e) {
		return key - 0xff01 + '!';
	}
	if (key == 0x3000) {
		return ' ';
	}
	return key == 0x3002 ? '.' : key;
}
