/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit rows: each holds the hash of the one before, a chain for every employer and one
 * for the office. The end of each chain is kept apart, so that a cut end is seen, too. */
#include "service_chain.h"

#include <inttypes.h>

#include "shebao/mem.h"
#include "shebao/state_table.h"

void
service_chain_hash(const struct books_audit *row, char out[65])
{
	struct buf b = { 0 };

	buf_printf(&b, "%s\x1f%s\x1f%" PRId64 "\x1f%" PRId64 "\x1f%s\x1f%s\x1f%s\x1f%s\x1f%s",
	    row->prev, row->taxpayer_id, row->seq, row->at, row->actor, row->operation, row->op_id,
	    row->outcome, row->detail);
	crypto_sha256(b.data, b.len, out);
	buf_release(&b);
}

static const char *
actor_of(const struct service_call *call)
{
	if (call->role & (ROLE_OFFICER | ROLE_BUREAU)) {
		return call->role & ROLE_OFFICER ? "officer" : "bureau";
	}
	if (call->asked == NULL) {
		return "service";
	}
	return call->session.client[0] != '\0' ? call->session.client : "clerk";
}

int
service_chain_add(struct service_call *call, const char *op_id, struct err *err)
{
	struct books_audit row = { .at = call->now };
	struct books_head head;

	if (books_head_find(call->db, call->subject, &head, err) < 0) {
		return -1;
	}
	mem_copy_text(row.taxpayer_id, sizeof(row.taxpayer_id), call->subject);
	row.seq = head.audit_seq + 1;
	mem_copy_text(row.actor, sizeof(row.actor), actor_of(call));
	mem_copy_text(row.operation, sizeof(row.operation), call->operation_name);
	mem_copy_text(row.op_id, sizeof(row.op_id), op_id);
	mem_copy_text(row.outcome, sizeof(row.outcome),
	    call->refusal.code == ERR_NONE ? "done" : err_info(call->refusal.code)->name);
	mem_copy_text(row.detail, sizeof(row.detail), call->detail);
	mem_copy_text(row.prev, sizeof(row.prev), head.audit_hash);
	service_chain_hash(&row, row.hash);
	return books_audit_add(call->db, &row, err);
}
