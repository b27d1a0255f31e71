/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The numbers of declarations, payments and tickets. On PostgreSQL a daemon takes them in blocks,
 * because a counter's row would let one transaction of the whole province run at a time. A block
 * is taken in the transaction that first needs it, and is the daemon's when that is committed:
 * what is left of it when the daemon ends is never used. SQLite has one writer anyway, and there
 * no number is left out.
 */
#include "service_number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shebao/mem.h"

#define PROVINCE "52"
#define BLOCK 100

/* With the lock held: the first that is not used up, or one to take its place. */
static struct service_block *
find_block(struct service *service, const char *name)
{
	struct service_block *blocks = service->blocks, *oldest = &blocks[0];
	size_t i;

	for (i = 0; i < ARRAY_LEN(service->blocks); i++) {
		if (blocks[i].next < blocks[i].end && strcmp(blocks[i].name, name) == 0) {
			return &blocks[i];
		}
		if (blocks[i].next >= blocks[i].end || blocks[i].taken < oldest->taken) {
			oldest = &blocks[i];
		}
	}
	return oldest;
}

static int
take_kept(struct service *service, const char *name, int64_t *value)
{
	struct service_block *block;
	int found;

	pthread_mutex_lock(&service->lock);
	block = find_block(service, name);
	found = block->next < block->end && strcmp(block->name, name) == 0;
	if (found) {
		*value = block->next++;
	}
	pthread_mutex_unlock(&service->lock);
	return found;
}

static int
take_block(struct service_call *call, const char *name, int64_t *value, struct err *err)
{
	struct service_block *block = &call->blocks[call->block_count];
	int64_t last;

	if (books_head_count(call->db, name, BLOCK, &last, err) < 0) {
		return -1;
	}
	*value = last - BLOCK + 1;
	if (call->block_count < ARRAY_LEN(call->blocks)) {
		*block = (struct service_block){ .next = *value + 1, .end = last + 1, .taken = call->now };
		mem_copy_text(block->name, sizeof(block->name), name);
		call->block_count++;
	}
	return 0;
}

/* Days and months go by, and the names of their counters with them: old blocks make room. */
void
service_number_keep(struct service_call *call)
{
	struct service *service = call->service;
	size_t i;

	if (call->block_count == 0) {
		return;
	}
	pthread_mutex_lock(&service->lock);
	for (i = 0; i < call->block_count; i++) {
		*find_block(service, call->blocks[i].name) = call->blocks[i];
	}
	pthread_mutex_unlock(&service->lock);
	call->block_count = 0;
}

static int
next_number(struct service_call *call, const char *name, int64_t *value, struct err *err)
{
	if (db_is_sqlite(call->db)) {
		return books_head_count(call->db, name, 1, value, err);
	}
	return take_kept(call->service, name, value) ? 0 : take_block(call, name, value, err);
}

int
service_number_declaration(struct service_call *call, char out[RECORD_ID_SIZE], struct err *err)
{
	int64_t value;

	if (next_number(call, "declaration", &value, err) < 0) {
		return -1;
	}
	snprintf(out, RECORD_ID_SIZE, "1001" PROVINCE "%.2s%012" PRId64, call->today + 2, value);
	return 0;
}

int
service_number_payment(
    struct service_call *call, char serial[9], char out[RECORD_ID_SIZE], struct err *err)
{
	char name[33];
	int64_t value;

	snprintf(name, sizeof(name), "serial %s", call->today);
	if (next_number(call, name, &value, err) < 0) {
		return -1;
	}
	snprintf(serial, 9, "%08u", (unsigned)(value % 100000000));
	snprintf(out, RECORD_ID_SIZE, "%.4s%.2s%.2s%.8s", call->today, call->today + 5,
	    call->today + 8, serial);
	return 0;
}

int
service_number_daily(
    struct service_call *call, char letter, char out[RECORD_ID_SIZE], struct err *err)
{
	char name[33];
	int64_t value;

	snprintf(name, sizeof(name), "%c %s", letter, call->today);
	if (next_number(call, name, &value, err) < 0) {
		return -1;
	}
	snprintf(out, RECORD_ID_SIZE, "%c%.4s%.2s%.2s%04" PRId64, letter, call->today,
	    call->today + 5, call->today + 8, value);
	return 0;
}

int
service_number_ticket(struct service_call *call, enum service_number_kind kind,
    char out[TICKET_NO_SIZE], struct err *err)
{
	static const char *const kinds[] = {
		[SERVICE_NUMBER_TICKET] = "016",
		[SERVICE_NUMBER_CERTIFICATE] = "015",
		[SERVICE_NUMBER_PROOF] = "017",
	};
	char name[33];
	int64_t value;

	_Static_assert(ARRAY_LEN(kinds) == SERVICE_NUMBER_KIND_COUNT, "a kind for each");
	snprintf(name, sizeof(name), "ticket %s %.2s%.2s", kinds[kind], call->today + 2,
	    call->today + 5);
	if (next_number(call, name, &value, err) < 0) {
		return -1;
	}
	snprintf(out, TICKET_NO_SIZE, "4" PROVINCE "%s%.2s%.2s%08u", kinds[kind], call->today + 2,
	    call->today + 5, (unsigned)(value % 100000000));
	return 0;
}
