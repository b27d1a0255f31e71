/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_MEM_H
#define SHEBAO_BASE_MEM_H

#include <stddef.h>

/* Memory that ends the program when there is none (fatal.h): every money operation is journalled
 * before it is sent, so stopping is safe, and no caller has to invent a way on. */

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Zero-filled; the caller frees with free(). */
void *mem_alloc(size_t size) __attribute__((warn_unused_result, returns_nonnull));

/* Room for count items of size bytes each, checked for overflow; what is new is not zeroed. */
void *mem_resize(void *p, size_t count, size_t size)
    __attribute__((warn_unused_result, returns_nonnull));

char *mem_dup(const char *s) __attribute__((warn_unused_result, returns_nonnull));

char *mem_printf(const char *format, ...)
    __attribute__((format(printf, 1, 2), warn_unused_result, returns_nonnull));

/* Copies s into dst of size bytes, cutting at a whole UTF-8 character; false when it was cut. */
int mem_copy_text(char *dst, size_t size, const char *s);

/* For a program of many threads that runs for long, before it has them: large blocks go back to the
 * system as soon as they are freed. */
void mem_stay_small(void);

#endif
