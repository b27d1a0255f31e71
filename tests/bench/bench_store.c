/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the client's lists cost, without a screen:
 *
 *	bench_store fill DATABASE ROWS [EMPLOYER]  ROWS levies, as a download puts them there
 *	bench_store lists DATABASE       times of everything that a list of levies does
 *	bench_store commits DATABASE SECONDS  durable commits a second: alone, and 8, 64 in one
 *
 * Each figure is a line "NAME METRIC VALUE". ms are of this process on its processor: the file is in
 * the cache, and what else the machine does is left out. commits counts by the wall clock.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shebao/levy.h"
#include "shebao/mem.h"
#include "shebao/mirror.h"
#include "shebao/states.h"

/* Later than any change that a service has to tell: a client downloads nothing over them. */
#define FIRST_VERSION 1000000000
#define PAGE_ROWS 40
#define COMMIT_ROWS 2000
#define RARE "稀有协议机构"

static const char *employer = "91520100770598600Y";

static double
now_ms(int wall)
{
	struct timespec t;

	clock_gettime(wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void
print(const char *name, const char *metric, double value)
{
	printf("%s %s %.4g\n", name, metric, value);
	fflush(stdout);
}

/* ---- rows */

static void
make_levy(struct levy *levy, int64_t i, int64_t count)
{
	static const char *const agencies[] = { "贵阳市社会保险事业局", "云岩区社会保险事业局",
		"南明区社会保险事业局", "贵阳市医疗保障局" };
	static const struct {
		const char *code, *name;
	} items[] = { { "10210", "企业职工基本养老保险费" }, { "10211", "失业保险费" },
		{ "10212", "基本医疗保险费" }, { "10213", "工伤保险费" }, { "10214", "生育保险费" } };
	const size_t item = (size_t)(i / 7 % 5);
	const int month = (int)(i / 40000 % 24);

	*levy = (struct levy){ .headcount = i * 31 % 1999 + 1,
		.base_amount = i * 7919 % 90000000 + 100000,
		.rate = 160000,
		.amount = i * 104729 % 9999999 + 100,
		.kind = i % 97 == 0 ? LEVY_SPECIAL : LEVY_NORMAL,
		.version = FIRST_VERSION + i };
	snprintf(levy->levy_no, sizeof(levy->levy_no), "5201%014lld", (long long)i);
	mem_copy_text(levy->taxpayer_id, sizeof(levy->taxpayer_id), employer);
	snprintf(levy->unit_no, sizeof(levy->unit_no), "5201%06d", (int)(i % 36) + 48857);
	snprintf(levy->agency_code, sizeof(levy->agency_code), "52010%d", (int)(i % 4));
	/* One row, near the end, that a search finds last. */
	mem_copy_text(levy->agency_name, sizeof(levy->agency_name),
	    i == count - count / 50 - 1 ? RARE : agencies[i % 4]);
	mem_copy_text(levy->item_code, sizeof(levy->item_code), items[item].code);
	mem_copy_text(levy->item_name, sizeof(levy->item_name), items[item].name);
	mem_copy_text(levy->category_name, sizeof(levy->category_name),
	    i % 2 == 0 ? "单位缴纳" : "个人缴纳");
	snprintf(levy->period_from, sizeof(levy->period_from), "%d-%02d", 2019 + month / 12,
	    month % 12 + 1);
	mem_copy_text(levy->period_to, sizeof(levy->period_to), levy->period_from);
	/* Every fifth is paid long since. */
	if (i % 5 == 3) {
		snprintf(levy->tax_ticket_no, sizeof(levy->tax_ticket_no), "352016%012lld", (long long)(i * 7919 % count));
	}
	mem_copy_text(levy->due_date, sizeof(levy->due_date), "2099-12-31");
}

static int
fill(struct db *db, int64_t count, struct err *err)
{
	double from = now_ms(0), put;
	struct mirror_staging *staging = mirror_staging_new(db, MIRROR_LEVY);
	struct levy levy;
	int64_t i;

	for (i = 0; i < count; i++) {
		if (i % COMMIT_ROWS == 0 && mirror_staging_open(staging, err) < 0) {
			return -1;
		}
		make_levy(&levy, i, count);
		if (mirror_staging_put(staging, &levy, err) < 0) {
			return -1;
		}
		if ((i % COMMIT_ROWS == COMMIT_ROWS - 1 || i == count - 1) &&
		    mirror_staging_save(staging, err) < 0) {
			return -1;
		}
	}
	mirror_staging_free(staging);
	put = now_ms(0);
	if (mirror_stage_swap(db, MIRROR_LEVY, employer, 1, err) < 0) {
		return -1;
	}
	print("stage", "ms", put - from);
	print("swap", "ms", now_ms(0) - put);
	return 0;
}

/* ---- lists */

struct lists {
	struct db *db;
	struct mirror_query query;
	struct mirror_window window;
	int64_t keys[PAGE_ROWS];
	int marked[PAGE_ROWS];
};

static struct mirror_query
base_query(void)
{
	struct mirror_query q = { .noun = MIRROR_LEVY, .marks = "bench" };

	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), employer);
	mirror_where(&q, "kind", MIRROR_IS, "normal");
	mirror_where(&q, "state", MIRROR_IS, "initial");
	return q;
}

static void
check(int rc, const struct err *err)
{
	if (rc < 0) {
		fprintf(stderr, "bench_store: %s\n", err->text);
		exit(1);
	}
}

static double
time_page(struct lists *l, int64_t first)
{
	double from = now_ms(0);
	struct err err = { 0 };

	memset(l->window.records, 0, PAGE_ROWS * sizeof(struct levy));
	check(mirror_fetch(l->db, &l->query, first, PAGE_ROWS, &l->window, &err), &err);
	return now_ms(0) - from;
}

static double
time_count(struct lists *l, int64_t *count)
{
	double from = now_ms(0);
	struct err err = { 0 };
	int64_t sum;

	check(mirror_count(l->db, &l->query, "amount", count, &sum, &err), &err);
	return now_ms(0) - from;
}

/* The columns of 日常申报; the slowest both ways is sort_worst. */
static void
time_sorts(struct lists *l)
{
	static const char *const columns[] = { "unit_no", "agency_name", "item_name", "category_name",
		"subcategory_name", "headcount", "base_amount", "rate", "amount", "state", "levy_no",
		"tax_ticket_no", "certificate_no" };
	double worst = 0;
	char name[80];
	size_t i;

	for (i = 0; i < ARRAY_LEN(columns); i++) {
		double ms, back;

		l->query.order = columns[i];
		l->window.got = 0;
		ms = time_page(l, 0);
		l->query.descending = 1;
		l->window.got = 0;
		back = time_page(l, 0);
		l->query.descending = 0;
		snprintf(name, sizeof(name), "sort_%s", columns[i]);
		print(name, "ms", ms);
		worst = ms > worst ? ms : worst;
		worst = back > worst ? back : worst;
	}
	print("sort_worst", "ms", worst);
	l->query.order = NULL;
}

static void
time_search(struct lists *l, const char *name, const char *typed)
{
	double from = now_ms(0);
	int64_t row = mirror_search(l->db, &l->query, typed, 0, 1, NULL);

	print(name, "ms", now_ms(0) - from);
	print(name, "row", (double)row);
}

/* Narrowing: until the first page can be shown, and to the end. */
static void
time_narrow(struct lists *l, const char *name, const char *typed)
{
	double from = now_ms(0), first = 0;
	struct mirror_narrow *narrow;
	struct err err = { 0 };
	char whole[64];
	int more;

	check(mirror_narrow_new(l->db, &l->query, "bench", typed, &narrow, &err), &err);
	do {
		more = mirror_narrow_step(narrow, &err);
		check(more, &err);
		if (first == 0 && (more == 0 || mirror_narrow_count(narrow) >= PAGE_ROWS)) {
			first = now_ms(0) - from;
		}
	} while (more == 1);
	snprintf(whole, sizeof(whole), "narrow_%s_first", name);
	print(whole, "ms", first);
	snprintf(whole, sizeof(whole), "narrow_%s", name);
	print(whole, "ms", now_ms(0) - from);
	print(whole, "rows", (double)mirror_narrow_count(narrow));
	mirror_narrow_free(narrow);
}

/* The least that a search can cost: SQL that looks at one column of every row. */
static void
time_scan(struct lists *l)
{
	struct err err = { 0 };
	double from = now_ms(0);
	int64_t count;

	check(db_find_int(l->db,
		  "SELECT count(*) FROM levy NOT INDEXED WHERE agency_name LIKE '%" RARE "%'",
		  DB_NONE, &count, &err),
	    &err);
	print("scan", "ms", now_ms(0) - from);
	print("scan", "rows", (double)count);
}

/* mark_all, mark_count, mark_none; with "filtered_" before them in a filter. */
static void
print_marks(const char *before, const char *name, const char *metric, double value)
{
	char whole[64];

	snprintf(whole, sizeof(whole), "%s%s", before, name);
	print(whole, metric, value);
}

static void
time_marks(struct lists *l, const char *before)
{
	struct mirror_query marked = l->query;
	struct err err = { 0 };
	int64_t count, sum;
	double from = now_ms(0), then;

	check(mirror_mark_all(l->db, &l->query, MIRROR_MARK_ON, &err), &err);
	then = now_ms(0);
	print_marks(before, "mark_all", "ms", then - from);
	marked.marked_only = 1;
	check(mirror_count(l->db, &marked, "amount", &count, &sum, &err), &err);
	print_marks(before, "mark_count", "ms", now_ms(0) - then);
	print_marks(before, "mark_count", "rows", (double)count);
	then = now_ms(0);
	check(mirror_mark_all(l->db, &l->query, MIRROR_MARK_OFF, &err), &err);
	print_marks(before, "mark_none", "ms", now_ms(0) - then);
}

static int
lists(struct db *db)
{
	struct lists l = { .db = db, .query = base_query() };
	int64_t count, filtered;
	double ms;

	l.window = (struct mirror_window){ .records = mem_alloc(PAGE_ROWS * sizeof(struct levy)),
		.keys = l.keys, .marked = l.marked };
	print("count", "ms", time_count(&l, &count));
	print("count", "rows", (double)count);
	l.window.count = count;
	print("first_page", "ms", time_page(&l, 0));
	print("next_page", "ms", time_page(&l, PAGE_ROWS));
	time_page(&l, count - PAGE_ROWS);
	print("end", "ms", time_page(&l, count - PAGE_ROWS));
	time_page(&l, count / 2);
	print("page_in_middle", "ms", time_page(&l, count / 2 + PAGE_ROWS));
	ms = now_ms(0);
	print("row_of", "row", (double)mirror_row_of(db, &l.query, count / 2));
	print("row_of", "ms", now_ms(0) - ms);
	time_sorts(&l);
	time_scan(&l);
	time_search(&l, "search_rare", RARE);
	time_search(&l, "search_initials", "xyxyjg");
	time_narrow(&l, "initials", "g");
	time_narrow(&l, "digit", "7");
	time_narrow(&l, "amount", ">99990");
	time_narrow(&l, "rare", RARE);
	mirror_where(&l.query, "item_code", MIRROR_IS, "10211");
	mirror_where(&l.query, "period_from", MIRROR_IS, "2019-02");
	ms = time_count(&l, &filtered);
	l.window.got = 0;
	l.window.count = filtered;
	print("filter", "rows", (double)filtered);
	print("filter", "ms", ms + time_page(&l, 0));
	time_marks(&l, "filtered_");
	l.query = base_query();
	time_marks(&l, "");
	free(l.window.records);
	return 0;
}

/* ---- commits */

static int
commits(struct db *db, int seconds, struct err *err)
{
	static const int groups[] = { 1, 8, 64 };
	char name[32];
	size_t g;

	for (g = 0; g < ARRAY_LEN(groups); g++) {
		double from = now_ms(1), until = from + seconds * 1000.0;
		int64_t done = 0;
		int i;

		while (now_ms(1) < until) {
			if (db_begin(db, err) < 0) {
				return -1;
			}
			for (i = 0; i < groups[g]; i++, done++) {
				/* Always another value: what is the same is not written. */
				if (db_run(db,
					"INSERT INTO setting (taxpayer_id, name, value)"
					" VALUES ('bench', $1, $2) ON CONFLICT (taxpayer_id, name)"
					" DO UPDATE SET value = excluded.value",
					DB_ARGS(db_int(done % 10000), db_int(time(NULL) * 1000000 + done)),
					NULL, err) < 0) {
					return -1;
				}
			}
			if (db_commit(db, err) < 0) {
				return -1;
			}
		}
		snprintf(name, sizeof(name), "commits_of_%d", groups[g]);
		print(name, "per_s", (double)done * 1000 / (now_ms(1) - from));
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct err err = { 0 };
	struct db *db;
	char *url;
	int rc;

	if (argc < 3) {
		fputs("usage: bench_store fill|lists|commits DATABASE [NUMBER [EMPLOYER]]\n", stderr);
		return 2;
	}
	url = mem_printf("sqlite:%s", argv[2]);
	rc = mirror_open(url, &db, &err);
	free(url);
	if (rc == 0) {
		int number = argc > 3 ? atoi(argv[3]) : 0;

		employer = argc > 4 ? argv[4] : employer;

		rc = strcmp(argv[1], "fill") == 0 ? fill(db, number, &err)
		    : strcmp(argv[1], "lists") == 0 ? lists(db)
						    : commits(db, number, &err);
		db_close(db);
	}
	if (rc < 0) {
		fprintf(stderr, "bench_store: %s\n", err.text);
	}
	return rc < 0;
}
