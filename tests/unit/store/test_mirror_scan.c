/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists over blocks say what a plain recount of the table says, whatever happened to the rows. */
#include "unit/store/levy_fixture.h"

#include "store/mirror_block.h"

#include "shebao/match.h"

/* ---- checks */

#define PAGE 17

static void
check_page(struct db *db, const struct asked *a, int64_t first)
{
	struct levy *levies = calloc(PAGE, sizeof(*levies));
	int64_t keys[PAGE];
	int marked[PAGE];
	struct mirror_window window = { .records = levies, .keys = keys, .marked = marked };
	struct rows *rows = NULL;
	struct err err = { 0 };
	char sql[700];
	size_t i;

	snprintf(sql, sizeof(sql), "SELECT rowid, amount, levy_no FROM levy WHERE %s ORDER BY %s LIMIT %d OFFSET %lld",
	    a->where, a->order, PAGE, (long long)first);
	ck_assert_msg(mirror_fetch(db, &a->query, first, PAGE, &window, &err) == 0, "%s", err.text);
	ck_assert_int_eq(db_query(db, sql, DB_NONE, &rows, NULL), 0);
	for (i = 0; db_rows_next(rows, NULL) == 1; i++) {
		ck_assert_uint_lt(i, window.got);
		ck_assert_int_eq(keys[i], db_rows_int(rows, 0));
		ck_assert_int_eq(levies[i].amount, db_rows_int(rows, 1));
		ck_assert_str_eq(levies[i].levy_no, db_rows_text(rows, 2));
	}
	db_rows_close(rows);
	ck_assert_uint_eq(i, window.got);
	for (i = 0; i < window.got; i += 5) {
		ck_assert_int_eq(mirror_row_of(db, &a->query, keys[i]), first + (int64_t)i);
	}
	free(levies);
}

static void
check_sums(struct db *db, const struct asked *a)
{
	struct mirror_total totals[12];
	struct text_list values = { 0 };
	int64_t count, sum;
	char sql[700];
	size_t got, i;

	ck_assert_int_eq(mirror_count(db, &a->query, "amount", &count, &sum, NULL), 0);
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM levy WHERE %s", a->where);
	ck_assert_int_eq(count, number(db, sql));
	snprintf(sql, sizeof(sql), "SELECT coalesce(sum(amount), 0) FROM levy WHERE %s", a->where);
	ck_assert_int_eq(sum, number(db, sql));
	ck_assert_int_eq(mirror_totals(db, &a->query, "period_from", totals, 12, &got, NULL), 0);
	snprintf(sql, sizeof(sql), "SELECT count(DISTINCT period_from) FROM levy WHERE %s", a->where);
	ck_assert_int_eq((int64_t)got, number(db, sql));
	for (i = 0; i < got; i++) {
		snprintf(sql, sizeof(sql), "SELECT sum(amount) + 7 * count(*) + 13 * sum(headcount) FROM levy"
					   " WHERE %s AND period_from = '%.7s'", a->where, totals[i].name);
		ck_assert_int_eq(
		    totals[i].amount + 7 * totals[i].count + 13 * totals[i].headcount, number(db, sql));
	}
	ck_assert_int_eq(mirror_values(db, &a->query, "period_from", 12, &values, NULL), 0);
	ck_assert_uint_eq(values.count, got);
	text_list_release(&values);
}

/* Word for word as it is shown, member by member. */
static int
fits(const struct levy *levy, const char *typed)
{
	char shown[512];
	size_t i;

	for (i = 0; i < levy_type.count; i++) {
		const struct field *f = &levy_type.fields[i];

		if ((f->flags & FIELD_HIDDEN) != 0) {
			continue;
		}
		if (f->type == FIELD_FEN && match_amount(record_number(f, levy), typed)) {
			return 1;
		}
		record_show(f, levy, shown, sizeof(shown));
		if (shown[0] != '\0' && match_text(shown, typed)) {
			return 1;
		}
	}
	return 0;
}

struct naive {
	const char *typed;
	int64_t row, from, ahead, behind;
	int step;
};

static int
look(const void *record, void *user, struct err *err)
{
	struct naive *n = user;

	(void)err;
	if (fits(record, n->typed)) {
		int is_ahead = n->step > 0 ? n->row >= n->from : n->row <= n->from;
		int64_t *best = is_ahead ? &n->ahead : &n->behind;

		/* The first one ahead forward, the last one backward; around the end likewise. */
		if (*best < 0 || n->step < 0) {
			*best = n->row;
		}
	}
	n->row++;
	return 0;
}

static const char *
random_word(void)
{
	static const char *const words[] = { "L04321", "a-0", "a0", "yyq", "失业", "工伤 保险", "12.3",
		"4,999", ">49,990", "1999", "gysb", "没有", "云岩区", "00048858", "16.1%", "初始", "7777" };

	return words[chance((uint32_t)ARRAY_LEN(words))];
}

static void
check_search(struct db *db, const struct asked *a)
{
	int64_t count = 0, sum;
	int i;

	ck_assert_int_eq(mirror_count(db, &a->query, NULL, &count, &sum, NULL), 0);
	for (i = 0; count > 0 && i < 2; i++) {
		struct naive n = { .typed = random_word(),
			.from = chance((uint32_t)count), .step = chance(2) == 0 ? 1 : -1, .ahead = -1, .behind = -1 };
		struct mirror_query q = a->query;

		q.marks = NULL;
		ck_assert_int_eq(mirror_each(db, &q, look, &n, NULL), 0);
		ck_assert_msg(mirror_search(db, &q, n.typed, n.from, n.step, NULL) ==
			(n.ahead >= 0 ? n.ahead : n.behind),
		    "%s from %lld by %d in %s", n.typed, (long long)n.from, n.step, a->order);
	}
}

static void
check_asked(struct db *db, const struct asked *a)
{
	int64_t count = 0;

	check_sums(db, a);
	ck_assert_int_eq(mirror_count(db, &a->query, NULL, &count, NULL, NULL), 0);
	check_page(db, a, 0);
	check_page(db, a, count > 0 ? chance((uint32_t)count) : 0);
	check_page(db, a, count > PAGE ? count - PAGE : 0);
	check_search(db, a);
}

struct fitting {
	struct db *db;
	const char *typed;
};

static int
keep_fitting(const void *record, void *user, struct err *err)
{
	const struct fitting *f = user;
	const struct levy *levy = record;

	(void)err;
	if (fits(levy, f->typed)) {
		ck_assert_int_eq(db_run(f->db, "INSERT INTO fitting VALUES ($1, $2)",
				     DB_ARGS(db_text(levy->taxpayer_id), db_text(levy->levy_no)), NULL, NULL), 0);
	}
	return 0;
}

/* The same list narrowed; a part of it is enough to begin with. */
static void
check_narrowed(struct db *db, struct asked *a)
{
	struct fitting f = { db, random_word() };
	struct mirror_narrow *narrow = NULL;
	size_t n = strlen(a->where);
	struct err err = { 0 };
	int rc;

	run(db, "CREATE TEMP TABLE fitting (taxpayer_id TEXT, levy_no TEXT, PRIMARY KEY (taxpayer_id, levy_no))");
	ck_assert_int_eq(mirror_each(db, &a->query, keep_fitting, &f, NULL), 0);
	ck_assert_int_eq(mirror_narrow_new(db, &a->query, "test", f.typed, &narrow, &err), 0);
	a->query.narrowed = "test";
	while ((rc = mirror_narrow_step(narrow, &err)) == 1) {
		int64_t count = -1;

		ck_assert_int_eq(mirror_count(db, &a->query, NULL, &count, NULL, NULL), 0);
		ck_assert_int_eq(count, mirror_narrow_count(narrow));
	}
	ck_assert_msg(rc == 0, "%s", err.text);
	ck_assert_int_eq(mirror_narrow_step(narrow, &err), 0);
	mirror_narrow_free(narrow);
	snprintf(a->where + n, sizeof(a->where) - n,
	    " AND (taxpayer_id, levy_no) IN (SELECT taxpayer_id, levy_no FROM fitting)");
	check_asked(db, a);
	run(db, "DROP TABLE fitting");
}

static void
check_list(struct db *db)
{
	struct asked a = random_query();
	struct mirror_query all = { .noun = MIRROR_LEVY, .taxpayer_id = UNIT };
	int64_t count = 0;

	ck_assert_int_eq(mirror_count(db, &all, NULL, &count, NULL, NULL), 0);
	check_asked(db, &a);
	check_narrowed(db, &a);
	if (!db_in_transaction(db)) {
		ck_assert_int_eq(number(db, "SELECT count(*) FROM levy_stale"), 0); /* from the blocks */
	}
}

/* What happens to rows: downloads, answers, other employers, rollbacks. */
static void
disturb(struct db *db)
{
	char sql[200];
	int i;

	switch (chance(8)) {
	case 0:
		snprintf(sql, sizeof(sql), "UPDATE levy SET state = 'declaring', declaration_id = 'd%u'"
					   " WHERE rowid %% 97 = %u", chance(100), chance(97));
		run(db, sql);
		break;
	case 1:
		ck_assert_int_eq(db_begin(db, NULL), 0);
		run(db, "UPDATE levy SET amount = amount + 1 WHERE rowid < 5000");
		check_list(db); /* as the transaction sees it */
		db_rollback(db);
		break;
	case 2:
		snprintf(sql, sizeof(sql), "DELETE FROM levy WHERE rowid BETWEEN %u AND 4200", 4097 + chance(90));
		run(db, sql);
		break;
	case 3:
		for (i = 0; i < 20; i++) {
			put_row(db, (int)chance(ROWS + 600));
		}
		break;
	case 4:
		run(db, "UPDATE levy SET pay_state = 'settled', settled_on = '2020-07-01', tax_ticket_no = '9' || rowid"
			" WHERE rowid % 89 = 5");
		break;
	case 5:
		/* Once more than digits: not for blocks. */
		snprintf(sql, sizeof(sql), "UPDATE levy SET certificate_no = '%s' || substr(rowid, %u)"
					   " WHERE rowid %% 3 = 1",
		    chance(3) == 0 ? "A" : "0", 1 + chance(3));
		run(db, sql);
		break;
	default:
		run(db, "UPDATE levy SET amount = amount + 100 WHERE rowid % 1009 = 7");
		break;
	}
}

START_TEST(lists_agree_with_a_recount_whatever_happens_to_the_rows)
{
	struct db *db = fresh(), *second;
	int round;

	seed = 20201127;
	fill(db);
	second = open_again();
	for (round = 0; round < 16; round++) {
		check_list(chance(3) == 0 ? second : db);
		disturb(chance(2) == 0 ? second : db);
	}
	db_close(second);
	discard(db);
}
END_TEST

/* ---- blocks that come with the rows of a download */

static int
stage(struct mirror_staging *staging, int from, int count)
{
	struct err err = { 0 };
	int n;

	ck_assert_msg(mirror_staging_open(staging, &err) == 0, "%s", err.text);
	for (n = from; n < from + count; n++) {
		struct levy levy = random_levy(n);

		strcpy(levy.taxpayer_id, UNIT);
		ck_assert_msg(mirror_staging_put(staging, &levy, &err) == 0, "%s", err.text);
	}
	ck_assert_msg(mirror_staging_save(staging, &err) == 0, "%s", err.text);
	return n;
}

/* As those that are made of the table now. */
static void
check_blocks(struct db *db)
{
	struct err err = { 0 };

	ck_assert_int_eq(db_begin(db, NULL), 0);
	run(db, "CREATE TEMP TABLE before AS SELECT * FROM levy_block");
	ck_assert_int_eq(mirror_block_forget(db, NULL), 0);
	ck_assert_msg(mirror_block_pack(db, &err) == 0, "%s", err.text);
	ck_assert_int_eq(number(db, "SELECT count(*) FROM (SELECT * FROM before EXCEPT SELECT * FROM levy_block)"), 0);
	ck_assert_int_eq(number(db, "SELECT count(*) FROM (SELECT * FROM levy_block EXCEPT SELECT * FROM before)"), 0);
	run(db, "DROP TABLE before");
	ck_assert_int_eq(db_commit(db, NULL), 0);
}

/* Two clients of one home download the same list; one is interrupted now and then and begins again some
 * rows further up; another employer is forgotten meanwhile. */
START_TEST(blocks_that_came_with_the_rows_are_those_of_the_table)
{
	struct db *db = fresh(), *second = open_again();
	struct mirror_staging *first = mirror_staging_new(db, MIRROR_LEVY);
	struct mirror_staging *other = mirror_staging_new(second, MIRROR_LEVY);
	struct err err = { 0 };
	int n = 0;

	seed = 1128;
	while (n < 40000) {
		n = stage(chance(6) == 0 ? other : first, n, 1 + (int)chance(5000));
		if (chance(5) == 0) {
			mirror_staging_free(first);
			first = mirror_staging_new(db, MIRROR_LEVY);
			n -= (int)chance(3);
		}
		if (n > 4000 && n < 12000) {
			ck_assert_int_eq(mirror_forget(second, OTHER, NULL), 0);
		}
	}
	ck_assert_int_gt(number(db, "SELECT count(*) FROM levy_block_stage WHERE id >> 32 = 1"), 2);
	ck_assert_msg(mirror_stage_swap(db, MIRROR_LEVY, UNIT, 7, &err) == 0, "%s", err.text);
	ck_assert_int_eq(number(db, "SELECT count(*) FROM levy_block_stage"), 0);
	check_blocks(db);
	check_list(db);
	/* Nothing is packed for a list that is there; who has begun before it was does no harm. */
	mirror_staging_free(first);
	first = mirror_staging_new(db, MIRROR_LEVY);
	stage(first, 100, 9000);
	ck_assert_int_eq(number(db, "SELECT count(*) FROM levy_block_stage"), 0);
	stage(other, 9100, 9000);
	ck_assert_msg(mirror_stage_swap(db, MIRROR_LEVY, UNIT, 8, &err) == 0, "%s", err.text);
	ck_assert_int_eq(number(db, "SELECT count(*) FROM levy_block_stage"), 0);
	check_list(second);
	check_blocks(db);
	mirror_staging_free(first);
	mirror_staging_free(other);
	db_close(second);
	discard(db);
}
END_TEST

/* ---- marks */

static void
check_marks(struct db *db, const struct mirror_query *q, const unsigned char *marked)
{
	struct mirror_query only = *q;
	struct rows *rows = NULL;
	int64_t count = 0, sum = 0, said, said_sum;
	char sql[600];

	only.marked_only = 1;
	only.filter_count = 0;
	only.order = NULL;
	snprintf(sql, sizeof(sql), "SELECT rowid, amount FROM levy WHERE taxpayer_id = '%s'", q->taxpayer_id);
	ck_assert_int_eq(db_query(db, sql, DB_NONE, &rows, NULL), 0);
	while (db_rows_next(rows, NULL) == 1) {
		if (marked[db_rows_int(rows, 0)]) {
			count++;
			sum += db_rows_int(rows, 1);
		}
	}
	db_rows_close(rows);
	ck_assert_int_eq(mirror_count(db, &only, "amount", &said, &said_sum, NULL), 0);
	ck_assert_int_eq(said, count);
	ck_assert_int_eq(said_sum, sum);
	/* The same by SQL alone, which decides what is paid. */
	ck_assert_int_eq(db_begin(db, NULL), 0);
	run(db, "UPDATE levy SET version = version WHERE rowid = 1");
	ck_assert_int_eq(mirror_count(db, &only, "amount", &said, &said_sum, NULL), 0);
	db_rollback(db);
	ck_assert_int_eq(said, count);
	ck_assert_int_eq(said_sum, sum);
}

/* Does to the array what the call did to the marks; trim keeps only what is in the list. */
static void
mirror_marks_in(struct db *db, const struct asked *a, int64_t first, int64_t n, int how,
    unsigned char *marked)
{
	struct rows *rows = NULL;
	unsigned char *in = calloc(1, 20000);
	char sql[700];
	int i;

	snprintf(sql, sizeof(sql), "SELECT rowid FROM levy WHERE %s ORDER BY %s LIMIT %lld OFFSET %lld",
	    a->where, a->order, (long long)n, (long long)first);
	ck_assert_int_eq(db_query(db, sql, DB_NONE, &rows, NULL), 0);
	while (db_rows_next(rows, NULL) == 1) {
		in[db_rows_int(rows, 0)] = 1;
	}
	db_rows_close(rows);
	for (i = 0; i < 20000; i++) {
		marked[i] = (unsigned char)(how == MIRROR_MARK_ON ? marked[i] | in[i] :
			how == MIRROR_MARK_OFF                    ? marked[i] & !in[i] :
			how == MIRROR_MARK_INVERT                 ? marked[i] ^ in[i] :
								    marked[i] & in[i]);
	}
	free(in);
}

START_TEST(marks_agree_with_a_naive_set_of_rows)
{
	struct db *db = fresh();
	unsigned char *marked = calloc(1, 20000);
	int round;

	seed = 7;
	fill(db);
	run(db, "DELETE FROM levy WHERE taxpayer_id = '" OTHER "'");
	for (round = 0; round < 24; round++) {
		struct asked a = random_query();
		int64_t count = 0, first, last;
		int how = (int)chance(3);

		strcpy(a.query.taxpayer_id, UNIT);
		memcpy(strchr(a.where, '\'') + 1, UNIT, strlen(UNIT));
		ck_assert_int_eq(mirror_count(db, &a.query, NULL, &count, NULL, NULL), 0);
		switch (chance(4)) {
		case 0:
			ck_assert_int_eq(mirror_mark_all(db, &a.query, (enum mirror_mark)how, NULL), 0);
			mirror_marks_in(db, &a, 0, -1, how, marked);
			break;
		case 1:
			ck_assert_int_eq(mirror_mark_trim(db, &a.query, NULL), 0);
			mirror_marks_in(db, &a, 0, -1, -1, marked);
			break;
		default:
			first = count > 0 ? chance((uint32_t)count) : 0;
			last = first + chance(2000);
			how = how == MIRROR_MARK_INVERT ? MIRROR_MARK_ON : how;
			ck_assert_int_eq(mirror_mark_rows(db, &a.query, first, last, (enum mirror_mark)how, NULL), 0);
			mirror_marks_in(db, &a, first, last - first + 1, how, marked);
			break;
		}
		check_marks(db, &a.query, marked);
	}
	free(marked);
	discard(db);
}
END_TEST

/* ---- databases of before */

START_TEST(marks_and_rows_of_an_older_database_are_taken_over)
{
	static const char *const back[] = { "DROP TRIGGER levy_is_new", "DROP TRIGGER levy_has_changed",
		"DROP TRIGGER levy_is_gone", "DROP TABLE levy_group", "DROP TABLE levy_block",
		"DROP TABLE levy_block_stage", "DROP TABLE levy_stale", "DROP TABLE levy_packed",
		 "DROP TABLE mark_block",
		"CREATE INDEX levy_totals ON levy (taxpayer_id, kind, state, valid_until, amount)",
		"CREATE INDEX levy_by_state ON levy (taxpayer_id, kind, state)",
		"CREATE INDEX levy_by_pay_state ON levy (taxpayer_id, state, pay_state)",
		"CREATE TABLE mark (taxpayer_id TEXT NOT NULL, list TEXT NOT NULL, row BIGINT NOT NULL,"
		" PRIMARY KEY (taxpayer_id, list, row)) WITHOUT ROWID",
		"INSERT INTO mark SELECT taxpayer_id, 'test', rowid FROM levy WHERE rowid % 7 = 2",
		"DELETE FROM schema_migration WHERE number >= 4" };
	struct mirror_query marked = { .noun = MIRROR_LEVY, .marks = "test", .marked_only = 1 };
	struct db *db = fresh();
	int64_t count, sum;
	size_t i;

	seed = 3;
	strcpy(marked.taxpayer_id, UNIT);
	fill(db);
	for (i = 0; i < ARRAY_LEN(back); i++) {
		run(db, back[i]);
	}
	db_close(db);
	db = open_again();
	check_list(db);
	ck_assert_int_eq(mirror_count(db, &marked, "amount", &count, &sum, NULL), 0);
	ck_assert_int_gt(count, 1000);
	ck_assert_int_eq(
	    count, number(db, "SELECT count(*) FROM levy WHERE taxpayer_id = '" UNIT "' AND rowid % 7 = 2"));
	ck_assert_int_eq(
	    sum, number(db, "SELECT sum(amount) FROM levy WHERE taxpayer_id = '" UNIT "' AND rowid % 7 = 2"));
	discard(db);
}
END_TEST

START_TEST(a_forgotten_employer_leaves_nothing_behind)
{
	struct db *db = fresh();

	seed = 5;
	fill(db);
	check_list(db);
	ck_assert_int_eq(mirror_forget(db, UNIT, NULL), 0);
	check_list(db);
	ck_assert_int_eq(number(db, "SELECT count(*) FROM levy_group WHERE taxpayer_id = '" UNIT "'"), 0);
	check_list(db);
	discard(db);
}
END_TEST

/* A search in the blocks sees all that a search in the table sees. */
START_TEST(every_member_of_a_levy_is_in_the_blocks)
{
	size_t i, k;

	for (i = 0; i < levy_type.count; i++) {
		const struct field *f = &levy_type.fields[i];
		int is_there = mirror_block_is_group_column(f->name) ||
		    mirror_block_number_part(f->name) != BLOCK_NONE || (f->flags & FIELD_HIDDEN) != 0;

		for (k = 0; k < mirror_block_text_column_count; k++) {
			is_there |= strcmp(mirror_block_text_columns[k], f->name) == 0;
		}
		ck_assert_msg(is_there, "%s: see src/store/mirror_block.c", f->name);
	}
}
END_TEST

UNIT_MAIN("mirror_scan", every_member_of_a_levy_is_in_the_blocks, lists_agree_with_a_recount_whatever_happens_to_the_rows,
    blocks_that_came_with_the_rows_are_those_of_the_table, marks_agree_with_a_naive_set_of_rows,
    marks_and_rows_of_an_older_database_are_taken_over, a_forgotten_employer_leaves_nothing_behind)
