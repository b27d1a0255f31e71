/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands where on the three documents. */
#include "shebao/view_form.h"

#include <stdio.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/mem.h"
#include "shebao/money.h"

/* Documents are in Chinese whatever the language of the session. */
#define T(text) text

static void
china_date(int64_t at, int in_words, char *out, size_t size)
{
	char date[DATE_SIZE];

	date_from_ms(at, date);
	if (in_words) {
		snprintf(out, size, T("%.4s年%.2s月%.2s日"), date, date + 5, date + 8);
	} else {
		snprintf(out, size, "%s", date);
	}
}

static int
last_day(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[(month + 11) % 12] + (month == 2 && is_leap);
}

static void
put(char *out, size_t size, const char *text)
{
	mem_copy_text(out, size, text);
}

static void
put_money(int64_t fen, char *out, size_t size)
{
	char text[MONEY_TEXT_MAX];

	money_format(fen, text);
	put(out, size, text);
}

// clang-format off
#define CELL(name) static void name(const struct view_document *d, size_t line, char *out, size_t size)
CELL(cell_number)   { (void)d; snprintf(out, size, "%zu", line + 1); }
CELL(cell_unit_no)  { put(out, size, d->lines[line].unit_no); }
CELL(cell_ticket)   { put(out, size, d->lines[line].tax_ticket_no); }
CELL(cell_item)     { put(out, size, d->lines[line].item_name); }
CELL(cell_category) { put(out, size, d->lines[line].category_name); }
CELL(cell_from)     { put(out, size, d->lines[line].period_from); }
CELL(cell_to)       { put(out, size, d->lines[line].period_to); }
CELL(cell_settled)  { put(out, size, d->lines[line].settled_on); }
CELL(cell_base)     { put_money(d->lines[line].base_amount, out, size); }
CELL(cell_amount) { put_money(d->lines[line].amount, out, size); }
// clang-format on

static void
cell_headcount(const struct view_document *d, size_t line, char *out, size_t size)
{
	snprintf(out, size, "%lld", (long long)d->lines[line].headcount);
}

static void
cell_paid(const struct view_document *d, size_t line, char *out, size_t size)
{
	out[0] = '\0';
	if (d->paid_at[line] != 0) {
		china_date(d->paid_at[line], 0, out, size);
	}
}

static void
cell_period(const struct view_document *d, size_t line, char *out, size_t size)
{
	const struct levy *levy = &d->lines[line];

	if (strcmp(levy->period_from, levy->period_to) == 0 || levy->period_to[0] == '\0') {
		put(out, size, levy->period_from);
	} else {
		snprintf(out, size, T("%s至%s"), levy->period_from, levy->period_to);
	}
}

/* 2025-11-01至2025-11-30 */
static void
cell_days(const struct view_document *d, size_t line, char *out, size_t size)
{
	const struct levy *levy = &d->lines[line];
	const char *to = levy->period_to[0] == '\0' ? levy->period_from : levy->period_to;
	int year = 0;
	int month = 1;

	if (sscanf(to, "%4d-%2d", &year, &month) != 2 || month < 1 || month > 12) {
		put(out, size, levy->period_from);
		return;
	}
	snprintf(out, size, T("%s-01至%s-%02d"), levy->period_from, to, last_day(year, month));
}

// clang-format off
static const struct view_form_column
    column_number   = { T("序号"), 28, VIEW_FORM_CENTER, cell_number },
    column_unit_no  = { T("单位编号"), 60, VIEW_FORM_CENTER, cell_unit_no },
    column_item     = { T("征收项目"), 120, VIEW_FORM_LEFT, cell_item },
    column_category = { T("征收品目"), 170, VIEW_FORM_LEFT, cell_category },
    column_period   = { T("费款所属期"), 61, VIEW_FORM_CENTER, cell_period },
    column_payable  = { T("应缴费额（元）"), 84, VIEW_FORM_RIGHT, cell_amount },
    column_ticket   = { T("原凭证号"), 96, VIEW_FORM_CENTER, cell_ticket },
    column_tax      = { T("税种"), 102, VIEW_FORM_LEFT, cell_item },
    column_tax_category = { T("品目名称"), 116, VIEW_FORM_LEFT, cell_category },
    column_days     = { T("税款所属时期"), 66, VIEW_FORM_CENTER, cell_days },
    column_settled  = { T("入（退）库日期"), 66, VIEW_FORM_CENTER, cell_settled },
    column_paid_amount = { T("实缴（退）金额"), 77, VIEW_FORM_RIGHT, cell_amount },
    column_proof_item = { T("征收项目"), 72, VIEW_FORM_LEFT, cell_item },
    column_proof_category = { T("征收品目"), 82, VIEW_FORM_LEFT, cell_category },
    column_from     = { T("费款所属期起"), 43, VIEW_FORM_CENTER, cell_from },
    column_to       = { T("费款所属期止"), 43, VIEW_FORM_CENTER, cell_to },
    column_heads    = { T("缴费人数"), 40, VIEW_FORM_RIGHT, cell_headcount },
    column_base     = { T("缴费基数"), 67, VIEW_FORM_RIGHT, cell_base },
    column_proof_amount = { T("实缴金额（元）"), 67, VIEW_FORM_RIGHT, cell_amount },
    column_paid     = { T("缴款日期"), 55, VIEW_FORM_CENTER, cell_paid },
    column_proof_settled = { T("入库日期"), 54, VIEW_FORM_CENTER, cell_settled };
// clang-format on

static struct view_form_pair *
add_pair(struct view_form *form, const char *label, const char *value)
{
	struct view_form_pair *pair = &form->pairs[form->pair_count++];

	pair->label = label;
	put(pair->value, sizeof(pair->value), value);
	return pair;
}

static void
add_box(struct view_form *form, const char *label, const char *value)
{
	struct view_form_pair *box = &form->boxes[form->box_count++];

	box->label = label;
	put(box->value, sizeof(box->value), value);
}

static void
add_note(struct view_form *form, const char *text)
{
	put(form->notes[form->note_count++], VIEW_FORM_VALUE, text);
}

static void
add_column(struct view_form *form, const struct view_form_column *column)
{
	form->columns[form->column_count++] = column;
}

/* The different values of a member over all lines: up to three, then how many. */
static void
list_distinct(const struct view_document *d, size_t offset, const char *measure, char *out, size_t size)
{
	const char *found[16];
	size_t n = 0;
	size_t i;
	size_t k;

	for (i = 0; i < d->count && n < ARRAY_LEN(found); i++) {
		const char *value = (const char *)&d->lines[i] + offset;

		for (k = 0; k < n && strcmp(found[k], value) != 0; k++) {
		}
		if (k == n && value[0] != '\0') {
			found[n++] = value;
		}
	}
	out[0] = '\0';
	if (n > 3) {
		snprintf(out, size, n < ARRAY_LEN(found) ? T("%s 等 %zu %s") : T("%s 等 %zu %s以上"),
		    found[0], n, measure);
		return;
	}
	for (k = 0; k < n; k++) {
		size_t len = strlen(out);

		snprintf(out + len, size - len, "%s%s", k == 0 ? "" : T("、"), found[k]);
	}
}

static void
fill_voucher(const struct view_document *d, struct view_form *form)
{
	const struct voucher *v = d->voucher;
	char due[64];

	form->number = (struct view_form_pair){ .label = T("银行端查询缴费凭证序号") };
	put(form->number.value, VIEW_FORM_VALUE, v->voucher_no);
	form->date.label = T("填开日期");
	add_pair(form, T("纳税人识别号"), d->employer->taxpayer_id);
	add_pair(form, T("纳税人名称"), d->employer->name);
	add_pair(form, T("税务机关代码"), d->employer->tax_authority_code);
	add_pair(form, T("税务机关名称"), d->employer->tax_authority_name);
	add_pair(form, T("付款人名称"), v->account_name);
	add_pair(form, T("付款人开户银行名称"), v->bank_name);
	add_pair(form, T("付款人账号"), v->account_no)->is_wide = 1;
	add_column(form, &column_number);
	add_column(form, &column_unit_no);
	add_column(form, &column_item);
	add_column(form, &column_category);
	add_column(form, &column_period);
	add_column(form, &column_payable);
	form->rows_min = 16;
	form->is_figures_first = 1;
	add_box(form, T("付款人（章）\n\n经办人（章）"), "");
	add_box(form, T("银行记账员（章）"), "");
	put(due, sizeof(due), v->due_date);
	add_box(form, T("限缴日期"), due);
	add_note(form, T("本凭证加盖付款人签章后，持到银行柜面查询缴费；超过限缴日期的凭证失效，需重新开具。"));
	add_note(form, T("凭证有效期间，所列费款不能再以三方协议方式缴纳；需改变缴费方式的，请先作废本凭证。"));
	add_note(form, T("本凭证仅用于银行端查询缴费，不作为已缴费的证明。"));
}

static void
fill_tax_paid(const struct view_document *d, struct view_form *form)
{
	char remark[VIEW_FORM_VALUE];
	char units[VIEW_FORM_VALUE / 2];

	form->overline = T("中华人民共和国");
	form->subtitle = T("（社会保险费）");
	form->number = (struct view_form_pair){ .label = T("No.") };
	put(form->number.value, VIEW_FORM_VALUE, d->certificate->certificate_no);
	form->date.label = T("填发日期");
	form->authority.label = T("税务机关");
	put(form->authority.value, VIEW_FORM_VALUE, d->employer->tax_authority_name);
	add_pair(form, T("纳税人识别号"), d->employer->taxpayer_id);
	add_pair(form, T("纳税人名称"), d->employer->name);
	add_column(form, &column_ticket);
	add_column(form, &column_tax);
	add_column(form, &column_tax_category);
	add_column(form, &column_days);
	add_column(form, &column_settled);
	add_column(form, &column_paid_amount);
	form->rows_min = 6;
	list_distinct(d, offsetof(struct levy, unit_no), T("个"), units, sizeof(units));
	snprintf(remark, sizeof(remark), T("社会保险费，共 %zu 笔。单位编号：%s"), d->count, units);
	add_box(form, T("税务机关（盖章）"), "");
	add_box(form, T("填票人"), T("电子税务"));
	add_box(form, T("备注"), remark);
	add_note(form, T("妥善保管，手写无效。"));
}

static void
fill_proof(const struct view_document *d, struct view_form *form)
{
	const struct certificate *c = d->certificate;
	char text[VIEW_FORM_VALUE];

	form->number = (struct view_form_pair){ .label = T("证明编号") };
	put(form->number.value, VIEW_FORM_VALUE, c->certificate_no);
	form->date.label = T("开具日期");
	add_pair(form, T("单位名称"), d->employer->name)->is_wide = 1;
	add_pair(form, T("统一社会信用代码"), d->employer->taxpayer_id);
	list_distinct(d, offsetof(struct levy, unit_no), T("个"), text, sizeof(text));
	add_pair(form, T("单位编号"), text);
	snprintf(text, sizeof(text), strcmp(c->period_from, c->period_to) == 0 ? "%s" : T("%s 至 %s"),
	    c->period_from, c->period_to);
	add_pair(form, T("费款所属期"), text);
	list_distinct(d, offsetof(struct levy, agency_name), T("家"), text, sizeof(text));
	add_pair(form, T("社保经办机构"), text);
	add_column(form, &column_proof_item);
	add_column(form, &column_proof_category);
	add_column(form, &column_from);
	add_column(form, &column_to);
	add_column(form, &column_heads);
	add_column(form, &column_base);
	add_column(form, &column_proof_amount);
	if (d->paid_at != NULL) {
		add_column(form, &column_paid);
	}
	add_column(form, &column_proof_settled);
	form->rows_min = 8;
	add_note(form, T("兹证明上列社会保险费已由该单位缴纳，并已缴入国库。"));
	add_note(form, T("本证明仅反映已入库费款，不含尚未入库的缴费，也不含职工个人权益记录。"));
}

static void
group_code(const char *code, char *out, size_t size)
{
	size_t n = 0;
	size_t i;

	for (i = 0; code[i] != '\0' && n + 3 < size; i++) {
		if (i > 0 && i % 4 == 0) {
			out[n++] = ' ';
		}
		out[n++] = code[i];
	}
	out[n] = '\0';
}

static void
fill_mark(const struct view_document *d, struct view_form *form)
{
	char at[32] = "";

	if (d->reprint <= 0) {
		return;
	}
	if (d->printed_at != 0) {
		china_date(d->printed_at, 0, at, sizeof(at));
	}
	snprintf(form->mark, sizeof(form->mark), T("补打 第 %lld 次%s%s"), (long long)d->reprint,
	    at[0] == '\0' ? "" : "  ", at);
}

void
view_form_fill(const struct view_document *d, struct view_form *form)
{
	static void (*const fills[])(const struct view_document *, struct view_form *) = {
		[VIEW_DOCUMENT_VOUCHER] = fill_voucher,
		[VIEW_DOCUMENT_TAX_PAID] = fill_tax_paid,
		[VIEW_DOCUMENT_PAYMENT_PROOF] = fill_proof,
	};
	_Static_assert(ARRAY_LEN(fills) == VIEW_DOCUMENT_KIND_COUNT, "a function for every kind");
	int is_voucher = d->kind == VIEW_DOCUMENT_VOUCHER;
	const char *code = is_voucher ? d->voucher->verify_code : d->certificate->verify_code;
	int64_t amount = is_voucher ? d->voucher->amount : d->certificate->amount;
	char text[MONEY_TEXT_MAX];

	*form = (struct view_form){ .overline = "", .title = view_document_title(d->kind),
		.subtitle = "", .authority.label = "" };
	fills[d->kind](d, form);
	fill_mark(d, form);
	china_date(is_voucher ? d->voucher->issued_at : d->certificate->issued_at,
	    1, form->issued_on, sizeof(form->issued_on));
	put(form->date.value, VIEW_FORM_VALUE, form->issued_on);
	form->words.label = T("金额合计（大写）");
	form->figures.label = T("金额合计（小写）");
	money_in_words(amount, form->words.value);
	money_format(amount, text);
	snprintf(form->figures.value, VIEW_FORM_VALUE, T("￥%s"), text);
	group_code(code, form->verify_code, sizeof(form->verify_code));
	if (d->verify_url != NULL && d->verify_url[0] != '\0') {
		snprintf(form->verify_url, VIEW_FORM_VALUE, "%s%s", d->verify_url, code);
	}
}

void
view_form_carried(const struct view_document *d, size_t end, char *out, size_t size)
{
	char text[MONEY_TEXT_MAX];
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < end && i < d->count; i++) {
		sum += d->lines[i].amount;
	}
	money_format(sum, text);
	snprintf(out, size, T("￥%s"), text);
}

void
view_form_say(const struct view_form_pair *pair, char *out, size_t size)
{
	size_t len = strlen(pair->label);
	int is_dot = len > 0 && pair->label[len - 1] == '.';

	snprintf(out, size, "%s%s%s", pair->label, is_dot ? " " : T("："), pair->value);
}
