/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buckets of requests, one a source. */
#include "quota.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/mem.h"

#define BUCKETS 4096
#define PROBES 16
#define MINUTE_MS 60000

struct bucket {
	char source[40]; /* "": free */
	int64_t spent;   /* requests times MINUTE_MS, as of at */
	int64_t at;
};

struct quota {
	pthread_mutex_t lock;
	int64_t per_minute;
	struct bucket buckets[BUCKETS];
};

struct quota *
quota_new(int64_t per_minute)
{
	struct quota *quota = mem_alloc(sizeof(*quota));

	pthread_mutex_init(&quota->lock, NULL);
	quota->per_minute = per_minute;
	return quota;
}

/* What is spent is kept in requests, whatever the limit is. */
void
quota_limit(struct quota *quota, int64_t per_minute)
{
	pthread_mutex_lock(&quota->lock);
	quota->per_minute = per_minute;
	pthread_mutex_unlock(&quota->lock);
}

void
quota_free(struct quota *quota)
{
	if (quota == NULL) {
		return;
	}
	pthread_mutex_destroy(&quota->lock);
	free(quota);
}

/* Whoever has one IPv6 address usually has 2^64 of them. */
static void
name_source(const char *source, char out[40])
{
	struct in6_addr address;
	const unsigned char *b = address.s6_addr;

	if (inet_pton(AF_INET6, source, &address) == 1) {
		snprintf(out, 40, "%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", b[0], b[1], b[2],
		    b[3], b[4], b[5], b[6], b[7]);
	} else {
		mem_copy_text(out, 40, source);
	}
}

static size_t
hash(const char *s)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (; *s != '\0'; s++) {
		h = (h ^ (unsigned char)*s) * 16777619u;
	}
	return h;
}

/* Its bucket, or a free one, or the one that was used longest ago. */
static struct bucket *
find_bucket(struct quota *quota, const char *source)
{
	size_t at = hash(source), i;
	struct bucket *oldest = NULL;

	for (i = 0; i < PROBES; i++) {
		struct bucket *b = &quota->buckets[(at + i) % BUCKETS];

		if (strcmp(b->source, source) == 0) {
			return b;
		}
		if (oldest == NULL || (oldest->source[0] != '\0' &&
			(b->source[0] == '\0' || b->at < oldest->at))) {
			oldest = b;
		}
	}
	*oldest = (struct bucket){ .at = 0 };
	mem_copy_text(oldest->source, sizeof(oldest->source), source);
	return oldest;
}

int64_t
quota_take(struct quota *quota, const char *source, int64_t now)
{
	int64_t room, wait = 0;
	struct bucket *b;
	char name[40];

	name_source(source, name);
	pthread_mutex_lock(&quota->lock);
	if (quota->per_minute == 0) {
		pthread_mutex_unlock(&quota->lock);
		return 0;
	}
	b = find_bucket(quota, name);
	room = (now - b->at) / MINUTE_MS > 0 ? b->spent
					     : (now - b->at) * quota->per_minute;
	b->spent = b->spent > room ? b->spent - room : 0;
	b->at = now;
	if (b->spent > (quota->per_minute - 1) * MINUTE_MS) {
		wait = b->spent - (quota->per_minute - 1) * MINUTE_MS;
		wait = (wait + quota->per_minute * 1000 - 1) / (quota->per_minute * 1000);
	} else {
		b->spent += MINUTE_MS;
	}
	pthread_mutex_unlock(&quota->lock);
	return wait;
}
