/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PLAIN_PLAIN_ITEMS_H
#define SHEBAO_PLAIN_PLAIN_ITEMS_H

#include "plain_list.h"

/* What the menu items open: the table is in plain.c. */
void plain_login(struct plain *p);
void plain_login_units(struct plain *p);
void plain_declare_normal(struct plain *p);
void plain_declare_special(struct plain *p);
void plain_declarations(struct plain *p);
void plain_pay(struct plain *p);
void plain_vouchers(struct plain *p);
void plain_payments(struct plain *p);
void plain_certificates_print(struct plain *p);
void plain_certificates_reprint(struct plain *p);
void plain_certificates_proof(struct plain *p);
void plain_query_insured(struct plain *p);
void plain_query_due(struct plain *p);
void plain_query_employer(struct plain *p);
void plain_settings_lock(struct plain *p);
void plain_settings_password(struct plain *p);
void plain_consult(struct plain *p);
void plain_consult_tour(struct plain *p);

/* 地区, with the question whether to enter with it; 0: kept in the settings, -1: given up. */
int plain_login_region(struct plain *p);

/* A payment and its timeline; while its outcome is unknown it can be asked about, never paid
 * anew. */
void plain_payments_show(struct plain *p, const char *payment_no);

/* Saves a voucher's document, with what to do next. 1: saved. */
int plain_vouchers_save(struct plain *p, const char *voucher_no);

#endif
