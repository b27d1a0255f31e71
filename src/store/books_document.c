/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sealed files as they were first made. */
#include "shebao/books.h"

int
books_document_find(struct db *db, const struct books_document *key, struct books_document *out,
    struct buf *content, struct err *err)
{
	struct rows *rows = NULL;
	const void *bytes;
	size_t n;
	int found;

	*out = (struct books_document){ 0 };
	if (db_query(db,
		"SELECT content, number, reprint, taxpayer_id, file_name, sha256 FROM document"
		" WHERE number = $1 AND reprint = $2 AND taxpayer_id = $3",
		DB_ARGS(db_text(key->number), db_int(key->reprint), db_text(key->taxpayer_id)),
		&rows, err) < 0) {
		return -1;
	}
	found = db_rows_next(rows, err);
	if (found == 1) {
		bytes = db_rows_bytes(rows, 0, &n);
		if (content != NULL) {
			buf_put(content, bytes, n);
		}
		if (db_rows_record(rows, &books_document_type, out, err) < 0) {
			found = -1;
		}
	}
	db_rows_close(rows);
	return found;
}

int
books_document_add(struct db *db, const struct books_document *document, const void *content,
    size_t n, struct err *err)
{
	int64_t changed = 0;

	if (db_run(db,
		"INSERT INTO document (number, reprint, taxpayer_id, file_name, sha256, content)"
		" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (taxpayer_id, number, reprint) DO NOTHING",
		DB_ARGS(db_text(document->number), db_int(document->reprint),
		    db_text(document->taxpayer_id), db_text(document->file_name),
		    db_text(document->sha256), db_bytes(content, n)),
		&changed, err) < 0) {
		return -1;
	}
	return (int)changed;
}
