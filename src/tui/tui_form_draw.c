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
		const struct tui_field *field = &f->spec->fields[i];
		int w = labels + tui_field_columns(field) + 4;
		int hint = field->hint != NULL ? labels + text_width(_(field->hint)) : 0;

		columns = w > columns ? w : columns;
		columns = hint > columns && hint <= room ? hint : columns;
	}
	if (tui_panel_buttons_width(&f->buttons) > columns) {
		columns = tui_panel_buttons_width(&f->buttons);
	}
	return columns < room ? columns : room;
}

/* The mend of a field, or its hint. */
static const char *
remark_text(const struct tui_form_state *f, size_t i)
{
	if (f->remarks[i].text.len > 0) {
		return buf_text(&f->remarks[i].text);
	}
	return f->spec->fields[i].hint != NULL ? _(f->spec->fields[i].hint) : "";
}

/* Remarks stand below their field; what is wider than that begins at the edge. */
static int
remark_column(const char *text, int labels, int columns)
{
	return text_width(text) > columns - labels ? 0 : labels;
}

/* Lines that the longest remark needs. */
static int
remark_lines(const struct tui_form_state *f, int labels, int columns)
{
	int lines = 1;
	size_t i;

	for (i = 0; i < f->spec->field_count; i++) {
		const char *text = remark_text(f, i);
		int n = tui_canvas_wrap_lines(
		    text, columns - remark_column(text, labels, columns));

		lines = n > lines ? n : lines;
	}
	return lines;
}

/* The hint is shown while its field has the focus. */
static void
draw_remark(const struct tui_form_state *f, struct tui_canvas *panel, struct tui_box box,
    size_t i)
{
	const char *text = remark_text(f, i);
	int is_hint = f->remarks[i].text.len == 0;
	int columns = tui_canvas_columns(panel);

	if (is_hint && i != f->focus) {
		return;
	}
	box.column = remark_column(text, box.column, columns);
	box.columns = columns - box.column;
	tui_canvas_wrap(panel, box, is_hint ? TUI_STYLE_DIM : f->remarks[i].style, text);
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
		if (step > 1) {
			draw_remark(f, panel,
			    (struct tui_box){ line + 1, labels, step - 1, 0 }, i);
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
	int below = remark_lines(f, label_columns(f), columns);
	int step = 1 + text + (1 + below) * count + 1 <= room ? 1 + below : 1;
	/* Close together, the fields share the lines for remarks. */
	int lines = step * count;
	int other = 1 + text + 1 + (step == 1 ? 1 + below : 0);
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
		draw_remark(f, panel, (struct tui_box){ line, 0, below, 0 }, f->focus);
	}
	tui_panel_buttons_draw(panel, tui_canvas_lines(panel) - 1, &f->buttons);
}
