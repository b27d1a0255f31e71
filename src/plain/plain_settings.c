/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 61 登录密码设置, 62 申报密码设置 (manual 2.6.1, 2.6.2). */
#include "plain_items.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

/* ---- 61 */

static int
set_lock(void *user, const char *old_password, const char *new_password, struct err *err)
{
	struct plain *p = user;

	if (app_lock_is_on(p->app) && !app_lock_check(p->app, old_password)) {
		return err_set(err, ERR_WRONG_PASSWORD, "%s", _("原登录密码有误，请重新输入。"));
	}
	return app_lock_set(p->app, new_password, err);
}

static void
turn_on(struct plain *p)
{
	const struct plain_new_password ask = {
		.title = _("登录密码保护本客户端：启动时输入。至少 6 位。"),
		.old_label = app_lock_is_on(p->app) ? _("原密码") : NULL,
		.label = _("新密码"),
		.set = set_lock,
		.user = p,
	};

	if (plain_common_new_password(p, &ask) == 0) {
		plain_say(p, "%s", _("登录密码修改完成。\n启动本客户端和锁屏后，需输入登录密码。"));
	}
}

static void
turn_off(struct plain *p)
{
	char *password = crypto_secret_alloc(PASSWORD_SIZE);
	struct err err = { 0 };

	if (plain_secret(p, _("原密码："), password)) {
		if (!app_lock_check(p->app, password)) {
			plain_say(p, "%s", _("原登录密码有误，请重新输入。"));
		} else if (app_lock_set(p->app, NULL, &err) == 0) {
			plain_say(p, "%s", _("已停用登录密码。"));
		}
		plain_error(p, &err);
	}
	crypto_secret_free(password, PASSWORD_SIZE);
}

void
plain_settings_lock(struct plain *p)
{
	int is_on = app_lock_is_on(p->app);
	const char *const labels[] = { is_on ? _("修改登录密码") : _("启用登录密码"),
		_("停用登录密码") };
	const struct plain_choice choice = { .title = _("61 登录密码设置"),
		.labels = labels,
		.count = is_on ? 2 : 1,
		.initial = -1 };

	switch (plain_choose(p, &choice)) {
	case 0:
		turn_on(p);
		break;
	case 1:
		turn_off(p);
		break;
	default:
		break;
	}
}

/* ---- 62 */

static int
change_password(void *user, const char *old_password, const char *new_password, struct err *err)
{
	return app_password_change(
	    ((struct plain *)user)->app, old_password, new_password, err);
}

void
plain_settings_password(struct plain *p)
{
	const struct plain_new_password ask = {
		.title = _("62 申报密码设置"),
		.old_label = _("原密码"),
		.label = _("新密码"),
		.set = change_password,
		.user = p,
	};

	if (plain_common_new_password(p, &ask) == 0) {
		plain_common_watch(p);
		plain_say(p, "%s", _("申报密码修改完成"));
	}
}
