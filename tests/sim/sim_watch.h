/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_SIM_WATCH_H
#define SHEBAO_TESTS_SIM_WATCH_H

#include "shebao/db.h"
#include "sim.h"

/* What has states; the states are those of the programs' tables, and the outbox's three. */
enum sim_machine {
	SIM_LEVY,
	SIM_LEVY_PAY,
	SIM_DECLARATION,
	SIM_PAYMENT,
	SIM_VOUCHER,
	SIM_CERTIFICATE,
	SIM_MESSAGE,
	SIM_OP,
	SIM_MACHINE_COUNT
};

enum {
	SIM_STATES_MAX = 8
};

extern const char *const sim_machine_names[SIM_MACHINE_COUNT];
size_t sim_state_count(enum sim_machine machine);
const char *sim_state_name(enum sim_machine machine, size_t state);

/* How often a fault struck while something was in the state. */
extern int64_t sim_matrix[SIM_MACHINE_COUNT][SIM_STATES_MAX][SIM_FAULT_COUNT];

void sim_watch_reset(void);
void sim_watch_hit(enum sim_fault fault);
/* A program has opened its database: what is there must be what was committed. */
void sim_watch_service(struct db *db, int is_first);
void sim_watch_client(struct db *db, int home);
/* What a call did, with the connection it did it with; it counts when the transaction ends well, and
 * may count when its commit failed. home: of a journal, -1: the service's. */
enum sim_claim { SIM_CLAIM_ADD, SIM_CLAIM_END, SIM_CLAIM_REVIVE };
int sim_watch_home(void); /* of the side that runs */
void sim_watch_row(const struct db *db, enum sim_machine machine, int home, const char *key,
    const char *state);
void sim_watch_claim(const struct db *db, enum sim_claim what, const char *kind,
    const char *holder, const char *levy_no);
void sim_watch_levies(const struct db *db, enum sim_machine machine, const char *from,
    const char *to, int64_t count);
void sim_watch_end(const struct db *db, int is_done, int is_maybe);

/* Whether a row may go from one state to the other; "": it is not there. */
int sim_watch_allows(enum sim_machine machine, const char *from, const char *to);

/* Whether anything is in the state. */
int sim_watch_has(enum sim_machine machine, const char *state);
/* The committed state of a row; "": there is none. */
const char *sim_watch_state(enum sim_machine machine, int home, const char *key);

/* The side that runs has synced a file: what was there is safe now. */
void sim_watch_synced(void);
/* The machine of a home (-1: the service's) lost power: what was not safe may be gone, whatever is synced
 * from now on. */
void sim_watch_crashed(int home);

#endif
