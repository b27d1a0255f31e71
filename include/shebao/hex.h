/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_HEX_H
#define SHEBAO_BASE_HEX_H

#include "shebao/buf.h"
#include "shebao/err.h"

#include <stddef.h>

/* Lower-case hexadecimal; out needs 2 n + 1 bytes. */
void hex_encode(char *out, const void *bytes, size_t n);

/* Exactly 2 n digits, either case; -1 on anything else. */
int hex_decode(void *out, size_t n, const char *text) __attribute__((warn_unused_result));

/* RFC 4648 base64 with padding. */
void hex_base64_encode(struct buf *out, const void *bytes, size_t n);
int hex_base64_decode(struct buf *out, const char *text, struct err *err)
    __attribute__((warn_unused_result));

#endif
