/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QR codes in vectors. */
#include "doc_qr.h"

#include <qrencode.h>

#include "shebao/i18n.h"

#define QUIET 4 /* modules, ISO/IEC 18004 */

int
doc_qr_draw(struct doc_page *page, double x, double y, double side, const char *text,
    struct err *err)
{
	QRcode *code;
	double module;
	int row;

	if (page->is_dry) {
		return 0;
	}
	code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	if (code == NULL) {
		return err_set(err, ERR_DATA, _("凭证码太长，无法制作二维码"));
	}
	module = side / (code->width + 2 * QUIET);
	for (row = 0; row < code->width; row++) {
		const unsigned char *modules = code->data + row * code->width;
		int from;
		int to;

		/* One rectangle for a run of dark modules. */
		for (from = 0; from < code->width; from = to + 1) {
			for (to = from; to < code->width && (modules[to] & 1) != 0; to++) {
			}
			if (to > from) {
				cairo_rectangle(page->cr, x + (from + QUIET) * module,
				    y + (row + QUIET) * module, (to - from) * module, module);
			}
		}
	}
	cairo_fill(page->cr);
	QRcode_free(code);
	return 0;
}
