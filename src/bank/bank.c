/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the answers of the tax-treasury-bank link mean: the one table. */
#include "shebao/bank.h"

#include <string.h>

#include "shebao/mem.h"

struct word_row {
	const char *words; /* part of the bank's text */
	enum bank_outcome outcome;
};

struct code_row {
	const char *code;
	enum bank_outcome outcome;
};

// clang-format off
/* TIPS result codes. 99004 (booking failed) and 99090 (other) say nothing by themselves. */
static const struct code_row code_rows[] = {
	{ "90000", BANK_DONE },
	{ "24001", BANK_REFUSED },    /* 付款人账号不存在 */
	{ "24002", BANK_REFUSED },    /* 账号户名不符, 付款账户状态错 */
	{ "24003", BANK_REFUSED },    /* 付款人账户余额不足 */
	{ "92001", BANK_REFUSED },    /* 无法识别的报文: what cannot be read is not executed */
	{ "94032", BANK_REFUSED },    /* 不能冲正 */
	{ "94054", BANK_NEVER_SEEN }, /* 无此扣税记录 */
	{ "99004", BANK_UNKNOWN },
	{ "99090", BANK_UNKNOWN },
};

/* Texts that clerks see. Order matters: what leaves the outcome open stands first, so that
 * "余额查询超时" is never read as a refusal. */
static const struct word_row word_rows[] = {
	{ "原交易状态不明",       BANK_UNKNOWN },
	{ "超时",                 BANK_UNKNOWN }, /* 与国库通讯超时, 核心征管连接税库银超时 */
	{ "通信异常",             BANK_UNKNOWN },
	{ "正在处理",             BANK_UNKNOWN },
	{ "处理中",               BANK_UNKNOWN },
	{ "银行系统内部错误",     BANK_UNKNOWN },
	{ "税库银本地服务失败",   BANK_UNKNOWN },
	{ "税库银系统无法访问",   BANK_NOT_SENT },
	{ "MQ发送信息失败",       BANK_NOT_SENT },
	{ "系统当前非工作状态",   BANK_NOT_SENT },
	{ "非该种业务受理时间",   BANK_NOT_SENT },
	{ "余额不足",             BANK_REFUSED }, /* 账户余额不足支付 */
	{ "协议无效",             BANK_REFUSED },
	{ "协议不存在",           BANK_REFUSED },
	{ "协议未验证",           BANK_REFUSED },
	{ "协议已终止",           BANK_REFUSED },
	{ "三方协议状态异常",     BANK_REFUSED },
	{ "未签约",               BANK_REFUSED },
	{ "户名不符",             BANK_REFUSED }, /* 账号户名不符, 银行账号与户名不符 */
	{ "账号不存在",           BANK_REFUSED },
	{ "账户状态错",           BANK_REFUSED },
	{ "不允许扣款",           BANK_REFUSED },
	{ "共享参数表中无此预算科目", BANK_REFUSED },
	{ "辅助标志错误",         BANK_REFUSED },
	{ "无此扣税记录",         BANK_NEVER_SEEN },
};
// clang-format on

static const struct code_row *
find_code(const char *code)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(code_rows); i++) {
		if (strcmp(code_rows[i].code, code) == 0) {
			return &code_rows[i];
		}
	}
	return NULL;
}

static enum bank_outcome
classify_words(const char *words)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(word_rows); i++) {
		if (strstr(words, word_rows[i].words) != NULL) {
			return word_rows[i].outcome;
		}
	}
	return BANK_OUTCOME_COUNT;
}

enum bank_outcome
bank_classify(const char *result_code, const char *words)
{
	const struct code_row *row = find_code(result_code);
	enum bank_outcome said = classify_words(words);

	if (result_code[0] == '\0') {
		return said == BANK_OUTCOME_COUNT ? BANK_UNKNOWN : said;
	}
	if (row == NULL || said == BANK_UNKNOWN) {
		return BANK_UNKNOWN;
	}
	if (row->outcome == BANK_UNKNOWN && said != BANK_OUTCOME_COUNT) {
		return said;
	}
	return row->outcome;
}
