/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 诊断: what may be wrong on this machine and how to mend it; also the bundle that goes with
 * a question to the tax office. */
#include "app_private.h"

#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/sandbox.h"
#include "shebao/text.h"
#include "shebao/wire.h"

// clang-format off
static const struct choice healths_rows[] = {
	[APP_HEALTH_GOOD]    = { "good", N_("正常"), NULL },
	[APP_HEALTH_WARNING] = { "warning", N_("注意"), NULL },
	[APP_HEALTH_BAD]     = { "bad", N_("异常"), NULL },
};
_Static_assert(ARRAY_LEN(healths_rows) == APP_HEALTH_COUNT, "a row for every value");

static const struct choice_set healths = { .rows = healths_rows, .count = APP_HEALTH_COUNT };

static const struct field app_finding_fields[] = {
	RECORD_TEXT(app_finding, check, N_("检查"), FIELD_REQUIRED | FIELD_KEY),
	RECORD_TEXT(app_finding, subject, N_("项目"), FIELD_REQUIRED),
	RECORD_CHOICE(app_finding, health, N_("结果"), 0, &healths),
	RECORD_TEXT(app_finding, finding, N_("情况"), 0),
	RECORD_TEXT(app_finding, mend, N_("处理办法"), 0),
};
// clang-format on

const struct record_type app_finding_type = {
	.name = "finding",
	.size = sizeof(struct app_finding),
	.fields = app_finding_fields,
	.count = ARRAY_LEN(app_finding_fields),
};

#define CLOCK_SKEW_MS 120000
#define DISK_LOW_BYTES ((uint64_t)64 << 20)

static void find(struct app_finding *f, int health, const char *mend, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void
find(struct app_finding *f, int health, const char *mend, const char *format, ...)
{
	va_list args;
	char text[sizeof(f->finding)];

	f->health = health;
	mem_copy_text(f->mend, sizeof(f->mend), health == APP_HEALTH_GOOD ? "" : mend);
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	text_clean_copy(f->finding, sizeof(f->finding), text, strlen(text));
}

static void
check_version(struct app *app, struct app_finding *f)
{
	struct utsname name;

	(void)app;
	uname(&name);
	find(f, APP_HEALTH_GOOD, "", "shebao %s, %s %s", SHEBAO_VERSION, name.sysname,
	    name.release);
}

/* The program goes on in C.UTF-8 when the environment asks for what is not there. */
static void
check_locale(struct app *app, struct app_finding *f)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *said = NULL;
	locale_t wanted = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	size_t i;

	(void)app;
	for (i = 0; i < ARRAY_LEN(names) && (said == NULL || said[0] == '\0'); i++) {
		said = getenv(names[i]);
	}
	said = said != NULL ? said : "";
	if (wanted == (locale_t)0) {
		find(f, APP_HEALTH_WARNING, _("设置 LANG=C.UTF-8，或请管理员安装该语言环境（locale-gen）"),
		    _("本机没有语言环境 %.60s"), said);
		return;
	}
	if (strcmp(nl_langinfo_l(CODESET, wanted), nl_langinfo(CODESET)) != 0) {
		find(f, APP_HEALTH_WARNING,
		    _("设置 LANG=C.UTF-8 或 zh_CN.UTF-8，并把终端软件的字符集设为 UTF-8"),
		    _("语言环境 %.60s 的字符集是 %.40s"), said, nl_langinfo_l(CODESET, wanted));
	} else {
		find(f, APP_HEALTH_GOOD, "", "%s", nl_langinfo(CODESET));
	}
	freelocale(wanted);
}

static void
check_terminal(struct app *app, struct app_finding *f)
{
	const char *term = getenv("TERM");

	(void)app;
	if (!isatty(STDOUT_FILENO)) {
		find(f, APP_HEALTH_GOOD, "", "%s", _("不在终端中运行"));
	} else if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0) {
		find(f, APP_HEALTH_WARNING, _("设置 TERM，如 xterm-256color；或使用命令行"),
		    "TERM=%s", term == NULL ? "" : term);
	} else {
		find(f, APP_HEALTH_GOOD, "", "TERM=%s", term);
	}
}

/* Whether path is this user's alone; what is not there is no danger. */
static int
is_private(const char *path)
{
	struct stat st;

	return lstat(path, &st) != 0 ||
	    (st.st_uid == geteuid() && (st.st_mode & 077) == 0 && !S_ISLNK(st.st_mode));
}

static void
check_home(struct app *app, struct app_finding *f)
{
	static const char *const files[] = { "", "/shebao.db", "/shebao.db-wal", "/exports" };
	struct app_finding none = *f;
	size_t i;

	find(f, APP_HEALTH_GOOD, "", "%s", app->home);
	for (i = 0; i < ARRAY_LEN(files); i++) {
		char *path = mem_printf("%s%s", app->home, files[i]);

		if (!is_private(path)) {
			*f = none;
			find(f, APP_HEALTH_BAD, _("应属于本人，文件夹权限为 0700，文件权限为 0600（chmod go= 文件）"),
			    "%s", path);
		}
		free(path);
	}
}

/* Who may write the machine's settings decides for everybody. */
static void
check_settings(struct app *app, struct app_finding *f)
{
	struct app_settings machine;
	struct err err = { 0 };

	if (app_settings_load_kiosk(&machine, &err) != 0) {
		find(f, APP_HEALTH_BAD, _("请管理员：chown root、chmod 644 该文件"), "%.200s", err.text);
	} else {
		find(f, APP_HEALTH_GOOD, "", "%s", app->settings.kiosk ? _("受限方式") : _("一般方式"));
	}
}

static void
check_disk(struct app *app, struct app_finding *f)
{
	struct statvfs vfs;
	uint64_t left;

	if (statvfs(app->home, &vfs) != 0) {
		find(f, APP_HEALTH_BAD, _("检查磁盘"), "%s", app->home);
		return;
	}
	left = (uint64_t)vfs.f_bavail * vfs.f_frsize;
	find(f, left < DISK_LOW_BYTES ? APP_HEALTH_BAD : APP_HEALTH_GOOD,
	    _("磁盘空间不足，请清理后再办理业务"), _("可用 %llu MB"),
	    (unsigned long long)(left >> 20));
}

static void
check_database(struct app *app, struct app_finding *f)
{
	struct err err = { 0 };

	if (db_check(app->db, &err) == 0) {
		find(f, APP_HEALTH_GOOD, "", "%s/shebao.db", app->home);
	} else {
		find(f, APP_HEALTH_BAD,
		    _("停止使用，移走 shebao.db 后重新添加用人单位并下载；未确认的业务请联系税务机关核对"),
		    "%.200s", err.text);
	}
}

/* One question for three findings; any answer of the service will do, also that there is no such
 * code. */
static struct asked {
	struct sync_reply reply;
	int64_t ms, wall_ms;
} asked;

static void
ask_service(struct app *app)
{
	struct verify_request request = { .code = "0" };
	struct buf query = { 0 };
	int64_t started = loop_now_ms();

	wire_encode_query(operation_row(OPERATION_VERIFY)->request, &request, &query);
	sync_run(app->sync, OPERATION_VERIFY, query.data, query.len, NULL, &asked.reply);
	asked.ms = loop_now_ms() - started;
	asked.wall_ms = loop_wall_ms();
	buf_release(&query);
	buf_release(&asked.reply.body);
}

static void
check_service(struct app *app, struct app_finding *f)
{
	const struct sync_reply *reply = &asked.reply;

	ask_service(app);
	if (reply->outcome != SYNC_ANSWERED || reply->status >= 500) {
		find(f, APP_HEALTH_BAD,
		    _("检查网络；核对设置 server 或环境变量 SHEBAO_SERVER；或联系税务机关"), "%s：%.200s",
		    app->settings.server, reply->outcome != SYNC_ANSWERED ? reply->reason : _("服务端出错"));
		return;
	}
	find(f, APP_HEALTH_GOOD, "", _("%s，%lld 毫秒"), app->settings.server, (long long)asked.ms);
}

static void
check_service_version(struct app *app, struct app_finding *f)
{
	const char *slash = strchr(asked.reply.server, '/');

	(void)app;
	if (slash == NULL) {
		find(f, APP_HEALTH_GOOD, "", "%s", _("服务端没有说明"));
	} else {
		find(f, strcmp(slash + 1, SHEBAO_VERSION) == 0 ? APP_HEALTH_GOOD : APP_HEALTH_WARNING,
		    _("请管理员把客户端更新到服务端的版本"), _("服务端 %s，本机 %s"), slash + 1,
		    SHEBAO_VERSION);
	}
}

/* Whole seconds are told, and the answer took its time: what is left is the difference. */
static void
check_clock(struct app *app, struct app_finding *f)
{
	int64_t skew = asked.wall_ms - asked.reply.date_ms;

	(void)app;
	if (asked.reply.date_ms == 0) {
		find(f, APP_HEALTH_GOOD, "", "%s", _("服务端没有说明时间"));
		return;
	}
	find(f, skew > CLOCK_SKEW_MS || skew < -CLOCK_SKEW_MS ? APP_HEALTH_BAD : APP_HEALTH_GOOD,
	    _("请管理员校准本机时钟（timedatectl set-ntp true）"), _("与服务端相差 %lld 秒"),
	    (long long)(skew / 1000));
}

/* The words of the failure say how to mend it. */
static void
check_printers(struct app *app, struct app_finding *f)
{
	struct record_list list = { 0 };
	struct err err = { 0 };
	size_t i, defaults = 0;

	if (app_printers(app, &list, NULL, &err) != 0) {
		find(f, APP_HEALTH_WARNING, _("不打印可不处理；也可把文件发送到自己的电脑上打印"), "%.200s",
		    err.text);
	} else {
		for (i = 0; i < list.count; i++) {
			defaults += (size_t)((const struct print_printer *)record_list_at(
			    &list, &print_printer_type, i))->is_default;
		}
		find(f, defaults > 0 || list.count == 1 ? APP_HEALTH_GOOD : APP_HEALTH_WARNING,
		    _("请管理员指定默认打印机（lpadmin -d），或用 --printer 指定"), _("%zu 台打印机"), list.count);
	}
	record_list_release(&list, &print_printer_type);
}

/* Without TLS only a service on this machine is spoken to; the settings are refused otherwise. */
static void
check_tls(struct app *app, struct app_finding *f)
{
	const struct app_settings *settings = &app->settings;
	int is_encrypted = strncmp(settings->server, "https:", 6) == 0;

	if (asked.reply.is_untrusted) {
		find(f, APP_HEALTH_BAD,
		    _("核对设置 server 的主机名、ca_file、client_cert 和 client_key，以及本机时钟；证书过期请联系税务机关"),
		    "%.200s", asked.reply.reason);
	} else if (settings->client_key[0] != '\0' && !is_private(settings->client_key)) {
		find(f, APP_HEALTH_WARNING, _("私钥应只有本人可读（chmod go= 文件）"), "%.200s",
		    settings->client_key);
	} else {
		find(f, APP_HEALTH_GOOD, "", "%s",
		    is_encrypted ? settings->server : _("本机服务，不加密"));
	}
}

static void
check_core(struct app *app, struct app_finding *f)
{
	struct rlimit limit;

	(void)app;
	getrlimit(RLIMIT_CORE, &limit);
	find(f, limit.rlim_cur == 0 ? APP_HEALTH_GOOD : APP_HEALTH_WARNING,
	    _("用 ulimit -c 0 关闭内核转储"), "%s",
	    limit.rlim_cur == 0 ? _("内核转储已关闭") : _("内核转储没有关闭"));
}

static void
check_memory(struct app *app, struct app_finding *f)
{
	int locked = crypto_secrets_are_locked();

	(void)app;
	find(f, locked ? APP_HEALTH_GOOD : APP_HEALTH_WARNING,
	    _("请管理员提高可锁定内存的上限（/etc/security/limits.conf 中的 memlock，至少 1024）"), "%s",
	    locked ? _("口令只在锁定的内存里") : _("内存无法锁定，口令可能被写入交换区"));
}

static void
check_sandbox(struct app *app, struct app_finding *f)
{
	const struct sandbox_state *state = sandbox_state();
	struct buf out = { 0 };

	if (!app->settings.sandbox) {
		find(f, APP_HEALTH_WARNING, _("删除设置 sandbox = no"), "%s", _("已由设置关闭"));
		return;
	}
	sandbox_describe(state, &out);
	find(f, state->level == SANDBOX_WHOLE ? APP_HEALTH_GOOD : APP_HEALTH_WARNING,
	    _("请管理员更新内核：6.7 或更新的版本才能限制网络端口，5.13 起才能限制文件"), "%s",
	    buf_text(&out));
	buf_release(&out);
}

static void
check_open(struct app *app, struct app_finding *f)
{
	int64_t open = app_open_operations(app);

	find(f, open == 0 ? APP_HEALTH_GOOD : APP_HEALTH_WARNING,
	    _("登录后系统自动查询结果；请勿重复办理（shebao pending）"), _("结果待确认的业务 %lld 项"),
	    (long long)open);
}

/* status: the exit status that a bad finding stands for. */
static const struct {
	const char *name, *subject;
	int status;
	void (*check)(struct app *app, struct app_finding *f);
} checks[] = {
	{ "version", N_("版本"), 1, check_version },
	{ "locale", N_("字符集"), 1, check_locale },
	{ "terminal", N_("终端"), 1, check_terminal },
	{ "settings", N_("本机设置"), 5, check_settings },
	{ "state", N_("状态文件夹"), 5, check_home },
	{ "disk", N_("磁盘空间"), 5, check_disk },
	{ "database", N_("数据库"), 5, check_database },
	{ "service", N_("缴费服务"), 3, check_service },
	{ "service_version", N_("服务端版本"), 1, check_service_version },
	{ "clock", N_("时钟"), 1, check_clock },
	{ "tls", N_("加密"), 1, check_tls },
	{ "core", N_("内核转储"), 1, check_core },
	{ "memory", N_("锁定内存"), 1, check_memory },
	{ "sandbox", N_("沙箱"), 1, check_sandbox },
	{ "printers", N_("打印机"), 1, check_printers },
	{ "operations", N_("待确认业务"), 1, check_open },
};

int
app_doctor(struct app *app, app_finding_fn *fn, void *user)
{
	size_t i;
	int status = 0;

	for (i = 0; i < ARRAY_LEN(checks); i++) {
		struct app_finding finding = { 0 };

		mem_copy_text(finding.check, sizeof(finding.check), checks[i].name);
		mem_copy_text(finding.subject, sizeof(finding.subject), _(checks[i].subject));
		checks[i].check(app, &finding);
		fn(&finding, user);
		if (status == 0 && finding.health == APP_HEALTH_BAD) {
			status = checks[i].status;
		}
	}
	return status;
}

/* The user's own folder is named after a person. */
static void
put_redacted(struct buf *out, const char *text)
{
	const char *home = getenv("HOME");
	const char *at;

	while (home != NULL && home[0] != '\0' && home[1] != '\0' &&
	    (at = strstr(text, home)) != NULL) {
		buf_put(out, text, (size_t)(at - text));
		buf_puts(out, "~");
		text = at + strlen(home);
	}
	buf_puts(out, text);
}

static void
put_finding(const struct app_finding *finding, void *user)
{
	buf_printf(
	    user, "%s：%s ", finding->subject, _(healths_rows[finding->health].label));
	put_redacted(user, finding->finding);
	buf_puts(user, "\n");
}

void
app_diagnostics(struct app *app, struct buf *out)
{
	(void)app_doctor(app, put_finding, out);
}

/* ---- 问题咨询 */

int
app_consult(struct app *app, const char *question, const char *shown,
    struct consultation *out, struct err *err)
{
	struct consultation_request request = { 0 };
	struct buf diagnostics = { 0 };
	struct app_intent intent = {
		.operation = OPERATION_CONSULTATION_ASK,
		.request = &request,
		.op_id = request.op_id,
	};
	int rc;

	if (question[0] == '\0') {
		return err_set(err, ERR_DATA, "%s", _("请写明要咨询的问题"));
	}
	app_outbox_id(request.op_id);
	if (!mem_copy_text(request.question, sizeof(request.question), question)) {
		return err_set(err, ERR_LIMIT, _("问题不能超过 %zu 个字节"),
		    sizeof(request.question) - 1);
	}
	if (shown != NULL) {
		buf_puts(&diagnostics, shown);
	} else {
		app_diagnostics(app, &diagnostics);
	}
	/* Line ends are not clean text; the bundle is one line of findings. */
	for (char *at = diagnostics.data; at != NULL && *at != '\0'; at++) {
		*at = *at == '\n' ? ';' : *at;
	}
	mem_copy_text(request.diagnostics, sizeof(request.diagnostics), buf_text(&diagnostics));
	buf_release(&diagnostics);
	rc = app_outbox_do(app, &intent, out, NULL, err);
	return rc;
}
