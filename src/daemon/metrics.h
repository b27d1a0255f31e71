/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_METRICS_H
#define SHEBAO_DAEMON_METRICS_H

#include <stdint.h>

#include "shebao/buf.h"

/* Counters for Prometheus; safe between threads. Counted for the whole process. */

/* op: enum operation, or -1 for everything else. */
void metrics_request(int op, int status, int64_t microseconds);
void metrics_work_done(int64_t things);

struct metrics_gauges {
	int64_t connections, dropped, queued, held, working, round_trips;
};

/* Text format 0.0.4 */
void metrics_print(const struct metrics_gauges *gauges, struct buf *out);

#endif
