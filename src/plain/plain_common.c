/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several menu items say and ask: amounts, records, downloads, passwords, feedback. */
#include "plain_common.h"

#include <stdio.h>
#include <string.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/states.h"

#define FEEDBACK_SECONDS 20
#define TOTALS_MAX 64
#define PROGRESS_MS 3000

/* ---- showing */

void
plain_common_amount(int64_t fen, struct plain_amount *out)
{
	char figures[MONEY_TEXT_MAX];

	money_format(fen, figures);
	snprintf(out->figures, sizeof(out->figures), _("%s 元"), figures);
	money_in_words(fen, out->words);
}

void
plain_common_record(struct plain *p, const struct view *view, const void *record)
{
	size_t n = view_count(view), i;
	char cell[VIEW_CELL_SIZE];

	for (i = 0; i < n; i++) {
		view_cell(view, i, record, cell, sizeof(cell));
		if (cell[0] != '\0') {
			plain_say(p, _("%s：%s"), view_title(view, i), cell);
		}
	}
}

void
plain_common_totals(struct plain *p, const struct mirror_query *q, int64_t amount)
{
	struct mirror_total totals[TOTALS_MAX];
	struct plain_amount said;
	size_t got = 0, i;

	(void)!mirror_totals(app_db(p->app), q, "item_name", totals, TOTALS_MAX, &got, NULL);
	for (i = 0; i < got; i++) {
		plain_common_amount(totals[i].amount, &said);
		plain_say(p, _("%s：%lld 笔，%s"), totals[i].name, (long long)totals[i].count,
		    said.figures);
	}
	plain_common_amount(amount, &said);
	plain_say(p, _("合计（小写）：%s"), said.figures);
	plain_say(p, _("合计（大写）：%s"), said.words);
}

/* ---- download */

struct download {
	struct plain *p;
	int64_t said_at;
};

static void
on_progress(const struct app_progress *progress, void *user)
{
	struct download *d = user;

	if (loop_now_ms() - d->said_at >= PROGRESS_MS) {
		d->said_at = loop_now_ms();
		plain_say(d->p, _("%s：已下载 %lld 条，每秒 %lld 条"), progress->what,
		    (long long)progress->rows, (long long)progress->rate);
	}
}

struct relogin {
	struct plain *p;
	int must_change;
};

static int
log_in_again(void *user, const char *password, struct err *err)
{
	struct relogin *r = user;
	char taxpayer_id[TAXPAYER_ID_SIZE];

	mem_copy_text(taxpayer_id, sizeof(taxpayer_id), app_unit(r->p->app));
	return app_login(r->p->app, taxpayer_id, password, &r->must_change, err);
}

static int
relogin(struct plain *p)
{
	struct relogin r = { .p = p };

	if (plain_common_authenticate(
		p, _("登录已过期，请重新安全认证"), log_in_again, &r) != 0) {
		return -1;
	}
	plain_common_watch(p);
	return r.must_change ? -1 : 0;
}

int
plain_common_download(struct plain *p, const char *title, unsigned what)
{
	struct download d = { .p = p, .said_at = loop_now_ms() };
	struct err err = { 0 };
	int rc;

	plain_say(p, "%s……", title);
	p->cancel = 0;
	rc = app_download(p->app, what, on_progress, &d, &p->cancel, &err);
	if (rc != 0 && err.code == ERR_SESSION && relogin(p) == 0) {
		err_clear(&err);
		rc = app_download(p->app, what, on_progress, &d, &p->cancel, &err);
	}
	p->cancel = 0;
	if (rc == 0) {
		app_feedback_now(p->app);
	} else if (err.code == ERR_CANCELLED) {
		plain_say(p, "%s", _("已取消下载，下次从停下的地方继续。"));
	} else {
		plain_error(p, &err);
	}
	return rc;
}

/* ---- passwords */

/* Failures after which the same question can be asked again. */
static int
can_try_again(enum err_code code)
{
	return code == ERR_WRONG_PASSWORD || code == ERR_UNREACHABLE || code == ERR_BUSY ||
	    code == ERR_SERVICE;
}

int
plain_common_authenticate(
    struct plain *p, const char *title, plain_check_fn *check, void *user)
{
	char *password = crypto_secret_alloc(PASSWORD_SIZE);
	int rc = -1, is_over = 0;

	plain_say(p, "%s", title);
	while (!is_over && plain_secret(p, _("申报密码："), password)) {
		struct err err = { 0 };

		rc = check(user, password, &err);
		crypto_wipe(password, PASSWORD_SIZE);
		plain_error(p, &err);
		is_over = rc == 0 || !can_try_again(err.code);
	}
	crypto_secret_free(password, PASSWORD_SIZE);
	return rc == 0 ? 0 : -1;
}

struct proving {
	struct plain *p;
	const struct proof_request *request;
	char *proof;
};

static int
prove(void *user, const char *password, struct err *err)
{
	struct proving *proving = user;

	return app_prove(
	    proving->p->app, proving->request, password, proving->proof, err);
}

int
plain_common_prove(
    struct plain *p, const struct proof_request *request, char proof[TOKEN_SIZE])
{
	struct proving proving = { p, request, proof };

	return plain_common_authenticate(p, _("安全认证"), prove, &proving);
}

/* Old, new, again: 1 when all were given and the two agree, -1 to ask again, 0 given up. */
static int
ask_new(struct plain *p, const struct plain_new_password *ask, char *values[3])
{
	char prompt[128];

	snprintf(prompt, sizeof(prompt), _("%s："), ask->old_label == NULL ? "" : ask->old_label);
	if (ask->old_label != NULL && !plain_secret(p, prompt, values[0])) {
		return 0;
	}
	snprintf(prompt, sizeof(prompt), _("%s："), ask->label);
	if (!plain_secret(p, prompt, values[1]) || !plain_secret(p, _("再次输入："), values[2])) {
		return 0;
	}
	if (strcmp(values[1], values[2]) != 0) {
		plain_say(p, "%s", _("两次输入的密码不一致，请重新输入"));
		return -1;
	}
	return 1;
}

int
plain_common_new_password(struct plain *p, const struct plain_new_password *ask)
{
	char *values[3];
	int rc = -1, answer = -1;
	size_t i;

	for (i = 0; i < ARRAY_LEN(values); i++) {
		values[i] = crypto_secret_alloc(PASSWORD_SIZE);
	}
	plain_say(p, "%s", ask->title);
	while (rc != 0 && answer != 0) {
		struct err err = { 0 };

		answer = ask_new(p, ask, values);
		if (answer == 1) {
			rc = ask->set(ask->user, values[0], values[1], &err);
			plain_error(p, &err);
		}
	}
	for (i = 0; i < ARRAY_LEN(values); i++) {
		crypto_secret_free(values[i], PASSWORD_SIZE);
	}
	return rc;
}

/* ---- feedback */

static void
on_final(const struct declaration *d, void *user)
{
	struct plain *p = user;
	struct plain_amount amount;

	if (strcmp(d->declaration_id, p->awaited) == 0) {
		p->is_answered = 1;
		p->stop = 1;
		return;
	}
	plain_common_amount(d->amount, &amount);
	plain_say(p, _("通知：%lld 笔 %s 的申报有了结果：%s。请在 23 申报记录 中查看。"),
	    (long long)d->levy_count, amount.figures,
	    _(state_table_label(&states_declaration, d->state)));
}

void
plain_common_watch(struct plain *p)
{
	app_feedback_watch(p->app, on_final, p);
}

static int
is_answered(const struct declaration *d)
{
	return d->state == DECLARATION_ACCEPTED || d->state == DECLARATION_REJECTED ||
	    d->state == DECLARATION_VOIDED;
}

/* Until the answer, 20 seconds, or 0; another line is left for the next question. */
static void
await(struct plain *p)
{
	static const char *const answers[] = { "", "0", NULL };
	int64_t until = loop_now_ms() + FEEDBACK_SECONDS * 1000;
	int is_left = 0;

	while (!p->is_answered && !is_left && loop_now_ms() < until) {
		if (plain_wait(p, &p->is_answered, until - loop_now_ms()) != PLAIN_TYPED) {
			continue;
		}
		switch (plain_take(p, answers)) {
		case 0:
			app_feedback_now(p->app);
			break;
		case 1:
			is_left = 1;
			break;
		default:
			/* Typed ahead: an answer to what comes after the result. */
			(void)plain_wait_deaf(p, &p->is_answered, until - loop_now_ms());
			break;
		}
	}
}

int
plain_common_feedback(struct plain *p, const char *declaration_id)
{
	struct declaration d = { 0 };
	struct err err = { 0 };

	(void)!mirror_find(app_db(p->app), MIRROR_DECLARATION, app_unit(p->app), declaration_id,
	    &d, NULL);
	plain_say(p, "%s",
	    d.state == DECLARATION_VOIDING ?
		_("获取反馈：系统将在20秒内自动获取作废结果。Enter 立即获取，0 转到后台等待。") :
		_("反馈提示：系统将在20秒内自动获取申报结果。Enter 立即获取，0 转到后台等待。"));
	mem_copy_text(p->awaited, sizeof(p->awaited), declaration_id);
	p->is_answered = is_answered(&d);
	record_release(&declaration_type, &d);
	app_feedback_now(p->app);
	await(p);
	p->awaited[0] = '\0';
	if (!p->is_answered) {
		plain_say(p, "%s",
		    _("暂未获取到结果，业务仍在办理中。有结果时会通知，也可稍后在【申报记录】中查看。"));
		return 0;
	}
	if (app_download(p->app, APP_DOWNLOAD_LEVIES | APP_DOWNLOAD_RECORDS, NULL, NULL, NULL,
		&err) != 0) {
		plain_error(p, &err);
	}
	return 1;
}
