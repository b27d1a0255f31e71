/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_CHOICE_H
#define SHEBAO_CORE_CHOICE_H

#include <stddef.h>

struct choice {
	const char *name;  /* on the wire, in the database, in --json */
	const char *label; /* for people, in Chinese (msgid) */
	const char *codes; /* words accepted besides name and label, blanks between; NULL: none */
};

struct choice_set {
	const struct choice *rows;
	size_t count;
};

/* The row whose name, label or one of whose codes is text; NULL when there is none. index may be NULL. */
const struct choice *choice_find(const struct choice_set *set, const char *text, int *index);

#endif
