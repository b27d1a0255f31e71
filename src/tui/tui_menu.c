/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The menu by number: groups on the left, the focused group's items on the right. */
#include "shebao/tui_menu.h"

#include "tui_panel.h"
#include "tui_session.h"

#include <stdio.h>
#include <stdlib.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define GROUP_MAX 9 /* codes up to here are groups */

struct tui_menu {
	struct tui *tui;
	struct tui_menu_options options;
	enum tui_code (*on_choose)(
	    void *user, int code); /* NULL: a box, the run's result */
	int group;     /* code of the focused group; 0: the menu has no groups */
	int code;      /* of the focused item */
	int is_inside; /* the cursor is among the items */
};

static const struct tui_action menu_keys[] = {
	{ .key = TUI_KEY_ENTER,
	    .label = N_("进入"),
	    .help = N_("进入光标所在的一项"),
	    .flags = TUI_ACTION_SHOWN },
	{ .key = TUI_KEY_DOWN,
	    .label = N_("移动"),
	    .help = N_("上下左右移动；按数字直接进入，例如 2 1") },
};
static const struct tui_action box_keys[] = {
	{ .key = TUI_KEY_ENTER, .label = N_("进入"), .help = N_("进入光标所在的一项") },
	{ .key = TUI_KEY_DOWN,
	    .label = N_("移动"),
	    .help = N_("上下左右移动；按数字直接进入") },
	{ .key = TUI_KEY_ESC, .label = N_("返回"), .help = N_("关闭菜单") },
};

const struct tui_action *
tui_menu_keys(size_t *count)
{
	*count = ARRAY_LEN(menu_keys);
	return menu_keys;
}

static const struct tui_menu_item *
find(const struct tui_menu *menu, int code)
{
	size_t i;

	for (i = 0; i < menu->options.count; i++) {
		if (menu->options.items[i].code == code) {
			return &menu->options.items[i];
		}
	}
	return NULL;
}

static int
is_group(const struct tui_menu_item *item)
{
	return item->code <= GROUP_MAX;
}

/* True for what stands in the same list as the focused entry. */
static int
is_listed(const struct tui_menu *menu, const struct tui_menu_item *item, int groups)
{
	if (groups) {
		return is_group(item);
	}
	return !is_group(item) && (menu->group == 0 || item->code / 10 == menu->group);
}

/* The neighbour of code in its list; goes around. */
static int
neighbour(const struct tui_menu *menu, int code, int step, int groups)
{
	int count = (int)menu->options.count;
	int at = 0;
	int i;

	while (at < count && menu->options.items[at].code != code) {
		at++;
	}
	for (i = 1; i <= count; i++) {
		const struct tui_menu_item *item =
		    &menu->options.items[((at + step * i) % count + count) % count];

		if (is_listed(menu, item, groups)) {
			return item->code;
		}
	}
	return code;
}

static int
first_item(const struct tui_menu *menu)
{
	size_t i;

	for (i = 0; i < menu->options.count; i++) {
		if (is_listed(menu, &menu->options.items[i], 0)) {
			return menu->options.items[i].code;
		}
	}
	return 0;
}

static void
set_group(struct tui_menu *menu, int group)
{
	menu->group = group;
	menu->code = first_item(menu);
}

static const char *
refused(const struct tui_menu *menu, const struct tui_menu_item *item)
{
	return menu->options.refuse != NULL
	    ? menu->options.refuse(menu->options.user, item)
	    : NULL;
}

static int
list_columns(const struct tui_menu *menu, int groups)
{
	int columns = 0;
	size_t i;

	for (i = 0; i < menu->options.count; i++) {
		const struct tui_menu_item *item = &menu->options.items[i];
		int w = text_width(_(item->label)) + 6;

		if (is_group(item) == groups && w > columns) {
			columns = w;
		}
	}
	return columns;
}

static int
list_lines(const struct tui_menu *menu)
{
	int groups = 0;
	int most = 0;
	int digit;
	size_t i;

	for (i = 0; i < menu->options.count; i++) {
		groups += is_group(&menu->options.items[i]);
	}
	for (digit = 0; digit <= GROUP_MAX; digit++) {
		int n = 0;

		for (i = 0; i < menu->options.count; i++) {
			int code = menu->options.items[i].code;

			n += code > GROUP_MAX && (groups == 0 || code / 10 == digit);
		}
		most = n > most ? n : most;
	}
	return groups > most ? groups : most;
}

static void
draw_list(const struct tui_menu *menu, struct tui_canvas *canvas, struct tui_box box,
    int groups)
{
	int current = groups ? menu->group : menu->code;
	int line = box.line;
	size_t i;

	for (i = 0; i < menu->options.count; i++) {
		const struct tui_menu_item *item = &menu->options.items[i];
		struct tui_span span = { line, box.column, box.columns };
		enum tui_style style = TUI_STYLE_NORMAL;
		char label[160];

		if (!is_listed(menu, item, groups)) {
			continue;
		}
		if (item->code == current) {
			style = groups == menu->is_inside ? TUI_STYLE_STRONG
							  : TUI_STYLE_FOCUS;
		} else if (!groups && refused(menu, item) != NULL) {
			style = TUI_STYLE_DIM;
		}
		snprintf(label, sizeof(label), " %d  %s",
		    groups ? item->code : item->code % 10, _(item->label));
		if (groups || menu->group == 0) {
			snprintf(
			    label, sizeof(label), " %d  %s", item->code, _(item->label));
		}
		tui_canvas_put(canvas, span, style, TUI_ALIGN_LEFT, text_cleaned(label));
		if (style == TUI_STYLE_NORMAL) {
			span.columns = 4;
			tui_canvas_restyle(canvas, span, TUI_STYLE_KEY);
		}
		if (style == TUI_STYLE_FOCUS) {
			tui_canvas_cursor(canvas, line, box.column + 1);
		}
		line++;
	}
}

/* Both lists side by side with the focused item's help below, within canvas. */
static void
draw_lists(const struct tui_menu *menu, struct tui_canvas *canvas)
{
	int lines = list_lines(menu);
	int left = menu->group != 0 ? list_columns(menu, 1) : 0;
	struct tui_box box = { 0, 0, lines, left };
	const struct tui_menu_item *item =
	    find(menu, menu->is_inside ? menu->code : menu->group);
	struct tui_span help = { lines + 1, 0, tui_canvas_columns(canvas) };

	if (left > 0) {
		draw_list(menu, canvas, box, 1);
		box.column = left + 1;
		tui_canvas_upright(canvas, box, TUI_STYLE_BORDER);
		box.column += 2;
	}
	box.columns = tui_canvas_columns(canvas) - box.column;
	draw_list(menu, canvas, box, 0);
	if (item != NULL && refused(menu, item) != NULL) {
		tui_canvas_put(canvas, help, TUI_STYLE_WARNING, TUI_ALIGN_LEFT,
		    text_literal(refused(menu, item)));
	} else if (item != NULL && item->help != NULL) {
		tui_canvas_put(canvas, help, TUI_STYLE_DIM, TUI_ALIGN_LEFT,
		    text_literal(_(item->help)));
	}
}

static int
wanted_columns(const struct tui_menu *menu)
{
	int columns =
	    (menu->group != 0 ? list_columns(menu, 1) + 3 : 0) + list_columns(menu, 0);
	size_t i;

	for (i = 0; i < menu->options.count; i++) {
		const char *help = menu->options.items[i].help;
		int w = help != NULL ? text_width(_(help)) : 0;

		columns = w > columns ? w : columns;
	}
	return columns;
}

static void
draw(void *self, struct tui_canvas *canvas)
{
	const struct tui_menu *menu = self;
	int columns = wanted_columns(menu);
	int room = tui_panel_room(canvas);

	draw_lists(menu,
	    tui_panel_open(canvas, list_lines(menu) + 2, columns < room ? columns : room,
		text_cleaned(menu->options.title)));
}

static enum tui_code
choose(struct tui_menu *menu)
{
	const struct tui_menu_item *item = find(menu, menu->code);

	if (item == NULL) {
		return TUI_HANDLED;
	}
	if (refused(menu, item) != NULL) {
		tui_notify(
		    menu->tui, TUI_STYLE_WARNING, text_literal(refused(menu, item)));
		return TUI_REDRAW;
	}
	if (menu->on_choose != NULL) {
		return menu->on_choose(menu->options.user, item->code);
	}
	tui_set_result(menu->tui, item->code);
	return TUI_CLOSE;
}

static enum tui_code
key_digit(struct tui_menu *menu, int digit)
{
	int code = menu->is_inside && menu->group != 0 ? menu->group * 10 + digit : digit;
	const struct tui_menu_item *item = find(menu, code);

	if (item == NULL) {
		return TUI_HANDLED;
	}
	if (menu->is_inside) {
		menu->code = code;
		return choose(menu);
	}
	set_group(menu, code);
	menu->is_inside = 1;
	return TUI_REDRAW;
}

static enum tui_code
step(struct tui_menu *menu, int by)
{
	if (menu->is_inside) {
		menu->code = neighbour(menu, menu->code, by, 0);
	} else {
		set_group(menu, neighbour(menu, menu->group, by, 1));
	}
	return TUI_REDRAW;
}

static enum tui_code
key(void *self, int key)
{
	struct tui_menu *menu = self;

	if (key >= '1' && key <= '9') {
		return key_digit(menu, key - '0');
	}
	switch (key) {
	case TUI_KEY_UP:
	case 'k':
		return step(menu, -1);
	case TUI_KEY_DOWN:
	case 'j':
		return step(menu, 1);
	case TUI_KEY_ENTER:
	case TUI_KEY_SPACE:
	case TUI_KEY_RIGHT:
	case TUI_KEY_TAB:
	case 'l':
		if (menu->is_inside) {
			return key == TUI_KEY_ENTER || key == TUI_KEY_SPACE ? choose(menu)
									    : TUI_HANDLED;
		}
		menu->is_inside = 1;
		return TUI_REDRAW;
	case TUI_KEY_F10:
		set_group(menu, menu->group);
		menu->is_inside = 0;
		return TUI_REDRAW;
	case TUI_KEY_ESC:
	case TUI_KEY_LEFT:
	case TUI_KEY_BACKSPACE:
	case TUI_KEY_BACK_TAB:
	case 'h':
		if (menu->is_inside && menu->group != 0) {
			menu->is_inside = 0;
			return TUI_REDRAW;
		}
		if (key != TUI_KEY_ESC) {
			return TUI_HANDLED;
		}
		return menu->on_choose != NULL ? TUI_IGNORED : TUI_CLOSE;
	default:
		return TUI_IGNORED;
	}
}

static size_t
bar(void *self, const struct tui_action **rows, size_t max)
{
	(void)self;
	return tui_action_put(box_keys, ARRAY_LEN(box_keys), rows, max);
}

static const struct tui_view_class class = {
	.draw = draw,
	.key = key,
	.bar = bar,
	.keys = menu_keys,
	.key_count = ARRAY_LEN(menu_keys),
};

static void
init(struct tui_menu *menu, struct tui *tui, const struct tui_menu_options *options)
{
	size_t i;

	*menu = (struct tui_menu){ .tui = tui, .options = *options };
	for (i = 0; i < options->count && menu->group == 0; i++) {
		if (is_group(&options->items[i])) {
			menu->group = options->items[i].code;
		}
	}
	menu->is_inside = menu->group == 0;
	if (menu->group != 0 && options->initial > 0) {
		menu->group = options->initial > GROUP_MAX ? options->initial / 10
							   : options->initial;
	}
	menu->code = first_item(menu);
	if (options->initial > GROUP_MAX && find(menu, options->initial) != NULL) {
		menu->code = options->initial;
	}
}

int
tui_menu_run(struct tui *tui, const struct tui_menu_options *options)
{
	struct tui_menu menu;
	struct tui_view view = { &class, &menu };
	int code;

	init(&menu, tui, options);
	tui->is_at_menu++;
	code = tui_run(tui, view, 0);
	tui->is_at_menu--;
	return code;
}

struct tui_menu *
tui_menu_new(struct tui *tui, const struct tui_menu_options *options,
    enum tui_code (*on_choose)(void *user, int code))
{
	struct tui_menu *menu = mem_alloc(sizeof(*menu));

	init(menu, tui, options);
	menu->on_choose = on_choose;
	return menu;
}

void
tui_menu_free(struct tui_menu *menu)
{
	free(menu);
}

struct tui_view
tui_menu_view(struct tui_menu *menu)
{
	return (struct tui_view){ &class, menu };
}
