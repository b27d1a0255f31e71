/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms: moving between fields, checking them, pressing a button. */
#include "shebao/tui_form.h"

#include "tui_form_draw.h"
#include "tui_list_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/tui_dialog.h"

static const struct tui_action form_keys[] = {
	{ .key = TUI_KEY_ENTER,
	    .label = N_("下一项"),
	    .help = N_("到下一项，最后一项则确定") },
	{ .key = TUI_KEY_TAB,
	    .also = TUI_KEY_BACK_TAB,
	    .label = N_("换项"),
	    .help = N_("下一项、上一项；上下键相同") },
	{ .key = TUI_KEY_F4,
	    .label = N_("可选项"),
	    .help = N_("列出可选的各项，可输入文字筛选") },
	{ .key = TUI_KEY_F2,
	    .also = TUI_KEY_CTRL('S'),
	    .label = N_("确定"),
	    .help = N_("按下第一个按钮") },
	{ .key = TUI_KEY_ESC,
	    .label = N_("取消"),
	    .help = N_("放弃，已录入的内容先询问") },
};

const struct tui_action *
tui_form_keys(size_t *count)
{
	*count = ARRAY_LEN(form_keys);
	return form_keys;
}

static uint32_t
accept(void *user, uint32_t c)
{
	const struct tui_field *field = user;

	return tui_field_accept(field->kind, c);
}

static void
set_focus(struct tui_form_state *f, size_t focus)
{
	struct tui_field *field;

	f->focus = focus;
	f->buttons.focus = -1;
	memset(&f->edit, 0, sizeof(f->edit));
	if (focus == f->spec->field_count) {
		f->buttons.focus = 0;
		return;
	}
	field = &f->spec->fields[focus];
	if (tui_field_is_text(field)) {
		tui_edit_init(&f->edit, field->value, field->size);
		f->edit.accept = accept;
		f->edit.user = field;
	}
}

/* The next field that can be entered from i on in direction step; field_count: the buttons. */
static size_t
next_field(const struct tui_form_state *f, size_t i, int step)
{
	size_t stops = f->spec->field_count + 1;
	size_t n;

	for (n = 0; n < stops; n++) {
		i = (i + (step > 0 ? 1 : stops - 1)) % stops;
		if (i == f->spec->field_count || tui_form_draw_can_enter(f, i)) {
			break;
		}
	}
	return i;
}

static void
remark(struct tui_form_state *f, size_t i, enum tui_style style, const char *text)
{
	buf_clear(&f->remarks[i].text);
	buf_puts(&f->remarks[i].text, text);
	f->remarks[i].style = style;
}

static int
is_empty(const struct tui_field *field)
{
	if (field->kind == TUI_FIELD_CHOICE) {
		return *field->chosen < 0;
	}
	return tui_field_is_text(field) && field->value[0] == '\0';
}

/* Checks one field and says below it what is to be mended. */
static int
check_field(struct tui_form_state *f, size_t i, int is_final)
{
	struct tui_field *field = &f->spec->fields[i];
	struct buf mend = { 0 };
	int got = 0;

	if (!tui_form_draw_can_enter(f, i)) {
		return 0;
	}
	if (is_empty(field) && (field->flags & TUI_FIELD_REQUIRED) != 0) {
		if (is_final) {
			buf_puts(&mend, _("必须填写"));
			got = -1;
		}
	} else {
		got = tui_field_normalize(field, &mend);
		if (got == 0 && f->spec->check != NULL) {
			got = f->spec->check(f->spec->user, i, &mend);
		}
	}
	remark(f, i, got < 0 ? TUI_STYLE_BAD : TUI_STYLE_WARNING,
	    got != 0 ? buf_text(&mend) : "");
	buf_release(&mend);
	return got < 0 ? -1 : 0;
}

static enum tui_code
go(struct tui_form_state *f, int step)
{
	if (f->focus < f->spec->field_count) {
		check_field(f, f->focus, 0);
	}
	set_focus(f, next_field(f, f->focus, step));
	return TUI_REDRAW;
}

static void
restore(struct tui_form_state *f)
{
	size_t i;

	for (i = 0; i < f->spec->field_count; i++) {
		struct tui_field *field = &f->spec->fields[i];

		if (field->kind == TUI_FIELD_PASSWORD) {
			memset(field->value, 0, field->size);
		} else if (f->before[i] != NULL) {
			mem_copy_text(field->value, field->size, f->before[i]);
		}
		if (field->chosen != NULL) {
			*field->chosen = f->chosen_before[i];
		}
	}
}

/* The way on is the default: Esc and Enter typed ahead lose nothing. */
static int
may_discard(struct tui_form_state *f)
{
	const char *const buttons[] = { _("放弃"), _("继续录入") };
	const struct tui_dialog ask = {
		.text = _("放弃已录入的内容？"),
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
		.initial = 1,
	};

	return !f->is_dirty || tui_dialog_run(f->tui, &ask) == 0;
}

static enum tui_code
cancel(struct tui_form_state *f)
{
	if (!may_discard(f)) {
		return TUI_REDRAW;
	}
	tui_set_result(f->tui, TUI_CANCELLED);
	return TUI_CLOSE;
}

static enum tui_code
press(struct tui_form_state *f, int button)
{
	struct buf mend = { 0 };
	size_t i;
	int got = 0;

	if (button == (int)f->buttons.count - 1) {
		return cancel(f);
	}
	for (i = 0; i < f->spec->field_count; i++) {
		if (check_field(f, i, 1) != 0) {
			set_focus(f, i);
			return TUI_REDRAW;
		}
	}
	if (f->spec->submit != NULL) {
		got = f->spec->submit(f->spec->user, button, &mend);
	}
	if (got != 0) {
		set_focus(f, f->focus); /* values may have been emptied */
		if (mend.len > 0) {
			tui_dialog_message(
			    f->tui, TUI_DIALOG_ERROR, NULL, buf_text(&mend));
		}
		buf_release(&mend);
		return TUI_REDRAW;
	}
	buf_release(&mend);
	tui_set_result(f->tui, button);
	return TUI_CLOSE;
}

/* The choices with "none of them" in front, if that can be chosen. */
struct with_none {
	const struct tui_field *field;
};

static size_t
none_count(void *user)
{
	const struct with_none *w = user;

	return w->field->choices->count(w->field->choices->user) + 1;
}

static struct text
none_label(void *user, size_t index)
{
	const struct with_none *w = user;

	return index == 0 ? text_literal(_(w->field->none))
			  : w->field->choices->label(w->field->choices->user, index - 1);
}

static struct text
none_note(void *user, size_t index)
{
	const struct with_none *w = user;
	struct text none = { "" };

	return index == 0 || w->field->choices->note == NULL
	    ? none
	    : w->field->choices->note(w->field->choices->user, index - 1);
}

static enum tui_code
open_choices(struct tui_form_state *f, struct tui_field *field, int first_key)
{
	struct with_none w = { field };
	struct tui_choices all = { none_count, none_label, none_note, &w };
	int shift = field->none != NULL ? 1 : 0;
	int chosen;

	all.note = field->choices->note != NULL ? none_note : NULL;
	chosen = tui_list_choose_by(f->tui, _(field->label),
	    shift ? &all : field->choices, *field->chosen + shift, first_key);
	if (chosen >= 0 && chosen - shift != *field->chosen) {
		*field->chosen = chosen - shift;
		f->is_dirty = 1;
	}
	if (chosen >= 0) {
		check_field(f, f->focus, 0);
	}
	return TUI_REDRAW;
}

static enum tui_code
key_choice(struct tui_form_state *f, struct tui_field *field, int key)
{
	int count = (int)field->choices->count(field->choices->user);
	int least = field->none != NULL ? -1 : 0;

	if (key == TUI_KEY_F4 || key == TUI_KEY_SPACE) {
		return open_choices(f, field, TUI_KEY_NONE);
	}
	if ((key == TUI_KEY_LEFT || key == TUI_KEY_RIGHT) && count > 0) {
		int to = *field->chosen + (key == TUI_KEY_LEFT ? -1 : 1);

		if (to >= least && to < count) {
			*field->chosen = to;
			f->is_dirty = 1;
		}
		return TUI_REDRAW;
	}
	return tui_key_is_text(key) ? open_choices(f, field, key) : TUI_IGNORED;
}

static void
remark_typing(struct tui_form_state *f, const struct tui_field *field, int key)
{
	if (field->kind == TUI_FIELD_PASSWORD && key >= 0x80 && tui_key_is_text(key)) {
		remark(f, f->focus, TUI_STYLE_WARNING,
		    f->edit.is_refused ? _("密码里没有汉字，请关闭中文输入法")
				       : _("全角字符已改为半角，请关闭中文输入法"));
	} else if (f->edit.is_full) {
		remark(f, f->focus, TUI_STYLE_WARNING, _("已到最大长度"));
	} else if (f->edit.is_refused) {
		remark(f, f->focus, TUI_STYLE_WARNING, _("这里不能输入这个字符"));
	} else if (f->remarks[f->focus].style == TUI_STYLE_WARNING ||
	    field->kind != TUI_FIELD_PASSWORD) {
		remark(f, f->focus, TUI_STYLE_NORMAL, "");
	}
}

static enum tui_code
key_field(struct tui_form_state *f, int key)
{
	struct tui_field *field = &f->spec->fields[f->focus];
	enum tui_code code;

	if (field->kind == TUI_FIELD_CHOICE) {
		return key_choice(f, field, key);
	}
	if (field->kind == TUI_FIELD_CHECK) {
		if (key != TUI_KEY_SPACE && key != 0x3000) {
			return TUI_IGNORED;
		}
		*field->chosen = !*field->chosen;
		f->is_dirty = 1;
		return TUI_REDRAW;
	}
	if (key == TUI_KEY_PASTE) {
		f->edit.is_full = 0;
		f->edit.is_refused = 0;
		tui_edit_paste(&f->edit, tui_pasted(f->tui));
		code = TUI_REDRAW;
	} else {
		code = tui_edit_key(&f->edit, key);
	}
	if (code == TUI_REDRAW) {
		f->is_dirty = f->is_dirty || key == TUI_KEY_PASTE ||
		    key == TUI_KEY_BACKSPACE || key == TUI_KEY_DELETE ||
		    tui_key_is_text(key);
		remark_typing(f, field, key);
	}
	return code;
}

static enum tui_code
key_buttons(struct tui_form_state *f, int key)
{
	int last = (int)f->buttons.count - 1;

	if (key == TUI_KEY_ENTER || key == TUI_KEY_SPACE) {
		return press(f, f->buttons.focus);
	}
	if (key == TUI_KEY_UP || (key == TUI_KEY_BACK_TAB && f->buttons.focus == 0)) {
		return go(f, -1);
	}
	if (key == TUI_KEY_DOWN || (key == TUI_KEY_TAB && f->buttons.focus == last)) {
		return go(f, 1);
	}
	return tui_panel_buttons_key(&f->buttons, key);
}

/* Tab at the end of a text that can be completed. */
static int
complete_field(struct tui_form_state *f)
{
	const struct tui_field *field = &f->spec->fields[f->focus];
	struct buf note = { 0 };
	int got;

	if (field->complete == NULL || field->value[f->edit.cursor] != '\0') {
		return 0;
	}
	got = field->complete(f->spec->user, &note);
	if (got != 0) {
		f->is_dirty = 1;
		tui_edit_init(&f->edit, field->value, field->size);
		f->edit.accept = accept;
		f->edit.user = &f->spec->fields[f->focus];
		remark(f, f->focus, TUI_STYLE_DIM, buf_text(&note));
	}
	buf_release(&note);
	return got;
}

static enum tui_code
key(void *self, int key)
{
	struct tui_form_state *f = self;
	enum tui_code code;

	if (key == TUI_KEY_F10 && !may_discard(f)) {
		return TUI_REDRAW;
	}
	if (key == TUI_KEY_ESC) {
		return cancel(f);
	}
	if (key == TUI_KEY_F2 || key == TUI_KEY_CTRL('S')) {
		return press(f, 0);
	}
	if (f->focus == f->spec->field_count) {
		return key_buttons(f, key);
	}
	code = key_field(f, key);
	if (code != TUI_IGNORED) {
		return code;
	}
	switch (key) {
	case TUI_KEY_ENTER:
		if (next_field(f, f->focus, 1) == f->spec->field_count) {
			return press(f, 0);
		}
		return go(f, 1);
	case TUI_KEY_TAB:
		return complete_field(f) ? TUI_REDRAW : go(f, 1);
	case TUI_KEY_DOWN:
		return go(f, 1);
	case TUI_KEY_BACK_TAB:
	case TUI_KEY_UP:
		return go(f, -1);
	default:
		return TUI_IGNORED;
	}
}

static int
takes_text(const void *self)
{
	const struct tui_form_state *f = self;

	return f->focus < f->spec->field_count &&
	    f->spec->fields[f->focus].kind != TUI_FIELD_CHECK;
}

static size_t
bar(void *self, const struct tui_action **rows, size_t max)
{
	const struct tui_form_state *f = self;
	int has_choices = f->focus < f->spec->field_count &&
	    f->spec->fields[f->focus].kind == TUI_FIELD_CHOICE;
	size_t n = 0;
	size_t i;

	for (i = 0; i < ARRAY_LEN(form_keys) && n < max; i++) {
		if (form_keys[i].key != TUI_KEY_F4 || has_choices) {
			rows[n++] = &form_keys[i];
		}
	}
	return n;
}

static const struct tui_view_class class = {
	.draw = tui_form_draw,
	.key = key,
	.takes_text = takes_text,
	.bar = bar,
	.keys = form_keys,
	.key_count = ARRAY_LEN(form_keys),
};

static void
init(struct tui_form_state *f)
{
	size_t i;

	assert(f->spec->buttons != NULL || f->spec->button_count == 0);
	if (f->spec->buttons == NULL) {
		f->buttons.labels[f->buttons.count++] = _("确定");
	}
	for (i = 0;
	     i < f->spec->button_count && f->buttons.count + 1 < TUI_PANEL_BUTTONS_MAX;
	     i++) {
		f->buttons.labels[f->buttons.count++] = _(f->spec->buttons[i]);
	}
	f->buttons.labels[f->buttons.count++] = _("取消");
	f->buttons.disabled = -1;
	f->remarks = mem_alloc((f->spec->field_count + 1) * sizeof(*f->remarks));
	f->before = mem_alloc((f->spec->field_count + 1) * sizeof(*f->before));
	f->chosen_before =
	    mem_alloc((f->spec->field_count + 1) * sizeof(*f->chosen_before));
	for (i = 0; i < f->spec->field_count; i++) {
		const struct tui_field *field = &f->spec->fields[i];

		if (tui_field_is_text(field) && field->kind != TUI_FIELD_PASSWORD) {
			f->before[i] = mem_dup(field->value);
		}
		if (field->chosen != NULL) {
			f->chosen_before[i] = *field->chosen;
		}
	}
	set_focus(f, next_field(f, f->spec->field_count, 1));
}

int
tui_form_run(struct tui *tui, const struct tui_form *spec)
{
	struct tui_form_state f = { .tui = tui, .spec = spec };
	struct tui_view view = { &class, &f };
	int result;
	size_t i;

	init(&f);
	result = tui_run(tui, view, spec->view_flags);
	if (result == TUI_CANCELLED) {
		restore(&f);
	}
	for (i = 0; i < spec->field_count; i++) {
		free(f.before[i]);
		buf_release(&f.remarks[i].text);
	}
	free(f.before);
	free(f.chosen_before);
	free(f.remarks);
	return result;
}
