/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text, rules and boxes on a page of PDF. */
#include "doc_page.h"

#include <cairo-pdf.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"

static cairo_status_t
append(void *user, const unsigned char *bytes, unsigned n)
{
	buf_put(user, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

/* A missing font would silently be replaced by whatever there is. */
static int
check_font(PangoContext *context, const PangoFontDescription *wanted, struct err *err)
{
	PangoFont *font = pango_context_load_font(context, wanted);
	PangoFontDescription *found = font == NULL ? NULL : pango_font_describe(font);
	int ok = found != NULL && pango_font_description_get_family(found) != NULL &&
		 strcmp(pango_font_description_get_family(found), DOC_PAGE_FONT) == 0;

	if (found != NULL) {
		pango_font_description_free(found);
	}
	if (font != NULL) {
		g_object_unref(font);
	}
	if (!ok) {
		return err_set(err, ERR_LOCAL,
		    _("没有安装字体 %s（软件包 fonts-wqy-microhei），无法制作凭证"), DOC_PAGE_FONT);
	}
	return 0;
}

static void
set_metadata(cairo_surface_t *surface, const struct doc_page_meta *meta)
{
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, meta->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, meta->author);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, meta->subject);
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_CREATOR, "shebao " SHEBAO_VERSION);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, meta->created);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, meta->created);
}

int
doc_page_open(
    struct doc_page *page, const struct doc_page_meta *meta, struct buf *out, struct err *err)
{
	cairo_font_options_t *options = cairo_font_options_create();
	PangoContext *context;

	*page = (struct doc_page){ 0 };
	page->surface = cairo_pdf_surface_create_for_stream(
	    append, out, DOC_PAGE_WIDTH, DOC_PAGE_HEIGHT);
	set_metadata(page->surface, meta);
	page->cr = cairo_create(page->surface);
	page->layout = pango_cairo_create_layout(page->cr);
	page->font = pango_font_description_from_string(DOC_PAGE_FONT);
	context = pango_layout_get_context(page->layout);
	/* Glyphs stand where the font says, not where a screen's pixels would put them. */
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_cairo_context_set_resolution(context, 72);
	pango_context_set_language(context, pango_language_from_string("zh-cn"));
	pango_layout_context_changed(page->layout);
	pango_layout_set_wrap(page->layout, PANGO_WRAP_WORD_CHAR);
	return check_font(context, page->font, err);
}

int
doc_page_close(struct doc_page *page, struct err *err)
{
	cairo_status_t status = cairo_status(page->cr);

	pango_font_description_free(page->font);
	g_object_unref(page->layout);
	cairo_destroy(page->cr);
	cairo_surface_finish(page->surface);
	if (status == CAIRO_STATUS_SUCCESS) {
		status = cairo_surface_status(page->surface);
	}
	cairo_surface_destroy(page->surface);
	if (status != CAIRO_STATUS_SUCCESS) {
		return err_set(err, ERR_LOCAL, _("凭证制作失败（%s）"),
		    cairo_status_to_string(status));
	}
	return 0;
}

static double
lay_out(struct doc_page *page, double width, double size, const char *text)
{
	int height;

	if (page->size < size || page->size > size) {
		pango_font_description_set_absolute_size(page->font, size * PANGO_SCALE);
		pango_layout_set_font_description(page->layout, page->font);
		page->size = size;
	}
	pango_layout_set_width(page->layout, (int)(width * PANGO_SCALE));
	pango_layout_set_text(page->layout, text, -1);
	pango_layout_get_size(page->layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

double
doc_page_measure(struct doc_page *page, double width, double size, const char *text)
{
	return text[0] == '\0' ? 0 : lay_out(page, width, size, text);
}

double
doc_page_put(struct doc_page *page, const struct doc_page_text *where, const char *text)
{
	static const PangoAlignment aligns[] = {
		[VIEW_FORM_LEFT] = PANGO_ALIGN_LEFT,
		[VIEW_FORM_CENTER] = PANGO_ALIGN_CENTER,
		[VIEW_FORM_RIGHT] = PANGO_ALIGN_RIGHT,
	};
	double height;

	if (text[0] == '\0') {
		return 0;
	}
	pango_layout_set_alignment(page->layout, aligns[where->align]);
	height = lay_out(page, where->width, where->size, text);
	if (!page->is_dry) {
		cairo_move_to(page->cr, where->x, where->y);
		pango_cairo_show_layout(page->cr, page->layout);
	}
	return height;
}

void
doc_page_put_middle(
    struct doc_page *page, const struct doc_page_text *where, double height, const char *text)
{
	struct doc_page_text at = *where;

	if (!page->is_dry) {
		at.y += (height - doc_page_measure(page, at.width, at.size, text)) / 2;
		doc_page_put(page, &at, text);
	}
}

static void
stroke(struct doc_page *page, double thickness)
{
	cairo_set_line_width(page->cr, thickness);
	cairo_stroke(page->cr);
}

void
doc_page_rule(struct doc_page *page, double x, double y, double width, double thickness)
{
	if (!page->is_dry) {
		cairo_move_to(page->cr, x, y);
		cairo_line_to(page->cr, x + width, y);
		stroke(page, thickness);
	}
}

void
doc_page_upright(struct doc_page *page, double x, double y, double height, double thickness)
{
	if (!page->is_dry) {
		cairo_move_to(page->cr, x, y);
		cairo_line_to(page->cr, x, y + height);
		stroke(page, thickness);
	}
}

void
doc_page_frame(struct doc_page *page, double x, double y, double width, double height)
{
	if (!page->is_dry) {
		cairo_rectangle(page->cr, x, y, width, height);
		stroke(page, DOC_PAGE_THICK);
	}
}
