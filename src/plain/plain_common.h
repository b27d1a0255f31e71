/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHEBAO_PLAIN_PLAIN_COMMON_H
#define SHEBAO_PLAIN_PLAIN_COMMON_H

#include "plain_io.h"
#include "shebao/view.h"

/* What several menu items use. -1 or 0: given up, or a failure that was told already. */

/* "84,079.24 元". */
struct plain_amount {
	char figures[48];
	char words[256];
};
void plain_common_amount(int64_t fen, struct plain_amount *out);

/* label：value, a line each; empty values are left out. */
void plain_common_record(struct plain *p, const struct view *view, const void *record);

/* Counts and sums of the rows of q by insurance item, then the whole in figures and words. */
void plain_common_totals(struct plain *p, const struct mirror_query *q, int64_t amount);

/* With a line every few seconds; Ctrl-C stops it, the next one goes on from there. Asks to log
 * in again when the session has ended. 0 or -1. */
int plain_common_download(struct plain *p, const char *title, unsigned what);

/* 安全认证: asks until check succeeds, or typing again does not help. 0 or -1. */
typedef int plain_check_fn(void *user, const char *password, struct err *err);
int plain_common_authenticate(
    struct plain *p, const char *title, plain_check_fn *check, void *user);
/* The same for a proof. */
int plain_common_prove(struct plain *p, const struct proof_request *request, char proof[TOKEN_SIZE]);

/* A new password, typed twice, and the old one when it is asked for; set is called until it
 * succeeds or the user gives up. 0 or -1. */
typedef int plain_new_password_fn(
    void *user, const char *old_password, const char *new_password, struct err *err);
struct plain_new_password {
	const char *title;
	const char *old_label; /* translated; NULL: not asked */
	const char *label;     /* translated */
	plain_new_password_fn *set;
	void *user;
};
int plain_common_new_password(struct plain *p, const struct plain_new_password *ask);

/* A path to write to, with the question whether to overwrite. The caller frees; NULL: none. */
char *plain_common_ask_path(struct plain *p, const char *file_name, int *overwrite);
/* Saves a sealed document; 1: saved, path as plain_common_ask_path. */
int plain_common_save(struct plain *p, const struct document *document, int is_first, char **path);

/* Watches the declarations under way from now on; to be called after every login. */
void plain_common_watch(struct plain *p);
/* 反馈提示: waits 20 s for one declaration. 1: it is final, and the mirror up to date. */
int plain_common_feedback(struct plain *p, const char *declaration_id);

#endif
