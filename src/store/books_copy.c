/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The books as a whole, from one database to another, of whatever engine: to move them, and as a
 * backup. Rows are read in the order of their keys, page by page, and compared cell by cell after
 * they were written.
 */
#include "shebao/books.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/i18n.h"
#include "shebao/mem.h"

#define PAGE 500
#define KEYS_MAX 4
#define COLUMNS_MAX 128
#define MOVED "moved" /* a counter whose value is when */

// clang-format off
static const struct table {
	const char *name;
	const char *keys[KEYS_MAX];
} tables[] = {
	{ "counter", { "name" } },
	{ "token", { "token_hash" } },
	{ "source_failure", { "source", "taxpayer_id" } },
	{ "source_lock", { "source" } },
	{ "head", { "taxpayer_id" } },
	{ "employer", { "taxpayer_id" } },
	{ "unit", { "taxpayer_id", "unit_no", "agency_code" } },
	{ "account", { "taxpayer_id", "account_no" } },
	{ "agreement", { "taxpayer_id", "agreement_no" } },
	{ "credential", { "taxpayer_id" } },
	{ "password_past", { "taxpayer_id", "at" } },
	{ "session", { "taxpayer_id", "token_hash" } },
	{ "proof", { "taxpayer_id", "proof_hash" } },
	{ "op", { "taxpayer_id", "op_id" } },
	{ "audit", { "taxpayer_id", "seq" } },
	{ "levy", { "taxpayer_id", "levy_no" } },
	{ "claim", { "taxpayer_id", "kind", "holder", "levy_no" } },
	{ "declaration", { "taxpayer_id", "declaration_id" } },
	{ "payment", { "taxpayer_id", "payment_no" } },
	{ "payment_event", { "taxpayer_id", "payment_no", "seq" } },
	{ "voucher", { "taxpayer_id", "voucher_no" } },
	{ "certificate", { "taxpayer_id", "certificate_no" } },
	{ "document", { "taxpayer_id", "number", "reprint" } },
	{ "consultation", { "taxpayer_id", "consultation_id" } },
	{ "batch_list", { "taxpayer_id", "batch_list_no" } },
	{ "outbox", { "taxpayer_id", "message_key" } },
	{ "work", { "taxpayer_id", "kind", "holder" } },
};
// clang-format on

/* The rows of a table in the order of its key. */
struct reader {
	struct db *db;
	const struct table *table;
	struct buf columns; /* their names, with commas */
	int key_columns[KEYS_MAX], key_count;
	struct rows *rows; /* of the page; NULL: none is open */
	int in_page;
	int begun;
	struct db_value last[KEYS_MAX]; /* key of the last row; texts are owned */
};

static void
reader_release(struct reader *r)
{
	int i;

	db_rows_close(r->rows);
	for (i = 0; i < r->key_count; i++) {
		free((void *)(uintptr_t)r->last[i].bytes);
	}
	buf_release(&r->columns);
}

/* Which columns there are, and which of them are the key. */
static int
reader_init(struct reader *r, struct db *db, const struct table *table, struct err *err)
{
	char *sql = mem_printf("SELECT * FROM %s LIMIT 0", table->name);
	struct rows *rows = NULL;
	int i, k, failed = db_query(db, sql, DB_NONE, &rows, err);

	free(sql);
	*r = (struct reader){ .db = db, .table = table };
	if (failed < 0) {
		return -1;
	}
	for (i = 0; i < db_rows_count(rows); i++) {
		buf_printf(&r->columns, "%s%s", i > 0 ? ", " : "", db_rows_name(rows, i));
		for (k = 0; k < KEYS_MAX && table->keys[k] != NULL; k++) {
			if (strcmp(table->keys[k], db_rows_name(rows, i)) == 0) {
				r->key_columns[k] = i;
				r->key_count++;
			}
		}
	}
	db_rows_close(rows);
	return 0;
}

static void
put_keys(const struct reader *r, struct buf *out, int as_values)
{
	int k;

	for (k = 0; k < r->key_count; k++) {
		buf_puts(out, k > 0 ? ", " : "");
		if (as_values) {
			buf_printf(out, "$%d", k + 1);
		} else {
			buf_puts(out, r->table->keys[k]);
		}
	}
}

static int
open_page(struct reader *r, struct err *err)
{
	struct buf sql = { 0 };
	int failed;

	buf_printf(&sql, "SELECT %s FROM %s", buf_text(&r->columns), r->table->name);
	if (r->begun) {
		buf_puts(&sql, " WHERE (");
		put_keys(r, &sql, 0);
		buf_puts(&sql, ") > (");
		put_keys(r, &sql, 1);
		buf_puts(&sql, ")");
	}
	buf_puts(&sql, " ORDER BY ");
	put_keys(r, &sql, 0);
	buf_printf(&sql, " LIMIT %d", PAGE);
	failed = db_query(r->db, buf_text(&sql), r->last,
	    r->begun ? (size_t)r->key_count : 0, &r->rows, err);
	buf_release(&sql);
	r->in_page = 0;
	return failed;
}

static void
remember(struct reader *r)
{
	int k;

	for (k = 0; k < r->key_count; k++) {
		struct db_value *last = &r->last[k];

		free((void *)(uintptr_t)last->bytes);
		*last = db_rows_value(r->rows, r->key_columns[k]);
		if (last->type == DB_TEXT) {
			last->bytes = mem_dup(last->bytes);
		}
	}
	r->begun = 1;
	r->in_page++;
}

/* 1 a row, 0 no more, -1 failed. */
static int
reader_next(struct reader *r, struct err *err)
{
	int got;

	for (;;) {
		if (r->rows == NULL && open_page(r, err) < 0) {
			return -1;
		}
		got = db_rows_next(r->rows, err);
		if (got == 1) {
			remember(r);
		}
		if (got != 0) {
			return got;
		}
		db_rows_close(r->rows);
		r->rows = NULL;
		if (r->in_page < PAGE) {
			return 0;
		}
	}
}

/* ---- writing */

static char *
insert_sql(const struct reader *r, int columns)
{
	struct buf sql = { 0 };
	int i;

	buf_printf(
	    &sql, "INSERT INTO %s (%s) VALUES (", r->table->name, buf_text(&r->columns));
	for (i = 0; i < columns; i++) {
		buf_printf(&sql, "%s$%d", i > 0 ? ", " : "", i + 1);
	}
	buf_puts(&sql, ")");
	return buf_detach(&sql);
}

static int
write_row(const struct rows *rows, struct db *to, const char *sql, struct err *err)
{
	struct db_value values[COLUMNS_MAX];
	int i, count = db_rows_count(rows);

	if (count > COLUMNS_MAX) {
		return err_set(err, ERR_LOCAL, "%d columns", count);
	}
	for (i = 0; i < count; i++) {
		values[i] = db_rows_value(rows, i);
	}
	return db_post(to, sql, values, (size_t)count, DB_ANY, ERR_NONE, err);
}

static int
copy_table(struct reader *r, struct db *to, int64_t *copied, struct err *err)
{
	char *sql = NULL;
	int got;

	while ((got = reader_next(r, err)) == 1) {
		if (sql == NULL) {
			sql = insert_sql(r, db_rows_count(r->rows));
		}
		if (write_row(r->rows, to, sql, err) < 0) {
			got = -1;
			break;
		}
		++*copied;
	}
	free(sql);
	return got;
}

/* ---- comparing */

static int
is_same(const struct rows *a, const struct rows *b)
{
	int i, count = db_rows_count(a);

	for (i = 0; i < count; i++) {
		struct db_value x = db_rows_value(a, i), y = db_rows_value(b, i);

		if (x.type != y.type || x.number != y.number || x.len != y.len ||
		    (x.len > 0 && memcmp(x.bytes, y.bytes, x.len) != 0)) {
			return 0;
		}
	}
	return count == db_rows_count(b);
}

/* 1 the same, 0 not, -1 failed. */
static int
compare_tables(struct reader *a, struct reader *b, struct err *err)
{
	int got_a, got_b;

	/* In the same order of columns, whatever steps made them. */
	buf_clear(&b->columns);
	buf_puts(&b->columns, buf_text(&a->columns));
	memcpy(b->key_columns, a->key_columns, sizeof(b->key_columns));
	do {
		got_a = reader_next(a, err);
		got_b = got_a < 0 ? -1 : reader_next(b, err);
	} while (got_a == 1 && got_b == 1 && is_same(a->rows, b->rows));
	if (got_a < 0 || got_b < 0) {
		return -1;
	}
	return got_a == 0 && got_b == 0;
}

static int
compare(struct db *from, struct db *to, const char **different, struct err *err)
{
	size_t i;
	int same = 1;

	for (i = 0; same == 1 && i < ARRAY_LEN(tables); i++) {
		struct reader a, b = { 0 };

		same = reader_init(&a, from, &tables[i], err) < 0 ||
			reader_init(&b, to, &tables[i], err) < 0
		    ? -1
		    : compare_tables(&a, &b, err);
		*different = tables[i].name;
		reader_release(&a);
		reader_release(&b);
	}
	return same;
}

static int
is_empty(struct db *to, struct err *err)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(tables); i++) {
		char *sql = mem_printf("SELECT COUNT(*) FROM %s", tables[i].name);
		int64_t count = 0;
		int found = db_find_int(to, sql, DB_NONE, &count, err);

		free(sql);
		if (found < 0 || count > 0) {
			return found < 0 ? -1 : 0;
		}
	}
	return 1;
}

static int
copy_all(struct db *from, struct db *to, int64_t *copied, struct err *err)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(tables); i++) {
		struct reader r;
		int failed = reader_init(&r, from, &tables[i], err) < 0 ||
		    copy_table(&r, to, copied, err) < 0;

		reader_release(&r);
		if (failed) {
			return err_wrap(err, "%s", tables[i].name);
		}
	}
	return 0;
}

/* In a transaction of both. */
static int
copy_and_compare(struct db *from, struct db *to, int64_t *copied, struct err *err)
{
	const char *different = "";
	int empty = is_empty(to, err), same;

	if (empty < 0 || (empty && copy_all(from, to, copied, err) < 0)) {
		return -1;
	}
	same = compare(from, to, &different, err);
	if (same == 0) {
		return empty ? err_set(err, ERR_LOCAL, _("复制后核对不一致：%s"), different)
			     : err_set(err, ERR_TAKEN,
				   _("目标数据库里已有别的账簿（%s），应为空的数据库"), different);
	}
	return same < 0 ? -1 : empty;
}

/* from is in a transaction. */
static int
copy(struct db *from, struct db *to, int64_t *copied, struct err *err)
{
	int result = -1;

	*copied = 0;
	if (db_begin(to, err) == 0) {
		result = copy_and_compare(from, to, copied, err);
		if (result >= 0 && db_commit(to, err) < 0) {
			result = -1;
		}
		db_rollback(to);
	}
	return result;
}

int
books_copy(struct db *from, struct db *to, int64_t *copied, struct err *err)
{
	int result;

	if (books_schema_migrate(to, err) < 0 || db_begin_read(from, err) < 0) {
		return -1;
	}
	result = copy(from, to, copied, err);
	db_rollback(from);
	return result;
}

int
books_copy_backup(struct db *db, const char *path, struct err *err)
{
	struct db *copy = NULL;
	int64_t copied;
	char *url;
	int failed;

	if (db_is_sqlite(db)) {
		return db_backup(db, path, err);
	}
	url = mem_printf("sqlite:%s", path);
	failed = db_open(url, &copy, err) < 0 || books_copy(db, copy, &copied, err) < 0 ||
	    db_check(copy, err) < 0;
	db_close(copy);
	free(url);
	return failed ? -1 : 0;
}

int
books_copy_move(struct db *from, struct db *to, int64_t now, int64_t *copied, struct err *err)
{
	int result = -1;

	/* First, because changes of schema wait for each other and from is not to wait for itself. */
	if (books_schema_migrate(to, err) < 0 || db_begin(from, err) < 0) {
		return -1;
	}
	/* Every change of the books moves a row of head. */
	if (db_is_sqlite(from) ||
	    db_run(from, "LOCK TABLE head IN EXCLUSIVE MODE", DB_NONE, NULL, err) == 0) {
		result = copy(from, to, copied, err);
	}
	if (result >= 0 &&
	    (db_run(from, "INSERT INTO counter (name, value) VALUES ('" MOVED "', $1)",
		 DB_ARGS(db_int(now)), NULL, err) < 0 ||
		db_commit(from, err) < 0)) {
		result = -1;
	}
	db_rollback(from);
	return result;
}

int
books_copy_moved(struct db *db, struct err *err)
{
	int64_t at;

	return db_find_int(
	    db, "SELECT value FROM counter WHERE name = '" MOVED "'", DB_NONE, &at, err);
}
