/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_APP_APP_SETTINGS_H
#define SHEBAO_APP_APP_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "shebao/conf.h"
#include "shebao/err.h"

/* What the client's configuration says: the machine's, the user's, the environment's. */

struct app_settings {
	char server[513];
	char ca_file[513];
	char client_cert[513];
	char client_key[513];
	char region[49];
	char lang[9];
	char export_folder[513];   /* default: HOME/exports */
	char allowed_folders[1025]; /* colon-separated; "": anywhere the user may write */
	char office_certificate[513]; /* PEM of the office for `verify`; "": the one downloaded */
	/* Sends files to the clerk's own PC: an absolute path, "off", or "" for /usr/bin/sz unless
	 * allowed_folders limits what this client may do. */
	char zmodem_program[257];
	int64_t idle_lock_minutes; /* 0: never */
	int64_t idle_lock_seconds; /* instead of the minutes; 0: they count */
	int ascii;
	int color;                 /* 1: when the terminal can */
	int64_t slow_line;         /* 0 by itself, 1 always, 2 never */
	int kiosk;                 /* the client is all that its users may run */
	char kiosk_commands[1025]; /* of the command line then: "levies, unit list"; "all" */
	int64_t ambiguous_width;   /* columns, 1 or 2; 0: the terminal is asked */
	int sandbox; /* 1: app_confine really confines */
};

extern const struct conf_key app_settings_keys[];
extern const size_t app_settings_key_count;

/* Reads /etc/shebao/shebao.conf, $XDG_CONFIG_HOME/shebao/shebao.conf, $SHEBAO_SERVER. */
int app_settings_load(struct app_settings *settings, struct err *err)
    __attribute__((warn_unused_result));

/* Reads /etc/shebao/shebao.conf alone. */
int app_settings_load_machine(struct app_settings *settings, struct err *err)
    __attribute__((warn_unused_result));

/* The same for a kiosk, where that file must be root's alone, as its folder: ERR_FORBIDDEN. */
int app_settings_load_kiosk(struct app_settings *settings, struct err *err)
    __attribute__((warn_unused_result));

#endif
