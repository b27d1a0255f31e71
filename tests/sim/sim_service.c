/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's program, or two of it: their books, workers, deaths. */
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

enum {
	LOOK_MS = 60000 /* the daemon's worker looks at least so often */
};

const char *const sim_employers[SIM_EMPLOYERS] = { ONE, TWO };
char sim_passwords[SIM_EMPLOYERS][33];

struct program {
	struct db_pool *pool;
	struct service *service;
	struct sim_fiber *worker;
};

static struct {
	struct program programs[SIM_SERVICES];
	char officer[65];
	char path[160], url[192];
	struct buf books; /* as every seed finds them */
} own;

/* ---- which of them */

static struct program *
program_of(int side)
{
	return &own.programs[sim_is_service(side) ? side - SIM_SERVICE : 0];
}

static int
count_programs(void)
{
	return sim.is_on[SIM_SECOND] ? SIM_SERVICES : 1;
}

static int
is_running(int side)
{
	return sim.sides[side].death == SIM_ALIVE && program_of(side)->service != NULL;
}

int
sim_service_runs(void)
{
	return is_running(SIM_SERVICE) || is_running(SIM_SERVICE + 1);
}

int
sim_service_side(void)
{
	int first = is_running(SIM_SERVICE), second = is_running(SIM_SERVICE + 1);

	if (!second || (first && sim_chance(50))) {
		return first ? SIM_SERVICE : -1;
	}
	(void)sim_hit(SIM_SECOND);
	return SIM_SERVICE + 1;
}

int
sim_service_fibers(void)
{
	return sim_fibers(SIM_SERVICE) + sim_fibers(SIM_SERVICE + 1);
}

int
sim_service_is_idle(void)
{
	int i;

	for (i = SIM_SERVICE; i < SIM_SERVICE + count_programs(); i++) {
		if (!is_running(i) || sim_fibers(i) != 1) {
			return 0;
		}
	}
	return 1;
}

/* As on PostgreSQL: no changes of several requests in one commit, nothing remembered of the books. */
int
sim_service_is_shared(void)
{
	return sim.seed % 4 == 3;
}

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
	int side = sim_is_service(sim.side) ? sim.side : SIM_SERVICE;

	return is_running(side) ? program_of(side)->service : NULL;
}

struct db *
sim_service_db(struct db_pool **pool)
{
	struct db *db = NULL;
	struct err err = { 0 };

	*pool = program_of(sim.side)->pool;
	if (db_pool_take(*pool, &db, &err) != 0) {
		sim_fail("the books: %s", err.text);
	}
	return db;
}

/* ---- opening and closing */

static int64_t
clock_now(void)
{
	return sim.now;
}

static int
open_service(struct program *program, struct err *err)
{
	/* As in the daemon, and without, as on PostgreSQL. */
	struct service_opts opts = { .bank = &sim_bank,
		.clock = clock_now,
		.feedback_delay_ms = 3000,
		.groups_commits = sim.seed % 2 == 0,
		.recalls = sim.seed % 4 < 2 };

	if (db_pool_open(own.url, 16, &program->pool, err) != 0) {
		return -1;
	}
	opts.pool = program->pool;
	if (service_open(&opts, sim.now, &program->service, err) != 0) {
		db_pool_close(program->pool);
		program->pool = NULL;
		return -1;
	}
	return 0;
}

void
sim_service_changed(void)
{
	struct program *program = program_of(sim.side);

	if (program->worker != NULL) {
		sim_fiber_wake(program->worker);
	}
}

static void
close_service(int side)
{
	struct program *program = program_of(side);

	service_close(program->service);
	program->service = NULL;
	if (program->pool != NULL) {
		db_pool_close(program->pool);
	}
	program->pool = NULL;
	sim.sides[side].is_open = 0;
}

void
sim_service_close(void)
{
	close_service(SIM_SERVICE);
	close_service(SIM_SERVICE + 1);
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
	service_handle(sim_service(), &request, answer);
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
		service_handle(sim_service(), &request, answer);
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
	service_work(sim_service(), sim.now + 10000, &next_at);
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
	if (open_service(program_of(SIM_SERVICE), &err) != 0 ||
	    service_token_new(sim_service(), ROLE_OFFICER | ROLE_BUREAU, sim.now, own.officer,
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
set_death(struct sim_side *side)
{
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
	struct program *program = program_of(sim.side);
	int64_t next = 0;

	program->worker = sim_fiber_now();
	while (!sim_is_dead()) {
		uint64_t seen = service_changes(program->service);

		service_work(program->service, sim.now, &next);
		if (sim_is_dead()) {
			break;
		}
		if (next <= sim.now) {
			sim_sleep(10);
		}
		/* What is due may be another service's that has died. */
		if (sim.is_on[SIM_SECOND] && next > sim.now + LOOK_MS) {
			next = sim.now + LOOK_MS;
		}
		while (sim.now < next && !sim_is_dead() && service_changes(program->service) == seen) {
			sim_nap(next - sim.now);
		}
	}
	program->worker = NULL;
	if (sim.sides[sim.side].death != SIM_ALIVE) {
		sim_after(sim_delay(5000), come_back, user);
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
start(struct sim_side *side)
{
	struct err err = { 0 };
	int before = sim.side;

	sim.side = (int)(side - sim.sides);
	side->death = SIM_ALIVE;
	side->is_open = 1;
	side->full_writes = side->bad_syncs = 0;
	side->writes_left = -1;
	if (open_service(program_of(sim.side), &err) != 0) {
		sim_fail("the %s does not come back: %s", side->name, err.text);
	}
	watch_books();
	set_death(side);
	sim_fiber_start(sim.side, run_worker, side);
	sim_trace("%s is up", side->name);
	sim.side = before;
}

/* What the machine's disk holds is decided once, when the last of them is gone. */
static int
find_disk(void)
{
	int i;

	for (i = SIM_SERVICE; i < SIM_SIDES; i++) {
		if (sim.sides[i].is_open) {
			return -1;
		}
	}
	sim_disk_crash(SIM_SERVICE);
	sim_watch_crashed(-1);
	sim.power_lost[SIM_SERVICE] = 0;
	return 0;
}

static void
come_back(void *user)
{
	struct sim_side *side = user;
	int i = (int)(side - sim.sides);

	if (sim_fibers(i) > 0) {
		/* Somebody still unwinds. */
		sim_after(100, come_back, side);
		return;
	}
	close_service(i);
	if (sim.power_lost[SIM_SERVICE] && find_disk() != 0) {
		sim_after(100, come_back, side);
		return;
	}
	start(side);
}

void
sim_service_start(void)
{
	int i;

	for (i = 0; i < SIM_EMPLOYERS; i++) {
		snprintf(sim_passwords[i], sizeof(sim_passwords[i]), PASSWORD);
	}
	sim_disk_put(SIM_SERVICE, own.path, own.books.data, own.books.len);
	is_first = 1;
	for (i = 0; i < count_programs(); i++) {
		start(&sim.sides[SIM_SERVICE + i]);
	}
}
