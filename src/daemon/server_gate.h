/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_SERVER_GATE_H
#define SHEBAO_DAEMON_SERVER_GATE_H

#include <pthread.h>
#include <stdatomic.h>

#include <microhttpd.h>

#include "daemon_settings.h"
#include "exchange.h"
#include "listener.h"
#include "quota.h"
#include "reaper.h"
#include "workers.h"

#define GATES_MAX 16

struct server;

/* One listening address. */
struct gate {
	struct server *server;
	struct listener listener;
	struct MHD_Daemon *daemon;
	int is_tls;
};

struct server {
	char state[DAEMON_PATH_SIZE];
	int trusts_forwarded; /* of what comes over the loopback or a unix socket */
	struct gate gates[GATES_MAX];
	size_t gate_count;
	struct buf authority; /* of client certificates; empty: none are asked for */
	struct reaper reaper;
	struct workers *workers;
	struct service *service;
	struct quota *verify; /* of what a source may ask without a login */
	pthread_t keeper;
	int keeper_runs;
	atomic_int stopping, draining;
	atomic_llong
	    active; /* requests between their headers and the end of their answer */
	atomic_int uploads;
	atomic_llong connections, connections_per_source; /* at most */
};

/* Counts and logs; nothing of the request's content, only what was asked for and how it ended. */
void server_answer_record(const struct exchange *exchange);

/* Queues the answer, whose body is the library's from then on. */
enum MHD_Result server_answer_send(struct exchange *exchange);

/* A problem document at once; before the body is there, the connection closes after it. */
enum MHD_Result server_answer_refuse(
    struct exchange *exchange, enum err_code code, int status, const char *detail);

/* Suspends the connection and hands the exchange to the workers. */
enum MHD_Result server_submit(struct exchange *exchange);

/* An upload whose token was looked at. */
enum MHD_Result server_begin_rows(struct exchange *exchange);

/* The first call of a request: its headers. */
enum MHD_Result server_begin(
    struct gate *gate, struct exchange *exchange, const char *method);

#endif
