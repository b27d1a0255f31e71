/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CRYPTO_SECRET_H
#define SHEBAO_CRYPTO_SECRET_H

#include <stddef.h>

#include "shebao/err.h"

/*
 * Passwords are read from a descriptor, a file or the terminal, never from the arguments. Each
 * takes one line of at most size - 1 bytes into out, which the caller has from
 * crypto_secret_alloc. ERR_USAGE: nothing to read from, an empty line, a line that is too long.
 */

/* Takes no byte behind the line's end, so that a further call reads the next line. name: of the
 * source, for the message. */
int secret_read_fd(int fd, const char *name, char *out, size_t size, struct err *err)
    __attribute__((warn_unused_result));

int secret_read_file(const char *path, char *out, size_t size, struct err *err)
    __attribute__((warn_unused_result));

/* From /dev/tty without echo, which a signal does not leave switched off. ERR_CANCELLED: a
 * signal that did not end the process; ERR_USAGE with the words of otherwise: no terminal. */
int secret_read_terminal(
    const char *prompt, const char *otherwise, char *out, size_t size, struct err *err)
    __attribute__((warn_unused_result));

#endif
