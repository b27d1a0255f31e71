/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was typed against rows, one after the other. Most members of a list hold few different texts
 * (agencies, items, periods), so it is matched against each of these once.
 */
#include "mirror_search_rows.h"

#include <stdlib.h>
#include <string.h>

#include "shebao/match.h"
#include "shebao/mem.h"

#define KNOWN_TEXTS 64 /* a member; a power of two */
#define KNOWN_SIZE 63

enum verdict {
	VERDICT_NONE,
	VERDICT_FITS,
	VERDICT_FITS_NOT
};

struct known {
	char verdict; /* enum verdict */
	char text[KNOWN_SIZE];
};

struct row_search {
	const struct record_type *type;
	char *typed; /* owned */
	size_t digits;     /* of what was typed, if it is nothing else; 0 */
	int may_be_number; /* what was typed can stand in an amount, a number, a time */
	const struct field **fields; /* of the columns */
	size_t count;
	struct known *known; /* KNOWN_TEXTS of each column */
	void *record;
};

static int
is_number(const struct field *f)
{
	return f->type == FIELD_NUMBER || f->type == FIELD_FEN || f->type == FIELD_RATE ||
	    f->type == FIELD_TIME;
}

/* Digits, what amounts, rates and times are written with, and signs that compare; not letters
 * and not Han characters (but the wide forms of those signs). */
int
mirror_search_rows_is_number(const char *typed)
{
	static const char *const wide[] = { "≥", "≤", "》", "《", "－", "．", "，", "：", "％", "＞",
		"＜", "＝", "０", "１", "２", "３", "４", "５", "６", "７", "８", "９", "　" };
	size_t i;

	while (*typed != '\0') {
		if (strchr("0123456789.,:%-+<>= \t", *typed) != NULL) {
			typed++;
			continue;
		}
		for (i = 0; i < ARRAY_LEN(wide); i++) {
			if (strncmp(typed, wide[i], strlen(wide[i])) == 0) {
				break;
			}
		}
		if (i == ARRAY_LEN(wide)) {
			return 0;
		}
		typed += strlen(wide[i]);
	}
	return 1;
}

/* More digits than the number has, with the zeros that money is written with: most of what is
 * typed to find a document's number. */
static int
is_too_short(const struct row_search *s, int64_t value)
{
	size_t digits = 3;

	for (; value >= 10 || value <= -10; value /= 10) {
		digits++;
	}
	return s->digits > digits;
}

static int
shown_fits(const struct row_search *s, const struct field *f)
{
	char shown[512];

	if (f->type == FIELD_FEN && match_amount(record_number(f, s->record), s->typed)) {
		return 1;
	}
	record_show(f, s->record, shown, sizeof(shown));
	return match_text(shown, s->typed);
}

/* A text as it is stored, of which the record has the shown form. -1: failed. */
static int
text_fits(const struct row_search *s, const struct rows *rows, size_t column, struct err *err)
{
	const struct field *f = s->fields[column];
	const char *text = db_rows_text(rows, (int)column);
	size_t n = strlen(text);
	struct known *known = NULL;
	int fits;

	if (n == 0) {
		return 0;
	}
	if (n < KNOWN_SIZE) {
		size_t slot = n * 31 + (unsigned char)text[0] + (unsigned char)text[n - 1] * 7 +
		    (unsigned char)text[n / 2] * 13;

		known = &s->known[column * KNOWN_TEXTS + slot % KNOWN_TEXTS];
		if (known->verdict != VERDICT_NONE && strcmp(known->text, text) == 0) {
			return known->verdict == VERDICT_FITS;
		}
	}
	if (f->type == FIELD_TEXT) {
		fits = match_text(text, s->typed);
	} else {
		if (db_rows_record(rows, s->type, s->record, err) < 0) {
			return -1;
		}
		fits = shown_fits(s, f);
	}
	if (known != NULL) {
		known->verdict = (char)(fits ? VERDICT_FITS : VERDICT_FITS_NOT);
		memcpy(known->text, text, n + 1);
	}
	return fits;
}

int
mirror_search_rows_fits(const struct row_search *s, const struct rows *rows, struct err *err)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		const struct field *f = s->fields[i];
		int fits = 0;

		if (!is_number(f)) {
			fits = text_fits(s, rows, i, err);
		} else if (s->may_be_number) {
			int64_t value = db_rows_int(rows, (int)i);

			if (f->type == FIELD_TIME || !is_too_short(s, value)) {
				record_set_number(f, s->record, value);
				fits = shown_fits(s, f);
			}
		}
		if (fits != 0) {
			return fits;
		}
	}
	return 0;
}

static void
choose_shown(struct row_search *s)
{
	size_t i;

	s->fields = mem_resize(NULL, s->type->count, sizeof(const struct field *));
	for (i = 0; i < s->type->count; i++) {
		const struct field *f = &s->type->fields[i];

		if ((f->flags & FIELD_HIDDEN) == 0 && f->type != FIELD_TEXTS &&
		    f->type != FIELD_RECORDS && f->type != FIELD_BYTES) {
			s->fields[s->count++] = f;
		}
	}
}

struct row_search *
mirror_search_rows_new(const struct record_type *type, const char *const *members, size_t count,
    const char *typed)
{
	struct row_search *s = mem_alloc(sizeof(*s));

	s->type = type;
	s->typed = mem_dup(typed);
	s->may_be_number = mirror_search_rows_is_number(typed);
	s->digits = strspn(typed, "0123456789");
	s->digits = typed[s->digits] == '\0' ? s->digits : 0;
	if (members == NULL) {
		choose_shown(s);
	} else {
		s->fields = mem_resize(NULL, count, sizeof(const struct field *));
		for (; s->count < count; s->count++) {
			s->fields[s->count] = record_field(type, members[s->count]);
		}
	}
	s->known = mem_alloc(s->count * KNOWN_TEXTS * sizeof(*s->known));
	s->record = mem_alloc(type->size);
	return s;
}

void
mirror_search_rows_free(struct row_search *s)
{
	if (s != NULL) {
		free(s->record);
		free(s->known);
		free(s->fields);
		free(s->typed);
		free(s);
	}
}

void
mirror_search_rows_columns(const struct row_search *s, struct buf *out)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		buf_printf(out, "%st.%s", i == 0 ? "SELECT " : ", ", s->fields[i]->name);
	}
}
