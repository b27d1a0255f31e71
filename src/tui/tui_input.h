/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_INPUT_H
#define SHEBAO_TUI_INPUT_H

#include "shebao/buf.h"
#include "shebao/tui_key.h"

/*
 * Bytes of the keyboard become keys. Pure: bytes are fed, keys are taken. Understood are the
 * sequences of xterm, PuTTY (ESC[11~ too), the Linux console, VT220, rxvt, screen and tmux,
 * keypad in application mode, bracketed paste, and those that tui_input_define adds from
 * terminfo. ESC and a digit together are a function key; ESC and anything else that is no
 * sequence are two keys.
 *
 * An ESC alone may be the beginning of a sequence: tui_input_next says nothing until
 * tui_input_expire tells that nothing more came.
 */
#define TUI_INPUT_DEFINED_MAX 64
#define TUI_INPUT_PASTE_MAX 65536
#define TUI_INPUT_KEPT_MAX 64

struct tui_input {
	struct buf bytes;
	size_t used;    /* bytes in front that were taken */
	int is_expired; /* what is there is all there is */
	int is_pasting;
	/* The terminal was asked where its cursor is, in line 2 (a modified F3 answers for line 1). */
	int awaits_report;
	int reported_column; /* from 1; 0: no answer yet */
	struct buf paste; /* raw bytes of a paste under way or just complete */
	struct {
		char bytes[16];
		int key;
	} defined[TUI_INPUT_DEFINED_MAX];
	size_t defined_count;
	int kept[TUI_INPUT_KEPT_MAX]; /* keys for later, first first */
	size_t kept_count;
	int has_presence; /* the terminal answered that it is there (tui_line.h); never a key */
	int hold_mode;    /* what it answered about mode 2026; 0: nothing */
};

void tui_input_release(struct tui_input *in);

/* A sequence of this terminal's. Longer than 15 bytes, single characters and full tables are
 * ignored. */
void tui_input_define(struct tui_input *in, const char *sequence, int key);

void tui_input_feed(struct tui_input *in, const char *bytes, size_t n);

/* The next key, or TUI_KEY_NONE when there is none (yet). For TUI_KEY_PASTE the text is in
 * paste until the next call. */
int tui_input_next(struct tui_input *in);

/* True when something is there that may be the beginning of more. */
int tui_input_is_partial(const struct tui_input *in);
void tui_input_expire(struct tui_input *in);

/* Keys that nobody wants yet: kept for later (pastes and what is too much are dropped), and taken
 * back, TUI_KEY_NONE when there is none. */
void tui_input_keep(struct tui_input *in, int key);
int tui_input_kept(struct tui_input *in);
void tui_input_forget(struct tui_input *in);

/* Forgets everything that was typed ahead. */
void tui_input_flush(struct tui_input *in);

#endif
