/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's program: its books, its worker, its deaths. */
#include "sim_service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/crypto.h"
#include "shebao/mem.h"
#include "shebao/request.h"
#include "shebao/state_table.h"
#include "shebao/wire.h"
#include "sim_watch.h"

#define ONE "91520100770598600Y"
#define TWO "915201146629566696"
#define PASSWORD "Guiyang-2020"
#define INITIAL_ONE "048857"
#define INITIAL_TWO "052217"
#define OFFICE "国家税务总局贵阳市南明区税务局"
#define UNITS                                                                              \
	"taxpayer_id,name,region,tax_authority_code,tax_authority_name,unit_no,agency_code," \
	"agency_name,insurance_items,insured_count\n"                                      \
	ONE ",贵阳甲公司,贵州省,15201020000," OFFICE ",00048857,520100,贵阳社保,养老,277\n" \
	TWO ",贵阳乙公司,贵州省,15201020000," OFFICE ",00052217,520100,贵阳社保,养老,12\n"
#define AGREEMENT_HEAD                                                                     \
	"agreement_no,taxpayer_id,bank_code,bank_name,account_no,account_name,status\n"
#define AGREEMENT "G-1," ONE ",102701000017,工商银行,6222000001,贵阳甲公司,"
#define AGREEMENTS                                                                         \
	AGREEMENT_HEAD                                                                     \
	AGREEMENT "verified\n"                                                             \
	"G-2," ONE ",102701000017,工商银行,6222000003,贵阳甲公司,ended\n"                  \
	"H-1," TWO ",102701000017,工商银行,6222000002,贵阳乙公司,verified\n"
#define LEVIES                                                                             \
	"levy_no,taxpayer_id,unit_no,agency_code,agency_name,kind,item_code,item_name,"    \
	"category_code,category_name,subcategory_code,subcategory_name,period_from,"       \
	"period_to,headcount,base_amount,rate,amount,due_date,valid_until,source\n"

const char *const sim_employers[SIM_EMPLOYERS] = { ONE, TWO };
char sim_passwords[SIM_EMPLOYERS][33];

static struct {
	struct db_pool *pool;
	struct service *service;
	char officer[65];
	char path[160], url[192];
	struct buf books; /* as every seed finds them */
	struct sim_fiber *worker;
} own;

const char *
sim_service_officer(void)
{
	return own.officer;
}

const char *
sim_service_initial(int employer)
{
	return employer == 0 ? INITIAL_ONE : INITIAL_TWO;
}

struct service *
sim_service(void)
{
	return sim.sides[SIM_SERVICE].death == SIM_ALIVE ? own.service : NULL;
}

struct db *
sim_service_db(struct db_pool **pool)
{
	struct db *db = NULL;
	struct err err = { 0 };

	*pool = own.pool;
	if (db_pool_take(own.pool, &db, &err) != 0) {
		sim_fail("the books: %s", err.text);
	}
	return db;
}

/* ---- opening and closing */

static int
open_service(struct err *err)
{
	/* As in the daemon, and without, as on PostgreSQL. */
	struct service_opts opts = { .bank = &sim_bank,
		.feedback_delay_ms = 3000,
		.groups_commits = sim.seed % 2 == 0,
		.recalls = sim.seed % 4 < 2 };

	if (db_pool_open(own.url, 16, &own.pool, err) != 0) {
		return -1;
	}
	opts.pool = own.pool;
	if (service_open(&opts, sim.now, &own.service, err) != 0) {
		db_pool_close(own.pool);
		own.pool = NULL;
		return -1;
	}
	return 0;
}

void
sim_service_changed(void)
{
	if (own.worker != NULL) {
		sim_fiber_wake(own.worker);
	}
}

void
sim_service_close(void)
{
	service_close(own.service);
	own.service = NULL;
	if (own.pool != NULL) {
		db_pool_close(own.pool);
	}
	own.pool = NULL;
	sim.sides[SIM_SERVICE].is_open = 0;
}

/* ---- the books every seed begins with */

void
sim_service_import(enum operation op, const char *rows, struct service_answer *answer)
{
	struct service_request request = { .operation = op,
		.token = own.officer,
		.source = "office",
		.now = sim.now };

	request.rows = tmpfile();
	if (request.rows == NULL || fputs(rows, request.rows) < 0) {
		sim_fail("no temporary file");
	}
	buf_release(&answer->body);
	service_handle(own.service, &request, answer);
	sim_service_changed();
	fclose(request.rows);
	sim_trace("officer %s: %d", operation_row(op)->name, answer->status);
}

static void
must(enum operation op, const char *token, const char *body, struct service_answer *answer)
{
	struct service_request request = { .operation = op,
		.token = token,
		.source = "sim",
		.body = body,
		.body_len = strlen(body),
		.now = sim.now };

	buf_release(&answer->body);
	if ((operation_row(op)->flags & OPERATION_ROWS) != 0) {
		sim_service_import(op, body, answer);
	} else {
		service_handle(own.service, &request, answer);
	}
	if (answer->status >= 300) {
		sim_fail("%s: %s", operation_row(op)->name, buf_text(&answer->body));
	}
}

static void
put_levy(struct buf *out, int i, int times)
{
	int is_two = i >= 12;

	buf_printf(out,
	    "%c%02d,%s,%s,520100,贵阳社保,%s,10210,养老保险费,1021001,单位缴纳,,,"
	    "2020-0%d,2020-0%d,277,1000.00,100,%d.%02d,2020-06-%d,2020-12-31,人社\n",
	    is_two ? 'B' : 'A', i, is_two ? TWO : ONE, is_two ? "00052217" : "00048857",
	    i % 6 == 5 ? "special" : "normal", 5 + i % 2, 5 + i % 2,
	    i == 3 ? 0 : (10 + 7 * i) * times, i == 3 ? 0 : i, i % 4 < 2 ? 16 : 25);
}

void
sim_service_put_levies(struct buf *out, int first, int count, int times)
{
	int i;

	buf_puts(out, LEVIES);
	for (i = first; i < first + count; i++) {
		put_levy(out, i, times);
	}
}

void
sim_service_put_agreement(struct buf *out, const char *status)
{
	buf_printf(out, AGREEMENT_HEAD AGREEMENT "%s\n", status);
}

static void
log_in(const char *employer, const char *password, struct login_answer *login)
{
	struct service_answer answer = { 0 };
	struct err err = { 0 };
	char body[256];

	snprintf(body, sizeof(body), "{\"taxpayer_id\":\"%s\",\"password\":\"%s\"}", employer,
	    password);
	must(OPERATION_LOGIN, NULL, body, &answer);
	if (wire_decode(&request_login_answer, buf_text(&answer.body), answer.body.len,
		WIRE_STRICT, login, &err) != 0) {
		sim_fail("login: %s", err.text);
	}
	buf_release(&answer.body);
}

static void
change_password(const char *employer, const char *initial, const char *op_id)
{
	struct service_answer answer = { 0 };
	struct login_answer login = { 0 };
	char body[256];

	log_in(employer, initial, &login);
	snprintf(body, sizeof(body),
	    "{\"op_id\":\"%s\",\"old_password\":\"%s\",\"new_password\":\"" PASSWORD "\"}", op_id,
	    initial);
	must(OPERATION_PASSWORD_CHANGE, login.token, body, &answer);
	record_release(&request_login_answer, &login);
	buf_release(&answer.body);
}

/* Some levies are declared already, so that there is something to pay from the beginning. */
static void
declare_some(const char *employer, const char *levies, int amount, const char *op_id)
{
	struct service_answer answer = { 0 };
	struct login_answer login = { 0 };
	char body[256];
	int64_t next_at;

	log_in(employer, PASSWORD, &login);
	snprintf(body, sizeof(body),
	    "{\"op_id\":\"%s\",\"kind\":\"normal\",\"levy_nos\":[%s],\"amount\":%d}", op_id,
	    levies, amount);
	must(OPERATION_DECLARATION_SUBMIT, login.token, body, &answer);
	service_work(own.service, sim.now + 10000, &next_at);
	record_release(&request_login_answer, &login);
	buf_release(&answer.body);
}

void
sim_service_setup(void)
{
	struct service_answer answer = { 0 };
	struct buf levies = { 0 };
	struct err err = { 0 };

	snprintf(own.path, sizeof(own.path), "%s/books.db", sim.folder);
	snprintf(own.url, sizeof(own.url), "sqlite:%s", own.path);
	if (open_service(&err) != 0 ||
	    service_token_new(own.service, ROLE_OFFICER | ROLE_BUREAU, sim.now, own.officer,
		&err) != 0) {
		sim_fail("the first books: %s", err.text);
	}
	sim_service_put_levies(&levies, 0, SIM_LEVIES, 1);
	must(OPERATION_ADMIN_EMPLOYER_IMPORT, own.officer, UNITS, &answer);
	must(OPERATION_ADMIN_LEVY_IMPORT, own.officer, buf_text(&levies), &answer);
	must(OPERATION_ADMIN_AGREEMENT_IMPORT, own.officer, AGREEMENTS, &answer);
	change_password(ONE, INITIAL_ONE, "0000000000000000000000000000aaa1");
	change_password(TWO, INITIAL_TWO, "0000000000000000000000000000aaa2");
	declare_some(ONE, "\"A00\",\"A01\",\"A02\",\"A04\",\"A06\",\"A08\"",
	    1000 + 1701 + 2402 + 3804 + 5206 + 6608,
	    "0000000000000000000000000000aaa3");
	declare_some(TWO, "\"B12\",\"B13\"", 9412 + 10113, "0000000000000000000000000000aaa4");
	sim_service_close();
	sim_disk_get(own.path, &own.books);
	buf_release(&answer.body);
	buf_release(&levies);
}

/* ---- running, dying, coming back */

static int is_first; /* the books are those every seed begins with */

static void come_back(void *user);

static void
set_death(void)
{
	struct sim_side *side = &sim.sides[SIM_SERVICE];

	side->writes_left = -1;
	if (sim.plan.is_story && side->steps == 0) {
		side->writes_left = sim.plan.crash_step[1] - 1;
	}
	if (sim.is_healed) {
		return;
	}
	if (sim.is_on[SIM_SERVICE_KILL] || sim.is_on[SIM_SERVICE_POWER]) {
		side->writes_left = sim_between(1, INT64_C(32) << sim_between(0, 6));
	}
	if (sim.is_on[SIM_DISK_FULL] && sim_chance(20)) {
		side->full_writes = (int)sim_between(1, 20);
	}
	if (sim.is_on[SIM_DISK_ERROR] && sim_chance(20)) {
		side->bad_syncs = (int)sim_between(1, 3);
	}
}

static void
run_worker(void *user)
{
	int64_t next = 0;

	(void)user;
	own.worker = sim_fiber_now();
	while (!sim_is_dead()) {
		uint64_t seen = service_changes(own.service);

		service_work(own.service, sim.now, &next);
		if (sim_is_dead()) {
			break;
		}
		if (next <= sim.now) {
			sim_sleep(10);
		}
		while (sim.now < next && !sim_is_dead() && service_changes(own.service) == seen) {
			sim_nap(next - sim.now);
		}
	}
	own.worker = NULL;
	if (sim.sides[SIM_SERVICE].death != SIM_ALIVE) {
		sim_after(sim_delay(5000), come_back, NULL);
	}
}

static void
watch_books(void)
{
	struct db_pool *pool;
	struct db *db = sim_service_db(&pool);

	sim_watch_service(db, is_first);
	db_pool_give(pool, db);
	is_first = 0;
}

static void
start(void)
{
	struct sim_side *side = &sim.sides[SIM_SERVICE];
	struct err err = { 0 };
	int before = sim.side;

	sim.side = SIM_SERVICE;
	side->death = SIM_ALIVE;
	side->is_open = 1;
	side->full_writes = side->bad_syncs = 0;
	side->writes_left = -1;
	if (open_service(&err) != 0) {
		sim_fail("the service does not come back: %s", err.text);
	}
	watch_books();
	set_death();
	sim_fiber_start(SIM_SERVICE, run_worker, NULL);
	sim.side = before;
	sim_trace("service is up");
}

static void
come_back(void *user)
{
	enum sim_death how = sim.sides[SIM_SERVICE].death;

	(void)user;
	if (sim_fibers(SIM_SERVICE) > 0) {
		/* Somebody still unwinds. */
		sim_after(100, come_back, NULL);
		return;
	}
	sim_service_close();
	if (how == SIM_POWER) {
		sim_disk_crash(sim.sides[SIM_SERVICE].machine);
		sim_watch_crashed(-1);
	}
	start();
}

void
sim_service_start(void)
{
	int i;

	for (i = 0; i < SIM_EMPLOYERS; i++) {
		snprintf(sim_passwords[i], sizeof(sim_passwords[i]), PASSWORD);
	}
	sim_disk_put(sim.sides[SIM_SERVICE].machine, own.path, own.books.data, own.books.len);
	is_first = 1;
	start();
}
