/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded: the clock of this machine is off by $CLOCK_OFF seconds. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
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
