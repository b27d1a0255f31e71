/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Summaries: rows gathered by some of their columns, in a hash table. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sheet_private.h"
#include "shebao/buf.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define SLOTS 65536 /* a power of two, more than three times the groups */
#define KEYS_MAX 4

struct sheet_groups {
	const struct sheet *sheet;
	size_t columns[KEYS_MAX];
	size_t key_count;
	struct sheet_group rows[SHEET_GROUPS_MAX];
	size_t count;
	uint32_t slots[SLOTS]; /* 1 + index of the row, 0: free */
};

struct sheet_groups *
sheet_groups_new(const struct sheet *sheet, const struct sheet_summary *what)
{
	struct sheet_groups *groups = mem_alloc(sizeof(*groups));

	groups->sheet = sheet;
	while (groups->key_count < KEYS_MAX && what->keys[groups->key_count] != NULL) {
		int column = view_find(sheet->options.view, what->keys[groups->key_count]);

		assert(column >= 0);
		groups->columns[groups->key_count++] = (size_t)column;
	}
	return groups;
}

/* FNV-1a over the keys and their ends. */
static uint32_t
hash(char cells[KEYS_MAX][VIEW_CELL_SIZE], size_t n)
{
	uint32_t h = 2166136261u;
	size_t i;

	for (i = 0; i < n; i++) {
		const char *p = cells[i];

		do {
			h = (h ^ (unsigned char)*p) * 16777619u;
		} while (*p++ != '\0');
	}
	return h;
}

static int
is_same(const struct sheet_group *row, char cells[KEYS_MAX][VIEW_CELL_SIZE], size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(row->keys[i], cells[i]) != 0) {
			return 0;
		}
	}
	return 1;
}

static struct sheet_group *
add_row(struct sheet_groups *groups, char cells[KEYS_MAX][VIEW_CELL_SIZE])
{
	struct sheet_group *row;
	size_t i;

	row = &groups->rows[groups->count++];
	for (i = 0; i < groups->key_count; i++) {
		row->keys[i] = mem_dup(cells[i]);
	}
	row->totals = mem_alloc(groups->sheet->column_count * sizeof(*row->totals));
	return row;
}

int
sheet_groups_add(struct sheet_groups *groups, const void *record, struct err *err)
{
	const struct sheet *sheet = groups->sheet;
	char cells[KEYS_MAX][VIEW_CELL_SIZE];
	struct sheet_group *row = NULL;
	uint32_t at;
	size_t i;

	for (i = 0; i < groups->key_count; i++) {
		view_cell(sheet->options.view, groups->columns[i], record, cells[i], VIEW_CELL_SIZE);
	}
	at = hash(cells, groups->key_count) % SLOTS;
	while (groups->slots[at] != 0 && row == NULL) {
		if (is_same(&groups->rows[groups->slots[at] - 1], cells, groups->key_count)) {
			row = &groups->rows[groups->slots[at] - 1];
		}
		at = (at + 1) % SLOTS;
	}
	if (row == NULL) {
		if (groups->count == SHEET_GROUPS_MAX) {
			return err_set(err, ERR_LIMIT, _("汇总超过 %d 行，请改用 .csv"),
			    SHEET_GROUPS_MAX);
		}
		row = add_row(groups, cells);
		groups->slots[at] = (uint32_t)groups->count;
	}
	row->count++;
	for (i = 0; i < sheet->column_count; i++) {
		if ((sheet_flags(sheet, i) & VIEW_TOTAL) != 0) {
			row->totals[i] += record_number(sheet->fields[i], record);
		}
	}
	return 0;
}

static int
by_keys(const void *a, const void *b)
{
	const struct sheet_group *x = a;
	const struct sheet_group *y = b;
	int order = 0;
	size_t i;

	for (i = 0; i < KEYS_MAX && order == 0 && x->keys[i] != NULL; i++) {
		order = strcmp(x->keys[i], y->keys[i]);
	}
	return order;
}

const struct sheet_group *
sheet_groups_sorted(struct sheet_groups *groups, size_t *count)
{
	if (groups->count > 0) {
		qsort(groups->rows, groups->count, sizeof(*groups->rows), by_keys);
	}
	*count = groups->count;
	return groups->rows;
}

void
sheet_groups_free(struct sheet_groups *groups)
{
	size_t i;
	size_t k;

	if (groups == NULL) {
		return;
	}
	for (i = 0; i < groups->count; i++) {
		for (k = 0; k < KEYS_MAX; k++) {
			free(groups->rows[i].keys[k]);
		}
		free(groups->rows[i].totals);
	}
	free(groups);
}
