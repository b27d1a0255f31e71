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

#define SOURCE_WINDOW_MS (15 * 60 * 1000LL)
#define SOURCE_LOCK_MS (15 * 60 * 1000LL)
#define SOURCE_LOCK_MAX_MS (24 * 60 * 60 * 1000LL)
#define SOURCE_EMPLOYERS 5

/* ---- whoever tries one employer after the other is locked out, too */

/* NULL: whose failures are not its own, because many come from there. */
static const char *
source_of(const struct service_call *call)
{
	const char *source = call->asked->source;

	return call->asked->is_shared || source == NULL || source[0] == '\0' ? NULL : source;
}

static int
refuse_locked(struct service_call *call, const char *source, struct err *err)
{
	int64_t until;
	int found = books_source_locked(call->db, source, call->now, &until, err);

	if (found <= 0) {
		return found;
	}
	call->out->retry_after = (until - call->now + 999) / 1000;
	return err_set(err, ERR_PASSWORD_LOCKED,
	    _("从%s登录多个单位失败，已被锁定，请在%lld分钟后重试"), source,
	    (long long)((call->out->retry_after + 59) / 60));
}

static int
note_failure(struct db *db, void *user, struct err *err)
{
	const struct service_call *call = user;
	const struct login_request *r = call->request;
	const struct books_source_rule rule = { .since = call->now - SOURCE_WINDOW_MS,
		.limit = SOURCE_EMPLOYERS,
		.first_ms = SOURCE_LOCK_MS,
		.last_ms = SOURCE_LOCK_MAX_MS };

	return books_source_fail(db, call->asked->source, r->taxpayer_id, call->now, &rule, err);
}

int
service_session_login_prepare(struct service_call *call, struct err *err)
{
	const struct login_request *r = call->request;
	const char *source = source_of(call);

	if (source != NULL && refuse_locked(call, source, err) < 0) {
		return -1;
	}
	if (service_password_compare(call, r->taxpayer_id, r->password, err) < 0) {
		return -1;
	}
	return call->password_ok || source == NULL
	    ? 0
	    : service_write(call->service, call->db, note_failure, call, err);
}

int
service_session_login(struct service_call *call, struct err *err)
{
	const struct login_request *r = call->request;
	struct login_answer *answer = call->answer;
	struct books_session session = { .must_change = call->is_initial || call->is_old,
		.created_at = call->now,
		.used_at = call->now,
		.expires_at = call->now + atomic_load(&call->service->session_max_ms) };
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
