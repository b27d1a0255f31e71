/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panel that waits with seconds running down. */
#include "tui_panel.h"

#include <stdio.h>

#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/tui_dialog.h"

struct countdown {
	struct tui *tui;
	const struct tui_countdown *spec;
	struct tui_panel_buttons buttons;
	int64_t end_ms;
	int left;
	int timer;
	int done_timer;
};

static const struct tui_action countdown_keys[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("按下"), .help = N_("按下光标所在的按钮") },
	{ .key = TUI_KEY_TAB, .label = N_("换按钮"), .help = N_("移到下一个按钮；数字 1、2、3 移到该按钮") },
	{ .key = TUI_KEY_ESC, .label = N_("关闭"), .help = N_("不再等待，后台继续") },
};

/* Over a line the digits alone run: a bar that shrinks is three times their bytes. */
static void
draw_left(const struct countdown *w, struct tui_canvas *panel, int line, int columns)
{
	int is_lean = tui_marker(w->tui) == TUI_MARKER_GUTTER;
	struct tui_span span = { line, 0, 0 };
	char seconds[64];

	snprintf(seconds, sizeof(seconds), _("剩余 %2d 秒"), w->left);
	span.columns = text_width(seconds);
	tui_canvas_put(panel, span, is_lean ? TUI_STYLE_NORMAL : TUI_STYLE_STRONG, TUI_ALIGN_LEFT,
	    text_cleaned(seconds));
	if (is_lean) {
		return;
	}
	span.column = span.columns + 2;
	span.columns = columns - span.column;
	tui_canvas_rule(panel, span, TUI_STYLE_DIM);
	span.columns = w->spec->seconds > 0 ? span.columns * w->left / w->spec->seconds : 0;
	tui_canvas_put(panel, span, TUI_STYLE_FOCUS, TUI_ALIGN_LEFT, text_literal(" "));
}

static void
draw(void *self, struct tui_canvas *canvas)
{
	struct countdown *w = self;
	int room = tui_panel_room(canvas);
	int columns = tui_canvas_wrap_width(w->spec->text, room);
	struct tui_box box = { 1, 0, 0, 0 };
	struct tui_canvas *panel;

	columns = columns > 44 ? columns : 44;
	columns = columns < room ? columns : room;
	box.columns = columns;
	box.lines = tui_canvas_wrap_lines(w->spec->text, columns);
	panel =
	    tui_panel_open(canvas, box.lines + 5, columns, text_cleaned(w->spec->title));
	tui_canvas_wrap(panel, box, TUI_STYLE_NORMAL, w->spec->text);
	draw_left(w, panel, box.lines + 2, columns);
	tui_panel_buttons_draw(panel, tui_canvas_lines(panel) - 1, &w->buttons);
}

static enum tui_code
press(struct countdown *w, int button)
{
	if (w->spec->on_button != NULL && w->spec->on_button(w->spec->user, button)) {
		return TUI_REDRAW;
	}
	tui_set_result(w->tui, button);
	return TUI_CLOSE;
}

static enum tui_code
key(void *self, int key)
{
	struct countdown *w = self;

	if (key == TUI_KEY_ESC) {
		return press(w, (int)w->buttons.count - 1);
	}
	if (key == TUI_KEY_ENTER || key == TUI_KEY_SPACE) {
		return press(w, w->buttons.focus);
	}
	return tui_panel_buttons_key(&w->buttons, key);
}

static size_t
bar(void *self, const struct tui_action **rows, size_t max)
{
	(void)self;
	return tui_action_put(countdown_keys, ARRAY_LEN(countdown_keys), rows, max);
}

static const struct tui_view_class class = { .draw = draw, .key = key, .bar = bar };

/* Once a second, on the second: the time left is measured, not counted. */
static void
on_second(void *user)
{
	struct countdown *w = user;
	int64_t left_ms = w->end_ms - loop_now_ms();

	w->timer = 0;
	w->left = left_ms > 0 ? (int)((left_ms + 500) / 1000) : 0;
	tui_redraw(w->tui);
	if ((w->spec->done != NULL && *w->spec->done) ||
	    (w->spec->on_second != NULL && w->spec->on_second(w->spec->user, w->left))) {
		tui_finish(w->tui, w, TUI_COUNTDOWN_DONE);
		return;
	}
	if (w->left <= 0) {
		tui_finish(w->tui, w, TUI_COUNTDOWN_OVER);
		return;
	}
	left_ms = w->end_ms - loop_now_ms();
	w->timer = loop_timer(
	    tui_loop(w->tui), left_ms - (int64_t)(w->left - 1) * 1000, on_second, w);
}

/* *done is set by callbacks that do not know this panel: looked at ten times a second while
 * the panel is open, which is seconds. */
static void
on_look(void *user)
{
	struct countdown *w = user;

	w->done_timer = 0;
	if (*w->spec->done) {
		tui_finish(w->tui, w, TUI_COUNTDOWN_DONE);
		return;
	}
	w->done_timer = loop_timer(tui_loop(w->tui), 100, on_look, w);
}

int
tui_dialog_countdown(struct tui *tui, const struct tui_countdown *spec)
{
	struct countdown w = { .tui = tui, .spec = spec, .left = spec->seconds };
	struct tui_view view = { &class, &w };
	int result;
	size_t i;

	for (i = 0; i < spec->button_count && i < TUI_PANEL_BUTTONS_MAX; i++) {
		w.buttons.labels[i] = spec->buttons[i];
	}
	w.buttons.count = i;
	w.buttons.disabled = -1;
	if (spec->done != NULL && *spec->done) {
		return TUI_COUNTDOWN_DONE;
	}
	w.end_ms = loop_now_ms() + (int64_t)spec->seconds * 1000;
	w.timer = loop_timer(tui_loop(tui), 1000, on_second, &w);
	if (spec->done != NULL) {
		w.done_timer = loop_timer(tui_loop(tui), 100, on_look, &w);
	}
	result = tui_run(tui, view, 0);
	loop_timer_cancel(tui_loop(tui), w.timer);
	loop_timer_cancel(tui_loop(tui), w.done_timer);
	return result;
}
