/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_CAPS_H
#define SHEBAO_TUI_CAPS_H

#include "shebao/buf.h"
#include "shebao/err.h"
#include "shebao/tui_canvas.h"

#include "tui_input.h"

/*
 * What terminfo says about this terminal, as bytes to send. A file of its own because term.h
 * makes macros of `lines` and `columns`.
 */
struct tui_caps {
	char plain[32];                   /* all attributes and colours off */
	char styles[TUI_STYLE_COUNT][96]; /* from plain to a style */
	char clear[32];
	char erase_line[16];       /* to the end of the line; "" if there is none */
	char enter[64], leave[64]; /* the alternate screen; "" */
	char beep[8];
	int is_loaded;
	char report[8]; /* asks where the cursor is; "": it cannot tell */
	int can_scroll; /* a region's lines, up and down */
};

/* Loads the description of `type`, of the family that its name says, or of xterm. ERR_LOCAL
 * with words that say what to do when there is none of them. */
int tui_caps_load(const char *type, int never_color, struct tui_caps *caps,
    struct err *err) __attribute__((warn_unused_result));

/* Forgets the description; accepts what was never loaded. */
void tui_caps_unload(struct tui_caps *caps);

/* Tells input the key sequences of this terminal. */
void tui_caps_define_keys(struct tui_input *input);

/* Appends the bytes that move the cursor, and that scroll lines first ... last by one. */
void tui_caps_move(struct buf *out, int line, int column);
void tui_caps_scroll(struct buf *out, int first, int last, int is_up, int height);

#endif
