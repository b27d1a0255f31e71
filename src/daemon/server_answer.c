/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers: headers, deadline, log line. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "metrics.h"
#include "server_gate.h"
#include "shebao/crypto.h"
#include "shebao/log.h"
#include "shebao/loop.h"
#include "shebao/mem.h"

static void
wipe_answer(void *user)
{
	struct buf *body = user;

	if (body->data != NULL) {
		crypto_wipe(body->data, body->size);
	}
	buf_release(body);
	free(body);
}

static void
add_header(struct MHD_Response *response, const char *name, const char *value)
{
	(void)!MHD_add_response_header(response, name, value);
}

static void
add_headers(struct MHD_Response *response, const struct exchange *exchange)
{
	const struct service_answer *answer = &exchange->answer;
	char number[24];

	if (answer->content_type != NULL) {
		add_header(response, "Content-Type", answer->content_type);
	}
	if (exchange->is_gzip) {
		add_header(response, "Content-Encoding", "gzip");
	}
	add_header(response, "Server", "shebaod/" SHEBAO_VERSION);
	add_header(response, "X-Request-Id", exchange->id);
	add_header(response, "Cache-Control", "no-store");
	add_header(response, "X-Content-Type-Options", "nosniff");
	if (answer->status == 401) {
		add_header(response, "WWW-Authenticate", "Bearer");
	}
	if (exchange->allow != NULL) {
		add_header(response, "Allow", exchange->allow);
	}
	if (answer->retry_after > 0) {
		snprintf(number, sizeof(number), "%lld", (long long)answer->retry_after);
		add_header(response, "Retry-After", number);
	}
	if (atomic_load(&exchange->server->draining)) {
		add_header(response, "Connection", "close");
	}
}

static int64_t
length_of(const struct service_answer *answer)
{
	struct stat st;

	if (answer->file == NULL) {
		return (int64_t)answer->body.len;
	}
	return fstat(fileno(answer->file), &st) == 0 ? (int64_t)st.st_size : 0;
}

/* The library closes a descriptor of its own; that of the file is the exchange's. */
static struct MHD_Response *
response_of_file(FILE *file, int64_t length)
{
	int fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
	struct MHD_Response *response =
	    fd < 0 ? NULL : MHD_create_response_from_fd64((uint64_t)length, fd);

	if (response == NULL && fd >= 0) {
		close(fd);
	}
	return response;
}

static struct MHD_Response *
response_of_body(struct exchange *exchange)
{
	struct buf *body = mem_alloc(sizeof(*body));
	struct MHD_Response *response;

	*body = exchange->answer.body;
	exchange->answer.body = (struct buf){ 0 };
	response = MHD_create_response_from_buffer_with_free_callback_cls(
	    body->len, body->data != NULL ? body->data : (void *)body, wipe_answer, body);
	if (response == NULL) {
		wipe_answer(body);
	}
	return response;
}

enum MHD_Result
server_answer_send(struct exchange *exchange)
{
	int64_t length = length_of(&exchange->answer);
	struct MHD_Response *response;
	enum MHD_Result result;

	reaper_set(&exchange->server->reaper, exchange->entry,
	    loop_now_ms() + REAPER_ANSWER_MS + length * 1000 / REAPER_BYTES_A_SECOND);
	response = exchange->answer.file != NULL
	    ? response_of_file(exchange->answer.file, length)
	    : response_of_body(exchange);
	if (response == NULL) {
		return MHD_NO;
	}
	add_headers(response, exchange);
	result = MHD_queue_response(
	    exchange->http, (unsigned)exchange->answer.status, response);
	MHD_destroy_response(response);
	return result;
}

void
server_answer_record(const struct exchange *exchange)
{
	int op = exchange->operation;
	int64_t us = exchange_age_us(exchange);

	metrics_request(op, exchange->answer.status, us);
	/* Of what is asked thousands of times a second for nothing new, the counters are enough. */
	log_line((op < 0 || exchange->is_recalled) && exchange->answer.status == 200 ? LOG_DEBUG : LOG_INFO,
	    "request id=%s op=%s status=%d ms=%lld in=%lld out=%lld source=%s",
	    exchange->id, op >= 0 ? operation_row((enum operation)op)->name : "-",
	    exchange->answer.status, (long long)(us / 1000),
	    (long long)exchange->received, (long long)length_of(&exchange->answer),
	    exchange->source);
}

enum MHD_Result
server_answer_refuse(
    struct exchange *exchange, enum err_code code, int status, const char *detail)
{
	exchange_refuse(exchange, code, status, detail);
	server_answer_record(exchange);
	exchange->state = EXCHANGE_ANSWERED;
	return server_answer_send(exchange);
}
