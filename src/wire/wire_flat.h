/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_WIRE_WIRE_FLAT_H
#define SHEBAO_WIRE_WIRE_FLAT_H

#include "shebao/record.h"

/*
 * The short way for rows of long lists: an object of scalars as wire_encode writes it, without
 * blanks and escapes, members in the order of the type. Returns 1 with the record filled, or 0:
 * it is something else, or something is wrong with it; the record is zeroed again and the
 * complete parser has to look at it. What is taken here it would take, too.
 */
int wire_flat_decode(const struct record_type *type, const char *json, size_t n, void *record);

#endif
