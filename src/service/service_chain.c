/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit rows: each holds the hash of the one before, a chain for every employer and one
 * for the office. The end of each chain is kept apart, so that a cut end is seen, too. */
#include "service_chain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"

/* The actor when the client did not say what it is. */
#define UNNAMED "clerk"

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
	return call->session.client[0] != '\0' ? call->session.client : UNNAMED;
}

int
service_chain_add(struct service_call *call, const char *op_id, struct err *err)
{
	struct books_audit row = { .at = call->now };
	struct books_head head = call->head;

	/* Whoever took a version knows the end of the chain, and keeps others from it. */
	if ((call->version == 0 || strcmp(call->head_of, call->subject) != 0) &&
	    books_head_find(call->db, call->subject, &head, err) < 0) {
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

/* A client of ours says "shebao VERSION HOST USER" of itself; others are named as they are. */
static void
name_actor(const char *actor, char *out, size_t size)
{
	char host[65], user[65];

	if (sscanf(actor, "shebao %*s %64s %64s", host, user) == 2) {
		snprintf(out, size, "%.31s@%.32s", user, host);
	} else {
		mem_copy_text(out, size, strcmp(actor, UNNAMED) == 0 ? _("经办人") : actor);
	}
}

int
service_chain_doer(struct service_call *call, const char *op_id, int64_t at,
    struct service_doer *out, struct err *err)
{
	char actor[65];

	if (books_audit_actor(call->db, call->taxpayer_id, op_id, actor, err) < 0) {
		return -1;
	}
	date_time_format(at, out->at);
	name_actor(actor, out->who, sizeof(out->who));
	return 0;
}
