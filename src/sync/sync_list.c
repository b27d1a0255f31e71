/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists: pages of records, one a line (JSON, or the lean form where both sides know it), decoded as
 * they arrive. Curl's callback only
 * puts bytes into a small buffer; a timer of the loop takes the lines out again in slices, so
 * that a row's function may do what it likes, keys are served between two slices, and a fast
 * service waits for a slow reader instead of filling memory.
 */
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/wire.h"
#include "shebao/wire_lean.h"
#include "sync_call.h"

/* No more is taken from the transport before lines are taken out; no line may be longer. */
#define HELD_BYTES ((size_t)256 << 10)
#define SLICE_MS 10

struct page {
	struct sync *sync;
	struct sync_call *call;
	const struct record_type *type;
	const struct field *version; /* NULL: the list has no pages */
	sync_row_fn *fn;
	void *user;
	struct err *err;
	void *record; /* room for one */
	struct wire_lean lean;
	struct buf held;
	size_t taken; /* bytes at the front of held that are done with */
	int timer;
	int paused, ended, failed, done;
	int64_t rows, since, after;
};

static void drain(void *user);

static void
schedule(struct page *page)
{
	if (page->timer == 0 && !page->done) {
		page->timer = loop_timer(page->sync->loop, 0, drain, page);
	}
}

static size_t
on_sink(const char *bytes, size_t n, void *user)
{
	struct page *page = user;

	schedule(page);
	if (page->held.len - page->taken >= HELD_BYTES) {
		page->paused = 1;
		return 0;
	}
	buf_put(&page->held, bytes, n);
	return n;
}

static void
on_end(struct sync_call *call, struct sync_reply *reply, void *user)
{
	struct page *page = user;

	(void)call;
	(void)reply;
	page->ended = 1;
	schedule(page);
}

/* 1: a record, 0: the line of names, -1. A lean record keeps what the next one repeats. */
static int
decode(struct page *page, const char *line, size_t n)
{
	int rc;

	if (page->call->is_lean && page->lean.count == 0) {
		memset(page->record, 0, page->type->size);
		rc = wire_lean_open(&page->lean, page->type, line, n, page->err);
	} else if (page->call->is_lean) {
		rc = wire_lean_next(&page->lean, line, n, page->record, page->err) < 0 ? -1 : 1;
	} else {
		memset(page->record, 0, page->type->size);
		rc = wire_decode(page->type, line, n, WIRE_LENIENT, page->record, page->err) < 0 ? -1 : 1;
	}
	if (rc < 0) {
		page->err->code = ERR_SERVICE;
		err_wrap(page->err, _("缴费服务的应答无法读取"));
	}
	return rc;
}

static int
take_row(struct page *page, const char *line, size_t n)
{
	int result;

	if (n > 0 && line[n - 1] == '\r') {
		n--;
	}
	if (n == 0) {
		return 0;
	}
	result = decode(page, line, n);
	if (result <= 0) {
		goto out;
	}
	result = -1;
	if (page->version != NULL &&
	    (record_number(page->version, page->record) < page->after ||
		record_number(page->version, page->record) <= page->since)) {
		/* A cursor that stands still would ask for the same page for ever. */
		err_set(page->err, ERR_SERVICE, _("缴费服务的清单没有按版本排列"));
	} else {
		page->after = page->version != NULL
		    ? record_number(page->version, page->record)
		    : 0;
		page->rows++;
		result = page->fn(page->record, page->user, page->err);
	}
out:
	if (!page->call->is_lean) {
		record_release(page->type, page->record);
	}
	return result;
}

/* The next whole line, or what is left when the transport has ended; NULL: not there yet. */
static const char *
next_line(struct page *page, size_t *n)
{
	size_t left = page->held.len - page->taken;
	const char *start, *end;

	if (left == 0) {
		return NULL;
	}
	start = page->held.data + page->taken;
	end = memchr(start, '\n', left);
	if (end == NULL && !(page->ended && page->call->reply.outcome == SYNC_ANSWERED)) {
		return NULL;
	}
	*n = end != NULL ? (size_t)(end - start) : left;
	page->taken += *n + (end != NULL);
	return start;
}

static void
compact(struct page *page)
{
	struct buf *held = &page->held;

	if (page->taken > 0) {
		memmove(held->data, held->data + page->taken, held->len - page->taken);
		held->len -= page->taken;
		page->taken = 0;
	}
}

static void
drain(void *user)
{
	struct page *page = user;
	int64_t until = loop_now_ms() + SLICE_MS;
	const char *line;
	size_t n;

	page->timer = 0;
	do {
		line = next_line(page, &n);
		if (line != NULL && take_row(page, line, n) != 0) {
			page->failed = page->done = 1;
			return;
		}
	} while (line != NULL && loop_now_ms() < until);
	compact(page);
	if (line != NULL) {
		schedule(page);
	} else if (page->ended) {
		page->done = 1;
	} else if (page->held.len >= HELD_BYTES) {
		err_set(page->err, ERR_SERVICE, _("缴费服务的应答过长"));
		page->failed = page->done = 1;
	}
	if (page->paused && !page->done && page->held.len < HELD_BYTES) {
		page->paused = 0;
		sync_call_resume(page->call);
	}
}

static int
read_page(struct page *page, enum operation op, int64_t after, const int *cancel)
{
	struct list_request request = { .after = after };
	struct buf query = { 0 };
	int result = -1;

	if (operation_row(op)->request == &request_list) {
		wire_encode_query(&request_list, &request, &query);
	}
	page->since = page->after = after;
	page->rows = 0;
	page->ended = page->done = page->paused = 0;
	page->call = sync_call_new(page->sync, op, query.data, query.len, NULL);
	page->call->sink = on_sink;
	page->call->sink_user = page;
	sync_call_begin(page->call, on_end, page);
	if (sync_wait(page->sync, &page->done, cancel)) {
		err_set(page->err, ERR_CANCELLED, "%s", _("已取消"));
	} else if (!page->failed) {
		if (page->call->reply.outcome == SYNC_UNKNOWN) {
			page->call->reply.outcome = SYNC_SURELY_NOT;
		}
		result = sync_check(&page->call->reply, page->err);
	}
	if (page->timer != 0) {
		loop_timer_cancel(page->sync->loop, page->timer);
		page->timer = 0;
	}
	sync_call_free(page->call);
	wire_lean_close(&page->lean);
	buf_clear(&page->held);
	page->taken = 0;
	buf_release(&query);
	return result;
}

int
sync_list(struct sync *sync, enum operation op, int64_t after, sync_row_fn *fn,
    void *user, const int *cancel, struct err *err)
{
	const struct record_type *type = operation_row(op)->answer;
	struct err unseen = { 0 };
	struct page page = { .sync = sync,
		.type = type,
		.version = operation_row(op)->request == &request_list
		    ? record_field(type, "version")
		    : NULL,
		.fn = fn,
		.user = user,
		.err = err != NULL ? err : &unseen,
		.after = after,
		.record = mem_alloc(type->size) };
	int result;

	do {
		result = read_page(&page, op, page.after, cancel);
	} while (result == 0 && page.rows > 0 && page.version != NULL);
	free(page.record);
	buf_release(&page.held);
	return result;
}
