/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 诊断: what may be wrong on this machine and how to mend it; also the bundle that goes with
 * a question to the tax office. */
#include "app_private.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/sandbox.h"
#include "shebao/text.h"

// clang-format off
static const struct choice healths_rows[] = {
	[APP_HEALTH_GOOD]    = { "good", N_("正常"), NULL },
	[APP_HEALTH_WARNING] = { "warning", N_("注意"), NULL },
	[APP_HEALTH_BAD]     = { "bad", N_("异常"), NULL },
};
_Static_assert(ARRAY_LEN(healths_rows) == APP_HEALTH_COUNT, "a row for every value");

static const struct choice_set healths = { .rows = healths_rows, .count = APP_HEALTH_COUNT };

static const struct field app_finding_fields[] = {
	RECORD_TEXT(app_finding, subject, N_("项目"), FIELD_REQUIRED | FIELD_KEY),
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

static void
check_locale(struct app *app, struct app_finding *f)
{
	const char *codeset = nl_langinfo(CODESET);
	int good = strcmp(codeset, "UTF-8") == 0 || strncmp(codeset, "GB", 2) == 0;

	(void)app;
	find(f, good ? APP_HEALTH_GOOD : APP_HEALTH_BAD,
	    _("设置 LANG=C.UTF-8 或 zh_CN.UTF-8，并把终端软件的字符集设为 UTF-8"), "%s", codeset);
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

static void
check_home(struct app *app, struct app_finding *f)
{
	struct stat st;
	int good = stat(app->home, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & 077) == 0;

	find(f, good ? APP_HEALTH_GOOD : APP_HEALTH_BAD,
	    _("该文件夹应属于本人，权限为 0700"), "%s", app->home);
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

static void
check_service(struct app *app, struct app_finding *f)
{
	struct verify_request request = { .code = "0" };
	struct verify_answer answer = { 0 };
	struct err err = { 0 };
	int64_t started = loop_now_ms();

	/* Any answer of the service will do, also that there is no such code. */
	if (sync_ask(app->sync, OPERATION_VERIFY, &request, &answer, NULL, &err) != 0 &&
	    (err.code == ERR_UNREACHABLE || err.code == ERR_SERVICE)) {
		find(f, APP_HEALTH_BAD,
		    _("检查网络；核对设置 server 或环境变量 SHEBAO_SERVER；或联系税务机关"), "%s：%.200s",
		    app->settings.server, err.text);
		return;
	}
	find(f, APP_HEALTH_GOOD, "", _("%s，%lld 毫秒"), app->settings.server,
	    (long long)(loop_now_ms() - started));
}

static void
check_tls(struct app *app, struct app_finding *f)
{
	const char *server = app->settings.server;
	int local = strncmp(server, "http://127.", 11) == 0 ||
	    strncmp(server, "http://localhost", 16) == 0 ||
	    strncmp(server, "http://[::1]", 12) == 0 || strncmp(server, "http+unix:", 10) == 0;

	find(f,
	    strncmp(server, "https:", 6) == 0 || local ? APP_HEALTH_GOOD : APP_HEALTH_BAD,
	    _("使用 https 地址"), "%s", local ? _("本机服务，不加密") : server);
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

static const struct {
	const char *subject;
	void (*check)(struct app *app, struct app_finding *f);
} checks[] = {
	{ N_("版本"), check_version },
	{ N_("字符集"), check_locale },
	{ N_("终端"), check_terminal },
	{ N_("状态文件夹"), check_home },
	{ N_("磁盘空间"), check_disk },
	{ N_("数据库"), check_database },
	{ N_("缴费服务"), check_service },
	{ N_("加密"), check_tls },
	{ N_("内核转储"), check_core },
	{ N_("沙箱"), check_sandbox },
	{ N_("待确认业务"), check_open },
};

void
app_doctor(struct app *app, app_finding_fn *fn, void *user)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(checks); i++) {
		struct app_finding finding = { 0 };

		mem_copy_text(finding.subject, sizeof(finding.subject), _(checks[i].subject));
		checks[i].check(app, &finding);
		fn(&finding, user);
	}
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
	app_doctor(app, put_finding, out);
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
