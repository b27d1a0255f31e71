/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counters of changes, and answers that are true until one moves. */
#include "service_recall.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"

#define COUNTERS 1024u
#define ANSWERS 4096u
#define LOCKS 64u
#define BODY_MAX ((size_t)4096)
#define TOKEN_MAX ((size_t)128)

struct kept {
	unsigned char tag[16]; /* of token and body */
	unsigned watch;
	uint64_t count;
	int64_t until; /* 0: nothing is kept here */
	int pending;
	int64_t wait_ms;
	const char *content_type;
	struct buf body;
};

struct service_recall {
	unsigned char key[16];
	atomic_uint_fast64_t all, counters[COUNTERS];
	pthread_mutex_t locks[LOCKS]; /* of the answers whose place they divide */
	struct kept answers[ANSWERS];
};

struct service_recall *
service_recall_new(int keeps)
{
	struct service_recall *recall = mem_alloc(sizeof(*recall));
	unsigned i;

	if (keeps) {
		crypto_random(recall->key, sizeof(recall->key));
	}
	for (i = 0; i < LOCKS; i++) {
		pthread_mutex_init(&recall->locks[i], NULL);
	}
	return recall;
}

void
service_recall_free(struct service_recall *recall)
{
	unsigned i;

	if (recall == NULL) {
		return;
	}
	for (i = 0; i < ANSWERS; i++) {
		buf_release(&recall->answers[i].body);
	}
	for (i = 0; i < LOCKS; i++) {
		pthread_mutex_destroy(&recall->locks[i]);
	}
	free(recall);
}

/* ---- counters */

unsigned
service_recall_watch(const char *taxpayer_id)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (; *taxpayer_id != '\0'; taxpayer_id++) {
		h = (h ^ (unsigned char)*taxpayer_id) * 16777619u;
	}
	return h % COUNTERS;
}

uint64_t
service_recall_count(struct service_recall *recall, unsigned watch)
{
	return atomic_load(&recall->all) + atomic_load(&recall->counters[watch]);
}

void
service_recall_changed(struct service_recall *recall, const struct service_call *call)
{
	if (call->subject[0] == '\0' || call->touched_others) {
		atomic_fetch_add(&recall->all, 1);
		return;
	}
	atomic_fetch_add(&recall->counters[service_recall_watch(call->subject)], 1);
	if (call->taxpayer_id[0] != '\0' && strcmp(call->taxpayer_id, call->subject) != 0) {
		atomic_fetch_add(&recall->counters[service_recall_watch(call->taxpayer_id)], 1);
	}
}

uint64_t
service_changes_of(struct service *service, unsigned watch)
{
	return service_recall_count(service->recall, watch);
}

/* ---- answers */

static void
make_tag(const struct service_recall *recall, const struct service_request *request,
    unsigned char tag[16])
{
	unsigned char bytes[TOKEN_MAX + BODY_MAX];
	size_t n = strlen(request->token) + 1;

	memcpy(bytes, request->token, n);
	memcpy(bytes + n, request->body, request->body_len);
	crypto_tag(recall->key, bytes, n + request->body_len, tag);
	crypto_wipe(bytes, n);
}

static int
may_be_kept(const struct service_request *request)
{
	return request->operation == OPERATION_FEEDBACK && request->token != NULL &&
	    strlen(request->token) < TOKEN_MAX && request->body != NULL &&
	    request->body_len <= BODY_MAX;
}

static unsigned
place_of(const unsigned char tag[16])
{
	return (tag[0] | (unsigned)tag[1] << 8) % ANSWERS;
}

void
service_recall_keep(
    struct service_recall *recall, const struct service_call *call, int64_t until)
{
	const struct service_answer *answer = call->out;
	unsigned char tag[16];
	struct kept *kept;
	pthread_mutex_t *lock;

	if (!may_be_kept(call->asked) || answer->body.len > BODY_MAX || answer->status != 200) {
		return;
	}
	make_tag(recall, call->asked, tag);
	kept = &recall->answers[place_of(tag)];
	lock = &recall->locks[place_of(tag) % LOCKS];
	pthread_mutex_lock(lock);
	memcpy(kept->tag, tag, sizeof(tag));
	kept->watch = answer->watch;
	kept->count = answer->seen;
	kept->until = until;
	kept->pending = answer->pending;
	kept->wait_ms = answer->wait_ms;
	kept->content_type = answer->content_type;
	buf_clear(&kept->body);
	buf_put(&kept->body, answer->body.data, answer->body.len);
	pthread_mutex_unlock(lock);
}

int
service_recall(struct service *service, const struct service_request *request,
    struct service_answer *answer)
{
	struct service_recall *recall = service->recall;
	unsigned char tag[16];
	const struct kept *kept;
	pthread_mutex_t *lock;
	int is_true;

	if (!service->opts.recalls || !may_be_kept(request)) {
		return 0;
	}
	make_tag(recall, request, tag);
	kept = &recall->answers[place_of(tag)];
	lock = &recall->locks[place_of(tag) % LOCKS];
	pthread_mutex_lock(lock);
	is_true = request->now < kept->until && memcmp(kept->tag, tag, sizeof(tag)) == 0 &&
	    service_recall_count(recall, kept->watch) == kept->count;
	if (is_true) {
		*answer = (struct service_answer){ .status = 200,
			.content_type = kept->content_type,
			.pending = kept->pending,
			.wait_ms = kept->wait_ms,
			.watch = kept->watch,
			.seen = kept->count };
		buf_put(&answer->body, kept->body.data, kept->body.len);
	}
	pthread_mutex_unlock(lock);
	return is_true;
}
