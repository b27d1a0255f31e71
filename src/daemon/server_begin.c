/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The headers of a request: what is refused for their sake, and where its body goes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <arpa/inet.h>
#include <unistd.h>

#include "server_gate.h"
#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/wire_lean.h"

/* Imports are spooled before their token is checked by the service: a few at a time. */
#define UPLOADS_MAX 4

struct header_count {
	int lengths, hosts, chunks, authorizations, codings, broken;
};

static enum MHD_Result
count_header(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct header_count *count = user;
	size_t n = strlen(name);

	(void)kind;
	count->lengths += strcasecmp(name, "Content-Length") == 0;
	count->hosts += strcasecmp(name, "Host") == 0;
	count->chunks += strcasecmp(name, "Transfer-Encoding") == 0;
	count->authorizations += strcasecmp(name, "Authorization") == 0;
	count->codings += strcasecmp(name, "Content-Encoding") == 0 && strcasecmp(value, "identity") != 0;
	count->broken += n == 0 || strcspn(name, " \t") != n;
	return MHD_YES;
}

/* Whatever two readers of the same bytes could understand differently is refused: behind a
 * gateway it would let one client speak in another one's name. *status: 0, or not the usual one. */
static const char *
refused(const struct exchange *exchange, int *status)
{
	struct header_count count = { 0 };
	const char *p;

	if (!header_shape_is_strict(exchange->http, &exchange->shape)) {
		return _("请求头的写法不正确");
	}
	MHD_get_connection_values(exchange->http, MHD_HEADER_KIND, count_header, &count);
	if (count.lengths > 1 || count.hosts > 1 || count.authorizations > 1 ||
	    count.chunks > 1) {
		return _("同一个请求头出现了两次");
	}
	if (count.lengths + count.chunks > 1) {
		return _("Content-Length和Transfer-Encoding不能同时出现");
	}
	if (count.broken > 0) {
		return _("请求头的名称不正确");
	}
	for (p = exchange->target; *p != '\0'; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7F || strncmp(p, "%00", 3) == 0) {
			return _("请求路径含有不允许的字符");
		}
	}
	if (count.codings > 0) {
		*status = 415;
		return _("请求的内容不能压缩");
	}
	return NULL;
}

static void
read_token(struct exchange *exchange)
{
	const char *value =
	    MHD_lookup_connection_value(exchange->http, MHD_HEADER_KIND, "Authorization");

	if (value != NULL && strncasecmp(value, "Bearer ", 7) == 0) {
		value += 7;
		value += strspn(value, " ");
		/* A token that is cut is no token. */
		if (strlen(value) < sizeof(exchange->token)) {
			memcpy(exchange->token, value, strlen(value) + 1);
		}
	}
}

/* The last address is the one that our own gateway saw; those before it are whatever was sent. */
static void
read_forwarded(struct exchange *exchange)
{
	const char *value = MHD_lookup_connection_value(
	    exchange->http, MHD_HEADER_KIND, "X-Forwarded-For");
	const char *last = value != NULL ? strrchr(value, ',') : NULL;
	unsigned char address[16];
	char text[64];

	last = last != NULL ? last + 1 + strspn(last + 1, " ") : value;
	if (last == NULL || !mem_copy_text(text, sizeof(text), last)) {
		return;
	}
	if (inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1) {
		memcpy(exchange->source, text, sizeof(exchange->source));
		exchange->is_local = 0;
	}
}

/* "gzip;q=0" is a no. */
static int
accepts(const struct exchange *exchange, const char *header, const char *what)
{
	const char *value = MHD_lookup_connection_value(exchange->http, MHD_HEADER_KIND, header);
	const char *found = value != NULL ? strstr(value, what) : NULL;

	return found != NULL && strncmp(found + strlen(what), ";q=0", 4) != 0;
}

static int
takes_query(const struct operation_row *row)
{
	return strcmp(row->method, "GET") == 0 && row->request != NULL;
}

/* The query of a GET, with the member that stood in its path. */
static void
set_member(struct exchange *exchange, const struct operation_row *row, const char *tail)
{
	const char *open = strchr(row->path, '{');

	buf_puts(&exchange->member, exchange->query);
	if (tail != NULL && open != NULL) {
		buf_printf(&exchange->member, "%s%.*s=%s",
		    exchange->query[0] != '\0' ? "&" : "", (int)strcspn(open + 1, "}"),
		    open + 1, tail);
	}
}

static int
open_spool(struct exchange *exchange)
{
	char *path = mem_printf("%s/spool-XXXXXX", exchange->server->state);
	int fd = mkstemp(path);

	if (fd >= 0) {
		unlink(path);
		exchange->rows = fdopen(fd, "w+b");
		if (exchange->rows == NULL) {
			close(fd);
		}
	}
	free(path);
	return exchange->rows != NULL ? 0 : -1;
}

/* -1: not given. The library has checked that it is a number. */
static int64_t
content_length(const struct exchange *exchange)
{
	const char *text = MHD_lookup_connection_value(
	    exchange->http, MHD_HEADER_KIND, "Content-Length");

	return text != NULL ? strtoll(text, NULL, 10) : -1;
}

/* A worker looks at the token of an upload before a byte of its rows is taken; then the library
 * comes here again with the same headers. */
enum MHD_Result
server_begin_rows(struct exchange *exchange)
{
	struct server *server = exchange->server;
	int64_t length = content_length(exchange);

	exchange->is_admission = 0;
	exchange->state = EXCHANGE_READING;
	if (exchange->answer.status != 0) {
		exchange->state = EXCHANGE_ANSWERED;
		return server_answer_send(exchange);
	}
	if (atomic_load(&server->uploads) >= UPLOADS_MAX) {
		return server_answer_refuse(
		    exchange, ERR_BUSY, 0, _("同时上传的文件过多"));
	}
	if (open_spool(exchange) != 0) {
		return server_answer_refuse(
		    exchange, ERR_LOCAL, 0, _("无法暂存上传的文件"));
	}
	atomic_fetch_add(&server->uploads, 1);
	reaper_set(&server->reaper, exchange->entry,
	    loop_now_ms() + REAPER_BODY_MS +
		(length >= 0 ? length : EXCHANGE_ROWS_MAX) * 1000 /
		    REAPER_BYTES_A_SECOND);
	return MHD_YES;
}

enum MHD_Result
server_begin(struct gate *gate, struct exchange *exchange, const char *method)
{
	const char *problem, *tail = NULL;
	const struct operation_row *row = NULL;
	int status = 0;

	exchange->begun = 1;
	exchange->is_local = gate->listener.is_local;
	mem_copy_text(
	    exchange->source, sizeof(exchange->source), exchange->entry->source);
	if (gate->server->trusts_forwarded && exchange->is_local) {
		read_forwarded(exchange);
	}
	/* The library leaves the body of an answer to HEAD away. */
	mem_copy_text(exchange->method, sizeof(exchange->method),
	    strcmp(method, "HEAD") == 0 ? "GET" : method);
	exchange->limit = EXCHANGE_BODY_MAX;
	reaper_set(
	    &gate->server->reaper, exchange->entry, loop_now_ms() + REAPER_BODY_MS);
	problem = refused(exchange, &status);
	if (problem != NULL) {
		return server_answer_refuse(exchange, ERR_REQUEST, status, problem);
	}
	exchange->operation = operation_find(exchange->method, exchange->target, &tail);
	if (exchange->operation >= 0) {
		row = operation_row((enum operation)exchange->operation);
		exchange->limit = (row->flags & OPERATION_ROWS) != 0 ? EXCHANGE_ROWS_MAX
								     : EXCHANGE_BODY_MAX;
		if (exchange->query[0] != '\0' && !takes_query(row)) {
			return server_answer_refuse(
			    exchange, ERR_REQUEST, 0, _("该业务没有查询参数"));
		}
		set_member(exchange, row, tail);
		read_token(exchange);
		exchange->takes_gzip = (row->flags & OPERATION_LISTS) != 0 &&
		    accepts(exchange, "Accept-Encoding", "gzip");
		exchange->takes_lean = accepts(exchange, "Accept", WIRE_LEAN_TYPE);
	}
	if (exchange->operation == OPERATION_VERIFY) {
		exchange->retry_after =
		    quota_take(gate->server->verify, exchange->source, loop_now_ms());
	}
	if (exchange->retry_after > 0) {
		return server_answer_refuse(exchange, ERR_BUSY, 429, _("查询过于频繁"));
	}
	if (content_length(exchange) > exchange->limit) {
		return server_answer_refuse(exchange, ERR_LIMIT, 413, _("请求过大"));
	}
	if (row == NULL || (row->flags & OPERATION_ROWS) == 0) {
		return MHD_YES;
	}
	exchange->is_admission = 1;
	return server_submit(exchange);
}
