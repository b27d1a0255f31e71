/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: messages to the bank, byte for byte as they leave. */
#include "shebao/books.h"

int
books_message_add(struct db *db, const struct books_message *message, const void *bytes,
    size_t n, struct err *err)
{
	return db_post(db,
	    "INSERT INTO outbox (message_key, kind, taxpayer_id, state, attempts, queries, sent_at,"
	    " next_at, created_at, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
	    DB_ARGS(db_text(message->message_key), db_text(message->kind),
		db_text(message->taxpayer_id), db_text(message->state),
		db_int(message->attempts), db_int(message->queries), db_int(message->sent_at),
		db_int(message->next_at), db_int(message->created_at), db_bytes(bytes, n)),
	    DB_ANY, ERR_NONE, err);
}

int
books_message_find(struct db *db, const char *message_key, struct books_message *out,
    struct buf *bytes, struct err *err)
{
	struct rows *rows = NULL;
	const void *content;
	size_t n;
	int found;

	*out = (struct books_message){ 0 };
	if (db_query(db,
		"SELECT bytes, message_key, kind, taxpayer_id, state, attempts, queries, sent_at,"
		" next_at, created_at FROM outbox WHERE message_key = $1",
		DB_ARGS(db_text(message_key)), &rows, err) < 0) {
		return -1;
	}
	found = db_rows_next(rows, err);
	if (found == 1) {
		content = db_rows_bytes(rows, 0, &n);
		if (bytes != NULL) {
			buf_put(bytes, content, n);
		}
		if (db_rows_record(rows, &books_message_type, out, err) < 0) {
			found = -1;
		}
	}
	db_rows_close(rows);
	return found;
}

int
books_message_update(struct db *db, const struct books_message *before,
    const struct books_message *after, struct err *err)
{
	return db_post(db,
	    "UPDATE outbox SET state = $1, attempts = $2, queries = $3, sent_at = $4,"
	    " next_at = $5 WHERE taxpayer_id = $6 AND message_key = $7 AND state = $8"
	    " AND attempts = $9 AND queries = $10",
	    DB_ARGS(db_text(after->state), db_int(after->attempts), db_int(after->queries),
		db_int(after->sent_at), db_int(after->next_at), db_text(before->taxpayer_id),
		db_text(before->message_key), db_text(before->state), db_int(before->attempts), db_int(before->queries)),
	    1, ERR_TAKEN, err);
}

int
books_message_wake(struct db *db, int64_t now, struct err *err)
{
	return db_run(db, "UPDATE outbox SET next_at = $1 WHERE state = 'sent' AND next_at > $2",
	    DB_ARGS(db_int(now), db_int(now)), NULL, err);
}

int
books_message_remove(struct db *db, const char *message_key, struct err *err)
{
	return db_run_one(db, "DELETE FROM outbox WHERE message_key = $1",
	    DB_ARGS(db_text(message_key)), ERR_STATE, err);
}

int
books_message_due(struct db *db, int64_t now, int64_t limit, struct text_list *out,
    int64_t *next, struct err *err)
{
	int failed = db_is_sqlite(db)
	    ? db_texts(db,
		  "SELECT message_key FROM outbox WHERE state <> 'done' AND next_at <= $1"
		  " ORDER BY next_at, message_key LIMIT $2",
		  DB_ARGS(db_int(now), db_int(limit)), out, err)
	    : db_texts(db,
		  "UPDATE outbox SET next_at = $1 WHERE (taxpayer_id, message_key) IN"
		  " (SELECT taxpayer_id, message_key FROM outbox WHERE state <> 'done'"
		  " AND next_at <= $2 ORDER BY next_at, message_key LIMIT $3"
		  " FOR UPDATE SKIP LOCKED) RETURNING message_key",
		  DB_ARGS(db_int(now + BOOKS_LEASE_MS), db_int(now), db_int(limit)), out, err);

	if (failed < 0) {
		return -1;
	}
	return db_find_int(db,
		   "SELECT next_at FROM outbox WHERE state <> 'done' AND next_at > $1"
		   " ORDER BY next_at LIMIT 1",
		   DB_ARGS(db_int(now)), next, err) < 0
	    ? -1
	    : 0;
}
