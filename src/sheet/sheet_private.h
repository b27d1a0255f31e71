/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SHEET_PRIVATE_H
#define SHEBAO_SHEET_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "shebao/sheet.h"

#define SHEET_COLUMNS_MAX 64

/* One of the two file formats. A sheet is opened, gets its rows, is finished; release frees
 * what is left in any case. */
struct sheet_format {
	const char *ending;
	int (*open)(struct sheet *sheet, struct err *err);
	int (*add)(struct sheet *sheet, const void *record, struct err *err);
	int (*finish)(struct sheet *sheet, struct err *err); /* the temporary file is whole */
	void (*release)(struct sheet *sheet);
};

struct sheet_groups;

struct sheet {
	struct sheet_options options;
	char *heading; /* copy */
	char *path;
	char *folder;
	int lock;        /* of the temporary file; -1: none */
	char *temporary; /* "" once it is in place or gone */
	const struct sheet_format *format;
	size_t column_count;
	const struct field *fields[SHEET_COLUMNS_MAX]; /* NULL: computed */
	int64_t totals[SHEET_COLUMNS_MAX];
	struct sheet_groups **groups; /* one for each summary */
	int64_t count;
	void *state; /* the format's own */

	pthread_t thread;
	int is_started;
	atomic_int is_ready;
	int result;
	struct err err;
};

extern const struct sheet_format sheet_xlsx_format, sheet_csv_format;

unsigned sheet_flags(const struct sheet *sheet, size_t column);

/* Rows gathered under the same values of a summary's keys. */
struct sheet_group {
	char *keys[4]; /* owned */
	int64_t count;
	int64_t *totals; /* of the view's columns; owned */
};

#define SHEET_GROUPS_MAX 20000

struct sheet_groups *sheet_groups_new(const struct sheet *sheet, const struct sheet_summary *what);
int sheet_groups_add(struct sheet_groups *groups, const void *record, struct err *err);

/* In the order of their keys. */
const struct sheet_group *sheet_groups_sorted(struct sheet_groups *groups, size_t *count);
void sheet_groups_free(struct sheet_groups *groups);

#endif
