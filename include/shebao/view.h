/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_VIEW_VIEW_H
#define SHEBAO_VIEW_VIEW_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "shebao/record.h"

/*
 * How a record looks in words. One table of columns for each list a user sees; the screen, the
 * text output of the command line, the export and the documents are made from it, so that a
 * list has the same columns under the same heads everywhere.
 */
enum view_column_flags {
	VIEW_RIGHT = 1,  /* numbers */
	VIEW_FROZEN = 2, /* stays when the others scroll; only the first ones */
	VIEW_TOTAL = 4   /* summed in status lines, totals rows and summaries */
};

struct view_column {
	const char *name;  /* of the record's field; in --json and as a sort key; of a computed column: its own */
	const char *title; /* N_( ); NULL: the field's label */
	int width;         /* terminal columns it takes when there is room */
	int min;           /* that it needs at least; 0: width */
	int from;          /* shown from this terminal width on; 0: always */
	unsigned flags;
	/* The text, where it is not the field as record_show has it; a column without a field needs it. */
	void (*text)(const void *record, char *out, size_t size);
};

struct view {
	const char *name; /* "levies_declare": of the list, in settings and file names */
	const char *title; /* N_( ): what the list holds, also the export's sheet and file name */
	const struct record_type *type;
	const struct view_column *columns;
	size_t count; /* of columns; 0 with columns NULL: every field that is not hidden */
};

/* Each list of the manual. */
extern const struct view
    view_levies,          /* 日常申报, 特殊缴费申报: 社保费预处理汇总信息 */
    view_levies_due,      /* 社保费应缴信息查询 */
    view_levies_payable,  /* 缴费 */
    view_levies_declared, /* 申报明细 */
    view_levies_settled,  /* 完税证明打印, 单位缴费证明打印 */
    view_declarations,    /* 申报记录 */
    view_payments,        /* 缴费记录, and shebao pending */
    view_payment_events,  /* a payment's timeline */
    view_vouchers,        /* 缴费凭证打印记录 */
    view_certificates,    /* 社保费完税证明补打 */
    view_units,           /* 单位参保信息: 险种信息 */
    view_employers,       /* 登录: unit list */
    view_agreements, view_accounts, view_consultations;

/* A record in full: every field that is not hidden, as label and value (单位信息, 查看). */
extern const struct view view_employer, view_levy, view_declaration, view_payment, view_voucher,
    view_certificate, view_unit;

/* All of them, in the order above; NULL when index is past the end. */
const struct view *view_at(size_t index);
const struct view *view_by_name(const char *name);

/* How many columns there are to ask for. */
size_t view_count(const struct view *view);

/* Index of the column of that name, -1: none. */
int view_find(const struct view *view, const char *name);

/* The field of the column's name: what it is sorted by and exported as, also where the text is
 * computed; NULL when there is no such field. */
const struct field *view_field(const struct view *view, size_t column);

/* The head of a column, translated. */
const char *view_title(const struct view *view, size_t column);

/* The text of one cell for people, always clean; out of size. VIEW_CELL_SIZE holds any. */
#define VIEW_CELL_SIZE 2100
void view_cell(const struct view *view, size_t column, const void *record, char *out,
    size_t size);

/* A table aligned by display width with heads, as the command line shows it; records is an
 * array of view->type. Prints （无记录） when count is 0. */
void view_print_table(FILE *out, const struct view *view, const void *records, size_t count);

/* One record as lines of label and value; empty values are left out. */
void view_print_record(FILE *out, const struct view *view, const void *record);

#endif
