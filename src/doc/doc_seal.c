/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of the seal. The proof is the digital signature; this is for the eye. */
#include "doc_seal.h"

#include <math.h>

#include "shebao/text.h"

#define PI 3.14159265358979323846
#define RING 2.4
/* The name runs over the top, from lower left to lower right. */
#define ARC_MAX (1.36 * PI)
#define ARC_STEP (0.125 * PI)
#define GLYPH 13.0

/* A red that lets black text below it be read. */
static void
set_red(cairo_t *cr)
{
	cairo_set_source_rgba(cr, 0.84, 0.05, 0.08, 0.82);
}

static void
draw_star(cairo_t *cr, double radius)
{
	int i;

	for (i = 0; i < 5; i++) {
		double angle = -PI / 2 + i * 4 * PI / 5;

		cairo_line_to(cr, radius * cos(angle), radius * sin(angle));
	}
	cairo_close_path(cr);
	cairo_fill(cr);
}

/* Characters become outlines: they must not come out as text when the page is read. */
static void
draw_outline(struct doc_page *page, const char *text, double size, double narrow)
{
	int width;
	int height;

	pango_font_description_set_absolute_size(page->font, size * PANGO_SCALE);
	pango_layout_set_font_description(page->layout, page->font);
	page->size = size;
	pango_layout_set_width(page->layout, -1);
	pango_layout_set_text(page->layout, text, -1);
	pango_layout_get_size(page->layout, &width, &height);
	cairo_scale(page->cr, narrow, 1);
	cairo_move_to(
	    page->cr, -(double)width / PANGO_SCALE / 2, -(double)height / PANGO_SCALE / 2);
	pango_cairo_layout_path(page->cr, page->layout);
	cairo_fill(page->cr);
}

static void
draw_name(struct doc_page *page, const char *office)
{
	int n = text_length(office);
	double radius = DOC_SEAL_RADIUS - RING - GLYPH / 2 - 3.5;
	double step = n < 2 ? 0 : ARC_MAX / (n - 1);
	double narrow;
	double angle;

	if (step > ARC_STEP) {
		step = ARC_STEP;
	}
	/* Long names: narrower characters, as seals have them. */
	narrow = n < 2 ? 1 : fmin(0.9, step * (radius - GLYPH / 2) / GLYPH * 0.98);
	angle = -step * (n - 1) / 2;
	while (n-- > 0) {
		char glyph[8] = "";

		glyph[text_put(glyph, text_next(&office))] = '\0';
		cairo_save(page->cr);
		cairo_rotate(page->cr, angle);
		cairo_translate(page->cr, 0, -radius);
		draw_outline(page, glyph, GLYPH, narrow);
		cairo_restore(page->cr);
		angle += step;
	}
}

void
doc_seal_draw(struct doc_page *page, double x, double y, const char *office)
{
	cairo_t *cr = page->cr;

	if (page->is_dry) {
		return;
	}
	cairo_save(cr);
	cairo_translate(cr, x, y);
	set_red(cr);
	cairo_new_path(cr);
	cairo_set_line_width(cr, RING);
	cairo_arc(cr, 0, 0, DOC_SEAL_RADIUS - RING / 2, 0, 2 * PI);
	cairo_stroke(cr);
	draw_star(cr, 17.5);
	draw_name(page, office);
	cairo_translate(cr, 0, 34);
	draw_outline(page, "社保费业务专用章", 8, 0.78);
	cairo_restore(cr);
}
