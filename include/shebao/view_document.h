/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_VIEW_DOCUMENT_H
#define SHEBAO_VIEW_DOCUMENT_H

#include "shebao/buf.h"
#include "shebao/certificate.h"
#include "shebao/employer.h"
#include "shebao/levy.h"
#include "shebao/voucher.h"

/*
 * What stands on a document. view_document_text shows it in a terminal, doc_pdf (shebao/doc.h)
 * prints it; both are made from the same tables, so a preview cannot say something else.
 */
enum view_document_kind {
	VIEW_DOCUMENT_VOUCHER,       /* 银行端查询缴费凭证 */
	VIEW_DOCUMENT_TAX_PAID,      /* 税收完税证明 (社会保险费) */
	VIEW_DOCUMENT_PAYMENT_PROOF, /* 单位社会保险费缴费证明 */
	VIEW_DOCUMENT_KIND_COUNT
};

/* Everything is borrowed. Text is clean (shebao/text.h). */
struct view_document {
	enum view_document_kind kind;
	const struct employer *employer;
	const struct voucher *voucher;         /* VIEW_DOCUMENT_VOUCHER */
	const struct certificate *certificate; /* the other kinds */
	const struct levy *lines;              /* in the order printed */
	size_t count;                          /* 1 ... LEVIES_MAX */
	const int64_t *paid_at; /* payment proof: when each line was paid, ms; NULL: no such column */
	const char *office;     /* whose seal it carries: seal_office(); "" none */
	const char *verify_url; /* printed before the code; NULL or "": only the code is printed */
	const char *qr_text;    /* what the QR code says: seal_code_sign(); NULL: no QR code */
	int64_t reprint;        /* 0 first print; n: 补打 第 n 次 */
	int64_t printed_at;     /* of a reprint, ms; otherwise not used */
};

/* "voucher", "tax_paid", "payment_proof". */
const char *view_document_kind_name(enum view_document_kind kind);

/* The title in Chinese, as printed. */
const char *view_document_title(enum view_document_kind kind);

/* ERR_DATA when something is missing or the amount is not the sum of the lines. */
int view_document_check(const struct view_document *document, struct err *err)
    __attribute__((warn_unused_result));

/* 银行端查询缴费凭证_452016200900000041.pdf; a reprint ends in _补打n. */
void view_document_file_name(const struct view_document *document, char *out, size_t size);

/* The document as text of at most width (72 and more) columns, lines ended by LF. */
void view_document_text(const struct view_document *document, int width, struct buf *out);

#endif
