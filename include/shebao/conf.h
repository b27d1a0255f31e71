/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_CONF_H
#define SHEBAO_BASE_CONF_H

#include "shebao/err.h"

#include <stddef.h>

/*
 * Configuration files: "key = value" lines, '#' comments. The keys are rows of a table, which
 * the manual page is printed from; an unknown key or a bad value is ERR_USAGE naming file and
 * line, so that a typing error never means a silent default.
 */
enum conf_type {
	CONF_TEXT,   /* char[size] */
	CONF_NUMBER, /* int64_t between min and max */
	CONF_BOOL    /* int: yes/no, true/false, on/off, 1/0 */
};

struct conf_key {
	const char *name;
	enum conf_type type;
	size_t offset; /* of the value in the settings struct */
	size_t size;   /* CONF_TEXT: of the char array */
	long min, max;
	const char *help; /* one sentence, for the manual page */
	/* CONF_TEXT: NULL for a good value, else what is expected (msgid); NULL: all is good. */
	const char *(*expected)(const char *value);
};

/* Reads path into settings; a file that does not exist is no error. */
int conf_load(const char *path, const struct conf_key *keys, size_t count, void *settings,
    struct err *err) __attribute__((warn_unused_result));

/* Sets one key, as an option on the command line would; where names the source in errors. */
int conf_set(const char *where, const char *name, const char *value,
    const struct conf_key *keys, size_t count, void *settings, struct err *err)
    __attribute__((warn_unused_result));

#endif
