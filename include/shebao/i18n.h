/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_I18N_H
#define SHEBAO_BASE_I18N_H

/* User text stands in the source in Chinese, in the manual's wording; the English catalogue
 * translates it. N_ marks a text in a table that is translated where it is shown. */
#define _(text) i18n_text(text)
#define N_(text) text

/* Sets the locale for UTF-8, GB18030 or GBK text and the language: "zh", "en", or NULL for what
 * the environment says. Falls back to C.UTF-8. What is printed on a terminal is in its encoding
 * from then on (shebao/recode.h). */
void i18n_init(const char *lang);

/* The locale in an encoding of China that the environment asks for and this machine has not; "" if
 * all is well. Borrowed. */
const char *i18n_missing(void);

/* The folder of the catalogues, which are read when the first text is translated. The caller
 * frees. */
char *i18n_folder(void);

/* False in Chinese: what the source says is what is shown. */
int i18n_is_translating(void);

const char *i18n_text(const char *msgid) __attribute__((format_arg(1)));

#endif
