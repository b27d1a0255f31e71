/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lists of the menu as a table: rows, columns, filters. */
#include "shebao/app_list.h"

#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"

/* ---- the rows */

static void
start(struct app *app, enum mirror_noun noun, struct mirror_query *out)
{
	out->noun = noun;
	mem_copy_text(out->taxpayer_id, sizeof(out->taxpayer_id), app_unit(app));
}

static void
newest_first(const char *order, struct mirror_query *out)
{
	if (out->order == NULL) {
		out->order = order;
		out->descending = 1;
	}
}

static void
query_employers(struct app *app, const void *about, struct mirror_query *out)
{
	(void)app;
	(void)about;
	out->noun = MIRROR_EMPLOYER;
}

/* Batch-listed levies are shown, those past their time are not. */
static void
query_declare(struct app *app, int kind, struct mirror_query *out)
{
	const char *order = out->order;
	int descending = out->descending;
	char today[DATE_SIZE];

	app_query_levies(app, kind, 0, out);
	out->order = order;
	out->descending = descending;
	date_from_ms(loop_wall_ms(), today);
	mirror_where(out, "valid_until", MIRROR_AT_LEAST_OR_EMPTY, today);
}

static void
query_normal(struct app *app, const void *about, struct mirror_query *out)
{
	(void)about;
	query_declare(app, LEVY_NORMAL, out);
}

static void
query_special(struct app *app, const void *about, struct mirror_query *out)
{
	(void)about;
	query_declare(app, LEVY_SPECIAL, out);
}

static void
query_declarations(struct app *app, const void *about, struct mirror_query *out)
{
	(void)about;
	start(app, MIRROR_DECLARATION, out);
	newest_first("declared_at", out);
}

static void
query_declared(struct app *app, const void *about, struct mirror_query *out)
{
	start(app, MIRROR_LEVY, out);
	mirror_where(out, "declaration_id", MIRROR_IS, about);
}

static void
query_payable(struct app *app, const void *about, struct mirror_query *out)
{
	const char *order = out->order;
	int descending = out->descending;

	(void)about;
	app_query_payable(app, 0, out);
	out->order = order;
	out->descending = descending;
}

static void
query_vouchers(struct app *app, const void *about, struct mirror_query *out)
{
	(void)about;
	start(app, MIRROR_VOUCHER, out);
	newest_first("issued_at", out);
}

static void
query_vouchered(struct app *app, const void *about, struct mirror_query *out)
{
	start(app, MIRROR_LEVY, out);
	mirror_where(out, "voucher_no", MIRROR_IS, about);
}

/* Debits that succeeded, and those whose outcome is not known yet. */
static void
query_payments(struct app *app, const void *about, struct mirror_query *out)
{
	(void)about;
	start(app, MIRROR_PAYMENT, out);
	mirror_where(out, "state", MIRROR_NOT_IN, "refused");
	newest_first("created_at", out);
}

static void
query_settled(struct app *app, const void *about, struct mirror_query *out)
{
	(void)about;
	start(app, MIRROR_LEVY, out);
	mirror_where(out, "pay_state", MIRROR_IS, "settled");
}

static void
query_unprinted(struct app *app, const void *about, struct mirror_query *out)
{
	query_settled(app, about, out);
	mirror_where(out, "certificate_no", MIRROR_IS_EMPTY, NULL);
}

static void
query_certificates(struct app *app, const void *about, struct mirror_query *out)
{
	(void)about;
	start(app, MIRROR_CERTIFICATE, out);
	mirror_where(out, "kind", MIRROR_IS, certificate_kinds.rows[CERTIFICATE_TAX_PAID].name);
	newest_first("issued_at", out);
}

static void
query_units(struct app *app, const void *about, struct mirror_query *out)
{
	(void)about;
	start(app, MIRROR_UNIT, out);
}

static void
query_due(struct app *app, const void *about, struct mirror_query *out)
{
	(void)about;
	start(app, MIRROR_LEVY, out);
}

static void
query_consultations(struct app *app, const void *about, struct mirror_query *out)
{
	(void)about;
	start(app, MIRROR_CONSULTATION, out);
	newest_first("asked_at", out);
}

/* ---- the filters */

// clang-format off
#define UNIT_NO { N_("单位编号"), "unit_no", APP_FILTER_VALUES }
#define AGENCY  { N_("社保经办机构"), "agency_name", APP_FILTER_VALUES }
#define PERIOD  { N_("费款所属期"), "period_from", APP_FILTER_PERIOD }
#define PERIODS { N_("费款所属期"), "period_from", APP_FILTER_PERIODS }

static const struct app_filter levy_filters[] = { UNIT_NO, AGENCY, PERIOD };
static const struct app_filter declaration_filters[] = {
	{ N_("状态"), "state", APP_FILTER_STATES },
	{ N_("申报日期"), "declared_at", APP_FILTER_DATES },
};
static const struct app_filter voucher_filters[] = {
	{ N_("凭证开具日期"), "issued_at", APP_FILTER_DATES },
};
static const struct app_filter payment_filters[] = {
	{ N_("状态"), "state", APP_FILTER_STATES },
	{ N_("缴费日期"), "created_at", APP_FILTER_DATES },
};
static const struct app_filter period_filters[] = { PERIODS };
static const struct app_filter certificate_filters[] = {
	{ N_("开具日期"), "issued_at", APP_FILTER_DATES },
};
static const struct app_filter unit_filters[] = {
	{ N_("主管税务机关"), "tax_authority_name", APP_FILTER_VALUES }, UNIT_NO, AGENCY,
};
static const struct app_filter due_filters[] = {
	PERIODS, UNIT_NO, AGENCY,
	{ N_("征收项目"), "item_name", APP_FILTER_VALUES },
	{ N_("征收品目"), "category_name", APP_FILTER_VALUES },
	{ N_("征收子目"), "subcategory_name", APP_FILTER_VALUES },
	{ N_("数据处理状态"), "state", APP_FILTER_STATES },
};

/* ---- the lists */

#define FILTERS(f) .filters = f, .filter_count = ARRAY_LEN(f)
#define DECLARE(n, q) { .name = n, .view = &view_levies, .record = &view_levy, \
	.download = APP_DOWNLOAD_LEVIES, .download_title = N_("预处理信息下载进度"), \
	.has_marks = 1, FILTERS(levy_filters), .query = q, .refuse_mark = app_list_refuse_declare, \
	.unmarkable_field = "state", .unmarkable_values = "batch_listed", \
	.export_name = N_("社保费预处理汇总信息") }

const struct app_list
    app_list_employers = { .name = "employers", .view = &view_employers, .record = &view_employer,
	.query = query_employers },
    app_list_declare_normal = DECLARE("declare_normal", query_normal),
    app_list_declare_special = DECLARE("declare_special", query_special),
    app_list_declarations = { .name = "declarations", .view = &view_declarations, .record = &view_declaration,
	.download = APP_DOWNLOAD_RECORDS | APP_DOWNLOAD_LEVIES, .download_title = N_("正在下载申报记录"),
	FILTERS(declaration_filters), .query = query_declarations, .export_name = N_("申报记录") },
    app_list_declared = { .name = "declaration_detail", .view = &view_levies_declared, .record = &view_levy,
	.download = APP_DOWNLOAD_LEVIES, .download_title = N_("正在下载应征费款"),
	.query = query_declared, .export_name = N_("申报明细") },
    app_list_payable = { .name = "pay", .view = &view_levies_payable, .record = &view_levy,
	.download = APP_DOWNLOAD_REGISTRATION | APP_DOWNLOAD_LEVIES | APP_DOWNLOAD_RECORDS,
	.download_title = N_("正在下载应缴费款"), .has_marks = 1, FILTERS(levy_filters),
	.query = query_payable, .refuse_mark = app_list_refuse_pay, .unmarkable_field = "pay_state",
	.unmarkable_values = "paying,unconfirmed,vouchered", .export_name = N_("应缴费款") },
    app_list_vouchers = { .name = "vouchers", .view = &view_vouchers, .record = &view_voucher,
	.download = APP_DOWNLOAD_RECORDS | APP_DOWNLOAD_LEVIES, .download_title = N_("正在下载缴费凭证"),
	FILTERS(voucher_filters), .query = query_vouchers, .export_name = N_("缴费凭证打印记录") },
    app_list_vouchered = { .name = "voucher_detail", .view = &view_levies_payable, .record = &view_levy,
	.download = APP_DOWNLOAD_LEVIES, .download_title = N_("正在下载应征费款"),
	.query = query_vouchered, .export_name = N_("银行端查询缴费凭证明细") },
    app_list_payments = { .name = "payments", .view = &view_payments, .record = &view_payment,
	.download = APP_DOWNLOAD_RECORDS, .download_title = N_("正在下载缴费记录"),
	FILTERS(payment_filters), .query = query_payments, .export_name = N_("缴费记录") },
    app_list_unprinted = { .name = "certificate_print", .view = &view_levies_settled, .record = &view_levy,
	.download = APP_DOWNLOAD_LEVIES | APP_DOWNLOAD_RECORDS, .download_title = N_("正在下载已缴纳的费款"),
	.must_filter = 1, FILTERS(period_filters), .query = query_unprinted, .export_name = N_("完税证明费款") },
    app_list_certificates = { .name = "certificate_reprint", .view = &view_certificates, .record = &view_certificate,
	.download = APP_DOWNLOAD_RECORDS, .download_title = N_("正在下载完税证明"),
	.must_filter = 1, FILTERS(certificate_filters), .query = query_certificates, .export_name = N_("完税证明") },
    app_list_settled = { .name = "certificate_proof", .view = &view_levies_settled, .record = &view_levy,
	.download = APP_DOWNLOAD_LEVIES | APP_DOWNLOAD_RECORDS, .download_title = N_("正在下载已缴纳的费款"),
	.must_filter = 1, FILTERS(period_filters), .query = query_settled, .export_name = N_("已入库费款") },
    app_list_units = { .name = "insured", .view = &view_units, .record = &view_unit,
	.download = APP_DOWNLOAD_REGISTRATION, .download_title = N_("正在下载参保信息"),
	FILTERS(unit_filters), .query = query_units, .export_name = N_("单位参保信息") },
    app_list_due = { .name = "due", .view = &view_levies_due, .record = &view_levy,
	.download = APP_DOWNLOAD_LEVIES, .download_title = N_("正在下载应缴费款"),
	.must_filter = 1, FILTERS(due_filters), .query = query_due, .export_name = N_("社保费应缴信息") },
    app_list_consultations = { .name = "consultations", .view = &view_consultations,
	.download = APP_DOWNLOAD_CONSULTATIONS, .download_title = N_("正在下载答复"),
	.query = query_consultations, .export_name = N_("问题咨询") };
// clang-format on

/* ---- what is shown, what is marked */

void
app_list_query(struct app *app, const struct app_list *list, const void *about,
    const struct app_filter_values *values, int marked_only, struct mirror_query *out)
{
	const char *order = out->order;
	int descending = out->descending;

	*out = (struct mirror_query){ .order = order, .descending = descending };
	list->query(app, about, out);
	out->marks = list->has_marks ? list->name : NULL;
	out->marked_only = marked_only;
	/* Marks outlive a filter, so the filter does not count for them. */
	if (!marked_only) {
		app_filter_apply(values, list->filters, list->filter_count, out);
	}
}

void
app_list_narrow(const struct app_list *list, struct mirror_query *q)
{
	if (list->unmarkable_field != NULL) {
		mirror_where(
		    q, list->unmarkable_field, MIRROR_NOT_IN, list->unmarkable_values);
	}
}

void
app_list_trim(struct app *app, const struct app_list *list, const void *about)
{
	struct mirror_query q = { 0 };

	if (!list->has_marks) {
		return;
	}
	list->query(app, about, &q);
	q.marks = list->name;
	app_list_narrow(list, &q);
	(void)!mirror_mark_trim(app_db(app), &q, NULL);
}

struct selecting {
	struct text_list *levy_nos;
	int64_t *amount;
};

static int
take_levy(const void *record, void *user, struct err *err)
{
	const struct levy *levy = record;
	struct selecting *s = user;

	text_list_add(s->levy_nos, levy->levy_no);
	return money_add(*s->amount, levy->amount, s->amount, err);
}

int
app_list_levies(struct app *app, const struct mirror_query *q, struct text_list *levy_nos,
    int64_t *amount, struct err *err)
{
	struct selecting s = { levy_nos, amount };

	*amount = 0;
	return mirror_each(app_db(app), q, take_levy, &s, err);
}

/* The levy that comes first, or last, by a member. */
static int
first_by(struct app *app, const struct mirror_query *q, const char *order, int descending,
    struct levy *out)
{
	struct mirror_query own = *q;
	struct mirror_window window = { .records = out };

	own.order = order;
	own.descending = descending;
	return mirror_fetch(app_db(app), &own, 0, 1, &window, NULL) == 0 && window.got == 1;
}

int
app_list_span(struct app *app, const struct mirror_query *q, char from[PERIOD_SIZE],
    char to[PERIOD_SIZE])
{
	struct levy first = { 0 }, last = { 0 };

	if (!first_by(app, q, "period_from", 0, &first) ||
	    !first_by(app, q, "period_to", 1, &last)) {
		return 0;
	}
	mem_copy_text(from, PERIOD_SIZE, first.period_from);
	mem_copy_text(to, PERIOD_SIZE, last.period_to);
	return 1;
}

int
app_list_newest_period(
    struct app *app, const struct app_list *list, char from[PERIOD_SIZE], char to[PERIOD_SIZE])
{
	struct mirror_query q = { 0 };
	struct levy levy = { 0 };

	list->query(app, NULL, &q);
	if (!first_by(app, &q, "period_to", 1, &levy)) {
		return 0;
	}
	mem_copy_text(from, PERIOD_SIZE, levy.period_from);
	mem_copy_text(to, PERIOD_SIZE, levy.period_to);
	return 1;
}
