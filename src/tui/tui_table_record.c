/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record view: a pager over the focused row that walks along the table. */
#include "tui_table_record.h"

#include "tui_table_private.h"

#include "shebao/i18n.h"
#include "shebao/tui_pager.h"

struct record {
	struct tui_table *table;
	struct tui_view pager;
};

static size_t
record_count(void *user)
{
	const struct record *r = user;

	return r->table->options.column_count;
}

static struct tui_pager_line
record_line(void *user, size_t index)
{
	const struct record *r = user;
	struct tui_table *t = r->table;

	tui_table_fetch(t);
	return (struct tui_pager_line){
		.label = _(t->options.columns[index].label),
		.value = t->options.source->cell(t->options.user, t->row, (int)index),
	};
}

static void
record_draw(void *self, struct tui_canvas *canvas)
{
	const struct record *r = self;

	r->pager.class->draw(r->pager.self, canvas);
}

static enum tui_code
record_key(void *self, int key)
{
	struct record *r = self;

	if (r->pager.class->takes_text(r->pager.self) ||
	    (key != TUI_KEY_LEFT && key != TUI_KEY_RIGHT)) {
		return r->pager.class->key(r->pager.self, key);
	}
	tui_table_set_row(r->table, r->table->row + (key == TUI_KEY_LEFT ? -1 : 1));
	return TUI_REDRAW;
}

static int
record_takes_text(const void *self)
{
	const struct record *r = self;

	return r->pager.class->takes_text(r->pager.self);
}

static size_t
record_bar(void *self, const struct tui_action **rows, size_t max)
{
	static const struct tui_action neighbours = { .key = TUI_KEY_RIGHT,
		.label = N_("下一行"),
		.help = N_("左右键看上一行、下一行") };
	const struct record *r = self;
	size_t n = r->pager.class->bar(r->pager.self, rows + 1, max - 1);

	rows[0] = &neighbours;
	return n + 1;
}

static const struct tui_view_class record_class = {
	.draw = record_draw,
	.key = record_key,
	.takes_text = record_takes_text,
	.bar = record_bar,
};

void
tui_table_record_show(struct tui_table *t)
{
	struct record r = { .table = t };
	struct tui_pager_options options = { record_count, record_line, &r };
	struct tui_view view = { &record_class, &r };
	struct tui_pager *pager;

	if (t->options.source->count(t->options.user) == 0) {
		return;
	}
	pager = tui_pager_new(t->tui, &options);
	tui_pager_set_title(
	    pager, _(t->options.record != NULL ? t->options.record : N_("明细")));
	r.pager = tui_pager_view(pager);
	tui_run(t->tui, view, 0);
	tui_pager_free(pager);
}
