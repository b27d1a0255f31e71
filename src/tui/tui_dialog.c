/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages, questions, and the dialog that spends money. */
#include "shebao/tui_dialog.h"

#include "tui_edit.h"
#include "tui_panel.h"

#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

struct dialog {
	struct tui *tui;
	const struct tui_dialog *spec;
	struct tui_panel_buttons buttons;
	struct tui_edit edit;
	char typed[64];
	int top;       /* first of the scrolling lines shown */
	int scrolling; /* how many of them are visible, as last drawn */
};

static const struct {
	const char *title;
	enum tui_style style;
} kinds[] = {
	[TUI_DIALOG_NOTE] = { N_("提示"), TUI_STYLE_NORMAL },
	[TUI_DIALOG_SUCCESS] = { N_("成功"), TUI_STYLE_GOOD },
	[TUI_DIALOG_WARNING] = { N_("注意"), TUI_STYLE_WARNING },
	[TUI_DIALOG_ERROR] = { N_("错误"), TUI_STYLE_BAD },
};

static const struct tui_action dialog_keys[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("按下"), .help = N_("按下光标所在的按钮") },
	{ .key = TUI_KEY_TAB, .label = N_("换按钮"), .help = N_("移到下一个按钮；数字 1、2、3 移到该按钮") },
	{ .key = TUI_KEY_ESC, .label = N_("取消"), .help = N_("按下最后一个按钮") },
};
static const struct tui_action message_keys[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("确定"), .help = N_("关闭提示") },
};

/* True while what must be typed is not there yet. */
static int
is_waiting(const struct dialog *d)
{
	return d->spec->expect != NULL && strcmp(d->typed, d->spec->expect) != 0;
}

static int
label_width(const struct tui_dialog_line *lines, size_t count)
{
	int width = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		int w = text_width(lines[i].label);

		width = w > width ? w : width;
	}
	return width > 0 ? width + 2 : 0;
}

static int
widest_line(const struct tui_dialog_line *lines, size_t count)
{
	int labels = label_width(lines, count);
	int width = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		int w = text_width(lines[i].value.s) + labels;

		width = w > width ? w : width;
	}
	return width;
}

static int
wanted_columns(const struct dialog *d, int room)
{
	const struct tui_dialog *spec = d->spec;
	int columns = 24;
	int widths[] = {
		spec->text != NULL ? tui_canvas_wrap_width(spec->text, room) : 0,
		widest_line(spec->lines, spec->line_count),
		widest_line(spec->scroll, spec->scroll_count),
		tui_panel_buttons_width(&d->buttons),
		spec->expect_prompt != NULL ? text_width(spec->expect_prompt) + 24 : 0,
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(widths); i++) {
		columns = widths[i] > columns ? widths[i] : columns;
	}
	return columns < room ? columns : room;
}

/* Lines that a label-and-value line takes when its value is wrapped. */
static int
line_height(const struct tui_dialog_line *row, int labels, int columns)
{
	return tui_canvas_wrap_lines(row->value.s, columns - labels);
}

static int
draw_line(
    struct tui_canvas *panel, int line, const struct tui_dialog_line *row, int labels)
{
	struct tui_box box = { line, labels, tui_canvas_lines(panel) - line,
		tui_canvas_columns(panel) - labels };

	if (row->label[0] != '\0') {
		tui_canvas_text(panel, line, 0, TUI_STYLE_DIM, text_cleaned(row->label));
	} else {
		box.column = 0;
		box.columns = tui_canvas_columns(panel);
	}
	return tui_canvas_wrap(
	    panel, box, row->strong ? TUI_STYLE_STRONG : TUI_STYLE_NORMAL, row->value.s);
}

static int
draw_scroll(struct dialog *d, struct tui_canvas *panel, int line, int lines)
{
	int labels = label_width(d->spec->scroll, d->spec->scroll_count);
	int count = (int)d->spec->scroll_count;
	int i;

	d->scrolling = lines < count ? lines : count;
	if (d->top > count - d->scrolling) {
		d->top = count - d->scrolling;
	}
	for (i = 0; i < d->scrolling; i++) {
		const struct tui_dialog_line *row = &d->spec->scroll[d->top + i];
		struct tui_span value = { line + i, labels,
			tui_canvas_columns(panel) - labels };

		tui_canvas_text(
		    panel, line + i, 0, TUI_STYLE_DIM, text_cleaned(row->label));
		tui_canvas_put(panel, value,
		    row->strong ? TUI_STYLE_STRONG : TUI_STYLE_NORMAL, TUI_ALIGN_RIGHT,
		    row->value);
	}
	if (d->scrolling < count) {
		tui_canvas_text(panel, line + d->scrolling, 0, TUI_STYLE_DIM,
		    text_literal(_("↑↓ 查看其余各行")));
		d->scrolling++;
	}
	return d->scrolling;
}

static void
draw_expect(struct dialog *d, struct tui_canvas *panel, int line)
{
	int column;
	int at;
	struct tui_span field = { line, 0, 20 };

	column = tui_canvas_text(
	    panel, line, 0, TUI_STYLE_NORMAL, text_cleaned(d->spec->expect_prompt));
	field.column = column;
	tui_edit_window(&d->edit, field.columns, &at);
	tui_canvas_put(
	    panel, field, TUI_STYLE_INPUT, TUI_ALIGN_LEFT, text_cleaned(d->typed));
	if (d->buttons.focus < 0) {
		tui_canvas_cursor(panel, line, field.column + at);
	}
}

static void
draw(void *self, struct tui_canvas *canvas)
{
	struct dialog *d = self;
	const struct tui_dialog *spec = d->spec;
	int columns = wanted_columns(d, tui_panel_room(canvas));
	int labels = label_width(spec->lines, spec->line_count);
	int text_lines =
	    spec->text != NULL ? tui_canvas_wrap_lines(spec->text, columns) : 0;
	int fixed = 3 + text_lines + (spec->expect != NULL ? 2 : 0);
	int line = 1;
	int scroll;
	struct tui_canvas *panel;
	struct tui_box box;
	size_t i;

	fixed +=
	    text_lines > 0 && (spec->line_count > 0 || spec->scroll_count > 0) ? 1 : 0;
	fixed += spec->scroll_count > 0 && spec->line_count > 0 ? 1 : 0;
	for (i = 0; i < spec->line_count; i++) {
		fixed += line_height(&spec->lines[i], labels, columns);
	}
	scroll = tui_canvas_lines(canvas) - 2 - fixed - 1;
	scroll = scroll < (int)spec->scroll_count ? scroll - 1 : (int)spec->scroll_count;
	scroll = scroll > 0 ? scroll : 0;
	panel = tui_panel_open(canvas,
	    fixed + scroll + (scroll < (int)spec->scroll_count ? 1 : 0), columns,
	    text_cleaned(spec->title != NULL ? spec->title : _(kinds[spec->kind].title)));
	if (text_lines > 0) {
		box = (struct tui_box){ line, 0, text_lines, columns };
		line += tui_canvas_wrap(panel, box, kinds[spec->kind].style, spec->text);
		line += spec->line_count > 0 || spec->scroll_count > 0 ? 1 : 0;
	}
	for (i = 0; i < spec->line_count; i++) {
		line += draw_line(panel, line, &spec->lines[i], labels);
	}
	if (spec->scroll_count > 0) {
		line += spec->line_count > 0 ? 1 : 0;
		line += draw_scroll(d, panel, line, scroll);
	}
	if (spec->expect != NULL) {
		draw_expect(d, panel, line + 1);
	}
	d->buttons.disabled = is_waiting(d) ? 0 : -1;
	tui_panel_buttons_draw(panel, tui_canvas_lines(panel) - 1, &d->buttons);
}

static enum tui_code
press(struct dialog *d, int button)
{
	if (button == 0 && is_waiting(d)) {
		tui_notify(
		    d->tui, TUI_STYLE_WARNING, text_cleaned(d->spec->expect_prompt));
		return TUI_REDRAW;
	}
	tui_set_result(d->tui, button);
	return TUI_CLOSE;
}

/* The button that key presses; -1: none. */
static int
shortcut(const struct dialog *d, int key)
{
	int i;

	for (i = 0; d->spec->shortcuts != NULL && i < (int)d->buttons.count; i++) {
		if (d->spec->shortcuts[i].key == key) {
			return i;
		}
	}
	return -1;
}

static enum tui_code
scroll_by(struct dialog *d, int by)
{
	d->top += by;
	if (d->top < 0) {
		d->top = 0;
	}
	return TUI_REDRAW;
}

static enum tui_code
key_typed(struct dialog *d, int key)
{
	if (key == TUI_KEY_ENTER) {
		d->buttons.focus = is_waiting(d) ? (int)d->buttons.count - 1 : 0;
		return TUI_REDRAW;
	}
	if (key == TUI_KEY_PASTE) {
		return TUI_HANDLED; /* what confirms is typed by hand */
	}
	return tui_edit_key(&d->edit, tui_key_fold(key));
}

static enum tui_code
key(void *self, int key)
{
	struct dialog *d = self;
	int last = (int)d->buttons.count - 1;

	if (key == TUI_KEY_ESC) {
		return press(d, last);
	}
	if (shortcut(d, key) >= 0) {
		return press(d, shortcut(d, key));
	}
	if (d->spec->scroll_count > 0 && (key == TUI_KEY_UP || key == TUI_KEY_DOWN)) {
		return scroll_by(d, key == TUI_KEY_UP ? -1 : 1);
	}
	if (d->spec->scroll_count > 0 &&
	    (key == TUI_KEY_PAGE_UP || key == TUI_KEY_PAGE_DOWN)) {
		return scroll_by(
		    d, key == TUI_KEY_PAGE_UP ? -d->scrolling : d->scrolling);
	}
	if (d->buttons.focus < 0 && key != TUI_KEY_TAB && key != TUI_KEY_BACK_TAB &&
	    key != TUI_KEY_DOWN) {
		return key_typed(d, key);
	}
	if (d->spec->expect != NULL && key == TUI_KEY_BACK_TAB && d->buttons.focus == 0) {
		d->buttons.focus = -1;
		return TUI_REDRAW;
	}
	if (key == TUI_KEY_ENTER || key == TUI_KEY_SPACE) {
		return press(d, d->buttons.focus);
	}
	return tui_panel_buttons_key(&d->buttons, key);
}

static int
takes_text(const void *self)
{
	return ((const struct dialog *)self)->buttons.focus < 0;
}

static size_t
bar(void *self, const struct tui_action **rows, size_t max)
{
	const struct dialog *d = self;
	size_t i, n = 0;

	if (d->buttons.count == 1) {
		rows[0] = &message_keys[0];
		return 1;
	}
	for (i = 0; d->spec->shortcuts != NULL && i < d->buttons.count && n < max; i++) {
		if (d->spec->shortcuts[i].key != TUI_KEY_NONE) {
			rows[n++] = &d->spec->shortcuts[i];
		}
	}
	for (i = 0; i < ARRAY_LEN(dialog_keys) && n < max; i++) {
		rows[n++] = &dialog_keys[i];
	}
	return n;
}

static const struct tui_view_class class = {
	.draw = draw,
	.key = key,
	.takes_text = takes_text,
	.bar = bar,
	.keys = dialog_keys,
	.key_count = ARRAY_LEN(dialog_keys),
};

int
tui_dialog_run(struct tui *tui, const struct tui_dialog *spec)
{
	struct dialog d = { .tui = tui, .spec = spec };
	struct tui_view view = { &class, &d };
	size_t i;

	for (i = 0; i < spec->button_count && i < TUI_PANEL_BUTTONS_MAX; i++) {
		d.buttons.labels[i] = spec->buttons[i];
	}
	d.buttons.count = i;
	d.buttons.focus = spec->expect != NULL ? -1 : spec->initial;
	tui_edit_init(&d.edit, d.typed, sizeof(d.typed));
	return tui_run(tui, view, spec->view_flags);
}

void
tui_dialog_message(
    struct tui *tui, enum tui_dialog_kind kind, const char *title, const char *text)
{
	const char *const buttons[] = { _("确定") };
	const struct tui_dialog spec = {
		.title = title,
		.text = text,
		.kind = kind,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
	};

	/* What was typed for the case that all goes well must not close bad news. */
	if (kind == TUI_DIALOG_WARNING || kind == TUI_DIALOG_ERROR) {
		tui_deafen(tui, 0);
	}
	tui_dialog_run(tui, &spec);
}

static int
ask(struct tui *tui, const char *title, const char *text, int is_danger)
{
	const char *const buttons[] = { _("确定"), _("取消") };
	const struct tui_dialog spec = {
		.title = title,
		.text = text,
		.kind = is_danger ? TUI_DIALOG_WARNING : TUI_DIALOG_NOTE,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
		.initial = is_danger ? 1 : 0,
		.view_flags = is_danger ? TUI_VIEW_DEAF : 0,
	};

	return tui_dialog_run(tui, &spec) == 0;
}

int
tui_dialog_confirm(struct tui *tui, const char *title, const char *text)
{
	return ask(tui, title, text, 0);
}

int
tui_dialog_danger(struct tui *tui, const char *title, const char *text)
{
	return ask(tui, title, text, 1);
}
