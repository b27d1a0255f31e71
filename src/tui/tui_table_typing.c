/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching and narrowing a table while its user types. */
#include "tui_table_typing.h"

#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

static const struct {
	const char *prompt; /* N_( ) */
	struct tui_action enter, escape;
} lines[] = {
	[TUI_TABLE_SEARCH] = { N_(" 查找："),
	    { .key = TUI_KEY_ENTER, .label = N_("留在这里"), .help = N_("结束查找") },
	    { .key = TUI_KEY_ESC, .label = N_("取消"), .help = N_("回到查找前的一行") } },
	[TUI_TABLE_NARROW] = { N_(" 筛出："),
	    { .key = TUI_KEY_ENTER, .label = N_("只看这些"), .help = N_("只留筛出的行") },
	    { .key = TUI_KEY_ESC, .label = N_("恢复全部"), .help = N_("恢复全部各行") } },
};

void
tui_table_typing_init(struct tui_table *t)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(t->lines); i++) {
		tui_edit_init(&t->lines[i].edit, t->lines[i].typed, sizeof(t->lines[i].typed));
	}
}

int
tui_table_is_narrowed(const struct tui_table *t)
{
	return t->lines[TUI_TABLE_NARROW].typed[0] != '\0';
}

/* ---- search */

enum tui_code
tui_table_find(struct tui_table *t, int64_t from, int step)
{
	const char *typed = t->lines[TUI_TABLE_SEARCH].typed;
	int64_t count = t->options.source->count(t->options.user);
	int64_t row;

	if (t->options.source->find == NULL || typed[0] == '\0' || count == 0) {
		return TUI_HANDLED;
	}
	from = from < 0 ? count - 1 : from >= count ? 0 : from;
	row = t->options.source->find(t->options.user, typed, from, step);
	if (row == -2) {
		return TUI_REDRAW;
	}
	if (row < 0) {
		tui_notify(t->tui, TUI_STYLE_WARNING, text_literal(_("没有找到")));
		return TUI_REDRAW;
	}
	t->fetched_first = -1;
	t->row = row;
	return TUI_REDRAW;
}

/* ---- narrowing */

static void
narrow(struct tui_table *t)
{
	t->options.source->narrow(t->options.user, t->lines[TUI_TABLE_NARROW].typed);
	t->row = t->top = 0;
	t->has_focus_key = 0;
	tui_table_reload(t);
}

enum tui_code
tui_table_widen(struct tui_table *t)
{
	tui_edit_clear(&t->lines[TUI_TABLE_NARROW].edit);
	t->options.source->narrow(t->options.user, "");
	if (!t->has_focus_key) {
		t->focus_key = t->from_key;
		t->has_focus_key = 1;
	}
	tui_table_reload(t);
	return TUI_REDRAW;
}

/* ---- the line */

enum tui_code
tui_table_typing_open(struct tui_table *t, enum tui_table_typing what)
{
	const struct tui_table_source *source = t->options.source;

	if (what == TUI_TABLE_SEARCH ? source->find == NULL : source->narrow == NULL) {
		return TUI_IGNORED;
	}
	t->typing = what;
	t->from_row = t->row;
	/* A narrowed list is narrowed further, and left for where it was whole. */
	if (what == TUI_TABLE_SEARCH) {
		tui_edit_clear(&t->lines[what].edit);
	} else if (!tui_table_is_narrowed(t)) {
		t->from_key = t->has_focus_key ? t->focus_key : -1;
	}
	return TUI_REDRAW;
}

static enum tui_code
close_line(struct tui_table *t, int key)
{
	enum tui_table_typing what = t->typing;

	t->typing = TUI_TABLE_NO_LINE;
	if (key == TUI_KEY_ESC && what == TUI_TABLE_NARROW) {
		t->has_focus_key = 0;
		return tui_table_widen(t);
	}
	if (key == TUI_KEY_ESC) {
		tui_edit_clear(&t->lines[what].edit);
		t->row = t->from_row;
	}
	return TUI_REDRAW;
}

static void
typed(struct tui_table *t)
{
	if (t->typing == TUI_TABLE_NARROW) {
		narrow(t);
		return;
	}
	t->row = t->from_row;
	tui_table_find(t, t->from_row, 1);
}

enum tui_code
tui_table_typing_key(struct tui_table *t, int key)
{
	struct tui_table_line *line = &t->lines[t->typing];
	char before[sizeof(line->typed)];
	enum tui_code code = TUI_REDRAW;

	if (key == TUI_KEY_ENTER || key == TUI_KEY_ESC) {
		return close_line(t, key);
	}
	mem_copy_text(before, sizeof(before), line->typed);
	if (key == TUI_KEY_PASTE) {
		tui_edit_paste(&line->edit, tui_pasted(t->tui));
	} else {
		code = tui_edit_key(&line->edit, tui_key_fold(key));
	}
	if (strcmp(before, line->typed) != 0) {
		typed(t);
	}
	return code;
}

size_t
tui_table_typing_bar(void *self, const struct tui_action **rows, size_t max)
{
	const struct tui_table *t = self;

	(void)max;
	rows[0] = &lines[t->typing].enter;
	rows[1] = &lines[t->typing].escape;
	return 2;
}

int
tui_table_typing_lines(const struct tui_table *t)
{
	return t->typing != TUI_TABLE_NO_LINE || tui_table_is_narrowed(t);
}

void
tui_table_typing_draw(const struct tui_table *t, struct tui_canvas *c)
{
	enum tui_table_typing what = t->typing != TUI_TABLE_NO_LINE ? t->typing : TUI_TABLE_NARROW;
	const struct tui_table_line *line = &t->lines[what];
	struct tui_span span = { tui_canvas_lines(c) - 1, 0, tui_canvas_columns(c) };
	const char *prompt = _(lines[what].prompt);
	int taken = text_width(prompt), at;
	size_t from;

	tui_canvas_put(c, span, TUI_STYLE_STRONG, TUI_ALIGN_LEFT, text_literal(prompt));
	from = tui_edit_window(&line->edit, span.columns - taken, &at);
	tui_canvas_text(c, span.line, taken, TUI_STYLE_NORMAL, text_cleaned(line->typed + from));
	if (t->typing != TUI_TABLE_NO_LINE) {
		tui_canvas_cursor(c, span.line, taken + at);
	}
}
