/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Initials of Chinese characters: any reading counts, because only the reader knows which. */
#include "shebao/pinyin.h"

#include <stddef.h>

#include "pinyin_table.h"
#include "shebao/mem.h"
#include "shebao/text.h"

enum {
	NEEDLE_MAX = 63
};

uint32_t
pinyin_initials(uint32_t c)
{
	size_t low = 0, high = ARRAY_LEN(pinyin_pairs);

	if (c >= PINYIN_FIRST && c - PINYIN_FIRST < ARRAY_LEN(pinyin_index)) {
		return pinyin_masks[pinyin_index[c - PINYIN_FIRST]];
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pinyin_pairs[middle].c < c) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < ARRAY_LEN(pinyin_pairs) && pinyin_pairs[low].c == c
	    ? pinyin_pairs[low].initials
	    : 0;
}

static uint32_t
to_upper(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E) {
		c = c - 0xFF01 + '!';
	}
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static int
is_letter(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

static int
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* Words of administrative units, which people leave out: 贵阳社保 for 贵阳市社保. */
static int
may_be_left_out(uint32_t c)
{
	return c == 0x5E02 || c == 0x7701 || c == 0x53BF || c == 0x533A;
}

/* Where in needle, of n characters, c fits: bit i for character i. */
static uint64_t
fitting(uint32_t c, const char *needle, size_t n)
{
	uint32_t initials = pinyin_initials(c);
	uint64_t bits = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		uint32_t wanted = to_upper((unsigned char)needle[i]);

		if (c == wanted ||
		    (is_letter(wanted) && (initials >> (wanted - 'A') & 1) != 0)) {
			bits |= UINT64_C(1) << i;
		}
	}
	return bits;
}

int
pinyin_match(const char *haystack, const char *needle)
{
	uint64_t reached =
	    0; /* bit i: the last characters are the first i + 1 of needle */
	size_t n;

	for (n = 0; needle[n] != '\0'; n++) {
		uint32_t c = to_upper((unsigned char)needle[n]);

		if (n == NEEDLE_MAX || (!is_letter(c) && !is_digit(c))) {
			return 0;
		}
	}
	while (n > 0 && *haystack != '\0') {
		uint32_t c = to_upper(text_next(&haystack));

		if (!is_letter(c) && !is_digit(c) && pinyin_initials(c) == 0) {
			continue;
		}
		reached = ((reached << 1 | 1) & fitting(c, needle, n)) |
		    (may_be_left_out(c) ? reached : 0);
		if ((reached >> (n - 1) & 1) != 0) {
			return 1;
		}
	}
	return 0;
}
