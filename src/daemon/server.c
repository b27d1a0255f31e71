/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The HTTP side. The library calls on_request several times a request: with the headers, with
 * each piece of the body, and once more when all is there. The answer is queued only then:
 * queued at the first call, the library would close the connection after it (which is what we
 * want for a body that is too long, and for nothing else).
 */
#include "server.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "server_gate.h"
#include "server_page.h"
#include "shebao/crypto.h"
#include "shebao/file.h"
#include "shebao/i18n.h"
#include "shebao/log.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "tls.h"

/* Of a connection: headers, and a window of the body. */
#define MEMORY_BYTES ((size_t)16 << 10)
#define SOCKET_THREADS 2
#define INACTIVE_SECONDS 90u /* behind the reaper's deadlines */
#define PEM_MAX ((size_t)1 << 20)
#define TICK_MS 100
#define SHARED_POLL_MS 1000

static void
on_answered(struct exchange *exchange)
{
	/* An upload that may come in is not through yet. */
	if (exchange->answer.status != 0) {
		server_answer_record(exchange);
	}
	exchange->state = EXCHANGE_ANSWERED;
	MHD_resume_connection(exchange->http);
}

/* ---- the last call: everything is there */

static void
read_gauges(struct server *server, struct metrics_gauges *gauges)
{
	reaper_count(&server->reaper, &gauges->connections, &gauges->dropped);
	workers_count(server->workers, &gauges->queued, &gauges->held, &gauges->working);
	gauges->round_trips = (int64_t)service_round_trips();
}

enum MHD_Result
server_submit(struct exchange *exchange)
{
	int64_t seconds;

	reaper_set(&exchange->server->reaper, exchange->entry, 0);
	/* Suspended first: a worker may be through with it before submit returns. */
	exchange->state = EXCHANGE_QUEUED;
	MHD_suspend_connection(exchange->http);
	seconds = workers_submit(exchange->server->workers, exchange);
	if (seconds != 0) {
		exchange->retry_after = seconds;
		exchange_refuse(exchange, ERR_BUSY, 0, _("服务繁忙"));
		on_answered(exchange);
	}
	return MHD_YES;
}

static enum MHD_Result
dispatch(struct exchange *exchange)
{
	struct metrics_gauges gauges = { 0 };

	if (exchange->received > exchange->limit) {
		return server_answer_refuse(exchange, ERR_LIMIT, 413, _("请求过大"));
	}
	if (exchange->operation == OPERATION_FEEDBACK &&
	    exchange_recall(exchange, exchange->server->service)) {
		server_answer_record(exchange);
		exchange->state = EXCHANGE_ANSWERED;
		return server_answer_send(exchange);
	}
	if (exchange->operation >= 0) {
		return server_submit(exchange);
	}
	if (strcmp(exchange->target, "/metrics") == 0) {
		read_gauges(exchange->server, &gauges);
	}
	if (!server_page(exchange, atomic_load(&exchange->server->draining), &gauges)) {
		exchange_refuse(exchange, ERR_NOT_FOUND, 404, _("没有这个路径"));
	}
	server_answer_record(exchange);
	exchange->state = EXCHANGE_ANSWERED;
	return server_answer_send(exchange);
}

static enum MHD_Result
/* NOLINTNEXTLINE(readability-function-size): the library's parameters */
on_request(void *user, struct MHD_Connection *http, const char *url, const char *method,
    const char *version, const char *bytes, size_t *n, void **context)
{
	struct gate *gate = user;
	struct exchange *exchange = *context;
	const union MHD_ConnectionInfo *info;
	int taken;

	(void)url;
	if (exchange == NULL) {
		return MHD_NO;
	}
	if (!exchange->begun) {
		info = MHD_get_connection_info(http, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
		exchange->http = http;
		exchange->shape.method = method;
		exchange->shape.version = version;
		exchange->entry = info->socket_context;
		atomic_fetch_add(&gate->server->active, 1);
		return server_begin(gate, exchange, method);
	}
	if (exchange->is_admission) {
		return server_begin_rows(exchange);
	}
	if (*n > 0) {
		taken = exchange_take(exchange, bytes, *n);
		*n = 0;
		return taken == 0 ? MHD_YES : MHD_NO;
	}
	return exchange->state == EXCHANGE_READING ? dispatch(exchange)
						   : server_answer_send(exchange);
}

/* ---- life of a connection and of a request */

/* The request line: from here on the headers have their own deadline. */
static void *
on_target(void *user, const char *target, struct MHD_Connection *http)
{
	struct gate *gate = user;
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(http, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	reaper_set(&gate->server->reaper, info->socket_context,
	    loop_now_ms() + REAPER_HEADER_MS);
	return exchange_new(gate->server, target);
}

static void
on_completed(void *user, struct MHD_Connection *http, void **context,
    enum MHD_RequestTerminationCode how)
{
	struct gate *gate = user;
	struct exchange *exchange = *context;

	(void)http;
	(void)how;
	if (exchange == NULL) {
		return;
	}
	if (exchange->begun) {
		reaper_set(&gate->server->reaper, exchange->entry,
		    loop_now_ms() + REAPER_IDLE_MS);
		atomic_fetch_sub(&gate->server->active, 1);
	}
	if (exchange->rows != NULL) {
		atomic_fetch_sub(&gate->server->uploads, 1);
	}
	exchange_free(exchange);
	*context = NULL;
}

static void
name_source(const struct gate *gate, const struct sockaddr *address, char *out, size_t size)
{
	socklen_t n = address != NULL && address->sa_family == AF_INET6
	    ? sizeof(struct sockaddr_in6)
	    : sizeof(struct sockaddr_in);
	char host[64] = "";

	if (gate->listener.is_unix || address == NULL ||
	    getnameinfo(address, n, host, sizeof(host), NULL, 0, NI_NUMERICHOST) != 0) {
		snprintf(out, size, "unix");
		return;
	}
	mem_copy_text(out, size,
	    strncasecmp(host, "::ffff:", 7) == 0 && strchr(host, '.') != NULL ? host + 7
									      : host);
}

/* Before anything else is known of a connection; MHD_NO closes it. */
static enum MHD_Result
on_accept(void *user, const struct sockaddr *address, socklen_t n)
{
	struct gate *gate = user;
	struct server *server = gate->server;
	char source[sizeof(((struct reaper_entry *)0)->source)];
	/* Whoever can be on the loopback may be a gateway for everybody. */
	int64_t per_source =
	    gate->listener.is_local ? 0 : atomic_load(&server->connections_per_source);

	(void)n;
	name_source(gate, address, source, sizeof(source));
	return reaper_has_room(
		   &server->reaper, source, atomic_load(&server->connections), per_source)
	    ? MHD_YES
	    : MHD_NO;
}

static void
on_connection(void *user, struct MHD_Connection *http, void **context,
    enum MHD_ConnectionNotificationCode how)
{
	struct gate *gate = user;
	const union MHD_ConnectionInfo *info;
	char source[sizeof(((struct reaper_entry *)0)->source)];

	if (how == MHD_CONNECTION_NOTIFY_STARTED) {
		info = MHD_get_connection_info(http, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
		name_source(gate, info != NULL ? info->client_addr : NULL, source, sizeof(source));
		info = MHD_get_connection_info(http, MHD_CONNECTION_INFO_CONNECTION_FD);
		*context = reaper_add(&gate->server->reaper, info->connect_fd, source,
		    loop_now_ms() + REAPER_HEADER_MS);
	} else if (*context != NULL) {
		reaper_remove(&gate->server->reaper, *context);
		*context = NULL;
	}
}

static void on_library_log(void *user, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
on_library_log(void *user, const char *format, va_list args)
{
	char text[512];

	(void)user;
	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = '\0';
	log_line(LOG_DEBUG, "http: %s", text);
}

/* ---- starting */

static int
start_gate(struct gate *gate, const struct daemon_settings *settings, struct err *err)
{
	static char versions[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(uintptr_t)tls_callback() },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, versions },
		{ gate->server->authority.len > 0 ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END,
		    0, gate->server->authority.data },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
	    MHD_USE_ERROR_LOG | (gate->is_tls ? MHD_USE_TLS : 0u);

	gate->daemon = MHD_start_daemon(flags, 0, on_accept, gate, on_request, gate,
	    MHD_OPTION_EXTERNAL_LOGGER, on_library_log, NULL, MHD_OPTION_LISTEN_SOCKET,
	    gate->listener.fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)SOCKET_THREADS,
	    /* Not the limit of the settings, which may change: see on_accept. */
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)settings->connections_most,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, MEMORY_BYTES,
	    MHD_OPTION_CONNECTION_TIMEOUT, INACTIVE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT,
	    1, MHD_OPTION_URI_LOG_CALLBACK, on_target, gate, MHD_OPTION_NOTIFY_COMPLETED,
	    on_completed, gate, MHD_OPTION_NOTIFY_CONNECTION, on_connection, gate,
	    MHD_OPTION_ARRAY, gate->is_tls ? tls : none, MHD_OPTION_END);
	if (gate->daemon == NULL) {
		return err_set(err, ERR_LOCAL, _("无法在%s上提供服务，请检查证书和私钥"),
		    gate->listener.url);
	}
	return 0;
}

static int
open_gate(struct server *server, const char *address,
    const struct daemon_settings *settings, struct err *err)
{
	struct gate *gate = &server->gates[server->gate_count];
	char url[sizeof(gate->listener.url)];

	gate->server = server;
	if (listener_open(address, &gate->listener, err) != 0) {
		return -1;
	}
	server->gate_count++;
	gate->is_tls = !gate->listener.is_unix && settings->tls_cert[0] != '\0';
	if (!gate->is_tls && !gate->listener.is_local && !settings->insecure_plaintext) {
		return err_set(err, ERR_USAGE,
		    _("%s不只在本机可达：请给出--tls-cert和--tls-key（或明确给出--insecure-plaintext）"),
		    address);
	}
	if (!gate->listener.is_unix) {
		memcpy(url, gate->listener.url, sizeof(url));
		snprintf(gate->listener.url, sizeof(gate->listener.url), "%s%.*s",
		    gate->is_tls ? "https" : "http", (int)sizeof(url) - 8, url);
	}
	return 0;
}

static int
open_gates(struct server *server, const struct daemon_settings *settings, struct err *err)
{
	char *list = mem_dup(settings->listen), *save = NULL, *address;
	int result = 0;

	for (address = strtok_r(list, " \t", &save); address != NULL && result == 0;
	     address = strtok_r(NULL, " \t", &save)) {
		result = server->gate_count < GATES_MAX
		    ? open_gate(server, address, settings, err)
		    : err_set(err, ERR_USAGE, _("监听地址最多%d个"), GATES_MAX);
	}
	if (result == 0 && server->gate_count == 0) {
		result = err_set(err, ERR_USAGE, _("没有监听地址"));
	}
	free(list);
	return result;
}

static void *
run_keeper(void *user)
{
	struct server *server = user;
	const struct timespec tick = { .tv_nsec = TICK_MS * 1000000L };

	while (!atomic_load(&server->stopping)) {
		reaper_run(&server->reaper, loop_now_ms());
		workers_tick(server->workers, loop_now_ms());
		nanosleep(&tick, NULL);
	}
	return NULL;
}

static void
set_limits(struct server *server, const struct daemon_settings *settings)
{
	atomic_store(&server->connections, settings->connections);
	atomic_store(&server->connections_per_source, settings->connections_per_source);
	quota_limit(server->verify, settings->verify_limit);
}

int
server_open(const struct daemon_settings *settings, struct server **out, struct err *err)
{
	struct server *server = mem_alloc(sizeof(*server));

	mem_copy_text(server->state, sizeof(server->state), settings->state);
	server->trusts_forwarded = settings->trust_forwarded;
	reaper_init(&server->reaper);
	server->verify = quota_new(settings->verify_limit);
	set_limits(server, settings);
	*out = server;
	if (settings->tls_cert[0] != '\0' &&
	    tls_load(settings->tls_cert, settings->tls_key, err) != 0) {
		return -1;
	}
	if (settings->tls_client_ca[0] != '\0') {
		if (file_load(settings->tls_client_ca, PEM_MAX, &server->authority, err) != 0 ||
		    tls_demand(buf_text(&server->authority), settings->tls_client_ca, err) != 0) {
			return err_wrap(err, "tls-client-ca");
		}
	}
	return open_gates(server, settings, err);
}

int
server_start(struct server *server, const struct daemon_settings *settings,
    const struct office *office, struct err *err)
{
	const struct workers_opts opts = { .service = office->service,
		.threads = settings->workers,
		.poll_ms = office->is_shared ? SHARED_POLL_MS : 0,
		.done = on_answered };
	size_t i;

	server->service = office->service;
	server->workers = workers_start(&opts);
	for (i = 0; i < server->gate_count; i++) {
		if (start_gate(&server->gates[i], settings, err) != 0) {
			return -1;
		}
	}
	server->keeper_runs =
	    pthread_create(&server->keeper, NULL, run_keeper, server) == 0;
	return server->keeper_runs ? 0 : err_set(err, ERR_LOCAL, _("无法建立线程"));
}

void
server_announce(const struct server *server)
{
	size_t i;

	for (i = 0; i < server->gate_count; i++) {
		printf("listening on %s\n", server->gates[i].listener.url);
	}
	fflush(stdout);
}

int
server_reload(struct server *server, const struct daemon_settings *settings, struct err *err)
{
	set_limits(server, settings);
	service_limit_sessions(server->service, settings->session_idle * 60000,
	    settings->session_max * 60000);
	return settings->tls_cert[0] == '\0' ||
		tls_load(settings->tls_cert, settings->tls_key, err) == 0
	    ? 0
	    : -1;
}

/* ---- stopping */

static void
wait_for_answers(struct server *server, int64_t ms)
{
	const struct timespec tick = { .tv_nsec = 10000000 };
	int64_t until = loop_now_ms() + ms;

	while (atomic_load(&server->active) > 0 && loop_now_ms() < until) {
		nanosleep(&tick, NULL);
	}
}

void
server_stop(struct server *server, int64_t grace_ms)
{
	size_t i;

	if (server == NULL) {
		return;
	}
	atomic_store(&server->draining, 1);
	for (i = 0; i < server->gate_count; i++) {
		if (server->gates[i].daemon != NULL) {
			(void)!MHD_quiesce_daemon(server->gates[i].daemon);
		}
		listener_close(&server->gates[i].listener);
	}
	if (server->workers != NULL) {
		workers_drain(server->workers);
		wait_for_answers(server, grace_ms);
		workers_stop(server->workers);
		wait_for_answers(server, 1000);
	}
	atomic_store(&server->stopping, 1);
	if (server->keeper_runs) {
		pthread_join(server->keeper, NULL);
	}
	for (i = 0; i < server->gate_count; i++) {
		if (server->gates[i].daemon != NULL) {
			MHD_stop_daemon(server->gates[i].daemon);
		}
	}
	workers_free(server->workers);
	reaper_release(&server->reaper);
	quota_free(server->verify);
	tls_release();
	buf_release(&server->authority);
	free(server);
}
