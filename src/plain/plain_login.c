/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 地区, 11 登录, 12 单位管理 (manual 2.1). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_items.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/region.h"
#include "shebao/taxpayer_id.h"

#define SUGGESTIONS_MAX 2

/* ---- 地区 */

int
plain_login_region(struct plain *p)
{
	size_t count, i;
	const struct region *regions = region_table(&count);
	const char **labels = mem_alloc(count * sizeof(*labels));
	struct plain_choice choice = { .title = _("地区"), .labels = labels, .count = count };
	struct err err = { 0 };
	char question[160];
	int chosen = region_find(app_settings(p->app)->region), is_sure = 0, rc = -1;

	for (i = 0; i < count; i++) {
		labels[i] = _(regions[i].name);
	}
	chosen = chosen < 0 ? region_find("贵州省") : chosen;
	while (!is_sure && chosen >= 0) {
		choice.initial = chosen;
		chosen = plain_choose(p, &choice);
		if (chosen >= 0) {
			snprintf(question, sizeof(question), _("您确定选择【%s】进入系统么？"),
			    labels[chosen]);
			is_sure = plain_confirm(p, question);
		}
	}
	if (is_sure) {
		rc = mirror_set(app_db(p->app), "", "region", regions[chosen].name, &err);
		plain_error(p, &err);
	}
	free(labels);
	return rc;
}

/* ---- 安全认证 */

struct entering {
	struct plain *p;
	const char *taxpayer_id;
	char *password; /* kept until the initial one is changed */
	int must_change;
};

static int
check_login(void *user, const char *password, struct err *err)
{
	struct entering *e = user;

	mem_copy_text(e->password, PASSWORD_SIZE, password);
	return app_login(e->p->app, e->taxpayer_id, password, &e->must_change, err);
}

static int
change_initial(void *user, const char *old_password, const char *new_password, struct err *err)
{
	struct entering *e = user;

	(void)old_password;
	return app_password_change(e->p->app, e->password, new_password, err);
}

static int
enter(struct entering *e)
{
	struct plain_new_password ask = {
		.title = _("修改申报密码。首次登录须修改初始申报密码：至少8位，含数字、大写、小写、符号中的三类。"),
		.label = _("新申报密码"),
		.set = change_initial,
		.user = e,
	};
	char title[256];
	int rc;

	snprintf(title, sizeof(title), "%s %s", _("安全认证"), e->taxpayer_id);
	e->password = crypto_secret_alloc(PASSWORD_SIZE);
	rc = plain_common_authenticate(e->p, title, check_login, e);
	if (rc == 0 && e->must_change) {
		rc = plain_common_new_password(e->p, &ask);
		if (rc == 0) {
			plain_say(e->p, "%s", _("修改成功"));
		}
	}
	crypto_secret_free(e->password, PASSWORD_SIZE);
	return rc;
}

/* Who was logged in before is so again; "" for nobody. */
static void
go_back(struct plain *p, const char *before)
{
	if (before[0] == '\0') {
		(void)!app_logout(p->app, NULL);
	} else if (app_choose(p->app, before, NULL) == 0 && app_login_again(p->app, NULL) == 0) {
		plain_common_watch(p);
	}
}

static void
remember(struct plain *p, char before[TAXPAYER_ID_SIZE])
{
	mem_copy_text(
	    before, TAXPAYER_ID_SIZE, app_is_logged_in(p->app) ? app_unit(p->app) : "");
}

static void
log_in(struct plain_list *list, const void *record)
{
	struct plain *p = list->p;
	const struct employer *employer = record;
	struct entering e = { .p = p, .taxpayer_id = employer->taxpayer_id };
	char before[TAXPAYER_ID_SIZE];

	remember(p, before);
	if (enter(&e) != 0) {
		go_back(p, before);
		return;
	}
	plain_common_watch(p);
	plain_say(p, _("登录成功：%s"), app_employer(p->app)->name);
	plain_list_go(list, 0);
}

/* ---- 添加, 删除 */

/* 1: id can be used. */
static int
check_id(struct plain *p, char *id)
{
	char meant[SUGGESTIONS_MAX][TAXPAYER_ID_MAX + 1];
	struct employer found = { 0 };
	struct err err = { 0 };
	size_t n, i;

	taxpayer_id_normalize(id);
	if (taxpayer_id_check(id, &err) != 0) {
		plain_error(p, &err);
		n = taxpayer_id_suggest(id, meant, SUGGESTIONS_MAX);
		for (i = 0; i < n; i++) {
			plain_say(p, _("是否为 %s？"), meant[i]);
		}
		return 0;
	}
	if (mirror_find(app_db(p->app), MIRROR_EMPLOYER, id, id, &found, NULL) == 1) {
		plain_say(p, "%s", _("该用人单位已经添加"));
		return 0;
	}
	if (!taxpayer_id_inner_ok(id)) {
		plain_say(p, "%s", _("其中的组织机构代码校验不符，请核对后继续"));
	}
	return 1;
}

static int
ask_id(struct plain *p, char id[TAXPAYER_ID_SIZE])
{
	const char *help = _("18位统一社会信用代码或15、17、20位旧号");
	char again[TAXPAYER_ID_SIZE];

	plain_say(p, "%s", _("用人单位添加"));
	while (plain_ask_code(p, _("纳税人识别号："), help, id, TAXPAYER_ID_SIZE)) {
		if (!check_id(p, id)) {
			continue;
		}
		if (!plain_ask_code(p, _("再次输入："), help, again, sizeof(again))) {
			return 0;
		}
		taxpayer_id_normalize(again);
		if (strcmp(id, again) == 0) {
			return 1;
		}
		plain_say(p, "%s", _("两次输入的纳税人识别号不一致"));
	}
	return 0;
}

static void
add(struct plain_list *list, const void *record)
{
	char id[TAXPAYER_ID_SIZE], before[TAXPAYER_ID_SIZE];
	struct entering e = { .p = list->p, .taxpayer_id = id };

	(void)record;
	if (!ask_id(list->p, id)) {
		return;
	}
	remember(list->p, before);
	if (enter(&e) == 0 && !e.must_change) {
		plain_say(list->p, "%s", _("添加成功"));
	}
	go_back(list->p, before);
	plain_list_load(list);
}

static void
remove_employer(struct plain_list *list, const void *record)
{
	const struct employer *employer = record;
	struct err err = { 0 };
	char text[400];

	snprintf(
	    text, sizeof(text), _("确认删除？\n%s\n%s"), employer->name, employer->taxpayer_id);
	if (!plain_confirm(list->p, text)) {
		return;
	}
	if (app_employer_remove(list->p->app, employer->taxpayer_id, &err) == 0) {
		plain_say(list->p, "%s", _("删除成功"));
	}
	plain_error(list->p, &err);
	plain_list_load(list);
}

static void
change_region(struct plain_list *list, const void *record)
{
	(void)record;
	(void)plain_login_region(list->p);
}

static const struct plain_list_action actions[] = {
	{ .label = N_("登录"), .needs_row = 1, .run = log_in },
	{ .label = N_("添加"), .run = add },
	{ .label = N_("删除"), .needs_row = 1, .run = remove_employer },
	{ .label = N_("更换地区"), .run = change_region },
};

static void
run_list(struct plain *p, const char *title)
{
	const struct plain_list_opts opts = {
		.title = title,
		.list = &app_list_employers,
		.empty = N_("还没有添加用人单位，请选择【添加】。"),
		.help = N_("初始申报密码为任一单位编号后6位，若单位编号不足6位，则单位编号末尾补0；首次登录后须修改。\n"
			   "遗失申报密码时，请税务工作人员重置。当前登录的企业不能删除。"),
		.actions = actions,
		.action_count = ARRAY_LEN(actions),
	};

	plain_list_run(p, &opts);
}

void
plain_login(struct plain *p)
{
	run_list(p, N_("11 登录"));
}

void
plain_login_units(struct plain *p)
{
	run_list(p, N_("12 单位管理"));
}
