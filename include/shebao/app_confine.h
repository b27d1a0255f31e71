/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_APP_APP_CONFINE_H
#define SHEBAO_APP_APP_CONFINE_H

#include "shebao/app.h"

/* Files that a command line names: they stay within reach, wherever they are. */
struct app_files {
	const char *read[4];
	size_t read_count;
	const char *saved[4]; /* their folders do */
	size_t saved_count;
	int prints; /* something may be printed or sent: the broker is started */
};
/* Forks the broker of print.h and enters the sandbox: from here on only the client's own files,
 * the folders documents may go to (the settings', or else home and the working folder), its
 * terminal and its service are within reach. files: NULL for none, with printing. Call it while
 * there is one thread. */
int app_confine(struct app *app, const struct app_files *files, struct err *err)
    __attribute__((warn_unused_result));

#endif
