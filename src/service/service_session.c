/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 登录: sessions and the proofs (安全认证) made in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service_password.h"
#include "service_proof.h"
#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

int
service_session_login_prepare(struct service_call *call, struct err *err)
{
	const struct login_request *r = call->request;

	return service_password_compare(call, r->taxpayer_id, r->password, err);
}

int
service_session_login(struct service_call *call, struct err *err)
{
	const struct login_request *r = call->request;
	struct login_answer *answer = call->answer;
	struct books_session session = { .must_change = call->is_initial,
		.created_at = call->now,
		.used_at = call->now,
		.expires_at = call->now + call->service->opts.session_max_ms };
	struct employer employer;

	mem_copy_text(call->subject, sizeof(call->subject), r->taxpayer_id);
	mem_copy_text(call->session.client, sizeof(call->session.client), r->client);
	if (service_password_count(call, r->taxpayer_id, err) < 0) {
		return -1;
	}
	if (call->refusal.code != ERR_NONE) {
		return 0;
	}
	if (books_employer_find(call->db, r->taxpayer_id, &employer, err) < 0) {
		return -1;
	}
	service_random_hex(call->service, answer->token, 32);
	crypto_sha256(answer->token, strlen(answer->token), session.token_hash);
	mem_copy_text(session.taxpayer_id, sizeof(session.taxpayer_id), r->taxpayer_id);
	mem_copy_text(session.client, sizeof(session.client), r->client);
	mem_copy_text(session.source, sizeof(session.source),
	    call->asked->source == NULL ? "" : call->asked->source);
	answer->must_change = session.must_change;
	answer->expires_at = session.expires_at;
	answer->server_time = call->now;
	mem_copy_text(answer->taxpayer_id, sizeof(answer->taxpayer_id), r->taxpayer_id);
	mem_copy_text(answer->name, sizeof(answer->name), employer.name);
	return books_session_add(call->db, &session, err);
}

int
service_session_logout(struct service_call *call, struct err *err)
{
	return books_session_end(call->db, call->session.token_hash, err);
}
