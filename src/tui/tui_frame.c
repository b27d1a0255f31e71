/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What surrounds every view: title, status, the keys that work now. */
#include "tui_frame.h"
#include "tui_line.h"

#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/tui_screen.h"

#define PART_GAP "  " /* between the parts of the status */

void
tui_set_title(struct tui *tui, struct text product, struct text owner)
{
	mem_copy_text(tui->product, sizeof(tui->product), product.s);
	mem_copy_text(tui->owner, sizeof(tui->owner), owner.s);
	tui_session_change(tui);
}

void
tui_set_status(struct tui *tui, struct text status)
{
	if (strcmp(tui->status, status.s) != 0) {
		mem_copy_text(tui->status, sizeof(tui->status), status.s);
		tui_session_change(tui);
	}
}

void
tui_notify(struct tui *tui, enum tui_style style, struct text message)
{
	mem_copy_text(tui->notice, sizeof(tui->notice), message.s);
	tui->notice_style = style;
	tui_session_change(tui);
}

static const struct tui_open *
top_screen(const struct tui *tui)
{
	const struct tui_open *open = tui->top;

	while (
	    open != NULL && open->screen == NULL && (open->flags & TUI_VIEW_COVER) == 0) {
		open = open->below;
	}
	return open != NULL && open->screen != NULL ? open : NULL;
}

/* True when a cover hides what is below, owner and status included. */
static int
is_covered(const struct tui *tui)
{
	const struct tui_open *open;

	for (open = tui->top; open != NULL && open->screen == NULL; open = open->below) {
		if ((open->flags & TUI_VIEW_COVER) != 0) {
			return 1;
		}
	}
	return 0;
}

/* Where there is no room for all, the product gives way first: whom the clerk works for and on
 * which screen must be read in full. */
static void
draw_title(const struct tui *tui, struct tui_canvas *whole)
{
	const struct tui_open *screen = top_screen(tui);
	const char *title = screen != NULL ? _(screen->screen->title) : "";
	const char *owner = is_covered(tui) ? "" : tui->owner;
	struct tui_span line = { 0, 0, tui_canvas_columns(whole) };
	int need = text_width(title) + text_width(owner) + text_width(tui->product) + 7;
	int shows_product = need <= line.columns || title[0] == '\0';
	char left[512];
	int taken;

	snprintf(left, sizeof(left), " %s%s%s", shows_product ? tui->product : "",
	    shows_product && title[0] != '\0' ? "  " : "", title);
	taken = tui_canvas_put(
	    whole, line, TUI_STYLE_TITLE, TUI_ALIGN_LEFT, text_cleaned(left));
	if (owner[0] != '\0' && taken + 4 < line.columns) {
		line.column = taken + 3;
		line.columns -= taken + 4;
		tui_canvas_put(
		    whole, line, TUI_STYLE_TITLE, TUI_ALIGN_RIGHT, text_cleaned(owner));
	}
}

/* The last parts go until the others fit; the first may be cut. */
static void
leave_out(char *status, int columns)
{
	char *gap, *next;

	while (text_width(status) > columns) {
		gap = NULL;
		for (next = strstr(status, PART_GAP); next != NULL;
		     next = strstr(next + strlen(PART_GAP), PART_GAP)) {
			gap = next;
		}
		if (gap == NULL) {
			return;
		}
		*gap = '\0';
	}
}

static void
draw_status(const struct tui *tui, struct tui_canvas *whole)
{
	char status[sizeof(tui->status)];
	int columns = tui_canvas_columns(whole);
	struct tui_span line = { tui_canvas_lines(whole) - 2, 1, columns - 2 };
	const struct tui_open *screen = tui->top;
	struct text summary = { "" };
	int right;

	/* News may name amounts; whoever locked the screen reads them when it is open again. */
	if (tui->notice[0] != '\0' && !tui->is_locking) {
		tui_canvas_put(whole, line, tui->notice_style, TUI_ALIGN_LEFT,
		    text_cleaned(tui->notice));
		return;
	}
	if (is_covered(tui)) {
		return;
	}
	if (screen != NULL && screen->view.class->summary == NULL) {
		screen = top_screen(tui);
	}
	if (screen != NULL && screen->view.class->summary != NULL) {
		summary = screen->view.class->summary(screen->view.self);
	}
	right = text_width(summary.s);
	tui_canvas_put(whole, line, TUI_STYLE_NORMAL, TUI_ALIGN_RIGHT, summary);
	if (right + 4 < line.columns) {
		line.columns -= right + 2;
		mem_copy_text(status, sizeof(status), tui->status);
		leave_out(status, line.columns);
		tui_canvas_put(
		    whole, line, TUI_STYLE_STATUS, TUI_ALIGN_LEFT, text_cleaned(status));
	}
}

/* One entry of the bar; returns the column behind, or -1 if it does not fit before limit. */
static int
draw_key(struct tui_canvas *whole, int column, int limit, const struct tui_action *row)
{
	int line = tui_canvas_lines(whole) - 1;
	char name[16];
	struct text label = text_literal(_(row->label));

	tui_key_name(row->key, name, sizeof(name));
	if (column + text_width(name) + 1 + text_width(label.s) > limit) {
		return -1;
	}
	column +=
	    tui_canvas_text(whole, line, column, TUI_STYLE_KEY, text_cleaned(name)) + 1;
	column += tui_canvas_text(whole, line, column,
	    (row->flags & TUI_ACTION_MAIN) != 0 ? TUI_STYLE_STRONG : TUI_STYLE_NORMAL,
	    label);
	return column + 2;
}

static int
key_columns(const struct tui_action *row)
{
	char name[16];

	return text_width(tui_key_name(row->key, name, sizeof(name))) + 1 +
	    text_width(_(row->label)) + 2;
}

/* The last row, the way back, is always there; of the others those that fit. */
static void
draw_bar(const struct tui *tui, struct tui_canvas *whole)
{
	const struct tui_action *rows[TUI_FRAME_BAR_MAX];
	int columns = tui_canvas_columns(whole);
	int column = 1;
	int last = 0;
	size_t n = 0;
	size_t i;

	if (tui->top != NULL && tui->top->view.class->bar != NULL) {
		n = tui->top->view.class->bar(tui->top->view.self, rows, TUI_FRAME_BAR_MAX);
	}
	if (n == 0) {
		if (tui->top != NULL && (tui->top->flags & TUI_VIEW_HOLD) != 0) {
			tui_canvas_text(whole, tui_canvas_lines(whole) - 1, 1, TUI_STYLE_DIM,
			    text_literal(_("请稍候……")));
		}
		return;
	}
	last = key_columns(rows[n - 1]);
	for (i = 0; i + 1 < n; i++) {
		int next = draw_key(whole, column, columns - last, rows[i]);

		column = next > 0 ? next : column;
	}
	draw_key(whole, column, columns, rows[n - 1]);
}

static void
draw_frame(struct tui *tui, struct tui_canvas *whole)
{
	draw_title(tui, whole);
	draw_status(tui, whole);
	draw_bar(tui, whole);
}

static void
draw_too_small(const struct tui *tui, struct tui_canvas *whole)
{
	struct tui_box box = { 0, 1, tui_canvas_lines(whole),
		tui_canvas_columns(whole) - 2 };
	char text[256];
	int need;

	snprintf(text, sizeof(text),
	    _("窗口太小：需要 %d 列 %d 行，现在是 %d 列 %d 行。\n请放大窗口，画面会自动恢复。"),
	    tui->options.min_columns, tui->options.min_lines, tui_canvas_columns(whole),
	    tui_canvas_lines(whole));
	need = tui_canvas_wrap_lines(text, box.columns);
	if (need < box.lines) {
		box.line = (box.lines - need) / 2;
	}
	tui_canvas_wrap(whole, box, TUI_STYLE_STRONG, text);
}

static void
paint_views(struct tui *tui, struct tui_canvas *body, struct tui_open *open)
{
	/* From the lowest visible one up. */
	if ((open->flags & TUI_VIEW_COVER) == 0 && open->screen == NULL &&
	    open->below != NULL) {
		paint_views(tui, body, open->below);
	}
	if (open->view.class->draw != NULL) {
		open->view.class->draw(open->view.self, body);
	}
}

void
tui_frame_paint(struct tui *tui)
{
	struct tui_canvas *whole;
	struct tui_box box;

	tui_term_size(tui->term, &tui->grid);
	tui_grid_clear(&tui->grid);
	box = (struct tui_box){ 0, 0, tui->grid.lines, tui->grid.columns };
	whole = tui_grid_canvas(&tui->grid, box);
	tui->is_too_small =
	    box.lines < tui->options.min_lines || box.columns < tui->options.min_columns;
	if (tui->is_too_small) {
		draw_too_small(tui, whole);
	} else {
		draw_frame(tui, whole);
		box.line = 1;
		box.lines -= TUI_FRAME_LINES;
		paint_views(tui, tui_canvas_part(whole, box), tui->top);
	}
	tui_term_paint(tui->term, &tui->grid, tui->needs_repaint,
	    tui_line_wants_answer(tui_term_line(tui->term)));
	tui->is_dirty = 0;
	tui->needs_repaint = 0;
	tui->unpainted_ms = 0;
}
