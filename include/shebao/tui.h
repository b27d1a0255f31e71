/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TUI_H
#define SHEBAO_TUI_H

#include "shebao/err.h"
#include "shebao/text.h"
#include "shebao/tui_action.h"
#include "shebao/tui_canvas.h"

#include <stdint.h>

/*
 * The terminal session. One a process. It knows the loop, the keyboard and a stack of views;
 * only it paints and waits. A view runs modally (tui_run) and returns a result, while the loop
 * goes on serving sockets and timers, so that a flow reads like numbered steps:
 *
 *	if (tui_dialog_confirm(tui, _("提示"), _("确认删除？")) == 1) ...
 *
 * Paint happens once all typed-ahead keys are used up, in one write(2), and only after a key
 * returned TUI_REDRAW or tui_redraw was called. An idle session sleeps in poll(2).
 */
struct loop;
struct tui; /* opaque */

/* What a run gives back when the user cancelled, or when all views are closed (hang-up). */
#define TUI_CANCELLED (-1)

enum tui_marker {
	TUI_MARKER_BAR,   /* the focused row is shown reversed */
	TUI_MARKER_GUTTER /* a mark before the row: a tenth of the bytes */
};

enum tui_color {
	TUI_COLOR_AUTO, /* NO_COLOR and the terminal decide */
	TUI_COLOR_NEVER
};

/* True when typed fits text: substring, code, initials, as the application understands it. */
typedef int tui_match_fn(const char *text, const char *typed);

struct tui_options {
	struct loop *loop;
	int ascii; /* borders and marks in ASCII only (also chosen by itself) */
	int ambiguous; /* columns of characters of ambiguous width; 0: the terminal is asked */
	enum tui_color color;
	enum tui_marker marker;
	int min_lines;   /* 0: 24 */
	int min_columns; /* 0: 80 */
	int escape_ms;   /* how long after Esc the rest of a sequence may come; 0: 30 */
	int64_t lock_ms; /* no key for so long calls on_lock, a little before on_lock_soon; 0: never */
	tui_match_fn *match; /* NULL: substring, without regard to case */
	/* The terminal is gone (SIGHUP, end of file, read error). Every run returns
	 * TUI_CANCELLED from then on; the callback journals and must not draw. */
	void (*on_hangup)(void *user);
	/* How long the way to the terminal and back takes, after the first few
	 * pictures and when the terminal has come back; never called where it does not answer. */
	void (*on_round_trip)(void *user, int64_t ms);
	/* Ctrl-L or nobody there: usually runs a view with TUI_VIEW_COVER. */
	void (*on_lock)(void *user);
	void (*on_lock_soon)(void *user, int seconds); /* may be NULL */
	void *user;
};

/* Takes over the terminal (standard input and output). ERR_LOCAL with words that say what to
 * do when there is no terminal or TERM is not known. Puts handlers on SIGWINCH and SIGHUP. */
int tui_new(const struct tui_options *options, struct tui **out, struct err *err)
    __attribute__((warn_unused_result));

/* Gives the terminal back as it was found. Accepts NULL. */
void tui_free(struct tui *tui);

/* Gives the terminal to another program for a while, cleared and in its own modes; nothing is
 * read, painted or locked until tui_resume, while the loop may be served. What came meanwhile
 * is thrown away, and keys are deaf for a moment: it may be the tail of a transfer. */
void tui_suspend(struct tui *tui);
void tui_resume(struct tui *tui);

struct loop *tui_loop(struct tui *tui);
tui_match_fn *tui_match(const struct tui *tui);
enum tui_marker tui_marker(const struct tui *tui);
void tui_set_marker(struct tui *tui, enum tui_marker marker);
/* Over a slow line what changes by itself is shown once a second. */
int tui_is_slow(const struct tui *tui);
void tui_set_slow(struct tui *tui, int is_slow);
int tui_is_ascii(const struct tui *tui);

/* Ask for a paint before the next sleep; for callbacks that changed something shown. */
void tui_redraw(struct tui *tui);

/* True when something was typed that is not yet used: long work for a key may be given up. */
int tui_is_key_waiting(const struct tui *tui);

/* Throw away what was typed ahead, and every key but Esc for ms milliseconds. */
void tui_deafen(struct tui *tui, int ms);

/* Text of the paste that TUI_KEY_PASTE announced: cleaned, line ends as spaces. Borrowed. */
const char *tui_pasted(const struct tui *tui);

void tui_beep(struct tui *tui);

/* ---- line 1, status line; texts are copied */

/* Right part of line 1: who is working for whom. The left part is the screen's title. */
void tui_set_title(struct tui *tui, struct text product, struct text owner);

/* Left part of the status line, as long as nothing else is set. Its parts are divided by two spaces;
 * those that do not fit are left out, from the last on. */
void tui_set_status(struct tui *tui, struct text status);

/* A word to the user in the status line until the next key, with a style of its own. */
void tui_notify(struct tui *tui, enum tui_style style, struct text message);

/* Actions that every screen has besides its own (menu by number, lock ...). Borrowed. */
void tui_set_actions(struct tui *tui, const struct tui_actions *actions);

/* Where the palette can go besides: no keys, no place in help and bar. Borrowed. */
void tui_set_places(struct tui *tui, const struct tui_actions *places);

/* ---- views */

/* What a widget or view can do. NULL functions do nothing. */
struct tui_view_class {
	void (*draw)(void *self, struct tui_canvas *canvas);
	enum tui_code (*key)(void *self, int key);
	/* True while characters are text being typed (no shortcuts, no folding). */
	int (*takes_text)(const void *self);
	/* Right part of the status line; borrowed until the next call. */
	struct text (*summary)(void *self);
	/* The rows that the function bar shows now; returns how many were put into rows. */
	size_t (*bar)(void *self, const struct tui_action **rows, size_t max);
	/* What the keys of this widget are called in the help; never run from there. */
	const struct tui_action *keys;
	size_t key_count;
	/* Whether those of them that stand in the bar do anything now. NULL: always. */
	int (*has_content)(const void *self);
};

struct tui_view {
	const struct tui_view_class *class;
	void *self;
};

enum tui_view_flags {
	TUI_VIEW_COVER = 1, /* nothing below it is painted, neither owner nor status */
	TUI_VIEW_DEAF = 2,  /* opens with tui_deafen(400) */
	TUI_VIEW_HOLD = 4   /* gets Esc only, which drops the other keys; they wait until it has closed */
};

/* Runs view on top of the others until it closes; returns what tui_set_result gave, or
 * TUI_CANCELLED. The view draws on everything between line 1 and the status line. */
int tui_run(struct tui *tui, struct tui_view view, unsigned flags);

/* The result of the view on top, to be set before it returns TUI_CLOSE. */
void tui_set_result(struct tui *tui, int result);

/* Ends the run of the view whose self this is, from a callback; 0 if it is not open. */
int tui_finish(struct tui *tui, const void *self, int result);

/* Ends every open run with TUI_CANCELLED, as a hang-up does. The session is usable again as
 * soon as the outermost tui_run has returned. */
void tui_close_all(struct tui *tui);
int tui_is_closing(const struct tui *tui);
int tui_is_hung_up(const struct tui *tui);

#endif
