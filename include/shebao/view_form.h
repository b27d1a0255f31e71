/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_VIEW_FORM_H
#define SHEBAO_VIEW_FORM_H

#include "shebao/view_document.h"

/*
 * The parts of a document, for the two that lay it out (view_document_text and doc_pdf).
 *
 * Sources: the voucher follows the 银行端查询缴税凭证 of the tax side with fee for tax and the
 * period added; the certificate follows the 税收完税证明（表格式）; no official form of the
 * 单位社会保险费缴费证明 is known, its layout is ours.
 */
#define VIEW_FORM_VALUE 512
#define VIEW_FORM_PAIRS 8
#define VIEW_FORM_COLUMNS 10
#define VIEW_FORM_BOXES 3
#define VIEW_FORM_NOTES 4

enum view_form_align {
	VIEW_FORM_LEFT,
	VIEW_FORM_CENTER,
	VIEW_FORM_RIGHT
};

struct view_form_pair {
	const char *label;
	char value[VIEW_FORM_VALUE];
	int is_wide; /* takes a line of its own */
};

struct view_form_column {
	const char *title;
	int share; /* of the width, in any unit */
	enum view_form_align align;
	void (*cell)(const struct view_document *document, size_t line, char *out, size_t size);
};

struct view_form {
	const char *overline; /* 中华人民共和国, or "" */
	const char *title;
	const char *subtitle; /* or "" */
	char mark[96];        /* 补打 …, or "" */
	struct view_form_pair number;
	struct view_form_pair date;
	struct view_form_pair authority; /* label "" when it is not in the head */
	struct view_form_pair pairs[VIEW_FORM_PAIRS];
	size_t pair_count;
	const struct view_form_column *columns[VIEW_FORM_COLUMNS];
	size_t column_count;
	size_t rows_min; /* lines the table has room for, filled or not */
	struct view_form_pair words;   /* 金额合计（大写） */
	struct view_form_pair figures; /* 金额合计（小写） */
	int is_figures_first;          /* each on a line of its own, figures above */
	struct view_form_pair boxes[VIEW_FORM_BOXES]; /* signatures */
	size_t box_count;
	char notes[VIEW_FORM_NOTES][VIEW_FORM_VALUE];
	size_t note_count;
	char verify_code[64]; /* in groups of four */
	char verify_url[VIEW_FORM_VALUE];
	char issued_on[32]; /* 2026年11月23日 */
};

void view_form_fill(const struct view_document *document, struct view_form *form);

/* "label：value", or "No. 4520…". */
void view_form_say(const struct view_form_pair *pair, char *out, size_t size);

/* ￥1,234.56 of the lines before end: what 过次页 and 承前页 say. */
void view_form_carried(const struct view_document *document, size_t end, char *out, size_t size);

#endif
