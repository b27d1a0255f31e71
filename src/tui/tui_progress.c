/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far something has come. */
#include "shebao/tui_progress.h"

#include "tui_panel.h"

#include <inttypes.h>
#include <stdio.h>

#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"

#define PAINT_EVERY_MS 100
#define PAINT_EVERY_SLOW_MS 1000

struct tui_progress {
	struct tui *tui;
	const struct tui_progress_options *options;
	char text[256];
	int64_t begin_ms;
	int64_t done, total;
	int timer; /* a paint is due */
	int is_cancelling;
	int has_ended;
	int result;
};

static const struct tui_action progress_keys[] = {
	{ .key = TUI_KEY_ESC, .label = N_("取消"), .help = N_("停下来，下次从这里继续") },
};

/* "12,345 / 100,000 条   8,230 条/秒   剩余 11 秒" */
static void
describe(const struct tui_progress *p, char *out, size_t size)
{
	const char *unit = p->options->unit != NULL ? p->options->unit : "";
	int64_t spent_ms = loop_now_ms() - p->begin_ms;
	int64_t rate = spent_ms > 200 ? p->done * 1000 / spent_ms : 0;
	int n;

	n = p->total > 0
	    ? snprintf(out, size, "%" PRId64 " / %" PRId64 " %s", p->done, p->total, unit)
	    : snprintf(out, size, "%" PRId64 " %s", p->done, unit);
	if (rate > 0 && n > 0 && (size_t)n < size) {
		n += snprintf(
		    out + n, size - (size_t)n, _("   %" PRId64 " %s/秒"), rate, unit);
	}
	if (rate > 0 && p->total > p->done && n > 0 && (size_t)n < size) {
		snprintf(out + n, size - (size_t)n, _("   剩余 %" PRId64 " 秒"),
		    (p->total - p->done + rate - 1) / rate);
	}
}

static void
draw(void *self, struct tui_canvas *canvas)
{
	const struct tui_progress *p = self;
	int columns = tui_panel_room(canvas) < 56 ? tui_panel_room(canvas) : 56;
	struct tui_canvas *panel =
	    tui_panel_open(canvas, 7, columns, text_cleaned(p->options->title));
	struct tui_span span = { 3, 0, columns };
	char line[160];

	tui_canvas_text(panel, 1, 0, TUI_STYLE_NORMAL, text_cleaned(p->text));
	tui_canvas_rule(panel, span, TUI_STYLE_DIM);
	if (p->total > 0) {
		int64_t done = p->done < p->total ? p->done : p->total;

		span.columns = (int)((int64_t)columns * done / p->total);
		if (span.columns > 0) {
			tui_canvas_put(panel, span, TUI_STYLE_FOCUS, TUI_ALIGN_LEFT,
			    text_literal(" "));
		}
	}
	describe(p, line, sizeof(line));
	span = (struct tui_span){ 4, 0, columns };
	tui_canvas_put(panel, span, TUI_STYLE_NORMAL, TUI_ALIGN_LEFT, text_cleaned(line));
	if (p->options->cancel != NULL) {
		span.line = 6;
		tui_canvas_put(panel, span, TUI_STYLE_DIM, TUI_ALIGN_LEFT,
		    text_literal(p->is_cancelling ? _("正在停止……") : _("按 Esc 取消")));
	}
	tui_canvas_cursor(panel, 3, span.columns > 0 ? 0 : 1);
}

static enum tui_code
key(void *self, int key)
{
	struct tui_progress *p = self;

	if (key != TUI_KEY_ESC || p->options->cancel == NULL || p->is_cancelling) {
		return TUI_IGNORED;
	}
	p->is_cancelling = 1;
	p->options->cancel(p->options->user);
	return TUI_REDRAW;
}

static size_t
bar(void *self, const struct tui_action **rows, size_t max)
{
	const struct tui_progress *p = self;

	if (max == 0 || p->options->cancel == NULL) {
		return 0;
	}
	rows[0] = &progress_keys[0];
	return 1;
}

static const struct tui_view_class class = { .draw = draw, .key = key, .bar = bar };

static void
on_paint(void *user)
{
	struct tui_progress *p = user;

	p->timer = 0;
	tui_redraw(p->tui);
}

static void
on_start(void *user)
{
	struct tui_progress *p = user;

	p->options->start(p->options->user, p);
}

int
tui_progress_run(struct tui *tui, const struct tui_progress_options *options)
{
	struct tui_progress p = {
		.tui = tui, .options = options, .result = TUI_CANCELLED
	};
	struct tui_view view = { &class, &p };
	int start_timer = 0;

	p.begin_ms = loop_now_ms();
	mem_copy_text(p.text, sizeof(p.text), options->text != NULL ? options->text : "");
	if (options->start != NULL) {
		start_timer = loop_timer(tui_loop(tui), 0, on_start, &p);
	}
	tui_run(tui, view, TUI_VIEW_HOLD);
	/* Closed from outside: whoever works must not report to a box that is gone. */
	if (!p.has_ended && options->cancel != NULL && !p.is_cancelling) {
		p.has_ended = 1;
		options->cancel(options->user);
	}
	loop_timer_cancel(tui_loop(tui), start_timer);
	loop_timer_cancel(tui_loop(tui), p.timer);
	return p.result;
}

static void
changed(struct tui_progress *p)
{
	if (p->timer == 0) {
		p->timer = loop_timer(tui_loop(p->tui),
		    tui_is_slow(p->tui) ? PAINT_EVERY_SLOW_MS : PAINT_EVERY_MS, on_paint, p);
	}
}

void
tui_progress_set(struct tui_progress *progress, int64_t done, int64_t total)
{
	progress->done = done;
	progress->total = total;
	changed(progress);
}

void
tui_progress_set_text(struct tui_progress *progress, struct text text)
{
	mem_copy_text(progress->text, sizeof(progress->text), text.s);
	changed(progress);
}

void
tui_progress_end(struct tui_progress *progress, int result)
{
	if (!progress->has_ended) {
		progress->has_ended = 1;
		progress->result = result;
		tui_finish(progress->tui, progress, result);
	}
}
