/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_PANEL_H
#define SHEBAO_TUI_PANEL_H

#include "shebao/tui.h"

/* The box in the middle that all dialogs share, and its row of buttons. */
#define TUI_PANEL_BUTTONS_MAX 8

/* Columns that text in a panel may take at most on this canvas. */
int tui_panel_room(const struct tui_canvas *canvas);

/* Draws a centred box whose inside has lines and columns (made smaller if the canvas is);
 * returns its inside. */
struct tui_canvas *tui_panel_open(
    struct tui_canvas *canvas, int lines, int columns, struct text title);

struct tui_panel_buttons {
	const char *labels[TUI_PANEL_BUTTONS_MAX]; /* translated */
	size_t count;
	int focus;    /* -1: none of them has it */
	int disabled; /* index of one that cannot be pressed, -1: none */
};

/* Columns of the row; draws it centred on a line, the cursor on the focused one. */
int tui_panel_buttons_width(const struct tui_panel_buttons *buttons);
void tui_panel_buttons_draw(
    struct tui_canvas *panel, int line, const struct tui_panel_buttons *buttons);

/* Arrows, Tab and Shift-Tab; TUI_IGNORED for other keys. */
enum tui_code tui_panel_buttons_key(struct tui_panel_buttons *buttons, int key);

#endif
