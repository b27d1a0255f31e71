/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_CALL_H
#define SHEBAO_SERVICE_SERVICE_CALL_H

#include <pthread.h>
#include <stdatomic.h>

#include "shebao/books_access.h"
#include "shebao/crypto.h"
#include "shebao/request.h"
#include "shebao/service.h"

#include "service_lane.h"

/*
 * One request on its way through the service. The steps of a use case are rows of the table in
 * service.c, in this order:
 *   prepare  before the transaction: what is slow (passwords). May read.
 *   run      in the transaction, once a try; all changes and refusals are made here.
 *   finish   after the commit, and again when the operation is replayed: talks to the bank,
 *            makes documents, and fills the answer from result, the number run left behind.
 * A use case without finish fills the answer in run; its JSON is kept with the op_id.
 */
/* Numbers of a counter that are this daemon's: next to end - 1. */
struct service_block {
	char name[33];
	int64_t next, end;
	int64_t taken; /* when */
};

/* A message that a thread of this daemon is telling the bank; lives on its stack. */
struct service_flight {
	const char *message_key;
	struct service_flight *next;
};

struct service {
	struct service_opts opts;
	struct db *lane_db;         /* of the pool; NULL: commits are not grouped */
	struct service_lane *lane;  /* NULL: the same */
	struct service_recall *recall;
	atomic_uint_fast64_t changes, works;
	atomic_int_fast64_t swept_at;
	atomic_int_fast64_t session_idle_ms, session_max_ms;
	pthread_mutex_t lock; /* guards what follows */
	char dummy_hash[CRYPTO_PASSWORD_SIZE];
	struct service_block blocks[16];
	struct service_flight *flights;
};

struct service_call {
	struct service *service;
	struct db *db;
	enum operation operation;
	const struct operation_row *row;
	const struct service_request *asked; /* NULL in the worker */
	int64_t now;
	char today[DATE_SIZE]; /* in China */
	unsigned role;
	struct books_session session; /* of a clerk; zero otherwise */
	const char *taxpayer_id;      /* the session's; "" for an officer */
	char token_hash[65];
	void *request; /* of row->request, decoded */
	void *answer;  /* of row->answer, empty */
	struct service_answer *out;

	/* Left behind by prepare and run. */
	char subject[TAXPAYER_ID_SIZE]; /* whose audit chain; "" the office's */
	char result[65];                /* number that finish makes the answer from */
	char detail[257];               /* for the audit row; no secrets */
	struct service_block blocks[4]; /* of numbers, taken in this try */
	size_t block_count;
	int64_t version;                /* of the changes of this try; 0: none taken */
	struct books_head head;         /* with that version */
	char head_of[TAXPAYER_ID_SIZE]; /* whose it is */
	int may_keep;                   /* the answer may be given again while nothing changes */
	int leaves_work;                /* this try: something that is due later */
	int touched_others;             /* this try: employers besides subject and taxpayer_id */
	int password_ok, is_initial;    /* prepare: right; and the initial one */
	int is_old, is_reused;          /* it has to be changed; the new one was there before */
	char new_hash[CRYPTO_PASSWORD_SIZE];
	struct err refusal;             /* run commits what it did and refuses all the same */
	int replayed;                   /* the op_id was known: the first answer again */
	int kept;                       /* the answer is kept with its op_id */
	char operation_name[49];        /* for the audit row */
	void *user;                     /* of a transaction inside prepare, finish or the worker */
};

typedef int service_step_fn(struct service_call *call, struct err *err);

/* The op_id of the request; "" when it has none. */
const char *service_op_id(const struct service_call *call);

/* The version of this try's changes to the session's employer (or to taxpayer_id). */
int service_version(struct service_call *call, const char *taxpayer_id, struct err *err)
    __attribute__((warn_unused_result));

/* Runs work in a transaction and writes its audit row; serialization failures are tried again.
 * What the transaction refused is rolled back. */
int service_transaction(struct service_call *call, service_step_fn *work, struct err *err)
    __attribute__((warn_unused_result));

/* A statement or two outside any call's transaction, in the lane where there is one; gives up
 * sooner than a transaction does (ERR_BUSY). */
int service_write(struct service *service, struct db *db, service_lane_fn *fn, void *user,
    struct err *err) __attribute__((warn_unused_result));

/* A call inside another one's finish, with the same connection: its transactions have audit
 * rows of their own, in the employer's chain. */
void service_inner_call(const struct service_call *outer, const char *operation,
    const char *taxpayer_id, struct service_call *inner);

/* Time has passed while the call waited for somebody outside: its now is the clock's. */
void service_call_look(struct service_call *call);

/* A call of the worker: no request, no session. Its db is taken from the pool. */
int service_worker_call(struct service *service, int64_t now, struct service_call *call,
    struct err *err) __attribute__((warn_unused_result));
void service_worker_done(struct service_call *call);

void service_random_hex(const struct service *service, char *out, size_t n);

/* Fills the answer with one record, or appends one record of a list. */
void service_put_line(struct service_call *call, const void *record);

#endif
