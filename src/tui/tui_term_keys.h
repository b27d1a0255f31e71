/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_TERM_KEYS_H
#define SHEBAO_TUI_TERM_KEYS_H

#include "tui_input.h"

/* Tells input the key sequences that terminfo has for this terminal (after newterm). */
void tui_term_keys_define(struct tui_input *input);

#endif
