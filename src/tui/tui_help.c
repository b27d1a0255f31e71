/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done here, in words: found by typing, done by Enter. */
#include "tui_help.h"

#include "tui_edit.h"
#include "tui_panel.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define KEYS_COLUMNS 14
#define LABEL_COLUMNS 14

struct help {
	struct tui *tui;
	const struct tui_help *spec;
	size_t *shown;
	size_t shown_count;
	size_t focus;
	size_t top;
	int page;
	int manual_top; /* first line of the manual's words shown when scrolled down to them */
	struct tui_edit edit;
	char typed[64];
};

static const struct tui_action help_keys[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("执行"), .help = N_("执行光标所在的操作") },
	{ .key = TUI_KEY_DOWN,
	    .label = N_("移动"),
	    .help = N_("上下移动；直接输入文字可查找") },
	{ .key = TUI_KEY_ESC, .label = N_("返回"), .help = N_("关闭") },
};

static int
fits(const struct help *h, const struct tui_help_item *item)
{
	tui_match_fn *match = tui_match(h->tui);
	char keys[48];

	if (h->spec->hides_refused && item->set != NULL &&
	    tui_action_refused(item->set, item->row) != NULL) {
		return 0;
	}
	return h->typed[0] == '\0' || match(_(item->row->label), h->typed) ||
	    match(_(item->row->help), h->typed) ||
	    match(tui_action_keys(item->row, keys, sizeof(keys)), h->typed);
}

static void
filter(struct help *h)
{
	size_t i;

	h->shown_count = 0;
	for (i = 0; i < h->spec->count; i++) {
		if (fits(h, &h->spec->items[i])) {
			h->shown[h->shown_count++] = i;
		}
	}
	h->focus = 0;
	h->top = 0;
	h->manual_top = 0;
}

static void
draw_item(const struct help *h, struct tui_canvas *panel, int line, size_t at)
{
	const struct tui_help_item *item = &h->spec->items[h->shown[at]];
	const char *refused =
	    item->set != NULL ? tui_action_refused(item->set, item->row) : NULL;
	enum tui_style style = refused != NULL ? TUI_STYLE_DIM : TUI_STYLE_NORMAL;
	struct tui_span span = { line, 1, KEYS_COLUMNS - 1 };
	int has_focus = at == h->focus && h->manual_top == 0;
	char keys[48];

	tui_action_keys(item->row, keys, sizeof(keys));
	tui_canvas_put(panel, span, refused != NULL ? TUI_STYLE_DIM : TUI_STYLE_KEY,
	    TUI_ALIGN_LEFT, text_cleaned(keys));
	span.column = 1 + KEYS_COLUMNS;
	span.columns = LABEL_COLUMNS - 1;
	tui_canvas_put(
	    panel, span, style, TUI_ALIGN_LEFT, text_literal(_(item->row->label)));
	span.column += LABEL_COLUMNS;
	span.columns = tui_canvas_columns(panel) - span.column;
	tui_canvas_put(panel, span, refused != NULL ? TUI_STYLE_DIM : style,
	    TUI_ALIGN_LEFT, text_literal(refused != NULL ? refused : _(item->row->help)));
	if (has_focus) {
		span.column = 0;
		span.columns = tui_canvas_columns(panel);
		tui_canvas_restyle(panel, span, TUI_STYLE_FOCUS);
		tui_canvas_cursor(panel, line, 1);
	}
}

/* The manual's words stand below the actions and scroll up when the last action is left. */
static void
draw_manual(struct help *h, struct tui_canvas *panel, int line)
{
	struct tui_box box = { line, 1, tui_canvas_lines(panel) - line,
		tui_canvas_columns(panel) - 2 };
	struct tui_span rule = { line, 0, tui_canvas_columns(panel) };
	struct tui_canvas *part;

	if (box.lines < 2) {
		return;
	}
	tui_canvas_rule(panel, rule, TUI_STYLE_DIM);
	box.line++;
	box.lines--;
	part = tui_canvas_part(panel, box);
	box =
	    (struct tui_box){ -h->manual_top, 0, box.lines + h->manual_top, box.columns };
	tui_canvas_wrap(part, box, TUI_STYLE_NORMAL, h->spec->manual);
}

static void
draw(void *self, struct tui_canvas *canvas)
{
	struct help *h = self;
	int room = tui_canvas_lines(canvas) - 4;
	int columns = tui_canvas_columns(canvas) - 8;
	int has_manual = h->spec->manual != NULL && h->typed[0] == '\0';
	int wanted = (int)h->spec->count;
	struct tui_canvas *panel;
	int x, at, i;

	columns = columns > 100 ? 100 : columns;
	if (has_manual) {
		wanted += 1 + tui_canvas_wrap_lines(h->spec->manual, columns - 2);
	}
	wanted = wanted < room - 1 ? wanted : room - 1;
	panel = tui_panel_open(canvas, wanted + 2, columns, text_cleaned(h->spec->title));
	x = 1 + tui_canvas_text(panel, 0, 1, TUI_STYLE_DIM, text_literal(_("查找：")));
	tui_edit_window(&h->edit, columns - x, &at);
	tui_canvas_text(panel, 0, x, TUI_STYLE_NORMAL, text_cleaned(h->typed));
	h->page = tui_canvas_lines(panel) - 1;
	if (h->focus >= h->top + (size_t)h->page) {
		h->top = h->focus + 1 - (size_t)h->page;
	}
	h->top = h->focus < h->top ? h->focus : h->top;
	if (h->manual_top > 0) {
		draw_manual(h, panel, 0);
		return;
	}
	for (i = 0; i < h->page && h->top + (size_t)i < h->shown_count; i++) {
		draw_item(h, panel, i + 1, h->top + (size_t)i);
	}
	if (has_manual) {
		draw_manual(h, panel, i + 1);
	}
	if (h->typed[0] != '\0') {
		tui_canvas_cursor(panel, 0, x + at);
	}
}

static enum tui_code
move(struct help *h, int by)
{
	int last = (int)h->shown_count - 1;
	int to = (int)h->focus + by;

	if (h->manual_top > 0 ||
	    (to > last && by > 0 && h->spec->manual != NULL && h->typed[0] == '\0')) {
		h->manual_top += by;
		h->manual_top = h->manual_top > 0 ? h->manual_top : 0;
		h->manual_top = h->manual_top < 400 ? h->manual_top : 400;
		return TUI_REDRAW;
	}
	to = to > last ? last : to;
	h->focus = to > 0 ? (size_t)to : 0;
	return TUI_REDRAW;
}

static enum tui_code
execute(struct help *h)
{
	const struct tui_help_item *item;

	if (h->shown_count == 0) {
		return TUI_HANDLED;
	}
	item = &h->spec->items[h->shown[h->focus]];
	if (item->set == NULL) {
		return TUI_HANDLED;
	}
	if (tui_action_refused(item->set, item->row) != NULL) {
		tui_notify(h->tui, TUI_STYLE_WARNING,
		    text_literal(tui_action_refused(item->set, item->row)));
		return TUI_REDRAW;
	}
	tui_set_result(h->tui, (int)h->shown[h->focus]);
	return TUI_CLOSE;
}

static enum tui_code
key(void *self, int key)
{
	struct help *h = self;
	enum tui_code code;

	switch (key) {
	case TUI_KEY_ESC:
	case TUI_KEY_F1:
		return TUI_CLOSE;
	case TUI_KEY_ENTER:
		return execute(h);
	case TUI_KEY_UP:
		return move(h, -1);
	case TUI_KEY_DOWN:
		return move(h, 1);
	case TUI_KEY_PAGE_UP:
		return move(h, -h->page);
	case TUI_KEY_PAGE_DOWN:
		return move(h, h->page);
	default:
		break;
	}
	code = tui_edit_key(&h->edit, tui_key_fold(key));
	if (code == TUI_REDRAW) {
		filter(h);
	}
	return code;
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
	return tui_action_put(help_keys, ARRAY_LEN(help_keys), rows, max);
}

static const struct tui_view_class class = {
	.draw = draw,
	.key = key,
	.takes_text = takes_text,
	.bar = bar,
};

int
tui_help_run(struct tui *tui, const struct tui_help *spec)
{
	struct help h = { .tui = tui, .spec = spec };
	struct tui_view view = { &class, &h };
	int result;

	h.shown = mem_resize(NULL, spec->count + 1, sizeof(*h.shown));
	tui_edit_init(&h.edit, h.typed, sizeof(h.typed));
	filter(&h);
	result = tui_run(tui, view, 0);
	free(h.shown);
	return result;
}
