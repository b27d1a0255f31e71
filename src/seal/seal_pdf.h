/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SEAL_PDF_H
#define SHEBAO_SEAL_PDF_H

#include <stddef.h>
#include <stdint.h>

#include "shebao/buf.h"
#include "shebao/err.h"

/* The incremental update that holds a signature (ISO 32000-1 7.5.6, 12.8), and finding it again.
 * Hexadecimal digits reserved for the signature: */
#define SEAL_PDF_DIGITS 16384

struct seal_pdf_words {
	const char *office;
	const char *reason;
	const char *code;
	const char *subfilter;
	int64_t signed_at;
};

/* What is not covered by the signature: data[start] is '<', data[end - 1] is '>'. */
struct seal_pdf_hole {
	size_t start;
	size_t end;
};

/* out becomes pdf plus the update with a hole full of zeros. ERR_DATA when pdf is not a plain
 * unsealed file of ours: classic cross-reference table, no form. */
int seal_pdf_append(const struct buf *pdf, const struct seal_pdf_words *words, struct buf *out,
    struct seal_pdf_hole *hole, struct err *err) __attribute__((warn_unused_result));

/* Finds the hole of a sealed file: one signature, ranges over the whole of it. is_sealed says
 * whether there is a signature at all. ERR_SEAL. */
int seal_pdf_find(const char *data, size_t n, struct seal_pdf_hole *hole, int *is_sealed,
    struct err *err) __attribute__((warn_unused_result));

/* Strings of the signature dictionary that ends in the hole; "" when absent. Clean. */
void seal_pdf_read_code(const char *data, size_t hole_start, char *out, size_t size);
void seal_pdf_read_reason(const char *data, size_t hole_start, char *out, size_t size);

/* First place of the n bytes of what in data at or behind from; (size_t)-1: none. */
size_t seal_pdf_search(const char *data, size_t n, size_t from, const char *what);

#endif
