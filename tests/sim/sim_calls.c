/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls that change states, wrapped by the linker: each says what it did (sim_watch.c). */
#include <string.h>

#include "shebao/books.h"
#include "shebao/journal.h"
#include "shebao/mem.h"
#include "shebao/states.h"
#include "sim.h"
#include "sim_watch.h"

/* ---- transactions */

int __real_db_commit(struct db *db, struct err *err);
int __wrap_db_commit(struct db *db, struct err *err);
void __real_db_rollback(struct db *db);
void __wrap_db_rollback(struct db *db);

enum {
	LONG_REST_MS = 15 * 60000, /* now and then, as when the whole machine sleeps */
	REST_MAX_MS = 15000 /* of two services: with a call to the bank, less than a lease keeps others away */
};

static int resting;

int
sim_service_rests(void)
{
	return resting > 0;
}

/* Between two transactions the system lets others run, mostly where it matters: when something is
 * journalled and not sent. A group of commits has a leader, for whom they wait: there nobody rests. */
static void
rest_a_while(void)
{
	int64_t ms;
	int is_between = sim_watch_has(SIM_PAYMENT, "created") || sim_watch_has(SIM_MESSAGE, "queued");

	if (sim_is_service(sim.side) && sim_fiber_now() != NULL && sim.seed % 2 != 0 &&
	    SIM_YES(SIM_PAUSE, is_between ? 60 : 3)) {
		ms = sim_delay(!is_between ? 1000 : sim_chance(10) ? LONG_REST_MS : 10000);
		resting++;
		sim_sleep(sim.is_on[SIM_SECOND] && ms > REST_MAX_MS ? REST_MAX_MS : ms);
		resting--;
	}
}

int
__wrap_db_commit(struct db *db, struct err *err)
{
	int rc = __real_db_commit(db, err);

	sim_watch_end(db, rc == 0, rc != 0);
	rest_a_while();
	return rc;
}

void
__wrap_db_rollback(struct db *db)
{
	__real_db_rollback(db);
	sim_watch_end(db, 0, 0);
}

int __real_db_savepoint_undo(struct db *db);
int __wrap_db_savepoint_undo(struct db *db);

/* One thread: a group of writers that share a commit is a group of one. */
int
__wrap_db_savepoint_undo(struct db *db)
{
	int rc = __real_db_savepoint_undo(db);

	sim_watch_end(db, 0, 0);
	return rc;
}

/* ---- records, messages, claims, levies */

static enum sim_machine
machine_of(const struct record_type *type)
{
	return type == &declaration_type ? SIM_DECLARATION
	    : type == &payment_type	 ? SIM_PAYMENT
	    : type == &voucher_type	 ? SIM_VOUCHER
	    : type == &certificate_type	 ? SIM_CERTIFICATE
					 : SIM_MACHINE_COUNT;
}

static void
note_record(const struct db *db, const struct record_type *type, const void *record)
{
	enum sim_machine machine = machine_of(type);
	const struct field *state = record_field(type, "state");

	if (machine != SIM_MACHINE_COUNT) {
		sim_watch_row(db, machine, -1, record_text(&type->fields[0], record),
		    state->states->state_names[record_number(state, record)]);
	}
}

int __real_books_record_add(
    struct db *db, const struct record_type *type, const void *record, struct err *err);
int __wrap_books_record_add(
    struct db *db, const struct record_type *type, const void *record, struct err *err);
int __real_books_record_update(struct db *db, const struct record_type *type,
    const void *record, const char *from, struct err *err);
int __wrap_books_record_update(struct db *db, const struct record_type *type,
    const void *record, const char *from, struct err *err);

int
__wrap_books_record_add(
    struct db *db, const struct record_type *type, const void *record, struct err *err)
{
	int rc = __real_books_record_add(db, type, record, err);

	if (rc == 0) {
		note_record(db, type, record);
	}
	return rc;
}

int
__wrap_books_record_update(struct db *db, const struct record_type *type, const void *record,
    const char *from, struct err *err)
{
	int rc = __real_books_record_update(db, type, record, from, err);

	if (rc == 0) {
		note_record(db, type, record);
	}
	return rc;
}

int __real_books_message_add(struct db *db, const struct books_message *message,
    const void *bytes, size_t n, struct err *err);
int __wrap_books_message_add(struct db *db, const struct books_message *message,
    const void *bytes, size_t n, struct err *err);
int __real_books_message_update(struct db *db, const struct books_message *before,
    const struct books_message *after, struct err *err);
int __wrap_books_message_update(struct db *db, const struct books_message *before,
    const struct books_message *after, struct err *err);
int __real_books_message_remove(struct db *db, const char *message_key, struct err *err);
int __wrap_books_message_remove(struct db *db, const char *message_key, struct err *err);

int
__wrap_books_message_add(struct db *db, const struct books_message *message, const void *bytes,
    size_t n, struct err *err)
{
	int rc = __real_books_message_add(db, message, bytes, n, err);

	if (rc == 0) {
		sim_watch_row(db, SIM_MESSAGE, -1, message->message_key, message->state);
	}
	return rc;
}

int
__wrap_books_message_update(struct db *db, const struct books_message *before,
    const struct books_message *after, struct err *err)
{
	int rc = __real_books_message_update(db, before, after, err);

	if (rc == 0) {
		sim_watch_row(db, SIM_MESSAGE, -1, before->message_key, after->state);
	}
	return rc;
}

int
__wrap_books_message_remove(struct db *db, const char *message_key, struct err *err)
{
	int rc = __real_books_message_remove(db, message_key, err);

	if (rc == 0) {
		sim_watch_row(db, SIM_MESSAGE, -1, message_key, "");
	}
	return rc;
}

#define WRAP_CLAIM_SET(NAME, KIND)                                                         \
	int __real_books_claim_##NAME(struct db *db, const char *taxpayer_id,              \
	    const char *kind, const char *holder, int64_t count, struct err *err);         \
	int __wrap_books_claim_##NAME(struct db *db, const char *taxpayer_id,              \
	    const char *kind, const char *holder, int64_t count, struct err *err);         \
	int __wrap_books_claim_##NAME(struct db *db, const char *taxpayer_id,              \
	    const char *kind, const char *holder, int64_t count, struct err *err)          \
	{                                                                                  \
		int rc = __real_books_claim_##NAME(db, taxpayer_id, kind, holder, count, err); \
                                                                                           \
		if (rc == 0) {                                                             \
			sim_watch_claim(db, KIND, kind, holder, "");                        \
		}                                                                          \
		return rc;                                                                 \
	}

WRAP_CLAIM_SET(release, SIM_CLAIM_END)
WRAP_CLAIM_SET(revive, SIM_CLAIM_REVIVE)

int __real_books_claim_add(struct db *db, const struct books_claim *claim, struct err *err);
int __wrap_books_claim_add(struct db *db, const struct books_claim *claim, struct err *err);

int
__wrap_books_claim_add(struct db *db, const struct books_claim *claim, struct err *err)
{
	int rc = __real_books_claim_add(db, claim, err);

	if (rc == 0) {
		sim_watch_claim(db, SIM_CLAIM_ADD, claim->kind, claim->holder, claim->levy_no);
	}
	return rc;
}

#define WRAP_LEVIES(NAME, MACHINE, ARGS, NAMES)                                            \
	int __real_books_levy_##NAME ARGS;                                                 \
	int __wrap_books_levy_##NAME ARGS;                                                 \
	int __wrap_books_levy_##NAME ARGS                                                  \
	{                                                                                  \
		int rc = __real_books_levy_##NAME NAMES;                                   \
                                                                                           \
		if (rc == 0) {                                                             \
			note_levies(db, MACHINE, change);                                  \
		}                                                                          \
		return rc;                                                                 \
	}

static void
note_levies(const struct db *db, enum sim_machine machine, const struct books_change *change)
{
	sim_watch_levies(
	    db, machine, change->from, change->to, change->count > 0 ? change->count : 1);
}

WRAP_LEVIES(declaring, SIM_LEVY,
    (struct db * db, const struct books_change *change, const char *declaration_id,
	struct err *err),
    (db, change, declaration_id, err))
WRAP_LEVIES(one, SIM_LEVY,
    (struct db * db, const struct books_change *change, const char *declaration_id,
	struct err *err),
    (db, change, declaration_id, err))
WRAP_LEVIES(paying, SIM_LEVY_PAY,
    (struct db * db, const struct books_change *change, const char *payment_no,
	const char *voucher_no, struct err *err),
    (db, change, payment_no, voucher_no, err))
WRAP_LEVIES(settled, SIM_LEVY_PAY,
    (struct db * db, const struct books_change *change, const char *tax_ticket_no,
	const char *settled_on, struct err *err),
    (db, change, tax_ticket_no, settled_on, err))

/* ---- the client's journal */

int __real_db_run_one(struct db *db, const char *sql, const struct db_value *args, size_t count,
    enum err_code code, struct err *err);
int __wrap_db_run_one(struct db *db, const char *sql, const struct db_value *args, size_t count,
    enum err_code code, struct err *err);

/* The one statement that moves an entry. */
int
__wrap_db_run_one(struct db *db, const char *sql, const struct db_value *args, size_t count,
    enum err_code code, struct err *err)
{
	int rc = __real_db_run_one(db, sql, args, count, code, err);

	if (rc == 0 && strncmp(sql, "UPDATE journal SET state = $1", 29) == 0) {
		sim_watch_row(db, SIM_OP, sim_watch_home(), args[1].bytes, args[0].bytes);
	}
	return rc;
}

int __real_db_insert(struct db *db, const char *table, const struct record_type *type,
    const void *record, struct err *err);
int __wrap_db_insert(struct db *db, const char *table, const struct record_type *type,
    const void *record, struct err *err);

int
__wrap_db_insert(struct db *db, const char *table, const struct record_type *type,
    const void *record, struct err *err)
{
	int rc = __real_db_insert(db, table, type, record, err);

	if (rc == 0 && type == &journal_entry_type) {
		const struct journal_entry *entry = record;

		sim_watch_row(db, SIM_OP, sim_watch_home(), entry->op_id,
		    states_op.state_names[entry->state]);
	}
	return rc;
}
