/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the service's answer to a mutation means for the mirror, one row an operation. An answer may be
 * older than the list (it is given again after a restart): what the list has later stays. */
#include "app_private.h"

#include <string.h>

#include "shebao/mem.h"
#include "shebao/state_table.h"
#include "shebao/states.h"

typedef int apply_fn(
    struct app *app, const struct journal_entry *entry, const void *answer, struct err *err);

static int
apply_declare(
    struct app *app, const struct journal_entry *entry, const void *answer, struct err *err)
{
	const struct declaration *declaration = answer;

	if (mirror_put(app->db, MIRROR_DECLARATION, declaration, err) != 0) {
		return -1;
	}
	return db_run(app->db,
	    "UPDATE levy SET state = 'declaring', declaration_id = $1 WHERE taxpayer_id = $2"
	    " AND levy_no IN (SELECT levy_no FROM hold WHERE op_id = $3) AND version < $4",
	    DB_ARGS(db_text(declaration->declaration_id), db_text(entry->taxpayer_id),
		db_text(entry->op_id), db_int(declaration->version)),
	    NULL, err);
}

static int
apply_declaration(
    struct app *app, const struct journal_entry *entry, const void *answer, struct err *err)
{
	(void)entry;
	return mirror_put(app->db, MIRROR_DECLARATION, answer, err);
}

static const char *
levy_pay_state(int payment_state)
{
	switch (payment_state) {
	case PAYMENT_SUCCEEDED:
		return "settled";
	case PAYMENT_REFUSED:
	case PAYMENT_REVERSED:
		return "unpaid";
	case PAYMENT_UNKNOWN:
		return "unconfirmed";
	default:
		return "paying";
	}
}

static int
apply_payment(
    struct app *app, const struct journal_entry *entry, const void *answer, struct err *err)
{
	const struct payment *payment = answer;

	if (mirror_put(app->db, MIRROR_PAYMENT, payment, err) != 0) {
		return -1;
	}
	return db_run(app->db,
	    "UPDATE levy SET pay_state = $1, payment_no = $2 WHERE taxpayer_id = $3"
	    " AND levy_no IN (SELECT levy_no FROM hold WHERE op_id = $4) AND version < $5",
	    DB_ARGS(db_text(levy_pay_state(payment->state)), db_text(payment->payment_no),
		db_text(entry->taxpayer_id), db_text(entry->op_id),
		db_int(payment->version)),
	    NULL, err);
}

static int
apply_voucher_issue(
    struct app *app, const struct journal_entry *entry, const void *answer, struct err *err)
{
	const struct voucher *voucher = answer;

	if (mirror_put(app->db, MIRROR_VOUCHER, voucher, err) != 0) {
		return -1;
	}
	return db_run(app->db,
	    "UPDATE levy SET pay_state = 'vouchered', voucher_no = $1 WHERE taxpayer_id = $2"
	    " AND levy_no IN (SELECT levy_no FROM hold WHERE op_id = $3) AND version < $4",
	    DB_ARGS(db_text(voucher->voucher_no), db_text(entry->taxpayer_id),
		db_text(entry->op_id), db_int(voucher->version)),
	    NULL, err);
}

static int
apply_voucher_void(
    struct app *app, const struct journal_entry *entry, const void *answer, struct err *err)
{
	const struct voucher *voucher = answer;

	if (mirror_put(app->db, MIRROR_VOUCHER, voucher, err) != 0) {
		return -1;
	}
	return db_run(app->db,
	    "UPDATE levy SET pay_state = 'unpaid', voucher_no = '' WHERE taxpayer_id = $1"
	    " AND voucher_no = $2 AND version < $3",
	    DB_ARGS(db_text(entry->taxpayer_id), db_text(voucher->voucher_no),
		db_int(voucher->version)), NULL, err);
}

static int
apply_certificate(
    struct app *app, const struct journal_entry *entry, const void *answer, struct err *err)
{
	(void)entry;
	return mirror_put(app->db, MIRROR_CERTIFICATE, answer, err);
}

static int
apply_consultation(
    struct app *app, const struct journal_entry *entry, const void *answer, struct err *err)
{
	(void)entry;
	return mirror_put(app->db, MIRROR_CONSULTATION, answer, err);
}

int
app_apply(struct app *app, enum operation operation, const struct journal_entry *entry,
    const void *answer, struct err *err)
{
	/* Documents change nothing here: the next download brings their records. */
	static apply_fn *const appliers[OPERATION_COUNT] = {
		[OPERATION_DECLARATION_SUBMIT] = apply_declare,
		[OPERATION_DECLARATION_VOID] = apply_declaration,
		[OPERATION_PAYMENT_SUBMIT] = apply_payment,
		[OPERATION_VOUCHER_ISSUE] = apply_voucher_issue,
		[OPERATION_VOUCHER_VOID] = apply_voucher_void,
		[OPERATION_CERTIFICATE_CONFIRM] = apply_certificate,
		[OPERATION_CONSULTATION_ASK] = apply_consultation,
	};

	return appliers[operation] == NULL ? 0 : appliers[operation](app, entry, answer, err);
}
