/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SYNC_SYNC_H
#define SHEBAO_SYNC_SYNC_H

#include "shebao/buf.h"
#include "shebao/loop.h"
#include "shebao/operation.h"

#include <stdio.h>

/*
 * The way to the service: HTTP by libcurl's multi interface on the loop, so that the screen
 * stays alive while a call is under way. No redirects, no proxies, no .netrc; TLS 1.2 or later,
 * verified; plain HTTP to this machine only (ERR_USAGE otherwise).
 */

struct sync_opts {
	const char *server;     /* http://127.0.0.1:8600, https://..., http+unix:///path */
	const char *ca_file;    /* pinned authority; NULL: the system's */
	const char *client_cert, *client_key; /* NULL: none */
	int64_t connect_timeout_ms; /* 0: 5 s */
	int64_t timeout_ms;         /* 0: 30 s (held calls: their wait_ms more) */
};

struct sync; /* opaque */

/* libcurl is initialised at the first call, not here: start-up does not wait for it. */
int sync_open(struct loop *loop, const struct sync_opts *opts, struct sync **out, struct err *err)
    __attribute__((warn_unused_result));
void sync_close(struct sync *sync);
const char *sync_server(const struct sync *sync);

/* The bearer token of following calls; copied into locked memory, wiped when replaced. */
void sync_set_token(struct sync *sync, const char *token);
const char *sync_token(const struct sync *sync);

/*
 * How a call ended. SYNC_SURELY_NOT: no byte of the request left (no connection, no handshake).
 * SYNC_UNKNOWN: it may have been processed; also an answer that is not the service's own (a
 * gateway's page), and a change that was cancelled after its first byte may have left.
 * SYNC_ANSWERED: status and body are the service's. SYNC_CANCELLED: before a byte left, or the
 * operation changes nothing.
 */
enum sync_outcome {
	SYNC_ANSWERED,
	SYNC_SURELY_NOT,
	SYNC_UNKNOWN,
	SYNC_CANCELLED
};

struct sync_reply {
	enum sync_outcome outcome;
	int status;
	struct buf body;     /* released by the caller */
	int64_t retry_after; /* seconds */
	int is_late;         /* not answered, because the time was over */
	int is_untrusted;    /* not answered, because TLS did not come about */
	int64_t date_ms;     /* of the service's clock, whole seconds; 0: not told */
	char server[49];     /* its name and version, "" when it does not tell */
	char reason[257];    /* of the transport, when not answered */
};

/* One call that is under way; freed by sync_call_free, which also cancels. */
struct sync_call;
typedef void sync_done_fn(struct sync_call *call, struct sync_reply *reply, void *user);

/* Starts op with these exact bytes (JSON body, or query string); done is called from the loop. */
struct sync_call *sync_start(struct sync *sync, enum operation op, const void *bytes, size_t n,
    sync_done_fn *done, void *user);
void sync_call_free(struct sync_call *call);

/* Starts and serves the loop until it ends or *cancel becomes 1 (cancel may be NULL). */
void sync_run(struct sync *sync, enum operation op, const void *bytes, size_t n, const int *cancel,
    struct sync_reply *reply);

/* Uploads a file of rows (OPERATION_ROWS) from its beginning. */
void sync_upload(struct sync *sync, enum operation op, FILE *rows, const int *cancel,
    struct sync_reply *reply);

/* The file that an OPERATION_FILE answers goes to out; whoever closes it checks ferror. */
void sync_download(struct sync *sync, enum operation op, FILE *out, const int *cancel,
    struct sync_reply *reply);

/* Told now and then how many bytes of an upload have left; NULL: nobody. Must not start calls. */
typedef void sync_progress_fn(int64_t sent, int64_t total, void *user);
void sync_on_progress(struct sync *sync, sync_progress_fn *fn, void *user);

/*
 * Encode, call, decode in one: for queries and for calls that change nothing. On failure err
 * has the problem document's code and text, or ERR_UNREACHABLE, ERR_CANCELLED. request and
 * answer may be NULL where the operations table has none.
 */
int sync_ask(struct sync *sync, enum operation op, const void *request, void *answer,
    const int *cancel, struct err *err) __attribute__((warn_unused_result));
/* The same, and *reply says how the call ended; its body is released. */
int sync_ask_reply(struct sync *sync, enum operation op, const void *request, void *answer,
    const int *cancel, struct sync_reply *reply, struct err *err) __attribute__((warn_unused_result));

/* Lists: page after page until one is empty; rows arrive one by one, in constant memory, in
 * slices of the loop; fn returns -1 to stop (err set by it). */
typedef int sync_row_fn(const void *record, void *user, struct err *err);
int sync_list(struct sync *sync, enum operation op, int64_t after, sync_row_fn *fn, void *user,
    const int *cancel, struct err *err) __attribute__((warn_unused_result));

/* Serves the loop until *done; returns 1 when *cancel (may be NULL) ended it first. */
int sync_wait(struct sync *sync, int *done, const int *cancel);

/* Turns a reply that is not 2xx into err: the problem document's, or by outcome. 0: it was 2xx. */
int sync_check(const struct sync_reply *reply, struct err *err) __attribute__((warn_unused_result));

#endif
