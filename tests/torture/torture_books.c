/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the books, the client's mirror and the bank's ledger hold, read without the product. */
#define _GNU_SOURCE
#include "torture.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_SIZE ((size_t)1 << 20)
#define DUMP_SIZE ((size_t)1 << 20)

static sqlite3 *
open_database(const char *name, int flags)
{
	char path[PATH_MAX + 64];
	sqlite3 *db = NULL;

	snprintf(path, sizeof(path), "%s/%s", torture.now, name);
	if (sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK) {
		sqlite3_close(db);
		return NULL;
	}
	sqlite3_busy_timeout(db, 10000);
	return db;
}

/* Appends the rows of a query, columns by blanks, rows by "; ". */
static void
add_rows(sqlite3 *db, const char *sql, char *out, size_t size)
{
	sqlite3_stmt *stmt = NULL;
	size_t n = strlen(out);
	int i;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		snprintf(out + n, size - n, "%s", sqlite3_errmsg(db));
		return;
	}
	while (sqlite3_step(stmt) == SQLITE_ROW && n + 2 < size) {
		for (i = 0; i < sqlite3_column_count(stmt) && n + 2 < size; i++) {
			const char *text = (const char *)sqlite3_column_text(stmt, i);

			n += (size_t)snprintf(out + n, size - n, "%s ", text == NULL ? "-" : text);
		}
		if (n + 2 < size) {
			n += (size_t)snprintf(out + n, size - n, "; ");
		}
	}
	sqlite3_finalize(stmt);
}

void
books_value(const char *database, const char *sql, char *out, size_t size)
{
	sqlite3 *db = open_database(database, SQLITE_OPEN_READONLY);
	sqlite3_stmt *stmt = NULL;

	out[0] = '\0';
	if (db != NULL && sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_text(stmt, 0) != NULL) {
		snprintf(out, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

void
books_make(const char *database, const char *dump)
{
	sqlite3 *db = open_database(database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	char *sql = calloc(1, DUMP_SIZE), *words = NULL;
	FILE *file = fopen(dump, "re");

	if (file == NULL || fread(sql, 1, DUMP_SIZE - 1, file) == 0 || db == NULL ||
	    sqlite3_exec(db, sql, NULL, NULL, &words) != SQLITE_OK) {
		fprintf(stderr, "torture: %s: %s\n", dump, words == NULL ? "?" : words);
		exit(2);
	}
	fclose(file);
	free(sql);
	sqlite3_close(db);
}

/* ---- truth */

/* The bank's money, line by line of its own file. */
static void
add_ledger(char *out, size_t size)
{
	char path[PATH_MAX + 64], line[1024], kind[32], key[80], op[64], account[64], name[512], code[16];
	long long amount, debits = 0, debited = 0, counters = 0, counted = 0;
	FILE *file;
	size_t n = strlen(out);

	snprintf(path, sizeof(path), "%s/state/bank.ledger", torture.now);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		op[0] = account[0] = name[0] = '\0';
		if (sscanf(line, "debit\t%79[^\t]\t%63[^\t]\t%63[^\t]\t%511[^\t]\t%lld\t%15[^\t]", key, op, account, name, &amount, code) == 6 &&
		    strcmp(code, "90000") == 0) {
			debits++;
			debited += amount;
		} else if (sscanf(line, "%31[^\t]\t%79[^\t]\t\t\t\t%lld\t%15[^\t]", kind, key, &amount, code) == 4 &&
			   strcmp(kind, "counter") == 0 && strcmp(code, "90000") == 0) {
			counters++;
			counted += amount;
		}
	}
	if (file != NULL) {
		fclose(file);
	}
	snprintf(out + n, size - n, "bank %lld:%lld counter %lld:%lld", debits, debited, counters, counted);
}

void
books_truth(char out[TRUTH_MAX])
{
	static const char *const queries[] = {
		"SELECT 'employers', count(*) FROM employer",
		"SELECT 'levies', taxpayer_id, state, pay_state, count(*), sum(amount) FROM levy GROUP BY 1, 2, 3, 4 ORDER BY 2, 3, 4",
		"SELECT 'declarations', state, paid_state, count(*), sum(amount) FROM declaration GROUP BY 2, 3 ORDER BY 2, 3",
		"SELECT 'payments', state, count(*), sum(amount) FROM payment GROUP BY 2 ORDER BY 2",
		"SELECT 'vouchers', state, count(*), sum(amount) FROM voucher GROUP BY 2 ORDER BY 2",
		"SELECT 'papers', kind, state, count(*), sum(amount) FROM certificate GROUP BY 2, 3 ORDER BY 2, 3",
		"SELECT 'claims', kind, live, count(*), sum(amount) FROM claim GROUP BY 2, 3 ORDER BY 2, 3",
		"SELECT 'batches', count(*), sum(amount) FROM batch_list",
	};
	sqlite3 *db = open_database("state/books.db", SQLITE_OPEN_READONLY);
	size_t i;

	out[0] = '\0';
	for (i = 0; db != NULL && i < sizeof(queries) / sizeof(queries[0]); i++) {
		add_rows(db, queries[i], out, TRUTH_MAX);
	}
	sqlite3_close(db);
	add_ledger(out, TRUTH_MAX);
}

/* ---- what must not be */

static int
is_damaged(const char *database, char *out, size_t size)
{
	char words[256];

	books_value(database, "PRAGMA integrity_check", words, sizeof(words));
	if (strcmp(words, "ok") == 0) {
		return 0;
	}
	snprintf(out, size, "%s: integrity_check says %s", database, words);
	return 1;
}

int
books_lists_differ(char *out, size_t size)
{
	static const char *const queries[] = {
		"SELECT levy_no, state, pay_state, amount, declaration_id, payment_no, voucher_no FROM levy WHERE taxpayer_id = '91520100770598600Y' ORDER BY levy_no",
		"SELECT declaration_id, state, paid_state, amount FROM declaration WHERE taxpayer_id = '91520100770598600Y' ORDER BY declaration_id",
		"SELECT payment_no, state, amount, tax_ticket_no FROM payment WHERE taxpayer_id = '91520100770598600Y' ORDER BY payment_no",
		"SELECT voucher_no, state, amount FROM voucher WHERE taxpayer_id = '91520100770598600Y' ORDER BY voucher_no",
		"SELECT certificate_no, state, amount FROM certificate WHERE taxpayer_id = '91520100770598600Y' ORDER BY certificate_no",
	};
	sqlite3 *books = open_database("state/books.db", SQLITE_OPEN_READONLY);
	sqlite3 *mirror = open_database("home/shebao.db", SQLITE_OPEN_READONLY);
	char *ours = calloc(1, LIST_SIZE), *theirs = calloc(1, LIST_SIZE);
	size_t i;
	int differ = 0;

	for (i = 0; !differ && books != NULL && mirror != NULL && i < sizeof(queries) / sizeof(queries[0]); i++) {
		ours[0] = theirs[0] = '\0';
		add_rows(books, queries[i], theirs, LIST_SIZE);
		add_rows(mirror, queries[i], ours, LIST_SIZE);
		differ = strcmp(ours, theirs) != 0;
	}
	if (differ) {
		snprintf(out, size, "the client's list is not the service's (%.40s)", queries[i - 1]);
	}
	free(ours);
	free(theirs);
	sqlite3_close(books);
	sqlite3_close(mirror);
	return differ;
}

int
books_has_client(void)
{
	char count[32];

	books_value("home/shebao.db", "SELECT count(*) FROM employer", count, sizeof(count));
	return count[0] != '\0' && strcmp(count, "0") != 0;
}

int
books_is_pending(void)
{
	char count[32];

	books_value("home/shebao.db",
	    "SELECT (SELECT count(*) FROM payment WHERE state IN ('created', 'sent', 'unknown'))"
	    " + (SELECT count(*) FROM declaration WHERE state IN ('queued', 'pending', 'voiding'))"
	    " + (SELECT count(*) FROM journal WHERE state NOT IN ('done', 'refused'))",
	    count, sizeof(count));
	return strcmp(count, "0") != 0;
}

int
books_wrong(char *out, size_t size)
{
	char open[32], held[32];

	if (is_damaged("state/books.db", out, size)) {
		return 1;
	}
	if (!books_has_client()) {
		return 0;
	}
	if (is_damaged("home/shebao.db", out, size) || books_lists_differ(out, size)) {
		return 1;
	}
	books_value("home/shebao.db", "SELECT count(*) FROM journal WHERE state NOT IN ('done', 'refused')", open, sizeof(open));
	books_value("home/shebao.db", "SELECT count(*) FROM hold", held, sizeof(held));
	if (strcmp(open, "0") != 0 || strcmp(held, "0") != 0) {
		snprintf(out, size, "%s operations still open, %s levies still held", open, held);
		return 1;
	}
	return 0;
}
