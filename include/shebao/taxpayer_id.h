/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_TAXPAYER_ID_H
#define SHEBAO_CORE_TAXPAYER_ID_H

#include <stddef.h>

#include "shebao/err.h"

/*
 * 纳税人识别号. Eighteen characters: the unified social credit code of GB 32100-2015, whose
 * alphabet has no I, O, S, V, Z and whose last character checks the others. The numbers from
 * before it have 15, 17 or 20 digits and capital letters, and no check.
 */
#define TAXPAYER_ID_MAX 20

/* Trims, folds full-width forms and makes capitals, in place. */
void taxpayer_id_normalize(char *s);

/* ERR_DATA saying which character, or what else, is wrong. s must be normalized. */
int taxpayer_id_check(const char *s, struct err *err) __attribute__((warn_unused_result));

/* Characters 9 to 17 of a valid code are an organization code with a check of its own (GB
 * 11714). Some offices issued codes that fail it: warn, never refuse. True for other lengths. */
int taxpayer_id_inner_ok(const char *s);

/* Valid codes that s, of 18 characters, was probably meant to be: J, 1 or L for I, 0 or Q for
 * O, 5 for S, 2 for Z, V read as U or Y, or two neighbours swapped. Best first: those that
 * also pass the inner check. Returns how many were written, at most max; 0 when s is valid. */
size_t taxpayer_id_suggest(const char *s, char out[][TAXPAYER_ID_MAX + 1], size_t max);

#endif
