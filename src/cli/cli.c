/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the client and their options, as tables. */
#include "shebao/cli.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_command.h"
#include "cli_kiosk.h"
#include "shebao/app_confine.h"
#include "shebao/conf.h"
#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/states.h"

// clang-format off
#define FLAG(n, m, h)    { .name = n, .help = h, .type = OPTION_FLAG, .offset = offsetof(struct cli, m) }
#define TEXT(n, a, m, h) { .name = n, .argument = a, .help = h, .type = OPTION_TEXT, .offset = offsetof(struct cli, m) }
#define NUMBER(n, a, m, lo, hi, h) { .name = n, .argument = a, .help = h, .type = OPTION_NUMBER, .offset = offsetof(struct cli, m), .min = lo, .max = hi }
#define STATE(n, m, t, h) { .name = n, .argument = "STATE", .help = h, .type = OPTION_TEXT, .offset = offsetof(struct cli, m), .states = t }
#define CHOICE(n, a, m, c, h) { .name = n, .argument = a, .help = h, .type = OPTION_CHOICE, .offset = offsetof(struct cli, m), .choices = c }
#define GROUP(name, ...) \
	static const struct option_row name##_rows[] = { __VA_ARGS__ }; \
	const struct option_group name = { .rows = name##_rows, .count = ARRAY_LEN(name##_rows) }

GROUP(cli_global_options,
	TEXT("server", "URL", server, N_("缴费服务的地址")),
	TEXT("home", "DIR", home, N_("本客户端状态所在的文件夹")),
	TEXT("unit", "TAXPAYER_ID", unit, N_("用人单位的纳税人识别号；默认为上次登录的单位")),
	CHOICE("lang", "LANG", lang, "zh en", N_("界面语言")),
	FLAG("json", json, N_("在标准输出给出一个 JSON 值")),
	TEXT("password-file", "FILE", password_file, N_("从文件读取申报密码")),
	NUMBER("password-fd", "N", password_fd, 0, 1023, N_("从文件描述符读取申报密码")),
	FLAG("plain", plain, N_("逐行问答，不用全屏：供读屏软件、盲文点显器和简单终端使用")),
	FLAG("ascii", ascii, N_("全屏：只用 ASCII 画线")),
	FLAG("slow-line", slow_line, N_("全屏：按慢速线路显示，少传字节")),
	FLAG("print-tables", print_tables, N_("打印状态表和按键表")));
GROUP(cli_new_password_options,
	TEXT("new-password-file", "FILE", new_password_file, N_("从文件读取新密码")),
	NUMBER("new-password-fd", "N", new_password_fd, 0, 1023, N_("从文件描述符读取新密码")));
GROUP(cli_levy_options,
	CHOICE("kind", "KIND", kind, "normal special", N_("日常申报或特殊缴费申报")),
	TEXT("unit-no", "UNIT_NO", unit_no, N_("单位编号")),
	TEXT("agency", "AGENCY", agency, N_("社保经办机构的代码或名称")),
	TEXT("period", "YYYY-MM", period, N_("费款所属期")));
GROUP(cli_insured_options,
	TEXT("unit-no", "UNIT_NO", unit_no, N_("单位编号")),
	TEXT("agency", "AGENCY", agency, N_("社保经办机构的代码或名称")));
GROUP(cli_refresh_options,
	FLAG("refresh", refresh, N_("必须从服务端下载，连接不上即为失败")));
GROUP(cli_due_options,
	TEXT("from", "YYYY-MM", from, N_("费款所属期起")),
	TEXT("to", "YYYY-MM", to, N_("费款所属期止，起止不超过12个月")),
	TEXT("unit-no", "UNIT_NO", unit_no, N_("单位编号")),
	TEXT("agency", "AGENCY", agency, N_("社保经办机构的代码或名称")),
	TEXT("item", "CODE", item, N_("征收项目代码")),
	TEXT("category", "CODE", category, N_("征收品目代码")),
	TEXT("subcategory", "CODE", subcategory, N_("征收子目代码")),
	STATE("state", state, &states_levy, N_("数据处理状态")));
GROUP(cli_date_options,
	TEXT("from", "YYYY-MM-DD", from, N_("起始日期")),
	TEXT("to", "YYYY-MM-DD", to, N_("截止日期")));
GROUP(cli_state_options, STATE("state", state, &states_declaration, N_("状态")));
GROUP(cli_all_options, FLAG("all", all, N_("选择全部符合条件的费款")));
GROUP(cli_wait_options, NUMBER("wait", "SECONDS", wait_s, 0, 86400, N_("最多等待反馈的秒数")));
GROUP(cli_force_options, FLAG("force", force, N_("覆盖已有的文件")));
GROUP(cli_pay_options,
	TEXT("agreement", "AGREEMENT_NO", agreement, N_("三方协议缴费：协议书号")),
	TEXT("voucher", "FILE", voucher, N_("银行端凭证缴费：凭证保存到的文件")),
	TEXT("account", "ACCOUNT_NO", account, N_("缴款账户的账号")),
	TEXT("bank", "NAME", bank, N_("人工录入：开户银行")),
	TEXT("account-no", "ACCOUNT_NO", account_no, N_("人工录入：账号")),
	TEXT("account-name", "NAME", account_name, N_("人工录入：账户名称")),
	FLAG("force", force, N_("覆盖已有的文件")));
GROUP(cli_period_options,
	TEXT("period", "YYYY-MM", period, N_("费款所属期")),
	TEXT("to", "YYYY-MM", to, N_("费款所属期止，跨月的费款才需要")),
	FLAG("force", force, N_("覆盖已有的文件")));
GROUP(cli_print_options,
	TEXT("printer", "NAME", printer, N_("打印机；默认为系统的默认打印机")),
	NUMBER("copies", "N", copies, 1, PRINT_COPIES_MAX, N_("份数")),
	NUMBER("watch", "SECONDS", watch_s, 0, 3600, N_("送出后最多观察作业的秒数，默认10")));
GROUP(cli_passwd_options,
	FLAG("login", login, N_("设置本客户端的登录密码，而不是申报密码")),
	FLAG("off", off, N_("停用登录密码")));

#define ANY SIZE_MAX
static const struct command_row commands[] = {
	{ "unit add", "TAXPAYER_ID", N_("添加用人单位；首次登录时修改初始申报密码"), NULL, 1, 1, { &cli_new_password_options }, cli_unit_add },
	{ "unit list", "", N_("本机已添加的用人单位"), NULL, 0, 0, { NULL }, cli_unit_list },
	{ "unit show", "", N_("单位信息"), NULL, 0, 0, { &cli_refresh_options }, cli_unit_show },
	{ "unit insured", "", N_("单位参保信息"), NULL, 0, 0, { &cli_insured_options, &cli_refresh_options }, cli_unit_insured },
	{ "unit remove", "TAXPAYER_ID", N_("从本机删除用人单位"), NULL, 1, 1, { NULL }, cli_unit_remove },
	{ "levies", "", N_("下载并列出应征费款"), NULL, 0, 0, { &cli_levy_options, &cli_refresh_options }, cli_levies },
	{ "due", "", N_("社保费应缴信息查询"), NULL, 0, 0, { &cli_due_options, &cli_refresh_options }, cli_due },
	{ "export", "FILE.xlsx|FILE.csv", N_("导出社保费预处理汇总信息"), NULL, 1, 1, { &cli_levy_options, &cli_refresh_options, &cli_force_options }, cli_export },
	{ "declare", "[LEVY_NO...]", N_("提交申报"), NULL, 0, ANY, { &cli_all_options, &cli_levy_options, &cli_wait_options }, cli_declare },
	{ "feedback", "[DECLARATION_ID...]", N_("获取申报或作废的反馈"), NULL, 0, ANY, { &cli_wait_options }, cli_feedback },
	{ "declarations", "", N_("申报记录"), NULL, 0, 0, { &cli_state_options, &cli_date_options, &cli_refresh_options }, cli_declarations },
	{ "declaration show", "DECLARATION_ID", N_("查看申报明细"), NULL, 1, 1, { &cli_refresh_options }, cli_declaration_show },
	{ "declaration void", "DECLARATION_ID", N_("作废申报"), NULL, 1, 1, { &cli_wait_options }, cli_declaration_void },
	{ "pay", "[LEVY_NO...]", N_("缴费：三方协议扣款或开具银行端查询缴费凭证"), NULL, 0, ANY, { &cli_all_options, &cli_pay_options, &cli_levy_options }, cli_pay },
	{ "payments", "", N_("缴费记录"), NULL, 0, 0, { &cli_refresh_options }, cli_payments },
	{ "pending", "", N_("结果待确认的缴费及其经过"), NULL, 0, 0, { &cli_refresh_options }, cli_pending },
	{ "agreements", "", N_("三方协议"), NULL, 0, 0, { &cli_refresh_options }, cli_agreements },
	{ "accounts", "", N_("缴款账户"), NULL, 0, 0, { &cli_refresh_options }, cli_accounts },
	{ "vouchers", "", N_("缴费凭证打印记录"), NULL, 0, 0, { &cli_date_options, &cli_refresh_options }, cli_vouchers },
	{ "voucher show", "VOUCHER_NO", N_("查看凭证明细"), NULL, 1, 1, { &cli_refresh_options }, cli_voucher_show },
	{ "voucher print", "VOUCHER_NO FILE.pdf", N_("重新打印凭证"), NULL, 2, 2, { &cli_force_options }, cli_voucher_print },
	{ "voucher void", "VOUCHER_NO", N_("作废凭证"), NULL, 1, 1, { NULL }, cli_voucher_void },
	{ "certificate print", "FILE.pdf", N_("社保费完税证明打印"), NULL, 1, 1, { &cli_period_options }, cli_certificate_print },
	{ "certificate list", "", N_("已开具的证明"), NULL, 0, 0, { &cli_date_options, &cli_refresh_options }, cli_certificate_list },
	{ "certificate reprint", "CERTIFICATE_NO FILE.pdf", N_("社保费完税证明补打"), NULL, 2, 2, { &cli_force_options }, cli_certificate_reprint },
	{ "certificate proof", "FILE.pdf", N_("单位缴费证明打印"), NULL, 1, 1, { &cli_period_options }, cli_certificate_proof },
	{ "verify", "FILE.pdf", N_("核验文件的电子签章"), NULL, 1, 1, { NULL }, cli_verify },
	{ "printers", "", N_("本机的打印机"), NULL, 0, 0, { NULL }, cli_printers },
	{ "print", "FILE.pdf", N_("用打印机打印已保存的凭证或证明"), NULL, 1, 1, { &cli_print_options }, cli_print_file },
	{ "send", "FILE", N_("用 ZMODEM 把已保存的文件传送到您的电脑"), NULL, 1, 1, { NULL }, cli_send },
	{ "passwd", "", N_("修改申报密码；--login 设置登录密码"), NULL, 0, 0, { &cli_passwd_options, &cli_new_password_options }, cli_passwd },
	{ "doctor", "", N_("检查本机并说明如何处理"), NULL, 0, 0, { NULL }, cli_doctor },
	{ "consult", "QUESTION", N_("向税务机关咨询"), NULL, 1, 1, { NULL }, cli_consult },
	{ "consultations", "", N_("咨询及答复"), NULL, 0, 0, { &cli_refresh_options }, cli_consultations },
	{ "completion", "bash|zsh", N_("打印命令补全脚本"), NULL, 1, 1, { NULL }, cli_completion },
};
// clang-format on

const struct options_program cli_program = {
	.name = "shebao",
	.summary = N_("社保费管理客户端"),
	.global = &cli_global_options,
	.commands = commands,
	.command_count = ARRAY_LEN(commands),
	.bare_is_allowed = 1,
};

/* ---- running them */

static int
load_settings(const struct cli *cli, struct app_settings *settings, struct err *err)
{
	if ((cli->is_kiosk ? app_settings_load_kiosk(settings, err)
			   : app_settings_load(settings, err)) != 0) {
		return -1;
	}
	if (cli->server != NULL &&
	    conf_set("--server", "server", cli->server, app_settings_keys,
		app_settings_key_count, settings, err) != 0) {
		return -1;
	}
	settings->ascii |= cli->ascii;
	settings->slow_line = cli->slow_line ? 1 : settings->slow_line;
	if (cli->lang == NULL && settings->lang[0] != '\0') {
		i18n_init(settings->lang);
	}
	return 0;
}

static void
print_tables(const struct cli_screens *screens)
{
	const struct state_table *const *tables;
	size_t count, i;

	tables = states_all(&count);
	for (i = 0; i < count; i++) {
		state_table_print(tables[i], stdout);
		fputc('\n', stdout);
	}
	err_print_table(stdout);
	fputc('\n', stdout);
	if (screens->print_tables != NULL) {
		screens->print_tables(stdout);
	}
}

/* Asked for, or nothing else is possible. */
static int
is_plain(const struct cli *cli)
{
	const char *said = getenv("SHEBAO_PLAIN");
	const char *terminal = getenv("TERM");

	return cli->plain || (said != NULL && strcmp(said, "1") == 0) ||
	    (terminal != NULL && strcmp(terminal, "dumb") == 0);
}

static int
run_plain(struct cli *cli, const struct cli_screens *screens, struct err *err)
{
	int fd, status;

	if (cli_password_fd(cli, &fd, err) != 0) {
		return -1;
	}
	/* As the screens do, and so that no password is shown after fg (cli_session.c). */
	signal(SIGTSTP, SIG_IGN);
	status = screens->run_plain(cli->app, fd, err);
	if (fd >= 0) {
		close(fd);
	}
	return status;
}

static void
add_saved(struct app_files *files, const char *path)
{
	if (path != NULL && files->saved_count < ARRAY_LEN(files->saved)) {
		files->saved[files->saved_count++] = path;
	}
}

static void
add_read(struct app_files *files, const char *path)
{
	if (path != NULL && path[0] != '\0' && files->read_count < ARRAY_LEN(files->read)) {
		files->read[files->read_count++] = path;
	}
}

/* The files that options and arguments name: an argument is one where the command's row says
 * FILE. */
static struct app_files
name_files(const struct cli *cli, const struct options_result *result)
{
	const struct command_row *row = result->command;
	const char *word = row != NULL ? row->arguments : "";
	struct app_files files = { 0 };
	size_t i;

	files.prints = row == NULL || row->run == cli_printers || row->run == cli_doctor || row->run == cli_print_file ||
	    row->run == cli_send;
	for (i = 0; i < result->count && *word != '\0'; i++) {
		if (strncmp(word, "FILE", 4) == 0) {
			add_saved(&files, result->arguments[i]);
		}
		word += strcspn(word, " ");
		word += *word == ' ';
	}
	add_saved(&files, cli->voucher);
	add_read(&files, cli->password_file);
	add_read(&files, cli->new_password_file);
	add_read(&files, getenv("SHEBAO_PASSWORD_FILE"));
	return files;
}

#define WAIT_SAID_FIRST_S 3
#define WAIT_SAID_EVERY_S 30

/* On standard error, so that answers stay what they are. */
static void
say_wait(int64_t seconds, void *user)
{
	(void)user;
	if (seconds == WAIT_SAID_FIRST_S || seconds % WAIT_SAID_EVERY_S == 0) {
		fprintf(stderr, _("shebao: 缴费服务繁忙，已排队 %lld 秒（按 Ctrl-C 取消）\n"),
		    (long long)seconds);
	}
}

static int
run(struct cli *cli, const struct options_result *result, const struct cli_screens *screens,
    struct err *err)
{
	struct app_settings settings;
	struct app_files files = name_files(cli, result);
	const struct app_patience patience = { .waits = say_wait };
	int status;

	if (load_settings(cli, &settings, err) != 0 ||
	    (cli->is_kiosk && cli_kiosk_check(cli, result, &settings, err) != 0)) {
		return -1;
	}
	cli->loop = loop_new();
	if (app_open(cli->loop, &settings, cli->home, &cli->app, err) != 0 ||
	    app_confine(cli->app, &files, err) != 0) {
		return result->command != NULL && result->command->run == cli_doctor
		    ? cli_doctor_unopened(cli, err)
		    : -1;
	}
	app_on_wait(cli->app, &patience);
	cli->examine = screens->examine;
	if (result->command == NULL) {
		return is_plain(cli) ? run_plain(cli, screens, err) : screens->run(cli->app, err);
	}
	status = result->command->run(cli, result->arguments, result->count, err);
	return status >= 0 && report_flush(err) != 0 ? -1 : status;
}

static int
answer_or_run(struct cli *cli, const struct options_result *result,
    const struct cli_screens *screens, struct err *err)
{
	int answered = options_answer(&cli_program, result, err);

	if (answered != 0) {
		return answered < 0 ? -1 : 0;
	}
	if (cli->print_tables) {
		print_tables(screens);
		return report_flush(err);
	}
	if (cli->json && result->command == NULL) {
		return err_set(err, ERR_USAGE, "%s", _("缺少命令，请用--help查看用法"));
	}
	return run(cli, result, screens, err);
}

int
cli_main(int argc, char **argv, const struct cli_screens *screens)
{
	struct cli cli = { .password_fd = -1, .new_password_fd = -1, .copies = 1, .watch_s = 10 };
	struct options_result result = { 0 };
	struct cli_kiosk kiosk = { 0 };
	struct err err = { 0 };
	int status = -1;

	cli_kiosk_begin(&kiosk, argc, argv);
	cli.is_kiosk = kiosk.is_on;
	options_begin(kiosk.argc, kiosk.argv);
	if (cli_kiosk_check_line(&kiosk, &err) == 0 && crypto_init(&err) == 0 &&
	    options_parse(&cli_program, kiosk.argc, kiosk.argv, &cli, &result, &err) == 0) {
		status = answer_or_run(&cli, &result, screens, &err);
	}
	if (status < 0) {
		fflush(stdout);
		status = report_error("shebao", &err);
	}
	crypto_secret_free(cli.password, PASSWORD_SIZE);
	app_close(cli.app);
	loop_free(cli.loop);
	options_release(&result);
	cli_kiosk_end(&kiosk);
	return status;
}
