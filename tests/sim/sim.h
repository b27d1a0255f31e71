/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_TESTS_SIM_H
#define SHEBAO_TESTS_SIM_H

/*
 * The simulator: the production objects of client and service in one process, one thread, with
 * a clock, a network, disks, a bank and people that all follow from one seed.
 *
 * Who runs: fibers (a clerk's program, a request inside the service, its worker, the officer),
 * resumed one at a time by events of a virtual clock. A fiber belongs to a side; when a side
 * dies, every database and network call of it fails from then on, so that its code unwinds
 * without effect, and the side is opened again from what its disk holds.
 *
 * What stands in for something real, at link time: loop.h (sim_loop.c), sync_call.h
 * (sim_net.c), SQLite's file system (sim_disk.c), randomness, Argon2, the seal and saved files
 * (sim_wrap.c), the bank (sim_bank.c). Connections of programs that died are used again
 * (sim_park.c). What changes a state is watched (sim_calls.c, sim_watch.c).
 *
 * A plan says what happens (sim_run.c runs it); many plans, sweeps, shrinking and the options are
 * sim_many.c, sim_sweep.c, sim_shrink.c and sim_main.c.
 */

#include <stdint.h>

#include "shebao/err.h"
#include "shebao/operation.h"
#include "shebao/service.h"
#include "shebao/text.h"

struct db;
struct loop;
struct sync_call;

/* ---- randomness (sim_random.c): one stream for the world, one for the programs' own */

void sim_random_seed(uint64_t seed);
uint64_t sim_random(void);
int64_t sim_between(int64_t least, int64_t most); /* both included */
int sim_chance(int percent);
int64_t sim_delay(int64_t mean_ms); /* exponential, at least 1 */
void sim_random_bytes(void *out, size_t n); /* the programs' stream */

/* ---- faults: each seed switches each class on or off */

enum sim_fault {
	SIM_DELAY,       /* the network is slow now and then */
	SIM_LOSS,        /* requests vanish */
	SIM_ANSWER_LOST, /* processed, not answered */
	SIM_DUPLICATE,   /* a request arrives twice */
	SIM_REPLAY,      /* ... again much later */
	SIM_GARBAGE,     /* answers of gateways, torn answers */
	SIM_BUSY,        /* 429 and 503 of the service's own */
	SIM_NO_ROUTE,    /* no connection */
	SIM_CLIENT_KILL,
	SIM_CLIENT_POWER,
	SIM_SERVICE_KILL,
	SIM_SERVICE_POWER,
	SIM_DISK_FULL,
	SIM_CANCEL, /* Esc in the middle */
	SIM_BANK_LATE,
	SIM_BANK_LOST,
	SIM_BANK_SILENT,
	SIM_BANK_TWICE,
	SIM_BANK_TEXTS,
	SIM_BANK_REFUSES,
	SIM_BANK_FORGETS,
	SIM_BANK_CLOSED,
	SIM_WITHDRAW,
	SIM_BATCH,
	SIM_RESET,
	SIM_COUNTER,
	SIM_SHARED_HOME,
	SIM_WATCH, /* clerks leave the feedback watch on, as the screens do */
	SIM_PARTITION,  /* a clerk's line is dead for a while, both ways or one way */
	SIM_SKEW,       /* clients' clocks are wrong and jump */
	SIM_DISK_ERROR, /* a sync fails */
	SIM_NIGHT,      /* days pass before the last copies arrive */
	SIM_AGREEMENT,  /* an agreement ends in the middle */
	SIM_PUSH,       /* levies are pushed again with other amounts */
	SIM_REVERSE,    /* the officer has debits given back */
	SIM_PAUSE,      /* a thread of the service rests between two transactions */
	SIM_SECOND,     /* a second service has the same books, as on PostgreSQL */
	SIM_FAULT_COUNT
};
extern const char *const sim_fault_names[SIM_FAULT_COUNT];

/* ---- the world (sim_world.c) */

enum {
	SIM_EMPLOYERS = 2,
	SIM_CLERKS = 5,
	SIM_LEVIES = 16,
	SIM_SERVICES = 2, /* on one machine */
	SIM_SIDES = SIM_CLERKS + SIM_SERVICES,
	SIM_MACHINES = SIM_CLERKS + 1
};

enum sim_death {
	SIM_ALIVE,
	SIM_KILLED, /* the process: what it wrote stays */
	SIM_POWER   /* the machine: what was not synced may be lost, torn, kept */
};

/* A program's process. */
struct sim_side {
	const char *name;
	int machine;
	enum sim_death death;
	int64_t writes_left; /* dies at this write; -1: not */
	int full_writes;     /* the next so many writes find the disk full */
	int bad_syncs;       /* the next so many syncs fail */
	int64_t steps;       /* durable steps so far */
	int is_open;
};

/* Where a program dies in the sweep, and whether the step at which it dies was done. */
enum sim_crash { SIM_CRASH_BEFORE, SIM_CRASH_AFTER, SIM_CRASH_POWER, SIM_CRASH_COUNT };

enum {
	SIM_SKIPS_MAX = 32
};

/* What makes a run: equal plans, equal traces. */
struct sim_plan {
	uint64_t seed;
	int is_off[SIM_FAULT_COUNT];
	int64_t acts; /* only the first so many things are done; -1: all */
	struct {
		int64_t from, to;
	} skips[SIM_SKIPS_MAX]; /* and not these */
	size_t skip_count;
	/* The sweep: one clerk's story instead of chance, no faults but one death a side. */
	int is_story;
	int64_t crash_step[2]; /* of the clerk, of the service; 0: none */
	enum sim_crash crash;
};

struct sim_world {
	struct sim_plan plan;
	int64_t acts; /* done or skipped so far */
	uint64_t seed;
	int64_t now;      /* ms, both clocks */
	int64_t started;
	int64_t slept;    /* the nights in between */
	int is_on[SIM_FAULT_COUNT];
	int is_healed;    /* no new faults */
	int clerks;       /* of SIM_CLERKS: the worlds differ in size */
	int trace;
	int64_t events, until;
	uint64_t hash;
	struct sim_side sides[SIM_SIDES]; /* the last are the services' */
	int power_lost[SIM_MACHINES]; /* its disk is still to be looked at */
	int side;         /* whose code runs */
	char folder[128];
	int64_t hits[SIM_FAULT_COUNT];
};
extern struct sim_world sim;

#define SIM_SERVICE SIM_CLERKS /* the first of them */
#define sim_is_service(side) ((side) >= SIM_SERVICE)
/* Whether a fault strikes now. */
#define SIM_YES(fault, percent)                                                            \
	(!sim.is_healed && sim.is_on[fault] && sim_chance(percent) && sim_hit(fault))

int sim_hit(enum sim_fault fault); /* counts; always 1 */

/* Folds a line into the trace's hash, and prints it with --trace. */
void sim_trace(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A violation: prints seed and text, ends the process with status 1. */
void sim_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

typedef void sim_fn(void *user);
int sim_after(int64_t ms, sim_fn *fn, void *user);
void sim_cancel(int id);
/* Runs events until *done, or until there are none: -1. */
int sim_run(const int *done);
int sim_run_one(void); /* 0: there was none */
void sim_world_reset(uint64_t seed);

struct sim_fiber;
void sim_fiber_start(int side, sim_fn *fn, void *user);
struct sim_fiber *sim_fiber_now(void);
/* Gives way until sim_fiber_wake; whoever waits looks again whether he may go on. */
void sim_fiber_pause(void);
void sim_fiber_wake(struct sim_fiber *fiber);
/* Gives way for at most ms, or until woken. */
void sim_nap(int64_t ms);
/* Gives way for ms; 0, or -1 when the side died meanwhile. */
int sim_sleep(int64_t ms);
int sim_fibers(int side); /* alive */

/* The side whose code runs is dead. */
int sim_is_dead(void);
/* Dies now; its fibers are woken, so that they unwind. */
void sim_die(int side, enum sim_death how);
/* Counts a durable step of the side that runs. It may die at it: the kill found it before or
 * after what was to be done. */
enum sim_step { SIM_STEP_ALIVE, SIM_STEP_DIED_BEFORE, SIM_STEP_DIED_AFTER };
enum sim_step sim_step(void);
/* Whether the next thing that people do is part of the plan. */
int sim_act(void);

/* ---- the loop (sim_loop.c): what sim_net.c puts into it */
void sim_loop_ready(struct loop *loop);
int sim_net_serve(struct loop *loop);

/* ---- disks (sim_disk.c) */

void sim_disk_install(void);
void sim_disk_reset(void);
/* After power was lost: synced bytes stay, of the others what chance leaves. */
void sim_disk_crash(int machine);
int sim_disk_is_synced(const char *path); /* also when there is no such file */
void sim_disk_put(int machine, const char *path, const void *bytes, size_t n);
void sim_disk_get(const char *path, struct buf *out);

void sim_memory_install(void); /* before the first use of SQLite (sim_memory.c) */

/* ---- the network (sim_net.c) */

void sim_net_reset(void);
/* What is still to be replayed comes within a minute, or, if days are to pass, after ms. */
void sim_net_heal(int64_t ms);

/* ---- the bank (sim_bank.c) */

extern struct bank sim_bank;
void sim_bank_reset(void);
void sim_bank_heal(void);
int sim_bank_busy(void); /* money that has still to move */
/* Successful debits for an op_id, or the counter's takings for a voucher number. */
int sim_bank_count(const char *op_id, int64_t *amount);
int sim_bank_reversals(const char *op_id);

/* ---- the services' sides (sim_service.c); the service is that of the side that runs, or the first */

void sim_service_setup(void); /* once a process: the books every seed begins with */
void sim_service_start(void);
int sim_service_is_shared(void); /* the books are on a server, where others may have them too */
int sim_service_runs(void); /* at least one */
int sim_service_side(void); /* of one that runs, for who comes from outside; -1: there is none */
struct service *sim_service(void);
struct db *sim_service_db(struct db_pool **pool);
void sim_service_close(void); /* all, when nothing of them runs any more */
void sim_service_changed(void); /* wakes its worker */
int sim_service_fibers(void); /* of all */
int sim_service_rests(void); /* a thread between two transactions (sim_calls.c) */
int sim_service_is_idle(void); /* all run, and do nothing but wait for what is due */
void sim_office_start(void);
void sim_office_settle(void); /* the story's voucher is paid at the counter */
void sim_office_reverse(void); /* ... and a debit of it given back */
extern int sim_office_done;
extern char sim_passwords[SIM_EMPLOYERS][33];
extern const char *const sim_employers[SIM_EMPLOYERS];

/* ---- people (sim_clerk.c) */

void sim_clerk_setup(void);
void sim_clerks_start(void);
void sim_clerks_close(void);

/* What a clerk asked the bank for, by op_id, and what he was told. */
enum sim_told { SIM_TOLD_NOTHING, SIM_TOLD_DONE, SIM_TOLD_REFUSED };
struct sim_intent {
	char op_id[33];
	int employer;
	int64_t amount;
	struct text_list levies;
	enum sim_told told;
	int is_asked_back; /* the officer wants it reversed */
};
struct sim_intent *sim_intent_find(const char *op_id);
int sim_intents_overlap(const struct sim_intent *a, const struct sim_intent *b);
struct sim_intent *sim_intent_at(size_t i); /* NULL: no more */

/* ---- one run, and many (sim_run.c) */

/* Once a process, before any run: sets up what every seed begins with. */
void sim_prepare(void);
void sim_run_plan(const struct sim_plan *plan);

/* ---- checks (sim_check.c) */

void sim_check_reset(void);
void sim_check_debit(const struct bank_debit *debit); /* as it is executed */
void sim_check_reversal(const struct bank_debit *debit);
void sim_check_rest(void);

/* ---- what people were shown (sim_history.c) */

enum sim_shown { SIM_SHOWN_DECLARED, SIM_SHOWN_VOUCHER, SIM_SHOWN_VOIDED, SIM_SHOWN_DELIVERED };
void sim_history_reset(void);
void sim_history_add(enum sim_shown what, const char *number);
/* The first print of a document: whoever gets it gets the same bytes. */
void sim_history_document(const char *number, const char *sha256);
/* At rest: what was shown as done is so. */
void sim_history_check(struct db *db);

#endif
