/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PRINT_CHILD_H
#define SHEBAO_PRINT_CHILD_H

#include "shebao/print.h"

/* What the child process says to its parent: whole structs, each in one write(2) to a pipe. */
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

/* In the child: tells the parent. */
void print_child_tell(int to, const struct print_message *message);

typedef void print_child_fn(int to, const void *about);
typedef void print_message_fn(const struct print_message *message, void *user);

/* Runs work in a child process; messages arrive from the loop. 0: the child said END. -1: it
 * said FAILED, died, was not through after limit_ms, or is_cancelled said so (the child ends by
 * SIGTERM). */
struct print_child {
	print_child_fn *work;
	const void *about;
	int64_t limit_ms;
	print_message_fn *on_message;
	void *user;
	int (*is_cancelled)(void *user); /* asked now and then; may be NULL */
};
int print_child_run(struct loop *loop, const struct print_child *child, struct err *err)
    __attribute__((warn_unused_result));

#endif
