/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 61 登录密码设置, 62 申报密码设置 (manual 2.6.1, 2.6.2). The first locks this client, the second is the
 * employer's at the service. */
#include <string.h>

#include "screen_ui.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

/* ---- 61 登录密码设置 */

enum lock_field {
	LOCK_ON,
	LOCK_OLD,
	LOCK_NEW,
	LOCK_AGAIN,
	LOCK_FIELD_COUNT
};

struct locking {
	struct screen_ui *ui;
	int was_on, is_on;
	char *values[LOCK_FIELD_COUNT]; /* locked memory; LOCK_ON has none */
};

static int
skip_lock(void *user, size_t field)
{
	const struct locking *l = user;

	switch ((enum lock_field)field) {
	case LOCK_OLD:
		return !l->was_on;
	case LOCK_NEW:
	case LOCK_AGAIN:
		return !l->is_on;
	case LOCK_ON:
	case LOCK_FIELD_COUNT:
		break;
	}
	return 0;
}

static int
check_lock(void *user, size_t field, struct buf *mend)
{
	const struct locking *l = user;

	if (field == LOCK_NEW && l->values[LOCK_NEW][0] != '\0' &&
	    strlen(l->values[LOCK_NEW]) < APP_LOCK_LEAST) {
		buf_printf(mend, _("至少%d位，现为%d位"), APP_LOCK_LEAST, (int)strlen(l->values[LOCK_NEW]));
		return -1;
	}
	if (field == LOCK_AGAIN && l->values[LOCK_AGAIN][0] != '\0' &&
	    strcmp(l->values[LOCK_AGAIN], l->values[LOCK_NEW]) != 0) {
		buf_puts(mend, _("两次输入的密码不一致，请重新输入"));
		return -1;
	}
	return 0;
}

static int
set_lock(void *user, struct err *err)
{
	struct locking *l = user;
	struct app *app = l->ui->app;

	if (l->was_on && app_lock_check(app, l->values[LOCK_OLD]) != 1) {
		return err_set(err, ERR_WRONG_PASSWORD, "%s", _("原登录密码有误，请重新输入。"));
	}
	if (!l->was_on && !l->is_on) {
		return 0;
	}
	return app_lock_set(app, l->is_on ? l->values[LOCK_NEW] : NULL, err);
}

static int
submit_lock(void *user, int button, struct buf *mend)
{
	struct locking *l = user;
	struct err err = { 0 };

	(void)button;
	/* The hash is slow on purpose. */
	if (screen_common_busy(l->ui, _("正在保存……"), set_lock, l, &err) == 0) {
		return 0;
	}
	if (err.code == ERR_WRONG_PASSWORD) {
		crypto_wipe(l->values[LOCK_OLD], PASSWORD_SIZE);
	}
	buf_puts(mend, err.text);
	return -1;
}

static const char *
lock_outcome(const struct locking *l)
{
	if (l->is_on) {
		return _("登录密码修改完成。\n启动本客户端和锁屏后，需输入登录密码。");
	}
	return l->was_on ? _("已停用登录密码。") : _("没有启用登录密码。");
}

void
screen_login_password(struct screen_ui *ui)
{
	static const char *const buttons[] = { N_("保存") };
	struct locking l = { .ui = ui, .was_on = app_lock_is_on(ui->app) };
	struct tui_field fields[LOCK_FIELD_COUNT] = {
		[LOCK_ON] = { .label = N_("启用登录密码"), .kind = TUI_FIELD_CHECK, .chosen = &l.is_on,
		    .hint = N_("按空格键启用或停用") },
		[LOCK_OLD] = { .label = N_("原密码") },
		[LOCK_NEW] = { .label = N_("新密码"), .hint = N_("至少 6 位") },
		[LOCK_AGAIN] = { .label = N_("再次输入新密码") },
	};
	const struct tui_form form = {
		.title = _("61 登录密码设置"),
		.text = _("系统设置 - 系统管理 - 登录密码设置\n登录密码保护本客户端：启动时和锁屏后输入。"),
		.fields = fields,
		.field_count = LOCK_FIELD_COUNT,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
		.check = check_lock,
		.skip = skip_lock,
		.submit = submit_lock,
		.user = &l,
	};
	size_t i;

	l.is_on = l.was_on;
	for (i = LOCK_OLD; i < LOCK_FIELD_COUNT; i++) {
		l.values[i] = crypto_secret_alloc(PASSWORD_SIZE);
		fields[i].kind = TUI_FIELD_PASSWORD;
		fields[i].flags = TUI_FIELD_REQUIRED;
		fields[i].columns = 24;
		fields[i].value = l.values[i];
		fields[i].size = PASSWORD_SIZE;
	}
	if (tui_form_run(ui->tui, &form) == 0) {
		screen_common_success(ui, lock_outcome(&l));
	}
	for (i = LOCK_OLD; i < LOCK_FIELD_COUNT; i++) {
		crypto_secret_free(l.values[i], PASSWORD_SIZE);
	}
}

/* ---- 62 申报密码设置 */

static int
change_password(void *user, const char *old_password, const char *new_password, struct err *err)
{
	struct screen_ui *ui = user;

	return app_password_change(ui->app, old_password, new_password, err);
}

void
screen_declaration_password(struct screen_ui *ui)
{
	const struct screen_new_password ask = {
		.title = _("62 申报密码设置"),
		.text = _("系统设置 - 申报管理 - 申报密码设置"),
		.old_label = N_("原密码"),
		.label = N_("新密码"),
		.hint = N_("至少8位，含数字、大写、小写、符号中的三类"),
		.button = N_("保存"),
		.set = change_password,
		.user = ui,
	};

	if (screen_common_new_password(ui, &ask) == 0) {
		screen_common_watch(ui);
		screen_common_success(ui, _("申报密码修改完成"));
	}
}
