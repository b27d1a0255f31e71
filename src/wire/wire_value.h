/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_WIRE_WIRE_VALUE_H
#define SHEBAO_WIRE_WIRE_VALUE_H

#include "shebao/buf.h"
#include "shebao/record.h"

/* The values of one field that JSON, queries and the openapi document have in common. */

/* One failing member takes at most this much of an error's text. */
#define WIRE_VALUE_SHOWN 64
#define WIRE_VALUE_ITEMS_MAX 100000 /* of a list */
#define WIRE_VALUE_ITEM_SIZE 256    /* of one text of a list, with its NUL */

/* TEXT, DATE, PERIOD: a char array in the record. */
int wire_value_is_text(const struct field *f);

/* The names of a FIELD_STATE or FIELD_CHOICE; NULL when index is past the last one. */
const char *wire_value_name(const struct field *f, int64_t index);

/* -1 when there is no such name. Labels and codes, which files may use, do not count here. */
int wire_value_by_name(const struct field *f, const char *name);

/* "what was found, and the names that are expected". */
void wire_value_expect_name(
    const struct field *f, const char *s, size_t n, char *why, size_t why_size);

/* Sets a text member from n bytes exactly as they are, or says in why what is wrong with them
 * and what is expected: -1, -2 when they are too long. */
int wire_value_set_text(const struct field *f, void *record, const char *s, size_t n,
    char *why, size_t why_size);

/* Copies at most WIRE_VALUE_SHOWN - 1 bytes of foreign text, cleaned, to out for a message; of a
 * secret member nothing. f may be NULL. */
void wire_value_show(
    const struct field *f, const char *s, size_t n, char *out, size_t size);

/* Appends s as a JSON string with its quotes. */
void wire_value_put_string(struct buf *out, const char *s);

#endif
