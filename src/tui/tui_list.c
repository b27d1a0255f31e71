/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing one of a few or of many, by arrows, by digit or by typing. */
#include "shebao/tui_list.h"

#include "tui_edit.h"
#include "tui_list_private.h"
#include "tui_panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define BY_DIGIT_MAX 9

struct list {
	struct tui *tui;
	const char *title;
	const struct tui_choices *choices;
	size_t *shown; /* indices that fit what was typed */
	size_t shown_count;
	size_t total;
	size_t focus; /* among shown */
	size_t top;
	int page; /* lines as last drawn */
	int was_drawn;
	int columns; /* of the widest choice */
	int is_numbered;
	struct tui_edit edit;
	char typed[64];
};

static const struct tui_action list_keys[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("选定"), .help = N_("选定光标所在的一项") },
	{ .key = TUI_KEY_DOWN,
	    .label = N_("移动"),
	    .help = N_("上下移动；直接输入文字可筛选") },
	{ .key = TUI_KEY_ESC, .label = N_("取消"), .help = N_("不选，返回") },
};

size_t
tui_list_array_count(void *array)
{
	const char *const *labels = array;
	size_t n = 0;

	while (labels[n] != NULL) {
		n++;
	}
	return n;
}

struct text
tui_list_array_label(void *array, size_t index)
{
	const char *const *labels = array;

	return text_literal(_(labels[index]));
}

static struct text
note_of(const struct list *l, size_t index)
{
	struct text none = { "" };

	return l->choices->note != NULL ? l->choices->note(l->choices->user, index)
					: none;
}

static int
fits(const struct list *l, size_t index)
{
	tui_match_fn *match = tui_match(l->tui);

	return match(l->choices->label(l->choices->user, index).s, l->typed) ||
	    (l->choices->note != NULL && match(note_of(l, index).s, l->typed));
}

static void
filter(struct list *l)
{
	size_t i;

	l->shown_count = 0;
	for (i = 0; i < l->total; i++) {
		if (l->typed[0] == '\0' || fits(l, i)) {
			l->shown[l->shown_count++] = i;
		}
	}
	l->focus = 0;
	l->top = 0;
}

static void
measure(struct list *l)
{
	size_t i;

	l->columns = text_width(l->title);
	for (i = 0; i < l->total && i < 2000; i++) {
		int w = text_width(l->choices->label(l->choices->user, i).s);

		w += l->choices->note != NULL ? text_width(note_of(l, i).s) + 2 : 0;
		l->columns = w + 4 > l->columns ? w + 4 : l->columns;
	}
	l->columns = l->columns > 30 ? l->columns : 30;
}

/* A few choices are numbered, unless they begin with digits themselves, as periods do. */
static int
by_digit(const struct list *l)
{
	return l->is_numbered;
}

static void
number(struct list *l)
{
	size_t i;

	l->is_numbered = l->total <= BY_DIGIT_MAX;
	for (i = 0; i < l->total && l->is_numbered; i++) {
		char first = l->choices->label(l->choices->user, i).s[0];

		l->is_numbered = first < '0' || first > '9';
	}
}

static void
draw_choice(struct list *l, struct tui_canvas *panel, int line, size_t at)
{
	struct tui_span span = { line, 0, tui_canvas_columns(panel) };
	enum tui_style style = at == l->focus ? TUI_STYLE_FOCUS : TUI_STYLE_NORMAL;
	struct text note = note_of(l, l->shown[at]);
	int width = text_width(note.s);
	char label[512];

	if (by_digit(l)) {
		snprintf(label, sizeof(label), " %zu %s", l->shown[at] + 1,
		    l->choices->label(l->choices->user, l->shown[at]).s);
	} else {
		snprintf(label, sizeof(label), " %s",
		    l->choices->label(l->choices->user, l->shown[at]).s);
	}
	tui_canvas_put(panel, span, style, TUI_ALIGN_LEFT, text_cleaned(label));
	if (width > 0) {
		note = note_of(l, l->shown[at]);
		span.column = tui_canvas_columns(panel) - width - 1;
		span.columns = width;
		tui_canvas_put(panel, span,
		    at == l->focus ? TUI_STYLE_FOCUS : TUI_STYLE_DIM, TUI_ALIGN_LEFT,
		    note);
	}
	if (at == l->focus) {
		tui_canvas_cursor(panel, line, 1);
	}
}

/* Scrolls so that the focus is seen; at first with what stands around it. */
static void
show_focus(struct list *l)
{
	size_t page = (size_t)l->page;

	if (!l->was_drawn && l->focus >= page) {
		l->top = l->focus - page / 2;
		l->top = l->top + page > l->shown_count ? l->shown_count - page : l->top;
	}
	l->was_drawn = 1;
	l->top = l->focus < l->top ? l->focus : l->top;
	l->top = l->focus >= l->top + page ? l->focus + 1 - page : l->top;
}

static void
draw(void *self, struct tui_canvas *canvas)
{
	struct list *l = self;
	int room = tui_canvas_lines(canvas) - 5;
	int columns =
	    l->columns < tui_panel_room(canvas) ? l->columns : tui_panel_room(canvas);
	struct tui_canvas *panel;
	int x, at, i;

	l->page = (int)l->total < room ? (int)l->total : room;
	l->page = l->page > 1 ? l->page : 1;
	panel = tui_panel_open(canvas, l->page + 2, columns, text_cleaned(l->title));
	x = tui_canvas_text(panel, 0, 1, TUI_STYLE_DIM, text_literal(_("筛选："))) + 1;
	tui_edit_window(&l->edit, columns - x, &at);
	tui_canvas_text(panel, 0, x, TUI_STYLE_NORMAL, text_cleaned(l->typed));
	show_focus(l);
	if (l->total > (size_t)l->page) {
		struct tui_span place = { 0, columns - 12, 12 };
		char said[32];

		snprintf(said, sizeof(said), "%zu/%zu",
		    l->shown_count > 0 ? l->focus + 1 : 0, l->shown_count);
		tui_canvas_put(
		    panel, place, TUI_STYLE_DIM, TUI_ALIGN_RIGHT, text_cleaned(said));
	}
	if (l->shown_count == 0) {
		tui_canvas_text(
		    panel, 1, 1, TUI_STYLE_DIM, text_literal(_("没有符合的项")));
	}
	for (i = 0; i < l->page && l->top + (size_t)i < l->shown_count; i++) {
		draw_choice(l, panel, i + 1, l->top + (size_t)i);
	}
	if (l->typed[0] != '\0') {
		tui_canvas_cursor(panel, 0, x + at);
	}
}

static enum tui_code
take(struct list *l, size_t index)
{
	tui_set_result(l->tui, (int)index);
	return TUI_CLOSE;
}

static enum tui_code
move(struct list *l, size_t to)
{
	l->focus = l->shown_count == 0 ? 0 : to;
	return TUI_REDRAW;
}

static enum tui_code
key_typed(struct list *l, int key)
{
	enum tui_code code;

	if (key == TUI_KEY_PASTE) {
		tui_edit_paste(&l->edit, tui_pasted(l->tui));
		code = TUI_REDRAW;
	} else {
		code = tui_edit_key(&l->edit, tui_key_fold(key));
	}
	if (code == TUI_REDRAW) {
		filter(l);
	}
	return code;
}

static enum tui_code
key(void *self, int key)
{
	struct list *l = self;
	size_t last = l->shown_count > 0 ? l->shown_count - 1 : 0;
	size_t page = (size_t)l->page;
	int folded = tui_key_fold(key);

	switch (key) {
	case TUI_KEY_ESC:
		return TUI_CLOSE;
	case TUI_KEY_ENTER:
		return l->shown_count > 0 ? take(l, l->shown[l->focus]) : TUI_HANDLED;
	case TUI_KEY_UP:
	case TUI_KEY_BACK_TAB:
		return move(l, l->focus > 0 ? l->focus - 1 : last);
	case TUI_KEY_DOWN:
	case TUI_KEY_TAB:
		return move(l, l->focus < last ? l->focus + 1 : 0);
	case TUI_KEY_PAGE_UP:
		return move(l, l->focus > page ? l->focus - page : 0);
	case TUI_KEY_PAGE_DOWN:
		return move(l, l->focus + page < last ? l->focus + page : last);
	case TUI_KEY_HOME:
		return move(l, 0);
	case TUI_KEY_END:
		return move(l, last);
	default:
		break;
	}
	if (by_digit(l) && l->typed[0] == '\0' && folded >= '1' &&
	    folded < '1' + (int)l->total) {
		return take(l, (size_t)(folded - '1'));
	}
	return key_typed(l, key);
}

static int
takes_text(const void *self)
{
	(void)self;
	return 1;
}

static size_t
bar(void *self, const struct tui_action **rows, size_t max)
{
	(void)self;
	return tui_action_put(list_keys, ARRAY_LEN(list_keys), rows, max);
}

static const struct tui_view_class class = {
	.draw = draw,
	.key = key,
	.takes_text = takes_text,
	.bar = bar,
	.keys = list_keys,
	.key_count = ARRAY_LEN(list_keys),
};

int
tui_list_choose_by(struct tui *tui, const char *title, const struct tui_choices *choices,
    int initial, int first_key)
{
	struct list l = { .tui = tui, .title = title, .choices = choices };
	struct tui_view view = { &class, &l };
	int result;

	l.total = choices->count(choices->user);
	l.shown = mem_resize(NULL, l.total + 1, sizeof(*l.shown));
	tui_edit_init(&l.edit, l.typed, sizeof(l.typed));
	number(&l);
	measure(&l);
	filter(&l);
	if (initial > 0 && (size_t)initial < l.shown_count) {
		l.focus = (size_t)initial;
	}
	if (first_key != TUI_KEY_NONE) {
		key_typed(&l, first_key);
	}
	result = tui_run(tui, view, 0);
	free(l.shown);
	return result;
}

int
tui_list_choose(
    struct tui *tui, const char *title, const struct tui_choices *choices, int initial)
{
	return tui_list_choose_by(tui, title, choices, initial, TUI_KEY_NONE);
}

int
tui_list_match(const char *text, const char *typed)
{
	size_t n = strlen(typed);

	for (; *text != '\0'; text++) {
		if (strncasecmp(text, typed, n) == 0) {
			return 1;
		}
	}
	return n == 0;
}
