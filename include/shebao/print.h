/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PRINT_PRINT_H
#define SHEBAO_PRINT_PRINT_H

#include "shebao/loop.h"
#include "shebao/record.h"
#include "shebao/sandbox.h"

/*
 * Files that leave this machine: to a printer through CUPS, to the clerk's own PC by ZMODEM.
 *
 * What talks to CUPS, and the program that speaks ZMODEM, run as children of a broker: a process
 * forked from the client before that goes into its sandbox and may fork no more. A CUPS server that
 * does not answer can so neither hold up the screen nor spoil its state; the loop is served
 * meanwhile. The library (libcups.so.2) is loaded in the child and only when something is printed:
 * starting the client costs nothing, and a machine without it can do all the rest.
 * The server is CUPS's own choice: $CUPS_SERVER, client.conf, /run/cups/cups.sock.
 */
#define PRINT_NAME_SIZE 128
#define PRINT_COPIES_MAX 99

/* Forks the broker, once; it ends with this process. rules: of its own sandbox, NULL for none.
 * zmodem_program: what it may run to send files. Without a call the first order starts one, which
 * sends no files. */
int print_broker_start(const struct sandbox_rules *rules, const char *zmodem_program,
    struct err *err) __attribute__((warn_unused_result));

/* The numbers of IPP (RFC 8011, 5.3.7), from 3 on. */
enum print_state {
	PRINT_UNKNOWN,
	PRINT_PENDING,
	PRINT_HELD,
	PRINT_PROCESSING,
	PRINT_STOPPED,
	PRINT_CANCELED,
	PRINT_ABORTED,
	PRINT_COMPLETED,
	PRINT_STATE_COUNT
};
extern const struct choice_set print_states;

struct print_printer {
	char name[PRINT_NAME_SIZE];
	char info[PRINT_NAME_SIZE];     /* for people: where it stands, what it is */
	char location[PRINT_NAME_SIZE];
	int is_default;
	int is_accepting; /* takes jobs */
	int is_stopped;   /* takes jobs, but prints none until it is started */
};
extern const struct record_type print_printer_type;

/* The printers of this machine; none is no failure. out: of print_printer_type, the caller's.
 * ERR_LOCAL says in words how to get CUPS going; ERR_CANCELLED. */
int print_list(struct loop *loop, struct record_list *out, const int *cancel, struct err *err)
    __attribute__((warn_unused_result));

struct print_request {
	const void *bytes; /* a PDF, handed over as it is */
	size_t len;
	const char *printer;
	const char *title; /* UTF-8 */
	int64_t copies;
	int64_t wait_ms; /* how long the accepted job is watched at most; 0: not */
};

struct print_job {
	char printer[PRINT_NAME_SIZE];
	int64_t number;
	int64_t copies;
	int state;         /* enum print_state */
	char message[193]; /* the printer's own words, "" for none */
};
extern const struct record_type print_job_type;

/* Called from the loop whenever the state of the accepted job has changed. */
typedef void print_state_fn(const struct print_job *job, void *user);

/* 0 only when CUPS has taken the whole file and given the job a number; job then has its last
 * known state, which may be PRINT_ABORTED: accepted is not printed. Ends early in a final state
 * or when *cancel becomes 1; sending itself, at most 30 s, cannot be cancelled.
 * ERR_OUTCOME_UNKNOWN: sent, but CUPS did not say whether it was taken. */
int print_submit(struct loop *loop, const struct print_request *request, print_state_fn *fn,
    void *user, const int *cancel, struct print_job *job, struct err *err)
    __attribute__((warn_unused_result));

/* ---- ZMODEM */

/* Whether the terminal may know ZMODEM: program is executable, and no multiplexer (tmux, screen)
 * stands between. NULL: yes; else the reason, translated. */
const char *print_zmodem_refusal(const char *program);

/* Sends one file through the terminal on standard input and output with sz; the caller has put
 * its screen away and has started the broker. 0 only when sz ended well: the other side has the
 * whole file, or has one of that name and kept it, which sz does not tell apart. ERR_LOCAL: the
 * program does not start; ERR_CANCELLED: the other side took nothing
 * or broke off. */
int print_zmodem_send(struct loop *loop, const char *path, struct err *err)
    __attribute__((warn_unused_result));

#endif
