/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_TEXT_LIST_H
#define SHEBAO_CORE_TEXT_LIST_H

#include <stddef.h>

struct text_list {
	char **items; /* owned, each owned */
	size_t count;
};

/* Keeps its own copy of s. */
void text_list_add(struct text_list *list, const char *s);
void text_list_release(struct text_list *list);

#endif
