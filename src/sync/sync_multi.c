/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcurl's multi interface driven by the loop: curl names descriptors and one timer, the loop
 * watches them, and what became ready is handed back. Finished calls are ended outside curl's
 * own functions, so that whoever is told may start another call at once. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/crypto.h"
#include "shebao/mem.h"
#include "sync_call.h"

/* ---- curl's memory: a size before each block, so that passwords and tokens which curl copied
 * into its own buffers are wiped when it frees them. */

union block {
	size_t size;
	max_align_t align;
};

static void *
memory_new(size_t n)
{
	/* Out of memory would otherwise come back as one of many failures to connect. */
	union block *b = mem_resize(NULL, 1, n < SIZE_MAX - sizeof(*b) ? sizeof(*b) + n : SIZE_MAX);

	b->size = n;
	return b + 1;
}

static void
memory_free(void *p)
{
	union block *b = p;

	if (b != NULL) {
		b--;
		crypto_wipe(b, sizeof(*b) + b->size);
		free(b);
	}
}

static void *
memory_resize(void *p, size_t n)
{
	union block *old = p;
	void *new = memory_new(n);

	if (new != NULL && old != NULL) {
		size_t size = (old - 1)->size;

		memcpy(new, p, size < n ? size : n);
		memory_free(p);
	}
	return new;
}

static void *
memory_zeroed(size_t count, size_t size)
{
	void *p = size != 0 && count > SIZE_MAX / size ? NULL : memory_new(count * size);

	if (p != NULL) {
		memset(p, 0, count * size);
	}
	return p;
}

static char *
memory_text(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = memory_new(n);

	if (copy != NULL) {
		memcpy(copy, s, n);
	}
	return copy;
}

/* ---- the loop */

static void
end_finished(struct sync *sync)
{
	CURLMsg *message;
	int left;

	while (sync->multi != NULL &&
	    (message = curl_multi_info_read(sync->multi, &left)) != NULL) {
		struct sync_call *call = NULL;
		CURLcode code = message->data.result;
		CURL *easy = message->easy_handle;

		if (message->msg != CURLMSG_DONE) {
			continue;
		}
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&call);
		curl_multi_remove_handle(sync->multi, easy);
		sync_call_end(call, code);
	}
}

static void
on_socket_ready(int fd, int events, void *user)
{
	struct sync *sync = user;
	int running, mask = 0;

	mask |= (events & LOOP_READ) != 0 ? CURL_CSELECT_IN : 0;
	mask |= (events & LOOP_WRITE) != 0 ? CURL_CSELECT_OUT : 0;
	curl_multi_socket_action(sync->multi, fd, mask, &running);
	end_finished(sync);
}

static void
on_timer(void *user)
{
	struct sync *sync = user;
	int running;

	sync->timer = 0;
	curl_multi_socket_action(sync->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	end_finished(sync);
}

static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket_user)
{
	struct sync *sync = user;
	int events = 0;

	(void)easy;
	(void)socket_user;
	events |= what == CURL_POLL_IN || what == CURL_POLL_INOUT ? LOOP_READ : 0;
	events |= what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? LOOP_WRITE : 0;
	loop_watch(sync->loop, fd, events, on_socket_ready, sync);
	return 0;
}

static int
set_timer(CURLM *multi, long delay_ms, void *user)
{
	struct sync *sync = user;

	(void)multi;
	if (sync->timer != 0) {
		loop_timer_cancel(sync->loop, sync->timer);
		sync->timer = 0;
	}
	if (delay_ms >= 0) {
		sync->timer = loop_timer(sync->loop, delay_ms, on_timer, sync);
	}
	return 0;
}

void
sync_multi_open(struct sync *sync)
{
	static int initialised;

	if (sync->multi != NULL) {
		return;
	}
	if (!initialised) {
		CURLcode code;

		sync_curl_load();
		code = curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_new,
		    memory_free, memory_resize, memory_text, memory_zeroed);

		assert(code == CURLE_OK);
		initialised = 1;
	}
	sync->multi = curl_multi_init();
	assert(sync->multi != NULL);
	curl_multi_setopt(sync->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(sync->multi, CURLMOPT_SOCKETDATA, sync);
	curl_multi_setopt(sync->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(sync->multi, CURLMOPT_TIMERDATA, sync);
}

void
sync_multi_close(struct sync *sync)
{
	if (sync->multi != NULL) {
		curl_multi_cleanup(sync->multi);
		sync->multi = NULL;
	}
	if (sync->timer != 0) {
		loop_timer_cancel(sync->loop, sync->timer);
		sync->timer = 0;
	}
}
