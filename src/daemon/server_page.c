/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of the server itself. */
#include "server_page.h"

#include <string.h>

#include "exchange.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"

struct page_args {
	int draining;
	const struct metrics_gauges *gauges;
};

/* A gateway takes a draining daemon out of its list before the connections end. */
static void
health(const struct page_args *args, struct service_answer *answer)
{
	answer->status = args->draining ? 503 : 200;
	answer->content_type = "application/json";
	buf_puts(&answer->body,
	    args->draining ? "{\"status\":\"draining\"}\n" : "{\"status\":\"ok\"}\n");
}

static void
metrics(const struct page_args *args, struct service_answer *answer)
{
	answer->content_type = "text/plain; version=0.0.4; charset=utf-8";
	metrics_print(args->gauges, &answer->body);
}

static void
openapi(const struct page_args *args, struct service_answer *answer)
{
	(void)args;
	answer->content_type = "application/json";
	operation_openapi(&answer->body);
}

static const struct {
	const char *path;
	void (*print)(const struct page_args *args, struct service_answer *answer);
} pages[] = {
	{ "/healthz", health },
	{ "/metrics", metrics },
	{ "/v1/openapi.json", openapi },
};

#define READING "GET, HEAD"

/* Of the operations with this path; NULL: there are none. */
static const char *
allowed_methods(const char *path)
{
	static const char *const lists[2][2] = { { NULL, "POST" }, { READING, READING ", POST" } };
	const char *tail;

	return lists[operation_find("GET", path, &tail) >= 0]
		    [operation_find("POST", path, &tail) >= 0];
}

int
server_page(struct exchange *exchange, int draining, const struct metrics_gauges *gauges)
{
	const struct page_args args = { .draining = draining, .gauges = gauges };
	size_t i;

	for (i = 0; i < ARRAY_LEN(pages); i++) {
		if (strcmp(pages[i].path, exchange->target) != 0) {
			continue;
		}
		if (strcmp(exchange->method, "GET") != 0) {
			exchange->allow = READING;
			break;
		}
		exchange->answer = (struct service_answer){ .status = 200 };
		pages[i].print(&args, &exchange->answer);
		return 1;
	}
	if (exchange->allow == NULL) {
		exchange->allow = allowed_methods(exchange->target);
	}
	if (exchange->allow != NULL) {
		exchange_refuse(exchange, ERR_REQUEST, 405, _("这个路径不接受该方法"));
		return 1;
	}
	return 0;
}
