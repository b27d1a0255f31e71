/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SHEET_SHEET_H
#define SHEBAO_SHEET_SHEET_H

#include <stdint.h>

#include "shebao/err.h"
#include "shebao/file.h"
#include "shebao/view.h"

/*
 * Export of a list, row by row in constant memory: .xlsx (frozen head, widths, numbers as
 * numbers, numbers of units and tickets as text, totals row, summary sheets) or .csv (UTF-8
 * with BOM, RFC 4180, no totals). The columns are the view's. A text that a spreadsheet would
 * take for a formula gets an apostrophe in front (CSV) or stays a string (XLSX). Written under a
 * temporary name beside the target and renamed by sheet_finish, mode 0600. Same input, same
 * bytes.
 */
struct sheet; /* opaque */

/* A further sheet (XLSX only): rows grouped by these columns of the view, number of rows and
 * sums of the VIEW_TOTAL columns. At most 20,000 groups. */
struct sheet_summary {
	const char *title;       /* N_( ) */
	const char *const *keys; /* names of columns, NULL at the end; at most 4 */
};

/* 按征收项目, 按社保经办机构: for views of levies. */
extern const struct sheet_summary sheet_levy_summaries[];
extern const size_t sheet_levy_summary_count;

struct sheet_options {
	const struct view *view;
	const struct sheet_summary *summaries; /* may be NULL */
	size_t summary_count;
	const char *heading; /* line above the head: employer and filter; NULL: none (never in CSV) */
	int64_t created_at;  /* ms, into the file's properties */
	enum file_overwrite overwrite;
};

/* At most this many rows fit into a sheet of XLSX; more is ERR_LIMIT, which says to use CSV. */
#define SHEET_XLSX_ROWS_MAX 1048000

/* The name's ending says which: .xlsx or .csv, anything else is ERR_USAGE. With FILE_KEEP an
 * existing file is ERR_LOCAL, at once and again at the end. */
int sheet_open(const char *path, const struct sheet_options *options, struct sheet **out,
    struct err *err) __attribute__((warn_unused_result));

/* Adds a row: one record of the view's type. */
int sheet_add(struct sheet *sheet, const void *record, struct err *err)
    __attribute__((warn_unused_result));

int64_t sheet_count(const struct sheet *sheet);

/* Totals, summaries, compression, fsync, rename; frees the sheet whatever the outcome. Takes
 * about a second per 100,000 rows of XLSX: a screen calls sheet_finish_start first and
 * sheet_finish when sheet_finish_is_ready. */
int sheet_finish(struct sheet *sheet, struct err *err) __attribute__((warn_unused_result));
void sheet_finish_start(struct sheet *sheet);
int sheet_finish_is_ready(const struct sheet *sheet);

/* Gives up: removes the temporary file and frees. NULL is fine. */
void sheet_cancel(struct sheet *sheet);

#endif
