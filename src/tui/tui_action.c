/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of actions: finding the one a key asks for, naming its keys. */
#include "shebao/tui_action.h"

#include <stdio.h>
#include <string.h>

#include "shebao/text.h"

const struct tui_action *
tui_action_find(const struct tui_actions *set, int key, int letters)
{
	size_t i;

	if (key == TUI_KEY_NONE) {
		return NULL;
	}
	for (i = 0; i < set->count; i++) {
		const struct tui_action *row = &set->rows[i];
		int is_letter = letters && row->letters != NULL && key > 32 &&
		    key < 127 && strchr(row->letters, key) != NULL;

		if (row->key == key || row->also == key || is_letter) {
			return row;
		}
	}
	return NULL;
}

const char *
tui_action_refused(const struct tui_actions *set, const struct tui_action *row)
{
	return set->refuse != NULL ? set->refuse(set->user, row) : NULL;
}

const char *
tui_action_keys(const struct tui_action *row, char *buffer, size_t size)
{
	const int keys[] = { row->key, row->also };
	const char *letter;
	size_t len = 0;
	char name[16];
	size_t i;

	buffer[0] = '\0';
	for (i = 0; i < 2; i++) {
		if (keys[i] != 0 && len < size) {
			len += (size_t)snprintf(buffer + len, size - len, "%s%s",
			    len > 0 ? " " : "",
			    tui_key_name(keys[i], name, sizeof(name)));
		}
	}
	for (letter = row->letters; letter != NULL && *letter != '\0' && len < size;
	     letter++) {
		len += (size_t)snprintf(
		    buffer + len, size - len, "%s%c", len > 0 ? " " : "", *letter);
	}
	return buffer;
}

size_t
tui_action_put(
    const struct tui_action *table, size_t count, const struct tui_action **rows, size_t max)
{
	size_t i;

	for (i = 0; i < count && i < max; i++) {
		rows[i] = &table[i];
	}
	return i;
}
