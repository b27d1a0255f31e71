/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_WIRE_TOKEN_H
#define SHEBAO_WIRE_TOKEN_H

#include "shebao/request.h"

/* Requests and answers about tokens of officers and bureaus. */

enum token_role {
	TOKEN_OFFICER,
	TOKEN_BUREAU,
	TOKEN_BOTH,
	TOKEN_ROLE_COUNT
};
extern const struct choice_set request_token_roles;

struct token_request {
	char name[65]; /* what it is for */
	int role;      /* enum token_role */
	int64_t days;  /* 0: until it is revoked */
};

struct token_answer {
	char token_id[13];
	char token[TOKEN_SIZE];
	int64_t expires_at;
};

struct token_row {
	char token_id[13];
	int role;
	char name[65];
	int64_t created_at;
	int64_t expires_at;
};

struct token_revoke_request {
	char op_id[OP_ID_SIZE];
	char token_id[13];
};

extern const struct record_type request_token, request_token_answer, request_token_row,
    request_token_revoke;

#endif
