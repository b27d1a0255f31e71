/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls against a server that says exactly what a test wants, on a socket of its own. */
#include "unit/canned.h"
#include "unit/unit.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "shebao/crypto.h"
#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/sync.h"
#include "shebao/unit.h"
#include "shebao/wire.h"

struct client {
	struct loop *loop;
	struct sync *sync;
};

static void
open_client(struct client *client, const char *scheme, int port)
{
	struct err err = { 0 };
	char url[64];
	struct sync_opts opts = { .server = url, .timeout_ms = 700 };

	snprintf(url, sizeof(url), "%s://127.0.0.1:%d", scheme, port);
	ck_assert_int_eq(crypto_init(&err), 0);
	client->loop = loop_new();
	ck_assert_int_eq(sync_open(client->loop, &opts, &client->sync, &err), 0);
}

static void
close_client(struct client *client)
{
	sync_close(client->sync);
	loop_free(client->loop);
}

/* One call of a change against one canned answer. */
static void
call(struct canned *canned, const char *answer, struct sync_reply *reply)
{
	struct client client;

	*canned = (struct canned){ .answers = { answer }, .count = 1 };
	canned_start(canned);
	open_client(&client, "http", canned->port);
	sync_set_token(client.sync, "t0ken");
	sync_run(client.sync, OPERATION_DECLARATION_VOID, "{\"a\":1}", 7, NULL, reply);
	close_client(&client);
	canned_stop(canned);
}

#define OK_JSON(body)                                                                    \
	"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" body

START_TEST(request_has_exact_bytes_and_token)
{
	struct canned canned;
	struct sync_reply reply = { 0 };

	call(&canned, OK_JSON("{}"), &reply);
	ck_assert_int_eq(reply.outcome, SYNC_ANSWERED);
	ck_assert_int_eq(reply.status, 200);
	ck_assert_str_eq(buf_text(&reply.body), "{}");
	ck_assert_ptr_nonnull(
	    strstr(canned.seen[0], "POST /v1/declarations/void HTTP/1.1\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(canned.seen[0], "\r\nAuthorization: Bearer t0ken\r\n"));
	ck_assert_ptr_nonnull(strstr(canned.seen[0], "\r\n\r\n{\"a\":1}"));
	buf_release(&reply.body);
}
END_TEST

START_TEST(no_connection_is_surely_not)
{
	struct canned canned = { .count = 0 };
	struct client client;
	struct sync_reply reply = { 0 };

	canned_start(&canned);
	canned_stop(&canned);
	open_client(&client, "http", canned.port);
	sync_run(client.sync, OPERATION_DECLARATION_VOID, "{}", 2, NULL, &reply);
	ck_assert_int_eq(reply.outcome, SYNC_SURELY_NOT);
	ck_assert(reply.reason[0] != '\0');
	close_client(&client);
}
END_TEST

START_TEST(failed_tls_handshake_is_surely_not)
{
	struct canned canned = { .answers = { "HTTP/1.1 400 Bad Request\r\n\r\n" },
		.count = 1 };
	struct client client;
	struct sync_reply reply = { 0 };

	canned_start(&canned);
	open_client(&client, "https", canned.port);
	sync_run(client.sync, OPERATION_DECLARATION_VOID, "{}", 2, NULL, &reply);
	ck_assert_int_eq(reply.outcome, SYNC_SURELY_NOT);
	close_client(&client);
	shutdown(canned.fd, SHUT_RDWR);
	canned_stop(&canned);
}
END_TEST

START_TEST(anything_short_of_a_whole_answer_is_unknown)
{
	static const char *const answers[] = {
		NULL,
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{\"a\"",
		"HTTP/1.1 200 OK\r\nContent-Ty",
		"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>",
		"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>login</html>",
		"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Type: application/json\r\n"
		"Connection: close\r\n\r\n{}",
		"SSH-2.0-OpenSSH_9.2\r\n",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(answers); i++) {
		struct canned canned;
		struct sync_reply reply = { 0 };
		struct err err = { 0 };

		call(&canned, answers[i], &reply);
		ck_assert_msg(reply.outcome == SYNC_UNKNOWN, "answer %zu", i);
		ck_assert_int_eq(sync_check(&reply, &err), -1);
		ck_assert_int_eq(err.code, ERR_OUTCOME_UNKNOWN);
		buf_release(&reply.body);
	}
}
END_TEST

START_TEST(silence_after_the_request_is_unknown)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t n = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct client client;
	struct sync_reply reply = { 0 };

	/* The kernel accepts for a listener that never looks. */
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, n), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &n), 0);
	open_client(&client, "http", ntohs(address.sin_port));
	sync_run(client.sync, OPERATION_DECLARATION_VOID, "{}", 2, NULL, &reply);
	ck_assert_int_eq(reply.outcome, SYNC_UNKNOWN);
	close_client(&client);
	close(fd);
}
END_TEST

static void
set_flag(void *user)
{
	*(int *)user = 1;
}

START_TEST(change_cancelled_after_it_left_is_unknown)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t n = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0), cancel = 0;
	struct client client;
	struct sync_reply reply = { 0 };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, n), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &n), 0);
	open_client(&client, "http", ntohs(address.sin_port));
	loop_timer(client.loop, 100, set_flag, &cancel);
	sync_run(client.sync, OPERATION_DECLARATION_VOID, "{}", 2, &cancel, &reply);
	ck_assert_int_eq(reply.outcome, SYNC_UNKNOWN);
	cancel = 0;
	reply = (struct sync_reply){ 0 };
	loop_timer(client.loop, 100, set_flag, &cancel);
	sync_run(client.sync, OPERATION_EMPLOYER_SHOW, NULL, 0, &cancel, &reply);
	ck_assert_int_eq(reply.outcome, SYNC_CANCELLED);
	close_client(&client);
	close(fd);
}
END_TEST

START_TEST(problem_document_becomes_the_error)
{
	struct canned canned;
	struct sync_reply reply = { 0 };
	struct err err = { 0 };

	call(&canned,
	    "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\nRetry-After: 7\r\n"
	    "Connection: close\r\n\r\n{\"code\":\"wrong_password\",\"detail\":\"[20101]no\",\"later\":1}",
	    &reply);
	ck_assert_int_eq(reply.outcome, SYNC_ANSWERED);
	ck_assert_int_eq(reply.retry_after, 7);
	ck_assert_int_eq(sync_check(&reply, &err), -1);
	ck_assert_int_eq(err.code, ERR_WRONG_PASSWORD);
	ck_assert_str_eq(err.text, "[20101]no");
	buf_release(&reply.body);
}
END_TEST

/* ---- lists */

struct seen {
	int64_t count, sum;
	int64_t stop_at;
};

static int
count_row(const void *record, void *user, struct err *err)
{
	struct seen *seen = user;
	const struct unit *unit = record;

	seen->count++;
	seen->sum += unit->insured_count;
	return seen->count == seen->stop_at ? err_set(err, ERR_LOCAL, "stopped") : 0;
}

static void
put_unit(struct buf *out, int64_t version)
{
	struct unit unit = { .insured_count = version, .version = version };

	snprintf(unit.taxpayer_id, sizeof(unit.taxpayer_id), "91520100770598600Y");
	snprintf(unit.unit_no, sizeof(unit.unit_no), "%08lld", (long long)version);
	snprintf(unit.agency_code, sizeof(unit.agency_code), "520102");
	snprintf(unit.agency_name, sizeof(unit.agency_name), "南明区");
	snprintf(unit.tax_authority_code, sizeof(unit.tax_authority_code), "15201020000");
	snprintf(
	    unit.tax_authority_name, sizeof(unit.tax_authority_name), "南明区税务局");
	snprintf(unit.insurance_items, sizeof(unit.insurance_items), "基本养老保险");
	wire_encode(&unit_type, &unit, out);
}

#define NDJSON                                                                           \
	"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"

START_TEST(list_is_read_page_after_page_until_one_is_empty)
{
	struct buf pages[2] = { 0 };
	struct canned canned = { .count = 3 };
	struct client client;
	struct seen seen = { 0 };
	struct err err = { 0 };
	int64_t i;

	buf_puts(&pages[0], NDJSON);
	buf_puts(&pages[1], NDJSON);
	for (i = 1; i <= 5000; i++) {
		put_unit(&pages[i > 4000], i);
		buf_puts(&pages[i > 4000],
		    i == 4000 ? "" : "\n"); /* the last line may lack its end */
	}
	canned.answers[0] = buf_text(&pages[0]);
	canned.answers[1] = buf_text(&pages[1]);
	canned.answers[2] = NDJSON;
	canned_start(&canned);
	open_client(&client, "http", canned.port);
	ck_assert_int_eq(
	    sync_list(client.sync, OPERATION_UNIT_LIST, 0, count_row, &seen, NULL, &err),
	    0);
	ck_assert_int_eq(seen.count, 5000);
	ck_assert_int_eq(seen.sum, 5000 * 5001 / 2);
	ck_assert_ptr_nonnull(strstr(canned.seen[1], "after=4000"));
	ck_assert_ptr_nonnull(strstr(canned.seen[2], "after=5000"));
	close_client(&client);
	canned_stop(&canned);
	buf_release(&pages[0]);
	buf_release(&pages[1]);
}
END_TEST

START_TEST(list_ends_where_a_row_refuses)
{
	struct buf page = { 0 };
	struct canned canned = { .count = 1 };
	struct client client;
	struct seen seen = { .stop_at = 2 };
	struct err err = { 0 };
	int64_t i;

	buf_puts(&page, NDJSON);
	for (i = 1; i <= 5; i++) {
		put_unit(&page, i);
		buf_puts(&page, "\n");
	}
	canned.answers[0] = buf_text(&page);
	canned_start(&canned);
	open_client(&client, "http", canned.port);
	ck_assert_int_eq(
	    sync_list(client.sync, OPERATION_UNIT_LIST, 0, count_row, &seen, NULL, &err),
	    -1);
	ck_assert_int_eq(err.code, ERR_LOCAL);
	ck_assert_int_eq(seen.count, 2);
	close_client(&client);
	canned_stop(&canned);
	buf_release(&page);
}
END_TEST

START_TEST(list_that_does_not_advance_or_is_cut_is_a_fault)
{
	static const struct {
		int64_t first, second;
		const char *head;
		enum err_code code;
	} cases[] = {
		{ 0, 1, NDJSON, ERR_SERVICE },
		{ 2, 1, NDJSON, ERR_SERVICE },
		{ 1, 2,
		    "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Length: 99999\r\n\r\n",
		    ERR_UNREACHABLE },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf page = { 0 };
		struct canned canned = { .count = 1 };
		struct client client;
		struct seen seen = { 0 };
		struct err err = { 0 };

		buf_puts(&page, cases[i].head);
		put_unit(&page, cases[i].first);
		buf_puts(&page, "\n");
		put_unit(&page, cases[i].second);
		buf_puts(&page, "\n");
		canned.answers[0] = buf_text(&page);
		canned_start(&canned);
		open_client(&client, "http", canned.port);
		ck_assert_int_eq(sync_list(client.sync, OPERATION_UNIT_LIST, 0, count_row,
				     &seen, NULL, &err),
		    -1);
		ck_assert_int_eq(err.code, cases[i].code);
		close_client(&client);
		canned_stop(&canned);
		buf_release(&page);
	}
}
END_TEST

START_TEST(plain_http_is_for_this_machine_only)
{
	static const struct {
		const char *server;
		int ok;
	} cases[] = {
		{ "http://127.0.0.1:8600", 1 },
		{ "http://localhost", 1 },
		{ "http://[::1]:8600/", 1 },
		{ "https://fees.example.cn", 1 },
		{ "http+unix:///run/shebaod/socket", 1 },
		{ "http://fees.example.cn", 0 },
		{ "http://127.0.0.1.example.cn", 0 },
		{ "http://127.0.0.1@example.cn", 0 },
		{ "http+unix://run/socket", 0 },
		{ "ftp://127.0.0.1", 0 },
		{ "", 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct sync_opts opts = { .server = cases[i].server };
		struct loop *loop = loop_new();
		struct sync *sync = NULL;
		struct err err = { 0 };
		int result = sync_open(loop, &opts, &sync, &err);

		ck_assert_msg((result == 0) == cases[i].ok, "%s", cases[i].server);
		ck_assert(result == 0 || err.code == ERR_USAGE);
		sync_close(result == 0 ? sync : NULL);
		loop_free(loop);
	}
}
END_TEST

UNIT_MAIN("sync", request_has_exact_bytes_and_token, no_connection_is_surely_not,
    failed_tls_handshake_is_surely_not, anything_short_of_a_whole_answer_is_unknown,
    silence_after_the_request_is_unknown, change_cancelled_after_it_left_is_unknown,
    problem_document_becomes_the_error, list_is_read_page_after_page_until_one_is_empty,
    list_ends_where_a_row_refuses, list_that_does_not_advance_or_is_cut_is_a_fault,
    plain_http_is_for_this_machine_only)
