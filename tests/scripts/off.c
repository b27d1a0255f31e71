/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded: the clock of this machine is off by $CLOCK_OFF seconds; with $LIMITS_OFF no limit can be set. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

int
clock_gettime(clockid_t clock, struct timespec *out)
{
	static int (*real)(clockid_t, struct timespec *);
	const char *off = getenv("CLOCK_OFF");
	int rc;

	if (real == NULL) {
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	}
	rc = real(clock, out);
	if (rc == 0 && clock == CLOCK_REALTIME && off != NULL) {
		out->tv_sec += atol(off);
	}
	return rc;
}

int
setrlimit(__rlimit_resource_t what, const struct rlimit *limit)
{
	static int (*real)(__rlimit_resource_t, const struct rlimit *);

	if (getenv("LIMITS_OFF") != NULL) {
		return 0;
	}
	if (real == NULL) {
		*(void **)&real = dlsym(RTLD_NEXT, "setrlimit");
	}
	return real(what, limit);
}
