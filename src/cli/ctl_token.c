/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands for tokens of officers and bureaus. */
#include <stdio.h>
#include <string.h>

#include "ctl_command.h"
#include "report.h"
#include "shebao/crypto.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/token.h"
#include "shebao/view.h"

// clang-format off
static const struct view_column token_columns[] = {
	{ .name = "token_id", .width = 12 },
	{ .name = "role", .width = 18 },
	{ .name = "name", .width = 24 },
	{ .name = "created_at", .width = 19 },
	{ .name = "expires_at", .width = 19 },
};
// clang-format on
static const struct view tokens = { .name = "tokens",
	.title = N_("令牌"),
	.type = &request_token_row,
	.columns = token_columns,
	.count = ARRAY_LEN(token_columns) };

static int
save(const char *path, const char *token, struct err *err)
{
	char line[TOKEN_SIZE + 1];
	int n = snprintf(line, sizeof(line), "%s\n", token);
	int result = file_save(path, line, (size_t)n, FILE_KEEP, err);

	crypto_wipe(line, sizeof(line));
	return result;
}

int
ctl_token_create(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct token_request request = { .days = ctl->days };
	struct token_answer answer = { 0 };
	const struct record_type *type = &request_token;
	int result = -1;

	(void)count;
	/* Before it is made: a token that could not be saved is of no use. */
	if (file_check(arguments[0], FILE_KEEP, err) == 0 &&
	    ctl_set(type, &request, "role", ctl->role != NULL ? ctl->role : "officer", err) == 0 &&
	    ctl_set(type, &request, "name", ctl->token_name, err) == 0 &&
	    ctl_ask(ctl, OPERATION_ADMIN_TOKEN_CREATE, &request, &answer, err) == 0) {
		result = save(arguments[0], answer.token, err);
	}
	if (result == 0 && ctl->json) {
		printf("{\"token_id\":\"%s\"}\n", answer.token_id);
	} else if (result == 0) {
		printf(_("令牌%s已存入%s\n"), answer.token_id, arguments[0]);
	}
	crypto_wipe(&answer, sizeof(answer));
	return result;
}

int
ctl_token_list(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct record_list list = { 0 };
	int result = ctl_list(ctl, OPERATION_ADMIN_TOKEN_LIST, &list, err);

	(void)arguments;
	(void)count;
	if (result == 0 && ctl->json) {
		report_json_list(&request_token_row, list.items, list.count);
	} else if (result == 0) {
		view_print_table(stdout, &tokens, list.items, list.count);
	}
	record_list_release(&list, &request_token_row);
	return result;
}

int
ctl_token_revoke(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct ctl *ctl = user;
	struct token_revoke_request request = { 0 };

	(void)count;
	crypto_random_hex(request.op_id, (OP_ID_SIZE - 1) / 2);
	if (ctl_set(&request_token_revoke, &request, "token_id", arguments[0], err) != 0 ||
	    ctl_ask(ctl, OPERATION_ADMIN_TOKEN_REVOKE, &request, NULL, err) != 0) {
		return -1;
	}
	if (ctl->json) {
		printf("{\"token_id\":\"%s\"}\n", request.token_id);
	} else {
		printf(_("令牌%s已吊销\n"), request.token_id);
	}
	return 0;
}
