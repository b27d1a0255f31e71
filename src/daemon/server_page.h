/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_SERVER_PAGE_H
#define SHEBAO_DAEMON_SERVER_PAGE_H

#include "metrics.h"

struct exchange;

/* What is no operation of the service: /healthz, /metrics, /v1/openapi.json, and 405 with Allow
 * for a path that has other methods. Returns 0 when the path is none of these. */
int server_page(
    struct exchange *exchange, int draining, const struct metrics_gauges *gauges);

#endif
