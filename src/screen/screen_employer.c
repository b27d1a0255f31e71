/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 63 单位信息查询: tax registration, and the employer's unit numbers (manual 2.6.3). */
#include <stdio.h>
#include <string.h>

#include "screen_ui.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/tui_pager.h"
#include "shebao/view.h"

static const char id_refresh[] = "refresh";

static const struct tui_action actions[] = {
	{ .key = TUI_KEY_F5, .also = TUI_KEY_CTRL('R'), .label = N_("刷新"), .help = N_("重新下载单位信息"), .id = id_refresh },
};

const struct screen_keys screen_employer_keys = { actions, ARRAY_LEN(actions) };

struct card {
	struct screen_ui *ui;
	struct record_list units; /* struct unit */
	char value[VIEW_CELL_SIZE];
};

static int
add_unit(const void *record, void *user, struct err *err)
{
	(void)err;
	memcpy(record_list_add(user, &unit_type), record, sizeof(struct unit));
	return 0;
}

static void
load(struct card *card)
{
	struct mirror_query q = { .noun = MIRROR_UNIT };

	record_list_release(&card->units, &unit_type);
	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(card->ui->app));
	(void)!mirror_each(app_db(card->ui->app), &q, add_unit, &card->units, NULL);
	screen_common_status(card->ui);
	tui_redraw(card->ui->tui);
}

/* The record, an empty line, a heading, two lines a unit. */
static size_t
line_count(void *user)
{
	return view_count(&view_employer) + 2 + 2 * ((struct card *)user)->units.count;
}

static struct tui_pager_line
unit_line(struct card *card, size_t index)
{
	const struct unit *unit = record_list_at(&card->units, &unit_type, index / 2);

	if (index % 2 == 0) {
		snprintf(card->value, sizeof(card->value), "%s %s", unit->unit_no, unit->agency_name);
		return (struct tui_pager_line){ _("单位编号"), text_cleaned(card->value),
			TUI_STYLE_NORMAL };
	}
	snprintf(card->value, sizeof(card->value), _("%s（参保 %lld 人）"), unit->insurance_items,
	    (long long)unit->insured_count);
	return (struct tui_pager_line){ _("参保险种"), text_cleaned(card->value), TUI_STYLE_DIM };
}

static struct tui_pager_line
line(void *user, size_t index)
{
	struct card *card = user;
	size_t fields = view_count(&view_employer);

	if (index < fields) {
		view_cell(&view_employer, index, app_employer(card->ui->app), card->value,
		    sizeof(card->value));
		return (struct tui_pager_line){ view_title(&view_employer, index),
			text_cleaned(card->value), TUI_STYLE_NORMAL };
	}
	if (index < fields + 2) {
		return (struct tui_pager_line){ "",
			text_literal(index == fields ? "" : _("单位编号与参保险种")),
			TUI_STYLE_STRONG };
	}
	return unit_line(card, index - fields - 2);
}

static void
refresh(void *user)
{
	struct card *card = user;

	(void)!screen_common_download(
	    card->ui, _("正在下载单位信息"), APP_DOWNLOAD_REGISTRATION);
	load(card);
}

static enum tui_code
run(void *user, const struct tui_action *row)
{
	(void)row;
	refresh(user);
	return TUI_REDRAW;
}

void
screen_employer(struct screen_ui *ui)
{
	struct card card = { .ui = ui };
	const struct tui_pager_options options = { line_count, line, &card };
	struct tui_pager *pager = tui_pager_new(ui->tui, &options);
	const struct tui_screen screen = {
		.title = N_("63 单位信息查询"),
		.body = tui_pager_view(pager),
		.actions = { actions, ARRAY_LEN(actions), NULL, run, &card },
		.help = _("2.6.3 单位信息查询\n该模块用于查看用人单位税务登记信息。登记信息有误的，请联系主管税务机关变更。"),
		.on_open = refresh,
		.user = &card,
	};

	load(&card);
	tui_screen_run(ui->tui, &screen);
	tui_pager_free(pager);
	record_list_release(&card.units, &unit_type);
}
