/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 冲正: a debit given back on its own day. */
#include "service_reversal.h"

#include <stdio.h>
#include <string.h>

#include "service_bank.h"
#include "service_certificate.h"
#include "service_payment.h"
#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/states.h"

#define KEY_END "/reverse"
#define EVENT_ASKED "reverse_asked"
#define EVENT_REFUSED "reverse_refused"

void
service_reversal_key(const char *payment_no, char out[65])
{
	snprintf(out, 65, "%.32s" KEY_END, payment_no);
}

static void
payment_of(const char *message_key, char out[RECORD_ID_SIZE])
{
	mem_copy_text(out, RECORD_ID_SIZE, message_key);
	out[strcspn(out, "/")] = '\0';
}

int
service_reversal_is_open(struct service_call *call, const char *payment_no, struct err *err)
{
	struct books_message m;
	char key[65];
	int found;

	service_reversal_key(payment_no, key);
	found = books_message_find(call->db, key, &m, NULL, err);
	return found == 1 ? strcmp(m.state, "done") != 0 : found;
}

static int
find(struct service_call *call, const char *payment_no, struct payment *out, struct err *err)
{
	int found = books_record_find(call->db, &payment_type, NULL, payment_no, out, err);

	return found == 0 ? err_set(err, ERR_NOT_FOUND, _("没有缴费记录%s"), payment_no)
	    : found < 0	  ? -1
			  : 0;
}

/* ---- the officer asks */

/* The treasury reconciles at the end of the day: from then on money comes back by refund only. */
static int
check(struct service_call *call, const struct payment *p, struct err *err)
{
	int to, is_open;

	if (state_table_next(&states_payment, p->state, PAYMENT_REVERSE, ROLE_BANK, &to, err) < 0) {
		return -1;
	}
	if (p->amount == 0) {
		return err_set(err, ERR_STATE, _("缴费%s金额为零，没有扣款可以冲正"), p->payment_no);
	}
	if (strcmp(p->settled_on, call->today) != 0) {
		return err_set(err, ERR_STATE, _("缴费%s已于%s入库，当日之后不能冲正，请办理退库"),
		    p->payment_no, p->settled_on);
	}
	is_open = service_reversal_is_open(call, p->payment_no, err);
	return is_open == 1
	    ? err_set(err, ERR_OP_PROGRESS, _("银行正在办理缴费%s的冲正"), p->payment_no)
	    : is_open;
}

int
service_reversal_ask(struct service_call *call, struct err *err)
{
	const struct reverse_request *r = call->request;
	struct payment *p = call->answer;

	if (find(call, r->payment_no, p, err) < 0) {
		return -1;
	}
	mem_copy_text(call->subject, sizeof(call->subject), p->taxpayer_id);
	snprintf(call->detail, sizeof(call->detail), "%.32s: %.192s", p->payment_no, r->reason);
	if (check(call, p, err) < 0) {
		return -1;
	}
	mem_copy_text(call->result, sizeof(call->result), p->payment_no);
	if (service_payment_note(call, p, EVENT_ASKED, "", r->reason, err) < 0) {
		return -1;
	}
	return service_bank_queue_reverse(call, p, err);
}

/* ---- the bank answers */

static const char *
last_detail(const struct payment *p, const char *event)
{
	const char *detail = "";
	size_t i;

	for (i = 0; i < p->events.count; i++) {
		const struct payment_event *e = record_list_at(&p->events, &payment_event_type, i);

		if (strcmp(e->event, event) == 0) {
			detail = e->detail;
		}
	}
	return detail;
}

static int
invalidate_certificates(struct service_call *call, const struct payment *p, struct err *err)
{
	struct text_list numbers = { 0 };
	int failed =
	    books_certificate_over(call->db, p->taxpayer_id, p->payment_no, &numbers, err);
	size_t i;

	for (i = 0; failed == 0 && i < numbers.count; i++) {
		failed = service_certificate_invalidate(
		    call, p->taxpayer_id, numbers.items[i], err);
	}
	text_list_release(&numbers);
	return failed;
}

static int
reverse(struct service_call *call, struct payment *p, const struct bank_answer *answer,
    struct err *err)
{
	struct service_claim claim = service_payment_claim(p);

	p->finished_at = call->now;
	mem_copy_text(p->reason, sizeof(p->reason), last_detail(p, EVENT_ASKED));
	if (service_version(call, p->taxpayer_id, err) < 0 ||
	    invalidate_certificates(call, p, err) < 0 ||
	    service_claim_reverse(call, &claim, err) < 0 ||
	    service_payment_move(call, p, PAYMENT_REVERSE, ROLE_BANK, err) < 0) {
		return -1;
	}
	return service_payment_note(
	    call, p, "reversed", answer->result_code, answer->words, err);
}

int
service_reversal_answered(struct service_call *call, const char *message_key,
    enum bank_outcome meaning, const struct bank_answer *answer, struct err *err)
{
	char payment_no[RECORD_ID_SIZE];
	struct payment p = { 0 };
	int failed = 0;

	payment_of(message_key, payment_no);
	if (find(call, payment_no, &p, err) < 0) {
		return -1;
	}
	if (meaning == BANK_DONE) {
		failed = reverse(call, &p, answer, err);
	} else if (meaning == BANK_REFUSED) {
		failed = service_payment_note(call, &p, EVENT_REFUSED, answer->result_code,
			     answer->words, err) < 0
		    ? -1
		    : books_message_remove(call->db, message_key, err);
	}
	record_release(&payment_type, &p);
	return failed;
}

int
service_reversal_finish(struct service_call *call, struct err *err)
{
	struct payment *p = call->answer;
	char key[65];
	int is_open;

	service_reversal_key(call->result, key);
	if (service_bank_deliver(call, key, SERVICE_BANK_ASKED, err) < 0) {
		return -1;
	}
	record_release(&payment_type, p);
	if (find(call, call->result, p, err) < 0) {
		return -1;
	}
	if (p->state == PAYMENT_REVERSED) {
		return 0;
	}
	is_open = service_reversal_is_open(call, call->result, err);
	if (is_open != 0) {
		return is_open < 0
		    ? -1
		    : err_set(err, ERR_OP_PROGRESS, _("银行尚未确认缴费%s的冲正"), call->result);
	}
	return err_set(err, ERR_BANK, _("银行不予冲正：%s"), last_detail(p, EVENT_REFUSED));
}
