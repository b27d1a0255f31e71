/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 安全认证 and new passwords; what is typed stays in locked memory. */
#include "screen_ui.h"

#include <string.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

/* ---- asking for a password that exists */

struct asking {
	struct screen_ui *ui;
	screen_check_fn *check;
	void *user;
	char *password;
	struct err failed; /* ends the form: typing again would not help */
};

static int
check_now(void *user, struct err *err)
{
	struct asking *a = user;

	return a->check(a->user, a->password, err);
}

/* True for failures after which the same form can be tried again. */
static int
can_try_again(enum err_code code)
{
	return code == ERR_WRONG_PASSWORD || code == ERR_PASSWORD_LOCKED ||
	    code == ERR_UNREACHABLE || code == ERR_BUSY || code == ERR_SERVICE;
}

static int
submit_password(void *user, int button, struct buf *mend)
{
	struct asking *a = user;
	struct err err = { 0 };

	(void)button;
	if (screen_common_busy(a->ui, _("正在验证……"), check_now, a, &err) == 0) {
		return 0;
	}
	if (!can_try_again(err.code)) {
		a->failed = err;
		return 0;
	}
	crypto_wipe(a->password, PASSWORD_SIZE);
	err_describe(&err, mend);
	screen_common_status(a->ui);
	return -1;
}

int
screen_common_authenticate(
    struct screen_ui *ui, const char *title, screen_check_fn *check, void *user)
{
	struct asking a = { .ui = ui, .check = check, .user = user };
	struct tui_field field = {
		.label = N_("申报密码"),
		.kind = TUI_FIELD_PASSWORD,
		.flags = TUI_FIELD_REQUIRED,
		.columns = 24,
		.size = PASSWORD_SIZE,
	};
	struct tui_form form = {
		.title = title,
		.text = crypto_secrets_are_locked() ?
		    NULL :
		    _("注意：内存无法锁定，口令可能被写入交换区。"),
		.fields = &field,
		.field_count = 1,
		.submit = submit_password,
		.user = &a,
	};
	int rc;

	a.password = crypto_secret_alloc(PASSWORD_SIZE);
	field.value = a.password;
	rc = tui_form_run(ui->tui, &form);
	crypto_secret_free(a.password, PASSWORD_SIZE);
	if (rc == 0 && a.failed.code != ERR_NONE) {
		screen_common_error(ui, &a.failed);
		rc = -1;
	}
	screen_common_status(ui);
	return rc == 0 ? 0 : -1;
}

struct proving {
	struct screen_ui *ui;
	struct proof_request *request;
	char *proof;
};

static int
prove(void *user, const char *password, struct err *err)
{
	struct proving *p = user;

	return app_prove(p->ui->app, p->request, password, p->proof, err);
}

int
screen_common_prove(
    struct screen_ui *ui, struct proof_request *request, char proof[TOKEN_SIZE])
{
	struct proving proving = { .ui = ui, .request = request, .proof = proof };

	return screen_common_authenticate(ui, _("安全认证"), prove, &proving);
}

struct relogin {
	struct screen_ui *ui;
	int must_change;
};

static int
log_in_again(void *user, const char *password, struct err *err)
{
	struct relogin *r = user;
	char taxpayer_id[TAXPAYER_ID_SIZE];

	mem_copy_text(taxpayer_id, sizeof(taxpayer_id), app_unit(r->ui->app));
	return app_login(r->ui->app, taxpayer_id, password, &r->must_change, err);
}

int
screen_common_relogin(struct screen_ui *ui)
{
	struct relogin r = { .ui = ui };

	if (screen_common_authenticate(
		ui, _("登录已过期，请重新安全认证"), log_in_again, &r) != 0) {
		return -1;
	}
	screen_common_watch(ui);
	return r.must_change ? -1 : 0;
}

/* ---- a new one, typed twice */

enum new_field {
	NEW_OLD,
	NEW_FIRST,
	NEW_AGAIN,
	NEW_FIELD_COUNT
};

struct renewing {
	struct screen_ui *ui;
	screen_new_password_fn *set;
	void *user;
	int has_old;
	char *values[NEW_FIELD_COUNT];
};

static int
check_new(void *user, size_t i, struct buf *mend)
{
	struct renewing *r = user;
	size_t field = r->has_old ? i : i + 1;
	const char *first = r->values[NEW_FIRST], *again = r->values[NEW_AGAIN];

	/* The office's other rules are its own to say. */
	if (field == NEW_FIRST && first[0] != '\0' && strlen(first) < PASSWORD_LEAST) {
		buf_printf(mend, _("至少%d位，现为%d位"), PASSWORD_LEAST, (int)strlen(first));
		return -1;
	}
	if (field == NEW_FIRST && r->has_old && first[0] != '\0' && strcmp(first, r->values[NEW_OLD]) == 0) {
		buf_puts(mend, _("不能与原密码相同"));
		return -1;
	}
	if (field == NEW_AGAIN && again[0] != '\0' && strcmp(again, first) != 0) {
		buf_puts(mend, _("两次输入的密码不一致，请重新输入"));
		return -1;
	}
	return 0;
}

static int
set_now(void *user, struct err *err)
{
	struct renewing *r = user;

	return r->set(r->user, r->values[NEW_OLD], r->values[NEW_FIRST], err);
}

static int
submit_new(void *user, int button, struct buf *mend)
{
	struct renewing *r = user;
	struct err err = { 0 };

	(void)button;
	if (screen_common_busy(r->ui, _("正在修改……"), set_now, r, &err) == 0) {
		return 0;
	}
	if (err.code == ERR_WRONG_PASSWORD) {
		crypto_wipe(r->values[NEW_OLD], PASSWORD_SIZE);
	}
	if (err.code != ERR_CANCELLED) {
		err_describe(&err, mend);
	}
	return -1;
}

int
screen_common_new_password(struct screen_ui *ui, const struct screen_new_password *ask)
{
	const char *const buttons[] = { ask->button };
	struct renewing r = { .ui = ui, .set = ask->set, .user = ask->user,
		.has_old = ask->old_label != NULL };
	struct tui_field fields[NEW_FIELD_COUNT] = {
		[NEW_OLD] = { .label = ask->old_label },
		[NEW_FIRST] = { .label = ask->label, .hint = ask->hint },
		[NEW_AGAIN] = { .label = N_("再次输入") },
	};
	struct tui_form form = {
		.title = ask->title,
		.text = ask->text,
		.fields = r.has_old ? fields : fields + 1,
		.field_count = r.has_old ? NEW_FIELD_COUNT : NEW_FIELD_COUNT - 1,
		.buttons = ask->button == NULL ? NULL : buttons,
		.button_count = ask->button == NULL ? 0 : ARRAY_LEN(buttons),
		.check = check_new,
		.submit = submit_new,
		.user = &r,
	};
	size_t i;
	int rc;

	for (i = 0; i < NEW_FIELD_COUNT; i++) {
		r.values[i] = crypto_secret_alloc(PASSWORD_SIZE);
		fields[i].kind = TUI_FIELD_PASSWORD;
		fields[i].flags = TUI_FIELD_REQUIRED;
		fields[i].columns = 24;
		fields[i].value = r.values[i];
		fields[i].size = PASSWORD_SIZE;
	}
	rc = tui_form_run(ui->tui, &form);
	for (i = 0; i < NEW_FIELD_COUNT; i++) {
		crypto_secret_free(r.values[i], PASSWORD_SIZE);
	}
	return rc == 0 ? 0 : -1;
}
