/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_WIRE_WIRE_LEAN_H
#define SHEBAO_WIRE_WIRE_LEAN_H

#include "shebao/buf.h"
#include "shebao/record.h"

/*
 * The leaner form of long lists, which a client asks for with "Accept: text/csv": CSV (RFC 4180,
 * UTF-8, LF) with the names of the members in the first line and a record in each other one. Values
 * are those of the JSON form (integers of fen, names of states, 0 and 1), and no value holds a line
 * end. Only for records of scalars; others come as JSON.
 */
#define WIRE_LEAN_TYPE "text/csv"

int wire_lean_fits(const struct record_type *type);

/* ---- writing: cell by cell, in the order of the header's */

#define WIRE_LEAN_ROW_MAX 16384
struct wire_lean_row {
	size_t n;
	char bytes[WIRE_LEAN_ROW_MAX];
};

void wire_lean_header(const struct record_type *type, struct buf *out);
void wire_lean_text(struct wire_lean_row *row, const char *s);
void wire_lean_number(struct wire_lean_row *row, int64_t value);
/* Appends the line and empties the row. */
void wire_lean_end(struct wire_lean_row *row, struct buf *out);

/* ---- reading: line by line, without their ends */

struct wire_lean {
	const struct record_type *type;
	const struct field **columns; /* owned; NULL for names that the type has not */
	size_t count;                 /* 0: the header is still to come */
	char *cell;                   /* owned: one with quotes taken away */
};

/* The first line. Every required member must be there; unknown ones are passed over, so that a
 * newer service can serve an older client. Failures are ERR_SERVICE. */
int wire_lean_open(struct wire_lean *lean, const struct record_type *type, const char *line,
    size_t n, struct err *err) __attribute__((warn_unused_result));

/* Another line into the record that holds the one before (zero-filled at first): what has not
 * changed, most of a long list, is not looked at again. After a failure the record is of no use. */
int wire_lean_next(const struct wire_lean *lean, const char *line, size_t n, void *record,
    struct err *err) __attribute__((warn_unused_result));

void wire_lean_close(struct wire_lean *lean);

#endif
