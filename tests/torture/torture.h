/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_TORTURE_TORTURE_H
#define TESTS_TORTURE_TORTURE_H

#include <libpq-fe.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The supervisor of the torture tests. It shares no code with what it tests: it starts the real
 * programs, harms them, and reads the databases and the bank's ledger with its own eyes.
 */
enum {
	WORDS_MAX = 16,
	STEPS_MAX = 32,
	TRUTH_MAX = 4096
};

/* Whose month it is. */
#define EMPLOYER "91520100770598600Y"

/* What is done to a process: see torture_preload.c. how NULL: nothing. */
struct harm {
	const char *how;
	long at;
	const char *then; /* how is stop: what tests/pg does to the server meanwhile */
};

struct torture {
	char programs[PATH_MAX]; /* with cheap passwords */
	char sample[PATH_MAX];
	char preload[PATH_MAX];
	char work[PATH_MAX]; /* now/ is the world; the other folders are where sweeps begin */
	char now[PATH_MAX];
	char cluster[PATH_MAX]; /* folder of the PostgreSQL server with the books; "": they are a file */
	long *count;         /* of the program that was harmed last: see torture_preload.c */
	long stride;         /* every so many points; 0: the long form, every one */
	long at;             /* 0, or the one point to be harmed */
	int share, shares;   /* this one's sweeps of all */
	int say_all;
	volatile sig_atomic_t is_stopping;
	int64_t began;
	/* Counted. */
	int64_t cycles, kills, errors, failures, slowest_ready_ms;
};
extern struct torture torture;

/* Long runs say how far they are. */
void torture_say(void);
/* Prints the counts and ends. */
_Noreturn void torture_finish(void);

/* ---- torture_process.c */

struct said {
	pid_t pid;
	int status; /* exit status; 128 + signal; -1: had to be ended after its time */
	char out[65536], err[8192];
};

/* Another user of the system; uid 0: only by name. */
struct clerk {
	const char *name;
	uid_t uid;
};

/* argv[0] is shebao or shebaoctl; @voucher, @declaration, @certificate stand for the number of
 * the newest one. home NULL: the world's. */
struct launch {
	const char *const *argv;
	const char *home;
	const struct clerk *clerk; /* NULL: who runs the torture */
	struct harm harm;
	int timeout_ms;
	pid_t pid;
	char said_to[PATH_MAX];
};
int process_start(struct launch *launch);
void process_end(struct launch *launch, struct said *said);
void process_run(const char *const *argv, struct harm harm, struct said *said);
/* A program with a terminal of its own; the master's descriptor, or -1. */
int process_terminal(const char *const *argv, pid_t *pid);
/* Waits up to ms for the end; 1 ended. */
int process_wait(pid_t pid, int ms, int *status);
int64_t process_cpu_ms(pid_t pid);
int64_t now_ms(void);
void pause_ms(long ms);

/* 0 ready; -1 ended before. A harm counts from its first call. */
int daemon_start(struct harm harm);
void daemon_stop(int signal);
int daemon_is_up(void);
pid_t daemon_pid(void);
/* How it ended: as said.status. */
int daemon_status(void);

/* ---- torture_folder.c */

void folder_remove(const char *path);
void folder_copy(const char *from, const char *to);
/* What must not be there: temporary files, halves. 1 and a name when there is something. */
int folder_orphan(const char *path, char *out, size_t size);
void world_keep(const char *name);
void world_back_to(const char *name);

/* ---- torture_books.c: the databases and the ledger, read with SQL of our own */

void books_truth(char out[TRUTH_MAX]);
/* First column of the first row; "" when there is none. */
void books_value(const char *database, const char *sql, char *out, size_t size);
/* 1 and words when a database is damaged, an operation is still open or the lists differ. */
int books_wrong(char *out, size_t size);
/* 1 and words: with nothing under way, the client's lists of its employer must be the service's. */
int books_lists_differ(char *out, size_t size);
/* Whether the client still waits for an outcome, as its own database says. */
int books_is_pending(void);
int books_has_client(void);
/* A database from a dump of one. */
void books_make(const char *database, const char *dump);

/* ---- torture_cluster.c: the books on a PostgreSQL server, each world a database */

#define CLUSTER_NOW "now"

void cluster_url(const char *database, char *out, size_t size);
/* NULL: it does not come back. */
PGconn *cluster_open(const char *database);
void cluster_await(void);
void cluster_make(void);
void cluster_keep(const char *name);
void cluster_back_to(const char *name);
/* tests/pg what FOLDER database. 0, -1 */
int cluster_do(const char *what, const char *database);
/* Once the service stops (harm stop), does so and lets it go on. */
void cluster_harm_when_stopped(pid_t service, const char *what);
void cluster_await_harm(void);

/* ---- torture_story.c */

enum target {
	TARGET_CLIENT,
	TARGET_DAEMON
};
struct step {
	const char *name, *from;
	const char *before[WORDS_MAX]; /* done unharmed in every cycle */
	const char *command[WORDS_MAX];
	const char *otherwise[WORDS_MAX]; /* when command does not do it any more */
	unsigned targets;                 /* 1 << TARGET_... */
	unsigned migrates;                /* who of them makes or upgrades a database */
	long calls_max;                   /* 0: until it ends untouched */
	int draws; /* by libraries that end the process when they get no memory */
};
extern const struct step story_steps[];
extern const size_t story_count;
const struct step *story_step(const char *name);
/* Makes the checkpoints. 0; -1: the story does not work untouched. */
int story_prepare(void);

/* ---- torture_check.c */

void failed(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* 1: the client, if there is one, waits for nothing and has the service's lists. */
int check_rest(struct said *said);
/* Takes the step up again until it is done, then looks at everything. */
void check_world(const struct step *step, const char *truth, const char *what);
/* What the step leaves when nobody harms it. */
int check_truth(const struct step *step, char truth[TRUTH_MAX]);

/* ---- the sweeps */

int is_server_harm(const char *how);

void sweep_calls(const struct step *step, enum target target, const char *how);
void sweep_memory(const struct step *step, enum target target, const char *how);
void sweep_disk(void);
void sweep_screens(void);
void sweep_race(void);
void sweep_random(void);

#endif
