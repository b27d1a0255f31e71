/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of any length: moving, marking, searching, sorting. */
#include "shebao/tui_table.h"

#include "tui_table_record.h"
#include "tui_table_typing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/tui_list.h"

/* Those that mark come first: not every list has marks. */
#define MARKING_KEYS 5

static const struct tui_action table_keys[] = {
	{ .key = TUI_KEY_SPACE,
	    .label = N_("勾选"),
	    .help = N_("勾选或取消勾选，并移到下一行"),
	    .flags = TUI_ACTION_SHOWN },
	{ .key = TUI_KEY_INSERT,
	    .letters = "v",
	    .label = N_("连选"),
	    .help = N_("开始连选，再按一次勾选其间各行") },
	{ .key = '+',
	    .letters = "a",
	    .label = N_("全选"),
	    .help = N_("勾选当前筛选出的全部") },
	{ .key = '-', .letters = "u", .label = N_("全不选"), .help = N_("取消全部勾选") },
	{ .key = '*',
	    .letters = "i",
	    .label = N_("反选"),
	    .help = N_("勾选与未勾选互换") },
	{ .key = TUI_KEY_DOWN,
	    .letters = "jk",
	    .label = N_("移动"),
	    .help = N_("上下移动；PgUp、PgDn 翻页，Home、End 到头尾") },
	{ .key = TUI_KEY_RIGHT,
	    .letters = "hl",
	    .label = N_("左右滚动"),
	    .help = N_("看左右未显示的列，首列不动") },
	{ .key = '/',
	    .letters = "nN",
	    .label = N_("查找"),
	    .help = N_("查找文字、编码、金额、拼音首字母；n、N 找下一行、上一行") },
	{ .key = '&',
	    .label = N_("筛出"),
	    .help = N_("边输入边只留符合的行，查找什么都可以；Esc 恢复全部，勾选不变") },
	{ .key = TUI_KEY_F9,
	    .label = N_("排序"),
	    .help = N_("按某一列排序，再选一次则反向") },
	{ .key = TUI_KEY_ENTER,
	    .label = N_("查看"),
	    .help = N_("查看这一行的全部内容"),
	    .flags = TUI_ACTION_SHOWN },
};

const struct tui_action *
tui_table_keys(size_t *count)
{
	*count = ARRAY_LEN(table_keys);
	return table_keys;
}

void
tui_table_fetch(struct tui_table *t)
{
	const struct tui_table_source *source = t->options.source;
	int n;

	t->count = source->count(t->options.user);
	t->row = t->row >= t->count ? t->count - 1 : t->row;
	t->row = t->row > 0 ? t->row : 0;
	t->page = t->page > 1 ? t->page : 1;
	if (t->row >= t->top + t->page) {
		t->top = t->row - t->page + 1;
	}
	/* No empty lines below the last row while there are rows above. */
	t->top = t->top > t->count - t->page ? t->count - t->page : t->top;
	t->top = t->top > 0 ? t->top : 0;
	t->top = t->top > t->row ? t->row : t->top;
	n = t->count - t->top < t->page ? (int)(t->count - t->top) : t->page;
	if (n > 0 && (t->top != t->fetched_first || n != t->fetched_count)) {
		source->fetch(t->options.user, t->top, n);
		t->fetches++;
		t->fetched_first = t->top;
		t->fetched_count = n;
	}
	t->has_focus_key = source->key != NULL && t->count > 0;
	if (t->has_focus_key) {
		t->focus_key = source->key(t->options.user, t->row);
	}
}

static enum tui_code
move_to(struct tui_table *t, int64_t row)
{
	int64_t last = t->options.source->count(t->options.user) - 1;

	row = row > last ? last : row;
	row = row > 0 ? row : 0;
	if (row == t->row) {
		return TUI_HANDLED;
	}
	t->row = row;
	return TUI_REDRAW;
}

static enum tui_code
move_page(struct tui_table *t, int pages)
{
	int64_t by = (int64_t)t->page * pages;

	t->top += by;
	return move_to(t, t->row + by) == TUI_REDRAW ? TUI_REDRAW : TUI_HANDLED;
}

static enum tui_code
marked(struct tui_table *t)
{
	t->fetched_first = -1;
	return TUI_REDRAW;
}

static enum tui_code
mark_row(struct tui_table *t)
{
	const struct tui_table_source *source = t->options.source;
	int on;

	if (source->mark == NULL || t->count == 0) {
		return TUI_HANDLED;
	}
	tui_table_fetch(t);
	on = source->is_marked == NULL || !source->is_marked(t->options.user, t->row);
	source->mark(t->options.user, t->row, t->row, on);
	move_to(t, t->row + 1);
	return marked(t);
}

static enum tui_code
mark_range(struct tui_table *t)
{
	const struct tui_table_source *source = t->options.source;
	int64_t anchor = t->anchor;

	if (source->mark == NULL || t->count == 0) {
		return TUI_HANDLED;
	}
	if (anchor < 0) {
		t->anchor = t->row;
		tui_notify(t->tui, TUI_STYLE_NORMAL,
		    text_literal(
			_("连选：移到最后一行，再按一次 Insert 或 v；Esc 取消")));
		return TUI_REDRAW;
	}
	t->anchor = -1;
	if (anchor < t->row) {
		source->mark(t->options.user, anchor, t->row, 1);
	} else {
		source->mark(t->options.user, t->row, anchor, 1);
	}
	return marked(t);
}

static enum tui_code
mark_all(struct tui_table *t, enum tui_mark what)
{
	if (t->options.source->mark_all == NULL) {
		return TUI_IGNORED;
	}
	t->options.source->mark_all(t->options.user, what);
	return marked(t);
}

struct sort_choices {
	const struct tui_table *table;
	int columns[TUI_TABLE_COLUMNS_MAX];
	size_t count;
};

static size_t
sort_count(void *user)
{
	return ((const struct sort_choices *)user)->count;
}

static struct text
sort_label(void *user, size_t index)
{
	const struct sort_choices *s = user;

	return text_literal(_(s->table->options.columns[s->columns[index]].label));
}

static struct text
sort_note(void *user, size_t index)
{
	const struct sort_choices *s = user;
	int is_current = s->columns[index] == s->table->sort_column;

	return text_literal(!is_current   ? ""
		: s->table->is_descending ? _("降序")
					  : _("升序"));
}

static enum tui_code
choose_sort(struct tui_table *t)
{
	struct sort_choices s = { .table = t };
	struct tui_choices choices = { sort_count, sort_label, sort_note, &s };
	int initial = 0;
	int chosen;
	size_t i;

	if (t->options.source->sort == NULL) {
		return TUI_IGNORED;
	}
	for (i = 0; i < t->options.column_count && s.count < TUI_TABLE_COLUMNS_MAX; i++) {
		if ((t->options.columns[i].flags & TUI_COLUMN_FIXED) == 0) {
			initial = (int)i == t->sort_column ? (int)s.count : initial;
			s.columns[s.count++] = (int)i;
		}
	}
	chosen = tui_list_choose(t->tui, _("按哪一列排序"), &choices, initial);
	if (chosen < 0) {
		return TUI_REDRAW;
	}
	t->is_descending = s.columns[chosen] == t->sort_column && !t->is_descending;
	t->sort_column = s.columns[chosen];
	t->options.source->sort(t->options.user, t->sort_column, t->is_descending);
	tui_table_reload(t);
	return TUI_REDRAW;
}

static enum tui_code
key_mark(struct tui_table *t, int key)
{
	switch (key) {
	case TUI_KEY_SPACE:
		return mark_row(t);
	case TUI_KEY_INSERT:
	case 'v':
		return mark_range(t);
	case '+':
	case 'a':
		return mark_all(t, TUI_MARK_ALL);
	case '-':
	case 'u':
		return mark_all(t, TUI_MARK_NONE);
	case '*':
	case 'i':
		return mark_all(t, TUI_MARK_INVERT);
	case TUI_KEY_ESC:
		if (t->anchor < 0) {
			return tui_table_is_narrowed(t) ? tui_table_widen(t) : TUI_IGNORED;
		}
		t->anchor = -1;
		return TUI_REDRAW;
	default:
		return TUI_IGNORED;
	}
}

static enum tui_code
key_move(struct tui_table *t, int key)
{
	switch (key) {
	case TUI_KEY_UP:
	case 'k':
		return move_to(t, t->row - 1);
	case TUI_KEY_DOWN:
	case 'j':
		return move_to(t, t->row + 1);
	case TUI_KEY_PAGE_UP:
	case TUI_KEY_CTRL('B'):
		return move_page(t, -1);
	case TUI_KEY_PAGE_DOWN:
	case TUI_KEY_CTRL('F'):
		return move_page(t, 1);
	case TUI_KEY_HOME:
		return move_to(t, 0);
	case TUI_KEY_END:
		return move_to(t, INT64_MAX - 1);
	case TUI_KEY_LEFT:
	case 'h':
		t->scroll -= t->scroll > 0 ? 1 : 0;
		return TUI_REDRAW;
	case TUI_KEY_RIGHT:
	case 'l':
		t->scroll += t->has_right ? 1 : 0;
		return TUI_REDRAW;
	default:
		return TUI_IGNORED;
	}
}

static enum tui_code
key(void *self, int key)
{
	struct tui_table *t = self;
	enum tui_code code;

	if (t->typing != TUI_TABLE_NO_LINE) {
		return tui_table_typing_key(t, key);
	}
	switch (key) {
	case '/':
		return tui_table_typing_open(t, TUI_TABLE_SEARCH);
	case '&':
		return tui_table_typing_open(t, TUI_TABLE_NARROW);
	case 'n':
		return tui_table_find(t, t->row + 1, 1);
	case 'N':
		return tui_table_find(t, t->row - 1, -1);
	case TUI_KEY_F9:
		return choose_sort(t);
	case TUI_KEY_ENTER:
		tui_table_show_record(t);
		return TUI_REDRAW;
	default:
		code = key_move(t, key);
		t->moves += code == TUI_REDRAW;
		return code != TUI_IGNORED ? code : key_mark(t, key);
	}
}

static int
takes_text(const void *self)
{
	return tui_table_is_typing(self);
}

static struct text
summary(void *self)
{
	struct tui_table *t = self;
	struct text own = { "" };
	int64_t count = t->options.source->count(t->options.user);

	if (t->options.source->summary != NULL) {
		own = t->options.source->summary(t->options.user);
	}
	snprintf(t->summary, sizeof(t->summary), "%s%s%" PRId64 "/%" PRId64, own.s,
	    own.s[0] != '\0' ? "  " : "", count > 0 ? t->row + 1 : 0, count);
	return text_cleaned(t->summary);
}

static int
has_content(const void *self)
{
	const struct tui_table *t = self;

	return t->options.source->count(t->options.user) > 0;
}

static const struct tui_view_class class = {
	.draw = tui_table_draw,
	.key = key,
	.takes_text = takes_text,
	.summary = summary,
	.bar = tui_table_typing_bar, /* a screen asks for it while text is taken only */
	.keys = table_keys,
	.key_count = ARRAY_LEN(table_keys),
	.has_content = has_content,
};

/* Of a list whose rows cannot be marked. */
static const struct tui_view_class class_without_marks = {
	.draw = tui_table_draw,
	.key = key,
	.takes_text = takes_text,
	.summary = summary,
	.bar = tui_table_typing_bar,
	.keys = table_keys + MARKING_KEYS,
	.key_count = ARRAY_LEN(table_keys) - MARKING_KEYS,
	.has_content = has_content,
};

struct tui_table *
tui_table_new(struct tui *tui, const struct tui_table_options *options)
{
	struct tui_table *t = mem_alloc(sizeof(*t));

	t->tui = tui;
	t->options = *options;
	t->anchor = -1;
	t->fetched_first = -1;
	t->sort_column = options->sort_column;
	t->is_descending = options->sort_descending;
	tui_table_typing_init(t);
	return t;
}

void
tui_table_free(struct tui_table *table)
{
	if (table != NULL) {
		free(table->kept.cells);
		free(table->kept.looks);
	}
	free(table);
}

struct tui_view
tui_table_view(struct tui_table *table)
{
	return (struct tui_view){ table->options.source->mark != NULL ? &class : &class_without_marks, table };
}

void
tui_table_reload(struct tui_table *t)
{
	t->fetched_first = -1;
	t->anchor = -1;
	if (t->has_focus_key && t->options.source->row_of != NULL) {
		int64_t row = t->options.source->row_of(t->options.user, t->focus_key);

		t->row = row >= 0 ? row : t->row;
	}
	tui_redraw(t->tui);
}

int64_t
tui_table_row(const struct tui_table *t)
{
	int64_t count = t->options.source->count(t->options.user);

	return t->row < count ? t->row : count - 1;
}

void
tui_table_set_row(struct tui_table *t, int64_t row)
{
	move_to(t, row);
	tui_redraw(t->tui);
}

int
tui_table_is_typing(const struct tui_table *t)
{
	return t->typing != TUI_TABLE_NO_LINE;
}

int
tui_table_sort_column(const struct tui_table *t)
{
	return t->sort_column;
}

int
tui_table_is_descending(const struct tui_table *t)
{
	return t->is_descending;
}

void
tui_table_show_record(struct tui_table *t)
{
	tui_table_record_show(t);
}
