/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_LINE_H
#define SHEBAO_TUI_LINE_H

#include <stdint.h>

#include "shebao/buf.h"

#include "tui_input.h"

/*
 * The line between this program and the terminal, measured by a question that terminals answer by
 * themselves (DSR 5: "are you there"). The answer, ESC [ 0 n, is none that a key sends, unlike a
 * cursor report, which xterm also sends for Shift-F3. Along with it goes the question whether the
 * terminal can take a picture as a whole (mode 2026); terminals that may not know such questions
 * are not asked. A busy machine answers late now and then, so the shortest of a few round trips is
 * taken. Pure: the caller sends the bytes, feeds the input and has the clock.
 */
struct tui_line {
	int64_t asked_ms;      /* 0: no answer is awaited */
	int64_t round_trip_ms; /* the shortest; -1: not known */
	int answers;           /* that have come */
	int knows_modes;       /* the terminal's type: it may be asked for its modes */
	int can_hold;          /* it shows a picture when it has come as a whole */
};

/* type: TERM. */
void tui_line_init(struct tui_line *line, const char *type);

/* Bytes of the question; at now it is sent. */
void tui_line_ask(struct tui_line *line, struct buf *out, int64_t now);

/* 1 while more answers are wanted and none is awaited. */
int tui_line_wants_answer(const struct tui_line *line);

/* Takes the answers that have come; 1 when the last one wanted was among them. */
int tui_line_take(struct tui_line *line, struct tui_input *input, int64_t now);

/* What stands before and behind the bytes of a picture of this size; "" for short ones. */
const char *tui_line_hold(const struct tui_line *line, size_t size);
const char *tui_line_show(const struct tui_line *line, size_t size);

#endif
