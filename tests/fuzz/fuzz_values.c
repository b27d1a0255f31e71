/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Foreign text as amounts, rates, periods, dates and taxpayer's numbers: what is taken is written the
 * way it is taken again, and suggestions are valid. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/money.h"
#include "shebao/period.h"
#include "shebao/rate.h"
#include "shebao/taxpayer_id.h"
#include "shebao/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_money(const char *s)
{
	char text[MONEY_TEXT_MAX], words[MONEY_WORDS_MAX];
	struct err err = { 0 };
	int64_t fen, again;

	if (money_parse(s, &fen, &err) != 0) {
		assert(text_is_clean(err.text, strlen(err.text)));
		return;
	}
	assert(fen >= 0 && fen < MONEY_FEN_LIMIT);
	money_format(fen, text);
	assert(money_parse(text, &again, &err) == 0 && again == fen);
	money_format_plain(fen, text);
	assert(money_parse(text, &again, &err) == 0 && again == fen);
	money_in_words(fen, words);
	assert(words[0] != '\0' && text_is_clean(words, strlen(words)));
}

static void
try_rate(const char *s)
{
	char text[RATE_TEXT_MAX];
	struct err err = { 0 };
	int64_t rate, again;

	if (rate_parse(s, &rate, &err) == 0) {
		assert(rate >= 0 && rate <= RATE_ONE);
		rate_format(rate, text);
		assert(rate_parse(text, &again, &err) == 0 && again == rate);
	}
}

static void
try_days(const char *s)
{
	char text[20];
	struct err err = { 0 };

	if (period_check(s, &err) == 0) {
		period_format(period_month(s), text);
		assert(strcmp(s, text) == 0);
	}
	err_clear(&err);
	if (date_check(s, &err) == 0) {
		assert(date_last_ms(s) - date_first_ms(s) == 86399999);
		date_from_ms(date_first_ms(s), text);
		assert(strcmp(s, text) == 0);
		date_add_days(s, 1, text);
		assert(date_days_between(s, text) == (strcmp(s, "9999-12-31") == 0 ? 0 : 1));
	}
}

static void
try_taxpayer_id(char *s)
{
	char better[8][TAXPAYER_ID_MAX + 1];
	struct err err = { 0 };
	size_t count, i;

	taxpayer_id_normalize(s);
	if (taxpayer_id_check(s, &err) == 0) {
		assert(strlen(s) <= TAXPAYER_ID_MAX);
		(void)taxpayer_id_inner_ok(s);
	} else {
		assert(text_is_clean(err.text, strlen(err.text)));
	}
	count = strlen(s) == 18 ? taxpayer_id_suggest(s, better, 8) : 0;
	assert(count <= 8);
	for (i = 0; i < count; i++) {
		err_clear(&err);
		assert(taxpayer_id_check(better[i], &err) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char s[257];

	size = size < sizeof(s) - 1 ? size : sizeof(s) - 1;
	memcpy(s, data, size);
	s[size] = '\0';
	try_money(s);
	try_rate(s);
	try_days(s);
	try_taxpayer_id(s);
	return 0;
}
