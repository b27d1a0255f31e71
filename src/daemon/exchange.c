/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request: its body, the call of the service, and refusals of our own. */
#include "exchange.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <zlib.h>

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/loop.h"
#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/wire.h"

#define COMPRESS_MIN ((size_t)1400) /* what fits in one packet anyway */
#define GZIP_HEADER 16              /* zlib's way to ask for gzip's format */

static char process_id[9];

static void
make_process_id(void)
{
	crypto_random_hex(process_id, 4);
}

/* Unique among the daemons of a province: eight random digits a process, then a count. */
static void
new_id(char out[25])
{
	static atomic_ullong count;
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_process_id);
	snprintf(out, 25, "%s-%llx", process_id,
	    (unsigned long long)atomic_fetch_add(&count, 1) + 1);
}

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
exchange_age_us(const struct exchange *exchange)
{
	return now_us() - exchange->started_us;
}

struct exchange *
exchange_new(struct server *server, const char *target)
{
	struct exchange *exchange = mem_alloc(sizeof(*exchange));
	char *mark;

	exchange->server = server;
	exchange->operation = -1;
	exchange->target = mem_dup(target);
	exchange->query = exchange->target + strlen(exchange->target);
	exchange->shape.target = target;
	exchange->shape.target_length = strlen(target);
	mark = strchr(exchange->target, '?');
	if (mark != NULL) {
		*mark = '\0';
		exchange->query = mark + 1;
	}
	exchange->started_us = now_us();
	new_id(exchange->id);
	return exchange;
}

static void
wipe(struct buf *b)
{
	if (b->data != NULL) {
		crypto_wipe(b->data, b->size);
	}
	buf_release(b);
}

void
exchange_free(struct exchange *exchange)
{
	if (exchange == NULL) {
		return;
	}
	wipe(&exchange->body);
	wipe(&exchange->answer.body);
	if (exchange->answer.file != NULL) {
		fclose(exchange->answer.file);
	}
	buf_release(&exchange->member);
	crypto_wipe(exchange->token, sizeof(exchange->token));
	if (exchange->rows != NULL) {
		fclose(exchange->rows);
	}
	free(exchange->target);
	free(exchange);
}

void
exchange_refuse(
    struct exchange *exchange, enum err_code code, int status, const char *detail)
{
	const struct err_info *info = err_info(code);
	struct problem problem = { .status = status != 0 ? status : info->http_status,
		.number = info->number,
		.retry_after = exchange->retry_after > 0 ? exchange->retry_after
		    : code == ERR_BUSY			 ? 2
							 : 0 };
	struct service_answer *answer = &exchange->answer;

	snprintf(problem.type, sizeof(problem.type), "about:blank");
	mem_copy_text(problem.title, sizeof(problem.title), info->name);
	mem_copy_text(problem.code, sizeof(problem.code), info->name);
	mem_copy_text(problem.detail, sizeof(problem.detail), detail);
	wipe(&answer->body);
	*answer = (struct service_answer){ .status = (int)problem.status,
		.content_type = "application/problem+json",
		.retry_after = problem.retry_after };
	wire_encode(&request_problem, &problem, &answer->body);
}

int
exchange_take(struct exchange *exchange, const char *bytes, size_t n)
{
	exchange->received += (int64_t)n;
	if (exchange->received > exchange->limit) {
		return exchange->received > 2 * exchange->limit + EXCHANGE_BODY_MAX ? -1
										    : 0;
	}
	if (exchange->rows == NULL) {
		buf_put(&exchange->body, bytes, n);
		return 0;
	}
	return fwrite(bytes, 1, n, exchange->rows) == n ? 0 : -1;
}

static struct service_request
request_of(const struct exchange *exchange)
{
	int is_get = strcmp(exchange->method, "GET") == 0;

	return (struct service_request){ .operation = (enum operation)exchange->operation,
		.token = exchange->token[0] != '\0' ? exchange->token : NULL,
		.source = exchange->source,
		.is_shared = exchange->is_local,
		.takes_lean = exchange->takes_lean,
		.body = is_get ? buf_text(&exchange->member) : buf_text(&exchange->body),
		.body_len = is_get ? exchange->member.len : exchange->body.len,
		.rows = exchange->rows,
		.now = loop_wall_ms() };
}

void
exchange_handle(struct exchange *exchange, struct service *service)
{
	struct service_request request = request_of(exchange);

	if (exchange->rows != NULL &&
	    (fflush(exchange->rows) != 0 || fseeko(exchange->rows, 0, SEEK_SET) != 0)) {
		exchange_refuse(exchange, ERR_LOCAL, 0, _("无法暂存上传的文件"));
		return;
	}
	wipe(&exchange->answer.body);
	exchange->answer = (struct service_answer){ 0 };
	service_handle(service, &request, &exchange->answer);
}

int
exchange_recall(struct exchange *exchange, struct service *service)
{
	struct service_request request = request_of(exchange);

	if (!service_recall(service, &request, &exchange->answer)) {
		return 0;
	}
	if (exchange->answer.pending && exchange->answer.wait_ms > 0) {
		wipe(&exchange->answer.body);
		exchange->answer = (struct service_answer){ 0 };
		return 0;
	}
	exchange->is_recalled = 1;
	return 1;
}

void
exchange_admit(struct exchange *exchange, struct service *service)
{
	struct service_request request = { .operation =
					       (enum operation)exchange->operation,
		.token = exchange->token[0] != '\0' ? exchange->token : NULL,
		.source = exchange->source,
		.now = loop_wall_ms() };
	struct err err = { 0 };

	exchange->answer = (struct service_answer){ 0 };
	if (service_admits(service, &request, &err) != 0) {
		exchange_refuse(exchange, err.code, 0, err.text);
	}
}

/* Level 1: a list of levies shrinks to a fifth at some 140 MB/s, and no level is worth more of
 * a worker's time. */
void
exchange_compress(struct exchange *exchange)
{
	struct buf *body = &exchange->answer.body, small = { 0 };
	z_stream z = { .next_in = (Bytef *)body->data, .avail_in = (uInt)body->len };
	unsigned char piece[16384];
	int result = Z_OK;

	if (body->len < COMPRESS_MIN || body->len > UINT_MAX ||
	    deflateInit2(&z, 1, Z_DEFLATED, MAX_WBITS + GZIP_HEADER, MAX_MEM_LEVEL,
		Z_DEFAULT_STRATEGY) != Z_OK) {
		return;
	}
	while (result == Z_OK) {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		result = deflate(&z, Z_FINISH);
		buf_put(&small, piece, sizeof(piece) - z.avail_out);
	}
	deflateEnd(&z);
	if (result == Z_STREAM_END && small.len < body->len) {
		wipe(body);
		*body = small;
		exchange->is_gzip = 1;
	} else {
		buf_release(&small);
	}
}
