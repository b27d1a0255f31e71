/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The payment side of levies: taken by one payment or voucher, freed, settled. */
#include "service_claim.h"

#include <stdlib.h>
#include <string.h>

#include "service_chain.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/states.h"

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
service_claim_check(const struct text_list *levy_nos, struct err *err)
{
	char **sorted;
	size_t i;
	int failed = 0;

	if (levy_nos->count == 0 || levy_nos->count > LEVIES_MAX) {
		return levy_nos->count == 0 ? err_set(err, ERR_NOTHING, _("没有选择费款"))
					    : err_set(err, ERR_LIMIT, _("一次最多办理%d笔"), LEVIES_MAX);
	}
	sorted = mem_alloc(levy_nos->count * sizeof(*sorted));
	for (i = 0; i < levy_nos->count; i++) {
		sorted[i] = levy_nos->items[i];
	}
	qsort(sorted, levy_nos->count, sizeof(*sorted), compare_texts);
	for (i = 1; failed == 0 && i < levy_nos->count; i++) {
		if (strcmp(sorted[i - 1], sorted[i]) == 0) {
			failed = err_set(err, ERR_DATA, _("征集单%s重复"), sorted[i]);
		}
	}
	free(sorted);
	return failed;
}

int
service_claim_each(struct service_call *call, const char *taxpayer_id,
    const struct text_list *levy_nos, service_levy_fn *fn, void *user, struct err *err)
{
	struct levy *page = mem_alloc(BOOKS_LEVIES * sizeof(*page));
	size_t i, left;
	int failed = 0;

	for (i = 0; failed == 0 && i < levy_nos->count; i++) {
		const struct levy *levy = &page[i % BOOKS_LEVIES];

		left = levy_nos->count - i;
		if (i % BOOKS_LEVIES == 0) {
			failed = books_levy_find(call->db, taxpayer_id, levy_nos->items + i,
			    left < BOOKS_LEVIES ? left : BOOKS_LEVIES, page, err);
		}
		if (failed == 0 && levy->levy_no[0] == '\0') {
			failed = err_set(err, ERR_NOT_FOUND, _("没有征集单%s"), levy_nos->items[i]);
		}
		if (failed == 0) {
			failed = fn(call, user, levy, err);
		}
	}
	free(page);
	return failed;
}

static int
is_payment(const struct service_claim *claim)
{
	return strcmp(claim->kind, "payment") == 0;
}

static int
refuse_paying(struct service_call *call, const struct levy *levy, struct err *err)
{
	struct payment other = { 0 };
	struct service_doer doer;

	if (books_record_find_bare(call->db, &payment_type, call->taxpayer_id, levy->payment_no,
		&other, err) < 0 ||
	    service_chain_doer(call, other.op_id, other.created_at, &doer, err) < 0) {
		return -1;
	}
	return err_set(err, ERR_TAKEN,
	    _("征集单%s正在扣款中，不允许重复发起扣款（%s于%s发起）"), levy->levy_no, doer.who,
	    doer.at);
}

static int
refuse_vouchered(struct service_call *call, const struct levy *levy, struct err *err)
{
	struct voucher other = { 0 };
	struct service_doer doer;

	if (books_record_find_bare(call->db, &voucher_type, call->taxpayer_id, levy->voucher_no,
		&other, err) < 0 ||
	    service_chain_doer(call, other.op_id, other.issued_at, &doer, err) < 0) {
		return -1;
	}
	return err_set(err, ERR_TAKEN, _("征集单%s已开具缴费凭证%s（%s于%s开具）"), levy->levy_no,
	    levy->voucher_no, doer.who, doer.at);
}

static int
refuse_pay_state(struct service_call *call, const struct service_claim *claim,
    const struct levy *levy, struct err *err)
{
	switch ((enum levy_pay_state)levy->pay_state) {
	case LEVY_PAY_PAYING:
	case LEVY_PAY_UNCONFIRMED:
		return is_payment(claim)
		    ? refuse_paying(call, levy, err)
		    : err_set(err, ERR_CHANNEL, _("征集单%s正在扣款中，不能开具缴费凭证"), levy->levy_no);
	case LEVY_PAY_VOUCHERED:
		return is_payment(claim)
		    ? err_set(err, ERR_CHANNEL,
			  _("请求的缴款方式与原有方式不一致：征集单%s已开具缴费凭证%s"),
			  levy->levy_no, levy->voucher_no)
		    : refuse_vouchered(call, levy, err);
	case LEVY_PAY_SETTLED:
		return err_set(
		    err, ERR_STATE, _("征集单%s已经扣款成功，不允许再次扣款。"), levy->levy_no);
	case LEVY_PAY_UNPAID:
	case LEVY_PAY_STATE_COUNT:
	default:
		return 0;
	}
}

/* The declaration must stand: while it is being voided its levies cannot be paid (I-05). */
static int
check_declaration(struct service_call *call, const struct levy *levy, struct err *err)
{
	struct declaration d;
	int found, is_accepted;

	found = books_record_find_bare(call->db, &declaration_type, levy->taxpayer_id,
	    levy->declaration_id, &d, err);
	is_accepted = found == 1 && d.state == DECLARATION_ACCEPTED;
	if (found < 0) {
		return -1;
	}
	return is_accepted
	    ? 0
	    : err_set(err, ERR_STATE, _("征集单%s的申报正在作废，不能缴费"), levy->levy_no);
}

struct taking {
	struct service_claim *claim;
	char checked[RECORD_ID_SIZE]; /* the declaration that was looked at last */
};

static int
take_one(struct service_call *call, void *user, const struct levy *levy, struct err *err)
{
	struct taking *taking = user;
	struct service_claim *claim = taking->claim;
	struct books_claim row = { .live = 1 };

	if (levy->state != LEVY_DECLARED) {
		return err_set(err, ERR_STATE, _("征集单%s当前为“%s”，不能缴费"), levy->levy_no,
		    _(state_table_label(&states_levy, levy->state)));
	}
	if (refuse_pay_state(call, claim, levy, err) < 0) {
		return -1;
	}
	if (strcmp(taking->checked, levy->declaration_id) != 0) {
		if (check_declaration(call, levy, err) < 0) {
			return -1;
		}
		mem_copy_text(taking->checked, sizeof(taking->checked), levy->declaration_id);
	}
	if (levy->due_date[0] != '\0' &&
	    (claim->due_date[0] == '\0' || strcmp(levy->due_date, claim->due_date) < 0)) {
		memcpy(claim->due_date, levy->due_date, sizeof(claim->due_date));
	}
	if (levy->valid_until[0] != '\0' &&
	    (claim->valid_until[0] == '\0' || strcmp(levy->valid_until, claim->valid_until) < 0)) {
		memcpy(claim->valid_until, levy->valid_until, sizeof(claim->valid_until));
	}
	mem_copy_text(row.kind, sizeof(row.kind), claim->kind);
	mem_copy_text(row.holder, sizeof(row.holder), claim->holder);
	mem_copy_text(row.levy_no, sizeof(row.levy_no), levy->levy_no);
	mem_copy_text(row.taxpayer_id, sizeof(row.taxpayer_id), claim->taxpayer_id);
	row.amount = levy->amount;
	claim->count++;
	if (money_add(claim->amount, levy->amount, &claim->amount, err) < 0) {
		return -1;
	}
	return books_claim_add(call->db, &row, err);
}

static struct books_change
change_of(const struct service_call *call, const struct service_claim *claim, int from, int to)
{
	return (struct books_change){ .taxpayer_id = claim->taxpayer_id,
		.kind = claim->kind,
		.holder = claim->holder,
		.from = state_table_name(&states_levy_pay, from),
		.to = state_table_name(&states_levy_pay, to),
		.version = call->version,
		.count = claim->count };
}

/* The change that the table allows. */
static int
plan_change(const struct service_call *call, const struct service_claim *claim, int from, int event,
    unsigned role, struct books_change *out, struct err *err)
{
	int to;

	if (state_table_next(&states_levy_pay, from, event, role, &to, err) < 0) {
		return -1;
	}
	*out = change_of(call, claim, from, to);
	return 0;
}

int
service_claim_take(struct service_call *call, struct service_claim *claim,
    const struct text_list *levy_nos, int event, struct err *err)
{
	struct taking taking = { .claim = claim };

	if (service_claim_check(levy_nos, err) < 0 ||
	    service_claim_each(call, claim->taxpayer_id, levy_nos, take_one, &taking, err) < 0) {
		return -1;
	}
	return service_claim_move(call, claim, LEVY_PAY_UNPAID, event, ROLE_CLERK, err);
}

int
service_claim_move(struct service_call *call, const struct service_claim *claim, int from,
    int event, unsigned role, struct err *err)
{
	struct books_change change;

	if (plan_change(call, claim, from, event, role, &change, err) < 0) {
		return -1;
	}
	return books_levy_paying(call->db, &change, is_payment(claim) ? claim->holder : "",
	    is_payment(claim) ? "" : claim->holder, err);
}

int
service_claim_free(struct service_call *call, const struct service_claim *claim, int from,
    int event, unsigned role, struct err *err)
{
	struct books_change change;

	if (plan_change(call, claim, from, event, role, &change, err) < 0) {
		return -1;
	}
	if (books_levy_paying(call->db, &change, "", "", err) < 0) {
		return -1;
	}
	return books_claim_release(
	    call->db, claim->taxpayer_id, claim->kind, claim->holder, claim->count, err);
}

int
service_claim_reverse(struct service_call *call, const struct service_claim *claim, struct err *err)
{
	struct books_change change =
	    change_of(call, claim, LEVY_PAY_UNPAID, LEVY_PAY_UNPAID);

	if (service_claim_free(call, claim, LEVY_PAY_SETTLED, LEVY_PAY_REVERSE, ROLE_BANK, err) < 0 ||
	    books_levy_settled(call->db, &change, "", "", err) < 0) {
		return -1;
	}
	return books_payment_declarations(call->db, &change, err);
}

int
service_claim_settle(struct service_call *call, const struct service_claim *claim, int from,
    const char *tax_ticket_no, const char *settled_on, struct err *err)
{
	struct books_change change;

	if (plan_change(call, claim, from, LEVY_PAY_SETTLE, ROLE_BANK, &change, err) < 0 ||
	    books_levy_settled(call->db, &change, tax_ticket_no, settled_on, err) < 0) {
		return -1;
	}
	return books_payment_declarations(call->db, &change, err);
}
