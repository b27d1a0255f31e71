/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line editor of fields, searches and filters. */
#include "tui_edit.h"

#include <string.h>

#include "shebao/text.h"

void
tui_edit_init(struct tui_edit *edit, char *text, size_t size)
{
	edit->text = text;
	edit->size = size;
	edit->cursor = strlen(text);
}

static int
width_at(const char *s)
{
	return text_char_width(text_next(&s));
}

/* Offset of the character before at, its combining marks included. */
static size_t
step_back(const char *text, size_t at)
{
	do {
		if (at == 0) {
			return 0;
		}
		at--;
		while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80) {
			at--;
		}
	} while (at > 0 && width_at(text + at) == 0);
	return at;
}

static size_t
step_on(const char *text, size_t at)
{
	const char *p = text + at;

	if (*p == '\0') {
		return at;
	}
	do {
		text_next(&p);
	} while (*p != '\0' && width_at(p) == 0);
	return (size_t)(p - text);
}

/* Removes from ... to and wipes what is behind the new end: it may be a password's. */
static void
cut(struct tui_edit *edit, size_t from, size_t to)
{
	size_t len = strlen(edit->text);

	memmove(edit->text + from, edit->text + to, len - to + 1);
	memset(edit->text + len - (to - from), 0, to - from);
	edit->cursor = from;
}

void
tui_edit_insert(struct tui_edit *edit, uint32_t c)
{
	char bytes[4];
	size_t n;
	size_t len = strlen(edit->text);

	if (edit->accept != NULL) {
		c = edit->accept(edit->user, c);
	}
	if (c == 0) {
		edit->is_refused = 1;
		return;
	}
	n = text_put(bytes, c);
	if (len + n + 1 > edit->size) {
		edit->is_full = 1;
		return;
	}
	memmove(edit->text + edit->cursor + n, edit->text + edit->cursor,
	    len - edit->cursor + 1);
	memcpy(edit->text + edit->cursor, bytes, n);
	edit->cursor += n;
	memset(bytes, 0, sizeof(bytes));
}

void
tui_edit_paste(struct tui_edit *edit, const char *text)
{
	const char *p = text;
	uint32_t c;

	while ((c = text_next(&p)) != 0) {
		tui_edit_insert(edit, c);
	}
}

void
tui_edit_clear(struct tui_edit *edit)
{
	memset(edit->text, 0, edit->size);
	edit->cursor = 0;
}

enum tui_code
tui_edit_key(struct tui_edit *edit, int key)
{
	edit->is_refused = 0;
	edit->is_full = 0;
	if (tui_key_is_text(key)) {
		tui_edit_insert(edit, (uint32_t)key);
		return TUI_REDRAW;
	}
	switch (key) {
	case TUI_KEY_BACKSPACE:
		cut(edit, step_back(edit->text, edit->cursor), edit->cursor);
		return TUI_REDRAW;
	case TUI_KEY_DELETE:
		cut(edit, edit->cursor, step_on(edit->text, edit->cursor));
		return TUI_REDRAW;
	case TUI_KEY_LEFT:
		edit->cursor = step_back(edit->text, edit->cursor);
		return TUI_REDRAW;
	case TUI_KEY_RIGHT:
		edit->cursor = step_on(edit->text, edit->cursor);
		return TUI_REDRAW;
	case TUI_KEY_HOME:
	case TUI_KEY_CTRL('A'):
		edit->cursor = 0;
		return TUI_REDRAW;
	case TUI_KEY_END:
	case TUI_KEY_CTRL('E'):
		edit->cursor = strlen(edit->text);
		return TUI_REDRAW;
	case TUI_KEY_CTRL('U'):
		tui_edit_clear(edit);
		return TUI_REDRAW;
	default:
		return TUI_IGNORED;
	}
}

static int
width_between(const char *text, size_t from, size_t to)
{
	const char *p = text + from;
	int width = 0;

	while (p < text + to) {
		width += text_char_width(text_next(&p));
	}
	return width;
}

size_t
tui_edit_window(const struct tui_edit *edit, int columns, int *cursor_column)
{
	size_t start = 0;
	int width = width_between(edit->text, 0, edit->cursor);

	/* The cursor needs a column, or two where it stands on a hanzi. */
	while (width + 2 > columns && start < edit->cursor) {
		size_t next = step_on(edit->text, start);

		width -= width_between(edit->text, start, next);
		start = next;
	}
	*cursor_column = width;
	return start;
}

size_t
tui_edit_length(const char *text)
{
	size_t n = 0;
	uint32_t c;

	while ((c = text_next(&text)) != 0) {
		n += text_char_width(c) > 0 ? 1u : 0u;
	}
	return n;
}
