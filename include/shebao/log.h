/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_LOG_H
#define SHEBAO_BASE_LOG_H

/* One line a message on standard error: time, level, text; control bytes as \xNN. Never give
 * it a password, token, key, request body or whole account number. */
enum log_level {
	LOG_ERROR,
	LOG_WARNING,
	LOG_INFO,
	LOG_DEBUG
};

void log_set_level(enum log_level level);
void log_line(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
