/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_FRAME_H
#define SHEBAO_TUI_FRAME_H

#include "tui_session.h"

/* Line 1, status line and function bar around the body. */
#define TUI_FRAME_LINES 3
#define TUI_FRAME_BAR_MAX 32 /* entries that a view may give for the function bar */

/* Paints the whole terminal: the frame and the views from the lowest visible one up, or what size
 * is needed where there is no room. */
void tui_frame_paint(struct tui *tui);

#endif
