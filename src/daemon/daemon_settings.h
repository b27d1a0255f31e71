/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_SETTINGS_H
#define SHEBAO_DAEMON_SETTINGS_H

#include <limits.h>
#include <stdint.h>

#include "shebao/buf.h"
#include "shebao/err.h"

#define DAEMON_PATH_SIZE 1024

/* What the configuration file and the command line may say; one table of keys for both. */
struct daemon_settings {
	char config[DAEMON_PATH_SIZE];
	char listen[DAEMON_PATH_SIZE]; /* addresses with blanks between them */
	char database[DAEMON_PATH_SIZE];
	char tls_cert[DAEMON_PATH_SIZE], tls_key[DAEMON_PATH_SIZE], tls_client_ca[DAEMON_PATH_SIZE];
	char state[DAEMON_PATH_SIZE];
	char sandbox_bank[DAEMON_PATH_SIZE], sandbox_ledger[DAEMON_PATH_SIZE];
	char seal[DAEMON_PATH_SIZE];
	char office[193];
	char verify_url[257];
	char log_level[17];
	char password_profile[17];
	int trust_forwarded;
	int64_t feedback_delay; /* ms */
	int64_t connections, connections_per_source, workers;
	int64_t connections_most; /* that there are descriptors for; not a key */
	int64_t verify_limit; /* a minute and source; 0: none */
	int64_t session_idle, session_max; /* minutes */
	char move_to[DAEMON_PATH_SIZE]; /* of the command line alone */
	int insecure_plaintext;
	int help, version, print_openapi, audit;
};

/* Defaults, then the file of --config, then the other options. ERR_USAGE. */
int daemon_settings_load(int argc, char *const *argv, struct daemon_settings *out,
    struct err *err) __attribute__((warn_unused_result));
/* Reads the file again and takes over what may change while running: log level and limits, but
 * workers. */
int daemon_settings_reload(struct daemon_settings *settings, struct err *err)
    __attribute__((warn_unused_result));
void daemon_settings_help(struct buf *out);

#endif
