/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts in fen: adding, reading, printing, and printing in words. */
#include "shebao/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shebao/i18n.h"

enum {
	FEN = 100,
	GROUP = 10000,
	GROUPS_MAX = 5,
	SEPARATED = 3
};

static const char *const digit_words[] = { "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒",
	"捌", "玖" };
static const char *const group_words[] = { "", "万", "亿", "万亿", "亿亿" };

int
money_add(int64_t a, int64_t b, int64_t *sum, struct err *err)
{
	if ((b > 0 && a > INT64_MAX - b) || (b < 0 && a < INT64_MIN - b)) {
		return err_set(err, ERR_AMOUNT, "%s", _("金额合计超出范围"));
	}
	*sum = a + b;
	return 0;
}

/* Digits and separators of whole yuan up to the point or the end; -1 on a mistake. Once there
 * is a separator, every group behind one has three digits. */
static int
parse_yuan(const char **s, int64_t *yuan)
{
	const char *at = *s;
	int in_group = 0, separated = 0;

	*yuan = 0;
	for (; *at != '\0' && *at != '.'; at++) {
		if (*at == ',') {
			if (in_group == 0 || in_group > SEPARATED ||
			    (separated && in_group != SEPARATED)) {
				return -1;
			}
			separated = 1;
			in_group = 0;
			continue;
		}
		if (*at < '0' || *at > '9') {
			return -1;
		}
		in_group++;
		*yuan = *yuan * 10 + (*at - '0');
		if (*yuan >= MONEY_FEN_LIMIT / FEN) {
			return 1;
		}
	}
	if (in_group == 0 || (separated && in_group != SEPARATED)) {
		return -1;
	}
	*s = at;
	return 0;
}

/* "", ".", ".5" or ".50" but not a bare point. */
static int
parse_decimals(const char *s, int64_t *fen)
{
	int weight = FEN / 10;

	*fen = 0;
	if (*s == '\0') {
		return 0;
	}
	if (s[1] == '\0') {
		return -1;
	}
	for (s++; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' || weight == 0) {
			return -1;
		}
		*fen += (*s - '0') * weight;
		weight /= 10;
	}
	return 0;
}

int
money_parse(const char *yuan, int64_t *fen, struct err *err)
{
	const char *at = yuan;
	int64_t whole, decimals = 0;
	int rc = parse_yuan(&at, &whole);

	if (rc > 0) {
		return err_set(
		    err, ERR_DATA, _("金额过大：%.40s（应小于 10 万亿元）"), yuan);
	}
	if (yuan[0] == '-' || yuan[0] == '+') {
		return err_set(err, ERR_DATA, _("金额不能带正负号：%.40s"), yuan);
	}
	if (rc < 0 || parse_decimals(at, &decimals) != 0) {
		return err_set(err, ERR_DATA,
		    _("“%.40s”不是有效的金额，应以元为单位，最多两位小数，如 1234.56"),
		    yuan);
	}
	*fen = whole * FEN + decimals;
	return 0;
}

static uint64_t
magnitude(int64_t fen)
{
	return fen < 0 ? (uint64_t) - (fen + 1) + 1 : (uint64_t)fen;
}

void
money_format_plain(int64_t fen, char out[MONEY_TEXT_MAX])
{
	uint64_t u = magnitude(fen);

	snprintf(out, MONEY_TEXT_MAX, "%s%" PRIu64 ".%02d", fen < 0 ? "-" : "", u / FEN,
	    (int)(u % FEN));
}

void
money_format(int64_t fen, char out[MONEY_TEXT_MAX])
{
	char plain[MONEY_TEXT_MAX];
	size_t digits, i, to = 0;

	money_format_plain(fen, plain);
	digits = strcspn(plain, ".");
	for (i = 0; plain[i] != '\0'; i++) {
		if (i > 0 && i < digits && (digits - i) % SEPARATED == 0 &&
		    plain[i - 1] != '-') {
			out[to++] = ',';
		}
		out[to++] = plain[i];
	}
	out[to] = '\0';
}

static void
append(char out[MONEY_WORDS_MAX], const char *s)
{
	size_t n = strlen(out);

	snprintf(out + n, MONEY_WORDS_MAX - n, "%s", s);
}

/* A group of four digits, not 0, without a 零 before it. */
static void
append_group(char out[MONEY_WORDS_MAX], int group)
{
	static const char *const unit_words[] = { "仟", "佰", "拾", "" };
	int unit = GROUP / 10, started = 0, gap = 0, i;

	for (i = 0; i < 4; i++, unit /= 10) {
		int digit = group / unit % 10;

		if (digit == 0) {
			gap = 1;
			continue;
		}
		if (gap && started) {
			append(out, digit_words[0]);
		}
		append(out, digit_words[digit]);
		append(out, unit_words[i]);
		started = 1;
		gap = 0;
	}
}

static void
append_yuan(char out[MONEY_WORDS_MAX], uint64_t yuan)
{
	int groups[GROUPS_MAX] = { 0 }, started = 0, gap = 0, i;

	for (i = 0; i < GROUPS_MAX; i++) {
		groups[i] = (int)(yuan % GROUP);
		yuan /= GROUP;
	}
	for (i = GROUPS_MAX - 1; i >= 0; i--) {
		if (groups[i] == 0) {
			gap = 1;
			continue;
		}
		if (started && (gap || groups[i] < GROUP / 10)) {
			append(out, digit_words[0]);
		}
		append_group(out, groups[i]);
		append(out, group_words[i]);
		started = 1;
		gap = 0;
	}
	append(out, "元");
}

void
money_in_words(int64_t fen, char out[MONEY_WORDS_MAX])
{
	uint64_t u = magnitude(fen);
	int jiao = (int)(u / 10 % 10), rest = (int)(u % 10);

	out[0] = '\0';
	append(out, "人民币");
	if (u == 0) {
		append(out, "零元整");
		return;
	}
	append(out, fen < 0 ? "负" : "");
	if (u >= FEN) {
		append_yuan(out, u / FEN);
	}
	if (jiao != 0) {
		append(out, digit_words[jiao]);
		append(out, "角");
	} else if (rest != 0 && u >= FEN) {
		append(out, digit_words[0]);
	}
	if (rest != 0) {
		append(out, digit_words[rest]);
	}
	append(out, rest != 0 ? "分" : "整");
}
