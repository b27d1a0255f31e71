/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the books, the client's mirror and the bank's ledger hold, read without the product. */
#define _GNU_SOURCE
#include "torture.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_SIZE ((size_t)1 << 20)
#define DUMP_SIZE ((size_t)1 << 20)
#define CLUSTER_CHECK_EVERY 16 /* cycles: it takes half a second */

/* One of the two. The service's books may be on a server. */
struct database {
	sqlite3 *file;
	PGconn *server;
};

static int
open_database(const char *name, int flags, struct database *out)
{
	char path[PATH_MAX + 64];

	*out = (struct database){ 0 };
	if (torture.cluster[0] != '\0' && strcmp(name, "state/books.db") == 0) {
		out->server = cluster_open(CLUSTER_NOW);
		return out->server != NULL ? 0 : -1;
	}
	snprintf(path, sizeof(path), "%s/%s", torture.now, name);
	if (sqlite3_open_v2(path, &out->file, flags, NULL) != SQLITE_OK) {
		sqlite3_close(out->file);
		return -1;
	}
	sqlite3_busy_timeout(out->file, 10000);
	return 0;
}

static void
close_database(struct database *db)
{
	sqlite3_close(db->file);
	PQfinish(db->server);
}

/* texts[i] NULL: no value. 0 goes on. */
typedef int row_fn(const char *const *texts, int count, void *user);

enum {
	COLUMNS_MAX = 16
};

/* NULL, or what was wrong. */
static const char *
each_row(const struct database *db, const char *sql, row_fn *fn, void *user)
{
	const char *texts[COLUMNS_MAX];
	PGresult *result;
	int row, i, is_over = 0;
	sqlite3_stmt *stmt = NULL;

	if (db->server != NULL) {
		result = PQexec(db->server, sql);
		for (row = 0; !is_over && row < PQntuples(result); row++) {
			for (i = 0; i < PQnfields(result); i++) {
				texts[i] = PQgetisnull(result, row, i) ? NULL : PQgetvalue(result, row, i);
			}
			is_over = fn(texts, i, user);
		}
		PQclear(result);
		return PQerrorMessage(db->server)[0] != '\0' ? PQerrorMessage(db->server) : NULL;
	}
	if (sqlite3_prepare_v2(db->file, sql, -1, &stmt, NULL) != SQLITE_OK) {
		return sqlite3_errmsg(db->file);
	}
	while (!is_over && sqlite3_step(stmt) == SQLITE_ROW) {
		for (i = 0; i < sqlite3_column_count(stmt); i++) {
			texts[i] = (const char *)sqlite3_column_text(stmt, i);
		}
		is_over = fn(texts, i, user);
	}
	sqlite3_finalize(stmt);
	return NULL;
}

struct text {
	char *out;
	size_t size, n;
};

/* Columns by blanks, rows by "; ". */
static int
add_row(const char *const *texts, int count, void *user)
{
	struct text *t = user;
	int i;

	for (i = 0; i <= count && t->n + 2 < t->size; i++) {
		t->n += (size_t)snprintf(t->out + t->n, t->size - t->n, "%s ",
		    i == count ? ";" : texts[i] == NULL ? "-" : texts[i]);
	}
	return t->n + 2 >= t->size;
}

/* Appends the rows of a query. */
static void
add_rows(const struct database *db, const char *sql, char *out, size_t size)
{
	struct text t = { out, size, strlen(out) };
	const char *wrong = each_row(db, sql, add_row, &t);

	if (wrong != NULL) {
		snprintf(out + t.n, size - t.n, "%s", wrong);
	}
}

static int
keep_first(const char *const *texts, int count, void *user)
{
	const struct text *t = user;

	snprintf(t->out, t->size, "%s", count > 0 && texts[0] != NULL ? texts[0] : "");
	return 1;
}

void
books_value(const char *database, const char *sql, char *out, size_t size)
{
	struct text t = { out, size, 0 };
	struct database db;

	out[0] = '\0';
	if (open_database(database, SQLITE_OPEN_READONLY, &db) == 0) {
		(void)each_row(&db, sql, keep_first, &t);
		close_database(&db);
	}
}

static int
ignore(const char *const *texts, int count, void *user)
{
	(void)texts;
	(void)count;
	(void)user;
	return 0;
}

/* The dump of a SQLite file in the words of the other engine. */
static char *
translate(const char *dump)
{
	char *sql = calloc(1, 2 * DUMP_SIZE), *end = sql;
	const char *line, *next;

	for (line = dump; *line != '\0'; line = next) {
		int is_table = strncmp(line, "CREATE TABLE", 12) == 0;

		next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (strncmp(line, "PRAGMA", 6) == 0) {
			continue;
		}
		while (line < next) {
			if (is_table && strncmp(line, " TEXT", 5) == 0) {
				end += sprintf(end, " TEXT COLLATE \"C\"");
				line += 5;
			} else {
				*end++ = *line++;
			}
		}
	}
	return sql;
}

void
books_make(const char *database, const char *dump)
{
	char *sql = calloc(1, DUMP_SIZE), *other;
	FILE *file = fopen(dump, "re");
	struct database db;
	const char *wrong = "cannot be read";

	if (file == NULL || fread(sql, 1, DUMP_SIZE - 1, file) == 0 ||
	    open_database(database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db) != 0) {
		fprintf(stderr, "torture: %s: %s\n", dump, wrong);
		exit(2);
	}
	fclose(file);
	if (db.server != NULL) {
		other = translate(sql);
		wrong = each_row(&db, other, ignore, NULL);
		free(other);
	} else {
		wrong = sqlite3_exec(db.file, sql, NULL, NULL, NULL) == SQLITE_OK ? NULL : sqlite3_errmsg(db.file);
	}
	if (wrong != NULL) {
		fprintf(stderr, "torture: %s: %s\n", dump, wrong);
		exit(2);
	}
	free(sql);
	close_database(&db);
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
	struct database db;
	size_t i;

	out[0] = '\0';
	if (open_database("state/books.db", SQLITE_OPEN_READONLY, &db) == 0) {
		for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
			add_rows(&db, queries[i], out, TRUTH_MAX);
		}
		close_database(&db);
	}
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
	struct database books, mirror;
	int are_there = open_database("state/books.db", SQLITE_OPEN_READONLY, &books) == 0;
	char *ours = calloc(1, LIST_SIZE), *theirs = calloc(1, LIST_SIZE);
	size_t i;
	int differ = 0;

	are_there = open_database("home/shebao.db", SQLITE_OPEN_READONLY, &mirror) == 0 && are_there;
	for (i = 0; !differ && are_there && i < sizeof(queries) / sizeof(queries[0]); i++) {
		ours[0] = theirs[0] = '\0';
		add_rows(&books, queries[i], theirs, LIST_SIZE);
		add_rows(&mirror, queries[i], ours, LIST_SIZE);
		differ = strcmp(ours, theirs) != 0;
	}
	if (differ) {
		snprintf(out, size, "the client's list is not the service's (%.40s)", queries[i - 1]);
	}
	free(ours);
	free(theirs);
	close_database(&books);
	close_database(&mirror);
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

	if (torture.cluster[0] == '\0' && is_damaged("state/books.db", out, size)) {
		return 1;
	}
	if (torture.cluster[0] != '\0' && torture.cycles % CLUSTER_CHECK_EVERY == 0 && cluster_do("check", CLUSTER_NOW) != 0) {
		snprintf(out, size, "pg_amcheck finds something");
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
