/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening and closing the client: settings, state folder, database, way to the service. */
#include "app_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shebao/conf.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

/* In a kiosk nothing is saved elsewhere than where it says, and a name without a folder is one
 * there. */
static int
enter_folder(struct app *app, struct err *err)
{
	struct app_settings *settings = &app->settings;
	char *folder = settings->export_folder[0] != '\0' ? mem_dup(settings->export_folder)
							  : mem_printf("%s/exports", app->home);
	char *real = NULL;
	int rc = file_make_folder(folder, err);

	if (rc == 0 && (real = realpath(folder, NULL)) == NULL) {
		rc = err_set(err, ERR_LOCAL, _("无法打开文件夹 %s：%s"), folder, strerror(errno));
	}
	if (rc == 0 && settings->allowed_folders[0] == '\0' &&
	    !mem_copy_text(settings->allowed_folders, sizeof(settings->allowed_folders), real)) {
		rc = err_set(err, ERR_LOCAL, _("无法打开文件夹 %s：%s"), folder, strerror(ENAMETOOLONG));
	}
	if (rc == 0 && chdir(real) != 0) {
		rc = err_set(err, ERR_LOCAL, _("无法打开文件夹 %s：%s"), folder, strerror(errno));
	}
	free(real);
	free(folder);
	return rc;
}

static int
open_parts(struct app *app, struct err *err)
{
	struct app_settings *settings = &app->settings;
	char *url = mem_printf("sqlite:%s/shebao.db", app->home);
	struct sync_opts opts = {
		.server = settings->server,
		.ca_file = settings->ca_file[0] == '\0' ? NULL : settings->ca_file,
		.client_cert = settings->client_cert[0] == '\0' ? NULL : settings->client_cert,
		.client_key = settings->client_key[0] == '\0' ? NULL : settings->client_key,
	};
	int rc = -1;

	if (file_make_folder(app->home, err) == 0 &&
	    (chmod(app->home, 0700) == 0 ||
		err_set(err, ERR_LOCAL, _("无法保护文件夹 %s：%s。请检查权限和磁盘是否只读，或用 --home 指定另一个文件夹"), app->home, strerror(errno)) == 0) &&
	    mirror_open(url, &app->db, err) == 0) {
		rc = sync_open(app->loop, &opts, &app->sync, err);
	}
	free(url);
	return rc;
}

int
app_open(struct loop *loop, const struct app_settings *settings, const char *home,
    struct app **out, struct err *err)
{
	struct app *app = mem_alloc(sizeof(*app));
	const char *variable = getenv("SHEBAO_HOME");

	app->loop = loop;
	app->settings = *settings;
	app->turn_fd = app_lock_open();
	if (home == NULL && variable != NULL && variable[0] != '\0') {
		home = variable;
	}
	app->home =
	    home != NULL ? mem_dup(home) : app_settings_user_path("XDG_STATE_HOME", ".local/state", "shebao");
	umask(077);
	if (open_parts(app, err) != 0 || (app->settings.kiosk && enter_folder(app, err) != 0)) {
		app_close(app);
		return -1;
	}
	*out = app;
	return 0;
}

void
app_close(struct app *app)
{
	if (app == NULL) {
		return;
	}
	app_feedback_watch(app, NULL, NULL);
	app_payment_watch(app, NULL, NULL);
	sync_close(app->sync);
	db_close(app->db);
	if (app->turn_fd >= 0) {
		close(app->turn_fd);
	}
	free(app->home);
	free(app);
}

struct db *
app_db(struct app *app)
{
	return app->db;
}

struct loop *
app_loop(struct app *app)
{
	return app->loop;
}

const struct app_settings *
app_settings(const struct app *app)
{
	return &app->settings;
}

const char *
app_home(const struct app *app)
{
	return app->home;
}

const char *
app_unit(const struct app *app)
{
	return app->employer.taxpayer_id;
}

const struct employer *
app_employer(const struct app *app)
{
	return &app->employer;
}

int
app_is_logged_in(const struct app *app)
{
	return app->is_logged_in;
}
