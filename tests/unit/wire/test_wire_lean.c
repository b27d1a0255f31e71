/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lean form of long lists: what goes in comes out, and what is not right is refused. */
#include "unit/unit.h"

#include <string.h>

#include "shebao/declaration.h"
#include "shebao/levy.h"
#include "shebao/wire_lean.h"

static struct levy
example(int n)
{
	struct levy levy = { .kind = LEVY_SPECIAL,
		.headcount = n,
		.base_amount = -5,
		.rate = 160000,
		.amount = 9007199254740993,
		.state = LEVY_DECLARED,
		.version = n };

	snprintf(levy.levy_no, sizeof(levy.levy_no), "L%04d", n);
	strcpy(levy.taxpayer_id, "91520100770598600Y");
	strcpy(levy.unit_no, "00048857");
	strcpy(levy.agency_code, "520100");
	strcpy(levy.agency_name, "贵阳市,“社保”\"局\"");
	strcpy(levy.item_code, "10210");
	strcpy(levy.item_name, n % 2 == 0 ? "\"" : "企业职工基本养老保险费");
	strcpy(levy.period_from, "2020-06");
	strcpy(levy.period_to, "2020-06");
	return levy;
}

/* As the service does from columns. */
static void
put(struct buf *out, const struct levy *levy)
{
	struct wire_lean_row row = { 0 };
	size_t i;

	for (i = 0; i < levy_type.count; i++) {
		const struct field *f = &levy_type.fields[i];
		char text[400];

		switch (f->type) {
		case FIELD_TEXT:
		case FIELD_DATE:
		case FIELD_PERIOD:
			wire_lean_text(&row, record_text(f, levy));
			break;
		case FIELD_STATE:
		case FIELD_CHOICE:
			record_print(f, levy, text, sizeof(text));
			wire_lean_text(&row, text);
			break;
		case FIELD_NUMBER:
		case FIELD_FEN:
		case FIELD_RATE:
		case FIELD_TIME:
		case FIELD_BOOL:
		case FIELD_TEXTS:
		case FIELD_RECORDS:
		case FIELD_BYTES:
		case FIELD_TYPE_COUNT:
			wire_lean_number(&row, record_number(f, levy));
			break;
		}
	}
	wire_lean_end(&row, out);
}

static const char *
line_of(struct buf *b, size_t *at, size_t *n)
{
	const char *start = b->data + *at;

	*n = strcspn(start, "\n");
	*at += *n + 1;
	return start;
}

START_TEST(rows_come_out_as_they_went_in)
{
	struct buf b = { 0 };
	struct wire_lean lean = { 0 };
	struct levy record = { 0 };
	struct err err = { 0 };
	size_t at = 0, n;
	const char *line;
	int i;

	ck_assert(wire_lean_fits(&levy_type));
	ck_assert(!wire_lean_fits(&declaration_type));
	wire_lean_header(&levy_type, &b);
	for (i = 1; i <= 4; i++) {
		struct levy levy = example(i);

		put(&b, &levy);
	}
	line = line_of(&b, &at, &n);
	ck_assert_msg(wire_lean_open(&lean, &levy_type, line, n, &err) == 0, "%s", err.text);
	for (i = 1; i <= 4; i++) {
		struct levy levy = example(i);

		line = line_of(&b, &at, &n);
		ck_assert_msg(wire_lean_next(&lean, line, n, &record, &err) == 0, "%s", err.text);
		for (size_t f = 0; f < levy_type.count; f++) {
			char in[400], out[400];

			record_print(&levy_type.fields[f], &levy, in, sizeof(in));
			record_print(&levy_type.fields[f], &record, out, sizeof(out));
			ck_assert_str_eq(out, in);
		}
	}
	wire_lean_close(&lean);
	buf_release(&b);
}
END_TEST

#define NAMES "levy_no,taxpayer_id,unit_no,agency_code,agency_name,kind,item_code,item_name,period_from,period_to,amount"
#define ROW(no, kind, to, amount) no ",91520100770598600Y,1,1,a," kind ",1,b,2020-06," to "," amount

START_TEST(what_is_not_right_is_refused)
{
	static const char *const headers[] = { "", "levy_no", NAMES ",amount", NAMES ",\"state" };
	static const char *const rows[] = {
		"", "L1", ROW("L1", "normal", "2020-06", "1") ",", ROW("L1", "normal", "2020-06", "1.5"),
		ROW("L1", "normal", "2020-06", ""), ROW("L1", "normal", "2020-06", "-"),
		ROW("L1", "normal", "2020-06", "9223372036854775808"),
		ROW("L1", "normal", "2020-06", "99999999999999999999"),
		ROW("L1", "nothing", "2020-06", "1"), ROW("L1", "normal", "2020-13", "1"),
		ROW("", "normal", "2020-06", "1"), ROW("\x1b[2J", "normal", "2020-06", "1"),
		ROW("\"L1", "normal", "2020-06", "1"), ROW("\"L1\"x", "normal", "2020-06", "1"),
		ROW("L123456789012345678901234567890123", "normal", "2020-06", "1"),
	};
	const char *good = ROW("L1", "special", "2020-06", "1");
	struct err err = { 0 };
	size_t i;

	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct wire_lean lean = { 0 };

		ck_assert_msg(wire_lean_open(&lean, &levy_type, headers[i], strlen(headers[i]), &err) < 0,
		    "%s", headers[i]);
		ck_assert_int_eq(err.code, ERR_SERVICE);
		wire_lean_close(&lean);
	}
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wire_lean lean = { 0 };
		struct levy record = { 0 };

		ck_assert_int_eq(wire_lean_open(&lean, &levy_type, NAMES ",later", sizeof(NAMES ",later") - 1, &err), 0);
		wire_lean_close(&lean);
		ck_assert_int_eq(wire_lean_open(&lean, &levy_type, NAMES, sizeof(NAMES) - 1, &err), 0);
		ck_assert_int_eq(wire_lean_next(&lean, good, strlen(good), &record, &err), 0);
		ck_assert_int_eq(record.kind, LEVY_SPECIAL);
		ck_assert_msg(wire_lean_next(&lean, rows[i], strlen(rows[i]), &record, &err) < 0, "%s", rows[i]);
		ck_assert_int_eq(err.code, ERR_SERVICE);
		wire_lean_close(&lean);
	}
}
END_TEST

UNIT_MAIN("wire_lean", rows_come_out_as_they_went_in, what_is_not_right_is_refused)
