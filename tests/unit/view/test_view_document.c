/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "shebao/mem.h"
#include "shebao/text.h"
#include "shebao/view_form.h"
#include "unit/unit.h"

#define LINES 40

static struct levy lines[LINES];
static struct voucher voucher = { .voucher_no = "452016261100000041",
	.issued_at = INT64_C(1795414800000),
	.due_date = "2026-11-25",
	.verify_code = "7K3QX9MDW2PA46TC" };
static struct certificate certificate = { .certificate_no = "452015261100000007",
	.issued_at = INT64_C(1795414800000),
	.period_from = "2026-01",
	.period_to = "2026-06",
	.verify_code = "7K3QX9MDW2PA46TC" };
static const struct employer employer = { .taxpayer_id = "91520102MA6X000166",
	.name = "贵阳市南明区黔味轩餐饮管理有限责任公司",
	.tax_authority_name = "国家税务总局贵阳市南明区税务局" };
static int64_t paid_at[LINES];

static struct view_document
document(enum view_document_kind kind, size_t count)
{
	size_t i;

	voucher.amount = 0;
	for (i = 0; i < count; i++) {
		lines[i] = (struct levy){ .amount = (int64_t)(123456 + i),
			.unit_no = "00048857",
			.item_name = "企业职工基本养老保险费",
			.category_name = "职工基本养老保险（单位缴纳）",
			.period_from = "2024-02",
			.period_to = "2024-02",
			.tax_ticket_no = "452016261100000041",
			.settled_on = "2024-03-01" };
		voucher.amount += lines[i].amount;
	}
	certificate.amount = voucher.amount;
	return (struct view_document){ .kind = kind,
		.employer = &employer,
		.voucher = &voucher,
		.certificate = &certificate,
		.lines = lines,
		.count = count,
		.paid_at = paid_at,
		.office = "国家税务总局贵阳市南明区税务局",
		.verify_url = "https://sbf.example/v1/verify/" };
}

START_TEST(an_amount_that_is_not_the_sum_is_refused)
{
	struct view_document d = document(VIEW_DOCUMENT_VOUCHER, 3);
	struct err err = { 0 };

	ck_assert_int_eq(view_document_check(&d, &err), 0);
	voucher.amount++;
	ck_assert_int_eq(view_document_check(&d, &err), -1);
	ck_assert_int_eq(err.code, ERR_DATA);
}
END_TEST

START_TEST(a_document_without_lines_or_its_record_is_refused)
{
	struct view_document d = document(VIEW_DOCUMENT_TAX_PAID, 1);

	d.count = 0;
	ck_assert_int_eq(view_document_check(&d, NULL), -1);
	d.count = 1;
	d.certificate = NULL;
	ck_assert_int_eq(view_document_check(&d, NULL), -1);
}
END_TEST

START_TEST(amounts_that_overflow_are_refused)
{
	struct view_document d = document(VIEW_DOCUMENT_TAX_PAID, 2);

	lines[0].amount = INT64_MAX;
	ck_assert_int_eq(view_document_check(&d, NULL), -1);
}
END_TEST

START_TEST(no_line_of_a_preview_is_wider_than_asked)
{
	static const int widths[] = { 80, 100, 132 };
	int kind;
	size_t i;

	for (kind = 0; kind < VIEW_DOCUMENT_KIND_COUNT; kind++) {
		for (i = 0; i < ARRAY_LEN(widths); i++) {
			struct view_document d = document((enum view_document_kind)kind, LINES);
			struct buf out = { 0 };
			const char *line;
			const char *end;

			view_document_text(&d, widths[i], &out);
			for (line = out.data; (end = strchr(line, '\n')) != NULL; line = end + 1) {
				char one[1024];

				snprintf(one, sizeof(one), "%.*s", (int)(end - line), line);
				ck_assert_int_le(text_width(one), widths[i]);
				ck_assert(end > line && end[-1] != ' ');
			}
			ck_assert_str_eq(line, "");
			buf_release(&out);
		}
	}
}
END_TEST

START_TEST(a_preview_never_breaks_a_number)
{
	int kind;

	for (kind = 0; kind < VIEW_DOCUMENT_KIND_COUNT; kind++) {
		struct view_document d = document((enum view_document_kind)kind, 1);
		struct buf out = { 0 };

		view_document_text(&d, 80, &out);
		ck_assert_ptr_nonnull(strstr(out.data, "1,234.56"));
		ck_assert(kind != VIEW_DOCUMENT_TAX_PAID ||
			  strstr(out.data, "452016261100000041") != NULL);
		buf_release(&out);
	}
}
END_TEST

START_TEST(a_month_ends_on_its_last_day)
{
	struct view_document d = document(VIEW_DOCUMENT_TAX_PAID, 1);
	struct buf out = { 0 };

	view_document_text(&d, 120, &out);
	ck_assert_ptr_nonnull(strstr(out.data, "2024-02-01至2024-02-29"));
	buf_release(&out);
}
END_TEST

START_TEST(a_reprint_says_so_and_has_its_own_file_name)
{
	struct view_document d = document(VIEW_DOCUMENT_TAX_PAID, 1);
	struct buf out = { 0 };
	char name[256];

	view_document_file_name(&d, name, sizeof(name));
	ck_assert_str_eq(name, "税收完税证明_452015261100000007.pdf");
	d.reprint = 3;
	view_document_file_name(&d, name, sizeof(name));
	ck_assert_str_eq(name, "税收完税证明_452015261100000007_补打3.pdf");
	view_document_text(&d, 80, &out);
	ck_assert_ptr_nonnull(strstr(out.data, "补打 第 3 次"));
	buf_release(&out);
}
END_TEST

START_TEST(what_is_carried_is_the_sum_so_far)
{
	struct view_document d = document(VIEW_DOCUMENT_VOUCHER, 3);
	char text[64];

	view_form_carried(&d, 2, text, sizeof(text));
	ck_assert_str_eq(text, "￥2,469.13");
	view_form_carried(&d, 0, text, sizeof(text));
	ck_assert_str_eq(text, "￥0.00");
}
END_TEST

START_TEST(the_verification_code_is_printed_in_groups)
{
	struct view_document d = document(VIEW_DOCUMENT_VOUCHER, 1);
	struct view_form form;

	view_form_fill(&d, &form);
	ck_assert_str_eq(form.verify_code, "7K3Q X9MD W2PA 46TC");
	ck_assert_str_eq(form.verify_url, "https://sbf.example/v1/verify/7K3QX9MDW2PA46TC");
	ck_assert_str_eq(form.issued_on, "2026年11月23日");
}
END_TEST

UNIT_MAIN("view_document", an_amount_that_is_not_the_sum_is_refused,
    a_document_without_lines_or_its_record_is_refused, amounts_that_overflow_are_refused,
    no_line_of_a_preview_is_wider_than_asked, a_preview_never_breaks_a_number,
    a_month_ends_on_its_last_day, a_reprint_says_so_and_has_its_own_file_name,
    what_is_carried_is_the_sum_so_far, the_verification_code_is_printed_in_groups)
