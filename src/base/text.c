/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clean text, its width, and folding of what an input method typed. */
#include "shebao/text.h"

#include <assert.h>
#include <string.h>

#include "shebao/mem.h"

struct range {
	uint32_t from, to;
};

#include "text_width_table.h"

#define REPLACEMENT 0xFFFDu
#define COMBINING_MAX 2

static int ambiguous_columns = 1;

static int
is_in(const struct range *ranges, size_t count, uint32_t c)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (c > ranges[mid].to) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return low < count && c >= ranges[low].from;
}

struct text
text_literal(const char *s)
{
	return (struct text){ s };
}

struct text
text_cleaned(const char *s)
{
	return (struct text){ s };
}

/* Strict UTF-8: length of the character at s (at most n bytes) and its code point; 0 bytes
 * when it is not one. */
static size_t
decode(const unsigned char *s, size_t n, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length, i;

	if (s[0] < 0x80) {
		*c = s[0];
		return 1;
	}
	length = s[0] >= 0xF0 && s[0] < 0xF5 ? 4
	    : s[0] >= 0xE0 && s[0] < 0xF0    ? 3
	    : s[0] >= 0xC2 && s[0] < 0xE0    ? 2
					     : 0;
	if (length == 0 || length > n) {
		return 0;
	}
	*c = s[0] & (0xFFu >> (length + 1));
	for (i = 1; i < length; i++) {
		if ((s[i] & 0xC0) != 0x80) {
			return 0;
		}
		*c = *c << 6 | (s[i] & 0x3Fu);
	}
	return *c < least[length] || *c > 0x10FFFF || (*c >= 0xD800 && *c <= 0xDFFF)
	    ? 0
	    : length;
}

int
text_length(const char *s)
{
	int n = 0;

	while (text_next(&s) != 0) {
		n++;
	}
	return n;
}

size_t
text_put(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

uint32_t
text_next(const char **s)
{
	unsigned char first = (unsigned char)**s;
	uint32_t c;
	size_t n;

	if (first < 0x80) {
		*s += first != 0;
		return first;
	}
	n = decode((const unsigned char *)*s, strnlen(*s, 4), &c);
	*s += n == 0 ? 1 : n;
	return n == 0 ? REPLACEMENT : c;
}

/* Code points that never stand in clean text. */
static int
is_forbidden(uint32_t c)
{
	static const struct range forbidden[] = {
		{ 0x0000, 0x001F }, /* C0 */
		{ 0x007F, 0x009F }, /* DEL, C1 */
		{ 0x00AD, 0x00AD }, /* soft hyphen: invisible */
		{ 0x034F, 0x034F }, /* combining grapheme joiner */
		{ 0x061C, 0x061C }, /* Arabic letter mark */
		{ 0x115F, 0x1160 }, /* Hangul fillers: blank */
		{ 0x17B4, 0x17B5 }, /* invisible Khmer vowels */
		{ 0x180B, 0x180F }, /* Mongolian selectors, vowel separator */
		{ 0x200B, 0x200F }, /* zero width, direction marks */
		{ 0x2028, 0x202E }, /* line and paragraph ends, direction */
		{ 0x2060, 0x206F }, /* word joiner, isolates */
		{ 0x3164, 0x3164 }, /* Hangul filler */
		{ 0xE000, 0xF8FF }, /* private use */
		{ 0xFDD0, 0xFDEF }, /* noncharacters */
		{ 0xFE00,
		    0xFE0F }, /* variation selectors: invisible, some change the width */
		{ 0xFEFF, 0xFEFF }, /* byte order mark */
		{ 0xFFA0, 0xFFA0 }, /* Hangul filler */
		{ 0xFFF0, 0xFFFB },
		{ 0xFFFE, 0xFFFF },
		{ 0x1D173, 0x1D17A }, /* musical format characters */
		{ 0xE0000, 0xE0FFF }, /* tags, further variation selectors */
		{ 0xF0000, 0x10FFFF },
	};

	return is_in(forbidden, ARRAY_LEN(forbidden), c) || (c & 0xFFFE) == 0xFFFE;
}

static int
is_combining(uint32_t c)
{
	return c >= 0x300 && is_in(combining, ARRAY_LEN(combining), c);
}

/* The code point to keep for c: itself, a space, or the replacement. */
static uint32_t
clean_char(uint32_t c, int *marks)
{
	/* Nearly all text: ASCII and the common Han characters. */
	if ((c >= 0x20 && c < 0x7F) || (c >= 0x4E00 && c <= 0x9FFF)) {
		*marks = 0;
		return c;
	}
	if (c == '\t' || c == '\n' || c == '\r') {
		*marks = 0;
		return ' ';
	}
	if (is_forbidden(c)) {
		*marks = 0;
		return REPLACEMENT;
	}
	*marks = is_combining(c) ? *marks + 1 : 0;
	return *marks > COMBINING_MAX ? REPLACEMENT : c;
}

int
text_clean_copy(char *dst, size_t size, const char *s, size_t n)
{
	const unsigned char *in = (const unsigned char *)s;
	size_t at = 0, out = 0;
	int result = 0, marks = 0;

	assert(size > 0);
	if (n < size && text_is_clean(s, n)) {
		memcpy(dst, s, n);
		dst[n] = '\0';
		return 0;
	}
	while (at < n) {
		char bytes[4];
		uint32_t c = REPLACEMENT, kept;
		size_t length = decode(in + at, n - at, &c), put;

		kept = length == 0 ? REPLACEMENT : clean_char(c, &marks);
		if (length == 0 || kept != c) {
			result = 1;
		}
		put = text_put(bytes, kept);
		if (out + put >= size) {
			result = 2;
			break;
		}
		memcpy(dst + out, bytes, put);
		out += put;
		at += length == 0 ? 1 : length;
	}
	dst[out] = '\0';
	return result;
}

int
text_is_clean(const char *s, size_t n)
{
	const unsigned char *in = (const unsigned char *)s;
	size_t at = 0;
	int marks = 0;

	while (at < n) {
		uint32_t c;
		size_t length;

		if (in[at] >= 0x20 && in[at] < 0x7F) {
			marks = 0;
			at++;
			continue;
		}
		length = decode(in + at, n - at, &c);
		if (length == 0 || clean_char(c, &marks) != c) {
			return 0;
		}
		at += length;
	}
	return 1;
}

int
text_char_width(uint32_t c)
{
	if (c < 0x20 || c == 0x7F) {
		return 0;
	}
	if (c < 0x7F) {
		return 1;
	}
	/* Hanzi: most of what is asked for. */
	if (c >= 0x4E00 && c <= 0x9FFF) {
		return 2;
	}
	if (is_in(wide, ARRAY_LEN(wide), c)) {
		return 2;
	}
	if (is_combining(c)) {
		return 0;
	}
	return ambiguous_columns == 2 && is_in(ambiguous, ARRAY_LEN(ambiguous), c) ? 2
										   : 1;
}

int
text_width(const char *s)
{
	uint32_t c;
	int width = 0;

	while ((c = text_next(&s)) != 0) {
		width += text_char_width(c);
	}
	return width;
}

void
text_set_ambiguous_width(int columns)
{
	assert(columns == 1 || columns == 2);
	ambiguous_columns = columns;
}

int
text_ambiguous_width(void)
{
	return ambiguous_columns;
}

size_t
text_prefix(const char *s, int width, int *used)
{
	const char *at = s;
	int sum = 0;

	for (;;) {
		const char *next = at;
		uint32_t c = text_next(&next);
		int w = c == 0 ? 0 : text_char_width(c);

		if (c == 0 || sum + w > width) {
			break;
		}
		sum += w;
		at = next;
	}
	if (used != NULL) {
		*used = sum;
	}
	return (size_t)(at - s);
}

static uint32_t
fold(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E) {
		return c - 0xFF01 + '!';
	}
	switch (c) {
	case 0x3000:
		return ' ';
	case 0x3002: /* 。 */
		return '.';
	case 0x3001: /* 、 */
		return ',';
	case 0xFFE5: /* ￥ */
		return 0xA5;
	default:
		return c;
	}
}

int
text_fold_width(char *s)
{
	const char *in = s;
	char *out = s;
	uint32_t c;
	int folded = 0;

	while ((c = text_next(&in)) != 0) {
		uint32_t f = fold(c);

		folded |= f != c;
		if (f == REPLACEMENT && c == REPLACEMENT && in - out < 3) {
			/* A stray byte: the replacement would not fit where it stood. */
			f = '?';
		}
		out += text_put(out, f);
	}
	*out = '\0';
	return folded;
}

void
text_trim(char *s)
{
	char *from = s, *end;
	size_t n;

	for (;;) {
		if (*from == ' ' || *from == '\t') {
			from++;
		} else if (strncmp(from, "　", 3) == 0) {
			from += 3;
		} else {
			break;
		}
	}
	n = strlen(from);
	memmove(s, from, n + 1);
	end = s + n;
	for (;;) {
		if (end > s && (end[-1] == ' ' || end[-1] == '\t')) {
			end--;
		} else if (end - s >= 3 && strncmp(end - 3, "　", 3) == 0) {
			end -= 3;
		} else {
			break;
		}
	}
	*end = '\0';
}
