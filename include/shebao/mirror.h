/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_STORE_MIRROR_H
#define SHEBAO_STORE_MIRROR_H

#include "shebao/db.h"
#include "shebao/levy.h"

/*
 * The client's copy of the service's lists, per employer, and what only this client knows
 * (journal, marks, settings). Rows come by version; a download is whole or not at all.
 */
enum mirror_noun {
	MIRROR_UNIT,
	MIRROR_AGREEMENT,
	MIRROR_ACCOUNT,
	MIRROR_LEVY,
	MIRROR_DECLARATION,
	MIRROR_PAYMENT,
	MIRROR_VOUCHER,
	MIRROR_CERTIFICATE,
	MIRROR_CONSULTATION,
	MIRROR_EMPLOYER,
	MIRROR_PAYMENT_EVENT,
	MIRROR_NOUN_COUNT
};

/* Opens (and makes or migrates) the client's database. */
int mirror_open(const char *url, struct db **out, struct err *err)
    __attribute__((warn_unused_result));

const struct record_type *mirror_type(enum mirror_noun noun);

/* Puts one row that the service answered; of a payment its events too. */
int mirror_put(struct db *db, enum mirror_noun noun, const void *record, struct err *err)
    __attribute__((warn_unused_result));

/* Downloads are staged: pages are committed beside the list as they come, so that a cancelled
 * one goes on where it stopped, and mirror_stage_swap makes them the list in one transaction
 * (with the overlay of the journal). *after: the cursor to ask from. */
int mirror_stage_begin(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t *after, int64_t *staged, struct err *err) __attribute__((warn_unused_result));
struct mirror_staging; /* opaque: the rows of one list as they arrive */
struct mirror_staging *mirror_staging_new(struct db *db, enum mirror_noun noun);
void mirror_staging_free(struct mirror_staging *staging); /* NULL allowed */
/* open and save: around a number of rows, instead of db_begin and db_commit. After a failure, save what
 * there is of an open transaction and free. */
int mirror_staging_open(struct mirror_staging *staging, struct err *err)
    __attribute__((warn_unused_result));
int mirror_staging_put(struct mirror_staging *staging, const void *record, struct err *err)
    __attribute__((warn_unused_result));
int mirror_staging_save(struct mirror_staging *staging, struct err *err)
    __attribute__((warn_unused_result));
int mirror_stage_swap(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t now, struct err *err) __attribute__((warn_unused_result));

/* The same by a thread, for as many rows as take long: start, wait until the descriptor is
 * readable, end (which waits as well). db goes on showing the old list meanwhile. stop: it is
 * wanted no more; end then fails, what is staged stays, unless it was over already. */
struct mirror_stage; /* opaque */
int mirror_stage_is_long(const struct db *db, enum mirror_noun noun, int64_t staged);
int mirror_stage_start(struct db *db, enum mirror_noun noun, const char *taxpayer_id,
    int64_t now, struct mirror_stage **out, struct err *err) __attribute__((warn_unused_result));
/* After a download that came to no end: only takes what was staged out of the log. */
int mirror_stage_start_log(struct db *db, struct mirror_stage **out, struct err *err)
    __attribute__((warn_unused_result));
int mirror_stage_fd(const struct mirror_stage *stage);
void mirror_stage_stop(struct mirror_stage *stage);
int mirror_stage_end(struct mirror_stage *stage, struct err *err)
    __attribute__((warn_unused_result));

/* When the list was last downloaded, ms; 0: never. */
int64_t mirror_downloaded_at(struct db *db, enum mirror_noun noun, const char *taxpayer_id);

/* ---- lists as they are shown */

enum mirror_test {
	MIRROR_IS, /* equal */
	MIRROR_IN, /* one of a comma-separated list */
	MIRROR_NOT_IN,
	MIRROR_AT_LEAST,
	MIRROR_AT_MOST,
	MIRROR_AT_LEAST_OR_EMPTY,
	MIRROR_IS_EMPTY /* value is not looked at; text members only */
};

struct mirror_filter {
	const char *field; /* a member of the noun's type */
	enum mirror_test test;
	char value[193]; /* "": the filter is off */
};

#define MIRROR_FILTERS_MAX 12

struct mirror_query {
	enum mirror_noun noun;
	char taxpayer_id[TAXPAYER_ID_SIZE]; /* "": MIRROR_EMPLOYER */
	struct mirror_filter filters[MIRROR_FILTERS_MAX];
	size_t filter_count;
	const char *order; /* a member; NULL: the order of arrival */
	int descending;
	const char *marks; /* name of the set of marks; NULL: none */
	int marked_only;
	const char *narrowed; /* name of the set that mirror_narrow_new was given: only its rows; NULL: all */
};

/* Adds a filter; value "" or NULL adds nothing, except for MIRROR_IS_EMPTY. */
void mirror_where(struct mirror_query *q, const char *field, enum mirror_test test, const char *value);

/* Number of rows, and the sum of field (NULL: none) in fen. */
int mirror_count(struct db *db, const struct mirror_query *q, const char *sum_field,
    int64_t *count, int64_t *sum, struct err *err) __attribute__((warn_unused_result));

/*
 * Rows first ... first + n - 1 into records (zero-filled array of n), their row keys into
 * keys and whether they are marked into marked (both may be NULL). got: how many.
 *
 * The window remembers what it holds, so that the next one, and one near the end if count is
 * given, is found by key in constant time. When rows, filters or order have changed, count and got
 * are set again (0: not known) before the next fetch.
 */
struct mirror_window {
	void *records;
	int64_t *keys;
	int *marked;
	size_t got;
	int64_t first; /* set by mirror_fetch */
	int64_t count; /* of the whole list, as mirror_count says */
};
int mirror_fetch(struct db *db, const struct mirror_query *q, int64_t first, size_t n,
    struct mirror_window *window, struct err *err) __attribute__((warn_unused_result));

/* Each row in order, in constant memory. */
typedef int mirror_row_fn(const void *record, void *user, struct err *err);
int mirror_each(struct db *db, const struct mirror_query *q, mirror_row_fn *fn, void *user,
    struct err *err) __attribute__((warn_unused_result));

/* 1, 0 or -1. key is the text of the noun's own identity (levy_no, payment_no, ...). */
int mirror_find(struct db *db, enum mirror_noun noun, const char *taxpayer_id, const char *key,
    void *record, struct err *err) __attribute__((warn_unused_result));

/* Where the row with this key stands in the order of q; -1: it is not in it. */
int64_t mirror_row_of(struct db *db, const struct mirror_query *q, int64_t key);

/* Next row from `from` in direction step whose shown text typed fits (Chinese, codes, amounts,
 * pinyin initials), around the end; -1: none, -2: stop (may be NULL), which is asked every
 * thousand rows, wanted no more. */
struct mirror_stop {
	int (*is_wanted)(void *user);
	void *user;
};
int64_t mirror_search(struct db *db, const struct mirror_query *q, const char *typed,
    int64_t from, int step, const struct mirror_stop *stop);

/* ---- narrowing: the rows of a list that what is typed fits, as mirror_search does, found in slices so
 * that the next key never waits. They are the set called name, for mirror_query.narrowed with this
 * connection, which grows with each step. */
struct mirror_narrow; /* opaque */
/* The set is empty at first. q, without its order and its narrowed, and the texts are copied. */
int mirror_narrow_new(struct db *db, const struct mirror_query *q, const char *name,
    const char *typed, struct mirror_narrow **out, struct err *err)
    __attribute__((warn_unused_result));
/* Looks through at most some 4,000 rows. 1: there are more, 0: all have been looked at. */
int mirror_narrow_step(struct mirror_narrow *narrow, struct err *err)
    __attribute__((warn_unused_result));
/* How many have been found. */
int64_t mirror_narrow_count(const struct mirror_narrow *narrow);
/* The set stays. Accepts NULL. */
void mirror_narrow_free(struct mirror_narrow *narrow);

/* Distinct values of a member over the list, for a filter's choices; at most max. */
int mirror_values(struct db *db, const struct mirror_query *q, const char *field, size_t max,
    struct text_list *out, struct err *err) __attribute__((warn_unused_result));

/* Count and sum of amount by the values of a member, in its order. */
struct mirror_total {
	char name[129];
	int64_t count;
	int64_t amount;
	int64_t headcount;
};
int mirror_totals(struct db *db, const struct mirror_query *q, const char *by,
    struct mirror_total *out, size_t max, size_t *got, struct err *err)
    __attribute__((warn_unused_result));

/* ---- marks, kept across filters, sorting and sessions */

enum mirror_mark {
	MIRROR_MARK_ON,
	MIRROR_MARK_OFF,
	MIRROR_MARK_INVERT
};
/* One row, by its key (on or off), or rows by their numbers in q's order. */
int mirror_mark_key(struct db *db, const struct mirror_query *q, int64_t key,
    enum mirror_mark how, struct err *err) __attribute__((warn_unused_result));
int mirror_mark_rows(struct db *db, const struct mirror_query *q, int64_t first, int64_t last,
    enum mirror_mark how, struct err *err) __attribute__((warn_unused_result));
int mirror_mark_all(struct db *db, const struct mirror_query *q, enum mirror_mark how,
    struct err *err) __attribute__((warn_unused_result));
/* Unmarks rows that are no longer in q (declared meanwhile, withdrawn). */
int mirror_mark_trim(struct db *db, const struct mirror_query *q, struct err *err)
    __attribute__((warn_unused_result));

/* ---- settings: of one employer, or of the client ("") */

/* 1: found; 0: none, out is empty; -1: not readable, out is empty. */
int mirror_setting(struct db *db, const char *taxpayer_id, const char *name, char *out, size_t size,
    struct err *err) __attribute__((warn_unused_result));
int mirror_set(struct db *db, const char *taxpayer_id, const char *name, const char *value,
    struct err *err) __attribute__((warn_unused_result));

/* Forgets an employer: rows, marks, settings; the journal stays. */
int mirror_forget(struct db *db, const char *taxpayer_id, struct err *err)
    __attribute__((warn_unused_result));

#endif
