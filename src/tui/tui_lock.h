/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_LOCK_H
#define SHEBAO_TUI_LOCK_H

#include "tui_session.h"

/* Calls on_lock unless it is running, and paints all anew after it. */
void tui_lock_now(struct tui *tui);

/* Begins to watch the pause since the last key; options.lock_ms is not 0. */
void tui_lock_start(struct tui *tui);

#endif
