/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_BOOKS_H
#define SHEBAO_STORE_BOOKS_H

#include "shebao/agreement.h"
#include "shebao/account.h"
#include "shebao/certificate.h"
#include "shebao/consultation.h"
#include "shebao/db.h"
#include "shebao/payment.h"
#include "shebao/unit.h"
#include "shebao/voucher.h"

/*
 * The books: the service's tables and every statement on them. Nothing in here decides
 * anything; a guarded change that does not touch exactly the expected rows is ERR_STATE.
 * Functions that find give 1 found, 0 not, -1 failed. Everything that belongs to an employer
 * is asked for with its taxpayer_id. Times are ms, states their names on the wire.
 */

/* Brings the schema up to date. */
int books_schema_migrate(struct db *db, struct err *err) __attribute__((warn_unused_result));
/* The first count steps only: what an older program left behind, for tests of the others. */
int books_schema_migrate_to(struct db *db, size_t count, struct err *err)
    __attribute__((warn_unused_result));

/*
 * Everything in the books to another database of whatever engine, whose schema is brought up to
 * date and which must be empty; read from one consistent view of from, compared cell by cell before
 * it is committed. 1 copied (*copied rows); 0 to had just these books already; ERR_TAKEN when it has
 * others.
 */
int books_copy(struct db *from, struct db *to, int64_t *copied, struct err *err)
    __attribute__((warn_unused_result));
/* The same, and from is marked, so that no daemon takes it for the books any more. */
int books_copy_move(struct db *from, struct db *to, int64_t now, int64_t *copied, struct err *err)
    __attribute__((warn_unused_result));
/* 1 when these are books that were moved. */
int books_copy_moved(struct db *db, struct err *err) __attribute__((warn_unused_result));
/* A new SQLite file with the books as they are at one moment, while others change them. */
int books_copy_backup(struct db *db, const char *path, struct err *err)
    __attribute__((warn_unused_result));

/* ---- head: change counter and end of the audit chain, one row an employer ("" the office) */

struct books_head {
	int64_t version;
	int64_t audit_seq;
	char audit_hash[65];
};

/* Takes the next version; locks the employer's row until the transaction ends, so that
 * versions are visible in their order. *out: the row with it. */
int books_head_next(struct db *db, const char *taxpayer_id, struct books_head *out,
    struct err *err) __attribute__((warn_unused_result));
int books_head_set(struct db *db, const char *taxpayer_id, int64_t version, struct err *err)
    __attribute__((warn_unused_result));
int books_head_find(struct db *db, const char *taxpayer_id, struct books_head *out,
    struct err *err) __attribute__((warn_unused_result));
/* Takes the next n values of a counter, which begins with 1; *last is the last of them. */
int books_head_count(struct db *db, const char *name, int64_t n, int64_t *last, struct err *err)
    __attribute__((warn_unused_result));

/* ---- employers and their units */

int books_employer_find(struct db *db, const char *taxpayer_id, struct employer *out,
    struct err *err) __attribute__((warn_unused_result));
/* kind: a table of a record type with version: employer, unit, agreement, account. *what: 0
 * nothing new, 1 changed, 2 created. */
int books_employer_put(struct db *db, const struct record_type *type, void *record,
    int64_t version, int *what, struct err *err) __attribute__((warn_unused_result));
int books_employer_unit_find(struct db *db, const char *taxpayer_id, const char *unit_no,
    struct unit *out, struct err *err) __attribute__((warn_unused_result));
/* Whether password is the initial one of any of the employer's units. */
int books_employer_initial(struct db *db, const char *taxpayer_id, const char *password,
    struct err *err) __attribute__((warn_unused_result));
int books_employer_agreement_find(struct db *db, const char *taxpayer_id,
    const char *agreement_no, struct agreement *out, struct err *err)
    __attribute__((warn_unused_result));

/* Whose agreement it is. */
int books_employer_agreement_owner(struct db *db, const char *agreement_no,
    char taxpayer_id[TAXPAYER_ID_SIZE], struct err *err) __attribute__((warn_unused_result));

/* ---- levies and the claims on them */

#define BOOKS_LEVIES 32
/* One to BOOKS_LEVIES levies at once, in the order of the numbers; one that is not there is empty. */
int books_levy_find(struct db *db, const char *taxpayer_id, char *const *levy_nos, size_t count,
    struct levy *out, struct err *err) __attribute__((warn_unused_result));
/* Of whatever employer: for officers and imports. */
int books_levy_find_any(struct db *db, const char *levy_no, struct levy *out, struct err *err)
    __attribute__((warn_unused_result));
int books_levy_insert(struct db *db, const struct levy *levy, struct err *err)
    __attribute__((warn_unused_result));
/* New pushed data of a levy that is still initial and unpaid: ERR_STATE if it no longer is. */
int books_levy_replace(struct db *db, const struct levy *levy, struct err *err)
    __attribute__((warn_unused_result));
/* All levies that holder claims (by kind), by period and number. Ended by db_rows_close. */
int books_levy_held(struct db *db, const char *taxpayer_id, const char *kind,
    const char *holder, struct rows **out, struct err *err) __attribute__((warn_unused_result));
/* All levies of the period, both ends included. */
int books_levy_period(struct db *db, const char *taxpayer_id, const char *period_from,
    const char *period_to, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));

/* A change of all levies that holder claims. Exactly count rows must be in state from. */
struct books_change {
	const char *taxpayer_id;
	const char *kind; /* of the claim: declaration, payment, voucher, batch, tax_paid ... */
	const char *holder;
	const char *from;
	const char *to;
	int64_t version;
	int64_t count;
};
int books_levy_declaring(struct db *db, const struct books_change *change,
    const char *declaration_id, struct err *err) __attribute__((warn_unused_result));
/* As above for the one levy whose number is holder. */
int books_levy_one(struct db *db, const struct books_change *change, const char *declaration_id,
    struct err *err) __attribute__((warn_unused_result));
int books_levy_paying(struct db *db, const struct books_change *change, const char *payment_no,
    const char *voucher_no, struct err *err) __attribute__((warn_unused_result));
int books_levy_settled(struct db *db, const struct books_change *change,
    const char *tax_ticket_no, const char *settled_on, struct err *err)
    __attribute__((warn_unused_result));
int books_levy_certified(struct db *db, const struct books_change *change,
    const char *certificate_no, struct err *err) __attribute__((warn_unused_result));
/* The levies of a certificate (holder) that holds no longer, whatever their state. */
int books_levy_uncertified(struct db *db, const struct books_change *change, struct err *err)
    __attribute__((warn_unused_result));

struct books_claim {
	char kind[17];
	char holder[RECORD_ID_SIZE];
	char levy_no[LEVY_NO_SIZE];
	char taxpayer_id[TAXPAYER_ID_SIZE];
	int64_t amount; /* the levy's, when it was claimed */
	int live;
};
extern const struct record_type books_claim_type;

/* ERR_TAKEN when another live claim excludes this one (I-01, I-02: indexes of the schema). */
int books_claim_add(struct db *db, const struct books_claim *claim, struct err *err)
    __attribute__((warn_unused_result));
/* Exactly count live claims of the holder end. */
int books_claim_release(struct db *db, const char *taxpayer_id, const char *kind,
    const char *holder, int64_t count, struct err *err) __attribute__((warn_unused_result));
/* The live claim of the family: declaration, channel (payment, voucher, batch). */
int books_claim_find(struct db *db, const char *taxpayer_id, const char *levy_no,
    int is_channel, struct books_claim *out, struct err *err)
    __attribute__((warn_unused_result));
/* The claims of a holder live again; ERR_TAKEN when a levy is held by something else now. */
int books_claim_revive(struct db *db, const char *taxpayer_id, const char *kind,
    const char *holder, int64_t count, struct err *err) __attribute__((warn_unused_result));
int books_claim_levy_nos(struct db *db, const char *taxpayer_id, const char *kind,
    const char *holder, struct text_list *out, struct err *err)
    __attribute__((warn_unused_result));
/* Live channel claims on the levies of a declaration; *kind receives one of them. */
int books_claim_channels(struct db *db, const char *taxpayer_id, const char *declaration_id,
    int64_t *count, char kind[17], struct err *err) __attribute__((warn_unused_result));

/* ---- declarations, payments, vouchers, certificates */

/* One record of a table by its first key column, with its levy_nos (and a payment's events);
 * the caller releases it. taxpayer_id NULL: of whatever employer. */
int books_record_find(struct db *db, const struct record_type *type, const char *taxpayer_id,
    const char *number, void *out, struct err *err) __attribute__((warn_unused_result));
/* The same without its lists: nothing to release. */
int books_record_find_bare(struct db *db, const struct record_type *type,
    const char *taxpayer_id, const char *number, void *out, struct err *err)
    __attribute__((warn_unused_result));
/* Fills the lists of a record that came from a query. */
int books_record_lists(struct db *db, const struct record_type *type, void *record,
    struct err *err) __attribute__((warn_unused_result));
/* Rows of a table after the version, oldest change first; at least limit when there are as
 * many, and never part of one change. */
struct books_page {
	const char *taxpayer_id;
	int64_t after;
	int64_t limit;
};
int books_record_changes(struct db *db, const struct record_type *type,
    const struct books_page *page, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));
/* The same rows with the type's members as columns, in its order. */
int books_record_columns(struct db *db, const struct record_type *type,
    const struct books_page *page, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));
/* Of all employers, for officers, oldest first. */
int books_record_consultations(struct db *db, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));
int books_record_batch_lists(struct db *db, struct rows **out, struct err *err)
    __attribute__((warn_unused_result));
int books_record_add(struct db *db, const struct record_type *type, const void *record,
    struct err *err) __attribute__((warn_unused_result));
/* Answer, answered_at and version of a consultation without an answer. */
int books_record_answer(struct db *db, const struct consultation *consultation, struct err *err)
    __attribute__((warn_unused_result));
/* Writes all scalar members of a record whose state was from. */
int books_record_update(struct db *db, const struct record_type *type, const void *record,
    const char *from, struct err *err) __attribute__((warn_unused_result));

/* Sets paid_state of every declaration that has levies of the holder. */
int books_payment_declarations(struct db *db, const struct books_change *change, struct err *err)
    __attribute__((warn_unused_result));

/* Numbers of payments that the bank refused since then. */
int books_payment_refused(struct db *db, int64_t since, struct text_list *out, struct err *err)
    __attribute__((warn_unused_result));

/* Appends to the timeline, seq counted here; is_once: unless it has a line of this event and detail. */
int books_payment_event(struct db *db, const char *taxpayer_id, const struct payment_event *event,
    int is_once, struct err *err) __attribute__((warn_unused_result));

/* A certificate of the same employer, kind and period that was issued and not delivered: its
 * number. */
int books_certificate_open(struct db *db, const struct certificate *like,
    char number[TICKET_NO_SIZE], struct err *err) __attribute__((warn_unused_result));

/* Numbers of the valid certificates, of both kinds, over levies of a payment. */
int books_certificate_over(struct db *db, const char *taxpayer_id, const char *payment_no,
    struct text_list *out, struct err *err) __attribute__((warn_unused_result));

/* What a printed code belongs to: number, and its table in *type. */
int books_certificate_by_code(struct db *db, const char *verify_code,
    const struct record_type **type, char number[TICKET_NO_SIZE], struct err *err)
    __attribute__((warn_unused_result));

struct books_document {
	char number[TICKET_NO_SIZE];
	int64_t reprint;
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char file_name[129];
	char sha256[65];
};
extern const struct record_type books_document_type;

/* By employer, number and reprint of key; content is appended to; NULL: not wanted. */
int books_document_find(struct db *db, const struct books_document *key,
    struct books_document *out, struct buf *content, struct err *err)
    __attribute__((warn_unused_result));
/* The first one stays: 1 when it was added, 0 when there was one. */
int books_document_add(struct db *db, const struct books_document *document,
    const void *content, size_t n, struct err *err) __attribute__((warn_unused_result));

/* ---- what is still to be done
 *
 * Of several daemons on PostgreSQL, whoever lists what is due takes it (SKIP LOCKED) for
 * BOOKS_LEASE_MS: no other one lists it before, and if the taker dies, it is due again then. Longer
 * than the longest back-off and a call to the bank together, by which who asks tells them apart. On
 * SQLite there is one daemon, and listing changes nothing. */
#define BOOKS_LEASE_MS 60000

/* A message to the bank: its exact bytes. State queued (not sent), sent (no answer yet), done. */
struct books_message {
	char message_key[65]; /* payment_no or voucher_no; of a reversal service_reversal_key */
	char kind[17];        /* debit, counter, reverse */
	char taxpayer_id[TAXPAYER_ID_SIZE];
	char state[17];
	int64_t attempts;
	int64_t queries;
	int64_t sent_at; /* by then the last send had left; 0: not known yet */
	int64_t next_at;
	int64_t created_at;
};
extern const struct record_type books_message_type;

int books_message_add(struct db *db, const struct books_message *message, const void *bytes,
    size_t n, struct err *err) __attribute__((warn_unused_result));
int books_message_find(struct db *db, const char *message_key, struct books_message *out,
    struct buf *bytes, struct err *err) __attribute__((warn_unused_result));
/* Writes all members but the bytes if state, attempts and queries still are before's. */
int books_message_update(struct db *db, const struct books_message *before,
    const struct books_message *after, struct err *err) __attribute__((warn_unused_result));
/* Whoever was talking to the bank is gone: what was under way is due now. */
int books_message_wake(struct db *db, int64_t now, struct err *err)
    __attribute__((warn_unused_result));
/* A message that the bank refused and that may be made again. */
int books_message_remove(struct db *db, const char *message_key, struct err *err)
    __attribute__((warn_unused_result));
/* Keys of messages due, the longest waiting first, at most limit; *next: the earliest later
 * time. */
int books_message_due(struct db *db, int64_t now, int64_t limit, struct text_list *out,
    int64_t *next, struct err *err) __attribute__((warn_unused_result));

/* Decisions due: kind declaration. */
int books_work_add(struct db *db, const char *taxpayer_id, const char *kind, const char *holder,
    int64_t due_at, struct err *err) __attribute__((warn_unused_result));
/* taxpayer_id NULL: of whatever employer. */
int books_work_done(struct db *db, const char *taxpayer_id, const char *kind,
    const char *holder, struct err *err) __attribute__((warn_unused_result));
int books_work_due(struct db *db, int64_t now, int64_t limit, struct text_list *out,
    int64_t *next, struct err *err) __attribute__((warn_unused_result));
/* Numbers of issued vouchers whose last day has passed. */
int books_work_expired(struct db *db, const char *today, int64_t limit, struct text_list *out,
    struct err *err) __attribute__((warn_unused_result));

#endif
