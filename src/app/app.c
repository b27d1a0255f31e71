/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening and closing the client: settings, state folder, database, way to the service. */
#include "app_private.h"

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

#define DEFAULT_SERVER "http://127.0.0.1:8600"

// clang-format off
#define TEXT(m, h) { .name = #m, .type = CONF_TEXT, .offset = offsetof(struct app_settings, m), .size = sizeof(((struct app_settings *)0)->m), .help = h }
#define NUMBER(m, lo, hi, h) { .name = #m, .type = CONF_NUMBER, .offset = offsetof(struct app_settings, m), .min = lo, .max = hi, .help = h }
#define BOOL(m, h) { .name = #m, .type = CONF_BOOL, .offset = offsetof(struct app_settings, m), .help = h }

const struct conf_key app_settings_keys[] = {
	TEXT(server, "URL of the collection service: http://HOST:PORT, https://HOST:PORT or http+unix:///PATH."),
	TEXT(ca_file, "PEM file of the authority that the service's certificate must lead to; empty: the system's."),
	TEXT(client_cert, "PEM certificate that this client shows to the service."),
	TEXT(client_key, "PEM key of client_cert."),
	TEXT(region, "Region proposed at the first start, such as 贵州省."),
	TEXT(lang, "Language: zh or en; empty: from the environment."),
	TEXT(export_folder, "Folder that files are saved to unless another is named; default: exports in the state folder."),
	TEXT(allowed_folders, "Folders, separated by colons, outside which nothing is saved, printed or sent; empty: no limit."),
	TEXT(zmodem_program, "Program that sends files to the user's own computer by ZMODEM, by its absolute path, or off; empty: /usr/bin/sz, but off where allowed_folders is set."),
	TEXT(office_certificate, "PEM certificates of the tax office for verify; empty: those the service gave."),
	NUMBER(idle_lock_minutes, 0, 1440, "Minutes without a key after which the screen locks, if a login password is set; 0: never."),
	BOOL(ascii, "Draw borders and marks in ASCII only."),
	NUMBER(ambiguous_width, 0, 2, "Columns of characters of ambiguous width, 1 or 2; 0: the terminal is asked."),
	BOOL(color, "Use colour where the terminal can."),
	NUMBER(slow_line, 0, 2, "Few bytes instead of a reversed row: 0 over SSH and wherever the terminal is slow to answer, 1 always, 2 never."),
	BOOL(sandbox, "Give up all files, ports and system calls that the client does not need (Landlock, seccomp)."),
};
// clang-format on
const size_t app_settings_key_count = ARRAY_LEN(app_settings_keys);

static char *
user_file(const char *variable, const char *below_home, const char *name)
{
	const char *base = getenv(variable);
	const char *home = getenv("HOME");

	if (base != NULL && base[0] == '/') {
		return mem_printf("%s/%s", base, name);
	}
	return mem_printf("%s/%s/%s", home == NULL ? "" : home, below_home, name);
}

int
app_settings_load(struct app_settings *settings, struct err *err)
{
	char *own = user_file("XDG_CONFIG_HOME", ".config", "shebao/shebao.conf");
	const char *server = getenv("SHEBAO_SERVER");
	int rc;

	*settings = (struct app_settings){ .server = DEFAULT_SERVER,
		.idle_lock_minutes = 10,
		.color = 1,
		.sandbox = 1 };
	rc = conf_load("/etc/shebao/shebao.conf", app_settings_keys, app_settings_key_count,
	    settings, err);
	if (rc == 0) {
		rc = conf_load(own, app_settings_keys, app_settings_key_count, settings, err);
	}
	if (rc == 0 && server != NULL && server[0] != '\0') {
		rc = conf_set("SHEBAO_SERVER", "server", server, app_settings_keys,
		    app_settings_key_count, settings, err);
	}
	free(own);
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
		err_set(err, ERR_LOCAL, _("无法保护文件夹 %s"), app->home) == 0) &&
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
	if (home == NULL && variable != NULL && variable[0] != '\0') {
		home = variable;
	}
	app->home =
	    home != NULL ? mem_dup(home) : user_file("XDG_STATE_HOME", ".local/state", "shebao");
	umask(077);
	if (open_parts(app, err) != 0) {
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
