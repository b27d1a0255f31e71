/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DOC_DOC_H
#define SHEBAO_DOC_DOC_H

#include "shebao/view_document.h"

/*
 * The document as A4 PDF, unsealed: frames and lines in vectors, text that can be selected,
 * the font as an embedded subset, the office's red seal drawn in vectors, the QR code,
 * title, author and creation date (issued_at) set. Same input, same bytes. Hundreds of lines
 * go on over pages with 过次页 and 承前页 totals.
 *
 * pdf is appended to. Fails with ERR_DATA (view_document_check) or ERR_LOCAL: the font
 * "WenQuanYi Micro Hei" is not installed. Safe between threads.
 */
int doc_pdf(const struct view_document *document, struct buf *pdf, struct err *err)
    __attribute__((warn_unused_result));

#endif
