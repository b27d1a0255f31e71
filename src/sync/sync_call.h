/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SYNC_CALL_H
#define SHEBAO_SYNC_CALL_H

#include "shebao/sync.h"

#include "sync_curl.h"

struct sync {
	struct loop *loop; /* borrowed */
	CURLM *multi;      /* NULL until the first call */
	int timer;         /* curl's, 0: none */
	char *server;      /* as given, for messages */
	char *base;        /* what goes before the path of an operation */
	char *socket_path; /* http+unix, or NULL */
	char *ca_file, *client_cert, *client_key;
	int64_t connect_timeout_ms, timeout_ms;
	char *token; /* SYNC_TOKEN_MAX locked bytes, or NULL */
	sync_progress_fn *progress;
	void *progress_user;
	struct sync_call *calls; /* under way, newest first */
};

#define SYNC_TOKEN_MAX 256

/* What is done with the bytes of a successful answer instead of keeping them in reply.body:
 * returns n when it took them, 0 to be given the same bytes again after sync_call_resume. */
typedef size_t sync_sink_fn(const char *bytes, size_t n, void *user);

struct sync_call {
	struct sync *sync;
	struct sync_call *next;
	CURL *easy;
	enum operation op;
	int begun;    /* a byte of a request may have left; never goes back to 0 */
	int too_long; /* the answer */
	int is_lean;  /* the answer is in the form of wire_lean.h; known when its bytes come */
	char *url;
	char *body; /* a copy, wiped */
	size_t body_len;
	FILE *rows; /* borrowed: the body of an upload instead */
	struct curl_slist
	    headers[4]; /* nodes of our own, so that the token stays in locked memory */
	char *authorization; /* SYNC_TOKEN_MAX + 32 locked bytes, or NULL */
	char curl_text[CURL_ERROR_SIZE];
	struct sync_reply reply;
	sync_sink_fn *sink;
	void *sink_user;
	sync_done_fn *done;
	void *user;
};

/* A call that is set up but not started; sync_call_begin starts it. rows may be NULL. */
struct sync_call *sync_call_new(
    struct sync *sync, enum operation op, const void *bytes, size_t n, FILE *rows);
void sync_call_begin(struct sync_call *call, sync_done_fn *done, void *user);
/* Lets bytes flow again after the sink took none. */
void sync_call_resume(struct sync_call *call);
/* Curl is through with it: fills the reply and tells the caller, who may free the call. */
void sync_call_end(struct sync_call *call, CURLcode code);

/* libcurl's multi interface on the loop. */
void sync_multi_open(struct sync *sync);
void sync_multi_close(struct sync *sync);

#endif
