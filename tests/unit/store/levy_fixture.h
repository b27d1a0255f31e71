/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_UNIT_STORE_LEVY_FIXTURE_H
#define TESTS_UNIT_STORE_LEVY_FIXTURE_H

/* A client's database with levies of two employers, and random lists of them with the same in SQL. */
#include "unit/store/mirror_fixture.h"

#include <string.h>

#include "shebao/mem.h"
#include "shebao/states.h"

#define UNIT "91520100770598600Y"
#define OTHER "91520115MA6X00032N"
#define ROWS 9500 /* two blocks and a part, with holes */

static uint64_t seed;

static uint32_t
chance(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

static void
run(struct db *db, const char *sql)
{
	struct err err = { 0 };

	ck_assert_msg(db_run(db, sql, DB_NONE, NULL, &err) == 0, "%s: %s", sql, err.text);
}

static int64_t
number(struct db *db, const char *sql)
{
	struct err err = { 0 };
	int64_t n = 0;

	ck_assert_msg(db_find_int(db, sql, DB_NONE, &n, &err) >= 0, "%s: %s", sql, err.text);
	return n;
}

static struct levy
random_levy(int n)
{
	static const char *const items[] = { "企业职工基本养老保险费", "失业保险费", "工伤保险费" };
	static const char *const agencies[] = { "贵阳市社会保险事业局", "云岩区医保局" };
	struct levy levy = { .amount = chance(40) == 0 ? 0 : chance(5000000),
		.base_amount = chance(3) * 1000,
		.headcount = chance(2000),
		.rate = 160000 + chance(2) * 1000,
		.kind = chance(9) == 0 ? LEVY_SPECIAL : LEVY_NORMAL,
		.state = chance(6) == 0 ? LEVY_DECLARED : LEVY_INITIAL,
		.version = n };

	snprintf(levy.levy_no, sizeof(levy.levy_no), "%s%05d", chance(50) == 0 ? "A-" : "L", n);
	strcpy(levy.taxpayer_id, chance(20) == 0 ? OTHER : UNIT);
	snprintf(levy.unit_no, sizeof(levy.unit_no), "%08u", 48857 + chance(5));
	strcpy(levy.agency_name, agencies[chance(2)]);
	strcpy(levy.item_name, items[chance(3)]);
	snprintf(levy.period_from, sizeof(levy.period_from), "2020-%02u", (unsigned)n / 1000 % 12 + 1);
	strcpy(levy.period_to, levy.period_from);
	if (chance(4) == 0) {
		strcpy(levy.valid_until, "2020-06-30");
	}
	return levy;
}

static void
put_row(struct db *db, int n)
{
	struct levy levy = random_levy(n);
	struct err err = { 0 };

	ck_assert_msg(mirror_put(db, MIRROR_LEVY, &levy, &err) == 0, "%s", err.text);
}

static void
fill(struct db *db)
{
	int i;

	ck_assert_int_eq(db_begin(db, NULL), 0);
	for (i = 0; i < ROWS; i++) {
		put_row(db, i);
	}
	run(db, "DELETE FROM levy WHERE rowid % 211 = 3");
	ck_assert_int_eq(db_commit(db, NULL), 0);
}

/* ---- queries, and the same in plain SQL */

struct asked {
	struct mirror_query query;
	char where[400], order[80];
};

static void
ask_for(struct asked *a, const char *field, enum mirror_test test, const char *sign, const char *value)
{
	size_t n = strlen(a->where);

	mirror_where(&a->query, field, test, value);
	snprintf(a->where + n, sizeof(a->where) - n, " AND %s %s '%s'", field, sign, value);
}

static struct asked
random_query(void)
{
	static const char *const orders[] = { "amount", "headcount", "base_amount", "unit_no", "agency_name",
		"item_name", "period_from", "rate", "state", "kind", "levy_no", "valid_until", "tax_ticket_no",
		"certificate_no", NULL };
	struct asked a = { .query = { .noun = MIRROR_LEVY, .marks = "test" } };
	const char *way;

	strcpy(a.query.taxpayer_id, chance(10) == 0 ? OTHER : UNIT);
	snprintf(a.where, sizeof(a.where), "taxpayer_id = '%s'", a.query.taxpayer_id);
	if (chance(2) == 0) {
		ask_for(&a, "state", MIRROR_IS, "=", "initial");
	}
	if (chance(3) == 0) {
		ask_for(&a, "kind", MIRROR_IS, "=", chance(4) == 0 ? "special" : "normal");
	}
	if (chance(3) == 0) {
		ask_for(&a, "unit_no", MIRROR_IS, "=", "00048858");
	}
	if (chance(3) == 0) {
		ask_for(&a, "period_from", MIRROR_AT_LEAST, ">=", "2020-05");
	}
	if (chance(5) == 0) {
		ask_for(&a, "item_name", MIRROR_IS, "=", "失业保险费");
	}
	if (chance(8) == 0) {
		ask_for(&a, "levy_no", MIRROR_AT_MOST, "<=", "L04000"); /* not for blocks */
	}
	a.query.order = orders[chance((uint32_t)ARRAY_LEN(orders))];
	a.query.descending = chance(2) == 0;
	way = a.query.descending ? " DESC" : "";
	if (a.query.order == NULL) {
		snprintf(a.order, sizeof(a.order), "rowid%s", way);
	} else {
		snprintf(a.order, sizeof(a.order), "%s%s, rowid%s", a.query.order, way, way);
	}
	return a;
}

#endif
