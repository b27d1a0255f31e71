/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is due: decisions, messages to the bank, last days, sessions that are over. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "service_bank.h"
#include "service_declaration.h"
#include "service_payment.h"
#include "service_voucher.h"
#include "shebao/log.h"
#include "shebao/mem.h"

enum {
	BATCH = 100,
	HANDS_MAX = 16
};
#define IDLE_MS 60000
#define RETRY_MS 1000
#define SWEEP_MS (10 * 60 * 1000LL)
/* A source that was quiet so long begins anew. */
#define SOURCE_MEMORY_MS (24 * 60 * 60 * 1000LL)
#define LATE_MS (7 * 24 * 60 * 60 * 1000LL)

struct worker {
	struct service *service;
	int64_t now;
	int64_t next;
	int done;
};

static void
earlier(struct worker *w, int64_t at)
{
	if (at > 0 && at < w->next) {
		w->next = at;
	}
}

/* One transaction about result, named for the audit row. */
static void
run_step(struct worker *w, const char *operation, const char *result, service_step_fn *step)
{
	struct service_call call;
	struct err err = { 0 };

	if (service_worker_call(w->service, w->now, &call, &err) == 0) {
		mem_copy_text(call.operation_name, sizeof(call.operation_name), operation);
		mem_copy_text(call.result, sizeof(call.result), result);
		if (service_transaction(&call, step, &err) == 0) {
			w->done++;
		}
	}
	service_worker_done(&call);
	/* Two workers of one database may meet; whoever came second has nothing to do. */
	if (err.code != ERR_NONE && err.code != ERR_OP_PROGRESS) {
		if (err.code != ERR_STATE && err.code != ERR_TAKEN) {
			log_line(LOG_ERROR, "%s %s: %s", operation, result, err.text);
		}
		earlier(w, w->now + RETRY_MS);
	}
}

static void
deliver(struct worker *w, const char *message_key)
{
	struct service_call call;
	struct err err = { 0 };

	/* Longer than any bank call, the lease is what keeps the others away meanwhile. */
	if (service_worker_call(w->service, w->now, &call, &err) < 0 ||
	    service_bank_deliver(&call, message_key,
		db_is_sqlite(call.db) ? SERVICE_BANK_DUE : SERVICE_BANK_TAKEN, &err) < 0) {
		log_line(LOG_ERROR, "bank message %s: %s", message_key, err.text);
		earlier(w, w->now + RETRY_MS);
	} else {
		w->done++;
	}
	service_worker_done(&call);
}

/* ---- many at once: those who wait for a sync together share it */

struct crew {
	const struct text_list *items;
	const char *operation;
	service_step_fn *step;
	atomic_size_t next; /* of the items */
};

struct hand {
	struct crew *crew;
	struct worker w;
	pthread_t thread;
};

static void *
take_items(void *user)
{
	struct hand *hand = user;
	struct crew *crew = hand->crew;
	size_t i;

	while ((i = atomic_fetch_add(&crew->next, 1)) < crew->items->count) {
		run_step(&hand->w, crew->operation, crew->items->items[i], crew->step);
	}
	return NULL;
}

/* One of the hands is this thread's; more only where the service is allowed threads. */
static void
run_steps(struct worker *w, const char *operation, const struct text_list *items,
    service_step_fn *step)
{
	struct crew crew = { .items = items, .operation = operation, .step = step };
	struct hand hands[HANDS_MAX];
	size_t wanted = (size_t)w->service->opts.hands, count = 1, i;

	wanted = wanted > HANDS_MAX ? HANDS_MAX : wanted;
	wanted = wanted > items->count ? items->count : wanted;
	hands[0] = (struct hand){ .crew = &crew, .w = *w };
	for (; count < wanted; count++) {
		hands[count] = (struct hand){ .crew = &crew, .w = *w };
		hands[count].w.done = 0;
		if (pthread_create(&hands[count].thread, NULL, take_items, &hands[count]) != 0) {
			break;
		}
	}
	take_items(&hands[0]);
	*w = hands[0].w;
	for (i = 1; i < count; i++) {
		pthread_join(hands[i].thread, NULL);
		w->done += hands[i].w.done;
		earlier(w, hands[i].w.next);
	}
}

typedef int due_fn(struct service_call *call, struct text_list *out, int64_t *next,
    struct err *err);

static int
due_decisions(struct service_call *call, struct text_list *out, int64_t *next, struct err *err)
{
	return books_work_due(call->db, call->now, BATCH, out, next, err);
}

static int
due_messages(struct service_call *call, struct text_list *out, int64_t *next, struct err *err)
{
	return books_message_due(call->db, call->now, BATCH, out, next, err);
}

static int
due_vouchers(struct service_call *call, struct text_list *out, int64_t *next, struct err *err)
{
	(void)next;
	return books_work_expired(call->db, call->today, BATCH, out, err);
}

/* Lists what is due with a connection that is given back before the work begins. */
static void
list(struct worker *w, due_fn *due, struct text_list *out)
{
	struct service_call call;
	struct err err = { 0 };
	int64_t next = 0;

	if (service_worker_call(w->service, w->now, &call, &err) < 0 ||
	    due(&call, out, &next, &err) < 0) {
		log_line(LOG_ERROR, "worker: %s", err.text);
		earlier(w, w->now + RETRY_MS);
	}
	service_worker_done(&call);
	earlier(w, next);
	if (out->count == BATCH) {
		earlier(w, w->now + 1);
	}
}

/* ---- debits that the bank made after it had refused them */

struct suspects {
	struct text_list payments; /* refused lately */
	struct text_list debited;  /* op_ids of the bank's debits */
};

static void
keep_debit(const struct bank_movement *m, void *user)
{
	struct suspects *s = user;

	if (strcmp(m->kind, "debit") == 0 && strcmp(m->result_code, "90000") == 0) {
		text_list_add(&s->debited, m->op_id);
	}
}

static int
due_suspects(struct service_call *call, struct text_list *out, int64_t *next, struct err *err)
{
	(void)next;
	return books_payment_refused(call->db, call->now - LATE_MS, out, err);
}

static int
was_debited(struct worker *w, const struct suspects *s, const char *payment_no)
{
	struct service_call call;
	struct payment p;
	struct err err = { 0 };
	int found = -1;
	size_t i;

	if (service_worker_call(w->service, w->now, &call, &err) == 0) {
		found = books_record_find_bare(call.db, &payment_type, NULL, payment_no, &p, &err);
	}
	service_worker_done(&call);
	for (i = 0; found == 1 && i < s->debited.count; i++) {
		if (strcmp(s->debited.items[i], p.op_id) == 0) {
			return 1;
		}
	}
	return 0;
}

static void
reconcile(struct worker *w)
{
	const struct bank *bank = w->service->opts.bank;
	struct suspects s = { 0 };
	size_t i;

	list(w, due_suspects, &s.payments);
	if (bank != NULL && s.payments.count > 0) {
		bank->history(bank->self, keep_debit, &s);
	}
	for (i = 0; i < s.payments.count; i++) {
		if (was_debited(w, &s, s.payments.items[i])) {
			run_step(w, "payment_late", s.payments.items[i], service_payment_late);
			earlier(w, w->now + 1);
		}
	}
	text_list_release(&s.payments);
	text_list_release(&s.debited);
}

static int
sweep_sessions(struct db *db, void *user, struct err *err)
{
	const struct worker *w = user;
	int64_t count = 0;

	if (books_source_sweep(db, w->now - SOURCE_MEMORY_MS, err) < 0) {
		return -1;
	}
	return books_session_sweep(db, w->now, atomic_load(&w->service->session_idle_ms), &count, err);
}

static void
sweep(struct worker *w)
{
	struct service_call call;
	struct err err = { 0 };
	int64_t last = atomic_load(&w->service->swept_at);

	if (w->now - last < SWEEP_MS ||
	    !atomic_compare_exchange_strong(&w->service->swept_at, &last, w->now)) {
		return;
	}
	reconcile(w);
	if (service_worker_call(w->service, w->now, &call, &err) < 0 ||
	    service_write(w->service, call.db, sweep_sessions, w, &err) < 0) {
		log_line(LOG_ERROR, "worker: %s", err.text);
	}
	service_worker_done(&call);
}

int
service_work(struct service *service, int64_t now, int64_t *next)
{
	struct worker w = { .service = service, .now = now, .next = now + IDLE_MS };
	struct text_list decisions = { 0 }, messages = { 0 }, vouchers = { 0 };
	size_t i;

	list(&w, due_decisions, &decisions);
	run_steps(&w, "declaration_decide", &decisions, service_declaration_decide);
	list(&w, due_messages, &messages);
	for (i = 0; i < messages.count; i++) {
		deliver(&w, messages.items[i]);
	}
	if (messages.count > 0) {
		struct text_list none = { 0 };

		/* Delivering set new times. */
		list(&w, due_messages, &none);
		text_list_release(&none);
	}
	list(&w, due_vouchers, &vouchers);
	run_steps(&w, "voucher_expire", &vouchers, service_voucher_expire);
	sweep(&w);
	text_list_release(&decisions);
	text_list_release(&messages);
	text_list_release(&vouchers);
	*next = w.next;
	return w.done;
}
