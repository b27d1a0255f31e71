/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which screen a menu item opens. */
#include "screen_ui.h"

#include "shebao/mem.h"

static const struct screen_row rows[] = {
	{ 11, screen_login, &screen_login_keys },
	{ 12, screen_units, &screen_login_keys },
	{ 21, screen_declare_normal, &screen_declare_keys },
	{ 22, screen_declare_special, &screen_declare_keys },
	{ 23, screen_declarations, &screen_declarations_keys },
	{ 31, screen_pay, &screen_pay_keys },
	{ 32, screen_vouchers, &screen_vouchers_keys },
	{ 33, screen_payments, &screen_payments_keys },
	{ 41, screen_certificate_print, &screen_certificates_keys },
	{ 42, screen_certificate_reprint, &screen_certificates_reprint_keys },
	{ 43, screen_certificate_proof, &screen_certificates_keys },
	{ 51, screen_insured, NULL },
	{ 52, screen_due, NULL },
	{ 61, screen_login_password, NULL },
	{ 62, screen_declaration_password, NULL },
	{ 63, screen_employer, &screen_employer_keys },
	{ 71, screen_consult, &screen_consult_keys },
	{ 72, screen_tour, NULL },
};

const struct screen_row *
screen_table_find(int code)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].code == code) {
			return &rows[i];
		}
	}
	return NULL;
}
