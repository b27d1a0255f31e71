/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of a program that nobody watches. */
#include "shebao/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shebao/buf.h"
#include "shebao/mem.h"
#include "shebao/text.h"

enum {
	LINE_MAX_BYTES = 4096
};

static const char *const level_names[] = {
	[LOG_ERROR] = "error",
	[LOG_WARNING] = "warning",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};
_Static_assert(ARRAY_LEN(level_names) == LOG_DEBUG + 1, "a name for every level");

static enum log_level level_shown = LOG_INFO;

void
log_set_level(enum log_level level)
{
	level_shown = level;
}

static void
put_time(struct buf *out)
{
	struct timespec now = { 0 };
	struct tm tm = { 0 };
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_printf(out, "%s.%03dZ ", text, (int)(now.tv_nsec / 1000000));
}

static void
put_escaped(struct buf *out, const char *s)
{
	while (*s != '\0') {
		const char *start = s;

		text_next(&s);
		if (text_is_clean(start, (size_t)(s - start))) {
			buf_put(out, start, (size_t)(s - start));
			continue;
		}
		for (; start < s; start++) {
			buf_printf(out, "\\x%02X", (unsigned)(unsigned char)*start);
		}
	}
}

void
log_line(enum log_level level, const char *format, ...)
{
	char message[LINE_MAX_BYTES];
	struct buf line = { 0 };
	va_list args;

	if (level > level_shown) {
		return;
	}
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	put_time(&line);
	buf_printf(&line, "%s ", level_names[level]);
	put_escaped(&line, message);
	buf_puts(&line, "\n");
	fwrite(line.data, 1, line.len, stderr);
	fflush(stderr);
	buf_release(&line);
}
