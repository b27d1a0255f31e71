/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 问题咨询: asked by clerks, answered by officers. */
#include <stdio.h>

#include "service_number.h"
#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

int
service_consultation_ask(struct service_call *call, struct err *err)
{
	const struct consultation_request *r = call->request;
	struct consultation *c = call->answer;

	mem_copy_text(c->taxpayer_id, sizeof(c->taxpayer_id), call->taxpayer_id);
	mem_copy_text(c->op_id, sizeof(c->op_id), r->op_id);
	mem_copy_text(c->question, sizeof(c->question), r->question);
	mem_copy_text(c->diagnostics, sizeof(c->diagnostics), r->diagnostics);
	c->asked_at = call->now;
	if (service_version(call, call->taxpayer_id, err) < 0 ||
	    service_number_daily(call, 'Q', c->consultation_id, err) < 0) {
		return -1;
	}
	c->version = call->version;
	snprintf(call->detail, sizeof(call->detail), "%s", c->consultation_id);
	return books_record_add(call->db, &consultation_type, c, err);
}

int
service_consultation_answer(struct service_call *call, struct err *err)
{
	const struct consultation_answer_request *r = call->request;
	struct consultation *c = call->answer;
	int found = books_record_find_bare(
	    call->db, &consultation_type, NULL, r->consultation_id, c, err);

	if (found < 0) {
		return -1;
	}
	if (found == 0) {
		return err_set(err, ERR_NOT_FOUND, _("没有咨询%s"), r->consultation_id);
	}
	if (c->answered_at != 0) {
		return err_set(err, ERR_STATE, _("咨询%s已经答复"), r->consultation_id);
	}
	mem_copy_text(call->subject, sizeof(call->subject), c->taxpayer_id);
	mem_copy_text(c->answer, sizeof(c->answer), r->answer);
	c->answered_at = call->now;
	if (service_version(call, c->taxpayer_id, err) < 0) {
		return -1;
	}
	c->version = call->version;
	snprintf(call->detail, sizeof(call->detail), "%s", c->consultation_id);
	return books_record_answer(call->db, c, err);
}

int
service_consultation_list(struct service_call *call, struct err *err)
{
	struct rows *rows = NULL;

	if (books_record_consultations(call->db, &rows, err) < 0) {
		return -1;
	}
	return service_list_rows(call, rows, err);
}
