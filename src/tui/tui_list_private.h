/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_LIST_PRIVATE_H
#define SHEBAO_TUI_LIST_PRIVATE_H

#include "shebao/tui_list.h"

/* tui_list_choose with a first key typed already (it opened the list); TUI_KEY_NONE: none. */
int tui_list_choose_by(struct tui *tui, const char *title,
    const struct tui_choices *choices, int initial, int first_key);

#endif
