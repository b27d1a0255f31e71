/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where to save a file, and saving what the service sealed. */
#include "screen_ui.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/path.h"

#define PATH_SIZE 1024

struct ask {
	struct screen_ui *ui;
	char path[PATH_SIZE];
	int overwrite;
};

/* "~/报表.xlsx" is in the user's own folder. */
static void
expand_home(char *path)
{
	const char *home = getenv("HOME");
	char *whole;

	text_trim(path);
	if (path[0] != '~' || path[1] != '/' || home == NULL) {
		return;
	}
	whole = mem_printf("%s%s", home, path + 1);
	if (strlen(whole) < PATH_SIZE) {
		memcpy(path, whole, strlen(whole) + 1);
	}
	free(whole);
}

static int
check_path(void *user, size_t field, struct buf *mend)
{
	struct ask *ask = user;
	struct err err = { 0 };
	struct stat found;
	size_t n;

	(void)field;
	expand_home(ask->path);
	n = strlen(ask->path);
	if (n == 0) {
		return 0;
	}
	if (app_path_check(ask->ui->app, ask->path, &err) != 0) {
		buf_puts(mend, err.text);
		return -1;
	}
	if (ask->path[n - 1] == '/' || (stat(ask->path, &found) == 0 && S_ISDIR(found.st_mode))) {
		buf_puts(mend, _("这是文件夹，请在后面加上文件名"));
		return -1;
	}
	return 0;
}

/* Tab. Folders that nothing may be saved in are not looked into. */
static int
complete_path(void *user, struct buf *note)
{
	struct ask *ask = user;
	char before[PATH_SIZE];
	size_t fits;

	expand_home(ask->path);
	memcpy(before, ask->path, sizeof(before));
	if (app_path_check(ask->ui->app, ask->path, NULL) != 0) {
		return 0;
	}
	fits = path_complete(ask->path, sizeof(ask->path), note);
	if (fits == 1) {
		buf_clear(note);
	}
	return fits > 1 || strcmp(before, ask->path) != 0;
}

static int
submit_path(void *user, int button, struct buf *mend)
{
	struct ask *ask = user;
	struct stat found;
	char text[PATH_SIZE + 64];

	(void)button;
	(void)mend;
	ask->overwrite = 0;
	if (stat(ask->path, &found) != 0) {
		return 0;
	}
	snprintf(text, sizeof(text), _("文件已存在，是否覆盖？\n%s"), ask->path);
	ask->overwrite = tui_dialog_danger(ask->ui->tui, _("确认信息"), text);
	return ask->overwrite ? 0 : -1;
}

char *
screen_common_ask_path(struct screen_ui *ui, const char *file_name, int *overwrite)
{
	static const char *const buttons[] = { N_("保存") };
	struct ask ask = { .ui = ui };
	struct tui_field field = {
		.label = N_("文件"),
		.kind = TUI_FIELD_TEXT,
		.flags = TUI_FIELD_REQUIRED,
		.columns = 60,
		.value = ask.path,
		.size = sizeof(ask.path),
		.hint = N_("按 Tab 补全文件名"),
		.complete = complete_path,
	};
	struct tui_form form = {
		.title = _("保存到本机"),
		.fields = &field,
		.field_count = 1,
		.buttons = buttons,
		.button_count = 1,
		.check = check_path,
		.submit = submit_path,
		.user = &ask,
	};
	char *proposed = app_document_path(ui->app, file_name);

	text_clean_copy(ask.path, sizeof(ask.path), proposed, strlen(proposed));
	free(proposed);
	if (tui_form_run(ui->tui, &form) != 0) {
		return NULL;
	}
	*overwrite = ask.overwrite;
	return mem_dup(ask.path);
}

struct saving {
	struct screen_ui *ui;
	const struct document *document;
	const char *path;
	int overwrite, is_first;
};

static int
save(void *user, struct err *err)
{
	struct saving *s = user;

	return app_document_save(
	    s->ui->app, s->document, s->path, s->overwrite, s->is_first, err);
}

int
screen_common_save(struct screen_ui *ui, const struct document *document, int is_first)
{
	struct saving saving = { .ui = ui, .document = document, .is_first = is_first };
	int is_saved = 0, rc;
	char *path;

	while (!is_saved) {
		struct err err = { 0 };

		path = screen_common_ask_path(ui, document->file_name, &saving.overwrite);
		if (path == NULL) {
			break;
		}
		saving.path = path;
		rc = screen_common_busy(ui, _("正在保存……"), save, &saving, &err);
		is_saved = rc == 0;
		if (is_saved) {
			mem_copy_text(ui->saved, sizeof(ui->saved), path);
		}
		free(path);
		if (rc != 0) {
			screen_common_error(ui, &err);
		}
		/* Another folder may do; a broken seal or a lost link stays what it is. */
		if (rc != 0 && err.code != ERR_LOCAL && err.code != ERR_FORBIDDEN) {
			break;
		}
	}
	return is_saved;
}
