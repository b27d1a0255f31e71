/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinds of fields: what may be typed, how it looks. */
#include "tui_field.h"

#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

struct kind {
	const char *also; /* besides digits, what may be typed; NULL: everything */
	int columns;
	int is_text;
	int folds;
	int capitals;
};

static const struct kind kinds[] = {
	[TUI_FIELD_TEXT] = { .columns = 36, .is_text = 1 },
	[TUI_FIELD_CODE] = { .columns = 24, .is_text = 1, .folds = 1, .capitals = 1 },
	[TUI_FIELD_AMOUNT] = { .also = ".,-", .columns = 18, .is_text = 1, .folds = 1 },
	[TUI_FIELD_DATE] = { .also = "-/.", .columns = 12, .is_text = 1, .folds = 1 },
	[TUI_FIELD_PERIOD] = { .also = "-/.", .columns = 9, .is_text = 1, .folds = 1 },
	[TUI_FIELD_PASSWORD] = { .columns = 24, .is_text = 1, .folds = 1 },
	[TUI_FIELD_CHOICE] = { .columns = 36 },
	[TUI_FIELD_CHECK] = { .columns = 3 },
	[TUI_FIELD_NOTE] = { .columns = 48 },
};
_Static_assert(ARRAY_LEN(kinds) == TUI_FIELD_KIND_COUNT, "a kind is missing");

int
tui_field_is_text(const struct tui_field *field)
{
	return kinds[field->kind].is_text;
}

uint32_t
tui_field_accept(enum tui_field_kind kind, uint32_t c)
{
	const struct kind *k = &kinds[kind];

	if (k->folds) {
		c = (uint32_t)tui_key_fold((int)c);
		if (c >= 0x80) {
			return 0;
		}
	}
	if (k->also != NULL && !(c >= '0' && c <= '9') &&
	    strchr(k->also, (int)c) == NULL) {
		return 0;
	}
	if (k->capitals && c == ' ') {
		return 0;
	}
	return k->capitals && c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

int
tui_field_columns(const struct tui_field *field)
{
	return field->columns > 0 ? field->columns : kinds[field->kind].columns;
}

/* The digits of a date or period; -1 if there is anything but digits and separators. */
static int
digits_of(const char *value, char digits[9])
{
	int n = 0;

	for (; *value != '\0'; value++) {
		if (*value >= '0' && *value <= '9') {
			if (n == 8) {
				return -1;
			}
			digits[n++] = *value;
		} else if (strchr("-/.", *value) == NULL) {
			return -1;
		} else if (n == 5) { /* 2020-6-...: a month of one digit */
			digits[5] = digits[4];
			digits[4] = '0';
			n = 6;
		}
	}
	digits[n] = '\0';
	return n;
}

static int
number(const char *digits, int n)
{
	int value = 0;

	while (n-- > 0) {
		value = value * 10 + (*digits++ - '0');
	}
	return value;
}

static int
is_day(int year, int month, int day)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month < 1 || month > 12 || day < 1 || day > days[month - 1] || year < 1900) {
		return 0;
	}
	return month != 2 || day < 29 ||
	    (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

static int
normalize_date(const struct tui_field *field, struct buf *mend)
{
	char digits[9];
	int is_period = field->kind == TUI_FIELD_PERIOD;
	int n = digits_of(field->value, digits);

	if (!is_period && n == 7) { /* 2020-06-3 */
		digits[7] = digits[6];
		digits[6] = '0';
		n = 8;
	}
	if (is_period && n == 5) {
		digits[5] = digits[4];
		digits[4] = '0';
		n = 6;
	}
	if (n != (is_period ? 6 : 8) ||
	    !is_day(number(digits, 4), number(digits + 4, 2),
		is_period ? 1 : number(digits + 6, 2))) {
		buf_puts(mend,
		    is_period ? _("应为年月，例如 2020-06（也可只输 202006）")
			      : _("应为日期，例如 2020-06-30（也可只输 20200630）"));
		return -1;
	}
	if (is_period) {
		snprintf(field->value, field->size, "%.4s-%.2s", digits, digits + 4);
	} else {
		snprintf(field->value, field->size, "%.4s-%.2s-%.2s", digits, digits + 4,
		    digits + 6);
	}
	return 0;
}

int
tui_field_normalize(const struct tui_field *field, struct buf *mend)
{
	if (!kinds[field->kind].is_text || field->value[0] == '\0') {
		return 0;
	}
	if (field->kind == TUI_FIELD_TEXT) {
		text_trim(field->value);
	}
	if (field->kind == TUI_FIELD_DATE || field->kind == TUI_FIELD_PERIOD) {
		return normalize_date(field, mend);
	}
	return 0;
}

static void
draw_password(const struct tui_field *field, const struct tui_edit *edit,
    struct tui_canvas *c, struct tui_span where, enum tui_style style)
{
	size_t n = tui_edit_length(field->value);
	char stars[65];

	n = n < sizeof(stars) - 1 ? n : sizeof(stars) - 1;
	n = n < (size_t)where.columns ? n : (size_t)where.columns;
	memset(stars, '*', n);
	stars[n] = '\0';
	tui_canvas_put(c, where, style, TUI_ALIGN_LEFT, text_cleaned(stars));
	if (edit != NULL) {
		int at = (int)edit->cursor < where.columns ? (int)edit->cursor
							   : where.columns - 1;

		tui_canvas_cursor(c, where.line, where.column + at);
	}
}

static void
draw_choice(const struct tui_field *field, struct tui_canvas *c, struct tui_span where,
    enum tui_style style, int has_focus)
{
	int chosen = *field->chosen;
	struct text label = { "" };

	if (chosen >= 0 && (size_t)chosen < field->choices->count(field->choices->user)) {
		label = field->choices->label(field->choices->user, (size_t)chosen);
	} else if (field->none != NULL) {
		label = text_literal(_(field->none));
	}
	tui_canvas_put(c, where, style, TUI_ALIGN_LEFT, label);
	tui_canvas_text(c, where.line, where.column + where.columns + 1, TUI_STYLE_DIM,
	    text_literal("F4"));
	if (has_focus) {
		tui_canvas_cursor(c, where.line, where.column);
	}
}

void
tui_field_draw(const struct tui_field *field, const struct tui_edit *edit,
    struct tui_canvas *c, struct tui_span where, enum tui_style style)
{
	struct text value;
	int at = 0;

	switch (field->kind) {
	case TUI_FIELD_PASSWORD:
		draw_password(field, edit, c, where, style);
		return;
	case TUI_FIELD_CHOICE:
		draw_choice(field, c, where, style, edit != NULL);
		return;
	case TUI_FIELD_CHECK:
		tui_canvas_put(c, where,
		    style == TUI_STYLE_INPUT ? TUI_STYLE_NORMAL : style, TUI_ALIGN_LEFT,
		    text_literal(*field->chosen ? "[x]" : "[ ]"));
		if (edit != NULL) {
			tui_canvas_cursor(c, where.line, where.column + 1);
		}
		return;
	case TUI_FIELD_NOTE:
		tui_canvas_put(c, where,
		    (field->flags & TUI_FIELD_STRONG) != 0 ? TUI_STYLE_STRONG
							   : TUI_STYLE_NORMAL,
		    TUI_ALIGN_LEFT, text_cleaned(field->value));
		return;
	case TUI_FIELD_TEXT:
	case TUI_FIELD_CODE:
	case TUI_FIELD_AMOUNT:
	case TUI_FIELD_DATE:
	case TUI_FIELD_PERIOD:
	case TUI_FIELD_KIND_COUNT:
	default:
		break;
	}
	value.s = field->value;
	if (edit != NULL) {
		value.s = field->value + tui_edit_window(edit, where.columns, &at);
		tui_canvas_cursor(c, where.line, where.column + at);
	}
	tui_canvas_put(c, where, style, TUI_ALIGN_LEFT, value);
}
