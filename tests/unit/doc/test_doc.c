/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "shebao/doc.h"
#include "unit/unit.h"

#define LINES 120

static struct levy lines[LINES];
static struct voucher voucher = { .voucher_no = "452016261100000041",
	.issued_at = INT64_C(1795414800000),
	.verify_code = "7K3QX9MDW2PA46TC" };
static struct certificate certificate = { .certificate_no = "452015261100000007",
	.issued_at = INT64_C(1795414800000),
	.period_from = "2026-06",
	.period_to = "2026-06",
	.verify_code = "7K3QX9MDW2PA46TC" };
static const struct employer employer = {
	.taxpayer_id = "91520102MA6X000166", .name = "贵阳市南明区黔味轩餐饮管理有限责任公司"
};

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
			.period_from = "2026-06",
			.period_to = "2026-06" };
		voucher.amount += lines[i].amount;
	}
	certificate.amount = voucher.amount;
	return (struct view_document){ .kind = kind,
		.employer = &employer,
		.voucher = &voucher,
		.certificate = &certificate,
		.lines = lines,
		.count = count,
		.office = "国家税务总局贵阳市南明区税务局",
		.qr_text = "SB1|voucher" };
}

START_TEST(every_kind_of_every_length_is_a_pdf)
{
	static const size_t counts[] = { 1, 16, 17, 25, 26, 27, LINES };
	int kind;
	size_t i;

	for (kind = 0; kind < VIEW_DOCUMENT_KIND_COUNT; kind++) {
		for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
			struct view_document d = document((enum view_document_kind)kind, counts[i]);
			struct buf pdf = { 0 };
			struct err err = { 0 };

			ck_assert_msg(doc_pdf(&d, &pdf, &err) == 0, "%s", err.text);
			ck_assert_int_eq(strncmp(pdf.data, "%PDF-1.5", 8), 0);
			ck_assert_str_eq(pdf.data + pdf.len - 6, "%%EOF\n");
			buf_release(&pdf);
		}
	}
}
END_TEST

START_TEST(same_input_gives_the_same_bytes)
{
	struct view_document d = document(VIEW_DOCUMENT_TAX_PAID, 30);
	struct buf first = { 0 };
	struct buf second = { 0 };

	ck_assert_int_eq(doc_pdf(&d, &first, NULL), 0);
	ck_assert_int_eq(doc_pdf(&d, &second, NULL), 0);
	ck_assert_uint_eq(first.len, second.len);
	ck_assert_mem_eq(first.data, second.data, first.len);
	buf_release(&first);
	buf_release(&second);
}
END_TEST

START_TEST(a_document_is_appended_to_what_is_there)
{
	struct view_document d = document(VIEW_DOCUMENT_VOUCHER, 1);
	struct buf pdf = { 0 };

	buf_puts(&pdf, "before");
	ck_assert_int_eq(doc_pdf(&d, &pdf, NULL), 0);
	ck_assert_int_eq(strncmp(pdf.data, "before%PDF-", 11), 0);
	buf_release(&pdf);
}
END_TEST

START_TEST(a_wrong_sum_is_never_printed)
{
	struct view_document d = document(VIEW_DOCUMENT_VOUCHER, 2);
	struct buf pdf = { 0 };
	struct err err = { 0 };

	voucher.amount--;
	ck_assert_int_eq(doc_pdf(&d, &pdf, &err), -1);
	ck_assert_int_eq(err.code, ERR_DATA);
	ck_assert_uint_eq(pdf.len, 0);
	buf_release(&pdf);
}
END_TEST

START_TEST(a_code_too_long_for_a_qr_code_is_refused)
{
	struct view_document d = document(VIEW_DOCUMENT_VOUCHER, 1);
	struct buf pdf = { 0 };
	struct err err = { 0 };
	char *text = calloc(1, 4001);

	memset(text, 'x', 4000);
	d.qr_text = text;
	ck_assert_int_eq(doc_pdf(&d, &pdf, &err), -1);
	ck_assert_int_eq(err.code, ERR_DATA);
	free(text);
	buf_release(&pdf);
}
END_TEST

START_TEST(longest_names_and_empty_members_do_no_harm)
{
	static struct employer long_name = { .taxpayer_id = "91520102MA6X000166" };
	struct view_document d = document(VIEW_DOCUMENT_PAYMENT_PROOF, 3);
	struct buf pdf = { 0 };
	size_t i;

	for (i = 0; i + 4 < sizeof(long_name.name); i += 3) {
		memcpy(long_name.name + i, "贵", 3);
	}
	memset(lines[0].category_name, 'W', sizeof(lines[0].category_name) - 1);
	lines[1].category_name[0] = '\0';
	lines[2].period_from[0] = '\0';
	d.employer = &long_name;
	d.office = long_name.name;
	d.qr_text = NULL;
	ck_assert_int_eq(doc_pdf(&d, &pdf, NULL), 0);
	d.kind = VIEW_DOCUMENT_TAX_PAID;
	ck_assert_int_eq(doc_pdf(&d, &pdf, NULL), 0);
	buf_release(&pdf);
}
END_TEST

UNIT_MAIN("doc", every_kind_of_every_length_is_a_pdf, same_input_gives_the_same_bytes,
    a_document_is_appended_to_what_is_there, a_wrong_sum_is_never_printed,
    a_code_too_long_for_a_qr_code_is_refused, longest_names_and_empty_members_do_no_harm)
