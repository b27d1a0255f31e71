/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transactions with their audit row, and calls that no request made. */
#include "service_call.h"

#include <string.h>

#include "service_chain.h"
#include "service_recall.h"
#include "service_number.h"
#include "shebao/date.h"
#include "shebao/hex.h"
#include "shebao/mem.h"

enum {
	TRIES_MAX = 50,
	LANE_MS = 5000,
	LANE_SHORT_MS = 1000
};

const char *
service_op_id(const struct service_call *call)
{
	const struct field *f;

	if (call->row == NULL || call->row->request == NULL || call->request == NULL) {
		return "";
	}
	f = record_field(call->row->request, "op_id");
	return f == NULL ? "" : record_text(f, call->request);
}

/* ---- the transaction */

static int
try_once(struct service_call *call, service_step_fn *work, struct err *err)
{
	call->version = 0;
	call->touched_others = 0;
	call->leaves_work = 0;
	call->block_count = 0;
	call->replayed = 0;
	call->kept = 0;
	if (call->answer != NULL) {
		record_release(call->row->answer, call->answer);
		memset(call->answer, 0, call->row->answer->size);
	}
	if (work(call, err) < 0) {
		return -1;
	}
	if (!call->replayed && service_chain_add(call, call->kept ? service_op_id(call) : "", err) < 0) {
		return -1;
	}
	return 0;
}

struct attempt {
	struct service_call *call;
	service_step_fn *work;
};

static int
try_in_lane(struct db *db, void *user, struct err *err)
{
	struct attempt *attempt = user;
	struct db *own = attempt->call->db;
	int result;

	attempt->call->db = db;
	result = try_once(attempt->call, attempt->work, err);
	attempt->call->db = own;
	return result;
}

/* 0, -1 failed, -2 could not even begin. */
static int
try_alone(struct service_call *call, service_step_fn *work, struct err *err)
{
	if (db_begin(call->db, err) < 0) {
		return -2;
	}
	if (try_once(call, work, err) < 0 || db_commit(call->db, err) < 0) {
		db_rollback(call->db);
		return -1;
	}
	return 0;
}

int
service_transaction(struct service_call *call, service_step_fn *work, struct err *err)
{
	struct service_lane *lane = call->service->lane;
	struct attempt attempt = { call, work };
	int i, result;

	for (i = 0; i < TRIES_MAX; i++) {
		err_clear(err);
		result = lane != NULL ? service_lane_run(lane, LANE_MS, try_in_lane, &attempt, err)
				      : try_alone(call, work, err);
		if (result == 0) {
			service_number_keep(call);
			atomic_fetch_add(&call->service->changes, 1);
			atomic_fetch_add(&call->service->works, call->leaves_work);
			service_recall_changed(call->service->recall, call);
			return 0;
		}
		if (result == -2 || err->code != ERR_BUSY) {
			return -1;
		}
	}
	return -1;
}

int
service_write(struct service *service, struct db *db, service_lane_fn *fn, void *user,
    struct err *err)
{
	int result = service->lane != NULL
	    ? service_lane_run(service->lane, LANE_SHORT_MS, fn, user, err)
	    : fn(db, user, err);

	return result < 0 ? -1 : 0;
}

int
service_version(struct service_call *call, const char *taxpayer_id, struct err *err)
{
	if (strcmp(taxpayer_id, call->subject) != 0 && strcmp(taxpayer_id, call->taxpayer_id) != 0) {
		call->touched_others = 1;
	}
	if (books_head_next(call->db, taxpayer_id, &call->head, err) < 0) {
		return -1;
	}
	call->version = call->head.version;
	mem_copy_text(call->head_of, sizeof(call->head_of), taxpayer_id);
	return 0;
}

void
service_random_hex(const struct service *service, char *out, size_t n)
{
	unsigned char raw[64];

	if (service->opts.random == NULL) {
		crypto_random_hex(out, n);
		return;
	}
	if (n > sizeof(raw)) {
		n = sizeof(raw);
	}
	service->opts.random(service->opts.random_user, raw, n);
	hex_encode(out, raw, n);
}

void
service_inner_call(const struct service_call *outer, const char *operation,
    const char *taxpayer_id, struct service_call *inner)
{
	*inner = (struct service_call){
		.service = outer->service, .db = outer->db, .now = outer->now, .taxpayer_id = ""
	};
	memcpy(inner->today, outer->today, sizeof(inner->today));
	mem_copy_text(inner->operation_name, sizeof(inner->operation_name), operation);
	mem_copy_text(inner->subject, sizeof(inner->subject), taxpayer_id);
}

void
service_call_look(struct service_call *call)
{
	int64_t now = call->service->opts.clock != NULL ? call->service->opts.clock() : call->now;

	/* Never back, whoever sets the clock. */
	if (now > call->now) {
		call->now = now;
		date_from_ms(now, call->today);
	}
}

int
service_worker_call(
    struct service *service, int64_t now, struct service_call *call, struct err *err)
{
	*call = (struct service_call){ .service = service, .now = now, .taxpayer_id = "" };
	mem_copy_text(call->operation_name, sizeof(call->operation_name), "worker");
	date_from_ms(now, call->today);
	return db_pool_take(service->opts.pool, &call->db, err);
}

void
service_worker_done(struct service_call *call)
{
	if (call->db != NULL) {
		db_rollback(call->db);
		db_pool_give(call->service->opts.pool, call->db);
	}
}
