/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which screen a menu item opens. */
#include "screen_ui.h"

#include "shebao/mem.h"

static const struct screen_row rows[] = {
	{ 11, screen_login },
	{ 12, screen_units },
	{ 21, screen_declare_normal },
	{ 22, screen_declare_special },
	{ 23, screen_declarations },
	{ 31, screen_pay },
	{ 32, screen_vouchers },
	{ 33, screen_payments },
	{ 41, screen_certificate_print },
	{ 42, screen_certificate_reprint },
	{ 43, screen_certificate_proof },
	{ 51, screen_insured },
	{ 52, screen_due },
	{ 61, screen_login_password },
	{ 62, screen_declaration_password },
	{ 63, screen_employer },
	{ 71, screen_consult },
	{ 72, screen_tour },
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
