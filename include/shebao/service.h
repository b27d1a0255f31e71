/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_H
#define SHEBAO_SERVICE_SERVICE_H

#include "shebao/bank.h"
#include "shebao/buf.h"
#include "shebao/db.h"
#include "shebao/operation.h"

#include <stdio.h>

/*
 * The collection service's use cases as functions of (request, now, transaction): no socket,
 * no clock, no randomness of its own, so that the same objects run in the daemon and in the
 * simulator; what waits for the bank asks the given clock what time it is then. Safe between threads when opened on a pool of more than one connection.
 */
struct service; /* opaque */
struct seal;

/* Rules for new declaration passwords. basic: 8 characters of 2 classes. mlps3, after GB/T 22239
 * level 3: 8 of 3 classes, changed every 90 days, not one of the last five. asvs, after OWASP ASVS 5:
 * 12 characters of whatever class, no well-known one, no end. */
enum service_profile {
	SERVICE_PROFILE_BASIC,
	SERVICE_PROFILE_MLPS3,
	SERVICE_PROFILE_ASVS,
	SERVICE_PROFILE_COUNT
};
/* By name; -1: none of these. */
int service_profile_find(const char *name);

struct service_opts {
	struct db_pool *pool;     /* borrowed */
	struct bank *bank;        /* borrowed; NULL: debits are refused as 系统当前非工作状态 */
	int64_t (*clock)(void);   /* wall clock ms; NULL: the bank's answers take no time */
	int recalls;              /* nobody else changes the books: polls may be answered from memory */
	int groups_commits;       /* SQLite, several threads: one sync for those who write at once */
	const struct seal *seal;  /* borrowed; NULL: no documents (tests, simulator) */
	int hands;                /* how many things the worker does at once, each in a thread; 0: one */
	int64_t feedback_delay_ms; /* how long the worker takes to decide */
	int64_t session_idle_ms;  /* 0: 30 minutes */
	int64_t session_max_ms;   /* 0: 8 hours */
	enum service_profile profile; /* what a declaration password must be like */
	void (*random)(void *user, void *out, size_t n); /* NULL: crypto_random */
	void *random_user;
	const char *verify_url;   /* printed on documents before the code */
	const char *spool;        /* folder for files while they are made; NULL: no backups */
};

/* Migrates the schema and makes the service. ERR_STATE: these books were moved elsewhere. */
int service_open(const struct service_opts *opts, int64_t now, struct service **out,
    struct err *err) __attribute__((warn_unused_result));
void service_close(struct service *service);
/* Other limits of sessions, in ms, from now on: idle for all, max for those that begin. */
void service_limit_sessions(struct service *service, int64_t idle_ms, int64_t max_ms);

struct service_request {
	enum operation operation;
	const char *token;  /* bearer token, or NULL */
	const char *source; /* peer address, for limits and the audit */
	int is_shared;      /* many come from it: the machine itself, or a gateway */
	const char *body;   /* JSON, or the query string of a GET, or CSV rows */
	size_t body_len;
	int takes_lean;     /* a list may come in the form of wire_lean.h */
	FILE *rows;         /* OPERATION_ROWS: the spooled upload instead of body */
	int64_t now;        /* wall clock ms */
};

struct service_answer {
	int status;
	const char *content_type;
	struct buf body; /* released by the caller */
	FILE *file;      /* OPERATION_FILE: instead of body; closed by the caller */
	int64_t retry_after; /* seconds, 0: none */
	/* OPERATION_WAITS: nothing final yet; ask again with the same request when
	 * service_changes has moved, until the request's wait_ms is over. */
	int pending;
	int64_t wait_ms;
	unsigned watch; /* what it waits for, for service_changes_of */
	uint64_t seen;  /* where that stood when the books were read */
};

/* Decodes, authenticates, checks the role, replays a known op_id, runs the use case in one
 * transaction with its audit row (tried again when serialization fails), encodes. Never fails:
 * failures are problem documents. */
void service_handle(struct service *service, const struct service_request *request,
    struct service_answer *answer);

/* Whether the token may call the operation at all: lets a server refuse an upload before it
 * takes it. Uses operation, token and now of the request. 0; -1: ERR_SESSION, ERR_FORBIDDEN,
 * ERR_BUSY, ERR_LOCAL. */
int service_admits(struct service *service, const struct service_request *request,
    struct err *err) __attribute__((warn_unused_result));

/* Does what is due at now: decides declarations and voidings, sends journalled bank messages,
 * asks about unknown debits, expires vouchers and sessions, marks settled money. Returns the
 * number of things done; *next receives when to call again at the latest (ms wall clock). */
int service_work(struct service *service, int64_t now, int64_t *next);

/* Counts committed changes that somebody may be waiting for: all, and those that an answer of
 * OPERATION_WAITS watches. */
uint64_t service_changes(const struct service *service);

/* Counts committed changes that leave something to service_work. */
uint64_t service_works(const struct service *service);

/* How often this process has waited for an answer of a database server. */
uint64_t service_round_trips(void);
uint64_t service_changes_of(struct service *service, unsigned watch);

/* 1: the answer to a poll from memory, as service_handle would give it: nothing has changed since
 * it was given before. 0: ask service_handle. Reads no database and waits for nobody. */
int service_recall(struct service *service, const struct service_request *request,
    struct service_answer *answer);

/* A new officer's or bureau's token (role: ROLE_OFFICER, ROLE_BUREAU or both), stored hashed. */
int service_token_new(struct service *service, unsigned role, int64_t now,
    char out[65], struct err *err) __attribute__((warn_unused_result));

/* All invariants over the books, the bank's ledger and the audit chain. Each finding goes to
 * fn; returns how many, or -1. */
struct audit_finding;
typedef void service_finding_fn(const struct audit_finding *finding, void *user);
int service_audit(struct service *service, int64_t now, service_finding_fn *fn, void *user,
    int64_t *checked, struct err *err) __attribute__((warn_unused_result));

#endif
