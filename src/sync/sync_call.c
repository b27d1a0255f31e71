/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One call: how it is set up, and how its end is classified. Curl calls back when a connection
 * (with its TLS handshake) stands and the request is about to be written. Until that moment
 * nothing of the request can have left; from then on nobody can know, unless a whole answer of
 * the service comes back. Curl itself sends again on a new connection when a kept one turns out
 * dead, therefore the mark stays set.
 */
#include "sync_call.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "shebao/crypto.h"
#include "shebao/date.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/text.h"
#include "shebao/wire_lean.h"

#define ANSWER_MAX ((size_t)64 << 20)
#define HELD_MAX_MS 20000 /* a held call is answered after this at the latest */
#define STALLED_SECONDS 30L
#define CHECKING_SECONDS 600L /* the service reads all rows of an upload before it answers */

static int
on_request(void *user, char *peer, char *own, int peer_port, int own_port)
{
	struct sync_call *call = user;

	(void)peer;
	(void)own;
	(void)peer_port;
	(void)own_port;
	call->begun = 1;
	return CURL_PREREQFUNC_OK;
}

static int
is_type(const struct sync_call *call, const char *expected)
{
	const char *type = NULL;
	size_t n = strlen(expected);

	curl_easy_getinfo(call->easy, CURLINFO_CONTENT_TYPE, &type);
	return type != NULL && strncasecmp(type, expected, n) == 0 && strchr("; ", type[n]) != NULL;
}

static size_t
on_bytes(char *bytes, size_t size, size_t n, void *user)
{
	struct sync_call *call = user;
	long status = 0;

	n *= size;
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	if (call->sink != NULL && status >= 200 && status < 300) {
		call->is_lean = is_type(call, WIRE_LEAN_TYPE);
		return call->sink(bytes, n, call->sink_user) == n ? n
								  : CURL_WRITEFUNC_PAUSE;
	}
	if (n > ANSWER_MAX - call->reply.body.len) {
		call->too_long = 1;
		return 0;
	}
	buf_put(&call->reply.body, bytes, n);
	return n;
}

static size_t
on_rows(char *out, size_t size, size_t n, void *user)
{
	struct sync_call *call = user;
	size_t got = fread(out, 1, size * n, call->rows);

	return ferror(call->rows) ? CURL_READFUNC_ABORT : got;
}

static int
on_rewind(void *user, curl_off_t offset, int origin)
{
	struct sync_call *call = user;

	return fseeko(call->rows, (off_t)offset, origin) == 0 ? CURL_SEEKFUNC_OK
							      : CURL_SEEKFUNC_FAIL;
}

static int
on_progress(void *user, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
    curl_off_t up)
{
	struct sync_call *call = user;

	(void)down_total;
	(void)down;
	if (call->sync->progress != NULL && up_total > 0) {
		call->sync->progress(up, up_total, call->sync->progress_user);
	}
	return 0;
}

/* ---- the address: {name} in the path takes the query's member of that name */

static const char *
query_member(const char *query, const char *name, size_t name_len, size_t *len)
{
	const char *p = query;

	while (*p != '\0') {
		size_t n = strcspn(p, "&");

		if (n > name_len && strncmp(p, name, name_len) == 0 &&
		    p[name_len] == '=') {
			*len = n - name_len - 1;
			return p + name_len + 1;
		}
		p += n + (p[n] == '&');
	}
	return NULL;
}

static char *
call_url(const struct sync_call *call, const char *query)
{
	const struct operation_row *row = operation_row(call->op);
	struct buf url = { 0 };
	const char *open = strchr(row->path, '{');
	size_t value_len = 0;

	buf_puts(&url, call->sync->base);
	if (open != NULL) {
		size_t name_len = strcspn(open + 1, "}");
		const char *value = query_member(query, open + 1, name_len, &value_len);

		buf_put(&url, row->path, (size_t)(open - row->path));
		buf_put(&url, value != NULL ? value : "", value_len);
		buf_puts(&url, open + 1 + name_len + 1);
	} else {
		buf_puts(&url, row->path);
		if (*query != '\0') {
			buf_printf(&url, "?%s", query);
		}
	}
	return buf_detach(&url);
}

/* ---- setting up */

/* "Fri, 27 Nov 2026 08:00:00 GMT"; 0 when it is not one. */
static int64_t
parse_date(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char name[4] = "", date[32];
	int day, year, hour, minute, second;
	const char *month;

	if (sscanf(text, "%*3c, %2d %3s %4d %2d:%2d:%2d", &day, name, &year, &hour, &minute,
		&second) != 6 ||
	    (month = strstr(months, name)) == NULL || (month - months) % 3 != 0) {
		return 0;
	}
	snprintf(date, sizeof(date), "%04d-%02d-%02d", year, (int)(month - months) / 3 + 1, day);
	if (date_check(date, NULL) != 0) {
		return 0;
	}
	return (date_days(date) * 86400 + hour * 3600 + minute * 60 + second) * 1000;
}

/* Of all header lines two are looked at: what the doctor compares. */
static size_t
on_header(char *bytes, size_t size, size_t count, void *user)
{
	struct sync_reply *reply = &((struct sync_call *)user)->reply;
	size_t n = size * count;
	char line[128];

	if (n < sizeof(line)) {
		memcpy(line, bytes, n);
		line[n] = '\0';
		line[strcspn(line, "\r\n")] = '\0';
		if (strncasecmp(line, "Date: ", 6) == 0) {
			reply->date_ms = parse_date(line + 6);
		} else if (strncasecmp(line, "Server: ", 8) == 0) {
			text_clean_copy(
			    reply->server, sizeof(reply->server), line + 8, strlen(line + 8));
		}
	}
	return n;
}

static void
set_headers(struct sync_call *call)
{
	static char json
	    [] = "Content-Type: application/json",
	csv[] = "Content-Type: text/csv; charset=utf-8",
	accept[] =
	    "Accept: application/json, application/x-ndjson, application/problem+json, " OPERATION_FILE_TYPE,
	accept_lean[] = "Accept: " WIRE_LEAN_TYPE
			", application/x-ndjson;q=0.5, application/problem+json",
	expect[] = "Expect:";
	char *values[ARRAY_LEN(call->headers)] = { accept };
	const struct operation_row *row = operation_row(call->op);
	size_t i, n = 1;

	if ((row->flags & OPERATION_LISTS) != 0 && wire_lean_fits(row->answer)) {
		values[0] = accept_lean;
	}
	if (call->rows != NULL || call->body_len > 0) {
		values[n++] = call->rows != NULL ? csv : json;
	}
	/* An upload waits for "100 Continue", so that a refusal arrives before the rows leave. */
	if (call->rows == NULL) {
		values[n++] = expect;
	}
	if (call->sync->token != NULL) {
		call->authorization = crypto_secret_alloc(SYNC_TOKEN_MAX + 32);
		snprintf(call->authorization, SYNC_TOKEN_MAX + 32,
		    "Authorization: Bearer %s", call->sync->token);
		values[n++] = call->authorization;
	}
	for (i = 0; i < n; i++) {
		call->headers[i].data = values[i];
		call->headers[i].next = i + 1 < n ? &call->headers[i + 1] : NULL;
	}
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
}

static void
set_transport(struct sync_call *call)
{
	const struct sync *sync = call->sync;
	CURL *easy = call->easy;
	int tls = strncasecmp(sync->base, "https:", 6) == 0;

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, tls ? "https" : "http");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, sync->socket_path);
	if (sync->ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, sync->ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	if (sync->client_cert != NULL) {
		curl_easy_setopt(easy, CURLOPT_SSLCERT, sync->client_cert);
		curl_easy_setopt(easy, CURLOPT_SSLKEY, sync->client_key);
	}
}

static void
set_deadlines(struct sync_call *call)
{
	const struct sync *sync = call->sync;
	unsigned flags = operation_row(call->op)->flags;
	int64_t held = (flags & OPERATION_WAITS) != 0 ? HELD_MAX_MS : 0;

	curl_easy_setopt(
	    call->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)sync->connect_timeout_ms);
	/* A long list or upload may take its time as long as bytes flow. */
	if ((flags & (OPERATION_LISTS | OPERATION_ROWS | OPERATION_FILE)) != 0) {
		curl_easy_setopt(call->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
		curl_easy_setopt(call->easy, CURLOPT_LOW_SPEED_TIME,
		    (flags & (OPERATION_ROWS | OPERATION_FILE)) != 0 ? CHECKING_SECONDS
								     : STALLED_SECONDS);
	} else {
		curl_easy_setopt(
		    call->easy, CURLOPT_TIMEOUT_MS, (long)(sync->timeout_ms + held));
	}
}

static void
set_rows(struct sync_call *call)
{
	off_t size = -1;

	if (fseeko(call->rows, 0, SEEK_END) == 0) {
		size = ftello(call->rows);
	}
	rewind(call->rows);
	curl_easy_setopt(call->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
	curl_easy_setopt(call->easy, CURLOPT_READFUNCTION, on_rows);
	curl_easy_setopt(call->easy, CURLOPT_READDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_SEEKFUNCTION, on_rewind);
	curl_easy_setopt(call->easy, CURLOPT_SEEKDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(call->easy, CURLOPT_XFERINFODATA, call);
	curl_easy_setopt(call->easy, CURLOPT_NOPROGRESS, 0L);
}

static void
set_body(struct sync_call *call, const void *bytes, size_t n)
{
	const struct operation_row *row = operation_row(call->op);
	char *query;

	if (strcmp(row->method, "GET") == 0) {
		query = mem_printf("%.*s", (int)n, n > 0 ? (const char *)bytes : "");
		call->url = call_url(call, query);
		free(query);
		return;
	}
	call->url = call_url(call, "");
	if (call->rows != NULL) {
		set_rows(call);
		return;
	}
	call->body = mem_alloc(n + 1);
	call->body_len = n;
	if (n > 0) {
		memcpy(call->body, bytes, n);
	}
	curl_easy_setopt(call->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, call->body);
	curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
	if (strcmp(row->method, "POST") != 0) {
		curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, row->method);
	}
}

struct sync_call *
sync_call_new(
    struct sync *sync, enum operation op, const void *bytes, size_t n, FILE *rows)
{
	struct sync_call *call = mem_alloc(sizeof(*call));

	sync_multi_open(sync);
	call->sync = sync;
	call->op = op;
	call->rows = rows;
	call->easy = curl_easy_init();
	assert(call->easy != NULL);
	set_body(call, bytes, n);
	set_headers(call);
	set_transport(call);
	set_deadlines(call);
	curl_easy_setopt(call->easy, CURLOPT_URL, call->url);
	curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(call->easy, CURLOPT_ERRORBUFFER, call->curl_text);
	curl_easy_setopt(call->easy, CURLOPT_PREREQFUNCTION, on_request);
	curl_easy_setopt(call->easy, CURLOPT_PREREQDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(call->easy, CURLOPT_HEADERDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
	return call;
}

void
sync_call_begin(struct sync_call *call, sync_done_fn *done, void *user)
{
	call->done = done;
	call->user = user;
	call->next = call->sync->calls;
	call->sync->calls = call;
	curl_multi_add_handle(call->sync->multi, call->easy);
}

void
sync_call_resume(struct sync_call *call)
{
	curl_easy_pause(call->easy, CURLPAUSE_CONT);
}

/* ---- the end */

/* A gateway's own page, or a stranger's, says nothing about what the service did. */
static int
is_of_service(const struct sync_call *call, long status)
{
	static const char *const types[] = { "application/json",
		"application/problem+json", "application/x-ndjson", OPERATION_FILE_TYPE };
	const char *type = NULL;
	size_t i;

	if (call->is_lean) {
		return status >= 200 && status < 300;
	}
	curl_easy_getinfo(call->easy, CURLINFO_CONTENT_TYPE, &type);
	if (type == NULL && call->reply.body.len == 0 &&
	    operation_row(call->op)->answer == NULL) {
		return status >= 200 && status < 300;
	}
	for (i = 0; i < ARRAY_LEN(types); i++) {
		if (is_type(call, types[i])) {
			return status >= 200 && (status < 300 || status >= 400);
		}
	}
	return 0;
}

static void
unlink_call(struct sync_call *call)
{
	struct sync_call **p;

	for (p = &call->sync->calls; *p != NULL; p = &(*p)->next) {
		if (*p == call) {
			*p = call->next;
			return;
		}
	}
}

/* curl's own words are in English and name a host even for a socket file; they stay for what
 * only its details explain, such as a certificate. */
static const char *
reason_of(const struct sync_call *call, CURLcode code)
{
	static const struct {
		CURLcode code;
		const char *words;
	} reasons[] = {
		{ CURLE_COULDNT_CONNECT, N_("服务没有运行，或拒绝连接") },
		{ CURLE_COULDNT_RESOLVE_HOST, N_("找不到服务的主机") },
		{ CURLE_OPERATION_TIMEDOUT, N_("等待超时") },
		{ CURLE_GOT_NOTHING, N_("连接中断") },
		{ CURLE_RECV_ERROR, N_("连接中断") },
		{ CURLE_SEND_ERROR, N_("连接中断") },
		{ CURLE_PARTIAL_FILE, N_("连接中断") },
		{ CURLE_UNSUPPORTED_PROTOCOL, N_("应答不是缴费服务的") },
		{ CURLE_WEIRD_SERVER_REPLY, N_("应答不是缴费服务的") },
		/* A head without end; when memory is really short the program has ended. */
		{ CURLE_OUT_OF_MEMORY, N_("服务的应答过长") },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(reasons); i++) {
		if (reasons[i].code == code) {
			return _(reasons[i].words);
		}
	}
	return call->curl_text[0] != '\0' ? call->curl_text : curl_easy_strerror(code);
}

static int
is_of_tls(CURLcode code)
{
	return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR ||
	    code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE ||
	    code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CIPHER;
}

void
sync_call_end(struct sync_call *call, CURLcode code)
{
	struct sync_reply *reply = &call->reply;
	curl_off_t retry_after = 0;
	long status = 0;

	unlink_call(call);
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &retry_after);
	reply->status = (int)status;
	reply->retry_after = (int64_t)retry_after;
	if (code == CURLE_OK && is_of_service(call, status)) {
		reply->outcome = SYNC_ANSWERED;
	} else {
		reply->outcome = call->begun ? SYNC_UNKNOWN : SYNC_SURELY_NOT;
		reply->is_late = code == CURLE_OPERATION_TIMEDOUT;
		reply->is_untrusted = is_of_tls(code);
		if (call->too_long) {
			mem_copy_text(
			    reply->reason, sizeof(reply->reason), _("服务的应答过长"));
		} else if (code == CURLE_OK) {
			snprintf(reply->reason, sizeof(reply->reason),
			    _("应答不是缴费服务的（HTTP %ld）"), status);
		} else {
			mem_copy_text(reply->reason, sizeof(reply->reason),
			    reason_of(call, code));
		}
	}
	call->done(call, reply, call->user);
}

void
sync_call_free(struct sync_call *call)
{
	if (call == NULL) {
		return;
	}
	unlink_call(call);
	if (call->sync->multi != NULL) {
		curl_multi_remove_handle(call->sync->multi, call->easy);
	}
	curl_easy_cleanup(call->easy);
	if (call->body != NULL) {
		crypto_wipe(call->body, call->body_len);
		free(call->body);
	}
	if (call->reply.body.data != NULL) {
		crypto_wipe(call->reply.body.data, call->reply.body.size);
	}
	buf_release(&call->reply.body);
	if (call->authorization != NULL) {
		crypto_secret_free(call->authorization, SYNC_TOKEN_MAX + 32);
	}
	free(call->url);
	free(call);
}
