/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's mirror and journal: staged downloads, holds, overlays, marks, search. */
#include "unit/store/mirror_fixture.h"

#include <string.h>
#include <sys/stat.h>

#include "shebao/journal.h"
#include "shebao/mem.h"
#include "shebao/states.h"

#define UNIT "91520100770598600Y"

/* Of the file, without its log. */
static int64_t
database_bytes(void)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/m.db", folder);
	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_size;
}

static struct levy
levy_of(int n)
{
	struct levy levy = { .amount = 1000 + n, .headcount = n, .version = n };

	snprintf(levy.levy_no, sizeof(levy.levy_no), "L%04d", n);
	strcpy(levy.taxpayer_id, UNIT);
	strcpy(levy.unit_no, n % 2 == 0 ? "00048857" : "0002");
	strcpy(levy.item_name, n % 2 == 0 ? "工伤保险费" : "失业保险费");
	strcpy(levy.period_from, "2020-06");
	strcpy(levy.period_to, "2020-06");
	return levy;
}

static void
put_down(struct db *db, const struct levy *levies, size_t count)
{
	struct mirror_staging *staging = mirror_staging_new(db, MIRROR_LEVY);
	struct err err = { 0 };
	size_t i;

	ck_assert_msg(mirror_staging_open(staging, &err) == 0, "%s", err.text);
	for (i = 0; i < count; i++) {
		ck_assert_msg(mirror_staging_put(staging, &levies[i], &err) == 0, "%s", err.text);
	}
	ck_assert_msg(mirror_staging_save(staging, &err) == 0, "%s", err.text);
	mirror_staging_free(staging);
}

static void
download(struct db *db, int from, int to)
{
	struct err err = { 0 };

	for (; from <= to; from++) {
		struct levy levy = levy_of(from);

		put_down(db, &levy, 1);
	}
	ck_assert_msg(mirror_stage_swap(db, MIRROR_LEVY, UNIT, 7, &err) == 0, "%s", err.text);
}

static struct mirror_query
all(void)
{
	struct mirror_query q = { .noun = MIRROR_LEVY, .marks = "test" };

	strcpy(q.taxpayer_id, UNIT);
	return q;
}

static int64_t
count(struct db *db, const struct mirror_query *q)
{
	int64_t n = -1;
	struct err err = { 0 };

	ck_assert_msg(mirror_count(db, q, NULL, &n, NULL, &err) == 0, "%s", err.text);
	return n;
}

START_TEST(a_staged_download_shows_only_when_it_is_whole)
{
	struct db *db = fresh();
	struct mirror_query q = all();
	struct levy levy = levy_of(5);
	int64_t after, staged;

	put_down(db, &levy, 1);
	ck_assert_int_eq(count(db, &q), 0);
	ck_assert_int_eq(mirror_stage_begin(db, MIRROR_LEVY, UNIT, &after, &staged, NULL), 0);
	/* Another row of version 5 may still be missing: it is asked for again, whole. */
	ck_assert_int_eq(after, 4);
	ck_assert_int_eq(staged, 1);
	download(db, 5, 9);
	ck_assert_int_eq(count(db, &q), 5);
	ck_assert_int_eq(mirror_stage_begin(db, MIRROR_LEVY, UNIT, &after, &staged, NULL), 0);
	ck_assert_int_eq(after, 9);
	ck_assert_int_eq(staged, 0);
	ck_assert_int_eq(mirror_downloaded_at(db, MIRROR_LEVY, UNIT), 7);
	discard(db);
}
END_TEST

/* The second one stops before anything has come; the first goes on behind what it has staged. */
START_TEST(a_download_beside_another_takes_nothing_from_it)
{
	struct db *db = fresh();
	struct mirror_query q = all();
	struct levy levy = levy_of(5);
	int64_t after, staged;

	put_down(db, &levy, 1);
	ck_assert_int_eq(mirror_stage_begin(db, MIRROR_LEVY, UNIT, &after, &staged, NULL), 0);
	download(db, 6, 9);
	ck_assert_int_eq(count(db, &q), 5);
	discard(db);
}
END_TEST

/* An answer that comes late, or again, tells what was so then. */
START_TEST(an_older_answer_does_not_replace_a_newer_row)
{
	struct db *db = fresh();
	struct levy newer = levy_of(3), older = levy_of(3), found = { 0 };

	newer.version = 30;
	newer.amount += 7;
	ck_assert_int_eq(mirror_put(db, MIRROR_LEVY, &older, NULL), 0);
	ck_assert_int_eq(mirror_put(db, MIRROR_LEVY, &newer, NULL), 0);
	ck_assert_int_eq(mirror_put(db, MIRROR_LEVY, &older, NULL), 0);
	ck_assert_int_eq(mirror_find(db, MIRROR_LEVY, UNIT, older.levy_no, &found, NULL), 1);
	ck_assert_int_eq(found.version, 30);
	ck_assert_int_eq(found.amount, newer.amount);
	discard(db);
}
END_TEST

/* Each page twice, and the older one before or behind the newer. */
START_TEST(pages_twice_and_in_any_order_make_the_same_list)
{
	int newer_first, i;

	for (newer_first = 0; newer_first < 2; newer_first++) {
		struct db *db = fresh();
		struct mirror_query q = all();
		struct levy page[2] = { levy_of(3), levy_of(3) }, found = { 0 };

		page[1].version = 30;
		page[1].amount += 7;
		for (i = 0; i < 4; i++) {
			struct err err = { 0 };
			const struct levy *row = &page[(i / 2) ^ newer_first];

			put_down(db, row, 1);
			ck_assert_msg(mirror_stage_swap(db, MIRROR_LEVY, UNIT, 7, &err) == 0, "%s", err.text);
		}
		ck_assert_int_eq(count(db, &q), 1);
		ck_assert_int_eq(mirror_find(db, MIRROR_LEVY, UNIT, page[0].levy_no, &found, NULL), 1);
		ck_assert_int_eq(found.version, 30);
		ck_assert_int_eq(found.amount, page[1].amount);
		discard(db);
	}
}
END_TEST

static int64_t
number(struct db *db, const char *sql)
{
	int64_t n = -1;

	ck_assert_int_eq(db_find_int(db, sql, DB_NONE, &n, NULL), 1);
	return n;
}

#define MANY 25000

static void
stage_many(struct db *db, int from, int64_t version)
{
	struct levy *levies = mem_resize(NULL, MANY, sizeof(*levies));
	int n;

	for (n = 0; n < MANY; n++) {
		levies[n] = levy_of(from + n);
		levies[n].version = version + from + n;
	}
	put_down(db, levies, MANY);
	free(levies);
}

START_TEST(many_rows_come_in_by_a_thread_with_their_indices)
{
	const char *indices = "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'levy'";
	struct db *db = fresh();
	int64_t before = number(db, indices);
	struct mirror_query q = all();
	struct mirror_stage *stage;
	struct levy newer = levy_of(7);
	struct err err = { 0 };
	int round;

	/* The second time the list is as long as what comes, and all of it changes. */
	for (round = 0; round < 2; round++) {
		stage_many(db, 1, round * MANY);
		if (round == 0) {
			/* Changed while the download went on. */
			newer.amount = 7;
			newer.version = MANY;
			put_down(db, &newer, 1);
		}
		ck_assert(mirror_stage_is_long(db, MIRROR_LEVY, MANY));
		ck_assert_int_eq(count(db, &q), round * MANY);
		ck_assert_msg(mirror_stage_start(db, MIRROR_LEVY, UNIT, 5, &stage, &err) == 0, "%s", err.text);
		ck_assert_msg(mirror_stage_end(stage, &err) == 0, "%s", err.text);
		ck_assert_int_eq(count(db, &q), MANY);
		ck_assert_int_eq(number(db, indices), before);
		ck_assert_int_eq(number(db, "SELECT count(*) FROM levy_stage"), 0);
		ck_assert_int_eq(number(db, "SELECT amount FROM levy WHERE levy_no = 'L0007'"),
		    round == 0 ? 7 : 1007);
		ck_assert_int_eq(number(db, "SELECT version FROM download"), (round + 1) * MANY);
	}
	ck_assert_int_eq(number(db, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
	discard(db);
}
END_TEST

START_TEST(what_stays_staged_is_taken_out_of_the_log_by_a_thread)
{
	struct db *db = fresh();
	struct mirror_stage *stage;
	struct err err = { 0 };
	int64_t after, staged;
	int64_t before = database_bytes();

	stage_many(db, 1, 0);
	ck_assert_int_eq(database_bytes(), before); /* nobody waited for it */
	ck_assert_int_eq(mirror_stage_start_log(db, &stage, &err), 0);
	ck_assert_msg(mirror_stage_end(stage, &err) == 0, "%s", err.text);
	ck_assert_int_gt(database_bytes(), before + (int64_t)MANY * 100);
	ck_assert_int_eq(mirror_stage_begin(db, MIRROR_LEVY, UNIT, &after, &staged, NULL), 0);
	ck_assert_int_eq(staged, MANY);
	ck_assert_int_eq(after, MANY - 1); /* the last one may have been one of several */
	discard(db);
}
END_TEST

START_TEST(a_swap_that_is_stopped_leaves_the_old_list_and_the_stage)
{
	struct db *db = fresh();
	struct mirror_query q = all();
	struct mirror_stage *stage;
	struct err err = { 0 };
	int rc;

	stage_many(db, 1, 0);
	ck_assert_int_eq(mirror_stage_start(db, MIRROR_LEVY, UNIT, 5, &stage, &err), 0);
	mirror_stage_stop(stage);
	rc = mirror_stage_end(stage, &err);
	/* It may have been over already, or not have begun. */
	ck_assert(rc == 0 || err.code == ERR_CANCELLED);
	ck_assert_int_eq(count(db, &q), rc == 0 ? MANY : 0);
	ck_assert_int_eq(number(db, "SELECT count(*) FROM levy_stage"), rc == 0 ? 0 : MANY);
	discard(db);
}
END_TEST

static int
put_declare(struct db *db, const char *op_id, int n, struct err *err)
{
	struct journal_entry entry = { .state = OP_READY };
	struct text_list levies = { 0 };
	struct buf request = { 0 };
	char levy_no[16];
	int rc;

	strcpy(entry.op_id, op_id);
	strcpy(entry.taxpayer_id, UNIT);
	strcpy(entry.operation, "declaration_submit");
	snprintf(levy_no, sizeof(levy_no), "L%04d", n);
	text_list_add(&levies, levy_no);
	buf_puts(&request, "{\"exact\":\"bytes\"}");
	rc = journal_put(db, &entry, &request, JOURNAL_HOLD_DECLARE, &levies, err);
	buf_release(&request);
	text_list_release(&levies);
	return rc;
}

static int
levy_state(struct db *db, const char *levy_no)
{
	struct levy levy = { 0 };

	ck_assert_int_eq(mirror_find(db, MIRROR_LEVY, UNIT, levy_no, &levy, NULL), 1);
	return levy.state;
}

static void
end_with(struct db *db, const char *op_id, int event)
{
	struct journal_result result = { .event = event, .http_status = 200 };
	struct err err = { 0 };

	ck_assert_int_eq(db_begin(db, &err), 0);
	ck_assert_msg(journal_result(db, op_id, &result, 9, &err) == 0, "%s", err.text);
	ck_assert_int_eq(db_commit(db, &err), 0);
}

START_TEST(a_held_levy_cannot_be_taken_twice_and_survives_a_stale_download)
{
	struct db *db = fresh();
	struct err err = { 0 };
	struct buf bytes = { 0 };

	download(db, 1, 4);
	ck_assert_int_eq(put_declare(db, "a1", 2, &err), 0);
	ck_assert_int_eq(levy_state(db, "L0002"), LEVY_DECLARING);
	ck_assert_int_eq(put_declare(db, "a2", 2, &err), -1);
	ck_assert_int_eq(err.code, ERR_TAKEN);
	ck_assert_int_eq(journal_find(db, "a2", NULL, NULL, NULL, NULL), 0);
	/* The service's list does not know yet. */
	download(db, 1, 4);
	ck_assert_int_eq(levy_state(db, "L0002"), LEVY_DECLARING);
	ck_assert_int_eq(journal_attempt(db, "a1", 8, &bytes, NULL), 0);
	ck_assert_str_eq(bytes.data, "{\"exact\":\"bytes\"}");
	end_with(db, "a1", OP_REFUSE);
	ck_assert_int_eq(levy_state(db, "L0002"), LEVY_INITIAL);
	err_clear(&err);
	ck_assert_int_eq(put_declare(db, "a3", 2, &err), 0);
	buf_release(&bytes);
	discard(db);
}
END_TEST

START_TEST(an_unknown_operation_stays_open_and_is_sent_with_the_same_bytes)
{
	struct db *db = fresh();
	struct buf first = { 0 }, second = { 0 };
	struct journal_entry entry = { 0 };
	int64_t open;

	download(db, 1, 1);
	ck_assert_int_eq(put_declare(db, "b1", 1, NULL), 0);
	ck_assert_int_eq(journal_attempt(db, "b1", 8, &first, NULL), 0);
	end_with(db, "b1", OP_LOSE);
	ck_assert_int_eq(journal_open_count(db, UNIT, &open, NULL), 0);
	ck_assert_int_eq(open, 1);
	ck_assert_int_eq(journal_attempt(db, "b1", 9, &second, NULL), 0);
	ck_assert_str_eq(first.data, second.data);
	/* Surely not sent this time, but perhaps the time before. */
	end_with(db, "b1", OP_RETURN);
	ck_assert_int_eq(journal_find(db, "b1", &entry, NULL, NULL, NULL), 1);
	ck_assert_int_eq(entry.state, OP_UNKNOWN);
	ck_assert_int_eq(entry.attempts, 2);
	end_with(db, "b1", OP_SUCCEED);
	ck_assert_int_eq(journal_open_count(db, UNIT, &open, NULL), 0);
	ck_assert_int_eq(open, 0);
	ck_assert_int_eq(journal_attempt(db, "b1", 9, &second, NULL), -1);
	buf_release(&first);
	buf_release(&second);
	discard(db);
}
END_TEST

START_TEST(marks_outlive_filters_and_inverting_minds_the_filter)
{
	struct db *db = fresh();
	struct mirror_query q = all(), even = all(), marked = all();

	download(db, 1, 10);
	mirror_where(&even, "unit_no", MIRROR_IS, "00048857");
	marked.marked_only = 1;
	ck_assert_int_eq(mirror_mark_rows(db, &q, 0, 2, MIRROR_MARK_ON, NULL), 0);
	ck_assert_int_eq(count(db, &marked), 3);
	/* L0001 and L0003 stay, of the even ones L0002 goes and four come. */
	ck_assert_int_eq(mirror_mark_all(db, &even, MIRROR_MARK_INVERT, NULL), 0);
	ck_assert_int_eq(count(db, &marked), 6);
	ck_assert_int_eq(mirror_mark_all(db, &even, MIRROR_MARK_OFF, NULL), 0);
	ck_assert_int_eq(count(db, &marked), 2);
	even.marks = "test";
	ck_assert_int_eq(mirror_mark_trim(db, &even, NULL), 0);
	ck_assert_int_eq(count(db, &marked), 0);
	discard(db);
}
END_TEST

START_TEST(rows_are_found_by_initials_codes_and_amounts_around_the_end)
{
	struct db *db = fresh();
	struct mirror_query q = all();

	download(db, 1, 600);
	ck_assert_int_eq(mirror_search(db, &q, "L0600", 0, 1, NULL), 599);
	ck_assert_int_eq(mirror_search(db, &q, "L0001", 300, 1, NULL), 0);
	ck_assert_int_eq(mirror_search(db, &q, "L0599", 10, -1, NULL), 598);
	ck_assert_int_eq(mirror_search(db, &q, "gsbx", 0, 1, NULL), 1);
	ck_assert_int_eq(mirror_search(db, &q, ">15.99", 0, 1, NULL), 599);
	ck_assert_int_eq(mirror_search(db, &q, "没有", 0, 1, NULL), -1);
	q.order = "amount";
	q.descending = 1;
	ck_assert_int_eq(mirror_search(db, &q, "L0600", 5, 1, NULL), 0);
	discard(db);
}
END_TEST

START_TEST(totals_values_and_windows_agree_with_the_rows)
{
	struct db *db = fresh();
	struct mirror_query q = all();
	struct mirror_total totals[4];
	struct text_list values = { 0 };
	struct levy rows[4] = { 0 };
	int64_t keys[4], sum, n;
	int marks[4];
	struct mirror_window window = { .records = rows, .keys = keys, .marked = marks };
	size_t got;

	download(db, 1, 10);
	ck_assert_int_eq(mirror_count(db, &q, "amount", &n, &sum, NULL), 0);
	ck_assert_int_eq(sum, 10 * 1000 + 55);
	ck_assert_int_eq(mirror_totals(db, &q, "item_name", totals, 4, &got, NULL), 0);
	ck_assert_uint_eq(got, 2);
	ck_assert_int_eq(totals[0].amount + totals[1].amount, sum);
	ck_assert_int_eq(mirror_values(db, &q, "unit_no", 10, &values, NULL), 0);
	ck_assert_uint_eq(values.count, 2);
	ck_assert_int_eq(mirror_fetch(db, &q, 8, 4, &window, NULL), 0);
	ck_assert_uint_eq(window.got, 2);
	ck_assert_str_eq(rows[1].levy_no, "L0010");
	ck_assert_int_eq(mirror_row_of(db, &q, keys[1]), 9);
	text_list_release(&values);
	discard(db);
}
END_TEST

UNIT_MAIN("mirror", a_staged_download_shows_only_when_it_is_whole,
    a_download_beside_another_takes_nothing_from_it,
    an_older_answer_does_not_replace_a_newer_row,
    pages_twice_and_in_any_order_make_the_same_list,
    many_rows_come_in_by_a_thread_with_their_indices,
    a_swap_that_is_stopped_leaves_the_old_list_and_the_stage,
    what_stays_staged_is_taken_out_of_the_log_by_a_thread,
    a_held_levy_cannot_be_taken_twice_and_survives_a_stale_download,
    an_unknown_operation_stays_open_and_is_sent_with_the_same_bytes,
    marks_outlive_filters_and_inverting_minds_the_filter,
    rows_are_found_by_initials_codes_and_amounts_around_the_end,
    totals_values_and_windows_agree_with_the_rows)
