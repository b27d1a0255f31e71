/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_EDIT_H
#define SHEBAO_TUI_EDIT_H

#include <stddef.h>
#include <stdint.h>

#include "shebao/tui_action.h"

/*
 * Editing one line of UTF-8 in a buffer of the caller's, character by character (a combining
 * mark goes with its character). Pure. Nothing is ever copied elsewhere, so the buffer may be
 * locked memory.
 */
struct tui_edit {
	char *text;
	size_t size;   /* of the buffer, with the NUL */
	size_t cursor; /* byte offset, at a character */
	/* What may be typed: the character to insert instead (itself, folded, a capital), 0 to
	 * refuse. NULL: everything. */
	uint32_t (*accept)(void *user, uint32_t c);
	void *user;
	int is_refused; /* the last key typed something that may not be */
	int is_full;    /* the last key found no room */
};

/* Cursor at the end. */
void tui_edit_init(struct tui_edit *edit, char *text, size_t size);

/* Characters, Backspace, Delete, arrows, Home, End, Ctrl-A, Ctrl-E, Ctrl-U. */
enum tui_code tui_edit_key(struct tui_edit *edit, int key);

void tui_edit_insert(struct tui_edit *edit, uint32_t c);
void tui_edit_paste(struct tui_edit *edit, const char *text);
void tui_edit_clear(struct tui_edit *edit);

/* Where to begin to draw so that the cursor is seen in columns: byte offset; *cursor_column
 * gets the cursor's place in the window. */
size_t tui_edit_window(const struct tui_edit *edit, int columns, int *cursor_column);

/* Characters of text (without combining marks). */
size_t tui_edit_length(const char *text);

#endif
