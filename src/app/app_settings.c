/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's configuration. */
#include "app_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define DEFAULT_SERVER "http://127.0.0.1:8600"
#define MACHINE_FOLDER "/etc/shebao"
#define MACHINE_FILE MACHINE_FOLDER "/shebao.conf"

static const char *
expected_lang(const char *value)
{
	return value[0] == '\0' || strcmp(value, "zh") == 0 || strcmp(value, "en") == 0
	    ? NULL
	    : N_("zh或en");
}

// clang-format off
#define TEXT(m, h) { .name = #m, .type = CONF_TEXT, .offset = offsetof(struct app_settings, m), .size = sizeof(((struct app_settings *)0)->m), .help = h }
#define WORD(m, h) { .name = #m, .type = CONF_TEXT, .offset = offsetof(struct app_settings, m), .size = sizeof(((struct app_settings *)0)->m), .help = h, .expected = expected_##m }
#define NUMBER(m, lo, hi, h) { .name = #m, .type = CONF_NUMBER, .offset = offsetof(struct app_settings, m), .min = lo, .max = hi, .help = h }
#define BOOL(m, h) { .name = #m, .type = CONF_BOOL, .offset = offsetof(struct app_settings, m), .help = h }

const struct conf_key app_settings_keys[] = {
	TEXT(server, "URL of the collection service: http://HOST:PORT, https://HOST:PORT or http+unix:///PATH."),
	TEXT(ca_file, "PEM file of the authority that the service's certificate must lead to; empty: the system's."),
	TEXT(client_cert, "PEM certificate that this client shows to the service."),
	TEXT(client_key, "PEM key of client_cert."),
	TEXT(region, "Region proposed at the first start, such as 贵州省."),
	WORD(lang, "Language: zh or en; empty: from the environment."),
	TEXT(export_folder, "Folder that files are saved to unless another is named; default: exports in the state folder."),
	TEXT(allowed_folders, "Folders, separated by colons, outside which nothing is saved, printed or sent; empty: no limit."),
	TEXT(zmodem_program, "Program that sends files to the user's own computer by ZMODEM, by its absolute path, or off; empty: /usr/bin/sz, but off where allowed_folders is set."),
	TEXT(office_certificate, "PEM certificates of the tax office for verify; empty: those the service gave."),
	NUMBER(idle_lock_minutes, 0, 1440, "Minutes without a key after which the screen locks, if a login password is set; 0: never."),
	NUMBER(idle_lock_seconds, 0, 86400, "The same in seconds, instead of the minutes; 0: they count."),
	BOOL(ascii, "Draw borders and marks in ASCII only."),
	NUMBER(ambiguous_width, 0, 2, "Columns of characters of ambiguous width, 1 or 2; 0: the terminal is asked."),
	BOOL(color, "Use colour where the terminal can."),
	NUMBER(slow_line, 0, 2, "Few bytes instead of a reversed row: 0 over SSH and wherever the terminal is slow to answer, 1 always, 2 never."),
	BOOL(sandbox, "Give up all files, ports and system calls that the client does not need (Landlock, seccomp)."),
	BOOL(kiosk, "The client is all that the users of this machine may run; only in /etc/shebao/shebao.conf."),
	TEXT(kiosk_commands, "Commands that a kiosk allows on the command line, separated by commas, or all; empty: none, the screens alone."),
};
// clang-format on
const size_t app_settings_key_count = ARRAY_LEN(app_settings_keys);

char *
app_settings_user_path(const char *variable, const char *below_home, const char *name)
{
	const char *base = getenv(variable);
	const char *home = getenv("HOME");

	if (base != NULL && base[0] == '/') {
		return mem_printf("%s/%s", base, name);
	}
	return mem_printf("%s/%s/%s", home == NULL ? "" : home, below_home, name);
}

static void
set_defaults(struct app_settings *settings)
{
	*settings = (struct app_settings){ .server = DEFAULT_SERVER,
		.idle_lock_minutes = 10,
		.color = 1,
		.sandbox = 1 };
}

int
app_settings_load_machine(struct app_settings *settings, struct err *err)
{
	set_defaults(settings);
	return conf_load(
	    MACHINE_FILE, app_settings_keys, app_settings_key_count, settings, err);
}

/* What root alone may write, whoever asks; what is not there is no danger. */
static int
check_owner(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) != 0) {
		return errno == ENOENT
		    ? 0
		    : err_set(err, ERR_FORBIDDEN, _("无法检查 %s：%s"), path, strerror(errno));
	}
	return st.st_uid == 0 && (st.st_mode & 022) == 0 && !S_ISLNK(st.st_mode)
	    ? 0
	    : err_set(err, ERR_FORBIDDEN,
		  _("%s 应属于 root，且其他人不能写入，否则不能在受限方式下运行；请联系管理员"), path);
}

int
app_settings_load_kiosk(struct app_settings *settings, struct err *err)
{
	if (check_owner(MACHINE_FOLDER, err) != 0 || check_owner(MACHINE_FILE, err) != 0 ||
	    app_settings_load_machine(settings, err) != 0) {
		return -1;
	}
	settings->kiosk = 1;
	return 0;
}

/* What a user sets never makes a kiosk, nor says what one allows. */
static int
load_own(const char *path, struct app_settings *settings, struct err *err)
{
	struct app_settings machine = *settings;
	int rc = conf_load(path, app_settings_keys, app_settings_key_count, settings, err);

	settings->kiosk = machine.kiosk;
	memcpy(settings->kiosk_commands, machine.kiosk_commands, sizeof(machine.kiosk_commands));
	return rc;
}

int
app_settings_load(struct app_settings *settings, struct err *err)
{
	char *own = app_settings_user_path("XDG_CONFIG_HOME", ".config", "shebao/shebao.conf");
	const char *server = getenv("SHEBAO_SERVER");
	int rc = app_settings_load_machine(settings, err);

	if (rc == 0) {
		rc = load_own(own, settings, err);
	}
	if (rc == 0 && server != NULL && server[0] != '\0') {
		rc = conf_set("SHEBAO_SERVER", "server", server, app_settings_keys,
		    app_settings_key_count, settings, err);
	}
	free(own);
	return rc;
}
