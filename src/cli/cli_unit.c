/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebao unit, passwd: 用人单位管理, 申报密码, 登录密码. */
#include "cli_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/taxpayer_id.h"

static int
check_id(const char *argument, char id[TAXPAYER_ID_SIZE], struct err *err)
{
	char meant[3][TAXPAYER_ID_MAX + 1];
	struct buf words = { 0 };
	char *typed = mem_dup(argument);
	size_t n, i, used;
	int fits;

	/* Full-width forms are longer than what they stand for. */
	taxpayer_id_normalize(typed);
	fits = mem_copy_text(id, TAXPAYER_ID_SIZE, typed);
	free(typed);
	if (!fits) {
		return err_set(err, ERR_DATA, _("纳税人识别号 %s 过长"), argument);
	}
	if (taxpayer_id_check(id, err) == 0) {
		return 0;
	}
	n = taxpayer_id_suggest(id, meant, ARRAY_LEN(meant));
	for (i = 0; i < n; i++) {
		buf_printf(&words, "%s%s", i == 0 ? "" : "、", meant[i]);
	}
	if (n > 0 && err != NULL) {
		used = strlen(err->text);
		snprintf(err->text + used, sizeof(err->text) - used, _("；您要输入的可能是 %s"),
		    buf_text(&words));
	}
	buf_release(&words);
	return -1;
}

static int
change_initial(struct cli *cli, const char *password, struct err *err)
{
	char *chosen;
	int rc;

	if (cli_new_password(cli, _("新申报密码："), &chosen, err) != 0) {
		return -1;
	}
	rc = app_password_change(cli->app, password, chosen, err);
	crypto_secret_free(chosen, PASSWORD_SIZE);
	if (rc == 0 && !cli->json) {
		puts(_("修改成功"));
	}
	return rc;
}

int
cli_unit_add(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	char id[TAXPAYER_ID_SIZE];
	const char *password;
	int must_change;

	(void)count;
	if (check_id(arguments[0], id, err) != 0 || cli_password(cli, &password, err) != 0 ||
	    app_login(cli->app, id, password, &must_change, err) != 0) {
		return -1;
	}
	if (must_change && change_initial(cli, password, err) != 0) {
		return -1;
	}
	if (app_employer_add(cli->app, err) != 0) {
		return -1;
	}
	if (!cli->json) {
		printf(_("用人单位添加成功：%s %s\n"), id, app_employer(cli->app)->name);
	} else {
		report_json(&employer_type, app_employer(cli->app));
	}
	return 0;
}

int
cli_unit_list(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct mirror_query q = cli_query(cli, MIRROR_EMPLOYER);

	(void)arguments;
	(void)count;
	return cli_print(cli, &q, &view_employers, err);
}

int
cli_unit_show(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;

	(void)arguments;
	(void)count;
	if (cli_refresh(cli, APP_DOWNLOAD_REGISTRATION, err) != 0) {
		return -1;
	}
	cli_show(cli, &view_employer, app_employer(cli->app));
	return 0;
}

int
cli_unit_insured(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	struct mirror_query q;

	(void)arguments;
	(void)count;
	if (cli_refresh(cli, APP_DOWNLOAD_REGISTRATION, err) != 0) {
		return -1;
	}
	q = cli_query(cli, MIRROR_UNIT);
	mirror_where(&q, "unit_no", MIRROR_IS, cli->unit_no);
	if (cli_filter_code(cli, &q, "agency_code", "agency_name", cli->agency, err) != 0) {
		return -1;
	}
	return cli_print(cli, &q, &view_units, err);
}

int
cli_unit_remove(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;

	(void)count;
	if (app_employer_remove(cli->app, arguments[0], err) != 0) {
		return -1;
	}
	if (!cli->json) {
		printf(_("已从本机删除用人单位 %s\n"), arguments[0]);
	} else {
		puts("{}");
	}
	return 0;
}

/* Who finds a shell open must not take the lock away, no more than on the screens. */
static int
check_lock(struct cli *cli, struct err *err)
{
	char *password;
	int rc;

	if (!app_lock_is_on(cli->app)) {
		return 0;
	}
	password = crypto_secret_alloc(PASSWORD_SIZE);
	rc = cli_login_password(cli, password, err);
	if (rc == 0 && app_lock_check(cli->app, password) != 1) {
		rc = err_set(err, ERR_WRONG_PASSWORD, "%s", _("原登录密码有误，请重新输入。"));
	}
	crypto_secret_free(password, PASSWORD_SIZE);
	return rc;
}

static int
set_login_password(struct cli *cli, struct err *err)
{
	char *chosen = NULL;
	int rc;

	if (check_lock(cli, err) != 0) {
		return -1;
	}
	if (cli->off) {
		rc = app_lock_set(cli->app, NULL, err);
	} else {
		rc = cli_new_password(cli, _("新登录密码："), &chosen, err);
		if (rc == 0) {
			rc = app_lock_set(cli->app, chosen, err);
			crypto_secret_free(chosen, PASSWORD_SIZE);
		}
	}
	if (rc == 0) {
		puts(cli->json ? "{}" : cli->off ? _("登录密码已停用") : _("登录密码修改完成"));
	}
	return rc;
}

int
cli_passwd(void *program, const char *const *arguments, size_t count, struct err *err)
{
	struct cli *cli = program;
	const char *password;
	char *chosen;
	int must_change, rc;

	(void)arguments;
	(void)count;
	if (cli->off && !cli->login) {
		return err_set(err, ERR_USAGE, "%s", _("--off 只用于 --login"));
	}
	if (cli->login) {
		return set_login_password(cli, err);
	}
	if (app_choose(cli->app, cli->unit, err) != 0 || cli_password(cli, &password, err) != 0 ||
	    app_login(cli->app, app_unit(cli->app), password, &must_change, err) != 0 ||
	    cli_new_password(cli, _("新申报密码："), &chosen, err) != 0) {
		return -1;
	}
	rc = app_password_change(cli->app, password, chosen, err);
	crypto_secret_free(chosen, PASSWORD_SIZE);
	if (rc == 0) {
		puts(cli->json ? "{}" : _("申报密码修改完成"));
	}
	return rc;
}
