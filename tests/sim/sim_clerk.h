/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_SIM_CLERK_H
#define SHEBAO_TESTS_SIM_CLERK_H

#include "shebao/app.h"
#include "sim.h"

enum sim_clerk_stage { CLERK_WORKS, CLERK_IDLE, CLERK_RESTS, CLERK_DONE };

struct sim_clerk {
	int side;
	int employer;
	char home[160];
	char password[33]; /* as he believes */
	struct app *app;   /* NULL: not running */
	struct loop *loop;
	int is_out; /* the session is over */
	int acts;   /* left to do */
	int finals, files;
	int cancel; /* Esc was pressed */
	enum sim_clerk_stage stage;
};
extern struct sim_clerk sim_clerks[SIM_CLERKS];
extern int sim_clerk_phase; /* 2: look once more, nothing changes any longer */

int sim_clerks_at(enum sim_clerk_stage stage); /* how many came so far */
int sim_clerk_open(struct sim_clerk *c);
void sim_clerk_close(struct sim_clerk *c);
int sim_clerk_login(struct sim_clerk *c);
const char *sim_clerk_initial(const struct sim_clerk *c);
/* Lets time pass; the program serves its loop. */
void sim_clerk_think(struct sim_clerk *c, int64_t ms);
/* One thing a clerk does (sim_act.c). */
void sim_clerk_act(struct sim_clerk *c);
/* The next step of the sweep's story; begun anew when the clerk died in the middle of it. */
void sim_story_act(struct sim_clerk *c);
extern const int sim_story_length;

/* The version in which a list of this home has shown a record. */
int64_t *sim_clerk_seen(const struct sim_clerk *c, const char *key);

/* A state of the payment that its clerk was shown. */
void sim_intent_told(struct sim_intent *intent, int state);
struct sim_intent *sim_intent_new(const struct sim_clerk *c, const char *op_id,
    const struct text_list *levies, int64_t amount);

#endif
