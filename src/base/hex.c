/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hexadecimal and base64. */
#include "shebao/hex.h"

#include <string.h>

#include "shebao/i18n.h"

static const char base64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
hex_encode(char *out, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *b = bytes;
	size_t i;

	for (i = 0; i < n; i++) {
		out[2 * i] = digits[b[i] >> 4];
		out[2 * i + 1] = digits[b[i] & 15];
	}
	out[2 * n] = '\0';
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int
hex_decode(void *out, size_t n, const char *text)
{
	unsigned char *b = out;
	size_t i;

	if (strlen(text) != 2 * n) {
		return -1;
	}
	for (i = 0; i < n; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0) {
			return -1;
		}
		b[i] = (unsigned char)(high << 4 | low);
	}
	return 0;
}

void
hex_base64_encode(struct buf *out, const void *bytes, size_t n)
{
	const unsigned char *b = bytes;
	size_t i;

	for (i = 0; i < n; i += 3) {
		unsigned v = (unsigned)b[i] << 16 |
		    (i + 1 < n ? (unsigned)b[i + 1] << 8 : 0) |
		    (i + 2 < n ? b[i + 2] : 0);
		char four[4] = { base64[v >> 18], base64[v >> 12 & 63],
			i + 1 < n ? base64[v >> 6 & 63] : '=',
			i + 2 < n ? base64[v & 63] : '=' };

		buf_put(out, four, 4);
	}
}

int
hex_base64_decode(struct buf *out, const char *text, struct err *err)
{
	size_t n = strlen(text), i, k;

	if (n % 4 != 0) {
		return err_set(err, ERR_DATA, _("base64 的长度 %zu 不是 4 的倍数"), n);
	}
	for (i = 0; i < n; i += 4) {
		size_t pad = i + 4 < n   ? 0
		    : text[i + 2] == '=' ? 2
		    : text[i + 3] == '=' ? 1
					 : 0;
		unsigned v = 0;
		unsigned char three[3];

		for (k = 0; k < 4 - pad; k++) {
			const char *at = strchr(base64, text[i + k]);

			if (at == NULL || *at == '\0') {
				return err_set(err, ERR_DATA,
				    _("base64 第 %zu 个字符无效"), i + k + 1);
			}
			v |= (unsigned)(at - base64) << (18 - 6 * k);
		}
		/* One content has one text: no stray bits behind the last byte. */
		if ((v & (pad == 2 ? 0xFFFFU : pad == 1 ? 0xFFU : 0)) != 0) {
			return err_set(err, ERR_DATA, "%s", _("base64 的结尾无效"));
		}
		three[0] = (unsigned char)(v >> 16);
		three[1] = (unsigned char)(v >> 8);
		three[2] = (unsigned char)v;
		buf_put(out, three, 3 - pad);
	}
	return 0;
}
