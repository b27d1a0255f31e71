/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A payment and its timeline: sent, no answer, queries, the bank's words. */
#include "screen_payment.h"

#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/said.h"
#include "shebao/states.h"
#include "shebao/tui_pager.h"
#include "shebao/view.h"

/* The service asks the bank by itself; this is how often the screen looks. */
#define ASK_MS 3000

struct timeline {
	struct screen_ui *ui;
	struct payment payment;
	struct record_list events;
	struct tui_pager *pager;
	int timer;
	char label[64];
	char text[VIEW_CELL_SIZE];
};

static const char id_query[] = "query";

static const struct tui_action actions[] = {
	{ .key = TUI_KEY_F2, .label = N_("立即查询"), .help = N_("向税务机关和银行查询扣款结果"), .flags = TUI_ACTION_MAIN, .id = id_query },
};

const struct screen_keys screen_payment_keys = { actions, ARRAY_LEN(actions) };

static int
is_open(const struct timeline *t)
{
	return t->payment.state == PAYMENT_CREATED || t->payment.state == PAYMENT_SENT ||
	    t->payment.state == PAYMENT_UNKNOWN;
}

static void
load(struct timeline *t)
{
	struct db *db = app_db(t->ui->app);
	char no[RECORD_ID_SIZE];

	mem_copy_text(no, sizeof(no), t->payment.payment_no);
	(void)!mirror_find(db, MIRROR_PAYMENT, app_unit(t->ui->app), no, &t->payment, NULL);
	record_list_release(&t->events, &payment_event_type);
	(void)!app_payment_timeline(t->ui->app, no, &t->events, NULL);
}

/* ---- lines: the advice, the timeline, the record, empty lines between */

static size_t
line_count(void *user)
{
	struct timeline *t = user;

	return 2 + view_count(&view_payment) + 2 + t->events.count;
}

static struct tui_pager_line
advice(const struct timeline *t)
{
	if (is_open(t)) {
		return (struct tui_pager_line){ "",
			text_literal(_("扣款结果待确认，请勿重复缴费。系统正在自动查询，按 F2 立即查询。")),
			TUI_STYLE_WARNING };
	}
	if (t->payment.state == PAYMENT_SUCCEEDED) {
		return (struct tui_pager_line){ "", text_literal(_("三方协议缴费成功。")),
			TUI_STYLE_GOOD };
	}
	if (t->payment.state == PAYMENT_REVERSED) {
		return (struct tui_pager_line){ "",
			text_literal(_("该笔扣款已冲正，款项退回原账户，费款恢复未缴。")),
			TUI_STYLE_BAD };
	}
	return (struct tui_pager_line){ "",
		text_literal(_("扣款没有成功，没有扣款。处理后可以再次发起扣款。")), TUI_STYLE_BAD };
}

static struct tui_pager_line
event_line(struct timeline *t, size_t i)
{
	const struct payment_event *event =
	    record_list_at(&t->events, &payment_event_type, i);
	char word[64], said[ERR_TEXT_MAX];

	view_cell(&view_payment_events, (size_t)view_find(&view_payment_events, "event"), event,
	    word, sizeof(word));
	record_show(record_field(&payment_event_type, "at"), event, t->label, sizeof(t->label));
	snprintf(t->text, sizeof(t->text), "%s %s", word,
	    said_text(event->detail, said, sizeof(said)));
	return (struct tui_pager_line){ t->label, text_cleaned(t->text), TUI_STYLE_NORMAL };
}

static struct tui_pager_line
line(void *user, size_t index)
{
	struct timeline *t = user;
	const struct tui_pager_line blank = { "", text_literal(""), TUI_STYLE_NORMAL };

	if (index == 0) {
		return advice(t);
	}
	if (index == 1 || index == 3 + t->events.count) {
		return blank;
	}
	if (index == 2) {
		return (struct tui_pager_line){ "", text_literal(_("经过")), TUI_STYLE_STRONG };
	}
	if (index < 3 + t->events.count) {
		return event_line(t, index - 3);
	}
	index -= 4 + t->events.count;
	view_cell(&view_payment, index, &t->payment, t->text, sizeof(t->text));
	return (struct tui_pager_line){ view_title(&view_payment, index), text_cleaned(t->text),
		TUI_STYLE_NORMAL };
}

/* ---- asking */

static void
ask(struct timeline *t)
{
	struct err err = { 0 };

	if (app_payment_query(t->ui->app, t->payment.payment_no, NULL, &err) != 0) {
		tui_notify(t->ui->tui, TUI_STYLE_WARNING, text_cleaned(err.text));
	}
	load(t);
	screen_common_status(t->ui);
	tui_redraw(t->ui->tui);
}

static void
on_timer(void *user)
{
	struct timeline *t = user;

	t->timer = 0;
	if (!is_open(t) || tui_is_closing(t->ui->tui)) {
		return;
	}
	ask(t);
	if (is_open(t)) {
		t->timer = loop_timer(app_loop(t->ui->app), ASK_MS, on_timer, t);
	}
}

static const char *
refuse(void *user, const struct tui_action *row)
{
	(void)row;
	return is_open(user) ? NULL : _("本笔缴费已有结果。");
}

static enum tui_code
run(void *user, const struct tui_action *row)
{
	(void)row;
	ask(user);
	return TUI_REDRAW;
}

void
screen_payment_show(struct screen_ui *ui, const char *payment_no)
{
	struct timeline t = { .ui = ui };
	const struct tui_pager_options options = { line_count, line, &t };
	struct tui_screen screen = {
		.title = N_("缴费经过"),
		.actions = { actions, ARRAY_LEN(actions), refuse, run, &t },
		.user = &t,
	};

	mem_copy_text(t.payment.payment_no, sizeof(t.payment.payment_no), payment_no);
	load(&t);
	t.pager = tui_pager_new(ui->tui, &options);
	screen.body = tui_pager_view(t.pager);
	t.timer = loop_timer(app_loop(ui->app), ASK_MS, on_timer, &t);
	tui_screen_run(ui->tui, &screen);
	if (t.timer != 0) {
		loop_timer_cancel(app_loop(ui->app), t.timer);
	}
	tui_pager_free(t.pager);
	record_list_release(&t.events, &payment_event_type);
}
