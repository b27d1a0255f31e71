/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 安全认证 of an employer, 用人单位添加. */
#include "screen_login.h"

#include <stdio.h>
#include <string.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/taxpayer_id.h"

#define SUGGESTIONS_MAX 2

/* ---- 安全认证 */

struct entering {
	struct screen_ui *ui;
	const char *taxpayer_id;
	char *password; /* kept until the initial one is changed */
	int must_change;
};

/* "安全认证  贵州黔湖机电安装有限公司": line 1 may still show another employer. */
static void
title_of(const struct entering *e, char *out, size_t size)
{
	struct employer employer = { 0 };
	int is_known = mirror_find(app_db(e->ui->app), MIRROR_EMPLOYER, e->taxpayer_id,
			   e->taxpayer_id, &employer, NULL) == 1;

	snprintf(out, size, "%s  %s", _("安全认证"), is_known ? employer.name : e->taxpayer_id);
}

static int
check_login(void *user, const char *password, struct err *err)
{
	struct entering *e = user;

	mem_copy_text(e->password, PASSWORD_SIZE, password);
	return app_login(e->ui->app, e->taxpayer_id, password, &e->must_change, err);
}

static int
change_initial(void *user, const char *old_password, const char *new_password, struct err *err)
{
	struct entering *e = user;

	(void)old_password;
	return app_password_change(e->ui->app, e->password, new_password, err);
}

static int
force_change(struct entering *e)
{
	struct screen_new_password ask = {
		.title = _("修改申报密码"),
		.text = _("首次登录须修改初始申报密码。"),
		.label = N_("新申报密码"),
		.hint = N_("至少8位，含数字、大写、小写、符号中的三类"),
		.set = change_initial,
		.user = e,
	};

	if (screen_common_new_password(e->ui, &ask) != 0) {
		return -1;
	}
	screen_common_success(e->ui, _("修改成功"));
	return 0;
}

/* Who was logged in before; "" for nobody. */
static void
remember(struct screen_ui *ui, char before[TAXPAYER_ID_SIZE])
{
	mem_copy_text(
	    before, TAXPAYER_ID_SIZE, app_is_logged_in(ui->app) ? app_unit(ui->app) : "");
}

static void
go_back(struct screen_ui *ui, const char *before)
{
	if (before[0] == '\0') {
		(void)!app_logout(ui->app, NULL);
	} else if (app_choose(ui->app, before, NULL) == 0 &&
	    app_login_again(ui->app, NULL) == 0) {
		screen_common_watch(ui);
	}
	screen_common_status(ui);
}

static int
enter(struct entering *e)
{
	char title[256];
	int rc;

	title_of(e, title, sizeof(title));
	e->password = crypto_secret_alloc(PASSWORD_SIZE);
	rc = screen_common_authenticate(e->ui, title, check_login, e);
	if (rc == 0 && e->must_change) {
		rc = force_change(e);
	}
	crypto_secret_free(e->password, PASSWORD_SIZE);
	return rc;
}

int
screen_login_enter(struct screen_ui *ui, const char *taxpayer_id)
{
	struct entering e = { .ui = ui, .taxpayer_id = taxpayer_id };
	char before[TAXPAYER_ID_SIZE];

	remember(ui, before);
	if (enter(&e) != 0) {
		go_back(ui, before);
		return -1;
	}
	screen_common_watch(ui);
	screen_common_status(ui);
	return 0;
}

/* ---- 用人单位添加 */

enum add_field {
	ADD_FIRST,
	ADD_AGAIN,
	ADD_FIELD_COUNT
};

struct adding {
	struct screen_ui *ui;
	char id[ADD_FIELD_COUNT][TAXPAYER_ID_SIZE];
};

/* What was meant is more use than what is wrong; there is one line for either. */
static void
describe_mistake(const char *id, const struct err *err, struct buf *mend)
{
	char meant[SUGGESTIONS_MAX][TAXPAYER_ID_MAX + 1];
	size_t n = taxpayer_id_suggest(id, meant, SUGGESTIONS_MAX);

	if (n == 0) {
		buf_puts(mend, err->text);
	} else if (n == 1) {
		buf_printf(mend, _("有误，是否为 %s？"), meant[0]);
	} else {
		buf_printf(mend, _("有误，是否为 %s 或 %s？"), meant[0], meant[1]);
	}
}

static int
check_id(struct adding *a, struct buf *mend)
{
	char *id = a->id[ADD_FIRST];
	struct employer found = { 0 };
	struct err err = { 0 };

	taxpayer_id_normalize(id);
	if (id[0] == '\0') {
		return 0;
	}
	if (taxpayer_id_check(id, &err) != 0) {
		describe_mistake(id, &err, mend);
		return -1;
	}
	if (mirror_find(app_db(a->ui->app), MIRROR_EMPLOYER, id, id, &found, NULL) == 1) {
		buf_puts(mend, _("该用人单位已经添加"));
		return -1;
	}
	if (!taxpayer_id_inner_ok(id)) {
		buf_puts(mend, _("其中的组织机构代码校验不符，请核对后继续"));
		return 1;
	}
	return 0;
}

static int
check_add(void *user, size_t field, struct buf *mend)
{
	struct adding *a = user;

	if (field == ADD_FIRST) {
		return check_id(a, mend);
	}
	taxpayer_id_normalize(a->id[ADD_AGAIN]);
	if (a->id[ADD_AGAIN][0] != '\0' && strcmp(a->id[ADD_FIRST], a->id[ADD_AGAIN]) != 0) {
		buf_puts(mend, _("两次输入的纳税人识别号不一致"));
		return -1;
	}
	return 0;
}

static int
ask_id(struct adding *a)
{
	static const char *const buttons[] = { N_("下一步") };
	struct tui_field fields[] = {
		[ADD_FIRST] = { .label = N_("纳税人识别号"),
		    .hint = N_("18位统一社会信用代码或15、17、20位旧号") },
		[ADD_AGAIN] = { .label = N_("再次输入"), .hint = N_("再输入一次进行确认") },
	};
	struct tui_form form = {
		.title = _("用人单位添加"),
		.fields = fields,
		.field_count = ARRAY_LEN(fields),
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
		.check = check_add,
		.user = a,
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(fields); i++) {
		fields[i].kind = TUI_FIELD_CODE;
		fields[i].flags = TUI_FIELD_REQUIRED;
		fields[i].value = a->id[i];
		fields[i].size = TAXPAYER_ID_SIZE;
	}
	return tui_form_run(a->ui->tui, &form) == 0 ? 0 : -1;
}

int
screen_login_add(struct screen_ui *ui, char taxpayer_id[TAXPAYER_ID_SIZE])
{
	struct adding a = { .ui = ui };
	struct entering e = { .ui = ui, .taxpayer_id = a.id[ADD_FIRST] };
	char before[TAXPAYER_ID_SIZE];
	int rc;

	if (ask_id(&a) != 0) {
		return -1;
	}
	remember(ui, before);
	rc = enter(&e);
	if (rc == 0 && !e.must_change) {
		screen_common_success(ui, _("添加成功"));
	}
	go_back(ui, before);
	mem_copy_text(taxpayer_id, TAXPAYER_ID_SIZE, a.id[ADD_FIRST]);
	return rc;
}
