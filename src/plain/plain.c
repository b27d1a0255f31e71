/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client as a dialogue: the menu, one item after the other. */
#include "shebao/plain.h"

#include <stdio.h>
#include <stdlib.h>

#include "plain_items.h"
#include "shebao/app_menu.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"

#define CODE_LOGIN 11

static const struct {
	int code;
	void (*run)(struct plain *p);
} rows[] = {
	{ 11, plain_login },
	{ 12, plain_login_units },
	{ 21, plain_declare_normal },
	{ 22, plain_declare_special },
	{ 23, plain_declarations },
	{ 31, plain_pay },
	{ 32, plain_vouchers },
	{ 33, plain_payments },
	{ 41, plain_certificates_print },
	{ 42, plain_certificates_reprint },
	{ 43, plain_certificates_proof },
	{ 51, plain_query_insured },
	{ 52, plain_query_due },
	{ 61, plain_settings_lock },
	{ 62, plain_settings_password },
	{ 63, plain_query_employer },
	{ 71, plain_consult },
	{ 72, plain_consult_tour },
};

/* ---- the menu */

static void
say_menu(struct plain *p)
{
	size_t count, i;
	const struct app_menu_item *items = app_menu(&count);

	for (i = 0; i < count; i++) {
		if (items[i].help != NULL) {
			plain_say(p, _("%d %s：%s"), items[i].code, _(items[i].label), _(items[i].help));
		}
	}
}

static void
say_work(struct plain *p, const char *what, const struct mirror_query *q)
{
	int64_t count = 0, sum = 0;
	struct plain_amount amount;

	if (mirror_count(app_db(p->app), q, "amount", &count, &sum, NULL) == 0 && count > 0) {
		plain_common_amount(sum, &amount);
		plain_say(p, _("%s：%lld 笔，%s"), what, (long long)count, amount.figures);
	}
}

/* Who is logged in, and what there is to do. */
static void
say_state(struct plain *p)
{
	const struct employer *employer = app_employer(p->app);
	int64_t open;
	struct mirror_query q;

	if (!app_is_logged_in(p->app)) {
		plain_say(p, "%s", _("未登录"));
		return;
	}
	plain_say(p, "%s %s", employer->name, employer->taxpayer_id);
	app_query_levies(p->app, LEVY_NORMAL, 1, &q);
	say_work(p, _("待申报"), &q);
	app_query_levies(p->app, LEVY_SPECIAL, 1, &q);
	say_work(p, _("特殊缴费待申报"), &q);
	app_query_payable(p->app, 1, &q);
	say_work(p, _("待缴费"), &q);
	open = app_open_operations(p->app);
	if (open > 0) {
		plain_say(p, _("办理中：%lld 项"), (long long)open);
	}
}

static int
may_leave(struct plain *p)
{
	int64_t open = app_is_logged_in(p->app) ? app_open_operations(p->app) : 0;
	char text[256];

	snprintf(text, sizeof(text), "%s", _("是否退出社保费管理客户端？"));
	if (open > 0) {
		snprintf(text, sizeof(text),
		    _("还有 %lld 项业务在办理中，退出后会在下次登录时继续查询。\n是否退出社保费管理客户端？"),
		    (long long)open);
	}
	return plain_confirm(p, text);
}

/* Enter says the menu again. */
static void
ask_menu(struct plain *p, int *is_told)
{
	char line[32];

	plain_say(p, "%s", _("主菜单"));
	say_state(p);
	if (!*is_told) {
		say_menu(p);
		*is_told = 1;
	}
	if (!plain_ask_code(p, _("菜单代码（Enter 列出菜单）："),
		_("输入两位数字，如 21 日常申报。"), line, sizeof(line))) {
		if (!p->is_leaving && may_leave(p)) {
			p->is_leaving = 1;
		}
	} else if (line[0] == '\0') {
		*is_told = 0;
	} else {
		p->next = (int)plain_number(line, 99);
		if (app_menu_find(p->next) == NULL) {
			plain_say(p, _("没有代码为 %s 的菜单。"), line);
			p->next = 0;
		}
	}
}

static void
open_item(struct plain *p, int code)
{
	size_t i;

	if (!app_menu_find(code)->is_open && !app_is_logged_in(p->app)) {
		plain_say(p, "%s", _("请先登录。"));
		code = CODE_LOGIN;
	}
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].code == code) {
			rows[i].run(p);
		}
	}
}

/* ---- from the start to the end */

/* 登录密码: the client's own lock. */
static int
unlock(struct plain *p)
{
	char *password = crypto_secret_alloc(PASSWORD_SIZE);
	int is_right = !app_lock_is_on(p->app);

	while (!is_right && plain_secret(p, _("登录密码："), password)) {
		is_right = app_lock_check(p->app, password);
		if (!is_right) {
			plain_say(p, "%s", _("登录密码有误，请重新输入。"));
		}
	}
	crypto_secret_free(password, PASSWORD_SIZE);
	return is_right;
}

static void
serve(struct plain *p)
{
	int is_told = 0;
	char region[49];
	int code;

	plain_say(p, _("社保费管理客户端。%s"), _("? 说明，0 返回，q 退出。"));
	if (!unlock(p)) {
		return;
	}
	(void)!mirror_setting(app_db(p->app), "", "region", region, sizeof(region), NULL);
	if (region[0] == '\0' && plain_login_region(p) != 0) {
		return;
	}
	(void)!app_choose(p->app, NULL, NULL);
	p->next = CODE_LOGIN;
	while (!p->is_leaving) {
		code = p->next;
		p->next = 0;
		if (code != 0) {
			open_item(p, code);
		} else {
			ask_menu(p, &is_told);
		}
	}
}

int
plain_run(struct app *app, int password_fd, struct err *err)
{
	struct plain *p = mem_alloc(sizeof(*p));

	p->app = app;
	p->password_fd = password_fd;
	plain_begin(p);
	if (!crypto_secrets_are_locked()) {
		plain_say(p, "%s", _("注意：内存无法锁定，口令可能被写入交换区（shebao doctor）"));
	}
	serve(p);
	app_feedback_watch(app, NULL, NULL);
	plain_say(p, "%s", _("再见。"));
	plain_end(p);
	free(p);
	return fflush(stdout) == 0 && !ferror(stdout) ?
	    0 :
	    err_set(err, ERR_LOCAL, "%s", _("无法写到标准输出"));
}
