/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line a message on standard error. */
#include "shebao/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

static enum log_level level_now = LOG_INFO;

void
log_set_level(enum log_level level)
{
	level_now = level;
}

void
log_line(enum log_level level, const char *format, ...)
{
	static const char *const names[] = { "error", "warning", "info", "debug" };
	char text[1024], line[4400], when[32];
	struct timespec now;
	struct tm utc;
	size_t n, i;
	va_list args;

	if (level > level_now) {
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &utc);
	n = (size_t)snprintf(line, sizeof(line), "%s.%03ldZ %s ", when, now.tv_nsec / 1000000,
	    names[level]);
	for (i = 0; text[i] != '\0'; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7F) {
			n += (size_t)snprintf(line + n, sizeof(line) - n, "\\x%02x", c);
		} else {
			line[n++] = (char)c;
		}
	}
	line[n++] = '\n';
	fwrite(line, 1, n, stderr);
}
