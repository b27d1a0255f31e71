/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Initials of Chinese characters: any reading counts, because only the reader knows which. */
#include "shebao/pinyin.h"

#include <stddef.h>

#include "pinyin_table.h"
#include "shebao/mem.h"
#include "shebao/text.h"

enum fit {
	FIT_NO,
	FIT_YES,
	FIT_PASS_OVER
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

static enum fit
fits(uint32_t c, uint32_t wanted)
{
	uint32_t initials;

	c = to_upper(c);
	if (is_letter(c) || is_digit(c)) {
		return c == wanted ? FIT_YES : FIT_NO;
	}
	initials = pinyin_initials(c);
	if (initials == 0) {
		return FIT_PASS_OVER;
	}
	return is_letter(wanted) && (initials >> (wanted - 'A') & 1) != 0 ? FIT_YES : FIT_NO;
}

static int
begins_with(const char *s, const char *needle)
{
	while (*needle != '\0') {
		enum fit fit = FIT_NO;
		uint32_t c = text_next(&s);

		if (c != 0) {
			fit = fits(c, to_upper((unsigned char)*needle));
		}
		if (fit == FIT_NO) {
			return 0;
		}
		needle += fit == FIT_YES;
	}
	return 1;
}

int
pinyin_match(const char *haystack, const char *needle)
{
	const char *at;

	for (at = needle; *at != '\0'; at++) {
		uint32_t c = to_upper((unsigned char)*at);

		if (!is_letter(c) && !is_digit(c)) {
			return 0;
		}
	}
	if (*needle == '\0') {
		return 0;
	}
	while (*haystack != '\0') {
		if (begins_with(haystack, needle)) {
			return 1;
		}
		text_next(&haystack);
	}
	return 0;
}
