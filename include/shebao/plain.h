/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PLAIN_PLAIN_MAIN_H
#define SHEBAO_PLAIN_PLAIN_MAIN_H

#include "shebao/app.h"

/*
 * The client as a dialogue of lines on standard input and output, for screen readers, braille
 * lines and terminals that can do nothing else: numbered choices, one announcement an event, no
 * cursor movement, nothing drawn twice. Until the user leaves or the input ends.
 *
 * Passwords are read from password_fd, a line a question, until it ends; then from the terminal
 * without echo. -1: from the terminal alone. Returns the exit status, or -1 with err set.
 */
int plain_run(struct app *app, int password_fd, struct err *err)
    __attribute__((warn_unused_result));

#endif
