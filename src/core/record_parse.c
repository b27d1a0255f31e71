/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets a scalar member from text: a CSV cell, an option, a filter of a query. */
#include "shebao/record.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/buf.h"
#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/period.h"
#include "shebao/rate.h"
#include "shebao/state_table.h"
#include "shebao/text.h"

#define PARSE_MAX 4096 /* bytes of a cell; the longest text member has 2,048 */
#define MS_PER_SECOND 1000

static int
parse_number(const char *s, int64_t *out, struct err *err)
{
	size_t digits = strspn(s, "0123456789");
	long long value;

	errno = 0;
	value = digits > 0 && s[digits] == '\0' ? strtoll(s, NULL, 10) : -1;
	if (value < 0 || errno != 0) {
		return err_set(
		    err, ERR_DATA, _("“%s”不是数字，应为不带小数的数字，如 12"), s);
	}
	*out = value;
	return 0;
}

static int
parse_bool(const char *s, int64_t *out, struct err *err)
{
	// clang-format off
	static const struct {
		const char *word;
		int value;
	} words[] = {
		{ "true", 1 }, { "1", 1 }, { "yes", 1 }, { "y", 1 }, { N_("是"), 1 },
		{ "false", 0 }, { "0", 0 }, { "no", 0 }, { "n", 0 }, { N_("否"), 0 },
	};
	// clang-format on
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].word, s) == 0) {
			*out = words[i].value;
			return 0;
		}
	}
	return err_set(err, ERR_DATA, _("“%s”无法识别，应为 是 或 否"), s);
}

/* All states or choices of a set, for the message: "initial（初始）、declaring（申报中）". */
static void
list_word(struct buf *list, const char *name, const char *label)
{
	buf_printf(
	    list, "%s%s（%s）", list->len == 0 ? "" : "、", name, i18n_text(label));
}

static int
parse_state(const struct state_table *table, const char *s, int64_t *out, struct err *err)
{
	struct buf list = { 0 };
	int state = state_table_find(table, s), i;

	for (i = 0; state < 0 && i < (int)state_table_count(table); i++) {
		if (strcmp(state_table_label(table, i), s) == 0) {
			state = i;
		}
		list_word(&list, state_table_name(table, i), state_table_label(table, i));
	}
	if (state < 0) {
		err_set(err, ERR_DATA, _("“%s”无法识别，应为：%s"), s, buf_text(&list));
	}
	buf_release(&list);
	*out = state;
	return state < 0 ? -1 : 0;
}

static int
parse_choice(const struct choice_set *set, const char *s, int64_t *out, struct err *err)
{
	struct buf list = { 0 };
	size_t i;
	int index;

	if (choice_find(set, s, &index) != NULL) {
		*out = index;
		return 0;
	}
	for (i = 0; i < set->count; i++) {
		list_word(&list, set->rows[i].name, set->rows[i].label);
	}
	err_set(err, ERR_DATA, _("“%s”无法识别，应为：%s"), s, buf_text(&list));
	buf_release(&list);
	return -1;
}

/* "08:00", "08:00:00", "08:00:00.123" to ms of the day; -1 when it is none of them. */
static int64_t
clock_of(const char *s)
{
	int hour, minute, second = 0, ms = 0, used = 0;

	if (strspn(s, "0123456789:.") != strlen(s) ||
	    sscanf(s, "%2d:%2d%n", &hour, &minute, &used) != 2) {
		return -1;
	}
	s += used;
	if (*s == ':' && sscanf(s, ":%2d%n", &second, &used) == 1) {
		s += used;
		if (*s == '.' && strlen(s) == 4 && sscanf(s, ".%3d%n", &ms, &used) == 1) {
			s += used;
		}
	}
	if (*s != '\0' || hour > 23 || minute > 59 || second > 59) {
		return -1;
	}
	return ((hour * 60 + minute) * 60 + second) * (int64_t)MS_PER_SECOND + ms;
}

/* A day, or a day and a time of it, in China. */
static int
parse_time(const char *s, int64_t *out, struct err *err)
{
	char day[DATE_SIZE];
	int64_t clock = 0;

	mem_copy_text(day, sizeof(day), s);
	if (strlen(s) >= DATE_SIZE) {
		clock = s[DATE_SIZE - 1] == ' ' || s[DATE_SIZE - 1] == 'T'
		    ? clock_of(s + DATE_SIZE)
		    : -1;
	}
	if (clock < 0 || date_check(day, NULL) < 0) {
		return err_set(err, ERR_DATA,
		    _("“%s”不是有效的时间，应为 2026-01-31 或 2026-01-31 08:00:00"), s);
	}
	*out = date_first_ms(day) + clock;
	return 0;
}

/* Whether the cell is an identity: two of them could become the same one if what is not clean
 * were replaced, so it is refused where other text is shown with U+FFFD. */
static int
is_identity(const struct field *f)
{
	return f->type == FIELD_TEXT && (f->flags & FIELD_KEY) != 0;
}

/* Codes, amounts and dates that were typed with an input method on are taken as meant. */
static int
parse_value(const struct field *f, void *record, char *s, struct err *err)
{
	int64_t value = 0;
	int status = 0;

	text_fold_width(s);
	text_trim(s);
	switch (f->type) {
	case FIELD_DATE:
		return date_check(s, err) < 0 ? -1 : record_set_text(f, record, s, err);
	case FIELD_PERIOD:
		return period_check(s, err) < 0 ? -1 : record_set_text(f, record, s, err);
	case FIELD_NUMBER:
		status = parse_number(s, &value, err);
		break;
	case FIELD_FEN:
		status = money_parse(s, &value, err);
		break;
	case FIELD_RATE:
		status = rate_parse(s, &value, err);
		break;
	case FIELD_TIME:
		status = parse_time(s, &value, err);
		break;
	case FIELD_BOOL:
		status = parse_bool(s, &value, err);
		break;
	case FIELD_STATE:
		status = parse_state(f->states, s, &value, err);
		break;
	case FIELD_CHOICE:
		status = parse_choice(f->choices, s, &value, err);
		break;
	case FIELD_TEXT:
	case FIELD_TEXTS:
	case FIELD_RECORDS:
	case FIELD_BYTES:
	case FIELD_TYPE_COUNT:
		assert(0 && "a scalar member with a notation of its own");
	}
	if (status == 0) {
		record_set_number(f, record, value);
	}
	return status;
}

static void
set_empty(const struct field *f, void *record)
{
	if (f->type == FIELD_TEXT || f->type == FIELD_DATE || f->type == FIELD_PERIOD) {
		*((char *)record + f->offset) = '\0';
	} else {
		record_set_number(f, record, 0);
	}
}

int
record_parse(const struct field *f, void *record, const char *s, struct err *err)
{
	char cell[PARSE_MAX];
	int cleaned = text_clean_copy(cell, sizeof(cell), s, strlen(s));

	if (cleaned == 2) {
		return err_set(err, ERR_DATA, _("内容过长：最多%zu字节，实际%zu字节"),
		    f->type == FIELD_TEXT ? f->size - 1 : sizeof(cell) - 1, strlen(s));
	}
	if (cleaned != 0 && is_identity(f)) {
		return err_set(err, ERR_DATA, _("含有不可见字符或无效编码"));
	}
	if (is_identity(f)) {
		text_fold_width(cell);
	}
	text_trim(cell);
	if (cell[0] == '\0' && (f->flags & FIELD_REQUIRED)) {
		return err_set(err, ERR_DATA, _("不能为空"));
	}
	if (cell[0] == '\0') {
		set_empty(f, record);
		return 0;
	}
	if (f->type == FIELD_TEXT) {
		return record_set_text(f, record, cell, err);
	}
	return parse_value(f, record, cell, err);
}
