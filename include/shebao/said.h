/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_SAID_H
#define SHEBAO_CORE_SAID_H

#include <stddef.h>

/*
 * What others have put into words: a service's refusal, a reason that is kept with a record, the
 * bank's answer. They speak Chinese, values and all ("征集单520…01已超过有效期2020-09-30"); the
 * catalogue knows the text with places for the values. One table has the texts of the service
 * (scripts/make-said-table): what fits one of them is taken apart and put together again in the
 * language of the user. What is in no table stays as it is.
 */

/* Fills out, whole characters only; returns out. In Chinese it is a copy. */
const char *said_text(const char *text, char *out, size_t size);

#endif
