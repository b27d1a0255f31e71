/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values with a name for programs and a label for people. */
#include "shebao/choice.h"

#include <string.h>

static int
is_code(const char *codes, const char *text)
{
	size_t n = strlen(text), length;

	for (; n > 0 && codes != NULL && *codes != '\0'; codes += length + (codes[length] == ' ')) {
		length = strcspn(codes, " ");
		if (length == n && strncmp(codes, text, n) == 0) {
			return 1;
		}
	}
	return 0;
}

const struct choice *
choice_find(const struct choice_set *set, const char *text, int *index)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		const struct choice *row = &set->rows[i];

		if (strcmp(row->name, text) == 0 || strcmp(row->label, text) == 0 ||
		    is_code(row->codes, text)) {
			if (index != NULL) {
				*index = (int)i;
			}
			return row;
		}
	}
	return NULL;
}
