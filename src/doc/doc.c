/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three documents on paper. Every document is laid out twice by the same code: dry, to
 * learn how many pages it has, then for good. */
#include "shebao/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "doc_page.h"
#include "doc_qr.h"
#include "doc_seal.h"
#include "shebao/mem.h"

#define CELL 8.0   /* size of text in the table */
#define LABEL 8.8
#define PAD 4.0    /* between a rule and text */
#define ROW 19.0   /* height of a line of one line of text */
#define LINE_PAD 7.0 /* what a row is higher than its text */
#define LABEL_WIDTH 84.0
#define LEFT_WIDTH (DOC_PAGE_INNER * 0.45)
#define TOP 38.0
#define BOTTOM (DOC_PAGE_HEIGHT - 46.0)
#define QR_SIDE 104.0 /* 37 mm */
#define OFFICE_WIDTH 190.0

struct layout {
	struct doc_page page;
	const struct view_document *document;
	const struct view_form *form;
	struct err *err;
	double *heights; /* of the lines, from the dry run */
	double widths[VIEW_FORM_COLUMNS];
	double y;
	double table_top;
	int number; /* of the page, from 1 */
	int pages;  /* 0 while dry */
	int failed;
};

/* ---- head */

static double
put_line(struct layout *s, double size, enum view_form_align align, const char *text)
{
	struct doc_page_text at = { DOC_PAGE_MARGIN, s->y, DOC_PAGE_INNER, size, align };

	return doc_page_put(&s->page, &at, text);
}

static void
put_meta(struct layout *s, const struct view_form_pair *pair, enum view_form_align align)
{
	char text[VIEW_FORM_VALUE + 64];

	view_form_say(pair, text, sizeof(text));
	put_line(s, LABEL, align, text);
}

static void
put_title(struct layout *s)
{
	const struct view_form *form = s->form;
	char title[128];

	if (form->mark[0] != '\0') {
		struct doc_page_text at = { DOC_PAGE_WIDTH - DOC_PAGE_MARGIN - 130, TOP - 10, 130, 9,
			VIEW_FORM_CENTER };

		doc_page_put_middle(&s->page, &at, 17, form->mark);
		doc_page_frame(&s->page, at.x, at.y, at.width, 17);
	}
	if (s->number > 1) {
		snprintf(title, sizeof(title), "%s（续）", form->title);
		s->y += put_line(s, 15, VIEW_FORM_CENTER, title) + 6;
		return;
	}
	if (form->overline[0] != '\0') {
		s->y += put_line(s, 12, VIEW_FORM_CENTER, form->overline) + 2;
	}
	s->y += put_line(s, 20, VIEW_FORM_CENTER, form->title);
	if (form->subtitle[0] != '\0') {
		s->y += put_line(s, 10.5, VIEW_FORM_CENTER, form->subtitle);
	}
	s->y += 10;
}

static void
put_head(struct layout *s)
{
	const struct view_form *form = s->form;

	s->y = TOP;
	put_title(s);
	if (form->authority.label[0] != '\0') {
		s->y -= 8;
		put_meta(s, &form->number, VIEW_FORM_RIGHT);
		s->y += 15;
		put_meta(s, &form->date, VIEW_FORM_LEFT);
		put_meta(s, &form->authority, VIEW_FORM_RIGHT);
	} else {
		put_meta(s, &form->number, VIEW_FORM_LEFT);
		put_meta(s, &form->date, VIEW_FORM_RIGHT);
	}
	s->y += 16;
}

/* ---- labels and values above the table */

static double
pair_height(struct layout *s, const struct view_form_pair *pair, double width)
{
	double h = doc_page_measure(
		       &s->page, width - LABEL_WIDTH - 2 * PAD, LABEL, pair->value) +
		   LINE_PAD;

	return h < ROW ? ROW : h;
}

static void
put_pair(struct layout *s, const struct view_form_pair *pair, double x, double width,
    double height)
{
	struct doc_page_text label = { x, s->y, LABEL_WIDTH, LABEL, VIEW_FORM_CENTER };
	struct doc_page_text value = { x + LABEL_WIDTH + PAD, s->y,
		width - LABEL_WIDTH - 2 * PAD, LABEL, VIEW_FORM_LEFT };

	doc_page_put_middle(&s->page, &label, height, pair->label);
	doc_page_put_middle(&s->page, &value, height, pair->value);
	doc_page_upright(&s->page, x + LABEL_WIDTH, s->y, height, DOC_PAGE_THIN);
}

static void
put_pairs(struct layout *s)
{
	const struct view_form *form = s->form;
	/* A continuation says only whose it is. */
	size_t count = s->number > 1 ? 2 : form->pair_count;
	const double left_width = LEFT_WIDTH;
	const double right_width = DOC_PAGE_INNER - LEFT_WIDTH;
	double x = DOC_PAGE_MARGIN;
	size_t i = 0;

	while (i < count) {
		const struct view_form_pair *left = &form->pairs[i];
		const struct view_form_pair *right =
		    left->is_wide || i + 1 == count ? NULL : left + 1;
		double height = pair_height(s, left, right == NULL ? DOC_PAGE_INNER : left_width);

		if (right != NULL) {
			double h = pair_height(s, right, right_width);

			height = h > height ? h : height;
			put_pair(s, right, x + left_width, right_width, height);
			doc_page_upright(&s->page, x + left_width, s->y, height, DOC_PAGE_THIN);
		}
		put_pair(s, left, x, right == NULL ? DOC_PAGE_INNER : left_width, height);
		s->y += height;
		doc_page_rule(&s->page, x, s->y, DOC_PAGE_INNER, DOC_PAGE_THIN);
		i += right == NULL ? 1 : 2;
	}
}

/* ---- the table */

static void
divide(struct layout *s)
{
	int shares = 0;
	size_t i;

	for (i = 0; i < s->form->column_count; i++) {
		shares += s->form->columns[i]->share;
	}
	for (i = 0; i < s->form->column_count; i++) {
		s->widths[i] = DOC_PAGE_INNER * s->form->columns[i]->share / shares;
	}
}

static double
cell_height(struct layout *s, size_t column, const char *text)
{
	double h = doc_page_measure(&s->page, s->widths[column] - 2 * PAD, CELL, text) + LINE_PAD;

	return h < ROW ? ROW : h;
}

static void
put_heads(struct layout *s)
{
	double height = ROW;
	double x = DOC_PAGE_MARGIN;
	size_t i;

	for (i = 0; i < s->form->column_count; i++) {
		double h = cell_height(s, i, s->form->columns[i]->title);

		height = h > height ? h : height;
	}
	for (i = 0; i < s->form->column_count; i++) {
		struct doc_page_text at = { x + PAD, s->y, s->widths[i] - 2 * PAD, CELL,
			VIEW_FORM_CENTER };

		doc_page_put_middle(&s->page, &at, height, s->form->columns[i]->title);
		x += s->widths[i];
	}
	s->y += height;
	doc_page_rule(&s->page, DOC_PAGE_MARGIN, s->y, DOC_PAGE_INNER, DOC_PAGE_THIN);
}

static double
line_height(struct layout *s, size_t line)
{
	char text[VIEW_FORM_VALUE];
	double height = ROW;
	size_t i;

	if (s->pages > 0) {
		return s->heights[line];
	}
	for (i = 0; i < s->form->column_count; i++) {
		double h;

		s->form->columns[i]->cell(s->document, line, text, sizeof(text));
		h = cell_height(s, i, text);
		height = h > height ? h : height;
	}
	s->heights[line] = height;
	return height;
}

static void
put_cells(struct layout *s, size_t line, double height)
{
	char text[VIEW_FORM_VALUE];
	double x = DOC_PAGE_MARGIN;
	size_t i;

	for (i = 0; i < s->form->column_count && !s->page.is_dry; i++) {
		const struct view_form_column *column = s->form->columns[i];
		struct doc_page_text at = { x + PAD, s->y, s->widths[i] - 2 * PAD, CELL,
			column->align };

		column->cell(s->document, line, text, sizeof(text));
		doc_page_put_middle(&s->page, &at, height, text);
		x += s->widths[i];
	}
	s->y += height;
	doc_page_rule(&s->page, DOC_PAGE_MARGIN, s->y, DOC_PAGE_INNER, DOC_PAGE_THIN);
}

/* 过次页 and 承前页: the running total in the column of the amount. */
static void
put_carried(struct layout *s, size_t end, const char *label)
{
	char text[64];
	struct doc_page_text at = { DOC_PAGE_MARGIN + PAD, s->y, DOC_PAGE_INNER - 2 * PAD, CELL,
		VIEW_FORM_LEFT };

	view_form_carried(s->document, end, text, sizeof(text));
	doc_page_put_middle(&s->page, &at, ROW, label);
	at.align = VIEW_FORM_RIGHT;
	doc_page_put_middle(&s->page, &at, ROW, text);
	s->y += ROW;
	doc_page_rule(&s->page, DOC_PAGE_MARGIN, s->y, DOC_PAGE_INNER, DOC_PAGE_THIN);
}

/* Uprights between the columns, from the heads down to here. */
static void
put_uprights(struct layout *s, double from, double to)
{
	double x = DOC_PAGE_MARGIN;
	size_t i;

	for (i = 0; i + 1 < s->form->column_count; i++) {
		x += s->widths[i];
		doc_page_upright(&s->page, x, from, to - from, DOC_PAGE_THIN);
	}
}

/* ---- below the table */

static double
box_height(const struct view_form *form)
{
	if (form->box_count == 0) {
		return 0;
	}
	return form->is_figures_first ? 62 : 96;
}

static double
foot_height(const struct view_form *form)
{
	return 2 * ROW + box_height(form) + QR_SIDE + 24;
}

static void
put_total(struct layout *s, const struct view_form_pair *pair, double x, double width)
{
	char text[VIEW_FORM_VALUE + 64];
	struct doc_page_text at = { x + PAD, s->y, width - 2 * PAD, LABEL, VIEW_FORM_LEFT };

	view_form_say(pair, text, sizeof(text));
	doc_page_put_middle(&s->page, &at, ROW, text);
}

static void
put_totals(struct layout *s)
{
	const struct view_form *form = s->form;
	const struct view_form_pair *first = form->is_figures_first ? &form->figures : &form->words;
	const struct view_form_pair *second = form->is_figures_first ? &form->words : &form->figures;

	put_total(s, first, DOC_PAGE_MARGIN, DOC_PAGE_INNER);
	s->y += ROW;
	doc_page_rule(&s->page, DOC_PAGE_MARGIN, s->y, DOC_PAGE_INNER, DOC_PAGE_THIN);
	put_total(s, second, DOC_PAGE_MARGIN, DOC_PAGE_INNER);
	s->y += ROW;
}

static void
put_boxes(struct layout *s)
{
	const struct view_form *form = s->form;
	double width = DOC_PAGE_INNER / (double)(form->box_count == 0 ? 1 : form->box_count);
	double height = box_height(form);
	size_t i;

	if (form->box_count == 0) {
		return;
	}
	doc_page_rule(&s->page, DOC_PAGE_MARGIN, s->y, DOC_PAGE_INNER, DOC_PAGE_THIN);
	for (i = 0; i < form->box_count; i++) {
		struct doc_page_text at = { DOC_PAGE_MARGIN + width * (double)i + 6, s->y + 6,
			width - 12, LABEL, VIEW_FORM_LEFT };

		at.y += doc_page_put(&s->page, &at, form->boxes[i].label) + 4;
		doc_page_put(&s->page, &at, form->boxes[i].value);
		if (i > 0) {
			doc_page_upright(
			    &s->page, at.x - 6, s->y, height, DOC_PAGE_THIN);
		}
	}
	s->y += height;
}

static void
put_verification(struct layout *s, double x, double width)
{
	const struct view_form *form = s->form;
	struct doc_page_text at = { x, s->y + 8, width, 8.5, VIEW_FORM_LEFT };
	char text[VIEW_FORM_VALUE + 64];
	size_t i;

	snprintf(text, sizeof(text), "查询验证码：%s", form->verify_code);
	at.y += doc_page_put(&s->page, &at, text) + 2;
	if (form->verify_url[0] != '\0') {
		snprintf(text, sizeof(text), "核验网址：%s", form->verify_url);
		at.y += doc_page_put(&s->page, &at, text) + 2;
	}
	at.size = 7.5;
	at.y += 2;
	for (i = 0; i < form->note_count; i++) {
		at.y += doc_page_put(&s->page, &at, form->notes[i]) + 1.5;
	}
}

/* Name of the office and date, the seal over both; in the box for the seal where the form has
 * one. */
static void
put_office(struct layout *s, double box_top)
{
	const char *office = s->document->office;
	int has_box = s->form->box_count > 0 && !s->form->is_figures_first;
	double x = has_box ? DOC_PAGE_MARGIN
			   : DOC_PAGE_WIDTH - DOC_PAGE_MARGIN - OFFICE_WIDTH;
	double width = has_box ? DOC_PAGE_INNER / 3 : OFFICE_WIDTH;
	double y = has_box ? box_top + 52 : s->y + 46;
	struct doc_page_text at = { x, y, width, LABEL, VIEW_FORM_CENTER };

	if (office == NULL || office[0] == '\0') {
		return;
	}
	at.y += doc_page_put(&s->page, &at, office) + 3;
	if (!has_box) {
		doc_page_put(&s->page, &at, s->form->issued_on);
	}
	doc_seal_draw(&s->page, x + width / 2, y + (has_box ? 0 : 12), office);
	cairo_set_source_rgb(s->page.cr, 0, 0, 0);
}

static void
put_foot(struct layout *s)
{
	const char *qr = s->document->qr_text;
	double left = DOC_PAGE_MARGIN;
	double box_top;

	put_totals(s);
	box_top = s->y;
	put_boxes(s);
	doc_page_frame(&s->page, DOC_PAGE_MARGIN, s->table_top, DOC_PAGE_INNER,
	    s->y - s->table_top);
	if (qr != NULL && qr[0] != '\0') {
		if (doc_qr_draw(&s->page, left - 7, s->y + 4, QR_SIDE, qr, s->err) != 0) {
			s->failed = 1;
		}
		left += QR_SIDE - 7;
	}
	put_verification(s, left + 4,
	    DOC_PAGE_WIDTH - DOC_PAGE_MARGIN - OFFICE_WIDTH - left - 4);
	put_office(s, box_top);
}

/* ---- pages */

static void
put_page_line(struct layout *s)
{
	struct doc_page_text at = { DOC_PAGE_MARGIN, DOC_PAGE_HEIGHT - 34, DOC_PAGE_INNER, 8,
		VIEW_FORM_LEFT };
	char text[VIEW_FORM_VALUE + 128];

	snprintf(text, sizeof(text), "%s %s　查询验证码 %s", s->form->title, s->form->number.value,
	    s->form->verify_code);
	doc_page_put(&s->page, &at, text);
	snprintf(text, sizeof(text), "第 %d 页　共 %d 页", s->number, s->pages);
	at.align = VIEW_FORM_RIGHT;
	doc_page_put(&s->page, &at, text);
}

/* Returns where the uprights begin. */
static double
begin_page(struct layout *s, size_t line)
{
	double top;

	s->number++;
	put_page_line(s);
	put_head(s);
	s->table_top = s->y;
	put_pairs(s);
	top = s->y;
	put_heads(s);
	if (line > 0) {
		put_uprights(s, top, s->y);
		put_carried(s, line, "承前页");
		top = s->y;
	}
	return top;
}

static void
end_page(struct layout *s, size_t line, double top)
{
	put_uprights(s, top, s->y);
	put_carried(s, line, "过次页");
	doc_page_frame(&s->page, DOC_PAGE_MARGIN, s->table_top, DOC_PAGE_INNER,
	    s->y - s->table_top);
	if (!s->page.is_dry) {
		cairo_show_page(s->page.cr);
	}
}

/* Empty lines up to the number the form has. */
static void
fill_up(struct layout *s)
{
	size_t i;

	if (s->number > 1) {
		return;
	}
	for (i = s->document->count;
	     i < s->form->rows_min && s->y + ROW + foot_height(s->form) <= BOTTOM; i++) {
		s->y += ROW;
		doc_page_rule(&s->page, DOC_PAGE_MARGIN, s->y, DOC_PAGE_INNER, DOC_PAGE_THIN);
	}
}

static void
put_document(struct layout *s)
{
	size_t count = s->document->count;
	double top;
	size_t i;

	s->number = 0;
	top = begin_page(s, 0);
	for (i = 0; i < count; i++) {
		double height = line_height(s, i);
		/* The last line never stands without the total, nor the total without a line. */
		double below = i + 1 == count ? foot_height(s->form) : ROW;

		if (s->y + height + below > BOTTOM) {
			end_page(s, i, top);
			top = begin_page(s, i);
		}
		put_cells(s, i, height);
	}
	fill_up(s);
	put_uprights(s, top, s->y);
	put_foot(s);
}

static void
iso_time(int64_t at, char *out, size_t size)
{
	time_t seconds = (time_t)(at / 1000) + 8 * 3600;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	if (strftime(out, size, "%Y-%m-%dT%H:%M:%S+08:00", &tm) == 0) {
		out[0] = '\0';
	}
}

int
doc_pdf(const struct view_document *document, struct buf *pdf, struct err *err)
{
	struct view_form form;
	struct layout s = { .document = document, .form = &form, .err = err };
	struct doc_page_meta meta;
	char title[VIEW_FORM_VALUE + 128];
	char created[32];

	if (view_document_check(document, err) != 0) {
		return -1;
	}
	view_form_fill(document, &form);
	snprintf(title, sizeof(title), "%s %s", form.title, form.number.value);
	iso_time(document->kind == VIEW_DOCUMENT_VOUCHER ? document->voucher->issued_at
							 : document->certificate->issued_at,
	    created, sizeof(created));
	meta = (struct doc_page_meta){ .title = title,
		.author = document->office == NULL ? "" : document->office,
		.subject = document->employer->name,
		.created = created };
	if (doc_page_open(&s.page, &meta, pdf, err) != 0) {
		s.failed = 1;
		goto out;
	}
	s.heights = mem_alloc(document->count * sizeof(*s.heights));
	divide(&s);
	s.page.is_dry = 1;
	put_document(&s);
	s.pages = s.number;
	s.page.is_dry = 0;
	put_document(&s);
	cairo_show_page(s.page.cr);
out:
	free(s.heights);
	return doc_page_close(&s.page, err) == 0 && !s.failed ? 0 : -1;
}
