/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialogs, forms and boxes, one after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/tui_dialog.h"
#include "shebao/tui_form.h"
#include "shebao/tui_list.h"
#include "shebao/tui_pager.h"
#include "shebao/tui_progress.h"

#include "tui_demo.h"

void
demo_flows_show_message(struct demo *d)
{
	tui_dialog_message(d->tui, TUI_DIALOG_NOTE, NULL,
	    "请核对缴费人数，如需做职工减员操作，请先去相关部门办理减员后再进行社保费申报！");
}

void
demo_flows_show_error(struct demo *d)
{
	tui_dialog_message(d->tui, TUI_DIALOG_ERROR, NULL,
	    "申报密码验证失败：[20101]您输入的申报密码有误，请重新输入。");
}

void
demo_flows_ask_confirm(struct demo *d)
{
	int yes = tui_dialog_confirm(d->tui, "提示", "您确定选择【贵州省】进入系统么？");

	tui_notify(d->tui, yes ? TUI_STYLE_GOOD : TUI_STYLE_WARNING,
	    text_literal(yes ? "已进入" : "已取消"));
}

void
demo_flows_ask_danger(struct demo *d)
{
	int yes = tui_dialog_danger(d->tui, "作废", "是否作废本条记录");

	tui_notify(
	    d->tui, TUI_STYLE_WARNING, text_literal(yes ? "作废成功" : "没有作废"));
}

void
demo_flows_ask_money(struct demo *d)
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

void
demo_flows_wait_feedback(struct demo *d)
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

void
demo_flows_run_download(struct demo *d)
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

void
demo_flows_add_unit(struct demo *d)
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

int
demo_flows_ask_password(struct demo *d, const char *title, unsigned flags)
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

void
demo_flows_show_query(struct demo *d)
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

void
demo_flows_choose_region(struct demo *d)
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

void
demo_flows_show_record(struct demo *d)
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
