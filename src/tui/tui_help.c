/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done here, in words: found by typing, done by Enter. */
#include "tui_help.h"

#include "tui_edit.h"
#include "tui_panel.h"
#include "tui_session.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define KEYS_COLUMNS 14
#define LABEL_LEAST 12
#define LABEL_MOST 28

/* Its entries are the actions and, below them, the paragraphs of the manual: from 0 to the count of
 * the actions, and on from there. */
struct help {
	struct tui *tui;
	const struct tui_help *spec;
	char *manual; /* cut into paragraphs */
	char **paragraphs;
	size_t paragraph_count;
	size_t *shown; /* entries that fit what was typed */
	size_t shown_count;
	size_t focus;
	size_t top;
	size_t page; /* entries seen, as last drawn */
	int label_columns;
	struct tui_edit edit;
	char typed[64];
};

static const struct tui_action help_keys[] = {
	{ .key = TUI_KEY_DOWN,
	    .label = N_("移动"),
	    .help = N_("上下移动；直接输入文字可查找") },
	{ .key = TUI_KEY_ESC, .label = N_("返回"), .help = N_("关闭") },
};
static const struct tui_action run_keys[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("执行"), .help = N_("执行光标所在的操作") },
};

/* The action at a place of what is shown; NULL: a paragraph. */
static const struct tui_help_item *
item_at(const struct help *h, size_t at)
{
	return h->shown[at] < h->spec->count ? &h->spec->items[h->shown[at]] : NULL;
}

static const char *
paragraph_at(const struct help *h, size_t at)
{
	return h->paragraphs[h->shown[at] - h->spec->count];
}

static const char *
refused(const struct tui_help_item *item)
{
	return item->set != NULL ? tui_action_refused(item->set, item->row) : NULL;
}

/* What is said of an action: what it does, or why it cannot be done now. */
static const char *
words(const struct tui_help_item *item)
{
	const char *why = refused(item);

	return why != NULL ? why : _(item->row->help);
}

static int
item_fits(const struct help *h, const struct tui_help_item *item)
{
	tui_match_fn *match = tui_match(h->tui);
	char keys[48];

	if (h->spec->hides_refused && refused(item) != NULL) {
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
		if (item_fits(h, &h->spec->items[i])) {
			h->shown[h->shown_count++] = i;
		}
	}
	for (i = 0; i < h->paragraph_count; i++) {
		if (h->typed[0] == '\0' || tui_match(h->tui)(h->paragraphs[i], h->typed)) {
			h->shown[h->shown_count++] = h->spec->count + i;
		}
	}
	h->focus = 0;
	h->top = 0;
}

/* ---- drawing */

/* A rule stands above the first paragraph below actions. */
static int
has_rule(const struct help *h, size_t at)
{
	return at > 0 && item_at(h, at) == NULL && item_at(h, at - 1) != NULL;
}

static int
words_column(const struct help *h)
{
	return 1 + KEYS_COLUMNS + h->label_columns;
}

static int
height_of(const struct help *h, size_t at, int columns)
{
	const struct tui_help_item *item = item_at(h, at);

	return item != NULL ? tui_canvas_wrap_lines(words(item), columns - words_column(h)) :
			      tui_canvas_wrap_lines(paragraph_at(h, at), columns - 2) + has_rule(h, at);
}

static void
draw_paragraph(const struct help *h, struct tui_canvas *panel, int line, size_t at)
{
	int columns = tui_canvas_columns(panel);
	struct tui_box box = { line, 1, 0, columns - 2 };

	if (has_rule(h, at)) {
		tui_canvas_rule(panel, (struct tui_span){ line, 0, columns }, TUI_STYLE_DIM);
		box.line++;
	}
	box.lines = tui_canvas_lines(panel) - box.line;
	tui_canvas_wrap(panel, box, TUI_STYLE_NORMAL, paragraph_at(h, at));
	if (at == h->focus) {
		tui_canvas_cursor(panel, box.line, 1);
	}
}

static void
draw_item(const struct help *h, struct tui_canvas *panel, int line, size_t at)
{
	const struct tui_help_item *item = item_at(h, at);
	int is_refused = refused(item) != NULL;
	enum tui_style style = is_refused ? TUI_STYLE_DIM : TUI_STYLE_NORMAL;
	struct tui_span span = { line, 1, KEYS_COLUMNS - 1 };
	struct tui_box box = { line, words_column(h), tui_canvas_lines(panel) - line,
		tui_canvas_columns(panel) - words_column(h) };
	char keys[48];
	int lines;

	tui_action_keys(item->row, keys, sizeof(keys));
	tui_canvas_put(panel, span, is_refused ? TUI_STYLE_DIM : TUI_STYLE_KEY, TUI_ALIGN_LEFT,
	    text_cleaned(keys));
	span.column += KEYS_COLUMNS;
	span.columns = h->label_columns - 1;
	tui_canvas_put(panel, span, style, TUI_ALIGN_LEFT, text_literal(_(item->row->label)));
	lines = tui_canvas_wrap(panel, box, style, words(item));
	if (at != h->focus) {
		return;
	}
	tui_canvas_cursor(panel, line, 1);
	for (span = (struct tui_span){ line, 0, tui_canvas_columns(panel) }; lines > 0; lines--) {
		tui_canvas_restyle(panel, span, TUI_STYLE_FOCUS);
		span.line++;
	}
}

static void
draw_entries(struct help *h, struct tui_canvas *panel)
{
	int lines = tui_canvas_lines(panel), columns = tui_canvas_columns(panel);
	int before = 0, line = 0;
	size_t at;

	h->top = h->focus < h->top ? h->focus : h->top;
	/* The focused entry is seen whole. */
	for (at = h->focus + 1; at > h->top && h->shown_count > 0; at--) {
		before += height_of(h, at - 1, columns);
		if (before > lines && at - 1 < h->focus) {
			h->top = at;
		}
	}
	for (at = h->top; at < h->shown_count && line < lines; at++) {
		if (item_at(h, at) != NULL) {
			draw_item(h, panel, line, at);
		} else {
			draw_paragraph(h, panel, line, at);
		}
		line += height_of(h, at, columns);
	}
	if (h->shown_count == 0) {
		tui_canvas_text(panel, 0, 1, TUI_STYLE_DIM, text_literal(_("没有符合的项")));
	}
	h->page = at - h->top;
}

static void
measure_labels(struct help *h)
{
	size_t i;

	h->label_columns = LABEL_LEAST;
	for (i = 0; i < h->spec->count; i++) {
		int width = text_width(_(h->spec->items[i].row->label)) + 2;

		h->label_columns = width > h->label_columns ? width : h->label_columns;
	}
	h->label_columns = h->label_columns < LABEL_MOST ? h->label_columns : LABEL_MOST;
}

static void
draw(void *self, struct tui_canvas *canvas)
{
	struct help *h = self;
	int room = tui_canvas_lines(canvas) - 4;
	int columns = tui_canvas_columns(canvas) - 8;
	int wanted = 0;
	struct tui_canvas *panel;
	size_t at;
	int x, cursor;

	columns = columns > 100 ? 100 : columns;
	for (at = 0; at < h->shown_count && wanted < room; at++) {
		wanted += height_of(h, at, columns);
	}
	/* What is typed makes it emptier, not smaller. */
	wanted = h->typed[0] != '\0' || wanted > room - 1 ? room - 1 : wanted;
	panel = tui_panel_open(canvas, wanted + 2, columns, text_cleaned(h->spec->title));
	x = 1 + tui_canvas_text(panel, 0, 1, TUI_STYLE_DIM, text_literal(_("查找：")));
	tui_edit_window(&h->edit, columns - x, &cursor);
	tui_canvas_text(panel, 0, x, TUI_STYLE_NORMAL, text_cleaned(h->typed));
	draw_entries(h, tui_canvas_part(panel, (struct tui_box){ 1, 0, tui_canvas_lines(panel) - 1, columns }));
	if (h->typed[0] != '\0') {
		tui_canvas_cursor(panel, 0, x + cursor);
	}
}

/* ---- keys */

static enum tui_code
move(struct help *h, int by)
{
	int last = (int)h->shown_count - 1;
	int to = (int)h->focus + by;

	to = to > last ? last : to;
	h->focus = to > 0 ? (size_t)to : 0;
	return TUI_REDRAW;
}

static enum tui_code
execute(struct help *h)
{
	const struct tui_help_item *item = h->shown_count > 0 ? item_at(h, h->focus) : NULL;

	if (item == NULL || item->set == NULL) {
		return TUI_HANDLED;
	}
	if (refused(item) != NULL) {
		tui_notify(h->tui, TUI_STYLE_WARNING, text_literal(refused(item)));
		return TUI_REDRAW;
	}
	tui_set_result(h->tui, (int)h->shown[h->focus]);
	return TUI_CLOSE;
}

static enum tui_code
key(void *self, int key)
{
	struct help *h = self;
	int page = h->page > 1 ? (int)h->page - 1 : 1;
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
		return move(h, -page);
	case TUI_KEY_PAGE_DOWN:
		return move(h, page);
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
	const struct help *h = self;
	const struct tui_help_item *item = h->shown_count > 0 ? item_at(h, h->focus) : NULL;
	size_t n = item != NULL && item->set != NULL ?
	    tui_action_put(run_keys, ARRAY_LEN(run_keys), rows, max) :
	    0;

	return n + tui_action_put(help_keys, ARRAY_LEN(help_keys), rows + n, max - n);
}

static const struct tui_view_class class = {
	.draw = draw,
	.key = key,
	.takes_text = takes_text,
	.bar = bar,
};

static void
cut_manual(struct help *h)
{
	char *at, *end;

	h->manual = mem_dup(h->spec->manual != NULL ? h->spec->manual : "");
	h->paragraphs = mem_alloc((strlen(h->manual) + 1) * sizeof(*h->paragraphs));
	for (at = h->manual; *at != '\0'; at = end) {
		end = at + strcspn(at, "\n");
		h->paragraphs[h->paragraph_count++] = at;
		if (*end == '\n') {
			*end++ = '\0';
		}
	}
}

int
tui_help_run(struct tui *tui, const struct tui_help *spec)
{
	struct help h = { .tui = tui, .spec = spec };
	struct tui_view view = { &class, &h };
	int result;

	cut_manual(&h);
	h.shown = mem_resize(NULL, spec->count + h.paragraph_count + 1, sizeof(*h.shown));
	tui_edit_init(&h.edit, h.typed, sizeof(h.typed));
	measure_labels(&h);
	filter(&h);
	tui->is_helping++;
	result = tui_run(tui, view, 0);
	tui->is_helping--;
	free(h.shown);
	free(h.paragraphs);
	free(h.manual);
	return result;
}
