/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sealed files: made once, kept, and verified by the code printed on them. */
#include "service_document.h"

#include <stdlib.h>
#include <string.h>

#include "service_uses.h"
#include "shebao/date.h"
#include "shebao/doc.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/seal.h"
#include "shebao/states.h"
#include "shebao/wire.h"

/* What a document is made from. */
struct draft {
	const struct record_type *type;
	const char *number;
	int64_t reprint;
	struct employer employer;
	union {
		struct voucher voucher;
		struct certificate certificate;
	} record;
	struct record_list lines;
	int64_t *paid_at;
	struct view_document view;
	struct seal_claim claim;
	char code[SEAL_CODE_SIZE];
	struct books_document document;
	struct buf content;
};

static void
release(struct draft *d)
{
	record_release(d->type, &d->record);
	record_list_release(&d->lines, &levy_type);
	free(d->paid_at);
	buf_release(&d->content);
}

static int
load_lines(struct service_call *call, const char *kind, struct draft *d, struct err *err)
{
	struct rows *rows = NULL;
	int more;

	if (books_levy_held(
		call->db, d->employer.taxpayer_id, kind, d->number, &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		if (db_rows_record(rows, &levy_type, record_list_add(&d->lines, &levy_type), err) <
		    0) {
			more = -1;
			break;
		}
	}
	db_rows_close(rows);
	return more;
}

static void
set_paid_at(struct draft *d)
{
	size_t i;

	d->paid_at = mem_alloc((d->lines.count + 1) * sizeof(*d->paid_at));
	for (i = 0; i < d->lines.count; i++) {
		const struct levy *levy = record_list_at(&d->lines, &levy_type, i);

		d->paid_at[i] = levy->settled_on[0] == '\0' ? 0 : date_first_ms(levy->settled_on);
	}
	d->view.paid_at = d->paid_at;
}

static void
set_claim(struct draft *d, const char *verify_code, int64_t amount, int64_t issued_at)
{
	mem_copy_text(
	    d->claim.kind, sizeof(d->claim.kind), view_document_kind_name(d->view.kind));
	mem_copy_text(d->claim.number, sizeof(d->claim.number), d->number);
	mem_copy_text(
	    d->claim.taxpayer_id, sizeof(d->claim.taxpayer_id), d->employer.taxpayer_id);
	mem_copy_text(d->claim.verify_code, sizeof(d->claim.verify_code), verify_code);
	d->claim.amount = amount;
	date_from_ms(issued_at, d->claim.issued_on);
}

static int
load(struct service_call *call, const char *taxpayer_id, struct draft *d, struct err *err)
{
	const struct voucher *v = &d->record.voucher;
	const struct certificate *c = &d->record.certificate;
	int found = books_employer_find(call->db, taxpayer_id, &d->employer, err);

	if (found == 1) {
		found = books_record_find(
		    call->db, d->type, taxpayer_id, d->number, &d->record, err);
	}
	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("没有号码为%s的文书"), d->number);
	}
	d->view.employer = &d->employer;
	if (d->type == &voucher_type) {
		d->view.kind = VIEW_DOCUMENT_VOUCHER;
		d->view.voucher = v;
		set_claim(d, v->verify_code, v->amount, v->issued_at);
		found = load_lines(call, "voucher", d, err);
	} else {
		d->view.kind = c->kind == CERTIFICATE_TAX_PAID ? VIEW_DOCUMENT_TAX_PAID
							       : VIEW_DOCUMENT_PAYMENT_PROOF;
		d->view.certificate = c;
		set_claim(d, c->verify_code, c->amount, c->issued_at);
		found = load_lines(call, certificate_kinds.rows[c->kind].name, d, err);
	}
	if (d->view.kind == VIEW_DOCUMENT_PAYMENT_PROOF) {
		set_paid_at(d);
	}
	d->view.lines = d->lines.items;
	d->view.count = d->lines.count;
	return found;
}

static int
print(struct service_call *call, struct draft *d, struct err *err)
{
	const struct seal *seal = call->service->opts.seal;
	struct buf pdf = { 0 };
	char reason[SEAL_NAME_SIZE];
	struct seal_request request = {
		.signed_at = call->now, .reason = reason, .code = d->code
	};
	int failed = -1;

	d->view.reprint = d->reprint;
	d->view.printed_at = call->now;
	d->view.verify_url = call->service->opts.verify_url;
	if (seal == NULL) {
		d->view.office = "";
		wire_encode(d->type, &d->record, &d->content);
		view_document_file_name(
		    &d->view, d->document.file_name, sizeof(d->document.file_name));
		return 0;
	}
	d->view.office = seal_office(seal);
	if (seal_code_sign(seal, &d->claim, d->code, err) < 0) {
		return -1;
	}
	d->view.qr_text = d->code;
	snprintf(reason, sizeof(reason), "%s %s", view_document_title(d->view.kind), d->number);
	view_document_file_name(
	    &d->view, d->document.file_name, sizeof(d->document.file_name));
	if (doc_pdf(&d->view, &pdf, err) == 0) {
		failed = seal_sign(seal, &pdf, &request, &d->content, err);
	}
	buf_release(&pdf);
	return failed;
}

/* Keeps the file, and its hash with the record when it is the first print. */
static int
keep(struct service_call *call, struct err *err)
{
	struct draft *d = call->user;
	const struct field *sha256 = record_field(d->type, "sha256");
	const struct field *state = record_field(d->type, "state");
	const char *from;
	int added = books_document_add(
	    call->db, &d->document, d->content.data, d->content.len, err);

	snprintf(call->detail, sizeof(call->detail), "%s", d->number);
	if (added <= 0 || d->reprint != 0) {
		return added < 0 ? -1 : 0;
	}
	if (service_version(call, d->employer.taxpayer_id, err) < 0 ||
	    books_record_find_bare(call->db, d->type, d->employer.taxpayer_id, d->number,
		&d->record, err) < 0) {
		return -1;
	}
	from = state_table_name(state->states, (int)record_number(state, &d->record));
	record_set_number(record_field(d->type, "version"), &d->record, call->version);
	if (record_set_text(sha256, &d->record, d->document.sha256, err) < 0) {
		return -1;
	}
	return books_record_update(call->db, d->type, &d->record, from, err);
}

static int
make(struct service_call *outer, const struct record_type *type, const char *number,
    int64_t reprint, struct err *err)
{
	struct draft d = { .type = type, .number = number, .reprint = reprint };
	struct service_call call;
	int failed = -1;

	service_inner_call(outer, "document", outer->taxpayer_id, &call);
	if (load(&call, outer->taxpayer_id, &d, err) < 0 || print(&call, &d, err) < 0) {
		goto out;
	}
	mem_copy_text(d.document.number, sizeof(d.document.number), number);
	mem_copy_text(
	    d.document.taxpayer_id, sizeof(d.document.taxpayer_id), outer->taxpayer_id);
	d.document.reprint = reprint;
	crypto_sha256(d.content.data, d.content.len, d.document.sha256);
	record_release(type, &d.record);
	memset(&d.record, 0, sizeof(d.record));
	call.user = &d;
	failed = service_transaction(&call, keep, err);
out:
	release(&d);
	return failed;
}

int
service_document_get(struct service_call *outer, const struct record_type *type,
    const char *number, int64_t reprint, struct document *out, struct err *err)
{
	struct books_document stored, key = { .reprint = reprint };
	struct buf content = { 0 };
	int found;

	mem_copy_text(key.taxpayer_id, sizeof(key.taxpayer_id), outer->taxpayer_id);
	mem_copy_text(key.number, sizeof(key.number), number);
	found = books_document_find(outer->db, &key, &stored, &content, err);
	if (found == 0) {
		if (make(outer, type, number, reprint, err) < 0) {
			return -1;
		}
		found = books_document_find(outer->db, &key, &stored, &content, err);
	}
	if (found <= 0) {
		buf_release(&content);
		return err_set(err, ERR_NOT_FOUND, _("没有号码为%s的文书"), number);
	}
	mem_copy_text(out->number, sizeof(out->number), stored.number);
	mem_copy_text(out->file_name, sizeof(out->file_name), stored.file_name);
	mem_copy_text(out->sha256, sizeof(out->sha256), stored.sha256);
	out->content.len = content.len;
	out->content.bytes = (unsigned char *)buf_detach(&content);
	return 0;
}

/* ---- what anybody may ask */

static void
fill_verify(struct verify_answer *a, const struct record_type *type, const void *record)
{
	const struct field *state = record_field(type, "state");
	const struct field *kind = record_field(type, "kind");

	mem_copy_text(a->kind, sizeof(a->kind),
	    kind == NULL ? "voucher" : kind->choices->rows[record_number(kind, record)].name);
	mem_copy_text(a->number, sizeof(a->number), record_text(&type->fields[0], record));
	mem_copy_text(a->taxpayer_id, sizeof(a->taxpayer_id),
	    record_text(record_field(type, "taxpayer_id"), record));
	a->amount = record_number(record_field(type, "amount"), record);
	a->levy_count = record_number(record_field(type, "levy_count"), record);
	date_from_ms(record_number(record_field(type, "issued_at"), record), a->issued_on);
	mem_copy_text(a->state, sizeof(a->state),
	    state_table_name(state->states, (int)record_number(state, record)));
}

int
service_document_verify(struct service_call *call, struct err *err)
{
	const struct verify_request *r = call->request;
	struct verify_answer *a = call->answer;
	const struct record_type *type;
	union {
		struct voucher voucher;
		struct certificate certificate;
	} record;
	struct employer employer;
	char number[TICKET_NO_SIZE];
	int found = r->code[0] == '\0'
	    ? 0
	    : books_certificate_by_code(call->db, r->code, &type, number, err);

	if (found == 1) {
		found = books_record_find_bare(call->db, type, NULL, number, &record, err);
	}
	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("查询验证码不存在"));
	}
	fill_verify(a, type, &record);
	if (books_employer_find(call->db, a->taxpayer_id, &employer, err) < 0) {
		return -1;
	}
	mem_copy_text(a->name, sizeof(a->name), employer.name);
	return 0;
}

int
service_document_seal_certificate(struct service_call *call, struct err *err)
{
	struct document *a = call->answer;
	const char *pem;

	if (call->service->opts.seal == NULL) {
		return err_set(err, ERR_NOT_FOUND, _("本服务没有电子签章"));
	}
	pem = seal_certificates_pem(call->service->opts.seal);
	mem_copy_text(a->number, sizeof(a->number), "seal");
	mem_copy_text(a->file_name, sizeof(a->file_name), "office.pem");
	crypto_sha256(pem, strlen(pem), a->sha256);
	a->content.len = strlen(pem);
	a->content.bytes = (unsigned char *)mem_dup(pem);
	return 0;
}
