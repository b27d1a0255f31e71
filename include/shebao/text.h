/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_BASE_TEXT_H
#define SHEBAO_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Text that is safe to draw. Whatever comes from outside (service, database, files, argv,
 * environment) passes text_clean_copy once, where it enters. The drawing functions take
 * struct text only, so that a raw char * cannot reach the terminal by accident.
 *
 * Clean means: valid UTF-8; no C0, DEL or C1 control; no bidirectional control, zero-width,
 * tag, private-use or noncharacter code point; at most two combining marks in a row. What is
 * removed is shown as U+FFFD, so that forgery is visible; tab and line ends become a space.
 */
struct text {
	const char *s; /* never NULL */
};

/* A literal of ours, or _( ) of one. */
struct text text_literal(const char *s);

/* Wraps a string that text_clean_copy made (every text field of a record is one). */
struct text text_cleaned(const char *s);

/* Cleans n bytes of s into dst of size bytes (always NUL-terminated, cut at a whole
 * character). Returns 0, 1 when something was replaced, 2 when it was cut. */
int text_clean_copy(char *dst, size_t size, const char *s, size_t n);

/* True if s is clean as it stands (used where replacing would be wrong: refuse instead). */
int text_is_clean(const char *s, size_t n);

/* Next code point of valid UTF-8 at *s, which it advances; 0 at the end; U+FFFD and one byte
 * on where the bytes are not UTF-8. */
uint32_t text_next(const char **s);

/* Characters (code points) of s. */
int text_length(const char *s);

/* Writes c as UTF-8 into out[4]; returns its length. */
size_t text_put(char *out, uint32_t c);

/* Columns of one code point (0, 1 or 2) and of a string. Ambiguous width counts as
 * text_ambiguous_width(): 1 unless text_set_ambiguous_width(2) was called. */
int text_char_width(uint32_t c);
int text_width(const char *s);
void text_set_ambiguous_width(int columns);
int text_ambiguous_width(void);

/* Bytes of the longest prefix of s that fits in width columns; *used receives its columns. */
size_t text_prefix(const char *s, int width, int *used);

/* Folds full-width forms to ASCII (１ → 1, Ａ → A, 。→ ., ，→ , U+3000 → space) in place, for
 * codes, amounts, dates and passwords typed with an input method on. Returns true if
 * something was folded. */
int text_fold_width(char *s);

/* Removes spaces (also U+3000) at both ends, in place. */
void text_trim(char *s);

#endif
