/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DOC_PAGE_H
#define SHEBAO_DOC_PAGE_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "shebao/buf.h"
#include "shebao/err.h"
#include "shebao/view_form.h"

/* Drawing on an A4 page: text, rules, boxes. Lengths in points, y grows downwards. */
#define DOC_PAGE_WIDTH 595.276
#define DOC_PAGE_HEIGHT 841.890
#define DOC_PAGE_MARGIN 36.0
#define DOC_PAGE_INNER (DOC_PAGE_WIDTH - 2 * DOC_PAGE_MARGIN)
#define DOC_PAGE_FONT "WenQuanYi Micro Hei"

#define DOC_PAGE_THIN 0.5
#define DOC_PAGE_THICK 1.0

struct doc_page {
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoLayout *layout;
	PangoFontDescription *font;
	double size; /* of the font now set */
	int is_dry;  /* measuring only: nothing is drawn */
};

struct doc_page_meta {
	const char *title;
	const char *author;
	const char *subject;
	const char *created; /* ISO 8601 */
};

/* A page that writes its PDF into out, which must outlive it. */
int doc_page_open(struct doc_page *page, const struct doc_page_meta *meta, struct buf *out,
    struct err *err) __attribute__((warn_unused_result));

/* ERR_LOCAL when cairo failed on the way. Frees in any case. */
int doc_page_close(struct doc_page *page, struct err *err) __attribute__((warn_unused_result));

/* Text within width from x, its top at y, wrapped; returns its height. */
struct doc_page_text {
	double x;
	double y;
	double width;
	double size;
	enum view_form_align align;
};
double doc_page_put(struct doc_page *page, const struct doc_page_text *where, const char *text);

/* The height it would have. */
double doc_page_measure(struct doc_page *page, double width, double size, const char *text);

/* Text in a box of this height, in the middle of it. */
void doc_page_put_middle(
    struct doc_page *page, const struct doc_page_text *where, double height, const char *text);

void doc_page_rule(struct doc_page *page, double x, double y, double width, double thickness);
void doc_page_upright(struct doc_page *page, double x, double y, double height, double thickness);
void doc_page_frame(
    struct doc_page *page, double x, double y, double width, double height);

#endif
