/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of every list, and the text of their cells. */
#include "shebao/view.h"

#include <assert.h>
#include <string.h>

#include "shebao/account.h"
#include "shebao/agreement.h"
#include "shebao/certificate.h"
#include "shebao/consultation.h"
#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/levy.h"
#include "shebao/mem.h"
#include "shebao/payment.h"
#include "shebao/text.h"
#include "shebao/unit.h"
#include "shebao/voucher.h"

/* One month as it is, several as first and last. */
static void
span(const char *from, const char *to, char *out, size_t size)
{
	if (to[0] == '\0' || strcmp(from, to) == 0) {
		snprintf(out, size, "%s", from);
	} else {
		snprintf(out, size, _("%s至%s"), from, to);
	}
}

static void
levy_period(const void *record, char *out, size_t size)
{
	const struct levy *levy = record;

	span(levy->period_from, levy->period_to, out, size);
}

static void
declaration_period(const void *record, char *out, size_t size)
{
	const struct declaration *declaration = record;

	span(declaration->period_from, declaration->period_to, out, size);
}

static void
certificate_period(const void *record, char *out, size_t size)
{
	const struct certificate *certificate = record;

	span(certificate->period_from, certificate->period_to, out, size);
}

/* What is called a date is shown as one; it sorts and is exported with its time. */
static void
voucher_issued_on(const void *record, char *out, size_t size)
{
	char date[DATE_SIZE];

	date_from_ms(((const struct voucher *)record)->issued_at, date);
	snprintf(out, size, "%s", date);
}

static void
certificate_issued_on(const void *record, char *out, size_t size)
{
	char date[DATE_SIZE];

	date_from_ms(((const struct certificate *)record)->issued_at, date);
	snprintf(out, size, "%s", date);
}

static void
payment_event_label(const void *record, char *out, size_t size)
{
	static const struct {
		const char *event, *label;
	} labels[] = {
		{ "created", N_("受理") },
		{ "sent", N_("发送") },
		{ "no_answer", N_("无应答") },
		{ "query", N_("查询") },
		{ "answer", N_("银行应答") },
		{ "resent", N_("重新发送") },
		{ "settled", N_("入库") },
		{ "late_success", N_("银行已扣款") },
		{ "reverse_asked", N_("申请冲正") },
		{ "reverse_refused", N_("银行不予冲正") },
		{ "reversed", N_("冲正") },
	};
	const struct payment_event *event = record;
	const char *label = event->event;
	size_t i;

	for (i = 0; i < ARRAY_LEN(labels); i++) {
		if (strcmp(labels[i].event, event->event) == 0) {
			label = _(labels[i].label);
		}
	}
	snprintf(out, size, "%s", label);
}

// clang-format off
#define COLUMN_UNIT_NO   { .name = "unit_no", .width = 10, .min = 8, .flags = VIEW_FROZEN }
#define COLUMN_LEVY_NO   { .name = "levy_no", .width = 20, .from = 240 }
#define COLUMN_AGENCY(f) { .name = "agency_name", .width = 20, .min = 12, .from = f }
#define COLUMN_ITEM(f)   { .name = "item_name", .width = 24, .min = 12, .from = f }
#define COLUMN_CATEGORY  { .name = "category_name", .width = 32, .min = 26 }
#define COLUMN_SUBCATEGORY(f) { .name = "subcategory_name", .width = 20, .min = 8, .from = f }
#define COLUMN_LEVY_PERIOD { .name = "period", .title = N_("费款所属期"), .width = 16, .min = 10, .text = levy_period }
#define COLUMN_HEADCOUNT(f) { .name = "headcount", .width = 8, .from = f, .flags = VIEW_RIGHT }
#define COLUMN_BASE(f)   { .name = "base_amount", .width = 15, .min = 12, .from = f, .flags = VIEW_RIGHT }
#define COLUMN_RATE(f)   { .name = "rate", .width = 7, .from = f, .flags = VIEW_RIGHT }
#define COLUMN_AMOUNT    { .name = "amount", .width = 15, .min = 12, .flags = VIEW_RIGHT | VIEW_TOTAL }

static const struct view_column levies_columns[] = {
	COLUMN_UNIT_NO, COLUMN_AGENCY(120), COLUMN_ITEM(100), COLUMN_CATEGORY, COLUMN_SUBCATEGORY(150),
	COLUMN_LEVY_PERIOD, COLUMN_HEADCOUNT(0), COLUMN_BASE(140), COLUMN_RATE(150), COLUMN_AMOUNT,
	{ .name = "state", .width = 14, .min = 8 },
	COLUMN_LEVY_NO,
};
static const struct view_column levies_due_columns[] = {
	COLUMN_UNIT_NO, COLUMN_AGENCY(120), COLUMN_ITEM(100), COLUMN_CATEGORY, COLUMN_SUBCATEGORY(160),
	COLUMN_LEVY_PERIOD, COLUMN_HEADCOUNT(96), COLUMN_BASE(140), COLUMN_RATE(150), COLUMN_AMOUNT,
	{ .name = "due_date", .width = 10, .from = 172 },
	{ .name = "state", .width = 14, .min = 8 },
	{ .name = "pay_state", .width = 10, .min = 8, .from = 96 },
	COLUMN_LEVY_NO,
};
static const struct view_column levies_payable_columns[] = {
	COLUMN_UNIT_NO, COLUMN_AGENCY(120), COLUMN_ITEM(100), COLUMN_CATEGORY, COLUMN_SUBCATEGORY(150),
	COLUMN_LEVY_PERIOD, COLUMN_HEADCOUNT(96), COLUMN_AMOUNT,
	{ .name = "due_date", .width = 10, .from = 120 },
	{ .name = "pay_state", .width = 10, .min = 8 },
};
static const struct view_column levies_declared_columns[] = {
	{ .name = "period_from", .width = 12, .min = 7 },
	{ .name = "period_to", .width = 12, .min = 7 },
	COLUMN_ITEM(100), COLUMN_CATEGORY, COLUMN_SUBCATEGORY(120), COLUMN_HEADCOUNT(96), COLUMN_AMOUNT,
	{ .name = "pay_state", .width = 10, .min = 8 },
};
static const struct view_column levies_settled_columns[] = {
	COLUMN_UNIT_NO, COLUMN_AGENCY(120), COLUMN_ITEM(100), COLUMN_CATEGORY, COLUMN_LEVY_PERIOD,
	COLUMN_HEADCOUNT(96), COLUMN_AMOUNT,
	{ .name = "tax_ticket_no", .width = 18, .from = 120 },
	{ .name = "settled_on", .width = 10 },
	{ .name = "certificate_no", .width = 18, .from = 140 },
};
static const struct view_column declarations_columns[] = {
	{ .name = "declared_at", .width = 19, .min = 16, .flags = VIEW_FROZEN },
	{ .name = "kind", .width = 12, .from = 96 },
	{ .name = "period", .title = N_("费款所属期"), .width = 16, .min = 10, .text = declaration_period },
	{ .name = "levy_count", .width = 6, .flags = VIEW_RIGHT },
	{ .name = "headcount", .width = 8, .from = 104, .flags = VIEW_RIGHT },
	COLUMN_AMOUNT,
	{ .name = "state", .width = 10, .min = 8 },
	{ .name = "paid_state", .width = 8 },
	{ .name = "reason", .width = 40, .min = 10, .from = 104 },
	{ .name = "declaration_id", .width = 32, .from = 160 },
};
static const struct view_column payments_columns[] = {
	{ .name = "created_at", .width = 19, .min = 16, .flags = VIEW_FROZEN },
	COLUMN_AMOUNT,
	{ .name = "levy_count", .width = 6, .flags = VIEW_RIGHT },
	{ .name = "state", .width = 10, .min = 8 },
	{ .name = "tax_ticket_no", .width = 18 },
	{ .name = "bank_name", .width = 30, .min = 12, .from = 96 },
	{ .name = "account_no", .width = 22, .min = 16, .from = 120 },
	{ .name = "settled_on", .width = 10, .from = 90 },
	{ .name = "reason", .width = 40, .min = 10, .from = 140 },
	{ .name = "payment_no", .width = 32, .from = 170 },
};
static const struct view_column payment_events_columns[] = {
	{ .name = "seq", .width = 4, .flags = VIEW_RIGHT },
	{ .name = "at", .width = 19 },
	{ .name = "event", .width = 12, .text = payment_event_label },
	{ .name = "detail", .width = 60, .min = 20 },
};
static const struct view_column vouchers_columns[] = {
	{ .name = "voucher_no", .width = 18, .flags = VIEW_FROZEN },
	{ .name = "issued_at", .width = 12, .text = voucher_issued_on },
	COLUMN_AMOUNT,
	{ .name = "levy_count", .width = 5, .flags = VIEW_RIGHT },
	{ .name = "due_date", .width = 10 },
	{ .name = "state", .width = 10, .min = 8 },
	{ .name = "bank_name", .width = 30, .min = 12, .from = 104 },
	{ .name = "account_no", .width = 22, .min = 16, .from = 130 },
	{ .name = "print_count", .width = 8, .from = 150, .flags = VIEW_RIGHT },
};
static const struct view_column certificates_columns[] = {
	{ .name = "certificate_no", .width = 18, .flags = VIEW_FROZEN },
	{ .name = "kind", .width = 20, .min = 12 },
	{ .name = "issued_at", .width = 10, .text = certificate_issued_on },
	{ .name = "period", .title = N_("费款所属期"), .width = 16, .min = 7, .text = certificate_period },
	{ .name = "levy_count", .width = 6, .from = 96, .flags = VIEW_RIGHT },
	COLUMN_AMOUNT,
	{ .name = "state", .width = 8, .from = 88 },
	{ .name = "reprints", .width = 8, .from = 104, .flags = VIEW_RIGHT },
};
static const struct view_column units_columns[] = {
	COLUMN_UNIT_NO,
	{ .name = "agency_name", .width = 28, .min = 16 },
	{ .name = "tax_authority_name", .width = 32, .min = 16 },
	{ .name = "insurance_items", .width = 48, .min = 16 },
	{ .name = "insured_count", .width = 8, .flags = VIEW_RIGHT | VIEW_TOTAL },
};
static const struct view_column employers_columns[] = {
	{ .name = "taxpayer_id", .width = 20, .min = 18, .flags = VIEW_FROZEN },
	{ .name = "name", .width = 44, .min = 20 },
	{ .name = "tax_authority_name", .width = 34, .min = 16 },
};
static const struct view_column agreements_columns[] = {
	{ .name = "agreement_no", .width = 24, .min = 12 },
	{ .name = "bank_name", .width = 30, .min = 16 },
	{ .name = "account_no", .width = 22, .min = 16 },
	{ .name = "account_name", .width = 34, .min = 12 },
	{ .name = "status", .width = 8 },
};
static const struct view_column accounts_columns[] = {
	{ .name = "bank_name", .width = 30, .min = 16 },
	{ .name = "account_no", .width = 22, .min = 16 },
	{ .name = "account_name", .width = 34, .min = 16 },
};
static const struct view_column consultations_columns[] = {
	{ .name = "asked_at", .width = 19, .min = 16 },
	{ .name = "question", .width = 40, .min = 20 },
	{ .name = "answer", .width = 40, .min = 20 },
	{ .name = "answered_at", .width = 19, .from = 104 },
	{ .name = "consultation_id", .width = 13, .from = 120 },
	{ .name = "taxpayer_id", .width = 18, .from = 140 },
};
#define LIST(n, t, ty) { .name = #n, .title = t, .type = &ty, .columns = n##_columns, .count = ARRAY_LEN(n##_columns) }
const struct view
    view_levies = LIST(levies, N_("社保费预处理汇总信息"), levy_type),
    view_levies_due = LIST(levies_due, N_("社保费应缴信息"), levy_type),
    view_levies_payable = LIST(levies_payable, N_("已申报未缴费的应缴费款"), levy_type),
    view_levies_declared = LIST(levies_declared, N_("申报明细"), levy_type),
    view_levies_settled = LIST(levies_settled, N_("已缴纳的费款"), levy_type),
    view_declarations = LIST(declarations, N_("申报记录"), declaration_type),
    view_payments = LIST(payments, N_("缴费记录"), payment_type),
    view_payment_events = LIST(payment_events, N_("缴费经过"), payment_event_type),
    view_vouchers = LIST(vouchers, N_("缴费凭证打印记录"), voucher_type),
    view_certificates = LIST(certificates, N_("已开具的证明"), certificate_type),
    view_units = LIST(units, N_("单位参保信息"), unit_type),
    view_employers = LIST(employers, N_("单位列表"), employer_type),
    view_agreements = LIST(agreements, N_("三方协议"), agreement_type),
    view_accounts = LIST(accounts, N_("缴款账户"), account_type),
    view_consultations = LIST(consultations, N_("问题咨询"), consultation_type);

/* Without columns of their own: every field. */
#define FULL(n, t, ty) { .name = n, .title = t, .type = &ty }
const struct view
    view_employer = FULL("employer", N_("单位信息"), employer_type),
    view_levy = FULL("levy", N_("应征费款"), levy_type),
    view_declaration = FULL("declaration", N_("申报记录"), declaration_type),
    view_payment = FULL("payment", N_("缴费记录"), payment_type),
    view_voucher = FULL("voucher", N_("银行端查询缴费凭证"), voucher_type),
    view_certificate = FULL("certificate", N_("证明"), certificate_type),
    view_unit = FULL("unit", N_("单位参保信息"), unit_type);

static const struct view *const views[] = {
	&view_levies, &view_levies_due, &view_levies_payable, &view_levies_declared,
	&view_levies_settled, &view_declarations, &view_payments, &view_payment_events,
	&view_vouchers, &view_certificates, &view_units, &view_employers, &view_agreements,
	&view_accounts, &view_consultations,
	&view_employer, &view_levy, &view_declaration, &view_payment, &view_voucher,
	&view_certificate, &view_unit,
};
// clang-format on

const struct view *
view_at(size_t index)
{
	return index < ARRAY_LEN(views) ? views[index] : NULL;
}

const struct view *
view_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(views); i++) {
		if (strcmp(views[i]->name, name) == 0) {
			return views[i];
		}
	}
	return NULL;
}

/* Lists of texts and records have no text of their own. */
static int
has_text(const struct field *field)
{
	return field->type != FIELD_TEXTS && field->type != FIELD_RECORDS &&
	       field->type != FIELD_BYTES;
}

/* The fields a view without columns shows: what may be seen and fits on a line. */
static const struct field *
visible_field(const struct record_type *type, size_t column)
{
	size_t i;

	for (i = 0; i < type->count; i++) {
		const struct field *field = &type->fields[i];

		if ((field->flags & (FIELD_HIDDEN | FIELD_SECRET)) == 0 && has_text(field) &&
		    column-- == 0) {
			return field;
		}
	}
	return NULL;
}

size_t
view_count(const struct view *view)
{
	size_t n = view->count;

	while (view->columns == NULL && visible_field(view->type, n) != NULL) {
		n++;
	}
	return n;
}

int
view_find(const struct view *view, const char *name)
{
	size_t n = view_count(view);
	size_t i;

	for (i = 0; i < n; i++) {
		const struct field *field = view_field(view, i);

		if (strcmp(field != NULL ? field->name : view->columns[i].name, name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

const struct field *
view_field(const struct view *view, size_t column)
{
	if (view->columns == NULL) {
		return visible_field(view->type, column);
	}
	return record_field(view->type, view->columns[column].name);
}

const char *
view_title(const struct view *view, size_t column)
{
	if (view->columns != NULL && view->columns[column].title != NULL) {
		return i18n_text(view->columns[column].title);
	}
	return i18n_text(view_field(view, column)->label);
}

void
view_cell(const struct view *view, size_t column, const void *record, char *out, size_t size)
{
	out[0] = '\0';
	if (view->columns != NULL && view->columns[column].text != NULL) {
		view->columns[column].text(record, out, size);
	} else {
		record_show(view_field(view, column), record, out, size);
	}
}
