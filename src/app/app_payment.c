/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 缴费: proof, debit, vouchers. */
#include "app_private.h"

#include "shebao/crypto.h"
#include "shebao/i18n.h"
#include "shebao/mem.h"
#include "shebao/state_table.h"
#include "shebao/states.h"

int
app_proof(struct app *app, const struct proof_request *request, struct proof_answer *out,
    struct err *err)
{
	int rc = app_ask_patiently(app, OPERATION_PROOF, request, out, err);

	app_password_failed(err);
	return rc;
}

int
app_prove(struct app *app, const struct proof_request *request, const char *password,
    char proof[TOKEN_SIZE], struct err *err)
{
	struct proof_request own = *request;
	struct proof_answer answer = { 0 };
	int rc = -1;

	if (mem_copy_text(own.password, sizeof(own.password), password)) {
		rc = app_proof(app, &own, &answer, err);
	} else {
		err_set(err, ERR_WRONG_PASSWORD, "%s", _("您输入的申报密码有误，请重新输入。"));
		app_password_failed(err);
	}
	mem_copy_text(proof, TOKEN_SIZE, answer.proof);
	crypto_wipe(own.password, sizeof(own.password));
	record_release(&request_proof_answer, &answer);
	return rc;
}

int
app_pay(struct app *app, const struct pay_request *request, struct payment *out,
    const int *cancel, struct err *err)
{
	struct pay_request own = *request;
	struct app_intent intent = {
		.operation = OPERATION_PAYMENT_SUBMIT,
		.request = &own,
		.op_id = own.op_id,
		.hold = JOURNAL_HOLD_PAY,
		.levy_nos = &own.levy_nos,
		.amount = own.amount,
	};

	if (own.op_id[0] == '\0') {
		app_outbox_id(own.op_id);
	}
	return app_outbox_do(app, &intent, out, cancel, err);
}

int
app_payment_query(
    struct app *app, const char *payment_no, struct payment *out, struct err *err)
{
	struct payment_query request = { 0 };
	struct payment answer = { 0 };
	int rc;

	mem_copy_text(request.payment_no, sizeof(request.payment_no), payment_no);
	rc = sync_ask(app->sync, OPERATION_PAYMENT_QUERY, &request, &answer, NULL, err);
	if (rc == 0) {
		rc = mirror_put(app->db, MIRROR_PAYMENT, &answer, err);
	}
	if (rc == 0 && out != NULL) {
		*out = answer;
	} else {
		record_release(&payment_type, &answer);
	}
	return rc;
}

int
app_payment_timeline(
    struct app *app, const char *payment_no, struct record_list *events, struct err *err)
{
	struct rows *rows = NULL;
	int rc = db_query(app->db, "SELECT * FROM payment_event WHERE payment_no = $1 ORDER BY seq",
	    DB_ARGS(db_text(payment_no)), &rows, err);

	while (rc == 0 && (rc = db_rows_next(rows, err)) == 1) {
		rc = db_rows_record(rows, &payment_event_type,
		    record_list_add(events, &payment_event_type), err);
	}
	db_rows_close(rows);
	return rc;
}

/* ---- 银行端查询缴费凭证 */

int
app_voucher_issue(struct app *app, const struct voucher_request *request,
    struct voucher *out, struct err *err)
{
	struct voucher_request own = *request;
	struct app_intent intent = {
		.operation = OPERATION_VOUCHER_ISSUE,
		.request = &own,
		.op_id = own.op_id,
		.hold = JOURNAL_HOLD_VOUCHER,
		.levy_nos = &own.levy_nos,
		.amount = own.amount,
	};

	if (own.op_id[0] == '\0') {
		app_outbox_id(own.op_id);
	}
	return app_outbox_do(app, &intent, out, NULL, err);
}

int
app_voucher_void(struct app *app, const struct voucher_void_request *request,
    struct voucher *out, struct err *err)
{
	struct voucher_void_request own = *request;
	struct app_intent intent = {
		.operation = OPERATION_VOUCHER_VOID,
		.request = &own,
		.op_id = own.op_id,
	};

	if (own.op_id[0] == '\0') {
		app_outbox_id(own.op_id);
	}
	return app_outbox_do(app, &intent, out, NULL, err);
}

int
app_voucher_document(
    struct app *app, const char *voucher_no, struct document *out, struct err *err)
{
	struct document_request request = { 0 };
	struct app_intent intent = {
		.operation = OPERATION_VOUCHER_DOCUMENT,
		.request = &request,
		.op_id = request.op_id,
	};

	app_outbox_id(request.op_id);
	mem_copy_text(request.number, sizeof(request.number), voucher_no);
	return app_outbox_do(app, &intent, out, NULL, err);
}
