/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to the service: opening it, single calls, uploads, and what a reply means. */
#include "shebao/said.h"
#include "shebao/sync.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/wire.h"
#include "sync_call.h"

#define CONNECT_TIMEOUT_MS 5000
#define TIMEOUT_MS 30000
#define CANCEL_CHECK_MS 50

static const char unix_scheme[] = "http+unix://";

/* ---- opening */

/* Plain HTTP is for this machine only: passwords and money must not cross a network readable. */
static int
is_this_machine(const char *authority)
{
	static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		size_t n = strlen(names[i]);

		if (strncasecmp(authority, names[i], n) == 0 &&
		    strchr(":/", authority[n]) != NULL) {
			return 1;
		}
	}
	return 0;
}

/* "HOST" or "HOST:PORT", with a port that there is. */
static int
is_authority(const char *s)
{
	const char *end = s + strcspn(s, "/"), *port = end;
	char *after;
	long number;

	while (port > s && port[-1] != ':' && port[-1] != ']') {
		port--;
	}
	if (port == s || port[-1] == ']') {
		return end > s;
	}
	number = strtol(port, &after, 10);
	return port - 1 > s && after == end && *port >= '0' && *port <= '9' && number > 0 &&
	    number <= 65535;
}

static int
set_server(struct sync *sync, const char *server, struct err *err)
{
	size_t n = strlen(server);
	int is_tls;

	if (strncmp(server, unix_scheme, strlen(unix_scheme)) == 0) {
		const char *path = server + strlen(unix_scheme);

		/* The kernel's sun_path has room for 107 bytes. */
		if (path[0] != '/' || strlen(path) > 107) {
			return err_set(err, ERR_USAGE,
			    _("服务地址%s：套接字路径必须以/开头，且不超过107字节"),
			    server);
		}
		sync->socket_path = mem_dup(path);
		sync->base = mem_dup("http://localhost");
		return 0;
	}
	while (n > 0 && server[n - 1] == '/') {
		n--;
	}
	sync->base = mem_printf("%.*s", (int)n, server);
	if (strpbrk(sync->base, "?#@ ") != NULL) {
		return err_set(err, ERR_USAGE, _("服务地址%s含有不允许的字符"), server);
	}
	is_tls = strncasecmp(server, "https://", 8) == 0;
	if ((!is_tls && strncasecmp(server, "http://", 7) != 0) ||
	    !is_authority(server + (is_tls ? 8 : 7))) {
		return err_set(err, ERR_USAGE,
		    _("服务地址%s：应为https://主机、http://127.0.0.1:端口或http+unix:///路径"),
		    server);
	}
	if (!is_tls && !is_this_machine(sync->base + 7)) {
		return err_set(err, ERR_USAGE,
		    _("服务地址%s：不在本机的服务必须使用https://"), server);
	}
	return 0;
}

static char *
copy_or_null(const char *s)
{
	return s != NULL && *s != '\0' ? mem_dup(s) : NULL;
}

int
sync_open(
    struct loop *loop, const struct sync_opts *opts, struct sync **out, struct err *err)
{
	struct sync *sync = mem_alloc(sizeof(*sync));

	sync->loop = loop;
	sync->server = mem_dup(opts->server);
	sync->ca_file = copy_or_null(opts->ca_file);
	sync->client_cert = copy_or_null(opts->client_cert);
	sync->client_key = copy_or_null(opts->client_key);
	sync->connect_timeout_ms =
	    opts->connect_timeout_ms > 0 ? opts->connect_timeout_ms : CONNECT_TIMEOUT_MS;
	sync->timeout_ms = opts->timeout_ms > 0 ? opts->timeout_ms : TIMEOUT_MS;
	if (set_server(sync, opts->server, err) != 0) {
		sync_close(sync);
		return -1;
	}
	*out = sync;
	return 0;
}

void
sync_close(struct sync *sync)
{
	if (sync == NULL) {
		return;
	}
	while (sync->calls != NULL) {
		sync_call_free(sync->calls);
	}
	sync_multi_close(sync);
	sync_set_token(sync, NULL);
	free(sync->server);
	free(sync->base);
	free(sync->socket_path);
	free(sync->ca_file);
	free(sync->client_cert);
	free(sync->client_key);
	free(sync);
}

const char *
sync_server(const struct sync *sync)
{
	return sync->server;
}

void
sync_set_token(struct sync *sync, const char *token)
{
	if (sync->token != NULL) {
		crypto_secret_free(sync->token, SYNC_TOKEN_MAX);
		sync->token = NULL;
	}
	if (token != NULL && *token != '\0') {
		assert(strlen(token) < SYNC_TOKEN_MAX);
		sync->token = crypto_secret_alloc(SYNC_TOKEN_MAX);
		memcpy(sync->token, token, strlen(token) + 1);
	}
}

const char *
sync_token(const struct sync *sync)
{
	return sync->token;
}

void
sync_on_progress(struct sync *sync, sync_progress_fn *fn, void *user)
{
	sync->progress = fn;
	sync->progress_user = user;
}

/* ---- calls */

struct sync_call *
sync_start(struct sync *sync, enum operation op, const void *bytes, size_t n,
    sync_done_fn *done, void *user)
{
	struct sync_call *call = sync_call_new(sync, op, bytes, n, NULL);

	sync_call_begin(call, done, user);
	return call;
}

struct waiting {
	struct loop *loop;
	int *done;
	const int *cancel;
	int timer;
	int cancelled;
};

static void
check_cancel(void *user)
{
	struct waiting *w = user;

	if (*w->cancel) {
		w->timer = 0;
		w->cancelled = 1;
		*w->done = 1;
	} else {
		w->timer = loop_timer(w->loop, CANCEL_CHECK_MS, check_cancel, w);
	}
}

int
sync_wait(struct sync *sync, int *done, const int *cancel)
{
	struct waiting w = { .loop = sync->loop, .done = done, .cancel = cancel };

	if (cancel != NULL) {
		w.timer = loop_timer(sync->loop, CANCEL_CHECK_MS, check_cancel, &w);
	}
	loop_run_until(sync->loop, done);
	if (w.timer != 0) {
		loop_timer_cancel(sync->loop, w.timer);
	}
	return w.cancelled;
}

static void
on_run_done(struct sync_call *call, struct sync_reply *reply, void *user)
{
	int *done = user;

	(void)call;
	(void)reply;
	*done = 1;
}

static void
run_call(struct sync *sync, struct sync_call *call, const int *cancel,
    struct sync_reply *reply)
{
	int done = 0;

	sync_call_begin(call, on_run_done, &done);
	if (sync_wait(sync, &done, cancel) && call->reply.reason[0] == '\0' &&
	    call->reply.status == 0) {
		unsigned flags = operation_row(call->op)->flags;
		int may_count =
		    call->begun && (flags & (OPERATION_MUTATES | OPERATION_ROWS)) != 0;

		call->reply.outcome = may_count ? SYNC_UNKNOWN : SYNC_CANCELLED;
		mem_copy_text(
		    call->reply.reason, sizeof(call->reply.reason), _("已取消"));
	}
	*reply = call->reply;
	call->reply.body = (struct buf){ 0 };
	sync_call_free(call);
}

void
sync_run(struct sync *sync, enum operation op, const void *bytes, size_t n,
    const int *cancel, struct sync_reply *reply)
{
	run_call(sync, sync_call_new(sync, op, bytes, n, NULL), cancel, reply);
}

void
sync_upload(struct sync *sync, enum operation op, FILE *rows, const int *cancel,
    struct sync_reply *reply)
{
	run_call(sync, sync_call_new(sync, op, NULL, 0, rows), cancel, reply);
}

static size_t
write_bytes(const char *bytes, size_t n, void *user)
{
	/* What cannot be written shows in the file's error mark. */
	(void)!fwrite(bytes, 1, n, user);
	return n;
}

void
sync_download(struct sync *sync, enum operation op, FILE *out, const int *cancel,
    struct sync_reply *reply)
{
	struct sync_call *call = sync_call_new(sync, op, NULL, 0, NULL);

	call->sink = write_bytes;
	call->sink_user = out;
	run_call(sync, call, cancel, reply);
}

int
sync_check(const struct sync_reply *reply, struct err *err)
{
	struct problem problem = { 0 };
	struct err ignored = { 0 };
	char said[ERR_TEXT_MAX];

	switch (reply->outcome) {
	case SYNC_SURELY_NOT:
		return err_set(
		    err, ERR_UNREACHABLE, _("无法连接缴费服务：%s"), reply->reason);
	case SYNC_UNKNOWN:
		return err_set(err, ERR_OUTCOME_UNKNOWN,
		    _("已发出，但没有收到缴费服务的应答：%s"), reply->reason);
	case SYNC_CANCELLED:
		return err_set(err, ERR_CANCELLED, "%s", _("已取消"));
	case SYNC_ANSWERED:
		break;
	}
	if (reply->status >= 200 && reply->status < 300) {
		return 0;
	}
	if (wire_decode(&request_problem, buf_text(&reply->body), reply->body.len,
		WIRE_LENIENT, &problem, &ignored) != 0 ||
	    err_code_by_name(problem.code) == ERR_NONE) {
		err_set(err, ERR_SERVICE, _("缴费服务的应答无法读取（HTTP %d）"),
		    reply->status);
	} else {
		err_set(err, err_code_by_name(problem.code), "%s",
		    said_text(problem.detail[0] != '\0' ? problem.detail : problem.title, said,
			sizeof(said)));
	}
	record_release(&request_problem, &problem);
	return -1;
}

/* ---- encode, call, decode */

static int
decode_answer(
    enum operation op, const struct sync_reply *reply, void *answer, struct err *err)
{
	const struct operation_row *row = operation_row(op);

	if (row->answer == NULL || answer == NULL) {
		return 0;
	}
	if (wire_decode(row->answer, buf_text(&reply->body), reply->body.len,
		WIRE_LENIENT, answer, err) != 0) {
		err->code = ERR_SERVICE;
		return err_wrap(err, _("缴费服务的应答无法读取"));
	}
	return 0;
}

int
sync_ask_reply(struct sync *sync, enum operation op, const void *request, void *answer,
    const int *cancel, struct sync_reply *reply, struct err *err)
{
	const struct operation_row *row = operation_row(op);
	struct sync_reply checked;
	struct buf bytes = { 0 };
	int result = -1;

	if (row->request != NULL && request != NULL) {
		if (strcmp(row->method, "GET") == 0) {
			wire_encode_query(row->request, request, &bytes);
		} else {
			wire_encode(row->request, request, &bytes);
		}
	}
	sync_run(sync, op, bytes.data, bytes.len, cancel, reply);
	checked = *reply;
	/* Whoever asks without changing anything may simply ask again. */
	if (checked.outcome == SYNC_UNKNOWN && (row->flags & OPERATION_MUTATES) == 0) {
		checked.outcome = SYNC_SURELY_NOT;
	}
	if (sync_check(&checked, err) == 0) {
		result = decode_answer(op, reply, answer, err);
	}
	if (bytes.data != NULL) {
		crypto_wipe(bytes.data, bytes.size);
	}
	if (reply->body.data != NULL) {
		crypto_wipe(reply->body.data, reply->body.size);
	}
	buf_release(&bytes);
	buf_release(&reply->body);
	return result;
}

int
sync_ask(struct sync *sync, enum operation op, const void *request, void *answer,
    const int *cancel, struct err *err)
{
	struct sync_reply reply = { 0 };

	return sync_ask_reply(sync, op, request, answer, cancel, &reply, err);
}
