/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 登录, 单位管理, 申报密码. */
#include "app_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/taxpayer_id.h"

void
app_password_failed(struct err *err)
{
	char text[ERR_TEXT_MAX];

	if (err == NULL || err->code != ERR_WRONG_PASSWORD) {
		return;
	}
	snprintf(text, sizeof(text), _("申报密码验证失败：[%d]%.500s"),
	    err_info(ERR_WRONG_PASSWORD)->number, err->text);
	mem_copy_text(err->text, sizeof(err->text), text);
}

int
app_choose(struct app *app, const char *taxpayer_id, struct err *err)
{
	char id[3 * TAXPAYER_ID_SIZE] = ""; /* also in full-width forms */
	struct employer employer = { 0 };
	int found;

	if (taxpayer_id == NULL) {
		if (mirror_setting(app->db, "", "last_employer", id, sizeof(id), err) < 0) {
			return -1;
		}
	} else {
		mem_copy_text(id, sizeof(id), taxpayer_id);
		taxpayer_id_normalize(id);
	}
	if (id[0] == '\0') {
		return err_set(err, ERR_NOT_FOUND, "%s",
		    _("尚未添加用人单位，请先添加（shebao unit add 纳税人识别号）。"));
	}
	found = mirror_find(app->db, MIRROR_EMPLOYER, id, id, &employer, err);
	if (found < 0) {
		return -1;
	}
	if (found == 0) {
		return err_set(err, ERR_NOT_FOUND,
		    _("本机没有添加纳税人识别号为 %s 的用人单位，请先添加（shebao unit add）。"),
		    id);
	}
	if (strcmp(employer.taxpayer_id, app->employer.taxpayer_id) != 0) {
		app_feedback_watch(app, NULL, NULL);
		app_payment_watch(app, NULL, NULL);
		sync_set_token(app->sync, NULL);
		app->is_logged_in = 0;
	}
	app->employer = employer;
	return 0;
}

static void
describe_client(char *out, size_t size)
{
	char host[33] = "";
	const char *user = getenv("USER");

	gethostname(host, sizeof(host) - 1);
	snprintf(out, size, "shebao %s %s %.16s", SHEBAO_VERSION, host,
	    user == NULL ? "" : user);
}

static int
keep_session(struct app *app, const struct login_answer *answer, struct err *err)
{
	const char *id = answer->taxpayer_id;

	if (mirror_set(app->db, id, "session", answer->token, err) != 0) {
		return -1;
	}
	return mirror_set(app->db, "", "last_employer", id, err);
}

int
app_login(struct app *app, const char *taxpayer_id, const char *password, int *must_change,
    struct err *err)
{
	struct login_request request = { 0 };
	struct login_answer answer = { 0 };
	int rc = -1;

	*must_change = 0;
	mem_copy_text(request.taxpayer_id, sizeof(request.taxpayer_id), taxpayer_id);
	describe_client(request.client, sizeof(request.client));
	if (!mem_copy_text(request.password, sizeof(request.password), password)) {
		err_set(err, ERR_WRONG_PASSWORD, "%s", _("您输入的申报密码有误，请重新输入。"));
	} else {
		sync_set_token(app->sync, NULL);
		rc = app_ask_patiently(app, OPERATION_LOGIN, &request, &answer, err);
	}
	if (rc != 0) {
		app_password_failed(err);
		goto out;
	}
	sync_set_token(app->sync, answer.token);
	app_feedback_watch(app, NULL, NULL);
	app_payment_watch(app, NULL, NULL);
	app->employer = (struct employer){ 0 };
	mem_copy_text(app->employer.taxpayer_id, TAXPAYER_ID_SIZE, answer.taxpayer_id);
	mem_copy_text(app->employer.name, NAME_SIZE, answer.name);
	app->is_logged_in = 1;
	*must_change = answer.must_change;
	if (answer.must_change) {
		goto out;
	}
	rc = app_employer_add(app, err);
	if (rc == 0) {
		rc = keep_session(app, &answer, err);
	}
	if (rc == 0) {
		rc = app_resume(app, NULL, err);
	}
out:
	record_release(&request_login, &request);
	record_release(&request_login_answer, &answer);
	return rc;
}

int
app_login_again(struct app *app, struct err *err)
{
	char token[TOKEN_SIZE];

	if (mirror_setting(app->db, app_unit(app), "session", token, sizeof(token), err) < 0) {
		return -1;
	}
	if (token[0] == '\0') {
		return err_set(err, ERR_SESSION, "%s", _("尚未登录，或登录已过期。"));
	}
	sync_set_token(app->sync, token);
	crypto_wipe(token, sizeof(token));
	app->is_logged_in = 1;
	return 0;
}

int
app_logout(struct app *app, struct err *err)
{
	int rc = 0;

	if (app->is_logged_in) {
		/* The service may be gone; the token ends by itself then. */
		struct err ignored = { 0 };

		(void)!sync_ask(app->sync, OPERATION_LOGOUT, NULL, NULL, NULL, &ignored);
		rc = mirror_set(app->db, app_unit(app), "session", "", err);
	}
	app_feedback_watch(app, NULL, NULL);
	app_payment_watch(app, NULL, NULL);
	sync_set_token(app->sync, NULL);
	app->is_logged_in = 0;
	return rc;
}

int
app_password_change(
    struct app *app, const char *old_password, const char *new_password, struct err *err)
{
	struct password_request request = { 0 };
	struct login_answer answer = { 0 };
	char taxpayer_id[TAXPAYER_ID_SIZE];
	int must_change, rc;

	app_outbox_id(request.op_id);
	mem_copy_text(request.old_password, PASSWORD_SIZE, old_password);
	if (!mem_copy_text(request.new_password, PASSWORD_SIZE, new_password)) {
		rc = err_set(err, ERR_PASSWORD_RULE, _("申报密码不能超过 %d 个字节"),
		    PASSWORD_SIZE - 1);
		goto out;
	}
	/* Passwords are never journalled: whether it was changed shows at the next login. */
	rc = app_ask_patiently(app, OPERATION_PASSWORD_CHANGE, &request, NULL, err);
	app_password_failed(err);
	if (rc == 0) {
		/* Other sessions end with the old password; take up a new one. */
		mem_copy_text(taxpayer_id, sizeof(taxpayer_id), app_unit(app));
		rc = app_login(app, taxpayer_id, new_password, &must_change, err);
	}
out:
	record_release(&request_password, &request);
	record_release(&request_login_answer, &answer);
	return rc;
}

/* ---- 单位管理 */

int
app_employer_add(struct app *app, struct err *err)
{
	return app_download(app, APP_DOWNLOAD_REGISTRATION, NULL, NULL, NULL, err);
}

int
app_employer_remove(struct app *app, const char *taxpayer_id, struct err *err)
{
	struct employer employer = { 0 };
	char last[TAXPAYER_ID_SIZE];
	int64_t open = 0;
	int found;

	if (app->is_logged_in && strcmp(taxpayer_id, app_unit(app)) == 0) {
		return err_set(err, ERR_STATE, "%s", _("当前登录的企业不能删除"));
	}
	found = mirror_find(
	    app->db, MIRROR_EMPLOYER, taxpayer_id, taxpayer_id, &employer, err);
	if (found <= 0) {
		return found < 0 ?
		    -1 :
		    err_set(err, ERR_NOT_FOUND, _("本机没有添加用人单位 %s"), taxpayer_id);
	}
	if (journal_open_count(app->db, taxpayer_id, &open, err) != 0) {
		return -1;
	}
	if (open > 0) {
		return err_set(err, ERR_STATE,
		    _("用人单位 %s 还有 %lld 项业务结果待确认，不能删除。请登录该单位查询结果后再删除。"),
		    taxpayer_id, (long long)open);
	}
	if (mirror_setting(app->db, "", "last_employer", last, sizeof(last), err) < 0 ||
	    (strcmp(last, taxpayer_id) == 0 &&
		mirror_set(app->db, "", "last_employer", "", err) != 0)) {
		return -1;
	}
	return mirror_forget(app->db, taxpayer_id, err);
}
