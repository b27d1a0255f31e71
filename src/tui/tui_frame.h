/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_FRAME_H
#define SHEBAO_TUI_FRAME_H

#include "tui_session.h"

/* Line 1, status line and function bar around the body. */
#define TUI_FRAME_LINES 3

void tui_frame_draw(struct tui *tui, struct tui_canvas *whole);

/* Says what size is needed. */
void tui_frame_draw_too_small(const struct tui *tui, struct tui_canvas *whole);

#endif
