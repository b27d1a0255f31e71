/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_WORLD_H
#define SHEBAO_TESTS_WORLD_H

/* A small world for the service's tests: books in a temporary folder, the sandbox bank, a clock
 * that only the test moves, two employers and an officer. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shebao/books.h"
#include "shebao/crypto.h"
#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/service.h"
#include "shebao/state_table.h"
#include "shebao/states.h"
#include "shebao/wire.h"
#include "unit/unit.h"

#define ONE "91520100770598600Y"
#define TWO "915201146629566696"
#define PASSWORD "Guiyang-2020"
#define NOON INT64_C(1592193600000) /* 2020-06-15 12:00 in China */

struct world {
	char folder[64];
	char books[128], ledger[128], url[160];
	struct db_pool *pool;
	struct bank *bank;
	struct service *service;
	struct service_opts opts;
	int64_t now;
	char officer[65];
	char token[65]; /* of ONE's clerk */
	struct service_answer answer;
	char code[33]; /* of the last refusal, or "" */
	int serial;
};

static inline void
world_start(struct world *w)
{
	struct err err = { 0 };

	ck_assert_msg(db_pool_open(w->url, 4, &w->pool, &err) == 0, "%s", err.text);
	ck_assert_msg(bank_sandbox_open(NULL, w->ledger, &w->bank, &err) == 0, "%s", err.text);
	w->opts.pool = w->pool;
	w->opts.bank = w->bank;
	w->opts.recalls = strncmp(w->url, "sqlite:", 7) == 0;
	w->opts.groups_commits = strncmp(w->url, "sqlite:", 7) == 0;
	ck_assert_msg(service_open(&w->opts, w->now, &w->service, &err) == 0, "%s", err.text);
}

static inline void
world_stop(struct world *w)
{
	service_close(w->service);
	bank_sandbox_close(w->bank);
	db_pool_close(w->pool);
}

/* As after kill -9: everything in memory is gone. */
static inline void
world_restart(struct world *w)
{
	world_stop(w);
	world_start(w);
}

static inline int
world_call_as(struct world *w, const char *token, enum operation op, const char *format, ...)
{
	char *body;
	va_list args;
	int n;
	struct service_request request = { .operation = op, .token = token, .source = "test", .now = w->now };
	struct problem problem = { 0 };

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	body = mem_alloc((size_t)n + 1);
	va_start(args, format);
	vsnprintf(body, (size_t)n + 1, format, args);
	va_end(args);
	request.body = body;
	request.body_len = (size_t)n;
	buf_release(&w->answer.body);
	service_handle(w->service, &request, &w->answer);
	w->code[0] = '\0';
	if (w->answer.status >= 400) {
		struct err err = { 0 };

		ck_assert_msg(wire_decode(&request_problem, w->answer.body.data,
				  w->answer.body.len, WIRE_STRICT, &problem, &err) == 0,
		    "%s", err.text);
		mem_copy_text(w->code, sizeof(w->code), problem.code);
	}
	free(body);
	return w->answer.status;
}

#define world_call(w, op, ...) world_call_as(w, (w)->token, op, __VA_ARGS__)
#define world_office(w, op, ...) world_call_as(w, (w)->officer, op, __VA_ARGS__)

#define world_must(w, call)                                                                \
	do {                                                                               \
		int world_status = (call);                                                 \
		ck_assert_msg(world_status < 300, "%d %s", world_status,                   \
		    buf_text(&(w)->answer.body));                                          \
	} while (0)

#define world_refused(w, call, name)                                                       \
	do {                                                                               \
		int world_status = (call);                                                 \
		ck_assert_msg(world_status >= 400 && strcmp((w)->code, name) == 0,         \
		    "expected %s, got %d %s", name, world_status,                          \
		    buf_text(&(w)->answer.body));                                          \
	} while (0)

static inline void
world_read(struct world *w, const struct record_type *type, void *out)
{
	struct err err = { 0 };

	memset(out, 0, type->size);
	ck_assert_msg(wire_decode(type, w->answer.body.data, w->answer.body.len, WIRE_STRICT, out,
			  &err) == 0,
	    "%s: %s", err.text, buf_text(&w->answer.body));
}

static inline int
world_import(struct world *w, enum operation op, const char *csv)
{
	struct service_request request = { .operation = op, .token = w->officer, .source = "test", .now = w->now };
	struct problem problem = { 0 };
	struct err err = { 0 };

	request.rows = tmpfile();
	ck_assert_ptr_nonnull(request.rows);
	fputs(csv, request.rows);
	buf_release(&w->answer.body);
	service_handle(w->service, &request, &w->answer);
	fclose(request.rows);
	w->code[0] = '\0';
	if (w->answer.status >= 400) {
		ck_assert_int_eq(wire_decode(&request_problem, w->answer.body.data,
				     w->answer.body.len, WIRE_STRICT, &problem, &err),
		    0);
		mem_copy_text(w->code, sizeof(w->code), problem.code);
	}
	return w->answer.status;
}

/* A new op_id. */
static inline const char *
world_op(struct world *w)
{
	static char ids[8][33];
	static int turn;
	char *id = ids[turn++ % 8];

	snprintf(id, 33, "%032x", ++w->serial);
	return id;
}

#define UNITS_HEAD "taxpayer_id,name,region,tax_authority_code,tax_authority_name,unit_no,agency_code,agency_name,insurance_items,insured_count\n"
#define LEVIES_HEAD "levy_no,taxpayer_id,unit_no,agency_code,agency_name,kind,item_code,item_name,category_code,category_name,subcategory_code,subcategory_name,period_from,period_to,headcount,base_amount,rate,amount,due_date,valid_until,source\n"
#define LEVY(no, who, unit, kind, amount, valid) no "," who "," unit ",520100,贵阳市社会保险收付管理中心," kind ",10210,企业职工基本养老保险费,1021001,单位缴纳,,,2020-06,2020-06,277,135883.03,100," amount ",2020-06-25," valid ",人社\n"

static inline void
world_data(struct world *w)
{
	world_must(w, world_import(w, OPERATION_ADMIN_EMPLOYER_IMPORT, UNITS_HEAD
	    ONE ",贵阳甲公司,贵州省,15201020000,国家税务总局贵阳市南明区税务局,00048857,520100,贵阳市社会保险收付管理中心,养老,277\n"
	    ONE ",贵阳甲公司,贵州省,15201020000,国家税务总局贵阳市南明区税务局,1234,520102,南明区医保局,医疗,277\n"
	    TWO ",贵阳乙公司,贵州省,15201020000,国家税务总局贵阳市南明区税务局,00052217,520100,贵阳市社会保险收付管理中心,养老,12\n"));
	world_must(w, world_import(w, OPERATION_ADMIN_LEVY_IMPORT, LEVIES_HEAD
	    LEVY("A1", ONE, "00048857", "normal", "49.90", "2020-12-31")
	    LEVY("A2", ONE, "00048857", "normal", "1000.00", "2020-12-31")
	    LEVY("A3", ONE, "1234", "normal", "0.00", "2020-12-31")
	    LEVY("A4", ONE, "1234", "normal", "7385.86", "2020-12-31")
	    LEVY("S1", ONE, "1234", "special", "12.34", "2020-12-31")
	    LEVY("X1", ONE, "1234", "normal", "5.00", "2020-05-31")
	    LEVY("B1", TWO, "00052217", "normal", "300.00", "2020-12-31")));
	world_must(w, world_import(w, OPERATION_ADMIN_AGREEMENT_IMPORT,
	    "agreement_no,taxpayer_id,bank_code,bank_name,account_no,account_name,status\n"
	    "G-1," ONE ",102701000017,工商银行贵阳分行,6222000001,贵阳甲公司,verified\n"
	    "G-2," ONE ",102701000017,工商银行贵阳分行,6222000001,贵阳甲公司,ended\n"
	    "H-1," TWO ",102701000017,工商银行贵阳分行,6222000002,贵阳乙公司,verified\n"));
	world_must(w, world_office(w, OPERATION_ADMIN_BANK_BALANCE,
	    "{\"account_no\":\"6222000001\",\"account_name\":\"贵阳甲公司\",\"balance\":1000000}"));
}

static inline void
world_login(struct world *w, const char *taxpayer_id, const char *initial, char token[65])
{
	struct login_answer answer;

	if (initial != NULL) {
		world_must(w, world_call_as(w, NULL, OPERATION_LOGIN,
		    "{\"taxpayer_id\":\"%s\",\"password\":\"%s\"}", taxpayer_id, initial));
		world_read(w, &request_login_answer, &answer);
		ck_assert_int_eq(answer.must_change, 1);
		world_must(w, world_call_as(w, answer.token, OPERATION_PASSWORD_CHANGE,
		    "{\"op_id\":\"%s\",\"old_password\":\"%s\",\"new_password\":\"" PASSWORD "\"}",
		    world_op(w), initial));
	}
	world_must(w, world_call_as(w, NULL, OPERATION_LOGIN,
	    "{\"taxpayer_id\":\"%s\",\"password\":\"" PASSWORD "\",\"client\":\"shebao 1.0 pc1 wang\"}", taxpayer_id));
	world_read(w, &request_login_answer, &answer);
	ck_assert_int_eq(answer.must_change, 0);
	memcpy(token, answer.token, sizeof(answer.token));
}

/* With $SHEBAO_TEST_POSTGRESQL (an URL) the books are there, and empty before each test. */
static inline void
world_empty(const char *url)
{
	static const char *const steps[] = { "DROP SCHEMA public CASCADE", "CREATE SCHEMA public" };
	struct db *db = NULL;
	struct err err = { 0 };
	size_t i;

	ck_assert_msg(db_open(url, &db, &err) == 0, "%s", err.text);
	for (i = 0; i < ARRAY_LEN(steps); i++) {
		ck_assert_msg(db_run(db, steps[i], DB_NONE, NULL, &err) == 0, "%s", err.text);
	}
	db_close(db);
}

static inline void
world_new(struct world *w)
{
	const char *url = getenv("SHEBAO_TEST_POSTGRESQL");
	struct err err = { 0 };

	*w = (struct world){ .now = NOON, .folder = "/tmp/shebao-world-XXXXXX" };
	ck_assert_int_eq(crypto_init(&err), 0);
	ck_assert_ptr_nonnull(mkdtemp(w->folder));
	snprintf(w->books, sizeof(w->books), "%s/books.db", w->folder);
	snprintf(w->ledger, sizeof(w->ledger), "%s/ledger", w->folder);
	snprintf(w->url, sizeof(w->url), "sqlite:%s", w->books);
	if (url != NULL) {
		mem_copy_text(w->url, sizeof(w->url), url);
		world_empty(url);
	}
	w->opts.feedback_delay_ms = 3000;
	world_start(w);
	ck_assert_int_eq(service_token_new(w->service, ROLE_OFFICER | ROLE_BUREAU, w->now, w->officer, &err), 0);
	world_data(w);
	world_login(w, ONE, "048857", w->token);
}

#endif
