/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates and vouchers as sealed files. */
#include "shebao/seal.h"
#include "unit/service/world_steps.h"

struct office {
	char folder[64];
	struct seal *seal;
};

static void
open_office(struct office *o, struct world *w)
{
	struct err err = { 0 };

	mem_copy_text(o->folder, sizeof(o->folder), "/tmp/shebao-office-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(o->folder));
	ck_assert_msg(seal_create_office(o->folder, "国家税务总局贵阳市南明区税务局", NOON, &err) == 0, "%s", err.text);
	ck_assert_msg(seal_open(o->folder, &o->seal, &err) == 0, "%s", err.text);
	world_new(w);
	world_stop(w);
	w->opts.seal = o->seal;
	w->opts.verify_url = "https://example.invalid/v1/verify/";
	world_start(w);
}

static void
close_office(struct office *o, struct world *w)
{
	static const char *const names[] = { "seal.key", "seal.pem", "code.key", "code.pem", "ca.pem" };
	char path[128];
	size_t i;

	world_free(w);
	seal_close(o->seal);
	for (i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", o->folder, names[i]);
		unlink(path);
	}
	rmdir(o->folder);
}

static void
verify(const struct office *o, const struct byte_string *file, const char *number, struct seal_claim *claim)
{
	struct seal_report report;
	struct err err = { 0 };

	ck_assert_msg(seal_verify(file->bytes, file->len, seal_certificates_pem(o->seal), &report, &err) == 0, "%s", err.text);
	ck_assert_int_eq(report.is_intact && report.is_trusted, 1);
	ck_assert_msg(seal_code_verify(seal_certificates_pem(o->seal), report.code, claim, &err) == 0, "%s", err.text);
	ck_assert_str_eq(claim->number, number);
}

START_TEST(a_certificate_is_delivered_again_in_the_same_bytes_until_confirmed)
{
	struct office o;
	struct world w;
	struct certificate_answer first, again;
	struct document reprint;
	struct seal_claim claim;
	char payment_no[33];

	open_office(&o, &w);
	world_declare(&w, "\"A1\",\"A2\"", 104990);
	ck_assert_int_eq(world_pay(&w, "\"A1\",\"A2\"", 104990, payment_no), PAYMENT_SUCCEEDED);
	world_must(&w, world_certificate(&w, "tax_paid", &first));
	verify(&o, &first.content, first.certificate_no, &claim);
	ck_assert_int_eq(claim.amount, 104990);
	w.now += 60000;
	world_restart(&w);
	world_must(&w, world_certificate(&w, "tax_paid", &again));
	ck_assert_uint_eq(first.content.len, again.content.len);
	ck_assert_mem_eq(first.content.bytes, again.content.bytes, first.content.len);
	world_refused(&w, world_call(&w, OPERATION_CERTIFICATE_REPRINT,
	    "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(&w), first.certificate_no), "state");
	world_refused(&w, world_call(&w, OPERATION_CERTIFICATE_CONFIRM,
	    "{\"op_id\":\"%s\",\"certificate_no\":\"%s\",\"sha256\":\"%064d\"}", world_op(&w), first.certificate_no, 0), "seal");
	world_must(&w, world_call(&w, OPERATION_CERTIFICATE_CONFIRM,
	    "{\"op_id\":\"%s\",\"certificate_no\":\"%s\",\"sha256\":\"%s\"}", world_op(&w), first.certificate_no, first.sha256));
	world_must(&w, world_call(&w, OPERATION_CERTIFICATE_REPRINT,
	    "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(&w), first.certificate_no));
	world_read(&w, &request_document_answer, &reprint);
	verify(&o, &reprint.content, first.certificate_no, &claim);
	ck_assert_ptr_nonnull(strstr(reprint.file_name, "补打1"));
	ck_assert_str_ne(reprint.sha256, first.sha256);
	record_release(&request_document_answer, &reprint);
	record_release(&request_certificate_answer, &first);
	record_release(&request_certificate_answer, &again);
	close_office(&o, &w);
}
END_TEST

START_TEST(a_voucher_is_printed_as_often_as_wished_in_the_same_bytes)
{
	struct office o;
	struct world w;
	struct document first, again;
	struct seal_claim claim;
	char voucher_no[19];

	open_office(&o, &w);
	world_declare(&w, "\"A4\"", 738586);
	world_voucher(&w, "\"A4\"", 738586, voucher_no);
	world_must(&w, world_call(&w, OPERATION_VOUCHER_DOCUMENT, "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(&w), voucher_no));
	world_read(&w, &request_document_answer, &first);
	verify(&o, &first.content, voucher_no, &claim);
	world_must(&w, world_call(&w, OPERATION_VOUCHER_DOCUMENT, "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(&w), voucher_no));
	world_read(&w, &request_document_answer, &again);
	ck_assert_str_eq(first.sha256, again.sha256);
	world_is(&w, "SELECT print_count FROM voucher", "2");
	world_must(&w, world_void_voucher(&w, voucher_no));
	world_refused(&w, world_call(&w, OPERATION_VOUCHER_DOCUMENT, "{\"op_id\":\"%s\",\"number\":\"%s\"}", world_op(&w), voucher_no), "state");
	record_release(&request_document_answer, &first);
	record_release(&request_document_answer, &again);
	close_office(&o, &w);
}
END_TEST

START_TEST(what_is_not_settled_has_no_certificate)
{
	struct world w;
	struct certificate_answer paper;

	world_new(&w);
	world_refused(&w, world_certificate(&w, "tax_paid", &paper), "not_settled");
	world_refused(&w, world_certificate(&w, "payment_proof", &paper), "not_settled");
	world_refused(&w, world_call(&w, OPERATION_CERTIFICATE_ISSUE,
	    "{\"op_id\":\"%s\",\"kind\":\"tax_paid\",\"period_from\":\"2019-01\",\"period_to\":\"2019-01\"}", world_op(&w)), "nothing");
	world_free(&w);
}
END_TEST

UNIT_MAIN("documents", a_certificate_is_delivered_again_in_the_same_bytes_until_confirmed,
    a_voucher_is_printed_as_often_as_wished_in_the_same_bytes,
    what_is_not_settled_has_no_certificate)
