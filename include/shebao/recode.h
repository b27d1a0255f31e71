/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_RECODE_H
#define SHEBAO_BASE_RECODE_H

#include <stddef.h>

/*
 * A terminal that does not speak UTF-8 (GB18030, GBK). Inside everything is UTF-8; text is
 * converted where it enters and leaves, after the locale. Files and pipes stay UTF-8: JSON and CSV
 * are.
 */

/* Standard output and standard error, where they are a terminal, from now on. Nothing to do in a
 * UTF-8 locale; a second call does nothing. */
void recode_output(void);

/* The same text in UTF-8; what is not of the locale's encoding becomes U+FFFD. The caller frees. */
char *recode_input(const char *s, size_t n)
    __attribute__((warn_unused_result, returns_nonnull));

/* False in a UTF-8 locale: bytes are what they are. */
int recode_is_needed(void);

#endif
