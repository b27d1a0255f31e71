/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels and values to read. */
#include "shebao/tui_pager.h"

#include "tui_edit.h"
#include "tui_panel.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

struct tui_pager {
	struct tui *tui;
	struct tui_pager_options options;
	const char *title; /* of the box; NULL: the body of a screen */
	size_t top, focus;
	int page; /* lines as last drawn */
	int is_searching;
	struct tui_edit edit;
	char typed[64];
};

static const struct tui_action pager_keys[] = {
	{ .key = TUI_KEY_DOWN,
	    .letters = "jk",
	    .label = N_("移动"),
	    .help = N_("上下移动") },
	{ .key = TUI_KEY_PAGE_DOWN,
	    .label = N_("翻页"),
	    .help = N_("上下翻页；Home、End 到头尾") },
	{ .key = '/',
	    .letters = "nN",
	    .label = N_("查找"),
	    .help = N_("查找；n、N 找下一处、上一处") },
	{ .key = TUI_KEY_ESC, .label = N_("返回"), .help = N_("关闭") },
};

const struct tui_action *
tui_pager_keys(size_t *count)
{
	*count = ARRAY_LEN(pager_keys) - 1;
	return pager_keys;
}

static size_t
count_of(const struct tui_pager *p)
{
	return p->options.count(p->options.user);
}

static struct tui_pager_line
line_of(const struct tui_pager *p, size_t index)
{
	return p->options.line(p->options.user, index);
}

static int
label_columns(const struct tui_pager *p)
{
	int widest = 0;
	size_t i;
	size_t count = count_of(p);

	for (i = 0; i < count && i < 500; i++) {
		int w = text_width(line_of(p, i).label);

		widest = w > widest ? w : widest;
	}
	return widest > 0 ? widest + 2 : 0;
}

static int
height_of(const struct tui_pager *p, size_t index, int columns, int labels)
{
	struct tui_pager_line row = line_of(p, index);
	int room = row.label[0] != '\0' ? columns - labels : columns;

	return tui_canvas_wrap_lines(row.value.s, room);
}

/* Draws one entry at line; returns its height. */
static int
draw_entry(
    const struct tui_pager *p, struct tui_canvas *c, int line, size_t index, int labels)
{
	struct tui_pager_line row = line_of(p, index);
	struct tui_box box = { line, 0, tui_canvas_lines(c) - line,
		tui_canvas_columns(c) };
	enum tui_style style = row.style;

	if (row.label[0] != '\0') {
		tui_canvas_text(c, line, 0, TUI_STYLE_DIM, text_cleaned(row.label));
		box.column = labels;
		box.columns -= labels;
	}
	if (p->typed[0] != '\0' && tui_match(p->tui)(row.value.s, p->typed)) {
		style = TUI_STYLE_FOUND;
	}
	if (index == p->focus) {
		tui_canvas_cursor(c, line, box.column);
	}
	return tui_canvas_wrap(c, box, style, row.value.s);
}

static void
draw_entries(struct tui_pager *p, struct tui_canvas *c)
{
	int labels = label_columns(p);
	int columns = tui_canvas_columns(c);
	size_t count = count_of(p);
	int line = 0;
	int before = 0;
	size_t i;

	p->page = tui_canvas_lines(c);
	if (p->focus >= count) {
		p->focus = count > 0 ? count - 1 : 0;
	}
	if (p->top > p->focus) {
		p->top = p->focus;
	}
	/* The focused entry is seen whole. */
	for (i = p->focus + 1; i > p->top; i--) {
		before += i - 1 < count ? height_of(p, i - 1, columns, labels) : 0;
		if (before > p->page && i - 1 < p->focus) {
			p->top = i;
			break;
		}
	}
	for (i = p->top; i < count && line < p->page; i++) {
		line += draw_entry(p, c, line, i, labels);
	}
}

static void
draw_search(const struct tui_pager *p, struct tui_canvas *c)
{
	struct tui_span line = { tui_canvas_lines(c) - 1, 0, tui_canvas_columns(c) };
	int at;

	tui_canvas_put(c, line, TUI_STYLE_NORMAL, TUI_ALIGN_LEFT, text_literal("/"));
	tui_edit_window(&p->edit, line.columns - 1, &at);
	tui_canvas_text(c, line.line, 1, TUI_STYLE_NORMAL, text_cleaned(p->typed));
	tui_canvas_cursor(c, line.line, 1 + at);
}

static int
wanted_columns(const struct tui_pager *p, int room)
{
	int labels = label_columns(p);
	int columns = 40;
	size_t i;
	size_t count = count_of(p);

	for (i = 0; i < count; i++) {
		struct tui_pager_line row = line_of(p, i);
		int w = tui_canvas_wrap_width(row.value.s, room) +
		    (row.label[0] != '\0' ? labels : 0);

		columns = w > columns ? w : columns;
	}
	return columns < room ? columns : room;
}

static void
draw(void *self, struct tui_canvas *canvas)
{
	struct tui_pager *p = self;
	struct tui_box box = { 1, 2, tui_canvas_lines(canvas) - 1,
		tui_canvas_columns(canvas) - 4 };
	int labels = label_columns(p);
	int lines = 0;
	size_t count = count_of(p);
	struct tui_canvas *c;
	size_t i;

	if (p->title == NULL) {
		c = tui_canvas_part(canvas, box);
	} else {
		box.columns = wanted_columns(p, tui_panel_room(canvas));
		for (i = 0; i < count && lines < tui_canvas_lines(canvas); i++) {
			lines += height_of(p, i, box.columns, labels);
		}
		c = tui_panel_open(
		    canvas, lines + 2, box.columns, text_cleaned(p->title));
		box = (struct tui_box){ 1, 0, tui_canvas_lines(c) - 2,
			tui_canvas_columns(c) };
		c = tui_canvas_part(c, box);
	}
	draw_entries(p, c);
	if (p->is_searching) {
		draw_search(p, c);
	}
}

static enum tui_code
move(struct tui_pager *p, int by)
{
	int last = (int)count_of(p) - 1;
	int to = (int)p->focus + by;

	to = to > last ? last : to;
	p->focus = to > 0 ? (size_t)to : 0;
	return TUI_REDRAW;
}

static enum tui_code
search(struct tui_pager *p, int step)
{
	int count = (int)count_of(p);
	int i;

	for (i = 1; p->typed[0] != '\0' && i <= count; i++) {
		int at = (((int)p->focus + step * i) % count + count) % count;
		struct tui_pager_line row = line_of(p, (size_t)at);

		if (tui_match(p->tui)(row.value.s, p->typed) ||
		    tui_match(p->tui)(row.label, p->typed)) {
			p->focus = (size_t)at;
			return TUI_REDRAW;
		}
	}
	tui_notify(p->tui, TUI_STYLE_WARNING, text_literal(_("没有找到")));
	return TUI_REDRAW;
}

static enum tui_code
key_search(struct tui_pager *p, int key)
{
	if (key == TUI_KEY_ENTER) {
		p->is_searching = 0;
		return search(p, 1);
	}
	if (key == TUI_KEY_ESC) {
		p->is_searching = 0;
		tui_edit_clear(&p->edit);
		return TUI_REDRAW;
	}
	return tui_edit_key(&p->edit, key);
}

static enum tui_code
key(void *self, int key)
{
	struct tui_pager *p = self;

	if (p->is_searching) {
		return key_search(p, key);
	}
	switch (key) {
	case TUI_KEY_UP:
	case 'k':
		return move(p, -1);
	case TUI_KEY_DOWN:
	case 'j':
		return move(p, 1);
	case TUI_KEY_PAGE_UP:
	case TUI_KEY_CTRL('B'):
		return move(p, -p->page);
	case TUI_KEY_PAGE_DOWN:
	case TUI_KEY_CTRL('F'):
	case TUI_KEY_SPACE:
		return move(p, p->page);
	case TUI_KEY_HOME:
		return move(p, -(int)count_of(p));
	case TUI_KEY_END:
		return move(p, (int)count_of(p));
	case '/':
		p->is_searching = 1;
		tui_edit_clear(&p->edit);
		return TUI_REDRAW;
	case 'n':
		return search(p, 1);
	case 'N':
		return search(p, -1);
	case TUI_KEY_ESC:
	case TUI_KEY_ENTER:
		return p->title != NULL ? TUI_CLOSE : TUI_IGNORED;
	default:
		return TUI_IGNORED;
	}
}

static int
takes_text(const void *self)
{
	return ((const struct tui_pager *)self)->is_searching;
}

static size_t
bar(void *self, const struct tui_action **rows, size_t max)
{
	(void)self;
	return tui_action_put(pager_keys, ARRAY_LEN(pager_keys), rows, max);
}

static const struct tui_view_class class = {
	.draw = draw,
	.key = key,
	.takes_text = takes_text,
	.bar = bar,
	.keys = pager_keys,
	.key_count = ARRAY_LEN(pager_keys) - 1,
};

struct tui_pager *
tui_pager_new(struct tui *tui, const struct tui_pager_options *options)
{
	struct tui_pager *p = mem_alloc(sizeof(*p));

	p->tui = tui;
	p->options = *options;
	tui_edit_init(&p->edit, p->typed, sizeof(p->typed));
	return p;
}

void
tui_pager_free(struct tui_pager *pager)
{
	free(pager);
}

struct tui_view
tui_pager_view(struct tui_pager *pager)
{
	return (struct tui_view){ &class, pager };
}

void
tui_pager_set_title(struct tui_pager *pager, const char *title)
{
	pager->title = title;
}

int
tui_pager_row(const struct tui_pager *pager)
{
	return pager->focus < count_of(pager) ? (int)pager->focus : -1;
}

struct fixed {
	const struct tui_pager_line *lines;
	size_t count;
};

static size_t
fixed_count(void *user)
{
	return ((const struct fixed *)user)->count;
}

static struct tui_pager_line
fixed_line(void *user, size_t index)
{
	return ((const struct fixed *)user)->lines[index];
}

void
tui_pager_show(
    struct tui *tui, const char *title, const struct tui_pager_line *lines, size_t count)
{
	struct fixed fixed = { lines, count };
	struct tui_pager_options options = { fixed_count, fixed_line, &fixed };
	struct tui_pager *p = tui_pager_new(tui, &options);

	tui_pager_set_title(p, title);
	tui_run(tui, tui_pager_view(p), 0);
	tui_pager_free(p);
}
