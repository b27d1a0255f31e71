/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every operation of the table, asked by every kind of somebody: without a session, with each role,
 * and by a clerk of another employer who knows all numbers. The requests are made from the field
 * tables: an operation or a number that comes new is tried without anybody thinking of it.
 */
#include "shebao/operation.h"
#include "unit/service/world_steps.h"

#define ID_MAX 129

/* Where a member's value of ONE's is found. */
struct known {
	const char *member;
	const char *sql;
};

// clang-format off
static const struct known ones[] = {
	{ "levy_nos", "SELECT 'A4'" },
	{ "declaration_id", "SELECT declaration_id FROM declaration" },
	{ "declaration_ids", "SELECT declaration_id FROM declaration" },
	{ "agreement_no", "SELECT 'G-1'" },
	{ "payment_no", "SELECT payment_no FROM payment" },
	{ "voucher_no", "SELECT voucher_no FROM voucher" },
	{ "certificate_no", "SELECT certificate_no FROM certificate" },
	{ "number", "SELECT certificate_no FROM certificate" },
	{ "account_no", "SELECT '6222000001'" },
	{ "bank_code", "SELECT '102701000017'" },
	{ "account_name", "SELECT '贵阳甲公司'" },
	{ "bank_name", "SELECT '工商银行贵阳分行'" },
	{ "sha256", "SELECT sha256 FROM document WHERE reprint = 0 AND number IN (SELECT certificate_no FROM certificate)" },
};
/* What stands for ONE in an answer. */
static const char *const traces[] = {
	"SELECT '" ONE "'", "SELECT '00048857'", "SELECT declaration_id FROM declaration", "SELECT payment_no FROM payment",
	"SELECT voucher_no FROM voucher", "SELECT certificate_no FROM certificate",
};
/* Any change of ONE's books shows in one of these. */
#define STATE_OF_ONE                                                                       \
	"SELECT (SELECT version || ' ' || audit_seq || ' ' || audit_hash FROM head WHERE taxpayer_id = '" ONE "')" \
	" || ' ' || (SELECT COUNT(*) FROM op WHERE taxpayer_id = '" ONE "')"               \
	" || ' ' || (SELECT COUNT(*) FROM document WHERE taxpayer_id = '" ONE "')"         \
	" || ' ' || (SELECT COUNT(*) FROM session WHERE taxpayer_id = '" ONE "')"
// clang-format on

static int
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static void
value_of(struct world *w, const struct operation_row *row, const struct field *f, char out[ID_MAX])
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(ones); i++) {
		if (strcmp(ones[i].member, f->name) == 0) {
			world_value(w, ones[i].sql, out);
			return;
		}
	}
	ck_assert_msg(!ends_with(f->name, "_no") && !ends_with(f->name, "_nos") &&
		!ends_with(f->name, "_id") && !ends_with(f->name, "_ids"),
	    "%s: no value of another employer for %s", row->name, f->name);
	snprintf(out, ID_MAX, "x");
}

static void
put_member(struct world *w, const struct operation_row *row, const struct field *f, struct buf *out)
{
	char value[ID_MAX] = "x";

	buf_printf(out, "\"%s\":", f->name);
	if (strcmp(f->name, "op_id") == 0) {
		buf_printf(out, "\"%s\"", world_op(w));
	} else if (strcmp(f->name, "password") == 0) {
		buf_puts(out, "\"" PASSWORD "\"");
	} else if (f->type == FIELD_TEXT) {
		value_of(w, row, f, value);
		buf_printf(out, "\"%s\"", value);
	} else if (f->type == FIELD_TEXTS) {
		value_of(w, row, f, value);
		buf_printf(out, "[\"%s\"]", value);
	} else if (f->type == FIELD_CHOICE) {
		buf_printf(out, "\"%s\"", f->choices->rows[0].name);
	} else if (f->type == FIELD_PERIOD) {
		buf_puts(out, "\"2020-06\"");
	} else if (f->type == FIELD_DATE) {
		buf_puts(out, "\"2020-06-15\"");
	} else if (f->type == FIELD_BOOL) {
		buf_puts(out, "false");
	} else {
		/* The amount of A4, or as many milliseconds. */
		buf_puts(out, f->type == FIELD_FEN ? "738586" : "0");
	}
}

static void
put_request(struct world *w, const struct operation_row *row, struct buf *out)
{
	size_t i;

	if (row->request == NULL || strcmp(row->method, "GET") == 0) {
		buf_puts(out, row->request == NULL || strcmp(row->method, "GET") != 0 ? "" : "after=0");
		return;
	}
	buf_puts(out, "{");
	for (i = 0; i < row->request->count; i++) {
		buf_puts(out, i > 0 ? "," : "");
		put_member(w, row, &row->request->fields[i], out);
	}
	buf_puts(out, "}");
}

static void
build(struct world *w, char two[65])
{
	struct certificate_answer paper;
	char payment_no[33], voucher_no[19];

	world_new(w);
	world_declare(w, "\"A1\",\"A2\",\"A4\"", 843576);
	ck_assert_int_eq(world_pay(w, "\"A1\"", 4990, payment_no), PAYMENT_SUCCEEDED);
	world_voucher(w, "\"A2\"", 100000, voucher_no);
	world_must(w, world_certificate(w, "tax_paid", &paper));
	record_release(&request_certificate_answer, &paper);
	world_login(w, TWO, "052217", two);
}

START_TEST(with_another_employer_s_numbers_nothing_is_seen_or_done)
{
	struct world w;
	char two[65], before[ID_MAX], after[ID_MAX], trace[ID_MAX];
	int op, tried = 0;
	size_t i;

	build(&w, two);
	for (op = 0; op < OPERATION_COUNT; op++) {
		const struct operation_row *row = operation_row((enum operation)op);
		struct buf body = { 0 };

		/* Ending or renaming one's own access is one's own affair, and would end the test. */
		if ((row->role & ROLE_CLERK) == 0 || op == OPERATION_LOGOUT || op == OPERATION_PASSWORD_CHANGE) {
			continue;
		}
		put_request(&w, row, &body);
		world_value(&w, STATE_OF_ONE, before);
		world_call_as(&w, two, (enum operation)op, "%s", buf_text(&body));
		ck_assert_msg(w.answer.status < 500, "%s: %s", row->name, buf_text(&w.answer.body));
		ck_assert_msg(strcmp(w.code, "request") != 0, "%s: %s %s", row->name, buf_text(&body),
		    buf_text(&w.answer.body));
		for (i = 0; w.answer.status < 300 && i < ARRAY_LEN(traces); i++) {
			world_value(&w, traces[i], trace);
			ck_assert_msg(strstr(buf_text(&w.answer.body), trace) == NULL, "%s: %s", row->name,
			    buf_text(&w.answer.body));
		}
		world_value(&w, STATE_OF_ONE, after);
		ck_assert_msg(strcmp(before, after) == 0, "%s changed what is another's", row->name);
		buf_release(&body);
		tried++;
	}
	ck_assert_int_gt(tried, 20);
	world_free(&w);
}
END_TEST

START_TEST(each_role_does_its_own_and_nothing_else)
{
	struct world w;
	struct err err = { 0 };
	char two[65], officer[65], bureau[65];
	int op;
	size_t i;

	build(&w, two);
	ck_assert_int_eq(service_token_new(w.service, ROLE_OFFICER, w.now, officer, &err), 0);
	ck_assert_int_eq(service_token_new(w.service, ROLE_BUREAU, w.now, bureau, &err), 0);
	for (op = 0; op < OPERATION_COUNT; op++) {
		const struct operation_row *row = operation_row((enum operation)op);
		const struct {
			unsigned role;
			const char *token;
		} who[] = { { ROLE_CLERK, two }, { ROLE_OFFICER, officer }, { ROLE_BUREAU, bureau } };

		if (row->role == 0) {
			continue;
		}
		for (i = 0; i < ARRAY_LEN(who); i++) {
			/* Nothing of it is right: whoever may, is told so; whoever may not, that. */
			if ((row->role & who[i].role) == 0) {
				world_refused(&w, world_call_as(&w, who[i].token, (enum operation)op, "{"), "forbidden");
			} else if (op != OPERATION_LOGOUT) {
				world_call_as(&w, who[i].token, (enum operation)op, "{");
				ck_assert_msg(strcmp(w.code, "forbidden") != 0 && strcmp(w.code, "session") != 0,
				    "%s: %s", row->name, w.code);
			}
		}
		world_refused(&w, world_call_as(&w, NULL, (enum operation)op, "{"), "session");
	}
	world_free(&w);
}
END_TEST

UNIT_MAIN("scope", with_another_employer_s_numbers_nothing_is_seen_or_done,
    each_role_does_its_own_and_nothing_else)
