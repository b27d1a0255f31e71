/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_SIM_SERVICE_H
#define SHEBAO_TESTS_SIM_SERVICE_H

#include "sim.h"

/* What the officer (sim_office.c) has of the service (sim_service.c). */

/* The officer's token; the initial declaration password of an employer. */
const char *sim_service_officer(void);
const char *sim_service_initial(int employer);

/* A request of the officer's that carries rows. */
void sim_service_import(enum operation op, const char *rows, struct service_answer *answer);

/* Rows to import, with their header: levies with so many times their first amount, and the agreement
 * that debits are made under. */
void sim_service_put_levies(struct buf *out, int first, int count, int times);
void sim_service_put_agreement(struct buf *out, const char *status);

#endif
