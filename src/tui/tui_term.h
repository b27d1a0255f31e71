/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_TERM_H
#define SHEBAO_TUI_TERM_H

#include "shebao/err.h"

#include "tui_grid.h"
#include "tui_input.h"

/* The terminal: modes, size, and a picture in one write(2). */
struct tui_term; /* opaque */

/* ambiguous: columns of characters of ambiguous width; 0: the terminal is asked with the first
 * paint, and the answer comes among the keys. */
int tui_term_new(int never_color, int ascii, int ambiguous, struct tui_input *input,
    struct tui_term **out, struct err *err) __attribute__((warn_unused_result));

/* The answer: the column behind one such character in the first one. True: widths and glyphs are
 * others now, everything is to be painted again. */
int tui_term_reported(struct tui_term *term, int column);
void tui_term_free(struct tui_term *term);

/* Gives the terminal back for a while, cleared, and takes it again; the next paint must be a
 * repaint. */
void tui_term_leave(struct tui_term *term);
void tui_term_enter(struct tui_term *term);

/* Sizes the grid as the terminal is now. */
void tui_term_size(struct tui_term *term, struct tui_grid *grid);

/* Only what differs from the last paint travels, in one write(2). repaint: everything does.
 * ask: with the question of tui_line.h. */
void tui_term_paint(
    struct tui_term *term, const struct tui_grid *grid, int repaint, int ask);

struct tui_line *tui_term_line(struct tui_term *term);

void tui_term_beep(struct tui_term *term);
int tui_term_is_ascii(const struct tui_term *term);

#endif
