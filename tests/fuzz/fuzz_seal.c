/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Foreign bytes as a sealed file and as a printed code. Nothing that is made up may be taken for
 * intact by chance, and what is read out of it must be clean text.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"
#include "shebao/seal.h"
#include "shebao/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The digits of a signature are too many to be found by chance: one control character stands for them. */
static void
put_expanded(struct buf *out, const uint8_t *data, size_t size)
{
	static const char zeros[16384] = { 0 };
	size_t i;

	for (i = 0; i < size; i++) {
		if (data[i] == '\x01') {
			size_t from = out->len;

			buf_put(out, zeros, sizeof(zeros));
			memset(out->data + from, '0', sizeof(zeros));
		} else {
			buf_put(out, &data[i], 1);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seal_report report;
	struct seal_claim claim;
	struct buf pdf = { 0 };
	struct err err = { 0 };

	put_expanded(&pdf, data, size < 4096 ? size : 4096);
	buf_puts(&pdf, "");
	if (seal_verify(buf_text(&pdf), pdf.len, NULL, &report, &err) != 0) {
		assert(err.code != ERR_NONE && !report.is_intact);
	}
	assert(text_is_clean(report.office, strlen(report.office)));
	assert(text_is_clean(report.reason, strlen(report.reason)));
	assert(text_is_clean(report.code, strlen(report.code)));
	err_clear(&err);
	if (strlen(buf_text(&pdf)) == pdf.len && seal_code_verify("", buf_text(&pdf), &claim, &err) == 0) {
		abort();
	}
	buf_release(&pdf);
	return 0;
}
