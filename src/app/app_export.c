/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 导出: what a list shows, as a spreadsheet. */
#include "app_private.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/sheet.h"

/* A screen stays alive while a million rows are written: the loop gets a turn now and then. */
#define SLICE_ROWS 500

struct writing {
	struct app *app;
	const struct app_export *export;
	struct sheet *sheet;
	struct app_progress progress;
	int64_t since;
};

static void
turn_over(void *user)
{
	*(int *)user = 1;
}

static void
give_turn(struct writing *w)
{
	int64_t ms = loop_now_ms() - w->since;
	int done = 0;

	if (w->export->progress == NULL) {
		return;
	}
	w->progress.rate = ms > 0 ? w->progress.rows * 1000 / ms : 0;
	w->export->progress(&w->progress, w->export->user);
	loop_timer(w->app->loop, 0, turn_over, &done);
	loop_run_until(w->app->loop, &done);
}

static int
add(const void *record, void *user, struct err *err)
{
	struct writing *w = user;

	if (sheet_add(w->sheet, record, err) != 0) {
		return -1;
	}
	if (++w->progress.rows % SLICE_ROWS == 0) {
		give_turn(w);
	}
	if (w->export->cancel != NULL && *w->export->cancel) {
		return err_set(err, ERR_CANCELLED, "%s", _("已取消，未生成文件。"));
	}
	return 0;
}

int
app_export(struct app *app, const struct app_export *export, int64_t *rows, struct err *err)
{
	int has_summaries = export->query->noun == MIRROR_LEVY;
	char *heading = mem_printf("%s（%s）", app->employer.name, app_unit(app));
	struct sheet_options options = {
		.view = export->view,
		.summaries = has_summaries ? sheet_levy_summaries : NULL,
		.summary_count = has_summaries ? sheet_levy_summary_count : 0,
		.heading = heading,
		.created_at = loop_wall_ms(),
		.overwrite = export->overwrite ? FILE_REPLACE : FILE_KEEP,
	};
	struct writing w = { .app = app, .export = export, .since = loop_now_ms() };
	int rc = -1;

	w.progress.what = _(export->view->title);
	if (mirror_count(app->db, export->query, NULL, &w.progress.total, NULL, err) == 0 &&
	    app_path_check(app, export->path, err) == 0 &&
	    sheet_open(export->path, &options, &w.sheet, err) == 0) {
		rc = mirror_each(app->db, export->query, add, &w, err);
		if (rc == 0) {
			rc = sheet_finish(w.sheet, err);
		} else {
			sheet_cancel(w.sheet);
		}
	}
	*rows = w.progress.rows;
	free(heading);
	return rc;
}
