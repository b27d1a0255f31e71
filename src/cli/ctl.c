/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shebaoctl: its commands as rows, and what they have in common. */
#include "shebao/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl_command.h"
#include "report.h"
#include "shebao/crypto.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/text.h"

#define DEFAULT_SERVER "http://127.0.0.1:8600"
#define AUDIT_TIMEOUT_MS (15 * 60 * 1000) /* an audit reads all books */
#define TRIES 3

#define AT(m) .offset = offsetof(struct ctl, m)

// clang-format off
static const struct option_row global_rows[] = {
	{ .name = "server", .argument = "URL", .help = N_("服务地址，默认$SHEBAO_SERVER或" DEFAULT_SERVER), .type = OPTION_TEXT, AT(server) },
	{ .name = "token-file", .argument = "FILE", .help = N_("税务人员或经办机构的令牌文件，默认$SHEBAO_TOKEN_FILE"), .type = OPTION_TEXT, AT(token_file) },
	{ .name = "ca-file", .argument = "FILE", .help = N_("签发服务证书的机构（PEM），默认用系统的"), .type = OPTION_TEXT, AT(ca_file) },
	{ .name = "client-cert", .argument = "FILE", .help = N_("服务要求时出示的证书（PEM）"), .type = OPTION_TEXT, AT(client_cert) },
	{ .name = "client-key", .argument = "FILE", .help = N_("client-cert的私钥（PEM），默认在同一文件中"), .type = OPTION_TEXT, AT(client_key) },
	{ .name = "lang", .argument = "LANG", .help = N_("界面语言"), .type = OPTION_CHOICE, AT(lang), .choices = "zh en" },
	{ .name = "json", .help = N_("标准输出只有一个JSON值"), .type = OPTION_FLAG, AT(json) },
};
static const struct option_row withdraw_rows[] = {
	{ .name = "reason", .argument = "TEXT", .help = N_("撤回原因，记入审计"), .type = OPTION_TEXT, AT(reason) },
};
static const struct option_row batch_rows[] = {
	{ .name = "employer", .argument = "TAXPAYER_ID", .help = N_("纳税人识别号"), .type = OPTION_TEXT, AT(employer) },
	{ .name = "period-from", .argument = "PERIOD", .help = N_("费款所属期起，如2020-06"), .type = OPTION_TEXT, AT(period_from) },
	{ .name = "period-to", .argument = "PERIOD", .help = N_("费款所属期止，默认与起相同"), .type = OPTION_TEXT, AT(period_to) },
};
static const struct option_row settle_rows[] = {
	{ .name = "amount", .argument = "YUAN", .help = N_("柜台收款金额，默认为凭证金额"), .type = OPTION_TEXT, AT(amount) },
};
static const struct option_row reverse_rows[] = {
	{ .name = "reason", .argument = "TEXT", .help = N_("冲正原因，必填，记入审计和缴费记录"), .type = OPTION_TEXT, AT(reason) },
};
static const struct option_row balance_rows[] = {
	{ .name = "name", .argument = "TEXT", .help = N_("账户名称，新开户时须给出"), .type = OPTION_TEXT, AT(account_name) },
};
static const struct option_row token_rows[] = {
	{ .name = "role", .argument = "ROLE", .help = N_("officer、bureau或officer_bureau，默认officer"), .type = OPTION_TEXT, AT(role) },
	{ .name = "name", .argument = "TEXT", .help = N_("用途，列出时可见"), .type = OPTION_TEXT, AT(token_name) },
	{ .name = "days", .argument = "N", .help = N_("多少天后失效，默认不失效"), .type = OPTION_NUMBER, AT(days), .max = 3650 },
};
static const struct option_row fault_rows[] = {
	{ .name = "count", .argument = "N", .help = N_("此后多少笔扣款受影响，默认1，0为取消"), .type = OPTION_NUMBER, AT(count), .max = 1000000 },
	{ .name = "delay-ms", .argument = "MS", .help = N_("late、unknown_state：迟多少毫秒；maintenance：停业多少毫秒"), .type = OPTION_NUMBER, AT(delay_ms), .max = 86400000 },
};
static const struct option_row argument_rows[] = {
	{ .name = "KIND", .choices = "none insufficient_funds agreement_invalid name_mismatch no_answer not_executed late unknown_state twice forget maintenance" },
};

static const struct option_group
	words = { argument_rows, ARRAY_LEN(argument_rows) },
	global = { global_rows, ARRAY_LEN(global_rows) },
	withdraw = { withdraw_rows, ARRAY_LEN(withdraw_rows) },
	batch = { batch_rows, ARRAY_LEN(batch_rows) },
	settle = { settle_rows, ARRAY_LEN(settle_rows) },
	reverse = { reverse_rows, ARRAY_LEN(reverse_rows) },
	balance = { balance_rows, ARRAY_LEN(balance_rows) },
	fault = { fault_rows, ARRAY_LEN(fault_rows) },
	new_token = { token_rows, ARRAY_LEN(token_rows) };

static const struct command_row commands[] = {
	{ .name = "employer import", .arguments = "units.csv", .help = N_("登记用人单位和单位编号"),
	  .min_arguments = 1, .max_arguments = 1, .run = ctl_import_employers },
	{ .name = "levy import", .arguments = "levies.csv", .help = N_("接收经办机构推送的应征费款"),
	  .min_arguments = 1, .max_arguments = 1, .run = ctl_import_levies },
	{ .name = "levy withdraw", .arguments = "LEVY_NO...", .help = N_("撤回未申报的费款"),
	  .min_arguments = 1, .max_arguments = SIZE_MAX, .groups = { &withdraw }, .run = ctl_office_withdraw },
	{ .name = "agreement import", .arguments = "FILE.csv", .help = N_("导入三方协议"),
	  .min_arguments = 1, .max_arguments = 1, .run = ctl_import_agreements },
	{ .name = "account import", .arguments = "FILE.csv", .help = N_("导入存款账户报告"),
	  .min_arguments = 1, .max_arguments = 1, .run = ctl_import_accounts },
	{ .name = "password reset", .arguments = "TAXPAYER_ID", .help = N_("把申报密码恢复为初始密码"),
	  .min_arguments = 1, .max_arguments = 1, .run = ctl_office_reset },
	{ .name = "batch-list create", .arguments = "", .help = N_("生成批扣清册，其中的费款不能再申报"),
	  .groups = { &batch }, .run = ctl_office_batch_create },
	{ .name = "batch-list show", .arguments = "", .help = N_("列出批扣清册"), .run = ctl_office_batch_show },
	{ .name = "voucher settle", .arguments = "NO", .help = N_("银行柜台：凭缴费凭证收款并入库"),
	  .min_arguments = 1, .max_arguments = 1, .groups = { &settle }, .run = ctl_office_settle },
	{ .name = "payment reverse", .arguments = "PAYMENT_NO", .help = N_("冲正：让银行退回当日的一笔扣款，费款恢复未缴"),
	  .min_arguments = 1, .max_arguments = 1, .groups = { &reverse }, .run = ctl_office_reverse },
	{ .name = "bank set-balance", .arguments = "ACCOUNT_NO YUAN", .help = N_("沙箱银行：设置账户余额"),
	  .min_arguments = 2, .max_arguments = 2, .groups = { &balance }, .run = ctl_bank_balance },
	{ .name = "bank fault", .arguments = "KIND", .help = N_("沙箱银行：使此后的扣款出故障"),
	  .more = N_("KIND：none、insufficient_funds、agreement_invalid、name_mismatch、no_answer、not_executed、late、unknown_state、twice、forget、maintenance"),
	  .min_arguments = 1, .max_arguments = 1, .groups = { &fault }, .run = ctl_bank_fault },
	{ .name = "bank ledger", .arguments = "", .help = N_("沙箱银行：列出全部资金变动"), .run = ctl_bank_ledger },
	{ .name = "audit", .arguments = "", .help = N_("核对全部不变式、银行流水与账簿、审计链；有问题则退出状态为1"), .run = ctl_office_audit },
	{ .name = "backup", .arguments = "FILE", .help = N_("不停机备份账簿，得到一个SQLite文件"),
	  .min_arguments = 1, .max_arguments = 1, .run = ctl_backup_save },
	{ .name = "token create", .arguments = "FILE", .help = N_("生成税务人员或经办机构的令牌，存入文件"),
	  .min_arguments = 1, .max_arguments = 1, .groups = { &new_token }, .run = ctl_token_create },
	{ .name = "token list", .arguments = "", .help = N_("列出令牌"), .run = ctl_token_list },
	{ .name = "token revoke", .arguments = "TOKEN_ID", .help = N_("立即吊销令牌"),
	  .min_arguments = 1, .max_arguments = 1, .run = ctl_token_revoke },
	{ .name = "consultation list", .arguments = "", .help = N_("列出在线咨询"), .run = ctl_office_questions },
	{ .name = "consultation answer", .arguments = "ID TEXT", .help = N_("答复在线咨询"),
	  .min_arguments = 2, .max_arguments = 2, .run = ctl_office_answer },
	{ .name = "completion", .arguments = "bash|zsh", .help = N_("打印命令补全脚本"),
	  .min_arguments = 1, .max_arguments = 1, .run = ctl_completion },
};
// clang-format on

static const struct options_program program = { .name = "shebaoctl",
	.summary = N_("社会保险费征缴服务的管理工具。"),
	.global = &global,
	.commands = commands,
	.command_count = ARRAY_LEN(commands),
	.arguments = &words };

/* ---- what commands have in common */

int
ctl_ask(struct ctl *ctl, enum operation op, const void *request, void *answer,
    struct err *err)
{
	const struct timespec pause = { .tv_sec = 1 };
	int i, result;

	for (i = 1;; i++) {
		err_clear(err);
		result = sync_ask(ctl->sync, op, request, answer, NULL, err);
		if (result == 0 || i == TRIES ||
		    (err->code != ERR_OUTCOME_UNKNOWN && err->code != ERR_OP_PROGRESS)) {
			return result;
		}
		nanosleep(&pause, NULL);
	}
}

struct list_target {
	const struct record_type *type;
	struct record_list *list;
};

/* The records of these lists hold values only, so copying one is copying its bytes. */
static int
keep_row(const void *record, void *user, struct err *err)
{
	struct list_target *target = user;

	(void)err;
	memcpy(record_list_add(target->list, target->type), record, target->type->size);
	return 0;
}

int
ctl_list(struct ctl *ctl, enum operation op, struct record_list *out, struct err *err)
{
	struct list_target target = { .type = operation_row(op)->answer, .list = out };

	return sync_list(ctl->sync, op, 0, keep_row, &target, NULL, err);
}

int
ctl_set(const struct record_type *type, void *request, const char *member,
    const char *value, struct err *err)
{
	const struct field *f = record_field(type, member);
	struct err why = { 0 };
	char clean[1100];

	if (value == NULL || *value == '\0') {
		return 0;
	}
	if (!text_is_clean(value, strlen(value)) ||
	    record_parse(f, request, value, &why) != 0) {
		text_clean_copy(clean, sizeof(clean), value, strlen(value));
		return err_set(err, ERR_USAGE, "%s: %s", i18n_text(f->label),
		    why.code != ERR_NONE ? why.text : clean);
	}
	return 0;
}

int
ctl_completion(void *user, const char *const *arguments, size_t count, struct err *err)
{
	struct buf out = { 0 };
	int result;

	(void)user;
	(void)count;
	result = options_completion(&program, arguments[0], &out, err);
	fputs(buf_text(&out), stdout);
	buf_release(&out);
	return result;
}

/* ---- opening */

static int
read_token(struct ctl *ctl, struct err *err)
{
	struct buf token = { 0 };
	int result = -1;

	if (ctl->token_file == NULL) {
		return err_set(err, ERR_USAGE,
		    _("请用--token-file给出令牌文件（shebaod状态目录下的admin.token）"));
	}
	if (file_load(ctl->token_file, 4096, &token, err) == 0) {
		if (token.data != NULL) {
			token.data[strcspn(token.data, " \t\r\n")] = '\0';
		}
		if (buf_text(&token)[0] == '\0' ||
		    strlen(buf_text(&token)) >= TOKEN_SIZE) {
			err_set(err, ERR_USAGE, _("%s里不是令牌"), ctl->token_file);
		} else {
			sync_set_token(ctl->sync, buf_text(&token));
			result = 0;
		}
	}
	if (token.data != NULL) {
		crypto_wipe(token.data, token.size);
	}
	buf_release(&token);
	return result;
}

static int
run(struct ctl *ctl, const struct options_result *parsed, struct err *err)
{
	struct sync_opts opts = { .server = ctl->server,
		.ca_file = ctl->ca_file,
		.client_cert = ctl->client_cert,
		.client_key = ctl->client_key,
		.timeout_ms = AUDIT_TIMEOUT_MS };
	int status = -1;

	if (parsed->command->run == ctl_completion) {
		status = ctl_completion(ctl, parsed->arguments, parsed->count, err);
		return status >= 0 ? report_flush(err) : status;
	}
	if (crypto_init(err) != 0) {
		return -1;
	}
	ctl->loop = loop_new();
	if (sync_open(ctl->loop, &opts, &ctl->sync, err) == 0 &&
	    read_token(ctl, err) == 0) {
		status = parsed->command->run(ctl, parsed->arguments, parsed->count, err);
	}
	sync_close(ctl->sync);
	loop_free(ctl->loop);
	if (status >= 0 && report_flush(err) != 0) {
		status = -1;
	}
	return status;
}

static const char *
environment(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0' ? value : otherwise;
}

/* Returns an exit status, or -1 with err set. */
static int
answer_or_run(struct ctl *ctl, const struct options_result *parsed, struct err *err)
{
	int answered = options_answer(&program, parsed, err);

	if (answered != 0) {
		return answered < 0 ? -1 : 0;
	}
	return run(ctl, parsed, err);
}

int
ctl_main(int argc, char **argv)
{
	struct ctl ctl = { .server = environment("SHEBAO_SERVER", DEFAULT_SERVER),
		.token_file = environment("SHEBAO_TOKEN_FILE", NULL),
		.count = 1 };
	struct options_result parsed = { 0 };
	struct err err = { 0 };
	int status = -1;

	options_begin(argc, argv);
	if (options_parse(&program, argc, argv, &ctl, &parsed, &err) == 0) {
		status = answer_or_run(&ctl, &parsed, &err);
	}
	if (status < 0) {
		status = report_error(program.name, &err);
	}
	options_release(&parsed);
	return status;
}
