/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of texts that own their items. */
#include "shebao/text_list.h"

#include <stdlib.h>

#include "shebao/mem.h"

void
text_list_add(struct text_list *list, const char *s)
{
	/* Room doubles at each power of two, so that no capacity has to be kept. */
	if ((list->count & (list->count - 1)) == 0) {
		size_t room = list->count == 0 ? 1 : 2 * list->count;

		list->items = mem_resize(list->items, room, sizeof(char *));
	}
	list->items[list->count++] = mem_dup(s);
}

void
text_list_release(struct text_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		free(list->items[i]);
	}
	free(list->items);
	*list = (struct text_list){ 0 };
}
