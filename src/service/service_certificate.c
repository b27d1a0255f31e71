/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 完税证明, 缴费证明: issued once over settled levies, delivered, printed again. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service_certificate.h"
#include "service_document.h"
#include "service_number.h"
#include "service_reversal.h"
#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/period.h"
#include "shebao/states.h"

/* The payment asked about last, and whether it is being reversed. */
struct reversal_check {
	char payment_no[RECORD_ID_SIZE];
	int is_open;
};

static int
find(struct service_call *call, const char *number, struct certificate *out, struct err *err)
{
	int found = books_record_find_bare(
	    call->db, &certificate_type, call->taxpayer_id, number, out, err);

	return found == 0 ? err_set(err, ERR_NOT_FOUND, _("没有证明%s"), number)
	    : found < 0	  ? -1
			  : 0;
}

static int
move(struct service_call *call, struct certificate *c, int event, unsigned role, struct err *err)
{
	const char *from = state_table_name(&states_certificate, c->state);

	if (state_table_next(&states_certificate, c->state, event, role, &c->state, err) < 0) {
		return -1;
	}
	c->version = call->version;
	return books_record_update(call->db, &certificate_type, c, from, err);
}

/* ---- issue */

/* Whether the levy's money may go back: then it is on no new certificate. Neighbours are often of
 * one payment, and checked holds the answer for the last one. */
static int
is_going_back(struct service_call *call, const struct levy *levy, struct reversal_check *checked,
    struct err *err)
{
	if (levy->payment_no[0] != '\0' && strcmp(checked->payment_no, levy->payment_no) != 0) {
		mem_copy_text(checked->payment_no, sizeof(checked->payment_no), levy->payment_no);
		checked->is_open = service_reversal_is_open(call, levy->payment_no, err);
	}
	return levy->payment_no[0] == '\0' ? 0 : checked->is_open;
}

/* Levies of the period that belong on the certificate. */
static int
collect(struct service_call *call, const struct certificate_request *r, struct record_list *out,
    struct err *err)
{
	struct reversal_check checked = { 0 };
	struct rows *rows = NULL;
	struct levy levy;
	int64_t all = 0, printed = 0;
	int more, back;

	if (books_levy_period(
		call->db, call->taxpayer_id, r->period_from, r->period_to, &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		memset(&levy, 0, sizeof(levy));
		if (db_rows_record(rows, &levy_type, &levy, err) < 0) {
			more = -1;
			break;
		}
		all += levy.state == LEVY_DECLARED || levy.state == LEVY_INITIAL ||
		       levy.state == LEVY_DECLARING;
		if (levy.pay_state != LEVY_PAY_SETTLED) {
			continue;
		}
		back = is_going_back(call, &levy, &checked, err);
		if (back < 0) {
			more = -1;
			break;
		}
		if (back) {
			continue;
		}
		printed += levy.certificate_no[0] != '\0';
		if ((r->kind == CERTIFICATE_PAYMENT_PROOF || levy.certificate_no[0] == '\0') &&
		    out->count < LEVIES_MAX) {
			memcpy(record_list_add(out, &levy_type), &levy, sizeof(levy));
		}
	}
	db_rows_close(rows);
	if (more < 0 || out->count > 0) {
		return more;
	}
	if (printed > 0) {
		return err_set(err, ERR_PRINTED, _("该费款所属期的完税证明已经打印"));
	}
	return all > 0 ? err_set(err, ERR_NOT_SETTLED, _("该费款所属期的费款尚未入库"))
		       : err_set(err, ERR_NOTHING, _("该费款所属期没有费款"));
}

static int
claim_all(struct service_call *call, struct certificate *c, struct record_list *levies,
    struct err *err)
{
	const char *kind = certificate_kinds.rows[c->kind].name;
	struct books_change change = { .taxpayer_id = c->taxpayer_id,
		.kind = kind,
		.holder = c->certificate_no,
		.from = state_table_name(&states_levy_pay, LEVY_PAY_SETTLED),
		.version = call->version,
		.count = (int64_t)levies->count };
	size_t i;

	for (i = 0; i < levies->count; i++) {
		const struct levy *levy = record_list_at(levies, &levy_type, i);
		struct books_claim claim = { .amount = levy->amount, .live = 1 };

		mem_copy_text(claim.kind, sizeof(claim.kind), kind);
		mem_copy_text(claim.holder, sizeof(claim.holder), c->certificate_no);
		mem_copy_text(claim.levy_no, sizeof(claim.levy_no), levy->levy_no);
		mem_copy_text(claim.taxpayer_id, sizeof(claim.taxpayer_id), c->taxpayer_id);
		if (money_add(c->amount, levy->amount, &c->amount, err) < 0 ||
		    books_claim_add(call->db, &claim, err) < 0) {
			return -1;
		}
	}
	c->levy_count = (int64_t)levies->count;
	return c->kind == CERTIFICATE_TAX_PAID
	    ? books_levy_certified(call->db, &change, c->certificate_no, err)
	    : 0;
}

static int
issue(struct service_call *call, struct record_list *levies, struct err *err)
{
	const struct certificate_request *r = call->request;
	struct certificate c = { .kind = r->kind,
		.state = CERTIFICATE_ISSUED,
		.issued_at = call->now };

	if (collect(call, r, levies, err) < 0 ||
	    service_version(call, call->taxpayer_id, err) < 0 ||
	    service_number_ticket(call,
		r->kind == CERTIFICATE_TAX_PAID ? SERVICE_NUMBER_CERTIFICATE : SERVICE_NUMBER_PROOF,
		c.certificate_no, err) < 0) {
		return -1;
	}
	mem_copy_text(c.taxpayer_id, sizeof(c.taxpayer_id), call->taxpayer_id);
	mem_copy_text(c.op_id, sizeof(c.op_id), r->op_id);
	mem_copy_text(c.period_from, sizeof(c.period_from), r->period_from);
	mem_copy_text(c.period_to, sizeof(c.period_to), r->period_to);
	service_random_hex(call->service, c.verify_code, 12);
	c.version = call->version;
	if (claim_all(call, &c, levies, err) < 0) {
		return -1;
	}
	mem_copy_text(call->result, sizeof(call->result), c.certificate_no);
	snprintf(call->detail, sizeof(call->detail), "%s: %" PRId64 " levies, %" PRId64 " fen",
	    c.certificate_no, c.levy_count, c.amount);
	return books_record_add(call->db, &certificate_type, &c, err);
}

int
service_certificate_issue(struct service_call *call, struct err *err)
{
	const struct certificate_request *r = call->request;
	struct record_list levies = { 0 };
	struct certificate like = { .kind = r->kind };
	char open[TICKET_NO_SIZE];
	int found = 0, failed;

	if (strcmp(r->period_from, r->period_to) > 0) {
		return err_set(err, ERR_DATA, _("费款所属期起%s晚于止%s"), r->period_from, r->period_to);
	}
	if (r->kind == CERTIFICATE_TAX_PAID) {
		mem_copy_text(like.taxpayer_id, sizeof(like.taxpayer_id), call->taxpayer_id);
		mem_copy_text(like.period_from, sizeof(like.period_from), r->period_from);
		mem_copy_text(like.period_to, sizeof(like.period_to), r->period_to);
		found = books_certificate_open(call->db, &like, open, err);
	}
	if (found < 0) {
		return -1;
	}
	if (found == 1) {
		mem_copy_text(call->result, sizeof(call->result), open);
		snprintf(call->detail, sizeof(call->detail), "%s again", open);
		return 0;
	}
	failed = issue(call, &levies, err);
	record_list_release(&levies, &levy_type);
	return failed;
}

/* Nothing of what does not hold any longer is handed out, not even once more. */
static int
refuse_invalid(const struct certificate *c, struct err *err)
{
	return c->state == CERTIFICATE_INVALIDATED
	    ? err_set(err, ERR_STATE, _("证明%s已失效（费款已冲正），不能打印"), c->certificate_no)
	    : 0;
}

int
service_certificate_issued(struct service_call *call, struct err *err)
{
	struct certificate_answer *a = call->answer;
	struct document file = { 0 };
	struct certificate c;

	if (find(call, call->result, &c, err) < 0 || refuse_invalid(&c, err) < 0 ||
	    service_document_get(call, &certificate_type, call->result, 0, &file, err) < 0) {
		return -1;
	}
	mem_copy_text(a->certificate_no, sizeof(a->certificate_no), c.certificate_no);
	a->amount = c.amount;
	a->levy_count = c.levy_count;
	mem_copy_text(a->file_name, sizeof(a->file_name), file.file_name);
	mem_copy_text(a->sha256, sizeof(a->sha256), file.sha256);
	a->content = file.content;
	return 0;
}

/* ---- delivered, and printed again */

int
service_certificate_confirm(struct service_call *call, struct err *err)
{
	const struct certificate_confirm *r = call->request;
	struct certificate *c = call->answer;

	if (find(call, r->certificate_no, c, err) < 0) {
		return -1;
	}
	if (c->sha256[0] == '\0' || strcmp(c->sha256, r->sha256) != 0) {
		return err_set(err, ERR_SEAL, _("文件摘要与开具的证明%s不一致"), c->certificate_no);
	}
	snprintf(call->detail, sizeof(call->detail), "%s", c->certificate_no);
	if (c->state != CERTIFICATE_DELIVERED) {
		c->delivered_at = call->now;
		if (service_version(call, call->taxpayer_id, err) < 0 ||
		    move(call, c, CERTIFICATE_DELIVER, ROLE_CLERK, err) < 0) {
			return -1;
		}
	}
	return books_record_lists(call->db, &certificate_type, c, err);
}

int
service_certificate_reprint(struct service_call *call, struct err *err)
{
	const struct document_request *r = call->request;
	struct certificate c;

	if (find(call, r->number, &c, err) < 0 || refuse_invalid(&c, err) < 0 ||
	    service_version(call, call->taxpayer_id, err) < 0) {
		return -1;
	}
	c.reprints++;
	snprintf(call->result, sizeof(call->result), "%s#%" PRId64, c.certificate_no, c.reprints);
	snprintf(call->detail, sizeof(call->detail), "%s", call->result);
	return move(call, &c, CERTIFICATE_REPRINT, ROLE_CLERK, err);
}

int
service_certificate_reprinted(struct service_call *call, struct err *err)
{
	struct certificate c;
	char number[TICKET_NO_SIZE];
	const char *mark = strchr(call->result, '#');

	mem_copy_text(number, sizeof(number), call->result);
	number[strcspn(number, "#")] = '\0';
	if (find(call, number, &c, err) < 0 || refuse_invalid(&c, err) < 0) {
		return -1;
	}
	return service_document_get(call, &certificate_type, number,
	    mark == NULL ? 0 : strtoll(mark + 1, NULL, 10), call->answer, err);
}

/* ---- no longer true */

int
service_certificate_invalidate(struct service_call *call, const char *taxpayer_id,
    const char *certificate_no, struct err *err)
{
	struct certificate c;
	struct books_change change;
	int found = books_record_find_bare(
	    call->db, &certificate_type, taxpayer_id, certificate_no, &c, err);

	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("没有证明%s"), certificate_no);
	}
	change = (struct books_change){ .taxpayer_id = taxpayer_id,
		.kind = certificate_kinds.rows[c.kind].name,
		.holder = certificate_no,
		.version = call->version,
		.count = c.levy_count };
	if ((c.kind == CERTIFICATE_TAX_PAID &&
		books_levy_uncertified(call->db, &change, err) < 0) ||
	    books_claim_release(call->db, taxpayer_id, change.kind, certificate_no, c.levy_count,
		err) < 0) {
		return -1;
	}
	return move(call, &c, CERTIFICATE_INVALIDATE, ROLE_BANK, err);
}
