/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options of shebaod: one table of keys, for the file, the command line and --help. */
#include "daemon_settings.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "listener.h"
#include "shebao/conf.h"
#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/mem.h"
#include "shebao/service.h"
#include "shebao/text.h"

/* Those who wait for one sync together share it; each has a connection, which costs a process of
 * the server on PostgreSQL and next to nothing on SQLite. */
#define WORKERS_SQLITE 32
#define WORKERS_POSTGRESQL 8

static const char *const levels[] = { [LOG_ERROR] = "error",
	[LOG_WARNING] = "warning",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug" };

static int
find_level(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(levels); i++) {
		if (strcmp(levels[i], name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

static const char *
expected_level(const char *value)
{
	return find_level(value) >= 0 ? NULL : N_("error、warning、info或debug");
}

static const char *
expected_profile(const char *value)
{
	return service_profile_find(value) >= 0 ? NULL : N_("mlps3、asvs或basic");
}

/* On the command line each address is seen when it is opened; in a file its line is named. */
static const char *
expected_addresses(const char *value)
{
	const char *expected = N_("127.0.0.1:8600、[::]:443或unix:路径，可用空格分隔多个");
	char *list = mem_dup(value), *save = NULL;
	char *address = strtok_r(list, " \t", &save);
	int good = address != NULL;

	for (; good && address != NULL; address = strtok_r(NULL, " \t", &save)) {
		good = listener_is_address(address);
	}
	free(list);
	return good ? NULL : expected;
}

static const char *
expected_url(const char *value)
{
	return value[0] == '\0' || strncmp(value, "https://", 8) == 0 ||
		strncmp(value, "http://", 7) == 0
	    ? NULL
	    : N_("以https://开头的网址");
}

/* It is the subject of a certificate. */
static const char *
expected_name(const char *value)
{
	return value[0] != '\0' ? NULL : N_("税务机关的名称");
}

#define MEMBER(m)                                      \
	.offset = offsetof(struct daemon_settings, m), \
	.size = sizeof(((struct daemon_settings *)0)->m)

// clang-format off
static const struct conf_key keys[] = {
	{ .name = "listen", .type = CONF_TEXT, MEMBER(listen), .expected = expected_addresses, .help = N_("监听地址：127.0.0.1:8600、[::]:443或unix:路径，可给出多个") },
	{ .name = "database", .type = CONF_TEXT, MEMBER(database), .help = N_("数据库：sqlite:文件或postgresql://…，默认为状态目录下的books.db") },
	{ .name = "tls-cert", .type = CONF_TEXT, MEMBER(tls_cert), .help = N_("证书链（PEM），给出后TCP地址使用HTTPS") },
	{ .name = "tls-key", .type = CONF_TEXT, MEMBER(tls_key), .help = N_("证书的私钥（PEM）") },
	{ .name = "tls-client-ca", .type = CONF_TEXT, MEMBER(tls_client_ca), .help = N_("客户端证书的签发机构（PEM），给出后HTTPS的客户端须出示它签发的证书") },
	{ .name = "state", .type = CONF_TEXT, MEMBER(state), .help = N_("状态目录：数据库、电子签章、令牌") },
	{ .name = "sandbox-bank", .type = CONF_TEXT, MEMBER(sandbox_bank), .help = N_("沙箱银行的账户（CSV），不给出则不能扣款") },
	{ .name = "sandbox-ledger", .type = CONF_TEXT, MEMBER(sandbox_ledger), .help = N_("沙箱银行的流水，几个服务可共用同一文件，默认为状态目录下的bank.ledger") },
	{ .name = "feedback-delay", .type = CONF_NUMBER, MEMBER(feedback_delay), .max = 86400000, .help = N_("申报多少毫秒后反馈结果") },
	{ .name = "seal", .type = CONF_TEXT, MEMBER(seal), .help = N_("税务机关电子签章所在目录，默认在状态目录下生成沙箱签章") },
	{ .name = "office", .type = CONF_TEXT, MEMBER(office), .expected = expected_name, .help = N_("沙箱签章上税务机关的名称") },
	{ .name = "verify-url", .type = CONF_TEXT, MEMBER(verify_url), .expected = expected_url, .help = N_("凭证上查验码前的网址") },
	{ .name = "connections", .type = CONF_NUMBER, MEMBER(connections), .min = 8, .max = 60000, .help = N_("最多同时多少个连接") },
	{ .name = "connections-per-source", .type = CONF_NUMBER, MEMBER(connections_per_source), .min = 1, .max = 60000, .help = N_("同一来源最多同时多少个连接，本机不限") },
	{ .name = "verify-limit", .type = CONF_NUMBER, MEMBER(verify_limit), .max = 100000, .help = N_("同一来源每分钟最多查验多少次凭证，0为不限") },
	{ .name = "workers", .type = CONF_NUMBER, MEMBER(workers), .min = 1, .max = 256, .help = N_("同时办理多少个请求，也是数据库连接的个数，默认32（PostgreSQL为8）") },
	{ .name = "session-idle", .type = CONF_NUMBER, MEMBER(session_idle), .min = 1, .max = 1440, .help = N_("多少分钟无操作后须重新登录") },
	{ .name = "session-max", .type = CONF_NUMBER, MEMBER(session_max), .min = 1, .max = 10080, .help = N_("登录后最长多少分钟须重新登录") },
	{ .name = "password-profile", .type = CONF_TEXT, MEMBER(password_profile), .expected = expected_profile, .help = N_("申报密码规则：mlps3、asvs或basic") },
	{ .name = "trust-forwarded", .type = CONF_BOOL, MEMBER(trust_forwarded), .help = N_("本机上的网关用X-Forwarded-For说明来源") },
	{ .name = "log-level", .type = CONF_TEXT, MEMBER(log_level), .expected = expected_level, .help = N_("日志级别：error、warning、info、debug；SIGHUP时重新读取") },
	{ .name = "insecure-plaintext", .type = CONF_BOOL, MEMBER(insecure_plaintext), .help = N_("允许在本机以外的地址上不加密，仅限受保护的网络") },
};
// clang-format on

/* systemd names the folder; otherwise it depends on whose daemon it is. */
static void
set_default_state(struct daemon_settings *settings)
{
	const char *systemd = getenv("STATE_DIRECTORY"), *xdg = getenv("XDG_STATE_HOME"),
		   *home = getenv("HOME");

	if (systemd != NULL && *systemd == '/') {
		snprintf(settings->state, sizeof(settings->state), "%.*s",
		    (int)strcspn(systemd, ":"), systemd);
	} else if (geteuid() == 0) {
		mem_copy_text(
		    settings->state, sizeof(settings->state), "/var/lib/shebaod");
	} else if (xdg != NULL && *xdg == '/') {
		snprintf(settings->state, sizeof(settings->state), "%s/shebaod", xdg);
	} else {
		snprintf(settings->state, sizeof(settings->state),
		    "%s/.local/state/shebaod", home != NULL ? home : "");
	}
}

static void
set_defaults(struct daemon_settings *settings)
{
	*settings = (struct daemon_settings){ .listen = "127.0.0.1:8600",
		.office = "国家税务总局贵阳市南明区税务局（沙箱）",
		.log_level = "info",
		.password_profile = "mlps3",
		.feedback_delay = 2000,
		.connections = 4096,
		.connections_per_source = 64,
		.verify_limit = 30,
		.session_idle = 30,
		.session_max = 480 };
	set_default_state(settings);
}

/* ---- the command line */

static const struct conf_key *
find_key(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(keys); i++) {
		if (strlen(keys[i].name) == n && strncmp(keys[i].name, name, n) == 0) {
			return &keys[i];
		}
	}
	return NULL;
}

/* The first --listen replaces what the file or the default said, the others are added. */
static int
add_listen(
    struct daemon_settings *settings, const char *value, int *given, struct err *err)
{
	size_t n = *given ? strlen(settings->listen) : 0;

	if (n + strlen(value) + 2 > sizeof(settings->listen) ||
	    strpbrk(value, " \t") != NULL) {
		return err_set(err, ERR_USAGE, _("--listen：地址过长或含有空格"));
	}
	snprintf(settings->listen + n, sizeof(settings->listen) - n, "%s%s",
	    n > 0 ? " " : "", value);
	*given = 1;
	return 0;
}

static int
set_option(struct daemon_settings *settings, const struct conf_key *key,
    const char *value, int *listen_given, struct err *err)
{
	char where[64];

	if (strcmp(key->name, "listen") == 0) {
		return add_listen(settings, value, listen_given, err);
	}
	snprintf(where, sizeof(where), "--%s", key->name);
	return conf_set(where, key->name, value, keys, ARRAY_LEN(keys), settings, err);
}

/* only_config: the pass that looks for --config, --help and --version alone. */
static int
parse(struct daemon_settings *settings, int argc, char *const *argv, int only_config,
    struct err *err)
{
	int i, listen_given = 0;

	for (i = 1; i < argc; i++) {
		const char *name = argv[i] + 2, *value;
		size_t n;
		const struct conf_key *key;
		int is_config, is_move;

		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			settings->help = 1;
			continue;
		}
		if (strcmp(argv[i], "--version") == 0) {
			settings->version = 1;
			continue;
		}
		if (strcmp(argv[i], "--print-openapi") == 0) {
			settings->print_openapi = 1;
			continue;
		}
		if (strcmp(argv[i], "--audit") == 0) {
			settings->audit = 1;
			continue;
		}
		if (strncmp(argv[i], "--", 2) != 0) {
			return err_set(err, ERR_USAGE,
			    _("多余的参数“%s”，请用--help查看用法"), argv[i]);
		}
		n = strcspn(name, "=");
		key = find_key(name, n);
		is_config = n == 6 && strncmp(name, "config", n) == 0;
		is_move = n == 7 && strncmp(name, "move-to", n) == 0;
		if (key == NULL && !is_config && !is_move) {
			return err_set(err, ERR_USAGE,
			    _("没有选项“--%.*s”，请用--help查看用法"), (int)n, name);
		}
		value = name[n] == '=' ? name + n + 1 : NULL;
		if (value == NULL && key != NULL && key->type == CONF_BOOL) {
			value = "yes";
		} else if (value == NULL && ++i < argc) {
			value = argv[i];
		}
		if (value == NULL) {
			return err_set(
			    err, ERR_USAGE, _("选项--%.*s后面缺少值"), (int)n, name);
		}
		if (is_config &&
		    !mem_copy_text(settings->config, sizeof(settings->config), value)) {
			return err_set(err, ERR_USAGE, _("--config：路径过长"));
		}
		if (is_move &&
		    !mem_copy_text(settings->move_to, sizeof(settings->move_to), value)) {
			return err_set(err, ERR_USAGE, _("--move-to：地址过长"));
		}
		if (!only_config && !is_config && !is_move &&
		    set_option(settings, key, value, &listen_given, err) != 0) {
			return -1;
		}
	}
	return 0;
}

int
daemon_settings_load(
    int argc, char *const *argv, struct daemon_settings *out, struct err *err)
{
	set_defaults(out);
	if (parse(out, argc, argv, 1, err) != 0) {
		return -1;
	}
	if (out->help || out->version || out->print_openapi) {
		return 0;
	}
	if (out->config[0] != '\0') {
		if (access(out->config, R_OK) != 0) {
			return err_set(err, ERR_USAGE,
			    _("--config：无法读取配置文件%s：%s。请核对路径和权限"), out->config,
			    strerror(errno));
		}
		if (conf_load(out->config, keys, ARRAY_LEN(keys), out, err) != 0) {
			return -1;
		}
	}
	if (parse(out, argc, argv, 0, err) != 0) {
		return -1;
	}
	log_set_level((enum log_level)find_level(out->log_level));
	if (out->workers == 0) {
		out->workers = strncmp(out->database, "postgres", 8) == 0 ? WORKERS_POSTGRESQL
									  : WORKERS_SQLITE;
	}
	if ((out->tls_cert[0] == '\0') != (out->tls_key[0] == '\0')) {
		return err_set(err, ERR_USAGE, _("tls-cert和tls-key须同时给出"));
	}
	if (out->tls_client_ca[0] != '\0' && out->tls_cert[0] == '\0') {
		return err_set(err, ERR_USAGE, _("tls-client-ca须与tls-cert和tls-key一起给出"));
	}
	return 0;
}

int
daemon_settings_reload(struct daemon_settings *settings, struct err *err)
{
	struct daemon_settings *fresh;
	int result = 0;

	if (settings->config[0] == '\0') {
		return 0;
	}
	fresh = mem_alloc(sizeof(*fresh));
	*fresh = *settings;
	result = conf_load(settings->config, keys, ARRAY_LEN(keys), fresh, err);
	if (result == 0) {
		log_set_level((enum log_level)find_level(fresh->log_level));
		memcpy(
		    settings->log_level, fresh->log_level, sizeof(settings->log_level));
		settings->connections = fresh->connections;
		settings->connections_per_source = fresh->connections_per_source;
		settings->verify_limit = fresh->verify_limit;
		settings->session_idle = fresh->session_idle;
		settings->session_max = fresh->session_max;
	}
	free(fresh);
	return result;
}

void
daemon_settings_help(struct buf *out)
{
	size_t i;

	buf_printf(
	    out, "%s\n%s\n\n", _("用法：shebaod [选项]"), _("社会保险费征缴服务。"));
	buf_printf(out, "  --%-26s%s\n", "config", _("先读取的配置文件，键与选项同名"));
	for (i = 0; i < ARRAY_LEN(keys); i++) {
		buf_printf(out, "  --%-26s%s\n", keys[i].name, i18n_text(keys[i].help));
	}
	buf_printf(out, "  --%-26s%s\n", "move-to",
	    _("不提供服务，只把全部账簿迁移到这个空的数据库，并在两边核对"));
	buf_printf(out, "  --%-26s%s\n", "audit", _("不提供服务，只核对账簿，有问题时退出状态为1"));
	buf_printf(out, "  --%-26s%s\n", "print-openapi",
	    _("打印/v1/openapi.json：全部业务和数据的OpenAPI文档"));
	buf_printf(out, "  --%-26s%s\n  --%-26s%s\n", "help", _("显示帮助"), "version",
	    _("显示版本"));
}
