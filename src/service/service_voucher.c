/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 银行端查询缴费凭证: issued, printed, voided, paid at the counter. */
#include "service_voucher.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service_bank.h"
#include "service_claim.h"
#include "service_document.h"
#include "service_number.h"
#include "service_proof.h"
#include "service_uses.h"
#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/states.h"

#define KIND "voucher"

enum {
	LATE_DAYS = 7 /* a voucher over levies that are overdue is good for so long */
};

static struct service_claim
claim_of(const struct voucher *v)
{
	return (struct service_claim){ .kind = KIND,
		.holder = v->voucher_no,
		.taxpayer_id = v->taxpayer_id,
		.count = v->levy_count };
}

static int
find(struct service_call *call, const char *taxpayer_id, const char *voucher_no,
    struct voucher *out, struct err *err)
{
	int found = books_record_find_bare(
	    call->db, &voucher_type, taxpayer_id, voucher_no, out, err);

	return found == 0 ? err_set(err, ERR_NOT_FOUND, _("没有缴费凭证%s"), voucher_no)
	    : found < 0	  ? -1
			  : 0;
}

static int
move(struct service_call *call, struct voucher *v, int event, unsigned role, struct err *err)
{
	const char *from = state_table_name(&states_voucher, v->state);

	if (state_table_next(&states_voucher, v->state, event, role, &v->state, err) < 0) {
		return -1;
	}
	v->closed_at = call->now;
	v->version = call->version;
	return books_record_update(call->db, &voucher_type, v, from, err);
}

/* ---- issue */

/* 限缴日期: the first due date of its levies; never after one of them has become invalid. */
static void
set_due_date(const struct service_call *call, const struct service_claim *claim, struct voucher *v)
{
	if (claim->due_date[0] != '\0' && strcmp(claim->due_date, call->today) >= 0) {
		mem_copy_text(v->due_date, sizeof(v->due_date), claim->due_date);
	} else {
		date_add_days(call->today, LATE_DAYS, v->due_date);
	}
	if (claim->valid_until[0] != '\0' && strcmp(claim->valid_until, call->today) >= 0 &&
	    strcmp(claim->valid_until, v->due_date) < 0) {
		mem_copy_text(v->due_date, sizeof(v->due_date), claim->valid_until);
	}
}

static int
claim_levies(struct service_call *call, struct voucher *v, struct err *err)
{
	const struct voucher_request *r = call->request;
	struct service_claim claim = claim_of(v);
	char sum[MONEY_TEXT_MAX];
	size_t i;

	if (service_claim_take(call, &claim, &r->levy_nos, LEVY_PAY_ISSUE_VOUCHER, err) < 0) {
		return -1;
	}
	if (claim.amount != r->amount) {
		money_format(claim.amount, sum);
		return err_set(err, ERR_AMOUNT, _("应缴费额合计为%s元，与确认时不一致"), sum);
	}
	if (claim.amount == 0) {
		return err_set(err, ERR_DATA, _("金额为零，无需开具缴费凭证，请选择三方协议缴费"));
	}
	v->amount = claim.amount;
	v->levy_count = claim.count;
	for (i = 0; i < r->levy_nos.count; i++) {
		text_list_add(&v->levy_nos, r->levy_nos.items[i]);
	}
	set_due_date(call, &claim, v);
	return 0;
}

int
service_voucher_issue(struct service_call *call, struct err *err)
{
	const struct voucher_request *r = call->request;
	struct voucher *v = call->answer;
	struct service_proof_subject subject = { .action = PROOF_ISSUE_VOUCHER,
		.levy_nos = &r->levy_nos,
		.amount = r->amount,
		.voucher_no = "" };

	mem_copy_text(v->taxpayer_id, sizeof(v->taxpayer_id), call->taxpayer_id);
	mem_copy_text(v->op_id, sizeof(v->op_id), r->op_id);
	mem_copy_text(v->bank_name, sizeof(v->bank_name), r->bank_name);
	mem_copy_text(v->account_no, sizeof(v->account_no), r->account_no);
	mem_copy_text(v->account_name, sizeof(v->account_name), r->account_name);
	v->state = VOUCHER_ISSUED;
	v->issued_at = call->now;
	service_random_hex(call->service, v->verify_code, 12);
	if (service_proof_use(call, r->proof, &subject, err) < 0 ||
	    service_version(call, call->taxpayer_id, err) < 0 ||
	    service_number_ticket(call, SERVICE_NUMBER_TICKET, v->voucher_no, err) < 0 ||
	    claim_levies(call, v, err) < 0) {
		return -1;
	}
	v->version = call->version;
	snprintf(call->detail, sizeof(call->detail), "%s: %" PRId64 " levies, %" PRId64 " fen",
	    v->voucher_no, v->levy_count, v->amount);
	return books_record_add(call->db, &voucher_type, v, err);
}

/* ---- the paper */

int
service_voucher_print(struct service_call *call, struct err *err)
{
	const struct document_request *r = call->request;
	struct voucher v;

	if (find(call, call->taxpayer_id, r->number, &v, err) < 0) {
		return -1;
	}
	/* Only a voucher that can still be paid is printed. */
	if (v.state != VOUCHER_ISSUED) {
		return err_set(err, ERR_STATE, _("缴费凭证%s%s，不能打印"), v.voucher_no,
		    _(state_table_label(&states_voucher, v.state)));
	}
	if (service_version(call, call->taxpayer_id, err) < 0) {
		return -1;
	}
	v.print_count++;
	v.version = call->version;
	mem_copy_text(call->result, sizeof(call->result), v.voucher_no);
	snprintf(call->detail, sizeof(call->detail), "%s: print %" PRId64, v.voucher_no,
	    v.print_count);
	return books_record_update(call->db, &voucher_type, &v,
	    state_table_name(&states_voucher, v.state), err);
}

int
service_voucher_document(struct service_call *call, struct err *err)
{
	return service_document_get(call, &voucher_type, call->result, 0, call->answer, err);
}

/* ---- void */

static int
check_counter(struct service_call *call, const struct voucher *v, struct err *err)
{
	struct books_message m;
	int found = books_message_find(call->db, v->voucher_no, &m, NULL, err);

	if (found < 0) {
		return -1;
	}
	return found == 1 && strcmp(m.state, "done") != 0
	    ? err_set(err, ERR_OP_PROGRESS, _("银行正在办理缴费凭证%s的缴款"), v->voucher_no)
	    : 0;
}

int
service_voucher_void(struct service_call *call, struct err *err)
{
	const struct voucher_void_request *r = call->request;
	struct voucher *v = call->answer;
	struct service_proof_subject subject = {
		.action = PROOF_VOID_VOUCHER, .voucher_no = r->voucher_no
	};
	struct service_claim claim;

	if (service_proof_use(call, r->proof, &subject, err) < 0 ||
	    find(call, call->taxpayer_id, r->voucher_no, v, err) < 0) {
		return -1;
	}
	if (v->state == VOUCHER_PAID) {
		return err_set(err, ERR_VOUCHER_PAID,
		    _("作废失败，税票号码%s已经入库，不能进行此操作"), v->voucher_no);
	}
	if (v->state == VOUCHER_ISSUED && check_counter(call, v, err) < 0) {
		return -1;
	}
	snprintf(call->detail, sizeof(call->detail), "%s", v->voucher_no);
	claim = claim_of(v);
	if (service_version(call, call->taxpayer_id, err) < 0 ||
	    move(call, v, VOUCHER_VOID, ROLE_CLERK, err) < 0 ||
	    service_claim_free(
		call, &claim, LEVY_PAY_VOUCHERED, LEVY_PAY_VOID_VOUCHER, ROLE_CLERK, err) < 0) {
		return -1;
	}
	return books_record_lists(call->db, &voucher_type, v, err);
}

int
service_voucher_expire(struct service_call *call, struct err *err)
{
	struct voucher v;
	struct service_claim claim;

	if (find(call, NULL, call->result, &v, err) < 0 || check_counter(call, &v, err) < 0) {
		return -1;
	}
	mem_copy_text(call->subject, sizeof(call->subject), v.taxpayer_id);
	snprintf(call->detail, sizeof(call->detail), "%s", v.voucher_no);
	claim = claim_of(&v);
	if (service_version(call, v.taxpayer_id, err) < 0 ||
	    move(call, &v, VOUCHER_EXPIRE, ROLE_SERVICE, err) < 0) {
		return -1;
	}
	return service_claim_free(
	    call, &claim, LEVY_PAY_VOUCHERED, LEVY_PAY_EXPIRE_VOUCHER, ROLE_SERVICE, err);
}

/* ---- the counter */

/* The counter's message decides the race with voiding and expiry: from here on both wait. */
int
service_voucher_settle(struct service_call *call, struct err *err)
{
	const struct settle_request *r = call->request;
	struct voucher v;
	int to;

	if (find(call, NULL, r->voucher_no, &v, err) < 0) {
		return -1;
	}
	mem_copy_text(call->subject, sizeof(call->subject), v.taxpayer_id);
	if (v.state == VOUCHER_VOIDED) {
		return err_set(err, ERR_STATE, _("凭证已作废"));
	}
	if (state_table_next(&states_voucher, v.state, VOUCHER_PAY, ROLE_BANK, &to, err) < 0 ||
	    check_counter(call, &v, err) < 0) {
		return -1;
	}
	if (strcmp(v.due_date, call->today) < 0) {
		return err_set(err, ERR_STATE, _("已过限缴日期%s"), v.due_date);
	}
	if (r->amount != 0 && r->amount != v.amount) {
		return err_set(err, ERR_AMOUNT, _("缴款金额与凭证金额不一致"));
	}
	mem_copy_text(call->result, sizeof(call->result), v.voucher_no);
	snprintf(call->detail, sizeof(call->detail), "%s: %" PRId64 " fen", v.voucher_no, v.amount);
	return service_bank_queue_counter(call, &v, err);
}

int
service_voucher_answered(struct service_call *call, const char *voucher_no,
    enum bank_outcome meaning, const struct bank_answer *answer, struct err *err)
{
	struct voucher v;
	struct service_claim claim;

	if (meaning == BANK_REFUSED) {
		return books_message_remove(call->db, voucher_no, err);
	}
	if (meaning != BANK_DONE) {
		return 0;
	}
	if (find(call, NULL, voucher_no, &v, err) < 0 ||
	    service_version(call, v.taxpayer_id, err) < 0) {
		return -1;
	}
	claim = claim_of(&v);
	if (move(call, &v, VOUCHER_PAY, ROLE_BANK, err) < 0) {
		return -1;
	}
	return service_claim_settle(call, &claim, LEVY_PAY_VOUCHERED, v.voucher_no,
	    answer->settled_on[0] != '\0' ? answer->settled_on : call->today, err);
}

int
service_voucher_settled(struct service_call *call, struct err *err)
{
	struct voucher *v = call->answer;
	int found;

	if (service_bank_deliver(call, call->result, SERVICE_BANK_ASKED, err) < 0) {
		return -1;
	}
	found = books_record_find(call->db, &voucher_type, NULL, call->result, v, err);
	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("没有缴费凭证%s"), call->result);
	}
	return v->state == VOUCHER_PAID
	    ? 0
	    : err_set(err, ERR_OP_PROGRESS, _("银行尚未确认缴费凭证%s的缴款"), call->result);
}
