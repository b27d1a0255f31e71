/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that grow. */
#include "shebao/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"

static void
reserve(struct buf *b, size_t n)
{
	size_t want;

	assert(n < SIZE_MAX / 2 - b->len);
	want = b->len + n + 1;
	if (want <= b->size) {
		return;
	}
	if (want < 2 * b->size) {
		want = 2 * b->size;
	}
	b->data = mem_resize(b->data, want < 64 ? 64 : want, 1);
	b->size = want < 64 ? 64 : want;
}

void
buf_put(struct buf *b, const void *bytes, size_t n)
{
	reserve(b, n);
	if (n > 0) {
		memcpy(b->data + b->len, bytes, n);
	}
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

/* What fits into what is there already, as most texts do, is formatted once. */
void
buf_printf(struct buf *b, const char *format, ...)
{
	size_t room = b->size > b->len ? b->size - b->len : 0;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(room > 0 ? b->data + b->len : NULL, room, format, args);
	va_end(args);
	assert(n >= 0);
	if ((size_t)n >= room) {
		reserve(b, (size_t)n);
		va_start(args, format);
		vsnprintf(b->data + b->len, (size_t)n + 1, format, args);
		va_end(args);
	}
	b->len += (size_t)n;
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data != NULL) {
		b->data[0] = '\0';
	}
}

const char *
buf_text(const struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}

char *
buf_detach(struct buf *b)
{
	char *data = b->data == NULL ? mem_dup("") : b->data;

	*b = (struct buf){ 0 };
	return data;
}

void
buf_release(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}
