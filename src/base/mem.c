/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory, or the end. */
#include "shebao/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/fatal.h"

#define ARENAS_MAX 4
#define LARGE_BYTES (128 << 10)

static void *
check(void *p)
{
	if (p == NULL) {
		fatal_stop(FATAL_MEMORY);
	}
	return p;
}

void *
mem_alloc(size_t size)
{
	return check(calloc(1, size == 0 ? 1 : size));
}

void *
mem_resize(void *p, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size) {
		check(NULL);
	}
	return check(realloc(p, count * size == 0 ? 1 : count * size));
}

char *
mem_dup(const char *s)
{
	return check(strdup(s));
}

char *
mem_printf(const char *format, ...)
{
	va_list args;
	char *out;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	out = mem_alloc((size_t)n + 1);
	va_start(args, format);
	vsnprintf(out, (size_t)n + 1, format, args);
	va_end(args);
	return out;
}

int
mem_copy_text(char *dst, size_t size, const char *s)
{
	size_t n = strlen(s);
	int whole = n < size;

	if (!whole) {
		n = size - 1;
		while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80) {
			n--;
		}
	}
	memmove(dst, s, n);
	dst[n] = '\0';
	return whole;
}

/* Left to itself the library raises its limit for blocks of their own at the first that is freed, and
 * keeps all others for the arena of the thread that had them, of which there are eight a processor. */
void
mem_stay_small(void)
{
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	mallopt(M_ARENA_MAX, ARENAS_MAX);
}
