/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_MATCH_H
#define SHEBAO_CORE_MATCH_H

#include <stddef.h>
#include <stdint.h>

/* What the user types to find something. */

/* True when needle is part of haystack, letters in either case and full-width forms as their
 * ASCII ones, or spells pinyin initials in it. Every word of needle must match; an empty
 * needle matches everything. */
int match_text(const char *haystack, const char *needle);

/* What match_text makes of both before it compares them: what is folded already fits the same. */
void match_fold(const char *s, char *out, size_t size);

/* True when needle is ">1000", "<=1,000.50", ">=", "<", "=" and an amount in yuan and fen
 * compares so, or when needle is digits that begin the amount as it is shown, with or without
 * separators. False for any other needle. */
int match_amount(int64_t fen, const char *needle);

#endif
