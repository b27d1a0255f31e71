/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full-screen client: one screen after the other, the menu between them. */
#include "shebao/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "screen_ui.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/match.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/tui_key.h"
#include "shebao/tui_menu.h"

#define CODE_LOGIN 11
#define MENU_ITEMS_MAX 64
#define PLACE_SIZE 80

/* ---- 登录密码: the client's own lock */

struct lock {
	struct screen_ui *ui;
	char *password;
};

static int
check_lock(void *user, int button, struct buf *mend)
{
	struct lock *lock = user;
	int is_right = app_lock_check(lock->ui->app, lock->password);

	(void)button;
	crypto_wipe(lock->password, PASSWORD_SIZE);
	if (!is_right) {
		buf_puts(mend, _("登录密码有误，请重新输入。"));
	}
	return is_right ? 0 : -1;
}

/* 0: unlocked, -1: given up. */
static int
ask_lock(struct screen_ui *ui, const char *text)
{
	struct lock lock = { .ui = ui };
	struct tui_field field = {
		.label = N_("登录密码"),
		.kind = TUI_FIELD_PASSWORD,
		.flags = TUI_FIELD_REQUIRED,
		.columns = 24,
		.size = PASSWORD_SIZE,
	};
	struct tui_form form = {
		.title = _("社保费管理客户端"),
		.text = text,
		.fields = &field,
		.field_count = 1,
		.submit = check_lock,
		.user = &lock,
		.view_flags = TUI_VIEW_COVER,
	};
	int rc;

	lock.password = crypto_secret_alloc(PASSWORD_SIZE);
	field.value = lock.password;
	rc = tui_form_run(ui->tui, &form);
	crypto_secret_free(lock.password, PASSWORD_SIZE);
	return rc == 0 ? 0 : -1;
}

static void
on_lock(void *user)
{
	struct screen_ui *ui = user;

	if (!app_lock_is_on(ui->app)) {
		return;
	}
	while (!tui_is_closing(ui->tui) &&
	    ask_lock(ui, _("已锁定，请输入登录密码继续。")) != 0) {
	}
}

static void
on_lock_soon(void *user, int seconds)
{
	struct screen_ui *ui = user;
	char text[120];

	if (app_lock_is_on(ui->app)) {
		snprintf(text, sizeof(text), _("%d 秒后锁定，按任意键继续。"), seconds);
		tui_notify(ui->tui, TUI_STYLE_WARNING, text_cleaned(text));
	}
}

/* Everything is in the journal before its first byte leaves, so there is nothing to wait for:
 * a call under way is asked about at the next start. */
static void
on_hangup(void *user)
{
	struct screen_ui *ui = user;

	if (ui->busy > 0) {
		tui_free(ui->tui);
		_exit(0);
	}
}

/* ---- the menu */

static struct tui_menu_item menu_items[MENU_ITEMS_MAX];

static size_t
fill_menu(void)
{
	size_t count, i;
	const struct app_menu_item *rows = app_menu(&count);

	for (i = 0; i < count && i < MENU_ITEMS_MAX; i++) {
		menu_items[i] =
		    (struct tui_menu_item){ rows[i].code, rows[i].label, rows[i].help };
	}
	return i;
}

static const char *
refuse_code(const struct screen_ui *ui, int code)
{
	const struct app_menu_item *row = app_menu_find(code);

	return row == NULL || row->is_open || app_is_logged_in(ui->app) ? NULL :
									  _("请先登录。");
}

static const char *
refuse_item(void *user, const struct tui_menu_item *item)
{
	return refuse_code(user, item->code);
}

static struct tui_menu_options
menu_options(struct screen_ui *ui)
{
	return (struct tui_menu_options){
		.title = _("主菜单"),
		.items = menu_items,
		.count = fill_menu(),
		.initial = ui->last / 10 <= 1 && app_is_logged_in(ui->app) ? 21 : ui->last,
		.refuse = refuse_item,
		.user = ui,
	};
}

static enum tui_code
choose_item(void *user, int code)
{
	((struct screen_ui *)user)->next = code;
	return TUI_CLOSE;
}

static int
may_leave(void *user)
{
	struct screen_ui *ui = user;
	int64_t open = app_is_logged_in(ui->app) ? app_open_operations(ui->app) : 0;
	char text[200];

	snprintf(text, sizeof(text), "%s", _("是否退出社保费管理客户端？"));
	if (open > 0) {
		snprintf(text, sizeof(text),
		    _("还有 %lld 项业务在办理中，退出后会在下次登录时继续查询。\n是否退出社保费管理客户端？"),
		    (long long)open);
	}
	ui->is_leaving = tui_dialog_confirm(ui->tui, _("确认信息"), text);
	return ui->is_leaving;
}

/* "待申报 42 笔 ￥84,079.24" of one list. */
static void
count_work(struct screen_ui *ui, const char *what, const struct mirror_query *q, struct buf *out)
{
	int64_t count = 0, sum = 0;
	char amount[MONEY_TEXT_MAX];

	if (mirror_count(app_db(ui->app), q, "amount", &count, &sum, NULL) == 0 && count > 0) {
		money_format(sum, amount);
		buf_printf(out, _("%s %lld 笔 ￥%s  "), what, (long long)count, amount);
	}
}

void
screen_describe_work(struct screen_ui *ui)
{
	struct buf out = { 0 };
	struct mirror_query q;

	ui->heading[0] = '\0';
	if (!app_is_logged_in(ui->app)) {
		return;
	}
	app_query_levies(ui->app, LEVY_NORMAL, 1, &q);
	count_work(ui, _("待申报"), &q, &out);
	app_query_payable(ui->app, 1, &q);
	count_work(ui, _("待缴费"), &q, &out);
	app_query_levies(ui->app, LEVY_SPECIAL, 1, &q);
	count_work(ui, _("特殊"), &q, &out);
	mem_copy_text(ui->heading, sizeof(ui->heading), buf_text(&out));
	buf_release(&out);
}

static struct text
heading(void *user)
{
	return text_cleaned(((const struct screen_ui *)user)->heading);
}

static void
run_menu(struct screen_ui *ui)
{
	struct tui_menu_options options = menu_options(ui);
	struct tui_menu *menu = tui_menu_new(ui->tui, &options, choose_item);
	struct tui_screen screen = {
		.title = N_("主菜单"),
		.body = tui_menu_view(menu),
		.heading = heading,
		.may_close = may_leave,
		.help = _("输入两位数字直接进入，如 21 日常申报；在任何界面都可按 F10 再输入两位数字。"),
		.user = ui,
	};

	screen_common_status(ui);
	screen_describe_work(ui);
	tui_screen_run(ui->tui, &screen);
	tui_menu_free(menu);
}

/* ---- from anywhere */

static const char id_guide[] = "guide", id_menu[] = "menu", id_switch[] = "switch", id_lock[] = "lock";

static const struct tui_action common_rows[] = {
	{ .key = TUI_KEY_F10,
	    .letters = "g",
	    .label = N_("菜单"),
	    .help = N_("主菜单；接着输入两位数字直接进入，如 F10 2 1"),
	    .id = id_menu },
	{ .letters = "w",
	    .label = N_("切换单位"),
	    .help = N_("切换用人单位（F10 1 1）"),
	    .flags = TUI_ACTION_QUIET,
	    .id = id_switch },
	{ .key = TUI_KEY_CTRL('G'),
	    .label = N_("使用指南"),
	    .help = N_("分步操作指南，可查找"),
	    .flags = TUI_ACTION_QUIET,
	    .id = id_guide },
	{ .key = TUI_KEY_CTRL('L'),
	    .label = N_("锁定"),
	    .help = N_("立即锁定，登录密码解锁；没有启用登录密码时重画屏幕"),
	    .flags = TUI_ACTION_QUIET,
	    .id = id_lock },
};

const struct screen_keys screen_common_keys = { common_rows, ARRAY_LEN(common_rows) };

static enum tui_code
jump(struct screen_ui *ui, int code)
{
	ui->next = code;
	tui_close_all(ui->tui);
	return TUI_HANDLED;
}

static enum tui_code
run_common(void *user, const struct tui_action *row)
{
	struct screen_ui *ui = user;
	struct tui_menu_options options;
	int code;

	if (row->id == id_lock) {
		on_lock(ui);
		return TUI_REDRAW;
	}
	if (row->id == id_guide) {
		screen_guide_show(ui);
		return TUI_REDRAW;
	}
	if (row->id == id_switch) {
		return jump(ui, CODE_LOGIN);
	}
	options = menu_options(ui);
	code = tui_menu_run(ui->tui, &options);
	return code < 0 ? TUI_REDRAW : jump(ui, code);
}

/* ---- the menu's items in the palette, where name, code and initials find them */

static struct tui_action place_rows[MENU_ITEMS_MAX];
static char place_labels[MENU_ITEMS_MAX][PLACE_SIZE];

static int
place_code(const struct tui_action *row)
{
	return ((const struct app_menu_item *)row->id)->code;
}

static const char *
refuse_place(void *user, const struct tui_action *row)
{
	return refuse_code(user, place_code(row));
}

static enum tui_code
run_place(void *user, const struct tui_action *row)
{
	return jump(user, place_code(row));
}

static void
set_places(struct screen_ui *ui)
{
	struct tui_actions places = { place_rows, 0, refuse_place, run_place, ui };
	size_t count, i;
	const struct app_menu_item *items = app_menu(&count);

	for (i = 0; i < count && places.count < MENU_ITEMS_MAX; i++) {
		char *label = place_labels[places.count];

		if (items[i].help != NULL) {
			snprintf(label, PLACE_SIZE, "%d %s", items[i].code, _(items[i].label));
			place_rows[places.count++] =
			    (struct tui_action){ .label = label, .help = items[i].help, .id = &items[i] };
		}
	}
	tui_set_places(ui->tui, &places);
}

/* ---- one screen after the other */

static void
keep_place(struct screen_ui *ui, int code)
{
	char text[8];

	snprintf(text, sizeof(text), "%d", code);
	(void)!mirror_set(
	    app_db(ui->app), app_unit(ui->app), "place", code == 0 ? "" : text, NULL);
}

int
screen_recall_place(struct screen_ui *ui)
{
	char text[8];

	(void)!mirror_setting(app_db(ui->app), app_unit(ui->app), "place", text, sizeof(text), NULL);
	return (int)strtol(text, NULL, 10);
}

static void
open_next(struct screen_ui *ui)
{
	const struct screen_row *row;

	if (!app_is_logged_in(ui->app) && ui->next == 0) {
		ui->next = CODE_LOGIN;
	}
	row = screen_table_find(ui->next);
	if (row != NULL && !app_menu_find(row->code)->is_open && !app_is_logged_in(ui->app)) {
		row = screen_table_find(CODE_LOGIN);
	}
	ui->next = 0;
	if (row == NULL) {
		keep_place(ui, 0);
		run_menu(ui);
		return;
	}
	ui->last = row->code;
	if (app_is_logged_in(ui->app) && row->code != CODE_LOGIN) {
		keep_place(ui, row->code);
	}
	screen_common_status(ui);
	row->run(ui);
	/* Leaving the list of employers without having logged in leads nowhere else. */
	if (!app_is_logged_in(ui->app) && ui->next == 0 && !tui_is_hung_up(ui->tui)) {
		(void)may_leave(ui);
	}
}

/* Nobody was added yet, and the tour was not seen. */
static int
is_first_start(struct screen_ui *ui)
{
	char seen[8];

	(void)!mirror_setting(app_db(ui->app), "", "tour_seen", seen, sizeof(seen), NULL);
	return seen[0] == '\0' && app_choose(ui->app, NULL, NULL) != 0;
}

static void
run_screens(struct screen_ui *ui)
{
	char region[49];

	if (app_lock_is_on(ui->app) && ask_lock(ui, _("请输入登录密码。")) != 0) {
		return;
	}
	(void)!mirror_setting(app_db(ui->app), "", "region", region, sizeof(region), NULL);
	screen_common_status(ui);
	if (is_first_start(ui)) {
		screen_tour(ui);
	}
	if (region[0] == '\0' && screen_region_choose(ui) != 0) {
		return;
	}
	(void)!app_choose(ui->app, NULL, NULL);
	ui->next = CODE_LOGIN;
	while (!ui->is_leaving && !tui_is_hung_up(ui->tui)) {
		open_next(ui);
	}
	if (ui->is_leaving) {
		keep_place(ui, 0);
	}
}

/* A reversed row costs 300 bytes a key, a mark in the gutter 21: over SSH it is the mark, and
 * wherever the terminal is found to be far away. */
#define SLOW_LINE_MS 40

static enum tui_marker
choose_marker(int64_t slow_line)
{
	const char *ssh = getenv("SSH_CONNECTION");

	if (slow_line == 0) {
		return ssh != NULL && ssh[0] != '\0' ? TUI_MARKER_GUTTER : TUI_MARKER_BAR;
	}
	return slow_line == 1 ? TUI_MARKER_GUTTER : TUI_MARKER_BAR;
}

static void
on_round_trip(void *user, int64_t ms)
{
	struct screen_ui *ui = user;

	if (app_settings(ui->app)->slow_line != 0) {
		return;
	}
	tui_set_slow(ui->tui, ms >= SLOW_LINE_MS);
	if (ms >= SLOW_LINE_MS) {
		tui_set_marker(ui->tui, TUI_MARKER_GUTTER);
	}
}

int
screen_run(struct app *app, struct err *err)
{
	const struct app_settings *settings = app_settings(app);
	struct screen_ui ui = { .app = app };
	struct tui_options options = {
		.loop = app_loop(app),
		.ascii = settings->ascii,
		.ambiguous = settings->ambiguous_width == 1 || settings->ambiguous_width == 2
		    ? (int)settings->ambiguous_width
		    : 0,
		.color = settings->color ? TUI_COLOR_AUTO : TUI_COLOR_NEVER,
		.marker = choose_marker(settings->slow_line),
		.lock_ms = settings->idle_lock_seconds > 0 ? settings->idle_lock_seconds * 1000 :
							     settings->idle_lock_minutes * 60000,
		.match = match_text,
		.on_round_trip = on_round_trip,
		.on_hangup = on_hangup,
		.on_lock = on_lock,
		.on_lock_soon = on_lock_soon,
		.user = &ui,
	};
	struct tui_actions common = { common_rows, ARRAY_LEN(common_rows), NULL, run_common, &ui };

	if (tui_new(&options, &ui.tui, err) != 0) {
		return -1;
	}
	tui_set_slow(ui.tui, settings->slow_line == 1);
	tui_set_actions(ui.tui, &common);
	screen_common_patience(&ui);
	set_places(&ui);
	run_screens(&ui);
	app_on_wait(app, NULL);
	app_feedback_watch(app, NULL, NULL);
	app_payment_watch(app, NULL, NULL);
	if (ui.news_timer != 0) {
		loop_timer_cancel(app_loop(app), ui.news_timer);
	}
	tui_free(ui.tui);
	return 0;
}

