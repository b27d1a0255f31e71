/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A screen: dispatches its actions, shows them, runs its body. */
#include "shebao/tui_screen.h"

#include "tui_frame.h"
#include "tui_help.h"
#include "tui_session.h"

#include <stdlib.h>

#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"

enum own_key {
	OWN_HELP,
	OWN_PALETTE,
	OWN_CLOSE
};

struct screen {
	struct tui *tui;
	const struct tui_screen *spec;
	struct tui_actions own; /* help, palette, close */
};

static const struct tui_action own_rows[] = {
	[OWN_HELP] = { .key = TUI_KEY_F1,
	    .letters = "?",
	    .label = N_("帮助"),
	    .help = N_("本界面的按键与操作说明，可查找、可直接执行") },
	[OWN_PALETTE] = { .key = TUI_KEY_CTRL('P'),
	    .letters = ":",
	    .label = N_("命令"),
	    .help = N_("输入名称或拼音首字母，直接执行操作"),
	    .flags = TUI_ACTION_QUIET },
	[OWN_CLOSE] = { .key = TUI_KEY_ESC,
	    .label = N_("返回"),
	    .help = N_("返回上一级；F12、q 相同") },
};

const struct tui_action *
tui_screen_keys(size_t *count)
{
	*count = ARRAY_LEN(own_rows);
	return own_rows;
}

static enum tui_code
run_own(void *user, const struct tui_action *row)
{
	struct screen *s = user;

	switch ((enum own_key)(row - own_rows)) {
	case OWN_HELP:
		return tui_screen_help(s->tui, s->spec);
	case OWN_PALETTE:
		return tui_screen_palette(s->tui, s->spec);
	case OWN_CLOSE:
		return s->spec->may_close == NULL || s->spec->may_close(s->spec->user)
		    ? TUI_CLOSE
		    : TUI_REDRAW;
	default:
		return TUI_IGNORED;
	}
}

static enum tui_code
run_action(struct tui *tui, const struct tui_actions *set, const struct tui_action *row)
{
	const char *refused = tui_action_refused(set, row);
	enum tui_code code;

	if (refused != NULL) {
		tui_notify(tui, TUI_STYLE_WARNING, text_literal(refused));
		return TUI_REDRAW;
	}
	code = set->run(set->user, row);
	return code == TUI_IGNORED ? TUI_HANDLED : code;
}

/* The keys that work in the dialog, and the manual's words about the screen below it. */
static enum tui_code
help_in_dialog(struct tui *tui)
{
	const struct tui_view *view = &tui->top->view;
	const struct tui_action *rows[TUI_FRAME_BAR_MAX];
	struct tui_help_item items[TUI_FRAME_BAR_MAX];
	struct tui_help help = { .title = _("帮助"), .items = items };
	const struct tui_open *open = tui->top;
	size_t i;

	while (open != NULL && open->screen == NULL) {
		open = open->below;
	}
	help.manual = open != NULL ? open->screen->help : NULL;
	help.count = view->class->bar != NULL ? view->class->bar(view->self, rows, ARRAY_LEN(rows)) : 0;
	for (i = 0; i < help.count; i++) {
		items[i] = (struct tui_help_item){ NULL, rows[i] };
	}
	if (help.count > 0) {
		(void)tui_help_run(tui, &help);
	}
	return TUI_REDRAW;
}

enum tui_code
tui_screen_from_dialog(struct tui *tui, int key)
{
	const struct tui_action *row = tui_action_find(&tui->actions, key, 0);

	if (tui->is_locking || (tui->top->flags & (TUI_VIEW_COVER | TUI_VIEW_HOLD)) != 0) {
		return TUI_IGNORED;
	}
	if (key == TUI_KEY_F1 && !tui->is_helping) {
		return help_in_dialog(tui);
	}
	return row != NULL && key == TUI_KEY_F10 && !tui->is_at_menu ? run_action(tui, &tui->actions, row) : TUI_IGNORED;
}

static void
draw(void *self, struct tui_canvas *canvas)
{
	const struct screen *s = self;
	const struct tui_view *body = &s->spec->body;
	struct tui_box box = { 0, 0, tui_canvas_lines(canvas),
		tui_canvas_columns(canvas) };
	struct tui_span line = { 0, 1, box.columns - 2 };

	if (s->spec->heading != NULL) {
		tui_canvas_put(canvas, line, TUI_STYLE_NORMAL, TUI_ALIGN_LEFT,
		    s->spec->heading(s->spec->user));
		box.line = 1;
		box.lines--;
	}
	if (body->class != NULL && body->class->draw != NULL) {
		body->class->draw(body->self, tui_canvas_part(canvas, box));
	}
}

static int
body_takes_text(const struct screen *s)
{
	const struct tui_view *body = &s->spec->body;

	return body->class != NULL && body->class->takes_text != NULL &&
	    body->class->takes_text(body->self);
}

static enum tui_code
body_key(const struct screen *s, int key)
{
	const struct tui_view *body = &s->spec->body;

	return body->class != NULL && body->class->key != NULL
	    ? body->class->key(body->self, key)
	    : TUI_IGNORED;
}

static enum tui_code
key(void *self, int key)
{
	struct screen *s = self;
	const struct tui_actions *sets[] = { &s->spec->actions, &s->tui->actions };
	const struct tui_action *row;
	enum tui_code code;
	size_t i;

	if (body_takes_text(s)) {
		code = body_key(s, key);
		if (code != TUI_IGNORED || tui_key_is_text(key)) {
			return code;
		}
	}
	for (i = 0; i < ARRAY_LEN(sets); i++) {
		row = tui_action_find(sets[i], key, 1);
		if (row != NULL) {
			return run_action(s->tui, sets[i], row);
		}
	}
	code = body_key(s, key);
	if (code != TUI_IGNORED) {
		return code;
	}
	row = tui_action_find(&s->own, key, 1);
	return row != NULL ? run_action(s->tui, &s->own, row) : TUI_IGNORED;
}

static int
takes_text(const void *self)
{
	return body_takes_text(self);
}

static struct text
summary(void *self)
{
	const struct screen *s = self;
	const struct tui_view *body = &s->spec->body;
	struct text none = { "" };

	return body->class != NULL && body->class->summary != NULL
	    ? body->class->summary(body->self)
	    : none;
}

static size_t
put_rows(
    const struct tui_actions *set, const struct tui_action **rows, size_t n, size_t max)
{
	size_t i;

	for (i = 0; i < set->count && n < max; i++) {
		const struct tui_action *row = &set->rows[i];

		if (row->key != 0 && (row->flags & TUI_ACTION_QUIET) == 0 &&
		    tui_action_refused(set, row) == NULL) {
			rows[n++] = row;
		}
	}
	return n;
}

/* The keys of the body that are worth a place in the bar, but for those that an action has taken. */
static size_t
put_body_rows(const struct screen *s, const struct tui_action **rows, size_t n, size_t max)
{
	const struct tui_view_class *body = s->spec->body.class;
	size_t i;

	if (body == NULL || (body->has_content != NULL && !body->has_content(s->spec->body.self))) {
		return n;
	}
	for (i = 0; i < body->key_count && n < max; i++) {
		if ((body->keys[i].flags & TUI_ACTION_SHOWN) != 0 &&
		    tui_action_find(&s->spec->actions, body->keys[i].key, 0) == NULL) {
			rows[n++] = &body->keys[i];
		}
	}
	return n;
}

/* Help first, what can be done now, the way back last. */
static size_t
bar(void *self, const struct tui_action **rows, size_t max)
{
	const struct screen *s = self;
	const struct tui_view *body = &s->spec->body;
	size_t n = 0;

	if (body_takes_text(s) && body->class->bar != NULL) {
		return body->class->bar(body->self, rows, max);
	}
	rows[n++] = &own_rows[OWN_HELP];
	n = put_rows(&s->spec->actions, rows, n, max - 1);
	n = put_rows(&s->tui->actions, rows, n, max - 1);
	n = put_body_rows(s, rows, n, max - 1);
	rows[n++] = &own_rows[OWN_CLOSE];
	return n;
}

static const struct tui_view_class class = {
	.draw = draw,
	.key = key,
	.takes_text = takes_text,
	.summary = summary,
	.bar = bar,
};

static void
on_open(void *user)
{
	const struct tui_screen *spec = user;

	spec->on_open(spec->user);
}

int
tui_screen_run(struct tui *tui, const struct tui_screen *spec)
{
	struct screen s = {
		.tui = tui,
		.spec = spec,
		.own = { own_rows, ARRAY_LEN(own_rows), NULL, run_own, NULL },
	};
	struct tui_open open = { .view = { &class, &s }, .screen = spec };
	int timer = 0;
	int result;

	s.own.user = &s;
	if (spec->on_open != NULL) {
		/* The timer's function only borrows the pointer that its own argument names. */
		union {
			const struct tui_screen *given;
			void *user;
		} pass = { .given = spec };

		timer = loop_timer(tui_loop(tui), 0, on_open, pass.user);
	}
	result = tui_session_run(tui, &open);
	loop_timer_cancel(tui_loop(tui), timer);
	return result;
}

/* ---- help and palette */

static size_t
collect_set(const struct tui_actions *set, struct tui_help_item *items, size_t n)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		items[n++] = (struct tui_help_item){ set, &set->rows[i] };
	}
	return n;
}

static enum tui_code
run_help(struct tui *tui, struct tui_help *help)
{
	int chosen = tui_help_run(tui, help);

	return chosen < 0 ? TUI_REDRAW : run_action(tui, help->items[chosen].set, help->items[chosen].row);
}

enum tui_code
tui_screen_help(struct tui *tui, const struct tui_screen *spec)
{
	struct tui_help help = { .title = _("帮助"), .manual = spec->help };
	const struct tui_view_class *body = spec->body.class;
	size_t room = spec->actions.count + tui->actions.count + (body != NULL ? body->key_count : 0);
	struct tui_help_item *items = mem_resize(NULL, room + 1, sizeof(*items));
	enum tui_code code;
	size_t i, n;

	n = collect_set(&spec->actions, items, 0);
	for (i = 0; body != NULL && i < body->key_count; i++) {
		if (tui_action_find(&spec->actions, body->keys[i].key, 0) == NULL) {
			items[n++] = (struct tui_help_item){ NULL, &body->keys[i] };
		}
	}
	help.count = collect_set(&tui->actions, items, n);
	help.items = items;
	code = run_help(tui, &help);
	free(items);
	return code;
}

enum tui_code
tui_screen_palette(struct tui *tui, const struct tui_screen *spec)
{
	struct tui_help help = { .title = _("命令"), .hides_refused = 1 };
	size_t room = spec->actions.count + tui->actions.count + tui->places.count;
	struct tui_help_item *items = mem_resize(NULL, room + 1, sizeof(*items));
	enum tui_code code;
	size_t n;

	n = collect_set(&spec->actions, items, 0);
	n = collect_set(&tui->places, items, n);
	help.count = collect_set(&tui->actions, items, n);
	help.items = items;
	code = run_help(tui, &help);
	free(items);
	return code;
}
