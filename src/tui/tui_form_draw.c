/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a form looks. */
#include "tui_form_draw.h"

#include "shebao/i18n.h"

int
tui_form_draw_is_skipped(const struct tui_form_state *f, size_t i)
{
	return f->spec->skip != NULL && f->spec->skip(f->spec->user, i);
}

int
tui_form_draw_can_enter(const struct tui_form_state *f, size_t i)
{
	const struct tui_field *field = &f->spec->fields[i];

	return field->kind != TUI_FIELD_NOTE &&
	    (field->flags & TUI_FIELD_READ_ONLY) == 0 && !tui_form_draw_is_skipped(f, i);
}

static int
label_columns(const struct tui_form_state *f)
{
	int widest = 0;
	size_t i;

	for (i = 0; i < f->spec->field_count; i++) {
		int w = text_width(_(f->spec->fields[i].label));

		widest = w > widest ? w : widest;
	}
	return widest > 0 ? widest + 2 : 0;
}

static int
wanted_columns(const struct tui_form_state *f, int labels, int room)
{
	int columns = 56;
	size_t i;

	for (i = 0; i < f->spec->field_count; i++) {
		int w = labels + tui_field_columns(&f->spec->fields[i]) + 4;

		columns = w > columns ? w : columns;
	}
	if (tui_panel_buttons_width(&f->buttons) > columns) {
		columns = tui_panel_buttons_width(&f->buttons);
	}
	return columns < room ? columns : room;
}

/* The mend of a field, or its hint while it has the focus. */
static void
draw_remark(const struct tui_form_state *f, struct tui_canvas *panel, int line,
    int column, size_t i)
{
	struct tui_span span = { line, column, tui_canvas_columns(panel) - column };
	const struct tui_form_remark *r = &f->remarks[i];
	const struct tui_field *field = &f->spec->fields[i];

	if (r->text.len > 0) {
		int width = text_width(buf_text(&r->text));

		if (width > span.columns) {
			span.column = 0;
			span.columns = tui_canvas_columns(panel);
		}
		tui_canvas_put(panel, span, r->style, TUI_ALIGN_LEFT,
		    text_cleaned(buf_text(&r->text)));
	} else if (i == f->focus && field->hint != NULL) {
		tui_canvas_put(panel, span, TUI_STYLE_DIM, TUI_ALIGN_LEFT,
		    text_literal(_(field->hint)));
	}
}

static void
draw_field(const struct tui_form_state *f, struct tui_canvas *panel, int line, int labels,
    size_t i)
{
	const struct tui_field *field = &f->spec->fields[i];
	struct tui_span span = { line, labels, tui_field_columns(field) };
	enum tui_style style =
	    tui_form_draw_is_skipped(f, i) ? TUI_STYLE_DIM : TUI_STYLE_NORMAL;
	int room = tui_canvas_columns(panel) - labels -
	    (field->kind == TUI_FIELD_CHOICE ? 3 : 0);

	span.columns = span.columns < room ? span.columns : room;
	tui_canvas_text(panel, line, 0, style, text_literal(_(field->label)));
	if (tui_form_draw_is_skipped(f, i)) {
		return;
	}
	if (tui_form_draw_can_enter(f, i)) {
		style = i == f->focus && !tui_field_is_text(field) ? TUI_STYLE_FOCUS
								   : TUI_STYLE_INPUT;
	}
	tui_field_draw(field, i == f->focus ? &f->edit : NULL, panel, span, style);
}

static int
draw_fields(
    struct tui_form_state *f, struct tui_canvas *panel, int line, int lines, int step)
{
	int labels = label_columns(f);
	size_t fit = (size_t)(lines / step);
	size_t i;

	if (f->focus < f->spec->field_count) {
		f->top = f->focus < f->top ? f->focus : f->top;
		f->top = f->focus >= f->top + fit ? f->focus + 1 - fit : f->top;
	}
	for (i = f->top; i < f->spec->field_count && i < f->top + fit; i++) {
		draw_field(f, panel, line, labels, i);
		if (step == 2) {
			draw_remark(f, panel, line + 1, labels, i);
		}
		line += step;
	}
	return line;
}

void
tui_form_draw(void *self, struct tui_canvas *canvas)
{
	struct tui_form_state *f = self;
	int room = tui_canvas_lines(canvas) - 2;
	int columns = wanted_columns(f, label_columns(f), tui_panel_room(canvas));
	int count = (int)f->spec->field_count;
	int text =
	    f->spec->text != NULL ? tui_canvas_wrap_lines(f->spec->text, columns) + 1 : 0;
	int step = 1 + text + 2 * count + 1 <= room ? 2 : 1;
	/* Close together, the fields share one line for remarks. */
	int lines = step == 2 ? 2 * count : count;
	int other = 1 + text + 1 + (step == 1 ? 2 : 0);
	struct tui_box box = { 1, 0, text, columns };
	struct tui_canvas *panel;
	int line;

	lines = lines + other <= room ? lines : room - other;
	panel =
	    tui_panel_open(canvas, lines + other, columns, text_cleaned(f->spec->title));
	box.columns = tui_canvas_columns(panel);
	if (text > 0) {
		tui_canvas_wrap(panel, box, TUI_STYLE_NORMAL, f->spec->text);
	}
	line = draw_fields(f, panel, 1 + text, lines, step);
	if (step == 1 && f->focus < f->spec->field_count) {
		draw_remark(f, panel, line, 0, f->focus);
	}
	tui_panel_buttons_draw(panel, tui_canvas_lines(panel) - 1, &f->buttons);
}
