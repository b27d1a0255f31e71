/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PRINT_BROKER_H
#define SHEBAO_PRINT_BROKER_H

#include <limits.h>

#include "shebao/print.h"

/*
 * What the client may not do itself once it is in its sandbox: fork and execute. A small process,
 * forked before, takes orders on a socket and forks a child for each, which talks back on a
 * channel of its own. It knows three orders and no others.
 */
enum print_order_kind {
	PRINT_ORDER_LIST,
	PRINT_ORDER_SUBMIT, /* len bytes follow on the channel */
	PRINT_ORDER_SEND,
	PRINT_ORDER_COUNT
};

struct print_order {
	enum print_order_kind kind;
	int64_t copies, wait_ms, limit_ms;
	size_t len;
	char printer[PRINT_NAME_SIZE];
	char title[256];
	char path[PATH_MAX];
};

/* *channel: the client's end, on which struct print_message arrive; closing it ends the child. */
int print_broker_order(const struct print_order *order, int *channel, struct err *err)
    __attribute__((warn_unused_result));

#endif
