/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_SERVICE_SERVICE_USES_H
#define SHEBAO_SERVICE_SERVICE_USES_H

#include "service_call.h"

/* The steps of the use cases, as the table in service.c names them: see service_call.h. */

service_step_fn service_session_login_prepare, service_session_login, service_session_logout;
service_step_fn service_password_prepare, service_password_change, service_password_reset;
service_step_fn service_proof_prepare, service_proof_make;

service_step_fn service_list_employer, service_list_run;

/* Puts every row of the query as one line, with its lists, and closes it. */
int service_list_rows(struct service_call *call, struct rows *rows, struct err *err)
    __attribute__((warn_unused_result));
service_step_fn service_import_employers, service_import_levies, service_import_agreements,
    service_import_accounts;

service_step_fn service_declaration_submit, service_declaration_void, service_declaration_feedback;
service_step_fn service_levy_withdraw, service_levy_batch_create,
    service_levy_batch_lists;

service_step_fn service_payment_submit, service_payment_finish, service_payment_query;
service_step_fn service_voucher_issue, service_voucher_void, service_voucher_print,
    service_voucher_document, service_voucher_settle, service_voucher_settled;

service_step_fn service_reversal_ask, service_reversal_finish;

service_step_fn service_certificate_issue, service_certificate_issued,
    service_certificate_confirm, service_certificate_reprint, service_certificate_reprinted;
service_step_fn service_document_verify, service_document_seal_certificate;

service_step_fn service_consultation_ask, service_consultation_answer,
    service_consultation_list;
service_step_fn service_office_balance, service_office_fault, service_office_ledger,
    service_office_nothing, service_office_audit, service_office_backup;

service_step_fn service_token_create, service_token_list, service_token_revoke;

/* The audit with a connection at hand. */
int service_audit_run(struct service *service, struct db *db, service_finding_fn *fn, void *user,
    int64_t *checked, struct err *err) __attribute__((warn_unused_result));

#endif
