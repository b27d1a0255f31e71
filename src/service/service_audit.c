/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit: the books against themselves (the checks of books_check.c), the chain of audit
 * rows, the kept files, and the bank's ledger against the books, fen by fen.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service_call.h"
#include "service_chain.h"
#include "service_debit.h"
#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/states.h"

struct audit {
	struct db *db;
	service_finding_fn *fn;
	void *user;
	int64_t checked;
	int found;
	int chain_broken;
};

static void
report(struct audit *a, const char *invariant, const char *table, const char *row,
    const char *detail)
{
	struct audit_finding f = { 0 };

	mem_copy_text(f.invariant, sizeof(f.invariant), invariant);
	mem_copy_text(f.table_name, sizeof(f.table_name), table);
	mem_copy_text(f.row_id, sizeof(f.row_id), row);
	mem_copy_text(f.detail, sizeof(f.detail), detail);
	a->found++;
	a->fn(&f, a->user);
}

/* ---- the books */

static int
check_books(struct audit *a, struct err *err)
{
	size_t i;

	for (i = 0; i < books_check_count; i++) {
		const struct books_check *check = &books_checks[i];
		struct rows *rows = NULL;
		int more;

		/* An operation without its audit row is news only while no row is missing. */
		if (a->chain_broken && strcmp(check->table_name, "op") == 0) {
			continue;
		}
		if (db_query(a->db, check->sql, DB_NONE, &rows, err) < 0) {
			return -1;
		}
		while ((more = db_rows_next(rows, err)) == 1) {
			report(a, check->invariant, check->table_name, db_rows_text(rows, 0),
			    db_rows_text(rows, 1));
		}
		db_rows_close(rows);
		if (more < 0) {
			return -1;
		}
		a->checked++;
	}
	return 0;
}

/* ---- the chains */

static void
check_end(struct audit *a, const struct books_audit *last, const struct books_head *head)
{
	char row[65];

	if (head->audit_seq == last->seq && strcmp(head->audit_hash, last->hash) == 0) {
		return;
	}
	snprintf(row, sizeof(row), "%s %" PRId64, last->taxpayer_id, last->seq + 1);
	report(a, "I-35", "audit", row,
	    head->audit_seq > last->seq ? "rows at the end are missing"
					: "the end of the chain is not the one kept");
}

static void
check_row(struct audit *a, const struct books_audit *row, const struct books_audit *before)
{
	char id[65], hash[65];

	snprintf(id, sizeof(id), "%s %" PRId64, row->taxpayer_id, row->seq);
	service_chain_hash(row, hash);
	if (row->seq != before->seq + 1) {
		snprintf(id, sizeof(id), "%s %" PRId64, row->taxpayer_id, before->seq + 1);
		report(a, "I-35", "audit", id, "a row is missing");
	} else if (strcmp(row->prev, before->hash) != 0) {
		report(a, "I-35", "audit", id, "does not follow the row before");
	} else if (strcmp(hash, row->hash) != 0) {
		report(a, "I-35", "audit", id, "its content is not what was hashed");
	}
	a->checked++;
}

static int
check_chain(struct audit *a, const char *taxpayer_id, const struct books_head *head,
    struct err *err)
{
	struct books_audit row, before = { 0 };
	struct rows *rows = NULL;
	int more;

	mem_copy_text(before.taxpayer_id, sizeof(before.taxpayer_id), taxpayer_id);
	if (books_audit_rows(a->db, taxpayer_id, &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		row = (struct books_audit){ 0 };
		if (db_rows_record(rows, &books_audit_type, &row, err) < 0) {
			more = -1;
			break;
		}
		check_row(a, &row, &before);
		before = row;
	}
	db_rows_close(rows);
	if (more == 0) {
		check_end(a, &before, head);
	}
	return more;
}

static int
check_chains(struct audit *a, struct err *err)
{
	struct text_list employers = { 0 };
	struct books_head head;
	int failed = books_audit_chains(a->db, &employers, err), before = a->found;
	size_t i;

	for (i = 0; failed == 0 && i < employers.count; i++) {
		if (books_head_find(a->db, employers.items[i], &head, err) < 0) {
			failed = -1;
		} else {
			failed = check_chain(a, employers.items[i], &head, err);
		}
	}
	a->chain_broken = a->found > before;
	text_list_release(&employers);
	return failed;
}

/* ---- kept files and messages */

static int
check_files(struct audit *a, struct err *err)
{
	struct rows *rows = NULL;
	char hash[65];
	int more;

	if (books_audit_files(a->db, &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		size_t n;
		const void *content = db_rows_bytes(rows, 2, &n);

		crypto_sha256(content, n, hash);
		if (strcmp(hash, db_rows_text(rows, 1)) != 0) {
			report(a, "I-24", "document", db_rows_text(rows, 0),
			    "the file is not the one whose hash was kept");
		}
		a->checked++;
	}
	db_rows_close(rows);
	return more;
}

static void
compare_debit(struct audit *a, const struct payment *p, const struct bank_debit *d)
{
	char detail[257];

	if (d->amount == p->amount && strcmp(d->account_no, p->account_no) == 0 &&
	    strcmp(d->account_name, p->account_name) == 0 &&
	    strcmp(d->tax_ticket_no, p->tax_ticket_no) == 0 && strcmp(d->serial, p->serial) == 0 &&
	    strcmp(d->entrust_date, p->entrust_date) == 0 && strcmp(d->op_id, p->op_id) == 0 &&
	    strcmp(d->agreement_no, p->agreement_no) == 0) {
		return;
	}
	snprintf(detail, sizeof(detail),
	    "%" PRId64 " fen, ticket %s; its message has %" PRId64 " fen, ticket %s", p->amount,
	    p->tax_ticket_no, d->amount, d->tax_ticket_no);
	report(a, "I-08", "payment", p->payment_no, detail);
}

static int
check_messages(struct audit *a, struct err *err)
{
	struct rows *rows = NULL;
	struct payment p;
	struct bank_debit d;
	int more;

	if (books_audit_debits(a->db, &rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		size_t n;
		const void *bytes = db_rows_bytes(rows, 0, &n);
		struct err why = { 0 };

		memset(&p, 0, sizeof(p));
		memset(&d, 0, sizeof(d));
		if (db_rows_record(rows, &payment_type, &p, err) < 0) {
			more = -1;
			break;
		}
		if (service_debit_read(bytes, n, &d, &why) < 0) {
			report(a, "I-26", "outbox", p.payment_no, why.text);
		} else {
			compare_debit(a, &p, &d);
		}
		a->checked++;
	}
	db_rows_close(rows);
	return more;
}

/* ---- the bank */

struct movements {
	struct bank_movement *items;
	size_t count, room;
};

static void
keep_movement(const struct bank_movement *m, void *user)
{
	struct movements *list = user;

	if (strcmp(m->result_code, "90000") != 0 || strcmp(m->kind, "balance") == 0) {
		return;
	}
	if (list->count == list->room) {
		list->room = list->room == 0 ? 64 : list->room * 2;
		list->items = mem_resize(list->items, list->room, sizeof(*list->items));
	}
	list->items[list->count++] = *m;
}

static int
compare_movements(const void *a, const void *b)
{
	const struct bank_movement *x = a, *y = b;
	int order = strcmp(x->kind, y->kind);

	return order != 0 ? order : strcmp(x->tax_ticket_no, y->tax_ticket_no);
}

/* Success of the kind for the ticket: how many, the first in *out. */
static size_t
find_movements(const struct movements *list, const char *kind, const char *ticket,
    const struct bank_movement **out)
{
	struct bank_movement key = { 0 };
	const struct bank_movement *hit;
	size_t n = 0;

	mem_copy_text(key.kind, sizeof(key.kind), kind);
	mem_copy_text(key.tax_ticket_no, sizeof(key.tax_ticket_no), ticket);
	hit = list->count == 0 ? NULL
			       : bsearch(&key, list->items, list->count, sizeof(key), compare_movements);
	if (hit == NULL) {
		return 0;
	}
	while (hit > list->items && compare_movements(hit - 1, &key) == 0) {
		hit--;
	}
	*out = hit;
	while (hit + n < list->items + list->count && compare_movements(hit + n, &key) == 0) {
		n++;
	}
	return n;
}

static void
check_payment(struct audit *a, const struct movements *bank, const struct payment *p, int is_open)
{
	const struct bank_movement *m = NULL, *back = NULL;
	size_t debits = find_movements(bank, "debit", p->tax_ticket_no, &m);
	size_t reversals = find_movements(bank, "reverse", p->tax_ticket_no, &back);
	/* The bank may have done what its answer has not told yet. */
	int may_be_reversed = p->state == PAYMENT_REVERSED || (p->state == PAYMENT_SUCCEEDED && is_open);
	char detail[257];

	a->checked++;
	if (p->amount == 0) {
		return;
	}
	if (debits > 1) {
		snprintf(detail, sizeof(detail), "the bank debited it %zu times", debits);
		report(a, "I-07", "payment", p->payment_no, detail);
	} else if (p->state == PAYMENT_SUCCEEDED && debits != 1) {
		report(a, "I-09", "payment", p->payment_no, "succeeded, but the bank debited nothing");
	} else if (debits == 1 && (p->state == PAYMENT_REFUSED || p->state == PAYMENT_CREATED)) {
		report(a, "I-16", "payment", p->payment_no, "the bank debited it all the same");
	}
	if (reversals > 1 || (reversals == 1 && (debits != 1 || back->amount > m->amount)) ||
	    (reversals == 1 ? !may_be_reversed : p->state == PAYMENT_REVERSED)) {
		report(a, "I-11", "payment", p->payment_no, "reversal and state do not agree");
	}
	if (debits == 0 || (m->amount == p->amount && strcmp(m->account_no, p->account_no) == 0 &&
			       strcmp(m->op_id, p->op_id) == 0)) {
		return;
	}
	snprintf(detail, sizeof(detail), "%" PRId64 " fen, the bank debited %" PRId64, p->amount,
	    m->amount);
	report(a, "I-08", "payment", p->payment_no, detail);
}

static int
is_listed(const struct text_list *list, const char *text)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (strcmp(list->items[i], text) == 0) {
			return 1;
		}
	}
	return 0;
}

static void
check_voucher(struct audit *a, const struct movements *bank, const struct voucher *v)
{
	const struct bank_movement *m = NULL;
	size_t paid = find_movements(bank, "counter", v->voucher_no, &m);
	char detail[257];

	a->checked++;
	if (paid > 1) {
		report(a, "I-07", "voucher", v->voucher_no, "the counter took money more than once");
	} else if (v->state == VOUCHER_PAID && paid != 1) {
		report(a, "I-09", "voucher", v->voucher_no, "paid, but the counter took nothing");
	} else if (paid == 1 && (v->state == VOUCHER_VOIDED || v->state == VOUCHER_EXPIRED)) {
		report(a, "I-18", "voucher", v->voucher_no, "the counter took money all the same");
	} else if (paid == 1 && m->amount != v->amount) {
		snprintf(detail, sizeof(detail), "%" PRId64 " fen, the counter took %" PRId64,
		    v->amount, m->amount);
		report(a, "I-08", "voucher", v->voucher_no, detail);
	}
}

/* Every movement of the bank must be one of the books. */
static int
check_orphans(struct audit *a, const struct movements *bank, struct err *err)
{
	size_t i;

	for (i = 0; i < bank->count; i++) {
		const struct bank_movement *m = &bank->items[i];
		int known = books_audit_movement_known(a->db, m->tax_ticket_no, m->op_id, err);

		if (known < 0) {
			return -1;
		}
		if (!known) {
			report(a, "I-09", "bank", m->key, "the books know nothing of this movement");
		}
		a->checked++;
	}
	return 0;
}

static int
check_bank(struct audit *a, const struct bank *bank, struct err *err)
{
	struct movements list = { 0 };
	struct text_list open = { 0 }; /* payments whose reversal is under way */
	struct rows *rows = NULL;
	int more;

	if (bank == NULL) {
		return 0;
	}
	bank->history(bank->self, keep_movement, &list);
	if (list.count > 0) {
		qsort(list.items, list.count, sizeof(*list.items), compare_movements);
	}
	more = books_audit_reversals(a->db, &open, err);
	if (more == 0) {
		more = books_audit_payments(a->db, &rows, err);
	}
	while (more >= 0 && (more = db_rows_next(rows, err)) == 1) {
		struct payment p = { 0 };

		if (db_rows_record(rows, &payment_type, &p, err) < 0) {
			more = -1;
			break;
		}
		check_payment(a, &list, &p, is_listed(&open, p.payment_no));
	}
	db_rows_close(rows);
	rows = NULL;
	if (more == 0) {
		more = books_audit_vouchers(a->db, &rows, err);
	}
	while (more >= 0 && (more = db_rows_next(rows, err)) == 1) {
		struct voucher v = { 0 };

		if (db_rows_record(rows, &voucher_type, &v, err) < 0) {
			more = -1;
			break;
		}
		check_voucher(a, &list, &v);
	}
	db_rows_close(rows);
	if (more == 0) {
		more = check_orphans(a, &list, err);
	}
	free(list.items);
	text_list_release(&open);
	return more;
}

int
service_audit_run(struct service *service, struct db *db, service_finding_fn *fn, void *user,
    int64_t *checked, struct err *err)
{
	struct audit a = { .db = db, .fn = fn, .user = user };
	int failed = -1;

	/* One transaction, so that a payment that moves meanwhile is seen before or after it. */
	if (db_begin(db, err) == 0 && check_chains(&a, err) == 0 && check_books(&a, err) == 0 &&
	    check_files(&a, err) == 0 && check_messages(&a, err) == 0 &&
	    check_bank(&a, service->opts.bank, err) == 0) {
		failed = 0;
	}
	db_rollback(db);
	*checked = a.checked;
	return failed < 0 ? -1 : a.found;
}

int
service_audit(struct service *service, int64_t now, service_finding_fn *fn, void *user,
    int64_t *checked, struct err *err)
{
	struct db *db = NULL;
	int found;

	(void)now;
	if (db_pool_take(service->opts.pool, &db, err) < 0) {
		return -1;
	}
	found = service_audit_run(service, db, fn, user, checked, err);
	db_pool_give(service->opts.pool, db);
	return found;
}
