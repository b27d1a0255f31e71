/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taxpayer identification numbers: the checks of GB 32100 and GB 11714, and what a mistyped
 * code was meant to be. */
#include "shebao/taxpayer_id.h"

#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

enum {
	CODE_LENGTH = 18,
	CODE_BASE = 31,
	INNER_FIRST = 8,
	INNER_LENGTH = 9,
	INNER_BASE = 11,
	ILLEGAL_MAX = 3, /* more are no slip of the finger */
	FOUND_MAX = 64
};

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* Powers of 3 modulo 31. */
static const int weights[] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30,
	28 };
_Static_assert(
    ARRAY_LEN(weights) == CODE_LENGTH - 1, "a weight for every character but the last");

static const int inner_weights[] = { 3, 7, 9, 10, 5, 8, 4, 2 };

/* What a character may have been read or typed for. */
static const struct {
	char typed;
	const char *meant;
} confusions[] = {
	{ 'I', "J1L" },
	{ 'O', "0Q" },
	{ 'S', "5" },
	{ 'Z', "2" },
	{ 'V', "UY" },
	{ '1', "JL" },
	{ 'J', "1L" },
	{ 'L', "1J" },
	{ '0', "Q" },
	{ 'Q', "0" },
};

struct found {
	char codes[FOUND_MAX][TAXPAYER_ID_MAX + 1];
	size_t count;
};

void
taxpayer_id_normalize(char *s)
{
	text_fold_width(s);
	text_trim(s);
	for (; *s != '\0'; s++) {
		if (*s >= 'a' && *s <= 'z') {
			*s = (char)(*s - 'a' + 'A');
		}
	}
}

static int
value_of(char c)
{
	const char *at = c != '\0' ? strchr(alphabet, c) : NULL;

	return at != NULL ? (int)(at - alphabet) : -1;
}

/* The check character for the first 17, which must be of the alphabet. */
static char
check_character(const char *s)
{
	int sum = 0, i;

	for (i = 0; i < CODE_LENGTH - 1; i++) {
		sum += value_of(s[i]) * weights[i];
	}
	return alphabet[(CODE_BASE - sum % CODE_BASE) % CODE_BASE];
}

static int
is_code_character(uint32_t c)
{
	return c < 0x80 && value_of((char)c) >= 0;
}

static int
is_capital_or_digit(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/* Refuses the first character that is not allowed, telling which it is. */
static int
check_characters(const char *s, int is_code, struct err *err)
{
	int position = 1;

	while (*s != '\0') {
		const char *start = s;
		uint32_t c = text_next(&s);
		int length = (int)(s - start);

		if (!is_capital_or_digit(c)) {
			const char *shown =
			    text_is_clean(start, (size_t)length) ? start : "?";

			length = shown == start ? length : 1;
			return err_set(err, ERR_DATA,
			    _("纳税人识别号第%d位“%.*s”有误：只能是数字和大写字母"),
			    position, length, shown);
		}
		if (is_code && !is_code_character(c)) {
			return err_set(err, ERR_DATA,
			    _("纳税人识别号第%d位“%c”有误：统一社会信用代码不使用字母 I、O、S、V、Z"),
			    position, (int)c);
		}
		position++;
	}
	return 0;
}

int
taxpayer_id_check(const char *s, struct err *err)
{
	int length = text_length(s);
	char check;

	if (length == 0) {
		return err_set(err, ERR_DATA, "%s", _("请输入纳税人识别号"));
	}
	if (length != CODE_LENGTH && length != 15 && length != 17 && length != 20) {
		return err_set(err, ERR_DATA,
		    _("纳税人识别号应为18位（旧号15、17或20位），现为%d位"), length);
	}
	if (check_characters(s, length == CODE_LENGTH, err) != 0) {
		return -1;
	}
	if (length != CODE_LENGTH) {
		return 0;
	}
	check = check_character(s);
	if (s[CODE_LENGTH - 1] == check) {
		return 0;
	}
	return err_set(err, ERR_DATA,
	    _("纳税人识别号校验不通过：按前17位计算第18位应为“%c”，现为“%c”，请逐位核对"),
	    check, s[CODE_LENGTH - 1]);
}

static int
inner_value(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : c - '0';
}

int
taxpayer_id_inner_ok(const char *s)
{
	int sum = 0, check;
	size_t i;

	if (strlen(s) != CODE_LENGTH) {
		return 1;
	}
	for (i = 0; i < ARRAY_LEN(inner_weights); i++) {
		sum += inner_value(s[INNER_FIRST + i]) * inner_weights[i];
	}
	check = INNER_BASE - sum % INNER_BASE;
	s += INNER_FIRST + INNER_LENGTH - 1;
	if (check == 10) {
		return *s == 'X';
	}
	return *s == (check == INNER_BASE ? '0' : '0' + check);
}

/* Keeps a candidate that is valid and new. */
static void
keep(struct found *found, const char *code)
{
	size_t i;

	if (found->count == FOUND_MAX || taxpayer_id_check(code, NULL) != 0) {
		return;
	}
	for (i = 0; i < found->count; i++) {
		if (strcmp(found->codes[i], code) == 0) {
			return;
		}
	}
	memcpy(found->codes[found->count++], code, CODE_LENGTH + 1);
}

static const char *
meant_for(char c)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(confusions); i++) {
		if (confusions[i].typed == c) {
			return confusions[i].meant;
		}
	}
	return "";
}

/* Tries every meaning of every illegal character from position at on. */
static void
replace_illegal(struct found *found, char *code, size_t at)
{
	const char *meant;
	char typed;

	while (code[at] != '\0' && value_of(code[at]) >= 0) {
		at++;
	}
	typed = code[at];
	if (typed == '\0') {
		keep(found, code);
		return;
	}
	for (meant = meant_for(typed); *meant != '\0'; meant++) {
		code[at] = *meant;
		replace_illegal(found, code, at + 1);
	}
	code[at] = typed;
}

static void
replace_one(struct found *found, char *code)
{
	size_t i;

	for (i = 0; i < CODE_LENGTH; i++) {
		char typed = code[i];
		const char *meant;

		for (meant = meant_for(typed); *meant != '\0'; meant++) {
			code[i] = *meant;
			keep(found, code);
		}
		code[i] = typed;
	}
}

static void
swap_neighbours(struct found *found, char *code)
{
	size_t i;

	for (i = 0; i + 1 < CODE_LENGTH; i++) {
		char first = code[i];

		code[i] = code[i + 1];
		code[i + 1] = first;
		keep(found, code);
		code[i + 1] = code[i];
		code[i] = first;
	}
}

static size_t
count_illegal(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++) {
		n += value_of(*s) < 0;
	}
	return n;
}

size_t
taxpayer_id_suggest(const char *s, char out[][TAXPAYER_ID_MAX + 1], size_t max)
{
	struct found found = { .count = 0 };
	char code[TAXPAYER_ID_MAX + 1];
	size_t illegal = count_illegal(s), written = 0, i;
	int inner;

	if (strlen(s) != CODE_LENGTH || illegal > ILLEGAL_MAX ||
	    taxpayer_id_check(s, NULL) == 0) {
		return 0;
	}
	memcpy(code, s, CODE_LENGTH + 1);
	if (illegal > 0) {
		replace_illegal(&found, code, 0);
	} else {
		replace_one(&found, code);
		swap_neighbours(&found, code);
	}
	for (inner = 1; inner >= 0; inner--) {
		for (i = 0; i < found.count && written < max; i++) {
			if (taxpayer_id_inner_ok(found.codes[i]) == inner) {
				memcpy(out[written++], found.codes[i], CODE_LENGTH + 1);
			}
		}
	}
	return written;
}
