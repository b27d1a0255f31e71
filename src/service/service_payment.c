/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 缴费: a debit intent over declared levies, and what the bank's answers do to it. */
#include "service_payment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service_bank.h"
#include "service_claim.h"
#include "service_number.h"
#include "service_proof.h"
#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/states.h"

#define KIND "payment"
#define WAIT_MAX_MS 20000

static struct payment_event
event_of(const struct service_call *call, const struct payment *p, const char *event,
    const char *code, const char *words)
{
	struct payment_event e = { .at = call->now };

	mem_copy_text(e.payment_no, sizeof(e.payment_no), p->payment_no);
	mem_copy_text(e.event, sizeof(e.event), event);
	snprintf(e.detail, sizeof(e.detail), "%s%s%s", code, code[0] != '\0' ? " " : "", words);
	return e;
}

int
service_payment_note(struct service_call *call, const struct payment *p, const char *event,
    const char *code, const char *words, struct err *err)
{
	const struct payment_event e = event_of(call, p, event, code, words);

	return books_payment_event(call->db, p->taxpayer_id, &e, 0, err);
}

struct service_claim
service_payment_claim(const struct payment *p)
{
	return (struct service_claim){ .kind = KIND,
		.holder = p->payment_no,
		.taxpayer_id = p->taxpayer_id,
		.count = p->levy_count };
}

/* ---- submit */

static int
find_agreement(struct service_call *call, struct payment *p, struct err *err)
{
	struct agreement a;
	int found = books_employer_agreement_find(
	    call->db, call->taxpayer_id, p->agreement_no, &a, err);

	if (found < 0) {
		return -1;
	}
	if (found == 0) {
		return err_set(err, ERR_AGREEMENT, _("未查询到有效的三方协议信息"));
	}
	if (a.status != AGREEMENT_VERIFIED) {
		return err_set(err, ERR_AGREEMENT, _("三方协议状态异常：%s"),
		    _(agreement_statuses.rows[a.status].label));
	}
	mem_copy_text(p->bank_name, sizeof(p->bank_name), a.bank_name);
	mem_copy_text(p->account_no, sizeof(p->account_no), a.account_no);
	mem_copy_text(p->account_name, sizeof(p->account_name), a.account_name);
	return 0;
}

/* A set of levies of 0.00 needs no bank: nothing is debited, and they are settled today. */
static int
settle_nothing(struct service_call *call, struct payment *p, struct err *err)
{
	struct service_claim claim = service_payment_claim(p);

	if (state_table_next(
		&states_payment, p->state, PAYMENT_SEND, ROLE_SERVICE, &p->state, err) < 0 ||
	    state_table_next(
		&states_payment, p->state, PAYMENT_SUCCEED, ROLE_SERVICE, &p->state, err) < 0) {
		return -1;
	}
	p->tax_ticket_no[0] = '\0';
	p->finished_at = call->now;
	mem_copy_text(p->settled_on, sizeof(p->settled_on), call->today);
	if (books_record_add(call->db, &payment_type, p, err) < 0 ||
	    service_payment_note(call, p, "settled", "", _("金额为零，无需扣款"), err) < 0) {
		return -1;
	}
	return service_claim_settle(call, &claim, LEVY_PAY_PAYING, "", call->today, err);
}

static int
start(struct service_call *call, struct payment *p, const struct pay_request *r, struct err *err)
{
	struct service_claim claim = service_payment_claim(p);
	struct employer employer;
	char sum[MONEY_TEXT_MAX];

	if (service_claim_take(call, &claim, &r->levy_nos, LEVY_PAY_PAY, err) < 0) {
		return -1;
	}
	if (claim.amount != r->amount) {
		money_format(claim.amount, sum);
		return err_set(err, ERR_AMOUNT, _("应缴费额合计为%s元，与确认时不一致"), sum);
	}
	p->amount = claim.amount;
	p->levy_count = claim.count;
	snprintf(call->detail, sizeof(call->detail), "%s: %" PRId64 " levies, %" PRId64 " fen",
	    p->payment_no, p->levy_count, p->amount);
	if (books_employer_find(call->db, call->taxpayer_id, &employer, err) < 0) {
		return -1;
	}
	if (p->amount == 0) {
		return settle_nothing(call, p, err);
	}
	if (books_record_add(call->db, &payment_type, p, err) < 0 ||
	    service_payment_note(call, p, "created", "", "", err) < 0) {
		return -1;
	}
	return service_bank_queue_debit(call, p, employer.tax_authority_code, err);
}

int
service_payment_submit(struct service_call *call, struct err *err)
{
	const struct pay_request *r = call->request;
	struct payment p = { .created_at = call->now, .state = PAYMENT_CREATED };
	struct service_proof_subject subject = { .action = PROOF_PAY,
		.levy_nos = &r->levy_nos,
		.amount = r->amount,
		.voucher_no = "" };

	mem_copy_text(p.taxpayer_id, sizeof(p.taxpayer_id), call->taxpayer_id);
	mem_copy_text(p.op_id, sizeof(p.op_id), r->op_id);
	mem_copy_text(p.agreement_no, sizeof(p.agreement_no), r->agreement_no);
	mem_copy_text(p.entrust_date, sizeof(p.entrust_date), call->today);
	if (service_proof_use(call, r->proof, &subject, err) < 0 ||
	    find_agreement(call, &p, err) < 0 ||
	    service_version(call, call->taxpayer_id, err) < 0 ||
	    service_number_payment(call, p.serial, p.payment_no, err) < 0 ||
	    service_number_ticket(call, SERVICE_NUMBER_TICKET, p.tax_ticket_no, err) < 0) {
		return -1;
	}
	p.version = call->version;
	mem_copy_text(call->result, sizeof(call->result), p.payment_no);
	return start(call, &p, r, err);
}

/* ---- the bank */

int
service_payment_move(
    struct service_call *call, struct payment *p, int event, unsigned role, struct err *err)
{
	const char *from = state_table_name(&states_payment, p->state);

	if (state_table_next(&states_payment, p->state, event, role, &p->state, err) < 0) {
		return -1;
	}
	p->version = call->version;
	return books_record_update(call->db, &payment_type, p, from, err);
}

int
service_payment_sending(
    struct service_call *call, const char *payment_no, int64_t attempt, struct err *err)
{
	struct payment p;
	int found = books_record_find_bare(call->db, &payment_type, NULL, payment_no, &p, err);

	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("没有缴费记录%s"), payment_no);
	}
	if (service_payment_note(call, &p, attempt == 1 ? "sent" : "resent", "", "", err) < 0) {
		return -1;
	}
	if (p.state != PAYMENT_CREATED) {
		return 0;
	}
	if (service_version(call, p.taxpayer_id, err) < 0) {
		return -1;
	}
	return service_payment_move(call, &p, PAYMENT_SEND, ROLE_SERVICE, err);
}

static int
pay_state_of(const struct payment *p)
{
	return p->state == PAYMENT_UNKNOWN ? LEVY_PAY_UNCONFIRMED : LEVY_PAY_PAYING;
}

static int
succeed(struct service_call *call, struct payment *p, const struct bank_answer *answer,
    struct err *err)
{
	struct service_claim claim = service_payment_claim(p);
	int from = pay_state_of(p);

	p->finished_at = call->now;
	p->reason[0] = '\0';
	mem_copy_text(p->result_code, sizeof(p->result_code), answer->result_code);
	mem_copy_text(p->settled_on, sizeof(p->settled_on),
	    answer->settled_on[0] != '\0' ? answer->settled_on : call->today);
	if (service_claim_settle(call, &claim, from, p->tax_ticket_no, p->settled_on, err) < 0 ||
	    service_payment_move(call, p,
		p->state == PAYMENT_UNKNOWN ? PAYMENT_QUERY_SUCCEED : PAYMENT_SUCCEED, ROLE_BANK,
		err) < 0) {
		return -1;
	}
	return service_payment_note(call, p, "settled", answer->result_code, answer->words, err);
}

static int
refuse(struct service_call *call, struct payment *p, const struct bank_answer *answer,
    struct err *err)
{
	struct service_claim claim = service_payment_claim(p);
	int from = pay_state_of(p);

	p->finished_at = call->now;
	mem_copy_text(p->result_code, sizeof(p->result_code), answer->result_code);
	mem_copy_text(p->reason, sizeof(p->reason), answer->words);
	if (service_claim_free(call, &claim, from, LEVY_PAY_REFUSE, ROLE_BANK, err) < 0 ||
	    service_payment_move(call, p, p->state == PAYMENT_UNKNOWN ? PAYMENT_QUERY_REFUSE : PAYMENT_REFUSE,
		ROLE_BANK, err) < 0) {
		return -1;
	}
	return service_payment_note(call, p, "answer", answer->result_code, answer->words, err);
}

/* Still unknown, and the bank words it anew: the clerk reads the newest. */
static int
reword(struct service_call *call, struct payment *p, struct err *err)
{
	p->version = call->version;
	return books_record_update(
	    call->db, &payment_type, p, state_table_name(&states_payment, p->state), err);
}

static int
lose(struct service_call *call, struct payment *p, const struct bank_answer *answer,
    struct err *err)
{
	const struct payment_event e = event_of(call, p,
	    answer->outcome == BANK_NO_ANSWER ? "no_answer" : "answer", answer->result_code,
	    answer->words);
	struct service_claim claim = service_payment_claim(p);

	mem_copy_text(p->reason, sizeof(p->reason), answer->words);
	if (p->state == PAYMENT_UNKNOWN
		? reword(call, p, err) < 0
		: service_claim_move(
		      call, &claim, LEVY_PAY_PAYING, LEVY_PAY_LOSE, ROLE_SERVICE, err) < 0 ||
		      service_payment_move(call, p, PAYMENT_LOSE, ROLE_SERVICE, err) < 0) {
		return -1;
	}
	/* A bank that says the same two things for days is noted twice. */
	return books_payment_event(call->db, p->taxpayer_id, &e, 1, err);
}

/* The bank has never seen it and had time enough: the same bytes go out again. */
static int
resend(struct service_call *call, struct payment *p, const struct bank_answer *answer,
    struct err *err)
{
	struct service_claim claim = service_payment_claim(p);

	if (p->state == PAYMENT_UNKNOWN &&
	    (service_claim_move(
		 call, &claim, LEVY_PAY_UNCONFIRMED, LEVY_PAY_RESEND, ROLE_SERVICE, err) < 0 ||
		service_payment_move(call, p, PAYMENT_QUERY_NEVER_SEEN, ROLE_BANK, err) < 0)) {
		return -1;
	}
	return service_payment_note(call, p, "answer", answer->result_code, answer->words, err);
}

/* Unknown it was, and in these words. */
static int
is_old_news(const struct payment *p, enum bank_outcome meaning, const struct bank_answer *answer)
{
	return p->state == PAYMENT_UNKNOWN && meaning == BANK_UNKNOWN &&
	       strcmp(p->reason, answer->words) == 0;
}

int
service_payment_answered(struct service_call *call, const char *payment_no,
    enum bank_outcome meaning, const struct bank_answer *answer, struct err *err)
{
	struct payment p;
	int found = books_record_find_bare(call->db, &payment_type, NULL, payment_no, &p, err);

	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("没有缴费记录%s"), payment_no);
	}
	if ((p.state != PAYMENT_SENT && p.state != PAYMENT_UNKNOWN) ||
	    is_old_news(&p, meaning, answer)) {
		return 0;
	}
	if (service_version(call, p.taxpayer_id, err) < 0) {
		return -1;
	}
	switch (meaning) {
	case BANK_DONE:
		return succeed(call, &p, answer, err);
	case BANK_REFUSED:
		return refuse(call, &p, answer, err);
	case BANK_NEVER_SEEN:
		return resend(call, &p, answer, err);
	case BANK_UNKNOWN:
	case BANK_NOT_SENT:
	case BANK_NO_ANSWER:
	case BANK_OUTCOME_COUNT:
	default:
		return lose(call, &p, answer, err);
	}
}

/* ---- late success */

int
service_payment_late(struct service_call *call, struct err *err)
{
	struct payment p;
	struct service_claim claim;
	struct books_message before, after;
	int found = books_record_find_bare(call->db, &payment_type, NULL, call->result, &p, err);

	if (found <= 0 || books_message_find(call->db, call->result, &before, NULL, err) <= 0) {
		return err_set(err, ERR_NOT_FOUND, _("没有缴费记录%s"), call->result);
	}
	mem_copy_text(call->subject, sizeof(call->subject), p.taxpayer_id);
	snprintf(call->detail, sizeof(call->detail), "%s", p.payment_no);
	claim = service_payment_claim(&p);
	p.finished_at = 0;
	p.result_code[0] = '\0';
	if (service_version(call, p.taxpayer_id, err) < 0 ||
	    books_claim_revive(
		call->db, p.taxpayer_id, KIND, p.payment_no, p.levy_count, err) < 0 ||
	    service_claim_move(
		call, &claim, LEVY_PAY_UNPAID, LEVY_PAY_LATE_SUCCESS, ROLE_SERVICE, err) < 0 ||
	    service_payment_move(call, &p, PAYMENT_LATE_SUCCESS, ROLE_SERVICE, err) < 0 ||
	    service_payment_note(call, &p, "late_success", "", _("银行账簿中有该笔扣款"), err) < 0) {
		return -1;
	}
	after = before;
	mem_copy_text(after.state, sizeof(after.state), "sent");
	after.next_at = call->now;
	call->leaves_work = 1;
	return books_message_update(call->db, &before, &after, err);
}

/* ---- answers to the clerk */

static int
show(struct service_call *call, const char *payment_no, int *is_final, struct err *err)
{
	struct payment *p = call->answer;
	int found;

	record_release(&payment_type, p);
	found = books_record_find(call->db, &payment_type, call->taxpayer_id, payment_no, p, err);
	if (found <= 0) {
		return found < 0 ? -1 : err_set(err, ERR_NOT_FOUND, _("没有缴费记录%s"), payment_no);
	}
	*is_final = p->state != PAYMENT_CREATED && p->state != PAYMENT_SENT &&
		    p->state != PAYMENT_UNKNOWN;
	return 0;
}

int
service_payment_finish(struct service_call *call, struct err *err)
{
	int is_final = 0;

	if (service_bank_deliver(call, call->result, SERVICE_BANK_DUE, err) < 0) {
		return -1;
	}
	return show(call, call->result, &is_final, err);
}

int
service_payment_query(struct service_call *call, struct err *err)
{
	const struct payment_query *r = call->request;
	int is_final = 0;

	if (show(call, r->payment_no, &is_final, err) < 0) {
		return -1;
	}
	if (!is_final &&
	    (service_bank_deliver(call, r->payment_no, SERVICE_BANK_ASKED, err) < 0 ||
		show(call, r->payment_no, &is_final, err) < 0)) {
		return -1;
	}
	call->out->pending = !is_final;
	call->out->wait_ms = r->wait_ms < 0 ? 0 : r->wait_ms > WAIT_MAX_MS ? WAIT_MAX_MS : r->wait_ms;
	return 0;
}
