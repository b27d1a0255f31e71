/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_WIRE_WIRE_H
#define SHEBAO_WIRE_WIRE_H

#include "shebao/buf.h"
#include "shebao/csv.h"
#include "shebao/record.h"

/*
 * Records as JSON, both ways, from their field tables.
 *
 * Decoding is strict: depth at most 16, no duplicate keys, no reals, no unknown enum value, no
 * text that is not clean, lists of at most 100,000 items; required members must be there;
 * members that are not in the table are refused in requests (WIRE_STRICT) and ignored in
 * answers (WIRE_LENIENT), so that a newer service can serve an older client. The error names
 * the path of the member ("levies[3].amount"), what was found and what is expected.
 * A request that cannot be read is ERR_REQUEST, or ERR_LIMIT where something is too long; an
 * answer (WIRE_LENIENT) is ERR_SERVICE. Of secret members no message shows the value.
 *
 * Members in the order of the table, so equal records make equal bytes. Times are integers of
 * ms, money integers of fen, empty texts "", bytes base64.
 */
enum wire_mode {
	WIRE_STRICT,
	WIRE_LENIENT
};

void wire_encode(const struct record_type *type, const void *record, struct buf *out);

/* record is zero-filled by the caller, who releases it with record_release also on failure. */
int wire_decode(const struct record_type *type, const char *json, size_t n, enum wire_mode mode,
    void *record, struct err *err) __attribute__((warn_unused_result));

/* "a=1&b=2", percent-encoded, both ways. Scalars only. */
void wire_encode_query(const struct record_type *type, const void *record, struct buf *out);
int wire_decode_query(const struct record_type *type, const char *query, void *record,
    struct err *err) __attribute__((warn_unused_result));

/* A JSON array of records, one a line, as --json prints lists: give NULL, 0 for an empty one. */
void wire_encode_list(const struct record_type *type, const void *records, size_t count,
    struct buf *out);

/*
 * CSV with a header line. wire_rows_open reads and checks the header (every required field
 * present, none twice, none unknown; any order). wire_rows_next: 1 and a record, 0 at the end,
 * -1 with "file:line: column: what was found, what is expected". A row with the key of an earlier
 * one is refused; line ends in free text are read as blanks.
 */
struct wire_rows; /* opaque */
int wire_rows_open(const struct record_type *type, FILE *file, const char *name,
    struct wire_rows **out, struct err *err) __attribute__((warn_unused_result));
int wire_rows_next(struct wire_rows *rows, void *record, struct err *err)
    __attribute__((warn_unused_result));
long wire_rows_line(const struct wire_rows *rows);
void wire_rows_close(struct wire_rows *rows);

void wire_rows_header(const struct record_type *type, struct buf *out);
void wire_rows_put(const struct record_type *type, const void *record, struct buf *out);

#endif
