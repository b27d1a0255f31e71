/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 下载: brings the mirror up to date, list by list. */
#include "app_private.h"

#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define COMMIT_ROWS 4000

// clang-format off
static const struct {
	unsigned group;
	enum operation operation;
	enum mirror_noun noun;
	const char *what;
} lists[] = {
	{ APP_DOWNLOAD_REGISTRATION, OPERATION_UNIT_LIST, MIRROR_UNIT, N_("单位信息") },
	{ APP_DOWNLOAD_REGISTRATION, OPERATION_AGREEMENT_LIST, MIRROR_AGREEMENT, N_("三方协议") },
	{ APP_DOWNLOAD_REGISTRATION, OPERATION_ACCOUNT_LIST, MIRROR_ACCOUNT, N_("存款账户") },
	{ APP_DOWNLOAD_LEVIES, OPERATION_LEVY_LIST, MIRROR_LEVY, N_("应征费款") },
	{ APP_DOWNLOAD_RECORDS, OPERATION_DECLARATION_LIST, MIRROR_DECLARATION, N_("申报记录") },
	{ APP_DOWNLOAD_RECORDS, OPERATION_PAYMENT_LIST, MIRROR_PAYMENT, N_("缴费记录") },
	{ APP_DOWNLOAD_RECORDS, OPERATION_VOUCHER_LIST, MIRROR_VOUCHER, N_("缴费凭证") },
	{ APP_DOWNLOAD_RECORDS, OPERATION_CERTIFICATE_LIST, MIRROR_CERTIFICATE, N_("完税证明") },
	{ APP_DOWNLOAD_CONSULTATIONS, OPERATION_CONSULTATION_LIST, MIRROR_CONSULTATION, N_("问题咨询") },
};
// clang-format on

struct download {
	struct app *app;
	enum mirror_noun noun;
	struct mirror_staging *staging;
	app_progress_fn *fn;
	void *user;
	struct app_progress progress;
	int64_t since, told;
	int64_t uncommitted;
};

static void
tell(struct download *d, int64_t now)
{
	int64_t ms = now - d->since;

	if (d->fn == NULL || (now - d->told < 100 && d->told != 0)) {
		return;
	}
	d->told = now;
	d->progress.rate = ms <= 0 ? 0 : d->progress.rows * 1000 / ms;
	d->fn(&d->progress, d->user);
}

static int
on_row(const void *record, void *user, struct err *err)
{
	struct download *d = user;

	if (d->uncommitted == 0 && mirror_staging_open(d->staging, err) != 0) {
		return -1;
	}
	if (mirror_staging_put(d->staging, record, err) != 0) {
		return -1;
	}
	d->progress.rows++;
	if (++d->uncommitted == COMMIT_ROWS) {
		d->uncommitted = 0;
		if (mirror_staging_save(d->staging, err) != 0) {
			return -1;
		}
	}
	if (d->progress.rows % 256 == 0) {
		tell(d, loop_now_ms());
	}
	return 0;
}

/* What arrived before a failure or Esc stays staged: the next download goes on from there. */
static int
end_rows(struct download *d, int rc, struct err *err)
{
	if (!db_in_transaction(d->app->db)) {
		return rc;
	}
	return mirror_staging_save(d->staging, err) == 0 ? rc : -1;
}

static void
on_stage_over(int fd, int events, void *user)
{
	int *done = user;

	(void)fd;
	(void)events;
	*done = 1;
}

/* Waits for the thread in the loop. */
static int
end_stage(struct app *app, struct mirror_stage *stage, const int *cancel, struct err *err)
{
	int done = 0;

	loop_watch(app->loop, mirror_stage_fd(stage), LOOP_READ, on_stage_over, &done);
	if (sync_wait(app->sync, &done, cancel)) {
		mirror_stage_stop(stage);
	}
	loop_watch(app->loop, mirror_stage_fd(stage), 0, NULL, NULL);
	return mirror_stage_end(stage, err);
}

/* Rows that were staged become the list; what takes long is waited for in the loop. */
static int
swap(struct download *d, const int *cancel, struct err *err)
{
	struct app *app = d->app;
	struct mirror_stage *stage = NULL;

	if (!mirror_stage_is_long(app->db, d->noun, d->progress.rows)) {
		return mirror_stage_swap(app->db, d->noun, app_unit(app), loop_wall_ms(), err);
	}
	if (mirror_stage_start(
		app->db, d->noun, app_unit(app), loop_wall_ms(), &stage, err) != 0) {
		return -1;
	}
	return end_stage(app, stage, cancel, err);
}

/* Many rows that stay staged: else the next commit would bring them all from the log. */
static void
put_away(struct download *d)
{
	struct mirror_stage *stage = NULL;

	if (mirror_stage_is_long(d->app->db, d->noun, d->progress.rows) &&
	    mirror_stage_start_log(d->app->db, &stage, NULL) == 0) {
		(void)!end_stage(d->app, stage, NULL, NULL);
	}
}

static int
download_list(struct download *d, enum operation operation, const int *cancel, struct err *err)
{
	struct app *app = d->app;
	const char *unit = app_unit(app);
	int64_t after, staged;
	int rc;

	d->uncommitted = 0;
	if (mirror_stage_begin(app->db, d->noun, unit, &after, &staged, err) != 0) {
		return -1;
	}
	d->progress.rows = staged;
	d->staging = mirror_staging_new(app->db, d->noun);
	rc = sync_list(app->sync, operation, after, on_row, d, cancel, err);
	rc = end_rows(d, rc, err);
	mirror_staging_free(d->staging);
	if (rc == 0) {
		rc = swap(d, cancel, err);
	} else {
		put_away(d);
	}
	tell(d, loop_now_ms() + 1000);
	return rc;
}

static int
download_employer(struct app *app, const int *cancel, struct err *err)
{
	struct employer employer = { 0 };

	if (sync_ask(app->sync, OPERATION_EMPLOYER_SHOW, NULL, &employer, cancel, err) != 0) {
		return -1;
	}
	app->employer = employer;
	return mirror_put(app->db, MIRROR_EMPLOYER, &employer, err);
}

int
app_download(struct app *app, unsigned what, app_progress_fn *progress, void *user,
    const int *cancel, struct err *err)
{
	struct download d = { .app = app, .fn = progress, .user = user };
	size_t i;

	if (!app->is_logged_in) {
		return err_set(err, ERR_SESSION, "%s", _("尚未登录，或登录已过期。"));
	}
	if ((what & APP_DOWNLOAD_REGISTRATION) != 0 && download_employer(app, cancel, err) != 0) {
		return -1;
	}
	if ((what & (APP_DOWNLOAD_LEVIES | APP_DOWNLOAD_RECORDS)) != 0 &&
	    app_resume(app, cancel, err) != 0) {
		return -1;
	}
	for (i = 0; i < ARRAY_LEN(lists); i++) {
		if ((lists[i].group & what) == 0) {
			continue;
		}
		d.noun = lists[i].noun;
		d.since = loop_now_ms();
		d.progress = (struct app_progress){ .what = _(lists[i].what) };
		if (download_list(&d, lists[i].operation, cancel, err) != 0) {
			return -1;
		}
	}
	return 0;
}
