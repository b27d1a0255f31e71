/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values with a name for programs and a label for people. */
#include "shebao/choice.h"

#include <string.h>

const struct choice *
choice_find(const struct choice_set *set, const char *text, int *index)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		const struct choice *row = &set->rows[i];

		if (strcmp(row->name, text) == 0 || strcmp(row->label, text) == 0 ||
		    (row->code != NULL && strcmp(row->code, text) == 0)) {
			if (index != NULL) {
				*index = (int)i;
			}
			return row;
		}
	}
	return NULL;
}
