/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_APP_PRIVATE_H
#define SHEBAO_APP_PRIVATE_H

#include "shebao/app.h"
#include "shebao/operation.h"
#include "shebao/sync.h"

struct app_watch {
	app_final_fn *on_final;
	void *user;
	struct sync_call *call;
	int timer;
	int64_t delay_ms; /* back-off after a failure */
};

struct app_payment_watch {
	app_paid_fn *on_final;
	void *user;
	struct sync_call *call;
	int timer;
	int64_t delay_ms;
	char last[RECORD_ID_SIZE]; /* the payment asked about last */
};

struct app {
	struct loop *loop;
	struct app_settings settings;
	char *home;
	struct db *db;
	struct sync *sync;
	struct app_patience patience;
	int turn_fd; /* app_lock.c; -1: no turns */
	struct employer employer;
	int is_logged_in;
	struct app_watch watch;
	struct app_payment_watch payment_watch;
};

/* ---- app_settings.c */

/* A file of the user's: below $variable if that is a path, else in a folder of $HOME. The caller
 * frees. */
char *app_settings_user_path(const char *variable, const char *below_home, const char *name);

/* ---- app_outbox.c */

struct app_intent {
	enum operation operation;
	const void *request; /* with op_id filled in */
	const char *op_id;
	enum journal_hold hold;
	const struct text_list *levy_nos; /* NULL: none */
	int64_t amount;
};

/* Journals the intent, sends it, applies the answer. answer (may be NULL) is of the operation's
 * answer type. */
int app_outbox_do(struct app *app, const struct app_intent *intent, void *answer,
    const int *cancel, struct err *err) __attribute__((warn_unused_result));

/* Sends one journalled operation again: same bytes, same id. */
int app_outbox_send(struct app *app, const char *op_id, void *answer, const int *cancel,
    struct err *err) __attribute__((warn_unused_result));

/* A new op_id. */
void app_outbox_id(char out[OP_ID_SIZE]);

/* ---- app_apply.c: what an answer means for the mirror, within a transaction. */
int app_apply(struct app *app, enum operation operation, const struct journal_entry *entry,
    const void *answer, struct err *err) __attribute__((warn_unused_result));

/* ---- app_verify.c */

/* The office's certificates: the configured file, or those the service gave and the client
 * keeps, so that verifying works offline afterwards. -1: there are none. */
int app_verify_certificates(struct app *app, struct buf *pem)
    __attribute__((warn_unused_result));

/* ---- app_lock.c */

/* What turns are taken with; opened before the sandbox closes. -1: there is none. */
int app_lock_open(void);

/* ---- app_patience.c */

/* sync_ask for what checks a password: comes back when a busy service says, for five minutes; a
 * request that broke off on the way is made again once. */
int app_ask_patiently(struct app *app, enum operation operation, const void *request, void *answer,
    struct err *err) __attribute__((warn_unused_result));

/* What may be run to send files by ZMODEM; "" or "off": nothing. */
const char *app_zmodem_program(const struct app *app);

/* The folder that a file is or will be in, as it really is; the caller frees. NULL: none. */
char *app_real_folder(const char *path);

/* "申报密码验证失败：[20101]…" for a wrong password; other failures stay as they are. */
void app_password_failed(struct err *err);

#endif
