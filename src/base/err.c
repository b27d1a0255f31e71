/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of failures and the functions that fill a struct err. */
#include "shebao/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shebao/buf.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"

// clang-format off
static const struct err_info infos[] = {
	[ERR_NONE]             = { "none",             0,     200, 0, "" },
	[ERR_USAGE]            = { "usage",            0,     400, 2, "" },
	[ERR_REQUEST]          = { "request",          20001, 400, 1, "" },
	[ERR_DATA]             = { "data",             20002, 422, 1, "" },
	[ERR_LIMIT]            = { "limit",            20003, 413, 1, "" },
	[ERR_WRONG_PASSWORD]   = { "wrong_password",   20101, 401, 1, "" },
	[ERR_PASSWORD_LOCKED]  = { "password_locked",  20102, 429, 1, "" },
	[ERR_PASSWORD_RULE]    = { "password_rule",    20103, 422, 1, "" },
	[ERR_PASSWORD_INITIAL] = { "password_initial", 20104, 403, 1, N_("请先修改初始申报密码。") },
	[ERR_SESSION]          = { "session",          20105, 401, 1, N_("请重新登录。") },
	[ERR_FORBIDDEN]        = { "forbidden",        20106, 403, 1, "" },
	[ERR_PROOF]            = { "proof",            20107, 403, 1, N_("请重新输入申报密码。") },
	[ERR_NOT_FOUND]        = { "not_found",        20201, 404, 1, "" },
	[ERR_STATE]            = { "state",            20202, 409, 1, N_("请刷新后核对当前状态。") },
	[ERR_TAKEN]            = { "taken",            20203, 409, 1, N_("请刷新后核对当前状态。") },
	[ERR_AMOUNT]           = { "amount",           20204, 409, 1, N_("请刷新并重新核对金额。") },
	[ERR_CHANNEL]          = { "channel",          20205, 409, 1, N_("请先作废已开具的凭证，或等待扣款结果。") },
	[ERR_BATCH_LISTED]     = { "batch_listed",     20206, 409, 1, N_("该费款由批扣清册扣款，无需申报。") },
	[ERR_VOUCHER_PAID]     = { "voucher_paid",     20207, 409, 1, "" },
	[ERR_AGREEMENT]        = { "agreement",        20208, 409, 1, N_("如有疑问，请联系主管税务机关！") },
	[ERR_PRINTED]          = { "printed",          20209, 409, 1, N_("如需补打，请使用【社保费完税证明补打】（shebao certificate reprint）。") },
	[ERR_NOTHING]          = { "nothing",          20210, 404, 1, "" },
	[ERR_NOT_SETTLED]      = { "not_settled",      20211, 409, 1, N_("费款入库后再打印。") },
	[ERR_BANK]             = { "bank",             20301, 409, 1, "" },
	[ERR_SEAL]             = { "seal",             20302, 422, 1, N_("请勿使用该文件，重新打印后再核对。") },
	[ERR_OP_CONFLICT]      = { "op_conflict",      20401, 422, 1, "" },
	[ERR_OP_PROGRESS]      = { "op_progress",      20402, 409, 4, N_("请稍后查询结果，不要重复提交。") },
	[ERR_OUTCOME_UNKNOWN]  = { "outcome_unknown",  20403, 504, 4, N_("结果待确认，请勿重复办理；系统会自动查询。") },
	[ERR_BUSY]             = { "busy",             20501, 503, 3, N_("请稍后重试。") },
	[ERR_UNREACHABLE]      = { "unreachable",      20502, 502, 3, N_("请检查网络和服务地址（shebao doctor）。") },
	[ERR_SERVICE]          = { "service",          20503, 500, 3, N_("请稍后重试；仍有问题请联系税务机关。") },
	[ERR_LOCAL]            = { "local",            20601, 500, 5, "" },
	[ERR_CANCELLED]        = { "cancelled",        0,     499, 1, "" },
};
// clang-format on
_Static_assert(ARRAY_LEN(infos) == ERR_CODE_COUNT, "a row for every error code");

/* What a failure names comes from outside: arguments, file names, words of libraries. It ends on
 * terminals, in logs and in answers. */
static void
set_text(struct err *err, const char *text)
{
	text_clean_copy(err->text, sizeof(err->text), text, strlen(text));
}

int
err_set(struct err *err, enum err_code code, const char *format, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	assert(code != ERR_NONE);
	if (err == NULL || err->code != ERR_NONE) {
		return -1;
	}
	err->code = code;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	set_text(err, text);
	return -1;
}

int
err_wrap(struct err *err, const char *format, ...)
{
	char before[ERR_TEXT_MAX], whole[2 * ERR_TEXT_MAX + 4];
	va_list args;

	if (err == NULL) {
		return -1;
	}
	va_start(args, format);
	vsnprintf(before, sizeof(before), format, args);
	va_end(args);
	snprintf(whole, sizeof(whole), "%s: %s", before, err->text);
	set_text(err, whole);
	return -1;
}

void
err_clear(struct err *err)
{
	if (err != NULL) {
		*err = (struct err){ 0 };
	}
}

const struct err_info *
err_info(enum err_code code)
{
	assert((unsigned)code < ERR_CODE_COUNT);
	return &infos[code];
}

enum err_code
err_code_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(infos); i++) {
		if (strcmp(infos[i].name, name) == 0) {
			return (enum err_code)i;
		}
	}
	return ERR_SERVICE;
}

void
err_describe(const struct err *err, struct buf *out)
{
	const struct err_info *info = err_info(err->code);
	char number[16];

	/* Texts of the service may carry the number in the manual's wording already. */
	snprintf(number, sizeof(number), "[%d]", info->number);
	if (info->number != 0 && strstr(err->text, number) == NULL) {
		buf_puts(out, number);
	}
	buf_puts(out, err->text);
	if (info->advice[0] != '\0') {
		buf_printf(out, "\n%s", i18n_text(info->advice));
	}
}

void
err_print_table(FILE *out)
{
	size_t i;

	fprintf(out, "errors (%s)\n", _("错误编号、退出状态、HTTP 状态"));
	for (i = ERR_NONE + 1; i < ERR_CODE_COUNT; i++) {
		char number[16] = "-";

		if (infos[i].number != 0) {
			snprintf(number, sizeof(number), "[%d]", infos[i].number);
		}
		fprintf(out, "  %-8s%-18s%d  %d%s%s\n", number, infos[i].name,
		    infos[i].exit_status, infos[i].http_status,
		    infos[i].advice[0] != '\0' ? "  " : "", _(infos[i].advice));
	}
}
