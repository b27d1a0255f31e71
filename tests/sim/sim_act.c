/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The things clerks do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shebao/crypto.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"
#include "sim_clerk.h"

enum {
	ROWS_MAX = 32
};

/* How an action ended; a session that is over is noticed here. */
static int
said(struct sim_clerk *c, const char *what, int rc, const struct err *err)
{
	sim_trace("%s %s: %s", sim.sides[c->side].name, what,
	    rc == 0 ? "done" : err_info(err->code)->name);
	if (rc != 0 && (err->code == ERR_SESSION || err->code == ERR_PASSWORD_INITIAL)) {
		c->is_out = 1;
	}
	return rc;
}

/* Codes after which the operation neither happened nor will. */
static int
is_final_no(enum err_code code)
{
	return code != ERR_OUTCOME_UNKNOWN && code != ERR_UNREACHABLE && code != ERR_CANCELLED &&
	    code != ERR_SESSION && code != ERR_PASSWORD_INITIAL && code != ERR_LOCAL &&
	    code != ERR_BUSY && code != ERR_SERVICE;
}

static void
press_escape(void *user)
{
	*(int *)user = 1;
}

/* NULL, or a flag that Esc will set. */
static const int *
maybe_cancel(struct sim_clerk *c)
{
	c->cancel = 0;
	if (!SIM_YES(SIM_CANCEL, 15)) {
		return NULL;
	}
	loop_timer(c->loop, sim_between(1, 400), press_escape, &c->cancel);
	return &c->cancel;
}

/* ---- choosing levies */

/* Whoever is killed between a commit's last write and its sync leaves it to be read, and a loss of
 * power may still take it. */
static int
is_durable(const struct sim_clerk *c)
{
	char log[sizeof(c->home) + 16];

	snprintf(log, sizeof(log), "%s/shebao.db-wal", c->home);
	return sim_disk_is_synced(log);
}

/* I-31: what a list has shown, and can show again, is never followed by an older row, in whatever
 * order pages and answers come. */
static void
check_versions(const struct sim_clerk *c, const struct record_type *type, const char *records,
    size_t n)
{
	size_t i;

	for (i = 0; i < n && !sim_is_dead(); i++) {
		const void *record = records + i * type->size;
		const char *key = record_text(&type->fields[0], record);
		int64_t version = record_number(record_field(type, "version"), record);
		int64_t *seen = sim_clerk_seen(c, key);

		if (version < *seen) {
			sim_fail("I-31: %s has %s %s in version %d after %d", sim.sides[c->side].name,
			    type->name, key, (int)version, (int)*seen);
		}
		if (is_durable(c)) {
			*seen = version;
		}
	}
}

static size_t
list(struct sim_clerk *c, const struct mirror_query *q, void *records)
{
	struct mirror_window window = { .records = records };
	struct err err = { 0 };

	if (mirror_fetch(app_db(c->app), q, 0, ROWS_MAX, &window, &err) != 0) {
		if (!sim_is_dead() && err.code != ERR_BUSY && err.code != ERR_LOCAL) {
			sim_fail("a list cannot be read: %s", err.text);
		}
		return 0;
	}
	check_versions(c, mirror_type(q->noun), records, window.got);
	return window.got;
}

/* Some of the levies of q, and their sum. */
static void
choose(struct sim_clerk *c, const struct mirror_query *q, struct text_list *out, int64_t *sum)
{
	struct levy *rows = mem_alloc(ROWS_MAX * sizeof(*rows));
	size_t n = list(c, q, rows), i;
	int percent = (int)sim_between(20, 100);

	*sum = 0;
	for (i = 0; i < n; i++) {
		if (sim_chance(percent)) {
			text_list_add(out, rows[i].levy_no);
			*sum += rows[i].amount;
		}
	}
	free(rows);
	if (sim_chance(2)) {
		*sum += 1; /* what he confirmed is not what it is */
	}
}

/* ---- declarations */

static void
declare(struct sim_clerk *c)
{
	struct mirror_query q;
	struct text_list levies = { 0 };
	struct declaration d = { 0 };
	struct err err = { 0 };
	int kind = sim_chance(80) ? LEVY_NORMAL : LEVY_SPECIAL, times = sim_chance(15) ? 2 : 1;
	int64_t sum;

	app_query_levies(c->app, kind, sim_chance(90), &q);
	choose(c, &q, &levies, &sum);
	if (levies.count > 0) {
		sim_clerk_think(c, sim_between(1, 3000));
	}
	while (levies.count > 0 && times-- > 0) {
		err_clear(&err);
		if (said(c, "declares", app_declare(c->app, kind, &levies, sum, &d, &err), &err) == 0) {
			sim_history_add(SIM_SHOWN_DECLARED, d.declaration_id);
		}
		record_release(&declaration_type, &d);
		d = (struct declaration){ 0 };
	}
	text_list_release(&levies);
}

static void
void_declaration(struct sim_clerk *c)
{
	struct declaration *rows = mem_alloc(ROWS_MAX * sizeof(*rows)), d = { 0 };
	struct mirror_query q = { .noun = MIRROR_DECLARATION };
	struct err err = { 0 };
	size_t n;

	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(c->app));
	if (sim_chance(80)) {
		mirror_where(&q, "state", MIRROR_IS, "accepted");
	}
	n = list(c, &q, rows);
	if (n > 0) {
		const char *id = rows[sim_between(0, (int64_t)n - 1)].declaration_id;

		said(c, "voids", app_declaration_void(c->app, id, &d, &err), &err);
		record_release(&declaration_type, &d);
	}
	free(rows);
}

static void
feedback(struct sim_clerk *c)
{
	struct err err = { 0 };
	int64_t open = 0;
	const int *cancel = maybe_cancel(c);

	said(c, "waits for feedback",
	    app_feedback(c->app, NULL, sim_between(0, 20000), &open, cancel, &err), &err);
}

static void
download(struct sim_clerk *c)
{
	struct err err = { 0 };
	const int *cancel = maybe_cancel(c);
	unsigned what = sim_chance(50) ? APP_DOWNLOAD_ALL
	    : sim_chance(50)	       ? APP_DOWNLOAD_LEVIES
				       : APP_DOWNLOAD_RECORDS;

	said(c, "downloads", app_download(c->app, what, NULL, NULL, cancel, &err), &err);
}

/* ---- money */

static int
prove(struct sim_clerk *c, int action, const struct text_list *levies, int64_t amount,
    const char *voucher_no, char out[TOKEN_SIZE])
{
	struct proof_request request = { .action = action, .amount = amount };
	struct proof_answer answer = { 0 };
	struct err err = { 0 };
	int rc;

	mem_copy_text(request.password, sizeof(request.password), c->password);
	mem_copy_text(request.voucher_no, sizeof(request.voucher_no), voucher_no);
	if (levies != NULL) {
		request.levy_nos = *levies;
	}
	rc = said(c, "proves", app_proof(c->app, &request, &answer, &err), &err);
	if (err.code == ERR_WRONG_PASSWORD) {
		c->is_out = 1;
	}
	snprintf(out, TOKEN_SIZE, "%s", answer.proof);
	return rc;
}

static void
told(struct sim_intent *intent, int rc, enum err_code code, int state)
{
	if (rc == 0) {
		sim_intent_told(intent, state);
	} else if (is_final_no(code)) {
		intent->told = SIM_TOLD_REFUSED;
	}
}

static void
pay_once(struct sim_clerk *c, const struct text_list *levies, int64_t sum)
{
	struct pay_request request = { .amount = sum, .levy_nos = *levies };
	struct payment p = { 0 };
	struct err err = { 0 };
	struct sim_intent *intent;
	int rc;

	if (prove(c, PROOF_PAY, levies, sum, "", request.proof) != 0) {
		return;
	}
	sim_clerk_think(c, sim_between(1, 2000));
	snprintf(request.agreement_no, sizeof(request.agreement_no), "%s",
	    c->employer == 1 ? "H-1"
		: sim_chance(90) ? "G-1"
				 : "G-2");
	crypto_random_hex(request.op_id, 16);
	intent = sim_intent_new(c, request.op_id, levies, sum);
	rc = app_pay(c->app, &request, &p, maybe_cancel(c), &err);
	said(c, rc == 0 ? state_table_name(&states_payment, p.state) : "pays", rc, &err);
	if (!sim_is_dead()) {
		told(intent, rc, err.code, p.state);
	}
	record_release(&payment_type, &p);
}

static void
pay(struct sim_clerk *c)
{
	struct mirror_query q;
	struct text_list levies = { 0 };
	int64_t sum;

	app_query_payable(c->app, sim_chance(85), &q);
	choose(c, &q, &levies, &sum);
	if (levies.count > 0) {
		pay_once(c, &levies, sum);
		if (sim_chance(20) && !sim_is_dead()) {
			/* It took too long: once more. */
			pay_once(c, &levies, sum);
		}
	}
	text_list_release(&levies);
}

static void
issue_voucher(struct sim_clerk *c)
{
	struct mirror_query q;
	struct voucher_request request = { 0 };
	struct text_list levies = { 0 };
	struct voucher v = { 0 };
	struct err err = { 0 };
	int64_t sum;

	app_query_payable(c->app, sim_chance(85), &q);
	choose(c, &q, &levies, &sum);
	if (levies.count > 0 &&
	    prove(c, PROOF_ISSUE_VOUCHER, &levies, sum, "", request.proof) == 0) {
		request.levy_nos = levies;
		request.amount = sum;
		if (said(c, "issues a voucher", app_voucher_issue(c->app, &request, &v, &err),
			&err) == 0) {
			sim_history_add(SIM_SHOWN_VOUCHER, v.voucher_no);
		}
		record_release(&voucher_type, &v);
	}
	text_list_release(&levies);
}

static int
any_voucher(struct sim_clerk *c, char out[TICKET_NO_SIZE])
{
	struct voucher *rows = mem_alloc(ROWS_MAX * sizeof(*rows));
	struct mirror_query q = { .noun = MIRROR_VOUCHER };
	size_t n;

	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(c->app));
	n = list(c, &q, rows);
	if (n > 0) {
		snprintf(out, TICKET_NO_SIZE, "%s",
		    rows[sim_between(0, (int64_t)n - 1)].voucher_no);
	}
	free(rows);
	return n > 0;
}

static void
void_voucher(struct sim_clerk *c)
{
	struct voucher_void_request request = { 0 };
	struct voucher v = { 0 };
	struct err err = { 0 };

	if (!any_voucher(c, request.voucher_no) ||
	    prove(c, PROOF_VOID_VOUCHER, NULL, 0, request.voucher_no, request.proof) != 0) {
		return;
	}
	sim_clerk_think(c, sim_between(1, 2000));
	if (said(c, "voids a voucher", app_voucher_void(c->app, &request, &v, &err), &err) == 0) {
		sim_history_add(SIM_SHOWN_VOIDED, request.voucher_no);
	}
	record_release(&voucher_type, &v);
}

/* ---- paper */

static void
save(struct sim_clerk *c, struct document *d, int is_first)
{
	struct err err = { 0 };
	char path[256];

	if (sim_chance(90)) {
		snprintf(path, sizeof(path), "%s/%d.pdf", c->home, ++c->files);
		if (said(c, "saves", app_document_save(c->app, d, path, 0, is_first, &err), &err) ==
			0 &&
		    is_first) {
			sim_history_add(SIM_SHOWN_DELIVERED, d->number);
		}
	}
	record_release(&request_document_answer, d);
}

static void
print_voucher(struct sim_clerk *c)
{
	struct document d = { 0 };
	struct err err = { 0 };
	char no[TICKET_NO_SIZE];

	if (any_voucher(c, no) &&
	    said(c, "prints a voucher", app_voucher_document(c->app, no, &d, &err), &err) == 0) {
		sim_history_document(d.number, d.sha256);
		save(c, &d, 0);
	}
}

static void
certificate(struct sim_clerk *c)
{
	struct certificate_request request = { 0 };
	struct document d = { 0 };
	struct err err = { 0 };

	request.kind = sim_chance(70) ? CERTIFICATE_TAX_PAID : CERTIFICATE_PAYMENT_PROOF;
	snprintf(request.period_from, sizeof(request.period_from), "2020-05");
	snprintf(request.period_to, sizeof(request.period_to), "2020-0%d",
	    sim_chance(50) ? 5 : 6);
	if (said(c, "prints a certificate",
		app_certificate_issue(c->app, &request, &d, NULL, &err), &err) == 0) {
		sim_history_document(d.number, d.sha256);
		save(c, &d, 1);
	}
}

static void
reprint(struct sim_clerk *c)
{
	struct certificate *rows = mem_alloc(ROWS_MAX * sizeof(*rows));
	struct mirror_query q = { .noun = MIRROR_CERTIFICATE };
	struct document d = { 0 };
	struct err err = { 0 };
	size_t n;

	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(c->app));
	n = list(c, &q, rows);
	if (n > 0 &&
	    said(c, "reprints",
		app_certificate_reprint(c->app,
		    rows[sim_between(0, (int64_t)n - 1)].certificate_no, &d, &err),
		&err) == 0) {
		save(c, &d, 0);
	}
	free(rows);
}

/* ---- asking */

static void
resume(struct sim_clerk *c)
{
	struct err err = { 0 };

	said(c, "resumes", app_resume(c->app, maybe_cancel(c), &err), &err);
}

static void
query_payment(struct sim_clerk *c)
{
	struct payment *rows = mem_alloc(ROWS_MAX * sizeof(*rows));
	struct mirror_query q = { .noun = MIRROR_PAYMENT };
	struct err err = { 0 };
	size_t n;

	mem_copy_text(q.taxpayer_id, sizeof(q.taxpayer_id), app_unit(c->app));
	n = list(c, &q, rows);
	if (n > 0) {
		said(c, "asks about a payment",
		    app_payment_query(c->app, rows[sim_between(0, (int64_t)n - 1)].payment_no,
			NULL, &err),
		    &err);
	}
	free(rows);
}

void
sim_clerk_act(struct sim_clerk *c)
{
	static const struct {
		int weight;
		void (*act)(struct sim_clerk *c);
	} acts[] = {
		{ 10, download },
		{ 14, declare },
		{ 8, feedback },
		{ 4, void_declaration },
		{ 26, pay },
		{ 10, issue_voucher },
		{ 6, void_voucher },
		{ 2, print_voucher },
		{ 5, certificate },
		{ 2, reprint },
		{ 4, resume },
		{ 4, query_payment },
	};
	int64_t pick, total = 0;
	size_t i;

	for (i = 0; i < ARRAY_LEN(acts); i++) {
		total += acts[i].weight;
	}
	pick = sim_between(0, total - 1);
	for (i = 0; pick >= acts[i].weight; i++) {
		pick -= acts[i].weight;
	}
	acts[i].act(c);
}

/* ---- the story of the sweep */

static void
go_to_the_counter(struct sim_clerk *c)
{
	sim_office_settle();
	sim_clerk_think(c, 3000);
}

static void
ask_for_the_money(struct sim_clerk *c)
{
	sim_office_reverse();
	sim_clerk_think(c, 3000);
}

static void (*const story[])(struct sim_clerk *c) = {
	download,
	pay,
	declare,
	feedback,
	issue_voucher,
	print_voucher,
	void_voucher,
	issue_voucher,
	go_to_the_counter,
	download,
	certificate,
	reprint,
	ask_for_the_money,
	download,
	reprint,
	declare,
	pay,
	void_declaration,
	feedback,
	query_payment,
	certificate,
};
const int sim_story_length = ARRAY_LEN(story);

void
sim_story_act(struct sim_clerk *c)
{
	story[sim_story_length - c->acts](c);
	if (!sim_is_dead()) {
		c->acts--;
		sim_clerk_think(c, 200);
	}
}
