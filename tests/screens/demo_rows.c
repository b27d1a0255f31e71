/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of made-up levies, made as they are asked for. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#include "tui_demo.h"

static const char *const agencies[] = { "贵阳市社会保险事业局", "云岩区社会保险事业局",
	"贵州省社会保险事业局", "贵阳市医疗保障局" };
static const char *const items[] = { "企业职工基本养老保险费", "失业保险费",
	"职工基本医疗保险费", "工伤保险费", "生育保险费" };
static const char *const states[] = { "初始", "申报中", "申报成功", "核销" };

enum column {
	COLUMN_SEQUENCE,
	COLUMN_UNIT,
	COLUMN_ITEM,
	COLUMN_PERIOD,
	COLUMN_HEADCOUNT,
	COLUMN_AMOUNT,
	COLUMN_STATE,
	COLUMN_AGENCY,
	COLUMN_BASE,
	COLUMN_COUNT
};

const struct tui_column demo_rows_columns[] = {
	[COLUMN_SEQUENCE] = { N_("序号"), 7, 8, 0, TUI_COLUMN_RIGHT | TUI_COLUMN_FROZEN },
	[COLUMN_UNIT] = { N_("单位编号"), 8, 10, 0, 0 },
	[COLUMN_ITEM] = { N_("征收项目"), 16, 22, 0, 0 },
	[COLUMN_PERIOD] = { N_("费款所属期"), 10, 10, 0, 0 },
	[COLUMN_HEADCOUNT] = { N_("缴费人数"), 8, 8, 0, TUI_COLUMN_RIGHT },
	[COLUMN_AMOUNT] = { N_("应缴费额"), 14, 16, 0, TUI_COLUMN_RIGHT },
	[COLUMN_STATE] = { N_("数据处理状态"), 12, 12, 0, 0 },
	[COLUMN_AGENCY] = { N_("社保经办机构"), 20, 24, 0, 0 },
	[COLUMN_BASE] = { N_("缴费基数"), 14, 16, 110, TUI_COLUMN_RIGHT },
};

const size_t demo_rows_column_count = ARRAY_LEN(demo_rows_columns);

static int64_t
amount_of(int id)
{
	return ((int64_t)id * 739 + 4990) % 89642225 + 15027;
}

static void
put_money(char *out, size_t size, int64_t fen)
{
	char digits[32];
	size_t n, i, len = 0;

	snprintf(digits, sizeof(digits), "%" PRId64, fen / 100);
	n = strlen(digits);
	for (i = 0; i < n && len + 2 < size; i++) {
		if (i > 0 && (n - i) % 3 == 0) {
			out[len++] = ',';
		}
		out[len++] = digits[i];
	}
	snprintf(out + len, size - len, ".%02d", (int)(fen % 100));
}

static int64_t
rows_count(void *user)
{
	return ((const struct rows *)user)->count;
}

static void
rows_fetch(void *user, int64_t first, int n)
{
	(void)user;
	(void)first;
	(void)n;
}

static struct text
rows_cell(void *user, int64_t row, int column)
{
	struct rows *r = user;
	int id = r->order[row];

	switch ((enum column)column) {
	case COLUMN_SEQUENCE:
		snprintf(r->cell, sizeof(r->cell), "%d", id + 1);
		break;
	case COLUMN_UNIT:
		snprintf(r->cell, sizeof(r->cell), "%08d", 48857 + id % 7);
		break;
	case COLUMN_ITEM:
		snprintf(r->cell, sizeof(r->cell), "%s", items[id % 5]);
		break;
	case COLUMN_PERIOD:
		snprintf(r->cell, sizeof(r->cell), "2020-%02d", id % 12 + 1);
		break;
	case COLUMN_HEADCOUNT:
		snprintf(r->cell, sizeof(r->cell), "%d", id % 2 != 0 ? 277 : 701);
		break;
	case COLUMN_AMOUNT:
		put_money(r->cell, sizeof(r->cell), amount_of(id));
		break;
	case COLUMN_STATE:
		snprintf(
		    r->cell, sizeof(r->cell), "%s", states[id % 11 == 3 ? 3 : id % 3]);
		break;
	case COLUMN_AGENCY:
		snprintf(r->cell, sizeof(r->cell), "%s", agencies[id % 4]);
		break;
	case COLUMN_BASE:
		put_money(r->cell, sizeof(r->cell), amount_of(id) * 6);
		break;
	case COLUMN_COUNT:
	default:
		r->cell[0] = '\0';
		break;
	}
	return text_cleaned(r->cell);
}

static enum tui_style
rows_style(void *user, int64_t row, int column)
{
	const struct rows *r = user;
	int id = r->order[row];

	if (column != COLUMN_STATE) {
		return TUI_STYLE_NORMAL;
	}
	return id % 11 == 3 ? TUI_STYLE_DIM
	    : id % 3 == 2   ? TUI_STYLE_GOOD
	    : id % 3 == 1   ? TUI_STYLE_WARNING
			    : TUI_STYLE_NORMAL;
}

static int64_t
rows_key(void *user, int64_t row)
{
	return ((const struct rows *)user)->order[row];
}

static int64_t
rows_row_of(void *user, int64_t key)
{
	const struct rows *r = user;
	int64_t i;

	for (i = 0; i < r->count; i++) {
		if (r->order[i] == key) {
			return i;
		}
	}
	return -1;
}

static int
rows_is_marked(void *user, int64_t row)
{
	const struct rows *r = user;

	return r->marks[r->order[row]];
}

static void
set_mark(struct rows *r, int id, int on)
{
	if (r->marks[id] != on) {
		r->marks[id] = (unsigned char)on;
		r->marked += on ? 1 : -1;
		r->marked_fen += on ? amount_of(id) : -amount_of(id);
	}
}

static void
rows_mark(void *user, int64_t first, int64_t last, int on)
{
	struct rows *r = user;
	int64_t i;

	for (i = first; i <= last; i++) {
		set_mark(r, r->order[i], on);
	}
}

static void
rows_mark_all(void *user, enum tui_mark what)
{
	struct rows *r = user;
	int64_t i;

	for (i = 0; i < r->count; i++) {
		int id = r->order[i];

		set_mark(r, id,
		    what == TUI_MARK_ALL ||
			(what == TUI_MARK_INVERT && r->marks[id] == 0));
	}
}

static int sort_by;
static int sort_down;

static int
compare(const void *a, const void *b)
{
	int x = *(const int *)a;
	int y = *(const int *)b;
	int64_t p = sort_by == COLUMN_AMOUNT ? amount_of(x)
					     : x % (sort_by == COLUMN_ITEM ? 5 : 12);
	int64_t q = sort_by == COLUMN_AMOUNT ? amount_of(y)
					     : y % (sort_by == COLUMN_ITEM ? 5 : 12);
	int order = p < q ? -1 : p > q ? 1 : x < y ? -1 : 1;

	if (sort_by == COLUMN_SEQUENCE) {
		order = x < y ? -1 : 1;
	}
	return sort_down ? -order : order;
}

static void
rows_sort(void *user, int column, int descending)
{
	struct rows *r = user;

	sort_by = column;
	sort_down = descending;
	qsort(r->order, (size_t)r->count, sizeof(*r->order), compare);
}

static int64_t
rows_find(void *user, const char *typed, int64_t from, int step)
{
	struct rows *r = user;
	int64_t i;
	int column;

	for (i = 0; i < r->count; i++) {
		int64_t row = ((from + step * i) % r->count + r->count) % r->count;

		for (column = 0; column < COLUMN_COUNT; column++) {
			if (strstr(rows_cell(r, row, column).s, typed) != NULL) {
				return row;
			}
		}
	}
	return -1;
}

static struct text
rows_summary(void *user)
{
	struct rows *r = user;
	char money[40];

	put_money(money, sizeof(money), r->marked_fen);
	snprintf(r->summary, sizeof(r->summary), "已选 %" PRId64 " 笔 合计 %s 元",
	    r->marked, money);
	return text_cleaned(r->summary);
}

static const char *
rows_empty(void *user)
{
	(void)user;
	return "没有待申报的应征费款。可能的原因：\n\n"
	       "（1）该征集信息已申报；\n"
	       "（2）人社或医保推送的不是正常缴费数据；\n"
	       "（3）缴费数据无效（征集单撤销、超过有效期都会导致数据无效）。\n\n"
	       "可尝试按 F5 刷新。";
}

const struct tui_table_source demo_rows_source = {
	.count = rows_count,
	.fetch = rows_fetch,
	.cell = rows_cell,
	.style = rows_style,
	.key = rows_key,
	.row_of = rows_row_of,
	.is_marked = rows_is_marked,
	.mark = rows_mark,
	.mark_all = rows_mark_all,
	.sort = rows_sort,
	.find = rows_find,
	.summary = rows_summary,
	.empty = rows_empty,
};
