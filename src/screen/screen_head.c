/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A view with a record's labels and values above it. */
#include "screen_head.h"

#include <assert.h>

#include "shebao/i18n.h"
#include "shebao/text.h"

/* Below this the widget would have nothing left. */
#define BODY_LINES_MIN 6

static int
width_of(const struct screen_head_pair *pair)
{
	return text_width(pair->label) + 2 + text_width(pair->value);
}

/* Draws the pairs into half columns each; returns the lines they took. canvas NULL: only counts. */
static int
put_pairs(const struct screen_head *head, struct tui_canvas *canvas, int columns)
{
	int half = (columns - 2) / 2;
	int line = 0, is_right = 0;
	size_t i;

	for (i = 0; i < head->count; i++) {
		const struct screen_head_pair *pair = &head->pairs[i];
		int is_wide = width_of(pair) >= half;
		int column;

		if (is_right && is_wide) {
			is_right = 0;
			line++;
		}
		column = is_right ? 1 + half : 1;
		if (canvas != NULL) {
			struct tui_span rest = { line, column + text_width(pair->label) + 2, 0 };

			rest.columns = (is_wide ? columns : column + half) - rest.column - 1;
			tui_canvas_text(
			    canvas, line, column, TUI_STYLE_LABEL, text_cleaned(pair->label));
			tui_canvas_put(canvas, rest, TUI_STYLE_NORMAL, TUI_ALIGN_LEFT,
			    text_cleaned(pair->value));
		}
		is_right = !is_wide && !is_right;
		line += !is_right;
	}
	return line + is_right;
}

static void
draw(void *self, struct tui_canvas *canvas)
{
	const struct screen_head *head = self;
	int columns = tui_canvas_columns(canvas), lines = tui_canvas_lines(canvas);
	int taken = put_pairs(head, NULL, columns);
	struct tui_box box = { 0, 0, lines, columns };

	if (taken > 0 && taken + 1 + BODY_LINES_MIN <= lines) {
		put_pairs(head, canvas, columns);
		tui_canvas_rule(
		    canvas, (struct tui_span){ taken, 0, columns }, TUI_STYLE_BORDER);
		box.line = taken + 1;
		box.lines -= taken + 1;
	}
	head->body.class->draw(head->body.self, tui_canvas_part(canvas, box));
}

static enum tui_code
key(void *self, int k)
{
	const struct screen_head *head = self;

	return head->body.class->key(head->body.self, k);
}

static int
takes_text(const void *self)
{
	const struct screen_head *head = self;

	return head->body.class->takes_text(head->body.self);
}

static struct text
summary(void *self)
{
	const struct screen_head *head = self;

	return head->body.class->summary(head->body.self);
}

static size_t
bar(void *self, const struct tui_action **rows, size_t max)
{
	const struct screen_head *head = self;

	return head->body.class->bar(head->body.self, rows, max);
}

static int
has_content(const void *self)
{
	const struct screen_head *head = self;

	return head->body.class->has_content(head->body.self);
}

void
screen_head_add(struct screen_head *head, const struct record_type *type,
    const char *const *names, const void *record)
{
	for (; *names != NULL && head->count < SCREEN_HEAD_PAIRS; names++) {
		const struct field *field = record_field(type, *names);
		struct screen_head_pair *pair = &head->pairs[head->count];

		assert(field != NULL);
		pair->label = _(field->label);
		record_show(field, record, pair->value, sizeof(pair->value));
		head->count += pair->value[0] != '\0';
	}
}

struct tui_view
screen_head_view(struct screen_head *head, struct tui_view body)
{
	const struct tui_view_class *class = body.class;

	head->body = body;
	head->class = *class;
	head->class.draw = draw;
	head->class.key = class->key == NULL ? NULL : key;
	head->class.takes_text = class->takes_text == NULL ? NULL : takes_text;
	head->class.summary = class->summary == NULL ? NULL : summary;
	head->class.bar = class->bar == NULL ? NULL : bar;
	head->class.has_content = class->has_content == NULL ? NULL : has_content;
	return (struct tui_view){ &head->class, head };
}
