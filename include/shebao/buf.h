/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_BUF_H
#define SHEBAO_BASE_BUF_H

#include <stddef.h>

/*
 * Bytes that grow. { 0 } is an empty buf. data is NULL while nothing was put, otherwise always
 * NUL-terminated behind len, so that text may be read from it directly.
 */
struct buf {
	char *data;
	size_t len;
	size_t size;
};

void buf_put(struct buf *b, const void *bytes, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Length back to 0, memory kept. */
void buf_clear(struct buf *b);

/* The text; "" while nothing was put. Borrowed. */
const char *buf_text(const struct buf *b);

/* Hands the memory to the caller, who frees it; b is empty afterwards. Never NULL. */
char *buf_detach(struct buf *b);

void buf_release(struct buf *b);

#endif
