/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters in Prometheus' text format. */
#include "metrics.h"

#include <inttypes.h>
#include <pthread.h>
#include <stddef.h>

#include "shebao/mem.h"
#include "shebao/operation.h"

static const int statuses[] = { 200, 201, 202, 204, 400, 401, 403, 404, 405, 409, 413, 415,
	422, 429, 499, 500, 502, 503, 504, 0 };
static const int64_t bounds_us[] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000,
	250000, 500000, 1000000, 2500000, 5000000, 10000000, 25000000 };

#define OTHER OPERATION_COUNT

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int64_t requests[OPERATION_COUNT + 1][ARRAY_LEN(statuses)];
/* Each request counts once, in the first that holds it; the last is of those that none does. */
static int64_t buckets[OPERATION_COUNT + 1][ARRAY_LEN(bounds_us) + 1];
static int64_t sums_us[OPERATION_COUNT + 1];
static int64_t things_done;

void
metrics_request(int op, int status, int64_t microseconds)
{
	size_t row = op >= 0 && op < OPERATION_COUNT ? (size_t)op : OTHER, i = 0, within = 0;

	while (statuses[i] != 0 && statuses[i] != status) {
		i++;
	}
	while (within < ARRAY_LEN(bounds_us) && microseconds > bounds_us[within]) {
		within++;
	}
	pthread_mutex_lock(&lock);
	requests[row][i]++;
	sums_us[row] += microseconds;
	buckets[row][within]++;
	pthread_mutex_unlock(&lock);
}

void
metrics_work_done(int64_t things)
{
	pthread_mutex_lock(&lock);
	things_done += things;
	pthread_mutex_unlock(&lock);
}

static void
print_operation(size_t row, struct buf *out)
{
	const char *name =
	    row == OTHER ? "other" : operation_row((enum operation)row)->name;
	int64_t total = 0, within = 0;
	size_t i;

	for (i = 0; i < ARRAY_LEN(statuses); i++) {
		total += requests[row][i];
	}
	if (total == 0) {
		return;
	}
	for (i = 0; i < ARRAY_LEN(bounds_us); i++) {
		within += buckets[row][i];
		buf_printf(out,
		    "shebaod_request_seconds_bucket{operation=\"%s\",le=\"%" PRId64
		    ".%06" PRId64 "\"} %" PRId64 "\n",
		    name, bounds_us[i] / 1000000, bounds_us[i] % 1000000,
		    within);
	}
	buf_printf(out,
	    "shebaod_request_seconds_bucket{operation=\"%s\",le=\"+Inf\"} %" PRId64 "\n",
	    name, total);
	buf_printf(out,
	    "shebaod_request_seconds_sum{operation=\"%s\"} %" PRId64 ".%06" PRId64 "\n",
	    name, sums_us[row] / 1000000, sums_us[row] % 1000000);
	buf_printf(out, "shebaod_request_seconds_count{operation=\"%s\"} %" PRId64 "\n",
	    name, total);
}

static void
print_statuses(size_t row, struct buf *out)
{
	const char *name =
	    row == OTHER ? "other" : operation_row((enum operation)row)->name;
	size_t i;

	for (i = 0; i < ARRAY_LEN(statuses); i++) {
		if (requests[row][i] > 0) {
			buf_printf(out,
			    "shebaod_requests_total{operation=\"%s\",status=\"%d\"} %" PRId64
			    "\n",
			    name, statuses[i], requests[row][i]);
		}
	}
}

static void
print_one(
    struct buf *out, const char *name, const char *type, const char *help, int64_t value)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", name, help, name,
	    type, name, value);
}

void
metrics_print(const struct metrics_gauges *gauges, struct buf *out)
{
	size_t row;

	pthread_mutex_lock(&lock);
	buf_puts(out,
	    "# HELP shebaod_requests_total Answered requests; status 0 is any other one.\n"
	    "# TYPE shebaod_requests_total counter\n");
	for (row = 0; row <= OTHER; row++) {
		print_statuses(row, out);
	}
	buf_puts(out,
	    "# HELP shebaod_request_seconds From request line to answer, held time included.\n"
	    "# TYPE shebaod_request_seconds histogram\n");
	for (row = 0; row <= OTHER; row++) {
		print_operation(row, out);
	}
	print_one(out, "shebaod_work_done_total", "counter",
	    "Decisions, bank messages and expiries made in the background.", things_done);
	pthread_mutex_unlock(&lock);
	print_one(out, "shebaod_connections", "gauge", "Open connections.",
	    gauges->connections);
	print_one(out, "shebaod_connections_dropped_total", "counter",
	    "Connections shut down at their deadline.", gauges->dropped);
	print_one(out, "shebaod_requests_queued", "gauge",
	    "Requests that wait for a worker.", gauges->queued);
	print_one(out, "shebaod_requests_held", "gauge",
	    "Long polls that wait for a change.", gauges->held);
	print_one(out, "shebaod_database_round_trips_total", "counter",
	    "Answers of a database server that were waited for.", gauges->round_trips);
	print_one(out, "shebaod_workers_busy", "gauge", "Workers with a request.",
	    gauges->working);
}
