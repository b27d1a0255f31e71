/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CLI_CLI_MAIN_H
#define SHEBAO_CLI_CLI_MAIN_H

#include <stdio.h>

#include "shebao/app.h"

/* The client's command line. Without a command it opens the screens, which main passes in:
 * this folder knows none. */
struct cli_screens {
	/* Full screen until the user leaves; app is open, nobody is logged in. */
	int (*run)(struct app *app, struct err *err);
	/* The same as a dialogue of lines (--plain); passwords from password_fd, -1: the terminal. */
	int (*run_plain)(struct app *app, int password_fd, struct err *err);
	/* Keys and actions, for --print-tables; may be NULL. */
	void (*print_tables)(FILE *out);
	/* What the doctor says of the terminal; may be NULL. */
	void (*examine)(app_finding_fn *fn, void *user);
};

/* Returns the exit status. */
int cli_main(int argc, char **argv, const struct cli_screens *screens);

#endif
