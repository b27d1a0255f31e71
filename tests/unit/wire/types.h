/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_TYPES_H
#define SHEBAO_TESTS_TYPES_H

#include <string.h>

#include "shebao/account.h"
#include "shebao/agreement.h"
#include "shebao/certificate.h"
#include "shebao/consultation.h"
#include "shebao/levy.h"
#include "shebao/mem.h"
#include "shebao/payment.h"
#include "shebao/registration.h"
#include "shebao/request.h"
#include "shebao/unit.h"
#include "shebao/voucher.h"

/* Every record type that goes over the wire or into a file. */
static const struct record_type *const types[] = {
	&employer_type,
	&unit_type,
	&registration_type,
	&levy_type,
	&levy_push_type,
	&agreement_type,
	&account_type,
	&declaration_type,
	&payment_event_type,
	&payment_type,
	&voucher_type,
	&certificate_type,
	&consultation_type,
	&request_login,
	&request_login_answer,
	&request_password,
	&request_list,
	&request_declare,
	&request_declaration_void,
	&request_feedback,
	&request_feedback_answer,
	&request_proof,
	&request_proof_answer,
	&request_pay,
	&request_payment_query,
	&request_voucher,
	&request_voucher_void,
	&request_document,
	&request_document_answer,
	&request_certificate,
	&request_certificate_answer,
	&request_certificate_confirm,
	&request_consultation,
	&request_verify,
	&request_verify_answer,
	&request_import_answer,
	&request_numbers,
	&request_numbers_answer,
	&request_password_reset,
	&request_batch_list,
	&request_batch_list_answer,
	&request_settle,
	&request_bank_balance,
	&request_bank_fault,
	&request_bank_entry,
	&request_audit_finding,
	&request_audit_answer,
	&request_consultation_answer,
	&request_problem,
};

static inline const struct record_type *
types_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(types); i++) {
		if (strcmp(types[i]->name, name) == 0) {
			return types[i];
		}
	}
	return NULL;
}

#endif
