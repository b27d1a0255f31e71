/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcurl when it is needed. */
#define SYNC_CURL_TABLE
#include "sync_curl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/err.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

#define LIBRARY "libcurl.so.4" /* the interface that curl/curl.h describes */

struct sync_curl sync_curl;

#define ROW(name) { #name, offsetof(struct sync_curl, f_##name) },
static const struct {
	const char *name;
	size_t offset;
} functions[] = { SYNC_CURL_FUNCTIONS(ROW) };

/* The installation is not whole, or there is no memory to load it: a fault of this machine. */
static void
die(void)
{
	const char *why = dlerror();

	fprintf(stderr, _("无法装入程序库 %s：%s\n"), LIBRARY, why == NULL ? "" : why);
	exit(err_info(ERR_LOCAL)->exit_status);
}

void
sync_curl_load(void)
{
	void *library, *function;
	size_t i;

	if (sync_curl.f_curl_easy_init != NULL) {
		return;
	}
	library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL) {
		die();
	}
	for (i = 0; i < ARRAY_LEN(functions); i++) {
		function = dlsym(library, functions[i].name);
		if (function == NULL) {
			die();
		}
		/* ISO C knows no way from an object's pointer to a function's; POSIX has this. */
		memcpy((char *)&sync_curl + functions[i].offset, &function, sizeof(function));
	}
}
