/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same cases on both engines: what is stored, found, refused. */
#include "db_fixture.h"

static void
round_trip(const char *url)
{
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	struct sample got = { 0 }, new = { .key = "new" };

	OK(db_insert(db, "sample", &sample_type, &full, &err));
	ck_assert_int_eq(1,
	    db_find(db, "SELECT * FROM sample WHERE key = $1", DB_ARGS(db_text("0012")),
		&sample_type, &got, &err));
	ck_assert_int_eq(memcmp(&got, &full, sizeof(got)), 0);
	ck_assert_int_eq(0,
	    db_find(db, "SELECT * FROM sample WHERE key = $1", DB_ARGS(db_text("12")),
		&sample_type, &got, &err));
	/* What the columns start with is a valid empty record. */
	OK(db_run(db, "INSERT INTO sample (key) VALUES ($1)", DB_ARGS(db_text("new")),
	    NULL, &err));
	memset(&got, 0, sizeof(got));
	ck_assert_int_eq(1,
	    db_find(db, "SELECT * FROM sample WHERE key = 'new'", DB_NONE, &sample_type,
		&got, &err));
	ck_assert_int_eq(memcmp(&got, &new, sizeof(got)), 0);
	db_close(db);
}

START_TEST(every_member_comes_back_as_it_was_stored)
{
	each_engine(round_trip);
}
END_TEST

static void
limits(const char *url)
{
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	struct sample s = {
		.key = "low", .count = INT64_MIN, .fen = INT64_MAX, .at = -1
	};
	struct sample got = { 0 };

	OK(db_insert(db, "sample", &sample_type, &s, &err));
	ck_assert_int_eq(1,
	    db_find(db, "SELECT * FROM sample WHERE fen = $1 AND count = $2",
		DB_ARGS(db_int(INT64_MAX), db_int(INT64_MIN)), &sample_type, &got, &err));
	ck_assert_int_eq(memcmp(&got, &s, sizeof(got)), 0);
	db_close(db);
}

START_TEST(numbers_keep_all_64_bits)
{
	each_engine(limits);
}
END_TEST

static void
insert_blob(struct db *db, int64_t id, struct db_value content, struct db_value word)
{
	struct err err = { 0 };

	OK(db_run(db, INSERT_BLOB, DB_ARGS(db_int(id), content, word), NULL, &err));
}

static void
bytes(const char *url)
{
	const struct db_value nothing = { .type = DB_NULL };
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	unsigned char all[256];
	struct rows *rows;
	const void *got;
	size_t i, len;

	for (i = 0; i < sizeof(all); i++) {
		all[i] = (unsigned char)i;
	}
	insert_blob(db, 1, db_bytes(all, sizeof(all)), db_text("w"));
	insert_blob(db, 2, db_bytes(NULL, 0), db_text(""));
	insert_blob(db, 3, nothing, nothing);
	OK(db_query(
	    db, "SELECT id, content, word FROM blob ORDER BY id", DB_NONE, &rows, &err));
	ck_assert_int_eq(db_rows_count(rows), 3);
	ck_assert_int_eq(db_rows_next(rows, &err), 1);
	got = db_rows_bytes(rows, 1, &len);
	ck_assert_uint_eq(len, sizeof(all));
	ck_assert_int_eq(memcmp(got, all, len), 0);
	ck_assert_str_eq(db_rows_text(rows, 2), "w");
	ck_assert_int_eq(db_rows_next(rows, &err), 1);
	db_rows_bytes(rows, 1, &len);
	ck_assert_uint_eq(len, 0);
	ck_assert_int_eq(db_rows_next(rows, &err), 1);
	db_rows_bytes(rows, 1, &len);
	ck_assert_uint_eq(len, 0);
	ck_assert_str_eq(db_rows_text(rows, 2), "");
	ck_assert_int_eq(db_rows_int(rows, 2), 0);
	ck_assert_int_eq(db_rows_next(rows, &err), 0);
	db_rows_close(rows);
	db_close(db);
}

START_TEST(bytes_of_all_values_come_back)
{
	each_engine(bytes);
}
END_TEST

static void
migrate_twice(const char *url)
{
	struct err err = { 0 };
	struct db *db = open_migrated(url);

	ck_assert_int_eq(number_of(db, "SELECT COUNT(*) FROM schema_migration"), 2);
	db_close(db);
	db = open_migrated(url);
	ck_assert_int_eq(number_of(db, "SELECT COUNT(*) FROM schema_migration"), 2);
	/* A program that knows fewer steps must not touch it. */
	FAILS(ERR_LOCAL, db_migrate(db, steps, 1, sample_types, 1, &err));
	ck_assert(!db_in_transaction(db));
	db_close(db);
}

START_TEST(migrations_run_once_and_a_newer_database_is_refused)
{
	each_engine(migrate_twice);
}
END_TEST

static void
migrate_broken(const char *url)
{
	static const struct db_migration broken[] = {
		{ 1, "half",
		    "CREATE TABLE one (id BIGINT);\nCREATE TABLE two (id NONSENSE(;\n" },
	};
	static const struct db_migration unknown[] = {
		{ 1, "unknown", "CREATE TABLE one ({nobody})" },
	};
	struct err err = { 0 };
	struct db *db;

	OK(db_open(url, &db, &err));
	ck_assert_int_lt(db_migrate(db, broken, 1, NULL, 0, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "half"));
	err_clear(&err);
	FAILS(ERR_LOCAL, db_migrate(db, unknown, 1, NULL, 0, &err));
	FAILS(ERR_LOCAL, db_run(db, "SELECT id FROM one", DB_NONE, NULL, &err));
	db_close(db);
}

START_TEST(a_step_that_fails_leaves_nothing_behind)
{
	each_engine(migrate_broken);
}
END_TEST

static void
unique(const char *url)
{
	static const char claim[] = "INSERT INTO claim (levy_no, live) VALUES ($1, $2)";
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	struct sample changed = full, got = { 0 };

	OK(db_insert(db, "sample", &sample_type, &full, &err));
	FAILS(ERR_TAKEN, db_insert(db, "sample", &sample_type, &full, &err));
	changed.fen = 7;
	OK(db_put(db, "sample", &sample_type, &changed, &err));
	OK(db_find(db, "SELECT * FROM sample", DB_NONE, &sample_type, &got, &err));
	ck_assert_int_eq(got.fen, 7);
	/* A rule over part of the rows. */
	OK(db_run(db, claim, DB_ARGS(db_text("L1"), db_int(0)), NULL, &err));
	OK(db_run(db, claim, DB_ARGS(db_text("L1"), db_int(1)), NULL, &err));
	FAILS(
	    ERR_TAKEN, db_run(db, claim, DB_ARGS(db_text("L1"), db_int(1)), NULL, &err));
	/* Another constraint is not somebody else's row. */
	FAILS(ERR_LOCAL,
	    db_run(db, "INSERT INTO claim (levy_no) VALUES ('L2')", DB_NONE, NULL, &err));
	db_close(db);
}

START_TEST(a_row_that_is_there_is_taken_and_put_replaces_it)
{
	each_engine(unique);
}
END_TEST

static void
guarded(const char *url)
{
	static const char update[] =
	    "UPDATE sample SET state = $2 WHERE key = $1 AND state = $3";
	const struct db_value args[] = { db_text("1"), db_text("declaring"),
		db_text("initial") };
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	struct sample s = { .key = "1" };
	int64_t changed = -1;

	OK(db_insert(db, "sample", &sample_type, &s, &err));
	OK(db_run_one(db, update, args, 3, ERR_STATE, &err));
	FAILS(ERR_STATE, db_run_one(db, update, args, 3, ERR_STATE, &err));
	OK(db_run(db, "SELECT * FROM sample", DB_NONE, &changed, &err));
	ck_assert_int_eq(changed, 0);
	OK(db_run(db, "DELETE FROM sample", DB_NONE, &changed, &err));
	ck_assert_int_eq(changed, 1);
	db_close(db);
}

START_TEST(a_guarded_update_touches_one_row_or_fails)
{
	each_engine(guarded);
}
END_TEST

static void
parameters(const char *url)
{
	static const char by_word[] = "SELECT COUNT(*) FROM blob WHERE word = $1";
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	struct text_list words = { 0 };
	int64_t value = 0;

	/* Out of order and repeated. */
	OK(db_find_int(db, "SELECT $2 * 100 + $1 * 10 + $2",
	    DB_ARGS(db_int(3), db_int(4)), &value, &err));
	ck_assert_int_eq(value, 434);
	OK(db_insert(db, "sample", &sample_type, &full, &err));
	OK(db_find_int(db, "SELECT EXISTS (SELECT 1 FROM sample WHERE key = $1)",
	    DB_ARGS(db_text("0012")), &value, &err));
	ck_assert_int_eq(value, 1);
	OK(db_find_int(db, "SELECT SUM(fen) FROM sample", DB_NONE, &value, &err));
	ck_assert_int_eq(value, full.fen);
	/* The first use with nothing does not settle the type. */
	OK(db_find_int(db, by_word, DB_ARGS({ .type = DB_NULL }), &value, &err));
	ck_assert_int_eq(value, 0);
	insert_blob(db, 9, db_bytes("x", 1), db_text("y"));
	OK(db_find_int(db, by_word, DB_ARGS(db_text("y")), &value, &err));
	ck_assert_int_eq(value, 1);
	insert_blob(db, 8, db_bytes("x", 1), db_text("z"));
	OK(db_texts(db, "SELECT word FROM blob WHERE id >= $1 ORDER BY id", DB_ARGS(db_int(8)),
	    &words, &err));
	ck_assert_uint_eq(words.count, 2);
	ck_assert_str_eq(words.items[0], "z");
	ck_assert_str_eq(words.items[1], "y");
	text_list_release(&words);
	db_close(db);
}

START_TEST(parameters_go_by_their_number)
{
	each_engine(parameters);
}
END_TEST

static int64_t
sum_of_pairs(struct db *db, struct err *err)
{
	static const char query[] = "SELECT id FROM blob WHERE id > $1 ORDER BY id";
	struct rows *outer, *inner;
	int64_t sum = 0, id;

	ck_assert_int_eq(db_query(db, query, DB_ARGS(db_int(0)), &outer, err), 0);
	while (db_rows_next(outer, err) > 0) {
		id = db_rows_int(outer, 0);
		ck_assert_int_eq(
		    db_query(db, query, DB_ARGS(db_int(id)), &inner, err), 0);
		while (db_rows_next(inner, err) > 0) {
			sum += 10 * id + db_rows_int(inner, 0);
		}
		db_rows_close(inner);
		ck_assert_int_eq(0,
		    db_run(db, "UPDATE blob SET word = 'seen' WHERE id = $1",
			DB_ARGS(db_int(id)), NULL, err));
	}
	db_rows_close(outer);
	return sum;
}

/* The same text runs at two levels at once. */
static void
nested(const char *url)
{
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	int64_t i;

	OK(db_begin(db, &err));
	for (i = 1; i <= 4; i++) {
		insert_blob(db, i, db_bytes("x", 1), db_text(""));
	}
	ck_assert_int_eq(sum_of_pairs(db, &err), 3 * 10 + 9 + 2 * 20 + 7 + 30 + 4);
	OK(db_commit(db, &err));
	ck_assert_int_eq(
	    number_of(db, "SELECT COUNT(*) FROM blob WHERE word = 'seen'"), 4);
	db_close(db);
}

START_TEST(rows_may_be_read_while_rows_are_read)
{
	each_engine(nested);
}
END_TEST

static void
cleaned(const char *url)
{
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	struct sample got = { 0 };

	OK(db_insert(db, "sample", &sample_type, &full, &err));
	OK(db_run(db, "UPDATE sample SET name = $1",
	    DB_ARGS(db_text("a\033[31m\xe2\x80\xae"
			    "b")),
	    NULL, &err));
	OK(db_find(db, "SELECT name FROM sample", DB_NONE, &sample_type, &got, &err));
	ck_assert_str_eq(got.name,
	    "a\xef\xbf\xbd[31m\xef\xbf\xbd"
	    "b");
	OK(db_run(db, "UPDATE sample SET state = 'nonsense'", DB_NONE, NULL, &err));
	FAILS(ERR_LOCAL,
	    db_find(db, "SELECT * FROM sample", DB_NONE, &sample_type, &got, &err));
	OK(db_run(db, "UPDATE sample SET state = 'initial', day = '2026-11-231'", DB_NONE,
	    NULL, &err));
	FAILS(ERR_LOCAL,
	    db_find(db, "SELECT * FROM sample", DB_NONE, &sample_type, &got, &err));
	db_close(db);
}

START_TEST(what_is_read_is_clean_whole_and_known)
{
	each_engine(cleaned);
}
END_TEST

static void
ordered(const char *url)
{
	static const char *const words[] = { "B", "a", "A-1", "A1", "A", "_", "贵" };
	static const char sorted[] = "A A-1 A1 B _ a 贵 ";
	struct err err = { 0 };
	struct db *db = open_migrated(url);
	char got[64] = "";
	struct rows *rows;
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		struct sample s = { 0 };

		mem_copy_text(s.key, sizeof(s.key), words[i]);
		OK(db_insert(db, "sample", &sample_type, &s, &err));
	}
	OK(db_query(db, "SELECT key FROM sample WHERE key > $1 ORDER BY key",
	    DB_ARGS(db_text("")), &rows, &err));
	while (db_rows_next(rows, &err) > 0) {
		strcat(strcat(got, db_rows_text(rows, 0)), " ");
	}
	db_rows_close(rows);
	ck_assert_str_eq(got, sorted);
	db_close(db);
}

START_TEST(text_is_ordered_by_its_bytes)
{
	each_engine(ordered);
}
END_TEST

static void
many_statements(const char *url)
{
	struct db *db = open_migrated(url);
	char sql[64];
	int i;

	for (i = 0; i < 500; i++) {
		snprintf(sql, sizeof(sql), "SELECT %d", i % 250);
		ck_assert_int_eq(number_of(db, sql), i % 250);
	}
	db_close(db);
}

START_TEST(statements_beyond_the_cache_still_answer)
{
	each_engine(many_statements);
}
END_TEST

START_TEST(an_address_of_another_kind_is_refused)
{
	struct err err = { 0 };
	struct db *db;

	FAILS(ERR_USAGE, db_open("mysql://localhost", &db, &err));
	FAILS(ERR_LOCAL, db_open("postgresql:///x?host=/nonexistent", &db, &err));
	ck_assert_ptr_null(db);
}
END_TEST

UNIT_MAIN("db", every_member_comes_back_as_it_was_stored, numbers_keep_all_64_bits,
    bytes_of_all_values_come_back, migrations_run_once_and_a_newer_database_is_refused,
    a_step_that_fails_leaves_nothing_behind,
    a_row_that_is_there_is_taken_and_put_replaces_it,
    a_guarded_update_touches_one_row_or_fails, parameters_go_by_their_number,
    rows_may_be_read_while_rows_are_read, what_is_read_is_clean_whole_and_known,
    text_is_ordered_by_its_bytes, statements_beyond_the_cache_still_answer,
    an_address_of_another_kind_is_refused)
