/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_KEY_H
#define SHEBAO_TUI_KEY_H

#include <stddef.h>

/*
 * Keys. A key is an int: a Unicode code point for a character (Enter, Tab, Esc and Ctrl-letters
 * are the ASCII controls), or one of the codes below for the others. Alt+digit, and outside
 * text `.` or `。` and a digit, arrive as function keys already (0 is F10); outside text
 * full-width letters, digits and punctuation arrive as ASCII.
 */
enum tui_key {
	TUI_KEY_NONE = 0,
	TUI_KEY_TAB = 9,
	TUI_KEY_ENTER = 13,
	TUI_KEY_ESC = 27,
	TUI_KEY_SPACE = 32,
	TUI_KEY_BACKSPACE = 127,
	TUI_KEY_FIRST = 0x110000, /* above every character */
	TUI_KEY_F1,
	TUI_KEY_F2,
	TUI_KEY_F3,
	TUI_KEY_F4,
	TUI_KEY_F5,
	TUI_KEY_F6,
	TUI_KEY_F7,
	TUI_KEY_F8,
	TUI_KEY_F9,
	TUI_KEY_F10,
	TUI_KEY_F11,
	TUI_KEY_F12,
	TUI_KEY_UP,
	TUI_KEY_DOWN,
	TUI_KEY_LEFT,
	TUI_KEY_RIGHT,
	TUI_KEY_HOME,
	TUI_KEY_END,
	TUI_KEY_PAGE_UP,
	TUI_KEY_PAGE_DOWN,
	TUI_KEY_INSERT,
	TUI_KEY_DELETE,
	TUI_KEY_BACK_TAB,
	TUI_KEY_PASTE,   /* a bracketed paste: its text is tui_pasted() */
	TUI_KEY_UNKNOWN, /* a sequence that no table knows */
	TUI_KEY_LAST
};

/* Ctrl and a letter: TUI_KEY_CTRL('S'). */
#define TUI_KEY_CTRL(letter) ((letter)&0x1f)

/* One row a key that has a name of its own; manual pages are printed from these. */
struct tui_key_info {
	int key;
	const char *name; /* as on the key: "F2", "PgDn", "Enter" */
	const char *also; /* other ways to type it, N_( ); "" if none */
};

const struct tui_key_info *tui_key_table(size_t *count);

/* "F2", "Enter", "Ctrl-S", "Space" or the character itself, in a buffer of the caller's;
 * returns buffer. 16 bytes are always enough. */
const char *tui_key_name(int key, char *buffer, size_t size);

/* True for a character that can be typed into a field. */
int tui_key_is_text(int key);

/* The ASCII character that a full-width one stands for; any other key as it is. */
int tui_key_fold(int key);

#endif
