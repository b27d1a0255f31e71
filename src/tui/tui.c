/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session: keys in, views, one paint out. */
#include "shebao/tui.h"

#include "tui_frame.h"
#include "tui_line.h"
#include "tui_lock.h"
#include "tui_session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/recode.h"
#include "shebao/tui_list.h"

#define PAINT_AT_LEAST_MS 50 /* also while keys keep coming */
#define DEAF_MS 400
#define ANSWER_PATIENCE_MS 5000
#define ANSWER_ESCAPE_MS 300 /* an Esc may be the head of the terminal's answer */

static struct loop *signal_loop;
static volatile sig_atomic_t saw_resize, saw_return, saw_hangup;

static void
on_signal(int number)
{
	int kept = errno;

	if (number == SIGWINCH) {
		saw_resize = 1;
	} else if (number == SIGCONT) {
		saw_return = 1;
	} else {
		saw_hangup = 1;
	}
	if (signal_loop != NULL) {
		loop_wake(signal_loop);
	}
	errno = kept;
}

void
tui_session_change(struct tui *tui)
{
	tui->is_dirty = 1;
	tui->changes++;
}

static void
close_all(struct tui *tui)
{
	struct tui_open *open;

	tui->is_closing = tui->top != NULL || tui->is_hung_up;
	for (open = tui->top; open != NULL; open = open->below) {
		open->done = 1;
		open->result = TUI_CANCELLED;
	}
	loop_wake(tui->options.loop);
}

static void
hang_up(struct tui *tui)
{
	if (tui->is_hung_up) {
		return;
	}
	tui->is_hung_up = 1;
	/* A descriptor at its end is always readable: watching on would spin. */
	loop_watch(tui->options.loop, STDIN_FILENO, 0, NULL, NULL);
	tui_input_flush(&tui->input);
	close_all(tui);
	if (tui->options.on_hangup != NULL) {
		tui->options.on_hangup(tui->options.user);
	}
}

static int
takes_text(const struct tui_open *open)
{
	return open->view.class->takes_text != NULL &&
	    open->view.class->takes_text(open->view.self);
}

/* `.` and a digit are a function key where no text is typed. The key to go on with, or none. */
static int
translate(struct tui *tui, int key, int is_text)
{
	int had_dot = tui->has_dot;

	tui->has_dot = 0;
	if (key == TUI_KEY_CTRL('C') || key == TUI_KEY_F12) {
		return TUI_KEY_ESC;
	}
	if (is_text) {
		return key;
	}
	key = tui_key_fold(key);
	if (had_dot && key >= '0' && key <= '9') {
		return key == '0' ? TUI_KEY_F10 : TUI_KEY_F1 + (key - '1');
	}
	if (key == '.') {
		tui->has_dot = 1;
		return TUI_KEY_NONE;
	}
	return key == 'q' ? TUI_KEY_ESC : key;
}

/* What was pasted may be a password: it is wiped. */
static void
take_pasted(struct tui *tui)
{
	struct buf *paste = &tui->input.paste;
	char *text = recode_input(buf_text(paste), paste->len);

	text_clean_copy(tui->pasted, sizeof(tui->pasted), text, strlen(text));
	memset(text, 0, strlen(text));
	free(text);
	buf_clear(paste);
}

static void
dispatch(struct tui *tui, int key)
{
	struct tui_open *open = tui->top;
	enum tui_code code;

	tui->last_key_ms = loop_now_ms();
	if (tui->is_too_small ||
	    (tui->last_key_ms < tui->deaf_until_ms && key != TUI_KEY_ESC)) {
		return;
	}
	key = translate(tui, key, takes_text(open));
	if (key == TUI_KEY_NONE) {
		return;
	}
	if (tui->notice[0] != '\0' && !tui->is_locking) {
		tui->notice[0] = '\0';
		tui_session_change(tui);
	}
	if (key == TUI_KEY_PASTE) {
		take_pasted(tui);
	}
	if (key == TUI_KEY_CTRL('L')) {
		tui->needs_repaint = 1;
		tui_session_change(tui);
		tui_lock_now(tui);
		return;
	}
	code = open->view.class->key != NULL ? open->view.class->key(open->view.self, key)
					     : TUI_IGNORED;
	if (code == TUI_IGNORED && open->screen == NULL) {
		code = tui_screen_from_dialog(tui, key);
	}
	if (code == TUI_CLOSE) {
		open->done = 1;
	}
	if (code == TUI_REDRAW) {
		tui_session_change(tui);
	}
	/* What was pasted may be a password. */
	if (key == TUI_KEY_PASTE) {
		memset(tui->pasted, 0, strlen(tui->pasted));
	}
}

static void
on_escape_over(void *user)
{
	struct tui *tui = user;

	tui->escape_timer = 0;
	tui_input_expire(&tui->input);
}

/* The next key that the view on top is to get. */
static int
next_key(struct tui *tui)
{
	int is_holding = (tui->top->flags & TUI_VIEW_HOLD) != 0 && !tui->is_locking;
	int key = is_holding ? TUI_KEY_NONE : tui_input_kept(&tui->input);

	while (key == TUI_KEY_NONE) {
		key = tui_input_next(&tui->input);
		if (!is_holding || key == TUI_KEY_NONE || key == TUI_KEY_CTRL('L')) {
			break;
		}
		/* Who gives up does not want what was typed for the case that it goes well. */
		if (key == TUI_KEY_ESC || key == TUI_KEY_F12 || key == TUI_KEY_CTRL('C')) {
			tui_input_forget(&tui->input);
			break;
		}
		tui_input_keep(&tui->input, key);
		key = TUI_KEY_NONE;
	}
	return key;
}

/* What the terminal has told: how long its line is, how wide its ambiguous characters are. */
static void
take_answer(struct tui *tui)
{
	struct tui_line *line = tui_term_line(tui->term);
	int column = tui->input.reported_column;

	if (tui_line_take(line, &tui->input, loop_now_ms()) && tui->options.on_round_trip != NULL) {
		tui->options.on_round_trip(tui->options.user, line->round_trip_ms);
	}
	tui->input.reported_column = 0;
	if (column > 0 && tui_term_reported(tui->term, column)) {
		tui->needs_repaint = 1;
		tui_session_change(tui);
	}
}

/* Uses up the keys that are there, until a view has closed. */
static void
pump(struct tui *tui)
{
	while (tui->top != NULL && !tui->top->done) {
		int key = next_key(tui);

		if (key == TUI_KEY_NONE) {
			break;
		}
		dispatch(tui, key);
	}
	take_answer(tui);
	if (tui_input_is_partial(&tui->input) && tui->escape_timer == 0 &&
	    tui->top != NULL && !tui->top->done) {
		int is_asked = tui_term_line(tui->term)->asked_ms > loop_now_ms() - ANSWER_PATIENCE_MS;

		tui->escape_timer = loop_timer(tui->options.loop,
		    is_asked ? ANSWER_ESCAPE_MS : tui->options.escape_ms, on_escape_over, tui);
	}
}

static int
input_is_waiting(void)
{
	struct pollfd fd = { STDIN_FILENO, POLLIN, 0 };

	return poll(&fd, 1, 0) > 0;
}

/* Before each sleep: keys that a nested run left, then the picture. */
static void
on_idle(void *user)
{
	struct tui *tui = user;

	if (tui->is_hung_up || tui->is_suspended || tui->top == NULL) {
		return;
	}
	pump(tui);
	if (tui->top->done) {
		loop_wake(tui->options.loop); /* do not sleep: a run has ended */
		return;
	}
	if (!tui->is_dirty) {
		return;
	}
	if (input_is_waiting()) {
		int64_t now = loop_now_ms();

		if (tui->unpainted_ms == 0) {
			tui->unpainted_ms = now;
		}
		if (now - tui->unpainted_ms < PAINT_AT_LEAST_MS) {
			return;
		}
	}
	tui_frame_paint(tui);
}

static void
on_readable(int fd, int events, void *user)
{
	struct tui *tui = user;
	char bytes[4096];
	ssize_t n;

	(void)events;
	/* A nested run may have read already what this call was about. */
	if (!input_is_waiting()) {
		return;
	}
	n = read(fd, bytes, sizeof(bytes));
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
		hang_up(tui);
		return;
	}
	if (n > 0) {
		loop_timer_cancel(tui->options.loop, tui->escape_timer);
		tui->escape_timer = 0;
		tui_input_feed(&tui->input, bytes, (size_t)n);
		memset(bytes, 0, (size_t)n);
		pump(tui);
	}
}

static void
on_wake(void *user)
{
	struct tui *tui = user;

	if (saw_return && !tui->is_suspended) {
		/* Whoever stopped the program has used the terminal since. */
		saw_return = 0;
		tui_term_enter(tui->term);
		tui->needs_repaint = 1;
		saw_resize = 1;
	}
	if (saw_resize) {
		saw_resize = 0;
		tui_session_change(tui);
	}
	if (saw_hangup) {
		hang_up(tui);
	}
}

static void
watch_signals(struct loop *loop)
{
	const int numbers[] = { SIGWINCH, SIGHUP, SIGTERM, SIGINT, SIGCONT };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	size_t i;

	signal_loop = loop;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < ARRAY_LEN(numbers); i++) {
		sigaction(numbers[i], &action, NULL);
	}
	/* Ctrl-Z comes as a key; stopped by a signal the terminal would be left as it is. */
	signal(SIGTSTP, SIG_IGN);
}

int
tui_new(const struct tui_options *options, struct tui **out, struct err *err)
{
	struct tui *tui = mem_alloc(sizeof(*tui));
	const char *no_color = getenv("NO_COLOR");
	int never = options->color == TUI_COLOR_NEVER ||
	    (no_color != NULL && no_color[0] != '\0');

	tui->options = *options;
	tui->options.min_lines = options->min_lines > 0 ? options->min_lines : 24;
	tui->options.min_columns = options->min_columns > 0 ? options->min_columns : 80;
	tui->options.escape_ms = options->escape_ms > 0 ? options->escape_ms : 30;
	if (tui->options.match == NULL) {
		tui->options.match = tui_list_match;
	}
	if (tui_term_new(never, options->ascii, options->ambiguous, &tui->input, &tui->term, err) != 0) {
		free(tui);
		return -1;
	}
	watch_signals(options->loop);
	loop_on_wake(options->loop, on_wake, tui);
	loop_on_idle(options->loop, on_idle, tui);
	loop_watch(options->loop, STDIN_FILENO, LOOP_READ, on_readable, tui);
	tui->last_key_ms = loop_now_ms();
	if (options->lock_ms > 0) {
		tui_lock_start(tui);
	}
	*out = tui;
	return 0;
}

void
tui_free(struct tui *tui)
{
	struct loop *loop;

	if (tui == NULL) {
		return;
	}
	loop = tui->options.loop;
	loop_watch(loop, STDIN_FILENO, 0, NULL, NULL);
	loop_on_idle(loop, NULL, NULL);
	loop_on_wake(loop, NULL, NULL);
	loop_timer_cancel(loop, tui->escape_timer);
	loop_timer_cancel(loop, tui->lock_timer);
	signal_loop = NULL;
	tui_term_free(tui->term);
	tui_input_release(&tui->input);
	tui_grid_release(&tui->grid);
	free(tui);
}

void
tui_suspend(struct tui *tui)
{
	tui->is_suspended = 1;
	loop_watch(tui->options.loop, STDIN_FILENO, 0, NULL, NULL);
	tui_input_flush(&tui->input);
	tui_term_leave(tui->term);
}

void
tui_resume(struct tui *tui)
{
	tui->is_suspended = 0;
	if (tui->is_hung_up) {
		return;
	}
	tui_term_enter(tui->term);
	tui_deafen(tui, DEAF_MS);
	tui->last_key_ms = loop_now_ms();
	tui->needs_repaint = 1;
	tui_session_change(tui);
	loop_watch(tui->options.loop, STDIN_FILENO, LOOP_READ, on_readable, tui);
}

struct loop *
tui_loop(struct tui *tui)
{
	return tui->options.loop;
}

tui_match_fn *
tui_match(const struct tui *tui)
{
	return tui->options.match;
}

enum tui_marker
tui_marker(const struct tui *tui)
{
	return tui->options.marker;
}

void
tui_set_marker(struct tui *tui, enum tui_marker marker)
{
	tui->options.marker = marker;
	tui_session_change(tui);
}

int
tui_is_slow(const struct tui *tui)
{
	return tui->is_slow;
}

void
tui_set_slow(struct tui *tui, int is_slow)
{
	tui->is_slow = is_slow;
}

int
tui_is_ascii(const struct tui *tui)
{
	return tui_term_is_ascii(tui->term);
}

void
tui_redraw(struct tui *tui)
{
	tui_session_change(tui);
}

void
tui_deafen(struct tui *tui, int ms)
{
	tcflush(STDIN_FILENO, TCIFLUSH);
	tui_input_flush(&tui->input);
	tui->deaf_until_ms = loop_now_ms() + ms;
}

int
tui_is_key_waiting(const struct tui *tui)
{
	return tui->input.used < tui->input.bytes.len || input_is_waiting();
}

const char *
tui_pasted(const struct tui *tui)
{
	return tui->pasted;
}

void
tui_beep(struct tui *tui)
{
	tui_term_beep(tui->term);
}

void
tui_set_actions(struct tui *tui, const struct tui_actions *actions)
{
	tui->actions = actions != NULL ? *actions : (struct tui_actions){ 0 };
}

void
tui_set_places(struct tui *tui, const struct tui_actions *places)
{
	tui->places = *places;
}

int
tui_session_run(struct tui *tui, struct tui_open *open)
{
	if (tui->is_closing) {
		return TUI_CANCELLED;
	}
	open->done = 0;
	open->result = TUI_CANCELLED;
	open->below = tui->top;
	tui->top = open;
	tui_session_change(tui);
	tui->has_dot = 0;
	if ((open->flags & TUI_VIEW_DEAF) != 0) {
		tui_deafen(tui, DEAF_MS);
	}
	loop_run_until(tui->options.loop, &open->done);
	tui->top = open->below;
	tui_session_change(tui);
	if (tui->top == NULL && !tui->is_hung_up) {
		tui->is_closing = 0;
	}
	return open->result;
}

int
tui_run(struct tui *tui, struct tui_view view, unsigned flags)
{
	struct tui_open open = { .view = view, .flags = flags };

	return tui_session_run(tui, &open);
}

void
tui_set_result(struct tui *tui, int result)
{
	if (tui->top != NULL && !tui->is_closing) {
		tui->top->result = result;
	}
}

int
tui_finish(struct tui *tui, const void *self, int result)
{
	struct tui_open *found = tui->top;
	struct tui_open *open;

	while (found != NULL && found->view.self != self) {
		found = found->below;
	}
	if (found == NULL || found->done) {
		return 0;
	}
	for (open = tui->top; open != found; open = open->below) {
		open->done = 1;
	}
	found->done = 1;
	found->result = result;
	loop_wake(tui->options.loop);
	return 1;
}

void
tui_close_all(struct tui *tui)
{
	close_all(tui);
}

int
tui_is_closing(const struct tui *tui)
{
	return tui->is_closing;
}

int
tui_is_hung_up(const struct tui *tui)
{
	return tui->is_hung_up;
}
