/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Search of lists that are not in blocks goes once through the rows, in order. Most members of a list hold few different texts
 * (agencies, items, periods), so what was typed is matched against each of these once.
 */
#include <stdlib.h>
#include <string.h>

#include "mirror_search_block.h"
#include "mirror_sql.h"
#include "shebao/match.h"
#include "shebao/mem.h"
#include "shebao/mirror.h"

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

struct search {
	const struct record_type *type;
	const char *typed;
	size_t digits;     /* of what was typed, if it is nothing else; 0 */
	int may_be_number; /* what was typed can stand in an amount, a number, a time */
	const struct field **fields; /* of the columns */
	size_t count;
	struct known *known; /* KNOWN_TEXTS of each column */
	void *record;
	const struct mirror_stop *stop; /* NULL: nobody waits */
};

#define ASK_STOP_ROWS 1024
#define NONE (-1)
#define STOPPED (-2)

static int
is_number(const struct field *f)
{
	return f->type == FIELD_NUMBER || f->type == FIELD_FEN || f->type == FIELD_RATE ||
	    f->type == FIELD_TIME;
}

/* Digits, what amounts, rates and times are written with, and signs that compare; not letters
 * and not Han characters (but the wide forms of those signs). */
int
mirror_search_is_number(const char *typed)
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
is_too_short(const struct search *s, int64_t value)
{
	size_t digits = 3;

	for (; value >= 10 || value <= -10; value /= 10) {
		digits++;
	}
	return s->digits > digits;
}

static int
shown_fits(const struct search *s, const struct field *f)
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
text_fits(const struct search *s, const struct rows *rows, size_t column, struct err *err)
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

static int
row_fits(const struct search *s, const struct rows *rows, struct err *err)
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

static int
must_stop(const struct search *s, int64_t rows)
{
	return s->stop != NULL && rows % ASK_STOP_ROWS == ASK_STOP_ROWS - 1 &&
	    s->stop->is_wanted(s->stop->user);
}

/* The columns of the rows of a span. Rows that come in the table's own order are read as they
 * come; otherwise keys are sorted first. */
static void
put_select(struct mirror_sql *sql, const struct mirror_query *q, const struct search *s,
    const struct mirror_span *span)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		buf_printf(&sql->text, "%st.%s", i == 0 ? "SELECT " : ", ", s->fields[i]->name);
	}
	if (q->order != NULL || q->marked_only) {
		mirror_sql_span(sql, q, span);
		return;
	}
	mirror_sql_from(sql, q, 1);
	mirror_sql_order(sql, q, span->is_backward);
	buf_puts(&sql->text, " LIMIT ");
	mirror_sql_bind(sql, db_int(span->n));
	buf_puts(&sql->text, " OFFSET ");
	mirror_sql_bind(sql, db_int(span->skip));
}

/* How many rows after the span's first one stands the first that fits. */
static int64_t
search_rows(struct db *db, const struct mirror_query *q, const struct search *s,
    const struct mirror_span *span)
{
	struct mirror_sql sql = { 0 };
	struct mirror_query bare = *q; /* borrowed by what is bound */
	struct rows *rows = NULL;
	int64_t i = 0, found = NONE;

	if (!q->marked_only) {
		bare.marks = NULL;
	}
	put_select(&sql, &bare, s, span);
	if (mirror_sql_query(db, &sql, &rows, NULL) == 0) {
		for (; found == NONE && db_rows_next(rows, NULL) == 1; i++) {
			int fits = row_fits(s, rows, NULL);

			if (fits < 0) {
				break;
			}
			found = fits ? i : must_stop(s, i) ? STOPPED : NONE;
		}
	}
	db_rows_close(rows);
	buf_release(&sql.text);
	return found;
}

static void
choose_fields(struct search *s)
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

int64_t
mirror_search(struct db *db, const struct mirror_query *q, const char *typed, int64_t from,
    int step, const struct mirror_stop *stop)
{
	struct search s = { .type = mirror_type(q->noun), .typed = typed, .stop = stop };
	int64_t count = 0, found = NONE, skip;

	if (mirror_search_block(db, q, typed, from, step, stop, &found)) {
		return found;
	}
	if (mirror_count(db, q, NULL, &count, NULL, NULL) != 0 || count == 0) {
		return NONE;
	}
	s.may_be_number = mirror_search_is_number(typed);
	s.digits = strspn(typed, "0123456789");
	s.digits = typed[s.digits] == '\0' ? s.digits : 0;
	choose_fields(&s);
	s.known = mem_alloc(s.count * KNOWN_TEXTS * sizeof(*s.known));
	s.record = mem_alloc(s.type->size);
	from = from < 0 ? 0 : from >= count ? count - 1 : from;
	skip = step > 0 ? from : count - 1 - from;
	found = search_rows(db, q, &s, &(struct mirror_span){ skip, -1, count, -1, step < 0 });
	if (found >= 0) {
		found += skip;
	} else if (found == NONE && skip > 0) {
		/* Around the end. */
		found = search_rows(db, q, &s, &(struct mirror_span){ 0, skip, count, -1, step < 0 });
	}
	free(s.record);
	free(s.known);
	free(s.fields);
	return found < 0 || step > 0 ? found : count - 1 - found;
}
