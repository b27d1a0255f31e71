/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The box that all dialogs are drawn in. */
#include "tui_panel.h"

#include <stdio.h>

#define SIDE 3 /* border and two blanks */

int
tui_panel_room(const struct tui_canvas *canvas)
{
	int room = tui_canvas_columns(canvas) - 2 * SIDE - 4;

	return room > 72 ? 72 : room;
}

struct tui_canvas *
tui_panel_open(struct tui_canvas *canvas, int lines, int columns, struct text title)
{
	struct tui_box box = { 0, 0, lines + 2, columns + 2 * SIDE };
	int width = text_width(title.s) + 6;

	if (box.columns < width) {
		box.columns = width;
	}
	if (box.lines > tui_canvas_lines(canvas)) {
		box.lines = tui_canvas_lines(canvas);
	}
	if (box.columns > tui_canvas_columns(canvas) - 2) {
		box.columns = tui_canvas_columns(canvas) - 2;
	}
	box.line = (tui_canvas_lines(canvas) - box.lines) / 2;
	box.column = (tui_canvas_columns(canvas) - box.columns) / 2;
	tui_canvas_frame(canvas, box, title);
	box.line += 1;
	box.column += SIDE;
	box.lines -= 2;
	box.columns -= 2 * SIDE;
	return tui_canvas_part(canvas, box);
}

int
tui_panel_buttons_width(const struct tui_panel_buttons *buttons)
{
	int width = 0;
	size_t i;

	for (i = 0; i < buttons->count; i++) {
		width += text_width(buttons->labels[i]) + 4 + (i > 0 ? 2 : 0);
	}
	return width;
}

void
tui_panel_buttons_draw(
    struct tui_canvas *panel, int line, const struct tui_panel_buttons *buttons)
{
	int column = (tui_canvas_columns(panel) - tui_panel_buttons_width(buttons)) / 2;
	int is_ascii = tui_canvas_is_ascii(panel);
	size_t i;

	column = column > 0 ? column : 0;
	for (i = 0; i < buttons->count; i++) {
		enum tui_style style = TUI_STYLE_NORMAL;
		char label[128];

		if ((int)i == buttons->focus) {
			style = TUI_STYLE_FOCUS;
			tui_canvas_cursor(panel, line, column + 2);
		} else if ((int)i == buttons->disabled) {
			style = TUI_STYLE_DIM;
		}
		snprintf(label, sizeof(label), is_ascii ? "[ %s ]" : "【%s】",
		    buttons->labels[i]);
		column +=
		    tui_canvas_text(panel, line, column, style, text_cleaned(label)) + 2;
	}
}

enum tui_code
tui_panel_buttons_key(struct tui_panel_buttons *buttons, int key)
{
	int count = (int)buttons->count;

	/* The numeric keypad has no Tab: a digit goes to its button, Enter presses it. */
	if (key >= '1' && key < '1' + count) {
		buttons->focus = key - '1';
		return TUI_REDRAW;
	}
	switch (key) {
	case TUI_KEY_LEFT:
	case TUI_KEY_BACK_TAB:
	case TUI_KEY_UP:
		buttons->focus = (buttons->focus + count - 1) % count;
		return TUI_REDRAW;
	case TUI_KEY_RIGHT:
	case TUI_KEY_TAB:
	case TUI_KEY_DOWN:
		buttons->focus = (buttons->focus + 1) % count;
		return TUI_REDRAW;
	default:
		return TUI_IGNORED;
	}
}
