/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user types, against what a list shows. */
#include "shebao/match.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/pinyin.h"
#include "shebao/text.h"

enum comparison {
	GREATER = 1,
	EQUAL = 2,
	LESS = 4
};

/* Longest first. An input method turns > and < into the brackets of book titles. */
static const struct {
	const char *sign;
	int comparison;
} signs[] = {
	{ ">=", GREATER | EQUAL },
	{ "<=", LESS | EQUAL },
	{ "≥", GREATER | EQUAL },
	{ "≤", LESS | EQUAL },
	{ "》=", GREATER | EQUAL },
	{ "《=", LESS | EQUAL },
	{ "》", GREATER },
	{ "《", LESS },
	{ ">", GREATER },
	{ "<", LESS },
	{ "=", EQUAL },
};

static char *
folded(const char *s)
{
	char *copy = mem_dup(s), *at;

	text_fold_width(copy);
	text_trim(copy);
	for (at = copy; *at != '\0'; at++) {
		if (*at >= 'A' && *at <= 'Z') {
			*at = (char)(*at - 'A' + 'a');
		}
	}
	return copy;
}

void
match_fold(const char *s, char *out, size_t size)
{
	char *copy = folded(s);

	mem_copy_text(out, size, copy);
	free(copy);
}

int
match_text(const char *haystack, const char *needle)
{
	char *hay = folded(haystack), *words = folded(needle), *rest = NULL, *word;
	int matches = 1;

	for (word = strtok_r(words, " \t", &rest); word != NULL && matches;
	     word = strtok_r(NULL, " \t", &rest)) {
		matches = strstr(hay, word) != NULL || pinyin_match(hay, word);
	}
	free(hay);
	free(words);
	return matches;
}

static int
compares(int64_t fen, const char *yuan, int comparison)
{
	int64_t wanted;
	int relation;

	while (*yuan == ' ') {
		yuan++;
	}
	if (money_parse(yuan, &wanted, NULL) != 0) {
		return 0;
	}
	relation = fen > wanted ? GREATER : fen < wanted ? LESS : EQUAL;
	return (comparison & relation) != 0;
}

static int
begins_amount(int64_t fen, const char *typed)
{
	char shown[MONEY_TEXT_MAX];
	size_t n = strlen(typed);

	if (n == 0 || strspn(typed, "0123456789.,") != n) {
		return 0;
	}
	money_format(fen, shown);
	if (strncmp(shown, typed, n) == 0) {
		return 1;
	}
	money_format_plain(fen, shown);
	return strncmp(shown, typed, n) == 0;
}

int
match_amount(int64_t fen, const char *needle)
{
	char *typed = folded(needle);
	int matches = -1;
	size_t i;

	for (i = 0; i < ARRAY_LEN(signs) && matches < 0; i++) {
		size_t n = strlen(signs[i].sign);

		if (strncmp(typed, signs[i].sign, n) == 0) {
			matches = compares(fen, typed + n, signs[i].comparison);
		}
	}
	if (matches < 0) {
		matches = begins_amount(fen, typed);
	}
	free(typed);
	return matches;
}
