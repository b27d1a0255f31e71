/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SCREEN_SCREEN_H
#define SHEBAO_SCREEN_SCREEN_H

#include <stdio.h>

#include "shebao/app.h"

/* The full-screen client: from choosing the region to leaving. Returns the exit status, or -1
 * with err set (no terminal, state that cannot be read). */
int screen_run(struct app *app, struct err *err);

/* Every screen with its actions and keys, for --print-tables and the manual page. */
void screen_print_tables(FILE *out);

/* What `shebao doctor` says of the terminal; nothing when there is none. */
void screen_examine(app_finding_fn *fn, void *user);

#endif
