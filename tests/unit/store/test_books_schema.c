/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The books of older programs are brought up to date with everything that is in them. */
#include "unit/store/db_fixture.h"

#include "shebao/books_access.h"

#define WHO "91520100770598600Y"
#define OLD_STEPS 2 /* of the first release */

// clang-format off
/* A row of every table that is made anew, as the first release wrote it. */
static const char *const old_rows[] = {
	"INSERT INTO head (taxpayer_id, version, audit_seq, audit_hash) VALUES ('" WHO "', 7, 0, '')",
	"INSERT INTO op (op_id, taxpayer_id, fingerprint, operation, answer) VALUES ('o1', '" WHO "', 'f', 'declaration_submit', '{}')",
	"INSERT INTO audit (taxpayer_id, seq, op_id) VALUES ('" WHO "', 1, 'o1')",
	"INSERT INTO session (token_hash, taxpayer_id) VALUES ('t1', '" WHO "')",
	"INSERT INTO proof (proof_hash, taxpayer_id, session_hash, subject, expires_at) VALUES ('p1', '" WHO "', 't1', 's', 5)",
	"INSERT INTO token (token_hash, role, created_at) VALUES ('0123456789abcdef', 2, 1)",
	"INSERT INTO agreement (agreement_no, taxpayer_id) VALUES ('G1', '" WHO "')",
	"INSERT INTO levy (levy_no, taxpayer_id, amount) VALUES ('L1', '" WHO "', 4990)",
	"INSERT INTO claim (kind, holder, levy_no, taxpayer_id, amount, live) VALUES ('payment', 'P1', 'L1', '" WHO "', 4990, 1)",
	"INSERT INTO declaration (declaration_id, taxpayer_id, op_id) VALUES ('D1', '" WHO "', 'o1')",
	"INSERT INTO payment (payment_no, taxpayer_id, op_id, amount, serial) VALUES ('P1', '" WHO "', 'o2', 4990, '1')",
	"INSERT INTO payment_event (payment_no, seq, taxpayer_id, event) VALUES ('P1', 1, '" WHO "', 'created')",
	"INSERT INTO voucher (voucher_no, taxpayer_id, op_id, verify_code, amount) VALUES ('V1', '" WHO "', 'o3', 'c1', 1)",
	"INSERT INTO certificate (certificate_no, taxpayer_id, op_id, verify_code) VALUES ('C1', '" WHO "', 'o4', 'c2')",
	"INSERT INTO document (number, reprint, taxpayer_id, content) VALUES ('V1', 0, '" WHO "', 'bytes')",
	"INSERT INTO consultation (consultation_id, taxpayer_id) VALUES ('Q1', '" WHO "')",
	"INSERT INTO batch_list VALUES ('B1', '" WHO "', '2020-06', '2020-06', 1, 1, 1, 1)",
	"INSERT INTO outbox (message_key, taxpayer_id, state, bytes) VALUES ('P1', '" WHO "', 'sent', 'money')",
	"INSERT INTO work (kind, holder, taxpayer_id, due_at) VALUES ('declaration', 'D1', '" WHO "', 9)",
};
static const char *const tables[] = { "head", "op", "audit", "session", "proof", "token", "agreement",
	"levy", "claim", "declaration", "payment", "payment_event", "voucher", "certificate", "document",
	"consultation", "batch_list", "outbox", "work" };
// clang-format on

static void
upgrade(const char *url)
{
	struct err err = { 0 };
	struct db *db;
	struct books_op op;
	struct levy levies[2];
	struct books_message message;
	struct buf bytes = { 0 };
	char sql[128], none[] = "L0", one[] = "L1";
	char *const numbers[] = { none, one };
	size_t i;

	OK(db_open(url, &db, &err));
	OK(books_schema_migrate_to(db, OLD_STEPS, &err));
	for (i = 0; i < ARRAY_LEN(old_rows); i++) {
		OK(db_run(db, old_rows[i], DB_NONE, NULL, &err));
	}
	OK(books_schema_migrate(db, &err));
	OK(books_schema_migrate(db, &err));
	for (i = 0; i < ARRAY_LEN(tables); i++) {
		snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s", tables[i]);
		ck_assert_msg(number_of(db, sql) == 1, "%s", tables[i]);
	}
	OK(books_levy_find(db, WHO, numbers, ARRAY_LEN(numbers), levies, &err));
	ck_assert_str_eq(levies[0].levy_no, "");
	ck_assert_int_eq(levies[1].amount, 4990);
	ck_assert_int_eq(books_audit_op_find(db, "o1", &op, &bytes, &err), 1);
	ck_assert_str_eq(buf_text(&bytes), "{}");
	buf_clear(&bytes);
	ck_assert_int_eq(books_message_find(db, "P1", &message, &bytes, &err), 1);
	ck_assert_str_eq(buf_text(&bytes), "money");
	ck_assert_int_eq(number_of(db, "SELECT COUNT(*) FROM token WHERE token_id = '0123456789ab'"), 1);
	/* The rules of the old tables hold in the new ones. */
	FAILS(ERR_TAKEN, db_run(db, old_rows[7], DB_NONE, NULL, &err));
	FAILS(ERR_TAKEN, db_run(db,
	    "INSERT INTO claim (kind, holder, levy_no, taxpayer_id, live) VALUES ('voucher', 'V1', 'L1', '" WHO "', 1)",
	    DB_NONE, NULL, &err));
	buf_release(&bytes);
	db_close(db);
}

START_TEST(books_of_the_first_release_are_brought_up_to_date)
{
	each_engine(upgrade);
}
END_TEST

/* The columns of a table's keys and unique indexes, as PostgreSQL tells them. */
static void
check_keys(const char *url)
{
	struct err err = { 0 };
	struct rows *rows = NULL;
	struct db *db;
	int64_t count = 0;
	int more;

	OK(db_open(url, &db, &err));
	if (db_is_sqlite(db)) {
		db_close(db);
		return;
	}
	OK(books_schema_migrate(db, &err));
	OK(db_query(db,
	    "SELECT t.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i"
	    " JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
	    " WHERE n.nspname = current_schema() AND i.indisunique"
	    " AND t.relname NOT IN ('counter', 'token', 'schema_migration', 'source_failure', 'source_lock')",
	    DB_NONE, &rows, &err));
	while ((more = db_rows_next(rows, &err)) == 1) {
		ck_assert_msg(strstr(strchr(db_rows_text(rows, 1), '('), "taxpayer_id") != NULL, "%s: %s",
		    db_rows_text(rows, 0), db_rows_text(rows, 1));
		count++;
	}
	ck_assert_int_eq(more, 0);
	ck_assert_int_gt(count, 20);
	db_rows_close(rows);
	db_close(db);
}

START_TEST(every_key_has_the_employer)
{
	each_engine(check_keys);
}
END_TEST

/* ---- books from one engine to the other */

#define MANY 1234 /* more than two pages */

static struct db *
open_filled(const char *url)
{
	static const char *const new_rows[] = {
		"INSERT INTO employer (taxpayer_id, name) VALUES ('" WHO "', '贵州“茅台”')",
		"INSERT INTO unit (taxpayer_id, unit_no) VALUES ('" WHO "', '00048857')",
		"INSERT INTO account (taxpayer_id, account_no) VALUES ('" WHO "', '6222')",
		"INSERT INTO credential (taxpayer_id) VALUES ('" WHO "')",
		"INSERT INTO counter (name, value) VALUES ('serial 2020-06-15', 9007199254740993)",
		"INSERT INTO source_failure VALUES ('10.0.0.1', '" WHO "', 1)",
		"INSERT INTO source_lock VALUES ('10.0.0.1', 1, 2)",
		"INSERT INTO password_past VALUES ('" WHO "', 1, 'hash')",
	};
	struct err err = { 0 };
	struct db *db;
	char sql[160];
	size_t i;

	OK(db_open(url, &db, &err));
	OK(books_schema_migrate_to(db, OLD_STEPS, &err));
	for (i = 0; i < ARRAY_LEN(old_rows); i++) {
		OK(db_run(db, old_rows[i], DB_NONE, NULL, &err));
	}
	OK(books_schema_migrate(db, &err));
	for (i = 0; i < ARRAY_LEN(new_rows); i++) {
		OK(db_run(db, new_rows[i], DB_NONE, NULL, &err));
	}
	OK(db_begin(db, &err));
	for (i = 0; i < MANY; i++) {
		snprintf(sql, sizeof(sql), "INSERT INTO levy (levy_no, taxpayer_id, amount) VALUES ('N%d', '" WHO "', %d)",
		    (int)i, (int)i);
		OK(db_run(db, sql, DB_NONE, NULL, &err));
	}
	OK(db_commit(db, &err));
	return db;
}

/* A table that the copy forgets is empty in it. */
static void
check_complete(struct db *from, struct db *to)
{
	struct err err = { 0 };
	struct rows *rows = NULL;
	char sql[128];
	int more, count = 0;

	OK(db_query(from,
	    db_is_sqlite(from)
		? "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
		: "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()",
	    DB_NONE, &rows, &err));
	while ((more = db_rows_next(rows, &err)) == 1) {
		snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s", db_rows_text(rows, 0));
		ck_assert_msg(number_of(from, sql) > 0, "%s", sql);
		ck_assert_msg(number_of(from, sql) == number_of(to, sql), "%s", sql);
		count++;
	}
	ck_assert_int_eq(more, 0);
	ck_assert_int_gt(count, 26);
	db_rows_close(rows);
}

static void
copy_from(const char *from_url)
{
	struct err err = { 0 };
	struct db *from = open_filled(from_url), *to;
	char url[URL_MAX];
	int64_t copied;
	int engine;

	for (engine = 0; engine < ENGINE_COUNT; engine++) {
		fresh_url((enum engine)engine, url);
		OK(db_open(url, &to, &err));
		ck_assert_msg(books_copy(from, to, &copied, &err) == 1, "%s", err.text);
		ck_assert_int_gt(copied, MANY);
		check_complete(from, to);
		ck_assert_int_eq(number_of(to, "SELECT value FROM counter"), 9007199254740993);
		/* Once more: it is there already. Changed: it is something else. */
		ck_assert_msg(books_copy(from, to, &copied, &err) == 0, "%s", err.text);
		OK(db_run(to, "UPDATE levy SET amount = amount + 1 WHERE levy_no = 'N1233'", DB_NONE, NULL, &err));
		FAILS(ERR_TAKEN, books_copy(from, to, &copied, &err));
		db_close(to);
	}
	fresh_url(POSTGRESQL, url);
	OK(db_open(url, &to, &err));
	ck_assert_int_eq(books_copy_move(from, to, 5, &copied, &err), 1);
	ck_assert_int_eq(books_copy_moved(from, &err), 1);
	ck_assert_int_eq(books_copy_moved(to, &err), 0);
	db_close(to);
	db_close(from);
}

START_TEST(books_go_from_any_engine_to_any_other)
{
	each_engine(copy_from);
}
END_TEST

UNIT_MAIN("books_schema", books_of_the_first_release_are_brought_up_to_date,
    every_key_has_the_employer, books_go_from_any_engine_to_any_other)
