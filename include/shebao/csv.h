/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_CSV_H
#define SHEBAO_BASE_CSV_H

#include "shebao/buf.h"
#include "shebao/err.h"

#include <stddef.h>
#include <stdio.h>

/*
 * CSV (RFC 4180), row by row in constant memory. Reading accepts UTF-8 with or without BOM and
 * GB18030 (tried when the first line that is not ASCII is not UTF-8), LF and CRLF, quoted line
 * ends. Limits: 64 fields a row, 64 KiB a row. Writing quotes what needs it and ends rows CRLF.
 */
#define CSV_FIELDS_MAX 64

struct csv_reader; /* opaque */

/* name is used in errors only; the file stays the caller's. */
struct csv_reader *csv_reader_new(FILE *file, const char *name);
void csv_reader_free(struct csv_reader *r);

/* 1: a row is in *fields (borrowed until the next call); 0: end; -1: ERR_DATA
 * "name:line: column: ...", the column by its name in the first row, or its number there;
 * ERR_LOCAL when the file cannot be read. */
int csv_reader_next(struct csv_reader *r, const char *const **fields, size_t *count,
    struct err *err) __attribute__((warn_unused_result));

/* Line on which the row just read began, from 1. */
long csv_reader_line(const struct csv_reader *r);

/* Appends one field; first says that no comma goes before it. csv_row_end appends CRLF. */
void csv_put(struct buf *out, const char *field, int first);
void csv_row_end(struct buf *out);

#endif
