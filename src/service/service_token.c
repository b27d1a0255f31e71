/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens of officers and bureaus: made, listed, revoked. Only their hashes are kept. */
#include <stdio.h>
#include <string.h>

#include "service_uses.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"
#include "shebao/token.h"

#define DAYS_MAX 3650
#define DAY_MS (24 * 60 * 60 * 1000LL)

/* Draws it and fills what depends on it. */
static void
draw(const struct service *service, char out[65], struct books_token *token)
{
	service_random_hex(service, out, 32);
	crypto_sha256(out, strlen(out), token->token_hash);
	/* Part of the hash, which tells nothing of the token. */
	snprintf(token->token_id, sizeof(token->token_id), "%.12s", token->token_hash);
}

int
service_token_create(struct service_call *call, struct err *err)
{
	static const unsigned roles[] = { [TOKEN_OFFICER] = ROLE_OFFICER,
		[TOKEN_BUREAU] = ROLE_BUREAU,
		[TOKEN_BOTH] = ROLE_OFFICER | ROLE_BUREAU };
	const struct token_request *r = call->request;
	struct token_answer *answer = call->answer;
	struct books_token token = { .role = (int64_t)roles[r->role], .created_at = call->now };

	_Static_assert(ARRAY_LEN(roles) == TOKEN_ROLE_COUNT, "roles for each");
	if (r->days < 0 || r->days > DAYS_MAX) {
		return err_set(err, ERR_DATA, _("days: 应为0到%d"), DAYS_MAX);
	}
	mem_copy_text(token.name, sizeof(token.name), r->name);
	token.expires_at = r->days == 0 ? 0 : call->now + r->days * DAY_MS;
	draw(call->service, answer->token, &token);
	mem_copy_text(answer->token_id, sizeof(answer->token_id), token.token_id);
	answer->expires_at = token.expires_at;
	snprintf(call->detail, sizeof(call->detail), "%s roles %u %s", token.token_id,
	    (unsigned)token.role, token.name);
	return books_session_token_add(call->db, &token, err);
}

int
service_token_list(struct service_call *call, struct err *err)
{
	struct rows *rows = NULL;

	if (books_session_token_list(call->db, &rows, err) < 0) {
		return -1;
	}
	return service_list_rows(call, rows, err);
}

/* Not one's own: the last officer would be locked out. */
int
service_token_revoke(struct service_call *call, struct err *err)
{
	const struct token_revoke_request *r = call->request;
	struct err why = { 0 };

	if (strncmp(r->token_id, call->token_hash, strlen(r->token_id)) == 0) {
		return err_set(err, ERR_STATE, "%s", _("不能吊销正在使用的令牌"));
	}
	snprintf(call->detail, sizeof(call->detail), "%s", r->token_id);
	if (books_session_token_remove(call->db, r->token_id, &why) < 0) {
		return why.code == ERR_NOT_FOUND
		    ? err_set(err, ERR_NOT_FOUND, _("没有编号为%s的令牌"), r->token_id)
		    : err_set(err, why.code, "%s", why.text);
	}
	return 0;
}

static int
add_token(struct service_call *call, struct err *err)
{
	struct books_token *token = call->user;

	snprintf(call->detail, sizeof(call->detail), "%s roles %u", token->token_id,
	    (unsigned)token->role);
	return books_session_token_add(call->db, token, err);
}

int
service_token_new(struct service *service, unsigned role, int64_t now, char out[65],
    struct err *err)
{
	struct books_token token = { .role = (int64_t)role, .created_at = now };
	struct service_call call;
	int failed = -1;

	draw(service, out, &token);
	if (service_worker_call(service, now, &call, err) == 0) {
		mem_copy_text(call.operation_name, sizeof(call.operation_name), "token_new");
		call.user = &token;
		failed = service_transaction(&call, add_token, err);
	}
	service_worker_done(&call);
	return failed;
}
