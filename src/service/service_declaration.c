/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 申报: submit, decide, void, feedback. */
#include "service_declaration.h"

#include <stdio.h>
#include <string.h>

#include "service_chain.h"
#include "service_claim.h"
#include "service_number.h"
#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/states.h"

#define KIND "declaration"
#define WAIT_MAX_MS 20000

enum {
	FEEDBACK_MAX = 1000
};

/* ---- submit */

static int
refuse_taken(struct service_call *call, const struct levy *levy, struct err *err)
{
	struct declaration other = { 0 };
	struct service_doer doer;

	if (books_record_find_bare(call->db, &declaration_type, call->taxpayer_id,
		levy->declaration_id, &other, err) < 0 ||
	    service_chain_doer(call, other.op_id, other.declared_at, &doer, err) < 0) {
		return -1;
	}
	return err_set(err, ERR_TAKEN, _("征集单%s已由%s于%s提交申报（申报编号%s）"), levy->levy_no,
	    doer.who, doer.at, levy->declaration_id);
}

static int
check_levy(struct service_call *call, const struct declaration *d, const struct levy *levy,
    struct err *err)
{
	int to;

	if (levy->state == LEVY_BATCH_LISTED) {
		return err_set(err, ERR_BATCH_LISTED, _("征集单%s已生成批扣清册"), levy->levy_no);
	}
	if (levy->state == LEVY_DECLARING || levy->state == LEVY_DECLARED) {
		return refuse_taken(call, levy, err);
	}
	if (state_table_next(&states_levy, levy->state, LEVY_SUBMIT, ROLE_CLERK, &to, err) < 0) {
		return err_wrap(err, "%s", levy->levy_no);
	}
	if (levy->kind != d->kind) {
		return err_set(err, ERR_DATA, _("征集单%s属于%s"), levy->levy_no,
		    _(levy_kinds.rows[levy->kind].label));
	}
	if (levy->valid_until[0] != '\0' && strcmp(levy->valid_until, call->today) < 0) {
		return err_set(err, ERR_STATE, _("征集单%s已超过有效期%s"), levy->levy_no,
		    levy->valid_until);
	}
	return 0;
}

static int
add_levy(struct service_call *call, void *user, const struct levy *levy, struct err *err)
{
	struct declaration *d = user;
	struct books_claim claim = { .kind = KIND, .live = 1 };

	if (check_levy(call, d, levy, err) < 0 ||
	    money_add(d->amount, levy->amount, &d->amount, err) < 0) {
		return -1;
	}
	d->levy_count++;
	d->headcount += levy->headcount;
	if (d->period_from[0] == '\0' || strcmp(levy->period_from, d->period_from) < 0) {
		memcpy(d->period_from, levy->period_from, sizeof(d->period_from));
	}
	if (strcmp(levy->period_to, d->period_to) > 0) {
		memcpy(d->period_to, levy->period_to, sizeof(d->period_to));
	}
	mem_copy_text(claim.holder, sizeof(claim.holder), d->declaration_id);
	mem_copy_text(claim.levy_no, sizeof(claim.levy_no), levy->levy_no);
	mem_copy_text(claim.taxpayer_id, sizeof(claim.taxpayer_id), call->taxpayer_id);
	claim.amount = levy->amount;
	text_list_add(&d->levy_nos, levy->levy_no);
	return books_claim_add(call->db, &claim, err);
}

/* All levies of the declaration; they name it as long as it holds them. */
static int
move_levies(struct service_call *call, const struct declaration *d, int from, int event,
    unsigned role, struct err *err)
{
	const char *held = event == LEVY_SUBMIT || event == LEVY_ACCEPT ? d->declaration_id : "";
	struct books_change change = { .taxpayer_id = d->taxpayer_id,
		.kind = KIND,
		.holder = d->declaration_id,
		.from = state_table_name(&states_levy, from),
		.version = call->version,
		.count = d->levy_count };
	int to;

	if (state_table_next(&states_levy, from, event, role, &to, err) < 0) {
		return -1;
	}
	change.to = state_table_name(&states_levy, to);
	return books_levy_declaring(call->db, &change, held, err);
}

int
service_declaration_submit(struct service_call *call, struct err *err)
{
	const struct declare_request *r = call->request;
	struct declaration *d = call->answer;
	char sum[MONEY_TEXT_MAX];

	if (service_claim_check(&r->levy_nos, err) < 0) {
		return -1;
	}
	mem_copy_text(d->taxpayer_id, sizeof(d->taxpayer_id), call->taxpayer_id);
	mem_copy_text(d->op_id, sizeof(d->op_id), r->op_id);
	d->kind = r->kind;
	d->declared_at = call->now;
	if (service_version(call, call->taxpayer_id, err) < 0 ||
	    service_number_declaration(call, d->declaration_id, err) < 0 ||
	    state_table_next(&states_declaration, DECLARATION_QUEUED, DECLARATION_SEND,
		ROLE_CLERK, &d->state, err) < 0) {
		return -1;
	}
	d->version = call->version;
	if (service_claim_each(call, call->taxpayer_id, &r->levy_nos, add_levy, d, err) < 0) {
		return -1;
	}
	if (d->amount != r->amount) {
		money_format(d->amount, sum);
		return err_set(err, ERR_AMOUNT, _("应缴费额合计为%s元，与确认时不一致"), sum);
	}
	snprintf(call->detail, sizeof(call->detail), "%s: %lld levies, %lld fen",
	    d->declaration_id, (long long)d->levy_count, (long long)d->amount);
	if (move_levies(call, d, LEVY_INITIAL, LEVY_SUBMIT, ROLE_CLERK, err) < 0 ||
	    books_record_add(call->db, &declaration_type, d, err) < 0) {
		return -1;
	}
	call->leaves_work = 1;
	return books_work_add(call->db, d->taxpayer_id, KIND, d->declaration_id,
	    call->now + call->service->opts.feedback_delay_ms, err);
}

/* ---- decide */

/* Writes the declaration in its next state; the version of the try is taken before. */
static int
move(struct service_call *call, struct declaration *d, int event, unsigned role, struct err *err)
{
	const char *from = state_table_name(&states_declaration, d->state);

	if (state_table_next(&states_declaration, d->state, event, role, &d->state, err) < 0) {
		return -1;
	}
	d->version = call->version;
	return books_record_update(call->db, &declaration_type, d, from, err);
}

static int
accept(struct service_call *call, struct declaration *d, struct err *err)
{
	d->decided_at = call->now;
	if (move_levies(call, d, LEVY_DECLARING, LEVY_ACCEPT, ROLE_SERVICE, err) < 0) {
		return -1;
	}
	return move(call, d, DECLARATION_ACCEPT, ROLE_SERVICE, err);
}

static int
refuse_void_of(const char *kind, struct err *err)
{
	return err_set(err, ERR_CHANNEL,
	    strcmp(kind, "voucher") == 0 ? _("该申报的费款已开具缴费凭证，请先作废凭证")
					 : _("该申报的费款已缴费或正在缴费，不能作废"));
}

static int
decide_void(struct service_call *call, struct declaration *d, struct err *err)
{
	struct err why = { 0 };
	int64_t claims;
	char kind[17];

	if (books_claim_channels(call->db, d->taxpayer_id, d->declaration_id, &claims, kind, err) <
	    0) {
		return -1;
	}
	d->decided_at = call->now;
	if (claims > 0) {
		refuse_void_of(kind, &why);
		mem_copy_text(d->reason, sizeof(d->reason), why.text);
		return move(call, d, DECLARATION_VOID_REJECT, ROLE_SERVICE, err);
	}
	if (move_levies(call, d, LEVY_DECLARED, LEVY_VOID, ROLE_SERVICE, err) < 0 ||
	    books_claim_release(
		call->db, d->taxpayer_id, KIND, d->declaration_id, d->levy_count, err) < 0) {
		return -1;
	}
	return move(call, d, DECLARATION_VOID_ACCEPT, ROLE_SERVICE, err);
}

int
service_declaration_decide(struct service_call *call, struct err *err)
{
	struct declaration d;
	int found, failed = -1;

	found = books_record_find(call->db, &declaration_type, NULL, call->result, &d, err);
	if (found <= 0) {
		return found < 0 ? -1 : books_work_done(call->db, NULL, KIND, call->result, err);
	}
	mem_copy_text(call->subject, sizeof(call->subject), d.taxpayer_id);
	if (books_work_done(call->db, d.taxpayer_id, KIND, d.declaration_id, err) < 0 ||
	    service_version(call, d.taxpayer_id, err) < 0) {
		goto out;
	}
	if (d.state == DECLARATION_PENDING) {
		failed = accept(call, &d, err);
	} else {
		failed = decide_void(call, &d, err);
	}
	snprintf(call->detail, sizeof(call->detail), "%s: %s", d.declaration_id,
	    state_table_name(&states_declaration, d.state));
out:
	record_release(&declaration_type, &d);
	return failed;
}

int
service_declaration_reject(
    struct service_call *call, const struct levy *levy, int event, struct err *err)
{
	struct declaration d;
	struct books_change change = { .taxpayer_id = levy->taxpayer_id,
		.holder = levy->levy_no,
		.from = state_table_name(&states_levy, levy->state),
		.version = call->version };
	int found, to, failed = -1;

	found = books_record_find(call->db, &declaration_type, levy->taxpayer_id,
	    levy->declaration_id, &d, err);
	if (found <= 0) {
		return err_set(err, ERR_STATE, _("征集单%s没有申报记录"), levy->levy_no);
	}
	if (state_table_next(&states_levy, levy->state, event, ROLE_SERVICE, &to, err) < 0) {
		goto out;
	}
	change.to = state_table_name(&states_levy, to);
	if (books_levy_one(call->db, &change, "", err) < 0) {
		goto out;
	}
	d.levy_count--;
	if (move_levies(call, &d, LEVY_DECLARING, LEVY_REJECT, ROLE_SERVICE, err) < 0) {
		goto out;
	}
	d.levy_count++;
	d.decided_at = call->now;
	snprintf(d.reason, sizeof(d.reason),
	    event == LEVY_REJECT_WITHDRAWN ? _("征集单%s已由税务机关撤单（核销）")
					   : _("征集单%s已列入批扣清册"),
	    levy->levy_no);
	if (books_claim_release(
		call->db, d.taxpayer_id, KIND, d.declaration_id, d.levy_count, err) < 0 ||
	    books_work_done(call->db, d.taxpayer_id, KIND, d.declaration_id, err) < 0) {
		goto out;
	}
	failed = move(call, &d, DECLARATION_REJECT, ROLE_SERVICE, err);
out:
	record_release(&declaration_type, &d);
	return failed;
}

/* ---- void */

int
service_declaration_void(struct service_call *call, struct err *err)
{
	const struct declaration_void_request *r = call->request;
	struct declaration *d = call->answer;
	int64_t claims;
	char kind[17];
	int found = books_record_find(
	    call->db, &declaration_type, call->taxpayer_id, r->declaration_id, d, err);

	if (found < 0) {
		return -1;
	}
	if (found == 0) {
		return err_set(err, ERR_NOT_FOUND, _("没有申报编号为%s的申报记录"), r->declaration_id);
	}
	if (books_claim_channels(call->db, d->taxpayer_id, d->declaration_id, &claims, kind, err) <
	    0) {
		return -1;
	}
	if (claims > 0) {
		return refuse_void_of(kind, err);
	}
	d->reason[0] = '\0';
	snprintf(call->detail, sizeof(call->detail), "%s", d->declaration_id);
	if (service_version(call, d->taxpayer_id, err) < 0 ||
	    move(call, d, DECLARATION_VOID, ROLE_CLERK, err) < 0) {
		return -1;
	}
	call->leaves_work = 1;
	return books_work_add(call->db, d->taxpayer_id, KIND, d->declaration_id,
	    call->now + call->service->opts.feedback_delay_ms, err);
}

/* ---- feedback */

int
service_declaration_feedback(struct service_call *call, struct err *err)
{
	const struct feedback_request *r = call->request;
	struct feedback_answer *answer = call->answer;
	int finals = 0;
	size_t i;

	if (r->declaration_ids.count == 0 || r->declaration_ids.count > FEEDBACK_MAX) {
		return err_set(err, ERR_LIMIT, _("一次可查询1至%d条申报记录"), FEEDBACK_MAX);
	}
	for (i = 0; i < r->declaration_ids.count; i++) {
		struct declaration *d = record_list_add(&answer->declarations, &declaration_type);
		int found = books_record_find(call->db, &declaration_type, call->taxpayer_id,
		    r->declaration_ids.items[i], d, err);

		if (found <= 0) {
			return err_set(err, ERR_NOT_FOUND, _("没有申报编号为%s的申报记录"),
			    r->declaration_ids.items[i]);
		}
		finals += d->state != DECLARATION_PENDING && d->state != DECLARATION_VOIDING;
	}
	call->out->pending = finals == 0;
	call->out->wait_ms = r->wait_ms < 0		? 0
	    : r->wait_ms > WAIT_MAX_MS ? WAIT_MAX_MS
				       : r->wait_ms;
	return 0;
}
