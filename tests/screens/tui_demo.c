/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every widget of the toolkit with made-up rows, for the pictures in this folder.
 *
 *	tui_demo [--ascii] [--no-color] [--gutter] [--lock MS] [--start CODE]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/tui.h"
#include "shebao/tui_dialog.h"
#include "shebao/tui_form.h"
#include "shebao/tui_list.h"
#include "shebao/tui_menu.h"
#include "shebao/tui_pager.h"
#include "shebao/tui_progress.h"
#include "shebao/tui_screen.h"
#include "shebao/tui_table.h"

struct demo {
	struct loop *loop;
	struct tui *tui;
	int is_offline;
	int hangups;
};

/* ---- rows of made-up levies */

struct rows {
	struct demo *demo;
	int64_t count;
	int *order;
	unsigned char *marks;
	int64_t marked;
	int64_t marked_fen;
	struct tui_table *table;
	char cell[160];
	char summary[160];
};

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

static const struct tui_column columns[] = {
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

static const struct tui_table_source source = {
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

/* ---- the flows */

static void
show_message(struct demo *d)
{
	tui_dialog_message(d->tui, TUI_DIALOG_NOTE, NULL,
	    "请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报！");
}

static void
show_error(struct demo *d)
{
	tui_dialog_message(d->tui, TUI_DIALOG_ERROR, NULL,
	    "申报密码验证失败：[20101]您输入的申报密码有误，请重新输入。");
}

static void
ask_confirm(struct demo *d)
{
	int yes = tui_dialog_confirm(d->tui, "提示", "您确定选择【贵州省】进入系统么？");

	tui_notify(d->tui, yes ? TUI_STYLE_GOOD : TUI_STYLE_WARNING,
	    text_literal(yes ? "已进入" : "已取消"));
}

static void
ask_danger(struct demo *d)
{
	int yes = tui_dialog_danger(d->tui, "作废", "是否作废本条记录");

	tui_notify(
	    d->tui, TUI_STYLE_WARNING, text_literal(yes ? "作废成功" : "没有作废"));
}

static void
ask_money(struct demo *d)
{
	const struct tui_dialog_line lines[] = {
		{ "缴费单位", { "贵阳市云岩区示例科技有限公司" }, 0 },
		{ "三方协议", { "工商银行贵阳分行  尾号 7890" }, 0 },
		{ "缴费金额", { "84,079.24 元" }, 1 },
		{ "大写", { "捌万肆仟零柒拾玖元贰角肆分" }, 1 },
	};
	const struct tui_dialog_line sums[] = {
		{ "企业职工基本养老保险费", { "42,391.75" }, 0 },
		{ "职工基本医疗保险费", { "33,385.86" }, 0 },
		{ "失业保险费", { "5,632.20" }, 0 },
		{ "工伤保险费", { "2,669.43" }, 0 },
	};
	const char *const buttons[] = { "确认缴费", "取消" };
	const struct tui_dialog dialog = {
		.title = "确认缴款",
		.text = "扣款前请确认扣费险种、金额是否正确",
		.kind = TUI_DIALOG_WARNING,
		.lines = lines,
		.line_count = ARRAY_LEN(lines),
		.scroll = sums,
		.scroll_count = ARRAY_LEN(sums),
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
		.initial = 1,
		.expect = "84079",
		.expect_prompt = "请输入金额的元位数 84079：",
		.view_flags = TUI_VIEW_DEAF,
	};
	int got = tui_dialog_run(d->tui, &dialog);

	tui_notify(d->tui, got == 0 ? TUI_STYLE_GOOD : TUI_STYLE_WARNING,
	    text_literal(got == 0 ? "三方协议缴费成功" : "没有缴费"));
}

static void
wait_feedback(struct demo *d)
{
	const char *const buttons[] = { "立即获取", "关闭" };
	const struct tui_countdown countdown = {
		.title = "反馈提示",
		.text = "提交成功。系统可在20秒内自动获取申报结果，也可以立即获取。",
		.seconds = 20,
		.buttons = buttons,
		.button_count = ARRAY_LEN(buttons),
	};
	int got = tui_dialog_countdown(d->tui, &countdown);

	tui_notify(d->tui, TUI_STYLE_NORMAL,
	    text_literal(got == 0 ? "立即获取"
		    : got == 1    ? "后台继续"
				  : "时间到"));
}

struct download {
	struct demo *demo;
	struct tui_progress *progress;
	int64_t done;
	int timer;
};

static void
on_slice(void *user)
{
	struct download *w = user;

	w->done += 2500;
	tui_progress_set(w->progress, w->done, 100000);
	if (w->done >= 100000) {
		tui_progress_end(w->progress, 1);
		return;
	}
	w->timer = loop_timer(w->demo->loop, 50, on_slice, w);
}

static void
start_download(void *user, struct tui_progress *progress)
{
	struct download *w = user;

	w->progress = progress;
	w->timer = loop_timer(w->demo->loop, 50, on_slice, w);
}

static void
cancel_download(void *user)
{
	struct download *w = user;

	loop_timer_cancel(w->demo->loop, w->timer);
	tui_progress_end(w->progress, 0);
}

static void
run_download(struct demo *d)
{
	struct download w = { .demo = d };
	const struct tui_progress_options options = {
		.title = "预处理信息下载进度",
		.text = "正在查询并下载用人单位全部应征费款信息",
		.unit = "条",
		.start = start_download,
		.cancel = cancel_download,
		.user = &w,
	};
	int got = tui_progress_run(d->tui, &options);

	tui_notify(d->tui, got == 1 ? TUI_STYLE_GOOD : TUI_STYLE_WARNING,
	    text_literal(got == 1 ? "下载完成" : "下载已取消，下次从这里继续"));
}

/* ---- forms */

struct unit_form {
	char id[24], again[24], name[64];
	char password[33];
};

static int
check_unit(void *user, size_t field, struct buf *mend)
{
	const struct unit_form *u = user;

	if (field == 0 && u->id[0] != '\0' && strlen(u->id) != 18) {
		buf_printf(mend, "应为 18 位，现在是 %zu 位", strlen(u->id));
		return -1;
	}
	if (field == 1 && strcmp(u->id, u->again) != 0) {
		buf_puts(mend, "两次输入不一致，请核对");
		return -1;
	}
	return 0;
}

static void
add_unit(struct demo *d)
{
	struct unit_form u = { 0 };
	struct tui_field fields[] = {
		{ .label = "纳税人识别号",
		    .kind = TUI_FIELD_CODE,
		    .flags = TUI_FIELD_REQUIRED,
		    .value = u.id,
		    .size = sizeof(u.id),
		    .hint = "统一社会信用代码，18 位" },
		{ .label = "再次输入",
		    .kind = TUI_FIELD_CODE,
		    .flags = TUI_FIELD_REQUIRED,
		    .value = u.again,
		    .size = sizeof(u.again) },
		{ .label = "备注名称",
		    .kind = TUI_FIELD_TEXT,
		    .value = u.name,
		    .size = sizeof(u.name),
		    .hint = "可以不填" },
	};
	static const char *const buttons[] = { "下一步" };
	const struct tui_form form = {
		.title = "用人单位添加",
		.fields = fields,
		.field_count = ARRAY_LEN(fields),
		.buttons = buttons,
		.button_count = 1,
		.check = check_unit,
		.user = &u,
	};
	int got = tui_form_run(d->tui, &form);
	char said[160];

	snprintf(
	    said, sizeof(said), got == 0 ? "添加：%s %s" : "没有添加%s%s", u.id, u.name);
	tui_notify(d->tui, TUI_STYLE_NORMAL, text_cleaned(said));
}

static int
submit_password(void *user, int button, struct buf *mend)
{
	struct unit_form *u = user;

	(void)button;
	if (strcmp(u->password, "048857") == 0) {
		return 0;
	}
	memset(u->password, 0, sizeof(u->password));
	buf_puts(mend, "申报密码验证失败：[20101]您输入的申报密码有误，请重新输入。");
	return -1;
}

static int
ask_password(struct demo *d, const char *title, unsigned flags)
{
	struct unit_form u = { 0 };
	struct tui_field fields[] = {
		{ .label = "申报密码",
		    .kind = TUI_FIELD_PASSWORD,
		    .flags = TUI_FIELD_REQUIRED,
		    .value = u.password,
		    .size = sizeof(u.password) },
	};
	const struct tui_form form = {
		.title = title,
		.text = "请输入 贵阳市云岩区示例科技有限公司 的申报密码。",
		.fields = fields,
		.field_count = ARRAY_LEN(fields),
		.submit = submit_password,
		.user = &u,
		.view_flags = flags,
	};

	return tui_form_run(d->tui, &form);
}

static void
show_query(struct demo *d)
{
	static const char *names[] = { "00048857", "00048858", "00048859", "00520018",
		NULL };
	static const char *kinds[] = { "企业职工基本养老保险费", "失业保险费",
		"职工基本医疗保险费", "工伤保险费", "生育保险费",
		"城乡居民基本养老保险费", "城乡居民基本医疗保险费",
		"机关事业单位基本养老保险费", "职业年金", "公务员医疗补助",
		"大额医疗费用补助", NULL };
	static const char *state_names[] = { "初始", "申报中", "申报成功", "核销",
		"批扣清册生成", NULL };
	struct tui_choices units = { tui_list_array_count, tui_list_array_label, NULL,
		names };
	struct tui_choices what = { tui_list_array_count, tui_list_array_label, NULL,
		kinds };
	struct tui_choices in_state = { tui_list_array_count, tui_list_array_label, NULL,
		state_names };
	int unit = -1, item = -1, state = -1, only = 0;
	char from[11] = "2020-06", to[11] = "2020-06", amount[20] = "";
	struct tui_field fields[] = {
		{ .label = "费款所属期起",
		    .kind = TUI_FIELD_PERIOD,
		    .flags = TUI_FIELD_REQUIRED,
		    .value = from,
		    .size = sizeof(from) },
		{ .label = "费款所属期止",
		    .kind = TUI_FIELD_PERIOD,
		    .flags = TUI_FIELD_REQUIRED,
		    .value = to,
		    .size = sizeof(to),
		    .hint = "起止不能超过12个月" },
		{ .label = "单位编号",
		    .kind = TUI_FIELD_CHOICE,
		    .chosen = &unit,
		    .choices = &units,
		    .none = "全部" },
		{ .label = "征收项目",
		    .kind = TUI_FIELD_CHOICE,
		    .chosen = &item,
		    .choices = &what,
		    .none = "全部",
		    .hint = "按 F4 选择，或直接输入文字筛选" },
		{ .label = "数据处理状态",
		    .kind = TUI_FIELD_CHOICE,
		    .chosen = &state,
		    .choices = &in_state,
		    .none = "全部" },
		{ .label = "金额不小于",
		    .kind = TUI_FIELD_AMOUNT,
		    .value = amount,
		    .size = sizeof(amount) },
		{ .label = "只看未缴", .kind = TUI_FIELD_CHECK, .chosen = &only },
	};
	static const char *const buttons[] = { "查询", "清除条件" };
	const struct tui_form form = {
		.title = "社保费应缴信息查询",
		.fields = fields,
		.field_count = ARRAY_LEN(fields),
		.buttons = buttons,
		.button_count = 2,
	};
	int got = tui_form_run(d->tui, &form);
	char said[120];

	snprintf(said, sizeof(said), "按钮 %d：%s 至 %s，项目 %d，未缴 %d", got, from, to,
	    item, only);
	tui_notify(d->tui, TUI_STYLE_NORMAL, text_cleaned(said));
}

static void
choose_region(struct demo *d)
{
	static const char *regions[] = { "北京市", "天津市", "河北省", "山西省",
		"内蒙古自治区", "辽宁省", "大连市", "吉林省", "黑龙江省", "上海市",
		"江苏省", "浙江省", "宁波市", "安徽省", "福建省", "厦门市", "江西省",
		"山东省", "青岛市", "河南省", "湖北省", "湖南省", "广东省", "深圳市",
		"广西壮族自治区", "海南省", "重庆市", "四川省", "贵州省", "云南省",
		"西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区",
		"新疆维吾尔自治区", NULL };
	const struct tui_choices choices = { tui_list_array_count, tui_list_array_label,
		NULL, regions };
	int got = tui_list_choose(d->tui, "地区", &choices, 28);

	tui_notify(
	    d->tui, TUI_STYLE_NORMAL, text_literal(got >= 0 ? regions[got] : "没有选"));
}

static void
show_record(struct demo *d)
{
	const struct tui_pager_line lines[] = {
		{ "缴费编号", { "P20200628000017" }, TUI_STYLE_NORMAL },
		{ "状态", { "待确认" }, TUI_STYLE_WARNING },
		{ "金额", { "84,079.24 元" }, TUI_STYLE_STRONG },
		{ "", { "" }, TUI_STYLE_NORMAL },
		{ "09:31:02", { "已发送，等待银行应答" }, TUI_STYLE_NORMAL },
		{ "09:31:32", { "无应答：结果未知，已改为查询，不会重复扣款" },
		    TUI_STYLE_NORMAL },
		{ "09:31:40", { "查询：银行处理中" }, TUI_STYLE_NORMAL },
		{ "说明",
		    { "含有、·①★—“引号”…等宽度不一的字符时，边框仍然对齐。未知结果只能通过查询"
		      "来确认，在确认之前不能再次缴费。" },
		    TUI_STYLE_NORMAL },
	};

	tui_pager_show(d->tui, "缴费经过", lines, ARRAY_LEN(lines));
}

/* ---- screens */

enum action_id {
	ACTION_SUBMIT,
	ACTION_FILTER,
	ACTION_REFRESH,
	ACTION_EXPORT,
	ACTION_VOID
};

static const enum action_id ids[] = { ACTION_SUBMIT, ACTION_FILTER, ACTION_REFRESH,
	ACTION_EXPORT, ACTION_VOID };

static const struct tui_action list_actions[] = {
	{ .key = TUI_KEY_F2,
	    .also = TUI_KEY_CTRL('S'),
	    .label = N_("提交申报"),
	    .help = N_("提交已勾选的应征费款"),
	    .needs = 1,
	    .flags = TUI_ACTION_MAIN,
	    .id = &ids[ACTION_SUBMIT] },
	{ .key = TUI_KEY_F3,
	    .letters = "f",
	    .label = N_("筛选"),
	    .help = N_("按单位编号、社保经办机构、费款所属期筛选"),
	    .id = &ids[ACTION_FILTER] },
	{ .key = TUI_KEY_F5,
	    .also = TUI_KEY_CTRL('R'),
	    .label = N_("刷新"),
	    .help = N_("重新查询并下载应征费款"),
	    .id = &ids[ACTION_REFRESH] },
	{ .key = TUI_KEY_F6,
	    .label = N_("导出"),
	    .help = N_("导出社保费预处理汇总信息"),
	    .id = &ids[ACTION_EXPORT] },
	{ .key = TUI_KEY_F8,
	    .letters = "d",
	    .label = N_("作废"),
	    .help = N_("作废光标所在的记录"),
	    .needs = 2,
	    .id = &ids[ACTION_VOID] },
};

static const char *
refuse_list(void *user, const struct tui_action *row)
{
	const struct rows *r = user;

	if ((row->needs & 1) != 0 && r->marked == 0) {
		return "请先勾选要申报的应征费款（空格勾选，+ 全选）";
	}
	return (row->needs & 2) != 0 && r->demo->is_offline ? "与服务端的连接已断开"
							    : NULL;
}

static enum tui_code
run_list(void *user, const struct tui_action *row)
{
	struct rows *r = user;

	switch (*(const enum action_id *)row->id) {
	case ACTION_SUBMIT:
		show_message(r->demo);
		wait_feedback(r->demo);
		break;
	case ACTION_FILTER:
		show_query(r->demo);
		break;
	case ACTION_REFRESH:
		run_download(r->demo);
		tui_table_reload(r->table);
		break;
	case ACTION_EXPORT:
		tui_notify(r->demo->tui, TUI_STYLE_GOOD, text_literal("已导出"));
		break;
	case ACTION_VOID:
		ask_danger(r->demo);
		break;
	default:
		break;
	}
	return TUI_REDRAW;
}

static struct text
list_heading(void *user)
{
	(void)user;
	return text_literal(
	    "单位编号 全部   社保经办机构 全部   费款所属期 2020-01 至 2020-12");
}

static void
show_list(struct demo *d, const char *title, int count)
{
	struct rows r = { .demo = d, .count = count };
	struct tui_table_options options = {
		.columns = columns,
		.column_count = COLUMN_COUNT,
		.source = &source,
		.user = &r,
		.record = "应征费款明细",
	};
	struct tui_screen screen = {
		.title = title,
		.actions = { list_actions, ARRAY_LEN(list_actions), refuse_list, run_list,
		    &r },
		.heading = list_heading,
		.help =
		    "2.2.1 日常申报\n本模块适用于用人单位正常缴费申报。\n"
		    "勾选应征费款信息，核实征集信息无误后，点击【提交申报】。\n"
		    "注意事项：若系统未带出应征费款信息，可在该模块尝试点击【刷新】。",
		.user = &r,
	};
	int i;

	r.order = mem_resize(NULL, (size_t)count + 1, sizeof(*r.order));
	r.marks = mem_alloc((size_t)count + 1);
	for (i = 0; i < count; i++) {
		r.order[i] = i;
	}
	r.table = tui_table_new(d->tui, &options);
	screen.body = tui_table_view(r.table);
	tui_screen_run(d->tui, &screen);
	tui_table_free(r.table);
	free(r.order);
	free(r.marks);
}

static const struct tui_menu_item menu_items[] = {
	{ 1, "列表", "各种长度的列表" },
	{ 11, "日常申报", "二十四行" },
	{ 12, "一百万行", "按需取行，与十行一样快" },
	{ 13, "空列表", "说明原因" },
	{ 2, "表单", "录入与查询" },
	{ 21, "用人单位添加", "识别号输入两次" },
	{ 22, "社保费应缴信息查询", "七个条件" },
	{ 23, "安全认证", "密码不回显" },
	{ 24, "地区", "从列表中选择，可输入文字筛选" },
	{ 3, "对话", "提示与确认" },
	{ 31, "提示", NULL },
	{ 32, "确认", NULL },
	{ 33, "作废", "默认取消，400 毫秒内不接收按键" },
	{ 34, "确认缴款", "须输入金额" },
	{ 35, "反馈提示", "倒计时" },
	{ 36, "下载进度", NULL },
	{ 37, "错误", NULL },
	{ 4, "阅读", "记录与经过" },
	{ 41, "缴费经过", NULL },
	{ 42, "未开放的功能", "不能进入" },
};

static const char *
refuse_item(void *user, const struct tui_menu_item *item)
{
	(void)user;
	return item->code == 42 ? "须先登录" : NULL;
}

static enum tui_code
choose(void *user, int code)
{
	struct demo *d = user;

	switch (code) {
	case 11:
		show_list(d, "21 日常申报", 24);
		break;
	case 12:
		show_list(d, "52 社保费应缴信息查询", 1000000);
		break;
	case 13:
		show_list(d, "21 日常申报", 0);
		break;
	case 21:
		add_unit(d);
		break;
	case 22:
		show_query(d);
		break;
	case 23:
		ask_password(d, "安全认证", 0);
		break;
	case 24:
		choose_region(d);
		break;
	case 31:
		show_message(d);
		break;
	case 32:
		ask_confirm(d);
		break;
	case 33:
		ask_danger(d);
		break;
	case 34:
		ask_money(d);
		break;
	case 35:
		wait_feedback(d);
		break;
	case 36:
		run_download(d);
		break;
	case 37:
		show_error(d);
		break;
	case 41:
		show_record(d);
		break;
	default:
		break;
	}
	return TUI_REDRAW;
}

/* ---- actions of all screens */

static const struct tui_action common_rows[] = {
	{ .key = TUI_KEY_F10,
	    .letters = "g",
	    .label = N_("菜单"),
	    .help = N_("打开菜单，按数字直接进入") },
};

static enum tui_code
run_common(void *user, const struct tui_action *row)
{
	struct demo *d = user;
	const struct tui_menu_options options = {
		.title = "菜单",
		.items = menu_items,
		.count = ARRAY_LEN(menu_items),
		.refuse = refuse_item,
	};
	int code = tui_menu_run(d->tui, &options);

	(void)row;
	if (code > 0) {
		choose(d, code);
	}
	return TUI_REDRAW;
}

static void
on_hangup(void *user)
{
	((struct demo *)user)->hangups++;
}

static void
on_lock(void *user)
{
	ask_password(user, "已锁定", TUI_VIEW_COVER);
}

static int
run_demo(struct demo *d, const struct tui_options *options, int start)
{
	struct tui_actions common = { common_rows, ARRAY_LEN(common_rows), NULL,
		run_common, d };
	const struct tui_menu_options menu = {
		.title = "主菜单",
		.items = menu_items,
		.count = ARRAY_LEN(menu_items),
		.refuse = refuse_item,
		.user = d,
	};
	struct tui_screen home = { .title = "主菜单" };
	struct tui_menu *body;
	struct err err = { 0 };

	if (tui_new(options, &d->tui, &err) != 0) {
		fprintf(stderr, "%s\n", err.text);
		return 5;
	}
	tui_set_title(d->tui, text_literal("社保费管理客户端 贵州省"),
	    text_literal("贵阳市云岩区示例科技有限公司 91520100770598600Y"));
	tui_set_status(d->tui, text_literal("已连接  上次下载 09:30"));
	tui_set_actions(d->tui, &common);
	body = tui_menu_new(d->tui, &menu, choose);
	home.body = tui_menu_view(body);
	if (start > 0) {
		choose(d, start);
	}
	tui_screen_run(d->tui, &home);
	tui_menu_free(body);
	tui_free(d->tui);
	return d->hangups > 0 ? 1 : 0;
}

int
main(int argc, char **argv)
{
	struct demo d = { 0 };
	struct tui_options options = {
		.on_hangup = on_hangup, .on_lock = on_lock, .user = &d
	};
	int start = 0;
	int i, status;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--ascii") == 0) {
			options.ascii = 1;
		} else if (strcmp(argv[i], "--no-color") == 0) {
			options.color = TUI_COLOR_NEVER;
		} else if (strcmp(argv[i], "--gutter") == 0) {
			options.marker = TUI_MARKER_GUTTER;
		} else if (strcmp(argv[i], "--lock") == 0 && i + 1 < argc) {
			options.lock_ms = atoi(argv[++i]);
		} else if (strcmp(argv[i], "--start") == 0 && i + 1 < argc) {
			start = atoi(argv[++i]);
		} else {
			fprintf(stderr, "tui_demo: what is %s?\n", argv[i]);
			return 2;
		}
	}
	i18n_init("zh");
	d.loop = loop_new();
	options.loop = d.loop;
	status = run_demo(&d, &options, start);
	loop_free(d.loop);
	return status;
}
