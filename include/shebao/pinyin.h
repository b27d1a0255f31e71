/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_PINYIN_H
#define SHEBAO_CORE_PINYIN_H

#include <stdint.h>

/* The initials of every reading of a Chinese character (Unihan), as bits: 1 << ('C' - 'A').
 * 0 for what is no Chinese character. */
uint32_t pinyin_initials(uint32_t c);

/* True when needle, ASCII letters and digits in either case, spells the initials of characters
 * that follow one another somewhere in haystack; letters and digits in haystack stand for
 * themselves, other characters (brackets, spaces, points) are passed over, and 省, 市, 县, 区
 * may be left out: GYSB finds 贵阳市社保. Any reading counts: CQ and ZQ both find 重庆. A needle
 * that is empty or longer than 63 matches nothing. */
int pinyin_match(const char *haystack, const char *needle);

#endif
