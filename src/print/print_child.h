/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PRINT_CHILD_H
#define SHEBAO_PRINT_CHILD_H

#include "print_broker.h"
#include "shebao/print.h"

/* What a child of the broker says to the client: whole structs, each in one write(2). */
enum print_message_kind {
	PRINT_MESSAGE_PRINTER,
	PRINT_MESSAGE_SENT, /* from here on a broken link leaves the outcome unknown */
	PRINT_MESSAGE_JOB,  /* accepted, and again whenever the state has changed */
	PRINT_MESSAGE_FAILED,
	PRINT_MESSAGE_END
};

struct print_message {
	enum print_message_kind kind;
	union {
		struct print_printer printer;
		struct print_job job;
		struct err err;
	} as;
};

/* ---- in the child */

void print_child_tell(int to, const struct print_message *message);
void print_child_fail(int to, const struct err *err);

/* Closes all descriptors from 3 on but one. */
void print_child_close_others(int kept);

/* Carries out an order, in a process made for it. */
void print_child_serve(int channel, const struct print_order *order, const char *zmodem_program);

/* Runs the program with the file on this process's terminal; ERR_LOCAL, ERR_CANCELLED. */
int print_zmodem_run(const char *program, const char *path, struct err *err)
    __attribute__((warn_unused_result));

/* ---- in the client */

typedef void print_message_fn(const struct print_message *message, void *user);

/* Has an order carried out; messages arrive from the loop. 0: the child said END. -1: it said
 * FAILED, died, was not through after order.limit_ms (0: no limit), or is_cancelled said so. */
struct print_child {
	struct print_order order;
	const void *bytes;            /* order.len of them */
	print_message_fn *on_message; /* may be NULL */
	void *user;
	int (*is_cancelled)(void *user); /* asked now and then; may be NULL */
};
int print_child_run(struct loop *loop, const struct print_child *child, struct err *err)
    __attribute__((warn_unused_result));

#endif
