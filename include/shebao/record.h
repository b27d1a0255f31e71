/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_CORE_RECORD_H
#define SHEBAO_CORE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "shebao/choice.h"
#include "shebao/err.h"
#include "shebao/text_list.h"

/*
 * Records are open structs of values; one table of fields describes each. The wire codecs, the
 * rows of the store, the CSV files, --json, the columns of lists and the openapi document are
 * all made from that table, so that a member has one name in every layer and adding a column
 * is adding a row.
 *
 * Zero-filled is a valid empty record. Text members are char arrays and always clean
 * (shebao/text.h), because every decoder cleans or refuses.
 */
struct state_table;

enum field_type {
	FIELD_TEXT,    /* char[size] */
	FIELD_NUMBER,  /* int64_t, a plain count */
	FIELD_FEN,     /* int64_t, money in fen; yuan with two decimals in CSV */
	FIELD_RATE,    /* int64_t, millionths; per cent in CSV */
	FIELD_TIME,    /* int64_t, ms since 1970 UTC; 0: not yet */
	FIELD_DATE,    /* char[DATE_SIZE], YYYY-MM-DD or "" */
	FIELD_PERIOD,  /* char[PERIOD_SIZE], YYYY-MM or "" */
	FIELD_BOOL,    /* int */
	FIELD_STATE,   /* int, a state of the field's state table */
	FIELD_CHOICE,  /* int, an index into the field's choices */
	FIELD_TEXTS,   /* struct text_list */
	FIELD_RECORDS, /* struct record_list of the field's item type */
	FIELD_BYTES,   /* struct byte_string; base64 on the wire */
	FIELD_TYPE_COUNT
};

enum field_flags {
	FIELD_REQUIRED = 1, /* must be present and not empty */
	FIELD_KEY = 2,      /* part of the identity */
	FIELD_SECRET = 4,   /* never logged, shown or journalled; wiped after use */
	FIELD_HIDDEN = 8,   /* not offered as a column: internal */
	FIELD_SAID = 16     /* words of the service or the bank: shown through said_text */
};

#define DATE_SIZE 11
#define PERIOD_SIZE 8
#define OP_ID_SIZE 33 /* 128 random bits in hexadecimal */

struct byte_string {
	unsigned char *bytes; /* owned */
	size_t len;
};

struct record_list {
	void *items; /* owned array of records of one type */
	size_t count;
};

struct record_type;

struct field {
	const char *name;
	const char *label; /* Chinese (msgid): column head, form label */
	enum field_type type;
	unsigned flags;
	size_t offset;
	size_t size;                       /* texts: of the array */
	const struct state_table *states;  /* FIELD_STATE */
	const struct choice_set *choices;  /* FIELD_CHOICE */
	const struct record_type *item;    /* FIELD_RECORDS */
};

struct record_type {
	const char *name; /* "levy" */
	size_t size;
	const struct field *fields;
	size_t count;
};

// clang-format off
/* Rows of a field table. s is the struct's tag, m the member. */
#define RECORD_TEXT(s, m, l, fl)   { .name = #m, .label = l, .type = FIELD_TEXT, .flags = fl, .offset = offsetof(struct s, m), .size = sizeof(((struct s *)0)->m) }
#define RECORD_DATE(s, m, l, fl)   { .name = #m, .label = l, .type = FIELD_DATE, .flags = fl, .offset = offsetof(struct s, m), .size = DATE_SIZE }
#define RECORD_PERIOD(s, m, l, fl) { .name = #m, .label = l, .type = FIELD_PERIOD, .flags = fl, .offset = offsetof(struct s, m), .size = PERIOD_SIZE }
#define RECORD_NUMBER(s, m, l, fl) { .name = #m, .label = l, .type = FIELD_NUMBER, .flags = fl, .offset = offsetof(struct s, m) }
#define RECORD_FEN(s, m, l, fl)    { .name = #m, .label = l, .type = FIELD_FEN, .flags = fl, .offset = offsetof(struct s, m) }
#define RECORD_RATE(s, m, l, fl)   { .name = #m, .label = l, .type = FIELD_RATE, .flags = fl, .offset = offsetof(struct s, m) }
#define RECORD_TIME(s, m, l, fl)   { .name = #m, .label = l, .type = FIELD_TIME, .flags = fl, .offset = offsetof(struct s, m) }
#define RECORD_BOOL(s, m, l, fl)   { .name = #m, .label = l, .type = FIELD_BOOL, .flags = fl, .offset = offsetof(struct s, m) }
#define RECORD_STATE(s, m, l, fl, t)   { .name = #m, .label = l, .type = FIELD_STATE, .flags = fl, .offset = offsetof(struct s, m), .states = t }
#define RECORD_CHOICE(s, m, l, fl, c)  { .name = #m, .label = l, .type = FIELD_CHOICE, .flags = fl, .offset = offsetof(struct s, m), .choices = c }
#define RECORD_TEXTS(s, m, l, fl)      { .name = #m, .label = l, .type = FIELD_TEXTS, .flags = fl, .offset = offsetof(struct s, m) }
#define RECORD_RECORDS(s, m, l, fl, t) { .name = #m, .label = l, .type = FIELD_RECORDS, .flags = fl, .offset = offsetof(struct s, m), .item = t }
#define RECORD_BYTES(s, m, l, fl)      { .name = #m, .label = l, .type = FIELD_BYTES, .flags = fl, .offset = offsetof(struct s, m) }
// clang-format on

/* NULL when the type has no such field. */
const struct field *record_field(const struct record_type *type, const char *name);

/* Typed access to one member; the field's type must fit (asserted). */
const char *record_text(const struct field *f, const void *record);
int64_t record_number(const struct field *f, const void *record); /* also states, choices, bool */
void record_set_number(const struct field *f, void *record, int64_t value);

/* Cleans and copies; ERR_DATA when it is too long for the member. */
int record_set_text(const struct field *f, void *record, const char *s, struct err *err)
    __attribute__((warn_unused_result));

/* Sets any scalar member from the text of a CSV cell, an option or a query: yuan, per cent,
 * dates, periods, names of states and choices are checked. The message says what was found
 * and what is expected, without naming the source. "" leaves an optional member empty. */
int record_parse(const struct field *f, void *record, const char *s, struct err *err)
    __attribute__((warn_unused_result));

/* The text of a scalar member as CSV has it (plain yuan, names of states). out of size. */
void record_print(const struct field *f, const void *record, char *out, size_t size);

/* The text of a scalar member for people: 1,234.56, labels of states, times in China. */
void record_show(const struct field *f, const void *record, char *out, size_t size);

/* ERR_DATA naming the first required field that is empty. */
int record_check(const struct record_type *type, const void *record, struct err *err)
    __attribute__((warn_unused_result));

/* Frees the lists inside and wipes the secrets; the struct itself is the caller's. */
void record_release(const struct record_type *type, void *record);

/* New zero-filled record at the end of a list of this type; borrowed until the next add. */
void *record_list_add(struct record_list *list, const struct record_type *type);
void *record_list_at(const struct record_list *list, const struct record_type *type, size_t i);
void record_list_release(struct record_list *list, const struct record_type *type);

#endif
