/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_SESSION_H
#define SHEBAO_TUI_SESSION_H

#include "shebao/tui.h"

#include "tui_grid.h"
#include "tui_input.h"
#include "tui_term.h"

struct tui_screen;

/* A view that is open; lives on the stack of its tui_run. */
struct tui_open {
	struct tui_view view;
	unsigned flags;
	int done;
	int result;
	const struct tui_screen *screen; /* NULL: a dialog */
	struct tui_open *below;
};

struct tui {
	struct tui_options options;
	struct tui_term *term;
	struct tui_input input;
	struct tui_grid grid;
	struct tui_open *top;
	int is_dirty;
	uint64_t changes; /* how often it was set */
	int needs_repaint;
	int is_closing;
	int is_hung_up;
	int is_too_small;
	int is_locking;
	int is_helping; /* help or the palette is open: no second one above it */
	int is_at_menu; /* the same of the menu */
	int is_suspended; /* the terminal is somebody else's */
	int is_slow;
	int has_dot; /* `.` was pressed: a digit makes it a function key */
	int escape_timer;
	int lock_timer;
	int64_t last_key_ms;
	int64_t deaf_until_ms;
	int64_t unpainted_ms; /* since when typed-ahead keys put off the paint; 0: not */
	char pasted[TUI_INPUT_PASTE_MAX + 1];
	char product[128];
	char owner[256];
	char status[256];
	char notice[512];
	enum tui_style notice_style;
	struct tui_actions actions; /* common to all screens */
	struct tui_actions places;  /* the palette's */
};

/* A key that the dialog on top does not know: help and menu are to be had from there as well, each
 * once, so that a few Esc lead back from any depth; unless a lock covers all. */
enum tui_code tui_screen_from_dialog(struct tui *tui, int key);

/* The picture is no longer true. */
void tui_session_change(struct tui *tui);

/* tui_run for a screen, which gives line 1 its title. */
int tui_session_run(struct tui *tui, struct tui_open *open);

#endif
