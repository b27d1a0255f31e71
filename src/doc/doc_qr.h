/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DOC_QR_H
#define SHEBAO_DOC_QR_H

#include "doc_page.h"

/* A QR code (level M) of this side, its quiet zone included. ERR_DATA when the text is too
 * long for one. */
int doc_qr_draw(struct doc_page *page, double x, double y, double side, const char *text,
    struct err *err) __attribute__((warn_unused_result));

#endif
