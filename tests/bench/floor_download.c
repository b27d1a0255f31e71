/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The least that a download of a long list can be: one process with libcurl, a small tokenizer and
 * prepared inserts into a table, whose indices are made afterwards. No checks, no old list that
 * stays until the new one is whole, no resuming, one transaction.
 *
 *	floor_download SOCKET TOKEN SCHEMA DATABASE
 *
 * SCHEMA is a file of SQL: CREATE TABLE levy first, then its indices. Prints "download ms N",
 * "download cpu_ms N" and "download rows N".
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <curl/curl.h>
#include <sqlite3.h>

#define COLUMNS_MAX 64
#define LINE_MAX_BYTES 65536
#define FILE_MAX_BYTES 65536

static struct {
	sqlite3 *db;
	sqlite3_stmt *insert;
	char line[LINE_MAX_BYTES]; /* the beginning of one that is not whole */
	size_t held;
	int is_header, columns;
	long rows, page;
	int64_t last; /* the version in the last column of the last row */
} down;

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "floor_download: %s: %s\n", what, why);
	exit(1);
}

static void
run(const char *sql)
{
	if (sqlite3_exec(down.db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		die(sql, sqlite3_errmsg(down.db));
	}
}

static void
prepare(const char *names, size_t n)
{
	char sql[4096], marks[COLUMNS_MAX * 2 + 1] = "?";
	size_t i;

	down.columns = 1;
	for (i = 0; i < n; i++) {
		if (names[i] == ',') {
			strcat(marks, ",?");
			down.columns++;
		}
	}
	snprintf(sql, sizeof(sql), "INSERT INTO levy (%.*s) VALUES (%s)", (int)n, names, marks);
	if (sqlite3_prepare_v2(down.db, sql, -1, &down.insert, NULL) != SQLITE_OK) {
		die(sql, sqlite3_errmsg(down.db));
	}
}

static void
take_line(const char *line, size_t n)
{
	const char *end = line + n, *comma;
	int i;

	if (down.is_header) {
		down.is_header = 0;
		if (down.insert == NULL) {
			prepare(line, n);
		}
		return;
	}
	for (i = 1; i <= down.columns; i++) {
		comma = memchr(line, ',', (size_t)(end - line));
		comma = comma == NULL ? end : comma;
		if (i == down.columns) {
			down.last = strtoll(line, NULL, 10);
		}
		/* The column's affinity makes a number of what is one. */
		sqlite3_bind_text(down.insert, i, line, (int)(comma - line), SQLITE_STATIC);
		line = comma + 1;
	}
	if (sqlite3_step(down.insert) != SQLITE_DONE) {
		die("insert", sqlite3_errmsg(down.db));
	}
	sqlite3_reset(down.insert);
	down.rows++;
	down.page++;
}

static size_t
on_bytes(char *bytes, size_t size, size_t count, void *user)
{
	char *end = bytes + size * count, *p = bytes, *newline;

	(void)user;
	while ((newline = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		if (down.held > 0) {
			/* With its end: a number is read up to there. */
			memcpy(down.line + down.held, p, (size_t)(newline - p) + 1);
			take_line(down.line, down.held + (size_t)(newline - p));
			down.held = 0;
		} else {
			take_line(p, (size_t)(newline - p));
		}
		p = newline + 1;
	}
	memcpy(down.line + down.held, p, (size_t)(end - p));
	down.held += (size_t)(end - p);
	return size * count;
}

static void
download(const char *socket, const char *token)
{
	CURL *curl = curl_easy_init();
	struct curl_slist *headers = curl_slist_append(NULL, "Accept: text/csv");
	char text[320];

	snprintf(text, sizeof(text), "Authorization: Bearer %s", token);
	headers = curl_slist_append(headers, text);
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, socket);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	do {
		CURLcode code;

		down.page = 0;
		down.is_header = 1;
		snprintf(text, sizeof(text), "http://bench/v1/levies?after=%lld", (long long)down.last);
		curl_easy_setopt(curl, CURLOPT_URL, text);
		code = curl_easy_perform(curl);
		if (code != CURLE_OK) {
			die(text, curl_easy_strerror(code));
		}
	} while (down.page > 0);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
}

int
main(int argc, char **argv)
{
	static char schema[FILE_MAX_BYTES];
	struct rusage usage;
	double from = now_ms();
	char *indices;
	FILE *file;

	if (argc != 5) {
		fputs("usage: floor_download SOCKET TOKEN SCHEMA DATABASE\n", stderr);
		return 2;
	}
	file = fopen(argv[3], "r");
	if (file == NULL || fread(schema, 1, sizeof(schema) - 1, file) == 0) {
		die(argv[3], "cannot be read");
	}
	fclose(file);
	indices = strstr(schema, ";\n");
	if (indices == NULL || sqlite3_open(argv[4], &down.db) != SQLITE_OK) {
		die(argv[4], "cannot be opened");
	}
	*indices = '\0';
	run(schema);
	run("BEGIN");
	download(argv[1], argv[2]);
	run(indices + 2);
	run("COMMIT");
	sqlite3_finalize(down.insert);
	sqlite3_close(down.db);
	getrusage(RUSAGE_SELF, &usage);
	printf("download ms %.4g\n", now_ms() - from);
	printf("download cpu_ms %.4g\n",
	    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000);
	printf("download rows %ld\n", down.rows);
	return 0;
}
