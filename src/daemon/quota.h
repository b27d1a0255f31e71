/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_DAEMON_QUOTA_H
#define SHEBAO_DAEMON_QUOTA_H

#include <stdint.h>

/*
 * How often one source may ask what needs no login: so many times a minute, all of them at once
 * if it likes (a bucket that fills up again). An IPv6 source is its /64. What is remembered has
 * a fixed size: when too many sources come, the one that asked longest ago is forgotten, which
 * errs in its favour. Safe between threads.
 */
struct quota; /* opaque */

/* per_minute 0: no limit. */
struct quota *quota_new(int64_t per_minute);
/* Another limit from now on; what was asked before still counts. */
void quota_limit(struct quota *quota, int64_t per_minute);
void quota_free(struct quota *quota);

/* now: monotonic ms. 0: allowed, and counted; else in how many seconds to come again. */
int64_t quota_take(struct quota *quota, const char *source, int64_t now);

#endif
