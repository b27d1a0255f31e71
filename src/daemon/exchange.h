/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_EXCHANGE_H
#define SHEBAO_DAEMON_EXCHANGE_H

#include <stdint.h>
#include <stdio.h>

#include "header_shape.h"
#include "shebao/service.h"

struct MHD_Connection;
struct reaper_entry;
struct server;

#define EXCHANGE_BODY_MAX ((int64_t)1 << 20)
#define EXCHANGE_ROWS_MAX ((int64_t)2 << 30)
#define EXCHANGE_TOKEN_SIZE 257

enum exchange_state {
	EXCHANGE_READING, /* headers and body, in the library's thread */
	EXCHANGE_QUEUED,  /* suspended: belongs to the workers */
	EXCHANGE_ANSWERED /* answer is to be sent */
};

/* One request and its answer. While it is queued the connection is suspended, so that neither
 * the library nor its time-outs touch it. */
struct exchange {
	struct exchange *next; /* in the queue that holds it */
	struct server *server;
	struct MHD_Connection *http;
	struct reaper_entry *entry;
	enum exchange_state state;
	int begun; /* headers were looked at */
	struct header_shape shape;
	int is_local;
	int is_admission; /* queued for exchange_admit, not exchange_handle */
	int takes_gzip, is_gzip;
	int takes_lean;
	int is_recalled;
	int operation; /* enum operation, or -1: one of the server's own pages, or unknown */
	char id[25];
	char *target;      /* path and query as they came */
	char *query;       /* inside target, "" when there is none */
	struct buf member; /* a GET's query with the member of its path */
	char method[9];
	char source[64];
	char token[EXCHANGE_TOKEN_SIZE]; /* wiped */
	struct buf body;
	FILE *rows; /* spooled instead of body; has no name */
	int64_t received, limit;
	int64_t started_us; /* monotonic */
	int64_t held_until; /* monotonic ms, 0: was not held yet */
	struct service_answer answer;
	const char *allow; /* of 405 */
	int64_t retry_after; /* seconds, for a refusal; 0: by its code */
};

/* target is copied. */
struct exchange *exchange_new(struct server *server, const char *target);
void exchange_free(struct exchange *exchange);

/* How long ago it came. */
int64_t exchange_age_us(const struct exchange *exchange);

/* Makes the answer a problem document; status 0: the code's own. */
void exchange_refuse(
    struct exchange *exchange, enum err_code code, int status, const char *detail);

/* Takes bytes of the body; what is over the limit is counted and forgotten. -1: far over it, or
 * the disk is full: the connection is not worth keeping. */
int exchange_take(struct exchange *exchange, const char *bytes, size_t n)
    __attribute__((warn_unused_result));

/* Asks the service whether an upload is welcome; a refusal becomes the answer. */
void exchange_admit(struct exchange *exchange, struct service *service);

/* Compresses the answer's body if that makes it smaller. */
void exchange_compress(struct exchange *exchange);

/* Calls the service. */
void exchange_handle(struct exchange *exchange, struct service *service);

/* True when the answer was there from before, final or not to be waited for. */
int exchange_recall(struct exchange *exchange, struct service *service);

#endif
