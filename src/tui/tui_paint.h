/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_PAINT_H
#define SHEBAO_TUI_PAINT_H

#include "shebao/buf.h"

#include "tui_caps.h"
#include "tui_grid.h"

/*
 * The bytes that turn the picture shown into the next one. Our own instead of ncurses'
 * doupdate: ncurses 6.4 calls write(2) nearly once per cursor movement (170 times for a page),
 * each of which may become a packet, and it believes the locale about the width of characters
 * where terminals differ. Here the caller sends all bytes at once, and after every character
 * of doubtful width the cursor is put where the next one belongs.
 */
struct tui_paint {
	struct tui_caps caps;
	struct tui_grid shown; /* what the terminal shows */
	struct buf out;        /* bytes of the last tui_paint_make */
	int line, column;      /* of the terminal's cursor; line -1: not known */
	int style;             /* enum tui_style, as switched on now */
	int again;             /* column that is written again whether it changed or not; -1 */
};

void tui_paint_release(struct tui_paint *paint);

/* Fills paint->out. all: from an empty screen. */
void tui_paint_make(struct tui_paint *paint, const struct tui_grid *grid, int all);

#endif
