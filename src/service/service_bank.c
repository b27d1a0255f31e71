/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages to the bank. Each step is: a transaction that says what is about to be done, the
 * call, a transaction that records what came back. A crash between them leaves a message that
 * says "sent": then the bank is asked before anything is sent again, and what is sent again are
 * the same bytes.
 */
#include "service_bank.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service_debit.h"
#include "service_payment.h"
#include "service_reversal.h"
#include "service_voucher.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define BACK_OFF_MS 1000
#define BACK_OFF_MAX_MS 20000

struct delivery;

/* The kinds of messages: what the bank is told, and who makes what of its answer. */
struct kind {
	const char *name;
	int is_asked;   /* once sent, the bank is asked about it instead of told again */
	int is_counter; /* its content is the counter's, else a debit */
	void (*tell)(const struct bank *bank, int64_t now, struct delivery *d);
	int (*answered)(struct service_call *call, const char *message_key,
	    enum bank_outcome meaning, const struct bank_answer *answer, struct err *err);
};

/* One delivery: the message as it was read, when the bank was called, and what it said. */
struct delivery {
	const struct kind *kind;
	struct books_message before;
	struct books_message message;
	union {
		struct bank_debit debit;
		struct service_debit_counter counter;
	} content;
	int is_query;
	int64_t called_at;
	struct bank_answer answer;
};

static void
tell_debit(const struct bank *bank, int64_t now, struct delivery *d)
{
	if (d->is_query) {
		bank->query(bank->self, &d->content.debit, now, &d->answer);
	} else {
		bank->debit(bank->self, &d->content.debit, now, &d->answer);
	}
}

static void
tell_counter(const struct bank *bank, int64_t now, struct delivery *d)
{
	bank->counter(
	    bank->self, d->content.counter.voucher_no, d->content.counter.amount, now, &d->answer);
}

struct witness {
	const struct bank_debit *debit;
	int is_reversed;
};

static void
see_reversal(const struct bank_movement *m, void *user)
{
	struct witness *w = user;

	w->is_reversed |= strcmp(m->kind, "reverse") == 0 && strcmp(m->result_code, "90000") == 0 &&
	    strcmp(m->op_id, w->debit->op_id) == 0 &&
	    strcmp(m->tax_ticket_no, w->debit->tax_ticket_no) == 0;
}

/* "Cannot be reversed" is also what the bank says when an earlier message, whose answer was lost, has
 * reversed it: its ledger knows. */
static void
tell_reversal(const struct bank *bank, int64_t now, struct delivery *d)
{
	struct witness w = { .debit = &d->content.debit };

	bank->reverse(bank->self, &d->content.debit, now, &d->answer);
	if (d->answer.outcome == BANK_REFUSED) {
		bank->history(bank->self, see_reversal, &w);
		d->answer.outcome = w.is_reversed ? BANK_DONE : BANK_REFUSED;
	}
}

static const struct kind kinds[] = {
	{ "debit", 1, 0, tell_debit, service_payment_answered },
	{ "counter", 0, 1, tell_counter, service_voucher_answered },
	{ "reverse", 0, 0, tell_reversal, service_reversal_answered },
};

static const struct kind *
kind_named(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			return &kinds[i];
		}
	}
	return NULL;
}

static int
queue(struct service_call *call, const char *kind, const char *key, const char *taxpayer_id,
    const struct buf *bytes, struct err *err)
{
	struct books_message message = { .next_at = call->now, .created_at = call->now };

	mem_copy_text(message.message_key, sizeof(message.message_key), key);
	mem_copy_text(message.kind, sizeof(message.kind), kind);
	mem_copy_text(message.taxpayer_id, sizeof(message.taxpayer_id), taxpayer_id);
	mem_copy_text(message.state, sizeof(message.state), "queued");
	call->leaves_work = 1;
	return books_message_add(call->db, &message, bytes->data, bytes->len, err);
}

int
service_bank_queue_debit(struct service_call *call, const struct payment *payment,
    const char *tax_authority_code, struct err *err)
{
	struct bank_debit d = { .amount = payment->amount };
	struct buf bytes = { 0 };
	int failed;

	mem_copy_text(d.tax_authority_code, sizeof(d.tax_authority_code), tax_authority_code);
	mem_copy_text(d.entrust_date, sizeof(d.entrust_date), payment->entrust_date);
	mem_copy_text(d.serial, sizeof(d.serial), payment->serial);
	mem_copy_text(d.op_id, sizeof(d.op_id), payment->op_id);
	mem_copy_text(d.tax_ticket_no, sizeof(d.tax_ticket_no), payment->tax_ticket_no);
	mem_copy_text(d.agreement_no, sizeof(d.agreement_no), payment->agreement_no);
	mem_copy_text(d.account_no, sizeof(d.account_no), payment->account_no);
	mem_copy_text(d.account_name, sizeof(d.account_name), payment->account_name);
	service_debit_write(&d, &bytes);
	failed = queue(call, "debit", payment->payment_no, payment->taxpayer_id, &bytes, err);
	buf_release(&bytes);
	return failed;
}

int
service_bank_queue_counter(
    struct service_call *call, const struct voucher *voucher, struct err *err)
{
	struct service_debit_counter m = { .amount = voucher->amount };
	struct buf bytes = { 0 };
	int failed;

	mem_copy_text(m.voucher_no, sizeof(m.voucher_no), voucher->voucher_no);
	service_debit_write_counter(&m, &bytes);
	failed = queue(call, "counter", voucher->voucher_no, voucher->taxpayer_id, &bytes, err);
	buf_release(&bytes);
	return failed;
}

int
service_bank_queue_reverse(
    struct service_call *call, const struct payment *payment, struct err *err)
{
	struct books_message debit;
	struct buf bytes = { 0 };
	char key[65];
	int failed = books_message_find(call->db, payment->payment_no, &debit, &bytes, err);

	service_reversal_key(payment->payment_no, key);
	failed = failed == 1 ? queue(call, "reverse", key, payment->taxpayer_id, &bytes, err)
	    : failed == 0
	    ? err_set(err, ERR_NOT_FOUND, _("没有缴费记录%s"), payment->payment_no)
	    : -1;
	buf_release(&bytes);
	return failed;
}

/* ---- before the call */

static int
begin_delivery(struct service_call *call, struct err *err)
{
	struct delivery *d = call->user;

	d->message = d->before;
	d->message.next_at = call->now + BOOKS_LEASE_MS;
	if (d->is_query) {
		d->message.queries++;
		/* A send that was noted may have rested before it left; by the first question it has. */
		if (d->message.sent_at == 0) {
			d->message.sent_at = call->now;
		}
	} else {
		d->message.attempts++;
		d->message.sent_at = 0;
		mem_copy_text(d->message.state, sizeof(d->message.state), "sent");
	}
	snprintf(call->detail, sizeof(call->detail), "%s %s %" PRId64, d->before.message_key,
	    d->is_query ? "query" : "send",
	    d->is_query ? d->message.queries : d->message.attempts);
	call->leaves_work = 1;
	if (books_message_update(call->db, &d->before, &d->message, err) < 0) {
		return -1;
	}
	return d->kind->is_asked && !d->is_query
	    ? service_payment_sending(call, d->before.message_key, d->message.attempts, err)
	    : 0;
}

/* ---- the call */

static void
ask_bank(const struct service_call *call, struct delivery *d)
{
	const struct bank *bank = call->service->opts.bank;

	d->called_at = call->now;
	d->answer = (struct bank_answer){ .outcome = BANK_NO_ANSWER };
	if (bank == NULL) {
		d->answer.outcome = d->is_query ? BANK_NO_ANSWER : BANK_NOT_SENT;
		mem_copy_text(
		    d->answer.words, sizeof(d->answer.words), N_("系统当前非工作状态"));
	} else {
		d->kind->tell(bank, call->now, d);
	}
}

/* What the answer means for this delivery. "Not sent" is a refusal of the first attempt only:
 * of a later one it says nothing about those before. */
static enum bank_outcome
meaning_of(const struct service_call *call, const struct delivery *d)
{
	const struct bank *bank = call->service->opts.bank;

	switch (d->answer.outcome) {
	case BANK_DONE:
	case BANK_REFUSED:
		return d->answer.outcome;
	case BANK_NOT_SENT:
		return !d->is_query && d->message.attempts == 1 ? BANK_REFUSED : BANK_UNKNOWN;
	case BANK_NEVER_SEEN:
		return d->is_query && bank != NULL &&
			d->called_at - d->message.sent_at >= bank->visibility_ms
		    ? BANK_NEVER_SEEN
		    : BANK_UNKNOWN;
	case BANK_UNKNOWN:
	case BANK_NO_ANSWER:
	case BANK_OUTCOME_COUNT:
	default:
		return BANK_UNKNOWN;
	}
}

/* ---- after the call */

static int64_t
back_off(const struct books_message *m)
{
	int64_t ms = BACK_OFF_MS, i;

	for (i = 1; i < m->queries + m->attempts && ms < BACK_OFF_MAX_MS; i++) {
		ms *= 2;
	}
	return ms < BACK_OFF_MAX_MS ? ms : BACK_OFF_MAX_MS;
}

/* The message of a refusal is gone, and an earlier delivery of it, which took longer than its lease, has
 * succeeded all the same. */
static int
keep_success(struct service_call *call, const struct delivery *d, struct err *err)
{
	struct books_message done = d->message;
	struct buf bytes = { 0 };
	int failed;

	mem_copy_text(done.state, sizeof(done.state), "done");
	if (d->kind->is_counter) {
		service_debit_write_counter(&d->content.counter, &bytes);
	} else {
		service_debit_write(&d->content.debit, &bytes);
	}
	failed = books_message_add(call->db, &done, bytes.data, bytes.len, err);
	buf_release(&bytes);
	return failed < 0 ? -1 : d->kind->answered(call, done.message_key, BANK_DONE, &d->answer, err);
}

static int
end_delivery(struct service_call *call, struct err *err)
{
	struct delivery *d = call->user;
	struct books_message after = d->message, now_is;
	enum bank_outcome meaning = meaning_of(call, d);
	int found = books_message_find(call->db, d->message.message_key, &now_is, NULL, err);

	if (found < 0) {
		return -1;
	}
	snprintf(call->detail, sizeof(call->detail), "%s: %s %.150s", d->message.message_key,
	    d->answer.result_code, d->answer.words);
	if (found == 0 && meaning == BANK_DONE) {
		return keep_success(call, d, err);
	}
	/* Somebody else was faster, because this call took longer than the lease: a final answer
	 * counts all the same, anything else does not. */
	if (found == 0 || strcmp(now_is.state, "done") == 0 ||
	    now_is.attempts != d->message.attempts || now_is.queries != d->message.queries) {
		if (found == 0 || strcmp(now_is.state, "done") == 0 ||
		    (meaning != BANK_DONE && meaning != BANK_REFUSED)) {
			return 0;
		}
	}
	after = now_is;
	after.next_at = call->now + back_off(&after);
	if (meaning == BANK_DONE || meaning == BANK_REFUSED) {
		mem_copy_text(after.state, sizeof(after.state), "done");
	} else if (meaning == BANK_NEVER_SEEN) {
		mem_copy_text(after.state, sizeof(after.state), "queued");
		after.next_at = call->now;
	}
	call->leaves_work = 1;
	if (books_message_update(call->db, &now_is, &after, err) < 0) {
		return -1;
	}
	return d->kind->answered(call, after.message_key, meaning, &d->answer, err);
}

static int
read_content(struct delivery *d, const struct buf *bytes, struct err *err)
{
	d->kind = kind_named(d->before.kind);
	if (d->kind == NULL) {
		return err_set(err, ERR_LOCAL, "%s: %s", d->before.message_key, d->before.kind);
	}
	d->is_query = d->kind->is_asked && strcmp(d->before.state, "sent") == 0;
	return d->kind->is_counter
	    ? service_debit_read_counter(bytes->data, bytes->len, &d->content.counter, err)
	    : service_debit_read(bytes->data, bytes->len, &d->content.debit, err);
}

static int
load(struct service_call *call, const char *key, struct delivery *d, struct err *err)
{
	struct buf bytes = { 0 };
	int found;

	*d = (struct delivery){ 0 };
	found = books_message_find(call->db, key, &d->before, &bytes, err);
	if (found == 1) {
		found = read_content(d, &bytes, err) < 0 ? -1 : 1;
	}
	buf_release(&bytes);
	return found;
}

static int
is_wanted(const struct delivery *d, enum service_bank_urgency urgency, int64_t taken_at, int64_t now)
{
	if (strcmp(d->before.state, "done") == 0) {
		return 0;
	}
	/* Taken, and before another one could take it: after the lease it may be that one's. */
	if (urgency == SERVICE_BANK_TAKEN) {
		return d->before.next_at == taken_at + BOOKS_LEASE_MS || d->before.next_at <= now;
	}
	return d->before.next_at <= now ||
	       (urgency == SERVICE_BANK_ASKED && d->before.next_at - now <= BACK_OFF_MAX_MS);
}

static int
deliver_once(struct service_call *call, const char *key, enum service_bank_urgency urgency,
    int64_t taken_at, int *again, struct err *err)
{
	struct delivery d;
	int found;

	*again = 0;
	service_call_look(call);
	found = load(call, key, &d, err);
	if (found < 0) {
		return -1;
	}
	if (found == 0 || !is_wanted(&d, urgency, taken_at, call->now)) {
		return 0;
	}
	call->user = &d;
	mem_copy_text(call->subject, sizeof(call->subject), d.before.taxpayer_id);
	mem_copy_text(call->operation_name, sizeof(call->operation_name), "bank_send");
	if (service_transaction(call, begin_delivery, err) < 0) {
		if (err->code != ERR_TAKEN) {
			return -1;
		}
		err_clear(err);
		return 0;
	}
	ask_bank(call, &d);
	service_call_look(call);
	mem_copy_text(call->operation_name, sizeof(call->operation_name), "bank_answer");
	if (service_transaction(call, end_delivery, err) < 0) {
		return -1;
	}
	*again = meaning_of(call, &d) == BANK_NEVER_SEEN;
	return 0;
}

/* ---- one thread at a time
 *
 * The lease in the books keeps other daemons away, for a while. A thread of this one may rest longer
 * than that between noting that it sends and sending, when the whole machine sleeps: then the bank
 * has truly never seen the debit, and whoever asked it would send a second copy beside the first. */

static int
take_off(struct service *service, struct service_flight *flight)
{
	const struct service_flight *other;

	pthread_mutex_lock(&service->lock);
	for (other = service->flights; other != NULL; other = other->next) {
		if (strcmp(other->message_key, flight->message_key) == 0) {
			break;
		}
	}
	if (other == NULL) {
		flight->next = service->flights;
		service->flights = flight;
	}
	pthread_mutex_unlock(&service->lock);
	return other == NULL;
}

static void
land(struct service *service, const struct service_flight *flight)
{
	struct service_flight **p;

	pthread_mutex_lock(&service->lock);
	for (p = &service->flights; *p != flight; p = &(*p)->next) {
	}
	*p = flight->next;
	pthread_mutex_unlock(&service->lock);
}

static int
deliver(struct service_call *outer, const char *message_key, enum service_bank_urgency urgency,
    struct err *err)
{
	struct service_call call;
	int again, i;

	service_inner_call(outer, "bank", "", &call);
	for (i = 0; i < 2; i++) {
		if (deliver_once(&call, message_key, urgency, outer->now, &again, err) < 0) {
			return -1;
		}
		if (!again) {
			break;
		}
	}
	return 0;
}

int
service_bank_deliver(struct service_call *outer, const char *message_key,
    enum service_bank_urgency urgency, struct err *err)
{
	struct service_flight flight = { .message_key = message_key };
	int failed;

	if (!take_off(outer->service, &flight)) {
		return 0;
	}
	failed = deliver(outer, message_key, urgency, err);
	land(outer->service, &flight);
	return failed;
}
