/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every state, event and role of every table against what is expected of it, written down
 * here a second time and from the other side: per state, what may happen and who may do it. */
#include "shebao/states.h"

#include <stdio.h>
#include <string.h>

#include "shebao/mem.h"
#include "unit/unit.h"

/* "from event to roles": roles are c clerk, o officer, u bureau, b bank, s service. */
struct expectation {
	const struct state_table *table;
	const char *states; /* names and labels, in order, the initial state first */
	const char *const *rows;
};

static const char *const levy[] = {
	"initial submit declaring c",
	"initial withdraw written_off ou",
	"initial batch_list batch_listed o",
	"declaring accept declared s",
	"declaring reject initial s",
	"declaring withdraw declaring ou",
	"declaring batch_list declaring o",
	"declaring reject_withdrawn written_off s",
	"declaring reject_batch_listed batch_listed s",
	"declared void initial s",
	"batch_listed batch_release initial o",
	"batch_listed batch_settle declared bs",
	NULL,
};

static const char *const levy_pay[] = {
	"unpaid pay paying c",
	"unpaid issue_voucher vouchered c",
	"unpaid late_success unconfirmed bs",
	"paying settle settled bs",
	"paying refuse unpaid bs",
	"paying lose unconfirmed s",
	"paying reverse unpaid bs",
	"vouchered settle settled bs",
	"vouchered void_voucher unpaid c",
	"vouchered expire_voucher unpaid s",
	"unconfirmed settle settled bs",
	"unconfirmed refuse unpaid bs",
	"unconfirmed resend paying s",
	"settled reverse unpaid bs",
	NULL,
};

static const char *const declaration[] = {
	"queued send pending cs",
	"pending accept accepted s",
	"pending reject rejected s",
	"accepted void voiding c",
	"voiding void_accept voided s",
	"voiding void_reject accepted s",
	NULL,
};

static const char *const payment[] = {
	"created send sent s",
	"sent succeed succeeded bs",
	"sent refuse refused bs",
	"sent lose unknown s",
	"unknown query_succeed succeeded bs",
	"unknown query_refuse refused bs",
	"unknown query_unknown unknown bs",
	"unknown query_never_seen sent bs",
	"succeeded reverse reversed bs",
	"refused late_success unknown bs",
	NULL,
};

static const char *const voucher[] = {
	"issued void voided c",
	"issued pay paid ob",
	"issued expire expired s",
	NULL,
};

static const char *const certificate[] = {
	"issued redeliver issued c",
	"issued deliver delivered c",
	"issued invalidate invalidated bs",
	"delivered reprint delivered c",
	"delivered invalidate invalidated bs",
	NULL,
};

static const char *const op[] = {
	"ready send sent cs",
	"ready cancel refused cs",
	"sent send unknown cs",
	"sent succeed done cs",
	"sent refuse refused cs",
	"sent lose unknown cs",
	"sent return ready cs",
	"unknown send unknown cs",
	"unknown succeed done cs",
	"unknown refuse refused cs",
	"unknown lose unknown cs",
	"unknown return unknown cs",
	NULL,
};

static const struct expectation expectations[] = {
	{ &states_levy,
	    "initial 初始 declaring 申报中 declared 申报成功 written_off 核销 batch_listed "
	    "批扣清册生成 ",
	    levy },
	{ &states_levy_pay,
	    "unpaid 未缴 paying 缴费中 vouchered 凭证已开 settled 已入库 unconfirmed 待确认 ",
	    levy_pay },
	{ &states_declaration,
	    "queued 待发送 pending 申报中 accepted 申报成功 rejected 申报失败 voiding 作废中 "
	    "voided 已作废 ",
	    declaration },
	{ &states_payment,
	    "created 待发送 sent 扣款中 succeeded 扣款成功 refused 扣款失败 unknown 待确认 "
	    "reversed 已冲正 ",
	    payment },
	{ &states_voucher, "issued 已开具 voided 已作废 paid 已缴款 expired 已过期 ",
	    voucher },
	{ &states_certificate, "issued 已开具 delivered 已交付 invalidated 已失效 ",
	    certificate },
	{ &states_op,
	    "ready 待发送 sent 已发送 done 已完成 refused 已拒绝 unknown 待确认 ", op },
};

static const struct {
	char letter;
	unsigned role;
} roles[] = { { 'c', ROLE_CLERK }, { 'o', ROLE_OFFICER }, { 'u', ROLE_BUREAU },
	{ 'b', ROLE_BANK }, { 's', ROLE_SERVICE } };

/* The expected row for a state and an event, split into its target and roles. */
static int
expected_row(const struct expectation *e, int from, int event, char to[32], char who[8])
{
	char begin[96];
	size_t i;

	snprintf(begin, sizeof(begin), "%s %s ", e->table->state_names[from],
	    e->table->event_names[event]);
	for (i = 0; e->rows[i] != NULL; i++) {
		if (strncmp(e->rows[i], begin, strlen(begin)) == 0) {
			ck_assert_int_eq(
			    sscanf(e->rows[i] + strlen(begin), "%31s %7s", to, who), 2);
			return 1;
		}
	}
	return 0;
}

static void
check_one(const struct expectation *e, int from, int event, size_t r)
{
	const struct state_table *t = e->table;
	char name[32] = "", who[8] = "";
	struct err err = { 0 };
	int listed = expected_row(e, from, event, name, who);
	int allowed = listed && strchr(who, roles[r].letter) != NULL;
	int to = -1;

	ck_assert_msg(state_table_next(t, from, event, roles[r].role, &to, &err) ==
		(allowed ? 0 : -1),
	    "%s: %s %s %c", t->noun, t->state_names[from], t->event_names[event],
	    roles[r].letter);
	ck_assert_int_eq(state_table_allows(t, from, event, roles[r].role), allowed);
	if (allowed) {
		ck_assert_str_eq(state_table_name(t, to), name);
		ck_assert_int_eq(err.code, ERR_NONE);
		return;
	}
	ck_assert_int_eq(to, -1);
	ck_assert_int_eq(err.code, listed ? ERR_FORBIDDEN : ERR_STATE);
	ck_assert(strstr(err.text, t->label) != NULL);
	ck_assert(strstr(err.text, t->state_labels[from]) != NULL);
	ck_assert(strstr(err.text, t->event_labels[event]) != NULL);
}

START_TEST(every_state_event_and_role_does_what_is_expected)
{
	size_t i, r;
	int from, event;

	for (i = 0; i < ARRAY_LEN(expectations); i++) {
		const struct state_table *t = expectations[i].table;

		for (from = 0; from < (int)t->states; from++) {
			for (event = 0; event < (int)t->events; event++) {
				for (r = 0; r < ARRAY_LEN(roles); r++) {
					check_one(&expectations[i], from, event, r);
				}
			}
		}
	}
}
END_TEST

START_TEST(every_expected_row_is_one_of_the_table)
{
	size_t i, n;

	for (i = 0; i < ARRAY_LEN(expectations); i++) {
		const struct state_table *t = expectations[i].table;

		for (n = 0; expectations[i].rows[n] != NULL; n++) {
			char from[32], event[32], to[32];

			ck_assert_int_eq(sscanf(expectations[i].rows[n], "%31s %31s %31s",
					     from, event, to),
			    3);
			ck_assert_int_ge(state_table_find(t, from), 0);
			ck_assert_int_ge(state_table_find_event(t, event), 0);
			ck_assert_int_ge(state_table_find(t, to), 0);
		}
		ck_assert_uint_eq(t->row_count, n);
	}
}
END_TEST

START_TEST(names_and_labels_are_those_of_the_design)
{
	size_t i, state, count;

	ck_assert_ptr_eq(states_all(&count)[0], &states_levy);
	ck_assert_uint_eq(count, ARRAY_LEN(expectations));
	for (i = 0; i < ARRAY_LEN(expectations); i++) {
		const struct state_table *t = expectations[i].table;
		char all[512] = "";
		size_t length = 0;

		ck_assert_ptr_eq(states_all(&count)[i], t);
		ck_assert_int_eq(t->initial, 0);
		for (state = 0; state < state_table_count(t); state++) {
			length += (size_t)snprintf(all + length, sizeof(all) - length, "%s %s ",
			    state_table_name(t, (int)state), state_table_label(t, (int)state));
			ck_assert_int_eq(
			    state_table_find(t, t->state_names[state]), (int)state);
		}
		ck_assert_str_eq(all, expectations[i].states);
		ck_assert_int_eq(state_table_find(t, "nonsense"), -1);
		ck_assert_int_eq(state_table_find(t, ""), -1);
	}
}
END_TEST

START_TEST(every_state_can_be_reached)
{
	size_t i, row, round;

	for (i = 0; i < ARRAY_LEN(expectations); i++) {
		const struct state_table *t = expectations[i].table;
		unsigned reached = 1U << t->initial;

		for (round = 0; round < t->states; round++) {
			for (row = 0; row < t->row_count; row++) {
				if ((reached >> t->rows[row].from & 1U) != 0) {
					reached |= 1U << t->rows[row].to;
				}
			}
		}
		ck_assert_uint_eq(reached, (1U << t->states) - 1);
	}
}
END_TEST

START_TEST(an_unknown_payment_is_left_by_a_query_only)
{
	size_t i;

	for (i = 0; i < states_payment.row_count; i++) {
		const struct transition *row = &states_payment.rows[i];

		if (row->from == PAYMENT_UNKNOWN) {
			ck_assert_int_eq(
			    strncmp(states_payment.event_names[row->event], "query_", 6),
			    0);
			ck_assert_uint_eq(row->roles & ROLE_CLERK, 0);
		}
	}
}
END_TEST

START_TEST(an_unknown_operation_never_looks_unsent)
{
	int state, event, to;

	for (event = 0; event < OP_EVENT_COUNT; event++) {
		if (state_table_next(
			&states_op, OP_UNKNOWN, event, ROLE_CLERK, &to, NULL) == 0) {
			ck_assert_int_ne(to, OP_READY);
			ck_assert_int_ne(to, OP_SENT);
		}
	}
	for (state = 0; state < OP_STATE_COUNT; state++) {
		ck_assert_int_eq(
		    state_table_allows(&states_op, state, OP_CANCEL, ROLE_CLERK),
		    state == OP_READY);
	}
}
END_TEST

START_TEST(several_roles_may_ask_at_once)
{
	int to = -1;

	ck_assert_int_eq(state_table_next(&states_levy, LEVY_INITIAL, LEVY_WITHDRAW,
			     ROLE_OFFICER | ROLE_BUREAU, &to, NULL),
	    0);
	ck_assert_int_eq(to, LEVY_WRITTEN_OFF);
	ck_assert_int_eq(
	    state_table_next(&states_levy, LEVY_INITIAL, LEVY_WITHDRAW, 0, &to, NULL),
	    -1);
}
END_TEST

START_TEST(the_printed_table_has_every_row)
{
	size_t count, i;
	const struct state_table *const *all = states_all(&count);

	for (i = 0; i < count; i++) {
		char *text = NULL;
		size_t size = 0, lines = 0, n;
		FILE *out = open_memstream(&text, &size);

		state_table_print(all[i], out);
		fclose(out);
		for (n = 0; n < size; n++) {
			lines += text[n] == '\n';
		}
		ck_assert_uint_eq(lines, 1 + all[i]->states + all[i]->row_count);
		free(text);
	}
}
END_TEST

UNIT_MAIN("states", every_state_event_and_role_does_what_is_expected,
    every_expected_row_is_one_of_the_table, names_and_labels_are_those_of_the_design,
    every_state_can_be_reached, an_unknown_payment_is_left_by_a_query_only,
    an_unknown_operation_never_looks_unsent, several_roles_may_ask_at_once,
    the_printed_table_has_every_row)
