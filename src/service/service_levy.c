/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What offices do to levies: withdrawal (撤单, 核销) and batch-debit lists (批扣清册). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "service_declaration.h"
#include "service_number.h"
#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/money.h"
#include "shebao/states.h"

/* One levy leaves by event; if it is being declared, its declaration is rejected because of it. */
static int
take_away(struct service_call *call, const struct levy *levy, int event, int reject_event,
    struct err *err)
{
	struct books_change change = { .taxpayer_id = levy->taxpayer_id,
		.holder = levy->levy_no,
		.from = state_table_name(&states_levy, levy->state),
		.version = call->version };
	int to;

	if (state_table_next(&states_levy, levy->state, event, call->role, &to, err) < 0) {
		return err_wrap(err, "%s", levy->levy_no);
	}
	if (levy->state == LEVY_DECLARING) {
		return service_declaration_reject(call, levy, reject_event, err);
	}
	change.to = state_table_name(&states_levy, to);
	return books_levy_one(call->db, &change, levy->declaration_id, err);
}

int
service_levy_withdraw(struct service_call *call, struct err *err)
{
	const struct numbers_request *r = call->request;
	struct numbers_answer *answer = call->answer;
	struct levy levy;
	size_t i;

	if (r->numbers.count == 0 || r->numbers.count > LEVIES_MAX) {
		return err_set(err, ERR_LIMIT, _("一次可撤单1至%d笔"), LEVIES_MAX);
	}
	for (i = 0; i < r->numbers.count; i++) {
		int found = books_levy_find_any(call->db, r->numbers.items[i], &levy, err);

		if (found <= 0) {
			return found < 0
			    ? -1
			    : err_set(err, ERR_NOT_FOUND, _("没有征集单%s"), r->numbers.items[i]);
		}
		if (service_version(call, levy.taxpayer_id, err) < 0 ||
		    take_away(call, &levy, LEVY_WITHDRAW, LEVY_REJECT_WITHDRAWN, err) < 0) {
			return -1;
		}
		answer->count++;
	}
	snprintf(call->detail, sizeof(call->detail), "%" PRId64 " levies, first %s: %.150s",
	    answer->count, r->numbers.items[0], r->reason);
	return 0;
}

/* ---- batch lists */

static int
list_levy(struct service_call *call, struct batch_list *list, const char *levy_no, struct err *err)
{
	struct books_claim claim = { .kind = "batch", .live = 1 };
	struct levy levy;

	/* Read anew: rejecting a declaration may have changed it. */
	if (books_levy_find_any(call->db, levy_no, &levy, err) < 0 ||
	    take_away(call, &levy, LEVY_BATCH_LIST, LEVY_REJECT_BATCH_LISTED, err) < 0 ||
	    money_add(list->amount, levy.amount, &list->amount, err) < 0) {
		return -1;
	}
	list->levy_count++;
	claim.amount = levy.amount;
	mem_copy_text(claim.holder, sizeof(claim.holder), list->batch_list_no);
	mem_copy_text(claim.levy_no, sizeof(claim.levy_no), levy_no);
	mem_copy_text(claim.taxpayer_id, sizeof(claim.taxpayer_id), levy.taxpayer_id);
	return books_claim_add(call->db, &claim, err);
}

static int
choose(struct service_call *call, const struct batch_list *list, struct text_list *out,
    struct err *err)
{
	struct rows *rows = NULL;
	struct levy levy;
	int more;

	if (books_levy_period(call->db, list->taxpayer_id, list->period_from, list->period_to,
		&rows, err) < 0) {
		return -1;
	}
	while ((more = db_rows_next(rows, err)) == 1) {
		memset(&levy, 0, sizeof(levy));
		if (db_rows_record(rows, &levy_type, &levy, err) < 0) {
			more = -1;
			break;
		}
		if ((levy.state == LEVY_INITIAL || levy.state == LEVY_DECLARING) &&
		    (levy.valid_until[0] == '\0' || strcmp(levy.valid_until, call->today) >= 0)) {
			text_list_add(out, levy.levy_no);
		}
	}
	db_rows_close(rows);
	return more;
}

int
service_levy_batch_create(struct service_call *call, struct err *err)
{
	const struct batch_list_request *r = call->request;
	struct batch_list *list = call->answer;
	struct text_list levy_nos = { 0 };
	int failed = -1;
	size_t i;

	mem_copy_text(list->taxpayer_id, sizeof(list->taxpayer_id), r->taxpayer_id);
	mem_copy_text(list->period_from, sizeof(list->period_from), r->period_from);
	mem_copy_text(list->period_to, sizeof(list->period_to), r->period_to);
	mem_copy_text(call->subject, sizeof(call->subject), r->taxpayer_id);
	list->created_at = call->now;
	if (choose(call, list, &levy_nos, err) < 0) {
		goto out;
	}
	if (levy_nos.count == 0) {
		err_set(err, ERR_NOTHING, _("该单位该费款所属期没有可列入批扣清册的费款"));
		goto out;
	}
	if (service_version(call, r->taxpayer_id, err) < 0 ||
	    service_number_daily(call, 'P', list->batch_list_no, err) < 0) {
		goto out;
	}
	list->version = call->version;
	for (i = 0; i < levy_nos.count; i++) {
		if (list_levy(call, list, levy_nos.items[i], err) < 0) {
			goto out;
		}
	}
	snprintf(call->detail, sizeof(call->detail), "%s: %" PRId64 " levies", list->batch_list_no,
	    list->levy_count);
	failed = books_record_add(call->db, &request_batch_list_answer, list, err);
out:
	text_list_release(&levy_nos);
	return failed;
}

int
service_levy_batch_lists(struct service_call *call, struct err *err)
{
	struct rows *rows = NULL;

	if (books_record_batch_lists(call->db, &rows, err) < 0) {
		return -1;
	}
	return service_list_rows(call, rows, err);
}
